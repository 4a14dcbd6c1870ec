"""Which skills are installed: their versions as sealed blobs, what each was approved for, and which are switched off.

Of a name there is at most one version that runs, one that waits for the person's yes, and the one before, so that an update can be taken
back.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import apsw

from .blobs import Blobs
from .database import Database
from .items import moment, whole


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of a skill. ``state``: waiting, active or before. ``granted``: what it was approved for."""

    name: str
    digest: str
    blob: int
    state: str
    granted: frozenset[str]
    came_from: str
    added_at: datetime
    approved_at: datetime | None


_COLUMNS = "name, digest, blob_id, state, granted, came_from, added_at, approved_at"


class Skills:
    """The skills of one home. Any thread may use it."""

    def __init__(self, db: Database, blobs: Blobs) -> None:
        self._db, self._blobs = db, blobs

    def all(self, state: str = "active") -> list[Kept]:
        with self._db.read() as cx:
            return [_kept(row) for row in cx.execute(f"SELECT {_COLUMNS} FROM skills WHERE state = ? ORDER BY name", (state,))]  # noqa: S608  # a constant of ours

    def get(self, name: str, state: str = "active") -> Kept | None:
        return next((one for one in self.all(state) if one.name == name), None)

    def content(self, kept: Kept) -> bytes:
        """Its pack. Raises NotFound, StoreDamaged."""
        return self._blobs.read(kept.blob)

    def wait(self, name: str, digest: str, pack: bytes, came_from: str, now: datetime) -> None:
        """Keeps a version until it is decided, in the place of another one that waited."""
        blob = self._blobs.add(io.BytesIO(pack), now=now.timestamp())
        with self._db.write() as cx:
            gone = _drop(cx, name, "waiting", but=digest)
            # A version that is known already (active, or the one before) needs no second row.
            cx.execute(
                """INSERT INTO skills(name, digest, blob_id, state, came_from, added_at) VALUES (?, ?, ?, 'waiting', ?, ?)
                ON CONFLICT(name, digest) DO UPDATE SET state = 'waiting' WHERE state = 'before'""",
                (name, digest, blob, came_from, now.timestamp()),
            )
        self._shred(gone)

    def approve(self, name: str, digest: str, granted: Iterable[str], now: datetime) -> bool:
        """Makes the waiting version of this hash the one that runs; the one that ran is kept as the one before. False: it is not there."""
        with self._db.write() as cx:
            waiting = list(cx.execute("SELECT id FROM skills WHERE name = ? AND digest = ? AND state = 'waiting'", (name, digest)))
            if not waiting:
                return False
            gone = _drop(cx, name, "before")
            cx.execute("UPDATE skills SET state = 'before' WHERE name = ? AND state = 'active'", (name,))
            cx.execute(
                "UPDATE skills SET state = 'active', granted = ?, approved_at = ? WHERE id = ?",
                (json.dumps(sorted(granted)), now.timestamp(), waiting[0][0]),
            )
        self._shred(gone)
        return True

    def back(self, name: str, digest: str) -> str:
        """Takes the approval of this version back: the one before runs again ("before"), or none ("none"); "" when another runs by now."""
        with self._db.write() as cx:
            if not list(cx.execute("SELECT 1 FROM skills WHERE name = ? AND digest = ? AND state = 'active'", (name, digest))):
                return ""
            gone = _drop(cx, name, "active")
            cx.execute("UPDATE skills SET state = 'active' WHERE name = ? AND state = 'before'", (name,))
            left = "before" if cx.changes() else "none"
        self._shred(gone)
        return left

    def refuse(self, name: str, digest: str) -> None:
        """Lets a waiting version go."""
        with self._db.write() as cx:
            gone = [whole(blob) for (blob,) in cx.execute(
                "DELETE FROM skills WHERE name = ? AND digest = ? AND state = 'waiting' RETURNING blob_id", (name, digest))]  # fmt: skip
        self._shred(gone)

    def remove(self, name: str) -> bool:
        """Removes every version, shredding its content; whether there was one."""
        with self._db.write() as cx:
            gone = [whole(blob) for (blob,) in cx.execute("DELETE FROM skills WHERE name = ? RETURNING blob_id", (name,))]
            cx.execute("DELETE FROM skills_off WHERE name = ?", (name,))
        self._shred(gone)
        return bool(gone)

    def off(self) -> frozenset[str]:
        with self._db.read() as cx:
            return frozenset(str(name) for (name,) in cx.execute("SELECT name FROM skills_off"))

    def switch(self, name: str, *, on: bool, now: datetime) -> None:
        with self._db.write() as cx:
            if on:
                cx.execute("DELETE FROM skills_off WHERE name = ?", (name,))
            else:
                cx.execute("INSERT OR IGNORE INTO skills_off(name, at) VALUES (?, ?)", (name, now.timestamp()))

    def _shred(self, blobs: Iterable[int]) -> None:
        """Removes those contents that nothing holds any more."""
        for blob in blobs:
            with self._db.read() as cx:
                sql = "SELECT 1 FROM skills WHERE blob_id = ? UNION ALL SELECT 1 FROM sources WHERE blob_id = ?"
                held = list(cx.execute(sql, (blob, blob)))
            if not held:
                self._blobs.remove(blob)


def _drop(cx: apsw.Connection, name: str, state: str, but: str = "") -> list[int]:
    rows = cx.execute("DELETE FROM skills WHERE name = ? AND state = ? AND digest <> ? RETURNING blob_id", (name, state, but))
    return [whole(blob) for (blob,) in rows]


def _kept(row: tuple[apsw.SQLiteValue, ...]) -> Kept:
    name, digest, blob, state, granted, came_from, added, approved = row
    at = moment(float(str(added)))
    assert at is not None, "every version has its time"
    return Kept(
        str(name), str(digest), whole(blob), str(state), frozenset(json.loads(str(granted))), str(came_from), at,
        None if approved is None else moment(float(str(approved))),
    )  # fmt: skip
