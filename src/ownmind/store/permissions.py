"""What the person allowed to leave, as rows: given, used up, run out, revoked. Nothing is deleted: the ledger's rows name them."""

from __future__ import annotations

import math
from datetime import datetime

import apsw

from ..errors import NotFound
from ..messages import Permission
from .database import Database
from .items import LONGEST_ID, moment

_COLUMNS = "id, destination, purpose, given_at, until, uses_left, spend_cap, spent, revoked_at"
_HOLDS = """revoked_at IS NULL AND (until IS NULL OR until > ?) AND (uses_left IS NULL OR uses_left > 0)
            AND (spend_cap IS NULL OR spent < spend_cap)"""
_OFFLINE = "offline"


class Permissions:
    """The permissions of one home."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def give(
        self,
        destination: str,
        purpose: str,
        *,
        now: datetime,
        until: datetime | None = None,
        uses: int | None = None,
        spend_cap: float | None = None,
    ) -> Permission:
        """A new permission, durable when this returns. It stands beside those there are."""
        ends = None if until is None else until.timestamp()
        with self._db.write() as cx:
            cx.execute(
                "INSERT INTO permissions(destination, purpose, given_at, until, uses_left, spend_cap) VALUES (?, ?, ?, ?, ?, ?)",
                (destination, purpose, now.timestamp(), ends, uses, spend_cap),
            )
            return _get(cx, cx.last_insert_rowid())

    def take(self, destination: str, purpose: str, *, now: datetime, price: float = 0.0) -> Permission | None:
        """The permission this may go under, with one use of it and ``price`` taken; None when there is none that has both left. Of two,
        one that names the destination comes first, then one that lasts: a single use is kept for when it is needed.

        ``price`` is the most it can cost, and counts as spent from here on: two at once cannot both have the last of a cap, and a crash
        before the bill leaves it counted at its worst. ``settle`` puts the true cost in its place. An infinite one (nobody knows) fits no
        cap, and counts for nothing where there is none."""
        with self._db.write() as cx:
            row = _standing(cx, destination, purpose, now, price)
            if row is None:
                return None
            cx.execute(
                "UPDATE permissions SET uses_left = uses_left - 1, spent = spent + ? WHERE id = ?",  # NULL - 1 stays NULL
                (_counted(price), row),
            )
            return _get(cx, row)

    def standing(self, destination: str, purpose: str, *, now: datetime, price: float = 0.0) -> Permission | None:
        """What ``take`` would take; nothing is taken."""
        with self._db.read() as cx:
            row = _standing(cx, destination, purpose, now, price)
            return None if row is None else _get(cx, row)

    def take_once(self, destination: str, purpose: str, *, now: datetime, price: float = 0.0, spend_cap: float | None = None) -> Permission:
        """A permission given and used up in one step: the person's yes to one thing they were shown, which nothing else can go under.
        ``price`` counts as spent, as in ``take``."""
        with self._db.write() as cx:
            cx.execute(
                "INSERT INTO permissions(destination, purpose, given_at, uses_left, spend_cap, spent) VALUES (?, ?, ?, 0, ?, ?)",
                (destination, purpose, now.timestamp(), spend_cap, _counted(price)),
            )
            return _get(cx, cx.last_insert_rowid())

    def revoke(self, which: str, *, now: datetime) -> Permission:
        """Ends a permission; one that has ended already stays as it was. Raises NotFound."""
        number = row_of(which)
        with self._db.write() as cx:
            cx.execute("UPDATE permissions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (now.timestamp(), number))
            return _get(cx, number)

    def cap(self, which: str, amount: float | None) -> Permission:
        """Says how much may be spent under a permission in all; None: without an end. Raises NotFound."""
        assert amount is None or amount >= 0, "a cap is an amount"
        with self._db.write() as cx:
            cx.execute("UPDATE permissions SET spend_cap = ? WHERE id = ?", (amount, row_of(which)))
            return _get(cx, row_of(which))

    def spend(self, which: str, amount: float) -> Permission:
        """Adds to what was spent under a permission; at its cap it no longer holds."""
        assert amount >= 0, "nothing is ever earned back"
        return self.settle(which, 0.0, amount)

    def settle(self, which: str, price: float, cost: float) -> Permission:
        """Puts what it did cost in place of the ``price`` that ``take`` counted. Once for each taking: that is the caller's to see to."""
        assert price >= 0 and cost >= 0, "nothing is ever earned back"
        with self._db.write() as cx:
            cx.execute("UPDATE permissions SET spent = max(0, spent - ? + ?) WHERE id = ?", (_counted(price), cost, row_of(which)))
            return _get(cx, row_of(which))

    def all(self, *, holding_at: datetime | None = None) -> list[Permission]:
        """Every permission ever given, oldest first; with ``holding_at`` those that hold then."""
        with self._db.read() as cx:
            if holding_at is None:
                rows = cx.execute(f"SELECT {_COLUMNS} FROM permissions ORDER BY id")  # noqa: S608  # constants of ours
            else:
                rows = cx.execute(f"SELECT {_COLUMNS} FROM permissions WHERE {_HOLDS} ORDER BY id", (holding_at.timestamp(),))  # noqa: S608
            return [_permission(row) for row in rows]

    def is_offline(self) -> bool:
        """Whether the person switched everything off."""
        with self._db.read() as cx:
            return cx.execute("SELECT 1 FROM settings WHERE key = ?", (_OFFLINE,)).fetchone() is not None

    def set_offline(self, value: bool) -> None:
        with self._db.write() as cx:
            if value:
                cx.execute("INSERT OR REPLACE INTO settings(key, value) VALUES (?, '1')", (_OFFLINE,))
            else:
                cx.execute("DELETE FROM settings WHERE key = ?", (_OFFLINE,))


