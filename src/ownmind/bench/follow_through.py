"""Following through: made-up lives over months, with changes of the clocks, travel, a machine that sleeps, restarts and kills.

Every life runs the real ``Follow`` and heartbeat on a real encrypted store, under a clock that can be turned; their steps come from a
plain plan, not the solver. What was shown is judged by a second derivation of what was due (``lives/oracle``), and so is the control, a
scheduler as it is usually written. Some lives run in a child that is ended with kill -9. Then a real Ownmind idles: what it burns, what
it asks of a model, and what leaves.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from ..config import Config
from ..paths import Paths
from ..store.opening import open_store, open_throwaway
from . import result
from .lives.child import killed
from .lives.lived import Lived, live
from .lives.made import made
from .lives.naive import naively
from .lives.oracle import Judged, judge
from .start import quiet_home, serving

_SETTLES = 300.0  # seconds in which a start must have come to rest: embedder and brain are loaded, beginnings of prompts evaluated
_REST = 5.0  # seconds of less than a tenth of a core: rest


def run(
    *,
    n: int = 200,
    days: int = 90,
    seed: int | None = None,
    killed_people: int = 6,
    naive_people: int = 20,
    idle: float = 60.0,
    quick: bool = False,
    **_: object,
) -> dict[str, object]:
    """``n`` lives of ``days`` days for each of three seeds (or for ``seed`` alone); besides ``killed_people`` lives under kill -9,
    ``naive_people`` lives of the control for each seed, and ``idle`` seconds of a running Ownmind."""
    seeds = (0, 1, 2) if seed is None else (seed,)
    if quick:
        n, days, killed_people, naive_people, idle = 2, 14, 1, 3, 0.0
    lives = [(seed, number, days) for seed, number in product(seeds, range(n))]
    found, said = Judged(), Judged()
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        for one in pool.map(_life, lives, chunksize=4):
            found.add(one)
        for one in pool.map(_naive_life, [(seed, number, days) for seed, number in product(seeds, range(naive_people))]):
            said.add(one)
    ended, kills = Judged(), 0
    for number in range(killed_people):
        with _folder() as place:
            one, count = killed(place, seeds[number % len(seeds)], 10_000 + number, days)
        ended.add(one)
        kills += count
    figures: dict[str, object] = {**_figures(found), "killed": {"lives": killed_people, "kills": kills, **_figures(ended)}}
    if idle > 0:
        figures["idle"] = _idle(idle)
    wrong = [*found.said[:20], *ended.said[:20]]
    return result("follow-through", figures, n=len(lives), seed=seed, seeds=list(seeds), days=days, control=_figures(said), wrong=wrong)


def _figures(found: Judged) -> dict[str, object]:
    told = found.delivered + found.missed + found.unsure
    return {
        "shown": found.shown,
        "quiet_breaches": found.breaches,
        "duplicates": found.duplicates,
        "days_with_too_many": found.crowded,
        "shown_though_declined": found.declined,
        "shown_while_silent": found.while_silent,
        "check_ins_due": found.due,
        "check_ins_delivered": found.delivered,
        "check_ins_missed_with_a_reason": found.missed,
        "check_ins_maybe_shown": found.unsure,
        "check_ins_told": round(told / found.due, 4) if found.due else None,
        "late_without_a_cause": found.late,
        "misses": found.misses,
        "replanned_within_a_check_in": round(1 - found.not_replanned / found.misses, 4) if found.misses else None,
    }


def _life(which: tuple[int, int, int]) -> Judged:
    lived = Lived(made(*which))
    with _folder() as place, open_throwaway(Paths(place / "home", place / "cache")) as store:
        live(lived, store, lambda line: None, kills=True)
        return judge(lived, store.deliveries.since(lived.made.start.replace(year=2000)))


def _naive_life(which: tuple[int, int, int]) -> Judged:
    return judge(naively(made(*which)), {})


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder in memory where there is one: a life is ten thousand transactions, and what a disk keeps is for `bench crash`."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-", dir=memory if os.access(memory, os.W_OK) else None) as place:
        yield Path(place)


# Idle


def _idle(seconds: float) -> dict[str, object]:
    """A running Ownmind of the command line with nothing due: its share of one core, what it asked of a model, what left."""
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        home = quiet_home(Path(folder) / "home")
        with serving(home) as (process, _):
            settled = _settled(process.pid)
            before, began = _burned(process.pid), time.monotonic()
            time.sleep(seconds)
            share = (_burned(process.pid) - before) / (time.monotonic() - began)
        with open_store(Paths(home, Path(folder) / "cache")) as store:
            rows = len(store.ledger.rows())
    calls = asyncio.run(_calls(min(seconds, 20.0)))
    return {"seconds": seconds, "at_rest_after": settled, "cpu_share": round(share, 5), "ledger_rows": rows, **calls}


def _settled(pid: int) -> float:
    """Waits until a start is over; gives the seconds."""
    began = time.monotonic()
    while time.monotonic() - began < _SETTLES:
        before = _burned(pid)
        time.sleep(_REST)
        if _burned(pid) - before < _REST / 10:
            break
    return round(time.monotonic() - began, 1)


def _burned(pid: int) -> float:
    """Seconds of processor of a process and those it started (Linux)."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for one in _family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def _family(pid: int) -> Iterator[int]:
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text(encoding="utf-8").split():
            yield from _family(int(child))


async def _calls(seconds: float) -> dict[str, object]:
    """Calls on a model that counts, and bytes that left, of a house that follows a goal and has nothing to do."""
    from ..app import open_house
    from ..models.embedding.embedder import HashEmbedder
    from ..models.scripted import ScriptedModel

    model = ScriptedModel()
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        paths = Paths(Path(folder) / "home", Path(folder) / "cache")
        house = open_house(paths, Config(fetch=False), brain=model, embedder=HashEmbedder(), throwaway=True)
        try:
            await house.start()
            await asyncio.to_thread(house.goals.add, "read 20 pages every day")
            await house.learn(30.0)
            before, began = len(model.calls), time.process_time()
            await asyncio.sleep(seconds)
            left = house.door.left()
            return {
                "model_calls": len(model.calls) - before,
                "bytes_out": left.bytes + left.setup_bytes,
                "requests_out": left.requests + left.setup_requests,
                "house_cpu_share": round((time.process_time() - began) / seconds, 5),
            }
        finally:
            await house.close()
