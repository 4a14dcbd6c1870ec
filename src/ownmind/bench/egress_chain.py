"""Whether a change to the ledger is found, for ``bench egress``: each kind of change, many times, in a transaction that is undone."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import apsw

from ..store import ledger as ledgers
from ..store.database import Database
from ..store.ledger import Ledger
from ..store.migrations import migrate

Change = Callable[[apsw.Connection, int, int, random.Random], None]
_KEY = bytes(range(32))
_GUARDS = ("ledger_no_update", "ledger_no_delete", "ledger_outcomes_no_update", "ledger_outcomes_no_delete")


class _Undo(Exception):  # not an error: the end of a trial
    pass


def measured(folder: Path, rows: int, *, trials: int, seed: int) -> tuple[dict[str, object], int]:
    """``({kind: "found of trials"}, what was found wrong with the untouched ledger)``."""
    folder.mkdir()
    chance = random.Random(seed)
    db, ledger = _open(folder)
    for number in range(rows):
        if number == rows - rows // 20:  # what an older copy of the database holds
            db.close()
            shutil.copy(folder / "mind.db", folder / "older.db")
            db, ledger = _open(folder)
        _append(ledger, number, chance)
    untouched = len(ledger.verify())
    found: dict[str, object] = {"rows": rows}
    for kind, change in _CHANGES.items():
        found[kind] = f"{sum(_is_found(db, ledger, change, rows, chance) for _ in range(trials))} of {trials}"
    found["still_untouched_afterwards"] = ledger.verify() == []
    db.close()
    shutil.copy(folder / "older.db", folder / "mind.db")
    db, ledger = _open(folder)
    found["older_database_put_back"] = f"{int(bool(ledger.verify()))} of 1"
    db.close()
    return found, untouched


def _open(folder: Path) -> tuple[Database, Ledger]:
    db = Database.open(folder / "mind.db", _KEY)
    migrate(db)
    return db, Ledger(db, folder / "ledger.head")


def _append(ledger: Ledger, number: int, chance: random.Random) -> None:
    content = b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number
    to = chance.choice(("a.example.org", "b.example.org"))
    row = ledger.append(to, "answer", consent="p1", bytes_out=len(content), at=1e9 + number, content=content, keep_until=2e9)
    ledger.end(row, "done", at=1e9 + number, content_out=len(content), wire_out=len(content), bytes_in=5)


def _is_found(db: Database, ledger: Ledger, change: Change, rows: int, chance: random.Random) -> bool:
    """Whether ``verify`` finds a change of one row. The change has the key, and takes the database's own guards away."""
    wrong: list[str] = []
    try:
        with db.write() as cx:
            for guard in _GUARDS:
                cx.execute(f"DROP TRIGGER {guard}")
            change(cx, chance.randrange(1, rows + 1), rows, chance)
            wrong = ledger.verify()
            raise _Undo
    except _Undo:
        return bool(wrong)


def _edited(column: str, value: object) -> Change:
    def change(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
        cx.execute(f"UPDATE ledger SET {column} = ? WHERE id = ?", (value, row))  # noqa: S608  # ours

    return change


def _edited_and_hashed(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    """Edited, and its own hash made anew: the next row, or the head, does not fit."""
    cx.execute("UPDATE ledger SET bytes_out = bytes_out + 1 WHERE id = ?", (row,))
    _rehash(cx, row, row)


def _chained_anew(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    """Edited, and every hash from there on made anew: only the head outside does not fit."""
    cx.execute("UPDATE ledger SET bytes_out = bytes_out + 1 WHERE id = ?", (row,))
    _rehash(cx, row, rows)


def _rehash(cx: apsw.Connection, first: int, last: int) -> None:
    for number in range(first, last + 1):
        previous = cx.execute("SELECT hash FROM ledger WHERE id = ?", (number - 1,)).get or ledgers.FIRST
        row = cx.execute(f"SELECT {ledgers.COLUMNS} FROM ledger WHERE id = ?", (number,)).fetchone()  # noqa: S608  # ours
        assert row is not None
        _, at, to, why, leave, size, _, body, *_ = row
        own = ledgers.hash_of(number, at, to, why, leave, size, (), bytes(body), bytes(previous))
        cx.execute("UPDATE ledger SET previous = ?, hash = ? WHERE id = ?", (previous, own, number))


def _deleted(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    _remove(cx, "= ?", row)


def _truncated(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    _remove(cx, "> ?", rows - chance.randrange(1, 50))


def _remove(cx: apsw.Connection, which: str, row: int) -> None:
    for table, column in (("ledger_content", "row_id"), ("ledger_outcomes", "row_id"), ("ledger", "id")):
        cx.execute(f"DELETE FROM {table} WHERE {column} {which}", (row,))  # noqa: S608  # ours


def _exchanged(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    """Two rows told in the other order."""
    other = row % rows + 1
    for column in ("destination", "at", "bytes_out", "hash"):
        one, two = (cx.execute(f"SELECT {column} FROM ledger WHERE id = ?", (number,)).get for number in (row, other))  # noqa: S608  # ours
        cx.execute(f"UPDATE ledger SET {column} = ? WHERE id = ?", (two, row))  # noqa: S608  # ours
        cx.execute(f"UPDATE ledger SET {column} = ? WHERE id = ?", (one, other))  # noqa: S608  # ours


def _forged(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    """A row of somebody else's at the end."""
    noise = blake2b(chance.randbytes(8), digest_size=32).digest()
    values = (rows + 1, 2e9, "a.example.org", "answer", "p1", 5, "[]", b"", noise, noise)
    cx.execute(f"INSERT INTO ledger({ledgers.COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", values)  # noqa: S608  # ours


def _end_changed(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    cx.execute("UPDATE ledger_outcomes SET wire_out = 0 WHERE row_id = ?", (row,))


def _content_changed(cx: apsw.Connection, row: int, rows: int, chance: random.Random) -> None:
    cx.execute("UPDATE ledger_content SET content = ? WHERE row_id = ?", (b"GET / HTTP/1.1\r\n\r\n", row))


_CHANGES: dict[str, Change] = {
    "time_edited": _edited("at", 5.0),
    "destination_edited": _edited("destination", "c.example.org"),
    "purpose_edited": _edited("purpose", "nothing"),
    "consent_edited": _edited("consent", "p2"),
    "bytes_edited": _edited("bytes_out", 1),
    "items_edited": _edited("item_ids", '["i9"]'),
    "content_hash_edited": _edited("body_hash", bytes(32)),
    "edited_and_hashed": _edited_and_hashed,
    "edited_and_chained_anew": _chained_anew,
    "deleted": _deleted,
    "truncated": _truncated,
    "exchanged": _exchanged,
    "forged": _forged,
    "end_edited": _end_changed,
    "content_edited": _content_changed,
}
