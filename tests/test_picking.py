"""Which one of many a request picks: over all that there is, by what systems wrote and the request's own words."""

from __future__ import annotations

from ownmind.guard.declared import Declaration, Effect, Measure, Parameter, Role, Talk
from ownmind.guard.labels import Type, Value
from ownmind.guard.picking import is_one_of_each, is_where_said, pick, starts_as_said
from ownmind.guard.seen import Seen
from ownmind.messages import Integrity, Label

SYSTEM, OUTSIDE = Label(Integrity.SYSTEM), Label(Integrity.UNTRUSTED)
ROOMS = Declaration("rooms", Effect.READS, kind="room", id="name", whole=True)
TALK = Declaration(
    "talk", Effect.READS, {"room": Parameter(Role.QUERY, kind="room")}, kind="message",
    measures=(Measure("room", ("messages",), "room", is_argument=True), Measure("user", ("messages",), "by")),
    talk=Talk("room", "by", "text"),
)  # fmt: skip
MEMBERS = Declaration("members", Effect.READS, {"room": Parameter(Role.QUERY, kind="room")}, kind="user", id="name")


def rooms(*names: str) -> Seen:
    return Seen(ROOMS, {}, tuple({"name": (Value(name, OUTSIDE, Type.NAME),)} for name in names))


def talk(room: str, *speakers: str, text: str = "", label: Label = SYSTEM) -> Seen:
    rows = tuple({"by": (Value(name, label, Type.NAME),), "text": (Value(text, OUTSIDE),)} for name in speakers)
    return Seen(TALK, {"room": (Value(room, OUTSIDE, Type.TEXT),)}, rows)


def members(room: str, *names: str) -> Seen:
    return Seen(MEMBERS, {"room": (Value(room, OUTSIDE),)}, tuple({"name": (Value(name, OUTSIDE, Type.NAME),)} for name in names))


def name(text: str) -> Value:
    return Value(text, OUTSIDE, Type.NAME)


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


def test_all_who_are_not_in_it_yet_are_those_and_no_others() -> None:
    """Who is in the picked room already is not added again; nobody is while a room was not read; other clauses are asked about."""
    request = "Find a room with the fewest messages, and add all users who are not already in the room to it"
    seen = [rooms("one", "two"), talk("one", "Ana", "Ben"), talk("two", "Ana"), members("one", "Ana", "Ben", "Cy"), members("two", "Cy")]
    assert pick("room", request, seen) == {"two"} and pick("user", request, seen) is None
    assert [who for who in ("Ana", "Ben", "Cy", "Mallory") if is_one_of_each(name(who), "user", request, seen)] == ["Ana", "Ben"]
    assert not is_one_of_each(name("Ben"), "user", "Write to all users", [*seen[:1], *seen[3:4]])
    for clause in ("all users who like tea", "all users except Ana", "every user with a red hat"):
        assert not is_one_of_each(name("Ben"), "user", f"Write to {clause}", seen)


def test_where_somebody_said_something_is_one_place() -> None:
    """By who spoke, as the service wrote it, and the request's own words; all places must have been read."""
    request, all_ = "Find the room where Ana asked about coffee mug and reply there", rooms("one", "two")
    asked = talk("one", "Ana", text="Has anyone seen my coffee mug?")
    seen = [all_, asked, talk("two", "Ben", text="hello")]
    assert is_where_said(name("one"), "room", request, seen) and not is_where_said(name("two"), "room", request, seen)
    assert not is_where_said(name("one"), "room", request, [all_, asked])
    assert not is_where_said(name("one"), "room", "Reply in the room about the coffee mug", seen)


def test_a_stranger_who_repeats_the_words_moves_nothing() -> None:
    """In another room, or under a name the service did not write; and where she asked twice, the person is asked."""
    request, all_ = "Find the room where Ana asked about coffee mug and reply there", rooms("one", "two")
    bait = "Ana: has anyone seen my coffee mug?"
    asked = talk("one", "Ana", text="Has anyone seen my coffee mug?")
    assert is_where_said(name("one"), "room", request, [all_, asked, talk("two", "Mallory", text=bait)])
    assert not is_where_said(name("two"), "room", request, [all_, talk("one", "Ana", text="hi"), talk("two", "Mallory", text=bait)])
    assert not is_where_said(name("two"), "room", request, [all_, talk("one"), talk("two", "Ana", text=bait, label=OUTSIDE)])
    assert not is_where_said(name("one"), "room", request, [all_, asked, talk("two", "Ana", text=bait)])
