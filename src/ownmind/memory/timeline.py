"""What happened when: a query over the times items name, the moments they were said, and facts; never a stored copy.

An event is a stretch of time with the words that name it. An item that names no time happened, as far as anybody knows, when it was
said (precision "said"). ``when`` reads the date of one event ("the wedding", "we moved") off the items recall found for its words: the
time named in the sentence that is about it, else the moment that was said, else None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import apsw

from ..messages import Fact, Item, Kind, Recalled, Span, TimelineEvent
from ..store import facts as fact_rows
from ..store import items, search
from ..store import times as time_rows
from . import calendar
from .calendar import Precision, Stretch
from .dates import Window
from .facts import is_about
from .tense import Tense
from .times import Mention, mentions
from .words import content_words, words

EVIDENCE = (Kind.MESSAGE, Kind.NOTE, Kind.TURN, Kind.PASSAGE)
SAID = "said"  # precision of an event whose words name no time

_SENTENCE_END = re.compile(r"[.!?…]+[\"”')\]]*(?=\s|$)|\n+")
_MOST = 2000  # items looked at for one topic


def events(
    cx: apsw.Connection, *, about: Sequence[str] = (), start: datetime | None = None, end: datetime | None = None, limit: int = 100
) -> list[TimelineEvent]:
    """Up to ``limit`` events in order of time; of more than that, those that best match ``about``, else the latest. ``about``: a
    person or a topic by every way of calling it, of one of which an item must hold all words (its speaker's name counts); ``[start,
    end)`` is half-open."""
    rows = list(dict.fromkeys(row for way in about for row in _about(cx, way))) if about else _within(cx, start, end, limit)
    named: dict[int, list[time_rows.Named]] = {}
    for row in time_rows.of(cx, rows):
        named.setdefault(row.item, []).append(row)
    found: list[TimelineEvent] = []
    for item in items.get(cx, rows):
        found += _of_item(item, named.get(items.row_id(item.id), []))
    if about:
        known = {event.item_id for event in found if event.precision != SAID}
        found += [
            _of_fact(fact)
            for fact in fact_rows.everything(cx)
            if any(is_about(fact, way) for way in about) and fact.item_id not in known and _adds(fact)
        ]
    inside = [event for event in found if _is_within(event, start, end)]
    kept = inside[:limit] if about else sorted(inside, key=lambda event: event.start)[-limit:]
    return sorted(kept, key=lambda event: (event.start, event.end, event.item_id))


def _about(cx: apsw.Connection, about: str) -> list[int]:
    terms = list(dict.fromkeys(search.stems(content_words(about))))
    return items.shown(cx, search.holding(cx, terms, EVIDENCE, _MOST))


def _within(cx: apsw.Connection, start: datetime | None, end: datetime | None, limit: int) -> list[int]:
    first = start.timestamp() if start else datetime.min.replace(tzinfo=UTC).timestamp()
    last = end.timestamp() if end else datetime.max.replace(tzinfo=UTC).timestamp()
    return time_rows.in_window(cx, first, last, max(limit, 1))


def named_event(item: Item, one: time_rows.Named) -> TimelineEvent:
    """The sentence of ``item`` that names a time, as an event."""
    zone = item.at.tzinfo if item.at else UTC
    span = sentence(item.text, one.span_start, one.span_end)
    return _event(item, span, _moment(one.start, zone), _moment(one.until, zone), one.precision)


def _of_item(item: Item, named: Sequence[time_rows.Named]) -> list[TimelineEvent]:
    if named:
        return [named_event(item, one) for one in named]
    if item.at is None or item.kind is Kind.PASSAGE or item.text.rstrip().endswith("?"):
        return []
    return [_event(item, Span(0, len(item.text)), item.at, item.at, SAID)]


def _event(item: Item, span: Span, start: datetime, end: datetime, precision: str) -> TimelineEvent:
    return TimelineEvent(
        start, end, precision, item.id, item.text[span.start : span.end], span, item.source.ref, item.speaker, item.at, label=item.label
    )


def _of_fact(fact: Fact) -> TimelineEvent:
    assert fact.valid_from is not None, "_adds asked"
    return TimelineEvent(
        fact.valid_from, fact.valid_from, SAID, fact.item_id, fact.text, fact.span, fact.source, "", fact.valid_from, fact.id, fact.label
    )


def _adds(fact: Fact) -> bool:
    return fact.valid_from is not None and not fact.wrong


def _moment(seconds: float, zone: object) -> datetime:
    found = items.moment(seconds)
    assert found is not None
    return found.astimezone(zone)  # type: ignore[arg-type]  # a tzinfo


def _is_within(event: TimelineEvent, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or event.end > start or event.start >= start) and (end is None or event.start < end)


def sentence(text: str, start: int, end: int) -> Span:
    """The sentence of ``text`` that holds ``[start, end)``."""
    first = 0
    for match in _SENTENCE_END.finditer(text, max(0, start - 1000), start):
        first = match.end()
    last = _SENTENCE_END.search(text, end)
    stop = last.end() if last else len(text)
    while first < start and text[first].isspace():
        first += 1
    return Span(first, len(text[:stop].rstrip()) if stop - first < 2000 else min(stop, first + 2000))


# When one event was


@dataclass(frozen=True, slots=True)
class Dated:
    """When an event was, and the words it is known from. ``is_named``: they name the time; else it is the moment they were said."""

    start: datetime
    end: datetime
    precision: str
    recalled: Recalled
    quote: str
    is_named: bool


def when(phrase: str, found: Sequence[Recalled], now: datetime, *, best: int = 5) -> Dated | None:
    """When the event that ``phrase`` names was, as read off ``found``, what recall gives for those words; None when none of the
    ``best`` first of them is about it."""
    terms = set(search.stems([word for word in content_words(phrase) if len(word) > 2]))
    weighed = [
        (dated, weight)
        for rank, one in enumerate(found[:best])
        if (dated := _dated(one, terms, now)) and (weight := _fit(one, dated, terms, rank))
    ]
    return max(weighed, key=lambda pair: pair[1])[0] if weighed else None


def _fit(one: Recalled, dated: Dated, terms: set[str], rank: int) -> float:
    """How well an item tells the event: words in common with the sentence that dates it, and how near recall put it. One that names no
    time is mostly talk about the event afterwards ("everybody asks about the wedding") and counts half."""
    held = set(search.stems(words(f"{one.speaker} {dated.quote}")))
    shared = len(terms & held) / max(1, len(terms))
    closeness = max(0.0, one.signals.get("cosine", 0.0))
    if shared < 0.34 and closeness < 0.5:
        return 0.0
    return (shared + closeness) * (1.0 if dated.is_named else 0.5) * 0.95**rank


def _dated(one: Recalled, terms: set[str], now: datetime) -> Dated | None:
    """The time an item gives its event: named in the sentence that shares most with it, else anywhere in it, else its own."""
    item = one.item
    named = [] if item.kind is Kind.REPLY else mentions(item.text, None if item.kind is Kind.PASSAGE else item.at)
    if named:
        chosen = max(named, key=lambda mention: _closeness(item.text, mention, terms))
        span = sentence(item.text, chosen.span.start, chosen.span.end)
        return Dated(chosen.start, chosen.end, chosen.precision.value, one, item.text[span.start : span.end], True)
    if item.at is None or item.kind is Kind.PASSAGE or item.text.rstrip().endswith("?"):
        return None
    return Dated(item.at, item.at + timedelta(seconds=1), SAID, one, item.text, False)


def _closeness(text: str, mention: Mention, terms: set[str]) -> tuple[int, bool, int]:
    span = sentence(text, mention.span.start, mention.span.end)
    shared = len(terms & set(search.stems(words(text[span.start : span.end]))))
    return shared, mention.precision in (Precision.DAY, Precision.HOUR, Precision.MINUTE), -mention.span.start


def anchor(phrase: str, found: Sequence[Recalled], facts: Iterable[Fact], now: datetime) -> Window | None:
    """The time of the event a question counts from, for ``dates.window``: from a fact, else from what recall ``found`` for its words.
    An item that names no time counts only where it tells of the event as it happens: the moment it was said is then the time."""
    fact = from_facts(phrase, facts, now)
    if fact is not None:
        return Window(fact.start, fact.end, phrase)
    dated = when(phrase, found, now, best=10)
    if dated is None or not (dated.is_named or dated.recalled.signals.get("coverage", 0.0) >= _COVERED):
        return None
    if dated.precision in (SAID, Precision.HOUR, Precision.MINUTE):
        day = calendar.day(dated.start)
        return Window(day.start, day.end, phrase)
    return Window(dated.start, dated.end, phrase)


_COVERED = 0.6  # share of the phrase's words, by weight, that an item without a time must hold
_YEARLY = re.compile(r"\b(?:birthday|anniversary)\b", re.IGNORECASE)


def from_facts(phrase: str, facts: Iterable[Fact], now: datetime) -> Stretch | None:
    """When the event was, where a fact says so: "Ana's birthday" by its fact, of the years the latest that has begun."""
    said = set(words(phrase))
    yearly = _YEARLY.search(phrase) is not None
    for fact in facts:
        predicate = set(words(fact.predicate))
        asked = {"birthday", "born"} & predicate if "birthday" in said else predicate & said - {"date", "of"}
        about = set(words(fact.subject)) & said or (fact.subject == "you" and said & {"my", "our", "i", "we"})
        if not asked or not about:
            continue
        named = mentions(fact.object, fact.valid_from or fact.learned_at, silent=Tense.AHEAD)
        if not named or named[0].precision is not Precision.DAY:
            continue
        return _this_years(named[0], now) if yearly else Stretch(named[0].start, named[0].end, named[0].precision)
    return None


def _this_years(one: Mention, now: datetime) -> Stretch | None:
    for year in (now.year, now.year - 1):
        try:
            found = calendar.date(year, one.start.month, one.start.day, now)
        except ValueError:  # 29 February
            continue
        if found.start <= now:
            return found
    return None
