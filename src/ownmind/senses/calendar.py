"""Calendars (.ics, RFC 5545): the events of a file, and when they take place.

A file is cut into its events line by line, each is read by itself, and what is wrong with one is said and costs no other. Everything is
bounded: the size and number of events, how often one may repeat, and the time one may take; so this runs in the child of a `Sandbox`.
A zone is an IANA name, one of Windows', one that ends in an IANA name, an offset, or what the file itself defines (VTIMEZONE); a time
without one is in the calendar's own (X-WR-TIMEZONE), else floating. VALARM, VTODO and VJOURNAL are passed over.
"""

from __future__ import annotations

import re
import time
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from io import BytesIO
from typing import BinaryIO

import icalendar

from ..errors import BadInput
from ..messages import Skipped
from ..records import Address, CalendarEvent, Occurrence
from . import recurrence
from .recurrence import YEARS, key, moment, span
from .zones import Zones

_MOST_EVENTS = 100_000
_MOST_VERSIONS = 5_000  # times of one event that were changed by hand
_MOST_CHARACTERS = 64 << 20  # that are kept of a file
_LONGEST_EVENT = 256 << 10  # characters
_LONGEST_LINE = 64 << 10  # bytes, unfolded
_LONGEST_ZONE = 5_000  # lines
_MOST_ATTENDEES = 50
_SECONDS = 120.0  # of the processor for a file
_LONGEST_TITLE, _LONGEST_NOTE = 500, 4_000

_IN_ZONE = {"DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"}
_TIMES = _IN_ZONE | {"DURATION", "RRULE"}
_KEPT = _TIMES | {
    "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "TRANSP", "SUMMARY", "LOCATION", "DESCRIPTION", "ATTENDEE", "X-OWNMIND-GOAL",
}  # fmt: skip
_NAME = re.compile(r"^([A-Za-z0-9-]+)[:;]")
_TZID = re.compile(r';TZID=("[^"]*"|[^;:]*)', re.IGNORECASE)
_FLOATING = re.compile(r":\s*\d{8}T\d{6}(?:,\d{8}T\d{6})*\s*$")


@dataclass
class _Calendar:
    """What of a file its events need. ``zone``: X-WR-TIMEZONE; ``is_cancelled``: METHOD:CANCEL, all of it."""

    zones: Zones = field(default_factory=Zones)
    zone: str = ""
    is_cancelled: bool = False
    skipped: list[Skipped] = field(default_factory=list)


def events(stream: BinaryIO, window: tuple[float, float]) -> Iterator[CalendarEvent | Skipped]:
    """The events of an .ics file, each UID once, with their occurrences (of what repeats: those between the two Unix seconds of
    ``window``); and what could not be read, with the reason. Raises BadInput for what is no calendar."""
    until = time.process_time() + _SECONDS
    calendar = _Calendar()
    groups = _grouped(_blocks(stream, calendar))
    yield from calendar.skipped
    if not groups and not calendar.skipped:
        raise BadInput("there are no events in it")
    for done, (uid, versions) in enumerate(groups.items()):
        if time.process_time() > until:
            yield Skipped("the rest", f"{len(groups) - done} of its {len(groups)} events: reading them takes too long")
            return
        yield from _event(uid, versions, calendar, window)
    for tzid in sorted(calendar.zones.unknown)[:20]:
        yield Skipped(f"the zone “{_line(tzid, 60)}”", "nobody knows it: times in it are taken as the clock where you are")


# Cutting a file into events


@dataclass(slots=True)
class _Block:
    number: int
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def value(self, name: str) -> str:
        """The text of its first line with this name; "" for none."""
        return next((_value(line) for line in self.lines if _name(line) == name), "")


