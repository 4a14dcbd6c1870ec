"""The zones a calendar names, as names that are known here.

A TZID (RFC 5545 3.2.19) may be an IANA name, one of Windows', a path that ends in an IANA name, or say an offset; else the file's own
definition of it (VTIMEZONE) counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone import tzp
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from ..errors import BadInput
from . import recurrence

_MOST = 200  # of one file
_PROPERTY = re.compile(r"^(BEGIN|END|DTSTART|TZOFFSETFROM|TZOFFSETTO|RRULE|RDATE)[:;]", re.IGNORECASE)  # times, and not a word
_IANA = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])0?(\d{1,2})(?::?00)?\b")


@dataclass
class Zones:
    """The zones of one file. ``names``: by TZID as written, the name used here, "" for none; ``defined``: by that name the lines of
    those that only the file defines."""

    names: dict[str, str] = field(default_factory=dict)
    defined: dict[str, list[str]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def name_of(self, tzid: str) -> str:
        """The name used here for a TZID; "" when nobody knows where that is."""
        tzid = tzid.strip()
        if tzid not in self.names:
            if len(self.names) >= 10 * _MOST:
                return ""
            self.names[tzid] = known(tzid)
            if not self.names[tzid]:
                self.unknown.add(tzid)
        return self.names[tzid]

    def define(self, lines: Sequence[str]) -> None:
        """Takes in a VTIMEZONE of the file. One that cannot be read is passed over: times in it are then of a zone nobody knows."""
        tzid = next((line[5:].strip() for line in lines if line.upper().startswith("TZID:")), "")
        if not tzid or self.names.get(tzid) or len(self.defined) >= _MOST:
            return
        location = next((line.partition(":")[2] for line in lines if line.upper().startswith("X-LIC-LOCATION")), "")
        if name := known(tzid) or known(location):
            self.names[tzid] = name
            return
        kept = [line for line in lines if _PROPERTY.match(line)]
        name = f"zone-{blake2b(chr(10).join(kept).encode('utf-8', 'replace'), digest_size=8).hexdigest()}"
        defined = [kept[0], f"TZID:{name}", *kept[1:]]
        try:
            learn(defined)
        except BadInput:
            return
        self.names[tzid], self.defined[name] = name, defined


def known(tzid: str) -> str:
    """The IANA name of a zone; "" when it has none."""
    name = tzid.strip().strip('"')
    parts = name.strip("/").split("/")
    for count in range(min(len(parts), 3), 0, -1):
        if _is_zone(candidate := "/".join(parts[-count:])):
            return candidate
    if name in WINDOWS_TO_OLSON:
        return str(WINDOWS_TO_OLSON[name])
    if match := _OFFSET.search(name):  # of hours only: IANA has no others; its signs are turned round
        candidate = f"Etc/GMT{'-' if match[1] == '+' else '+'}{int(match[2])}"
        return candidate if _is_zone(candidate) else ""
    return ""


def learn(lines: Sequence[str]) -> None:
    """Has icalendar know the zones these lines define. Raises BadInput."""
    inside: list[str] = []
    try:
        with recurrence.limited():
            for line in lines:
                if inside or line.upper() == "BEGIN:VTIMEZONE":
                    inside.append(line)
                if inside and line.upper() == "END:VTIMEZONE":
                    zone = icalendar.Timezone.from_ical("\r\n".join([*inside, ""]))
                    assert isinstance(zone, icalendar.Timezone)
                    tzp.cache_timezone_component(zone)
                    inside = []
    except recurrence.BROKEN as error:
        raise BadInput("a time zone that cannot be read") from error


def _is_zone(name: str) -> bool:
    try:
        return _IANA.fullmatch(name) is not None and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False
