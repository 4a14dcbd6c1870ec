"""Who waits for an answer: somebody who wrote last and asked something. Pure.

Newsletters, automatic mail and what went to many people are left out: nobody waits there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .person import Waiting

OLDEST = timedelta(days=60)  # who asked before that has given up, or asks again
SOONEST = timedelta(hours=12)  # sooner nobody waits yet


@dataclass(frozen=True, slots=True)
class Said:
    """One letter or turn between the person and somebody else. ``thread``: talks that answer each other share it."""

    ref: str  # the letter or item
    thread: str
    at: datetime
    by_you: bool
    person: str  # the id of the other one, where known
    name: str
    text: str  # without what it quotes
    readers: int = 1  # to how many it went
    address: str = ""  # its sender's e-mail address, where it is a letter


def waiting(said: Iterable[Said], now: datetime) -> tuple[Waiting, ...]:
    """Whoever wrote last in a thread, asked something, and has no answer yet: the longest waiting first, each once."""
    return ()
