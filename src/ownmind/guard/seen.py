"""What was read in this session, and whether it was read wholly.

A choice among things ("the largest file", "each user", "the one payee called so") holds only when all of them were read: else whoever
steers the reading chooses. What is missing is named here, so that the executor can read it instead of asking the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..messages import Integrity
from .declared import Declaration, Effect, Role
from .labels import Value, is_at_least

Row = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One call that was made in this session, and what came back, every field with its own label."""

    tool: Declaration
    arguments: Mapping[str, tuple[Value, ...]]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A read that could still be made. Its arguments are fields of what was read, with the labels they came with."""

    tool: Declaration
    arguments: Mapping[str, tuple[Value, ...]]


def is_whole(one: Seen) -> bool:
    """Whether this read listed everything there is of its kind."""
    return one.tool.whole and is_full(one)


def is_full(one: Seen) -> bool:
    """Whether nothing was left out of this read: fewer rows came than were asked for, and than it gives at most, whatever was asked."""
    if not one.tool.most:
        return True
    asked = one.arguments.get(one.tool.limit, ())
    return len(one.rows) < min(_count(asked[0]) if asked else one.tool.most, one.tool.most)


def is_read_wholly(tool: Declaration, seen: Sequence[Seen], kind: str = "") -> bool:
    """Whether ``tool`` was asked for everything: one read that lists all, or one for each thing that a list names. ``kind``: what is
    listed where its parameter does not say."""
    if tool.whole:
        return any(is_whole(one) for one in seen if one.tool.name == tool.name)
    over, thing = _over(tool, kind)
    names = set(_listed(thing, seen))
    return bool(names) and names <= _asked(tool, over, seen)


def unread(tool: Declaration, tools: Iterable[Declaration], seen: Sequence[Seen]) -> tuple[Reading, ...]:
    """The readings after which ``tool`` was asked for everything, as far as they can be named now: of a tool that is asked about one
    thing at a time, first the lists of those things. Empty when nothing is missing, or nothing can be done about it."""
    if tool.whole or tool.wrote_to:
        made = [one for one in seen if one.tool.name == tool.name]
        # A plain read that left something out: there is no more to be had.
        return () if any(is_full(one) or not one.arguments for one in made) else (Reading(tool, {}),)
    if is_read_wholly(tool, seen):
        return ()
    over, thing = _over(tool, "")
    if not over or not thing:
        return ()
    names = _listed(thing, seen)
    if not names:
        lists = [one for one in tools if one.effect is Effect.READS and one.whole and one.kind == thing and one.name != tool.name]
        return tuple(reading for one in lists for reading in unread(one, (), seen))
    read = _asked(tool, over, seen)
    return tuple(Reading(tool, {over: (name,)}) for text, name in names.items() if text not in read)


def names(one: Seen, row: Row) -> Iterator[Value]:
    """What an object is called, or its id where it has no name of its own."""
    yield from row.get(one.tool.called or one.tool.id, ())


def called(tool: Declaration, row: Row) -> Value | None:
    """The name of the object in a row."""
    found = row.get(tool.called, ())
    return found[0] if found else None


def is_own(tool: Declaration, row: Row) -> bool:
    """Whether the person themselves wrote this row: its name carries their label."""
    name = called(tool, row)
    return name is not None and name.label is not None and is_at_least(name.label, Integrity.PERSON)


def by_system(row: Row, field: str) -> tuple[Value, ...]:
    """What a service itself wrote into a field of a row; what anybody else may have written is left out."""
    return tuple(value for value in row.get(field, ()) if value.label is not None and is_at_least(value.label, Integrity.SYSTEM))


def _over(tool: Declaration, kind: str) -> tuple[str, str]:
    """The parameter that says which thing is read, and the kind of that thing."""
    for name, parameter in tool.parameters.items():
        if parameter.role is Role.QUERY:
            return name, parameter.kind or kind
    return "", kind


def _listed(kind: str, seen: Sequence[Seen]) -> dict[str, Value]:
    """Every thing of a kind that whole lists name."""
    return {str(name.data): name for one in seen if one.tool.kind == kind and is_whole(one) for row in one.rows for name in names(one, row)}


def _asked(tool: Declaration, over: str, seen: Sequence[Seen]) -> set[str]:
    return {str(value.data) for one in seen if one.tool.name == tool.name for value in one.arguments.get(over, ())}


def _count(value: Value) -> int:
    try:
        return int(float(value.data))
    except (ValueError, OverflowError):
        return -1
