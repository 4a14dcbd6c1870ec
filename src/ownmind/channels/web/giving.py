"""Files given on the page, in pieces: a large file is never one body, and a broken connection loses at most the last piece.

A file is begun (its name, its size and a mark by which the page knows it again), its pieces are put behind each other, then it is read by
the one import there is. Until it is read to its end it waits in a private folder, in memory where there is one; begun again with the same
mark, it says how much of it is here. What is never finished goes after an hour, and all of it when Ownmind ends.
"""

from __future__ import annotations

import asyncio
import errno
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ...connectors.folder import left_out
from ...errors import BadInput, DiskFull, NotFound, TryAgainLater
from ...senses.sandbox import Limits
from .. import wire
from .routes import answer, body_of, house, importing, number_of, safe_name, text_of
from .streams import ndjson

_MOST_WAITING = 64  # files begun and not read
_IDLE = 3600.0  # seconds a file waits for its next piece
_ROOM = 64 << 20  # bytes that stay free where files wait
_LONGEST = 1000  # characters of a name or a mark
_DEEPEST = 32  # folders in a name


@dataclass(slots=True)
class Given:
    """One file on its way. ``received``: how many of its bytes are here."""

    id: str
    mark: str
    folder: tempfile.TemporaryDirectory[str]  # goes with it, and at the latest with the process
    path: Path
    size: int
    received: int = 0
    touched: float = field(default_factory=time.monotonic)
    is_busy: bool = False  # a piece is being written, or it is read


class Waiting:
    """The files of one server that are on their way. Any thread may use it."""

    def __init__(self) -> None:
        self._held: dict[str, Given] = {}
        self._one = threading.Lock()

    def begin(self, name: str, size: int, mark: str, where: Path) -> Given:
        """The file of this mark, as far as it is here, else a new one. Raises BadInput, DiskFull, TryAgainLater."""
        with self._one:
            self._sweep()
            for held in self._held.values():
                if (held.mark, held.size) == (mark, size):
                    held.touched = time.monotonic()
                    return held
            if size > Limits().file:
                raise BadInput(
                    f"{size >> 20} MB: more than the {Limits().file >> 20} MB that are read of one file", hint="give it in parts"
                )
            if len(self._held) >= _MOST_WAITING:
                raise TryAgainLater("too many files are on their way", hint="wait until some of them are read")
            if shutil.disk_usage(where).free < size + _ROOM:
                raise _full(where)
            folder = tempfile.TemporaryDirectory(prefix="given-", dir=where, ignore_cleanup_errors=True)
            path = Path(folder.name).joinpath(*(safe_name(part) for part in PurePosixPath(name).parts[-_DEEPEST:]))
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(0o600)
            held = Given(secrets.token_urlsafe(12), mark, folder, path, size)
            self._held[held.id] = held
            return held

    def take(self, which: str) -> Given:
        """The file for one piece, or for reading it; give it back with ``release``. Raises NotFound, TryAgainLater."""
        with self._one:
            held = self._held.get(which)
            if held is None:
                raise NotFound("this file is not on its way any more", hint="give it again")
            if held.is_busy:
                raise TryAgainLater("this file is just being read", hint="wait until it is done")
            held.is_busy, held.touched = True, time.monotonic()
            return held

    def release(self, held: Given) -> None:
        held.is_busy, held.touched = False, time.monotonic()

    def drop(self, which: str) -> bool:
        """Removes a file that is not wanted any more; whether there was one."""
        with self._one:
            held = self._held.get(which)
            if held is None or held.is_busy:
                return False
            self._remove(held)
            return True

    def clear(self) -> None:
        """Removes them all: the server ends."""
        with self._one:
            for held in [*self._held.values()]:
                self._remove(held)

    def _sweep(self) -> None:
        late = time.monotonic() - _IDLE
        for held in [each for each in self._held.values() if each.touched < late and not each.is_busy]:
            self._remove(held)

    def _remove(self, held: Given) -> None:
        self._held.pop(held.id, None)
        held.folder.cleanup()