def _blocks(stream: BinaryIO, calendar: _Calendar) -> Iterator[_Block]:
    """Every VEVENT that is whole; what the file says of itself and of zones goes into ``calendar``."""
    block: _Block | None = None
    zone: list[str] | None = None
    number = kept = inner = 0
    is_calendar = False
    for line in unfolded(stream):
        name = _name(line)
        value = _value(line) if name in ("BEGIN", "END", "X-WR-TIMEZONE", "METHOD") else ""
        match name, value.upper():
            case "BEGIN", "VCALENDAR":
                is_calendar = True
            case "BEGIN", "VEVENT":
                if block is not None:
                    calendar.skipped.append(Skipped(f"event {block.number}", "another begins in the middle of it"))
                if number >= _MOST_EVENTS or kept > _MOST_CHARACTERS:
                    calendar.skipped.append(Skipped(f"after event {number}", "more than is read of one calendar"))
                    return
                number, inner, zone = number + 1, 0, None
                block = _Block(number)
            case "END", "VEVENT" if block is not None:
                kept += block.size
                if block.size > _LONGEST_EVENT:
                    calendar.skipped.append(Skipped(f"event {number}", f"more than {_LONGEST_EVENT >> 10} KB of text"))
                else:
                    yield block
                block = None
            case "BEGIN", _ if block is not None:  # an alarm, or anything else inside: not a time of the event
                inner += 1
            case "END", _ if block is not None:
                inner = max(0, inner - 1)
            case _ if block is not None:
                if not inner and name in _KEPT and block.size <= _LONGEST_EVENT:
                    block.lines.append(line)
                    block.size += len(line)
            case "BEGIN", "VTIMEZONE":
                zone = [line]
            case "END", "VTIMEZONE" if zone is not None:
                calendar.zones.define([*zone, line])
                zone = None
            case _ if zone is not None:
                zone.append(line)
                zone = zone if len(zone) < _LONGEST_ZONE else None
            case "X-WR-TIMEZONE", _:
                calendar.zone = value
            case "METHOD", "CANCEL":
                calendar.is_cancelled = True
    if block is not None:
        calendar.skipped.append(Skipped(f"event {block.number}", "the file ends in the middle of it"))
    if not is_calendar:
        raise BadInput("no calendar in it: BEGIN:VCALENDAR is missing")


def unfolded(stream: BinaryIO) -> Iterator[str]:
    """The content lines (RFC 5545 3.1), decoded: UTF-8 as it must be, UTF-16 by its mark, else Windows-1252. Bytes are joined before
    they are decoded, because a fold may cut a character in two. Lines end with LF, CRLF or (in very old programs) CR."""
    stream.seek(0)
    head = stream.read(3)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        stream.seek(0)
        stream = BytesIO(stream.read(_MOST_CHARACTERS).decode("utf-16", "replace").encode())
    elif head != BOM_UTF8:
        stream.seek(0)
    held = bytearray()
    while piece := stream.readline(_LONGEST_LINE):
        for line in piece.rstrip(b"\r\n").split(b"\r"):
            if line[:1] in (b" ", b"\t") and held:
                held += line[1 : _LONGEST_LINE - len(held)] if len(held) < _LONGEST_LINE else b""
                continue
            if held:
                yield _decoded(held)
            held = bytearray(line)
    if held:
        yield _decoded(held)


def _decoded(line: bytearray) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    return text.replace("\x00", "")


def _grouped(blocks: Iterator[_Block]) -> dict[str, list[_Block]]:
    """The blocks of each UID. One without is known by what it says."""
    groups: dict[str, list[_Block]] = {}
    for block in blocks:
        uid = block.value("UID") or blake2b("\n".join(block.lines).encode("utf-8", "replace"), digest_size=16).hexdigest()
        groups.setdefault(uid, []).append(block)
    return groups


# One event


