"""What forgetting did and what it still has to do, as rows.

A forget of more than one batch first writes which items it will remove and withholds them: from that moment nothing uses them,
and a process that is killed leaves no state that lies. Whoever opens the store next finds what is ``unended`` and goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

import apsw

from ..errors import NotFound
from ..messages import Receipt
from .items import LONGEST_ID, moment, whole


def name(row: int) -> str:
    return f"r{row}"


def number(receipt: str) -> int:
    """The row a receipt's id names. Raises NotFound for what is no id."""
    if receipt[:1] == "r" and receipt[1:].isdecimal() and len(receipt) < LONGEST_ID:
        return int(receipt[1:])
    raise NotFound(f"{receipt!r} is not a receipt", hint="`ownmind forget --receipts` lists them; their ids look like r3")


def begin(cx: apsw.Connection, at: datetime, mode: str) -> int:
    """The row of a new receipt, not ended yet."""
    cx.execute("INSERT INTO receipts(at, mode) VALUES (?, ?)", (at.timestamp(), mode))
    return cx.last_insert_rowid()


def wait(cx: apsw.Connection, receipt: int, rows: Iterable[int]) -> None:
    """Says that ``rows`` are to be removed under this receipt, and withholds them until they are."""
    wanted = json.dumps([int(row) for row in rows])
    cx.execute(
        "INSERT OR IGNORE INTO forgetting(item_id, receipt_id) SELECT id, ? FROM items WHERE id IN (SELECT value FROM json_each(?))",
        (receipt, wanted),
    )
    cx.execute("UPDATE items SET withheld = 1 WHERE id IN (SELECT value FROM json_each(?)) AND NOT withheld", (wanted,))


def waiting(cx: apsw.Connection, receipt: int, limit: int) -> list[int]:
    """The next rows to remove under this receipt."""
    rows = cx.execute("SELECT item_id FROM forgetting WHERE receipt_id = ? ORDER BY item_id LIMIT ?", (receipt, limit))
    return [int(row) for (row,) in rows]


def among_waiting(cx: apsw.Connection, rows: Iterable[int]) -> list[int]:
    """Those of ``rows`` that some forget still has to remove."""
    wanted = json.dumps([int(row) for row in rows])
    found = cx.execute("SELECT item_id FROM forgetting WHERE item_id IN (SELECT value FROM json_each(?))", (wanted,))
    return [int(row) for (row,) in found]


def unended(cx: apsw.Connection) -> list[int]:
    """The receipts of forgets that were stopped half way."""
    return [int(row) for (row,) in cx.execute("SELECT id FROM receipts WHERE verified IS NULL ORDER BY id")]


def count(cx: apsw.Connection, receipt: int, removed: Mapping[str, int]) -> dict[str, int]:
    """Adds to the numbers of a receipt, and gives them."""
    before = cx.execute("SELECT removed FROM receipts WHERE id = ?", (receipt,)).get
    total: dict[str, int] = {place: whole(n) for place, n in json.loads(str(before or "{}")).items()}
    for place, n in removed.items():
        total[place] = total.get(place, 0) + n
    cx.execute("UPDATE receipts SET removed = ? WHERE id = ?", (json.dumps(total), receipt))
    return total


def end(cx: apsw.Connection, receipt: int, *, verified: bool) -> None:
    cx.execute("UPDATE receipts SET verified = ? WHERE id = ?", (verified, receipt))


def lift(cx: apsw.Connection, receipt: int, at: datetime) -> None:
    cx.execute("UPDATE receipts SET lifted_at = ? WHERE id = ? AND lifted_at IS NULL", (at.timestamp(), receipt))


def listed(cx: apsw.Connection, receipt: int | None = None) -> list[Receipt]:
    """Every receipt (or one), the latest first: numbers and dates, never what it was."""
    rows = cx.execute(
        "SELECT id, at, mode, removed, verified, lifted_at FROM receipts WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC", (receipt,)
    )
    return [_receipt(row) for row in rows]


def at(cx: apsw.Connection, when: datetime) -> list[int]:
    """The receipts of this moment; of a date alone (midnight), those of that day."""
    start = when.timestamp()
    is_day = (when.hour, when.minute, when.second, when.microsecond) == (0, 0, 0, 0)
    rows = cx.execute("SELECT id FROM receipts WHERE at >= ? - 0.001 AND at < ? ORDER BY id", (start, start + (86400 if is_day else 1)))
    return [int(row) for (row,) in rows]


def _receipt(row: tuple[object, ...]) -> Receipt:
    id_, at_, mode, removed, verified, lifted = row
    when = moment(float(str(at_)))
    assert when is not None
    numbers = {str(place): whole(n) for place, n in json.loads(str(removed)).items()}
    return Receipt(
        (), (), numbers, bool(verified), when, name(whole(id_)), str(mode), verified is not None,
        moment(lifted if isinstance(lifted, float) else None),
    )  # fmt: skip
