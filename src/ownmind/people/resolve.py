"""Who is who: which of the records that name somebody name one and the same. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .person import Link


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody as one source names them: a card, a name with an address in letters, a speaker of a transcript, an attendee."""

    id: int  # > 0; the same for the same record, also after a second import
    kind: str  # contact, letter, talk, calendar
    ref: str  # the item or appointment where it stands
    names: tuple[str, ...] = ()  # as written
    nicknames: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    uid: str = ""
    source: str = ""  # Source.ref
    birthday: date | None = None
    organisation: str = ""
    told: tuple[tuple[str, str], ...] = ()  # addresses and numbers they gave as theirs in their words, each with the item
    threads: tuple[tuple[int, str], ...] = ()  # the talks and exchanges they take part in, each with an item of it
    count: int = 1


@dataclass(frozen=True, slots=True)
class Decided:
    """What the person said of pairs of records (the lower id first). It wins over everything."""

    same: frozenset[tuple[int, int]] = frozenset()
    apart: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Resolved:
    """``clusters``: the ids of the records of each one, ascending, ordered by the first; ``links``: why, and what else may be."""

    clusters: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]


def resolve(records: Sequence[Record], decided: Decided) -> Resolved:
    """Clusters and links of ``records``. Deterministic: the order of the records changes nothing."""
    parent = {record.id: record.id for record in records}

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    by_value: defaultdict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda one: one.id):
        for value in (*record.emails, *record.phones, *([record.uid] if record.uid else [])):
            by_value[value].append(record)
    links: list[Link] = []
    for value, held in by_value.items():
        for first, second in pairwise(held):
            pair = (first.id, second.id)
            if pair in decided.apart or root(first.id) == root(second.id):
                continue
            parent[max(root(first.id), root(second.id))] = min(root(first.id), root(second.id))
            links.append(Link(link_id(pair), _name(first), _name(second), 10.0, ((f"the same address: {value}", second.ref),), "merged"))
    for first_id, second_id in decided.same:
        if first_id in parent and second_id in parent:
            parent[max(root(first_id), root(second_id))] = min(root(first_id), root(second_id))
    clusters: defaultdict[int, list[int]] = defaultdict(list)
    for record in sorted(records, key=lambda one: one.id):
        clusters[root(record.id)].append(record.id)
    return Resolved(tuple(tuple(one) for one in clusters.values()), tuple(links))


def link_id(pair: Collection[int]) -> str:
    """``l3.17``: between the records 3 and 17, whoever they belong to."""
    return f"l{min(pair)}.{max(pair)}"


def _name(record: Record) -> str:
    return next(iter((*record.names, *record.emails, *record.phones)), "")
