"""Everything there is, in the order a person would read it, a page at a time. For an export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from ..messages import Item
from . import items


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation or document; the items of a source that are in none share one with an empty ``key``."""

    row: int  # of the conversation, or of the source when there is none
    key: str
    title: str
    source_kind: str


def all_items(cx: apsw.Connection, page: int) -> Iterator[tuple[Item, str]]:
    """Every item with the id its source gave it, in the order they stand in their conversations."""
    rows = cx.execute(
        """SELECT id, external_id FROM items
           ORDER BY conversation_id IS NULL, conversation_id, iif(conversation_id IS NULL, source_id, 0), position, id"""
    )
    external: dict[int, str] = {}
    for row, external_id in rows:
        external[int(row)] = str(external_id)
        if len(external) >= page:
            yield from _page(cx, external)
            external = {}
    yield from _page(cx, external)


def _page(cx: apsw.Connection, external: dict[int, str]) -> Iterator[tuple[Item, str]]:
    for item in items.get(cx, list(external)):
        yield item, external[items.row_id(item.id)]


def branches(cx: apsw.Connection) -> dict[str, dict[str, object]]:
    """By item, of talks that branch: ``after``, what it was said after, and ``instead_of``, what in place of; null for nothing."""

    def name(row: object) -> str | None:
        return None if row is None else f"i{row}"

    rows = cx.execute("SELECT item_id, after_id, instead_id FROM branches")
    return {f"i{row}": {"after": name(after), "instead_of": name(instead)} for row, after, instead in rows}


def feedback(cx: apsw.Connection) -> Iterator[dict[str, object]]:
    """Every thumb: the reply's id, whether it was up, when, and the id of the item with the word of correction."""
    for reply, good, word, at in cx.execute("SELECT reply_id, is_good, word_id, at FROM feedback ORDER BY at, reply_id"):
        yield {"reply": f"i{reply}", "good": bool(good), "word": None if word is None else f"i{word}", "at": at}


def threads(cx: apsw.Connection) -> list[Thread]:
    """Every conversation and document, then what is in none, one thread for all of it."""
    found = [
        Thread(int(row), str(key), str(title or source_title or ""), str(kind))
        for row, key, title, source_title, kind in cx.execute(
            """SELECT c.id, c.key, c.title, iif(s.kind = 'document', s.title, ''), s.kind FROM conversations c
               JOIN items i ON i.id = (SELECT min(id) FROM items WHERE conversation_id = c.id) JOIN sources s ON s.id = i.source_id
               ORDER BY c.id"""
        )
    ]
    loose = cx.execute("SELECT EXISTS (SELECT 1 FROM items WHERE conversation_id IS NULL)").get
    return [*found, Thread(0, "", "", "note")] if loose else found


def items_of(cx: apsw.Connection, thread: Thread, page: int) -> Iterator[Item]:
    """A thread's items in its order."""
    in_thread = "SELECT id FROM items WHERE conversation_id = ? ORDER BY position, id"
    loose = "SELECT id FROM items WHERE conversation_id IS NULL AND 0 = ? ORDER BY id"
    rows = [int(row) for (row,) in cx.execute(in_thread if thread.key else loose, (thread.row,))]
    for start in range(0, len(rows), page):
        yield from items.get(cx, rows[start : start + page])
