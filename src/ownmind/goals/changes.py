"""When a plan cannot fit: the smallest changes of what was asked that make it fit, each proven, and what is missing in hours.

For each thing that may give way the solver finds the least of it that suffices by itself, and the cheapest mixture of all. Every offer
is a changed problem with its plan, and the independent checker has passed that plan before it is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .check import check
from .free import Grid, slots
from .schedule import GRID, Days, Plan, Problem
from .solve import EFFORT, Given, Slack, Solved, solve


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that makes it fit. ``cost``: how much gives way (`solve.COSTS`); ``is_smallest``: the solver proved that less of these
    kinds would not do."""

    words: tuple[str, ...]
    problem: Problem
    plan: Plan
    cost: int
    is_smallest: bool


def offers(problem: Problem, *, effort: float = EFFORT, most: int = 4) -> list[Offer]:
    """Changes that make ``problem`` fit, the smallest first; empty when not even leaving sittings out does (never, as nothing is left)."""
    found: dict[tuple[str, ...], Offer] = {}
    for kinds in (frozenset(Slack), *(frozenset({kind}) for kind in Slack)):
        solved = solve(problem, kinds, effort=effort)
        if solved is not None and (offer := _offer(problem, solved)) is not None:
            found.setdefault(offer.words, offer)
    return sorted(found.values(), key=lambda one: one.cost)[:most]


def missing(problem: Problem) -> str:
    """What a goal needs in its scarcest week beside what its hours leave free, for the goals that need more than there is; "" when
    every goal by itself has room (then they are in each other's way)."""
    lines = [f"{goal} needs {_hours(need)} in the week of {week:%d %B}, and its hours leave {_hours(free)}"
             for goal, week, need, free in _short(problem)]  # fmt: skip
    return "; ".join(lines)


def changed(problem: Problem, given: Given) -> Problem:
    """The problem with what gave way written into it."""
    sittings = []
    for one in problem.sittings:
        if one.id in given.left_out:
            continue
        if one.id in given.outside:
            one = replace(one, windows=())
        if one.goal in given.shorter and one.shortest:
            one = replace(one, minutes=one.shortest)
        if one.goal in given.later:
            one = replace(one, latest=one.latest + timedelta(days=given.later[one.goal]))
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


def _offer(problem: Problem, solved: Solved) -> Offer | None:
    other = changed(problem, solved.given)
    if not check(other, solved.plan).holds:
        return None
    return Offer(tuple(_words(problem, solved.given)), other, solved.plan, solved.cost, solved.is_best)


def _words(problem: Problem, given: Given) -> Iterator[str]:
    titles = {one.id: one.title or one.goal for one in problem.sittings}
    goals: Counter[str] = Counter(one.goal for one in problem.sittings)
    out: Counter[str] = Counter(one.goal for one in problem.sittings if one.id in given.left_out)
    for goal, count in out.items():
        yield f"{goal}: {goals[goal] - count} times instead of {goals[goal]}"
    for goal in sorted(given.shorter):
        minutes = next((one.minutes, one.shortest) for one in problem.sittings if one.goal == goal and one.shortest)
        yield f"{goal}: {minutes[1]} minutes instead of {minutes[0]}"
    for goal, days in given.later.items():
        yield f"{goal}: finished {_count(days, 'day')} later"
    for goal, days in given.less_rest.items():
        yield f"{goal}: {_count(problem.rules_of(goal).rest - days, 'free day')} between, instead of {problem.rules_of(goal).rest}"
    for name in sorted(given.outside):
        yield f"{titles[name]}: once outside the hours you gave"
    for day, minutes_more in sorted(given.longer.items()):
        yield f"{day:%a %d %b}: {minutes_more} minutes more than a day may hold"
    for day, more in sorted(given.more.items()):
        yield f"{day:%a %d %b}: {_count(more, 'sitting')} more than a day may hold"


def _short(problem: Problem) -> Iterator[tuple[str, datetime, int, int]]:
    """The goals whose own hours are too few in a week that only they need: goal, the week's Monday, minutes needed, minutes free."""
    grid = Grid(problem)
    needs: defaultdict[tuple[str, datetime], int] = defaultdict(int)
    room: dict[tuple[str, datetime], set[int]] = defaultdict(set)
    for one in problem.sittings:
        first, last = max(one.earliest, problem.start), min(one.latest, problem.end)
        week = _monday(first.astimezone(problem.zone))
        if last.astimezone(problem.zone) > week + timedelta(days=7, hours=1):
            continue  # it may be done in another week
        needs[one.goal, week] += one.minutes
        length = slots(one.minutes)
        room[one.goal, week] |= {slot + i for slot in grid.starts(one, one.minutes) for i in range(length)}
    for (goal, week), need in needs.items():
        free = GRID * len(room[goal, week])
        if free < need:
            yield goal, week, need, free


def _monday(moment: datetime) -> datetime:
    return (moment - timedelta(days=moment.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g} h" if minutes % 6 == 0 else f"{minutes / 60:.1f} h"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
