from __future__ import annotations

import io
import random
import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.errors import BackupDamaged, BadInput, NotFound, OwnmindError, PassphraseNeeded, StoreDamaged, WrongPassphrase
from ownmind.paths import Paths
from ownmind.store import keys
from ownmind.store.backup import BackedUp, backup, restore
from ownmind.store.opening import Store, open_store, open_throwaway
from store_fixtures import add_item, child, key_of, number, paths_at, texts

NOW = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
DIARY = b"the plum tree stands in the north garden " * 20_000


def _filled(paths: Paths, passphrase: str | None = None) -> Store:
    store = open_store(paths, passphrase)
    for i in range(20):
        add_item(store.db, f"item {i}", at=float(i))
    store.blobs.add(io.BytesIO(DIARY), now=1.0)
    store.ledger.append("hub.example.org", "fetch models", consent="", bytes_out=5, at=1.0)
    paths.config.write_text('name = "Anastasia Brandt"\n')
    return store


def _same(store: Store) -> None:
    assert texts(store.db) == [f"item {i}" for i in range(20)]
    assert store.blobs.read(1) == DIARY
    assert store.blobs.missing() == []
    assert store.db.check() == []
    assert store.ledger.verify() == []
    assert store.paths.config.read_text() == 'name = "Anastasia Brandt"\n'
    with store.db.read() as cx:
        assert number(cx, "SELECT count(*) FROM items_fts WHERE items_fts MATCH 'item'") == 20


def test_a_home_comes_back_whole_on_another_machine_with_its_passphrase(tmp_path: Path) -> None:
    with _filled(paths_at(tmp_path / "mind"), "blue heron") as store:
        made = backup(store, tmp_path / "safe.backup", now=NOW)
    assert (made.opens_with, made.recovery_key, made.items, made.blobs) == (("passphrase",), "", 20, 1)
    assert made.bytes == (tmp_path / "safe.backup").stat().st_size
    shutil.rmtree(tmp_path / "mind")  # the other machine has nothing of it
    restored = restore(tmp_path / "safe.backup", paths_at(tmp_path / "new"), "blue heron")
    assert (restored.items, restored.blobs, restored.removed) == (20, 1, 0)
    with pytest.raises(PassphraseNeeded):
        open_store(paths_at(tmp_path / "new"))
    with open_store(paths_at(tmp_path / "new"), "blue heron") as store:
        _same(store)


def test_a_home_without_passphrase_is_given_a_recovery_key_that_opens_its_backup(tmp_path: Path) -> None:
    """A key file beside the store cannot open a backup elsewhere, and must not travel in it. The restored home asks nothing."""
    with _filled(paths_at(tmp_path / "mind")) as store:
        made = backup(store, tmp_path / "safe.backup", now=NOW)
        assert made.opens_with == ("recovery key",)
        again = backup(store, tmp_path / "again.backup", now=NOW)
        assert again.recovery_key == "", "it is shown once"
        assert store.keys.data.hex().encode() not in (tmp_path / "safe.backup").read_bytes()
    shutil.rmtree(tmp_path / "mind")
    with pytest.raises(PassphraseNeeded, match="recovery key"):
        restore(tmp_path / "safe.backup", paths_at(tmp_path / "new"), None)
    for source in ("safe.backup", "again.backup"):
        restore(tmp_path / source, paths_at(tmp_path / source.split(".", maxsplit=1)[0]), made.recovery_key)
        with open_store(paths_at(tmp_path / source.split(".", maxsplit=1)[0])) as store:
            _same(store)
            assert keys.unlock(store.paths, made.recovery_key) == store.keys


def test_a_backup_may_have_a_passphrase_of_its_own(tmp_path: Path) -> None:
    with _filled(paths_at(tmp_path / "mind")) as store:
        made = backup(store, tmp_path / "safe.backup", now=NOW, passphrase="only for this one")
        assert (made.opens_with, made.recovery_key) == (("passphrase",), "")
    restore(tmp_path / "safe.backup", paths_at(tmp_path / "new"), "only for this one")
    with open_store(paths_at(tmp_path / "new"), "only for this one") as store:
        _same(store)


def test_a_throwaway_home_can_be_kept_after_all(tmp_path: Path) -> None:
    with open_throwaway(paths_at(tmp_path / "mind")) as store:
        add_item(store.db, "worth keeping")
        made = backup(store, tmp_path / "safe.backup", now=NOW)
        assert not store.paths.keys.exists()
    restore(tmp_path / "safe.backup", paths_at(tmp_path / "new"), made.recovery_key)
    with open_store(paths_at(tmp_path / "new")) as store:
        assert texts(store.db) == ["worth keeping"]


