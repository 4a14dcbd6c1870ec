"""Whether malformed input can kill, hang, swell or confuse anything that reads: every parser and every route, seeded, each in a process
of its own.

What must come of each input is an answer or a refusal in words (an OwnmindError, a 4xx). The control is a parser with four planted
bugs, which the same harness must see.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from .. import result
from . import routes
from .harness import Found, fuzzed
from .targets import TARGETS

N, QUICK = 100_000, 1_200
ROUTES = 12  # of 100 inputs go to routes
_PLANTED = {"broken", "hung", "died", "swelled"}


def run(*, n: int | None = None, seed: int = 5, quick: bool = False, **_: object) -> dict[str, object]:
    """Counts by target; ``faults`` is to be 0, ``control`` the four planted bugs."""
    n = n or (QUICK if quick else N)
    shares = sum(target.share for target in TARGETS.values())
    found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        for target in TARGETS.values():
            if target.share:
                place = folder / target.name.replace(" ", "-")
                place.mkdir()
                found[target.name] = fuzzed(
                    target.name, count=max(10, n * (100 - ROUTES) * target.share // (100 * shares)), seed=seed, folder=place
                )
        found["routes"] = routes.fuzzed(folder / "routes", count=n * ROUTES // 100, seed=seed)
        planted = fuzzed("planted", count=20, seed=seed, folder=folder, seconds=0.3)
    figures: dict[str, object] = {
        "faults": sum(each.faults for each in found.values()),
        "bugs": {where: said for each in found.values() for where, said in each.bugs.items()},
        "by_target": {
            name: {"inputs": each.inputs, "refused": each.refused, "faults": each.faults, "slowest": each.slowest, "seconds": each.seconds}
            for name, each in found.items()
        },
    }
    seen = {kind for kind in _PLANTED if getattr(planted, kind)}
    return result("fuzz", figures, n=sum(each.inputs for each in found.values()), seed=seed, control=sorted(seen))
