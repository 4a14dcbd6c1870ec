"""What is known, to be looked through: the face ``memories``.

A memory is a fact with the words it rests on. It is narrowed by whom it is about, topic, source, time and words; told why it is known, what
it was before and what contradicts it; and the times that remembered words name stand in order. Everything is read off rows when it is
asked for. To confirm, fix or forget one: ``Memory.keep``, ``fix``, ``forget``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import apsw

from ..errors import BadInput
from ..messages import Fact, Item, TimelineEvent
from ..store import facts as rows
from ..store import items, search
from ..store import memories as found_rows
from ..store import times as time_rows
from ..store.memories import MODEL, RULE, SURE, Wanted
from ..store.opening import Store
from . import facts as facts_
from . import rules
from .choices import CORRECTIONS, Choices, columns, counted
from .history import conflicts
from .predicates import object_key, predicate_key, subject_key
from .timeline import EVIDENCE, named_event
from .told import Told, told
from .topics import TOPICS, topic
from .words import content_words

STATES = found_rows.STATES
_MOST = 200  # memories given at once
_LINEAGE = 100
_HOLDING = 2000  # items that hold the words a timeline is narrowed by
_WORDS = 200  # characters
_SPANS = {"today": 0, "week": 6, "month": 29, "year": 364}  # days before today in which something was learnt


@dataclass(frozen=True, slots=True)
class Known:
    """A memory. ``state``: now, ahead (it will be so), past, or wrong (it never was). ``is_guess``: a model read it so and nobody confirmed
    it. ``places``: how many remembered items say it. ``instead``: what stands in its place, "" for nothing."""

    fact: Fact
    told: Told
    state: str
    is_guess: bool
    places: int
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some memories, the last learnt first; ``next`` is the cursor of those after them, "" at the end."""

    memories: tuple[Known, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One place that says a memory, and how it was read there: "rule", "model", "correction" (the person wrote it so), or "" where the
    store does not say. ``fact`` is the row of that place, with its own label, confidence and time."""

    fact: Fact
    told: Told
    how: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is known: every place that says it, the latest first; what it was before and after, in order of time, itself among
    them; and what is said against it that code cannot decide."""

    memory: Known
    readings: tuple[Reading, ...]
    history: tuple[Known, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Some events in order of time, from now away; ``next`` is the cursor of those after them, "" at the end."""

    events: tuple[TimelineEvent, ...]
    next: str


class Memories:
    """The memories of one home. Any thread may use it. ``zone``: the person's, for what a day is."""

    def __init__(self, store: Store, clock: Callable[[], datetime], zone: Callable[[], tzinfo]) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    def all(
        self,
        about: str = "",
        topic: str = "",
        source: str = "",
        state: str = "now",
        since: date | None = None,
        until: date | None = None,
        words: str = "",
        cursor: str = "",
        limit: int = 50,
    ) -> Page:
        """Memories about somebody or something, of a topic, from a source (a ref, or the beginning of refs up to a ":"), in a state (now,
        guess, kept, past, wrong, all), learnt from one day to another (both included), with these words; the last learnt first. Raises
        BadInput."""
        below = _row(cursor)
        with self._store.db.read() as cx:
            wanted = self._wanted(cx, about, topic, source, state, since, until, words)
            found = found_rows.page(cx, wanted, below, min(max(limit, 1), _MOST) + 1)
            shown = found[: min(max(limit, 1), _MOST)]
            return Page(tuple(_known(cx, shown, self._clock())), f"f{shown[-1]}" if len(found) > len(shown) else "")

    def choices(
        self,
        about: str = "",
        topic: str = "",
        source: str = "",
        state: str = "now",
        since: date | None = None,
        until: date | None = None,
        words: str = "",
    ) -> Choices:
        """What memories may be narrowed by, with how many each would leave. Raises BadInput."""
        with self._store.db.read() as cx:
            wanted = self._wanted(cx, about, topic, source, state, since, until, words)
            held = columns(found_rows.lines(cx, wanted))
            sources = found_rows.titles(cx, held.sources)
        return counted(held, wanted, topic, sources, self._begins())

    def why(self, fact: str) -> Why:
        """Why this is known. Raises NotFound."""
        row = items.row_id(fact, "f")
        now = self._clock()
        with self._store.db.read() as cx:
            facts_.needed(rows.get(cx, [row]), fact)
            same = found_rows.saying_the_same(cx, [row])[row]
            places = sorted(rows.get(cx, same), key=lambda one: (one.learned_at, one.id), reverse=True)
            held = _items(cx, places)
            chain = _known(cx, found_rows.lineage(cx, row, _LINEAGE), now)
            (memory,) = _known(cx, [row], now)
        lineage = {one.fact.id: one for one in [*chain, memory]}
        against = [one for conflict in conflicts([each.fact for each in lineage.values()], now) for one in conflict.facts]
        disputed = memory.fact.id in {one.id for one in against}
        return Why(
            memory,
            tuple(Reading(one, told(held[one.item_id], one.span), _how(one, held[one.item_id])) for one in places if one.item_id in held),
            tuple(sorted(lineage.values(), key=lambda one: (_since(one.fact), one.fact.learned_at))),
            tuple(one.text for one in against if disputed and one.text != memory.fact.text),
        )

    def unkeep(self, fact: str) -> Known:
        """Takes the person's confirmation back: what is said later may change it again. How sure it was is worked out anew: a rule's
        reading if a rule reads it so, else a model's. Raises NotFound, and BadInput for what the person wrote themselves."""
        row = items.row_id(fact, "f")
        with self._store.db.write() as cx:
            facts_.needed(rows.get(cx, [row]), fact)
            same = rows.get(cx, found_rows.saying_the_same(cx, [row])[row])
            held = _items(cx, same)
            if any(one.source.startswith(CORRECTIONS) for one in same):
                raise BadInput("this stands as you wrote it", hint="fix it again, or forget it")
            for one in same:
                rows.unkeep(cx, items.row_id(one.id), RULE if _is_read_by_rule(one, held[one.item_id]) else MODEL)
            rows.settle_slots(cx, rows.slots_of(cx, [row]))
            return _known(cx, [row], self._clock())[0]

    def timeline(self, ahead: bool = False, words: str = "", cursor: str = "", limit: int = 50) -> Times:
        """What remembered words date, from now back into the past, or ``ahead`` into what is to come; with these words. Raises BadInput."""
        place = _place(cursor) or (self._clock().timestamp(), 0, 0)
        most = min(max(limit, 1), _MOST)
        with self._store.db.read() as cx:
            among = search.holding(cx, _terms(words), EVIDENCE, _HOLDING) if words.strip() else None
            found = (time_rows.after if ahead else time_rows.before)(cx, place, most + 1, among=among)
            held = {item.id: item for item in items.get(cx, [one.item for one in found])}
        shown = [one for one in found[:most] if items.item_id(one.item) in held]
        last = shown[-1] if shown else None
        behind = f"{last.start!r} {last.item} {last.span_start}" if last and len(found) > most else ""
        return Times(tuple(named_event(held[items.item_id(one.item)], one) for one in shown), behind)

    def _wanted(
        self, cx: apsw.Connection, about: str, topic_: str, source: str, state: str, since: date | None, until: date | None, words: str
    ) -> Wanted:
        if state not in STATES or topic_ not in ("", *TOPICS) or len(words) > _WORDS:
            raise BadInput("memories cannot be narrowed by that", hint=f"states: {', '.join(STATES)}; topics: {', '.join(TOPICS)}")
        heads = frozenset(head for head in found_rows.heads(cx) if topic(head) == topic_) if topic_ else None
        first = self._midnight(since).timestamp() if since else None
        last = self._midnight(until + timedelta(days=1)).timestamp() if until else None
        subject = subject_key(about) if about.strip() else ""
        return Wanted(self._clock().timestamp(), state, subject, heads, source, first, last, tuple(words.split()))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone())

    def _begins(self) -> Mapping[str, float]:
        """When each of the last stretches of days began, in Unix seconds."""
        today = self._clock().astimezone(self._zone()).date()
        return {name: self._midnight(today - timedelta(days=days)).timestamp() for name, days in _SPANS.items()}


def _known(cx: apsw.Connection, wanted: Sequence[int], now: datetime) -> list[Known]:
    """The memories at these rows, in this order; each says of all its places what one fact can."""
    same = found_rows.saying_the_same(cx, wanted)
    held = {items.row_id(fact.id): fact for fact in rows.get(cx, {row for each in same.values() for row in each})}
    instead = {fact.id: fact.text for fact in rows.get(cx, {items.row_id(one.superseded_by) for one in held.values() if one.superseded_by})}
    ones: list[tuple[Fact, int]] = []
    seen: set[int] = set()
    for row in wanted:
        if row in held and row not in seen:
            ones.append((_one([held[other] for other in sorted(same[row])]), len(same[row])))
            seen.update(same[row])
    texts = _items(cx, [fact for fact, _ in ones])
    return [
        Known(
            fact, told(texts[fact.item_id], fact.span), _state(fact, now), not fact.kept and not (fact.stated and fact.confidence >= SURE),
            places, instead.get(fact.superseded_by or "", ""),
        )
        for fact, places in ones
    ]  # fmt: skip


def _one(group: Sequence[Fact]) -> Fact:
    """One fact for all rows of a statement: `facts.merged` of rows that are known to say the same."""
    (one,) = facts_.merged(group, {items.row_id(fact.id): b"" for fact in group})
    return one


def _items(cx: apsw.Connection, found: Iterable[Fact]) -> dict[str, Item]:
    return {item.id: item for item in items.get(cx, sorted({items.row_id(fact.item_id) for fact in found}))}


def _state(fact: Fact, now: datetime) -> str:
    if fact.wrong:
        return "wrong"
    began = fact.valid_from or datetime.min.replace(tzinfo=UTC)
    if fact.valid_to is not None and fact.valid_to <= max(now, began):
        return "past"
    return "ahead" if began > max(now, fact.learned_at) else "now"


def _how(fact: Fact, item: Item) -> str:
    """How a fact was read off its item. No row says so: a rule can be asked again, and a model's weight is lower than a rule's. Once the
    person confirmed it both weights are gone."""
    if item.source.ref.startswith(CORRECTIONS):
        return "correction"
    if _is_read_by_rule(fact, item):
        return "rule"
    if fact.kept:
        return ""
    return "rule" if fact.confidence >= SURE else "model"


def _is_read_by_rule(fact: Fact, item: Item) -> bool:
    said = {(subject_key(one.subject), predicate_key(one.predicate), object_key(one.object)) for one in rules.candidates(item)}
    return (subject_key(fact.subject), predicate_key(fact.predicate), object_key(fact.object)) in said


def _since(fact: Fact) -> float:
    return fact.valid_from.timestamp() if fact.valid_from else float("-inf")


# Cursors and words


def _row(cursor: str) -> int | None:
    """The row a page goes on below. Raises NotFound for what is no cursor."""
    return items.row_id(cursor, "f") if cursor else None


def _place(cursor: str) -> time_rows.Place | None:
    if not cursor:
        return None
    try:
        start, item, span = cursor.split()
        return float(start), int(item), int(span)
    except ValueError as error:
        raise BadInput("that is no place in the timeline", hint="go on with `next` of the answer before") from error


def _terms(words: str) -> list[str]:
    return list(dict.fromkeys(search.stems(content_words(words[:_WORDS]))))
