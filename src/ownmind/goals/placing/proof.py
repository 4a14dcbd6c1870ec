"""A plan's proof as a person reads it: one line for each sitting, with what lies around it and how long its goal has rested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ..counted import count
from .schedule import Placed, Problem, Sitting

_Taken = tuple[datetime, datetime, str]


def lines(problem: Problem, placed: Sequence[tuple[Sitting, Placed]]) -> tuple[str, ...]:
    """For each sitting, in the order of ``placed``: "Tue 3 Mar 18:00 to 18:45 Easy run: free between “work” and “choir”, ...". Only for
    a plan that holds."""
    taken = sorted(_taken(problem, placed))
    last: dict[str, date] = {}
    for past in sorted(problem.past, key=lambda one: one.start):
        last[past.goal] = _day(problem, past.start)
    found = []
    for sitting, at in placed:
        start, end = at.start.astimezone(problem.zone), at.end.astimezone(problem.zone)
        why = [_between(taken, start, end), "in the hours you gave" if sitting.windows else "in your waking hours"]
        if sitting.travel:
            why.append(f"{sitting.travel} minutes' way before and after")
        if sitting.goal in last and problem.rules_of(sitting.goal).rest:
            free = (start.date() - last[sitting.goal]).days - 1
            why.append(f"{count(free, 'free day')} after {_named(last[sitting.goal])}")
        last[sitting.goal] = start.date()
        found.append(f"{_named(start.date())} {start:%H:%M} to {end:%H:%M} {sitting.title or sitting.id}: {', '.join(why)}")
    return tuple(found)


def _taken(problem: Problem, placed: Sequence[tuple[Sitting, Placed]]) -> Iterator[_Taken]:
    for busy in problem.busy:
        if busy.start < busy.end:
            yield busy.start.astimezone(problem.zone), busy.end.astimezone(problem.zone), busy.what or "something"
    for sitting, at in placed:
        yield at.start.astimezone(problem.zone), at.end.astimezone(problem.zone), sitting.title or sitting.id


def _between(taken: Sequence[_Taken], start: datetime, end: datetime) -> str:
    """What ends last before it and begins first after it, on its day."""
    day = start.date()
    before = max((one for one in taken if one[1] <= start and one[1].date() == day), key=lambda one: one[1], default=None)
    after = min((one for one in taken if one[0] >= end and one[0].date() == day), key=lambda one: one[0], default=None)
    if before and after:
        return f"free between “{before[2]}” and “{after[2]}”"
    if before:
        return f"free after “{before[2]}”"
    return f"free before “{after[2]}”" if after else "nothing else that day"


def _named(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _day(problem: Problem, moment: datetime) -> date:
    return moment.astimezone(problem.zone).date()
