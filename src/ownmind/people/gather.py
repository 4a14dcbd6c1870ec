"""What there is to tell who is who by: cards, heads of letters, transcripts and calendars, as records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import apsw

from ..connectors.phones import number
from ..memory.whose import MACHINES, PERSON
from ..store import people as rows
from ..store.items import item_id
from ..store.tombstones import keyed
from .resolve import Record
from .told import in_signature, in_words

_OWN_LETTERS = 10  # fewer say nothing about whose mailbox it is
_OWN_SHARE = 0.6  # of the letters: the address that so many come from or go to is the person's own


@dataclass(frozen=True, slots=True)
class Gathered:
    """``keys``: of each record, in order; its id in ``records`` is the number of its key (0 while it has none)."""

    records: tuple[Record, ...]
    keys: tuple[bytes, ...]
    own: frozenset[str]  # the person's own addresses, as far as letters tell
    by_letter: dict[tuple[str, str], int]  # (name, email) of a letter's head -> place in records
    by_speaker: dict[tuple[str, str], int]  # (source, name) -> place in records


def gather(cx: apsw.Connection, secret: bytes) -> Gathered:
    """Every record of this store, in a stable order."""
    found: list[tuple[bytes, Record]] = []
    for ref, card in rows.contacts(cx):
        names = tuple(name for name in (card.name,) if name)
        key = keyed(secret, "contact", card.source.ref, card.uid)
        found.append(
            (
                key,
                Record(
                    0,
                    "contact",
                    ref,
                    names,
                    card.nicknames,
                    card.emails,
                    card.phones,
                    card.uid,
                    card.source.ref,
                    card.birthday,
                    card.organisation,
                ),
            )
        )
    heads, mentions = rows.heads(cx), rows.mentions(cx)
    by_letter = _letters(found, secret, heads, mentions)
    by_speaker = _speakers(found, secret, rows.speakers(cx), rows.naming_addresses(cx))
    numbers = rows.numbers(cx, [key for key, _ in found])
    return Gathered(
        tuple(replace(record, id=numbers.get(key, 0)) for key, record in found), tuple(key for key, _ in found),
        own(heads, mentions), by_letter, by_speaker,
    )  # fmt: skip


def own(heads: Sequence[rows.Head], mentions: Sequence[rows.Mention]) -> frozenset[str]:
    """The person's own address: the one that most of the letters come from or go to."""
    letters: defaultdict[str, set[int]] = defaultdict(set)
    for mention in mentions:
        letters[mention.email].add(mention.item)
    best = max(letters, key=lambda email: (len(letters[email]), email), default="")
    is_own = best and len(heads) >= _OWN_LETTERS and len(letters[best]) >= _OWN_SHARE * len(heads)
    return frozenset((best,)) if is_own else frozenset()


def _letters(
    found: list[tuple[bytes, Record]], secret: bytes, heads: Sequence[rows.Head], mentions: Sequence[rows.Mention]
) -> dict[tuple[str, str], int]:
    known = {head.item: head for head in heads}
    seen: defaultdict[tuple[str, str], list[rows.Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.item in known:
            seen[mention.name, mention.email].append(mention)
    places: dict[tuple[str, str], int] = {}
    for (name, email), said in seen.items():
        written = [known[one.item] for one in said]
        sent = [known[one.item] for one in said if one.role == "from"]
        told = {value: item_id(head.item) for head in reversed(sent) if head.signature for value in in_signature(head.signature)}
        threads = {head.thread: item_id(head.item) for head in reversed(written) if not head.is_bulk}
        record = Record(
            0, "letter", item_id(said[0].item), (name,) if name and name != email else (), emails=(email,) if email else (),
            told=tuple(told.items()), threads=tuple(threads.items()), count=len(said),
            is_bulk=sum(head.is_bulk for head in written) * 2 > len(written),
        )  # fmt: skip
        places[name, email] = len(found)
        found.append((keyed(secret, "letter", name, email), record))
    return places


def _speakers(
    found: list[tuple[bytes, Record]], secret: bytes, speakers: Sequence[rows.Speaker], said: Sequence[tuple[int, str, str, str]]
) -> dict[tuple[str, str], int]:
    """A speaker who is called by an address or a number has that."""
    seen: defaultdict[tuple[str, str], list[rows.Speaker]] = defaultdict(list)
    for one in speakers:
        seen[one.source, one.name].append(one)
    told: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row, source, speaker, text in said:
        for value in in_words(text):
            told[source, speaker].setdefault(value, item_id(row))
    places: dict[tuple[str, str], int] = {}
    for (source, name), talks in seen.items():
        if name.strip().lower() in (*MACHINES, *PERSON):
            continue
        phone = number(name) if not any(letter.isalpha() for letter in name) else ""
        record = Record(
            0, "talk", item_id(talks[0].first), (name,), emails=(name.strip().lower(),) if "@" in name.strip("@") else (),
            phones=(phone,) if phone else (), source=source, told=tuple(told[source, name].items()),
            threads=tuple((talk.thread, item_id(talk.first)) for talk in talks), count=sum(talk.times for talk in talks),
        )  # fmt: skip
        places[source, name] = len(found)
        found.append((keyed(secret, "talk", source, name), record))
    return places
