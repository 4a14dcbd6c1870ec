"""The review of a week: what was planned, done and missed, with what shows it; how far each goal is; and what the next week holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .briefing import Line
from .goal import Progress
from .reflect import Reflection, Suggestion


@dataclass(frozen=True, slots=True)
class GoalWeek:
    """One goal's week: ``words`` ("3 of 4 done"), and the lines that say what, each with its source."""

    goal: str
    title: str
    words: str
    planned: int
    done: int
    missed: int
    lines: tuple[Line, ...]
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The seven days from ``first`` to ``last`` (both included). ``next_week``: what the plan holds after them."""

    first: date
    last: date
    goals: tuple[GoalWeek, ...]
    next_week: tuple[Line, ...]
    reflections: tuple[Reflection, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    words: str = ""  # what to say when there is nothing to look back on
