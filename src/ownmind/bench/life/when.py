"""Dates as people name them in talk, with what they mean: the inverse of ``memory.times``, written apart from it.

Conventions, as in ``memory.dates``: weeks begin on Monday, "last Friday" is the latest Friday before today, "two weeks ago" is that
calendar week, "last summer" the latest that has ended; seasons are the northern meteorological ones.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905  # reads better
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_NUMBERS = "zero one two three four five six seven eight nine ten eleven".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words for a time, and the half-open stretch they mean."""

    text: str
    start: datetime
    end: datetime
    precision: str


def midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def past(rng: random.Random, day: datetime, said: datetime) -> Phrase:
    """A way of naming ``day`` (midnight, at or before ``said``) that a speaker at ``said`` would use."""
    today, ago = midnight(said), (midnight(said) - day).days
    monday = today - timedelta(days=today.weekday())
    weeks = (monday - (day - timedelta(days=day.weekday()))).days // 7
    months = (today.year - day.year) * 12 + today.month - day.month
    found = [_day(text, day) for text in _near(ago)]
    if 2 <= ago <= 6:
        found += [
            _day(f"last {_WEEKDAYS[day.weekday()]}", day),
            _day(f"on {_WEEKDAYS[day.weekday()]}", day),
            _day(f"{_word(rng, ago)} days ago", day),
        ]
    if weeks == 1:
        found.append(_week("last week", day))
        if day.weekday() >= 5:
            found.append(_weekend("last weekend", day))
    if 2 <= weeks <= 6:
        found += [_week(f"{_word(rng, weeks)} weeks ago", day)] * 2
    if months == 1:
        found.append(_month("last month", day))
    if 2 <= months <= 9:
        name = MONTHS[day.month - 1]
        found += [_month(text, day) for text in (f"{_word(rng, months)} months ago", f"in {name}", f"back in {name}")]
    if ago >= 5:
        found += [_day(text, day) for text in rng.sample(_absolute(day, said), 1)]
    return rng.choice(found)


def coming(rng: random.Random, said: datetime) -> Phrase:
    """A time ahead of ``said``, as it would be named."""
    today = midnight(said)
    ahead = rng.randint(1, 6)
    soon = today + timedelta(days=ahead)
    week, month = today + timedelta(days=7), today.replace(day=1) + relativedelta(months=1)
    later = rng.randint(2, 4)
    far = today + timedelta(days=rng.randint(20, 70))
    return rng.choice([
        _day("tomorrow", today + timedelta(days=1)), _day(f"next {_WEEKDAYS[soon.weekday()]}", soon), _week("next week", week),
        _month("next month", month), _year("next year", today.replace(year=today.year + 1, month=1, day=1)),
        _week(f"in {_NUMBERS[later]} weeks", today + timedelta(days=7 * later)), _day(_absolute(far, said)[0], far),
    ])  # fmt: skip


def yearly(day: datetime) -> Phrase:
    """A day of every year, as birthdays are given: "3 May"."""
    return Phrase(f"{day.day} {MONTHS[day.month - 1]}", day, day + timedelta(days=1), "yearly")


def exact(rng: random.Random, day: datetime) -> Phrase:
    """``day`` with its year, as deadlines are given."""
    month = MONTHS[day.month - 1]
    return _day(rng.choice((f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}")), day)


def year(number: int, said: datetime) -> Phrase:
    return _year(f"in {number}", said.replace(year=number, month=1, day=1, hour=0, minute=0, second=0, microsecond=0))


def written(day: datetime) -> str:
    """As an answer gives it: 5 May 2023."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _near(ago: int) -> list[str]:
    return {0: ["today", "this morning"], 1: ["yesterday", "yesterday"], 2: ["the day before yesterday"]}.get(ago, [])


def _word(rng: random.Random, n: int) -> str:
    return str(n) if rng.random() < 0.25 else "a couple of" if n == 2 and rng.random() < 0.2 else _NUMBERS[n]


def _absolute(day: datetime, said: datetime) -> list[str]:
    month, suffix = MONTHS[day.month - 1], {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in (11, 12, 13) else 0, "th")
    full = f" {day.year}" if day.year != said.year else ""
    comma = full and f",{full}"
    return [f"on {day.day} {month}{full}", f"on {month} {day.day}{suffix}{comma}", f"on the {day.day}{suffix} of {month}{full}"]


def _day(text: str, day: datetime) -> Phrase:
    return Phrase(text, day, day + timedelta(days=1), "day")


def _week(text: str, day: datetime) -> Phrase:
    start = day - timedelta(days=day.weekday())
    return Phrase(text, start, start + timedelta(days=7), "week")


def _weekend(text: str, day: datetime) -> Phrase:
    start = day - timedelta(days=day.weekday() - 5)
    return Phrase(text, start, start + timedelta(days=2), "weekend")


def _month(text: str, day: datetime) -> Phrase:
    start = day.replace(day=1)
    return Phrase(text, start, start + relativedelta(months=1), "month")


def _year(text: str, day: datetime) -> Phrase:
    start = day.replace(month=1, day=1)
    return Phrase(text, start, start + relativedelta(years=1), "year")
