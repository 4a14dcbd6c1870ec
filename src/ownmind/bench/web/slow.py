"""Those who take their time: connections that send a byte a second, or nothing, or never read, against a server meanwhile in use."""

from __future__ import annotations

import contextlib
import socket
import time
from dataclasses import dataclass, field

from ...channels.web import pages
from ..requests import Request, connected

HEADS, BODIES, SILENT, UNREAD, STREAMS = 40, 10, 240, 6, 80
ASKED = 600  # times the largest file of the page, by those who do not read it
ENOUGH = 256 << 10  # bytes: many times what waits in a receive buffer of the size we ask for


@dataclass(slots=True)
class Slow:
    """Connections of one kind that are to be ended by the server."""

    kind: str
    held: list[socket.socket]
    drip: bytes = b""
    patience: float = 0.0  # seconds the end of what was sent may still need to arrive
    began: float = field(default_factory=time.monotonic)

    def keep_on(self) -> None:
        """A byte more on each."""
        if self.drip:
            for each in self.held:
                with contextlib.suppress(OSError):
                    each.send(self.drip)

    def open(self) -> int:
        """How many the server still holds."""
        return sum(not _is_closed(each, self.patience) for each in self.held)

    def close(self) -> None:
        for each in self.held:
            each.close()


def begin(port: int, turn: Request, page: Request) -> list[Slow]:
    """All kinds at once. ``turn`` and ``page`` are proper requests; a stranger has only the last."""
    head = page.raw()[:-2]
    cut = turn.with_header("content-length", "2000")
    largest = max(pages.read().items(), key=lambda each: len(each[1].body))[0]
    many = Request("GET", largest, page.with_header("connection", "keep-alive").headers).raw() * ASKED
    return [
        Slow("slow head", [_sent(port, head) for _ in range(HEADS)], b"x"),
        Slow("slow body", [_sent(port, Request(cut.method, cut.target, cut.headers, b"{").raw()) for _ in range(BODIES)], b" "),
        Slow("unread", [_sent(port, many) for _ in range(UNREAD)], patience=2.0),
        Slow("half closed", [_half(port, head) for _ in range(HEADS)]),
        Slow("silent", [_sent(port, b"") for _ in range(SILENT)]),
    ]


def streams(port: int, events: Request) -> int:
    """How many event streams the server keeps open of ``STREAMS``."""
    held = [_sent(port, events.raw()) for _ in range(STREAMS)]
    time.sleep(1.0)
    try:
        return sum(not _is_closed(each) for each in held)
    finally:
        for each in held:
            each.close()


def _sent(port: int, raw: bytes) -> socket.socket:
    connection = connected(port)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(0.3)
    with contextlib.suppress(OSError):  # a server that does not read any more: that is what this is about
        connection.sendall(raw)
    return connection


def _half(port: int, raw: bytes) -> socket.socket:
    connection = _sent(port, raw)
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    return connection


def _is_closed(connection: socket.socket, patience: float = 0.0) -> bool:
    """Whether the other side has ended it. What it has sent before is read away, up to ``ENOUGH``: one that still sends after that has
    been waiting for us all the time."""
    connection.settimeout(patience)
    left = ENOUGH
    try:
        while left > 0 and (piece := connection.recv(65536)):
            left -= len(piece)
    except (BlockingIOError, TimeoutError):
        return False
    except OSError:
        return True
    return left > 0
