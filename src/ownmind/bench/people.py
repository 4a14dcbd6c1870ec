"""Who is who: how well records of one human being are found to be one, over made-up address books (bench/address_book.py).

Cards, a mailbox and two messengers are written to files, imported as a person would, and the clusters of the face compared pair by pair
of records with the truth: precision, recall and F1 over several seeds, for the style the weights were set on and for the one that was
kept for measuring. ``with_evidence``: the share of what was merged by itself whose link shows words and an existing source. Controls:
everybody of one exact name is one; everybody of one exact address is one. ``promises``: see bench/promises.py.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import apsw

from ..app import House, open_house
from ..config import Config
from ..memory.acquaintances import entry_of
from ..messages import Source
from ..paths import Paths
from ..people.resolve import Record
from ..records import Address, Contact, Letter
from ..store import items, people
from . import promises, result
from .address_book import Book, made

_Key = tuple[str, str, str]
SEEDS = 5


def run(
    seed: int = 7, seeds: int = SEEDS, humans: int = 120, letters: int = 900, contacts: int = 10_000, many: int = 50_000, **_: object
) -> dict[str, object]:
    """Pairwise figures by style, each the mean over ``seeds`` address books, and its worst F1."""
    figures: dict[str, object] = {}
    control: dict[str, object] = {}
    records = 0
    for style in ("home", "far"):
        found = [measured(made(seed + number, style=style, humans=humans, letters=letters)) for number in range(seeds)]
        records += sum(int(one["records"]) for one in found)
        for name in ("precision", "recall", "f1", "with_evidence", "one_name_kept_apart"):
            figures[f"{style}.{name}"] = round(statistics.mean(one[name] for one in found), 4)
        figures[f"{style}.worst_f1"] = round(min(one["f1"] for one in found), 4)
        for name in ("same_name", "same_address"):
            control[f"{style}.{name}"] = round(statistics.mean(one[name] for one in found), 4)
    figures["scale"] = scale(seed, contacts, many)
    figures["promises"] = promises.measured()
    return result("people", figures, n=records, seed=seed, control=control)


def scale(seed: int, contacts: int = 10_000, letters: int = 50_000) -> dict[str, object]:
    """How long everybody takes to be worked out anew, and to be asked for again, with so many rows. Half of those with a card have a second
    address, and one letter in ten names somebody without a card."""
    chance = random.Random(seed)
    parts = ["ka", "ro", "mi", "ten", "sal", "vor", "li", "an", "du", "ber", "nov", "hal", "ste", "win", "gra", "pol", "em", "ush"]
    humans = ["".join(chance.choices(parts, k=2)).title() + " " + "".join(chance.choices(parts, k=3)).title() for _ in range(contacts)]
    emails = [f"{name.lower().replace(' ', '.')}{number}@mail{number % 50}.example" for number, name in enumerate(humans)]
    source = Source("file:scale", "letters", "scale")
    with tempfile.TemporaryDirectory() as folder:
        house = open_house(Paths(Path(folder) / "mind", Path(folder) / "cache"), Config(fetch=False), throwaway=True)
        try:
            now = datetime.now(UTC)
            for start in range(0, contacts + letters, 5_000):
                with house.store.db.write() as cx:
                    for number in range(start, start + 5_000):
                        _row(cx, source, chance, humans, emails, number, contacts, now)
            began, cpu = time.perf_counter(), time.process_time()
            persons = len(house.people.all())
            first, cpu = time.perf_counter() - began, time.process_time() - cpu
            began = time.perf_counter()
            house.people.all()
            return {
                "persons": persons,
                "first_s": round(first, 2),
                "first_cpu_s": round(cpu, 2),
                "again_s": round(time.perf_counter() - began, 2),
            }
        finally:
            house.store.close()


def _row(
    cx: apsw.Connection, source: Source, chance: random.Random, humans: list[str], emails: list[str], number: int, contacts: int,
    now: datetime,
) -> None:  # fmt: skip
    if number < contacts:
        phones = (f"+43660{number:07d}",)
        record: Contact | Letter = Contact(source, f"{number}", humans[number], emails=(emails[number],), phones=phones)
    else:
        who = int(contacts * chance.random() ** 3)
        other = Address("" if chance.random() < 0.3 else humans[who], f"x{emails[who]}" if chance.random() < 0.2 else emails[who])
        other = Address(f"Stranger {number}", f"s{number}@far.example") if chance.random() < 0.1 else other
        ends = (other, Address("", "me@own.example")) if chance.random() < 0.5 else (Address("", "me@own.example"), other)
        at = now - timedelta(minutes=10 * number)
        record = Letter(source, f"<{number}@x>", at, ends[0], (ends[1],), subject="Hello", thread=f"<{number // 3}@x>")
    entry = entry_of(record)
    conversation = items.conversation_row(cx, entry.conversation, now)
    row = items.add(
        cx, entry, source=items.source_row(cx, source, now), conversation=conversation, position=number, key=f"{number}".encode(), now=now
    )
    if isinstance(record, Contact):
        people.add_contact(cx, row, record)
    else:
        people.add_letter(cx, row, record)


def measured(book: Book) -> dict[str, float]:
    """One address book, imported and resolved."""
    with tempfile.TemporaryDirectory() as folder:
        house = open_house(Paths(Path(folder) / "mind", Path(folder) / "cache"), Config(fetch=False), throwaway=True)
        try:
            brought(house, book, Path(folder))
            records, clusters = house.people.records(), house.people.clusters()
            known = {record.id: key for record in records if (key := key_of(record, book)) in book.whose and book.whose[key] != "several"}
            truth = {number: book.whose[key] for number, key in known.items()}
            guess = {number: place for place, cluster in enumerate(clusters) for number in cluster if number in known}
            merged = house.people.links("merged")
            shown = sum(bool(link.evidence) and all(words and ref for words, ref in link.evidence) for link in merged)
            return {
                **compared(truth, guess),
                "records": len(known),
                "with_evidence": shown / max(len(merged), 1) if _is_spanned(clusters, merged) else 0.0,
                "one_name_kept_apart": _kept_apart(book, records, truth, guess),
                "same_name": compared(truth, _grouped(records, known, lambda one: one.names))["f1"],
                "same_address": compared(truth, _grouped(records, known, lambda one: (*one.emails, *one.phones)))["f1"],
            }
        finally:
            house.store.close()


def brought(house: House, book: Book, folder: Path) -> None:
    """Imports the files of ``book``."""
    files = {**{name: text.encode() for name, text in (*book.cards.items(), *book.talks.items())}, "mail.mbox": book.mailbox}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    imported = house.import_paths([folder / name for name in files])
    assert not imported.skipped, imported.skipped[:3]


def key_of(record: Record, book: Book) -> _Key:
    """How the truth names a record."""
    file = record.source.rpartition("/")[2] if record.kind == "contact" else record.source.rpartition(":")[2]
    match record.kind:
        case "contact":
            return record.kind, file, record.uid
        case "letter":
            email = record.emails[0]
            return record.kind, next(iter(record.names), "" if (record.kind, "", email) in book.whose else email), email
        case _:
            return record.kind, file, record.names[0]


def compared(truth: dict[int, str], guess: dict[int, int]) -> dict[str, float]:
    """Pairwise precision, recall and F1 of ``guess``, over all pairs of records that either says are one."""
    both = _pairs(Counter((truth[one], guess[one]) for one in truth).values())
    said, true = _pairs(Counter(guess[one] for one in truth).values()), _pairs(Counter(truth.values()).values())
    precision, recall = both / said if said else 1.0, both / true if true else 1.0
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0}


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def _is_spanned(clusters: Iterable[tuple[int, ...]], links: Iterable[object]) -> bool:
    """Whether the links that are shown hold every cluster together: nothing was merged without one."""
    wanted = sum(len(cluster) - 1 for cluster in clusters)
    return len(list(links)) >= wanted


def _kept_apart(book: Book, records: Iterable[Record], truth: dict[int, str], guess: dict[int, int]) -> float:
    """Of pairs of cards of two people who have one name, the share that was not made one."""
    names = {one.id: f"{one.first} {one.last}" for one in book.humans}
    cards = [record.id for record in records if record.kind == "contact" and record.id in truth]
    pairs = [(a, b) for a, b in combinations(cards, 2) if truth[a] != truth[b] and names.get(truth[a], "a") == names.get(truth[b], "b")]
    return sum(guess[a] != guess[b] for a, b in pairs) / len(pairs) if pairs else 1.0


def _grouped(records: Iterable[Record], known: dict[int, _Key], values: Callable[[Record], tuple[str, ...]]) -> dict[int, int]:
    """The plain way: records that share a value are one."""
    parent = {record.id: record.id for record in records}

    def root(one: int) -> int:
        while parent[one] != one:
            one = parent[one]
        return one

    holders: defaultdict[str, list[int]] = defaultdict(list)
    for record in records:
        for value in values(record):
            holders[value.casefold()].append(record.id)
    for held in holders.values():
        for other in held[1:]:
            parent[root(other)] = root(held[0])
    return {one: root(one) for one in known}
