"""The time a question is about: "last spring", "in May 2023", "two weeks ago", resolved against now.

Pure. A question names one window of time or none; the first phrase found, longest patterns first, wins. English. Weeks begin on
Monday (ISO 8601); seasons are the northern meteorological ones, winter belonging to the year in which it begins. A month or day
without a year is the latest one that has begun; "next" is the only word that looks forward. Not covered: clock times, holidays, ranges.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open stretch of time ``[start, end)`` and the words that named it. Same time zone as the ``now`` it was read against."""

    start: datetime
    end: datetime
    phrase: str


_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905  # reads better
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # month in which each begins
_NUMBERS = {
    word: n
    for n, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
}
_NUMBERS |= {"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "a few": 3, "few": 3}

_MONTH = "(?P<month>" + "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + r"|sept)\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMBER = (
    r"(?P<n>\d{1,3}|a couple of|couple of|a few|few|" + "|".join(sorted((w for w in _NUMBERS if " " not in w), key=len, reverse=True)) + ")"
)
_UNIT = r"(?P<unit>day|night|weekend|week|month|year)s?"


def window(question: str, now: datetime) -> Window | None:
    """The stretch of time ``question`` names, or None. Of an impossible date ("31 June 2023") the month is left."""
    for pattern, resolve in _PHRASES:
        match = pattern.search(question)
        if match is None:
            continue
        try:
            start, end = resolve(match.groupdict(), now)
        except (ValueError, OverflowError):
            continue
        return Window(start, end, match.group(0).strip())
    return None


_Range = tuple[datetime, datetime]
_Named = dict[str, str | None]


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _span(unit: str, at: datetime) -> _Range:
    """The whole day, week, weekend, month or year that holds ``at``."""
    day = _midnight(at)
    monday = day - timedelta(days=day.weekday())
    match unit:
        case "week":
            return monday, monday + timedelta(days=7)
        case "weekend":
            return monday + timedelta(days=5), monday + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            return first, first + relativedelta(months=1)
        case "year":
            first = day.replace(month=1, day=1)
            return first, first + relativedelta(years=1)
        case _:
            return day, day + timedelta(days=1)


def _back(unit: str, n: int) -> relativedelta:
    match unit:
        case "week" | "weekend":
            return relativedelta(weeks=n)
        case "month":
            return relativedelta(months=n)
        case "year":
            return relativedelta(years=n)
        case _:
            return relativedelta(days=n)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.lower()]


def _month_number(word: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(word.lower()[:3]))


def _iso(found: _Named, now: datetime) -> _Range:
    year, month, day = [*(found["iso"] or "").split("-"), ""][:3]
    at = _midnight(now).replace(year=int(year), month=int(month), day=int(day or 1))
    return _span("day" if day else "month", at)


def _date(found: _Named, now: datetime) -> _Range:
    """A month with what was said beside it: "5 May 2023", "May 2023", "5 May", "May"."""
    year, day = found.get("year"), found.get("day")
    month = _month_number(found["month"] or "")
    at = _midnight(now).replace(year=int(year or now.year), month=month, day=int(day or 1))
    if not year and at > now:
        at -= relativedelta(years=1)
    return _span("day" if day else "month", at)


def _whole_year(found: _Named, now: datetime) -> _Range:
    return _span("year", _midnight(now).replace(year=int(found["year"] or 0), month=1, day=1))


def _ago(found: _Named, now: datetime) -> _Range:
    unit = (found["unit"] or "").lower()
    return _span(unit, now - _back(unit, _count(found["n"] or "")))


def _last_few(found: _Named, now: datetime) -> _Range:
    unit = (found["unit"] or "").lower()
    return _midnight(now - _back(unit, _count(found["n"] or ""))), _span("day", now)[1]


def _day_word(found: _Named, now: datetime) -> _Range:
    word = (found["word"] or "").lower()
    days = -2 if "before" in word else -1 if word in ("yesterday", "last night") else 1 if word == "tomorrow" else 0
    return _span("day", now + timedelta(days=days))


