"""What an import asks of and writes to the rows of sources and items, beside `store/items.py`.

A source whose import is finished holds the keyed hash of its file's bytes (``content_key``); one without it is unfinished.
That is all the progress there is to keep: what a source already holds is in the items themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apsw

from ..messages import Span
from . import labels


@dataclass(frozen=True, slots=True)
class Stored:
    """A source as it is in the store."""

    row: int
    ref: str
    content_key: bytes | None
    blob: int | None
    items: int


_STORED = """SELECT id, ref, content_key, blob_id, (SELECT count(*) FROM items WHERE source_id = sources.id) FROM sources"""


def finished(cx: apsw.Connection, content_key: bytes) -> Stored | None:
    """The source whose finished import had exactly these bytes."""
    return _stored(cx.execute(f"{_STORED} WHERE content_key = ? LIMIT 1", (content_key,)).fetchall())


def source(cx: apsw.Connection, ref: str) -> Stored | None:
    return _stored(cx.execute(f"{_STORED} WHERE ref = ?", (ref,)).fetchall())


def _stored(rows: list[tuple[object, ...]]) -> Stored | None:
    if not rows:
        return None
    row, ref, key, blob, items = rows[0]
    return Stored(
        int(str(row)), str(ref), key if isinstance(key, bytes) else None, blob if isinstance(blob, int) else None, int(str(items))
    )


def texts(cx: apsw.Connection, ref: str, external_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Row and text of those of a source's items that have one of these external ids."""
    # The hint, because the planner knows nothing of a JSON array's size and would read the whole source for each batch.
    found = cx.execute(
        """SELECT i.external_id, i.id, i.text FROM json_each(?2) e CROSS JOIN items i INDEXED BY items_external
           ON i.source_id = (SELECT id FROM sources WHERE ref = ?1) AND i.external_id = e.value AND i.external_id <> ''""",
        (ref, json.dumps(list(external_ids))),
    )
    return {str(external_id): (int(row), str(text)) for external_id, row, text in found}


def newest_item(cx: apsw.Connection) -> int:
    """The highest row an item ever had: a row above it is new."""
    return int(cx.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'items'").get or 0)


def place(cx: apsw.Connection, places: Iterable[tuple[int, Span, int | None]]) -> None:
    """Moves items to where they now stand in their changed document: row, span, page."""
    cx.executemany(
        "UPDATE items SET span_start = ?2, span_end = ?3, page = ?4 WHERE id = ?1",
        ((row, span.start, span.end, page) for row, span, page in places),
    )


def renumber(cx: apsw.Connection, row: int) -> None:
    """Numbers a document's items in the order they stand in it."""
    cx.execute(
        """UPDATE items SET position = o.n FROM
           (SELECT id, row_number() OVER (ORDER BY span_start, id) - 1 AS n FROM items WHERE source_id = ?1) o
           WHERE items.id = o.id AND items.position <> o.n""",
        (row,),
    )


def without_kept_fact(cx: apsw.Connection, row: int, keep: Iterable[int]) -> list[int]:
    """A source's items that are not among ``keep``, that no words were cut from, and on which no fact rests that the person confirmed."""
    found = cx.execute(
        """SELECT id FROM items WHERE source_id = ? AND id NOT IN (SELECT value FROM json_each(?)) AND external_id NOT LIKE 'redacted.%'
           AND NOT EXISTS (SELECT 1 FROM facts WHERE facts.item_id = items.id AND facts.kept) ORDER BY id""",
        (row, json.dumps(list(keep))),
    )
    return [int(item) for (item,) in found]


def finish(cx: apsw.Connection, row: int, *, content_key: bytes, blob: int | None, media_type: str) -> None:
    """Marks a source's import as finished with these bytes, which get the label of what was read from them."""
    cx.execute(
        "UPDATE sources SET content_key = ?, blob_id = ?, media_type = ?, progress = '{}' WHERE id = ?",
        (content_key, blob, media_type, row),
    )
    if blob is not None:
        labels.settle_blob(cx, blob)
