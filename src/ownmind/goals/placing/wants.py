"""Which steps want a place in a span of time, and which cannot have one whatever the calendar says.

A step must have a place when it, or one after it of its goal, must be done before the span ends. One that may be done later takes its
share: as much of a goal's open work as the span is of the time that is left for it. Both are pure arithmetic over the steps given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from ..goal import Goal, Rhythm, State, Step, StepState
from .schedule import Days, Past, Rules, Sitting, Window

_A_WEEK = 40  # sittings that are planned for a week: more than a week of anybody holds
_NONE: list[tuple[Step, bool]] = []
_DAY = 24 * 60
_LOOK_BACK = timedelta(days=15)  # how far back done steps matter for rest


@dataclass(frozen=True, slots=True)
class Left:
    """A step that was not planned, and why."""

    step: Step
    why: str


@dataclass(frozen=True, slots=True)
class Wants:
    """What is to be placed. ``running``: steps whose time is now. ``left``: what cannot be planned. ``notes``: what waits."""

    sittings: tuple[Sitting, ...] = ()
    rules: Mapping[str, Rules] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, datetime] = field(default_factory=dict)
    past: tuple[Past, ...] = ()
    running: tuple[Step, ...] = ()
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()


def wants(goals: Sequence[Goal], steps: Sequence[Step], days: Days, now: datetime, end: datetime, zone: ZoneInfo) -> Wants:
    """What the active goals want between ``now`` and ``end``."""
    active = {one.id: one for one in goals if one.state is State.ACTIVE}
    running = tuple(one for one in steps if one.goal in active and _is_running(one, now))
    open_ones: defaultdict[str, list[Step]] = defaultdict(list)
    left: list[Left] = []
    for step in sorted(steps, key=lambda one: one.position):
        if step.goal in active and step.state is StepState.OPEN and step not in running and step.earliest < end:
            if why := cannot(step, active[step.goal].rhythm, days, now, zone):
                left.append(Left(step, why))
            else:
                open_ones[step.goal].append(step)
    asked = {goal: its for goal, every in open_ones.items() if (its := list(_asked(every, now, end)))}
    kept = _bounded(active, asked, ceil((end - now) / timedelta(weeks=1)))
    sittings = [sitting_of(active[goal], step, now, end, must=must) for goal, its in kept.items() for step, must in its]
    before = {step.id: step.start for its in kept.values() for step, _ in its if step.start is not None and step.start >= now}
    over = sum(map(len, asked.values())) - len(sittings)
    wait = f"{over} steps are not planned now: more than {_A_WEEK} in a week have room nowhere. Pause some goals, or let some go"
    return Wants(
        tuple(sittings),
        {one.id: one.rhythm.rules for one in active.values()},
        {one.id: one.title for one in active.values()},
        before,
        tuple(_past(steps, running, now)),
        running,
        tuple(left),
        (wait,) if over else (),
    )


def cannot(step: Step, rhythm: Rhythm, days: Days, now: datetime, zone: ZoneInfo) -> str:
    """Why no calendar has a place for it; "" when one may."""
    named = f"“{step.title}”"
    if not 0 < step.minutes <= _DAY:
        return f"{named} takes {step.minutes} minutes: it must take between a minute and a day"
    if step.latest <= now:
        return f"{named} was to be done by {_day(step.latest, zone)}, and that is over"
    if step.latest <= step.earliest:
        by, begins = (_day(moment, zone, clock=True) for moment in (step.latest, step.earliest))
        return f"{named} would have to be done by {by}, before it may begin on {begins}"
    if step.latest - max(step.earliest, now) < timedelta(minutes=step.minutes):
        return f"{named} takes {step.minutes} minutes, and there is less time than that until {_day(step.latest, zone, clock=True)}"
    if not days.awake:
        return f"{named} has no place: no waking hours are given"
    longest = _longest(rhythm.windows or days.awake, days.awake)
    if not longest:
        return f"{named} may only stand {_hours(rhythm.windows)}, and you are awake {_hours(days.awake)}"
    if longest < step.minutes:
        return f"{named} takes {step.minutes} minutes, and none of the hours given for it is that long"
    return ""


def _is_running(step: Step, now: datetime) -> bool:
    return step.state is StepState.OPEN and step.start is not None and step.end is not None and step.start <= now < step.end


_DAYTIME = (Window(9 * 60, 20 * 60),)  # a wish where nobody gave hours: not the first minute of the day, and not the last


def _asked(its: Sequence[Step], now: datetime, end: datetime) -> Iterator[tuple[Step, bool]]:
    """The steps of one goal that want a place, each with whether it must have one."""
    last = max((place for place, one in enumerate(its) if one.latest <= end), default=-1)
    yield from ((one, True) for one in its[: last + 1])
    later = [one for one in its[last + 1 :] if one.start is None or one.start < end]  # what stands after the span keeps its place
    share = sum((end - max(one.earliest, now)) / (one.latest - max(one.earliest, now)) for one in later)
    yield from ((one, False) for one in later[: ceil(share - 1e-6)])


def _bounded(active: Mapping[str, Goal], asked: Mapping[str, list[tuple[Step, bool]]], weeks: int) -> dict[str, list[tuple[Step, bool]]]:
    """As many of the steps as a plan can look at, those of the goals that press most first; by goal, in the order goals were made."""
    room, kept = _A_WEEK * weeks, dict.fromkeys(active, _NONE)
    for goal in sorted(asked, key=lambda goal: (min(one.latest for one, _ in asked[goal]), active[goal].created_at, goal)):
        kept[goal] = asked[goal][:room]
        room -= len(kept[goal])
    return {goal: list(its) for goal, its in kept.items() if its}


def sitting_of(goal: Goal, step: Step, now: datetime, end: datetime, *, must: bool = True) -> Sitting:
    """A step as it is to be placed; ``must``: by ``end``, or else it may wait."""
    rhythm = goal.rhythm
    best = rhythm.best or (() if rhythm.windows else _DAYTIME)
    return Sitting(
        step.id, goal.id, step.minutes, max(step.earliest, now), min(step.latest, end), rhythm.windows, best, rhythm.travel,
        min(step.shortest, step.minutes), step.title, may_wait=not must,
    )  # fmt: skip


def _past(steps: Sequence[Step], running: Sequence[Step], now: datetime) -> Iterator[Past]:
    for step in steps:
        at = step.done_at or step.start
        if step.state in (StepState.DONE, StepState.HALF) and at is not None and now - _LOOK_BACK < at <= now:
            yield Past(step.goal, at, step.minutes, step.title)
    yield from (Past(one.goal, one.start, one.minutes, one.title) for one in running if one.start is not None)


def _longest(own: Sequence[Window], awake: Sequence[Window]) -> int:
    """Minutes of the longest stretch of any week that lies in both."""
    week = (_week(own) & _week(awake)).to_bytes(7 * _DAY)
    return min(len(week), max(len(run) for run in (week * 2).split(b"\0")))


def _week(windows: Sequence[Window]) -> int:
    """The minutes of a week that lie in a window, a byte for each, as one number."""
    inside = bytearray(7 * _DAY)
    for window in windows:
        for day in window.weekdays:
            inside[day * _DAY + window.start : day * _DAY + window.end] = b"\1" * (window.end - window.start)
    return int.from_bytes(inside)


def _hours(windows: Sequence[Window]) -> str:
    return " or ".join(f"{_clock(one.start)} to {_clock(one.end)}" for one in windows)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _day(moment: datetime, zone: ZoneInfo, *, clock: bool = False) -> str:
    """A day as people say it: what ends at midnight ends on the day before."""
    local = moment.astimezone(zone)
    if local.time() == time() and not clock:
        local = local - timedelta(days=1)
    shown: date = local.date()
    return f"{shown:%a} {shown.day} {shown:%b}" + (f" {local:%H:%M}" if clock else "")
