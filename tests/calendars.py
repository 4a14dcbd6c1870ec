"""Calendars for tests: iCalendar text, and a home that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ownmind.goals.calendars import Calendars
from ownmind.memory.importing import import_paths
from ownmind.memory.memory import Memory
from ownmind.messages import Imported
from ownmind.models.embedder import HashEmbedder
from ownmind.records import Appointment
from ownmind.senses.sandbox import Limits
from ownmind.store.opening import Store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def event(*lines: str, uid: str = "one@example.org", title: str = "Dentist") -> str:
    """One VEVENT; ``lines`` say when."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def calendar(*events: str, head: Sequence[str] = ()) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN", *head, *events, "END:VCALENDAR", ""])


class Days:
    """A home with its memory and calendars. ``zone`` may be changed: the person travels."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.zone = store, folder, BERLIN
        self.memory = Memory(store, HashEmbedder(), lambda: NOW)
        self.calendars = Calendars(store, lambda: NOW, lambda: self.zone)

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
