"""The home that ``bench page`` looks at: one long conversation, many remembered turns, and a fact read off each of them.

Put straight into the real store in large transactions: no rule and no model reads the texts, and hashes of words stand in for vectors.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from ..app import House, open_house
from ..config import Config
from ..memory.predicates import content_key, slot, subject_key
from ..messages import Entry, FactKind, Integrity, Kind, Label, Source, Span
from ..models.embedding.embedder import HashEmbedder
from ..models.scripted import ScriptedModel
from ..paths import find
from ..people import reading
from ..store import facts
from ..store.opening import Store
from . import stage

SAYS = (
    ("likes", "likes"), ("dislikes", "dislikes"), ("lives in", "lives in"), ("works at", "works at"), ("speaks", "speaks"),
    ("plans", "plans"), ("has", "has"), ("allergic to", "is allergic to"), ("owns", "owns"), ("studies", "studies"),
)  # fmt: skip


def opened(home: Path) -> House:
    """The house over ``home``, with nothing that learns or fetches."""
    return open_house(find(home), Config(fetch=False, learn=False), brain=ScriptedModel("Yes."), embedder=HashEmbedder())


def fill(home: Path, messages: int, memories: int, seed: int) -> str:
    """Makes the home; gives words that only the conversation's last message says."""
    house = opened(home)
    try:
        talk = stage.Chatter(seed)
        _remembered(house.store, islice(talk.entries(memories), memories), random.Random(seed))
        for _ in stage.fill(house.store, _said(talk, messages), HashEmbedder()):
            told("messages of the conversation written")
        asyncio.run(_lived_in(house))
    finally:
        house.store.close()
    return f"message {messages - 1} "


async def _lived_in(house: House) -> None:
    """Nothing waits to be done in the background, as in a home that was lived in. Promises, a millisecond an item, are taken to be read."""
    await house.learn(1)
    last = house.store.settings.get(reading.BOOKMARK)
    while more := house.memory.items(kinds=reading.KINDS, after=last, limit=20_000):
        last = more[-1].id
    house.store.settings.set(reading.BOOKMARK, last)
    await house.learn(60)
    told(f"background work left: {[job.name for job in house.runner.jobs if job.pending()]}")


def told(what: str) -> None:
    """Says how far the bench is."""
    sys.stderr.write(f"page: {what}\n")


def _said(talk: stage.Chatter, messages: int) -> Iterator[Entry]:
    source = Source("conversation:long", "conversation", "a long one")
    for at in range(messages):
        kind = Kind.REPLY if at % 2 else Kind.MESSAGE
        when = stage.BEGAN + timedelta(minutes=10 * at)
        yield Entry(f"message {at} {talk.text()}", source, Label(Integrity.PERSON), kind, when, conversation="long", external_id=f"m{at}")


def _remembered(store: Store, entries: Iterable[Entry], chance: random.Random) -> None:
    """Each entry as an item, and what its first sentence says of its speaker as a fact."""
    held: list[Entry] = []
    secret, written = store.keys.tombstones, 0

    def noted() -> Iterator[Entry]:
        for entry in entries:
            held.append(entry)
            yield entry

    for rows, _ in stage.fill(store, noted(), HashEmbedder()):
        with store.db.write() as cx:
            for row, entry in zip(rows, held, strict=True):
                facts.add(cx, _fact(entry, int(row), secret, *chance.choice(SAYS)), entry.at or stage.BEGAN)
        written += len(held)
        held.clear()
        told(f"{written} memories written")


def _fact(entry: Entry, row: int, secret: bytes, predicate: str, verb: str) -> facts.Row:
    quote = entry.text.partition(".")[0]
    object_, who = " ".join(entry.text.strip(".").split()[-3:]), entry.speaker
    return facts.Row(
        f"{who} {verb} {object_}", who, predicate, object_, subject_key(who), slot(predicate, object_),
        content_key(secret, who, predicate, object_), FactKind.FACT, True, 0.9, row, quote, Span(0, len(quote)), entry.label, entry.at,
    )  # fmt: skip