def _relative_unit(found: _Named, now: datetime) -> _Range:
    unit, step = (found["unit"] or "").lower(), _step(found)
    return _span(unit, now + _back(unit, step) if step > 0 else now - _back(unit, -step))


def _relative_weekday(found: _Named, now: datetime) -> _Range:
    """ "last Friday" and "on Friday" are the latest Friday before today; "next Friday" the first after it."""
    wanted = _WEEKDAYS.index((found["weekday"] or "").lower())
    if _step(found) > 0:
        return _span("day", now + timedelta(days=(wanted - now.weekday() - 1) % 7 + 1))
    return _span("day", now - timedelta(days=(now.weekday() - wanted - 1) % 7 + 1))


def _season(found: _Named, now: datetime) -> _Range:
    """A season of a named year; else "last": the latest that has ended, "next": the first to begin, "this": this year's."""
    first = _midnight(now).replace(month=_SEASONS[(found["season"] or "").lower()], day=1)
    if found.get("year"):
        first = first.replace(year=int(found["year"] or 0))
        return first, first + relativedelta(months=3)
    step = _step(found)
    if step < 0:
        while first + relativedelta(months=3) > now:
            first -= relativedelta(years=1)
    elif (step > 0 and first <= now) or (not found.get("step") and first > now):
        first += relativedelta(years=1 if step > 0 else -1)
    return first, first + relativedelta(months=3)


def _step(found: _Named) -> int:
    word = (found.get("step") or "").lower()
    return -1 if word in ("last", "past", "previous") else 1 if word in ("next", "coming") else 0


_STEP = r"(?P<step>last|past|previous|this|next|coming)"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"


def _phrase(pattern: str, resolve: Callable[[_Named, datetime], _Range]) -> tuple[re.Pattern[str], Callable[[_Named, datetime], _Range]]:
    return re.compile(rf"\b{pattern}\b", re.IGNORECASE), resolve


_PHRASES = [
    _phrase(r"(?P<iso>(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?)", _iso),
    _phrase(rf"{_DAY} (?:of )?{_MONTH},? (?:of )?{_YEAR}", _date),
    _phrase(rf"{_MONTH} {_DAY},? (?:of )?{_YEAR}", _date),
    _phrase(rf"{_MONTH},? (?:of )?{_YEAR}", _date),
    _phrase(rf"{_DAY} (?:of )?{_MONTH}", _date),
    _phrase(rf"{_MONTH} {_DAY}", _date),
    _phrase(rf"(?:in )?(?:the )?{_SEASON},? (?:of )?{_YEAR}", _season),
    _phrase(rf"{_STEP} {_SEASON}", _season),
    _phrase(rf"{_NUMBER} {_UNIT} ago", _ago),
    _phrase(rf"(?:in |over |during )?(?:the )?(?:last|past|previous) {_NUMBER} {_UNIT}", _last_few),
    _phrase(rf"{_STEP} (?P<weekday>{'|'.join(_WEEKDAYS)})", _relative_weekday),
    _phrase(rf"{_STEP} (?P<unit>weekend|week|month|year)", _relative_unit),
    _phrase(r"(?P<word>the day before yesterday|day before yesterday|yesterday|last night|today|tonight|this morning|tomorrow)", _day_word),
    _phrase(rf"on (?P<weekday>{'|'.join(_WEEKDAYS)})", _relative_weekday),
    _phrase(rf"(?:in|during|since|of|by|before|after|until|around|early|late|mid) {_MONTH}(?! \w+ (?:i|you|we)\b)", _date),
    _phrase(rf"(?:in|during) (?:the )?{_SEASON}", _season),
    _phrase(rf"(?:in|during|since|of|before|after|until|around|early|late|mid) {_YEAR}", _whole_year),
]
