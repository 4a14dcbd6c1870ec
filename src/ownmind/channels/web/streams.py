"""Answers that come in pieces: NDJSON for what one request started, server-sent events for what happens meanwhile.

Each piece is sent as its own chunk, so it is on the page when it is made. When the browser goes away the work behind
the stream is cancelled: nobody is left to read it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TypeVar

from starlette.types import Receive, Scope, Send

from .. import wire

T = TypeVar("T")
HEARTBEAT = 15.0  # seconds of silence after which a beat is sent: each side finds out whether the other is there


class Stream:
    """An ASGI answer that sends ``chunks`` as they come and stops them when the browser leaves, or when the server ends."""

    def __init__(self, chunks: AsyncIterator[bytes], *, media_type: str, afterwards: Callable[[], None] = lambda: None) -> None:
        self.chunks = chunks
        self.afterwards = afterwards
        self.headers = [(b"content-type", media_type.encode()), (b"cache-control", b"no-store")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._until_left(scope, receive, send)
        finally:
            self.afterwards()

    async def _until_left(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_gone(receive))
        endings = [scope["app"].state.ending, *([scope["ending"]] if "ending" in scope else [])]  # the second: of the device that asks
        ending = [asyncio.create_task(each.wait()) for each in endings]
        try:
            await asyncio.wait({sending, leaving, *ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving, *ending):
                task.cancel()
            sent, *_ = await asyncio.gather(sending, leaving, *ending, return_exceptions=True)
        if isinstance(sent, Exception):
            raise sent
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send) -> None:
        try:
            async for chunk in self.chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        finally:
            if isinstance(self.chunks, AsyncGenerator):
                await self.chunks.aclose()


def ndjson(values: AsyncIterator[wire.Json]) -> Stream:
    """One JSON value a line, each sent at once."""
    return Stream(_lines(values), media_type="application/x-ndjson")


def server_sent(
    values: AsyncIterator[dict[str, wire.Json]], *, heartbeat: float = HEARTBEAT, afterwards: Callable[[], None] = lambda: None
) -> Stream:
    """Each value as a server-sent event named by its ``type``, with its ``id`` where it has one, and an event ``beat`` every ``heartbeat``
    seconds of silence. ``afterwards`` is called once the stream has ended, however it ended."""
    return Stream(_events(values, heartbeat), media_type="text/event-stream", afterwards=afterwards)


async def merged(values: AsyncIterator[T], is_same: Callable[[T], bool], *, seconds: float, first: T) -> AsyncGenerator[T]:
    """``values``, but of those for which ``is_same`` holds only the newest, and at most one every ``seconds``.

    ``first`` comes before them, and is sent only once ``values`` has begun to listen: nothing between the two is lost.
    """
    loop = asyncio.get_running_loop()
    held: T | None = first
    free_at = 0.0
    async with _closing(values):
        arriving = asyncio.ensure_future(anext(values))
        try:
            while True:
                wait = None if held is None else max(0.0, free_at - loop.time())
                done, _ = await asyncio.wait({arriving}, timeout=wait)
                if held is not None and (not done or loop.time() >= free_at):
                    yield held
                    held, free_at = None, loop.time() + seconds
                    continue
                value = arriving.result()
                arriving = asyncio.ensure_future(anext(values))
                if is_same(value):
                    held = value
                else:
                    yield value
        except StopAsyncIteration:
            if held is not None:
                yield held
        finally:
            arriving.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                await arriving


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _lines(values: AsyncIterator[wire.Json]) -> AsyncIterator[bytes]:
    async with _closing(values):
        async for value in values:
            yield wire.line(value)


async def _events(values: AsyncIterator[dict[str, wire.Json]], heartbeat: float) -> AsyncIterator[bytes]:
    yield b": hello\n\n"
    async with _closing(values):
        arriving = asyncio.ensure_future(anext(values, None))
        try:
            while True:
                done, _ = await asyncio.wait({arriving}, timeout=heartbeat)
                if not done:
                    yield b"event: beat\ndata: {}\n\n"
                    continue
                value = arriving.result()
                if value is None:
                    return
                place = f"id: {value.pop('id')}\n" if "id" in value else ""
                yield f"{place}event: {value['type']}\ndata: ".encode() + wire.line(value) + b"\n"
                arriving = asyncio.ensure_future(anext(values, None))
        finally:
            arriving.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                await arriving


@contextlib.asynccontextmanager
async def _closing(values: AsyncIterator[object]) -> AsyncIterator[None]:
    """Closes an async generator when the block ends: that is how the work behind it hears that nobody listens."""
    try:
        yield
    finally:
        if isinstance(values, AsyncGenerator):
            await values.aclose()
