"""Promises, as rows. They go with the item they were read in (ON DELETE CASCADE), and with the one that asked for them.

A sentence that was read before adds nothing: its span in its item is the key, whatever became of it since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import apsw

from ..errors import NotFound
from ..messages import Item, Span
from . import scripts
from .database import Database
from .items import LONGEST_ID, get, item_id, moment, row_id, stamp, whole


@dataclass(frozen=True, slots=True)
class Row:
    """A promise as it is kept; `people.person.Promise` is what a person sees of it."""

    item_id: str
    span: Span
    by: str
    to: str
    what: str
    due: datetime | None = None
    due_words: str = ""
    asked: str = ""  # the item that asks for it, when that is another one
    id: str = ""
    state: str = "found"
    sentence: str = ""
    said_at: datetime | None = None


_COLUMNS = """p.id, p.item_id, p.span_start, p.span_end, p.by, p.whom, p.what, p.due, p.zone, p.due_words, coalesce(p.asked, 0), p.state,
    substr(i.text, p.span_start + 1, p.span_end - p.span_start), i.at, i.zone"""
_FROM = "FROM promises p JOIN items i ON i.id = p.item_id"

_BEFORE, _AFTER = 12, 3  # places of a talk that show who takes part in it


class Promises:
    """The promises of one home. Any thread may use it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, rows: Iterable[Row], now: datetime) -> int:
        """Keeps those that were not read before and whose items are still there; gives how many."""
        with self._db.write() as cx:
            return sum(_add(cx, row, now) for row in rows)

    def get(self, promise: str) -> Row:
        """The promise with this id. Raises NotFound."""
        with self._db.read() as cx:
            return _one(cx, _number(promise))

    def listed(self, states: Sequence[str] = ()) -> list[Row]:
        """Promises in these states (none given: all), the soonest due first, then by when they were said; none that is withheld."""
        chosen = "AND p.state IN (SELECT value FROM json_each(?))" if states else ""
        with self._db.read() as cx:
            rows = cx.execute(
                f"SELECT {_COLUMNS} {_FROM} WHERE NOT i.withheld {chosen} ORDER BY p.due IS NULL, p.due, i.at, p.id",  # constants
                (json.dumps(list(states)),) if states else (),
            )
            return [_row(row) for row in rows]

    def near(self, item: Item) -> list[Item]:
        """What was said around ``item`` in the same talk, in order, itself among it."""
        with self._db.read() as cx:
            rows = cx.execute(
                """SELECT n.id FROM items i JOIN items n ON n.conversation_id = i.conversation_id
                   AND n.position BETWEEN i.position - ? AND i.position + ? WHERE i.id = ? AND NOT n.withheld ORDER BY n.position, n.id""",
                (_BEFORE, _AFTER, row_id(item.id)),
            )
            return get(cx, [whole(row) for (row,) in rows])

    def decide(self, promise: str, state: str, now: datetime) -> Row:
        """Writes what the person says of it, or the state it goes back to. Raises NotFound."""
        with self._db.write() as cx:
            cx.execute("UPDATE promises SET state = ?, decided_at = ? WHERE id = ?", (state, now.timestamp(), _number(promise)))
            return _one(cx, _number(promise))


def naming(cx: apsw.Connection, name: str) -> list[int]:
    """Rows of the items with a promise by or to ``name``, or somebody with all its words: what was said to them need not name them."""
    wanted = set(scripts.words(name))
    rows = cx.execute("SELECT DISTINCT item_id, by, whom FROM promises ORDER BY 1")
    return [whole(row) for row, by, to in rows if any(wanted and wanted <= set(scripts.words(str(who))) for who in (by, to))]


def _add(cx: apsw.Connection, row: Row, now: datetime) -> int:
    due, zone = stamp(row.due)
    cx.execute(
        """INSERT OR IGNORE INTO promises(item_id, span_start, span_end, asked, by, whom, what, due, zone, due_words, state, found_at)
           SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM items WHERE id = ?1)""",
        (
            row_id(row.item_id), row.span.start, row.span.end, row_id(row.asked) if row.asked else None,
            row.by, row.to, row.what, due, zone, row.due_words, row.state, now.timestamp(),
        ),
    )  # fmt: skip
    return cx.changes()


def _one(cx: apsw.Connection, number: int) -> Row:
    for row in cx.execute(f"SELECT {_COLUMNS} {_FROM} WHERE p.id = ?", (number,)):  # constants
        return _row(row)
    raise NotFound(f"there is no promise m{number}", hint="`ownmind people promises` lists them with their ids")


def _number(promise: str) -> int:
    if promise[:1] == "m" and promise[1:].isdecimal() and len(promise) < LONGEST_ID:
        return int(promise[1:])
    raise NotFound(f"{promise[:LONGEST_ID]!r} is no promise", hint="ids of promises look like m5")


def _row(row: Sequence[object]) -> Row:
    number, item, start, end, by, to, what, due, zone, due_words, asked, state, sentence, at, said_zone = row
    return Row(
        item_id(whole(item)), Span(whole(start), whole(end)), str(by), str(to), str(what),
        moment(None if due is None else float(str(due)), whole(zone)), str(due_words), item_id(whole(asked)) if asked else "",
        f"m{whole(number)}", str(state), str(sentence), moment(None if at is None else float(str(at)), whole(said_zone)),
    )  # fmt: skip
