"""Forgetting half of a large memory in one plan: how long it takes, what it holds in memory, how long others wait to write meanwhile, and
whether a process killed in the middle leaves anything that the next one does not end. And how long it takes to look for words in every
decrypted page.

Each forget runs in a process of its own, so that its memory is its own and it can be killed: by itself, with SIGKILL, once half is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from .. import paths
from ..memory.memory import Memory
from ..messages import Target
from ..models.embedding.embedder import HashEmbedder, TextKind, Vectors, normalised
from ..store import derived, receipts, targets
from ..store.opening import Store, open_store
from . import result, stage

SEED = 7
_PASSPHRASE = "a passphrase"  # noqa: S105  # a bench's
_NOW = stage.BEGAN + timedelta(days=20_000)
_A_TALK = timedelta(hours=8)  # how far apart the talks begin, of 40 messages each
_EVERY = 0.02  # seconds between the writes of somebody else
_LOOK = 0.05  # seconds between looks at how much is left
_DIMENSIONS = 384

Figures = dict[str, object]


def run(*, sizes: Sequence[int] = (200_000,), seed: int = SEED, **_: object) -> dict[str, object]:
    """For a memory of each size: forgetting half of it; then half of the rest, killed half way and ended by the next process; then a
    search of all pages. ``traces`` counts what is wrong afterwards (rows, index, vectors, counts) and must be 0; ``control`` is how many
    the same look-ups find before."""
    figures: dict[str, object] = {}
    control: dict[str, object] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
            home = Path(folder)
            found = {"built": _alone(_build, home, size, seed)}
            control[str(size)] = found["built"].pop("held")
            found["whole"] = _alone(_forget, home, 0, size // 2)
            found["killed"] = {"died": _alone(_die_half_way, home, size // 2, size * 3 // 4) == {}}
            found["ended"] = _alone(_go_on, home, size // 2, size * 3 // 4)
            found["pages"] = _alone(_look, home)
            figures[str(size)] = found
    return result("forget-scale", figures, n=len(sizes), seed=seed, control=control)


def _alone(act: Callable[..., Figures], *given: object) -> Figures:
    """What ``act`` gives in a process of its own, with the most memory it held; nothing when it was killed."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_within, args=(there, act, given))
    child.start()
    there.close()
    try:
        found: Figures = here.recv()
    except EOFError:
        found = {}
    child.join()
    return found


def _within(pipe: Connection, act: Callable[..., Figures], given: tuple[object, ...]) -> None:
    found = act(*given)
    pipe.send({**found, "peak_mb": _peak()})


def _opened(home: Path) -> Store:
    return open_store(paths.Paths(home / "home", home / "cache"), _PASSPHRASE)


def _memory(store: Store) -> Memory:
    memory = Memory(store, HashEmbedder(_DIMENSIONS), lambda: _NOW)
    memory.load_vectors()
    return memory