async def begin(request: Request) -> Response:
    """How much of a file is here; ``left_out`` says why a file of a folder is not wanted at all."""
    body = await body_of(request)
    name, mark, size = text_of(body, "name"), text_of(body, "mark"), body.get("size")
    if len(name) > _LONGEST or len(mark) > _LONGEST:
        raise BadInput("name and mark are too long")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise BadInput("size must be a number of bytes")
    plain = PurePosixPath(name.replace("\\", "/").lstrip("/"))
    if len(plain.parts) > 1 and (why := left_out(plain)):
        return answer({"id": "", "received": 0, "left_out": why})
    held = await asyncio.to_thread(_waiting(request).begin, str(plain), size, mark, house(request).paths.quiet())
    return answer({"id": held.id, "received": held.received, "left_out": ""})


async def piece(request: Request) -> Response:
    """Puts a piece where the last one ended. One that begins elsewhere is refused, and says how much is here."""
    at = request.query_params.get("at", "")
    if at != "0":
        number_of(at, "at", Limits().file)
    waiting = _waiting(request)
    held = waiting.take(request.path_params["id"])
    try:
        if int(at) == held.received:
            await _append(request, held)
        return answer({"received": held.received})
    except ClientDisconnect:
        return Response(status_code=400)
    finally:
        waiting.release(held)


async def read(request: Request) -> ASGIApp:
    """Imports a file that is here whole: NDJSON as `routes.give`. Read to its end it is removed; left or failed, it waits."""
    await body_of(request)
    waiting = _waiting(request)
    held = waiting.take(request.path_params["id"])
    if held.received != held.size:
        waiting.release(held)
        raise BadInput(f"{held.received} of {held.size} bytes are here", hint="send the rest first")
    return ndjson(_reading(request, waiting, held))


async def drop(request: Request) -> Response:
    await body_of(request)
    return answer({"dropped": await asyncio.to_thread(_waiting(request).drop, request.path_params["id"])})


async def _append(request: Request, held: Given) -> None:
    """Writes the body behind what is here; what came of a piece that breaks off is kept."""
    with held.path.open("r+b") as file:
        file.seek(held.received)
        async for part in request.stream():
            if held.received + len(part) > held.size:
                raise BadInput("more bytes than the file was said to have", hint="it changed meanwhile: give it again")
            try:
                await asyncio.to_thread(file.write, part)
                file.flush()
            except OSError as error:
                if error.errno == errno.ENOSPC:
                    raise _full(held.path.parent) from error
                raise
            held.received += len(part)


async def _reading(request: Request, waiting: Waiting, held: Given) -> AsyncIterator[wire.Json]:
    is_done = False
    try:
        async with aclosing(importing(house(request), [held.path], lambda: None, given_in=Path(held.folder.name))) as said:
            async for each in said:
                is_done = isinstance(each, dict) and each.get("type") == "done"
                yield each
    finally:
        waiting.release(held)
        if is_done:
            await asyncio.to_thread(waiting.drop, held.id)


def _full(where: Path) -> DiskFull:
    free = shutil.disk_usage(where).free >> 20
    place = "memory set aside for files" if where.is_relative_to("/dev/shm") else "disk"  # noqa: S108  # Linux's tmpfs, as paths.quiet
    return DiskFull(
        f"there is no room for this file while it is read: {free} MB are free of the {place}",
        hint="free some space, then go on; or `ownmind import FILE` in a terminal reads it where it is",
    )


def _waiting(request: Request) -> Waiting:
    held: Waiting = request.app.state.given
    return held


ROUTES = (
    Route("/api/given", begin, methods=["POST"]),
    Route("/api/given/{id}/read", read, methods=["POST"]),
    Route("/api/given/{id}/drop", drop, methods=["POST"]),
    Route("/api/pieces/{id}", piece, methods=["PUT"]),
)
