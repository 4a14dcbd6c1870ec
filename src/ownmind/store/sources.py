"""What a source of a briefing says, read from its own rows and nothing else: how `telling.traced` re-opens what a line cites.

Reads rows plainly, beside the ways in which the faces read them, so that a mistake there does not confirm itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import apsw

from .items import LONGEST_ID, whole

_DECIDED = ("done", "half", "missed", "skipped")


@dataclass(frozen=True, slots=True)
class Opened:
    """One source. ``moments`` are in the person's zone; ``span`` begins and ends it; ``born`` is a birthday (year 1604: not known)."""

    kind: str
    texts: tuple[str, ...]
    moments: tuple[datetime, ...] = ()
    span: tuple[datetime, datetime] | None = None
    state: str = ""
    by: str = ""
    to: str = ""
    due: datetime | None = None
    born: date | None = None
    goal: str = ""
    is_whole_day: bool = False
    minutes: int = 0


def opened(cx: apsw.Connection, kind: str, ref: str, zone: ZoneInfo) -> Opened | None:
    """What stands there now; None when nothing does, or it is withheld."""
    match kind:
        case "step":
            return _step(cx, _row(ref, "s"), zone)
        case "goal":
            return _goal(cx, _row(ref, "g"), zone)
        case "promise":
            return _promise(cx, _row(ref, "m"), zone)
        case "item":
            return _item(cx, _row(ref, "i"), zone)
        case "appointment":
            return _appointment(cx, ref, zone)
        case "evidence":
            return _evidence(cx, _row(ref, "e"), zone)
        case "delivery":
            return _delivery(cx, ref, zone)
        case "place":
            step, _, day = ref.partition("@")
            return _place(cx, _row(step, "s"), day, zone)
        case _:
            return None


def tally(cx: apsw.Connection, goal: str, start: datetime, end: datetime) -> dict[str, int]:
    """How many steps of a goal whose time was between the two moments came to what: done, half, missed, skipped, open, and ``decided``."""
    rows = cx.execute(
        """SELECT state, count(*) FROM goal_steps
           WHERE goal_id = ? AND coalesce(start, latest) >= ? AND coalesce(start, latest) < ? GROUP BY 1""",
        (_row(goal, "g"), start.timestamp(), end.timestamp()),
    )
    found = {str(state): whole(n) for state, n in rows}
    return {**dict.fromkeys(("open", *_DECIDED), 0), **found, "decided": sum(found.get(state, 0) for state in _DECIDED)}


def learned(cx: apsw.Connection, keys: Iterable[str]) -> dict[str, datetime]:
    """When the calendar's entry behind each of these appointments came to be known here (UTC), by the appointment's key."""
    found: dict[str, datetime] = {}
    for key in keys:
        uid, _, _ = key.partition("/")
        at = cx.execute("SELECT min(i.learned_at) FROM events e JOIN items i ON i.id = e.item_id WHERE hex(e.uid) = ?", (uid,)).get
        if at is not None:
            found[key] = datetime.fromtimestamp(float(str(at)), UTC)
    return found


def refused(cx: apsw.Connection, start: datetime) -> list[tuple[str, str, datetime, str]]:
    """What was said since ``start`` of steps that were not done: evidence (e4), step, when (UTC), the words."""
    rows = cx.execute(
        """SELECT e.id, e.step_id, e.at, i.text FROM goal_evidence e JOIN items i ON i.id = e.item_id
           WHERE e.answer = 'not_done' AND e.step_id IS NOT NULL AND e.at >= ? AND NOT i.withheld ORDER BY e.at, e.id""",
        (start.timestamp(),),
    )
    return [(f"e{whole(n)}", f"s{whole(step)}", datetime.fromtimestamp(float(str(at)), UTC), str(text)) for n, step, at, text in rows]


def _step(cx: apsw.Connection, row: int, zone: ZoneInfo) -> Opened | None:
    for title, goal, number, start, until, done, latest, state, minutes, note in cx.execute(
        """SELECT s.title, g.title, g.id, s.start, s.until, s.done_at, s.latest, s.state, s.minutes, coalesce(i.text, '')
           FROM goal_steps s JOIN goals g ON g.id = s.goal_id LEFT JOIN items i ON i.id = s.item_id WHERE s.id = ?""",
        (row,),
    ):
        span = (_at(start, zone), _at(until, zone)) if start is not None and until is not None else None
        moments = tuple(_at(one, zone) for one in (start, until, done, latest) if one is not None)
        texts = tuple(str(one) for one in (title, goal, note) if one)
        return Opened("step", texts, moments, span, str(state), due=_at(latest, zone), goal=f"g{whole(number)}", minutes=whole(minutes))
    return None


