"""Events of calendars, when they take place, and the calendars themselves, as rows.

Functions take a connection from ``Database.read`` or ``Database.write``. When several calendars hold an event (the same UID: a file
that was downloaded twice), the version with the highest SEQUENCE counts, then the one changed last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

import apsw

from ..errors import NotFound
from ..records import Address, Appointment, CalendarEvent, Occurrence
from .items import moment, whole

LONG = 32 * 86_400.0  # seconds; what lasts longer has an index of its own (step 16 says the same number)
BLOCK = 128 * 86_400.0  # seconds; occurrences of what repeats are worked out for so long at a time
_FARTHEST = 15 * 3600.0  # no zone is farther from UTC
_FIRST, _LAST = -62_135_596_800.0, 253_402_300_799.0  # the years 1 and 9999


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar that is fetched. ``row`` is its number."""

    row: int
    kind: str  # caldav, address
    url: str
    user: str
    title: str
    fetched_at: datetime | None

    @property
    def ref(self) -> str:
        return f"calendar:{self.row}"


@dataclass(frozen=True, slots=True)
class Origin:
    """A source that events came from."""

    ref: str
    title: str
    events: int
    at: datetime | None  # when it was read for the first time


@dataclass(frozen=True, slots=True)
class Repeating:
    """An event whose occurrences are not all here: ``row``, what repeats it, and the blocks that are missing, in order."""

    row: int
    times: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """One of our own events on a server."""

    uid: str
    href: str
    etag: str
    sequence: int


def uid_hash(uid: str) -> bytes:
    """16 bytes that stand for a UID."""
    return blake2b(uid.encode("utf-8", "replace"), digest_size=16).digest()


