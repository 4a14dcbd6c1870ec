"""What background work failed at, and when to try again.

There is no queue: what is left to do is found by a query over the rows themselves ("no vector yet"). Only failures need a
place to be remembered, so that one bad item neither blocks the others nor is tried for ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from .database import Database


@dataclass(frozen=True, slots=True)
class Attempt:
    """How often a step failed on one thing. ``error`` is the failure's type, never contents; ``not_before``: unix seconds."""

    name: str
    key: str
    attempts: int
    error: str
    not_before: float


class Work:
    """The failures of the steps of one home, by step name and by key (what it worked on)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def failed(self, name: str, key: str, *, error: str, not_before: float) -> int:
        """Counts a failure and gives the number of them so far."""
        with self._db.write() as cx:
            (attempts,) = next(
                cx.execute(
                    """INSERT INTO work(name, key, attempts, error, not_before) VALUES (?, ?, 1, ?, ?)
                   ON CONFLICT(name, key) DO UPDATE SET attempts = attempts + 1, error = excluded.error, not_before = excluded.not_before
                   RETURNING attempts""",
                    (name, key, error, not_before),
                )
            )
        return int(attempts)

    def done(self, name: str, key: str) -> None:
        """Forgets the failures of ``key``: it worked, or it is gone."""
        with self._db.write() as cx:
            cx.execute("DELETE FROM work WHERE name = ? AND key = ?", (name, key))

    def attempts(self, name: str, key: str) -> int:
        """How often ``name`` failed on ``key``."""
        with self._db.read() as cx:
            row = cx.execute("SELECT attempts FROM work WHERE name = ? AND key = ?", (name, key)).fetchone()
        return 0 if row is None else int(row[0])

    def waiting(self, name: str, *, now: float) -> set[str]:
        """The keys ``name`` should leave alone for now."""
        with self._db.read() as cx:
            return {str(key) for (key,) in cx.execute("SELECT key FROM work WHERE name = ? AND not_before > ?", (name, now))}

    def failures(self) -> list[Attempt]:
        """Everything that failed and has not worked since."""
        with self._db.read() as cx:
            return [Attempt(*row) for row in cx.execute("SELECT name, key, attempts, error, not_before FROM work ORDER BY name, key")]
