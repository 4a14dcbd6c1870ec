"""What is believed, and the exact words each belief rests on.

Extraction only proposes (``Candidate``). Code checks that the quote stands in the item where it says, refuses the companion's
own words, and stores the claim as it was made. What holds when is then worked out from all claims of its slot (store/settling.py):

- the same fact again rests on one item more;
- a slot with one value at a time (where somebody lives) goes to the value that became true later; both stay;
- what the person kept or corrected is never overwritten, and what a stranger's text says never supersedes what the person said;
- a correction in talk ("the 14th, I mean, not the 12th") replaces what it corrects, which from then on never held.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import apsw

from ..errors import BadInput, NotFound
from ..messages import Fact, FactKind, Integrity, Item, Kind, Span
from ..store import branches, items
from ..store import facts as rows
from .predicates import content_key, has_one_value, object_key, predicate_key, slot, subject_key
from .words import contains_words, normalised

__all__ = ["Candidate", "content_key", "has_one_value", "predicate_key", "store", "subject_key"]

_RECENT = 6  # items back in a conversation that "no, I meant Lille" may correct


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact somebody proposes, with where in the item its words stand.

    A correction has no predicate: ``object`` stands in the place of ``denies``, or of what the same speaker said last. A
    candidate with no object only says that what was believed so never held.
    """

    subject: str  # "you" for the person, else a name
    predicate: str  # "lives in", "is allergic to", "likes"
    object: str
    text: str  # the plain sentence: "You live in Lyon"
    quote: str  # item.text[span.start:span.end]
    span: Span
    kind: FactKind = FactKind.FACT
    stated: bool = True  # False: inferred
    confidence: float = 0.9
    valid_from: datetime | None = None  # None: since the item was said
    valid_to: datetime | None = None  # the end the words name; with no valid_from, it ended then and nobody says when it began
    denies: str = ""  # words of another object, said not to be so


def store(cx: apsw.Connection, secret: bytes, item: Item, candidates: Iterable[Candidate], now: datetime) -> list[int]:
    """Stores what may be stored of ``candidates`` and gives the rows that are new. A quote that does not stand in the item where
    it says is dropped: models invent them."""
    if item.kind is Kind.REPLY or item.label.integrity is Integrity.COMPANION or not item.may_teach:
        return []
    if branches.instead_of(cx, [items.row_id(item.id)]):
        return []  # edited since it was said: what it should have said was learnt from the words in its place
    added: list[int] = []
    touched: set[tuple[str, str]] = set()
    for candidate in candidates:
        if not candidate.quote or item.text[candidate.span.start : candidate.span.end] != candidate.quote:
            continue
        mistaken: list[Fact] = []
        whole: Candidate | None = candidate
        if candidate.denies:
            mistaken = _denied(cx, item, candidate)
            whole = _in_place_of(mistaken, candidate)
        row = _add(cx, secret, item, whole, now) if whole is not None else None
        if row is not None and whole is not None:
            added.append(row)
            touched.add((subject_key(whole.subject), slot(whole.predicate, whole.object)))
            if whole.predicate == "died":
                touched |= _laid_down(cx, secret, item, whole, now)
        if mistaken and (row is not None or not candidate.object):
            wrong = [items.row_id(fact.id) for fact in mistaken]
            touched |= rows.slots_of(cx, wrong)
            rows.refute(cx, wrong, row)
    rows.settle_slots(cx, touched)
    return added


def _add(cx: apsw.Connection, secret: bytes, item: Item, candidate: Candidate, now: datetime) -> int | None:
    """Inserts one claim; None when this item already gave it."""
    key = content_key(secret, candidate.subject, candidate.predicate, candidate.object)
    if rows.rests_on(cx, key, items.row_id(item.id)):
        return None
    said = item.at or item.learned_at
    row = rows.add(cx, _row(candidate, item, key, said), now)
    refuted = rows.refuted_until(cx, key)
    if refuted is not None and said.timestamp() < refuted:
        rows.refute(cx, [row], None)  # old talk, read late: it was corrected since
    return row


def _laid_down(cx: apsw.Connection, secret: bytes, item: Item, died: Candidate, now: datetime) -> set[tuple[str, str]]:
    """Who died lives and works nowhere any more: ends what was believed of that, on the same words. Gives the slots it touched."""
    subject, end = subject_key(died.subject), died.valid_from or item.at or item.learned_at
    slots: set[tuple[str, str]] = set()
    for predicate, ended in _ENDS_WITH_LIFE.items():
        for fact in rows.in_slot(cx, subject, predicate):
            if fact.valid_to is None:
                text = f"{died.subject[:1].upper()}{died.subject[1:]} {ended} {fact.object}"
                over = replace(died, predicate=fact.predicate, object=fact.object, text=text, valid_from=None, valid_to=end)
                if _add(cx, secret, item, over, now) is not None:
                    slots.add((subject, predicate))
    return slots


