"""The morning's briefing: what today asks and what has changed, every sentence written by code from rows, each with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Section(StrEnum):
    """What a line tells of, in the order of the page."""

    STEPS = "steps"
    PROMISES = "promises"
    BIRTHDAYS = "birthdays"
    WAITING = "waiting"
    CHANGED = "changed"
    MISSED = "missed"
    LET_GO = "let_go"
    HELD = "held"  # what was due and is shown here because a nudge was not allowed


@dataclass(frozen=True, slots=True)
class Ref:
    """A source of a line. ``kind``: step, goal, promise, person, letter, item, appointment, delivery, evidence; ``ref`` its id; ``words``
    what of it the line rests on, as it stands there."""

    kind: str
    ref: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and what says it."""

    text: str
    section: Section
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A day. ``lines`` is empty on a day that asks nothing; ``words`` then says so."""

    day: date
    lines: tuple[Line, ...]
    words: str = ""
