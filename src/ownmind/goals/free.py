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

from .schedule import GRID, Busy, Problem, Sitting, Window

_STEP = timedelta(minutes=GRID)


def slots(minutes: int) -> int:
    """How many quarters of an hour this takes."""
    return -(-minutes // GRID)


@dataclass(frozen=True)
class Grid:
    """The quarters of an hour of a problem, numbered from 0."""

    problem: Problem
    _open: dict[frozenset[Busy], bytearray] = field(default_factory=dict)
    _closed: dict[tuple[frozenset[Busy], tuple[Window, ...]], list[int]] = field(default_factory=dict)
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

    def before(self, moment: datetime) -> int:
        """One past the last slot that ends at ``moment`` or earlier."""
        return (moment.astimezone(UTC) - self.origin) // _STEP

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
        """1 for every slot that is a waking hour and not taken, for sittings of ``goal``."""
        return self._free(self._open_to(goal))

    def starts(self, sitting: Sitting, minutes: int, *, anywhere: bool = False, latest: datetime | None = None) -> Sequence[int]:
        """The slots in which it may begin, ascending, with its whole length inside its windows and the way there and back on open
        time. ``anywhere``: also outside its windows. ``latest``: instead of its own."""
        key = self._open_to(sitting.goal)
        taken, shut = self._shut(key, () if anywhere else sitting.windows), self._shut(key, ())
        length, way = slots(minutes), slots(sitting.travel)
        first = max(way, self.after(sitting.earliest))
        last = min(self.size - way, self.before(latest or sitting.latest))
        asked = (key, () if anywhere else sitting.windows, length, way, first, last)
        if asked not in self._starts:
            self._starts[asked] = [
                slot
                for slot in range(first, last - length + 1)
                if taken[slot + length] == taken[slot] and shut[slot + length + way] == shut[slot - way]
            ]
        return self._starts[asked]

    def _open_to(self, goal: str) -> frozenset[Busy]:
        return frozenset(one for one in self._shared if goal in one.open_to)

    @cached_property
    def _shared(self) -> tuple[Busy, ...]:
        return tuple(one for one in self.problem.busy if one.open_to)

    def _free(self, but: frozenset[Busy]) -> bytearray:
        """1 for every waking slot that nothing takes except ``but``."""
        if but not in self._open:
            free = self.within(self.problem.days.awake)
            for busy in self.problem.busy:
                if busy not in but and busy.start < busy.end:
                    way = timedelta(minutes=busy.travel)
                    first, last = self.before(busy.start - way), self.after(busy.end + way)
                    first, last = max(0, min(first, self.size)), max(0, min(last, self.size))
                    free[first:last] = bytes(max(0, last - first))
            self._open[but] = free
        return self._open[but]

    def _shut(self, but: frozenset[Busy], windows: tuple[Window, ...]) -> list[int]:
        """How many slots before each place are not open, or not in ``windows`` if there are any; one longer than the grid."""
        if (but, windows) not in self._closed:
            free = self._free(but)
            if windows:
                free = bytearray(a & b for a, b in zip(free, self.within(windows), strict=True))
            self._closed[but, windows] = [0, *accumulate(1 - one for one in free)]
        return self._closed[but, windows]

    def within(self, windows: Sequence[Window]) -> bytearray:
        """1 for every slot that lies wholly in one of ``windows``."""
        inside = bytearray(self.size)
        zone = self.problem.zone
        for day, _ in self.day_starts:
            for window in windows:
                if day.weekday() in window.weekdays:
                    first = max(0, self.after(at_clock(day, window.start, zone)))
                    last = min(self.size, self.before(at_clock(day, window.end, zone, fold=1)))
                    if last > first:
                        inside[first:last] = b"\1" * (last - first)
        return inside


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
