"""What must not come back, and proof that it is gone.

A tombstone is a BLAKE2b hash (RFC 7693) keyed with this store's own sub-key: it recognises a forgotten thing without keeping
it, and is noise to whoever lacks the key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import apsw

from .items import whole

_WHOLE_IMAGE = 512 * 1024 * 1024  # databases up to this size are scanned byte by byte, free pages included
_NEEDLE = 48  # characters: a longer text may be cut by a page's end, so it is looked for in pieces
_LONGEST = 480  # characters of a text that are looked for


def keyed(key: bytes, *parts: str) -> bytes:
    """16 bytes that stand for ``parts`` in this store. Parts are kept apart: ("ab", "c") differs from ("a", "bc")."""
    return blake2b(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass"), key=key[:64], digest_size=16).digest()


def add(cx: apsw.Connection, keys: Iterable[bytes], at: float) -> None:
    cx.executemany("INSERT OR IGNORE INTO tombstones(key, at) VALUES (?, ?)", ((key, at) for key in keys))


def buried(cx: apsw.Connection, keys: Sequence[bytes]) -> set[bytes]:
    """Those of ``keys`` that were forgotten."""
    found: set[bytes] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ",".join("?" * len(part))
        found.update(bytes(key) for (key,) in cx.execute(f"SELECT key FROM tombstones WHERE key IN ({marks})", part))  # noqa: S608  # only question marks
    return found


def count(cx: apsw.Connection) -> int:
    return whole(cx.execute("SELECT count(*) FROM tombstones").get)


def traces(cx: apsw.Connection, texts: Iterable[str]) -> dict[str, int]:
    """Where any of ``texts`` still stands, and how often; empty when nowhere.

    The whole decrypted image of the database is searched: tables, indexes, shadow tables and free pages. A database too large
    for that is searched column by column, which cannot see free pages (``secure_delete`` zeroes those).
    """
    needles = sorted({piece for text in texts for piece in _pieces(text)})
    if not needles:
        return {}
    size = whole(cx.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").get)
    return _in_image(cx, needles) if size <= _WHOLE_IMAGE else _in_columns(cx, needles)


def _in_image(cx: apsw.Connection, needles: Sequence[bytes]) -> dict[str, int]:
    image = cx.serialize("main")
    found = sum(image.count(needle) for needle in needles)
    return {"pages": found} if found else {}


def _in_columns(cx: apsw.Connection, needles: Sequence[bytes]) -> dict[str, int]:
    found: dict[str, int] = {}
    tables = [str(name) for (name,) in cx.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]
    for table in tables:
        for (column,) in cx.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall():
            sql = f'SELECT count(*) FROM "{table}" WHERE instr(CAST("{column}" AS BLOB), ?)'  # noqa: S608  # names from the schema
            if n := sum(whole(cx.execute(sql, (needle,)).get) for needle in needles):
                found[f"{table}.{column}"] = n
    return found


def _pieces(text: str) -> list[bytes]:
    """Stretches of ``text`` to look for; too short ones (under 4 bytes) would be found by chance."""
    text = text.strip()
    starts = range(0, max(1, min(len(text), _LONGEST) - _NEEDLE // 2), _NEEDLE)
    pieces = (text[start : start + _NEEDLE].encode("utf-8", "surrogatepass") for start in starts)
    return [piece for piece in pieces if len(piece) >= 4]
