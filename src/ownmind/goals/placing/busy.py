"""What takes a person's time: appointments, and the hours of work.

A whole day counts as taken only when its calendar says so in so many words: a birthday, a holiday's name or "rent is due" lies on a day
without filling it, and many calendars write such days without a mark. What was not counted is said (`Taken.notes`), so that a trip
nobody marked is seen. What Ownmind itself put into a calendar is its own plan, not in its way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...records import Appointment
from .free import at_clock
from .schedule import Busy, Window


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is taken between two moments, and in words what lies there and was not counted."""

    busy: tuple[Busy, ...]
    notes: tuple[str, ...]


def calendar(
    appointments: Sequence[Appointment],
    work: Sequence[Window],
    hours: Mapping[str, Sequence[Window]],
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
) -> Calendar:
    """What takes time between ``start`` and ``end``. ``hours``: each goal's own; the goal may stand at work if they lie in it."""
    here = [one for one in appointments if one.start < end and one.end > start and not one.is_free and not one.goal]
    taken = [one for one in here if one.is_busy or not one.whole_day]
    notes = [f"{one.title or 'a whole day'} ({one.start.astimezone(zone):%a %d %b}) is not counted as taking its day: its calendar does "
             "not say that it does" for one in here if one.whole_day and not one.is_busy]  # fmt: skip
    busy = [Busy(one.start, one.end, one.title or "an appointment") for one in taken]
    return Calendar((*busy, *_work(work, hours, start, end, zone)), tuple(dict.fromkeys(notes)))


def _work(work: Sequence[Window], hours: Mapping[str, Sequence[Window]], start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Busy]:
    inside = {one: frozenset(goal for goal, its in hours.items() if any(_lies_in(own, one) for own in its)) for one in work}
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        for window in work:
            if day.weekday() in window.weekdays and (found := _on(day, window, zone)):
                yield Busy(*found, "work", open_to=inside[window])
        day += timedelta(days=1)


def _on(day: date, window: Window, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    start, end = at_clock(day, window.start, zone), at_clock(day, window.end, zone, fold=1)
    return (start.astimezone(zone), end.astimezone(zone)) if start < end else None


def _lies_in(own: Window, work: Window) -> bool:
    return bool(own.weekdays & work.weekdays) and work.start <= own.start and own.end <= work.end
