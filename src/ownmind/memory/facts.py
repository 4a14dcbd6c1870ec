"""What is believed, and the exact words each belief rests on.

Extraction only proposes (``Candidate``). Code checks that the quote stands in the item where it says, refuses the companion's
own words, and decides what happens to what was believed before:

- the same fact again rests on one item more;
- a predicate with one value at a time (where somebody lives) is superseded, by the time it became true; both stay;
- what the person kept or corrected is never overwritten, and what a stranger's text says never supersedes what the person said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import apsw

from ..errors import BadInput, NotFound
from ..messages import Fact, FactKind, Integrity, Item, Kind, Label, Span
from ..store import facts as rows
from ..store import items, tombstones
from .words import contains_words, normalised

# Predicates with one value at a time, by every way of saying them that folds to the same key.
_ONE_VALUE = {
    "lives in": ("live in", "lives at", "lives", "moved to", "resides in", "home", "home city", "city", "lives now in", "based in"),
    "works at": ("work at", "works for", "work for", "employer", "workplace", "employed at", "employed by"),
    "works as": ("work as", "job", "occupation", "profession", "job title"),
    "age": ("aged", "years old", "turned"),
    "name": ("named", "called", "full name", "first name"),
    "phone": ("phone number", "telephone", "mobile", "telephone number", "mobile number"),
    "email": ("e mail", "email address", "mail address"),
    "address": ("home address", "postal address"),
    "birthday": ("born on", "date of birth", "birth date", "birthdate"),
    "relationship status": ("marital status", "relationship"),
    "married to": ("spouse", "husband", "wife"),
    "studies at": ("study at", "school", "university"),
    "studies": ("study", "major"),
    "height": ("tall",),
    "weight": ("weighs",),
    "diet": (),  # vegetarian, vegan, pescatarian; intolerances have predicates of their own
    "drives": ("drive", "car"),
}
_PREDICATES = {said: key for key, others in _ONE_VALUE.items() for said in (key, *others)}
_LEADING = re.compile(r"^(?:the|a|an|my|your|his|her|their|our|is|are|am|was|has|have|s)\s+")
_YOU = frozenset({"i", "me", "you", "user", "the person", "person", "myself", "my", "your", "yourself"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact somebody proposes, with where in the item its words stand."""

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


def subject_key(subject: str) -> str:
    """``subject`` folded for comparing; the person is "you" however they are named."""
    folded = _LEADING.sub("", normalised(subject))
    return "you" if folded in _YOU or normalised(subject) in _YOU else folded


def predicate_key(predicate: str) -> str:
    """``predicate`` folded for comparing: case, leading verb of being, synonyms of the predicates with one value."""
    folded = normalised(predicate)
    folded = _PREDICATES.get(folded, _LEADING.sub("", folded) or folded)
    return _PREDICATES.get(folded, folded)


def has_one_value(predicate: str) -> bool:
    """Whether a thing has this at most once at a time: where it lives, not what it likes."""
    key = predicate_key(predicate)
    return key in _ONE_VALUE or key.startswith(("favourite ", "favorite "))


def content_key(secret: bytes, subject: str, predicate: str, object_: str) -> bytes:
    return tombstones.keyed(secret, "fact", subject_key(subject), predicate_key(predicate), _LEADING.sub("", normalised(object_)))


def store(cx: apsw.Connection, secret: bytes, item: Item, candidates: Iterable[Candidate], now: datetime) -> list[int]:
    """Stores what may be stored of ``candidates`` and gives the rows that are new. A quote that does not stand in the item where
    it says is dropped: models invent them."""
    if item.kind is Kind.REPLY or item.label.integrity is Integrity.COMPANION:
        return []
    return [row for candidate in candidates if (row := _store(cx, secret, item, candidate, now)) is not None]


