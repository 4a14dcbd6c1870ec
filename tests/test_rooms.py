"""One table and the methods' annotations make every way to a face: what is asked of it arrives as it was meant, or is refused by name."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from ownmind.channels import wire
from ownmind.channels.attach import Attached
from ownmind.channels.python import Companion
from ownmind.channels.rooms import ROOMS, Method, Room, arguments, from_query, method
from ownmind.errors import BadInput, NotFound
from ownmind.models.scripted import ScriptedModel
from served import Served, served


class Mood(StrEnum):
    CALM = "calm"
    GLAD = "glad"


@dataclass(frozen=True, slots=True)
class Seen:
    at: datetime
    moods: tuple[Mood, ...]


class Small:
    """A face of the smallest sort, with every kind of argument that faces take."""

    def look(
        self,
        text: str,
        moods: tuple[Mood, ...] = (),
        days: int = 7,
        share: float = 0.5,
        loud: bool = False,
        day: date | None = None,
        at: datetime | None = None,
    ) -> tuple[Seen, ...]:
        return (Seen(at or datetime(2026, 11, 22, tzinfo=UTC), moods),) * days


LOOK = method(Small, "look")


def test_arguments_arrive_as_their_annotations_say() -> None:
    """Enums, lists, days and moments come out of JSON as the values the method takes; a time without a zone is the system's."""
    told = {"text": "x", "moods": ["glad"], "days": 2, "share": 1, "loud": True, "day": "2026-03-29", "at": "2026-03-29T10:00:00+02:00"}
    read = arguments(LOOK, told)
    assert read["moods"] == (Mood.GLAD,) and read["day"] == date(2026, 3, 29) and read["share"] == 1.0
    assert read["at"] == datetime.fromisoformat("2026-03-29T10:00:00+02:00")
    [naive] = [arguments(LOOK, {"text": "x", "at": "2026-03-29T10:00"})["at"]]
    assert isinstance(naive, datetime) and naive.tzinfo is not None
    assert arguments(LOOK, {"text": "x", "day": None}) == {"text": "x", "day": None}


def test_a_query_says_the_same_as_a_body() -> None:
    """What a reading request puts into its address means what the same names mean in JSON."""
    pairs = [("text", "5"), ("moods", "glad"), ("moods", "calm"), ("days", "3"), ("loud", "true"), ("share", "0.25"), ("day", "2026-03-29")]
    body = {"text": "5", "moods": ["glad", "calm"], "days": 3, "loud": True, "share": 0.25, "day": "2026-03-29"}
    assert arguments(LOOK, from_query(LOOK, pairs)) == arguments(LOOK, body)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x", "colour": "red"}, "colour"),
        ({"text": "x", "moods": "glad"}, "moods"),
        ({"text": "x", "moods": ["sad"]}, "moods"),
        ({"text": "x", "days": "3"}, "days"),
        ({"text": "x", "days": True}, "days"),
        ({"text": "x", "days": -1}, "days"),
        ({"text": "x", "days": 10**30}, "days"),
        ({"text": "x", "share": float("inf")}, "share"),
        ({"text": "x", "loud": 1}, "loud"),
        ({"text": "x", "day": "tomorrow"}, "day"),
        ({"text": "x", "day": "0001-01-01"}, "day"),
        ({"text": "x", "at": 12}, "at"),
        ({"text": "x", "at": "9999-12-31T23:59:59Z"}, "at"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(given: dict[str, object], named: str) -> None:
    """The error says which argument, and never what was in it."""
    with pytest.raises(BadInput) as refused:
        arguments(LOOK, given)
    assert named in refused.value.message


def test_an_argument_said_twice_in_a_query_is_refused() -> None:
    """Nobody guesses which of two was meant."""
    with pytest.raises(BadInput, match="days"):
        from_query(LOOK, [("text", "x"), ("days", "1"), ("days", "2")])


def test_the_result_is_read_back_as_what_it_was() -> None:
    """What crosses the wire is the value again, by the method's own annotation."""
    from ownmind.channels.attach import read

    given = Small().look("x", (Mood.CALM,), days=2)
    gives: type[tuple[Seen, ...]] = LOOK.gives  # type: ignore[assignment]
    assert read(gives, json.loads(wire.line(wire.encode(given)))) == given


def test_an_argument_without_a_type_is_a_bug() -> None:
    """A face that forgets an annotation fails in its own test, not at the person."""

    class Careless:
        def look(self, what) -> int:  # type: ignore[no-untyped-def]
            return len(what)

    with pytest.raises(TypeError, match="what"):
        method(Careless, "look")
    assert isinstance(LOOK, Method) and Room("small", "x:y", ("look",), ()).path("look") == "/api/small/look"


# The real faces


METHODS = [(room, name) for room in ROOMS for name in room.methods]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "mind", ScriptedModel("Good."), on_socket=True) as there:
        there.enter()
        yield there


@pytest.fixture
def mind(there: Served) -> Iterator[Attached]:
    with Attached(there.house.paths.socket) as mind:
        yield mind


@pytest.mark.parametrize(("room", "name"), METHODS, ids=[f"{room.name}.{name}" for room, name in METHODS])
def test_every_method_a_channel_may_ask_for_can_be_asked_for(room: Room, name: str) -> None:
    """Each is there, takes only what a channel can give, and gives only what can be read back. An object is no argument of any."""
    asked = method(room.face, name)
    for argument in asked.takes:
        with pytest.raises(BadInput):
            arguments(asked, dict.fromkeys(asked.needs, "x") | {argument: {}})
    TypeAdapter(asked.gives)


