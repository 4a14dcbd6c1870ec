from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.store.database import Database
from ownmind.store.ledger import Ledger
from ownmind.store.migrations import migrate

KEY = bytes(32)


def _open(folder: Path) -> tuple[Database, Ledger]:
    db = Database.open(folder / "mind.db", KEY)
    migrate(db)
    ledger = Ledger(db, folder / "ledger.head")
    return db, ledger


def test_an_empty_ledger_is_whole(tmp_path: Path) -> None:
    db, ledger = _open(tmp_path)
    ledger.settle_head()
    assert ledger.verify() == []
    assert ledger.rows() == []
    db.close()


@settings(max_examples=8, deadline=None)
@given(rows=st.lists(st.tuples(st.text(max_size=20), st.floats(0, 4e9), st.integers(0, 10**12)), min_size=1, max_size=6))
def test_every_row_comes_back_in_the_order_it_was_written_and_the_chain_holds(
    rows: list[tuple[str, float, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the clock said, forwards or backwards."""
    db, ledger = _open(tmp_path_factory.mktemp("ledger"))
    for destination, at, size in rows:
        ledger.append(destination, "test", consent="once", bytes_out=size, at=at, item_ids=["i1", "i2"])
    assert [(row.destination, row.at, row.bytes_out) for row in ledger.rows()] == rows
    assert [row.id for row in ledger.rows()] == list(range(1, len(rows) + 1))
    assert ledger.verify() == []
    assert ledger.totals() == {"test": (sum(size for _, _, size in rows), len(rows))}
    db.close()


def test_a_clock_jumping_backwards_breaks_neither_order_nor_chain(tmp_path: Path) -> None:
    db, ledger = _open(tmp_path)
    for at in (1_700_000_000.0, 1_600_000_000.0, 0.0, 1_700_000_001.0):
        ledger.append("hub", "test", consent="", bytes_out=1, at=at)
    assert [row.at for row in ledger.rows()] == [1_700_000_000.0, 1_600_000_000.0, 0.0, 1_700_000_001.0]
    assert [row.at for row in ledger.rows(2)] == [0.0, 1_700_000_001.0]
    assert ledger.verify() == []
    db.close()


def test_a_changed_row_is_noticed(tmp_path: Path) -> None:
    """Even by someone who has the key and takes the database's own guard away."""
    db, ledger = _open(tmp_path)
    for size in (10, 20, 30):
        ledger.append("hub", "test", consent="", bytes_out=size, at=1.0)
    with db.write() as cx:
        cx.execute("DROP TRIGGER ledger_no_update")
        cx.execute("UPDATE ledger SET bytes_out = 0 WHERE id = 2")
    assert ledger.verify() == ["ledger row 2 does not follow from the one before it"]
    db.close()


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_removed_row_is_noticed_the_last_one_too(tmp_path: Path, gone: int) -> None:
    db, ledger = _open(tmp_path)
    for size in (10, 20, 30):
        ledger.append("hub", "test", consent="", bytes_out=size, at=1.0)
    with db.write() as cx:
        cx.execute("DROP TRIGGER ledger_no_delete")
        cx.execute("DELETE FROM ledger WHERE id = ?", (gone,))
    assert ledger.verify()
    db.close()


def test_an_older_copy_of_the_database_put_back_is_noticed(tmp_path: Path) -> None:
    """Every page of the old copy decrypts well; only the head outside tells."""
    db, ledger = _open(tmp_path)
    ledger.append("hub", "test", consent="", bytes_out=1, at=1.0)
    db.close()
    shutil.copy(tmp_path / "mind.db", tmp_path / "older.db")
    db, ledger = _open(tmp_path)
    ledger.append("hub", "test", consent="", bytes_out=2, at=2.0)
    db.close()
    shutil.copy(tmp_path / "older.db", tmp_path / "mind.db")
    db, ledger = _open(tmp_path)
    assert db.check() == []
    assert "older state" in ledger.verify()[0]
    db.close()


def test_a_crash_between_the_row_and_the_head_is_no_alarm(tmp_path: Path) -> None:
    db, ledger = _open(tmp_path)
    ledger.append("hub", "test", consent="", bytes_out=1, at=1.0)
    before = (tmp_path / "ledger.head").read_bytes()
    ledger.append("hub", "test", consent="", bytes_out=2, at=2.0)
    (tmp_path / "ledger.head").write_bytes(before)
    assert ledger.verify() == []
    db.close()


def test_a_missing_head_is_noticed(tmp_path: Path) -> None:
    db, ledger = _open(tmp_path)
    ledger.append("hub", "test", consent="", bytes_out=1, at=1.0)
    (tmp_path / "ledger.head").unlink()
    assert ledger.verify() == ["ledger.head is missing or unreadable"]
    db.close()


def test_a_row_cannot_hide_in_a_transaction_that_may_be_undone(tmp_path: Path) -> None:
    db, ledger = _open(tmp_path)
    with pytest.raises(AssertionError), db.write():
        ledger.append("hub", "test", consent="", bytes_out=1, at=1.0)
    assert ledger.rows() == []
    db.close()


def _with_ends(folder: Path) -> tuple[Database, Ledger]:
    db, ledger = _open(folder)
    for number in range(3):
        row = ledger.append("hub", "test", consent="", bytes_out=3, at=1.0, content=b"GET", keep_until=2.0)
        if number < 2:
            ledger.end(row, "done", at=1.5, content_out=3, wire_out=90 + number, bytes_in=5)
    return db, ledger


@pytest.mark.parametrize(
    ("guard", "change", "wrong"),
    [
        ("ledger_outcomes_no_update", "UPDATE ledger_outcomes SET wire_out = 0 WHERE row_id = 2", "how ledger row 2 ended was changed"),
        ("ledger_outcomes_no_update", "UPDATE ledger_outcomes SET row_id = 3 WHERE row_id = 2", "how ledger row 3 ended was changed"),
        ("", "UPDATE ledger_content SET content = x'00' WHERE row_id = 1", "the content kept of ledger row 1 is not what left"),
    ],
)
def test_a_changed_end_or_content_is_noticed(tmp_path: Path, guard: str, change: str, wrong: str) -> None:
    """How it ended hangs on the row it belongs to, and a kept content on the row's hash of it."""
    db, ledger = _with_ends(tmp_path)
    assert ledger.verify() == []
    with db.write() as cx:
        if guard:
            cx.execute(f"DROP TRIGGER {guard}")
        cx.execute(change)
    assert ledger.verify() == [wrong]
    db.close()


def test_an_end_is_written_once_and_only_for_a_row_there_is(tmp_path: Path) -> None:
    """And the database itself refuses to change or remove one."""
    import apsw

    db, ledger = _with_ends(tmp_path)
    for row, error in ((1, apsw.ConstraintError), (9, AssertionError)):
        with pytest.raises(error):
            ledger.end(row, "failed", at=2.0, content_out=0, wire_out=0, bytes_in=0)
    for deed in ("DELETE FROM ledger_outcomes", "UPDATE ledger_outcomes SET result = 'cut'"):
        with pytest.raises(apsw.ConstraintError), db.write() as cx:
            cx.execute(deed)
    assert ledger.verify() == []
    db.close()


def test_a_head_that_is_nested_without_end_is_unreadable_and_no_more(tmp_path: Path) -> None:
    """A damaged file beside the database is said, and stops nothing."""
    db, ledger = _open(tmp_path)
    (tmp_path / "ledger.head").write_bytes(b"[" * 100_000)
    assert ledger.verify() == ["ledger.head is missing or unreadable"]
    db.close()
