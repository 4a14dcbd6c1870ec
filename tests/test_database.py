from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path

import apsw
import pytest

from ownmind.errors import OwnmindError, StoreDamaged
from ownmind.store.database import Database
from ownmind.store.migrations import migrate
from store_fixtures import add_item, number, texts

KEY = bytes(range(32))


@pytest.fixture
def db(tmp_path: Path):
    database = Database.open(tmp_path / "mind.db", KEY)
    migrate(database)
    yield database
    database.close()


def test_what_was_written_is_read_back_after_reopening(tmp_path: Path) -> None:
    """A transaction that returned is there in the next opening."""
    db = Database.open(tmp_path / "mind.db", KEY)
    migrate(db)
    add_item(db, "Ana is allergic to peanuts")
    db.close()
    again = Database.open(tmp_path / "mind.db", KEY)
    assert texts(again) == ["Ana is allergic to peanuts"]
    again.close()


def test_every_promise_of_durability_and_secrecy_is_set_on_every_connection(db: Database) -> None:
    """The pragmas hold for the connections in use, not only in the documentation."""
    with db.write() as cx:
        assert cx.pragma("cipher") == "chacha20"
        assert cx.pragma("journal_mode") == "wal"
        assert cx.pragma("synchronous") == 3  # EXTRA
        assert cx.pragma("secure_delete") == 1
        assert cx.pragma("foreign_keys") == 1
        assert cx.pragma("temp_store") == 2  # memory
        assert dict(cx.execute("SELECT k, v FROM items_fts_config"))["secure-delete"] == 1
    with db.read() as cx:
        assert cx.pragma("temp_store") == 2
        with pytest.raises(apsw.ReadOnlyError):
            cx.execute("DELETE FROM items")


