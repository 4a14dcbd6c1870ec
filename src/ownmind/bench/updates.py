"""What was true when: generated lives go through the real memory, and what it believes is held against what is true of them.

``current`` and ``as_of`` are shares of the things that changed at least once (where somebody lives, their favourite tea), over all of
them and over those whose every value extraction found: the first says what a person gets, the second how well time is kept. Given up
for good counts as a value: nothing. A conflict is surfaced when both its values are shown side by side. A date is resolved when the
stretch found for its phrase is the true one, invented when its words name none. Extraction is the rules'; no model is called.

Controls: the same dates held against talk shifted by eleven days must be wrong, and a search for date words alone must invent some in
the same texts; where a control is not met the zero beside it says nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..memory import times
from ..memory.calendar import MONTHS, WEEKDAYS
from ..memory.history import value_at
from ..memory.memory import Memory
from ..memory.predicates import object_key, predicate_key, subject_key
from ..messages import Fact, Span
from . import result, stage
from .life import Life, Named, Style, Value, generate

_STYLES: tuple[Style, ...] = ("diary", "friends")
_DATE_WORD = re.compile(rf"\b(?:{'|'.join((*MONTHS, *WEEKDAYS))}|\d{{4}}|\d{{1,2}}/\d|second)\b", re.IGNORECASE)
_ABSOLUTE = re.compile(rf"{'|'.join(MONTHS)}|\d{{4}}", re.IGNORECASE)  # does not lean on when it was said
_HELD = timedelta(days=14)  # what held for less is asked about on no date: a week beside a change, nobody's words are that exact
_SHIFT = timedelta(days=11)  # no multiple of a week: every phrase then means another day


@dataclass
class Tally:
    """Right and asked, by what was asked."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, right: bool, what: str = "") -> None:
        self.asked[name] += 1
        self.right[name] += right
        if not right and what:
            self.wrong.append(f"{name}: {what}")

    def share(self, name: str) -> float | None:
        """None: nothing was asked."""
        return round(self.right[name] / self.asked[name], 4) if self.asked[name] else None


def run(*, n: int = 8, seed: int = 100, **_: object) -> dict[str, object]:
    """``n`` lives of each style, seeds from ``seed`` on."""
    tally = Tally()
    for style in _STYLES:
        for number in range(seed, seed + (n or 8)):
            _measure(generate(number, style=style), style, tally)
    shares = {name: tally.share(name) for name in sorted(tally.asked)}
    figures: dict[str, object] = {
        **shares,
        "asked": dict(sorted(tally.asked.items())),
        "dates_invented": tally.asked["date_found"] - tally.right["date_found"],
        "bars": {"current": 0.98, "as_of": 0.95, "conflict": 0.90, "date": 0.95, "dates_invented": 0},
        "wrong": tally.wrong[:40],
    }
    control = {
        "date_shifted": tally.share("control_shifted"),
        "invented_by_words_alone": tally.asked["control_words"] - tally.right["control_words"],
        "met": (tally.share("control_shifted") or 1.0) < 0.5 and tally.asked["control_words"] > tally.right["control_words"],
    }
    return result("updates", figures, n=2 * (n or 8), seed=seed, control=control)


def _measure(life: Life, style: Style, tally: Tally) -> None:
    now = (life.entries[-1].at or stage.BEGAN) + timedelta(days=1)
    with stage.memory(None, now) as (memory, _store):
        memory.remember(life.entries, now=now)
        facts = memory.facts(everything=True)
        for slot in _slots(life.values).values():
            _value(slot, facts, now, style, tally)
        _conflicts(life, memory, tally)
    _dates(life, tally)


def _slots(values: Sequence[Value]) -> dict[tuple[str, str], list[Value]]:
    found: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in values:
        found[value.subject, value.predicate].append(value)
    return found