def row_of(which: str) -> int:
    """The row a permission's id names. Raises NotFound for what is no id."""
    if which[:1] == "p" and which[1:].isdecimal() and which.isascii() and len(which) < LONGEST_ID:
        return int(which[1:])
    raise NotFound(f"{which!r} is not a permission", hint="`ownmind permissions` lists them; their ids look like p3")


def _standing(cx: apsw.Connection, destination: str, purpose: str, now: datetime, price: float) -> int | None:
    row = cx.execute(
        f"SELECT id FROM permissions WHERE destination IN (?, '*') AND purpose = ? AND {_HOLDS}"  # noqa: S608  # a constant of ours
        " AND (spend_cap IS NULL OR spent + ? <= spend_cap) ORDER BY destination = '*', uses_left IS NOT NULL, id LIMIT 1",
        (destination, purpose, now.timestamp(), price),
    ).fetchone()
    return None if row is None else int(row[0])


def _counted(price: float) -> float:
    return price if math.isfinite(price) else 0.0


def _get(cx: apsw.Connection, number: int) -> Permission:
    row = cx.execute(f"SELECT {_COLUMNS} FROM permissions WHERE id = ?", (number,)).fetchone()  # noqa: S608  # a constant of ours
    if row is None:
        raise NotFound(f"there is no permission p{number}", hint="`ownmind permissions` lists them")
    return _permission(row)


def _permission(row: tuple[object, ...]) -> Permission:
    number, destination, purpose, given_at, until, uses, cap, spent, revoked_at = row
    given = _when(given_at)
    assert given is not None
    return Permission(
        id=f"p{number}",
        destination=str(destination),
        purpose=str(purpose),
        given_at=given,
        until=_when(until),
        uses_left=None if uses is None else int(str(uses)),
        spend_cap=None if cap is None else float(str(cap)),
        spent=float(str(spent)),
        revoked_at=_when(revoked_at),
    )


def _when(seconds: object) -> datetime | None:
    return None if seconds is None else moment(float(str(seconds)))
