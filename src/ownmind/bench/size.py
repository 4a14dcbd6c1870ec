"""How much memory Ownmind takes without its chat model: the serving process, after it has remembered and recalled.

Linux counts it: ``VmRSS`` is what is resident, ``Pss`` shares pages fairly with other processes. The chat model runs in a
process of its own and is counted apart.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from ..channels.attach import Attached
from ..errors import BadInput
from ..paths import find
from . import result
from .start import quiet_home, serving

RECALLS = 20


def run(*, n: int = 1000, **_: object) -> dict[str, object]:
    """Megabytes (10^6 bytes) after ``n`` remembered items and some recalls. Linux only (BadInput elsewhere)."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise BadInput("resident memory is counted through /proc, which this system has not", hint="run it on Linux")
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        home = quiet_home(Path(folder) / "home")
        with serving(home) as (child, _address), Attached(find(home).socket) as mind:
            empty = _megabytes(child.pid)
            rows = [{"text": f"On day {day} Ben walked {day % 17} km to the lake with Ana.", "speaker": "Ben"} for day in range(n)]
            for start in range(0, n, 200):
                mind.remember_many(rows[start : start + 200])
            for day in range(RECALLS):
                mind.recall(f"how far did Ben walk on day {day}?")
            used = _megabytes(child.pid)
            embedder = mind.status().get("embedder")
            children = sum(_megabytes(pid)["resident"] for pid in _children(child.pid))
    figures: dict[str, object] = {
        "resident": used["resident"],
        "proportional": used["proportional"],
        "resident_empty": empty["resident"],
        "children": children,
    }
    return result("size", figures, n=n, seed=None, unit="MB", embedder=embedder)


def _megabytes(pid: int) -> dict[str, float]:
    held = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        if name in ("Rss", "Pss"):
            held[name] = round(int(rest.split()[0]) * 1024 / 1e6, 1)
    return {"resident": held["Rss"], "proportional": held["Pss"]}


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in found.read_text(encoding="ascii").split()] if found.exists() else []
