"""Power cuts: one long day of writing is recorded once, then cut off at thousands of moments and opened again."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import OwnmindError
from ...paths import Paths
from ...store.opening import open_store
from .recorder import Disk, Op, recorded
from .work import Journal, go_on, wrong

HOW = ("dropped", "torn", "scattered", "arrived")
KINDS = ("say", "many", "import", "forget", "embed", "row", "set")  # a backup is another file: bench/crash/kills.py has it


@dataclass(slots=True)
class Cut:
    """What thousands of cuts of one recording came to."""

    cuts: int = 0
    lost: int = 0  # cuts after which something acknowledged was missing, or something forgotten was back
    corrupt: int = 0  # after which the store did not open, or was not sound
    acknowledged: int = 0  # items at the end
    writes: int = 0
    said: list[str] = field(default_factory=list)


def cut(folder: Path, *, cuts: int, calls: int, seed: int, is_flushed: bool = True) -> Cut:
    """Records ``calls`` calls, cuts ``cuts`` times. Without ``is_flushed`` the database is told not to flush (synchronous=OFF): the
    control, which must lose something."""
    chance = random.Random(seed)
    paths = Paths(folder / "home", folder / "cache")
    log, heads = _recorded(paths, folder, calls=calls, chance=chance, is_flushed=is_flushed)
    found, journal, disk = Cut(writes=sum(op.kind == "write" for op in log)), Journal(), Disk(log)
    first = next(at for at, op in enumerate(log) if op.kind == "note")  # before it there is no home yet
    again = Paths(folder / "again", folder / "cache")
    read = 0
    for number, at in enumerate(sorted(chance.choices(range(first + 1, len(log) + 1), k=cuts))):
        while read < at:
            if log[read].kind == "note":
                journal.read(log[read].note)
            read += 1
        disk.play(at)
        _lay_out(paths.home, again.home)
        disk.cut(again.home, HOW[number % len(HOW)], chance)
        (again.home / "ledger.head").write_bytes(heads[max(place for place in heads if place <= at)])
        _judge(again, journal, found, f"cut {number} before call {at}, {HOW[number % len(HOW)]}")
    found.acknowledged = len(journal.there)
    return found


def _recorded(paths: Paths, outside: Path, *, calls: int, chance: random.Random, is_flushed: bool) -> tuple[list[Op], dict[int, bytes]]:
    """The log, and the ledger's head as it was after each place in it."""
    heads: dict[int, bytes] = {}
    with recorded() as log:
        with open_store(paths) as store:
            if not is_flushed:
                store.db._writer.pragma("synchronous", "off")  # the control breaks what nobody else may reach

            def note(line: dict[str, object]) -> None:
                log.append(Op("note", note=line))
                heads[len(log)] = (paths.home / "ledger.head").read_bytes()

            note({"there": {}})
            working = go_on(store, outside, note, chance, kinds=KINDS)
            for _ in range(calls):
                next(working)
        return list(log), heads


def _lay_out(home: Path, again: Path) -> None:
    """Everything of the home but its database: keys, blobs, settings."""
    shutil.rmtree(again, ignore_errors=True)
    again.mkdir(mode=0o700)
    for path in home.rglob("*"):
        place = again / path.relative_to(home)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        elif path.name not in ("lock", "ballast") and not path.name.startswith("mind.db"):
            os.link(path, place) if path.parent.name == "blobs" else shutil.copy2(path, place)


def _judge(paths: Paths, journal: Journal, found: Cut, name: str) -> None:
    found.cuts += 1
    try:
        with open_store(paths) as store:
            said = wrong(store, journal)
    except OwnmindError as error:
        said = [f"corrupt: {error.message}"]
    found.lost += any(not line.startswith("corrupt") for line in said)
    found.corrupt += any(line.startswith("corrupt") for line in said)
    found.said += [f"{name}: {line[:120]}" for line in said[:3]]
