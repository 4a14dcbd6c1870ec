"""Clock times of a person: which zone they are in, when a clock time is, and when a rule comes round.

Times are computed here, from a typed ``Schedule``, and by nothing else. A clock time that a day skips (the clocks go forward) is the
moment of the jump; one that a day has twice (they go back) is the first. Zones are IANA's, so that a rule made in winter holds in summer.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, rrulestr

from ..errors import BadInput
from .preferences import Preferences

_ROOT = Path("/")
_PERIODS = {
    DAILY: relativedelta(days=1),
    WEEKLY: relativedelta(weeks=1),
    MONTHLY: relativedelta(months=1),
    YEARLY: relativedelta(years=1),
}
_DAYS = {DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366}  # at most so many days in a period


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something comes round: ``offset`` days after ``anchor`` (before, when negative), on the first ``weekday`` (Monday is 0) from
    there, at ``clock`` minutes since midnight; and by ``rule`` (RRULE, RFC 5545, of days or longer) again from there. Once without."""

    anchor: date
    clock: int
    offset: int = 0
    weekday: int | None = None
    rule: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.clock < 24 * 60 or (self.weekday is not None and not 0 <= self.weekday < 7):
            raise BadInput("a schedule needs a time of the day and a day of the week that there are", hint="such as Sunday at 18:00")

    @property
    def first(self) -> date:
        """The day from which it counts."""
        day = self.anchor + timedelta(days=self.offset)
        return day if self.weekday is None else day + timedelta(days=(self.weekday - day.weekday()) % 7)


def zone_of(preferences: Preferences) -> ZoneInfo:
    """The zone the person is in: the one they set, else the system's. Raises BadInput for a name that is none."""
    return zone_named(preferences.zone) if preferences.zone else system_zone()[0]


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises BadInput."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise BadInput(f"{name!r} is no time zone", hint="an IANA name, such as Europe/Berlin") from error
    except KeyError as error:
        raise BadInput(f"{name!r} is no time zone", hint="an IANA name, such as Europe/Berlin") from error


def system_zone(environ: Mapping[str, str] = os.environ, root: Path = _ROOT) -> tuple[ZoneInfo, str]:
    """The zone of this machine, and where that stands: TZ, /etc/localtime, /etc/timezone, its clock alone, or nowhere (then it is UTC).
    Read anew each time: a laptop travels."""
    for name, where in _named(environ, root):
        try:
            return zone_named(name), where
        except BadInput:
            continue
    if time.timezone or time.daylight:
        return _by_clock(), "the offsets of this machine's clock"
    return ZoneInfo("UTC"), "nowhere: this machine names no zone"


