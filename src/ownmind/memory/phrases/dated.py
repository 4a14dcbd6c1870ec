"""Dates with a name of their own: days, months, seasons, holidays, years; where the year is left out, the verbs say which."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from .. import calendar
from ..calendar import Precision, Stretch
from ..tense import Tense, is_past, tense
from .vocabulary import (
    DAY,
    DIGITS,
    HOLIDAY,
    HOLIDAY_WORDS,
    MONTH,
    MONTH_WORDS,
    OF_YEAR,
    PREPOSITION,
    RELATIVE_YEAR,
    SEASON,
    SEASON_WORDS,
    STEP,
    STEPS,
    WEEKDAY,
    YEAR,
    Here,
    Named,
    Phrase,
    follows_noun,
    month_of,
    row,
    step_of,
    year_of,
)


def _iso(got: Named, here: Here) -> Stretch:
    year, number = int(got["year"] or 0), int(got["number"] or 0)
    if not got["day"]:
        return calendar.month(year, number, here.at)
    day = calendar.date(year, number, int(got["day"]), here.at)
    return calendar.clock(day, int(got["hour"] or 0), int(got["minute"] or 0)) if got.get("hour") else day


def _dotted(got: Named, here: Here) -> Stretch:
    return calendar.date(int(got["year"] or 0), int(got["number"] or 0), int(got["day"] or 0), here.at)


def _slashed(got: Named, here: Here) -> Stretch | None:
    """Day and month are told apart only where one is above twelve, or both are the same."""
    first, second = int(got["first"] or 0), int(got["second"] or 0)
    if first <= 12 and second <= 12 and first != second:
        return None
    return calendar.date(int(got["year"] or 0), min(first, second), max(first, second), here.at)


def bare_year(here: Here, on: Callable[[int], Stretch], *, sure: bool = False) -> Stretch | None:
    """A date without its year: the latest that has begun, or the first that has not ended, as the verbs around it say. Nobody says
    "on 4 September" of one eleven months ahead, unless a verb or a birthday says so: then the one just past is meant."""
    looks = here.looks(sure=sure)
    if looks == 0:
        return None
    ahead = _nearest_year(here, on, 1) if looks > 0 else None
    far = ahead is not None and ahead.start - here.at > _FAR and not _SURELY_AHEAD.search(here.text, max(0, here.start - 80), here.start)
    return _nearest_year(here, on, -1) if looks < 0 or far else ahead


_FAR = timedelta(days=270)
_SURELY_AHEAD = re.compile(
    r"\b(?:will|won['’]t|going to|shall|birthday|anniversary|plan\w*|book\w*|until|by|for|due|tickets?)\b[^.!?\n]*$|['’]ll\b[^.!?\n]*$"
    r"|(?:\b(?:is|are|be)|['’]s)\s+(?:(?:on|in|at|the)\s+)*$",
    re.IGNORECASE,
)


def _nearest_year(here: Here, on: Callable[[int], Stretch], sign: int) -> Stretch | None:
    for year in range(here.at.year, here.at.year + 9 * sign, sign):
        try:
            found = on(year)
        except ValueError:  # 29 February
            continue
        if found.start <= here.at if sign < 0 else found.end > here.at:
            return found
    return None


def _date(got: Named, here: Here) -> Stretch | None:
    number, day, year = month_of(got), int(got["day"] or 0), year_of(got, here)
    if number in (3, 5) and (got["month"] or "").islower() and not got["ordinal"] and not year and follows_noun(here):
        return None  # "you may 2 times"
    if year is not None:
        return calendar.date(year, number, day, here.at)
    if got.get("step"):
        return calendar.date(here.at.year + step_of(got), number, day, here.at)
    return bare_year(here, lambda year: calendar.date(year, number, day, here.at))


def _day_range(got: Named, here: Here) -> Stretch | None:
    """ "3 to 7 May", "May 3-7"."""
    last = _date({**got, "day": got["last"]}, here)
    if last is None:
        return None
    first = last.start.replace(day=int(got["day"] or 0))
    return Stretch(first, last.end, Precision.DAY)


def _month_year(got: Named, here: Here) -> Stretch | None:
    year = year_of(got, here)
    if year is None:
        year = here.at.year + step_of(got)
    return calendar.month(year, month_of(got), here.at)


_MONTH_NAMES_TOO = frozenset((4, 5, 6, 8))  # April, May, June, August: also people's names, and "may"


def _bare_month(got: Named, here: Here) -> Stretch | None:
    number, before = month_of(got), (got["before"] or "").lower()
    word = got["month"] or ""
    if before in ("to", "for", "at", "on", "over") or here.text[here.end : here.end + 1] in ("'", "’", "-"):
        return None
    if word.islower() and (number in (3, 5) or len(word) == 3) and before not in ("in", "since", "during", "until"):
        return None
    if len(word) == 3 and number == 1 and before not in ("in", "since", "until", "during"):
        return None  # Jan is a name
    if number in _MONTH_NAMES_TOO and before in ("by", "from", "of"):
        return None
    after = here.word_after
    if (
        number in _MONTH_NAMES_TOO
        and before not in ("in", "during", " ", "-")
        and (is_past(after) or after in ("has", "is", "will", "and"))
    ):
        return None
    return bare_year(here, lambda year: calendar.month(year, number, here.at), sure=True)


def _step_month(got: Named, here: Here) -> Stretch | None:
    """ "last May" is the latest that has ended, "next May" the first to begin, "this May" this year's."""
    number, step = month_of(got), step_of(got)
    if (got["month"] or "").islower() and (number in (3, 5) or len(got["month"] or "") == 3) and step >= 0 and here.word_after in _MODAL:
        return None  # "this may be"
    return stepped(step, here, lambda year: calendar.month(year, number, here.at))