def _value(slot: Sequence[Value], facts: Sequence[Fact], now: datetime, style: Style, tally: Tally) -> None:
    """Whether one thing's values were found, and are right now and in the middle of the time each held."""
    found = [_is_found(value, facts) for value in slot]
    for known in found:
        tally.add("found", known)
        tally.add(f"found_{style}", known)
    if len(slot) < 2 and slot[-1].until is None:
        return
    last, whole = slot[-1], all(found)
    right = _holds(last if last.until is None else None, slot, facts, now)
    what = f"{last.subject} {last.predicate}: {[value.object for value in slot]}, ended {last.until is not None} ({style})"
    tally.add("current", right, what)
    if whole:
        tally.add("current_of_found", right)
    for value in slot:
        until = value.until or now
        if until - value.since < _HELD:
            continue
        at = value.since + (until - value.since) / 2
        right = _holds(value, slot, facts, at)
        tally.add("as_of", right, f"{what} at {at:%Y-%m-%d}")
        if whole:
            tally.add("as_of_of_found", right)


def _is_found(value: Value, facts: Sequence[Fact]) -> bool:
    wanted = subject_key(value.subject), predicate_key(value.predicate), object_key(value.object)
    return any((subject_key(fact.subject), predicate_key(fact.predicate), object_key(fact.object)) == wanted for fact in facts)


def _holds(truth: Value | None, slot: Sequence[Value], facts: Sequence[Fact], at: datetime) -> bool:
    """Whether memory gives this value at ``at``, or none where none is true."""
    given = value_at(facts, slot[0].subject, slot[0].predicate, at)
    if truth is None or given is None:
        return truth is None and given is None
    return object_key(given.object) == object_key(truth.object)


def _conflicts(life: Life, memory: Memory, tally: Tally) -> None:
    """Each true conflict shown with all its values, and each shown one true."""
    shown = {
        (subject_key(one.subject), predicate_key(one.predicate)): {object_key(fact.object) for fact in one.facts}
        for one in memory.conflicts()
    }
    true = {(subject_key(one.subject), predicate_key(one.predicate)): {object_key(each) for each in one.objects} for one in life.conflicts}
    for slot, objects in true.items():
        tally.add("conflict", objects <= shown.get(slot, set()), f"{slot} {sorted(objects)}")
    for slot, objects in shown.items():
        tally.add("conflict_shown_is_true", slot in true, f"{slot} {sorted(objects)}")


def _dates(life: Life, tally: Tally) -> None:
    """Every date the talk names, and every date found in it."""
    named: dict[str, list[Named]] = defaultdict(list)
    for date in life.dates:
        named[date.evidence].append(date)
    for entry in life.entries:
        assert entry.at is not None
        true = [(_span(entry.text, date.phrase), date) for date in named[entry.external_id]]
        found = times.mentions(entry.text, entry.at)
        shifted = times.mentions(entry.text, entry.at + _SHIFT)
        for span, date in true:
            if date.precision == "yearly":
                continue  # a birthday is a day of every year
            right = any(_overlap(span, one.span) and _within(one, date) for one in found)
            tally.add("date", right, f"{date.phrase!r} said {entry.at:%a %Y-%m-%d} is {date.start:%Y-%m-%d}..{date.end:%Y-%m-%d}")
            if not _ABSOLUTE.search(date.phrase):
                tally.add("control_shifted", any(_within(one, date) for one in shifted))
        for one in found:
            words = entry.text[one.span.start : one.span.end]
            tally.add("date_found", any(_overlap(span, one.span) for span, _ in true), f"{words!r} in {entry.text!r}")
        for span in _date_words(entry.text):
            tally.add("control_words", any(_overlap(each, span) for each, _ in true))


def _within(found: times.Mention, date: Named) -> bool:
    """Whether ``found`` says when, no wider than the truth: "this morning" is part of today."""
    return date.start <= found.start and found.end <= date.end


def _date_words(text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in _DATE_WORD.finditer(text))


def _span(text: str, phrase: str) -> Span:
    start = text.index(phrase)
    return Span(start, start + len(phrase))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
