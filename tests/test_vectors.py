"""Vectors in memory and in the store: near is near, gone is gone, and both while others are at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.bench import stage
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store import blocks, derived, vectors
from ownmind.store.blocks import Floats
from ownmind.store.opening import Store, open_store
from store_fixtures import child, paths_at

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
D = 64


def notes(*numbers: int) -> list[Entry]:
    return [Entry(f"note {i}", Source(f"note:{i}"), Label(Integrity.PERSON)) for i in numbers]


def cloud(n: int, d: int, seed: int = 5) -> Floats:
    """``n`` unit vectors in clusters that overlap, as those of real texts do."""
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(50, d))
    points = centres[draw.integers(0, 50, n)] + 0.7 * centres[draw.integers(0, 50, n)] + 0.3 * draw.normal(size=(n, d))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)


def packed(points: Floats, first: int = 1) -> list[tuple[int, bytes]]:
    return [(first + i, vectors.pack(point)) for i, point in enumerate(points)]


@contextmanager
def small_blocks(monkeypatch: pytest.MonkeyPatch, rows: int = 256) -> Iterator[None]:
    """Blocks so small that a few thousand vectors fill many."""
    with monkeypatch.context() as patch:
        for module in (blocks, vectors):
            patch.setattr(module, "ROWS", rows)
        patch.setattr(blocks, "_SCAN", 64)
        yield


@given(st.lists(st.floats(-1, 1, width=32), min_size=64, max_size=64))
def test_a_packed_vector_keeps_its_direction(values: list[float]) -> None:
    """int8 with one scale is within 1/127 of the largest number."""
    vector = np.array(values, np.float32)
    held = vectors.Vectors("m", 64)
    held.add([(5, vectors.pack(vector))])
    assert np.abs(held.of(np.array([5]))[0] - vector).max() <= max(float(np.abs(vector).max()), 1.0) / 127


def test_the_nearest_are_found_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bits first, then int8: at least 98 of 100 of the exact ten nearest among 20,000 clustered vectors, over fifty questions, added
    out of order and into many blocks."""
    drawn = cloud(20_050, 384)
    points, questions = drawn[50:], drawn[:50]
    with small_blocks(monkeypatch, 4096):
        held = vectors.Vectors("m", 384)
        rows = packed(points)
        held.add(rows[10_000:])
        held.add(rows[:10_000])  # a backlog comes late
        found = 0
        for question in questions:
            exact = set((np.argsort(-(points @ question))[:10] + 1).tolist())
            found += len(exact & set(held.nearest(question, 10).tolist()))
            assert exact & set(held.nearest(question, 10, exact=True).tolist()), "int8 alone"
    assert found >= 490


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_memory_holds_what_was_added_and_not_removed(data: st.DataObject) -> None:
    """Whatever the order of adding, replacing and removing: the same vectors as a plain dictionary would hold, and the nearest of
    them is the nearest of those."""
    points = cloud(60, D)
    held, expected = vectors.Vectors("m", D), dict[int, int]()
    for _ in range(data.draw(st.integers(1, 12))):
        ids = data.draw(st.lists(st.integers(1, 40), min_size=1, max_size=10, unique=True))
        if data.draw(st.booleans()):
            chosen = data.draw(st.integers(0, 59 - len(ids)))
            held.add([(row, vectors.pack(points[chosen + n])) for n, row in enumerate(ids)])
            expected |= {row: chosen + n for n, row in enumerate(ids)}
        else:
            assert held.remove(ids) == sum(expected.pop(row, None) is not None for row in ids)
    assert len(held) == len(expected) and held.holds(range(41)) == len(expected)
    everything = np.arange(1, 41)
    wanted = np.array([points[expected[row]] if row in expected else np.zeros(D) for row in range(1, 41)], np.float32)
    assert np.abs(held.of(everything) - wanted).max() < 0.01
    question = points[0]
    assert np.allclose(held.closeness(question, everything), wanted @ question, atol=0.02)
    assert sorted(held.nearest(question, 60).tolist()) == sorted(expected)
    assert set(held.nearest(question, 60, only=np.arange(10, 20)).tolist()) == {row for row in expected if 10 <= row < 20}


def test_a_removed_vector_leaves_no_byte_in_memory() -> None:
    """Neither among the values nor among the bits: its row is zeros, and the next one takes its place."""
    points = cloud(100, D)
    held = vectors.Vectors("m", D)
    held.add(packed(points))
    before = np.frombuffer(vectors.pack(points[41])[4:], np.int8)

    def traces() -> int:
        bits = np.packbits(before > 0).view(np.uint64)
        return sum(
            int((block.values == before).all(axis=1).sum()) + int((bits == block.bits.T).all(axis=1).sum()) + int((block.ids == 42).sum())
            for block in held._blocks
        )

    assert traces() == 3
    assert held.remove([42, 4200]) == 1 and traces() == 0 and len(held) == 99
    held.add([(101, vectors.pack(points[0]))])
    assert held._filled == 100 and set(held.nearest(points[0], 2).tolist()) == {1, 101}


