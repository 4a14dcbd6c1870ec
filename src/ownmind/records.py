"""What is read beside text: appointments, contacts and letters, each as its own source has it.

They import nothing of ours but the values they are made of. A time without a zone in its source ("floating", RFC 5545 3.3.5) is the
person's own; a whole day is one from its first midnight to the next in the person's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .messages import Source


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody as a letter or an invitation names them. ``email`` is as written; either may be empty."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One occurrence of an event of a calendar, start < end, both aware. ``key`` is unique for it and the same at every import."""

    key: str
    start: datetime
    end: datetime
    title: str = ""
    place: str = ""
    attendees: tuple[Address, ...] = ()
    whole_day: bool = False
    is_free: bool = False  # marked as taking no time (TRANSP:TRANSPARENT), or cancelled
    source: str = ""  # Source.ref of the calendar
    goal: str = ""  # the goal's id, for what Ownmind itself put there
    is_busy: bool = False  # its source says in so many words that it takes the time (TRANSP:OPAQUE written out, busy, out of office);
    # only a whole day needs it to count as taken: a birthday does not fill the day


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time an event takes place. ``start`` < ``end`` are Unix seconds; of a floating time (no zone, or a whole day) those of the
    clock on the wall read as if it were UTC. ``key`` is its recurrence id. What is None is as the event has it."""

    key: str
    start: float
    end: float
    is_floating: bool = False
    title: str | None = None
    place: str | None = None
    is_free: bool | None = None


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event as its calendar has it. ``times``: what repeats it, as lines of iCalendar without a word of the person's; "" when
    ``occurrences`` are all there are, else they are those between the two Unix seconds of ``expanded``."""

    uid: str
    title: str
    place: str = ""
    note: str = ""
    attendees: tuple[Address, ...] = ()
    when: str = ""  # its time and how it repeats, in words
    at: datetime | None = None  # its first start; a floating one is read as UTC
    is_whole_day: bool = False
    is_free: bool = False
    is_cancelled: bool = False
    sequence: int = 0
    stamp: float = 0.0  # when it was last changed, Unix seconds
    goal: str = ""  # what X-OWNMIND-GOAL says
    times: str = ""
    occurrences: tuple[Occurrence, ...] = ()
    expanded: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Contact:
    """One card of an address book (vCard, RFC 6350 and 2426). A birthday without a year has the year 1604, as calendars write it."""

    source: Source
    uid: str  # the card's own, or a hash of it
    name: str
    nicknames: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birthday: date | None = None
    organisation: str = ""
    relations: tuple[tuple[str, str], ...] = ()  # (role, name): ("spouse", "Ana Novak")
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: who wrote to whom, and what it says. ``id`` is its Message-ID, or a hash of it."""

    source: Source
    id: str
    at: datetime | None
    sender: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    answers: str = ""  # the Message-ID it answers
    text: str = ""  # without what it quotes, and without the signature
    thread: str = ""  # letters that answer each other share it
    signature: str = ""
    readers: int = 1  # to how many it went; ``to`` and ``cc`` may name fewer
    is_bulk: bool = False  # of a list or a machine (RFC 2919, 3834)


Record = Contact | Letter | CalendarEvent