def test_an_error_undoes_the_whole_transaction(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write():
        add_item(db, "half of something")
        _ = 1 / 0
    assert texts(db) == []


def test_a_nested_write_joins_and_is_undone_by_itself(db: Database) -> None:
    """An inner failure that is caught takes back only the inner part; what waited for its commit never runs."""
    ran: list[str] = []
    with db.write():
        add_item(db, "outer")
        db.after_commit(lambda: ran.append("outer"))
        with pytest.raises(ZeroDivisionError), db.write():
            add_item(db, "inner")
            db.after_commit(lambda: ran.append("inner"))
            _ = 1 / 0
        assert ran == []  # nothing is durable yet
    assert texts(db) == ["outer"]
    assert ran == ["outer"]


def test_a_writer_reads_what_it_has_just_written_and_others_do_not(db: Database) -> None:
    seen_by_other: list[list[str]] = []
    with db.write():
        add_item(db, "not yet durable")
        assert texts(db) == ["not yet durable"]
        other = threading.Thread(target=lambda: seen_by_other.append(texts(db)))
        other.start()
        other.join()
    assert seen_by_other == [[]]


def test_a_snapshot_does_not_move_while_others_write(db: Database) -> None:
    with db.read() as cx:
        assert number(cx, "SELECT count(*) FROM items") == 0
        add_item(db, "meanwhile")
        assert number(cx, "SELECT count(*) FROM items") == 0
        assert texts(db) == []  # nested: the same snapshot
    assert texts(db) == ["meanwhile"]


def test_readers_never_see_half_a_transaction(db: Database) -> None:
    """Each transaction adds two items; eight readers beside the writer only ever count even numbers."""
    stop, odd, counted = threading.Event(), [], []

    def watch() -> None:
        while not stop.is_set():
            with db.read() as cx:
                count = number(cx, "SELECT count(*) FROM items")
            counted.append(count)
            if count % 2:
                odd.append(count)

    readers = [threading.Thread(target=watch) for _ in range(8)]
    for reader in readers:
        reader.start()
    for pair in range(100):
        with db.write():
            add_item(db, f"first of {pair}")
            add_item(db, f"second of {pair}")
    stop.set()
    for reader in readers:
        reader.join()
    assert not odd
    assert len(set(counted)) > 1, "the readers ran beside the writer"
    assert len(texts(db)) == 200


def test_writers_take_turns(db: Database) -> None:
    writers = [threading.Thread(target=lambda n=n: [add_item(db, f"{n}:{i}") for i in range(25)]) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(texts(db)) == sorted(f"{n}:{i}" for n in range(4) for i in range(25))


def test_a_wrong_key_is_refused_and_changes_nothing(tmp_path: Path, db: Database) -> None:
    add_item(db, "kept")
    db.checkpoint()
    before = (tmp_path / "mind.db").read_bytes()
    with pytest.raises(StoreDamaged) as refused:
        Database.open(tmp_path / "mind.db", bytes(32))
    assert refused.value.hint
    assert (tmp_path / "mind.db").read_bytes() == before
    assert texts(db) == ["kept"]


def test_erased_text_is_in_no_page_and_no_log(db: Database) -> None:
    """After ``erase`` the decrypted image of the whole database, free pages included, does not hold the words."""
    add_item(db, "the word is xylophonequartz")
    add_item(db, "another")
    with db.read() as cx:
        assert b"xylophonequartz" in cx.serialize("main"), "control: the image does show text that is there"
    with db.erase() as cx:
        cx.execute("DELETE FROM items WHERE id = 1")
    with db.read() as cx:
        assert b"xylophon" not in cx.serialize("main")
        assert number(cx, "SELECT count(*) FROM items_fts WHERE items_fts MATCH 'xylophonequartz'") == 0
    assert db.path.with_name("mind.db-wal").stat().st_size == 0


def _sound_copy(tmp_path: Path) -> tuple[Path, str]:
    """A closed database of some hundred pages, and a digest of all it holds."""
    path = tmp_path / "sound.db"
    db = Database.open(path, KEY)
    migrate(db)
    words = random.Random(7)
    with db.write():
        for i in range(300):
            add_item(
                db,
                f"item {i} "
                + " ".join(words.choice(["river", "stone", "lamp", "quiet", "harbour"]) + str(words.randrange(99)) for _ in range(40)),
            )
    everything = _everything(db)
    db.close()
    return path, everything


def _everything(db: Database) -> str:
    with db.read() as cx:
        found = number(cx, "SELECT count(*) FROM items_fts WHERE items_fts MATCH 'river*'")
        return f"{found} " + " ".join(f"{row}" for row in cx.execute("SELECT * FROM items ORDER BY id"))


def test_no_flipped_bit_is_silent(tmp_path: Path) -> None:
    """200 single-bit flips, 40 of them in the first page: each is an error that names the damage, none a wrong answer.

    A flip can only go unnoticed in a page that nothing reads, so the page check must notice every one of them."""
    path, truth = _sound_copy(tmp_path)
    sound, chance = path.read_bytes(), random.Random(11)
    wrong_answers, unnoticed = [], []
    for attempt in range(200):
        place = chance.randrange(4096 if attempt < 40 else len(sound))
        changed = bytearray(sound)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        try:
            db = Database.open(path, KEY)
        except StoreDamaged:
            continue
        try:
            if _everything(db) != truth:
                wrong_answers.append(place)
        except StoreDamaged:
            continue
        else:
            if not db.check():
                unnoticed.append(place)
        finally:
            db.close()
    assert wrong_answers == []
    assert unnoticed == []


def test_a_page_of_garbage_is_named_and_the_rest_still_reads(tmp_path: Path) -> None:
    """One page overwritten: a scan stops with StoreDamaged and a hint; items on other pages are still found by id."""
    path, _ = _sound_copy(tmp_path)
    held = Database.open(path, KEY)
    with held.read() as cx:  # a page of items: one of the schema's would stop the opening
        leaves = cx.execute("SELECT pageno FROM dbstat WHERE name = 'items' AND pagetype = 'leaf' ORDER BY pageno").fetchall()
    held.close()
    content = bytearray(path.read_bytes())
    page = int(leaves[len(leaves) // 2][0]) - 1
    content[page * 4096 : (page + 1) * 4096] = random.Random(3).randbytes(4096)
    path.write_bytes(content)
    db = Database.open(path, KEY)
    assert db.check()
    readable = 0
    for item in range(1, 301):
        try:
            with db.read() as cx:
                readable += cx.execute("SELECT text FROM items WHERE id = ?", (item,)).get is not None
        except StoreDamaged as error:
            assert "ownmind" in error.hint
    assert readable > 200
    db.close()


@pytest.mark.parametrize("keep", [0, 100, 4096, 10_000])
def test_a_truncated_file_is_never_taken_for_a_sound_one(tmp_path: Path, keep: int) -> None:
    """Cut anywhere, the file is damaged, save when it is cut to nothing: then it is empty, and opening.py knows better."""
    path, _ = _sound_copy(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    try:
        db = Database.open(path, KEY)
    except StoreDamaged:
        return
    try:
        with pytest.raises(OwnmindError) if keep else pytest.raises(apsw.SQLError):
            _everything(db)
    finally:
        db.close()


def test_a_copy_made_during_writes_is_one_moment_of_the_store(tmp_path: Path, db: Database) -> None:
    """Pairs are written in one transaction each; every copy taken meanwhile opens, is sound and holds whole pairs."""
    stop = threading.Event()

    def write() -> None:
        pair = 0
        while not stop.is_set():
            with db.write():
                add_item(db, f"first of {pair}")
                add_item(db, f"second of {pair}")
            pair += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for attempt in range(5):
            db.copy(tmp_path / f"copy{attempt}.db")
    finally:
        stop.set()
        writer.join()
    for attempt in range(5):
        copy = Database.open(tmp_path / f"copy{attempt}.db", KEY)
        assert copy.check() == []
        assert len(texts(copy)) % 2 == 0
        copy.close()


def test_the_file_is_readable_by_the_person_alone(db: Database) -> None:
    add_item(db, "private")
    for file in ("mind.db", "mind.db-wal", "mind.db-shm"):
        assert db.path.with_name(file).stat().st_mode & 0o077 == 0, file


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    """A missing folder is an error with a hint, not a traceback of the database library."""
    with pytest.raises(OwnmindError) as refused:
        Database.open(tmp_path / "nowhere" / "mind.db", KEY)
    assert refused.value.hint
    shutil.rmtree(tmp_path)