def _event(uid: str, versions: Sequence[_Block], calendar: _Calendar, window: tuple[float, float]) -> Iterator[CalendarEvent | Skipped]:
    """The event of a UID: its own block, and those that change one of its times."""
    where = _line(versions[0].value("SUMMARY"), 60) or f"event {versions[0].number}"
    try:
        with recurrence.limited():
            parsed = [_parsed(block, calendar) for block in versions[:_MOST_VERSIONS]]
            changed = _newest_of_each([one for one in parsed if "RECURRENCE-ID" in one])
            master = max((one for one in parsed if "RECURRENCE-ID" not in one), key=_version, default=None)
            own, others = (master, changed) if master is not None else (changed[0], changed[1:])
            event = _read(uid, own, others, is_cancelled=calendar.is_cancelled)
    except BadInput as error:
        yield Skipped(where, error.message)
    except recurrence.BROKEN:
        yield Skipped(where, "it is not written as an event of a calendar must be")
    else:
        yield from _repeated(event, where, own, others, calendar.zones, window)


def _parsed(block: _Block, calendar: _Calendar) -> icalendar.Event:
    lines = [_in_known_zone(line, calendar) for line in block.lines]
    event = icalendar.Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""]))
    assert isinstance(event, icalendar.Event)
    return event


def _in_known_zone(line: str, calendar: _Calendar) -> str:
    """A line of times, its TZID one that is known here; where it has none, the calendar's own zone, if it says one."""
    name = _name(line)
    if name not in _IN_ZONE:
        return line
    own = calendar.zones.name_of(calendar.zone) if calendar.zone else ""
    if given := _TZID.search(line):
        known = calendar.zones.name_of(given[1].strip('"')) or own
        return line[: given.start()] + (f";TZID={known}" if known else "") + line[given.end() :]
    is_floating = bool(own) and _FLOATING.search(line) is not None
    return f"{name};TZID={own}{line[len(name) :]}" if is_floating else line


def _read(uid: str, event: icalendar.Event, changed: Sequence[icalendar.Event], *, is_cancelled: bool) -> CalendarEvent:
    """The event, as it stands there: its first time, and those that were changed by hand. Raises BadInput."""
    start, end, is_floating = span(event)
    title, place = _text(event, "SUMMARY"), _text(event, "LOCATION")
    is_free, is_cancelled = _is_free(event), is_cancelled or _is_cancelled(event)
    others = [_occurrence(one, title, place, is_free=is_free or is_cancelled) for one in changed]
    begins = moment(event, "DTSTART")
    return CalendarEvent(
        uid=uid,
        title=title,
        place=place,
        note=_note(event),
        attendees=_attendees(event),
        when=recurrence.in_words(begins, end - start, event.get("RRULE")),
        at=datetime.fromtimestamp(start, UTC),
        is_whole_day=not isinstance(begins, datetime),
        is_free=is_free,
        is_cancelled=is_cancelled,
        sequence=_sequence(event),
        stamp=_stamp(event),
        goal=_line(str(event.get("X-OWNMIND-GOAL", "")), 20),
        occurrences=(Occurrence(key(event), start, end, is_floating), *others),
    )


def _repeated(
    event: CalendarEvent, where: str, master: icalendar.Event, changed: Sequence[icalendar.Event], zones: Zones,
    window: tuple[float, float],
) -> Iterator[CalendarEvent | Skipped]:  # fmt: skip
    """The event with the occurrences of its repetition; with those it names itself where that cannot be worked out, and why."""
    broken = any(name in ("RRULE", "RDATE", "EXDATE") for name, _ in master.errors)
    if not broken and "RRULE" not in master and "RDATE" not in master:
        yield event
        return
    try:
        if broken:
            raise BadInput("how it repeats cannot be read")
        lines = _times([master, *changed], zones)
        found = recurrence.occurrences(lines, window)
    except BadInput as error:
        yield Skipped(where, f"{error.message}: only its first time is kept")
        yield event
        return
    by_hand = {one.key: one for one in event.occurrences[1:]}
    keys = {one.key for one in found}
    every = (*(by_hand.get(one.key, one) for one in found), *(one for key, one in by_hand.items() if key not in keys))
    yield replace(event, occurrences=every, times="\n".join(lines), expanded=window)


