"""The person's calendars: what is in them, which there are, and what Ownmind puts into one of theirs.

Appointments come from files that were imported and from calendars that are fetched (`connect`, `fetch`). What a calendar says is a
stranger's text: it takes time, and it orders nothing. Only the person's yes puts steps into a calendar elsewhere (`publish`), and only
what Ownmind put there is ever changed or taken out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import apsw

from ..connectors import caldav
from ..connectors.calendar import uid
from ..egress.door import Door
from ..errors import BadInput, NotFound
from ..memory.memory import Memory
from ..messages import Action, Media, Skipped, Source
from ..records import Appointment, Occurrence
from ..senses.sandbox import Sandbox
from ..store import appointments as rows
from ..store import facts, items
from ..store.opening import Store
from . import ics
from .goal import Goal, State, Step, StepState

_LONGEST = timedelta(days=3700)  # that may be asked for at once


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


@dataclass(frozen=True, slots=True)
class Put:
    """An event to be written (its ``text`` to the letter, its lines ended for reading) or, without a text, taken out. ``words``: what a
    person is shown of it."""

    uid: str
    words: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Publishing:
    """What is to be written into a calendar and taken out of it. ``items``: the ids of the items that say the goals."""

    calendar: rows.Calendar
    put: tuple[Put, ...]
    gone: tuple[Put, ...]
    items: tuple[str, ...] = ()


class Calendars:
    """The calendars of one home. ``zone``: the person's now; ``planned``: the goals and all their steps; ``ask``: asks for the person's
    yes (`tools.calendar`); ``folder``: where fetched bytes lie while they are read. Any thread may use it; what fetches blocks."""

    def __init__(
        self,
        store: Store,
        memory: Memory,
        door: Door,
        clock: Callable[[], datetime],
        *,
        zone: Callable[[], ZoneInfo],
        folder: Callable[[], Path],
        planned: Callable[[], tuple[Sequence[Goal], Sequence[Step]]],
        ask: Callable[[Publishing, datetime], Action],
    ) -> None:
        self._store, self._memory, self._door, self._clock = store, memory, door, clock
        self._zone, self._folder, self._planned, self._ask = zone, folder, planned, ask

    def appointments(self, start: datetime, end: datetime) -> tuple[Appointment, ...]:
        """What takes place between the two moments (aware, at most ten years apart), by start, also in part. Raises BadInput."""
        if start.tzinfo is None or end.tzinfo is None or not start <= end <= start + _LONGEST:
            raise BadInput("from when to when?", hint="give two moments with their zone, the earlier one first, at most ten years apart")
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
        """Takes a calendar away, with everything that was read from it, its password and the permission to read it; gives how many events
        went. What is on a server stays there. Raises NotFound."""
        known = {one.ref: one for one in self.sources()}
        if source not in known:
            raise NotFound(f"there is no calendar {source[:60]!r}", hint="`ownmind calendar sources` lists them")
        with self._store.db.erase() as cx:
            events, held = rows.count(cx, source), items.rows_of(cx, source=source)
            blobs = items.blobs_of(cx, held)
            facts.restore_superseded_by(cx, [items.row_id(fact.id) for fact in facts.resting_on(cx, held)])
            items.remove(cx, held)
            items.remove_empty_sources(cx)
            connected = [one for one in rows.calendars(cx) if one.ref == source]
            for calendar in connected:
                rows.remove_calendar(cx, calendar.row)
                self._store.settings.remove(_password(calendar))
        for blob in blobs:
            self._store.blobs.remove(blob)
        for calendar in connected:
            self._withdraw(caldav.destination(calendar.url))
        return events

    def connect(self, url: str, user: str = "", password: str = "") -> CalendarSource:
        """Makes a calendar on a CalDAV server, or an .ics file at an address, one that is fetched; `fetch` reads it. To say so is the
        permission to read there, until it is revoked. Raises BadInput (also when there are several: it names them), KeyRefused, NotFound,
        Refused, TryAgainLater."""
        at, now = caldav.address(url), self._clock()
        to = caldav.destination(at)
        with self._reading(to, now):
            found = caldav.Server(at, user, password, self._door.outlet(), caldav.READ).find()
            if len(found) > 1:
                named = "; ".join(f"{one.title}: {one.url}" for one in found[:20])
                raise BadInput(f"there are {len(found)} calendars there", hint=f"connect one of them: {named}")
            with self._store.db.write() as cx:
                calendar = rows.add_calendar(cx, found[0].kind, found[0].url, user, found[0].title, now)
                if password:
                    self._store.settings.set(_password(calendar), password)
                else:
                    self._store.settings.remove(_password(calendar))
        return next(one for one in self.sources() if one.ref == calendar.ref)

    def fetch(self, source: str) -> Fetched:
        """Reads a connected calendar anew: what is new comes, what changed changes, what is gone goes. Raises NotFound, KeyRefused,
        DoorClosed, TryAgainLater, BadInput."""
        from ..memory.importing import import_fetched  # with all parsers behind it: not at every start

        now = self._clock()
        with self._store.db.read() as cx:
            calendar = rows.calendar(cx, source)
        server = caldav.Server(calendar.url, calendar.user, password_of(self._store, calendar), self._door.outlet(), caldav.READ)
        content = server.read(calendar.kind)
        with tempfile.TemporaryDirectory(prefix="calendar-", dir=self._folder()) as inside:
            path = Path(inside) / "calendar.ics"
            path.write_bytes(content)
            media = Media(path, "text/calendar", Source(calendar.ref, "document", calendar.title, "text/calendar"), now)
            imported = import_fetched(self._memory, self._store, media, now=now)
        with self._store.db.write() as cx:
            rows.fetched(cx, calendar.row, now)
            events = rows.count(cx, source)
        return Fetched(source, events, imported.items, imported.skipped)

    def publish(self, goal: str = "", source: str = "") -> Action:
        """Asks for the person's yes to putting the steps of a goal (of all, when none is named) that lie ahead into a calendar of theirs:
        ``source``, or the only one that can be written. Steps it put there before are changed, or taken out when they have no place any
        more; nothing else is. Raises NotFound, BadInput."""
        now, key = self._clock(), self._store.keys.tombstones
        goals, steps = self._of(goal)
        active = {one.id for one in goals if one.state is State.ACTIVE}
        ahead = [one for one in steps if one.goal in active and one.state is StepState.OPEN and one.start is not None and one.start > now]
        planned = ics.events(ahead, {one.id: one for one in goals}, self._zone(), key)
        with self._store.db.write() as cx:
            calendar = self._writable(cx, source)
            there = rows.published(cx, calendar.row)
            numbers = rows.numbered(cx, [(one.uid, one.digest) for one in planned])
        fresh = [one for one in planned if one.uid not in there or there[one.uid].sequence != numbers[one.uid]]
        put = tuple(Put(one.uid, one.words, ics.text([one], numbers, now).replace("\r\n", "\n").rstrip()) for one in fresh)
        wanted = {one.uid for one in planned}
        titles = {uid(step.id, key): step for step in steps if step.start is None or step.start > now}
        gone = tuple(
            Put(name, f"“{titles[name].title}”")
            for name in there
            if name in titles and name not in wanted and titles[name].state is not StepState.DONE
        )
        if not put and not gone:
            raise BadInput(
                f"{calendar.title} has all of them already" if planned else "no step ahead has a place", hint="`ownmind goals plan`"
            )
        told = tuple(sorted({one.item_id for one in goals if one.item_id}))
        return self._ask(Publishing(calendar, put, gone, told), now)

    def _of(self, goal: str) -> tuple[list[Goal], list[Step]]:
        goals, steps = self._planned()
        if goal and goal not in {one.id for one in goals}:
            raise NotFound(f"there is no goal {goal[:20]!r}", hint="`ownmind goals` lists them")
        return [one for one in goals if goal in ("", one.id)], [one for one in steps if goal in ("", one.goal)]

    def _writable(self, cx: apsw.Connection, source: str) -> rows.Calendar:
        found = [rows.calendar(cx, source)] if source else [one for one in rows.calendars(cx) if one.kind == caldav.CALDAV]
        if not found or found[0].kind != caldav.CALDAV:
            raise NotFound("no calendar is connected that can be written", hint="`ownmind calendar connect URL`, or save an .ics file")
        if len(found) > 1:
            raise BadInput("which calendar?", hint=f"one of {', '.join(f'{one.ref} ({one.title})' for one in found[:20])}")
        return found[0]

    @contextmanager
    def _reading(self, to: str, now: datetime) -> Iterator[None]:
        """The permission to read there, given when there is none; taken back when the block fails."""
        permissions = self._store.permissions
        if permissions.standing(to, caldav.READ, now=now) is not None:
            yield
            return
        given = permissions.give(to, caldav.READ, now=now)
        try:
            yield
        except BaseException:
            permissions.revoke(given.id, now=now)
            raise

    def _withdraw(self, to: str) -> None:
        """Revokes the permission to read at a destination when no calendar is read there any more."""
        with self._store.db.read() as cx:
            if any(caldav.destination(one.url) == to for one in rows.calendars(cx)):
                return
        now = self._clock()
        for one in self._store.permissions.all(holding_at=now):
            if (one.destination, one.purpose) == (to, caldav.READ):
                self._store.permissions.revoke(one.id, now=now)

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


def password_of(store: Store, calendar: rows.Calendar) -> str:
    """The password for this calendar at its destination: one given for another is never sent there."""
    return store.settings.get(_password(calendar))


def _password(calendar: rows.Calendar) -> str:
    return f"calendar.password {calendar.ref} {caldav.destination(calendar.url)}"
