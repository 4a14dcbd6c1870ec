"""When an event of a calendar takes place: its first time, how it repeats in words, and what its rules come to.

The rules (RRULE, RDATE, EXDATE, changed times) are worked out by recurring-ical-events. A rule may be written to run for ever without
coming to anything (every hour of 30 February), so each is given a little time and no more; that needs an alarm clock of the system, and
so the child process of a `Sandbox` (whose own limit of time is what there is on Windows).
"""

from __future__ import annotations

import signal
import threading
from calendar import timegm
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import FrameType

import icalendar
import recurring_ical_events

from ..errors import BadInput
from ..records import Occurrence

YEARS = range(1900, 2200)
BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError, AssertionError)  # what parsers raise
_SECONDS = 2.0  # of the processor for one event
_MOST = 20_000  # occurrences of one event in one stretch
_DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
_UNITS = {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


@contextmanager
def limited(seconds: float = _SECONDS) -> Iterator[None]:
    """Raises BadInput when the block takes more of the processor's time. In a thread, and on Windows, there is no such clock."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise BadInput("working it out takes too long")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def occurrences(lines: Sequence[str], window: tuple[float, float]) -> list[Occurrence]:
    """What the events of a calendar come to between the two Unix seconds. Raises BadInput: they cannot be worked out, or not in time."""
    try:
        with limited():
            calendar = icalendar.Calendar.from_ical("\r\n".join([*lines, ""]))
            assert isinstance(calendar, icalendar.Calendar)
            if any(is_too_often(event.get("RRULE")) for event in calendar.events):
                raise BadInput("it repeats more often than once an hour")
            start, end = (datetime.fromtimestamp(seconds, UTC) for seconds in window)
            found = recurring_ical_events.of(calendar).between(start, end)
            if len(found) > _MOST:
                raise BadInput(f"it repeats more than {_MOST:,} times")
            return [Occurrence(key(one), *span(one)) for one in found]
    except BROKEN as error:
        raise BadInput("how it repeats cannot be worked out") from error


def is_too_often(rule: object) -> bool:
    """Whether a rule comes round more often than once an hour: no calendar of a person's does, and a week of it is 604,800 times."""
    for one in rule if isinstance(rule, list) else [rule]:
        if not isinstance(one, Mapping):
            continue
        frequency = str((one.get("FREQ") or [""])[0]).upper()
        minutes = max(1, len(one.get("BYMINUTE", ()))) * max(1, len(one.get("BYSECOND", ())))
        if frequency in ("SECONDLY", "MINUTELY") or minutes > 1:
            return True
    return False


def span(event: icalendar.Event) -> tuple[float, float, bool]:
    """(start, end, whether they float) of an event, in Unix seconds; floating: those of the clock on the wall. Raises BadInput."""
    begins = moment(event, "DTSTART")
    ends = _end(event, begins)
    start, end = _seconds(begins), _seconds(ends)
    if end < start:  # by the clock it may be right: 02:30 to 03:00 in a night whose clocks skip that hour
        end = start + _clock(ends) - _clock(begins)
    if end < start:
        raise BadInput("it ends before it begins")
    shortest = 60.0 if isinstance(begins, datetime) else 86_400.0  # a moment, or a day whose end names the day itself
    return start, max(end, start + shortest), not isinstance(begins, datetime) or begins.tzinfo is None


def moment(event: icalendar.Event, name: str) -> date | datetime:
    """A day or moment of an event. Raises BadInput."""
    given = event.get(name)
    try:
        at = getattr(given[0] if isinstance(given, list) else given, "dt", None)
    except BROKEN:  # icalendar keeps what it cannot read as a value without a time
        at = None
    if not isinstance(at, date):
        raise BadInput("it does not say when" if given is None else f"{name} is no time")
    if at.year not in YEARS:
        raise BadInput(f"it is in the year {at.year}")
    return at


def key(event: icalendar.Event) -> str:
    """The recurrence id of an occurrence: the time it has by its rule, in UTC where it has a zone."""
    at = moment(event, "RECURRENCE-ID" if "RECURRENCE-ID" in event else "DTSTART")
    if not isinstance(at, datetime):
        return f"{at:%Y%m%d}"
    return f"{at:%Y%m%dT%H%M%S}" if at.tzinfo is None else f"{at.astimezone(UTC):%Y%m%dT%H%M%S}Z"


def in_words(begins: date | datetime, seconds: float, rule: object) -> str:
    """When an event is, for the person: "Tuesday 24 November 2026, 09:30 to 10:00 (Europe/Berlin), every week on Tue"."""
    day = f"{begins:%A} {begins.day} {begins:%B %Y}"
    if isinstance(begins, datetime):
        ends = begins + timedelta(seconds=seconds)
        until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%A} {ends.day} {ends:%B %Y}, {ends:%H:%M}"
        zone = str(begins.tzinfo) if begins.tzinfo is not None else ""
        day = f"{day}, {begins:%H:%M} to {until}{f' ({zone})' if '/' in zone or zone == 'UTC' else ''}"
    elif seconds > 86_400:
        last = begins + timedelta(seconds=seconds) - timedelta(days=1)
        day = f"{day} to {last:%A} {last.day} {last:%B %Y}"
    repeats = _repeats(rule[0] if isinstance(rule, list) and rule else rule)
    return f"{day}, {repeats}" if repeats else day


def _repeats(rule: object) -> str:
    """A rule in words; what is finer than its weekdays is left out."""
    if not isinstance(rule, Mapping):
        return ""
    unit = _UNITS.get(str((rule.get("FREQ") or [""])[0]).upper(), "")
    if not unit:
        return ""
    every = (rule.get("INTERVAL") or [1])[0]
    said = f"every {unit}" if every == 1 else f"every {every} {unit}s"
    days = [_DAYS.get(str(day).upper()[-2:], "") for day in rule.get("BYDAY", ())][:7]
    said += f" on {', '.join(day for day in days if day)}" if any(days) else ""
    if count := rule.get("COUNT"):
        return f"{said}, {count[0]} times"
    until = (rule.get("UNTIL") or [None])[0]
    return f"{said}, until {until.day} {until:%B %Y}" if isinstance(until, date) else said


def _end(event: icalendar.Event, begins: date | datetime) -> date | datetime:
    if "DTEND" in event:
        ends = moment(event, "DTEND")
        if isinstance(ends, datetime) and isinstance(begins, datetime) and (ends.tzinfo is None) != (begins.tzinfo is None):
            ends = ends.replace(tzinfo=begins.tzinfo) if ends.tzinfo is None else ends.replace(tzinfo=None)
        return ends
    length = getattr(event.get("DURATION"), "dt", None)
    if not isinstance(length, timedelta):
        return begins
    if isinstance(begins, datetime) and begins.tzinfo is not None and not length.days:
        return (begins.astimezone(UTC) + length).astimezone(begins.tzinfo)  # hours are of the clock that ticks, days of the wall's
    return begins + length


def _seconds(at: date | datetime) -> float:
    if isinstance(at, datetime) and at.tzinfo is not None:
        return at.timestamp()
    return _clock(at)


def _clock(at: date | datetime) -> float:
    return float(timegm(at.timetuple()))
