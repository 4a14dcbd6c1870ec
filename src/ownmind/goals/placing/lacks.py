"""What is missing where a plan does not fit, in hours: what is needed beside what is there.

Plain sums over the calendar, no solver: a goal's own hours in a week that only it needs, then all goals together against what the days
may hold. Where neither is short, the demands are in each other's way in time, and `conflict` names them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..counted import hours
from .free import Grid, slots
from .schedule import GRID, Problem


def missing(problem: Problem) -> str:
    """What a goal needs in a week beside what its hours leave free, for those that need more than there is; else the same for all goals
    together; "" when there is time enough and it is only in the wrong places."""
    grid = Grid(problem)
    own = [f"{problem.name(goal)} needs {hours(need)} in the week of {_day(week)}, and its hours leave {hours(free)}"
           for goal, week, need, free in _short(problem, grid)]  # fmt: skip
    return "; ".join(own or _together(problem, grid))


def _short(problem: Problem, grid: Grid) -> Iterator[tuple[str, datetime, int, int]]:
    """The goals whose own hours are too few in a week that only they need: goal, the week's Monday, minutes needed, minutes free."""
    needs: defaultdict[tuple[str, datetime], int] = defaultdict(int)
    room: defaultdict[tuple[str, datetime], set[int]] = defaultdict(set)
    for one in problem.sittings:
        if one.may_wait or (week := _week(problem, one.earliest, one.latest)) is None:
            continue
        needs[one.goal, week] += one.minutes
        length = slots(one.minutes)
        room[one.goal, week] |= {slot + i for slot in grid.starts(one, one.minutes) for i in range(length)}
    for (goal, week), need in needs.items():
        free = GRID * len(room[goal, week])
        if free < need:
            yield goal, week, need, free


def _together(problem: Problem, grid: Grid) -> Iterator[str]:
    """The weeks in which all that must be done is more than the days may hold."""
    needs: defaultdict[datetime, int] = defaultdict(int)
    for one in problem.sittings:
        if not one.may_wait and (week := _week(problem, one.earliest, one.latest)) is not None:
            needs[week] += one.minutes
    room: defaultdict[datetime, int] = defaultdict(int)
    firsts = [first for _, first in grid.day_starts] + [grid.size]
    free, limits = grid.open(), problem.days
    for (day, first), after in zip(grid.day_starts, firsts[1:], strict=True):
        week = _monday(grid.moment(first))
        room[week] += min(limits.most_minutes + limits.more_minutes.get(day, 0), sum(free[first * GRID : after * GRID]))
    for week, need in sorted(needs.items()):
        if need > room[week]:
            yield f"all goals together need {hours(need)} in the week of {_day(week)}, and your days have {hours(room[week])} for them"


def _week(problem: Problem, earliest: datetime, latest: datetime) -> datetime | None:
    """The Monday of the week it must stand in; None when it may stand in several."""
    first, last = max(earliest, problem.start).astimezone(problem.zone), min(latest, problem.end).astimezone(problem.zone)
    week = _monday(first)
    return None if last > week + timedelta(days=7, hours=1) else week


def _monday(moment: datetime) -> datetime:
    return (moment - timedelta(days=moment.weekday())).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B}"
