"""Reading what left: rows of the ledger with how each ended, and the exact content while it is kept."""

from __future__ import annotations

import json

from ..errors import NotFound
from ..messages import Sent
from .database import Database
from .items import moment, whole

_ROWS = """
    SELECT id, ledger.at, destination, purpose, consent, ledger.bytes_out, item_ids,
           coalesce(result, 'unknown'), coalesce(detail, ''), wire_out, bytes_in,
           EXISTS (SELECT 1 FROM ledger_content WHERE row_id = id)
    FROM ledger LEFT JOIN ledger_outcomes ON row_id = id
"""

_WANTED = """
    WHERE (?1 IS NULL OR ledger.at >= ?1) AND (?2 IS NULL OR ledger.at < ?2) AND (?3 = '' OR destination = ?3) AND (?4 = '' OR purpose = ?4)
"""
_NAMED = ("destination", "purpose")


def sent(
    db: Database,
    *,
    start: float | None = None,
    end: float | None = None,
    destination: str = "",
    purpose: str = "",
    limit: int = -1,
    skip: int = 0,
) -> list[Sent]:
    """The newest ``limit`` rows (all when negative) before the newest ``skip``, oldest first: at or after ``start`` and before ``end``
    (unix seconds), to just this destination, for just this purpose."""
    wanted = (start, end, destination, purpose, limit, skip)
    with db.read() as cx:
        found = list(cx.execute(f"{_ROWS} {_WANTED} ORDER BY id DESC LIMIT ?5 OFFSET ?6", wanted))  # constants
    return [_sent(row) for row in reversed(found)]


def count(db: Database, *, start: float | None = None, end: float | None = None, destination: str = "", purpose: str = "") -> int:
    """How many rows there are of which ``sent`` would give."""
    with db.read() as cx:
        return whole(cx.execute(f"SELECT count(*) FROM ledger {_WANTED}", (start, end, destination, purpose)).get)  # noqa: S608  # a constant of ours


def named(db: Database, *, besides: str = "") -> tuple[list[str], list[str]]:
    """Every destination and every purpose that the ledger names, ``besides`` a purpose."""
    with db.read() as cx:
        columns = (cx.execute(f"SELECT DISTINCT {name} FROM ledger WHERE purpose <> ? ORDER BY 1", (besides,)) for name in _NAMED)  # noqa: S608
        destinations, purposes = ([str(one) for (one,) in found.fetchall()] for found in columns)
        return destinations, purposes


def one(db: Database, row: int) -> Sent:
    """One row. Raises NotFound."""
    with db.read() as cx:
        for found in cx.execute(f"{_ROWS} WHERE id = ?", (row,)):  # a constant of ours
            return _sent(found)
    raise NotFound(f"the ledger has no row {row}", hint="`ownmind ledger` lists them")


def content(db: Database, row: int) -> bytes:
    """The exact bytes that left under this row, before TLS. Raises NotFound when they are no longer kept."""
    one(db, row)
    with db.read() as cx:
        for (kept,) in cx.execute("SELECT content FROM ledger_content WHERE row_id = ?", (row,)):
            return bytes(kept)
    raise NotFound(
        f"the content of row {row} is no longer kept", hint="it goes after `keep_sent` days, or when something told in it is forgotten"
    )


def expire(db: Database, now: float) -> int:
    """Removes contents whose time is over; gives how many. The rows and their hashes stay."""
    with db.read() as cx:
        if cx.execute("SELECT 1 FROM ledger_content WHERE until <= ? LIMIT 1", (now,)).fetchone() is None:
            return 0
    with db.erase() as cx:
        cx.execute("DELETE FROM ledger_items WHERE row_id IN (SELECT row_id FROM ledger_content WHERE until <= ?)", (now,))
        cx.execute("DELETE FROM ledger_content WHERE until <= ?", (now,))
        return cx.changes()


def _sent(row: tuple[object, ...]) -> Sent:
    number, at, destination, purpose, consent, size, items, result, detail, wire, came, is_kept = row
    when = moment(float(str(at)))
    assert when is not None
    return Sent(
        id=int(str(number)),
        at=when,
        destination=str(destination),
        purpose=str(purpose),
        consent=str(consent),
        bytes_out=int(str(size)),
        item_ids=tuple(map(str, json.loads(str(items)))),
        outcome=str(result),
        detail=str(detail),
        wire_out=None if wire is None else int(str(wire)),
        bytes_in=None if came is None else int(str(came)),
        is_kept=bool(is_kept),
    )