_MODAL = frozenset("be have not well also take seem sound come help i you we he she it they on".split())  # noqa: SIM905


def stepped(step: int, here: Here, on: Callable[[int], Stretch]) -> Stretch | None:
    if step < 0:
        return _first(on, range(here.at.year, here.at.year - 3, -1), lambda one: one.end <= here.at)
    if step > 0:
        return _first(on, range(here.at.year, here.at.year + 3), lambda one: one.start > here.at)
    this = _first(on, range(here.at.year - 1, here.at.year + 1), lambda one: one.start <= here.at < one.end) or on(here.at.year)
    if this.start > here.at and here.looks() < 0:  # "this summer was hot", said in spring
        return on(here.at.year - 1)
    if this.end <= here.at - timedelta(days=180) and here.looks() > 0:  # "this February" said in December
        return on(here.at.year + 1)
    return this


def _first(on: Callable[[int], Stretch], years: range, fits: Callable[[Stretch], bool]) -> Stretch | None:
    return next((found for found in map(on, (year for year in years if 1 <= year <= 9998)) if fits(found)), None)


def _season(got: Named, here: Here) -> Stretch | None:
    name, year = (got["season"] or "").lower(), year_of(got, here)
    if year is not None:
        return calendar.season(year, name, here.at)
    if got.get("yearstep"):
        return calendar.season(here.at.year + step_of({"step": got["yearstep"]}), name, here.at)
    if got.get("step"):
        return stepped(step_of(got), here, lambda year: calendar.season(year, name, here.at))
    if (
        not here.text[max(0, here.start - 4) : here.start].lower().endswith("the ")
        and tense(here.text, here.start, here.end) is Tense.PRESENT
    ):
        return None  # "in summer the light is soft": every summer
    return bare_year(here, lambda year: calendar.season(year, name, here.at), sure=True)


def _holiday(got: Named, here: Here) -> Stretch | None:
    name, year = re.sub(r"\s+", " ", (got["holiday"] or "").lower().replace("’", "'")), year_of(got, here)
    if here.word_after.rstrip("s") in _DECORATIONS or (name == "new year" and here.word_after in ("resolution", "resolutions")):
        return None
    if year is not None:
        return calendar.holiday(year, name, here.at)
    if not here.known:
        return None
    if got.get("yearstep"):
        return calendar.holiday(here.at.year + step_of({"step": got["yearstep"]}), name, here.at)
    if got.get("step"):
        return stepped(step_of(got), here, lambda year: calendar.holiday(year, name, here.at))
    if name in ("new year", "new year's", "new years") and here.looks() < 0 and here.at.month == 12:
        return None  # "for New Year we went ..." said in December
    return bare_year(here, lambda year: calendar.holiday(year, name, here.at))


_DECORATIONS = frozenset(
    "tree card present gift cookie shopping song carol sweater jumper decoration light market egg bunny costume movie film music party candy dinner".split()  # noqa: SIM905
) - {"party", "dinner"}


def _whole_year(got: Named, here: Here) -> Stretch | None:
    after = here.word_after
    if after.endswith("s") and after not in ("was", "is", "has", "this", "as", "his", "its", "us", "plus", "yes"):
        return None  # "of 2000 euros"
    return None if after in ("people", "km", "m", "am", "pm", "kg", "percent", "words") else calendar.year(year_of(got, here) or 0, here.at)


def _years(got: Named, here: Here) -> Stretch | None:
    return calendar.joined(calendar.year(int(got["first"] or 0), here.at), calendar.year(int(got["second"] or 0), here.at))


_TENS = {f"{word}ies": n for n, word in enumerate("twent thirt fort fift sixt sevent eight ninet".split(), 2)}  # noqa: SIM905


def _decade(got: Named, here: Here) -> Stretch | None:
    said = (got["decade"] or "").lower().strip("'’")
    if said in _TENS:
        said = f"{_TENS[said]}0s"
    year = int(said[:-1])
    if year < 100:
        year += here.at.year // 100 * 100
        year -= 100 if year > here.at.year else 0
    return calendar.unit("decade", calendar.midnight(here.at).replace(year=year, month=1, day=1))


_TENS_WORDS = frozenset(_TENS)

