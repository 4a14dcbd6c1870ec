"""No plaintext anywhere: strings nobody would write by chance, looked for byte by byte wherever the process may write."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pytest

from ownmind.store.backup import restore
from ownmind.store.opening import open_store
from store_fixtures import child, paths_at, texts

CANARIES = 96

FILLS = """
import io, logging, sys, tempfile
from datetime import UTC, datetime
from pathlib import Path
from ownmind.store import keys
from ownmind.store.backup import backup
from ownmind.store.opening import open_store
from store_fixtures import add_item, paths_at

home, logfile = Path(sys.argv[1]), sys.argv[2]
logging.basicConfig(filename=logfile, level=logging.DEBUG)
store = open_store(paths_at(home), "canary-passphrase-0")
for n in range(1, 61):
    add_item(store.db, f"I said canary-item-{n}.", speaker=f"canary-speaker-{n % 7}", ref=f"file:/home/canary-ref-{n % 5}")
with store.db.write() as cx:
    cx.execute("UPDATE sources SET title = 'canary-title-0'")
    for n in range(5):
        cx.execute(
            "INSERT INTO facts(text, subject, predicate, object, subject_key, predicate_key, kind, stated, confidence, item_id, quote, "
            "span_start, span_end, integrity, confidentiality, learned_at) "
            "VALUES (?, ?, 'p', ?, 'k', 'k', 'fact', 1, 1, 1, ?, 0, 1, 'person', 'private', 0)",
            (f"canary-fact-{n}", f"canary-subject-{n}", f"canary-object-{n}", f"canary-quote-{n}"),
        )
store.settings.set("canary-setting-0", "canary-value-0")
store.conversations.start("canary-conversation-0", now=0.0, title="canary-heading-0")
blob = store.blobs.add(io.BytesIO(b"canary-blob-0 " * 100_000), now=1.0)
store.ledger.append("canary-destination-0", "fetch models", consent="canary-consent-0", bytes_out=1, at=1.0)
with store.db.read() as cx:  # a sort too large for the cache: where would it spill?
    cx.execute("SELECT a.text, b.text, c.speaker FROM items a, items b, items c WHERE c.id < 10 ORDER BY a.text || b.text DESC").fetchall()
backup(store, None, now=datetime.now(UTC))
logging.getLogger().info("ready")
print("ready", flush=True)
if sys.stdin.readline() == "stop\\n":
    with store.db.erase() as cx:
        cx.execute("DELETE FROM items WHERE id = 3")
    keys.change_passphrase(store.paths, store.keys, "canary-passphrase-1")
    store.close()
"""


def _found(*places: Path) -> dict[str, str]:
    """Each file that holds "canary" in a usual spelling, and which."""
    spellings = {"utf-8": b"canary", "upper": b"CANARY", "utf-16": "canary".encode("utf-16-le"), "hex": b"canary".hex().encode()}
    found = {}
    for place in places:
        for path in (place, *place.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                found |= {str(path): name for name, word in spellings.items() if word in content}
            if "canary" in path.name:
                found[str(path)] = "its name"
    return found


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Home, temporary folder, folder of logs."""
    found = tmp_path / "mind", tmp_path / "tmp", tmp_path / "logs"
    for place in found[1:]:
        place.mkdir()
    return found


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_no_canary_is_readable_while_running_or_after(places: tuple[Path, Path, Path], end: str) -> None:
    """Nearly a hundred strings as text, speaker, source, fact, setting, title, file content, ledger row and passphrase; the
    home, its log (WAL), the temporary folder, log files and the backup are scanned while the process runs, and again after it
    stopped or was killed. The store itself does still hold them."""
    home, tmp, logs = places
    running = child(FILLS, home, logs / "debug.log", tmp=tmp)
    assert running.stdout is not None
    assert running.stdin is not None
    assert running.stdout.readline() == "ready\n"
    assert (home / "mind.db-wal").stat().st_size > 0, "the write-ahead log is there to be scanned"
    assert len(list((home / "backups").iterdir())) == 1
    assert _found(*places) == {}
    if end == "stopped":
        running.communicate("stop\n")
        assert running.returncode == 0
    else:
        running.kill()
        running.wait()
    assert _found(*places) == {}
    with open_store(paths_at(home), "canary-passphrase-1" if end == "stopped" else "canary-passphrase-0") as store:
        assert len(texts(store.db)) == (59 if end == "stopped" else 60)
        assert b"canary-blob-0" in store.blobs.read(1)
        assert _found(*places) == {}
    (made,) = (home / "backups").iterdir()
    restored = paths_at(home.parent / "restored")
    assert restore(made, restored, "canary-passphrase-0").items == 60
    assert _found(restored.home) == {}


def test_control_the_scan_finds_the_same_strings_in_a_plain_database(tmp_path: Path) -> None:
    """The same strings in SQLite's own unencrypted file are seen, while open (in the WAL) and closed."""
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("PRAGMA journal_mode = wal")
    plain.execute("CREATE TABLE items(text)")
    plain.executemany("INSERT INTO items VALUES (?)", [(f"I said canary-item-{n}.",) for n in range(CANARIES)])
    plain.commit()
    assert str(tmp_path / "plain.db-wal") in _found(tmp_path)
    plain.close()
    assert _found(tmp_path) == {str(tmp_path / "plain.db"): "utf-8"}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_no_file_outside_the_home_is_opened_for_writing(places: tuple[Path, Path, Path]) -> None:
    """The open files of the running process: those it may write are in its home, or its own log and pipes."""
    home, tmp, logs = places
    running = child(FILLS, home, logs / "debug.log", tmp=tmp)
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    writable = []
    for handle in Path(f"/proc/{running.pid}/fd").iterdir():
        if int(handle.name) <= 2:  # what the test's own runner gave it
            continue
        flags = int((handle.parent.parent / "fdinfo" / handle.name).read_text().split("flags:")[1].split()[0], 8)
        target = str(handle.readlink())
        if flags & 0o3 and target.startswith("/") and not target.startswith("/dev/"):
            writable.append(target)
    running.kill()
    running.wait()
    assert any(target.startswith(str(home)) for target in writable), "control: the database is among them"
    assert [target for target in writable if not target.startswith((str(home), str(logs)))] == []
    assert list(tmp.iterdir()) == []
