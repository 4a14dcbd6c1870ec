"""By when: the days a statement names, each resolved to one day, or to a sentence that says why it could not be.

A goal looks ahead, so "on 12 April" is the next one. "By summer" is before summer begins; "in summer" and "this year" leave until
their last day; "before 12 April" is the day before. A day that has passed by its own words is never moved: the person is told.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from ...memory.calendar import Precision, day_in_words
from ...memory.tense import Tense
from ...memory.times import Mention, mentions
from .occasions import habitual
from .quantities import NUMBER, number
from .unread import Unread


@dataclass(frozen=True, slots=True)
class Day:
    """``slot``: deadline or begins. ``day`` None: named, but over or not clear, as ``remark`` says. ``weight``: how surely it is the
    deadline, where several days are named."""

    slot: str
    day: date | None
    start: int
    end: int
    weight: int = 0
    remark: str = ""


_WITHIN = re.compile(
    rf"\b(?P<how>in|within|inside|over|during|for)\s+(?:the\s+)?(?:next\s+|coming\s+|about\s+|around\s+|less\s+than\s+)?(?P<n>{NUMBER}|an?|half\s+a)\s+"
    r"(?P<unit>day|week|fortnight|month|year)s?(?:['’]?\s+time|\s+from\s+(?:now|today))?\b(?!\s+(?:a|per)\b)"
    rf"|\b(?P<n2>{NUMBER}|an?|half\s+a)\s+(?P<unit2>day|week|fortnight|month|year)s?\s+from\s+(?:now|today)\b",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_NAMED = rf"(?:{_MONTHS})\b\.?|spring|summer|autumn|fall|winter|christmas\s+eve|christmas|xmas|easter|new\s+year['’]?s?(?:\s+eve)?|halloween|pentecost"
_PART = r"(?P<part>early|mid|late|the\s+beginning\s+of|the\s+start\s+of|the\s+middle\s+of|(?:the\s+)?(?:very\s+)?end\s+of)"
_LEAD = r"(?P<lead>by|before|until|due\s+(?:by|in|on)?|no\s+later\s+than|in\s+time\s+for|ready\s+for|in|during|over|this|next|for|around|on|at|from|starting(?:\s+(?:in|from|on))?|beginning(?:\s+in)?|as\s+of|since|of|last)"
_STRETCH = re.compile(
    rf"\b{_LEAD}\s+(?:{_PART}[\s-]+)?(?:the\s+)?(?P<step>this\s+|next\s+|coming\s+|last\s+)?(?P<name>{_NAMED})"
    rf"(?:,?\s+(?:of\s+|in\s+)?(?P<year>(?:19|20)\d\d\b|this\s+year|next\s+year|the\s+year\s+after\s+next))?(?!\w|\s+\d{{1,2}}\b)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    rf"\b(?:(?P<lead>by|before|until|in|during|over|from|starting|at)\s+)?(?:{_PART}[\s-]+)?(?P<step>this|next|the\s+coming|the|of)\s+(?P<unit>week|weekend|month|year|quarter)\b(?!\s*(?:on|or\s+so))",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"\b(?P<lead>by|before|until|in|during|for)\s+(?:{_PART}\s+)?(?P<year>20\d\d)\b(?!\s?(?:euros?|dollars?|pounds?|€|words|steps|m\b|km\b))", re.IGNORECASE)  # fmt: skip
_BEGINS = re.compile(
    r"(?:\b(?:starting|beginning|start|begin|from|as\s+of)\s+(?:again\s+)?(?:(?:on|in|from|with)\s+)?(?:the\s+)?)$", re.IGNORECASE
)
_BY = re.compile(
    r"\b(?:by|until|due(?:\s+(?:by|on))?|no\s+later\s+than|not\s+later\s+than|in\s+time\s+for|deadline(?:\s+is)?(?:\s+on)?|before)\s+(?:the\s+)?(?:[\w'’-]+\s+){0,5}(?:on\s+|in\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\bbefore\s+(?:the\s+|my\s+|our\s+)?(?:[\w'’-]+\s+){0,4}(?:on\s+|in\s+)?(?:the\s+)?$", re.IGNORECASE)
_HABIT = re.compile(
    r"\b(?:(?:every|each)\s+(?:other|second|2nd|first|1st|third|last)\s+\w+day|every|each|usually|always|often|sometimes|normally)\b",
    re.IGNORECASE,
)  # would make every day near it no date
_FROM_WEEKDAY = re.compile(
    r"\b(?:starting|beginning|begin|start|from)\s+(?:on\s+|next\s+|this\s+|coming\s+)*(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b(?!s)(?:\s+on(?:wards)?\b)?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?<![\d/.])(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)(?:/(?P<year>(?:20)?\d\d))?(?![\d/])")
_DOTTED = re.compile(r"(?<![\d.])(?P<a>[0-3]?\d)\.(?P<b>[01]?\d)\.(?!\d)")
_HAS_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\blast\b|\byesterday\b|\bago\b", re.IGNORECASE)


def days(unread: Unread, said_at: datetime, *, is_event: bool) -> list[Day]:
    """Every deadline and first day ``unread`` names, in order; what is read is taken from it. ``is_event``: "in April" is when it happens,
    so it is to be ready when April begins."""
    habits = [*habitual(unread.left), *(match.span() for match in _HABIT.finditer(unread.left))]
    kept = [(start, unread.left[start:end]) for start, end in habits]
    for start, end in habits:
        unread.take(start, end)
    found: list[Day] = []
    for read in (_within, _stretches, _units, _years, _starting, _numbered, _mentioned):
        found += read(unread, said_at, is_event)
    for start, words in kept:
        unread.give_back(start, words)
    return sorted(found, key=lambda one: one.start)


def _starting(unread: Unread, said_at: datetime, is_event: bool) -> list[Day]:
    """ "starting monday", "from next tuesday on"."""
    found = []
    for match in list(_FROM_WEEKDAY.finditer(unread.left)):
        stretch = _resolved(f"on {match['day']}", said_at)
        if stretch is not None:
            found.append(Day("begins", stretch.start.date(), *match.span()))
            unread.take(*match.span())
    return found


def _within(unread: Unread, said_at: datetime, is_event: bool) -> list[Day]:
    """ "in three months", "within six weeks", "two weeks from now": to the day."""
    found = []
    for match in list(_WITHIN.finditer(unread.left)):
        said, unit = (match["n"] or match["n2"]).lower(), (match["unit"] or match["unit2"]).lower()
        how = (match["how"] or "in").lower()
        if how == "for" or (how == "in" and said in ("a", "an") and unit == "day"):  # how long it lasts: "30 km in a day"
            continue
        n = 0.5 if said.startswith("half") else 1.0 if said in ("a", "an") else number(said)
        if n is None or n > 400:
            continue
        day = (said_at + _after(n, unit)).date()
        found.append(Day("deadline", day, *match.span(), weight=3))
        unread.take(*match.span())
    return found


def _after(n: float, unit: str) -> relativedelta:
    match unit:
        case "day":
            return relativedelta(days=round(n))
        case "week" | "fortnight":
            return relativedelta(days=round(n * (7 if unit == "week" else 14)))
        case "month":
            return relativedelta(months=int(n), days=round(n % 1 * 30))
        case _:
            return relativedelta(years=int(n), months=round(n % 1 * 12))


def _stretches(unread: Unread, said_at: datetime, is_event: bool) -> list[Day]:
    """ "by April", "before the end of June", "in summer", "by Christmas next year"."""
    found = []
    for match in list(_STRETCH.finditer(unread.left)):
        name, lead = match["name"].lower().rstrip("."), match["lead"].lower()
        is_word = name in ("may", "march", "fall", "mar", "jan", "dec", "sep", "oct", "nov", "apr", "jun", "jul", "aug", "feb")
        if is_word and match["name"][0].islower() and lead in ("this", "for", "of", "on", "at", "next", "around"):
            continue  # "this may help"
        if lead in ("of", "at", "on") and name not in ("christmas", "christmas eve", "easter", "xmas", "halloween"):
            continue
        step = (match["step"] or (lead if lead in ("this", "next", "last") else "")).strip().lower()
        year = (match["year"] or "").lower()
        words = (
            f"last {name}"
            if step == "last"
            else f"{step} {name}"
            if step in ("next", "coming") and not year
            else f"in {name} {year}".strip()
        )
        stretch = _resolved(words, said_at)
        if stretch is None:
            continue
        found.append(_placed(stretch, match, unread, said_at, is_event, dated=bool(year)))
        unread.take(*match.span())
    return found


def _units(unread: Unread, said_at: datetime, is_event: bool) -> list[Day]:
    """ "this year", "by the end of next month", "by the weekend"."""
    found = []
    for match in list(_UNIT.finditer(unread.left)):
        step, unit = match["step"].lower().replace("the coming", "next"), match["unit"].lower()
        if step in ("the", "of") and not match["part"] and not (match["lead"] or "").lower().startswith(("by", "before", "until")):
            continue
        if step == "of" and not match["part"]:
            continue
        which = "next" if step == "next" else "this"
        stretch = _quarter(said_at, which) if unit == "quarter" else _resolved(f"{which} {unit}", said_at)
        if stretch is None:
            continue
        found.append(_placed(stretch, match, unread, said_at, is_event, dated=True))
        unread.take(*match.span())
    return found


def _quarter(said_at: datetime, which: str) -> Mention:
    start = said_at.replace(month=(said_at.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    start = start + relativedelta(months=3 if which == "next" else 0)
    return _at(start, start + relativedelta(months=3))


def _years(unread: Unread, said_at: datetime, is_event: bool) -> list[Day]:
    found = []
    for match in list(_YEAR.finditer(unread.left)):
        start = said_at.replace(year=int(match["year"]), month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        stretch = _at(start, start + relativedelta(years=1), Precision.YEAR)
        found.append(_placed(stretch, match, unread, said_at, is_event, dated=True))
        unread.take(*match.span())
    return found


def _at(start: datetime, end: datetime, precision: Precision = Precision.SEASON) -> Mention:
    from ...messages import Span

    return Mention(Span(0, 0), start, end, precision)


def _resolved(words: str, said_at: datetime) -> Mention | None:
    found = mentions(f"It will be {words}", said_at, silent=Tense.AHEAD)
    return found[0] if len(found) == 1 else None


def _placed(stretch: Mention, match: re.Match[str], unread: Unread, said_at: datetime, is_event: bool, *, dated: bool) -> Day:
    """The one day that a stretch of days leaves time until."""
    lead, part = (match["lead"] or "").lower(), " ".join((match["part"] or "").lower().split())
    first, last = stretch.start.date(), (stretch.end - timedelta(minutes=1)).date()
    if lead.startswith(("starting", "beginning", "from", "as of")) or _BEGINS.search(
        unread.left, max(0, match.start() - 40), match.start()
    ):
        return Day("begins", max(first, said_at.date()), *match.span())
    is_by = lead.startswith(("by", "before", "until", "due", "no later", "in time", "ready", "for"))
    named_day = (last - first).days < 1
    if part.endswith("end of"):
        day = last
    elif part in ("mid", "the middle of"):
        day = first + timedelta(days=14) if (last - first).days < 32 else first + (last - first) / 2
    elif part == "late":
        day = last
    elif part:  # early, the beginning of
        day = first if is_by else first + timedelta(days=9)
    elif named_day:
        day = first - timedelta(days=lead == "before")
    elif is_by and first <= said_at.date() <= last and not dated:  # "by autumn", said in autumn
        day = first + relativedelta(years=1) - timedelta(days=lead == "before")
    elif is_by:
        day = first - timedelta(days=lead == "before") if first > said_at.date() else last
    elif is_event or _BEFORE.search(unread.left, max(0, match.start() - 60), match.start()):
        day = (
            first if is_event and not _BEFORE.search(unread.left, max(0, match.start() - 60), match.start()) else first - timedelta(days=1)
        )
        day = day if day > said_at.date() else last
    else:
        day = last
    if day < said_at.date():
        return Day("deadline", None, *match.span(), weight=9, remark=_over(day, unread.said(*match.span())))
    return Day("deadline", day, *match.span(), weight=3 if is_by else 1)


def _numbered(unread: Unread, said_at: datetime, is_event: bool) -> list[Day]:
    """ "by 31/1", "31.1.": a day only where day and month cannot be swapped."""
    found = []
    for match in [*_SLASHED.finditer(unread.left), *_DOTTED.finditer(unread.left)]:
        first, second = int(match["a"]), int(match["b"])
        year = match.groupdict().get("year")
        swapped = match.re is _SLASHED and first <= 12 and second <= 12 and first != second
        words = unread.said(*match.span())
        if swapped:
            found.append(Day("deadline", None, *match.span(), weight=8, remark=f"“{words}” may be two days: which month is meant?"))
        else:
            day, month = (first, second) if second <= 12 else (second, first)
            at = _next(day, month, int(year) % 100 + 2000 if year else None, said_at.date())
            if at is None:
                continue
            found.append(_day(at, match.start(), match.end(), unread, said_at, dated=bool(year)))
        unread.take(*match.span())
    return found


def _next(day: int, month: int, year: int | None, today: date) -> date | None:
    for at in (year,) if year else range(today.year, today.year + 5):
        try:
            found = date(at, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None


def _mentioned(unread: Unread, said_at: datetime, is_event: bool) -> list[Day]:
    """Days with their own name: "12 April", "next Friday", "tomorrow"."""
    found = []
    for one in mentions(unread.left, said_at, silent=Tense.AHEAD):
        words = unread.left[one.span.start : one.span.end]
        if one.precision not in (Precision.DAY, Precision.MINUTE, Precision.HOUR) or (one.end - one.start) > timedelta(days=3):
            if one.end <= said_at and _HAS_YEAR.search(words):
                found.append(
                    Day(
                        "deadline",
                        None,
                        one.span.start,
                        one.span.end,
                        9,
                        _over(one.start.date(), unread.said(one.span.start, one.span.end)),
                    )
                )
                unread.take(one.span.start, one.span.end)
            continue
        dated = bool(_HAS_YEAR.search(words))
        day = one.start.date()
        if day < said_at.date() and not dated:
            day = _next(day.day, day.month, None, said_at.date()) or day
        if re.search(
            r"\b(?:since|ago|when|turned|was)\s+\w*\s*$", unread.left[max(0, one.span.start - 24) : one.span.start], re.IGNORECASE
        ):
            continue
        found.append(_day(day, one.span.start, one.span.end, unread, said_at, dated=dated))
        unread.take(one.span.start, one.span.end)
    return found


def _day(day: date, start: int, end: int, unread: Unread, said_at: datetime, *, dated: bool) -> Day:
    before = max(0, start - 60)
    if day < said_at.date():
        return Day("deadline", None, start, end, 9, _over(day, unread.said(start, end)))
    if _BEGINS.search(unread.left, max(0, start - 40), start):
        return Day("begins", day, start, end)
    is_before = re.search(r"\bbefore\s+(?:the\s+)?$", unread.left[before:start], re.IGNORECASE)
    return Day("deadline", day - timedelta(days=bool(is_before)), start, end, 3 if _BY.search(unread.left, before, start) else 2)


def _over(day: date, words: str) -> str:
    return f"“{words.strip()}” has passed ({day_in_words(day)}): which day do you mean?"
