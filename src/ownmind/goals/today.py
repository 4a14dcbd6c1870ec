"""Today: what is due, the morning's briefing and the week's review. The face ``mind.today``; safe from any thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from ..errors import BadInput, NotFound
from ..store.opening import Store
from .briefing import Briefing
from .clock import zone_of
from .due import Delivery, Nudge
from .preferences import Preferences
from .review import Review

CALM = "Nothing is planned, promised or waiting today."


class Today:
    """The face of what is to be said now. ``clock``: now, aware."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def due(self, now: datetime | None = None) -> tuple[Nudge, ...]:
        """What is to be said at this moment (now, unless given), the most important first; what a quiet hour or the day's limit holds back
        is not in it."""
        return ()

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
        raise NotFound(f"nothing with the key {key!r} was delivered", hint="`ownmind brief --receipts` lists what was")

    def decline(self, key: str, days: int = 7) -> Delivery:
        """Keeps the matter of this delivery quiet for so many days. Raises NotFound, BadInput."""
        if days < 1:
            raise BadInput(f"{days} days are no time", hint="give 1 or more")
        raise NotFound(f"nothing with the key {key!r} was delivered", hint="`ownmind brief --receipts` lists what was")

    def receipts(self, days: int = 7) -> tuple[Delivery, ...]:
        """What was due in the last so many days and what became of it, the latest first."""
        return ()

    def preferences(self) -> Preferences:
        """How the person's days are shaped and when they may be spoken to."""
        return Preferences()

    def set(self, name: str, value: str) -> Preferences:
        """Changes one of them. Raises BadInput for a name that is none, or a value it cannot have."""
        raise BadInput(f"there is no preference {name!r}")

    def _today(self) -> date:
        return self._clock().astimezone(zone_of(self.preferences())).date()
