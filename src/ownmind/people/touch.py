"""When somebody was last in touch, how often they usually are, and whether it may be time to write. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

_LEAST = 4  # times in touch, from which on there is something usual
_LONGER = 2.5  # times the usual interval, from which on silence is worth a word
_SHORTEST = timedelta(days=21)  # sooner nobody is missed
_LONGEST = timedelta(days=3 * 365)  # what has been over for so long is not brought up


@dataclass(frozen=True, slots=True)
class Touch:
    """One time that somebody was in touch: a letter from or to them, a day they talked, something both were at."""

    at: datetime
    ref: str
    how: str  # mail, talk, calendar


def last(touches: Sequence[Touch], now: datetime) -> Touch | None:
    """The latest that is not to come."""
    return max((touch for touch in touches if touch.at <= now), key=lambda touch: (touch.at, touch.ref), default=None)


def usual(touches: Sequence[Touch]) -> timedelta | None:
    """The median of the days between the times in touch (days, not letters: ten in an hour are one); None while too few."""
    days = sorted({touch.at.date() for touch in touches})
    if len(days) < _LEAST:
        return None
    return timedelta(days=median((after - before).days for before, after in pairwise(days)))


def silence(touches: Sequence[Touch], now: datetime) -> str:
    """Why it may be time to get in touch, in words; "" when it is not."""
    before = [touch for touch in touches if touch.at <= now]
    rhythm, latest = usual(before), last(before, now)
    if rhythm is None or latest is None:
        return ""
    quiet = now - latest.at
    if not max(_LONGER * rhythm, _SHORTEST) < quiet < _LONGEST:
        return ""
    return f"usually in touch every {_days(rhythm)}, now quiet for {_days(quiet)}"


def _days(length: timedelta) -> str:
    days = max(length.days, 1)
    if days < 14:
        return f"{days} day{'s' if days > 1 else ''}"
    return f"{round(days / 7)} weeks" if days < 70 else f"{round(days / 30.4)} months"
