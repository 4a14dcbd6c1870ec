"""What the core and the broker say to each other.

Two kinds of sockets, both Unix ones. On the *control* socket the core only hands over the far end of a fresh pair for each exchange;
so exchanges share no queue, each has the kernel's own flow control, closing one cancels it, and a broker that dies ends them all.
On the pair go *frames*: one byte of kind, four of length (big-endian), then so many bytes: ``j`` a JSON object, ``d`` data.

An exchange, version 1. The broker: ``{"ready": 1}``, so that nothing is told to one that is just ending. The core: ``{"open":
Opening}``, ``d``*, ``{"whole": n}``. The broker, for HTTP: ``{"head": {"status", "headers", "inside"}}``, ``d``*, ``{"end": End}``. For a
relay it says ``{"up": true}``, then both sides send ``d`` as they like; the broker answers each of the core's with ``{"sent":
[content, wire]}`` (totals so far), and ``{"end": End}`` closes.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

VERSION = 1
LARGEST = 1 << 20  # bytes of one frame: more is no frame of ours
PIECE = 1 << 16
_HEAD = struct.Struct(">cI")
_POLL = 0.2  # seconds between two looks at ``stopped``

T = TypeVar("T")
Json: TypeAlias = dict[str, object]
Frame: TypeAlias = Json | bytes


class BrokenFrames(Exception):  # what arrived is not of this protocol
    pass


@dataclass(frozen=True, slots=True)
class Opening:
    """What the broker is asked to connect to. Seconds for the times."""

    host: str
    port: int
    tls: bool
    method: str = ""  # of HTTP; empty for a relay
    is_named: bool = False  # the person named this very destination: an address inside their own network is fine
    is_inside: bool = False  # it may be inside their network, though not this machine: their own mirror points there
    proxy: str = ""
    connect: float = 20.0
    idle: float = 60.0  # the longest silence
    total: float = 0.0  # 0: no limit
    most_in: int = 64 << 20  # bytes that may come back
    version: int = VERSION

    def frame(self) -> Json:
        return {"open": dataclasses.asdict(self)}


@dataclass(frozen=True, slots=True)
class End:
    """How an exchange ended, by the broker's count. ``content_out`` is what the ledger's row counts, ``wire_out`` every byte
    written to the network socket: the same, and besides TLS and the asking of a proxy."""

    result: str  # done, failed, cut
    kind: str = ""  # of a failure: refused, connect, timeout, broken, large
    message: str = ""
    content_out: int = 0
    wire_out: int = 0
    bytes_in: int = 0

    def frame(self) -> Json:
        return {"end": dataclasses.asdict(self)}


def opening(frame: Frame | None) -> Opening:
    """The first frame of an exchange. Raises BrokenFrames for anything else, another version included."""
    match frame:
        case {"open": dict(values)}:
            if values.get("version") != VERSION:
                raise BrokenFrames(f"this broker speaks version {VERSION}")
            return _read(Opening, values)
    raise BrokenFrames("an exchange begins with open")


def end(values: object) -> End:
    if not isinstance(values, dict):
        raise BrokenFrames("end without its counts")
    return _read(End, values)


def _read(kind: type[T], values: dict[str, object]) -> T:
    assert dataclasses.is_dataclass(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if set(values) != set(fields):
        raise BrokenFrames(f"{kind.__name__} with other fields")
    for name, field in fields.items():
        wanted = {"str": str, "int": int, "bool": bool, "float": (int, float)}[str(field.type)]
        if not isinstance(values[name], wanted):  # type: ignore[arg-type]  # a type or a pair of them
            raise BrokenFrames(f"{kind.__name__}.{name} of another type")
    return cast("T", kind(**values))


def packed(frame: Frame) -> bytes:
    kind, body = (b"d", frame) if isinstance(frame, bytes) else (b"j", json.dumps(frame, separators=(",", ":")).encode())
    assert len(body) <= LARGEST, "a frame that would be refused"
    return _HEAD.pack(kind, len(body)) + body


def _head(head: bytes) -> tuple[bytes, int]:
    kind, length = _HEAD.unpack(head)
    if kind not in (b"j", b"d") or length > LARGEST:
        raise BrokenFrames("not a frame")
    return kind, length


def _body(kind: bytes, body: bytes) -> Frame:
    if kind == b"d":
        return body
    try:
        values: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenFrames("a frame that is not JSON") from error
    if not isinstance(values, dict):
        raise BrokenFrames("a frame that is no object")
    return values


async def read(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame; None at the end."""
    try:
        kind, length = _head(await reader.readexactly(_HEAD.size))
        return _body(kind, await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class Wire:
    """The core's end of one exchange: blocking, for one thread; any thread may ``cut`` it."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._held = bytearray()

    def say(self, frame: Frame) -> None:
        """Sends one frame; OSError when the broker is gone."""
        self._end.settimeout(None)
        self._end.sendall(packed(frame))

    def next(self, stopped: Callable[[], bool] = lambda: False, *, seconds: float | None = None) -> Frame | None:
        """The broker's next frame; None when it is gone, when ``stopped`` says so, or after ``seconds``."""
        head = self._take(_HEAD.size, stopped, seconds)
        if head is None:
            return None
        kind, length = _head(head)
        body = self._take(length, stopped, seconds)
        return None if body is None else _body(kind, body)

    def cut(self) -> None:
        """Says that nothing more is wanted: the broker drops the connection and may still say how far it was."""
        try:
            self._end.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self) -> None:
        self._end.close()

    @property
    def is_open(self) -> bool:
        return self._end.fileno() >= 0

    def break_off(self) -> None:
        """Ends both directions at once: a thread that waits in ``next`` hears the end."""
        try:
            self._end.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _take(self, count: int, stopped: Callable[[], bool], seconds: float | None) -> bytes | None:
        until = None if seconds is None else time.monotonic() + seconds
        while len(self._held) < count:
            if stopped() or (until is not None and time.monotonic() >= until):
                return None
            try:
                self._end.settimeout(_POLL)
                came = self._end.recv(1 << 18)
            except TimeoutError:
                continue
            except OSError:  # closed under us
                return None
            if not came:
                return None
            self._held += came
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken


# The control socket


def hand_over(control: socket.socket, end: socket.socket, pid: int) -> None:
    """Gives ``end`` to the process at the other side of ``control``; ``pid`` is that process where the system wants it named."""
    if sys.platform == "win32":  # untested there
        shared = end.share(pid)
        control.sendall(struct.pack(">I", len(shared)) + shared)
    else:
        socket.send_fds(control, [b"x"], [end.fileno()])


def taken_over(control: socket.socket) -> socket.socket | None:
    """The next socket handed over; None when the other side is gone. Blocks."""
    try:
        if sys.platform == "win32":
            length = struct.unpack(">I", control.recv(4, socket.MSG_WAITALL))[0]
            return socket.fromshare(control.recv(length, socket.MSG_WAITALL))
        said, found, _, _ = socket.recv_fds(control, 1, 1)
        return socket.socket(fileno=found[0]) if said and found else None
    except (OSError, struct.error):
        return None
