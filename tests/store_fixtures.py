"""Small parts for the tests of the store: rows without the memory room above it, and child processes to be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import apsw

from ownmind.paths import Paths, find
from ownmind.store.database import Database

ITEM = """INSERT INTO items(kind, text, speaker, at, learned_at, source_id, integrity, confidentiality, content_key)
          VALUES ('note', ?, ?, ?, ?, (SELECT id FROM sources WHERE ref = ?), 'person', 'private', ?)"""


def paths_at(home: Path) -> Paths:
    """The paths of a home for a test, with its own cache."""
    return Paths(home, find(home).cache)


def key_of(text: str) -> bytes:
    """A content key as good as any for a test."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def add_item(db: Database, text: str, *, speaker: str = "", at: float | None = None, ref: str = "note:1") -> int:
    """A durable item with its source; gives the row's id."""
    with db.write() as cx:
        cx.execute("INSERT OR IGNORE INTO sources(ref, kind, added_at) VALUES (?, 'note', 0)", (ref,))
        cx.execute(ITEM, (text, speaker, at, 0.0, ref, key_of(text)))
        return cx.last_insert_rowid()


def texts(db: Database) -> list[str]:
    """Every item's text, by id."""
    with db.read() as cx:
        return [str(text) for (text,) in cx.execute("SELECT text FROM items ORDER BY id")]


def number(cx: apsw.Connection, question: str) -> int:
    """The one number a question gives."""
    return int(str(cx.execute(question).get))


def child(code: str, *arguments: str | Path, tmp: Path | None = None) -> subprocess.Popen[str]:
    """A Python process that runs ``code`` with the tests' own modules, its output readable line by line."""
    places = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": places, **({"TMPDIR": str(tmp)} if tmp else {})}
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
