"""Days by their weekday or their number in the month, and the first, second, last of a stretch."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from datetime import timedelta

from .. import calendar
from ..calendar import SEASONS, WEEKDAYS, Precision, Stretch
from .dated import bare_year, stepped
from .vocabulary import (
    DIGITS,
    MONTH,
    NUMBER,
    SEASON,
    SEASON_WORDS,
    STEP,
    STEPS,
    UNIT_WORDS,
    WEEKDAY,
    WEEKDAY_WORDS,
    YEAR,
    Here,
    Named,
    Phrase,
    count,
    follows_noun,
    month_of,
    row,
    step_of,
    weekday_of,
    year_of,
)


def _relative_weekday(got: Named, here: Here) -> Stretch | None:
    step, wanted = step_of(got), weekday_of(got)
    if here.text[here.end : here.end + 1].isalnum():
        return None
    if step == 0 and got.get("step"):  # "this Friday": of this week, today included
        ahead = (wanted - here.at.weekday()) % 7
        if ahead and here.looks() < 0:
            return calendar.day(here.at, ahead - 7)
        return calendar.day(here.at, ahead)
    extra = 7 if got.get("again") else 0
    return calendar.day(here.at, _days_ahead(wanted, here) + extra if step > 0 else -_days_back(wanted, here) - extra)


def _days_ahead(wanted: int, here: Here) -> int:
    return (wanted - here.at.weekday() - 1) % 7 + 1


def _days_back(wanted: int, here: Here) -> int:
    return (here.at.weekday() - wanted - 1) % 7 + 1


def _bare_weekday(got: Named, here: Here) -> Stretch | None:
    """ "on Friday": the latest before that day or the first after it, as the verbs say; never "on Fridays", "Friday night football"."""
    if here.text[here.end : here.end + 1] in ("s", "-", "'", "’") or _HABIT_AFTER.match(here.text, here.end, here.end + 20):
        return None
    before = (got.get("before") or "").lower()
    looks = 1 if before == "to" and _MOVED.search(here.text, max(0, here.start - 40), here.start) else here.looks()
    if not looks:
        return None
    return calendar.day(here.at, _days_ahead(weekday_of(got), here) if looks > 0 else -_days_back(weekday_of(got), here))


_MOVED = re.compile(r"\b(?:moved|postponed|rescheduled|pushed|changed|shifted|delayed|forward|back)\b[^.!?;]*$", re.IGNORECASE)
_HABIT_AFTER = re.compile(
    r"\s+(?:mornings|afternoons|evenings|nights|night (?:football|live|fever|lights)|roast|league|school|prayers|paper|papers|market|brunch|club)\b",
    re.IGNORECASE,
)


def _lone_weekday(got: Named, here: Here) -> Stretch | None:
    """ "We met Friday.": a weekday without a preposition, at the end of what is said or before a part of the day."""
    if here.word_before in _NOT_BEFORE or here.word_before in _DETERMINERS:
        return None
    return _bare_weekday(got, here)


_NOT_BEFORE = frozenset("happy black good every each on is it's was today palm easter ash super bloody cyber".split())  # noqa: SIM905
_DETERMINERS = frozenset("the a an that my your our his her their some any most all what which one of".split())  # noqa: SIM905


def _weekday_of_week(got: Named, here: Here) -> Stretch:
    """ "Friday of last week", "next week on Tuesday"."""
    monday = calendar.unit("week", calendar.moved(here.at, "week", step_of(got))).start
    return calendar.day(monday, weekday_of(got))


def _weekday_week(got: Named, here: Here) -> Stretch:
    """ "Friday week", "a week on Friday", "the Friday after next": a week behind the next one."""
    return calendar.day(here.at, _days_ahead(weekday_of(got), here) + 7)


def _before_last(got: Named, here: Here) -> Stretch | None:
    """ "the week before last", "the summer after next"."""
    sign = -1 if (got["which"] or "").lower().startswith("before") else 1
    if got.get("weekday"):
        return calendar.day(here.at, 7 + _days_ahead(weekday_of(got), here) if sign > 0 else -7 - _days_back(weekday_of(got), here))
    if got.get("season"):
        name = (got["season"] or "").lower()
        near = stepped(sign, here, lambda year: calendar.season(year, name, here.at))
        return None if near is None else calendar.season(near.start.year + sign, name, here.at)
    name = (got["unit"] or "").lower()
    return calendar.unit(name, calendar.moved(here.at, name, 2 * sign))


def _things_ago(got: Named, here: Here) -> Stretch | None:
    """ "two Fridays ago", "three summers ago"."""
    n = count(got["n"])
    if n is None:
        return None
    if got.get("weekday"):
        return calendar.day(here.at, -_days_back(weekday_of(got), here) - 7 * (n - 1))
    name = (got["season"] or "").lower()
    near = stepped(-1, here, lambda year: calendar.season(year, name, here.at))
    return None if near is None else calendar.season(near.start.year - n + 1, name, here.at)


def _day_of_month(got: Named, here: Here) -> Stretch | None:
    """ "on the 14th": the latest or the next, as the verbs say; "the 14th floor" is none."""
    day = int(got["day"] or 0)
    if got.get("step"):
        first = calendar.unit("month", calendar.moved(here.at, "month", step_of(got))).start
        return calendar.day(first.replace(day=day))
    if follows_noun(here) or not (looks := here.looks()):
        return None
    wanted = weekday_of(got) if got.get("weekday") else None
    for n in range(24):
        first = calendar.unit("month", calendar.moved(here.at, "month", looks * n)).start
        try:
            found = calendar.day(first.replace(day=day))
        except ValueError:
            continue
        if (found.start <= here.at if looks < 0 else found.end > here.at) and wanted in (None, found.start.weekday()):
            return found
    return None


def _nth(got: Named, here: Here) -> Stretch | None:
    """ "the second week of May", "the last Friday in June", "the first weekend of next month"."""
    if got["month"]:
        number, year = month_of(got), year_of(got, here)
        if year is not None:
            inside: Stretch | None = calendar.month(year, number, here.at)
        else:
            inside = bare_year(here, lambda year: calendar.month(year, number, here.at)) if here.known else None
    else:
        if not here.known:
            return None
        name = (got["whole"] or "").lower()
        inside = calendar.unit(name, calendar.moved(here.at, name, step_of(got)))
    if inside is None:
        return None
    nth = _ORDINALS[(got["nth"] or "").lower()]
    if got.get("weekday"):
        wanted = [
            one for n in range(31) if (one := calendar.day(inside.start, n)).start.weekday() == weekday_of(got) and one.end <= inside.end
        ]
        return wanted[nth] if -1 <= nth < len(wanted) else None
    match (got["unit"] or "").lower():
        case "weekend":
            saturdays = [one for n in range(31) if (one := calendar.day(inside.start, n)).start.weekday() == 5 and one.end <= inside.end]
            return calendar.unit("weekend", saturdays[nth].start) if nth < len(saturdays) else None
        case "week":  # seven days from the first; the last seven
            start = inside.end - timedelta(days=7) if nth < 0 else inside.start + timedelta(days=7 * nth)
            return calendar.days(start, 7, Precision.WEEK)
        case "day":
            return calendar.day(inside.end, -1) if nth < 0 else calendar.day(inside.start, nth)
    return None


_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}


ROWS: tuple[Phrase, ...] = (
    row(WEEKDAY_WORDS, rf"{STEP} {WEEKDAY}(?P<again> week)?", _relative_weekday, also=STEPS),
    row(WEEKDAY_WORDS, rf"(?P<before>on|by|until|till|before|after|since|for|from|to|between|and|through) (?P<core>{WEEKDAY})", _bare_weekday),
    row(WEEKDAY_WORDS, rf"(?-i:(?P<weekday>{'|'.join(day.capitalize() for day in WEEKDAYS)}))(?=[.,!?;:)]|\s*$|\s+(?:at|and|with|around|about|or)\b|\s+\d|\s*[-–]|\s+(?:morning|afternoon|evening|night)\b|,? in the)", _lone_weekday),
    row(WEEKDAY_WORDS, rf"{WEEKDAY}(?:,| of)? {STEP} week", _weekday_of_week, also=STEPS),
    row(WEEKDAY_WORDS, rf"{STEP} week(?:,| on)? {WEEKDAY}", _weekday_of_week, also=STEPS),
    row(WEEKDAY_WORDS, rf"(?:(?:on )?{WEEKDAY} week|a week on {WEEKDAY.replace('<weekday>', '<weekday2>')})(?! (?:of|before|after))", lambda got, here: _weekday_week({"weekday": got["weekday"] or got["weekday2"]}, here), also="week"),
    row(WEEKDAY_WORDS | UNIT_WORDS | SEASON_WORDS, rf"the (?:{WEEKDAY}|{SEASON}|(?P<unit>weekend|week|fortnight|month|year)) (?P<which>before last|after next)", _before_last, also=STEPS),
    row(frozenset(f"{name}s" for name in (*WEEKDAYS, *SEASONS)), rf"{NUMBER} (?:{WEEKDAY}s|{SEASON}s) ago", _things_ago, also="ago"),
    row(DIGITS, rf"(?:(?P<before>on|by|until|till|before|after|since|from|for|between|and|to) )(?P<core>(?:{WEEKDAY},? )?the (?P<day>[0-3]?\d)(?:st|nd|rd|th))(?! (?:of|century))", _day_of_month),
    row(WEEKDAY_WORDS, rf"{WEEKDAY},? (?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th)(?! (?:of|century))", _day_of_month),
    row(UNIT_WORDS, r"the (?P<day>[0-3]?\d)(?:st|nd|rd|th) of (?P<step>last|this|next) month", _day_of_month),
    row(UNIT_WORDS | WEEKDAY_WORDS, rf"the (?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th) (?:(?P<unit>weekend|week|day)|{WEEKDAY}) (?:of|in) (?:{MONTH}(?:,? (?:of )?{YEAR})?|{STEP} (?P<whole>month|year))", _nth, absolute=True, also="of in"),
)  # fmt: skip
