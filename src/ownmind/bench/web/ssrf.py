"""Whether the server can be made to open something for an attacker: addresses and paths in every text that a route takes.

A listener of our own counts who comes; a file with a mark is offered by its path. Nothing may come, and the mark must never
be in an answer.
"""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..requests import Request, exchange
from ..served import Served
from .proper import Way, leaves

MARK = "quartzlantern-7731"
# Wrong keys are counted elsewhere; looking for servers of models at a port of this machine is what the second is for, and any words are a
# passphrase to the third, which nobody after it would know.
_MEANT = frozenset({"/api/session", "/api/models/servers", "/api/privacy/protect"})


def tried(running: Served, ways: Sequence[Way], folder: Path, *, most: int | None, chance: random.Random) -> tuple[int, dict[str, int]]:
    """How many were sent, and what was fetched: connections to the listener, answers with the file's mark. ``most``: addresses
    for each route, all when None."""
    secret = folder / "secret.txt"
    secret.write_text(MARK, encoding="utf-8")
    sent = marked = 0
    with _listener() as (port, came):
        for way in ways:
            if way.on_socket or way.path in _MEANT:  # who reaches the socket may name any path
                continue
            texts = list(_addresses(port, secret))
            for text in texts if most is None else chance.sample(texts, most):
                for request in _bent(way, text):
                    answers = exchange(running.port, request.raw(), timeout=60)
                    sent += 1
                    marked += any(MARK.encode() in answer.body for answer in answers)
        unasked = len(came)
        socket.create_connection(("127.0.0.1", port)).close()
        while len(came) == unasked:  # the control: the listener does see who comes
            threading.Event().wait(0.01)
    return sent, {"connections": unasked, "files": marked}


def _addresses(port: int, secret: Path) -> Iterator[str]:
    for host in (
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "①②⑦.⓪.⓪.①", "127.0.0.1.nip.io", "evil@127.0.0.1", "127.0.0.1%23@evil.example",
    ):  # fmt: skip
        yield f"http://{host}:{port}/x"
    yield from (
        f"//127.0.0.1:{port}/x",
        f"gopher://127.0.0.1:{port}/_x",
        f"ftp://127.0.0.1:{port}/",
        f"\\\\127.0.0.1@{port}\\x",
        f"smb://127.0.0.1:{port}/x",
    )
    yield from (
        str(secret),
        f"file://{secret}",
        f"file://localhost{secret}",
        f"../../../../../../..{secret}",
        f"~/../..{secret}",
        f"{secret}\0.md",
    )
    yield f"<img src=http://127.0.0.1:{port}/x><iframe src=file://{secret}>![a](http://127.0.0.1:{port}/x)"
    yield f'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/x"><!ENTITY f SYSTEM "file://{secret}">]><x>&e;&f;</x>'


def _bent(way: Way, text: str) -> Iterator[Request]:
    """The proper request with each text in it, one at a time, replaced by ``text``; a file given holds it, and is called so."""
    from urllib.parse import quote

    proper = way.proper
    if way.path.startswith("/api/pieces/"):  # bytes, and an id of ours
        yield proper.with_body(text.encode())
        return
    if way.path.startswith("/api/import/"):
        yield Request(proper.method, "/api/import/" + quote(text, safe=""), proper.headers, proper.body)
        for name in ("a.html", "a.md", "a.svg", "a.xml"):
            yield Request(proper.method, f"/api/import/{name}", proper.headers).with_body(text.encode())
        return
    path, _, query = proper.target.partition("?")
    fields = [pair.partition("=")[0] for pair in query.split("&") if pair]
    for name in fields:
        yield Request(proper.method, f"{path}?{name}={quote(text, safe='')}", proper.headers, proper.body)
    if proper.body:
        body = json.loads(proper.body)
        for leaf in leaves(body):
            changed = json.loads(json.dumps(body).replace(json.dumps(leaf), json.dumps(text)))
            yield proper.with_body(json.dumps(changed).encode())


@contextmanager
def _listener() -> Iterator[tuple[int, list[str]]]:
    """A port on loopback, and who came to it."""
    came: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, address = listening.accept()
            except OSError:
                return
            came.append(str(address))
            connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], came
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