def _goal(cx: apsw.Connection, row: int, zone: ZoneInfo) -> Opened | None:
    for title, state, created, ended in cx.execute("SELECT title, state, created_at, ended_at FROM goals WHERE id = ?", (row,)):
        return Opened(
            "goal", (str(title),), tuple(_at(one, zone) for one in (created, ended) if one is not None), state=str(state), goal=f"g{row}"
        )
    return None


def _promise(cx: apsw.Connection, row: int, zone: ZoneInfo) -> Opened | None:
    for by, to, what, due, words, state, sentence, at in cx.execute(
        """SELECT p.by, p.whom, p.what, p.due, p.due_words, p.state, substr(i.text, p.span_start + 1, p.span_end - p.span_start), i.at
           FROM promises p JOIN items i ON i.id = p.item_id WHERE p.id = ? AND NOT i.withheld""",
        (row,),
    ):
        moments = tuple(_at(one, zone) for one in (due, at) if one is not None)
        until = _at(due, zone) if due is not None else None
        return Opened("promise", (str(what), str(sentence), str(words)), moments, state=str(state), by=str(by), to=str(to), due=until)
    return None


def _item(cx: apsw.Connection, row: int, zone: ZoneInfo) -> Opened | None:
    for text, speaker, at, born in cx.execute(
        """SELECT i.text, i.speaker, i.at, c.card ->> '$.birthday' FROM items i LEFT JOIN contacts c ON c.item_id = i.id
           WHERE i.id = ? AND NOT i.withheld""",
        (row,),
    ):
        moments = (_at(at, zone),) if at is not None else ()
        day = date.fromisoformat(str(born)) if born else None
        return Opened("item", (str(text), str(speaker)), moments, by=str(speaker), born=day)
    return None


def _appointment(cx: apsw.Connection, ref: str, zone: ZoneInfo) -> Opened | None:
    uid, _, key = ref.partition("/")
    for title, start, until, floating, whole_day in cx.execute(
        """SELECT coalesce(o.title, e.title), o.start, o.until, o.floating, e.whole_day
           FROM occurrences o JOIN events e ON e.id = o.event_id JOIN items i ON i.id = e.item_id
           WHERE hex(e.uid) = ? AND o.key = ? AND NOT i.withheld ORDER BY e.sequence DESC, e.stamp DESC, e.id DESC LIMIT 1""",
        (uid, key),
    ):
        span = (_at(start, zone, floating=bool(floating)), _at(until, zone, floating=bool(floating)))
        return Opened("appointment", (str(title),), span, span, is_whole_day=bool(whole_day))
    return None


def _evidence(cx: apsw.Connection, row: int, zone: ZoneInfo) -> Opened | None:
    for text, at, answer, step in cx.execute(
        "SELECT i.text, e.at, e.answer, e.step_id FROM goal_evidence e JOIN items i ON i.id = e.item_id WHERE e.id = ? AND NOT i.withheld",
        (row,),
    ):
        return Opened("evidence", (str(text),), (_at(at, zone),), state=str(answer), to=f"s{whole(step)}")
    return None


def _delivery(cx: apsw.Connection, key: str, zone: ZoneInfo) -> Opened | None:
    for due, missed, reason, subject in cx.execute("SELECT due, missed, reason, subject FROM deliveries WHERE key = ?", (key,)):
        state = "missed" if missed is not None else ""
        return Opened("delivery", (str(reason),), (_at(due, zone),), state=state, due=_at(due, zone), to=str(subject))
    return None


def _place(cx: apsw.Connection, row: int, day: str, zone: ZoneInfo) -> Opened | None:
    for (start,) in cx.execute("SELECT start FROM briefing_places WHERE step_id = ? AND day = ?", (row, day)):
        return Opened("place", (), (_at(start, zone),), to=f"s{row}")
    return None


def _at(seconds: object, zone: ZoneInfo, *, floating: bool = False) -> datetime:
    """``floating``: the clock on the wall, written as if it were UTC."""
    at = datetime.fromtimestamp(float(str(seconds)), UTC)
    return at.replace(tzinfo=zone) if floating else at.astimezone(zone)


def _row(ref: str, kind: str) -> int:
    return int(ref[1:]) if ref[:1] == kind and ref[1:].isdecimal() and len(ref) < LONGEST_ID else 0
