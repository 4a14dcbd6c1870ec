"""The receipts of what was said unasked: due, begun, delivered, seen, answered, or missed and why.

A row is durable before anything is shown, and its key is unique: after a crash in between it says that it may have been shown, and
nothing is shown twice. Rows hold ids, never words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import apsw

from ..errors import NotFound
from .database import Database


class NudgeKind(StrEnum):
    """What a nudge is about, in the order in which they go before each other when a day has too many."""

    CATCH_UP = "catch_up"  # one summary of what went by while this machine slept
    BRIEFING = "briefing"
    REVIEW = "review"
    CHECK_IN = "check_in"
    PROMISE = "promise"
    STEP = "step"
    BIRTHDAY = "birthday"
    MISS = "miss"  # a step went by, and what was planned anew
    WAITING = "waiting"
    RECONNECT = "reconnect"

    @property
    def rank(self) -> int:
        """0 goes first."""
        return _ORDER[self]


_ORDER = {kind: rank for rank, kind in enumerate(NudgeKind)}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a nudge. ``begun`` is written before it is shown; a row that has it and no ``delivered`` was being shown when the
    process ended: it may have been seen (``unsure``), and is not shown again."""

    key: str
    kind: NudgeKind
    subject: str
    about: str
    due: datetime
    begun: datetime | None = None
    day: date | None = None  # the local day it counts for
    delivered: datetime | None = None
    channel: str = ""  # page, desktop; several with ", " between
    seen: datetime | None = None
    answered: datetime | None = None
    answer: str = ""  # an Answer
    missed: datetime | None = None
    reason: str = ""  # why it was missed
    lapsed: datetime | None = None  # when no answer had come in time, and the plan was made anew
    declined_until: datetime | None = None

    @property
    def is_held(self) -> bool:
        """Whether it waits: for the end of the quiet hours."""
        return self.begun is None and self.missed is None

    @property
    def unsure(self) -> bool:
        """Whether it may have been shown, and nobody knows."""
        return self.begun is not None and self.delivered is None


_COLUMNS = """key, kind, subject, about, due, begun, day, delivered, channel, seen, answered, answer, missed, reason, lapsed,
    declined_until"""


class Deliveries:
    """The receipts of one home. Any thread may use it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def settle(self, rows: Iterable[Delivery]) -> set[str]:
        """Writes these rows, begun, missed or held, all or none; gives the keys that were new, or held until now. One that was begun or
        missed stays as it is: who was not first must not show it."""
        with self._db.write() as cx:
            return {row.key for row in rows if _insert(cx, row)}

    def gone(self, reasons: Iterable[tuple[str, str]], now: datetime) -> None:
        """Writes why these will not come, as far as they are held."""
        with self._db.write() as cx:
            sql = "UPDATE deliveries SET missed = ?, reason = ? WHERE key = ? AND begun IS NULL AND missed IS NULL"
            cx.executemany(sql, [(now.timestamp(), reason, key) for key, reason in reasons])

    def delivered(self, key: str, channel: str, now: datetime) -> Delivery:
        """Writes that it was shown, and where. Raises NotFound."""
        return self._set(key, "delivered = ?, channel = ?", (now.timestamp(), channel))

    def seen(self, key: str, now: datetime) -> Delivery:
        """Writes that the person saw it; the first time counts. Raises NotFound."""
        return self._set(key, "seen = coalesce(seen, ?)", (now.timestamp(),))

    def decline(self, key: str, until: datetime, now: datetime) -> Delivery:
        """Keeps the matter of this one quiet until then. Raises NotFound."""
        return self._set(key, "declined_until = ?, seen = coalesce(seen, ?)", (until.timestamp(), now.timestamp()))

    def answered(self, subject: str, answer: str, now: datetime) -> int:
        """Writes the answer under what was asked last about ``subject`` (s12 or g3) and is open; gives how many rows that are."""
        with self._db.write() as cx:
            cx.execute(
                """UPDATE deliveries SET answered = ?, answer = ?, seen = coalesce(seen, ?) WHERE subject = ? AND answered IS NULL
                   AND kind IN ('check_in', 'step', 'miss') AND begun IS NOT NULL""",
                (now.timestamp(), answer, now.timestamp(), subject),
            )
            return cx.changes()

    def lapse(self, subjects: Sequence[str], now: datetime) -> None:
        """Writes that nobody answered in time, under the latest check-in of each subject."""
        with self._db.write() as cx:
            cx.execute(
                """UPDATE deliveries SET lapsed = ? WHERE lapsed IS NULL AND key IN (
                       SELECT key FROM (SELECT key, max(due) FROM deliveries WHERE kind = 'check_in' AND answered IS NULL
                       AND subject IN (SELECT value FROM json_each(?)) GROUP BY subject))""",
                (now.timestamp(), json.dumps(list(subjects))),
            )

    def since(self, start: datetime) -> dict[str, Delivery]:
        """What was due, said, answered or declined to a time after ``start``, by key, the oldest first."""
        with self._db.read() as cx:
            rows = cx.execute(
                f"""SELECT {_COLUMNS} FROM deliveries WHERE due >= ?1 OR begun >= ?1 OR answered >= ?1 OR lapsed >= ?1
                    OR declined_until >= ?1 ORDER BY due, key""",  # noqa: S608  # a constant of ours
                (start.timestamp(),),
            )
            return {row.key: row for row in map(_delivery, rows)}

    def get(self, key: str) -> Delivery:
        """One of them. Raises NotFound."""
        with self._db.read() as cx:
            return _one(cx, key)

    def _set(self, key: str, what: str, values: tuple[object, ...]) -> Delivery:
        with self._db.write() as cx:
            cx.execute(f"UPDATE deliveries SET {what} WHERE key = ?", (*values, key))  # noqa: S608  # constants of ours
            return _one(cx, key)


def _insert(cx: apsw.Connection, row: Delivery) -> bool:
    cx.execute(
        """INSERT INTO deliveries(key, kind, subject, about, due, begun, day, missed, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT(key) DO UPDATE SET begun = excluded.begun, day = excluded.day, missed = excluded.missed, reason = excluded.reason
           WHERE begun IS NULL AND missed IS NULL AND (excluded.begun IS NOT NULL OR excluded.missed IS NOT NULL)""",
        (
            row.key, row.kind.value, row.subject, row.about, row.due.timestamp(), _seconds(row.begun),
            None if row.day is None else row.day.isoformat(), _seconds(row.missed), row.reason,
        ),
    )  # fmt: skip
    return cx.changes() > 0


def _one(cx: apsw.Connection, key: str) -> Delivery:
    row = cx.execute(f"SELECT {_COLUMNS} FROM deliveries WHERE key = ?", (key,)).fetchone()  # noqa: S608  # a constant of ours
    if row is None:
        raise NotFound(f"nothing with the key {key!r} was delivered", hint="`ownmind brief --receipts` lists what was")
    return _delivery(row)


def _delivery(row: Sequence[object]) -> Delivery:
    key, kind, subject, about, due, begun, day, delivered, channel, seen, answered, answer, missed, reason, lapsed, declined = row
    return Delivery(
        str(key), NudgeKind(str(kind)), str(subject), str(about), datetime.fromtimestamp(float(str(due)), UTC), _moment(begun),
        None if day is None else date.fromisoformat(str(day)), _moment(delivered), str(channel), _moment(seen), _moment(answered),
        str(answer), _moment(missed), str(reason), _moment(lapsed), _moment(declined),
    )  # fmt: skip


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(seconds: object) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(float(str(seconds)), UTC)
