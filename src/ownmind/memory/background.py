"""What memory does while nobody talks: forget what is due, make the missing vectors, and learn facts with the model.

All are backlogs that are queries over rows. Learning walks items by id behind two bookmarks, so that what the person said
today never waits behind an import of ten thousand turns, and it has a daily budget of model time for imported text: a
laptop whose fan runs all night because a folder was imported is not calm.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ..errors import BrainNotReady
from ..jobs.runner import Job
from ..messages import Fact, Item, Kind
from ..store.opening import Store
from .forgetting.forgets import Forgets
from .memory import Memory

if TYPE_CHECKING:
    from pydantic_ai.models import Model

SAID = (Kind.MESSAGE, Kind.NOTE)
READ = (Kind.TURN, Kind.PASSAGE)
READING_BUDGET = 1800.0  # seconds of model time a day for imported text
LEAST_WORDS = 4
_SLICE = 0.25  # seconds of reading vectors before a turn may have the processor
MOST_TRIES = 3  # after which an item is passed over: one that the model chokes on must not stop the others


@dataclass(frozen=True, slots=True)
class _Walk:
    """One bookmark: items of these kinds up to the bookmark have been looked at."""

    name: str
    kinds: Sequence[Kind]
    budget: float | None  # seconds a day; None: no limit


WALKS = (_Walk("facts.said", SAID, None), _Walk("facts.read", READ, READING_BUDGET))


def jobs(
    memory: Memory,
    store: Store,
    model: Callable[[], Awaitable[Model]],
    *,
    clock: Callable[[], datetime],
    learnt: Callable[[list[Fact]], None],
    is_ready: Callable[[], bool],
    learn: bool = True,
) -> list[Job]:
    """The background jobs of one memory. ``learnt`` hears of new facts; ``is_ready`` says whether there is a model to ask."""
    walks = [_learning(walk, memory, store, model, clock, learnt, is_ready) for walk in WALKS] if learn else []
    forgetting = memory.forgetting
    return [
        Job("forget", lambda: int(forgetting.is_due()), lambda _: asyncio.to_thread(_forget_due, forgetting), forgetting.next_due),
        Job("index", lambda: 0 if memory.is_loaded else 1, lambda _: asyncio.to_thread(_load, memory)),
        Job("vectors", memory.unembedded, lambda _: asyncio.to_thread(memory.embed_backlog)),
        _reading_times(memory, store),
        *walks,
    ]


def _load(memory: Memory) -> int:
    """Reads some of the stored vectors into memory, so that the first question need not wait for a million of them."""
    memory.load_vectors(_SLICE)
    return 1


def _forget_due(forgetting: Forgets) -> int:
    """Ends a forget that was stopped half way, and forgets what has expired."""
    return len(forgetting.go_on()) + len(forgetting.forget_expired())


_TIMES = "times.1"  # the bookmark; a later version of memory/times.py that finds more takes the next number, and all is read again


def _reading_times(memory: Memory, store: Store) -> Job:
    """Finds the times named by items older than this version; new ones are read as they are written. The bookmark is the row down to
    which that is done, so a stop costs one batch."""
    if not store.settings.get(_TIMES):
        store.settings.set(_TIMES, str(memory.highest() + 1))

    def below() -> int:
        return int(store.settings.get(_TIMES, "1"))

    async def step(seconds: float) -> int:
        began, done = time.monotonic(), 0
        while below() > 1 and time.monotonic() - began < seconds:
            reached = await asyncio.to_thread(memory.read_times, below())
            store.settings.set(_TIMES, str(reached or 1))
            done += 1
        return done

    return Job("times", lambda: below() - 1, step)


def _learning(
    walk: _Walk,
    memory: Memory,
    store: Store,
    model: Callable[[], Awaitable[Model]],
    clock: Callable[[], datetime],
    learnt: Callable[[list[Fact]], None],
    is_ready: Callable[[], bool],
) -> Job:
    def ahead(limit: int) -> list[Item]:
        return memory.items(kinds=walk.kinds, after=store.settings.get(walk.name), limit=limit)

    def pending() -> int:
        return len(ahead(1)) if is_ready() and _left(store, walk, clock()) > 0 else 0

    async def step(seconds: float) -> int:
        began, done = time.monotonic(), 0
        for item in await asyncio.to_thread(ahead, 32):
            if time.monotonic() - began >= seconds:
                break
            done += 1
            if item.may_teach and _is_worth_asking(item):
                found = await _learnt_from(item, memory, store, model, walk, clock)
                if found:
                    learnt(found)
            store.settings.set(walk.name, item.id)
        return done

    return Job(walk.name, pending, step)


async def _learnt_from(
    item: Item, memory: Memory, store: Store, model: Callable[[], Awaitable[Model]], walk: _Walk, clock: Callable[[], datetime]
) -> list[Fact]:
    began = time.monotonic()
    try:
        asked = await model()
        from .extract import extract  # here: it brings the agent library, a second and a half that start-up must not pay

        candidates = await extract(item, asked)
    except BrainNotReady:
        raise  # says nothing about this item: it stays ahead of the bookmark
    except Exception as error:
        if store.work.failed(walk.name, item.id, error=type(error).__name__, not_before=0) < MOST_TRIES:
            raise
        return []
    finally:
        _spend(store, walk, clock(), time.monotonic() - began)
    store.work.done(walk.name, item.id)
    return await asyncio.to_thread(memory.store_facts, item, candidates, clock())


def _is_worth_asking(item: Item) -> bool:
    """Whether a text may state a lasting fact at all: a few words that are not just a question. Saves seconds an item."""
    text = item.text.strip()
    return len(text.split()) >= LEAST_WORDS and not (text.endswith("?") and text.count("?") == 1 and "." not in text)


def _left(store: Store, walk: _Walk, now: datetime) -> float:
    """Seconds of model time this walk still has today."""
    if walk.budget is None:
        return 1.0
    day, _, spent = store.settings.get(f"{walk.name}.spent").partition(" ")
    return walk.budget - (float(spent) if day == now.date().isoformat() else 0.0)


def _spend(store: Store, walk: _Walk, now: datetime, seconds: float) -> None:
    if walk.budget is not None:
        spent = walk.budget - _left(store, walk, now) + seconds
        store.settings.set(f"{walk.name}.spent", f"{now.date().isoformat()} {spent:.1f}")
