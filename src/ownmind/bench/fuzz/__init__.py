"""Whether malformed input can kill, hang, swell or confuse anything that reads: every parser and every route, seeded, each in a process
of its own.

What must come of each input is an answer or a refusal in words (an OwnmindError, a 4xx). The control is a parser with four planted
bugs, which the same harness must see.

The work is cut into chunks, as many at a time as there are cores. With ``out`` each chunk that is done is a line of that file, and a
second run with the same seed goes on from there.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

from .. import result
from . import routes
from .harness import HAS_HYPOTHESIS, Chunk, Found, fuzzed
from .targets import PLANTED, TARGETS

N, QUICK = 100_000, 1_200
ROUTES = 12  # of 100 inputs go to routes
ROUTES_CHUNK = 1500
_PLANTED = {"broken", "hung", "died", "swelled"}
_SAID_EVERY = 30.0  # seconds


def run(*, n: int | None = None, seed: int = 5, quick: bool = False, out: Path | None = None, **_: object) -> dict[str, object]:
    """Counts by target; ``faults`` is to be 0, ``control`` the four planted bugs."""
    chunks = list(_chunks(n or (QUICK if quick else N)))
    found = {name: Found() for name in (*(each.name for each in TARGETS.values() if each.share), routes.NAME)}
    done = _done(out, seed)
    for chunk in chunks:
        if chunk in done:
            found[chunk.target].add(done[chunk])
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        planted = fuzzed(Chunk(PLANTED.name, 0, 20), seed=seed, folder=folder / "planted", seconds=0.3)
        for chunk, came in _all([each for each in chunks if each not in done], seed, folder):
            found[chunk.target].add(came)
            _keep(out, seed, chunk, came)
    figures: dict[str, object] = {
        "faults": sum(each.faults for each in found.values()),
        "bugs": {where: said for each in found.values() for where, said in each.bugs.items()},
        "by_target": {
            name: {"inputs": each.inputs, "refused": each.refused, "faults": each.faults, "slowest": each.slowest, "seconds": each.seconds}
            for name, each in found.items()
        },
        "drawn_by_hypothesis": HAS_HYPOTHESIS,
        "chunks_done_before": len(done),
        "seconds": round(time.monotonic() - began),
    }
    seen = {kind for kind in _PLANTED if getattr(planted, kind)}
    return result("fuzz", figures, n=sum(each.inputs for each in found.values()), seed=seed, control=sorted(seen))


def _chunks(n: int) -> Iterator[Chunk]:
    """At least ``n`` inputs over all targets, the slow and long ones first, so that no core waits at the end."""
    shares = sum(target.share for target in TARGETS.values())
    counts = {target.name: -(-n * (100 - ROUTES) * target.share // (100 * shares)) for target in TARGETS.values() if target.share}
    yield from _cut(routes.NAME, -(-n * ROUTES // 100), ROUTES_CHUNK)
    for target in sorted((TARGETS[name] for name in counts), key=lambda target: target.chunk):
        yield from _cut(target.name, max(10, counts[target.name]), target.chunk)


def _cut(name: str, count: int, size: int) -> Iterator[Chunk]:
    for begin in range(0, count, size):
        yield Chunk(name, begin, min(size, count - begin))


def _all(chunks: list[Chunk], seed: int, folder: Path) -> Iterator[tuple[Chunk, Found]]:
    """Each chunk with what came of it, as they are done."""
    began = said = time.monotonic()
    inputs = faults = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = {pool.submit(_one, chunk, seed, folder / str(number)): chunk for number, chunk in enumerate(chunks)}
        for each in as_completed(waiting):
            chunk, came = waiting[each], each.result()
            yield chunk, came
            inputs, faults = inputs + came.inputs, faults + came.faults
            if time.monotonic() > said + _SAID_EVERY:
                said = time.monotonic()
                sys.stderr.write(f"ownmind: {inputs:,} inputs, {faults} faults, {said - began:.0f} s\n")


def _one(chunk: Chunk, seed: int, folder: Path) -> Found:
    return (routes.fuzzed if chunk.target == routes.NAME else fuzzed)(chunk, seed=seed, folder=folder)


def _done(out: Path | None, seed: int) -> dict[Chunk, Found]:
    """What an earlier run with this seed has written."""
    found: dict[Chunk, Found] = {}
    if out is None or not out.exists():
        return found
    for line in out.read_text(encoding="utf-8").splitlines():
        with suppress(ValueError):  # a line that was cut off
            said = json.loads(line)
            if said["seed"] == seed:
                found[Chunk(**said["chunk"])] = Found(**said["found"])
    return found


def _keep(out: Path | None, seed: int, chunk: Chunk, found: Found) -> None:
    if out is not None:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"seed": seed, "chunk": dataclasses.asdict(chunk), "found": dataclasses.asdict(found)}) + "\n")