_ENDS_WITH_LIFE = {"lives in": "used to live in", "works at": "used to work at", "works as": "used to work as"}


def _row(candidate: Candidate, item: Item, key: bytes, said: datetime) -> rows.Row:
    began = candidate.valid_from or (None if candidate.valid_to is not None and candidate.valid_to <= said else said)
    return rows.Row(
        text=candidate.text, subject=candidate.subject, predicate=candidate.predicate, object=candidate.object,
        subject_key=subject_key(candidate.subject), predicate_key=slot(candidate.predicate, candidate.object), content_key=key,
        kind=candidate.kind, stated=candidate.stated, confidence=candidate.confidence, item=items.row_id(item.id),
        quote=candidate.quote, span=candidate.span, label=item.label, valid_from=began, until=candidate.valid_to,
    )  # fmt: skip


def _denied(cx: apsw.Connection, item: Item, candidate: Candidate) -> list[Fact]:
    """What the speaker said before, here and lately, that ``candidate`` says was not so: of one slot, the latest said first.
    Nobody corrects what another has said, and what was kept stands."""
    found = [fact for fact in rows.said_by(cx, item.speaker, item.conversation, _RECENT) if not fact.kept]
    found = [fact for fact in found if fact.item_id != item.id or fact.span.start < candidate.span.start]
    if candidate.predicate:
        found = [
            fact
            for fact in rows.in_slot(cx, subject_key(candidate.subject), slot(candidate.predicate, candidate.object or candidate.denies))
            if not fact.kept and fact.label.integrity is item.label.integrity and fact.learned_at <= item.learned_at
        ]
    if candidate.denies != LAST:
        wrong = object_key(candidate.denies)
        found = [fact for fact in found if f" {wrong} " in f" {object_key(fact.object)} "]
    elif found:
        found = [fact for fact in found if _is_alike(fact.object, candidate.object)]
    return [fact for fact in found[:1] if object_key(fact.object) != object_key(candidate.object)] if not candidate.predicate else found


LAST = "*"  # denies: whatever the speaker said last that the new words could stand for


def _is_alike(old: str, new: str) -> bool:
    """Whether ``new`` could be meant for ``old``: a name for a name, a date or number for one with digits."""
    return any(letter.isdigit() for letter in old) == any(letter.isdigit() for letter in new) and old[:1].isupper() == new[:1].isupper()


def _in_place_of(mistaken: Sequence[Fact], candidate: Candidate) -> Candidate | None:
    """``candidate`` as a whole statement: a correction borrows all but the object from what it corrects."""
    if candidate.predicate:
        return candidate if candidate.object else None
    if not mistaken:
        return None
    old, said = mistaken[0], candidate.object
    whole = re.compile(rf"{re.escape(candidate.denies)}", re.IGNORECASE)
    object_ = said if candidate.denies == LAST or _is_whole(old.object, candidate.denies) else whole.sub(lambda _: said, old.object, 1)
    if old.predicate == "relation" and normalised(old.subject) == normalised(candidate.denies):
        return replace(candidate, subject=said, predicate=old.predicate, object=old.object, text=old.text.replace(old.subject, said, 1))
    at = old.text.rfind(old.object)
    text = f"{old.text[:at]}{object_}{old.text[at + len(old.object) :]}" if at >= 0 else f"{old.subject} {old.predicate} {object_}"
    return replace(
        candidate, subject=old.subject, predicate=old.predicate, object=object_, text=text, kind=old.kind, valid_from=old.valid_from
    )


def _is_whole(object_: str, words: str) -> bool:
    return object_key(object_) == object_key(words)


def merged(found: Iterable[Fact], keys: dict[int, bytes]) -> list[Fact]:
    """One fact for all the rows that say the same for the same time: the first learnt, kept if any is, as sure as the surest."""
    groups: dict[tuple[bytes, datetime | None, bool], list[Fact]] = {}
    for fact in found:
        groups.setdefault((keys[items.row_id(fact.id)], fact.valid_to, fact.wrong), []).append(fact)
    return [_one(group) for group in groups.values()]


def _one(group: Sequence[Fact]) -> Fact:
    best = next((fact for fact in group if fact.label.integrity.is_vouched), group[0])
    known = [fact.valid_from for fact in group if fact.valid_from is not None]
    return replace(
        best,
        kept=any(fact.kept for fact in group),
        stated=any(fact.stated for fact in group),
        confidence=max(fact.confidence for fact in group),
        valid_from=min(known, default=None),
    )


