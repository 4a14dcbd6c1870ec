"""Calendars for tests: iCalendar text, and a home that reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ownmind.egress.door import Door, Outlet
from ownmind.goals.calendars import Calendars
from ownmind.goals.goal import Goal, Step
from ownmind.guard.gate import Granted
from ownmind.memory.importing import import_paths
from ownmind.memory.memory import Memory
from ownmind.messages import Imported
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.records import Appointment
from ownmind.senses.sandbox import Limits
from ownmind.store.opening import Store
from ownmind.tools import calendar as publishing
from ownmind.tools.act import Deed, World, granted_by

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def event(*lines: str, uid: str = "one@example.org", title: str = "Dentist") -> str:
    """One VEVENT; ``lines`` say when."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def calendar(*events: str, head: Sequence[str] = ()) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN", *head, *events, "END:VCALENDAR", ""])


class Days:
    """A home with its memory, calendars and deeds. ``zone`` may be changed: the person travels; ``goals`` and ``steps``: the plan."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.zone = store, folder, BERLIN
        self.memory = Memory(store, HashEmbedder(), lambda: NOW)
        self.door = Door(store)
        self.goals: list[Goal] = []
        self.steps: list[Step] = []
        self.world = World(store.actions, [self._deed()], self._granted, self._permit)
        self.calendars = Calendars(
            store,
            self.memory,
            self.door,
            lambda: NOW,
            zone=lambda: self.zone,
            folder=lambda: folder,
            planned=lambda: (self.goals, self.steps),
            ask=lambda wanted, now: publishing.ask(self.world, wanted, now),
        )

    def take_in(self, text: str | bytes, name: str = "work.ics", limits: Limits | None = None) -> Imported:
        """Imports an .ics file of this name; the same name again is a new version of it."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_paths(self.memory, self.store, [path], now=NOW, limits=limits)

    def between(self, start: str, end: str) -> tuple[Appointment, ...]:
        """What takes place between two days, the second not included."""
        first, last = (datetime.fromisoformat(day).replace(tzinfo=self.zone) for day in (start, end))
        return self.calendars.appointments(first, last)

    def times(self, start: str, end: str) -> list[str]:
        """The same as text: day, clock and title."""
        return [f"{one.start:%m-%d %H:%M}-{one.end:%H:%M} {one.title}".strip() for one in self.between(start, end)]

    def _deed(self) -> Deed:
        undoing = Outlet(lambda going: self.door.ask(going, is_shown=True), self.door.broker)
        return publishing.deed(self.store, self.door.outlet(), undoing, lambda goal: "")

    def _granted(self) -> Granted:
        allowed = [(one.destination, one.purpose) for one in self.store.permissions.all(holding_at=NOW)]
        return granted_by(self.store.actions.endorsements(), is_offline=self.door.is_offline, destinations=allowed)

    def _permit(self, destination: str, purpose: str, now: datetime, /, *, always: bool) -> Callable[[], object]:
        given = self.store.permissions.give(destination, purpose, now=now)
        return lambda: None if always else self.store.permissions.revoke(given.id, now=now)
