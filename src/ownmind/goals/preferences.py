"""How a person's days are shaped and when they may be spoken to. One value, kept in the store, changed on the page or by command.

The zone is where the person is now: "" follows the system's. Quiet hours may pass midnight. ``changed`` reads what a person types
("21:30", "none", "Mo-Fr 09:00-17:00"); ``shown`` writes it so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..errors import BadInput
from ..store.settings import Settings
from .placing.schedule import Days, Window

KEY = "preferences"  # of the settings
_WORKDAYS = frozenset(range(5))
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_CLOCKS = frozenset({"quiet_from", "quiet_to", "briefing", "review"})
_CAN_BE_NONE = frozenset({"briefing", "review"})
_MOST = {"most_minutes": 24 * 60, "most_sittings": 24, "pause": 12 * 60, "nudges_a_day": 50}
_BOOLEANS = {"yes": True, "on": True, "true": True, "1": True, "no": False, "off": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Preferences:
    """Clock times are minutes since midnight of the person's zone."""

    zone: str = ""  # IANA name, such as Europe/Berlin
    awake: tuple[Window, ...] = (Window(7 * 60, 22 * 60),)
    work: tuple[Window, ...] = (Window(9 * 60, 17 * 60, _WORKDAYS),)  # taken, unless a goal's own hours lie in it
    most_minutes: int = 180  # of all goals on a day
    most_sittings: int = 4
    pause: int = 0  # minutes between two sittings
    quiet_from: int = 21 * 60 + 30
    quiet_to: int = 8 * 60
    nudges_a_day: int = 3
    briefing: int = 8 * 60  # -1: none
    review_day: int = 6  # Sunday
    review: int = 18 * 60  # -1: none
    desktop: bool = False  # notifications of the desktop
    silent: bool = False  # nothing is shown and nothing is spent

    @property
    def days(self) -> Days:
        return Days(self.awake, self.most_minutes, self.most_sittings, self.pause)


def changed(preferences: Preferences, name: str, value: str) -> Preferences:
    """The preferences with ``name`` set to what ``value`` says. Raises BadInput that names what it takes."""
    known = [field.name for field in fields(Preferences)]
    if name not in known:
        raise BadInput(f"there is no preference {name!r}", hint=f"known ones: {', '.join(known)}")
    said = value.strip()
    before = getattr(preferences, name)
    read: object
    if name == "zone":
        read = _zone(said)
    elif name in ("awake", "work"):
        read = windows(said)
    elif name in _CLOCKS:
        read = -1 if name in _CAN_BE_NONE and said.lower() in ("none", "off", "-1") else clock(said)
    elif name == "review_day":
        read = _weekday(said)
    elif isinstance(before, bool):
        if said.lower() not in _BOOLEANS:
            raise BadInput(f"{value!r} is neither yes nor no", hint="yes or no")
        read = _BOOLEANS[said.lower()]
    else:
        if not re.fullmatch(r"[0-9]{1,5}", said) or int(said) > _MOST[name]:
            raise BadInput(f"{value!r} is no number from 0 to {_MOST[name]}", hint=f"{name} such as {before}")
        read = int(said)
    if name == "awake" and not read:
        raise BadInput("some hours must be left to be awake in", hint="such as 07:00-22:00")
    return replace(preferences, **{name: read})  # type: ignore[arg-type]  # each was read as its own type


def shown(preferences: Preferences) -> dict[str, str]:
    """Each preference as a person types it."""
    said: dict[str, str] = {}
    for name, value in ((field.name, getattr(preferences, field.name)) for field in fields(Preferences)):
        if isinstance(value, bool):
            said[name] = "yes" if value else "no"
        elif name in _CLOCKS:
            said[name] = "none" if value < 0 else f"{value // 60:02}:{value % 60:02}"
        elif name == "review_day":
            said[name] = _WEEKDAYS[value]
        elif isinstance(value, tuple):
            said[name] = ", ".join(_window_shown(window) for window in value)
        else:
            said[name] = str(value)
    return said


def clock(said: str) -> int:
    """Minutes since midnight of "21:30" or "21". Raises BadInput."""
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?", said)
    minutes = 60 * int(found[1]) + int(found[2] or 0) if found and int(found[2] or 0) < 60 else 24 * 60
    if minutes >= 24 * 60:
        raise BadInput(f"{said!r} is no time of the day", hint="such as 21:30")
    return minutes


def windows(said: str) -> tuple[Window, ...]:
    """Hours of weekdays: "Mo-Fr 09:00-17:00, Sa 10:00-12:00"; without days, of every day; "" or "none": none. Raises BadInput."""
    return () if said.lower() in ("", "none") else tuple(_window(part.strip()) for part in said.split(","))


def kept(settings: Settings) -> Preferences:
    """The preferences of a home."""
    return from_json(settings.get(KEY))


def to_json(preferences: Preferences) -> str:
    """As it is kept."""
    return json.dumps(asdict(preferences), default=sorted)


@lru_cache(maxsize=8)  # the same text is read at every look
def from_json(text: str) -> Preferences:
    """What ``to_json`` wrote; the usual ones for "". What a later version wrote besides is left out."""
    if not text:
        return Preferences()
    read = json.loads(text)
    given = {field.name: read[field.name] for field in fields(Preferences) if field.name in read}
    for name in ("awake", "work"):
        if name in given:
            given[name] = tuple(_kept_window(one) for one in given[name])
    return Preferences(**given)


def _kept_window(kept: Mapping[str, object]) -> Window:
    start, end, weekdays = kept["start"], kept["end"], kept["weekdays"]
    assert isinstance(start, int) and isinstance(end, int) and isinstance(weekdays, list)
    return Window(start, end, frozenset(weekdays))


def _zone(said: str) -> str:
    if said.lower() in ("", "system"):
        return ""
    try:
        return ZoneInfo(said).key
    except (ValueError, OSError, KeyError) as error:
        raise BadInput(f"{said!r} is no time zone", hint="an IANA name, such as Europe/Berlin; system follows this machine") from error


def _weekday(said: str) -> int:
    found = [number for number, name in enumerate(_WEEKDAYS) if len(said) >= 2 and said[:2].lower() == name.lower()]
    if found:
        return found[0]
    if re.fullmatch("[0-6]", said):
        return int(said)
    raise BadInput(f"{said!r} is no day of the week", hint="such as Su")


def _window(part: str) -> Window:
    found = re.fullmatch(r"(?:([A-Za-z]{2,9})(?:\s*-\s*([A-Za-z]{2,9}))?\s+)?([0-9:.]+)\s*-\s*([0-9:.]+)", part)
    if not found:
        raise BadInput(f"{part!r} names no hours", hint="such as Mo-Fr 09:00-17:00")
    first = _weekday(found[1]) if found[1] else 0
    last = _weekday(found[2]) if found[2] else (first if found[1] else 6)
    days = frozenset((first + more) % 7 for more in range((last - first) % 7 + 1))
    end = 24 * 60 if found[4] in ("24", "24:00") else clock(found[4])
    return Window(clock(found[3]), end, days)


def _window_shown(window: Window) -> str:
    hours = f"{window.start // 60:02}:{window.start % 60:02}-{window.end // 60:02}:{window.end % 60:02}"
    days = sorted(window.weekdays)
    if len(days) == 7:
        return hours
    if days == list(range(days[0], days[-1] + 1)) and len(days) > 1:
        return f"{_WEEKDAYS[days[0]]}-{_WEEKDAYS[days[-1]]} {hours}"
    return ", ".join(f"{_WEEKDAYS[day]} {hours}" for day in days)
