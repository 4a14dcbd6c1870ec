"""HTTP as bytes: what a well-behaved client would never send must be sent, and every byte of the answers looked at."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

Where = int | Path  # a port on loopback, or a Unix socket


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``headers`` in order, doubles allowed; a length is said only where they say it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def with_header(self, name: str, *values: str) -> Request:
        """The same with these values for ``name`` and no others; none takes the header away."""
        kept = tuple((key, value) for key, value in self.headers if key != name)
        return replace(self, headers=(*kept, *((name, value) for value in values)))

    def with_body(self, body: bytes) -> Request:
        """The same with another body of a length that is said."""
        return replace(self.with_header("content-length", str(len(body))), body=body)

    def raw(self) -> bytes:
        """The bytes on the wire."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; of a stream only what came at once."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The value of the first such header; "" when there is none."""
        return next((value for key, value in self.headers if key == name), "")


def connected(where: Where, timeout: float = 20.0) -> socket.socket:
    """An open connection."""
    family = socket.AF_INET if isinstance(where, int) else socket.AF_UNIX
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    connection.connect(("127.0.0.1", where) if isinstance(where, int) else str(where))
    return connection


def exchange(where: Where, pieces: bytes | Iterable[bytes], *, half_close: bool = False, timeout: float = 20.0) -> list[Answer]:
    """Sends ``pieces`` over one connection and gives the answers until it ends; empty when it is closed without one.

    Of an event stream, which does not end, what comes within a quarter of a second. Raises TimeoutError when the server neither goes on
    nor hangs up for ``timeout`` seconds.
    """
    got = bytearray()
    with contextlib.closing(connected(where, timeout)) as connection:
        with contextlib.suppress(OSError):  # the server may hang up on us before we are done: its answer is there all the same
            for piece in (pieces,) if isinstance(pieces, bytes) else pieces:
                connection.sendall(piece)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        try:
            while piece := connection.recv(65536):
                got += piece
                if b"text/event-stream" in got:
                    connection.settimeout(0.25)
        except TimeoutError:
            if b"text/event-stream" not in got:
                raise
        except OSError:
            pass
    return read(bytes(got))


def read(raw: bytes) -> list[Answer]:
    """The answers that ``raw`` holds one after the other."""
    found: list[Answer] = []
    while raw.startswith(b"HTTP/1."):
        head, _, rest = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = tuple((name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
        answer = Answer(int(first.split(" ")[1]), headers, b"")
        if answer.status == 100:
            raw = rest
            continue
        body, raw = _body(rest, answer)
        found.append(replace(answer, body=body))
    return found


def _body(rest: bytes, answer: Answer) -> tuple[bytes, bytes]:
    """The body, and what follows it."""
    if answer.header("transfer-encoding") != "chunked":
        length = int(answer.header("content-length") or 0)
        return rest[:length], rest[length:]
    pieces: list[bytes] = []
    while rest:
        said, _, rest = rest.partition(b"\r\n")
        size = int(said or b"0", 16)
        pieces.append(rest[:size])
        rest = rest[size + 2 :]
        if not size:
            break
    return b"".join(pieces), rest


def chunked(pieces: Sequence[bytes]) -> list[bytes]:
    """``pieces`` as chunks of a body that does not say its length."""
    return [*(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece), b"0\r\n\r\n"]
