"""A life in a child process that is ended with kill -9 at random moments and begun again where its journal stops, until it is over."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

from ...errors import HomeInUse
from ...paths import Paths
from ...store.opening import open_store
from .lived import Line, Lived, live
from .made import made
from .oracle import Judged, judge

LONGEST = 0.4  # seconds before a kill
_IN_USE = 3


def killed(folder: Path, seed: int, number: int, days: int) -> tuple[Judged, int]:
    """What is to be said of this life, and how often it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    chance, kills = random.Random(f"{seed} {number} kills"), 0
    longest, reached = LONGEST, -1
    while not _ran_out(context, folder, (seed, number, days), chance.uniform(0.05, longest)):
        kills += 1
        size = (folder / "journal").stat().st_size if (folder / "journal").exists() else 0
        longest, reached = (longest * 2 if size == reached else LONGEST), size  # a busy machine must come on all the same
    lived = _read(folder, seed, number, days)
    with open_store(_paths(folder)) as store:
        return judge(lived, store.deliveries.since(lived.made.start.replace(year=2000))), kills


def _ran_out(context: ForkServerContext, folder: Path, life: tuple[int, int, int], seconds: float) -> bool:
    """Whether the child came to the end of the life by itself."""
    child = context.Process(target=_go_on, args=(str(folder), *life))
    child.start()
    child.join(seconds)
    if child.is_alive():
        child.kill()
    child.join()
    if child.exitcode == _IN_USE:  # the lock of the one before is about to go
        time.sleep(0.05)
    elif child.exitcode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the child ended by itself, with {child.exitcode}")
    return child.exitcode == 0


def _go_on(folder: str, seed: int, number: int, days: int) -> None:
    place = Path(folder)
    lived = _read(place, seed, number, days)
    journal = os.open(place / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(line: Line) -> None:
        os.write(journal, json.dumps(line).encode() + b"\n")

    try:
        store = open_store(_paths(place))
    except HomeInUse:
        os._exit(_IN_USE)
    with store:
        live(lived, store, note, kills=False)


def _read(folder: Path, seed: int, number: int, days: int) -> Lived:
    lived = Lived(made(seed, number, days))
    path = folder / "journal"
    for line in path.read_bytes().split(b"\n") if path.exists() else []:
        if line:
            lived.read(json.loads(line))
    return lived


def _paths(folder: Path) -> Paths:
    return Paths(folder / "home", folder / "cache")
