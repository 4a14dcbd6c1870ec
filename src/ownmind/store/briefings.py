"""When each day's briefing was first given, and where the steps stood then: what the next one compares with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from .database import Database
from .goals import name, number
from .items import whole

_KEPT = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Given:
    """A briefing that was given: ``places`` is where each step stood, by its id (s12). Times are UTC."""

    day: date
    at: datetime
    places: Mapping[str, datetime] = field(default_factory=dict)


class Briefings:
    """The briefings of one home. Any thread may use it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def before(self, day: date) -> Given | None:
        """The latest one given for an earlier day; None when there was none."""
        with self._db.read() as cx:
            for found, at in cx.execute("SELECT day, at FROM briefings WHERE day < ? ORDER BY day DESC LIMIT 1", (day.isoformat(),)):
                places = {
                    name(whole(step), "s"): datetime.fromtimestamp(float(str(start)), UTC)
                    for step, start in cx.execute("SELECT step_id, start FROM briefing_places WHERE day = ?", (found,))
                }
                return Given(date.fromisoformat(str(found)), datetime.fromtimestamp(float(str(at)), UTC), places)
        return None

    def keep(self, given: Given) -> None:
        """Writes that a day's briefing was given; the first time counts."""
        with self._db.write() as cx:
            cx.execute("INSERT OR IGNORE INTO briefings(day, at) VALUES (?, ?)", (given.day.isoformat(), given.at.timestamp()))
            if not cx.changes():
                return
            cx.executemany(
                "INSERT INTO briefing_places(day, step_id, start) SELECT ?, id, ? FROM goal_steps WHERE id = ?",
                [(given.day.isoformat(), start.timestamp(), number(step, "s")) for step, start in given.places.items()],
            )
            cx.execute("DELETE FROM briefings WHERE day < ?", ((given.day - _KEPT).isoformat(),))
