"""What else goes wrong with disks and clocks: a full disk, rotten bits, a clock that jumps, a second process on the same home."""

from __future__ import annotations

import multiprocessing
import random
import resource
import shutil
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

from ...errors import HomeInUse, OwnmindError
from ...memory.memory import Memory
from ...messages import Entry, Source
from ...paths import Paths
from ...store.opening import Store, open_store
from .work import MINE, NOW, Journal, go_on, said, wrong


def full_disk(folder: Path, *, runs: int, seed: int) -> dict[str, int]:
    """Writing until no file may grow any further, at ``runs`` sizes: each refusal is one of our errors, and nothing that was
    acknowledged is missing afterwards, neither in the next opening under the same limit nor without it."""
    chance, context = random.Random(seed), multiprocessing.get_context("forkserver")
    found = {"runs": runs, "refused": 0, "raised_something_else": 0, "lost": 0, "corrupt": 0}
    for number in range(runs):
        paths = Paths(folder / f"full{number}", folder / "cache")
        open_store(paths).close()
        limit = paths.database.stat().st_size + chance.randrange(1 << 12, 1 << 19)
        mine, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_fill, args=(theirs, str(paths.home), str(paths.cache), limit, chance.randrange(1 << 30)))
        child.start()
        theirs.close()
        journal = Journal()
        with suppress(EOFError):
            while mine.poll(60):
                line = mine.recv()
                found["refused"] += "refused" in line
                found["raised_something_else"] += "other" in line
                journal.read(line)
        child.join()
        faults = _seen(paths, journal)
        found["lost"] += any(not line.startswith("corrupt") for line in faults)
        found["corrupt"] += any(line.startswith("corrupt") for line in faults)
        shutil.rmtree(paths.home)
    return found


def bit_rot(folder: Path, *, flips: int, seed: int) -> dict[str, int]:
    """One bit changed somewhere in the database, ``flips`` times: reading all of it is an error, or gives exactly what was
    written. The control reads an unencrypted database, where a changed bit of a text is another text."""
    chance, paths, journal = random.Random(seed), Paths(folder / "rot", folder / "cache"), Journal()
    with open_store(paths) as store:
        for _, _ in zip(range(40), go_on(store, folder, journal.read, chance, kinds=("many", "row", "set", "embed")), strict=False):
            pass
        before = _all(store)
    whole = paths.database.read_bytes()
    found = {"flips": flips, "said": 0, "same": 0, "silently_wrong": 0}
    for _ in range(flips):
        at = chance.randrange(len(whole))
        paths.database.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        try:
            with open_store(paths) as store:
                after = _all(store)
            found["same" if after == before else "silently_wrong"] += 1
        except OwnmindError:
            found["said"] += 1
        for left in paths.home.glob("mind.db-*"):
            left.unlink()
    return found | {"control_silently_wrong": _plain_rot(folder, flips=flips, chance=chance)}


def clocks(folder: Path, *, seed: int) -> dict[str, int]:
    """Messages while the clock jumps a year back and forth, over the ends of summer time and between zones: the order of a
    conversation is that in which it was said, each text keeps the time it was told with, and no id is given twice."""
    chance, paths = random.Random(seed), Paths(folder / "clocks", folder / "cache")
    berlin = ZoneInfo("Europe/Berlin")
    moments = [NOW, NOW - timedelta(days=365), NOW + timedelta(days=365), datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)]
    moments += [datetime(2026, 10, 25, 2, 30, tzinfo=berlin), datetime(2026, 3, 29, 2, 30, tzinfo=berlin), datetime(1970, 1, 1, tzinfo=UTC)]
    moments += [
        NOW.astimezone(timezone(timedelta(hours=14))),
        NOW.astimezone(timezone(-timedelta(hours=12))),
        datetime(2100, 1, 1, tzinfo=UTC),
    ]
    with open_store(paths) as store:
        times = [chance.choice(moments) for _ in range(200)]
        ids: list[str] = []
        for number, at in enumerate(times):
            memory = Memory(store, None, lambda at=at: at)  # type: ignore[misc]  # mypy cannot tell the type of such a default
            text = f"Line {number} of the talk."
            entry = Entry(text, Source("conversation:c1", "conversation", "talk"), MINE, at=at, conversation="c1", external_id=str(number))
            ids += memory.remember([entry], now=at)
            store.ledger.append("hub.example", "test", consent="bench", bytes_out=1, at=at.timestamp())
        held = store.conversations.messages("c1")
        kept = [Memory(store, None, lambda: NOW).item(name) for name in ids]
        return {
            "messages": len(times),
            "out_of_order": sum(one.text != f"Line {number} of the talk." for number, one in enumerate(held)),
            "missing": len(times) - len(held),
            "another_time": sum(item.at is None or item.at.timestamp() != at.timestamp() for item, at in zip(kept, times, strict=True)),
            "ids_twice": len(ids) - len(set(ids)),
            "ledger": len(store.ledger.verify()),
        }


