"""Stretches of calendar time: days, weeks, months, seasons, holidays, and their distance from a moment. Pure arithmetic.

A stretch is half-open, in the zone of the moment it was counted from. Weeks begin on Monday (ISO 8601); seasons are the
northern meteorological ones, winter belonging to the year in which it begins. Days are walked by the wall clock, so a day has 23
or 25 hours where the clocks change. What would leave the years 1 to 9999 raises ValueError or OverflowError.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import date as Date  # noqa: N812  # ``date`` is a stretch here
from enum import StrEnum

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta


class Precision(StrEnum):
    """How closely the words said when: the grain of a stretch, not its length."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Half-open stretch of time ``[start, end)``, both aware, and the grain of the words that named it."""

    start: datetime
    end: datetime
    precision: Precision


MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905  # reads better
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # month in which each begins
PARTS = {"morning": (5, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 30)}  # hours of the day; 30: 6 the next morning

# Month and day, or days from Easter Sunday. Holidays whose day differs between countries (Thanksgiving, Mother's Day) are left out:
# a date that may be wrong is worse than none.
FIXED_HOLIDAYS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new years eve": (12, 31), "new year's day": (1, 1), "new years day": (1, 1), "new year's": (1, 1),
    "new years": (1, 1), "new year": (1, 1), "valentine's day": (2, 14), "valentines day": (2, 14), "valentine's": (2, 14),
    "halloween": (10, 31), "st patrick's day": (3, 17), "st. patrick's day": (3, 17), "bastille day": (7, 14),
}  # fmt: skip
MOVABLE_HOLIDAYS = {
    "good friday": -2, "easter sunday": 0, "easter monday": 1, "easter": 0, "ash wednesday": -46, "palm sunday": -7,
    "ascension day": 39, "pentecost": 49, "whit sunday": 49, "whit monday": 50, "corpus christi": 60,
}  # fmt: skip


def day_in_words(day: Date) -> str:
    """``12 April 2027``."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def midnight(at: datetime) -> datetime:
    """The beginning of the day that holds ``at``."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def day(at: datetime, days: int = 0) -> Stretch:
    """The day so many ``days`` from ``at``."""
    start = midnight(at) + timedelta(days=days)
    return Stretch(start, start + timedelta(days=1), Precision.DAY)


def days(first: datetime, n: int, precision: Precision = Precision.DAY) -> Stretch:
    """``n`` days from the beginning of ``first``'s day."""
    start = midnight(first)
    return Stretch(start, start + timedelta(days=n), precision)


def unit(name: str, at: datetime) -> Stretch:
    """The whole day (or night), week, weekend, month or year that holds ``at``; of a weekday, the weekend of its week."""
    start = midnight(at)
    monday = start - timedelta(days=start.weekday())
    match name:
        case "week":
            return days(monday, 7, Precision.WEEK)
        case "fortnight":
            return days(monday, 14, Precision.WEEK)
        case "weekend":
            return days(monday + timedelta(days=5), 2)
        case "month":
            first = start.replace(day=1)
            return Stretch(first, first + relativedelta(months=1), Precision.MONTH)
        case "year":
            first = start.replace(month=1, day=1)
            return Stretch(first, first + relativedelta(years=1), Precision.YEAR)
        case "decade":
            first = start.replace(year=max(1, start.year - start.year % 10), month=1, day=1)
            return Stretch(first, first + relativedelta(years=10), Precision.DECADE)
        case "night":
            return part(day(at), "night")
        case _:
            return day(at)


def moved(at: datetime, name: str, n: int) -> datetime:
    """``at`` moved by ``n`` units: days by the wall clock, hours by the real one, months to the same day or the last."""
    match name:
        case "minute" | "hour":
            return (at.astimezone(UTC) + timedelta(**{f"{name}s": n})).astimezone(at.tzinfo)
        case "week" | "weekend":
            return at + timedelta(weeks=n)
        case "fortnight":
            return at + timedelta(weeks=2 * n)
        case "month":
            return at + relativedelta(months=n)
        case "year":
            return at + relativedelta(years=n)
        case "decade":
            return at + relativedelta(years=10 * n)
        case _:
            return at + timedelta(days=n)


def month(year: int, number: int, at: datetime) -> Stretch:
    """A month of a year, in the zone of ``at``."""
    return unit("month", midnight(at).replace(year=year, month=number, day=1))


def date(year: int, number: int, of_month: int, at: datetime) -> Stretch:
    """One day, in the zone of ``at``. Raises ValueError when the month has no such day."""
    return day(midnight(at).replace(year=year, month=number, day=of_month))


def year(number: int, at: datetime) -> Stretch:
    return unit("year", midnight(at).replace(year=number, month=1, day=1))


def season(number: int, name: str, at: datetime) -> Stretch:
    """The season that begins in year ``number``."""
    start = midnight(at).replace(year=number, month=SEASONS[name], day=1)
    return Stretch(start, start + relativedelta(months=3), Precision.SEASON)


def holiday(number: int, name: str, at: datetime) -> Stretch:
    """The day of a holiday in year ``number``; Easter by the Gregorian computus."""
    if name in FIXED_HOLIDAYS:
        return date(number, *FIXED_HOLIDAYS[name], at)
    found = easter(number) + timedelta(days=MOVABLE_HOLIDAYS[name])
    return date(found.year, found.month, found.day, at)


def part(whole: Stretch, name: str) -> Stretch:
    """The morning, afternoon, evening or night of the day ``whole``."""
    first, last = PARTS[name]
    start = midnight(whole.start)
    end = (start + timedelta(days=last // 24)).replace(hour=last % 24)
    return Stretch(start.replace(hour=first), end, Precision.HOUR)


def clock(whole: Stretch, hour: int, minute: int) -> Stretch:
    """The minute of a wall-clock time on the day ``whole``."""
    start = midnight(whole.start).replace(hour=hour, minute=minute)
    return Stretch(start, start + timedelta(minutes=1), Precision.MINUTE)


def portion(whole: Stretch, which: str) -> Stretch:
    """The first third of a stretch ("early"), its middle third ("mid") or its last ("late"), cut between days."""
    n = (whole.end - whole.start).days
    first = {"early": 0, "mid": n // 3, "late": n - max(1, n // 3)}[which]
    length = max(1, n // 3) if which != "mid" else max(1, n - 2 * (n // 3))
    grain = {Precision.MONTH: Precision.WEEK, Precision.SEASON: Precision.MONTH, Precision.YEAR: Precision.SEASON}
    return Stretch(
        whole.start + timedelta(days=first),
        whole.start + timedelta(days=first + length),
        grain.get(whole.precision, Precision.DAY if whole.precision is Precision.WEEK else whole.precision),
    )


def joined(first: Stretch, last: Stretch) -> Stretch | None:
    """From the beginning of ``first`` to the end of ``last``; None when that runs backwards."""
    if last.end <= first.start:
        return None
    return replace(first, end=last.end)
