"""What left this machine, row by row: appended before the first byte goes, and chained so that no row goes missing quietly.

Each row's hash covers its content and the hash before it; the newest is also kept in ``ledger.head`` beside the database, so
an older copy of the whole database put back in its place is noticed too. Not covered: someone who puts back both.

How it ended is a row of its own (``end``), written afterwards under a hash over the first: a row without one is a thing whose end
nobody lived to see. The exact content is kept beside the chain for as long as the person wants (``sent`` reads it); its hash stays.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from . import files
from .database import Database
from .items import row_id

log = logging.getLogger(__name__)

COLUMNS = "id, at, destination, purpose, consent, bytes_out, item_ids, body_hash, previous, hash"
ENDED = "row_id, at, result, content_out, wire_out, bytes_in, detail"
FIRST = bytes(32)  # what the first row points back to


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that left. ``at``: unix seconds by the clock of then, which may have been wrong: ``id`` is the order."""

    id: int
    at: float
    destination: str
    purpose: str
    consent: str
    bytes_out: int
    item_ids: tuple[str, ...]
    body_hash: bytes
    previous: bytes
    hash: bytes


class Ledger:
    """The ledger of one home."""

    def __init__(self, db: Database, head: Path) -> None:
        self._db, self._head = db, head

    def append(
        self,
        destination: str,
        purpose: str,
        *,
        consent: str,
        bytes_out: int,
        at: float,
        item_ids: Sequence[str] = (),
        content: bytes = b"",
        keep_until: float = 0.0,
    ) -> int:
        """Writes a row, durable when this returns, and gives its id. Never inside another transaction: that one could still be
        undone after the bytes have left. ``content`` is kept until ``keep_until`` (unix seconds), or until something told in it is
        forgotten; its hash for good. ``item_ids``: which items (i12) those are."""
        assert not self._db.is_writing(), "a ledger row must be durable before the first byte"
        body_hash = blake2b(content, digest_size=32).digest() if content else b""
        with self._db.write() as cx:
            last = cx.execute("SELECT id, hash FROM ledger ORDER BY id DESC LIMIT 1").fetchone()
            number, previous = (int(last[0]) + 1, bytes(last[1])) if last else (1, FIRST)
            told = (number, at, destination, purpose, consent, bytes_out, tuple(item_ids), body_hash, previous)
            row = Row(*told, hash=hash_of(*told))
            values = (row.id, at, destination, purpose, consent, bytes_out, json.dumps(row.item_ids), body_hash, previous, row.hash)
            cx.execute(f"INSERT INTO ledger({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", values)  # noqa: S608  # a constant of ours
            if content and keep_until > at:
                cx.execute("INSERT INTO ledger_content(row_id, until, content) VALUES (?, ?, ?)", (number, keep_until, content))
                cx.executemany("INSERT OR IGNORE INTO ledger_items(item_id, row_id) VALUES (?, ?)", ((row_id(i), number) for i in item_ids))
            self._db.after_commit(lambda: self._keep_head(row.id, row.hash))
            return row.id

    def end(self, row: int, result: str, *, at: float, content_out: int, wire_out: int, bytes_in: int, detail: str = "") -> None:
        """Writes how ``row`` ended: done, failed or cut. Once: a second end is a bug."""
        with self._db.write() as cx:
            own = cx.execute("SELECT hash FROM ledger WHERE id = ?", (row,)).get
            assert isinstance(own, bytes), "the end of a row that is not there"
            told = (row, at, result, content_out, wire_out, bytes_in, detail)
            cx.execute(f"INSERT INTO ledger_outcomes({ENDED}, hash) VALUES (?,?,?,?,?,?,?,?)", (*told, _end_hash(own, told)))  # noqa: S608  # a constant of ours

    def rows(self, limit: int = -1) -> list[Row]:
        """The newest ``limit`` rows (all when negative), oldest first."""
        with self._db.read() as cx:
            found = list(cx.execute(f"SELECT {COLUMNS} FROM ledger ORDER BY id DESC LIMIT ?", (limit,)))  # noqa: S608  # a constant of ours
        return [
            Row(n, at, to, why, leave, size, tuple(json.loads(items)), bytes(body), bytes(prev), bytes(own))
            for n, at, to, why, leave, size, items, body, prev, own in reversed(found)
        ]

    def totals(self) -> dict[str, tuple[int, int]]:
        """(bytes, requests) by purpose."""
        with self._db.read() as cx:
            return {
                str(purpose): (int(size), int(count))
                for purpose, size, count in cx.execute("SELECT purpose, sum(bytes_out), count(*) FROM ledger GROUP BY purpose")
            }

    def verify(self) -> list[str]:
        """What is wrong with the chain, in words; empty when it is whole."""
        wrong: list[str] = []
        previous, known = FIRST, {0: FIRST}
        for number, row in enumerate(self.rows(), start=1):
            content = (row.id, row.at, row.destination, row.purpose, row.consent, row.bytes_out, row.item_ids, row.body_hash, row.previous)
            if row.id != number or row.previous != previous or row.hash != hash_of(*content):
                wrong.append(f"ledger row {row.id} does not follow from the one before it")
            previous = known[row.id] = row.hash
        wrong += self._wrong_beside(known)
        head = self.head()
        # A head that lags is a crash between the row and the head; one the table does not know is a row that went missing.
        if head is None:
            wrong.append("ledger.head is missing or unreadable")
        elif known.get(head[0]) != head[1]:
            wrong.append(f"the ledger once reached row {head[0]}, which is not there now: the database was put back to an older state")
        return wrong

    def _wrong_beside(self, known: dict[int, bytes]) -> list[str]:
        """What is wrong with the ends and the kept contents, by the rows' hashes."""
        wrong: list[str] = []
        with self._db.read() as cx:
            for *told, own in cx.execute(f"SELECT {ENDED}, hash FROM ledger_outcomes ORDER BY row_id"):  # noqa: S608  # a constant of ours
                if _end_hash(known.get(int(str(told[0])), b""), tuple(told)) != own:
                    wrong.append(f"how ledger row {told[0]} ended was changed")
            for row, body_hash, content in cx.execute("SELECT row_id, body_hash, content FROM ledger_content JOIN ledger ON id = row_id"):
                if blake2b(bytes(content), digest_size=32).digest() != body_hash:
                    wrong.append(f"the content kept of ledger row {row} is not what left")
        return wrong

    def head(self) -> tuple[int, bytes] | None:
        """(id, hash) of the newest row as kept outside the database; None when the file is not readable."""
        try:
            said = json.loads(self._head.read_bytes())
            return int(said["id"]), bytes.fromhex(said["hash"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def settle_head(self) -> None:
        """Writes the head as the table has it: for a new home, or one just restored."""
        last = self.rows(1)
        self._keep_head(*((last[0].id, last[0].hash) if last else (0, FIRST)))

    def _keep_head(self, number: int, own: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk: the row itself is durable, and a lagging head is no alarm
            files.replace(self._head, json.dumps({"id": number, "hash": own.hex()}).encode())


def hash_of(
    number: int,
    at: float,
    destination: str,
    purpose: str,
    consent: str,
    bytes_out: int,
    item_ids: tuple[str, ...],
    body_hash: bytes,
    previous: bytes,
) -> bytes:
    text = json.dumps([number, at, destination, purpose, consent, bytes_out, list(item_ids), body_hash.hex(), previous.hex()])
    return blake2b(text.encode(), person=b"ledger", digest_size=32).digest()


def _end_hash(row: bytes, told: tuple[object, ...]) -> bytes:
    return blake2b(json.dumps([row.hex(), *told]).encode(), person=b"ledger end", digest_size=32).digest()