def keep(cx: apsw.Connection, item: int, event: CalendarEvent, *, goal: str = "") -> None:
    """Keeps ``event`` beside the item (a row) that says it, in place of what was there. ``goal``: whose step it is, when it is ours."""
    cx.execute("DELETE FROM events WHERE item_id = ?", (item,))
    attendees = json.dumps([[one.name, one.email] for one in event.attendees], ensure_ascii=False)
    cx.execute(
        """INSERT INTO events(item_id, uid, sequence, stamp, title, place, attendees, whole_day, is_free, goal, times)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            item, uid_hash(event.uid), event.sequence, event.stamp, event.title, event.place, attendees, event.is_whole_day,
            event.is_free or event.is_cancelled, goal, event.times,
        ),
    )  # fmt: skip
    extend(cx, cx.last_insert_rowid(), event.occurrences, blocks(*event.expanded) if event.times else ())


def extend(cx: apsw.Connection, event: int, found: Sequence[Occurrence], here: Iterable[int]) -> None:
    """Adds an event's occurrences (all of the blocks ``here``). One that is there stays: what was moved by hand is kept under the time
    it had. Nothing when the event has gone meanwhile."""
    if not cx.execute("SELECT 1 FROM events WHERE id = ?", (event,)).get:
        return
    cx.executemany(
        "INSERT OR IGNORE INTO occurrences(event_id, key, start, until, floating, title, place, is_free) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(event, one.key, one.start, one.end, one.is_floating, one.title, one.place, one.is_free) for one in found],
    )
    cx.executemany("INSERT OR IGNORE INTO expanded(event_id, block) VALUES (?, ?)", [(event, block) for block in here])


def blocks(start: float, end: float) -> range:
    """The blocks that hold what lies between the two Unix seconds."""
    return range(int(start // BLOCK), int(-(-end // BLOCK)))


def window(of: Sequence[int]) -> tuple[float, float]:
    """From the beginning of the first to the end of the last of these blocks, in Unix seconds."""
    return of[0] * BLOCK, (of[-1] + 1) * BLOCK


def keep_only(cx: apsw.Connection, source: int, kept: Iterable[int]) -> None:
    """Drops the events of a source (a row) whose items (rows) are not among ``kept``: the item may stay for what rests on it, its time
    is free. What words were cut out of still takes its time."""
    cx.execute(
        """DELETE FROM events WHERE item_id IN (SELECT id FROM items WHERE source_id = ? AND external_id NOT LIKE 'redacted.%')
           AND item_id NOT IN (SELECT value FROM json_each(?))""",
        (source, json.dumps(list(kept))),
    )


def unexpanded(cx: apsw.Connection, start: datetime, end: datetime) -> list[Repeating]:
    """The events that repeat and whose occurrences between the two moments are not all here."""
    wanted = json.dumps(list(blocks(start.timestamp() - _FARTHEST, end.timestamp() + _FARTHEST)))
    found = cx.execute(
        """SELECT e.id, e.times, json_group_array(w.value) FROM events e INDEXED BY events_repeating, json_each(?) w
           WHERE e.times <> '' AND NOT EXISTS (SELECT 1 FROM expanded x WHERE x.event_id = e.id AND x.block = w.value) GROUP BY e.id""",
        (wanted,),
    )
    return [Repeating(whole(row), str(times), tuple(sorted(json.loads(str(missing))))) for row, times, missing in found]


def between(cx: apsw.Connection, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Appointment, ...]:
    """What takes place between the two moments (aware), by start. ``zone``: the person's, for floating times and whole days."""
    first, last = max(_FIRST, start.timestamp()), min(_LAST, end.timestamp())
    rows = cx.execute(
        """WITH near AS (
               SELECT event_id, key, start, until, floating, title, place, is_free FROM occurrences
               WHERE start >= ?1 - ?3 AND start < ?2 AND until > ?1
               UNION ALL
               SELECT event_id, key, start, until, floating, title, place, is_free FROM occurrences INDEXED BY occurrences_long
               WHERE until - start > 2764800 AND until > ?1 AND start < ?1 - ?3)
           SELECT hex(e.uid), n.key, n.start, n.until, n.floating, coalesce(n.title, e.title), coalesce(n.place, e.place), e.attendees,
                  e.whole_day, coalesce(n.is_free, e.is_free), s.ref, e.goal
           FROM near n JOIN events e ON e.id = n.event_id JOIN items i ON i.id = e.item_id JOIN sources s ON s.id = i.source_id
           WHERE NOT i.withheld AND NOT EXISTS (
               SELECT 1 FROM events o JOIN items oi ON oi.id = o.item_id
               WHERE o.uid = e.uid AND (o.sequence, o.stamp, o.id) > (e.sequence, e.stamp, e.id) AND NOT oi.withheld)""",
        (first - _FARTHEST, last + _FARTHEST, LONG),
    )
    found = [_appointment(row, zone) for row in rows]
    return tuple(sorted((one for one in found if one.start < end and one.end > start), key=lambda one: (one.start, one.end, one.key)))


def origins(cx: apsw.Connection) -> list[Origin]:
    """The sources that events came from, by name."""
    rows = cx.execute(
        """SELECT s.ref, s.title, count(*), s.added_at FROM events e JOIN items i ON i.id = e.item_id JOIN sources s ON s.id = i.source_id
           GROUP BY s.id ORDER BY s.title, s.ref"""
    )
    return [Origin(str(ref), str(title), whole(events), moment(float(str(at)))) for ref, title, events, at in rows]


def count(cx: apsw.Connection, ref: str) -> int:
    """How many events a source has."""
    sql = "SELECT count(*) FROM events e JOIN items i ON i.id = e.item_id JOIN sources s ON s.id = i.source_id WHERE s.ref = ?"
    return whole(cx.execute(sql, (ref,)).get)


# Calendars that are fetched


def add_calendar(cx: apsw.Connection, kind: str, url: str, user: str, title: str, now: datetime) -> Calendar:
    """The calendar at ``url``, in place of what was known of it."""
    cx.execute(
        """INSERT INTO calendars(kind, url, user, title, added_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT(url) DO UPDATE SET kind = excluded.kind, user = excluded.user, title = excluded.title""",
        (kind, url, user, title, now.timestamp()),
    )
    return next(one for one in calendars(cx) if one.url == url)


def calendars(cx: apsw.Connection) -> list[Calendar]:
    rows = cx.execute("SELECT id, kind, url, user, title, fetched_at FROM calendars ORDER BY id")
    return [
        Calendar(whole(row), str(kind), str(url), str(user), str(title), moment(at if isinstance(at, float) else None))
        for row, kind, url, user, title, at in rows
    ]


def calendar(cx: apsw.Connection, ref: str) -> Calendar:
    """The calendar ``calendar:2``. Raises NotFound."""
    for one in calendars(cx):
        if one.ref == ref:
            return one
    raise NotFound(f"there is no calendar {ref[:60]!r}", hint="`ownmind calendar sources` lists them")


def remove_calendar(cx: apsw.Connection, row: int) -> None:
    cx.execute("DELETE FROM calendars WHERE id = ?", (row,))


def fetched(cx: apsw.Connection, row: int, now: datetime) -> None:
    """Writes that a calendar was read to its end just now."""
    cx.execute("UPDATE calendars SET fetched_at = ? WHERE id = ?", (now.timestamp(), row))


# Our own events elsewhere


def numbered(cx: apsw.Connection, digests: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    """The SEQUENCE of each UID when what it says has this digest: one more each time it says something else (RFC 5545 3.8.7.4)."""
    numbers: dict[str, int] = {}
    for uid, digest in digests:
        row = cx.execute("SELECT digest, sequence FROM exported WHERE uid = ?", (uid,)).fetchone()
        numbers[uid] = 0 if row is None else whole(row[1]) + (bytes(row[0]) != digest)
        cx.execute("INSERT OR REPLACE INTO exported(uid, digest, sequence) VALUES (?, ?, ?)", (uid, digest, numbers[uid]))
    return numbers


def published(cx: apsw.Connection, row: int) -> dict[str, Published]:
    """Our own events in a calendar, by UID."""
    rows = cx.execute("SELECT uid, href, etag, sequence FROM published WHERE calendar_id = ? ORDER BY uid", (row,))
    return {str(uid): Published(str(uid), str(href), str(etag), whole(number)) for uid, href, etag, number in rows}


def note_published(cx: apsw.Connection, row: int, one: Published) -> None:
    cx.execute(
        "INSERT OR REPLACE INTO published(calendar_id, uid, href, etag, sequence) VALUES (?, ?, ?, ?, ?)",
        (row, one.uid, one.href, one.etag, one.sequence),
    )


def note_withdrawn(cx: apsw.Connection, row: int, uid: str) -> None:
    cx.execute("DELETE FROM published WHERE calendar_id = ? AND uid = ?", (row, uid))


def _appointment(row: tuple[object, ...], zone: ZoneInfo) -> Appointment:
    uid, key, start, until, floating, title, place, attendees, whole_day, is_free, ref, goal = row
    return Appointment(
        key=f"{uid}/{key}",
        start=_aware(float(str(start)), zone, is_floating=bool(floating)),
        end=_aware(float(str(until)), zone, is_floating=bool(floating)),
        title=str(title),
        place=str(place),
        attendees=tuple(Address(str(name), str(email)) for name, email in json.loads(str(attendees))),
        whole_day=bool(whole_day),
        is_free=bool(is_free),
        source=str(ref),
        goal=str(goal),
    )


def _aware(seconds: float, zone: ZoneInfo, *, is_floating: bool) -> datetime:
    at = datetime.fromtimestamp(seconds, UTC)
    return at.replace(tzinfo=zone) if is_floating else at.astimezone(zone)
