"""The hours and weekdays a statement names: "weekday evenings", "before work", "on Mondays and Thursdays", "between 6 and 8 pm"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import BadInput
from ..hours import clock
from ..placing.schedule import Window
from ..preferences import Preferences
from .unread import Unread

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day(?:['’]?s)?|(?-i:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)(?![\w'’])"
_PART = r"mornings?|noons?|lunch(?:time|\s+break)?s?|afternoons?|evenings?|nights?|middays?"
_LIST = re.compile(
    rf"\b(?P<lead>(?:(?:on|every|each|only|except|but\s+not|apart\s+from)\s+)*)(?P<days>(?:{_DAY})(?:(?:(?:\s*(?:,|&|/|\+|and|or)\s*)+|\s+)(?:on\s+|every\s+)?(?:{_DAY})|\s*(?:-|–|to|until)\s*(?:{_DAY}))*)"
    rf"(?:\s+(?:in\s+the\s+)?(?P<part>{_PART})\b)?",
    re.IGNORECASE,
)
_SET = re.compile(
    rf"\b(?P<lead>(?:(?:on|every|each|at|over|during|only|the|my)\s+)*)(?P<set>week\s?days?|work(?:ing)?[\s-]?days?|work\s+nights?|school\s+nights?|week\s?ends?)"
    rf"(?:\s+(?:in\s+the\s+)?(?P<part>{_PART})\b)?",
    re.IGNORECASE,
)
_ANY = re.compile(
    rf"\b(?P<lead>every\s+(?:single\s+)?|each\s+|in\s+the\s+|at\s+|on\s+|during\s+(?:my\s+|the\s+)?|over\s+(?:my\s+)?|(?=(?:{_PART})\b))(?P<part>{_PART})\b"
    r"(?!\s+(?:person|people|shift|sky|school|dress|gown|star|news|paper|market|run\b|pages))",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:(?P<work>before|after)\s+(?:going\s+to\s+|i\s+go\s+to\s+|my\s+)?(?:the\s+)?(?P<what>work|school|bed(?:time)?|(?:i\s+)?(?:go(?:ing)?\s+to\s+)?sleep|breakfast|lunch|dinner)\b)",
    re.IGNORECASE,
)
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?|noon|midday|midnight"
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s+(?P<a>{_CLOCK})\s+(?:and|to|until)\s+(?P<b>{_CLOCK})(?!\s?(?:km|kg|%|euros|pages|€)|\w)(?:\s+in\s+the\s+(?P<part>morning|afternoon|evening))?"
    rf"|(?<![\w-])(?P<a2>\d{{1,2}}(?:[:.]\d{{2}})?)\s?(?:-|–)\s?(?P<b2>\d{{1,2}}(?:[:.]\d{{2}})?\s?[ap]\.?m\.?|\d{{1,2}}:\d{{2}})(?!\w)",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?P<word>at|after|before|from|by)\s+(?:around\s+|about\s+)?(?P<at>\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\b\.?|\d{1,2}:\d{2}|noon|midday"
    r"|\d{1,2}(?=\s+(?:in\s+the\s+(?:morning|afternoon|evening)|o['’]?clock|at\s+night)))(?:\s+o['’]?clock)?(?:\s+(?:in\s+the\s+|at\s+)(?P<part>morning|afternoon|evening|night))?",
    re.IGNORECASE,
)
_PART_AT = re.compile(
    r"\b(?P<part>mornings?|afternoons?|evenings?)(?P<clock>\s+at\s+(?P<at>[1-9]|1[0-2]))(?![\d:.]|\s?[ap]m)", re.IGNORECASE
)
_HOURS = {"morning": (6 * 60, 10 * 60), "noon": (12 * 60, 14 * 60), "midday": (12 * 60, 14 * 60), "lunch": (12 * 60, 14 * 60),
          "afternoon": (13 * 60, 18 * 60), "evening": (18 * 60, 22 * 60), "night": (20 * 60, 23 * 60)}  # fmt: skip
_EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Occasions:
    """``windows`` with the stretch of text that names them; ``a_week`` where the days themselves say how often, else None."""

    windows: tuple[Window, ...] = ()
    a_week: int | None = None
    start: int = 0
    end: int = 0


def occasions(unread: Unread, preferences: Preferences, minutes: int, part: str = "") -> Occasions:
    """The hours ``unread`` names, which are taken from it. ``minutes``: how long a sitting is, for "at 7"; ``part``: a part of the day that
    was read with how often."""
    windows: list[Window] = []
    spans: list[tuple[int, int]] = []
    counted: list[int] = []
    at = _clocks(unread, minutes, spans)
    for pattern, read in ((_LIST, _of_list), (_SET, _of_set)):
        for match in list(pattern.finditer(unread.left)):
            days, how_often = read(match)
            if not days:
                continue
            start, end = at or _HOURS.get(_singular(match["part"]), (0, 24 * 60))
            windows.append(Window(start, end, days))
            counted += [how_often] if how_often else []
            spans.append(match.span())
            unread.take(*match.span())
    days = frozenset[int]().union(*(one.weekdays for one in windows)) if windows else frozenset[int]()
    for match in list(_AROUND.finditer(unread.left)):
        around = _around(match, preferences)
        if around is not None:
            windows = [Window(around.start, around.end, days or around.weekdays)]
            spans.append(match.span())
            unread.take(*match.span())
    for match in list(_ANY.finditer(unread.left)):
        start, end = at or _HOURS[_singular(match["part"])]
        if days and all(one.end - one.start == 24 * 60 for one in windows):
            windows = [Window(start, end, days)]
        elif not windows:
            windows.append(Window(start, end, _EVERY_DAY))
        if not days and match["lead"].lower().startswith(("every", "each")) and 7 not in counted:
            counted.append(7)
        spans.append(match.span())
        unread.take(*match.span())
    if not windows and part:
        windows.append(Window(*(at or _HOURS[part]), _EVERY_DAY))
    if not windows and at:
        windows.append(Window(*at, _EVERY_DAY))
    if not windows and not spans:
        return Occasions()
    if not spans:
        return Occasions(tuple(windows))
    return Occasions(tuple(windows), min(7, sum(counted)) or None, min(start for start, _ in spans), max(end for _, end in spans))


def habitual(text: str) -> list[tuple[int, int]]:
    """Where ``text`` names weekdays as a habit, so that they are no single days."""
    return [match.span("days") for match in _LIST.finditer(text) if _of_list(match)[0]]


def _of_list(match: re.Match[str]) -> tuple[frozenset[int], int]:
    said = match["days"].lower()
    days: set[int] = set()
    if ranged := re.fullmatch(r"(\w+)\s*(?:-|–|to|until)\s*(\w+)", said):
        first, last = _number(ranged[1]), _number(ranged[2])
        days = {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    else:
        days = {_number(word) for word in re.findall(r"[a-z]{3,}", said) if word not in ("and", "every")}
    is_often = bool(re.search(r"days(?!\w)|day['’]s", said)) or bool(re.search(r"every|each", match["lead"] + said, re.IGNORECASE))
    if not is_often and not (match["part"] or "").lower().endswith("s") and len(days) < 2:
        return frozenset(), 0  # "on Friday": a day, no habit
    if re.search(r"except|but\s+not|apart", match["lead"], re.IGNORECASE):
        days = set(_EVERY_DAY) - days
    return frozenset(days), len(days)


def _number(word: str) -> int:
    return next(n for n, name in enumerate(_NAMES) if name.startswith(word[:3]))


def _of_set(match: re.Match[str]) -> tuple[frozenset[int], int]:
    said = match["set"].lower()
    if "end" in said:
        if re.search(r"\b(?:the|this)\s+$", match["lead"], re.IGNORECASE) and not said.endswith("s") and "at" not in match["lead"].lower():
            return frozenset(), 0  # "the weekend", "by the weekend": one of them
        return frozenset((5, 6)), 0
    every = re.search(r"every|each", match["lead"], re.IGNORECASE)
    return frozenset(range(5)), 5 if every else 0


def _singular(part: str | None) -> str:
    said = (part or "").lower().split()[0] if part else ""
    return "lunch" if said.startswith("lunch") else said.removesuffix("s")


def _around(match: re.Match[str], preferences: Preferences) -> Window | None:
    before, what = match["work"].lower() == "before", match["what"].lower()
    work = preferences.work[0] if preferences.work else Window(9 * 60, 17 * 60, frozenset(range(5)))
    awake = preferences.awake[0] if preferences.awake else Window(7 * 60, 22 * 60)
    if what in ("work", "school"):
        start, end = (min(awake.start, 6 * 60), work.start) if before else (work.end, awake.end)
        return Window(start, end, work.weekdays) if start < end else None
    if "bed" in what or "sleep" in what:
        return Window(max(0, awake.end - 120), awake.end) if before else None
    meal = {"breakfast": (8 * 60, 9 * 60), "lunch": (12 * 60, 14 * 60), "dinner": (18 * 60, 20 * 60)}[what]
    return Window(meal[0] - 120, meal[0]) if before else Window(meal[1], meal[1] + 120)


def _clocks(unread: Unread, minutes: int, spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Hours by the clock, taken."""
    if match := _BETWEEN.search(unread.left):
        first, last = match["a"] or match["a2"], match["b"] or match["b2"]
        half = re.search(r"[ap](?=\.?m)", last, re.IGNORECASE)
        evening = (match["part"] or "").lower() in ("afternoon", "evening") or (half is not None and half[0].lower() == "p")
        start, end = _minute(first, evening), _minute(last, evening)
        if start is not None and end is not None and start < end:
            spans.append(match.span())
            unread.take(*match.span())
            return start, end
    if match := _PART_AT.search(unread.left):
        hour = int(match["at"]) + (12 if not match["part"].lower().startswith("morn") and int(match["at"]) < 12 else 0)
        if hour < 24:
            spans.append(match.span("clock"))
            unread.take(*match.span("clock"))
            return hour * 60, min(24 * 60, hour * 60 + max(minutes, 60))
    if match := _AT.search(unread.left):
        evening = (match["part"] or "").lower() in ("afternoon", "evening", "night")
        at = _minute(match["at"], evening)
        if at is not None:
            spans.append(match.span())
            unread.take(*match.span())
            match match["word"].lower():
                case "after" | "from":
                    return (at, 24 * 60) if at < 24 * 60 else None
                case "before" | "by":
                    return (0, at) if at else None
            return at, min(24 * 60, at + max(minutes, 60))
    return None


def _minute(said: str, evening: bool) -> int | None:
    text = re.sub(r"[.\s]*([ap])\.?m\.?", r"\1m", said.lower().strip())
    if text in ("noon", "midday", "midnight"):
        return 0 if text == "midnight" else 12 * 60
    try:
        at = clock(text)
    except BadInput:
        return None
    return at + 12 * 60 if evening and at < 12 * 60 and not text.endswith("m") else at