def _times(versions: Sequence[icalendar.Event], zones: Zones) -> list[str]:
    """A calendar of this event's times, without a word of the person's."""
    lines = ["BEGIN:VCALENDAR"]
    used = {line for one in versions for line in one.to_ical().decode().replace("\r\n ", "").split("\r\n")}
    for name, defined in zones.defined.items():
        if any(f"TZID={name}" in line for line in used):
            lines += defined
    for one in versions:
        own = one.to_ical().decode("utf-8", "replace").replace("\r\n ", "").split("\r\n")
        lines += ["BEGIN:VEVENT", "UID:1", *(line for line in own if _name(line) in _TIMES), "END:VEVENT"]
    return [*lines, "END:VCALENDAR"]


def _occurrence(changed: icalendar.Event, title: str, place: str, *, is_free: bool) -> Occurrence:
    """One time that was changed by hand, with what differs from the event."""
    start, end, is_floating = span(changed)
    own_title, own_place = _text(changed, "SUMMARY"), _text(changed, "LOCATION")
    own_free = _is_free(changed) or _is_cancelled(changed)
    return Occurrence(
        key(changed),
        start,
        end,
        is_floating,
        own_title if own_title != title else None,
        own_place if own_place != place else None,
        own_free if own_free != is_free else None,
    )


def _newest_of_each(changed: Sequence[icalendar.Event]) -> list[icalendar.Event]:
    """Of each time that was changed by hand the last version, in the order they were."""
    newest: dict[str, icalendar.Event] = {}
    for one in changed:
        known = newest.get(key(one))
        if known is None or _version(one) >= _version(known):
            newest[key(one)] = one
    return sorted(newest.values(), key=key)


def _version(event: icalendar.Event) -> tuple[int, float]:
    return _sequence(event), _stamp(event)


def _sequence(event: icalendar.Event) -> int:
    given = event.get("SEQUENCE", 0)
    return min(2**31, max(0, given)) if isinstance(given, int) else 0


def _stamp(event: icalendar.Event) -> float:
    """When it was last changed, as far as it says so; Unix seconds."""
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        at = getattr(event.get(name), "dt", None)
        if isinstance(at, datetime) and at.year in YEARS:
            return at.replace(tzinfo=at.tzinfo or UTC).timestamp()
    return 0.0


def _is_cancelled(event: icalendar.Event) -> bool:
    return str(event.get("STATUS", "")).strip().upper() == "CANCELLED"


def _is_free(event: icalendar.Event) -> bool:
    return str(event.get("TRANSP", "")).strip().upper() == "TRANSPARENT"


def _attendees(event: icalendar.Event) -> tuple[Address, ...]:
    given = event.get("ATTENDEE", [])
    every = given if isinstance(given, list) else [given]
    return tuple(
        Address(_line(str(one.params.get("CN", "")), 200), _line(re.sub("^mailto:", "", str(one), flags=re.IGNORECASE), 200))
        for one in every[:_MOST_ATTENDEES]
        if hasattr(one, "params")
    )


def _text(event: icalendar.Event, name: str) -> str:
    given = event.get(name, "")
    return _line(str(given[0] if isinstance(given, list) and given else given), _LONGEST_TITLE)


def _note(event: icalendar.Event) -> str:
    given = event.get("DESCRIPTION", "")
    text = str(given[0] if isinstance(given, list) and given else given)
    lines = (_line(line, _LONGEST_NOTE) for line in text[: 2 * _LONGEST_NOTE].splitlines())
    return "\n".join(line for line in lines if line)[:_LONGEST_NOTE]


def _line(text: str, most: int) -> str:
    """``text`` in one line, without characters that only steer a terminal, cut to ``most``."""
    words = " ".join("".join(each if each.isprintable() else " " for each in text[: 4 * most]).split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _name(line: str) -> str:
    """The name of a content line's property, in capitals."""
    match = _NAME.match(line)
    return match[1].upper() if match else ""


def _value(line: str) -> str:
    """What stands behind the first colon that no quotation mark hides."""
    is_quoted = False
    for place, character in enumerate(line):
        if character == '"':
            is_quoted = not is_quoted
        elif character == ":" and not is_quoted:
            return line[place + 1 :].strip()
    return ""
