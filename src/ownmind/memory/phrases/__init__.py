"""The table of phrases that name a time, and what each means at the moment it was said.

Each row has the words one of which must be there (so that most rows cost nothing on most texts), a pattern, and how it resolves.
Where a pattern names a group ``core``, only that is the mention: the word before it ("in", "since") was needed to tell it from
other words. A row gives None when the words mean no single time. Conventions: "last Friday" is the latest Friday before that day,
"next Friday" the first after it; "last" of anything else is the one before the one that holds the day.
"""

from __future__ import annotations

from . import counted, dated, weekdays
from .vocabulary import CLOCK, DIGITS, NUMBER, UNIT, Here, Phrase, clock_time, count

__all__ = ["CLOCK", "DIGITS", "NUMBER", "PHRASES", "TRIGGERS", "UNIT", "Here", "Phrase", "clock_time", "count"]

PHRASES: tuple[Phrase, ...] = (*dated.ROWS, *counted.ROWS, *weekdays.ROWS)

TRIGGERS: frozenset[str] = frozenset().union(*(phrase.needs[0] for phrase in PHRASES))
"""Lower-case words (and single digits) without which a text names no time."""
