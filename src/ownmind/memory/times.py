"""The times a text names, each resolved against the moment the text was said: "last Friday" in a note of May is a day in May.

Pure, by rule, English, and meant to be wrong never rather than silent never: what only looks like a date ("may", "Sunday roast", "two
weeks of leave") or could be one of two (4/12/2023, Thanksgiving, "on Fridays") names none. Atoms ("next month", "the 3rd of June") are
found by the table in ``phrases``; then what stands around them is read: a part of the day or a clock time, "early", "the week
before", "from ... to", "since".

A text without a trigger word costs one pass over its words and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from ..messages import Item, Kind, Span
from ..store.items import row_id
from ..store.times import Named
from . import calendar
from .calendar import MONTHS, Precision, Stretch, day_in_words
from .phrases import CLOCK, NUMBER, PHRASES, TRIGGERS, UNIT, Here, clock_time, count
from .tense import Tense

MOST = 200  # mentions kept of one text: a table of dates is not a life


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of time named by ``text[span.start:span.end]``. ``[start, end)`` is half-open, aware, in the zone of the text's own
    time; ``precision`` is the grain of the words: minute, hour, day, week, month, season, year, decade."""

    span: Span
    start: datetime
    end: datetime
    precision: Precision


def mentions(text: str, said_at: datetime | None, *, silent: Tense = Tense.SILENT) -> list[Mention]:
    """Every time ``text`` names, in the order of the text, never overlapping. Without ``said_at`` only what needs none ("May 2023",
    in UTC). ``silent``: which way a bare date looks when no verb tells; a question looks to the PAST."""
    found = _atoms(text, said_at, silent)
    if not found:
        return []
    now = said_at or _NO_TIME
    for read in (_with_part_of_day, _with_clock, _with_portion, _with_week_of, _with_offset):
        found = [_safely(read, text, one, now) or one for one in found]
    found = _ranges(text, _apart(found), now)
    return [_since(text, one, now) for one in found][:MOST]


_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # stands in for an unknown moment; only phrases that do not look at it are read then
_WORD = re.compile(r"[^\W\d_]+|\d")


def _atoms(text: str, said_at: datetime | None, silent: Tense) -> list[Mention]:
    words = frozenset(_WORD.findall(text.lower()))
    named = words & TRIGGERS
    if not named or (named <= _DIGITS and not _MAY_BE_DATE.search(text)):
        return []
    found: list[Mention] = []
    for phrase in PHRASES:
        if (said_at is None and not phrase.absolute) or any(map(words.isdisjoint, phrase.needs)):
            continue
        for match in islice(phrase.pattern.finditer(text), MOST):
            start, end = match.span("core") if "core" in phrase.pattern.groupindex else match.span()
            if _is_title(text, start, end):
                continue
            here = Here(said_at or _NO_TIME, text, start, end, silent, said_at is not None)
            try:
                stretch = phrase.resolve(match.groupdict(), here)
            except (ValueError, OverflowError):  # 31 June; the year 10,000
                continue
            if stretch is not None and stretch.start < stretch.end:
                found.append(Mention(Span(start, end), stretch.start, stretch.end, stretch.precision))
    return _apart(found)


_DIGITS = frozenset("0123456789")
_MAY_BE_DATE = re.compile(r"\d[-/.]\d|\b(?:1[6-9]|20)\d\d|\d0s\b|\bthe \d", re.IGNORECASE)  # of a text whose only trigger is a digit


def _apart(found: Sequence[Mention]) -> list[Mention]:
    """Without overlaps: the longer words win, of equal ones the first."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda each: each.span.start - each.span.end):
        places = range(one.span.start, one.span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return sorted(kept, key=lambda each: each.span.start)


def _is_title(text: str, start: int, end: int) -> bool:
    """Whether the words are a name: quoted alone, or with a capital in the middle of a sentence ("we watched Last Christmas")."""
    if text[start - 1 : start] in ('"', "“", "‘") and text[end : end + 1] in ('"', "”", "’"):
        return True
    word = re.match(r"[^\W\d_]+", text[start:end])
    if word is None or not word[0][0].isupper() or word[0].isupper() or word[0].lower() not in _PLAIN:
        return False
    before = text[max(0, start - 2) : start]
    return bool(before) and before[-1] == " " and before[0].isalnum() and word[0] != "I"


_PLAIN = frozenset("last next this yesterday today tonight tomorrow the early late mid two three past previous coming day".split())  # noqa: SIM905


def _safely(read: Callable[[str, Mention, datetime], Mention | None], text: str, one: Mention, now: datetime) -> Mention | None:
    try:
        found = read(text, one, now)
    except (ValueError, OverflowError):
        return None
    return found if found is not None and found.start < found.end else None


def named(item: Item) -> list[Named]:
    """What ``item`` names, as rows. A document's own time is when its file was last saved, not when its words were written, so of a
    passage only dates with their year are kept; of the companion's replies nothing is."""
    if item.kind is Kind.REPLY:
        return []
    return [
        Named(row_id(item.id), one.span.start, one.span.end, one.start.timestamp(), one.end.timestamp(), one.precision.value)
        for one in mentions(item.text, None if item.kind is Kind.PASSAGE else item.at)
    ]


