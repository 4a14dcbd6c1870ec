"""What was acknowledged is there: after kill -9, on a full disk, and with a clock that jumps."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ownmind.errors import DiskFull
from ownmind.store import ballast
from ownmind.store.opening import open_store
from store_fixtures import add_item, child, number, paths_at, texts

WRITES = """
import sys
from pathlib import Path
from ownmind.store.opening import open_store
from store_fixtures import add_item, paths_at
store = open_store(paths_at(Path(sys.argv[1])))
while True:
    with store.db.write() as cx:
        item = add_item(store.db, "whole " * 500)
        cx.execute("INSERT INTO item_vectors(item_id, model, vector) VALUES (?, 'test', zeroblob(1536))", (item,))
    print(item, flush=True)
"""


@pytest.mark.parametrize("seed", range(6))
def test_every_acknowledged_row_survives_a_kill_and_none_is_half(tmp_path: Path, seed: int) -> None:
    """Three kills each on the same home, at random moments of continuous writing."""
    chance, acknowledged = random.Random(seed), []
    for _ in range(3):
        writer = child(WRITES, tmp_path / "mind")
        assert writer.stdout is not None
        acknowledged.append(int(writer.stdout.readline()))
        lines: list[str] = []
        listening = threading.Thread(target=lambda out=writer.stdout, into=lines: into.extend(out))
        listening.start()
        time.sleep(chance.uniform(0.0, 0.25))
        writer.kill()
        writer.wait()
        listening.join()
        acknowledged += [int(line) for line in lines if line.endswith("\n")]
    with open_store(paths_at(tmp_path / "mind")) as store:
        with store.db.read() as cx:
            kept = {int(item) for (item,) in cx.execute("SELECT id FROM items")}
            assert number(cx, "SELECT count(*) FROM items WHERE text <> ?1".replace("?1", "'" + "whole " * 500 + "'")) == 0
            assert number(cx, "SELECT count(*) FROM items LEFT JOIN item_vectors ON item_id = id WHERE item_id IS NULL") == 0
            assert number(cx, "SELECT count(*) FROM items_fts WHERE items_fts MATCH 'whole'") == len(kept)
        assert set(acknowledged) <= kept
        assert len(acknowledged) == len(set(acknowledged)), "no id was given twice"
        assert len(kept - set(acknowledged)) <= 3, "at most the one being written at each kill"
        assert store.db.check() == []


ERASES = """
import sys
from pathlib import Path
from ownmind.store.opening import open_store
from store_fixtures import paths_at
store = open_store(paths_at(Path(sys.argv[1])))
for item in range(1, 200):
    with store.db.erase() as cx:
        cx.execute("DELETE FROM items WHERE id = ?", (item,))
    print(item, flush=True)
"""


def test_what_was_forgotten_before_a_kill_stays_forgotten(tmp_path: Path) -> None:
    with open_store(paths_at(tmp_path / "mind")) as store, store.db.write():
        for n in range(1, 200):
            add_item(store.db, f"secret{n} xylophonequartz")
    eraser = child(ERASES, tmp_path / "mind")
    assert eraser.stdout is not None
    gone = [int(eraser.stdout.readline()) for _ in range(20)]
    eraser.kill()
    gone += [int(line) for line in eraser.stdout if line.endswith("\n")]
    eraser.wait()
    with open_store(paths_at(tmp_path / "mind")) as store, store.db.read() as cx:
        left = {int(item) for (item,) in cx.execute("SELECT id FROM items")}
        assert left.isdisjoint(gone)
        image = cx.serialize("main")
        assert [n for n in gone if f"secret{n} ".encode() in image] == []
        assert not left or b"xylophonequartz" in image, "control: the image shows what is still there"


def test_ids_grow_and_never_come_back_whatever_the_clock_says(tmp_path: Path) -> None:
    with open_store(paths_at(tmp_path / "mind")) as store:
        first = add_item(store.db, "in 2026", at=1.78e9)
        second = add_item(store.db, "the clock jumped back", at=0.0)
        with store.db.erase() as cx:
            cx.execute("DELETE FROM items WHERE id = ?", (second,))
        third = add_item(store.db, "and forth", at=1.78e9)
        assert first < second < third


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB of its own."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root on Linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"mounting is not allowed here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


def _fill(disk: Path) -> Path:
    """Takes every byte that is left."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return filler


