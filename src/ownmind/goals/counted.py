"""Numbers as they are said of plans."""

from __future__ import annotations


def hours(minutes: int) -> str:
    """As in "4.5 h"; below an hour in minutes."""
    if 0 < minutes < 60:
        return f"{minutes} minutes"
    return f"{round(minutes / 60, 2):g} h" if minutes else "no time"


def times(number: int) -> str:
    """How often: "not at all", "once", "twice", "3 times"."""
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number} times")


def count(number: int, noun: str) -> str:
    """As in "no days", "1 day", "2 days"."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