def _build(home: Path, size: int, seed: int) -> Figures:
    began = time.perf_counter()
    with _opened(home) as store:
        for _ in stage.fill(store, stage.Chatter(seed, 60_000).entries(size), _Drawn(seed)):
            pass
        store.db.checkpoint()
        mb = store.paths.database.stat().st_size / 1e6
        held = _left(_memory(store), store, 0, size // 2)
    return {"seconds": round(time.perf_counter() - began, 1), "disk_mb": round(mb), "held": held}


class _Drawn(HashEmbedder):
    """Vectors drawn by chance: only their number and size count here."""

    def __init__(self, seed: int) -> None:
        super().__init__(_DIMENSIONS)
        self._random = np.random.default_rng(seed)

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        del kind
        return normalised(self._random.standard_normal((len(texts), _DIMENSIONS), np.float32))


def _during(first: int, last: int) -> Target:
    """What was said from the ``first`` message on, before the ``last``."""
    start, until = (stage.BEGAN + number // 40 * _A_TALK for number in (first, last))
    return Target(during=f"{start.isoformat()}..{until.isoformat()}")


def _forget(home: Path, first: int, last: int) -> Figures:
    with _opened(home) as store:
        memory, before = _memory(store), time.perf_counter()
        plan = memory.plan_forget(_during(first, last))
        planned = time.perf_counter() - before
        resident, cpu, before = _peak(), time.process_time(), time.perf_counter()
        with _Writing(store) as other:
            receipt = memory.forget(plan)
        seconds = time.perf_counter() - before
        return {
            "items": receipt.removed["items"],
            "plan_seconds": round(planned, 1),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(time.process_time() - cpu, 1),
            "more_mb": _peak() - resident,
            "verified": receipt.verified,
            "others_waited_ms": other.waited(),
            "traces": _left(memory, store, first, last),
        }


def _die_half_way(home: Path, first: int, last: int) -> Figures:
    with _opened(home) as store:
        memory = _memory(store)
        plan = memory.plan_forget(_during(first, last))

        def watch() -> None:
            while True:
                with store.db.read() as cx:
                    if any(len(receipts.waiting(cx, row, len(plan.ids))) <= len(plan.ids) // 2 for row in receipts.unended(cx)):
                        os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(_LOOK)

        threading.Thread(target=watch, daemon=True).start()
        memory.forget(plan)
    return {"died": False}


def _go_on(home: Path, first: int, last: int) -> Figures:
    with _opened(home) as store:
        memory, cpu, before = _memory(store), time.process_time(), time.perf_counter()
        found = _found(memory, first, last)  # what waits to go is not used any more
        ended = memory.forgetting.go_on()
        return {
            "receipts": len(ended),
            "items": sum(receipt.removed["items"] for receipt in ended),
            "found_meanwhile": found,
            "seconds": round(time.perf_counter() - before, 1),
            "cpu_seconds": round(time.process_time() - cpu, 1),
            "verified": all(receipt.verified for receipt in ended),
            "traces": _left(memory, store, first, last),
        }


def _look(home: Path) -> Figures:
    """Searching every page for words a person gives."""
    with _opened(home) as store:
        memory, cpu, before = _memory(store), time.process_time(), time.perf_counter()
        checked = memory.verify("talked piano birthday")
        return {
            "pages_searched": checked.looked["pages"],
            "mb": round(store.paths.database.stat().st_size / 1e6),
            "seconds": round(time.perf_counter() - before, 1),
            "cpu_seconds": round(time.process_time() - cpu, 1),
        }


def _left(memory: Memory, store: Store, first: int, last: int) -> int:
    """Items of that time still there or found, and faults of the index, the vectors and the counts."""
    start, until = (stage.BEGAN + number // 40 * _A_TALK for number in (first, last))
    with store.db.read() as cx:
        rows = len(targets.said_between(cx, start.timestamp(), until.timestamp()))
    return rows + _found(memory, first, last) + len(derived.faults(store.db, deep=True))


def _found(memory: Memory, first: int, last: int) -> int:
    """How many of a hundred answers are of that time."""
    start, until = (stage.BEGAN + number // 40 * _A_TALK for number in (first, last))
    life = stage.Chatter(SEED + 1)
    found = [one for _ in range(10) for one in memory.recall(life.question(), k=10, now=_NOW)]
    return sum(one.item.at is not None and start <= one.item.at < until for one in found)


class _Writing:
    """Somebody else who writes all the time; how long they waited for it at the most."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waits = [0.0]
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> _Writing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def waited(self) -> dict[str, int]:
        p50, p95, most = np.percentile(self._waits, [50, 95, 100]) * 1000
        return {"p50": round(float(p50)), "p95": round(float(p95)), "most": round(float(most))}

    def _write(self) -> None:
        while not self._is_over.wait(_EVERY):
            before = time.perf_counter()
            self._store.settings.set("bench", str(before))
            self._waits.append(time.perf_counter() - before)


def _peak() -> int:
    """The most megabytes this process held so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
