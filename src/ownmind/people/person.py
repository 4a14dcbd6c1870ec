"""The values of people: who somebody is, by which names and addresses, what shows it, and what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ..messages import Span


@dataclass(frozen=True, slots=True)
class Handle:
    """A name or an address somebody goes by, and where it stands. ``kind``: name, nickname, email, phone, speaker, role ("my sister")."""

    kind: str
    value: str
    ref: str  # contact:…, an item's id, an appointment's key, a letter's id: what names it
    count: int = 1


@dataclass(frozen=True, slots=True)
class Person:
    """One human being, as far as the sources tell. ``last``: when they were last in touch, and by what (``last_ref``)."""

    id: str  # p7
    name: str  # as shown: the fullest name, or the one the person chose
    handles: tuple[Handle, ...]
    birthday: date | None = None  # year 1604: the year is not known
    birthday_ref: str = ""
    relation: str = ""  # "sister", as the person said
    last: datetime | None = None
    last_ref: str = ""
    last_how: str = ""  # mail, talk, calendar
    letters: int = 0
    is_you: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Why two are one: ``evidence`` in words, each with the source it stands in. ``score``: log-odds (Fellegi and Sunter 1969), natural
    logarithm; ``state``: proposed, merged (by itself, above the bar), confirmed or refused (by the person)."""

    id: str  # l3.17
    first: str  # names of the two as they stood before
    second: str
    score: float
    evidence: tuple[tuple[str, str], ...]  # (words, ref)
    state: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said of who is who: ``verdict`` same, apart or you (of one). ``first``, ``second``: how the two are written; "" for
    one whose records are gone."""

    link: str
    verdict: str
    at: datetime
    first: str
    second: str


class PromiseState(StrEnum):
    FOUND = "found"  # read in a text; waits for the person's word
    OPEN = "open"  # confirmed
    KEPT = "kept"
    DROPPED = "dropped"  # no promise, or no longer one


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody said they would do. ``sentence`` stands in the item at ``span``, letter for letter."""

    id: str  # m5
    by: str  # "you", or a name
    to: str  # likewise; "" when the text does not say
    what: str  # "send Tom the photos"
    sentence: str
    item_id: str
    span: Span
    said_at: datetime | None
    due: datetime | None = None
    due_words: str = ""  # "by Friday"
    state: PromiseState = PromiseState.FOUND
    person: str = ""  # the id of the other one, where known


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who wrote last and asked something."""

    person: str
    name: str
    since: datetime
    ref: str  # the letter or item
    words: str  # the sentence that asks, as it stands there


@dataclass(frozen=True, slots=True)
class Cited:
    """A statement about somebody with what says it."""

    text: str
    ref: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Birthday:
    """A birthday that comes. ``turns``: how old they will be; None when the year is not known."""

    person: str
    name: str
    day: date
    turns: int | None
    ref: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one person on one card, each line with its source."""

    person: Person
    matters: tuple[Cited, ...]  # what matters to them
    gifts: tuple[Cited, ...]  # ideas, from what they were said to like
    ask: tuple[Cited, ...]  # what to ask them about
    promised: tuple[Promise, ...]  # by you
    promises: tuple[Promise, ...]  # to you
    links: tuple[Link, ...]
    next_birthday: date | None = None
    reconnect: str = ""  # why it may be time to get in touch; "" when it is not
