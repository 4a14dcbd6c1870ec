"""The person's calendars: what is in them, which there are, and what Ownmind puts into one of theirs.

Appointments come from files that were imported and from calendars that are fetched (`connect`, `fetch`). What a calendar says is a
stranger's text: it takes time, and it orders nothing. Only the person's yes puts steps into a calendar elsewhere (`publish`), and only
what Ownmind put there is ever changed or taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from ..errors import BadInput, NotFound
from ..messages import Action, Skipped
from ..records import Appointment, Occurrence
from ..senses.sandbox import Sandbox
from ..store import appointments as rows
from ..store import items
from ..store.opening import Store

_LONGEST = timedelta(days=1500)  # that may be asked for at once


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """Where appointments come from: a file that was imported, an address that is fetched, or a calendar on a CalDAV server."""

    ref: str  # file:/home/ana/work.ics, calendar:2
    title: str
    kind: str  # file, address, caldav
    events: int  # how many are here, one that repeats is one
    url: str = ""
    user: str = ""
    read_at: datetime | None = None  # None: never

    @property
    def can_write(self) -> bool:
        return self.kind == "caldav"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What reading a calendar anew brought. ``events``: how many are in it now."""

    source: str
    events: int
    new: int  # that are new, or say something else than before
    skipped: tuple[Skipped, ...] = ()


class Publishing(Protocol):
    """Asks the person to put the steps of a goal ("" for all) into a calendar; `tools.calendar` does so."""

    def __call__(self, calendar: rows.Calendar, goal: str, now: datetime, /) -> Action: ...


class Calendars:
    """The calendars of one home. Any thread may use it; what fetches blocks on the network."""

    def __init__(self, store: Store, clock: Callable[[], datetime], zone: Callable[[], ZoneInfo]) -> None:
        self._store, self._clock, self._zone = store, clock, zone

    def appointments(self, start: datetime, end: datetime) -> tuple[Appointment, ...]:
        """What takes place between the two moments (aware, at most four years apart), by start, also in part. Raises BadInput."""
        if start.tzinfo is None or end.tzinfo is None or not start <= end <= start + _LONGEST:
            raise BadInput("from when to when?", hint="give two moments with their zone, the earlier one first, at most 1500 days apart")
        with self._store.db.read() as cx:
            missing = rows.unexpanded(cx, start, end)
        self._expand(missing)
        with self._store.db.read() as cx:
            return rows.between(cx, start, end, self._zone())

    def sources(self) -> tuple[CalendarSource, ...]:
        """Where appointments come from, calendars that are fetched first."""
        with self._store.db.read() as cx:
            fetched, origins = rows.calendars(cx), {one.ref: one for one in rows.origins(cx)}
        counts = {ref: one.events for ref, one in origins.items()}
        connected = [CalendarSource(c.ref, c.title, c.kind, counts.get(c.ref, 0), c.url, c.user, c.fetched_at) for c in fetched]
        known = {one.ref for one in connected}
        return (
            *connected,
            *(CalendarSource(o.ref, o.title, "file", o.events, read_at=o.at) for o in origins.values() if o.ref not in known),
        )

    def remove(self, source: str) -> int:
        """Takes a calendar away, with everything that was read from it and its password; gives how many events went. What is on a server
        stays there. Raises NotFound."""
        if source not in {one.ref for one in self.sources()}:
            raise NotFound(f"there is no calendar {source[:60]!r}", hint="`ownmind calendar sources` lists them")
        with self._store.db.erase() as cx:
            events, held = rows.count(cx, source), items.rows_of(cx, source=source)
            blobs = items.blobs_of(cx, held)
            items.remove(cx, held)
            items.remove_empty_sources(cx)
        for blob in blobs:
            self._store.blobs.remove(blob)
        return events

    def connect(self, url: str, user: str = "", password: str = "") -> CalendarSource:
        """Makes a calendar on a CalDAV server, or an .ics file at an address, one that is fetched. Saying so allows reading it there
        until that is revoked. Raises BadInput, KeyRefused, NotFound, DoorClosed, TryAgainLater."""
        raise BadInput("no calendar can be connected yet", hint="import an .ics file")

    def fetch(self, source: str) -> Fetched:
        """Reads a connected calendar anew. Raises as `connect` does."""
        with self._store.db.read() as cx:
            rows.calendar(cx, source)
        raise NotFound(f"there is no calendar {source[:60]!r}")

    def publish(self, goal: str = "", source: str = "") -> Action:
        """Asks for the person's yes to putting the open steps of a goal (of all, when none is named) into a calendar of theirs:
        ``source``, or the only one that can be written. Raises NotFound, BadInput."""
        raise NotFound("no calendar is connected that can be written", hint="`ownmind calendar connect URL`")

    def _expand(self, missing: Sequence[rows.Repeating]) -> None:
        """Works out when these events take place where that is not known yet, and keeps it. One that cannot be worked out keeps the times
        it has."""
        if not missing:
            return
        with Sandbox() as sandbox:
            for event in missing:
                found: list[Occurrence] = []
                with suppress(BadInput):
                    found = sandbox.occurrences(event.times, rows.window(event.blocks))
                with self._store.db.write() as cx:
                    rows.extend(cx, event.row, found, event.blocks)
