"""What comes over a connection: from our own processes, from servers in the world, and from a model."""

from __future__ import annotations

import asyncio
import io
import socket
import struct
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import cast

from ...agent.acting import planner, reader
from ...agent.acting.plans import Form, Slot
from ...channels import attach
from ...config import Server
from ...egress import broker, frames
from ...egress.download import Downloader, Got
from ...memory import extract
from ...messages import Item, Kind, Source, Span
from ...models.elsewhere import chat as chat_wire
from ...models.elsewhere.remote import WIRES
from ...models.elsewhere.wires import Garbled, Wire
from ...models.llama.frames import read_frame
from ...models.llama.worker import _frame as worker_frame
from ...models.scripted import ScriptedModel
from ...models.shelf import indexes
from ...models.small import router
from ...tools import mcp
from ...tools.jail import Jailed
from ...tools.mcp.program import Program
from .remembered import MINE, NOW


def answered(data: bytes) -> None:
    """What another process of ours may answer: an error, an event, a list."""
    attach.refusal(data, 500)
    attach.event(attach.parsed(data))


def framed(data: bytes) -> None:
    """What the broker reads from the core, and the other way round."""
    asyncio.run(_frames(data))


async def _frames(data: bytes) -> int:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    read = 0
    while (one := await frames.read(reader)) is not None:
        frames.opening(one)
        read += 1
    return read


def worker(data: bytes) -> None:
    stream = io.BytesIO(data)
    with suppress(RecursionError):  # this end reads only what our own process has written; it would end with it
        while read_frame(stream) is not None:
            pass
    worker_frame(data[4:])  # the end that reads what the model's process says


def frame(body: bytes, head: str) -> bytes:
    return struct.pack(head, len(body)) + body if head == ">I" else struct.pack(head, b"j", len(body)) + body


def served(data: bytes) -> None:
    """What a server in the world answers, as the broker passes it on: whatever comes, the core is told frames that it can read."""
    asyncio.run(_passed_on(data))


async def _passed_on(data: bytes) -> None:
    near, far = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=near)
    reader, other = await asyncio.open_connection(sock=far)

    async def heard() -> None:
        while await frames.read(reader) is not None:
            pass

    hearing = asyncio.create_task(heard())
    try:
        await broker._answer(_ASKED, _Server(data), writer, broker._Counts())
    finally:
        writer.close()
        await hearing
        other.close()


class _Server:
    """A connection on which ``data`` comes, a piece at a time, and then nothing more."""

    def __init__(self, data: bytes) -> None:
        size = 1 + len(data) // 3
        self._left = [data[at : at + size] for at in range(0, len(data), size)]

    async def send(self, content: bytes) -> None:
        del content

    async def read(self) -> bytes:
        return self._left.pop(0) if self._left else b""


_ASKED = frames.Opening("example.org", 443, True, "GET")


def streamed(data: bytes) -> None:
    """What a remote model's server answers, as events and as one object, in each of the protocols."""
    for wire in WIRES.values():
        asyncio.run(_events(data, wire))
    for wire in WIRES.values():
        for reading in (wire.listed, wire.whole):
            with suppress(Garbled):
                reading(data)
    chat_wire.whole(data)


async def _events(data: bytes, wire: Wire) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(data), 37):
            yield data[at : at + 37]

    with suppress(Garbled):
        async for _ in wire.deltas(pieces()):
            pass


def offered(data: bytes) -> None:
    """What a tool server says when it is asked for its tools, and its answer to a call."""
    talk = mcp.Talk(_TOOLS.name, Program(Jailed(cast("subprocess.Popen[bytes]", _Program(data)))))
    talk.begin()
    for one in mcp.listed(_TOOLS.name, talk)[0]:
        mcp.declared(one)
    mcp.told(talk.ask("tools/call", {"name": "add", "arguments": {}}))


class _Program:
    """A program that says ``data`` line by line, whatever it is told."""

    def __init__(self, data: bytes) -> None:
        self.stdin, self.stdout, self.stderr = io.BytesIO(), io.BytesIO(data), io.BytesIO()


_TOOLS = Server(name="calendar", command=("calendar",))


def listed(data: bytes) -> None:
    """A page of a package index."""
    indexes.find(_Page(data), "https://index.example/simple", "a", "a-1.0-py3-none-any.whl")


class _Page(Downloader):
    """A downloader whose one page is ``data``."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, url: str, *, accept: str, limit: int = 8 << 20) -> Got:
        del accept, limit
        return Got(url, len(self._data), self._data.decode("utf-8", "replace"), "text/html")


def said_by_a_model(data: bytes) -> None:
    """Facts it has read out of a text, the tool it chooses, a plan, the lines of a page; one that ignores the schema it was given."""
    said = data.decode("utf-8", "replace")
    extract.checked(said, _ITEM, Span(0, len(_ITEM.text)), "me")
    choices = [router.Choice("recall", "looks something up", {"type": "object", "properties": {"query": {"type": "string"}}})]
    model = ScriptedModel(said)
    asyncio.run(router.route("Where do I live?", choices=choices, examples=(), model=model))
    asyncio.run(planner.proposed("Could https://pool.example/times end up in lanes.md?", model))
    asyncio.run(reader.fill(Slot(Form.SUMMARY, "the lanes"), [_ITEM], model))


_ITEM = Item("i1", "I live in Porto and I work at the harbour museum.", Source("note:1"), MINE, Kind.MESSAGE, NOW, "", "", 1, NOW)
