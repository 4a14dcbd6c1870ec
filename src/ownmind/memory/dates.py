"""The stretch of time a question is about: "last spring", "in May 2023", "before the wedding", resolved against now.

Pure. The phrases are those of ``times``; here they are read as a question means them: a bare date looks at the past, "before" and
"after" open a stretch, and of several times the narrowest is meant. An event ("the week before Ana's birthday", "since we moved") has
no date of its own: ``anchor_phrase`` says which words name it, ``timeline.anchor`` looks its date up in memory, and ``window`` reads
the question again with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from . import calendar
from .calendar import SEASONS, Precision, Stretch
from .tense import Tense
from .times import Mention, beside, mentions


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open stretch of time ``[start, end)`` and the words that named it. Same time zone as the ``now`` it was read against."""

    start: datetime
    end: datetime
    phrase: str


def window(question: str, now: datetime, anchors: Sequence[Window] = ()) -> Window | None:
    """The stretch of time ``question`` names, or None. ``anchors``: events it names, with when they were, by their words in it."""
    for anchor in anchors:
        found = _around(question, anchor, now)
        if found is not None:
            return found
    named = mentions(question[:_LONGEST], now, silent=Tense.PAST)
    if not named:
        return None
    return _opened(question, min(named, key=lambda one: one.end - one.start), now)


def anchor_phrase(question: str) -> str | None:
    """The words of ``question`` that name an event its time is counted from: "Ana's birthday" of "the week before Ana's birthday"."""
    return next((match["what"].strip() for match in _anchored(question)), None)


def counts_from_event(question: str) -> bool:
    """Whether ``question`` says plainly that its time is counted from an event ("the week before the wedding", "since we moved");
    "before" alone may as well tell what is asked about, and an event must be looked up."""
    return any(match["unit"] or match["which"].lower().endswith("since") for match in _anchored(question))


def _anchored(question: str) -> Iterator[re.Match[str]]:
    for match in _ANCHORED.finditer(question[:_LONGEST]):
        what, which = match["what"].strip(), match["which"].lower()
        if (which == "of" and not match["unit"]) or (which == "when" and not question[: match.start()].strip()):
            continue
        if not _NO_EVENT.match(what) and not _starts_with_time(what):
            yield match


_LONGEST = 500  # characters of a question that are read
_EARLIEST = datetime(1, 1, 3, tzinfo=UTC)  # a day or two inside what datetime can hold, whatever the zone
_LATEST = datetime(9999, 12, 29, tzinfo=UTC)

_GRAIN = r"day|night|morning|week|weekend|month|year|spring|summer|autumn|fall|winter"
_UNIT = rf"(?:(?P<unit>(?:the|a|one) (?:{_GRAIN})) )?"
_ANCHORED = re.compile(
    rf"\b(?<!look )(?<!looks )(?<!looked )(?<!looking )(?<!named ){_UNIT}"
    r"(?P<which>right before|before|right after|after|ever since|since|until|during|while|when|around|of)\s+(?P<what>[^?.!;,\n]{3,80})",
    re.IGNORECASE,
)
_NO_EVENT = re.compile(
    r"(?:that|this|it|then|all|now|here|there|which|what|how|them|him|her|me|you|us|some|any|once)\b(?:\W|$)", re.IGNORECASE
)


def _starts_with_time(what: str) -> bool:
    return any(one.span.start <= 4 for one in mentions(what, datetime(2000, 6, 15, tzinfo=UTC), silent=Tense.PAST))


def _opened(question: str, one: Mention, now: datetime) -> Window:
    """ "before 2020" and "after May" reach as far as time does on that side; every other word leaves the stretch as it is."""
    phrase = question[one.span.start : one.span.end]
    word = _WORD_BEFORE.search(question, max(0, one.span.start - 16), one.span.start)
    side = word["word"].lower() if word else ""
    return _side(side, Stretch(one.start, one.end, one.precision), f"{side} {phrase}".strip(), now)


_WORD_BEFORE = re.compile(r"\b(?P<word>before|after|until|till)\s+(?:the )?$", re.IGNORECASE)


def _side(side: str, stretch: Stretch, phrase: str, now: datetime) -> Window:
    match side:
        case "before" | "until" | "till":
            begins = now if side != "before" and stretch.end > now else _EARLIEST.astimezone(now.tzinfo)
            end = stretch.start if side == "before" else stretch.end
            return Window(min(begins, end - timedelta(days=1)) if end > _EARLIEST + timedelta(days=2) else stretch.start, end, phrase)
        case "after":
            return Window(stretch.end, now if stretch.end < now else _LATEST.astimezone(now.tzinfo), phrase)
        case "since":
            return Window(stretch.start, max(now, stretch.end), phrase)
    return Window(stretch.start, stretch.end, phrase)


def _around(question: str, anchor: Window, now: datetime) -> Window | None:
    at = question.lower().find(anchor.phrase.lower())
    if at < 0:
        return None
    match = next((found for found in _ANCHORED.finditer(question) if found.start("what") <= at < found.end("what")), None)
    if match is None:
        return None
    stretch = Stretch(anchor.start, anchor.end, Precision.DAY)
    which, unit = match["which"].lower().split()[-1], (match["unit"] or "").lower().split()
    phrase = question[match.start() : at + len(anchor.phrase)]
    try:
        if not unit:
            return _side(which, stretch, phrase, now)
        found = _unit_beside(stretch, unit[1], which)
    except (ValueError, OverflowError):
        return None
    return Window(found.start, found.end, phrase)


def _unit_beside(anchor: Stretch, unit: str, which: str) -> Stretch:
    """ "the week before", "the summer after", "the day of" an event."""
    if unit in SEASONS:
        years = range(anchor.start.year - 1, anchor.start.year + 2)
        seasons = [calendar.season(year, unit, anchor.start) for year in years]
        if which == "before":
            return [one for one in seasons if one.start < anchor.start][-1]
        return next(one for one in seasons if one.end > anchor.start)
    if which not in ("before", "after"):
        return calendar.unit(unit, anchor.start)
    return beside(anchor, "day" if unit in ("night", "morning") else unit, -1 if which == "before" else 1)
