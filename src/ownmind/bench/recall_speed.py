"""How long recall takes in stores of 10,000, 100,000 and a million items, the question's embedding included; how true the scan of
vectors is; and what that many items cost to build, to hold in memory and on disk.

The stores grow by ``stage.fill``: real rows, index and vectors, without the rules and the reading back of ``Memory.remember``, whose
own rate is measured on fewer. Texts are drawn by Zipf's law. Vectors are those of real texts, mixed in pairs: as hard to tell apart
by their bits as those of 20,000 distinct texts were (98 % of the exact ten nearest within the first 555; mixed, 652).
"""

from __future__ import annotations

import gc
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from .. import paths
from ..memory.memory import Memory
from ..messages import Entry
from ..models.embedding.embedder import Embedder
from ..store import vectors
from ..store.blocks import Floats, Ids
from ..store.opening import Store, open_throwaway
from . import result, stage

SEED = 7
VOCABULARY = 60_000  # words: about what fifteen million words of talk hold
_SAMPLE = 3_000  # texts embedded for real
_JUDGED = 100  # questions on which the scan is compared with an exact search
_WRITTEN = 2_000  # items that go the whole way through ``Memory.remember``
_NEAREST = 10


def run(*, sizes: Sequence[int] = (10_000, 100_000, 1_000_000), n: int = 200, seed: int = SEED, **_: object) -> dict[str, object]:
    """Over ``n`` questions at each size: p50, p95 and p99 in milliseconds, recall@10 of the scan against exact search, seconds to load
    the vectors, megabytes resident and on disk, items built a second; and how busy the machine was."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    real = stage.embedder()
    life = stage.Chatter(seed, VOCABULARY)
    borrowed = stage.Borrowed(real, [life.text() for _ in range(_SAMPLE)], seed)
    questions = [life.question() for _ in range(n)]
    exact = _Exact(real.embed(questions[:_JUDGED], kind="query"))
    figures: dict[str, object] = {"written": _written(life, real, borrowed)}
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        home = paths.Paths(Path(folder) / "home", Path(folder) / "cache")
        with open_throwaway(home) as store:
            entries, filled = life.entries(max(sizes)), 0
            for size in sorted(sizes):
                began = time.perf_counter()
                for rows, made in stage.fill(store, islice(entries, size - filled), borrowed):
                    exact.add(rows, made)
                rate = (size - filled) / (time.perf_counter() - began)
                filled = size
                figures[str(size)] = {
                    **_measured(store, borrowed, questions),
                    **_truth(store, borrowed, exact),
                    **_on_disk(store),
                    "bulk_items_s": round(rate),
                }
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
    after = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return result("recall-speed", figures, n=n, seed=seed, load_average=[round(busy, 2), round(after, 2)], vocabulary=VOCABULARY)


class _Exact:
    """The true nearest of each question over all vectors seen, by float32 dot product."""

    def __init__(self, questions: Floats) -> None:
        self.questions = questions
        self._best = np.full((len(questions), _NEAREST), -2.0, np.float32)
        self._ids = np.zeros((len(questions), _NEAREST), np.int64)

    def add(self, ids: Ids, vectors: Floats) -> None:
        dots = np.concatenate([self._best, self.questions @ vectors.T], axis=1)
        names = np.concatenate([self._ids, np.broadcast_to(ids, (len(self.questions), len(ids)))], axis=1)
        order = np.argpartition(-dots, _NEAREST, axis=1)[:, :_NEAREST]
        self._best, self._ids = np.take_along_axis(dots, order, 1), np.take_along_axis(names, order, 1)

    def nearest(self) -> Iterator[tuple[Floats, set[int]]]:
        for question, ids in zip(self.questions, self._ids, strict=True):
            yield question, set(ids.tolist())


def _measured(store: Store, embedder: Embedder, questions: Sequence[str]) -> dict[str, float]:
    """Times of recall in a store opened afresh, after its vectors were loaded and ten questions were asked."""
    memory = Memory(store, embedder, lambda: stage.BEGAN)
    began = time.perf_counter()
    memory.recall(questions[0], k=_NEAREST)
    first = time.perf_counter() - began
    memory.load_vectors()
    loaded = time.perf_counter() - began
    for question in questions[-10:]:
        memory.recall(question, k=_NEAREST)
    times, cpu = [], time.process_time()
    for question in questions:
        began = time.perf_counter()
        memory.recall(question, k=_NEAREST)
        times.append(time.perf_counter() - began)
    cpu = time.process_time() - cpu
    p50, p95, p99 = np.percentile(times, [50, 95, 99]) * 1000
    began = time.perf_counter()
    waiting = memory.unembedded()
    backlog = time.perf_counter() - began
    assert waiting == 0, "every item was given its vector"
    return {
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "p99_ms": round(float(p99), 1),
        "max_ms": round(max(times) * 1000, 1),
        "cpu_ms_each": round(cpu / len(questions) * 1000, 1),
        "first_ms": round(first * 1000, 1),
        "load_s": round(loaded, 2),
        "backlog_check_ms": round(backlog * 1000, 3),
        "resident_mb": _resident(),
    }


def _truth(store: Store, embedder: Embedder, exact: _Exact) -> dict[str, float]:
    """recall@10 of the scan against the exact answer over float32 vectors, and what a scan takes."""
    gc.collect()
    held = vectors.Vectors(embedder.id, embedder.dimensions)
    with store.db.read() as cx:
        held.load(cx)
    found, times = [], []
    for question, nearest in exact.nearest():
        began = time.perf_counter()
        answer = held.nearest(question, _NEAREST)
        times.append(time.perf_counter() - began)
        found.append(len(nearest & set(answer.tolist())) / _NEAREST)
    return {"scan_recall_at_10": round(float(np.mean(found)), 4), "scan_p50_ms": round(float(np.median(times)) * 1000, 1)}


def _on_disk(store: Store) -> dict[str, float]:
    """Megabytes of the whole file, and of what is there only to find things: full-text index and vectors."""
    store.db.checkpoint()
    with store.db.read() as cx:
        sizes = {str(name): int(size) for name, size in cx.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")}
    return {
        "disk_mb": round(store.paths.database.stat().st_size / 1e6, 1),
        "words_mb": round(sum(size for name, size in sizes.items() if name.startswith("items_fts")) / 1e6, 1),
        "vectors_mb": round(sum(size for name, size in sizes.items() if name.startswith("item_vectors")) / 1e6, 1),
    }


def _written(life: stage.Chatter, real: Embedder, borrowed: Embedder) -> dict[str, int]:
    """Items a second through ``Memory.remember``, with the real embedder and without its work."""
    rates = {}
    for name, embedder in (("items_s", real), ("items_s_without_embedding", borrowed)):
        entries: list[Entry] = list(life.entries(_WRITTEN))
        with stage.memory(embedder) as (memory, _):
            began = time.perf_counter()
            memory.remember(entries, now=stage.BEGAN)
            rates[name] = round(_WRITTEN / (time.perf_counter() - began))
    return rates


def _resident() -> float:
    """Megabytes this process holds now (Linux; elsewhere its peak)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20))
    except OSError:
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