def in_words(start: datetime, end: datetime, precision: str) -> str:
    """A stretch as people write it: "7 May 2026", "2 to 8 November 2026", "March 2026", "summer 2026", "2019 to 2022"."""
    last = max(start, end - timedelta(microseconds=1))
    match precision:
        case Precision.MINUTE:
            return f"{day_in_words(start)}, {start:%H:%M}"
        case Precision.HOUR:
            return day_in_words(start)
        case Precision.MONTH if start.day == 1 and (last.year, last.month) == (start.year, start.month):
            return f"{MONTHS[start.month - 1].capitalize()} {start.year}"
        case Precision.SEASON if start.day == 1 and start.month % 3 == 0 and (end - start).days < 95:
            return f"{_SEASON_OF[start.month]} {start.year}"
        case Precision.YEAR | Precision.DECADE if start.month == start.day == 1:
            return str(start.year) if start.year == last.year else f"{start.year} to {last.year}"
    if start.date() == last.date():
        return day_in_words(start)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day} to {day_in_words(last)}"
    return f"{day_in_words(start) if start.year != last.year else day_in_words(start).rsplit(' ', 1)[0]} to {day_in_words(last)}"


_SEASON_OF = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}


def _stretch(one: Mention) -> Stretch:
    return Stretch(one.start, one.end, one.precision)


def _as(one: Mention, stretch: Stretch, start: int, end: int) -> Mention:
    return Mention(Span(start, end), stretch.start, stretch.end, stretch.precision)