def at(day: date, minutes: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The moment of ``minutes`` since midnight on the clock of ``day``; a skipped one is the jump, of a doubled one the first is meant
    (``fold`` 1: the second). 1440 and more lie in the days after."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    moment = wall.replace(tzinfo=zone, fold=fold)
    if moment.utcoffset() == moment.replace(fold=1 - fold).utcoffset():
        return moment  # no change of the clocks is near
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _jump(wall, zone)


def same_clock(moment: datetime, planned: ZoneInfo, zone: ZoneInfo) -> datetime:
    """The moment at which the clock in ``zone`` shows what it was to show in ``planned``: 18:00 there is 18:00 here."""
    there = moment.astimezone(planned)
    if planned.key == zone.key:
        return moment.astimezone(zone)
    found = at(there.date(), 60 * there.hour + there.minute, zone, there.fold)
    return found.replace(second=there.second) if found.minute == there.minute else found


def today(now: datetime, zone: ZoneInfo) -> date:
    """The day it is where the person is."""
    return now.astimezone(zone).date()


def moments(schedule: Schedule, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When it comes round later than ``after`` and not later than ``until``, in order. Raises BadInput for a rule that is none."""
    first, last = after.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date() + timedelta(days=1)
    after, until = after.astimezone(UTC), until.astimezone(UTC)  # two moments of one zone are compared by their clocks (PEP 495)
    for day in _days(schedule, first, last):
        moment = at(day, schedule.clock, zone)
        if after < moment <= until:
            yield moment


def days_of(schedule: Schedule, start: date, end: date) -> list[date]:
    """The days from ``start`` to ``end``, both included, on which it comes round."""
    return list(_days(schedule, start, end))


def checked_rule(rule: str) -> str:
    """``rule`` when it is an RRULE that comes round at most once a day. Raises BadInput."""
    _parsed(rule, date(2024, 1, 1))
    return rule


def anniversary(day: date, year: int) -> date:
    """The day of ``year`` on which a birthday is kept; one of 29 February on the 28th in common years."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _days(schedule: Schedule, start: date, end: date) -> Iterator[date]:
    if not schedule.rule:
        if start <= schedule.first <= end:
            yield schedule.first
        return
    rule = _near(_parsed(schedule.rule, schedule.first), start)
    found = (moment.date() for moment in rule)
    yield from (day for day in takewhile(lambda day: day <= end, found) if day >= start)


@lru_cache(maxsize=1024)  # a few rules are read at every look
def _parsed(rule: str, first: date) -> rrule:
    midnight = datetime(first.year, first.month, first.day)
    try:
        found = rrulestr(rule, dtstart=midnight, ignoretz=True)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise BadInput(f"{rule!r} is no rule of recurrence", hint="such as FREQ=WEEKLY;BYDAY=SU") from error
    if not isinstance(found, rrule) or not _is_of_days(found):
        raise BadInput(
            f"{rule!r} is no rule of days", hint="FREQ is DAILY, WEEKLY, MONTHLY or YEARLY; the time of the day stands beside it"
        )
    return found


def _is_of_days(rule: rrule) -> bool:
    """Whether it comes round at most once a day."""
    clocks = (getattr(rule, f"_by{unit}") for unit in ("hour", "minute", "second"))  # dateutil has no public names for these
    return rule._freq in _PERIODS and rule._interval > 0 and all(len(clock) == 1 for clock in clocks)  # type: ignore[attr-defined]


def _near(rule: rrule, start: date) -> rrule:
    """The same rule begun a few periods before ``start``: dateutil counts from the beginning, and a rule may be twenty years old."""
    if getattr(rule, "_count", None) is not None:
        return rule
    period, interval, begun = rule._freq, rule._interval, rule._dtstart  # type: ignore[attr-defined]  # no public names
    periods = (start - begun.date()).days // (_DAYS[period] * interval) - 2
    if periods <= 0:
        return rule
    moved = begun + _PERIODS[period] * (interval * periods)
    if moved.day != begun.day and period in (MONTHLY, YEARLY):
        return rule  # the 31st, or 29 February: the day is part of the rule
    return rule.replace(dtstart=moved)


def _jump(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks go forward over ``wall``, to the second."""
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)  # a skipped time read with the offset after the jump lies before it (PEP 495)
    high = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0).astimezone(zone)


def _named(environ: Mapping[str, str], root: Path) -> Iterator[tuple[str, str]]:
    if name := environ.get("TZ", "").removeprefix(":"):
        yield _after_zoneinfo(name), "TZ"
    link = root / "etc/localtime"
    if link.is_symlink():
        yield _after_zoneinfo(str(link.readlink())), "/etc/localtime"
    try:
        yield (root / "etc/timezone").read_text(encoding="utf-8").split("\n")[0].strip(), "/etc/timezone"
    except (OSError, UnicodeDecodeError):
        return


def _after_zoneinfo(path: str) -> str:
    """Europe/Berlin of /usr/share/zoneinfo/Europe/Berlin."""
    return path.partition("zoneinfo/")[2] or path


def _by_clock() -> ZoneInfo:
    """The first zone whose offsets are this machine's all year (Windows, which names its zones in its own way)."""
    year = datetime.now(UTC).year
    asked = [datetime(year, month, day, tzinfo=UTC) for month in range(1, 13) for day in (1, 15)]
    ours = [moment.astimezone().utcoffset() for moment in asked]
    areas = ("Europe/", "America/", "Asia/", "Australia/", "Africa/", "Pacific/", "Atlantic/", "Indian/")
    for area in areas:
        for name in sorted(one for one in available_timezones() if one.startswith(area)):
            if [moment.astimezone(ZoneInfo(name)).utcoffset() for moment in asked] == ours:
                return ZoneInfo(name)
    return ZoneInfo("UTC")


def monday(day: date) -> date:
    """The Monday of the week that holds ``day``."""
    return day - timedelta(days=day.weekday())


def spelled(day: date) -> str:
    """ "12 April 2027" """
    return f"{day.day} {day:%B %Y}"
