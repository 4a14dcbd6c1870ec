"""Until when something was promised: the time a sentence names, as the last moment that still keeps the promise. Pure.

``memory/times`` reads the times; here stand the ways in which only promises name one ("by EOD", "within two weeks", "tmrw").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..memory.calendar import Precision, midnight, moved
from ..memory.phrases import CLOCK, NUMBER, clock_time, count
from ..memory.tense import Tense
from ..memory.times import mentions
from ..messages import Span

_LAST_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Until:
    """``due``: the last moment that keeps the promise, aware; ``words`` stand in the text at ``span``."""

    due: datetime
    words: str
    span: Span


def until(text: str, start: int, end: int, said_at: datetime | None) -> Until | None:
    """When ``text[start:end]`` says it will be done; None when it names no time. A day lasts until its last minute; "before Sunday" is
    Saturday."""
    if said_at is None:
        return None
    said = text[start:end]  # alone: the "promised" before it would turn its days to the past
    for begins, last, first, behind in _named(said, said_at):
        if _OF_THEN.search(said, max(0, first - 24), first):
            continue
        lead = _LEAD.search(said, max(0, first - 24), first)
        due = begins - _LAST_MINUTE if lead and lead["before"] else last
        first = lead.start() if lead else first
        return Until(due, said[first:behind], Span(start + first, start + behind))
    return None


def _named(text: str, said_at: datetime) -> Iterator[tuple[datetime, datetime, int, int]]:
    """Each time named: its first and its last moment, and where it stands."""
    for one in mentions(f"{_AHEAD}{text}", said_at, silent=Tense.AHEAD):
        first, behind = one.span.start - len(_AHEAD), one.span.end - len(_AHEAD)
        if one.end <= said_at:  # "the revised contract by 20 March": read by itself the day lies ahead
            one = next(iter(mentions(f"{_AHEAD}do it on {text[max(0, first) : behind]}", said_at, silent=Tense.AHEAD)), one)
        if first >= 0 and not _SOON.match(text, first):
            yield one.start, one.start if one.precision is Precision.MINUTE else _end(one.end), first, behind
    for pattern, said in _SHORT:
        if match := pattern.search(text):
            for one in mentions(said or f"on {_DAYS[match['day'].lower()[:3]]}", said_at, silent=Tense.AHEAD):
                yield one.start, _end(one.end), match.start(), match.end()
    if (match := _WITHIN.search(text)) and (n := count(match["n"])):
        yield said_at, _end(midnight(moved(said_at, match["unit"].lower(), n)) + timedelta(days=1)), match.start(), match.end()
    if match := _END_OF.search(text):
        last = _period((match["unit"] or "day").lower(), said_at)
        yield midnight(last), last, match.start(), match.end()
    if (match := _AT.search(text)) and (clock := clock_time(match, "")) is not None:
        at = said_at.replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)
        if at > said_at:
            yield at, at, match.start(), match.end()


def _end(end: datetime) -> datetime:
    """The last minute before ``end``; "tonight" is over at midnight."""
    return (midnight(end) if end.hour < 7 else end) - _LAST_MINUTE


def _period(unit: str, said_at: datetime) -> datetime:
    """The last minute of this day, week, month or year."""
    day = midnight(said_at)
    match unit:
        case "week":
            end = day + timedelta(days=7 - day.weekday())
        case "month":
            end = moved(day.replace(day=1), "month", 1)
        case "year":
            end = day.replace(year=day.year + 1, month=1, day=1)
        case _:
            end = day + timedelta(days=1)
    return end - _LAST_MINUTE


_AHEAD = "I will "  # what was promised lies ahead, whatever form its verb has
_SOON = re.compile(r"in (?:an?|one|two|a few) (?:sec|minute|moment)", re.IGNORECASE)  # soon, not then
_LEAD = re.compile(r"\b(?:(?P<before>before)|by|until|till|on|at|in|within|no later than|latest)\s+(?:the\s+)?$", re.IGNORECASE)
_OF_THEN = re.compile(r"\b(?:from|of|since|about)\s+(?:the\s+|last\s+)?$", re.IGNORECASE)  # "the photos from Sunday"
_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}
_SHORT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:tmrw|tmr|tmw|tmorrow|tomorow|tommorow|tommorrow|2moro|2morrow|2mrw|tomoz|tomoro)\b", re.IGNORECASE), "tomorrow"),
    (re.compile(r"\b(?:2nite|2night|tonite|tonigt)\b", re.IGNORECASE), "tonight"),
    (re.compile(r"\b(?:at|over|on|during|this|for) (?:the )?weekend\b|\bat the w/?e\b", re.IGNORECASE), "this weekend"),
    (re.compile(r"\b(?:on|by|next|this)\s+(?P<day>mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?", re.IGNORECASE), ""),
)
_WITHIN = re.compile(rf"\bwithin (?:the next )?{NUMBER}\s+(?:working |business )?(?P<unit>day|week|month)s?\b", re.IGNORECASE)
_END_OF = re.compile(r"\b(?:the )?end of (?:the |this )?(?P<unit>day|week|month|year)\b|\b(?:by )?(?:EOD|COB)\b", re.IGNORECASE)
_AT = re.compile(rf"\b(?:by|at|before|around)\s+{CLOCK}", re.IGNORECASE)