def test_a_full_disk_loses_nothing_and_forgetting_still_works(small_disk: Path) -> None:
    """Writing until the disk is full: every acknowledged item is there, the refused one is not, in the same opening and the
    next, which itself happens on the full disk. Forgetting works there (the ballast gives the room), and once there is space
    writing works again and the ballast is back."""
    paths = paths_at(small_disk / "mind")
    store = open_store(paths)
    assert paths.home.joinpath("ballast").stat().st_size == ballast.SIZE
    acknowledged = [add_item(store.db, f"early {n} " + "words " * 100) for n in range(50)]
    filler = _fill(small_disk)
    with pytest.raises(DiskFull) as full:
        for n in range(10_000):
            acknowledged.append(add_item(store.db, f"late {n} " + "words " * 2000))
    assert full.value.hint
    for opened_again in (False, True):
        if opened_again:
            _fill(small_disk)
            store = open_store(paths)
        with store.db.read() as cx:
            assert [int(item) for (item,) in cx.execute("SELECT id FROM items ORDER BY id")] == acknowledged
        assert store.db.check() == []
        with store.db.erase() as cx:
            cx.execute("DELETE FROM items WHERE id = ?", (acknowledged.pop(0),))
        assert len(texts(store.db)) == len(acknowledged)
        store.close()
    filler.unlink()
    with open_store(paths) as store:
        assert paths.home.joinpath("ballast").stat().st_size == ballast.SIZE
        acknowledged.append(add_item(store.db, "room again"))
        with store.db.read() as cx:
            assert [int(item) for (item,) in cx.execute("SELECT id FROM items ORDER BY id")] == acknowledged


def test_a_whole_forget_works_on_a_full_disk(small_disk: Path) -> None:
    """Rows, index, facts, tombstones and the receipt: gone, verified and not coming back, though nothing else can be written."""
    from datetime import UTC, datetime

    from ownmind.memory.memory import Memory
    from ownmind.messages import Entry, Integrity, Label, Source

    now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    with open_store(paths_at(small_disk / "mind"), "pw") as store:
        memory = Memory(store, None, lambda: now)
        said = [
            Entry(f"I live in Quillstadt {n} " + "words " * 50, Source(f"note:{n}"), Label(Integrity.PERSON), at=now) for n in range(40)
        ]
        memory.remember(said, now=now)
        _fill(small_disk)
        with pytest.raises(DiskFull):
            for n in range(10_000):
                add_item(store.db, f"late {n} " + "words " * 2000)
        receipt = memory.forget("quillstadt")
        assert receipt.verified and len(receipt.items) == 40
        assert memory.verify("quillstadt").is_gone
        assert memory.remember(said[:1], now=now) == [""]
        assert store.db.check() == []


def test_a_disk_that_fills_while_a_file_is_kept_keeps_everything_else(small_disk: Path) -> None:
    import io
    from datetime import UTC, datetime

    from ownmind.store.backup import backup

    with open_store(paths_at(small_disk / "mind"), "pw") as store:
        blob = store.blobs.add(io.BytesIO(random.Random(1).randbytes(20_000_000)), now=1.0)
        with pytest.raises(DiskFull):
            store.blobs.add(io.BytesIO(random.Random(2).randbytes(60_000_000)), now=1.0)
        assert len(store.blobs.read(blob)) == 20_000_000
        assert len(list(store.paths.blobs.iterdir())) == 1
        assert list(store.paths.temporary.iterdir()) == []
        (small_disk / "filler").write_bytes(bytes(28_000_000))
        with pytest.raises(DiskFull):
            backup(store, small_disk, now=datetime.now(UTC))
        assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "mind"]
        assert store.db.check() == []
