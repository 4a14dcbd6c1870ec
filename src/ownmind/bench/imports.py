"""How fast short items are remembered, embedding included, and that memory stays flat as an import grows.

Each size runs in a process of its own: a peak is never taken back.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from . import result, stage

SEED = 11
_CHILD = "import json, sys; from ownmind.bench.imports import measured; print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))"


def run(*, sizes: Sequence[int] = (2_500, 10_000), seed: int = SEED, **_: object) -> dict[str, object]:
    """Items a minute and peak resident memory at each size, and how much the peak grew from the smallest to the largest."""
    figures: dict[str, object] = {}
    peaks = []
    for size in sorted(sizes):
        child = subprocess.run([sys.executable, "-c", _CHILD, str(size), str(seed)], check=True, capture_output=True, text=True)  # noqa: S603  # ourselves
        found = json.loads(child.stdout)
        peaks.append(found["peak_mb"])
        figures[str(size)] = found
    figures["peak_growth_mb"] = round(peaks[-1] - peaks[0], 1)
    return result("import", figures, n=max(sizes), seed=seed)


def measured(size: int, seed: int) -> dict[str, float]:
    """Remembers ``size`` generated turns with the real embedder."""
    embedder = stage.embedder()
    embedder.embed(["warm"])
    with stage.memory(embedder) as (memory, _store):
        before = _peak_mb()
        entries = stage.Chatter(seed).entries(size)
        began, cpu = time.perf_counter(), time.process_time()
        remembered = 0
        while batch := list(islice(entries, 256)):
            remembered += sum(bool(name) for name in memory.remember(batch, now=stage.BEGAN))
        seconds = time.perf_counter() - began
        assert remembered == size, "every entry has an id"
        return {
            "items_per_minute": round(size / seconds * 60),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(time.process_time() - cpu, 1),
            "peak_mb": round(_peak_mb(), 1),
            "before_mb": round(before, 1),
        }


def _peak_mb() -> float:
    """This process's highest resident memory. On Linux from /proc: ``ru_maxrss`` of a child begins with its parent's."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