def _store(cx: apsw.Connection, secret: bytes, item: Item, candidate: Candidate, now: datetime) -> int | None:
    if not candidate.quote or item.text[candidate.span.start : candidate.span.end] != candidate.quote:
        return None
    key = content_key(secret, candidate.subject, candidate.predicate, candidate.object)
    same = rows.same(cx, key)
    if any(fact.item_id == item.id for fact in same):
        return None
    said = candidate.valid_from or item.at or item.learned_at
    before = rows.about(cx, subject_key(candidate.subject), predicate_key(candidate.predicate))
    row = rows.add(cx, _row(candidate, item, key, said), now)
    if any(fact.superseded_by is None and fact.valid_to is None for fact in same):
        return row  # known: it rests on one item more
    if has_one_value(candidate.predicate):
        _supersede(cx, row, [fact for fact in before if fact not in same], said, item.label)
    return row


def _row(candidate: Candidate, item: Item, key: bytes, said: datetime) -> rows.Row:
    return rows.Row(
        text=candidate.text, subject=candidate.subject, predicate=candidate.predicate, object=candidate.object,
        subject_key=subject_key(candidate.subject), predicate_key=predicate_key(candidate.predicate), content_key=key,
        kind=candidate.kind, stated=candidate.stated, confidence=candidate.confidence, item=items.row_id(item.id),
        quote=candidate.quote, span=candidate.span, label=item.label, valid_from=said,
    )  # fmt: skip


def _supersede(cx: apsw.Connection, row: int, others: Sequence[Fact], said: datetime, label: Label) -> None:
    """Puts ``row`` and the other current values of its predicate in order of time."""
    for other in others:
        outranked = other.label.integrity is Integrity.PERSON and label.integrity is not Integrity.PERSON
        later = other.valid_from is not None and other.valid_from > said
        if other.kept or (later and not outranked):
            rows.supersede(cx, [row], items.row_id(other.id), other.valid_from if later and other.valid_from else said)
            return
        if not outranked:  # else both stay: two who disagree, and only one of them is the person
            rows.supersede(cx, [items.row_id(other.id)], row, said)


def merged(found: Iterable[Fact], keys: dict[int, bytes]) -> list[Fact]:
    """One fact for all the rows that say the same for the same time: the first learnt, kept if any is, as sure as the surest."""
    groups: dict[tuple[bytes, datetime | None], list[Fact]] = {}
    for fact in found:
        groups.setdefault((keys[items.row_id(fact.id)], fact.valid_to), []).append(fact)
    return [_one(group) for group in groups.values()]


def _one(group: Sequence[Fact]) -> Fact:
    best = next((fact for fact in group if fact.label.integrity is Integrity.PERSON), group[0])
    return replace(best, kept=any(fact.kept for fact in group), confidence=max(fact.confidence for fact in group))


def is_about(fact: Fact, whom: str) -> bool:
    """Whether ``fact`` has this subject, or mentions it."""
    key = subject_key(whom)
    return subject_key(fact.subject) == key or (
        key != "you" and any(contains_words(text, key) for text in (fact.text, fact.object, fact.quote))
    )


def holds_at(fact: Fact, at: datetime) -> bool:
    """Whether ``fact`` was true at ``at``, as far as we know."""
    return (fact.valid_from is None or fact.valid_from <= at) and (fact.valid_to is None or at < fact.valid_to)


def corrected(fact: Fact, text: str, item: Item) -> Candidate:
    """The candidate that replaces ``fact`` by what the person wrote in ``item``."""
    text = text.strip()
    if not text:
        raise BadInput("a correction needs words", hint="say the fact as it should be; to remove it, forget it")
    lead = fact.text[: fact.text.lower().rfind(fact.object.lower())] if fact.object.lower() in fact.text.lower() else ""
    object_ = text[len(lead) :].rstrip(". ") if lead and text.lower().startswith(lead.lower()) else text
    return Candidate(fact.subject, fact.predicate, object_ or text, text, item.text, Span(0, len(item.text)), fact.kind, True, 1.0)


def needed(found: Sequence[Fact], name: str) -> Fact:
    """The one fact of ``found``, or NotFound naming the id."""
    if not found:
        raise NotFound(f"there is no fact {name}", hint="`ownmind facts` lists them with their ids")
    return found[0]
