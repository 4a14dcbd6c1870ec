"""When a plan cannot fit: the smallest changes of what was asked that make it fit, each proven.

For each thing that may give way the solver finds the least of it that suffices by itself, and the cheapest mixture of all. Only the parts
of the time that do not fit are loosened. Every offer is a changed problem that was solved again as it then stands, and the independent
checker has passed that plan before it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from .check import check
from .free import Grid
from .placing import LATER_BY, Found, Given, Model, Slack
from .schedule import Days, Plan, Problem
from .solve import EFFORT, parts, solve, spread

_AFTER = timedelta(days=LATER_BY + 1)


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that makes it fit: what gave way, in words, and the ``problem`` and ``plan`` as they are then. ``cost``: how much gives
    way (`placing.COSTS`); ``is_smallest``: the solver proved that less of these kinds would not do."""

    words: tuple[str, ...]
    given: Given
    problem: Problem
    plan: Plan
    cost: int
    is_smallest: bool


def offers(problem: Problem, *, effort: float = EFFORT, most: int = 4) -> list[Offer]:
    """Changes that make ``problem`` fit, the smallest first. What may wait is left aside: it never makes a plan fail."""
    problem = replace(problem, sittings=tuple(one for one in problem.sittings if not one.may_wait))
    even = spread(problem)
    tight = [part for part in parts(even, after=_AFTER) if Model(Grid(part)).solve(effort).plan is None]
    found = _offers(problem, tight, effort, is_exact=even is problem) if tight else []
    if not found:  # each part has a place by itself: they are in each other's way
        found = _offers(problem, [problem], effort, is_exact=True)
    return sorted(found, key=lambda one: one.cost)[:most]


def changed(problem: Problem, given: Given) -> Problem:
    """The problem with what gave way written into it."""
    sittings = []
    for one in problem.sittings:
        if one.id in given.left_out:
            continue
        if one.id in given.outside:
            one = replace(one, windows=())
        if one.id in given.shorter:
            one = replace(one, minutes=one.shortest)
        if days := given.later.get(one.id, 0):
            one = replace(one, latest=(one.latest.astimezone(UTC) + timedelta(days=days)).astimezone(problem.zone))
        sittings.append(one)
    rules = dict(problem.rules)
    for goal, days in given.less_rest.items():
        rules[goal] = replace(problem.rules_of(goal), rest=problem.rules_of(goal).rest - days)
    return replace(problem, sittings=tuple(sittings), rules=rules, days=_longer(problem.days, given))


def _longer(days: Days, given: Given) -> Days:
    minutes, sittings = Counter(days.more_minutes), Counter(days.more_sittings)
    minutes.update(given.longer)
    sittings.update(given.more)
    return replace(days, more_minutes=dict(minutes), more_sittings=dict(sittings))


def _offers(problem: Problem, tight: Sequence[Problem], effort: float, *, is_exact: bool) -> list[Offer]:
    """One offer for each kind that suffices by itself, and a mixture where that is cheaper."""
    grids = [Grid(part) for part in tight]
    alone = [[Model(grid, frozenset({kind})).solve(effort) for grid in grids] for kind in Slack]
    ways = [found for found in alone if all(one.plan is not None for one in found)]
    mixed = [_mixed(grid, [found[place] for found in alone], effort) for place, grid in enumerate(grids)]
    ways.append(mixed)
    made: dict[tuple[str, ...], Offer] = {}
    for found in sorted(ways, key=lambda found: sum(one.cost for one in found)):
        offer = _offer(problem, found, is_exact=is_exact)
        if offer is not None:
            made.setdefault(offer.words, offer)
    return list(made.values())


def _mixed(grid: Grid, alone: Sequence[Found], effort: float) -> Found:
    """The cheapest of any mixture: what suffices alone, unless less of several does."""
    best = min((one for one in alone if one.plan is not None), key=lambda one: one.cost, default=None)
    found = Model(grid, frozenset(Slack), below=best.cost if best else 0).solve(effort)
    if found.plan is not None or best is None:
        return found
    return replace(best, is_proven=found.is_proven)


def _offer(problem: Problem, found: Sequence[Found], *, is_exact: bool) -> Offer | None:
    if any(one.plan is None for one in found):
        return None
    given = _joined([one.given for one in found])
    other = changed(problem, given)
    solved = solve(other)
    if solved is None or not check(other, solved.plan).holds:
        return None
    is_smallest = is_exact and all(one.is_proven for one in found)
    return Offer(tuple(_words(problem, given)), given, other, solved.plan, sum(one.cost for one in found), is_smallest)


def _joined(every: Sequence[Given]) -> Given:
    """What gave way in several parts, together."""
    return Given(
        frozenset().union(*(one.outside for one in every)),
        {day: n for one in every for day, n in one.longer.items()},
        {day: n for one in every for day, n in one.more.items()},
        {goal: max(one.less_rest.get(goal, 0) for one in every) for goal in {goal for one in every for goal in one.less_rest}},
        frozenset().union(*(one.shorter for one in every)),
        {name: n for one in every for name, n in one.later.items()},
        frozenset().union(*(one.left_out for one in every)),
    )


def _words(problem: Problem, given: Given) -> Iterator[str]:
    goals = {one.id: one.goal for one in problem.sittings}
    its = {one.id: one for one in problem.sittings}
    wanted = Counter(goals.values())
    for goal, count in Counter(goals[name] for name in given.left_out).items():
        yield f"{problem.name(goal)}: {_times(wanted[goal] - count)} instead of {_times(wanted[goal])}"
    for goal, count in sorted(Counter(goals[name] for name in given.shorter).items()):
        lengths = sorted({(its[name].shortest, its[name].minutes) for name in given.shorter if goals[name] == goal})
        how = ", ".join(f"{short} minutes instead of {full}" for short, full in lengths)
        yield f"{problem.name(goal)}: {how}" + ("" if count == wanted[goal] else f", {_times(count)}")
    for goal, days in sorted({(goals[name], days) for name, days in given.later.items()}):
        yield f"{problem.name(goal)}: finished {_count(days, 'day')} later"
    for goal, days in sorted(given.less_rest.items()):
        rest = problem.rules_of(goal).rest
        yield f"{problem.name(goal)}: {_count(rest - days, 'free day')} between, instead of {rest}"
    for goal, count in sorted(Counter(goals[name] for name in given.outside).items()):
        yield f"{problem.name(goal)}: {_times(count)} outside the hours you gave"
    if given.longer:
        most = problem.days.most_minutes + max(given.longer.values())
        yield f"up to {most} minutes a day instead of {problem.days.most_minutes} ({_on(given.longer)})"
    if given.more:
        count = problem.days.most_sittings + max(given.more.values())
        yield f"up to {count} sittings a day instead of {problem.days.most_sittings} ({_on(given.more)})"


def _on(days: Iterable[date]) -> str:
    return ", ".join(f"{day:%a} {day.day} {day:%b}" for day in sorted(days))


def _times(number: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
