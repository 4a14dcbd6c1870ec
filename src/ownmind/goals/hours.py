"""Weekdays, clock times and windows of hours as people write them, and the one form Ownmind writes: "Mo,We 18:00-21:00; Sa 08:00-12:00"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import BadInput
from .placing.schedule import Window

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SETS = {
    **dict.fromkeys(("", "daily", "every day", "any day", "all days"), range(7)),
    **dict.fromkeys(("weekday", "weekdays", "workday", "workdays"), range(5)),
    **dict.fromkeys(("weekend", "weekends", "the weekend"), range(5, 7)),
}
_TIMES = {"morning": (6 * 60, 10 * 60), "mornings": (6 * 60, 10 * 60), "noon": (12 * 60, 14 * 60), "lunch": (12 * 60, 14 * 60),
          "afternoon": (13 * 60, 18 * 60), "afternoons": (13 * 60, 18 * 60), "evening": (18 * 60, 22 * 60),
          "evenings": (18 * 60, 22 * 60)}  # fmt: skip
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?(?: ?[ap]m)?"
_EXAMPLE = "for example: Monday and Wednesday evening; Saturday 8:00-12:00"


def windows(text: str) -> tuple[Window, ...]:
    """The windows a text names, by ";": "Mo-Fr 7:00-9:00; weekends". One that passes midnight becomes two. Raises BadInput."""
    found = [window for part in re.split(r"[;\n]", text) if part.strip() for window in _windows(_plain(part))]
    if not found or len(found) > 60:
        raise BadInput("no hours are named" if not found else "those are too many hours to keep apart", hint=_EXAMPLE)
    return tuple(found)


def _plain(part: str) -> str:
    """ "In the afternoon", "Monday in the evening": without the words between."""
    return re.sub(
        r"(?:^|(?<= ))(?:in|during) the |(?<=\w) (?:in|during) (?=(?:morning|afternoon|evening)s?$)", "", " ".join(part.casefold().split())
    )


def _windows(said: str) -> Iterable[Window]:
    if match := re.fullmatch(rf"(.*?),? ?(?:from |between )?({_CLOCK}) ?(?:-|–|to|and|until) ?({_CLOCK})", said):
        start, end, days = clock(match[2]), clock(match[3], is_end=True), weekdays(match[1])
        if start < end:
            return [Window(start, end, days)]
        if start == end:
            raise BadInput("those hours begin when they end", hint=_EXAMPLE)
        after = frozenset((day + 1) % 7 for day in days)
        return [Window(start, 24 * 60, days), *([Window(0, end, after)] if end else [])]
    for name, (start, end) in _TIMES.items():
        if said == name or said.endswith(f" {name}"):
            return [Window(start, end, weekdays(said.removesuffix(name)))]
    if match := re.fullmatch(rf"(.*?),? ?(after|before) ({_CLOCK})", said):
        at, days = clock(match[3]), weekdays(match[1])
        if (at == 0 and match[2] == "before") or at == 24 * 60:
            raise BadInput("nothing is left of the day then", hint=_EXAMPLE)
        return [Window(at, 24 * 60, days) if match[2] == "after" else Window(0, at, days)]
    return [Window(0, 24 * 60, weekdays(said))]


def weekdays(text: str) -> frozenset[int]:
    """The weekdays a text names, Monday 0: "Mo,We", "Monday and Wednesday", "Mo-Fr", "weekends"; none named: all. Raises BadInput."""
    said = text.casefold().strip(" ,").removeprefix("on ").removeprefix("every ").strip()
    if text.casefold().strip() == "every":
        raise BadInput("no day is named", hint=_EXAMPLE)
    if said in _SETS or f"every {said}" in _SETS:
        return frozenset(_SETS.get(said, _SETS.get(f"every {said}", range(7))))
    found: set[int] = set()
    for part in re.split(r"\s*(?:,|;|/|&|\band\b|\s)\s*", re.sub(r"\s*[-–]\s*|\s+to\s+", "-", said)):
        if not part or part == "on":
            continue
        if part in _SETS:
            found.update(_SETS[part])
            continue
        first, _, last = part.partition("-")
        start, end = _day(first, text), _day(last or first, text)
        found.update((start + n) % 7 for n in range((end - start) % 7 + 1))
    return frozenset(found)


def _day(said: str, text: str) -> int:
    """The weekday that ``said`` names, Monday 0. ``text`` is all that was written, for the person to read again."""
    word = said.rstrip(".").removesuffix("s") if len(said) > 6 else said.rstrip(".")
    found = [place for place, name in enumerate(_NAMES) if len(word) >= 2 and name.startswith(word)]
    if word in ("thur", "thurs"):
        found = [3]
    if len(found) != 1:
        raise BadInput(f"I read no day and no hour in “{text.strip()[:40]}”", hint=_EXAMPLE)
    return found[0]


def clock(text: str, *, is_end: bool = False) -> int:
    """Minutes since midnight of "18:00", "18", "6pm"; with ``is_end`` midnight is the end of the day. Raises BadInput."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?([ap])m)?", text.strip().casefold())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if match and match[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    if hour > 24 or minute > 59 or hour * 60 + minute > 24 * 60:
        raise BadInput(f"I read no time in “{text[:20]}”", hint="for example: 18:00")
    found = hour * 60 + minute
    return 24 * 60 if is_end and not found else found


def clock_shown(value: int) -> str:
    return f"{value // 60:02}:{value % 60:02}"


def weekdays_shown(days: frozenset[int]) -> str:
    """ "Mo,We"; "daily" for all."""
    return "daily" if len(days) == 7 else ",".join(_DAYS[day] for day in sorted(days))


def windows_shown(value: tuple[Window, ...]) -> str:
    return "; ".join(f"{weekdays_shown(one.weekdays)} {clock_shown(one.start)}-{clock_shown(one.end)}" for one in value)