def test_a_backup_made_before_the_passphrase_changed_opens_with_the_old_one(tmp_path: Path) -> None:
    with _filled(paths_at(tmp_path / "mind"), "old") as store:
        backup(store, tmp_path / "safe.backup", now=NOW)
        keys.change_passphrase(store.paths, store.keys, "new")
    with pytest.raises(WrongPassphrase):
        restore(tmp_path / "safe.backup", paths_at(tmp_path / "restored"), "new")
    assert not (tmp_path / "restored").exists()
    restore(tmp_path / "safe.backup", paths_at(tmp_path / "restored"), "old")


def test_nothing_readable_is_in_a_backup(tmp_path: Path) -> None:
    with _filled(paths_at(tmp_path / "mind"), "blue heron") as store:
        made = backup(store, None, now=NOW)
    assert made.path.parent == tmp_path / "mind" / "backups"
    content = made.path.read_bytes()
    legible = (b"plum tree", b"item 1", b"blue heron", b"note:1", b"hub.example", b"Anastasia Brandt")
    assert [word for word in legible if word in content] == []
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_backup_taken_during_writes_is_one_moment(tmp_path: Path) -> None:
    """Pairs are written in one transaction each; a backup taken meanwhile restores to whole pairs, and none written before it
    is missing."""
    store, stop = _filled(paths_at(tmp_path / "mind"), "pw"), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with store.db.write():
                add_item(store.db, "first")
                add_item(store.db, "second")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(texts(store.db)) < 40:
            time.sleep(0.01)
        before = len(texts(store.db))
        made = backup(store, tmp_path / "safe.backup", now=NOW)
    finally:
        stop.set()
        writer.join()
    store.close()
    restore(made.path, paths_at(tmp_path / "new"), "pw")
    with open_store(paths_at(tmp_path / "new"), "pw") as restored:
        assert len(texts(restored.db)) % 2 == 0
        assert len(texts(restored.db)) >= before
        assert restored.db.check() == []


def test_what_was_forgotten_after_the_backup_stays_forgotten(tmp_path: Path) -> None:
    """The tombstones of the home are replayed; the words are in no page of the restored store."""
    with _filled(paths_at(tmp_path / "mind"), "pw") as store:
        add_item(store.db, "the word is xylophonequartz")
        made = backup(store, tmp_path / "safe.backup", now=NOW)
    control = restore(made.path, paths_at(tmp_path / "control"), "pw")
    assert control.removed == 0
    restored = restore(
        made.path, paths_at(tmp_path / "new"), "pw", forgotten=[key_of("the word is xylophonequartz"), key_of("never there")]
    )
    assert (restored.items, restored.removed) == (20, 1)
    for name, count in (("control", 1), ("new", 0)):
        with open_store(paths_at(tmp_path / name), "pw") as store, store.db.read() as cx:
            assert (b"xylophonequartz" in cx.serialize("main")) == bool(count)
            assert number(cx, "SELECT count(*) FROM items_fts WHERE items_fts MATCH 'xylophonequartz'") == count
            assert number(cx, "SELECT count(*) FROM tombstones") == (2 if name == "new" else 0)


def test_a_backup_in_the_home_s_own_folder_brings_nothing_back_that_was_forgotten_since(tmp_path: Path) -> None:
    """The old home is asked what it was told to forget; the reply that repeated the words goes too."""
    with _filled(paths_at(tmp_path / "mind"), "pw") as store:
        word = add_item(store.db, "the word is xylophonequartz")
        store.conversations.start("c1", now=1.0, title="xylophonequartz")
        for position, kind in enumerate(("message", "reply")):
            said = add_item(store.db, f"{kind}: The word is xylophonequartz!", ref="conversation:c1")
            with store.db.write() as cx:
                cx.execute("UPDATE items SET conversation_id = 1, kind = ?, position = ? WHERE id = ?", (kind, position, said))
        made = backup(store, None, now=NOW)
        with store.db.erase() as cx:
            cx.execute("INSERT INTO tombstones(key, at) SELECT content_key, 1.0 FROM items WHERE id IN (?, ?)", (word, word + 1))
    restored = restore(made.path, paths_at(tmp_path / "new"), "pw")
    assert (restored.items, restored.removed) == (20, 3)
    with open_store(paths_at(tmp_path / "new"), "pw") as store, store.db.read() as cx:
        assert b"xylophonequartz" not in cx.serialize("main")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> BackedUp:
    folder = tmp_path_factory.mktemp("sound")
    with _filled(paths_at(folder / "mind")) as store:
        return backup(store, folder / "safe.backup", now=NOW)


