"""The index, the vectors and the counts can always be made again from the items; damage is found, and nothing is lost by mending."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home, told
from ownmind.bench import stage
from ownmind.errors import StoreDamaged
from ownmind.memory.memory import Memory
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store import derived
from ownmind.store.opening import Store, open_store
from store_fixtures import child, paths_at

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
QUESTIONS = ("what did Ana buy", "the garden and the boiler", "Where is the key of Ben?", "pottery in spring")

# Each really damages a store of a few hundred items, in one statement; and what doctor should say of it.
DAMAGE = {
    "the index lost some items": (
        "INSERT INTO items_fts(items_fts, rowid, text, speaker) SELECT 'delete', id, text, speaker FROM items WHERE id % 3 = 0",
        "words",
    ),
    "the index lost its pages": ("UPDATE items_fts_data SET block = zeroblob(length(block)) WHERE id > 10", "words"),
    "the index lost everything": ("INSERT INTO items_fts(items_fts) VALUES ('delete-all')", "words"),
    "the index lost its structure": ("DELETE FROM items_fts_data", "words"),
    "a text changed behind the index": ("DROP TRIGGER items_fts_update; UPDATE items SET text = 'a plum tree' WHERE id = 9", "words"),
    "vectors were cut": ("UPDATE item_vectors SET vector = substr(vector, 1, 90) WHERE item_id % 7 = 0", "vectors"),
    "vectors are words": ("UPDATE item_vectors SET vector = 'lost' WHERE item_id % 7 = 0", "vectors"),
    "vectors went missing uncounted": ("DROP TRIGGER vector_counts_delete; DELETE FROM item_vectors WHERE item_id % 7 = 0", "counts"),
    "the counts are wrong": ("UPDATE item_counts SET n = n + 5", "counts"),
}


@pytest.fixture
def store() -> Iterator[Store]:
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        memory.remember(list(stage.Chatter(3).entries(150)), now=NOW)
        yield store


def answers(store: Store) -> list[list[str]]:
    """What recall says, from vectors read anew."""
    memory = Memory(store, HashEmbedder(), lambda: NOW)
    while memory.embed_backlog():
        pass
    return [[found.id for found in memory.recall(question, k=10)] for question in QUESTIONS]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_mended(store: Store, damage: str) -> None:
    """Every item is still there, and every question has the answers it had before."""
    before, texts = answers(store), [item.text for item in Memory(store, None, lambda: NOW).items()]
    statement, what = DAMAGE[damage]
    changes_text = "SET text" in statement
    with store.db.write() as cx:
        cx.execute(statement)
    assert what in {fault.what for fault in derived.faults(store.db, deep=changes_text)}
    assert what in {fault.what for fault in derived.rebuild(store.db)}
    assert derived.faults(store.db, deep=True) == [] == derived.rebuild(store.db)
    if changes_text:
        assert [found.id for found in Memory(store, None, lambda: NOW).recall("plum", k=1)] == ["i9"]
        return
    assert [item.text for item in Memory(store, None, lambda: NOW).items()] == texts
    assert answers(store) == before
    assert derived.faults(store.db, deep=True) == []


def test_a_sound_store_is_left_alone(store: Store) -> None:
    """Nothing to find, nothing made again; and rebuilding all of it gives the same answers."""
    before = answers(store)
    assert derived.faults(store.db, deep=True) == [] == derived.rebuild(store.db)
    with store.db.write() as cx:
        cx.execute("INSERT INTO items_fts(items_fts) VALUES ('rebuild'); DELETE FROM item_vectors")
    assert answers(store) == before


def test_recall_over_a_damaged_index_says_what_to_do(store: Store) -> None:
    """No answer that looks whole: the error names the command that mends it."""
    with store.db.write() as cx:
        cx.execute("UPDATE items_fts_data SET block = zeroblob(length(block)) WHERE id > 10")
    with pytest.raises(StoreDamaged) as caught:
        Memory(store, None, lambda: NOW).recall("the garden", k=3)
    assert "doctor --repair" in caught.value.hint
    assert store.db.check() == [], "its pages are sound"
    derived.rebuild(store.db)
    assert Memory(store, None, lambda: NOW).recall("the garden", k=3)


REBUILDING = """
import sys
from pathlib import Path
from ownmind.store.opening import open_store
from store_fixtures import paths_at

with open_store(paths_at(Path(sys.argv[1]))) as store, store.db.write() as cx:
    cx.execute("INSERT INTO items_fts(items_fts) VALUES ('rebuild')")
    print("rebuilt, not yet committed")
    sys.stdin.read()
"""


def test_a_rebuild_that_was_killed_changes_nothing(tmp_path: Path) -> None:
    """kill -9 in the middle: as it was before, and the next one mends it."""
    paths = paths_at(tmp_path / "home")
    with open_store(paths) as store:
        Memory(store, None, lambda: NOW).remember(list(stage.Chatter(3).entries(150)), now=NOW)
        with store.db.write() as cx:
            cx.execute(DAMAGE["the index lost some items"][0])
    with child(REBUILDING, paths.home) as process:
        assert process.stdout is not None and process.stdout.readline()
        process.kill()
        process.wait(10)
    with open_store(paths) as store:
        assert [fault.what for fault in derived.faults(store.db)] == ["words"]
        assert derived.rebuild(store.db) and derived.faults(store.db, deep=True) == []


def test_doctor_finds_it_and_repairs_it_when_asked(tmp_path: Path) -> None:
    """Looking changes nothing; ``--repair`` mends, says so, and everything is found again."""
    home = quiet_home(tmp_path)
    assert ownmind(home, "remember", "Ana is allergic to peanuts").returncode == 0
    with open_store(paths_at(home)) as store, store.db.write() as cx:
        cx.execute("INSERT INTO items_fts(items_fts) VALUES ('delete-all')")
    for _ in range(2):
        assert verdicts(home, code=1)["index"] == "fail"
    assert verdicts(home, "--repair") | {"repair": "ok", "index": "ok"} == verdicts(home, "--repair")
    assert verdicts(home)["index"] == "ok" and "peanuts" in ownmind(home, "recall", "allergic").stdout


def verdicts(home: Path, *words: str, code: int = 0) -> dict[str, str]:
    checks = told(home, "doctor", *words, code=code)["checks"]
    assert isinstance(checks, list)
    return {check["name"]: check["verdict"] for check in checks}
