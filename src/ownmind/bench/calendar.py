"""A calendar of twenty years: how long it takes in, and how long a week of it takes, each answer held against plain arithmetic.

Half of what repeats is daily in a zone that changes its clocks, half weekly in UTC; the rest is single. What is expected of a week is
counted out here day by day with the clock of the zone, by none of the code that is measured. The control expects another calendar's
weeks: it must find them wrong.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ..egress.door import Door
from ..goals.calendars import Calendars, Publishing
from ..memory.importing import import_paths
from ..messages import Action
from ..records import Appointment
from . import result, stage

N, SEED, REPEATING, WEEKS = 50_000, 7, 20, 200
_ZONE = ZoneInfo("Europe/Berlin")
_NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
_BEGINS = datetime(2006, 1, 2, tzinfo=UTC)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class _Event:
    """``every``: days between two of it, 0 for once; ``start`` is the clock of Berlin when it is daily, else of UTC."""

    title: str
    start: datetime
    minutes: int
    every: int

    @property
    def text(self) -> str:
        zone, end = (";TZID=Europe/Berlin", "") if self.every == 1 else ("", "Z")
        rule = {0: [], 1: ["RRULE:FREQ=DAILY"], 7: ["RRULE:FREQ=WEEKLY"]}[self.every]
        when = f"DTSTART{zone}:{self.start:%Y%m%dT%H%M%S}{end}"
        return "\r\n".join(
            ["BEGIN:VEVENT", f"UID:{self.title}", f"SUMMARY:{self.title}", when, f"DURATION:PT{self.minutes}M", *rule, "END:VEVENT"]
        )

    def times(self, start: datetime, end: datetime) -> list[datetime]:
        """When it begins, of what lies between the two moments at least in part; UTC."""
        if not self.every:
            found = [self.start]
        else:
            days = range(max(0, (start - self.start).days - 2) // self.every * self.every, (end - self.start).days + 2, self.every)
            local = (self.start.replace(tzinfo=_ZONE if self.every == 1 else UTC) + timedelta(days=day) for day in days)
            found = [one.astimezone(UTC) for one in local]
        return [one for one in found if one < end and one + timedelta(minutes=self.minutes) > start]


def run(*, n: int = N, seed: int = SEED, quick: bool = False, **_: object) -> dict[str, object]:
    """Seconds of the import, milliseconds of a week near now (p50, p95, most) and of a first look far away; ``wrong`` weeks are to be 0."""
    n = 500 if quick else n
    made, other = _made(n, seed), _made(n, seed + 1)
    with stage.memory(None, _NOW) as (memory, store), tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        door = Door(store)
        calendars = Calendars(
            store, memory, door, lambda: _NOW, zone=lambda: _ZONE, folder=lambda: Path(folder), planned=lambda: ((), ()), ask=_nobody
        )
        path = Path(folder) / "calendar.ics"
        path.write_text("\r\n".join(["BEGIN:VCALENDAR", *(one.text for one in made), "END:VCALENDAR", ""]), encoding="utf-8")
        began = time.perf_counter()
        imported = import_paths(memory, store, [path], now=_NOW)
        seconds = time.perf_counter() - began
        chance = random.Random(seed)
        near = [_NOW + timedelta(days=chance.randrange(-100, 400)) for _ in range(20 if quick else WEEKS)]
        far = [_BEGINS + timedelta(days=chance.randrange(400, 6_000)) for _ in range(3)]
        asked = [_asked(calendars, start) for start in (*near, *far)]
        again = [_asked(calendars, start)[0] for start in far]
        door.close()
    weeks = [(start, found) for (_, found), start in zip(asked, (*near, *far), strict=True)]
    took = sorted(one for one, _ in asked[: len(near)])
    figures: dict[str, object] = {
        "import_seconds": round(seconds, 1),
        "skipped": len(imported.skipped),
        "items": imported.items,
        "week_ms": {"p50": _ms(took[len(took) // 2]), "p95": _ms(took[int(len(took) * 0.95)]), "most": _ms(took[-1])},
        "far_week_ms": {"first": [_ms(one) for one, _ in asked[len(near) :]], "again": [_ms(one) for one in again]},
        "appointments_a_week": round(sum(len(found) for _, found in weeks) / len(weeks)),
        "weeks": len(weeks),
        "wrong": sum(_said(found) != _expected(made, start) for start, found in weeks),
        "parser_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    control = sum(_said(found) != _expected(other, start) for start, found in weeks)
    return result("calendar", figures, n=n + REPEATING, seed=seed, control=control)


def _made(n: int, seed: int) -> list[_Event]:
    chance = random.Random(seed)
    lengths = (15, 30, 45, 60, 90, 24 * 60)
    repeating = [
        _Event(
            f"repeats-{number}",
            _BEGINS + timedelta(minutes=15 * chance.randrange(16, 96)),
            chance.choice(lengths[:5]),
            chance.choice((1, 7)),
        )
        for number in range(REPEATING)
    ]
    single = [
        _Event(f"once-{number}", _BEGINS + timedelta(minutes=15 * chance.randrange(22 * 365 * 96)), chance.choice(lengths), 0)
        for number in range(n)
    ]
    return [*repeating, *single]


def _asked(calendars: Calendars, start: datetime) -> tuple[float, tuple[Appointment, ...]]:
    began = time.perf_counter()
    found = calendars.appointments(start, start + _WEEK)
    return time.perf_counter() - began, found


def _said(found: tuple[Appointment, ...]) -> list[tuple[datetime, str]]:
    return sorted((one.start.astimezone(UTC), one.title) for one in found)


def _expected(made: list[_Event], start: datetime) -> list[tuple[datetime, str]]:
    return sorted((at, one.title) for one in made for at in one.times(start, start + _WEEK))


def _nobody(wanted: Publishing, now: datetime) -> Action:
    raise AssertionError("nothing is published here")


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
