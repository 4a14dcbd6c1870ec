"""Everybody, worked out of rows: records told together, with their names, when they were in touch, and what memory believes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..messages import Fact
from ..store.items import item_id, moment
from ..store.people import Decision
from . import cards
from .gather import Gathered
from .person import Handle, Link, Person
from .resolve import Decided, Record, resolve
from .touch import Touch, last

_CROWD = 12  # people at an event; in a larger one nobody is in touch with all the others


@dataclass(frozen=True, slots=True)
class View:
    """What the rows say. ``members``: a person's records."""

    records: Mapping[int, Record]
    persons: Mapping[str, Person]
    members: Mapping[str, tuple[int, ...]]
    links: tuple[Link, ...]
    touches: Mapping[str, tuple[Touch, ...]]
    decisions: tuple[Decision, ...]


def view(gathered: Gathered, now: datetime) -> View:
    """Everybody as of ``now``. Every record has its number. Pure."""
    resolved = resolve(gathered.records, decided(gathered.decisions))
    records = {record.id: record for record in gathered.records}
    mine = {one.first for one in gathered.decisions if one.verdict == "you"}
    touches = _touches(gathered, mine)
    persons = [_person(cluster, records, gathered, mine, touches, now) for cluster in resolved.clusters]
    facts = cards.by_person(gathered.facts, persons)
    persons = [_with_facts(one, facts.get(one.id, ())) for one in persons]
    members = {one.id: cluster for one, cluster in zip(persons, resolved.clusters, strict=True)}
    met = {one.id: tuple(_met(members[one.id], touches)) for one in persons}
    return View(records, {one.id: one for one in persons}, members, resolved.links, met, gathered.decisions)


def decided(said: Iterable[Decision]) -> Decided:
    pairs = {verdict: frozenset((one.first, one.second) for one in said if one.verdict == verdict) for verdict in ("same", "apart")}
    return Decided(pairs["same"], pairs["apart"])


def _person(
    cluster: Sequence[int], records: Mapping[int, Record], gathered: Gathered, mine: set[int], touches: Mapping[int, Sequence[Touch]],
    now: datetime,
) -> Person:  # fmt: skip
    held = [records[one] for one in cluster]
    met = _met(cluster, touches)
    latest = last(met, now)
    is_you = any(one in mine for one in cluster) or any(email in gathered.own for record in held for email in record.emails)
    born = next((record for record in held if record.birthday is not None), None)
    chosen = next((gathered.names[one] for one in cluster if one in gathered.names), "")
    return Person(
        f"p{cluster[0]}", chosen or _fullest(held), _handles(held), born.birthday if born else None, born.ref if born else "", "",
        latest.at if latest else None, latest.ref if latest else "", latest.how if latest else "",
        sum(touch.how == "mail" for touch in met), is_you,
    )  # fmt: skip


def _with_facts(one: Person, facts: Sequence[Fact]) -> Person:
    """With the birthday and the relation that memory knows."""
    known = cards.birthday(facts) if one.birthday is None else None
    return replace(
        one,
        relation=cards.relation(facts),
        birthday=known[0] if known else one.birthday,
        birthday_ref=known[1] if known else one.birthday_ref,
    )


def _met(cluster: Sequence[int], touches: Mapping[int, Sequence[Touch]]) -> list[Touch]:
    return sorted({touch for one in cluster for touch in touches.get(one, ())}, key=lambda touch: (touch.at, touch.ref))


def _touches(gathered: Gathered, mine: set[int]) -> dict[int, list[Touch]]:
    """By record. A letter counts for its sender, and for its readers when the person wrote it; one of a list or a machine for nobody."""
    found: defaultdict[int, list[Touch]] = defaultdict(list)
    known = {head.item: head for head in gathered.heads}
    by_you: dict[int, bool] = {}
    for mention in gathered.mentions:
        head = known.get(mention.item)
        if head is None:
            continue
        record = gathered.records[gathered.by_letter[mention.name, mention.email]]
        if mention.role == "from":
            by_you[head.item] = mention.email in gathered.own or record.id in mine
        if head.at is not None and not head.is_bulk and (mention.role == "from" or by_you.get(head.item)):
            found[record.id].append(Touch(_at(head.at, head.zone), item_id(head.item), "mail"))
    for speaker in gathered.speakers:
        if speaker.last is not None and (speaker.source, speaker.name) in gathered.by_speaker:
            record = gathered.records[gathered.by_speaker[speaker.source, speaker.name]]
            found[record.id].append(Touch(_at(speaker.last), item_id(speaker.last_item), "talk"))
    for event in gathered.attended:
        if len(event.people) <= _CROWD:
            for name, email in event.people:
                record = gathered.records[gathered.by_attendee[name, email]]
                found[record.id].append(Touch(_at(event.start), item_id(event.item), "calendar"))
    return found


def _at(seconds: float, zone: int = 0) -> datetime:
    return moment(seconds, zone) or datetime.fromtimestamp(0, UTC)


def _handles(held: Sequence[Record]) -> tuple[Handle, ...]:
    found: dict[tuple[str, str], Handle] = {}
    for record in held:
        shape = {"name": record.names if record.kind != "talk" else (), "speaker": record.names if record.kind == "talk" else ()}
        shape |= {"nickname": record.nicknames, "email": record.emails, "phone": record.phones}
        for kind, values in shape.items():
            for value in values:
                before = found.get((kind, value))
                count = record.count + (before.count if before else 0)
                found[kind, value] = Handle(kind, value, before.ref if before else record.ref, count)
    return tuple(found.values())


def _fullest(held: Sequence[Record]) -> str:
    """The name to show: the one with most words, then the one used most."""
    names = [(len(name.split()), record.kind == "contact", record.count, name) for record in held for name in record.names]
    others = [value for record in held for value in (*record.emails, *record.phones)]
    return max(names)[3] if names else next(iter(others), "somebody")
