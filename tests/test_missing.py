"""What a decision misses is read by ourselves when it is in the person's own house; nothing else is, and nothing without end."""

from __future__ import annotations

from ownmind.guard.declared import Declaration, Effect, Measure, Parameter, Role, Transfer
from ownmind.guard.gate import Call, Granted, Verdict, decide
from ownmind.guard.labels import Type, Value
from ownmind.guard.missing import MOST, missing
from ownmind.guard.plan import planned
from ownmind.guard.seen import Seen
from ownmind.messages import Integrity, Label

SYSTEM, OUTSIDE = Label(Integrity.SYSTEM), Label(Integrity.UNTRUSTED, sources=("chat",))
ROOMS = Declaration("rooms", Effect.READS, kind="room", id="name", whole=True)
TALK = Declaration(
    "talk", Effect.READS, {"room": Parameter(Role.QUERY, kind="room")}, kind="message",
    measures=(Measure("room", ("messages",), "room", is_argument=True),),
)  # fmt: skip
WEB = Declaration("web_rooms", Effect.SENDS, kind="room", id="name", whole=True)
ORDERS = Declaration("orders", Effect.READS, kind="order", id="id", called="name", whole=True, transfer=Transfer("from", "to", "amount"))
POST = Declaration("post", Effect.SENDS, {"room": Parameter(Role.AUTHORITY, Type.NAME, "room"), "text": Parameter(Role.CONTENT)})
CHANGE = Declaration("change", Effect.SPENDS, {
    "id": Parameter(Role.TARGET, Type.OBJECT, "order"), "amount": Parameter(Role.AUTHORITY, Type.NUMBER, like="amount"),
})  # fmt: skip
TOOLS = {one.name: one for one in (ROOMS, TALK, WEB, ORDERS, POST, CHANGE)}
REQUEST = "Post 'hello' to the room with the most messages"
PLAN = planned(REQUEST, ["post"], TOOLS)


def post(room: str) -> Call:
    return Call("post", POST, {"room": (Value(room, OUTSIDE, Type.NAME),), "text": (Value("hello", OUTSIDE),)})


def rooms(*names: str) -> Seen:
    return Seen(ROOMS, {}, tuple({"name": (Value(name, OUTSIDE, Type.NAME),)} for name in names))


def talk(room: str, count: int) -> Seen:
    return Seen(TALK, {"room": (Value(room, OUTSIDE),)}, tuple({"text": (Value(str(n), OUTSIDE),)} for n in range(count)))


def names(call: Call, *seen: Seen) -> list[tuple[str, list[object]]]:
    readings = missing(call, PLAN, TOOLS, seen)
    return [(one.tool.name, [value.data for values in one.arguments.values() for value in values]) for one in readings]


def test_first_the_list_then_what_it_names_then_nothing() -> None:
    """And what was read is not read again; a list that a stranger's machine keeps is never asked for."""
    assert names(post("one")) == [("rooms", [])]
    assert names(post("one"), rooms("one", "two", "three"), talk("one", 3)) == [("talk", ["two"]), ("talk", ["three"])]
    seen = [rooms("one", "two"), talk("one", 3), talk("two", 1)]
    assert names(post("one"), *seen) == []
    assert decide(post("one"), PLAN, Granted(), seen).verdict is Verdict.ALLOW
    assert decide(post("two"), PLAN, Granted(), seen).verdict is Verdict.ASK


def test_what_is_read_keeps_its_label() -> None:
    """A room's name is a stranger's choice also when we read on with it."""
    (reading,) = missing(post("one"), PLAN, TOOLS, [rooms("one")])
    assert all(value.label == OUTSIDE for values in reading.arguments.values() for value in values)


def test_only_what_the_request_calls_for_is_read() -> None:
    """Not for a tool that nobody asked for, nor for one that was used up, nor where no words of the request need it."""
    plain = planned("Post 'hello' to the room one", ["post"], TOOLS)
    assert missing(post("two"), plain, TOOLS, []) == ()
    assert missing(post("two"), planned(REQUEST, [], TOOLS), TOOLS, []) == ()
    assert missing(post("two"), PLAN, TOOLS, [Seen(POST, post("two").arguments)]) == ()
    assert missing(Call("wipe", None, {}), PLAN, TOOLS, []) == ()


def test_a_list_without_end_is_not_read() -> None:
    """Who fills the list with rooms makes the person be asked, and no more."""
    assert names(post("one"), rooms(*(f"room {number}" for number in range(MOST + 1)))) == []


def test_the_order_that_was_not_seen_is_looked_up() -> None:
    """ "Update my rent": the standing orders are listed, and the one the person called so is the one."""
    plan = planned("Please check and update my rent", ["change"], TOOLS)
    call = Call("change", CHANGE, {"id": (Value("7", OUTSIDE, Type.OBJECT),), "amount": (Value(1100, OUTSIDE, Type.NUMBER),)})
    assert [one.tool.name for one in missing(call, plan, TOOLS, [])] == ["orders"]
    mine = Label(Integrity.PERSON)
    row = {"id": (Value("7", SYSTEM, Type.OBJECT),), "name": (Value("Rent", mine),), "amount": (Value(1100.0, SYSTEM, Type.NUMBER),)}
    seen = [Seen(ORDERS, {}, (row,))]
    assert missing(call, plan, TOOLS, seen) == ()
    assert decide(call, plan, Granted(), seen).verdict is Verdict.ALLOW
    other = Call("change", CHANGE, {**call.arguments, "amount": (Value(1200, OUTSIDE, Type.NUMBER),)})
    assert decide(other, plan, Granted(), seen).verdict is Verdict.ASK
