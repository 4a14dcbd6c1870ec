"""An independent check of a plan: every rule again, one sitting at a time, with nothing of the solver's.

It works on moments, not on a grid, and reads the problem alone. What holds is told in words (`proof`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from ..counted import count, times
from .proof import lines
from .schedule import Past, Placed, Plan, Problem, Sitting, Window


@dataclass(frozen=True, slots=True)
class Proof:
    """``wrong``: every rule that is broken, in words; none when the plan holds. ``lines``: of a plan that holds, for each
    sitting when it is and what lies around it."""

    wrong: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.wrong


def check(problem: Problem, plan: Plan) -> Proof:
    """Whether ``plan`` places every sitting of ``problem``, and only these, within every rule."""
    known = {one.id: one for one in problem.sittings}
    wrong = [f"{_named(one)} has no place" for name, one in known.items() if name not in plan and not one.may_wait]
    wrong += [f"{name} is not asked for" for name in plan if name not in known]
    placed = sorted(((known[name], at) for name, at in plan.items() if name in known), key=lambda pair: pair[1].start)
    for sitting, at in placed:
        wrong += _alone(problem, sitting, at)
    wrong += [*_apart(problem, placed), *_days(problem, placed), *_goals(problem, placed)]
    return Proof(tuple(wrong), () if wrong else lines(problem, placed))


def _alone(problem: Problem, sitting: Sitting, at: Placed) -> Iterator[str]:
    """What one sitting breaks by itself."""
    if at.end - at.start != timedelta(minutes=sitting.minutes):
        yield f"{_named(sitting)} lasts {at.end - at.start}, not {sitting.minutes} minutes"
    way = timedelta(minutes=sitting.travel)
    if at.start - way < problem.start or at.end + way > problem.end:
        yield f"{_named(sitting)} is outside the time that is planned"
    if at.start < sitting.earliest or at.end > sitting.latest:
        yield f"{_named(sitting)} is not between {sitting.earliest:%d %b %H:%M} and {sitting.latest:%d %b %H:%M}"
    if sitting.windows and not _covered(problem, at, sitting.windows):
        yield f"{_named(sitting)} is outside the hours given for it"
    if not _covered(problem, Placed(at.start - way, at.end + way), problem.days.awake):
        yield f"{_named(sitting)} is in hours of sleep"
    for busy in problem.busy:
        theirs = timedelta(minutes=busy.travel)
        if sitting.goal in busy.open_to or busy.start >= busy.end:
            continue
        if at.start - way < busy.end + theirs and busy.start - theirs < at.end + way:
            yield f"{_named(sitting)} meets {busy.what or 'what is in the calendar'}"


def _apart(problem: Problem, placed: Sequence[tuple[Sitting, Placed]]) -> Iterator[str]:
    pause = timedelta(minutes=problem.days.pause)
    ordered = sorted(placed, key=lambda pair: pair[1].start - timedelta(minutes=pair[0].travel))
    for (first, earlier), (second, later) in pairwise(ordered):
        if earlier.end + timedelta(minutes=first.travel) + pause > later.start - timedelta(minutes=second.travel):
            yield f"{_named(first)} and {_named(second)} meet, with their ways and the pause"


def _days(problem: Problem, placed: Sequence[tuple[Sitting, Placed]]) -> Iterator[str]:
    minutes: Counter[date] = Counter()
    sat: Counter[date] = Counter()
    for sitting, at in placed:
        day = _day(problem, at.start)
        minutes[day] += sitting.minutes
        sat[day] += 1
    planned = set(sat)
    for past in problem.past:
        day = _day(problem, past.start)
        minutes[day] += past.minutes
        sat[day] += 1
    limits = problem.days
    for day in sorted(planned):
        if minutes[day] > limits.most_minutes + limits.more_minutes.get(day, 0):
            yield f"{day:%a} {_spelled(day)} holds {minutes[day]} minutes, more than it may"
        if sat[day] > limits.most_sittings + limits.more_sittings.get(day, 0):
            yield f"{day:%a} {_spelled(day)} holds {sat[day]} sittings, more than it may"


def _goals(problem: Problem, placed: Sequence[tuple[Sitting, Placed]]) -> Iterator[str]:
    by_goal: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for sitting, at in placed:
        by_goal[sitting.goal][sitting.id] = at.start
    for goal, starts in by_goal.items():
        rules = problem.rules_of(goal)
        ordered = [(one, starts[one.id]) for one in problem.sittings if one.id in starts]
        for (first, earlier), (second, later) in pairwise(ordered):
            apart = (_day(problem, later) - _day(problem, earlier)).days
            if later <= earlier:
                yield f"{_named(second)} comes before {_named(first)}"
            elif rules.rest and apart <= rules.rest:
                yield f"{_named(first)} and {_named(second)} must have {count(rules.rest, 'free day')} between them"
        past = [one for one in problem.past if one.goal == goal]
        yield from _rested(problem, goal, past, ordered)
        planned = {_day(problem, at) for at in starts.values()}
        every = [_day(problem, at) for at in (*starts.values(), *(one.start for one in past))]
        days, weeks = Counter(every), Counter(day.isocalendar()[:2] for day in every)
        yield from (
            f"{problem.name(goal)} stands {times(days[day])} on {_spelled(day)}, more than it may"
            for day in sorted(planned)
            if days[day] > rules.most_a_day
        )
        for week in sorted({day.isocalendar()[:2] for day in planned}):
            if weeks[week] > rules.most_a_week:
                yield f"{problem.name(goal)} stands {times(weeks[week])} in week {week[1]}, more than it may"


def _rested(problem: Problem, goal: str, past: Sequence[Past], ordered: Sequence[tuple[Sitting, datetime]]) -> Iterator[str]:
    """What was done before has its days of rest too."""
    rest = problem.rules_of(goal).rest
    for one in past:
        for sitting, at in ordered:
            if rest and abs((_day(problem, at) - _day(problem, one.start)).days) <= rest:
                yield f"{_named(sitting)} must have {count(rest, 'free day')} from what was done on {_spelled(_day(problem, one.start))}"


def _day(problem: Problem, at: datetime) -> date:
    return at.astimezone(problem.zone).date()


def _covered(problem: Problem, at: Placed, windows: Sequence[Window]) -> bool:
    """Whether every minute of it lies in a window, by the clock of its day."""
    moment, end = at.start.astimezone(UTC), at.end.astimezone(UTC)
    while moment < end:
        local = moment.astimezone(problem.zone)
        clock = local.hour * 60 + local.minute
        if not any(local.weekday() in one.weekdays and one.start <= clock < one.end for one in windows):
            return False
        moment += timedelta(minutes=1)
    return True


def _spelled(day: date) -> str:
    return f"{day.day} {day:%b}"


def _named(sitting: Sitting) -> str:
    return f"“{sitting.title}”" if sitting.title else sitting.id