def test_a_vector_survives_loading() -> None:
    """What was saved is loaded in order, whatever the order it was saved in."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        memory.remember([Entry(f"note {i}", Source(f"note:{i}"), Label(Integrity.PERSON)) for i in range(40)], now=NOW)
        fresh = vectors.Vectors("hash-256", 256)
        with store.db.read() as cx:
            fresh.load(cx)
        query = HashEmbedder().embed(["note 17"])[0]
        assert fresh.nearest(query, 1).tolist() == [18]


def test_loading_in_slices_is_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some at a time, from the newest: what is there is searched, what was added or forgotten meanwhile stays so, and in the end
    all of it is there, once."""
    monkeypatch.setattr(vectors, "_CHUNK", 10)
    with filled(60) as (_, store):
        held = vectors.Vectors("hash-256", 256)
        with store.db.read() as old:  # a snapshot from before
            assert not held.load(old, 0.0) and held.nearest(query(60), 1).tolist() == [60]
            assert len(held) == 10 and not held.holds([1])
            held.add([(3, vectors.pack(query(3)))])  # embedded meanwhile
            assert held.remove([20]) == 0  # forgotten meanwhile, and still in that snapshot
            assert held.load(old)
        assert len(held) == 59 and held.holds([20]) == 0 and held.nearest(query(3), 1).tolist() == [3]


def test_a_vector_that_cannot_be_one_is_made_again() -> None:
    """Too short, not finite or no blob at all: passed over while loading, counted as waiting, and made again from the text."""
    with filled(20) as (_, store):
        with store.db.write() as cx:
            cx.execute("UPDATE item_vectors SET vector = x'00' WHERE item_id = 3")
            cx.execute("UPDATE item_vectors SET vector = 'words' WHERE item_id = 4")
            cx.execute("UPDATE item_vectors SET vector = ? WHERE item_id = 5", (np.float32("nan").tobytes() + bytes(256),))
        memory = Memory(store, HashEmbedder(), lambda: NOW)
        assert memory.unembedded() == 0, "nothing is known of it before it is read"
        assert [found.item.text for found in memory.recall("note 7", k=1)] == ["note 7"]
        assert memory.unembedded() == 3
        assert memory.embed_backlog() == 3 and memory.embed_backlog() == 0 and memory.unembedded() == 0
        fresh = vectors.Vectors("hash-256", 256)
        with store.db.read() as cx:
            assert fresh.load(cx) and not fresh.damaged and len(fresh) == 20


def test_recall_goes_on_while_others_write_load_and_forget() -> None:
    """Real threads on one memory: nobody waits for ever, nothing forgotten comes back, and everything else is there in the end."""
    with filled(600) as (_, store):
        memory = Memory(store, HashEmbedder(), lambda: NOW)
        failures: list[BaseException] = []
        stop = threading.Event()

        def guarded(act: Callable[[], object]) -> threading.Thread:
            def run() -> None:
                try:
                    act()
                except BaseException as error:  # noqa: BLE001  # whatever it is, the test must see it
                    failures.append(error)

            return threading.Thread(target=run)

        def ask() -> None:
            while not stop.is_set():
                assert memory.recall("note 17", k=3)

        writers = [
            guarded(lambda: [memory.remember(notes(*range(at, at + 20)), now=NOW) for at in range(1000, 1400, 20)]),
            guarded(lambda: [memory.forget(f"i{row}") for row in range(100, 120)]),
            guarded(lambda: memory.load_vectors()),
        ]
        readers = [guarded(ask), guarded(ask)]
        for thread in (*readers, *writers):
            thread.start()
        for thread in writers:
            thread.join(60)
        stop.set()
        for thread in readers:
            thread.join(60)
        assert not failures and not any(thread.is_alive() for thread in (*readers, *writers))
        held = memory.embeddings.held()[0]
        assert len(held) == 600 + 400 - 20 == memory.counts()["vectors"] and held.holds(range(100, 120)) == 0


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ownmind.memory.memory import Memory
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store.opening import open_store
from store_fixtures import paths_at

with open_store(paths_at(Path(sys.argv[1]))) as store:
    memory = Memory(store, HashEmbedder(), lambda: datetime.now(UTC))
    while memory.embed_backlog(16):
        print(memory.unembedded())
"""


def test_a_build_that_was_killed_goes_on(tmp_path: Path) -> None:
    """kill -9 between and inside batches: what was made stays, only the rest is made."""
    paths = paths_at(tmp_path / "home")
    with open_store(paths) as store:
        Memory(store, None, lambda: NOW).remember(notes(*range(400)), now=NOW)
    with child(KILLED, paths.home) as process:
        assert process.stdout is not None
        for _ in range(3):
            left = int(process.stdout.readline())
        process.kill()
        process.wait(10)
    with open_store(paths) as store:
        memory = Memory(store, HashEmbedder(), lambda: NOW)
        assert 0 < memory.unembedded() <= left < 400
        while memory.embed_backlog():
            pass
        assert memory.unembedded() == 0 and derived.faults(store.db, deep=True) == []
        assert memory.recall("note 123", k=1)[0].item.text == "note 123"


@contextmanager
def filled(n: int) -> Iterator[tuple[Memory, Store]]:
    """A memory of ``note 1`` to ``note n`` in the rows of these numbers."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        memory.remember(notes(*range(1, n + 1)), now=NOW)
        yield memory, store


def query(number: int) -> Floats:
    return HashEmbedder().embed([f"note {number}"])[0]
