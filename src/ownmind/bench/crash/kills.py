"""kill -9: a child process works on a home and is killed at a random moment, again and again; the parent looks at what is left.

A tenth of the homes begin with an older schema, so that the kill meets migration. The control writes to a file beside and
acknowledges before it has written: the same kills must find losses there.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from ...errors import OwnmindError
from ...paths import Paths, make_private
from ...store import keys as keys_
from ...store.backup import restore
from ...store.database import Database
from ...store.migrations import STEPS, migrate
from ...store.opening import open_store
from .work import PASSPHRASE, Journal, effects, go_on, wrong

EACH = 20  # kills on one home
LONGEST = 0.8  # seconds of work before a kill


@dataclass(slots=True)
class Killed:
    """What many kills came to."""

    kills: int = 0
    lost: int = 0
    corrupt: int = 0
    doubled: int = 0
    untold: int = 0  # outside effects that happened and that the store says nothing of
    acknowledged: int = 0
    effects: int = 0
    calls: int = 0  # acknowledged calls
    migrations: int = 0  # kills while an older home was being opened
    restored: int = 0  # backups that were acknowledged and brought back whole
    said: list[str] = field(default_factory=list)


def killed(folder: Path, *, kills: int, seed: int) -> Killed:
    """``kills`` kills, ``EACH`` on a home."""
    chance, found = random.Random(seed), Killed()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    for number in range(-(-kills // EACH)):
        place = folder / f"home{number}"
        paths, outside, journal = Paths(place / "home", folder / "cache"), place / "outside", Journal()
        outside.mkdir(parents=True)
        if number % 10 == 0:
            _old_home(paths, chance, journal)
        for _ in range(min(EACH, kills - found.kills)):
            is_old = not found.kills % EACH and number % 10 == 0
            _one(context, paths, outside, journal, found, chance, migrating=is_old)
        _brought_back(folder / "restored", journal, found)
        found.acknowledged += len(journal.there)
        found.effects += len(journal.begun)
        shutil.rmtree(place)
    return found


def careless(folder: Path, *, kills: int, seed: int) -> int:
    """The control: kills that lost something of a keeper that acknowledges before it has written."""
    chance, context, lost = random.Random(seed), multiprocessing.get_context("forkserver"), 0
    context.set_forkserver_preload([__name__])
    for number in range(kills):
        path = folder / f"careless{number}"
        lines = list(_lines(_run(context, _careless, (str(path),), chance.uniform(0.01, 0.1))))
        kept = path.read_bytes().split(b"\n") if path.exists() else []
        lost += any(str(line["there"]).encode() not in kept for line in lines)
    return lost


def _one(
    context: ForkServerContext, paths: Paths, outside: Path, journal: Journal, found: Killed, chance: random.Random, *, migrating: bool
) -> None:
    """One child's life and what it left. A home that is to be brought up to date is killed while it is being opened."""
    for _ in range(100):
        wait = chance.uniform(0.0, 0.05 if migrating else LONGEST)
        received = _run(context, _work, (str(paths.home), str(paths.cache), str(outside), chance.randrange(1 << 30)), wait)
        if not received.startswith(b"[refused]"):
            break
        time.sleep(0.05)  # the dead one's lock is about to go
    for line in _lines(received):
        journal.read(line)
        found.calls += 1
    found.kills += 1
    found.migrations += migrating
    try:
        with open_store(paths) as store:
            said = wrong(store, journal)
            doubled, untold = effects(store, outside)
    except OwnmindError as error:
        said, doubled, untold = [f"corrupt: {error.message}"], 0, 0
    _settle(journal, paths)
    found.lost += any(not line.startswith("corrupt") for line in said)
    found.corrupt += any(line.startswith("corrupt") for line in said)
    found.doubled, found.untold = max(found.doubled, doubled), max(found.untold, untold)
    found.said += [line[:160] for line in said[:3]]


def _settle(journal: Journal, paths: Paths) -> None:
    """What a cut-off call may have taken is looked up once; from here on it must stay as it is."""
    with suppress(OwnmindError), open_store(paths) as store, store.db.read() as cx:
        texts = {str(text) for (text,) in cx.execute("SELECT text FROM items")}
        for text in journal.open - texts:
            journal.there.pop(text, None)
    journal.open.clear()


def _run(context: ForkServerContext, target: object, arguments: tuple[object, ...], wait: float) -> bytes:
    """What the child said until it was killed, ``wait`` seconds after its first line (or word that it has begun)."""
    mine, theirs = context.Pipe(duplex=False)
    child = context.Process(target=target, args=(theirs, *arguments), daemon=True)  # type: ignore[arg-type]
    child.start()
    theirs.close()
    said = bytearray()
    if mine.poll(60):
        with suppress(EOFError):
            said += mine.recv_bytes()
    end = time.monotonic() + wait
    with suppress(EOFError):
        while (left := end - time.monotonic()) > 0:
            if mine.poll(left):
                said += mine.recv_bytes()
    child.kill()
    child.join()
    with suppress(EOFError, OSError):
        while mine.poll():
            said += mine.recv_bytes()
    mine.close()
    child.close()
    return bytes(said)


def _lines(said: bytes) -> Iterator[dict[str, object]]:
    for line in said.split(b"\n"):
        if line.startswith(b"{"):
            with suppress(ValueError):
                yield json.loads(line)


def _work(pipe: Connection, home: str, cache: str, outside: str, seed: int) -> None:
    """The child: opens the home and works until it is killed."""

    def note(line: dict[str, object]) -> None:
        pipe.send_bytes(json.dumps(line).encode() + b"\n")

    pipe.send_bytes(b"begun\n")
    try:
        with open_store(Paths(Path(home), Path(cache))) as store:
            for _ in go_on(store, Path(outside), note, random.Random(seed)):
                pass
    except OwnmindError as error:
        pipe.send_bytes(f"[refused] {error.message}\n".encode())


def _careless(pipe: Connection, path: str) -> None:
    pipe.send_bytes(b"begun\n")
    with Path(path).open("a", encoding="utf-8") as file:
        for number in range(1_000_000):
            pipe.send_bytes(json.dumps({"there": f"line {number}"}).encode() + b"\n")
            file.write(f"line {number}\n")  # in a buffer of this process
            time.sleep(0.001)


def _old_home(paths: Paths, chance: random.Random, journal: Journal) -> None:
    """A home as an earlier version left it, two steps of the schema in, with items in it."""
    make_private(paths.home)
    held = keys_.make(paths, None)
    db = Database.open(paths.database, held.database)
    migrate(db, STEPS[:2])
    with db.write() as cx:
        cx.execute("INSERT INTO sources(ref, kind, added_at) VALUES ('note:old', 'note', 0)")
        for number in range(300):
            text = f"Written long ago, number {number}."
            sql = """INSERT INTO items(kind, text, speaker, at, learned_at, source_id, integrity, confidentiality, content_key)
                     VALUES ('note', ?, '', 0, 0, 1, 'person', 'private', ?)"""
            cx.execute(sql, (text, os.urandom(16)))
            journal.there[text] = ""
    db.close()


def _brought_back(into: Path, journal: Journal, found: Killed) -> None:
    """The last backup that was acknowledged must be a whole file that brings a home back."""
    for path in journal.backups[-1:]:
        try:
            restore(Path(path), Paths(into, into), PASSPHRASE)
            found.restored += 1
        except OwnmindError as error:
            found.corrupt += 1
            found.said.append(f"a backup: {error.message}")
        shutil.rmtree(into, ignore_errors=True)
