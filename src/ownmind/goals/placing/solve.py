"""The best plan, or the proof that there is none.

A quarter is solved week by week where no sitting may stand in two weeks: each part sees what the parts before it took (rest, limits of
a day, time). A part that has no place beside them is solved together with the part before, until it has one or the whole has none.
Sittings that may stand in many weeks are first tried in their share of the weeks, evenly, and only else in all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .free import Grid, at_clock
from .model import Found, Model
from .schedule import Busy, Past, Plan, Problem, Sitting

EFFORT = 2.0  # deterministic seconds for a part; about as long on one core of 2024
_WEEK = timedelta(days=7)
_EDGE = timedelta(days=1)  # of calendar around a part, for the way there and back


@dataclass(frozen=True, slots=True)
class Solved:
    """``plan``: every sitting, but for those that may wait and do. ``is_best``: nothing better was possible, the solver proved it."""

    plan: Plan
    cost: int
    is_best: bool


def solve(problem: Problem, *, effort: float = EFFORT) -> Solved | None:
    """The best plan; None when there is none, or none was found within ``effort`` for each part."""
    even = spread(problem)
    found = _by_parts(even, effort)
    if even is problem:
        return found
    if found is not None:
        return replace(found, is_best=False)
    if _by_parts(bare(problem), effort) is None:
        return None  # what must stand in its week has no plan, whatever stands beside it
    return _by_parts(problem, effort)


def parts(problem: Problem, *, after: timedelta = _EDGE) -> list[Problem]:
    """The problem cut where no sitting may stand on both sides, in the order of time, each with ``after`` of calendar behind it."""
    cut: list[list[Sitting]] = []
    until: datetime | None = None
    for one in sorted(problem.sittings, key=lambda one: one.earliest):
        if until is None or one.earliest >= until:
            cut.append([])
            until = one.latest
        cut[-1].append(one)
        until = max(until, one.latest)
    return [_part(problem, its, after) for its in _kept_in_order(problem, cut)]


def _kept_in_order(problem: Problem, cut: Sequence[list[Sitting]]) -> list[list[Sitting]]:
    """The parts, with those in one where a goal's order goes against the order of their time: apart, nothing would hold them to it."""
    place = {one.id: number for number, one in enumerate(problem.sittings)}
    kept: list[list[Sitting]] = []
    for its in cut:
        first: dict[str, int] = {}
        for one in its:
            first[one.goal] = min(first.get(one.goal, place[one.id]), place[one.id])
        crossed = [n for n, before in enumerate(kept) if any(place[one.id] > first.get(one.goal, place[one.id]) for one in before)]
        since = crossed[0] if crossed else len(kept)
        kept[since:] = [[*(one for before in kept[since:] for one in before), *its]]
    return kept


def _by_parts(problem: Problem, effort: float) -> Solved | None:
    done: list[tuple[Problem, Plan]] = []
    costs: list[Found] = []
    waiting = parts(problem)[::-1]
    while waiting:
        part = waiting.pop()
        found = Model(Grid(beside(part, done))).solve(effort)
        if found.plan is not None:
            done.append((part, found.plan))
            costs.append(found)
            continue
        if not done or Model(Grid(part)).solve(effort).plan is None:
            return None  # it has no place by itself
        before, _ = done.pop()
        costs.pop()
        waiting.append(_part(problem, (*before.sittings, *part.sittings)))
    plan = {name: at for _, its in done for name, at in its.items()}
    return Solved(plan, sum(one.cost for one in costs), len(done) <= 1 and all(one.is_proven for one in costs))


def _part(problem: Problem, its: Sequence[Sitting], after: timedelta = _EDGE) -> Problem:
    """These sittings alone, with the calendar around them, in the order of the problem."""
    names = {one.id for one in its}
    start = max(problem.start, min(one.earliest for one in its) - _EDGE)
    end = max(start + _EDGE, min(problem.end, max(one.latest for one in its) + after))
    busy = tuple(one for one in problem.busy if one.start - _way(one) < end and one.end + _way(one) > start)
    return replace(problem, start=start, end=end, busy=busy, sittings=tuple(one for one in problem.sittings if one.id in names))


def _way(one: Busy) -> timedelta:
    return timedelta(minutes=one.travel)


def beside(part: Problem, done: Sequence[tuple[Problem, Plan]]) -> Problem:
    """The part with what earlier parts took: as done before, and as time that is taken."""
    past, busy = list(part.past), list(part.busy)
    for other, plan in done:
        for one in other.sittings:
            at = plan.get(one.id)
            if at is not None and at.start > part.start - _WEEK * 2:
                past.append(Past(one.goal, at.start, one.minutes, one.title))
                busy.append(Busy(at.start, at.end, one.title, one.travel + part.days.pause))
    return replace(part, past=tuple(past), busy=tuple(busy))


def bare(problem: Problem) -> Problem:
    """The problem without what may stand in several weeks."""
    return replace(problem, sittings=tuple(one for one in problem.sittings if not _is_wide(one)))


def spread(problem: Problem) -> Problem:
    """Each sitting that may stand in several weeks in its share of them; the problem itself when there is none."""
    by_goal: defaultdict[tuple[str, datetime, datetime], list[Sitting]] = defaultdict(list)
    for one in problem.sittings:
        if _is_wide(one):
            by_goal[one.goal, one.earliest, one.latest].append(one)
    held = {one.id: one for its in by_goal.values() for one in _shares(problem, its)}
    if not held:
        return problem
    return replace(problem, sittings=tuple(held.get(one.id, one) for one in problem.sittings))


def _is_wide(one: Sitting) -> bool:
    return one.latest - one.earliest > _WEEK + timedelta(hours=2)


def _shares(problem: Problem, its: Sequence[Sitting]) -> Iterator[Sitting]:
    """Sittings of one goal with the same limits, each in the week it stood in, or else its turn falls into."""
    first, last = its[0].earliest, its[0].latest
    for number, one in enumerate(its):
        stood = problem.before.get(one.id)
        turn = stood if stood is not None and first <= stood < last else first + (last - first) * ((number + 0.5) / len(its))
        middle = turn.astimezone(problem.zone).date()
        monday = at_clock(middle - timedelta(days=middle.weekday()), 0, problem.zone)
        sunday = at_clock(middle - timedelta(days=middle.weekday() - 7), 0, problem.zone)
        yield replace(one, earliest=max(first, monday), latest=min(last, sunday))