def is_about(fact: Fact, whom: str) -> bool:
    """Whether ``fact`` has this subject, or mentions it."""
    key = subject_key(whom)
    return subject_key(fact.subject) == key or (
        key != "you" and any(contains_words(text, key) for text in (fact.text, fact.object, fact.quote))
    )


def holds_at(fact: Fact, at: datetime) -> bool:
    """Whether ``fact`` was true at ``at``, as far as we know."""
    return not fact.wrong and (fact.valid_from is None or fact.valid_from <= at) and (fact.valid_to is None or at < fact.valid_to)


def corrected(fact: Fact, text: str, item: Item) -> Candidate:
    """The candidate that replaces ``fact`` by what the person wrote in ``item``."""
    text = text.strip()
    if not text:
        raise BadInput("a correction needs words", hint="say the fact as it should be; to remove it, forget it")
    lead = fact.text[: fact.text.lower().rfind(fact.object.lower())] if fact.object.lower() in fact.text.lower() else ""
    object_ = text[len(lead) :].rstrip(". ") if lead and text.lower().startswith(lead.lower()) else text
    return Candidate(
        fact.subject, fact.predicate, object_ or text, text, item.text, Span(0, len(item.text)), fact.kind, True, 1.0, fact.valid_from
    )


def kept(cx: apsw.Connection, same: Sequence[Fact], now: datetime) -> None:
    """The person vouches for these rows of one fact: they stand whatever is said later."""
    known = [items.row_id(fact.id) for fact in same]
    rows.keep(cx, known, now)
    rows.settle_slots(cx, rows.slots_of(cx, known))


def replaced(cx: apsw.Connection, old: Sequence[Fact], row: int) -> None:
    """``row`` is how it should be: the rows of ``old`` never held, whatever said them until now."""
    (new,) = rows.get(cx, [row])
    wrong = [items.row_id(fact.id) for fact in old if fact.id != new.id and not _is_whole(fact.object, new.object)]
    slots = rows.slots_of(cx, [row, *wrong])
    rows.refute(cx, wrong, row)
    rows.settle_slots(cx, slots)


def taken_back(cx: apsw.Connection, item: int) -> list[int]:
    """The person's correction in this row counts no more: what was learnt of it goes, and what it said never held is believed as it was
    before. Gives the rows of that."""
    gone = [items.row_id(fact.id) for fact in rows.resting_on(cx, [item])]
    held = rows.replaced_by(cx, gone)
    slots = rows.slots_of(cx, [*gone, *held])
    rows.restore(cx, held)
    rows.settle_slots(cx, slots, without=gone)
    rows.remove(cx, gone)
    return held


def withdrawn(cx: apsw.Connection, old: int, new: int) -> None:
    """The person edited the message in row ``old`` into the one in ``new``: what was learnt from the old words alone never held, unless
    they kept it, or the new ones say it again."""
    anew = {(subject_key(fact.subject), predicate_key(fact.predicate)): items.row_id(fact.id) for fact in rows.resting_on(cx, [new])}
    for fact in [fact for fact in rows.resting_on(cx, [old]) if not fact.kept and not fact.wrong]:
        row = items.row_id(fact.id)
        (key,) = rows.content_keys(cx, [row]).values()
        resting = {items.row_id(same.item_id) for same in rows.same(cx, key) if not same.wrong} - {old}
        if resting == set(branches.instead_of(cx, resting)):  # nothing else says it that was not edited away itself
            slots = rows.slots_of(cx, [row])
            rows.refute(cx, [row], anew.get((subject_key(fact.subject), predicate_key(fact.predicate))))
            rows.settle_slots(cx, slots)


def answered_wrong(cx: apsw.Connection, word: int, cited: Iterable[int], reply: str) -> None:
    """The person corrected a reply with the item in row ``word``: what the reply rested on, and said otherwise, never held."""
    said = f" {normalised(reply)} "
    for new in rows.resting_on(cx, [word]):
        for old in rows.resting_on(cx, cited):
            is_alike = subject_key(old.subject) == subject_key(new.subject) and predicate_key(old.predicate) == predicate_key(new.predicate)
            if is_alike and not _is_whole(old.object, new.object) and f" {normalised(old.object)} " in said:
                (key,) = rows.content_keys(cx, [items.row_id(old.id)]).values()
                replaced(cx, rows.same(cx, key), items.row_id(new.id))


def needed(found: Sequence[Fact], name: str) -> Fact:
    """The one fact of ``found``, or NotFound naming the id."""
    if not found:
        raise NotFound(f"there is no fact {name}", hint="`ownmind facts` lists them with their ids")
    return found[0]
