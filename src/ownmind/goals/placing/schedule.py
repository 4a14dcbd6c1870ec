"""The values of planning: what wants a place in the calendar, what is in its way, and where everything was put.

All moments are aware; a day, a weekday and a clock time are those of ``Problem.zone``, so a day may have 23 or 25 hours. Lengths are
minutes. A place outside the home costs its way there and back: the way is counted on both sides of what happens there, also when
two things at one place follow each other (that is careful, never late).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...errors import BadInput

GRID = 15  # minutes: what is placed begins on a quarter of an hour
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of some weekdays, on the clock: ``start`` and ``end`` are minutes since midnight, 0 <= start < end <= 1440. Monday is 0."""

    start: int
    end: int
    weekdays: frozenset[int] = frozenset(range(7))

    def __post_init__(self) -> None:
        if not (0 <= self.start < self.end <= 24 * 60) or not self.weekdays <= frozenset(range(7)):
            raise BadInput("a window of hours must begin before it ends, within one day", hint="such as 18:00 to 21:00 on Mo, We, Fr")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One thing to be done at one go. It lies in one of ``windows`` (none: any waking hour), between ``earliest`` and ``latest``.
    ``shortest``: minutes it may be cut to when nothing else helps; 0: it may not. ``may_wait``: it is placed if there is room, and else
    waits for a later plan. Sittings of a goal keep the order they are given in."""

    id: str
    goal: str
    minutes: int
    earliest: datetime
    latest: datetime
    windows: tuple[Window, ...] = ()
    best: tuple[Window, ...] = ()  # hours that suit it better; a wish, never a reason to fail
    travel: int = 0  # minutes, each way
    shortest: int = 0
    title: str = ""
    may_wait: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all sittings of one goal. ``rest``: whole days free of it between two of them."""

    rest: int = 0
    most_a_day: int = 1
    most_a_week: int = 7


@dataclass(frozen=True, slots=True)
class Busy:
    """Time that is taken, and what by. ``open_to``: goals that may stand in it all the same (a lunch hour at work)."""

    start: datetime
    end: datetime
    what: str = ""
    travel: int = 0
    open_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Past:
    """What was already done of a goal, or is being done: it counts for rest, for its day and for its week."""

    goal: str
    start: datetime
    minutes: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """What a day may hold of all goals together. ``more_minutes`` and ``more_sittings``: days on which more is allowed, by how much."""

    awake: tuple[Window, ...] = (Window(7 * 60, 22 * 60),)
    most_minutes: int = 180
    most_sittings: int = 4
    pause: int = 0  # minutes between any two sittings
    more_minutes: Mapping[date, int] = field(default_factory=dict)
    more_sittings: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be placed between ``start`` and ``end``. ``before``: where sittings stood until now; they stay when they can.
    ``past``: what was done before the start, or has its place already. ``names``: what the goals are called, by id."""

    zone: ZoneInfo
    start: datetime
    end: datetime
    sittings: tuple[Sitting, ...]
    rules: Mapping[str, Rules] = field(default_factory=dict)
    busy: tuple[Busy, ...] = ()
    days: Days = field(default_factory=Days)
    before: Mapping[str, datetime] = field(default_factory=dict)
    past: tuple[Past, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        moments = [self.start, self.end, *(m for one in self.busy for m in (one.start, one.end)), *self.before.values()]
        moments += [one.start for one in self.past]
        moments += [m for one in self.sittings for m in (one.earliest, one.latest)]
        if any(moment.tzinfo is None for moment in moments):
            raise BadInput("every time of a plan must say its zone", hint="give aware datetimes")
        if not timedelta() < self.end - self.start <= _LONGEST:
            raise BadInput("a plan must span more than nothing and at most 400 days", hint="plan a quarter at a time")
        if len({one.id for one in self.sittings}) < len(self.sittings):
            raise BadInput("two sittings have one id", hint="give each its own")
        if any(not 0 < one.minutes <= 24 * 60 or one.travel < 0 or not 0 <= one.shortest <= one.minutes for one in self.sittings):
            raise BadInput("a sitting must last between a minute and a day", hint="cut it into several")

    def rules_of(self, goal: str) -> Rules:
        return self.rules.get(goal, Rules())

    def name(self, goal: str) -> str:
        return self.names.get(goal, goal)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a sitting stands, without the way there."""

    start: datetime
    end: datetime


Plan = Mapping[str, Placed]  # by the sitting's id; every sitting of the problem is in it that may not wait
