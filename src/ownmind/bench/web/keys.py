"""The key of a launch and the session it opens: what must hold, each a claim that is true or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ..requests import Answer, Request, exchange
from ..served import Served, served
from .proper import Known, fresh_token, opened, own


def claims(running: Served, cookie: str, known: Known) -> Iterator[tuple[str, bool]]:
    """Those about a running server. ``cookie`` is a good session's."""
    token, port = fresh_token(running), running.port
    yield "another origin cannot exchange a key", _exchanged(port, token, origin="http://evil.example") == 403
    yield "another port's page cannot exchange a key", _exchanged(port, token, origin=f"http://127.0.0.1:{port + 1}") == 403
    yield "a key in the query opens nothing", _status(port, f"/api/status?token={token}") == 401
    yield "a key as a cookie opens nothing", _status(port, "/api/status", f"{cookie.partition('=')[0]}={token}") == 401
    first = _exchange(port, token)
    yield "the right page exchanges it", first.status == 200
    said = first.header("set-cookie")
    yield "the cookie is HttpOnly, SameSite=Strict, for this host alone", _is_strict(said)
    yield "the session is not the key", token not in said
    yield "used twice it opens nothing", _exchanged(port, token) == 401
    yield "a second answer sets no cookie", not _exchange(port, token).header("set-cookie")
    fact = f"/api/facts/{known.item}/keep"
    yield "an item's id is no fact's id", _posted(port, cookie, fact, {}) in (400, 404)
    yield "a receipt's id is no item's id", _posted(port, cookie, "/api/redact", {"item": known.receipt, "words": "sea"}) in (400, 404)
    for wrong in ("f0", "f-1", "f999999999999999999999999", "f1e3", "f%31%00", "i1", "..%2f..", "%20", "f1;drop"):
        yield f"{wrong} is nobody's fact", _posted(port, cookie, f"/api/facts/{wrong}/keep", {}) in (400, 404, 405)
    yield "an unknown conversation holds nothing", _is_empty(port, cookie, "/api/conversations/somebody-else", "messages")
    answers = [_exchanged(port, f"guess {number}") for number in range(8)]
    yield "wrong keys are refused", all(status in (401, 429) for status in answers)
    yield "guessing is slowed", answers[-1] == 429
    yield "a slowed answer says how long", 0 < int(_exchange(port, "guess").header("retry-after") or 0) <= 60
    yield "who is in stays in meanwhile", _status(port, "/api/status", cookie) == 200


def after_restart(home: Path) -> Iterator[tuple[str, bool]]:
    """Those about two launches of one home."""
    with served(home) as before:
        unused = before.token
    with served(home) as running:
        yield "a key of an earlier launch opens nothing", _exchanged(running.port, unused) == 401
        yield "the key of this one does", bool(opened(running, running.token))


def _exchange(port: int, token: str, origin: str = "") -> Answer:
    asked = Request("POST", "/api/session", own(port)).with_body(json.dumps({"token": token}).encode())
    answers = exchange(port, (asked.with_header("origin", origin) if origin else asked).raw())
    return answers[0] if answers else Answer(0, (), b"")


def _exchanged(port: int, token: str, origin: str = "") -> int:
    return _exchange(port, token, origin).status


def _status(port: int, target: str, cookie: str = "") -> int:
    asked = Request("GET", target, own(port))
    answers = exchange(port, (asked.with_header("cookie", cookie) if cookie else asked).raw())
    return answers[0].status if answers else 0


def _posted(port: int, cookie: str, target: str, body: object) -> int:
    asked = Request("POST", target, own(port)).with_header("cookie", cookie).with_body(json.dumps(body).encode())
    answers = exchange(port, asked.raw())
    return answers[0].status if answers else 0


def _is_empty(port: int, cookie: str, target: str, key: str) -> bool:
    answers = exchange(port, Request("GET", target, own(port)).with_header("cookie", cookie).raw())
    return bool(answers) and (answers[0].status == 404 or json.loads(answers[0].body).get(key) == [])


def _is_strict(said: str) -> bool:
    parts = [part.strip().lower() for part in said.split(";")]
    return "httponly" in parts and "samesite=strict" in parts and not any(part.startswith("domain") for part in parts)