ROWS: tuple[Phrase, ...] = (
    row(DIGITS, r"(?<![/.])(?P<year>(?:1[6-9]|20)\d\d)[-/](?P<number>[01]?\d)[-/](?P<day>[0-3]?\d)(?:[T ](?P<hour>[0-2]\d):(?P<minute>[0-5]\d)(?::\d\d)?)?(?![-/\d])", _iso, absolute=True),
    row(DIGITS, r"(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])(?P<day>)(?![-/\d])", _iso, absolute=True),
    row(DIGITS, r"(?<!\.)(?P<day>[0-3]?\d)\.\s?(?P<number>[01]?\d)\.\s?(?P<year>(?:19|20)\d\d)", _dotted, absolute=True),
    row(DIGITS, r"(?<!/)(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)/(?P<year>(?:19|20)\d\d)(?!/)", _slashed, absolute=True),
    row(MONTH_WORDS, rf"(?:{WEEKDAY},? )?(?:the )?{DAY} (?:day )?(?:of )?{MONTH},? (?:of )?{YEAR}", _date, absolute=True),
    row(MONTH_WORDS, rf"(?:{WEEKDAY},? )?{MONTH} (?:the )?{DAY},? (?:of |in )?{YEAR}", _date, absolute=True),
    row(MONTH_WORDS, rf"(?:{WEEKDAY},? )?(?:the )?{DAY} (?:of )?{MONTH}(?: {OF_YEAR})?", _date),
    row(MONTH_WORDS, rf"(?:{WEEKDAY},? )?{MONTH} (?:the )?{DAY}(?: {OF_YEAR})?(?![:.]\d|\s?%|\s?[ap]m\b)", _date),
    row(MONTH_WORDS, rf"(?:from |between )?(?:the )?{DAY}\s?(?:-|–|to|until|and)\s?(?:the )?(?P<last>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?{MONTH}(?:,? {YEAR})?", _day_range),
    row(MONTH_WORDS, rf"(?:from |between )?{MONTH} {DAY}\s?(?:-|–|to|until|and)\s?(?:the )?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?(?:,? {YEAR})?(?!:)", _day_range),
    row(MONTH_WORDS, rf"{MONTH},? (?:of )?{YEAR}", _month_year, absolute=True),
    row(MONTH_WORDS, rf"{MONTH} {OF_YEAR}", _month_year, also=STEPS),
    row(MONTH_WORDS, rf"{OF_YEAR},? (?:in|around) {MONTH}", _month_year, also=STEPS),
    row(MONTH_WORDS, rf"{STEP} {MONTH}", _step_month, also=STEPS),
    row(MONTH_WORDS, rf"(?P<before>{PREPOSITION}) (?:(?:early|late|mid|the (?:beginning|start|middle|end) of)[ -])?(?P<core>{MONTH})", _bare_month),
    row(MONTH_WORDS, rf"(?:early|late|mid|the (?:beginning|start|middle|end) of)(?P<before>[ -])(?P<core>{MONTH})", _bare_month),
    row(SEASON_WORDS, rf"(?:the )?{SEASON},? (?:of |in )?{YEAR}", _season, absolute=True),
    row(SEASON_WORDS, rf"{STEP} {SEASON}", _season, also=STEPS),
    row(SEASON_WORDS, rf"{SEASON} {RELATIVE_YEAR.format('yearstep')}", _season, also=STEPS),
    row(SEASON_WORDS, rf"(?:in|during|over|since|until|by|before|after) (?:(?:early|late) )?(?:the )?(?P<core>{SEASON})(?! (?:\w+ ){{0,1}}(?:of|season|break|camp|term))", _season),
    row(HOLIDAY_WORDS, rf"{HOLIDAY},? (?:of |in )?{YEAR}", _holiday, absolute=True),
    row(HOLIDAY_WORDS, rf"{STEP} {HOLIDAY}", _holiday, also=STEPS),
    row(HOLIDAY_WORDS, rf"{HOLIDAY} {RELATIVE_YEAR.format('yearstep')}", _holiday, also=STEPS),
    row(HOLIDAY_WORDS, rf"{PREPOSITION} (?:the )?(?P<core>{HOLIDAY})", _holiday),
    row(HOLIDAY_WORDS, r"(?P<holiday>christmas eve|christmas day|boxing day|new year['’]?s (?:eve|day)|valentine['’]?s day|easter (?:sunday|monday)|good friday)", _holiday),
    row(DIGITS, r"(?:in|during|since|of|by|before|after|until|till|around|circa|from|early|late|mid|through|back in)[ -](?:about |around |early |late |mid[ -])?(?P<core>(?P<year>(?:1[6-9]|20)\d\d))(?![-/,.:]\d|%)", _whole_year, absolute=True),
    row(DIGITS, r"(?:from |between )?(?P<first>(?:1[6-9]|20)\d\d)\s?(?:-|–|to|until|and)\s?(?P<second>(?:1[6-9]|20)\d\d)(?![-/\d])", _years, absolute=True),
    row(DIGITS | _TENS_WORDS, rf"the (?P<core>(?P<decade>(?:19|20)\d0s|['’]?[2-9]0s|{'|'.join(_TENS)}))", _decade),
)  # fmt: skip
