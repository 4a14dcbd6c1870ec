"""Sources as a shelf of what was taken in, and the items of one in the order they stand there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apsw

from .items import whole

# What the person's own talks leave behind is no source they took in.
_TAKEN = "s.kind <> 'conversation' AND substr(s.ref, 1, instr(s.ref, ':')) NOT IN ('goal:', 'name:', 'correction:')"
_KIND = """CASE WHEN s.ref LIKE 'page:%' THEN 'page' WHEN s.ref LIKE 'calendar:%' OR s.media_type LIKE 'text/calendar%' THEN 'calendar'
    WHEN s.kind IN ('document', 'transcript', 'contacts', 'letters', 'program') THEN s.kind ELSE 'note' END"""
# ``unfinished``: a file whose import did not come to its end. What is fetched or said has no end to come to.
_STATE = """CASE WHEN EXISTS (SELECT 1 FROM source_trust t WHERE t.trust = 'unused'
        AND (s.ref = t.source OR substr(s.ref, 1, length(t.source) + 1) IN (t.source || '/', t.source || '?'))) THEN 'unused'
    WHEN s.content_key IS NULL AND substr(s.ref, 1, instr(s.ref, ':')) IN ('file:', 'given:', 'transcript:') THEN 'unfinished'
    ELSE 'whole' END"""
_SHELF = f"""SELECT s.id, s.ref, s.title, {_KIND} AS kind, {_STATE} AS state, s.media_type, s.blob_id IS NOT NULL AS kept, s.added_at,
        c.items, c.at
    FROM sources s JOIN (SELECT source_id, count(*) AS items, max(learned_at) AS at FROM items
        WHERE id NOT IN (SELECT item_id FROM forgetting) GROUP BY source_id) c ON c.source_id = s.id
    WHERE {_TAKEN}"""  # noqa: S608  # constants
# The order of a source: conversation by conversation as they came, and in each by place. A document is one.
_ORDER = "coalesce(i.conversation_id, 0), i.position, i.id"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One source. Times are Unix seconds; ``at``: when something of it came last."""

    row: int
    ref: str
    title: str
    kind: str
    state: str
    media_type: str
    has_original: bool
    added_at: float
    items: int
    at: float


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One item of a source, as it is read there."""

    id: int
    text: str
    page: int | None
    speaker: str
    at: float | None
    zone: int
    kind: str


@dataclass(frozen=True, slots=True)
class CitationRow:
    """Words of an item that a reply rests on; ``at``: when that was said."""

    item: int
    quote: str
    reply: int
    conversation: str
    at: float | None
    zone: int


def shelf(cx: apsw.Connection) -> list[ShelfRow]:
    """Every source that something was taken in from."""
    return [_shelf_row(row) for row in cx.execute(_SHELF)]


def shelved(cx: apsw.Connection, ref: str) -> ShelfRow | None:
    """One of them."""
    for row in cx.execute(f"{_SHELF} AND s.ref = ?", (ref,)):  # constants
        return _shelf_row(row)
    return None


def rows_in_order(cx: apsw.Connection, source: int) -> list[int]:
    """The rows of a source as they stand in it, without what is just being forgotten."""
    sql = f"SELECT i.id FROM items i WHERE i.source_id = ? AND i.id NOT IN (SELECT item_id FROM forgetting) ORDER BY {_ORDER}"  # noqa: S608
    return [whole(row) for (row,) in cx.execute(sql, (source,))]


def passages(cx: apsw.Connection, rows: Sequence[int]) -> list[PassageRow]:
    """These items, in this order."""
    found = cx.execute(
        "SELECT id, text, page, speaker, at, zone, kind FROM items WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*rows]),)
    )
    held = {whole(row[0]): _passage_row(row) for row in found}
    return [held[row] for row in rows if row in held]


def texts(cx: apsw.Connection, source: int) -> Iterator[tuple[int, int | None, str]]:
    """Row, page and text of every item of a source, in its order."""
    sql = (
        f"SELECT i.id, i.page, i.text FROM items i WHERE i.source_id = ? AND i.id NOT IN (SELECT item_id FROM forgetting) ORDER BY {_ORDER}"  # noqa: S608
    )
    for row, page, text in cx.execute(sql, (source,)):
        yield whole(row), None if page is None else whole(page), str(text)


def source_of(cx: apsw.Connection, item: int) -> tuple[str, str] | None:
    """The ref and the kind of the source an item is from; None when there is no such item."""
    for ref, kind in cx.execute(
        """SELECT s.ref, s.kind FROM items i JOIN sources s ON s.id = i.source_id
           WHERE i.id = ? AND i.id NOT IN (SELECT item_id FROM forgetting)""",
        (item,),
    ):
        return str(ref), str(kind)
    return None


def conversation_of(cx: apsw.Connection, item: int) -> str:
    """The conversation an item was said in; "" for none."""
    found = cx.execute("SELECT c.key FROM items i JOIN conversations c ON c.id = i.conversation_id WHERE i.id = ?", (item,)).get
    return str(found or "")


def citations(cx: apsw.Connection, source: int, most: int) -> list[CitationRow]:
    """Where replies cite a source, the latest reply first and in each the reply's order."""
    found = cx.execute(
        """SELECT q.item_id, substr(i.text, q.quote_start + 1, q.quote_end - q.quote_start), q.reply_id, coalesce(c.key, ''), r.at, r.zone
           FROM items i JOIN reply_sources q ON q.item_id = i.id JOIN items r ON r.id = q.reply_id
           LEFT JOIN conversations c ON c.id = r.conversation_id
           WHERE i.source_id = ? AND i.id NOT IN (SELECT item_id FROM forgetting) AND r.id NOT IN (SELECT item_id FROM forgetting)
           ORDER BY q.reply_id DESC, q.position LIMIT ?""",
        (source, most),
    )
    return [CitationRow(whole(i), str(words), whole(r), str(key), _seconds(at), whole(zone)) for i, words, r, key, at, zone in found]


def last_contacts(cx: apsw.Connection, destination: str) -> list[tuple[str, float, str, str]]:
    """For every purpose the ledger has of a destination, the latest row: purpose, when (Unix seconds), how it ended, and the failure's
    words."""
    found = cx.execute(
        """SELECT l.purpose, l.at, coalesce(o.result, 'unknown'), coalesce(o.detail, '') FROM ledger l LEFT JOIN ledger_outcomes o
           ON o.row_id = l.id WHERE l.id IN (SELECT max(id) FROM ledger WHERE destination = ? GROUP BY purpose)""",
        (destination,),
    )
    return [(str(purpose), float(str(at)), str(result), str(detail)) for purpose, at, result, detail in found]


def _shelf_row(row: tuple[object, ...]) -> ShelfRow:
    number, ref, title, kind, state, media_type, kept, added, count, at = row
    return ShelfRow(
        whole(number), str(ref), str(title), str(kind), str(state), str(media_type), bool(kept), float(str(added)), whole(count),
        float(str(at)),
    )  # fmt: skip


def _passage_row(row: tuple[object, ...]) -> PassageRow:
    number, text, page, speaker, at, zone, kind = row
    place = None if page is None else whole(page)
    return PassageRow(whole(number), str(text), place, str(speaker), _seconds(at), whole(zone), str(kind))


def _seconds(at: object) -> float | None:
    return None if at is None else float(str(at))