def second_process(folder: Path, *, tries: int) -> dict[str, int]:
    """Others that open a home which is open: each is refused at once, and the first goes on."""
    paths, context = Paths(folder / "shared", folder / "cache"), multiprocessing.get_context("forkserver")
    with open_store(paths) as store:
        results = []
        for _ in range(tries):
            mine, theirs = context.Pipe(duplex=False)
            child = context.Process(target=_intrude, args=(theirs, str(paths.home), str(paths.cache)))
            child.start()
            theirs.close()
            results.append(str(mine.recv()) if mine.poll(60) else "silent")
            child.join()
        memory = Memory(store, None, lambda: NOW)
        memory.remember([said("Still here.", 1)], now=NOW)
        return {"tries": tries, "let_in": sum(each != HomeInUse.__name__ for each in results), "unsound": len(store.db.check())}


def _fill(pipe: Connection, home: str, cache: str, limit: int, seed: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    paths, chance, refused = Paths(Path(home), Path(cache)), random.Random(seed), 0
    end = time.monotonic() + 20
    while refused < 3 and time.monotonic() < end:
        try:
            with open_store(paths) as store:
                for _ in go_on(store, paths.home.parent, pipe.send, chance, kinds=("say", "many", "many", "row", "embed")):
                    if time.monotonic() > end:
                        break
        except OwnmindError:
            refused += 1
            pipe.send({"refused": True})
        except Exception as error:  # noqa: BLE001  # it is what this looks for
            refused += 1
            pipe.send({"other": repr(error)})


def _intrude(pipe: Connection, home: str, cache: str) -> None:
    try:
        open_store(Paths(Path(home), Path(cache))).close()
        pipe.send("opened")
    except OwnmindError as error:
        pipe.send(type(error).__name__)


def _seen(paths: Paths, journal: Journal) -> list[str]:
    try:
        with open_store(paths) as store:
            return wrong(store, journal)
    except OwnmindError as error:
        return [f"corrupt: {error.message}"]


def _all(store: Store) -> list[tuple[object, ...]]:
    """Every value of every ordinary table, in order."""
    with store.db.read() as cx:
        tables = [
            str(name)
            for (name,) in cx.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
        ]
        return [(name, *row) for name in tables for row in cx.execute(f"SELECT * FROM {name}")]  # noqa: S608  # names of the schema


def _plain_rot(folder: Path, *, flips: int, chance: random.Random) -> int:
    import sqlite3

    path, count = folder / "plain.db", 0
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t(text)")
        db.executemany("INSERT INTO t VALUES (?)", [(f"Line {number} of a plain file, whole to its end.",) for number in range(2000)])
    db.close()
    whole = path.read_bytes()
    for _ in range(flips):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        with suppress(sqlite3.Error, UnicodeDecodeError):
            db = sqlite3.connect(path)
            try:
                found = [text for (text,) in db.execute("SELECT text FROM t")]
            finally:
                db.close()
            count += found != [f"Line {number} of a plain file, whole to its end." for number in range(2000)]
    return count
