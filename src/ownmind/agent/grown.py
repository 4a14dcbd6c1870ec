"""A change in this companion as it is told: what holds since, what that took the place of, the words it rests on, and whether it can be
taken back. Read off rows; of forgotten words they say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import apsw

from ..memory import rules
from ..memory.predicates import predicate_key, subject_key
from ..memory.told import Told, told
from ..messages import Fact, Item, Span
from ..people.person import Said
from ..store import facts as fact_rows
from ..store import growth as rows
from ..store import items
from ..store.growth import CORRECTION, WORD

_BEGINNING = 240  # characters of a reply that are shown of what was put right

Row = rows.Row | rows.Word | rows.Allowed | rows.Installed | rows.Voice | Said


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words a change rests on, as they stand in an item; ``source``: the ref of what that is part of."""

    item_id: str
    source: str
    told: Told


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is otherwise since. ``kind``: fix (a memory put right by hand), correction (a reply put right, and remembered),
    confirmed, updated (newer words took the place of older ones), wish (how the person wants to be treated), people, permission, skill,
    brain.

    ``now``: what holds since, as sentences, or the name of a person, skill, model or destination. ``before``: what it took the place of.
    ``detail``: same, apart, you (people); the purpose (permission); installed, updated, off (skill). ``count``: replies (brain).
    ``state``: stands, undone (taken back), over (something newer stands in its place). ``fact``: where one memory is meant."""

    id: str
    kind: str
    at: datetime | None  # None: no row says when
    now: tuple[str, ...]
    before: tuple[str, ...] = ()
    detail: str = ""
    count: int = 0
    evidence: tuple[Evidence, ...] = ()
    state: str = "stands"
    can_undo: bool = False
    can_redo: bool = False
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A change that is not told yet: where it stands among the others, and its row."""

    kind: str
    at: float  # Unix seconds; 0 where nobody knows
    number: int
    row: Row


def changes(cx: apsw.Connection, found: Sequence[Found], now: datetime) -> Iterator[Change]:
    """These changes, in their order. What they tell of is read in a few look-ups for all of them."""
    read = _Read(cx, found)
    for one in found:
        at = datetime.fromtimestamp(one.at, UTC) if one.at else None
        match one.row:
            case rows.Word():
                yield _put_right(read, one.row, at, now)
            case rows.Row():
                yield _believed(read, one.kind, read.facts[one.number], at, now)
            case rows.Allowed(number=number, destination=to, purpose=why, is_over=over):
                yield Change(f"permission:p{number}", "permission", at, (to,), (), why, state=_state(over), can_undo=not over)
            case rows.Installed(name=name, how="off"):
                yield Change(f"skill:{name}", "skill", at, (name,), (), "off", can_undo=True)
            case rows.Installed(name=name, how=how, is_on=on):
                yield Change(f"skill:{name}", "skill", at, (name,), (), how, state=_state(not on), can_undo=on, can_redo=not on)
            case rows.Voice(number=number, brain=brain, replies=n):
                yield Change(f"brain:i{number}", "brain", at, (brain,), (), "", n)
            case Said():
                yield of_two(one.row)


def of_two(said: Said) -> Change:
    """What the person said of who is who."""
    names = (said.first,) if said.verdict == "you" else (said.first, said.second)
    return Change(f"people:{said.verdict}:{said.link}", "people", said.at, names, (), said.verdict, can_undo=True)


def kept_instead(cx: apsw.Connection, newer: int, older: int) -> Change:
    """Newer words whose change was taken back: what they took the place of was confirmed."""
    held = {items.row_id(fact.id): fact for fact in fact_rows.get(cx, [newer, older])}
    fact = held[newer]
    (item,) = items.get(cx, [items.row_id(fact.item_id)])
    return Change(
        f"updated:{fact.id}", "updated", fact.learned_at, (fact.text,), (held[older].text,), evidence=(_evidence(item, fact=fact),),
        state="undone", can_redo=True,
    )  # fmt: skip