def _before(text: str, one: Mention, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The match of a pattern that ends in ``$`` right before the mention; looks 48 characters back."""
    return pattern.search(text, max(0, one.span.start - 48), one.span.start)


def _is_a_day(one: Mention) -> bool:
    return one.precision is Precision.DAY and (one.end - one.start) < timedelta(days=1.5)


_PART_AFTER = re.compile(
    r",?\s+(?:in the |at )?(?:early |late )?(?P<part>morning|afternoon|evening|night)\b(?!s|\s+(?:shift|club|bus))", re.IGNORECASE
)
_PART_BEFORE = re.compile(r"\b(?:the |in the )?(?P<part>morning|afternoon|evening|night)(?: of| on|,)\s+(?:the )?$", re.IGNORECASE)


def _with_part_of_day(text: str, one: Mention, now: datetime) -> Mention | None:
    """ "yesterday morning", "the evening of 5 May"."""
    if not _is_a_day(one):
        return None
    if match := _PART_AFTER.match(text, one.span.end):
        return _as(one, calendar.part(_stretch(one), match["part"].lower()), one.span.start, match.end())
    if match := _before(text, one, _PART_BEFORE):
        return _as(one, calendar.part(_stretch(one), match["part"].lower()), match.start(), one.span.end)
    return None


_CLOCK_AFTER = re.compile(rf"(?:,?\s+(?:at|around|about|by|from|@)\s+|,?\s+(?=\d)){CLOCK}", re.IGNORECASE)
_CLOCK_BEFORE = re.compile(rf"\b(?:at |around |about |by |from )?{CLOCK}(?:,| on| of)?\s+(?:the )?$", re.IGNORECASE)


def _with_clock(text: str, one: Mention, now: datetime) -> Mention | None:
    """ "the 3rd of June at 7pm", "tonight at 8", "noon tomorrow". An hour that may be of the morning or the evening is left out."""
    part_ = next((name for name in calendar.PARTS if _has_word(text, one, name)), "night" if _has_word(text, one, "tonight") else "")
    if not _is_a_day(one) and not part_:
        return None
    for match, start, end in (
        (_CLOCK_AFTER.match(text, one.span.end), one.span.start, None),
        (_before(text, one, _CLOCK_BEFORE), None, one.span.end),
    ):
        if match and (at := clock_time(match, part_)) is not None:
            day = _stretch(one)
            if part_ == "night" and at[0] < 6:  # two in the morning of "tonight" is tomorrow
                day = calendar.day(day.start, 1)
            found = calendar.clock(day, *at)
            return _as(one, found, match.start() if start is None else start, match.end() if end is None else end)
    return None


def _has_word(text: str, one: Mention, word: str) -> bool:
    return word in text[one.span.start : one.span.end].lower()


_PORTION = re.compile(
    r"\b(?:(?P<early>early(?: in)?|(?:the )?(?:beginning|start) of)|(?P<mid>mid|(?:the )?middle of)|(?P<late>late(?: in)?|(?:the )?end of))"
    r"[\s-]+(?:the )?$",
    re.IGNORECASE,
)


def _with_portion(text: str, one: Mention, now: datetime) -> Mention | None:
    """ "early March", "the end of next month", "mid-June"."""
    if one.precision not in (Precision.WEEK, Precision.MONTH, Precision.SEASON, Precision.YEAR, Precision.DECADE):
        return None
    match = _before(text, one, _PORTION)
    if match is None or match.lastgroup is None:
        return None
    return _as(one, calendar.portion(_stretch(one), match.lastgroup), match.start(), one.span.end)


_WEEK_OF = re.compile(r"\bthe (?P<unit>week|weekend|month) (?:of|starting|beginning)\s+(?:on )?(?:the )?$", re.IGNORECASE)


def _with_week_of(text: str, one: Mention, now: datetime) -> Mention | None:
    """ "the week of 5 May": the whole week that holds it."""
    match = _before(text, one, _WEEK_OF) if _is_a_day(one) else None
    return None if match is None else _as(one, calendar.unit(match["unit"].lower(), one.start), match.start(), one.span.end)


_OFFSET = re.compile(
    rf"(?:\b(?P<the>the|one)\s+|\b{NUMBER}\s+)?\b{UNIT}\s+(?P<which>before|after|from)\s+(?:on\s+)?(?:the\s+)?$", re.IGNORECASE
)


def _with_offset(text: str, one: Mention, now: datetime) -> Mention | None:
    """ "the week before Christmas", "two days after 5 May", "a week from Friday"."""
    match = _before(text, one, _OFFSET)
    if match is None or (not match["the"] and not match["n"]):
        return None
    name, sign = match["unit"].lower(), -1 if match["which"].lower() == "before" else 1
    anchor = one.start if sign < 0 else one.end - timedelta(minutes=1)
    if match["the"]:
        return _as(one, beside(_stretch(one), name, sign), match.start(), one.span.end)
    n = count(match["n"])
    if n is None or name in ("minute", "hour"):
        return None
    at = calendar.moved(anchor, name, sign * n)
    stretch = calendar.day(at) if name in ("day", "week", "fortnight") and _is_a_day(one) else calendar.unit(name, at)
    return _as(one, stretch, match.start(), one.span.end)


def beside(anchor: Stretch, unit: str, sign: int) -> Stretch:
    """The ``unit`` right before (-1) or right after (1) ``anchor``: the seven days before a birthday, the month after May."""
    if unit == "weekend":
        found = calendar.unit("weekend", anchor.start if sign < 0 else anchor.end)
        outside = found.end <= anchor.start if sign < 0 else found.start >= anchor.end
        return found if outside else calendar.unit("weekend", calendar.moved(anchor.start, "week", sign))
    grain = calendar.unit(unit, anchor.start).precision
    if sign < 0:
        return Stretch(calendar.moved(anchor.start, unit, -1), anchor.start, grain)
    end = calendar.midnight(anchor.end)
    return Stretch(end, calendar.moved(end, unit, 1), grain)


_JOINS = re.compile(r"\s*(?:-|–|—|to|until|till|through|and)\s*(?:on )?(?:the )?", re.IGNORECASE)
_OPENS = re.compile(r"\b(?P<from>from|between)\s+(?:the )?$", re.IGNORECASE)


def _ranges(text: str, found: Sequence[Mention], now: datetime) -> list[Mention]:
    """ "from 3 May to 7 June", "between Monday and Friday", "12 April - 3 May": one stretch."""
    kept: list[Mention] = []
    for one in found:
        first = kept[-1] if kept else None
        if first is not None and (between := _JOINS.fullmatch(text, first.span.end, one.span.start)):
            opened, word = _before(text, first, _OPENS), between.group().strip().lower()
            dash = word[:1] in ("-", "–", "—")
            stretch = _joined(text, first, one, now)
            if stretch and (dash or (opened and (word.startswith("and") == (opened["from"].lower() == "between")))):
                kept[-1] = _as(first, stretch, opened.start() if opened else first.span.start, one.span.end)
                continue
        kept.append(one)
    return kept


def _joined(text: str, first: Mention, last: Mention, now: datetime) -> Stretch | None:
    """One stretch of both. The year named only at the end is the first one's too; two weekdays belong to one week."""
    begins, ends = _stretch(first), _stretch(last)
    try:
        if _NAMES_YEAR.search(text, last.span.start, last.span.end) and not _NAMES_YEAR.search(text, first.span.start, first.span.end):
            years = ends.start.year - begins.start.year
            begins = Stretch(calendar.moved(begins.start, "year", years), calendar.moved(begins.end, "year", years), begins.precision)
        if ends.end <= begins.start and _is_a_day(first) and _is_a_day(last):
            if ends.start >= now:
                ends = calendar.day(ends.start, 7)
            else:
                begins = calendar.day(begins.start, -7)
    except (ValueError, OverflowError):
        return None
    return calendar.joined(begins, ends)


_NAMES_YEAR = re.compile(r"(?:1[6-9]|20)\d\d|['’]\d\d")


_SINCE = re.compile(r"\b(?:ever )?since\s+(?:about |around )?(?:the )?$", re.IGNORECASE)


def _since(text: str, one: Mention, now: datetime) -> Mention:
    """ "since 2019": from then until it was said."""
    match = _before(text, one, _SINCE)
    if match is None or now is _NO_TIME or one.start >= now:
        return one
    return replace(one, span=Span(match.start(), one.span.end), end=max(one.end, now))
