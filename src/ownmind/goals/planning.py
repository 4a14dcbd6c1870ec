"""From goals, steps and a calendar to a plan: what is to be placed, where it may not stand, and what came of it.

All goals together, from ``now`` to a midnight ``weeks`` weeks on. A step that must be done by then is placed or the plan does not fit;
one that may still be done later is given its share of the time and waits when there is no room. Pure: the caller reads and stores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ..records import Appointment
from .changes import Offer
from .check import Proof
from .goal import Goal, Step, Week
from .preferences import Preferences
from .schedule import Problem
from .solve import Solved


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what stands for it. ``placed``: the steps with their new places, to be stored; empty when no plan was found.
    ``solved`` is None then, and ``offers`` say what would help, by stable id."""

    problem: Problem
    solved: Solved | None
    proof: Proof
    week: Week
    placed: tuple[Step, ...] = ()
    offers: tuple[tuple[str, Offer], ...] = ()

    @property
    def fits(self) -> bool:
        return self.week.fits


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking an offer changes, to be stored at one go: ``goals`` with other constraints, every step that is other than before
    (place, minutes, latest, state, pinned), and the ``week`` as it is then."""

    goals: tuple[Goal, ...]
    steps: tuple[Step, ...]
    week: Week


def plan(
    goals: Sequence[Goal],
    steps: Sequence[Step],
    appointments: Sequence[Appointment],
    preferences: Preferences,
    now: datetime,
    zone: ZoneInfo,
    *,
    weeks: int = 1,
) -> Planned:
    """The plan of the next ``weeks`` weeks (1 to 26). Give all steps, also done ones: they count for rest and for what a day holds."""
    raise NotImplementedError


def apply(planned: Planned, offer: str) -> Taken:
    """What the offer of this id changes. Raises NotFound when there is none (the calendar has changed since it was shown)."""
    raise NotImplementedError
