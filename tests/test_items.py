"""Rows of items, and what is counted of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.bench import stage
from ownmind.errors import NotFound
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store import derived, items, tombstones, vectors

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


def test_items_of_some_kinds_come_in_their_order() -> None:
    """As if the others were not there: also the first few behind an id."""
    kinds = [Kind.TURN, Kind.NOTE, Kind.TURN, Kind.MESSAGE, Kind.TURN, Kind.NOTE]
    with stage.memory(None, NOW) as (memory, store):
        memory.remember([Entry(f"note {i}", Source("a"), Label(Integrity.PERSON), kind) for i, kind in enumerate(kinds)], now=NOW)
        with store.db.read() as cx:
            found = items.listed(cx, kinds=(Kind.NOTE, Kind.MESSAGE), after=1, limit=2)
            assert [item.text for item in found] == ["note 1", "note 3"]
            assert [item.text for item in items.listed(cx, kinds=(Kind.NOTE, Kind.MESSAGE), after=4)] == ["note 5"]
            assert len(items.listed(cx, kinds=list(Kind), limit=-1)) == 6


@given(st.lists(st.sampled_from(["note", "turn", "forget", "undo"]), max_size=12))
@settings(deadline=None, max_examples=15)
def test_counts_are_what_is_there(steps: list[str]) -> None:
    """Whatever is added, forgotten or undone: the counts that triggers keep are those of the rows."""
    with stage.memory(HashEmbedder(64), NOW) as (memory, store):
        for n, step in enumerate(steps):
            if step in ("note", "turn"):
                memory.remember([Entry(f"{step} {n}", Source("a"), Label(Integrity.PERSON), Kind(step))], now=NOW)
            elif step == "forget" and (held := memory.items()):
                memory.forget(held[0].id)
            elif step == "undo":
                with suppress(ZeroDivisionError), store.db.write() as cx:
                    cx.execute("DELETE FROM items")
                    raise ZeroDivisionError
        assert derived.faults(store.db, deep=True) == []
        with store.db.read() as cx:
            assert items.total(cx) == len(memory.items()) == vectors.count(cx, "hash-64")


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_hashes_keep_their_parts_apart(first: list[str], second: list[str]) -> None:
    """Equal hashes, equal parts; and another key gives another hash."""
    key = b"k" * 32
    assert (tombstones.keyed(key, *first) == tombstones.keyed(key, *second)) == (first == second)
    assert tombstones.keyed(key, *first) != tombstones.keyed(b"j" * 32, *first)
