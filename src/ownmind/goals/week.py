"""A week as a calendar draws it: each day with its steps, what takes its time, and the hours one is awake in. Pure.

Everything is by the clock of the person's zone, in minutes since midnight, so whoever draws needs no arithmetic of zones. On the day the
clocks change an hour is drawn once that happens twice, or is empty that does not happen; the plan itself is exact (`placing.free`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..records import Appointment
from .clock import at, monday
from .goal import Step, StepState
from .preferences import Preferences

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes of a day, ``start`` < ``end``, since its midnight; ``what``: what takes them."""

    start: int
    end: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day. ``whole``: what its calendars say of all of it; ``steps`` begin on it, the soonest first."""

    day: date
    awake: tuple[Stretch, ...]
    work: tuple[Stretch, ...]
    taken: tuple[Stretch, ...]
    whole: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class WeekShown:
    """Monday to Sunday, as it is by ``now``, to the minute. ``waiting``: open steps of this week that have no place yet."""

    now: datetime
    zone: str
    days: tuple[DayShown, ...]
    waiting: tuple[Step, ...]


def shown(
    day: date, steps: Sequence[Step], appointments: Sequence[Appointment], preferences: Preferences, now: datetime, zone: ZoneInfo
) -> WeekShown:
    """The week that holds ``day``. What Ownmind itself put into a calendar is its own plan: it is drawn as the step."""
    first = monday(day)
    days = tuple(_day(first + timedelta(days=n), steps, appointments, preferences, zone) for n in range(7))
    start, end = at(first, 0, zone), at(first + timedelta(days=7), 0, zone)
    waiting = [one for one in steps if one.state is StepState.OPEN and one.start is None and one.earliest < end and one.latest > start]
    return WeekShown(now.replace(second=0, microsecond=0), zone.key, days, tuple(waiting))


def _day(day: date, steps: Sequence[Step], appointments: Sequence[Appointment], preferences: Preferences, zone: ZoneInfo) -> DayShown:
    weekday = day.weekday()
    awake = [Stretch(one.start, one.end) for one in preferences.awake if weekday in one.weekdays]
    work = [Stretch(one.start, one.end) for one in preferences.work if weekday in one.weekdays]
    here = [one for one in appointments if not one.goal and not one.is_free]
    whole = [one.title or "a whole day" for one in here if one.whole_day and _minutes(one, day, zone) is not None]
    its = [(one.start, one.position, one.id, one) for one in steps if one.start is not None and one.start.astimezone(zone).date() == day]
    return DayShown(day, tuple(awake), tuple(work), tuple(_taken(here, day, zone)), tuple(dict.fromkeys(whole)),
                    tuple(each[-1] for each in sorted(its, key=lambda each: each[:-1])))  # fmt: skip


def _taken(appointments: Sequence[Appointment], day: date, zone: ZoneInfo) -> Iterator[Stretch]:
    for one in appointments:
        if not one.whole_day and (found := _minutes(one, day, zone)) is not None:
            yield Stretch(*found, one.title or "an appointment")


def _minutes(one: Appointment, day: date, zone: ZoneInfo) -> tuple[int, int] | None:
    """From which minute of the day to which; None when it is on another day."""
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    if start.date() > day or end <= at(day, 0, zone) or end <= start:
        return None
    first = 60 * start.hour + start.minute if start.date() == day else 0
    last = 60 * end.hour + end.minute if end.date() == day else _DAY
    return (first, last) if first < last else None
