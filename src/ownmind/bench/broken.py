"""A good plan broken on purpose, one rule at a time: what the checker must refuse, or it checks nothing.

Either the plan is changed, or the problem is, so that what was in order no longer is. Each breach is certain, whatever else it breaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from ..goals.placing.schedule import Busy, Days, Past, Placed, Plan, Problem, Rules, Sitting, Window

_MINUTE = timedelta(minutes=1)


def broken(problem: Problem, plan: Plan) -> Iterator[tuple[str, Problem, Plan]]:
    """Each rule that can be broken in this plan: its name, and a problem with a plan that breaks it."""
    its = [one for one in problem.sittings if one.id in plan]
    if not its:
        return
    one = its[len(its) // 2]
    at = plan[one.id]
    yield "missing", problem, {name: place for name, place in plan.items() if name != one.id}
    yield "unasked", problem, {**plan, "nobody asked": at}
    yield "shorter", problem, {**plan, one.id: Placed(at.start, at.end - _MINUTE)}
    yield "longer", problem, {**plan, one.id: Placed(at.start, at.end + _MINUTE)}
    yield "busy", replace(problem, busy=(*problem.busy, Busy(at.end - _MINUTE, at.end + 9 * _MINUTE, "somebody"))), plan
    yield "way to it", replace(problem, busy=(*problem.busy, Busy(at.end, at.end + 9 * _MINUTE, "somebody", 5))), plan
    yield "too early", _with(problem, replace(one, earliest=at.start + _MINUTE)), plan
    yield "too late", _with(problem, replace(one, latest=at.end - _MINUTE)), plan
    yield "hours", _with(problem, replace(one, windows=(_around(problem, at.start),))), plan
    yield "sleep", replace(problem, days=replace(problem.days, awake=(_around(problem, at.start),))), plan
    yield "before the start", replace(problem, start=at.start + _MINUTE), plan
    yield from _together(problem, plan, its)
    yield from _limits(problem, plan, its)
    yield from _goals(problem, plan, its)


def _together(problem: Problem, plan: Plan, its: list[Sitting]) -> Iterator[tuple[str, Problem, Plan]]:
    ordered = sorted(its, key=lambda one: plan[one.id].start)
    for first, second in pairwise(ordered):
        between = plan[second.id].start - plan[first.id].end
        pause = between // _MINUTE + 1
        yield "pause", replace(problem, days=replace(problem.days, pause=pause)), plan
        inside = plan[first.id].start + _MINUTE
        yield "two at once", problem, {**plan, second.id: Placed(inside, inside + _MINUTE * second.minutes)}
        return


def _limits(problem: Problem, plan: Plan, its: list[Sitting]) -> Iterator[tuple[str, Problem, Plan]]:
    minutes: Counter[date] = Counter()
    count: Counter[date] = Counter()
    for one in its:
        minutes[_day(problem, plan[one.id].start)] += one.minutes
        count[_day(problem, plan[one.id].start)] += 1
    plain = replace(problem.days, more_minutes={}, more_sittings={})
    yield "minutes of a day", _days(problem, replace(plain, most_minutes=max(minutes.values()) - 1)), plan
    yield "sittings of a day", _days(problem, replace(plain, most_sittings=max(count.values()) - 1)), plan
    full = max(count, key=lambda day: count[day])
    done = Past("something else", datetime.combine(full, datetime.min.time(), problem.zone), problem.days.most_minutes)
    yield "done before", replace(_days(problem, plain), past=(*problem.past, done)), plan


def _goals(problem: Problem, plan: Plan, its: list[Sitting]) -> Iterator[tuple[str, Problem, Plan]]:
    goal, count = Counter(one.goal for one in its).most_common(1)[0]
    mine = [one for one in its if one.goal == goal]
    rules = problem.rules_of(goal)
    days = Counter(_day(problem, plan[one.id].start) for one in mine)
    weeks = Counter(day.isocalendar()[:2] for day in days.elements())
    yield "times a day", _rules(problem, goal, replace(rules, most_a_day=max(days.values()) - 1)), plan
    yield "times a week", _rules(problem, goal, replace(rules, most_a_week=max(weeks.values()) - 1)), plan
    yesterday = Past(goal, plan[mine[0].id].start - timedelta(days=1), 1)
    yield "rest after what was done", _rules(replace(problem, past=(yesterday,)), goal, replace(rules, rest=1)), plan
    if count > 1:
        first, second = plan[mine[0].id], plan[mine[1].id]
        apart = (_day(problem, second.start) - _day(problem, first.start)).days
        yield "rest", _rules(problem, goal, replace(rules, rest=apart or 1)), plan
        yield "order", problem, {**plan, mine[0].id: second, mine[1].id: first}


def _with(problem: Problem, changed: Sitting) -> Problem:
    return replace(problem, sittings=tuple(changed if one.id == changed.id else one for one in problem.sittings))


def _days(problem: Problem, days: Days) -> Problem:
    return replace(problem, days=days)


def _rules(problem: Problem, goal: str, rules: Rules) -> Problem:
    return replace(problem, rules={**problem.rules, goal: rules})


def _around(problem: Problem, moment: datetime) -> Window:
    """Hours of the clock that this moment does not lie in."""
    clock = moment.astimezone(problem.zone)
    minutes = clock.hour * 60 + clock.minute
    return Window(0, minutes) if minutes >= 12 * 60 else Window(minutes + 1, 24 * 60)


def _day(problem: Problem, moment: datetime) -> date:
    return moment.astimezone(problem.zone).date()
