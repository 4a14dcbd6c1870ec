"""Rows of an item whose words are cut: its text, and everything that points into it by place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import apsw

from . import scripts
from .items import whole

Moved = Callable[[int, int], tuple[int, int] | None]
"""Where a stretch of the old text stands in the new one; None when some of it was cut."""


def rewrite(cx: apsw.Connection, row: int, text: str, content_key: bytes) -> None:
    """Gives the item its new text. A passage's id is made of its old words, so it gets another; the
    indexes follow."""
    cx.execute(
        """UPDATE items SET text = ?, content_key = ?,
                            external_id = CASE WHEN kind = 'passage' THEN 'redacted.' || id ELSE external_id END WHERE id = ?""",
        (text, content_key, row),
    )
    scripts.index(cx, row, str(cx.execute("SELECT speaker FROM items WHERE id = ?", (row,)).get), text)


def remove_vectors(cx: apsw.Connection, row: int) -> int:
    """Takes the item's vectors of every model: they are made again from the new text."""
    cx.execute("DELETE FROM item_vectors WHERE item_id = ?", (row,))
    return cx.changes()


def move_facts(cx: apsw.Connection, row: int, moved: Moved) -> None:
    for fact, start, end in cx.execute("SELECT id, span_start, span_end FROM facts WHERE item_id = ?", (row,)).fetchall():
        if place := moved(whole(start), whole(end)):
            cx.execute("UPDATE facts SET span_start = ?, span_end = ? WHERE id = ?", (*place, fact))


def move_times(cx: apsw.Connection, row: int, moved: Moved) -> int:
    """Moves the times the text names; gives how many were among the words that were cut."""
    found = cx.execute("SELECT span_start, span_end, start, until, precision FROM item_times WHERE item_id = ?", (row,)).fetchall()
    cx.execute("DELETE FROM item_times WHERE item_id = ?", (row,))
    kept = [(*place, *rest) for start, end, *rest in found if (place := moved(whole(start), whole(end)))]
    cx.executemany(
        "INSERT INTO item_times(item_id, span_start, span_end, start, until, precision) VALUES (?, ?, ?, ?, ?, ?)",
        [(row, *values) for values in kept],
    )
    return len(found) - len(kept)


def move_quotes(cx: apsw.Connection, row: int, moved: Moved, length: int) -> None:
    """Moves the quotes under replies; one that was cut becomes the whole of the new text, ``length`` characters."""
    for reply, position, start, end in cx.execute(
        "SELECT reply_id, position, quote_start, quote_end FROM reply_sources WHERE item_id = ?", (row,)
    ).fetchall():
        cx.execute(
            "UPDATE reply_sources SET quote_start = ?, quote_end = ? WHERE reply_id = ? AND position = ?",
            (*(moved(whole(start), whole(end)) or (0, length)), reply, position),
        )


def remove_facts(cx: apsw.Connection, facts: Iterable[int]) -> int:
    cx.execute("DELETE FROM facts WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*facts]),))
    return cx.changes()