class _Read:
    """What the changes of one page tell of: their facts, what these took the place of, and their items."""

    def __init__(self, cx: apsw.Connection, found: Sequence[Found]) -> None:
        self._cx = cx
        words = [one.row for one in found if isinstance(one.row, rows.Word)]
        meant = [one.number for one in found if isinstance(one.row, rows.Row)]
        self.learnt = rows.learnt_from(cx, [word.number for word in words])
        self.older = rows.in_place_of(cx, [*meant, *(row for each in self.learnt.values() for row in each)])
        old = [items.row_id(word.ref.removeprefix(CORRECTION)) for word in words if word.ref.startswith(CORRECTION)]
        wanted = {*meant, *old, *self.older, *(row for each in self.older.values() for row in each)}
        held = fact_rows.get(cx, rows.shown(cx, wanted))
        self.facts = {items.row_id(fact.id): fact for fact in held}
        self.by_hand = rows.corrected_by_hand(cx, meant)
        self.thumbs = rows.thumbed(cx, [word.number for word in words])
        replies = [items.row_id(word.ref.removeprefix(WORD)) for word in words if word.ref.startswith(WORD)]
        texts = [*(word.number for word in words), *replies, *(items.row_id(self.facts[row].item_id) for row in meant if row in self.facts)]
        self.items = {items.row_id(item.id): item for item in items.get(cx, sorted(set(texts)))}

    def unused(self, item: Item, reply: int, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a correction of a reply that is not used would say; and what the reply rested on that holds in the place of that."""
        said = [one for one in rules.candidates(item) if one.predicate and one.object]
        meant = {(subject_key(one.subject), predicate_key(one.predicate)) for one in said}
        held = fact_rows.get(self._cx, rows.shown(self._cx, rows.cited_facts(self._cx, reply)))
        holds = [one.text for one in held if (subject_key(one.subject), predicate_key(one.predicate)) in meant and not _is_over(one, now)]
        return tuple(dict.fromkeys(one.text for one in said)) or (item.text,), tuple(dict.fromkeys(holds))

    def before(self, facts: Iterable[int]) -> tuple[str, ...]:
        """What these facts took the place of, each text once."""
        return tuple(dict.fromkeys(self.facts[old].text for row in facts for old in self.older.get(row, ()) if old in self.facts))


def _put_right(read: _Read, word: rows.Word, at: datetime | None, now: datetime) -> Change:
    """A correction of a memory or of a reply: the person's own words are what it rests on, and all of them are."""
    item = read.items[word.number]
    learnt = [read.facts[row] for row in read.learnt.get(word.number, ()) if row in read.facts]
    standing = [fact for fact in learnt if not _is_over(fact, now)]
    said = tuple(dict.fromkeys(fact.text for fact in learnt)) or (item.text,)
    before = read.before(items.row_id(fact.id) for fact in learnt)
    state = "undone" if not word.is_used else "over" if learnt and not standing else "stands"
    if word.ref.startswith(CORRECTION):
        old = read.facts.get(items.row_id(word.ref.removeprefix(CORRECTION)))
        return Change(
            f"fix:{item.id}", "fix", at, said, before or ((old.text,) if old else ()), evidence=(_evidence(item),), state=state,
            can_undo=state == "stands" and old is not None, can_redo=state == "undone" and old is not None and not old.wrong,
            fact=standing[0] if standing else None,
        )  # fmt: skip
    reply = read.items.get(items.row_id(word.ref.removeprefix(WORD)))
    if not word.is_used:
        said, before = read.unused(item, items.row_id(word.ref.removeprefix(WORD)), now)
    told_of = (_evidence(item), *((_evidence(reply, _BEGINNING),) if reply else ()))
    return Change(
        f"correction:{item.id}", "correction", at, said, before, evidence=told_of, state=state,
        can_undo=state == "stands" and word.number in read.thumbs and len(standing) == len(learnt),
        can_redo=state == "undone" and word.number in read.thumbs,
        fact=standing[0] if standing else None,
    )  # fmt: skip


def _believed(read: _Read, kind: str, fact: Fact, at: datetime | None, now: datetime) -> Change:
    """A memory the person confirmed, changed by saying something newer, or that says how they want to be treated."""
    row, is_over = items.row_id(fact.id), _is_over(fact, now)
    before = read.before([row]) if kind == "updated" else ()
    older = [read.facts[old] for old in read.older.get(row, ()) if old in read.facts]
    is_back = kind == "confirmed" and not fact.kept and not is_over
    may = {
        "confirmed": fact.kept and not is_over and row not in read.by_hand,
        "updated": not is_over and len(before) == 1 and not fact.kept and not any(one.wrong or one.kept for one in older),
    }
    return Change(
        f"{kind}:{fact.id}", kind, at, (fact.text,), before, evidence=(_evidence(read.items[items.row_id(fact.item_id)], fact=fact),),
        state="over" if is_over else "undone" if is_back else "stands", can_undo=may.get(kind, False), can_redo=is_back,
        fact=None if is_over else fact,
    )  # fmt: skip


def _evidence(item: Item, most: int = 0, *, fact: Fact | None = None) -> Evidence:
    span = fact.span if fact else Span(0, min(len(item.text), most or len(item.text)))
    return Evidence(item.id, item.source.ref, told(item, span))


def _is_over(fact: Fact, now: datetime) -> bool:
    began = fact.valid_from or datetime.min.replace(tzinfo=UTC)
    return fact.wrong or (fact.valid_to is not None and fact.valid_to <= max(now, began))


def _state(is_over: bool) -> str:
    return "undone" if is_over else "stands"
