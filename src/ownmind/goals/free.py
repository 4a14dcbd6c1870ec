"""Where a sitting may begin: the free, waking, allowed quarters of an hour, on one grid of moments.

Clock times become moments day by day in the person's zone, so the days on which clocks change are 23 or 25 hours long and a window
that the change swallows is simply not there (PEP 495: an hour that happens twice counts from its first time to its second).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from .schedule import GRID, Problem, Sitting, Window

_STEP = timedelta(minutes=GRID)


def slots(minutes: int) -> int:
    """How many quarters of an hour this takes."""
    return -(-minutes // GRID)


@dataclass(frozen=True)
class Grid:
    """The quarters of an hour of a problem, numbered from 0."""

    problem: Problem
    _by_windows: dict[tuple[Window, ...], list[int]] = field(default_factory=dict)

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

    def before(self, moment: datetime) -> int:
        """One past the last slot that ends at ``moment`` or earlier."""
        return (moment.astimezone(UTC) - self.origin) // _STEP

    @cached_property
    def day_starts(self) -> tuple[tuple[date, int], ...]:
        """Each day with the first slot that begins in it."""
        day, last = self.moment(0).date(), self.moment(max(0, self.size - 1)).date()
        found = []
        while day <= last:
            found.append((day, max(0, self.after(_at(day, 0, self.problem.zone)))))
            day += timedelta(days=1)
        return tuple(found)

    @cached_property
    def open(self) -> bytearray:
        """1 for every slot that is a waking hour and not taken."""
        free = self._within(self.problem.days.awake)
        for busy in self.problem.busy:
            way = timedelta(minutes=busy.travel)
            first, last = self.before(busy.start - way), self.after(busy.end + way)
            first, last = max(0, min(first, self.size)), max(0, min(last, self.size))
            free[first:last] = bytes(max(0, last - first))
        return free

    @cached_property
    def _closed(self) -> list[int]:
        return _closed_before(self.open)

    def starts(self, sitting: Sitting, minutes: int, *, anywhere: bool = False, latest: datetime | None = None) -> list[int]:
        """The slots in which it may begin, ascending, with its whole length inside its windows and the way there and back on open
        time. ``anywhere``: also outside its windows. ``latest``: instead of its own."""
        taken = self._closed if anywhere or not sitting.windows else self._closed_in(sitting.windows)
        shut, length, way = self._closed, slots(minutes), slots(sitting.travel)
        first = max(way, self.after(sitting.earliest))
        last = min(self.size - way, self.before(latest or sitting.latest))
        return [
            slot
            for slot in range(first, last - length + 1)
            if taken[slot + length] == taken[slot] and shut[slot + length + way] == shut[slot - way]
        ]

    def _closed_in(self, windows: tuple[Window, ...]) -> list[int]:
        """As ``_closed``, of what is open in these windows."""
        if windows not in self._by_windows:
            allowed = self._within(windows)
            self._by_windows[windows] = _closed_before(bytes(a & b for a, b in zip(self.open, allowed, strict=True)))
        return self._by_windows[windows]

    def _within(self, windows: Sequence[Window]) -> bytearray:
        """1 for every slot that lies wholly in one of ``windows``."""
        inside = bytearray(self.size)
        zone = self.problem.zone
        for day, _ in self.day_starts:
            for window in windows:
                if day.weekday() in window.weekdays:
                    first = max(0, self.after(_at(day, window.start, zone)))
                    last = min(self.size, self.before(_at(day, window.end, zone, fold=1)))
                    if last > first:
                        inside[first:last] = b"\1" * (last - first)
        return inside


def _closed_before(inside: Sequence[int]) -> list[int]:
    """How many slots before each place are not inside; one longer than ``inside``."""
    return [0, *accumulate(1 - one for one in inside)]


def _at(day: date, minutes: int, zone: ZoneInfo, *, fold: int = 0) -> datetime:
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
