"""Today: what is due, the morning's briefing and the week's review. The face ``mind.today``; safe from any thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from ..store.opening import Store
from .briefing import Briefing
from .clock import zone_of
from .deliver import Follow
from .due import Delivery, Nudge
from .preferences import Preferences
from .review import Review

CALM = "Nothing is planned, promised or waiting today."


class Today:
    """The face of what is to be said now. ``clock``: now, aware."""

    def __init__(self, store: Store, clock: Callable[[], datetime], follow: Follow) -> None:
        self._store, self._clock, self._follow = store, clock, follow

    def due(self, now: datetime | None = None) -> tuple[Nudge, ...]:
        """What was said and still stands, and what is due at this moment (now, unless given), the most important first; what a quiet hour
        or the day's limit holds back is not in it."""
        return self._follow.standing(now)

    def brief(self, day: date | None = None) -> Briefing:
        """What a day (today, unless given) asks and what has changed, each sentence with its sources."""
        return Briefing(day or self._today(), (), CALM)

    def review(self, day: date | None = None) -> Review:
        """The week that holds ``day`` (today, unless given): planned, done, missed, how far each goal is, and what comes next."""
        at = day or self._today()
        first = at - timedelta(days=at.weekday())
        return Review(first, first + timedelta(days=6), (), (), words="Nothing was planned in this week.")

    def seen(self, key: str) -> Delivery:
        """Writes that the person saw it. Raises NotFound for what was never delivered."""
        return self._follow.seen(key)

    def decline(self, key: str, days: int = 7) -> Delivery:
        """Keeps the matter of this delivery quiet for so many days. Raises NotFound, BadInput."""
        return self._follow.decline(key, days)

    def receipts(self, days: int = 7) -> tuple[Delivery, ...]:
        """What was due in the last so many days and what became of it, the latest first."""
        return self._follow.receipts(days)

    def preferences(self) -> Preferences:
        """How the person's days are shaped and when they may be spoken to."""
        return self._follow.preferences()

    def set(self, name: str, value: str) -> Preferences:
        """Changes one of them; "21:30", "none", "yes", "Mo-Fr 09:00-17:00". Raises BadInput for a name that is none, or a value it cannot
        have."""
        return self._follow.set(name, value)

    def _today(self) -> date:
        return self._clock().astimezone(zone_of(self.preferences())).date()
