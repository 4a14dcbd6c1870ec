"""Steps as a calendar (RFC 5545), for a file or a calendar elsewhere.

Each step that has a place is one event. Its UID is the step's and this home's, so that a later version changes it and a second home's
never does; its SEQUENCE rises whenever it says something else. Times are in UTC: a step takes place once, and every program shows it by
the clock of its reader, while two in use read one definition of a zone (VTIMEZONE) an hour apart. It holds no alarm: being reminded is
Ownmind's own work. When Ownmind reads its own event back, it knows it by the UID (`connectors.calendar.goal_of`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..connectors.calendar import uid
from ..store import appointments
from ..store.opening import Store
from .goal import Goal, Step

if TYPE_CHECKING:
    import icalendar

_PRODUCT = "-//Ownmind//Ownmind//EN"
_LONGEST = 2_000  # characters of a description


@dataclass(frozen=True, slots=True)
class Event:
    """A step as it stands in a calendar. ``digest`` stands for all it says."""

    uid: str
    goal: str
    start: datetime
    end: datetime
    title: str
    note: str

    @property
    def digest(self) -> bytes:
        said = "\x1f".join((f"{self.start.astimezone(UTC):%Y%m%dT%H%M}", f"{self.end.astimezone(UTC):%Y%m%dT%H%M}", self.title, self.note))
        return blake2b(said.encode("utf-8", "replace"), digest_size=16).digest()

    @property
    def words(self) -> str:
        """What a person is shown of it: "Tue 24 Nov 2026, 18:00 to 18:45 (Europe/Berlin): Long run, 14 km"."""
        day = f"{self.start:%a} {self.start.day} {self.start:%b %Y}"
        return f"{day}, {self.start:%H:%M} to {self.end:%H:%M} ({self.start.tzinfo}): {self.title}"


def events(steps: Iterable[Step], goals: Mapping[str, Goal], zone: ZoneInfo, key: bytes) -> tuple[Event, ...]:
    """The steps that have a place, by start, in ``zone``. ``key``: a secret of the home, for their UIDs."""
    placed = [(step, step.start, step.end) for step in steps if step.start is not None and step.end is not None]
    found = [
        Event(uid(step.id, key), step.goal, start.astimezone(zone), end.astimezone(zone), _line(step.title), _note(goals.get(step.goal)))
        for step, start, end in placed
    ]
    return tuple(sorted(found, key=lambda one: (one.start.astimezone(UTC), one.uid)))


def text(planned: Sequence[Event], sequences: Mapping[str, int], now: datetime) -> str:
    """These events as one calendar. ``sequences``: by UID."""
    import icalendar  # not at every start

    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    for one in planned:
        calendar.add_component(_component(one, sequences.get(one.uid, 0), now))
    return bytes(calendar.to_ical()).decode()


def export(store: Store, steps: Iterable[Step], goals: Iterable[Goal], zone: ZoneInfo, now: datetime) -> str:
    """The steps that have a place as the text of an .ics file; each knows how often it changed since it was first given out."""
    planned = events(steps, {goal.id: goal for goal in goals}, zone, store.keys.tombstones)
    with store.db.write() as cx:
        sequences = appointments.numbered(cx, [(one.uid, one.digest) for one in planned])
    return text(planned, sequences, now)


def _component(one: Event, sequence: int, now: datetime) -> icalendar.Event:
    import icalendar

    event = icalendar.Event()
    event.add("uid", one.uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", sequence)
    event.add("dtstart", one.start.astimezone(UTC))
    event.add("dtend", one.end.astimezone(UTC))
    event.add("summary", one.title)
    event.add("description", one.note)
    event.add("x-ownmind-goal", one.goal)
    return event


def _note(goal: Goal | None) -> str:
    """What an event says beside its title: the goal it serves, and why."""
    if goal is None:
        return ""
    return "\n".join([f"For: {_line(goal.title)}", *([f"Why: {_line(goal.why)}"] if goal.why else [])])[:_LONGEST]


def _line(words: str) -> str:
    """In one line, without characters that only steer a terminal."""
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())
