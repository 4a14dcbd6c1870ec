"""A server that plays another machine, on loopback: it counts what reaches its network socket and keeps each request to the byte."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ownmind.egress.door import Door
from ownmind.store.opening import Store


@dataclass
class Outside:
    """``answers`` gives what to say to a request (bytes as they come); ``wire_in`` are the bytes the network socket received."""

    answers: Callable[[bytes], Iterator[bytes]] = lambda request: iter([ok(b"hello")])
    certificate: Path | None = None
    requests: list[bytes] = field(default_factory=list)
    wire_in: int = 0
    connections: int = 0
    heard: threading.Event = field(default_factory=threading.Event)  # a request came
    left: threading.Event = field(default_factory=threading.Event)  # a client hung up
    port: int = 0

    @property
    def address(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}"

    @property
    def destination(self) -> str:
        return f"127.0.0.1:{self.port}"

    def talk(self, conversation: socket.socket) -> None:
        """One connection: a request, its answer, and then the client's end."""
        request = read_request(conversation)
        if not request:
            return
        self.requests.append(request)
        self.heard.set()
        for piece in self.answers(request):
            conversation.sendall(piece)
        with contextlib.suppress(OSError):
            conversation.shutdown(socket.SHUT_WR) if self.certificate is None else conversation.unwrap()  # type: ignore[attr-defined]


class Echo(Outside):
    """Says everything back, in capitals."""

    def talk(self, conversation: socket.socket) -> None:
        while came := conversation.recv(1 << 16):
            self.requests.append(came)
            conversation.sendall(came.upper())


@contextmanager
def outside(place: Outside) -> Iterator[Outside]:
    """``place`` at work until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place.port = listening.getsockname()[1]
        context = None
        if place.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(place.certificate)
        threading.Thread(target=_accept, args=(place, listening, context), daemon=True).start()
        yield place


def read_request(conversation: socket.socket) -> bytes:
    """One whole HTTP request as it came."""
    held = b""
    while b"\r\n\r\n" not in held:
        came = conversation.recv(1 << 16)
        if not came:
            return b""
        held += came
    head, _, body = held.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        came = conversation.recv(1 << 16)
        if not came:
            return b""
        body += came
    return head + b"\r\n\r\n" + body


def ok(body: bytes, *headers: str, length: int | None = None, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    made = folder / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1,DNS:localhost"
    subprocess.run([*command.split(), "-keyout", made, "-out", folder / "only.pem"], check=True, capture_output=True)
    with made.open("ab") as file:
        file.write((folder / "only.pem").read_bytes())
    return made


def allowed(store: Store, place: Outside, purpose: str = "answer") -> Door:
    """A door that lets ``purpose`` go to ``place``."""
    from datetime import UTC, datetime

    store.permissions.give(place.destination, purpose, now=datetime.now(UTC))
    return Door(store)


def _accept(place: Outside, listening: socket.socket, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            came, _ = listening.accept()
        except OSError:
            return
        place.connections += 1
        threading.Thread(target=_serve, args=(place, came, context), daemon=True).start()


def _serve(place: Outside, came: socket.socket, context: ssl.SSLContext | None) -> None:
    """The network socket is read by a thread that counts, so TLS is counted too."""
    near, far = socket.socketpair()
    threading.Thread(target=_pump_in, args=(place, came, near), daemon=True).start()
    threading.Thread(target=_pump_out, args=(near, came), daemon=True).start()
    with contextlib.suppress(OSError, ssl.SSLError):
        conversation = far if context is None else context.wrap_socket(far, server_side=True)
        with conversation:
            place.talk(conversation)


def _pump_in(place: Outside, came: socket.socket, near: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := came.recv(1 << 16):
            place.wire_in += len(piece)
            near.sendall(piece)
    place.left.set()
    with contextlib.suppress(OSError):
        near.shutdown(socket.SHUT_WR)


def _pump_out(near: socket.socket, came: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := near.recv(1 << 16):
            came.sendall(piece)
    with contextlib.suppress(OSError):
        came.shutdown(socket.SHUT_WR)
