"""The times that items name, as rows: ``item_times``. They go with their item (ON DELETE CASCADE)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apsw

from .items import whole

_LONGEST = 400 * 86_400.0  # seconds: a longer stretch ("since 2019") that began earlier says little about a window, and is passed over


@dataclass(frozen=True, slots=True)
class Named:
    """One stretch of time named by ``items.text[span_start:span_end]``; times are unix seconds, half-open."""

    item: int
    span_start: int
    span_end: int
    start: float
    until: float
    precision: str


def add(cx: apsw.Connection, rows: Iterable[Named]) -> None:
    """Keeps these; one with the same item and span takes the old one's place."""
    cx.executemany(
        "INSERT OR REPLACE INTO item_times(item_id, span_start, span_end, start, until, precision) VALUES (?, ?, ?, ?, ?, ?)",
        [(row.item, row.span_start, row.span_end, row.start, row.until, row.precision) for row in rows],
    )


def remove(cx: apsw.Connection, items: Iterable[int]) -> None:
    """Forgets what these items name, to be read anew."""
    cx.execute("DELETE FROM item_times WHERE item_id IN (SELECT value FROM json_each(?))", (json.dumps(list(items)),))


def of(cx: apsw.Connection, items: Iterable[int]) -> list[Named]:
    """What these items name, by item and place."""
    rows = cx.execute(
        """SELECT item_id, span_start, span_end, start, until, precision FROM item_times
           WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY item_id, span_start""",
        (json.dumps(list(items)),),
    )
    return [Named(*row) for row in rows]


def in_window(cx: apsw.Connection, start: float, end: float, limit: int) -> list[int]:
    """Up to ``limit`` items that name a time within ``[start, end)``, then up to ``limit`` that were said within it, latest first:
    candidates for a question about that time. Withheld items are left out."""
    named = cx.execute(
        """SELECT t.item_id FROM item_times t JOIN items i ON i.id = t.item_id
           WHERE t.start >= ? AND t.start < ? AND t.until > ? AND NOT i.withheld ORDER BY t.start DESC LIMIT ?""",
        (start - _LONGEST, end, start, limit),
    )
    said = cx.execute("SELECT id FROM items WHERE at >= ? AND at < ? AND NOT withheld ORDER BY at DESC LIMIT ?", (start, end, limit))
    return list(dict.fromkeys(int(row) for rows in (named, said) for (row,) in rows))


def between(cx: apsw.Connection, start: float, end: float, limit: int) -> list[Named]:
    """What items name within ``[start, end)``, earliest first. Withheld items are left out."""
    rows = cx.execute(
        """SELECT t.item_id, t.span_start, t.span_end, t.start, t.until, t.precision FROM item_times t JOIN items i ON i.id = t.item_id
           WHERE t.start < ? AND t.until > ? AND NOT i.withheld ORDER BY t.start, t.item_id LIMIT ?""",
        (end, start, limit),
    )
    return [Named(*row) for row in rows]


Place = tuple[float, int, int]
"""Where a row stands in order of time: its start, its item, where its words begin."""


def after(cx: apsw.Connection, place: Place, limit: int, *, among: Sequence[int] | None = None) -> list[Named]:
    """Up to ``limit`` rows that come after ``place``, earliest first; of these items alone where ``among`` says which. Withheld items are
    left out."""
    return _along(cx, ">", "ASC", place, limit, among)


def before(cx: apsw.Connection, place: Place, limit: int, *, among: Sequence[int] | None = None) -> list[Named]:
    """Likewise what comes before ``place``, latest first."""
    return _along(cx, "<", "DESC", place, limit, among)


def _along(cx: apsw.Connection, sign: str, order: str, place: Place, limit: int, among: Sequence[int] | None) -> list[Named]:
    inside = "" if among is None else " AND t.item_id IN (SELECT value FROM json_each(?))"
    rows = cx.execute(
        f"""SELECT t.item_id, t.span_start, t.span_end, t.start, t.until, t.precision
            FROM item_times t CROSS JOIN items i ON i.id = t.item_id
            WHERE (t.start, t.item_id, t.span_start) {sign} (?, ?, ?) AND NOT i.withheld{inside}
            ORDER BY t.start {order}, t.item_id {order}, t.span_start {order} LIMIT ?""",  # noqa: S608  # constants
        (*place, *([] if among is None else [json.dumps(list(among))]), limit),
    )
    return [Named(*row) for row in rows]


def count(cx: apsw.Connection) -> int:
    return whole(cx.execute("SELECT count(*) FROM item_times").get)