def test_no_flipped_bit_in_a_backup_is_silent(tmp_path: Path, sound: BackedUp) -> None:
    """60 flips, half of them in the header: refused, with the target home untouched and nothing left beside it."""
    content, chance, target = sound.path.read_bytes(), random.Random(13), paths_at(tmp_path / "new")
    silent = []
    for attempt in range(60):
        changed = bytearray(content)
        place = chance.randrange(600 if attempt % 2 else len(content))
        changed[place] ^= 1 << chance.randrange(8)
        (tmp_path / "changed").write_bytes(changed)
        try:
            restore(tmp_path / "changed", target, sound.recovery_key)
        except (BackupDamaged, WrongPassphrase):  # a changed wrap cannot be told from a wrong key
            pass
        else:
            silent.append(place)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["changed"]
    assert silent == []


@pytest.mark.parametrize("keep", [0, 5, 18, 300, 2000, 0.5, 0.999])
def test_a_cut_backup_is_refused_and_the_home_untouched(tmp_path: Path, sound: BackedUp, keep: float) -> None:
    content = sound.path.read_bytes()
    (tmp_path / "cut").write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
    with pytest.raises(BackupDamaged) as damaged:
        restore(tmp_path / "cut", paths_at(tmp_path / "new"), sound.recovery_key)
    assert damaged.value.hint
    assert not (tmp_path / "new").exists()


def test_a_home_with_something_in_it_is_never_overwritten(tmp_path: Path, sound: BackedUp) -> None:
    with open_store(paths_at(tmp_path / "mind")) as store:
        add_item(store.db, "mine")
    with pytest.raises(BadInput, match="not empty"):
        restore(sound.path, paths_at(tmp_path / "mind"), sound.recovery_key)
    with open_store(paths_at(tmp_path / "mind")) as store:
        assert texts(store.db) == ["mine"]
    (tmp_path / "empty").mkdir()
    assert restore(sound.path, paths_at(tmp_path / "empty"), sound.recovery_key).items == 20


def test_a_missing_backup_and_a_stranger_s_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        restore(tmp_path / "nowhere", paths_at(tmp_path / "new"), "x")
    (tmp_path / "letter.txt").write_text("Dear Ana, " * 1000)
    with pytest.raises(BackupDamaged, match="not a backup"):
        restore(tmp_path / "letter.txt", paths_at(tmp_path / "new"), "x")


def test_only_a_backup_is_replaced_by_a_backup(tmp_path: Path) -> None:
    with _filled(paths_at(tmp_path / "mind"), "pw") as store:
        (tmp_path / "letter.txt").write_text("Dear Ana")
        with pytest.raises(BadInput):
            backup(store, tmp_path / "letter.txt", now=NOW)
        assert (tmp_path / "letter.txt").read_text() == "Dear Ana"
        with pytest.raises(OwnmindError):
            backup(store, tmp_path / "no" / "folder", now=NOW)
        backup(store, tmp_path / "safe.backup", now=NOW)
        add_item(store.db, "one more")
        assert backup(store, tmp_path / "safe.backup", now=NOW).items == 21
        assert backup(store, tmp_path, now=NOW).path.name == "ownmind-2026-05-17-093000.ownmind-backup"


def test_a_damaged_store_never_replaces_a_sound_backup(tmp_path: Path) -> None:
    paths = paths_at(tmp_path / "mind")
    with _filled(paths, "pw") as store:
        made = backup(store, tmp_path / "safe.backup", now=NOW)
        with store.db.read() as cx:
            page = number(cx, "SELECT rootpage FROM sqlite_schema WHERE name = 'items'")
    content = bytearray(paths.database.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = random.Random(1).randbytes(4096)
    paths.database.write_bytes(content)
    before = made.path.read_bytes()
    with open_store(paths, "pw") as store, pytest.raises(StoreDamaged):
        backup(store, tmp_path / "safe.backup", now=NOW)
    assert made.path.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mind", "safe.backup"]


BACKS_UP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ownmind.store.backup import backup
from ownmind.store.opening import open_store
from store_fixtures import paths_at
store = open_store(paths_at(Path(sys.argv[1])), "pw")
print("begin", flush=True)
while True:
    backup(store, Path(sys.argv[2]), now=datetime.now(UTC))
    print("done", flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.06, 0.1])
def test_a_process_killed_in_a_backup_leaves_no_half_one(tmp_path: Path, delay: float) -> None:
    """kill -9 at several moments of the second backup: the first is still there or the second is whole, and the home opens."""
    with _filled(paths_at(tmp_path / "mind"), "pw") as store:
        store.blobs.add(io.BytesIO(random.Random(2).randbytes(20_000_000)), now=1.0)
    running = child(BACKS_UP, tmp_path / "mind", tmp_path / "safe.backup")
    assert running.stdout is not None
    assert [running.stdout.readline() for _ in range(2)] == ["begin\n", "done\n"]
    time.sleep(delay)
    running.kill()
    running.wait()
    assert restore(tmp_path / "safe.backup", paths_at(tmp_path / "new"), "pw").items == 20
    with open_store(paths_at(tmp_path / "mind"), "pw") as store:
        _same(store)
        assert list(store.paths.temporary.iterdir()) == []
