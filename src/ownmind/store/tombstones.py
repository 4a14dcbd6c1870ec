"""What must not come back.

A tombstone is a BLAKE2b hash (RFC 7693) keyed with this store's own sub-key: it recognises a forgotten thing without keeping
it, and is noise to whoever lacks the key. It belongs to the receipt of the forget that left it, and goes when that is lifted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import apsw

from .items import whole


def keyed(key: bytes, *parts: str) -> bytes:
    """16 bytes that stand for ``parts`` in this store. Parts are kept apart: ("ab", "c") differs from ("a", "bc")."""
    return blake2b(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass"), key=key[:64], digest_size=16).digest()


def add(cx: apsw.Connection, keys: Iterable[bytes], at: float, receipt: int) -> None:
    cx.executemany("INSERT OR IGNORE INTO tombstones(key, at, receipt_id) VALUES (?, ?, ?)", ((key, at, receipt) for key in keys))


def add_sentences(cx: apsw.Connection, keys: Iterable[bytes], receipt: int) -> None:
    """Keeps the hashes of forgotten sentences: nothing is refused for them, a later search compares them."""
    cx.executemany("INSERT OR IGNORE INTO forgotten_sentences(key, receipt_id) VALUES (?, ?)", ((key, receipt) for key in keys))


def spare_sentences(cx: apsw.Connection, keys: Iterable[bytes], receipt: int) -> None:
    """Takes back hashes of sentences that stay."""
    cx.executemany("DELETE FROM forgotten_sentences WHERE key = ? AND receipt_id = ?", ((key, receipt) for key in keys))


def buried(cx: apsw.Connection, keys: Sequence[bytes]) -> set[bytes]:
    """Those of ``keys`` that were forgotten."""
    found: set[bytes] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ",".join("?" * len(part))
        found.update(bytes(key) for (key,) in cx.execute(f"SELECT key FROM tombstones WHERE key IN ({marks})", part))  # noqa: S608  # only question marks
    return found


def of(cx: apsw.Connection, receipt: int) -> set[bytes]:
    """The tombstones one forget left."""
    return {bytes(key) for (key,) in cx.execute("SELECT key FROM tombstones WHERE receipt_id = ?", (receipt,))}


def sentences_of(cx: apsw.Connection, receipt: int) -> set[bytes]:
    return {bytes(key) for (key,) in cx.execute("SELECT key FROM forgotten_sentences WHERE receipt_id = ?", (receipt,))}


def lift(cx: apsw.Connection, receipt: int) -> int:
    """Removes the tombstones of one forget, so that the same may be remembered again; gives how many there were."""
    cx.execute("DELETE FROM forgotten_sentences WHERE receipt_id = ?", (receipt,))
    cx.execute("DELETE FROM tombstones WHERE receipt_id = ?", (receipt,))
    return cx.changes()


def count(cx: apsw.Connection) -> int:
    return whole(cx.execute("SELECT count(*) FROM tombstones").get)
