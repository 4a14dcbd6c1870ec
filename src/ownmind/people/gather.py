"""What there is to tell who is who by: cards, heads of letters, transcripts and calendars, as records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import apsw

from ..connectors.phones import number
from ..memory.predicates import subject_key
from ..memory.whose import MACHINES, PERSON, YOU
from ..messages import Fact
from ..records import Contact
from ..store import facts as fact_rows
from ..store import people as rows
from ..store.items import item_id
from ..store.tombstones import keyed
from .names import Fit, fit, parse
from .resolve import Record
from .told import in_signature, in_words

_OWN_LETTERS = 10  # fewer say nothing by themselves about whose mailbox it is
_OWN_OTHERS = 2  # as many others at least, where an address is the only one that stands in all of fewer letters
_OWN_SHARE = 0.6  # of the letters: the address that so many come from or go to is the person's own


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything the store says of people, in one snapshot. ``keys``: of each record, in order; its id is the number of its key (0 while it
    has none). The three tables say at which place of ``records`` somebody stands."""

    records: tuple[Record, ...]
    keys: tuple[bytes, ...]
    own: frozenset[str]  # the person's own addresses, as far as letters tell
    by_letter: Mapping[tuple[str, str], int]  # (name, email) of a letter's head
    by_speaker: Mapping[tuple[str, str], int]  # (source, name)
    by_attendee: Mapping[tuple[str, str], int]  # (name, email)
    heads: Sequence[rows.Head]
    mentions: Sequence[rows.Mention]
    speakers: Sequence[rows.Speaker]
    attended: Sequence[rows.Attended]
    facts: Sequence[Fact]  # of names, birthdays and relations
    decisions: tuple[rows.Decision, ...]
    names: Mapping[int, str]  # the person chose, by the number of a record

    def numbered(self, numbers: Mapping[bytes, int]) -> Gathered:
        """The same, its records with the numbers of their keys."""
        records = tuple(replace(record, id=numbers.get(key, 0)) for key, record in zip(self.keys, self.records, strict=True))
        return replace(self, records=records)

    @property
    def new(self) -> list[bytes]:
        """The keys that have no number yet."""
        return [key for key, record in zip(self.keys, self.records, strict=True) if not record.id]


def gather(cx: apsw.Connection, secret: bytes, now: datetime) -> Gathered:
    """Every record of this store, in a stable order."""
    found: list[tuple[bytes, Record]] = [_card(secret, ref, card) for ref, card in rows.contacts(cx)]
    heads, mentions, speakers, attended = rows.heads(cx), rows.mentions(cx), rows.speakers(cx), rows.attended(cx, now.timestamp())
    facts = fact_rows.naming(cx, now)
    by_letter = _letters(found, secret, heads, mentions)
    by_speaker = _speakers(found, secret, speakers, rows.naming_addresses(cx))
    by_attendee = _attendees(found, secret, attended)
    _relatives(found, secret, facts)
    gathered = Gathered(
        tuple(record for _, record in found), tuple(key for key, _ in found), own(heads, mentions, facts), by_letter, by_speaker,
        by_attendee, heads, mentions, speakers, attended, facts, tuple(rows.decisions(cx)), rows.names(cx),
    )  # fmt: skip
    return gathered.numbered(rows.numbers(cx, gathered.keys))


def _card(secret: bytes, ref: str, card: Contact) -> tuple[bytes, Record]:
    names = (card.name,) if card.name else ()
    record = Record(
        0, "contact", ref, names, card.nicknames, card.emails, card.phones, card.uid, card.source.ref, card.birthday, card.organisation
    )
    return keyed(secret, "contact", card.source.ref, card.uid), record


def own(heads: Sequence[rows.Head], mentions: Sequence[rows.Mention], facts: Sequence[Fact] = ()) -> frozenset[str]:
    """The person's own address: the one that most of the letters come from or go to. Of a few letters it must stand in each, with several
    others or under the name the person gave as theirs."""
    letters: defaultdict[str, set[int]] = defaultdict(set)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        letters[mention.email].add(mention.item)
        names[mention.email].add(mention.name)
    best = max(letters, key=lambda email: (len(letters[email]), _is_called(names[email], facts), email), default="")
    if not best or len(letters[best]) < _OWN_SHARE * len(heads):
        return frozenset()
    in_all = [email for email, its in letters.items() if len(its) == len(heads)]
    is_alone = in_all == [best] and len(letters) > _OWN_OTHERS
    is_own = len(heads) >= _OWN_LETTERS or is_alone or (best in in_all and _is_called(names[best], facts))
    return frozenset((best,)) if is_own else frozenset()


def _is_called(names: Collection[str], facts: Sequence[Fact]) -> bool:
    """Whether one of these is the name the person gave as their own."""
    own_parts = {part for fact in facts if (fact.subject, fact.predicate) == (YOU, "name") for part in parse(fact.object).parts[:1]}
    return any(parse(name).parts[:1] and parse(name).parts[0] in own_parts for name in names)


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


def _attendees(found: list[tuple[bytes, Record]], secret: bytes, attended: Sequence[rows.Attended]) -> dict[tuple[str, str], int]:
    events: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for event in attended:
        for one in event.people:
            events[one].setdefault(-event.item, item_id(event.item))
    places: dict[tuple[str, str], int] = {}
    for (name, email), held in events.items():
        places[name, email] = len(found)
        record = Record(
            0, "calendar", next(iter(held.values())), (name,) if name else (), emails=(email,) if email else (),
            threads=tuple(held.items()), count=len(held),
        )  # fmt: skip
        found.append((keyed(secret, "calendar", name, email), record))
    return places


def _relatives(found: list[tuple[bytes, Record]], secret: bytes, facts: Sequence[Fact]) -> None:
    """Those the person calls theirs ("my sister Ana") and no other source can mean."""
    known = {part for _, record in found for said in (*record.names, *record.nicknames) for part in parse(said).parts}
    for fact in facts:
        if fact.predicate != "relation" or not fact.object.startswith("your "):
            continue
        parts = parse(fact.subject).parts
        if parts and not any(fit(part, parts[0]) in (Fit.SAME, Fit.NICK) for part in known):
            key = keyed(secret, "relative", subject_key(fact.subject))
            if all(key != other for other, _ in found):
                found.append((key, Record(0, "memory", fact.item_id, (fact.subject,))))
