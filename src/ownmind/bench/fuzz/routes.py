"""Malformed bodies, queries and paths for every route of a real server: an answer in words each time, and a server that goes on."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from ..requests import Answer, Request, exchange
from ..served import Served, served
from ..web.proper import Way, opened, ways
from .harness import Chunk, Found
from .mutate import TEXTS, of_bytes, of_json

NAME = "routes"
_BROKEN = (b"Something went wrong inside Ownmind", b"Traceback (most recent call last)", b"Internal Server Error")
_SECONDS = 30.0


def fuzzed(chunk: Chunk, *, seed: int, folder: Path) -> Found:
    """The requests of ``chunk`` over all routes in turn, at a server of its own in ``folder``."""
    found, began = Found(), time.monotonic()
    folder.mkdir(parents=True)
    with served(folder / "home") as running:
        reached = [way for way in ways(running, opened(running, running.token)) if way.path != "/api/session"]
        for number in range(chunk.begin, chunk.begin + chunk.count):
            way, start = reached[number % len(reached)], time.monotonic()
            request = _bent(way, random.Random(f"{NAME} {seed} {number}"))
            found.inputs += 1
            try:
                answers = exchange(running.socket if way.on_socket else running.port, request.raw(), timeout=_SECONDS)
            except TimeoutError:
                found.hung += 1
                found.bugs.setdefault(f"{way.name}: hung", f"{request.target[:80]} {request.body[:80]!r}")
                continue
            except OSError as error:
                found.died += not running.is_alive
                found.bugs.setdefault(f"{way.name}: {type(error).__name__}", f"{request.target[:80]} {request.body[:80]!r}")
                break
            _judge(answers, way, request, running, found)
            found.slowest = max(found.slowest, round(time.monotonic() - start, 2))
        found.died += not running.is_alive
    shutil.rmtree(folder, ignore_errors=True)
    found.seconds = round(time.monotonic() - began, 1)
    return found


def _judge(answers: Sequence[Answer], way: Way, request: Request, running: Served, found: Found) -> None:
    found.refused += any(400 <= answer.status < 500 for answer in answers)
    for answer in answers:
        if answer.status == 500 or any(word in answer.body for word in _BROKEN):
            found.broken += 1
            found.bugs.setdefault(f"{way.name}: {answer.status}", f"{request.target[:100]} {request.body[:160]!r}")


def _bent(way: Way, chance: random.Random) -> Request:
    """The proper request with something wrong in its path, its query or its body."""
    path, mark, query = way.proper.target.partition("?")
    if "{" in way.path and chance.random() < 0.4:
        path = path.rpartition("/")[0] + "/" + _odd(chance)
    if query and chance.random() < 0.8:
        pairs = [pair.split("=", 1) for pair in query.split("&")]
        pairs = [[key, _odd(chance) if chance.random() < 0.5 else value] for key, value in pairs if chance.random() < 0.95]
        query = "&".join(f"{key}={value}" for key, value in pairs)
    elif way.method == "GET" and chance.random() < 0.3:
        query, mark = _odd(chance), "?"
    target = f"{path}{mark}{query}"
    request = Request(way.method, target[:7000], way.proper.headers, way.proper.body)
    if not request.body:
        return request
    if way.path.startswith("/api/import/"):
        return request.with_body(of_bytes(request.body, chance))
    return request.with_body(of_json(request.body, chance) if request.body != b"{}" else of_bytes(request.body, chance))


def _odd(chance: random.Random) -> str:
    text = chance.choice(TEXTS)[:1500]
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
