"""Rows of items, and vectors beside them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.bench import stage
from ownmind.errors import NotFound
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.models.embedder import HashEmbedder
from ownmind.store import items, search, tombstones, vectors

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_time_and_its_zone_come_back(at: datetime, minutes: int) -> None:
    """To the microsecond, in the zone it was said in."""
    given_at = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    back = items.moment(*items.stamp(given_at))
    assert back is not None and abs(back - given_at) < timedelta(milliseconds=1) and back.utcoffset() == given_at.utcoffset()


def test_ids_are_read_back() -> None:
    """``i12`` is row 12; what is no id is said so."""
    assert items.row_id(items.item_id(12)) == 12
    for name in ("i", "12", "x12", "i-1", "i1.5"):
        with pytest.raises(NotFound):
            items.row_id(name)


@given(st.lists(st.floats(-1, 1, width=32), min_size=64, max_size=64))
def test_a_packed_vector_keeps_its_direction(values: list[float]) -> None:
    """int8 with one scale is within 1/127 of the largest number."""
    vector = np.array(values, np.float32)
    held = vectors.Vectors("m", 64)
    packed = vectors.pack(vector)
    held.add([(5, packed)])
    assert np.abs(held.of(np.array([5]))[0] - vector).max() <= max(float(np.abs(vector).max()), 1.0) / 127


def test_the_nearest_are_found_among_many() -> None:
    """The bit scan and int8 agree with the exact answer: at least 95 of the true 100 nearest of 5,000 in ten draws of ten."""
    draw = np.random.default_rng(5)
    centres = draw.normal(size=(50, 384))
    cloud = centres[draw.integers(0, 50, 5000)] + draw.normal(size=(5000, 384))
    cloud = (cloud / np.linalg.norm(cloud, axis=1, keepdims=True)).astype(np.float32)
    held = vectors.Vectors("m", 384)
    rows = [(i + 1, vectors.pack(vector)) for i, vector in enumerate(cloud)]
    held.add(rows[2500:])
    held.add(rows[:2500])  # a backlog comes late, and in between
    found = 0
    for query in cloud[:10]:
        exact = set((np.argsort(-(cloud @ query))[:10] + 1).tolist())
        found += len(exact & set(held.nearest(query, 10).tolist()))
    assert found >= 95
    assert held.remove(range(1, 2501)) == 2500
    assert held.holds([1, 2500]) == 0 and held.holds([2501, 5000]) == 2


def test_a_vector_survives_loading() -> None:
    """What was saved is loaded in order, whatever the order it was saved in."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        memory.remember([Entry(f"note {i}", Source(f"note:{i}"), Label(Integrity.PERSON)) for i in range(40)], now=NOW)
        fresh = vectors.Vectors("hash-256", 256)
        with store.db.read() as cx:
            fresh.load(cx)
        query = HashEmbedder().embed(["note 17"])[0]
        assert fresh.nearest(query, 1).tolist() == [18]


def test_stems_are_those_of_the_index() -> None:
    """What Python counts is what SQLite finds."""
    with stage.memory(None, NOW) as (memory, store):
        memory.remember([Entry("Running races at the CAFÉ", Source("note:1"), Label(Integrity.PERSON))], now=NOW)
        with store.db.read() as cx:
            for word in ("run", "race", "cafe", "cafés"):
                assert search.best(cx, search.stems([word]), 5) == [1], word


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_hashes_keep_their_parts_apart(first: list[str], second: list[str]) -> None:
    """Equal hashes, equal parts; and another key gives another hash."""
    key = b"k" * 32
    assert (tombstones.keyed(key, *first) == tombstones.keyed(key, *second)) == (first == second)
    assert tombstones.keyed(key, *first) != tombstones.keyed(b"j" * 32, *first)
