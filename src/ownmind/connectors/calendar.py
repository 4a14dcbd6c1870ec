"""Calendars: each event becomes one thing to remember, with its time, place and people in words, however often it repeats.

An .ics file is read by `senses.calendar` in a child process; what it says is a stranger's text. The id of an entry is that of its event
and of its words: an event that says something else is another entry, and the one before goes with the next import. An event that
Ownmind itself wrote is known by its UID, which no other home can make: it carries the goal it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

from ..messages import Confidentiality, Integrity, Kind, Label, Skipped, Source
from ..records import Address, CalendarEvent, Occurrence
from . import Recorded

_LABEL = Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE)
_NAMED = 200  # times of an event with another title or place than it that are told in its words


@dataclass(frozen=True, slots=True)
class Calendar:
    """The events ``found`` in one calendar; the same one twice is one."""

    found: Iterable[CalendarEvent | Skipped]
    source: Source

    def fetch(self) -> Iterator[Recorded | Skipped]:
        seen: set[str] = set()
        for one in self.found:
            if isinstance(one, Skipped):
                yield Skipped(f"{self.source.title}: {one.where}", one.reason)
                continue
            entry = _entry(one, self.source)
            if entry.external_id not in seen:
                seen.add(entry.external_id)
                yield entry


def text_of(event: CalendarEvent) -> str:
    """An event in words, a line for each of its parts: all words that are kept of it stand here, so that forgetting finds them."""
    title = event.title or "An event without a name"
    lines = [f"Cancelled: {title}" if event.is_cancelled else title, event.when]
    lines += [f"At: {event.place}"] if event.place else []
    lines += [f"With: {', '.join(map(_person, event.attendees))}"] if event.attendees else []
    lines += [f"{_day(one)}: {', at '.join(filter(None, (one.title, one.place)))}" for one in event.occurrences if one.title or one.place]
    lines += [event.note] if event.note else []
    return "\n".join(lines)


def uid(step: str, key: bytes) -> str:
    """The UID of a step of this home's plan. ``key``: a secret of the home."""
    mark = blake2b(step.encode(), key=key, person=b"calendar uid", digest_size=8).hexdigest()
    return f"{step}-{mark}@ownmind"


def goal_of(event: CalendarEvent, key: bytes) -> str:
    """The goal of an event that this home wrote; "" for any other, whatever it says."""
    return event.goal if event.goal and event.uid == uid(event.uid.partition("-")[0], key) else ""


def _entry(event: CalendarEvent, source: Source) -> Recorded:
    event = _told(event)
    text = text_of(event)
    own, words = (blake2b(each.encode("utf-8", "replace"), digest_size=8).hexdigest() for each in (event.uid, text))
    name = f"{own}.{words}"
    return Recorded(text, source, _LABEL, Kind.PASSAGE, event.at, conversation=source.ref, external_id=name, record=event)


def _told(event: CalendarEvent) -> CalendarEvent:
    """The event with no more words of single times than can be told."""
    differing = [one for one in event.occurrences if one.title or one.place]
    if len(differing) <= _NAMED:
        return event
    silent = {one.key for one in differing[_NAMED:]}
    return replace(
        event, occurrences=tuple(replace(one, title=None, place=None) if one.key in silent else one for one in event.occurrences)
    )


def _day(occurrence: Occurrence) -> str:
    at = datetime.fromtimestamp(occurrence.start, UTC)
    return f"{at.day} {at:%B %Y}"


def _person(address: Address) -> str:
    return f"{address.name} <{address.email}>" if address.name and address.email else address.name or address.email
