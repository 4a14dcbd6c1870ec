"""What a generated life is: entries to remember, what may be asked about them, and the truth they were made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ...messages import Entry

Style = Literal["friends", "assistant", "diary"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the external ids of the entries that answer it. An unanswerable one has no evidence.

    ``kind``: single, multi, when, list, count, order, latest, as_of, preference, contradiction, follow_up, summary, unknown.
    """

    text: str
    kind: str
    evidence: frozenset[str]
    answer: str
    answerable: bool = True
    before: str = ""  # the message a follow-up leans on
    as_of: datetime | None = None
    sort: str = ""  # finer than kind: the facet asked for, or why it cannot be answered


@dataclass(frozen=True, slots=True)
class Value:
    """Ground truth of what was so when: half-open ``[since, until)``; ``until`` None: still so at the end."""

    subject: str
    predicate: str
    object: str
    since: datetime
    until: datetime | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Named:
    """Ground truth of a date named in an entry: ``phrase`` stands in its text and means ``[start, end)``."""

    evidence: str
    phrase: str
    start: datetime
    end: datetime
    precision: str  # day, weekend, week, month, year; yearly: a day of every year, of which ``start`` is one


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that cannot all be true, with nothing to say which came to be true later."""

    subject: str
    predicate: str
    objects: tuple[str, ...]
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Life:
    """A made-up life. ``person``: whose memory it is, as the entries name them ("" when they are the person's own)."""

    entries: tuple[Entry, ...]
    questions: tuple[Asked, ...]
    values: tuple[Value, ...]
    dates: tuple[Named, ...]
    conflicts: tuple[Conflict, ...]
    person: str