def test_what_is_not_named_cannot_be_asked_for(there: Served, mind: Attached) -> None:
    """A private name, a dunder, a method nobody listed: no route, and no attribute of the attached face."""
    for path in ("/api/goals/_store", "/api/people/__init__", "/api/today/clock", "/api/house/close"):
        assert there.raw("POST", path, there.own(), b"{}").status in (404, 405)
    with pytest.raises(AttributeError):
        mind.people._view()


def test_an_attached_mind_says_the_same_as_the_house(there: Served, mind: Attached) -> None:
    """Every question that needs no argument is answered alike from here and from there, value for value."""
    mind.remember_many([{"text": "I will send you the photos by Friday.", "speaker": "Ben", "at": "2026-05-01T10:00:00+02:00"}])
    for room in ROOMS:
        own = getattr(there.house, room.name)
        for name in room.reads:
            if not method(room.face, name).needs:
                assert getattr(getattr(mind, room.name), name)() == getattr(own, name)(), (room.name, name)
    assert mind.due() == mind.due(datetime.now(UTC)) == ()
    assert mind.goals.review() == mind.today.review()


def test_arguments_and_errors_cross_the_socket(mind: Attached) -> None:
    """By place or by name; what is wrong is the same error as without the socket, and a missing argument is Python's own."""
    assert mind.today.brief(date(2026, 11, 23)) == mind.today.brief(day=date(2026, 11, 23))
    start = datetime(2026, 11, 23, tzinfo=UTC)
    assert mind.calendar.appointments(start, end=start) == ()
    with pytest.raises(NotFound) as refused:
        mind.people.card("Nobody")
    assert refused.value.hint
    with pytest.raises(BadInput):
        mind.calendar.appointments(datetime(2027, 1, 1, tzinfo=UTC), start)
    with pytest.raises(TypeError):
        mind.people.card()  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("GET", "/api/people/all?query=Tom", None, 200),
        ("GET", "/api/people/all?quarry=Tom", None, 400),
        ("GET", "/api/people/promises?states=open&states=kept", None, 200),
        ("GET", "/api/people/promises?states=broken", None, 400),
        ("GET", "/api/people/birthdays?days=-1", None, 400),
        ("GET", "/api/people/birthdays?days=30&days=40", None, 400),
        ("GET", "/api/people/card", None, 400),
        ("GET", "/api/people/card?person=Nobody", None, 404),
        ("GET", "/api/calendar/appointments?start=2026-11-22&end=2026-11-29", None, 200),
        ("GET", "/api/calendar/appointments?start=soon&end=2026-11-29", None, 400),
        ("GET", "/api/today/brief?day=2026-11-23", None, 200),
        ("GET", "/api/today/brief?day=tomorrow", None, 400),
        ("POST", "/api/today/brief", {}, 405),
        ("GET", "/api/people/merge", None, 404),
        ("POST", "/api/people/merge", {"first": "p1"}, 400),
        ("POST", "/api/people/merge", {"first": "p1", "second": ["p2"]}, 400),
        ("POST", "/api/people/merge", {"first": "p9998", "second": "p9999"}, 404),
        ("POST", "/api/today/decline", {"key": "x", "days": 10**40}, 400),
        ("POST", "/api/today/decline", {"key": "x", "days": True}, 400),
        ("POST", "/api/today/set", {"name": "moon", "value": "full"}, 400),
    ],
)
def test_each_request_gets_the_status_it_deserves(there: Served, verb: str, path: str, body: object, status: int) -> None:
    """As other routes: 400 names what is wrong, 404 what is not there, 405 a reading method that was posted to."""
    response = there.raw(verb, path, there.own(), None if body is None else json.dumps(body).encode())
    said = response.read()
    assert response.status == status, said
    if status == 400:
        assert json.loads(said)["error"]["message"]


def test_pages_hear_of_a_change(there: Served) -> None:
    """Whoever shows a room learns that it is different now, and of a failed try nothing."""
    heard: list[str] = []
    publish = there.house.bulletin.publish

    async def listen() -> None:
        async for notice in there.house.subscribe():
            heard.append(str(notice["type"]))
            if notice["type"] == "today":
                return

    with ThreadPoolExecutor(1) as thread:
        listening = thread.submit(asyncio.run, listen())
        while not there.house.bulletin._listeners:
            time.sleep(0.01)
        assert there.ask("POST", "/api/people/merge", {"first": "p1", "second": "p2"})[0] == 404
        assert there.ask("POST", "/api/today/set", {"name": "nudges_a_day", "value": "2"})[0] == 200
        try:
            listening.result(20)
        finally:
            publish({"type": "today"})
    assert "people" not in heard and heard[-1] == "today"


def test_a_companion_has_the_same_rooms() -> None:
    """From Python they are the faces themselves."""
    with Companion.temporary(brain=ScriptedModel("Good.")) as mind:
        assert mind.people.all() == () and mind.today.brief().lines == () and mind.due("2026-11-22T10:00") == ()
        assert mind.calendar.sources() == () and mind.goals.all() == ()
