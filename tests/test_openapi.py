"""The OpenAPI document says what the routes do: no more, no less, and real answers are as it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from ownmind.bench.requests import exchange
from ownmind.bench.served import Served, served
from ownmind.bench.web.proper import Way, of_programs, opened, ways
from ownmind.channels import openapi
from ownmind.channels.rooms import ROOMS
from ownmind.channels.web import devices, programs, server

DOCUMENT = json.loads(json.dumps(openapi.document()))


def described() -> Iterator[tuple[str, str]]:
    for path, methods in DOCUMENT["paths"].items():
        for method in methods:
            yield method.upper(), path


def test_the_document_is_openapi_3_1() -> None:
    """By the specification's own schema, every reference in it leads somewhere."""
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


def test_every_route_is_in_it_and_nothing_else_is() -> None:
    """Both ways: the tables of the page, the socket, devices and programs, and every method of a room."""
    tables = (*server.ROUTES, *server.WEB_ROUTES, *server.SOCKET_ROUTES, *devices.ROUTES, *programs.ROUTES)
    served_ = set()
    for route in tables:
        path = route.path.replace(":path}", "}").replace(":int}", "}")  # type: ignore[attr-defined]
        if path not in ("/v1/{path}", "/mcp/{path}"):
            served_ |= {(each, path) for each in (route.methods or {"GET", "POST", "DELETE"}) - {"HEAD"}}  # type: ignore[attr-defined]
    assert set(described()) == served_
    assert {room.path(name) for room in ROOMS for name in room.methods} <= set(DOCUMENT["paths"])


def test_what_is_told_by_hand_is_of_a_route_that_is_there() -> None:
    """A route that goes takes its words along."""
    assert set(openapi.TOLD) <= set(described())


def test_real_answers_are_as_the_document_says(tmp_path: Path) -> None:
    """Every proper request of the bench, sent to a real server: its answer validates against the schema of its route."""
    wrong, seen = [], 0
    with served(tmp_path / "home") as running:
        for way in (*ways(running, opened(running, running.token)), *of_programs(running)):
            found = _answered(running, way)
            if found is None:
                continue
            judge = Draft202012Validator({**found[0], "components": DOCUMENT["components"]})
            errors = [error.message[:200] for error in judge.iter_errors(found[1])]
            wrong += [f"{way.name}: {errors[0]}"] if errors else []
            seen += 1
    assert not wrong, "\n".join(wrong)
    assert seen > 100


def _answered(running: Served, way: Way) -> tuple[dict[str, object], object] | None:
    """The schema of a route's answer and what it answered; None for streams and for the key's own route, whose token is used."""
    path = way.path.replace(":path}", "}").replace(":int}", "}")
    answers = exchange(running.socket if way.on_socket else running.port, way.proper.raw(), timeout=60)
    said = DOCUMENT["paths"][path][way.method.lower()]["responses"]
    if not answers:
        return None
    is_good = answers[0].status == 200
    media, held = next(iter((said["200"] if is_good else said["default"])["content"].items()))
    if media != "application/json" or "attachment" in answers[0].header("content-disposition"):
        return None
    return held["schema"], json.loads(answers[0].body)


@pytest.mark.parametrize("way", [("GET", "/api/status"), ("POST", "/api/goals/add"), ("POST", "/v1/chat/completions")])
def test_who_may_ask_is_said(way: tuple[str, str]) -> None:
    """A session or a device's key for the page's routes, a program's key for its own."""
    security = DOCUMENT["paths"][way[1]][way[0].lower()]["security"]
    assert security == ([{"key": []}] if way[1].startswith("/v1") else [{"session": []}, {"device": []}])
