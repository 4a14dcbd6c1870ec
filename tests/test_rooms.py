"""One table and the methods' annotations make every way to a face: what is asked of it arrives as it was meant, or is refused by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from ownmind.channels import wire
from ownmind.channels.rooms import Method, Room, arguments, from_query, method
from ownmind.errors import BadInput


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
