"""Power cuts: one long day of writing is recorded once, then cut off at thousands of moments and opened again."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import OwnmindError
from ...paths import Paths
from ...store.opening import open_store
from .beside import Folder, empty, recorded_beside
from .recorder import Disk, Op, recorded
from .work import Journal, go_on, wrong

HOW = ("dropped", "torn", "scattered", "arrived")
KINDS = ("say", "many", "import", "forget", "embed", "row", "set", "keep")  # a backup is another file: bench/crash/kills.py has it


@dataclass(slots=True)
class Cut:
    """What thousands of cuts of one recording came to."""

    cuts: int = 0
    lost: int = 0  # cuts after which something acknowledged was missing, or something forgotten was back
    corrupt: int = 0  # after which the store did not open, or was not sound
    acknowledged: int = 0  # items at the end
    kept_files: int = 0  # at the end
    writes: int = 0
    said: list[str] = field(default_factory=list)


def cut(folder: Path, *, cuts: int, calls: int, seed: int, unflushed: str = "") -> Cut:
    """Records ``calls`` calls, cuts ``cuts`` times. ``unflushed`` is a control, which must lose something: "database" tells it not to flush
    (synchronous=OFF), "beside" takes every fsync of the files beside it for not done."""
    chance = random.Random(seed)
    paths = Paths(folder / "home", folder / "cache")
    log = _recorded(paths, folder, calls=calls, chance=chance, unflushed=unflushed)
    found, journal, disk, beside = Cut(writes=sum(op.kind == "write" for op in log)), Journal(), Disk(log), Folder()
    first = next(at for at, op in enumerate(log) if op.kind == "note")  # before it there is no home yet
    again = Paths(folder / "again", folder / "cache")
    read = 0
    for number, at in enumerate(sorted(chance.choices(range(first + 1, len(log) + 1), k=cuts))):
        while read < at:
            if log[read].kind == "note":
                journal.read(log[read].note)
            beside.play(log[read])
            read += 1
        disk.play(at)
        empty(again.home, paths.home)
        disk.cut(again.home, HOW[number % len(HOW)], chance)
        beside.cut(again.home, HOW[number % len(HOW)], chance)
        _judge(again, journal, found, f"cut {number} before call {at}, {HOW[number % len(HOW)]}")
    found.acknowledged, found.kept_files = len(journal.there), len(journal.kept)
    return found


def _recorded(paths: Paths, outside: Path, *, calls: int, chance: random.Random, unflushed: str) -> list[Op]:
    """Everything that was written and flushed, the notes of what was acknowledged between."""
    with recorded() as log, recorded_beside(paths.home, log) as syncing, open_store(paths) as store:
        if unflushed == "database":
            store.db._writer.pragma("synchronous", "off")  # the control breaks what nobody else may reach
        syncing.is_seen = unflushed != "beside"

        def note(line: dict[str, object]) -> None:
            log.append(Op("note", note=line))

        note({"there": {}})
        working = go_on(store, outside, note, chance, kinds=KINDS)
        for _ in range(calls):
            next(working)
        return list(log)


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
