"""The rooms of the house that skills may be let into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..goals.book import Goals
from ..goals.today import Today
from ..memory.memory import Memory
from ..people.book import People
from ..records import Appointment


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of the house that skills may be let into. ``appointments``: what is in the calendar between two moments."""

    memory: Memory
    goals: Goals
    people: People
    today: Today
    appointments: Callable[[datetime, datetime], Sequence[Appointment]]
