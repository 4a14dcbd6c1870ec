"""Those who take their time: connections that send a byte a second, or nothing, or never read, against a server meanwhile in use.

Whether the server still holds one is asked of the system: which sockets its process has open. Reading until the end would not tell,
since what the kernel has buffered still arrives after the server has given a connection up.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from ...channels.web import pages
from ..requests import Request, connected

HEADS, BODIES, SILENT, UNREAD, STREAMS = 40, 10, 240, 6, 80
ASKED = 600  # times the largest file of the page, by those who do not read it
SIP = 256  # bytes at a time, by those who read drop by drop


@dataclass(slots=True)
class Slow:
    """Connections of one kind that are to be ended by the server."""

    kind: str
    held: list[socket.socket]
    drip: bytes = b""
    sip: int = 0  # bytes read now and then
    began: float = field(default_factory=time.monotonic)

    def keep_on(self) -> None:
        """A byte more on each, or some bytes less."""
        for each in self.held:
            with contextlib.suppress(OSError):
                if self.drip:
                    each.send(self.drip)
                if self.sip:
                    each.setblocking(False)
                    each.recv(self.sip)

    def open(self, process: int) -> int:
        """How many the server, this process, still holds."""
        return _open(self.held, process)

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
        Slow("unread", [_sent(port, many) for _ in range(UNREAD)]),
        Slow("read drop by drop", [_sent(port, many) for _ in range(UNREAD)], sip=SIP),
        Slow("half closed", [_half(port, head) for _ in range(HEADS)]),
        Slow("silent", [_sent(port, b"") for _ in range(SILENT)]),
    ]


def streams(port: int, process: int, events: Request) -> int:
    """How many event streams the server, this process, keeps open of ``STREAMS``."""
    held = [_sent(port, events.raw()) for _ in range(STREAMS)]
    time.sleep(1.0)
    try:
        return _open(held, process)
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


def _open(held: Collection[socket.socket], process: int) -> int:
    """How many of these connections are open at the other end, in this process."""
    if sys.platform != "linux":
        return sum(not _is_closed(each) for each in held)
    other_ends = _peers(process)
    return sum(each.getsockname()[1] in other_ends for each in held)


def _peers(process: int) -> set[int]:
    """The ports on the far side of every TCP connection over IPv4 this process has a descriptor of (proc(5): /proc/net/tcp)."""
    inodes = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed since it was listed
            kind, _, inode = str(descriptor.readlink()).partition(":")
            if kind == "socket":
                inodes.add(inode.strip("[]"))
    rows = (line.split() for line in Path(f"/proc/{process}/net/tcp").read_text(encoding="ascii").splitlines()[1:])
    return {int(row[2].partition(":")[2], 16) for row in rows if row[9] in inodes}


def _is_closed(connection: socket.socket) -> bool:
    """Whether the other side has ended it, as far as reading what it has sent can tell."""
    connection.setblocking(False)
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
