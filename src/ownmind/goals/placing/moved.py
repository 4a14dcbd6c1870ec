"""Which steps stand elsewhere than before, and why: the first plain reason there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from ..goal import Moved, Step
from .free import Grid
from .schedule import Placed, Plan, Problem, Sitting


def moved(problem: Problem, before: Mapping[str, Step], plan: Plan, now: datetime) -> tuple[Moved, ...]:
    """The steps of ``plan`` that had another place ``before``, by the time they have now."""
    return tuple(sorted(_moved(problem, before, plan, now), key=lambda one: (one.now or now, one.step)))


def _moved(problem: Problem, before: Mapping[str, Step], plan: Plan, now: datetime) -> Iterator[Moved]:
    grid = Grid(problem)
    for sitting in problem.sittings:
        was, at = before[sitting.id].start, plan.get(sitting.id)
        if was is not None and (at is None or at.start != was):
            yield Moved(sitting.id, sitting.title, was, at.start if at else None, _why(problem, grid, sitting, was, plan, now, before))


def _why(problem: Problem, grid: Grid, sitting: Sitting, was: datetime, plan: Plan, now: datetime, before: Mapping[str, Step]) -> str:
    if was < now:
        return "it was missed"
    if sitting.id not in plan:
        return "it may wait, and these weeks have no room for it"
    way = timedelta(minutes=sitting.travel)
    old = Placed(was, was + timedelta(minutes=sitting.minutes))
    for busy in problem.busy:
        theirs = timedelta(minutes=busy.travel)
        if sitting.goal not in busy.open_to and old.start - way < busy.end + theirs and busy.start - theirs < old.end + way:
            return f"it would meet {_quoted(busy.what)}"
    if grid.after(was) not in grid.starts(sitting, sitting.minutes):
        return "its place is no longer in the hours or days given for it"
    for other in problem.sittings:
        its = plan.get(other.id)
        if its is not None and other.id != sitting.id and old.start < its.end and its.start < old.end:
            return f"it made room for {_quoted(other.title)}"
    for other in problem.sittings:
        if other.goal == sitting.goal and other.id != sitting.id and _has_moved(other, before, plan):
            return f"it keeps its order and rest beside {_quoted(other.title)}, which moved"
    return "so that everything fits"


def _has_moved(other: Sitting, before: Mapping[str, Step], plan: Plan) -> bool:
    at = plan.get(other.id)
    return at is not None and at.start != before[other.id].start


def _quoted(what: str) -> str:
    return f"“{what}”" if what else "something in the calendar"
