"""How long recall takes, the question's embedding included, in stores of 10,000 and 100,000 items."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from itertools import islice

import numpy as np

from ..memory.memory import Memory
from ..messages import Entry
from . import result, stage

SEED = 7


def run(*, sizes: Sequence[int] = (10_000, 100_000), n: int = 200, seed: int = SEED, **_: object) -> dict[str, object]:
    """p50 and p95 in milliseconds over ``n`` questions at each size, CPU time a question, and the load of vectors at the first."""
    real = stage.embedder()
    life = stage.Life(seed)
    borrowed = stage.Borrowed(real, [life.text() for _ in range(500)], seed)
    questions = [life.question() for _ in range(n)]
    figures: dict[str, object] = {}
    with stage.memory(borrowed) as (memory, _store):
        entries, filled = life.entries(max(sizes)), 0
        for size in sorted(sizes):
            _fill(memory, list(islice(entries, size - filled)))
            filled = size
            figures[str(size)] = _measure(memory, questions)
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return result(
        "recall",
        figures,
        n=n,
        seed=seed,
        note="items' vectors are borrowed from 500 real ones, with noise; questions are embedded for real",
    )


def _fill(memory: Memory, entries: Sequence[Entry]) -> None:
    memory.remember(entries, now=stage.BEGAN)


def _measure(memory: Memory, questions: Sequence[str]) -> dict[str, float]:
    began = time.perf_counter()
    memory.recall(questions[0], k=10)
    first = time.perf_counter() - began
    for question in questions[-10:]:
        memory.recall(question, k=10)
    times, cpu = [], time.process_time()
    for question in questions:
        began = time.perf_counter()
        memory.recall(question, k=10)
        times.append(time.perf_counter() - began)
    cpu = time.process_time() - cpu
    p50, p95 = np.percentile(times, [50, 95]) * 1000
    return {
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "max_ms": round(max(times) * 1000, 1),
        "cpu_ms_each": round(cpu / len(questions) * 1000, 1),
        "first_ms": round(first * 1000, 1),
    }
