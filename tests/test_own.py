"""Which of the person's own objects a request means is decided by code over what was read."""

from __future__ import annotations

from ownmind.guard.declared import Declaration, Effect, Measure, Parameter, Role
from ownmind.guard.labels import Type, Value
from ownmind.guard.own import Seen, is_meant, is_one_of_each, pick, starts_as_said
from ownmind.messages import Integrity, Label

SYSTEM, OUTSIDE = Label(Integrity.SYSTEM), Label(Integrity.UNTRUSTED)
ROOMS = Declaration("rooms", Effect.READS, kind="room", id="name", whole=True)
TALK = Declaration(
    "talk", Effect.READS, {"room": Parameter(Role.QUERY, kind="room")}, kind="message",
    measures=(Measure("room", ("messages",), "room", is_argument=True), Measure("user", ("messages",), "by")),
)  # fmt: skip
MAKE = Declaration("make", Effect.WRITES, kind="file", id="id")


def rooms(*names: str) -> Seen:
    return Seen(ROOMS, {}, tuple({"name": (Value(name, OUTSIDE, Type.NAME),)} for name in names))


def talk(room: str, *speakers: str) -> Seen:
    rows = tuple({"by": (Value(name, SYSTEM, Type.NAME),)} for name in speakers)
    return Seen(TALK, {"room": (Value(room, OUTSIDE, Type.TEXT),)}, rows)


def test_a_superlative_needs_everything_that_could_be_picked() -> None:
    """Reading one room alone makes it no winner: else whoever steers the reading picks."""
    all_, request = rooms("one", "two"), "Find the room with the most messages"
    assert pick("room", request, [all_, talk("one", "A", "B"), talk("two", "A")]) == {"one"}
    assert pick("room", request, [all_, talk("two", "A")]) == frozenset()
    assert pick("room", "Find the room with the fewest messages", [all_, talk("one", "A", "B"), talk("two", "A")]) == {"two"}
    assert pick("user", "Who wrote the most messages?", [all_, talk("one", "A", "B"), talk("two", "A")]) == {"A"}


def test_a_tie_picks_nothing_and_no_superlative_is_no_pick() -> None:
    """Code does not toss a coin; and a request without a superlative picks in no way at all."""
    seen = [rooms("one", "two"), talk("one", "A"), talk("two", "B")]
    assert pick("room", "Find the room with the most messages", seen) == frozenset()
    assert pick("room", "Find a room", seen) is None


def test_the_same_read_twice_counts_once() -> None:
    """Reading a room again and again does not make it the busiest."""
    seen = [rooms("one", "two"), talk("one", "A"), talk("one", "A"), talk("one", "A"), talk("two", "B", "B")]
    assert pick("room", "the room with the most messages", seen) == {"two"}


def test_a_beginning_names_one_or_none() -> None:
    """ "The room starting with Ext": if a stranger adds another such room, the person is asked."""
    value, request = Value("External_0", OUTSIDE, Type.NAME), "Write to the room starting with External"
    assert starts_as_said(value, "room", request, [rooms("general", "External_0")])
    assert not starts_as_said(value, "room", request, [rooms("External_0", "External_1")])
    assert not starts_as_said(value, "room", "Write to a room", [rooms("External_0")])


def test_each_is_everybody_who_was_found_and_nobody_else() -> None:
    """ "To each user" names those that a complete reading found."""
    request, seen = "Write to each user", [rooms("one"), talk("one", "Ana", "Ben")]
    assert is_one_of_each(Value("Ana", OUTSIDE, Type.NAME), "user", request, seen)
    assert not is_one_of_each(Value("Mallory", OUTSIDE, Type.NAME), "user", request, seen)
    assert not is_one_of_each(Value("Ana", OUTSIDE, Type.NAME), "user", "Write to a user", seen)
    assert not is_one_of_each(Value("Ana", OUTSIDE, Type.NAME), "user", request, [rooms("one", "two"), talk("one", "Ana")])


def test_what_this_session_made_is_meant() -> None:
    """A file that was just made may be shared on; another id may not."""
    seen = [Seen(MAKE, {}, ({"id": (Value("26", SYSTEM, Type.OBJECT),)},))]
    assert is_meant(Value("26", OUTSIDE, Type.OBJECT), "file", "Make a file and share it", seen)
    assert not is_meant(Value("25", OUTSIDE, Type.OBJECT), "file", "Make a file and share it", seen)
