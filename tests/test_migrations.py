from __future__ import annotations

import tempfile
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.errors import StoreDamaged
from ownmind.store.database import Database
from ownmind.store.migrations import STEPS, migrate, version
from store_fixtures import add_item, child, number, texts

KEY = bytes(32)


def _add_column(cx: apsw.Connection) -> None:
    cx.execute("ALTER TABLE items ADD COLUMN mood TEXT NOT NULL DEFAULT ''")


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "mind.db", KEY)
    assert migrate(db) == len(STEPS)
    with db.read() as cx:
        schema = list(cx.execute("SELECT name, sql FROM sqlite_schema ORDER BY name"))
    assert migrate(db) == len(STEPS)
    with db.read() as cx:
        assert list(cx.execute("SELECT name, sql FROM sqlite_schema ORDER BY name")) == schema
    db.close()


_words = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=200)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_words, _words, st.none() | st.floats(-1e11, 1e11)), max_size=8))
def test_what_was_written_before_a_migration_is_read_after_it(rows: list[tuple[str, str, float | None]]) -> None:
    """Any text, speaker and time, through a step that changes the table they are in."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database.open(Path(folder) / "mind.db", KEY)
        migrate(db)
        for text, speaker, at in rows:
            add_item(db, text, speaker=speaker, at=at)
        db.close()
        db = Database.open(Path(folder) / "mind.db", KEY)
        assert migrate(db, (*STEPS, _add_column)) == len(STEPS) + 1
        with db.read() as cx:
            assert list(cx.execute("SELECT text, speaker, at, mood FROM items ORDER BY id")) == [(*row, "") for row in rows]
        assert db.check() == []
        db.close()


def test_a_step_that_fails_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "mind.db", KEY)
    migrate(db)
    add_item(db, "kept")

    def breaks(cx: apsw.Connection) -> None:
        _add_column(cx)
        cx.execute("DELETE FROM items")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrate(db, (*STEPS, breaks))
    with db.read() as cx:
        assert version(cx) == len(STEPS)
        assert "mood" not in [row[1] for row in cx.execute("PRAGMA table_info(items)")]
    assert texts(db) == ["kept"]
    db.close()


MIGRATES = """
import sys
from pathlib import Path
from ownmind.store.database import Database
from ownmind.store.migrations import STEPS, migrate

def slow(cx):
    cx.execute("ALTER TABLE items ADD COLUMN mood TEXT NOT NULL DEFAULT ''")
    cx.execute("UPDATE items SET mood = 'changed', text = 'half'")
    cx.execute("CREATE TABLE filler(x)")
    for i in range(2000):
        cx.execute("INSERT INTO filler VALUES (randomblob(4000))")  # spills from the cache into the log
    print("half way", flush=True)
    sys.stdin.read()

migrate(Database.open(Path(sys.argv[1]), bytes(32)), (*STEPS, slow))
"""


def test_a_process_killed_in_a_migration_leaves_the_step_before(tmp_path: Path) -> None:
    """kill -9 half way through a step that rewrites every row: the old schema and every row are there, and the step can be
    taken again."""
    db = Database.open(tmp_path / "mind.db", KEY)
    migrate(db)
    kept = [f"item {i}" for i in range(50)]
    for text in kept:
        add_item(db, text)
    db.close()
    migrating = child(MIGRATES, tmp_path / "mind.db")
    assert migrating.stdout is not None
    assert migrating.stdout.readline() == "half way\n"
    migrating.kill()
    migrating.wait()
    db = Database.open(tmp_path / "mind.db", KEY)
    with db.read() as cx:
        assert version(cx) == len(STEPS)
        assert number(cx, "SELECT count(*) FROM sqlite_schema WHERE name = 'filler'") == 0
    assert texts(db) == kept
    assert migrate(db, (*STEPS, _add_column)) == len(STEPS) + 1
    assert db.check() == []
    db.close()


def test_a_store_of_a_newer_ownmind_is_refused_untouched(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "mind.db", KEY)
    migrate(db, (*STEPS, _add_column))
    with pytest.raises(StoreDamaged, match="newer"):
        migrate(db)
    with db.read() as cx:
        assert version(cx) == len(STEPS) + 1
    db.close()


def test_the_database_itself_refuses_to_change_the_ledger(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "mind.db", KEY)
    migrate(db)
    with db.write() as cx:
        cx.execute("""INSERT INTO ledger(at, destination, purpose, consent, bytes_out, item_ids, body_hash, previous, hash)
                      VALUES (0, '', '', '', 0, '[]', x'', x'', x'')""")
    for change in ("UPDATE ledger SET bytes_out = 0", "DELETE FROM ledger"):
        with pytest.raises(apsw.ConstraintError), db.write() as cx:
            cx.execute(change)
    db.close()


def test_vectors_made_before_two_models_could_stand_side_by_side_are_still_there(tmp_path: Path) -> None:
    """The step that gave each model its own vectors copies what there was, and forgetting an item still takes them along."""
    db = Database.open(tmp_path / "mind.db", KEY)
    migrate(db, STEPS[:1])
    add_item(db, "kept")
    with db.write() as cx:
        cx.execute("INSERT INTO item_vectors(item_id, model, vector) VALUES (1, 'old', x'0102')")
    assert migrate(db) == len(STEPS)
    with db.write() as cx:
        cx.execute("INSERT INTO item_vectors(item_id, model, vector) VALUES (1, 'new', x'0304')")
        assert list(cx.execute("SELECT model, vector FROM item_vectors ORDER BY model")) == [("new", b"\x03\x04"), ("old", b"\x01\x02")]
        cx.execute("DELETE FROM items")
        assert list(cx.execute("SELECT 1 FROM item_vectors")) == []
    db.close()
