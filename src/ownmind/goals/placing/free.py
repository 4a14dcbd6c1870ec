"""Where a sitting may begin: the free, waking, allowed quarters of an hour, on one grid of moments.

Clock times become moments day by day in the person's zone, so the days on which clocks change are 23 or 25 hours long: a window that
the change swallows is simply not there, and an hour that happens twice is there twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from .schedule import GRID, Problem, Sitting, Window

_STEP, _MINUTE = timedelta(minutes=GRID), timedelta(minutes=1)
_DAY = 24 * 60
_TURNED = bytes((1, 0, *range(2, 256)))  # for `bytes.translate`


def slots(minutes: int) -> int:
    """How many quarters of an hour this takes."""
    return -(-minutes // GRID)


@dataclass(frozen=True)
class Grid:
    """The quarters of an hour of a problem, numbered from 0: in them things begin. What is free is known to the minute."""

    problem: Problem
    _open: dict[str, bytearray] = field(default_factory=dict)
    _shut: dict[tuple[str, tuple[Window, ...]], list[int]] = field(default_factory=dict)
    _starts: dict[tuple[object, ...], list[int]] = field(default_factory=dict)

    @cached_property
    def origin(self) -> datetime:
        """The first quarter of an hour that begins in the problem."""
        start = self.problem.start.astimezone(UTC)
        rest = timedelta(minutes=start.minute % GRID, seconds=start.second, microseconds=start.microsecond)
        return start if not rest else start - rest + _STEP

    @cached_property
    def size(self) -> int:
        return max(0, (self.problem.end.astimezone(UTC) - self.origin) // _STEP)

    def moment(self, slot: int) -> datetime:
        return (self.origin + slot * _STEP).astimezone(self.problem.zone)

    def after(self, moment: datetime) -> int:
        """The first slot that begins at ``moment`` or later."""
        return -((self.origin - moment.astimezone(UTC)) // _STEP)

    def last(self, minutes: int, latest: datetime) -> int:
        """The last slot in which something so long begins and ends by ``latest``."""
        return (self._floor(latest) - minutes) // GRID

    @cached_property
    def day_starts(self) -> tuple[tuple[date, int], ...]:
        """Each day with the first slot that begins in it."""
        day, last = self.moment(0).date(), self.moment(max(0, self.size - 1)).date()
        found = []
        while day <= last:
            found.append((day, max(0, self.after(at_clock(day, 0, self.problem.zone)))))
            day += timedelta(days=1)
        return tuple(found)

    def open(self, goal: str = "") -> bytearray:
        """1 for every minute that is a waking one and not taken, for sittings of ``goal``."""
        goal = goal if goal in self._sharing else ""
        if goal not in self._open:
            free = self._within(self.problem.days.awake)
            for busy in self.problem.busy:
                if busy.start < busy.end and not (goal and goal in busy.open_to):
                    way = timedelta(minutes=busy.travel)
                    first, last = self._inside(self._floor(busy.start - way)), self._inside(self._ceil(busy.end + way))
                    free[first:last] = bytes(last - first)
            self._open[goal] = free
        return self._open[goal]

    def starts(self, sitting: Sitting, minutes: int, *, anywhere: bool = False, latest: datetime | None = None) -> Sequence[int]:
        """The slots in which it may begin, ascending, with its whole length inside its windows and the way there and back on open
        time. ``anywhere``: also outside its windows. ``latest``: instead of its own."""
        windows, way = () if anywhere else sitting.windows, sitting.travel
        first = max(-(-way // GRID), self.after(sitting.earliest))
        last = min(self.last(minutes, latest or sitting.latest), (self.size * GRID - minutes - way) // GRID)
        goal = sitting.goal if sitting.goal in self._sharing else ""
        asked = (goal, windows, minutes, way, first, last)
        if asked not in self._starts:
            taken, shut = self._closed(goal, windows), self._closed(goal, ())
            self._starts[asked] = [
                at // GRID
                for at in range(first * GRID, last * GRID + 1, GRID)
                if taken[at + minutes] == taken[at] and shut[at + minutes + way] == shut[at - way]
            ]
        return self._starts[asked]

    @cached_property
    def _sharing(self) -> frozenset[str]:
        """The goals that may stand in what is taken for the others."""
        return frozenset(goal for busy in self.problem.busy for goal in busy.open_to)

    def _closed(self, goal: str, windows: tuple[Window, ...]) -> list[int]:
        """How many minutes before each are not open, or not in ``windows`` if there are any; one longer than the minutes there are."""
        if (goal, windows) not in self._shut:
            free = bytes(self.open(goal))
            if windows:
                both = int.from_bytes(free) & int.from_bytes(self._within(windows))
                free = both.to_bytes(len(free))
            self._shut[goal, windows] = [0, *accumulate(free.translate(_TURNED))]
        return self._shut[goal, windows]

    def _within(self, windows: Sequence[Window]) -> bytearray:
        """1 for every minute that lies in one of ``windows``."""
        inside = bytearray(self.size * GRID)
        for day, _ in self.day_starts:
            its = [one for one in windows if day.weekday() in one.weekdays]
            midnight, after = (self._ceil(at_clock(one, 0, self.problem.zone)) for one in (day, day + timedelta(days=1)))
            if after - midnight != _DAY:
                self._by_clock(inside, midnight, after, its)
                continue
            for one in its:
                first, last = self._inside(midnight + one.start), self._inside(midnight + one.end)
                inside[first:last] = b"\1" * (last - first)
        return inside

    def _by_clock(self, inside: bytearray, midnight: int, after: int, windows: Sequence[Window]) -> None:
        """A day on which clocks change, minute by minute: what its clock skips is not there, what it shows twice is there twice."""
        for minute in range(self._inside(midnight), self._inside(after)):
            local = (self.origin + minute * _MINUTE).astimezone(self.problem.zone)
            clock = local.hour * 60 + local.minute
            inside[minute] = any(one.start <= clock < one.end for one in windows)

    def _floor(self, moment: datetime) -> int:
        """Whole minutes from the origin, at ``moment`` or before."""
        return (moment.astimezone(UTC) - self.origin) // _MINUTE

    def _ceil(self, moment: datetime) -> int:
        return -((self.origin - moment.astimezone(UTC)) // _MINUTE)

    def _inside(self, minute: int) -> int:
        return max(0, min(minute, self.size * GRID))


def at_clock(day: date, minutes: int, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """This clock time of this day; 1440 is the next midnight. A time that the clocks skip is the moment they jump to."""
    day, minutes = (day + timedelta(days=1), 0) if minutes == 24 * 60 else (day, minutes)
    wall = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone, fold=fold)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _jump(wall, zone)


def _jump(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks skip ``wall``: between the moments that its two readings give."""
    low, high = sorted((wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)))
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(second=0, microsecond=0)
