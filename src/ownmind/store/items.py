"""Items, their sources and conversations, as rows.

Functions take a connection from ``Database.read`` or ``Database.write``. Row ids are integers here; ``i12`` is how they leave
(``item_id``, ``row_id``). Lists of ids travel as one JSON parameter, so no statement grows with its input.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

import apsw

from ..errors import NotFound
from ..messages import Confidentiality, Entry, Integrity, Item, Kind, Label, Source, Span
from . import scripts

_COLUMNS = """i.id, i.text, s.ref, s.kind, s.title, s.media_type, i.integrity, i.confidentiality, i.kind, i.at, i.zone, i.speaker,
    coalesce(c.key, ''), i.position, i.learned_at, i.span_start, i.span_end, i.page"""
_RESTS_ON = """(SELECT json_group_array(DISTINCT rs.ref) FROM reply_sources q JOIN items ri ON ri.id = q.item_id
    JOIN sources rs ON rs.id = ri.source_id WHERE q.reply_id = i.id)"""
_COLUMNS += f", CASE WHEN i.kind = 'reply' THEN {_RESTS_ON} END"
_FROM = "FROM items i JOIN sources s ON s.id = i.source_id LEFT JOIN conversations c ON c.id = i.conversation_id"


class Heading(NamedTuple):
    """What ranking needs of a candidate; the whole item is read only for the few that win. A tuple: a question makes three hundred."""

    id: int
    text: str
    speaker: str
    at: float | None  # unix seconds
    kind: str
    integrity: str
    thread: int  # the conversation, or minus the source where there is none
    position: int


def item_id(row: int) -> str:
    return f"i{row}"


LONGEST_ID = 20  # SQLite's rows have at most 19 digits


def row_id(name: str, kinds: str = "if") -> int:
    """The row an id such as ``i12`` or ``f7`` names. Raises NotFound for what is no id, or one of another kind than ``kinds``."""
    if name[:1] in tuple(kinds) and name[1:].isdecimal() and len(name) < LONGEST_ID:
        return int(name[1:])
    raise NotFound(f"{name[:LONGEST_ID]!r} is not an id of anything here", hint="ids look like i12 (an item) or f7 (a fact)")


def whole(value: object) -> int:
    """A count as SQLite gave it; 0 for NULL and for no row."""
    return int(str(value or 0))


def stamp(at: datetime | None) -> tuple[float | None, int]:
    """Unix seconds and minutes east of UTC of ``at``."""
    if at is None:
        return None, 0
    assert at.tzinfo is not None, "times inside are timezone-aware"
    return at.timestamp(), round((at.utcoffset() or timedelta()).total_seconds() / 60)


def moment(seconds: float | None, zone: int = 0) -> datetime | None:
    """The datetime that ``stamp`` took apart."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC if zone == 0 else timezone(timedelta(minutes=zone)))


def source_row(cx: apsw.Connection, source: Source, now: datetime) -> int:
    """The row of ``source``, made when it is not there."""
    found = cx.execute("SELECT id FROM sources WHERE ref = ?", (source.ref,)).get
    if found is not None:
        return whole(found)
    cx.execute(
        "INSERT INTO sources(ref, kind, title, media_type, added_at) VALUES (?, ?, ?, ?, ?)",
        (source.ref, source.kind, source.title, source.media_type, now.timestamp()),
    )
    return cx.last_insert_rowid()


def conversation_row(cx: apsw.Connection, key: str, now: datetime) -> int | None:
    """The row of conversation ``key``, made when it is not there; None for no conversation."""
    if not key:
        return None
    found = cx.execute("SELECT id FROM conversations WHERE key = ?", (key,)).get
    if found is not None:
        return whole(found)
    cx.execute("INSERT INTO conversations(key, started_at) VALUES (?, ?)", (key, now.timestamp()))
    return cx.last_insert_rowid()


def next_position(cx: apsw.Connection, conversation: int | None, source: int) -> int:
    """The place after the last item of the conversation, or of the source where there is none."""
    if conversation is not None:
        last = cx.execute("SELECT max(position) FROM items WHERE conversation_id = ?", (conversation,)).get
    else:
        last = cx.execute("SELECT max(position) FROM items WHERE source_id = ? AND conversation_id IS NULL", (source,)).get
    return 0 if last is None else whole(last) + 1


def add(cx: apsw.Connection, entry: Entry, *, source: int, conversation: int | None, position: int, key: bytes, now: datetime) -> int:
    """Inserts one item and gives its row id, with its words in both indexes."""
    at, zone = stamp(entry.at)
    span = entry.span
    cx.execute(
        """INSERT INTO items(conversation_id, position, kind, text, speaker, at, zone, learned_at, source_id, span_start, span_end, page,
                             external_id, integrity, confidentiality, content_key)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            conversation, position, entry.kind.value, entry.text, entry.speaker, at, zone, now.timestamp(), source,
            span.start if span else None, span.end if span else None, entry.page,
            entry.external_id, entry.label.integrity.value, entry.label.confidentiality.value, key,
        ),
    )  # fmt: skip
    row = cx.last_insert_rowid()
    scripts.index(cx, row, entry.speaker, entry.text)
    return row


def known(cx: apsw.Connection, ref: str, external_id: str, key: bytes) -> int | None:
    """The row that already holds this: by the id its source gave it, else by the hash of what it holds."""
    if external_id:
        found = cx.execute(
            "SELECT i.id FROM items i JOIN sources s ON s.id = i.source_id WHERE s.ref = ? AND i.external_id = ? AND i.external_id <> ''",
            (ref, external_id),
        ).get
    else:
        found = cx.execute("SELECT id FROM items WHERE content_key = ?", (key,)).get
    return None if found is None else whole(found)


def keys(cx: apsw.Connection, ids: Iterable[int]) -> dict[int, bytes]:
    """Each row's content hash: what the read-back after a write compares."""
    return {
        int(row): bytes(key)
        for row, key in cx.execute("SELECT id, content_key FROM items WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),))
    }


def get(cx: apsw.Connection, ids: Sequence[int]) -> list[Item]:
    """The items with these rows, in that order; those that are not there are left out."""
    rows = cx.execute(f"SELECT {_COLUMNS} {_FROM} WHERE i.id IN (SELECT value FROM json_each(?))", (_json(ids),))  # noqa: S608  # constants
    found = {int(row[0]): _item(row) for row in rows}
    return [found[i] for i in ids if i in found]


def listed(
    cx: apsw.Connection, *, conversation: str | None = None, source: str | None = None, kinds: Sequence[Kind] | None = None,
    after: int = 0, limit: int = 1000,
) -> list[Item]:  # fmt: skip
    """Items in the order they were learnt, or of one conversation or source in its own order. ``after``: row to start behind."""
    if kinds is not None and conversation is None and source is None:
        return get(cx, _rows_of_kinds(cx, kinds, after, limit))
    where, bound = ["i.id > ?"], list[str | int]([after])
    if conversation is not None:
        where.append("c.key = ?")
        bound.append(conversation)
    if source is not None:
        where.append("s.ref = ?")
        bound.append(source)
    if kinds is not None:
        where.append("+i.kind IN (SELECT value FROM json_each(?))")  # +: never by the index of kinds, half the store may be of one
        bound.append(json.dumps([kind.value for kind in kinds]))
    order = "i.position, i.id" if conversation is not None or source is not None else "i.id"
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?"  # constants
    return [_item(row) for row in cx.execute(sql, (*bound, limit))]


def shown(cx: apsw.Connection, ids: Iterable[int]) -> list[int]:
    """Those of these rows that are not withheld, in order of row."""
    rows = cx.execute("SELECT id FROM items WHERE id IN (SELECT value FROM json_each(?)) AND NOT withheld ORDER BY id", (_json(ids),))
    return [int(row) for (row,) in rows]


def begins(cx: apsw.Connection, ids: Iterable[int], most: int) -> dict[int, str]:
    """The first ``most`` characters of those of these rows that are still there and are not just being forgotten."""
    rows = cx.execute(
        """SELECT id, substr(text, 1, ?) FROM items
           WHERE id IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT item_id FROM forgetting)""",
        (most, _json(ids)),
    )
    return {whole(number): str(text) for number, text in rows}


def newest(cx: apsw.Connection, below: int, limit: int) -> list[int]:
    """Up to ``limit`` rows below row ``below``, newest first."""
    return [int(row) for (row,) in cx.execute("SELECT id FROM items WHERE id < ? ORDER BY id DESC LIMIT ?", (below, limit))]


def headings(cx: apsw.Connection, ids: Iterable[int], kinds: Sequence[Kind], *, reach: int = 1) -> list[Heading]:
    """What ranking needs of these rows and of their neighbours up to ``reach`` places away, of these ``kinds``, by row id.
    What is withheld (or about to be forgotten) is left out."""
    rows = cx.execute(
        """WITH wanted AS (SELECT value AS id FROM json_each(?)),
                near AS (SELECT id FROM wanted
                   UNION SELECT n.id FROM wanted w JOIN items i ON i.id = w.id
                         JOIN items n ON n.conversation_id = i.conversation_id AND n.position BETWEEN i.position - ? AND i.position + ?)
           SELECT i.id, i.text, i.speaker, i.at, i.kind, i.integrity, coalesce(i.conversation_id, -i.source_id), i.position
           FROM near JOIN items i ON i.id = near.id
           WHERE i.kind IN (SELECT value FROM json_each(?)) AND NOT i.withheld ORDER BY i.id""",
        (_json(ids), reach, reach, json.dumps([kind.value for kind in kinds])),
    )
    return list(map(Heading._make, rows))


def rows_of(cx: apsw.Connection, *, conversation: str | None = None, source: str | None = None, key: bytes | None = None) -> list[int]:
    """The rows of a conversation, a source, or that hold the same thing."""
    if conversation is not None:
        found = cx.execute(
            "SELECT i.id FROM items i JOIN conversations c ON c.id = i.conversation_id WHERE c.key = ? ORDER BY i.id", (conversation,)
        )
    elif source is not None:
        found = cx.execute("SELECT i.id FROM items i JOIN sources s ON s.id = i.source_id WHERE s.ref = ? ORDER BY i.id", (source,))
    else:
        found = cx.execute("SELECT id FROM items WHERE content_key = ? ORDER BY id", (key,))
    return [int(row) for (row,) in found]


def replies_citing(cx: apsw.Connection, ids: Iterable[int]) -> list[int]:
    """The companion's replies that rest on any of these rows."""
    rows = cx.execute(
        "SELECT DISTINCT reply_id FROM reply_sources WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY 1", (_json(ids),)
    )
    return [int(row) for (row,) in rows]


def texts_of(cx: apsw.Connection, kind: Kind) -> list[tuple[int, str]]:
    """Row and text of every item of one kind."""
    return [(int(row), str(text)) for row, text in cx.execute("SELECT id, text FROM items WHERE kind = ?", (kind.value,))]


def counts(cx: apsw.Connection) -> dict[str, int]:
    """How many items there are, of each kind and in all, and how many sources and conversations."""
    by_kind = {str(kind): int(n) for kind, n in cx.execute("SELECT kind, n FROM item_counts WHERE n > 0 ORDER BY kind")}
    sources, conversations = cx.execute("SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM conversations)").fetchall()[0]
    return {
        "items": sum(by_kind.values()),
        **{f"items.{kind}": n for kind, n in by_kind.items()},
        "sources": whole(sources),
        "conversations": whole(conversations),
    }


def total(cx: apsw.Connection) -> int:
    """How many items there are. Kept by triggers: counting a million takes a second."""
    return whole(cx.execute("SELECT sum(n) FROM item_counts").get)


def texts(cx: apsw.Connection, ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """Row, speaker and text of these rows."""
    rows = cx.execute("SELECT id, speaker, text FROM items WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (_json(ids),))
    return [(int(row), str(speaker), str(text)) for row, speaker, text in rows]


def highest(cx: apsw.Connection) -> int:
    """The highest row: how many items there are, give or take the forgotten, without counting them. 0 for none."""
    return whole(cx.execute("SELECT max(id) FROM items").get)


def remove(cx: apsw.Connection, ids: Iterable[int]) -> dict[str, int]:
    """Deletes these rows and what hangs on them; gives how many went, by place. Their conversations go too where nothing is left."""
    wanted = _json(ids)
    inside = "(SELECT value FROM json_each(?))"
    held = cx.execute(f"SELECT json_group_array(DISTINCT conversation_id) FROM items WHERE id IN {inside}", (wanted,)).get  # noqa: S608
    removed: dict[str, int] = {}
    for place, table, column in (
        ("vectors", "item_vectors", "item_id"),
        ("facts", "facts", "item_id"),
        ("replies", "replies", "item_id"),
        ("items", "items", "id"),
    ):
        cx.execute(f"DELETE FROM {table} WHERE {column} IN {inside}", (wanted,))  # noqa: S608  # constants
        removed[place] = cx.changes()
    removed["index"] = removed["items"]
    cx.execute(f"DELETE FROM work WHERE key IN (SELECT 'i' || value FROM json_each(?)) OR key IN {inside}", (wanted, wanted))  # noqa: S608
    removed["work"] = cx.changes()
    cx.execute(
        f"DELETE FROM conversations WHERE id IN {inside} AND NOT EXISTS (SELECT 1 FROM items WHERE conversation_id = conversations.id)",  # noqa: S608
        (held,),
    )
    removed["conversations"] = cx.changes()
    return removed


def remove_empty_sources(cx: apsw.Connection) -> int:
    cx.execute("DELETE FROM sources WHERE NOT EXISTS (SELECT 1 FROM items WHERE source_id = sources.id)")
    return cx.changes()


def replies_to(cx: apsw.Connection, ids: Iterable[int]) -> list[int]:
    """The reply that comes next after each of these messages in its conversation; in one that branches, every reply to it."""
    rows = cx.execute(
        """SELECT r.id FROM json_each(?1) w JOIN items m ON m.id = w.value AND m.kind = 'message'
           JOIN items r ON r.conversation_id = m.conversation_id AND r.kind = 'reply' AND r.position > m.position
           WHERE NOT EXISTS (SELECT 1 FROM items b WHERE b.conversation_id = m.conversation_id
                             AND b.position > m.position AND b.position < r.position)
             AND NOT EXISTS (SELECT 1 FROM branches WHERE item_id = r.id)
           UNION SELECT b.item_id FROM branches b JOIN items r ON r.id = b.item_id AND r.kind = 'reply'
                 JOIN items m ON m.id = b.after_id AND m.kind = 'message' WHERE b.after_id IN (SELECT value FROM json_each(?1))""",
        (_json(ids),),
    )
    return sorted({int(row) for (row,) in rows})


def vectors_of(cx: apsw.Connection, ids: Iterable[int]) -> int:
    """How many of these rows have a vector stored."""
    return whole(cx.execute("SELECT count(*) FROM item_vectors WHERE item_id IN (SELECT value FROM json_each(?))", (_json(ids),)).get)


def blobs_of(cx: apsw.Connection, ids: Iterable[int]) -> list[int]:
    """The kept files these rows were read from."""
    rows = cx.execute(
        """SELECT DISTINCT s.blob_id FROM items i JOIN sources s ON s.id = i.source_id
           WHERE s.blob_id IS NOT NULL AND i.id IN (SELECT value FROM json_each(?))""",
        (_json(ids),),
    )
    return [int(blob) for (blob,) in rows]


def forget_titles(cx: apsw.Connection, ids: Iterable[int]) -> None:
    """Empties the titles of these rows' conversations: a title is made of what was said."""
    cx.execute(
        "UPDATE conversations SET title = '' WHERE id IN (SELECT conversation_id FROM items WHERE id IN (SELECT value FROM json_each(?)))",
        (_json(ids),),
    )


def remove_settings_holding(cx: apsw.Connection, texts: Iterable[str]) -> int:
    """Removes settings whose value repeats any of ``texts``; short texts match by chance and are passed over."""
    removed = 0
    for text in texts:
        if len(text) >= 12:
            cx.execute("DELETE FROM settings WHERE instr(value, ?)", (text,))
            removed += cx.changes()
    return removed


def _rows_of_kinds(cx: apsw.Connection, kinds: Sequence[Kind], after: int, limit: int) -> list[int]:
    """The first rows behind ``after`` of these kinds. One query a kind: a walk over the ids would pass over all others on its way."""
    sql = "SELECT id FROM items WHERE kind = ? AND id > ? ORDER BY id LIMIT ?"
    rows = sorted(int(row) for kind in {*kinds} for (row,) in cx.execute(sql, (kind.value, after, limit)))
    return rows if limit < 0 else rows[:limit]


def _json(ids: Iterable[int]) -> str:
    return json.dumps([int(i) for i in ids])


def _item(row: tuple[object, ...]) -> Item:
    (
        number,
        text,
        ref,
        source_kind,
        title,
        media_type,
        integrity,
        confidentiality,
        kind,
        at,
        zone,
        speaker,
        conversation,
        position,
        learned,
        start,
        end,
        page,
        rests_on,
    ) = row
    return Item(
        id=item_id(int(str(number))),
        text=str(text),
        source=Source(str(ref), str(source_kind), str(title), str(media_type)),
        label=Label(Integrity(str(integrity)), Confidentiality(str(confidentiality)), _refs(rests_on)),
        kind=Kind(str(kind)),
        at=moment(at if isinstance(at, float) else None, int(str(zone))),
        speaker=str(speaker),
        conversation=str(conversation),
        position=int(str(position)),
        learned_at=moment(float(str(learned))) or datetime.fromtimestamp(0, UTC),
        span=Span(start, end) if isinstance(start, int) and isinstance(end, int) else None,
        page=page if isinstance(page, int) else None,
    )


def _refs(rests_on: object) -> tuple[str, ...]:
    """What a reply rests on, of what is still there; nothing else names its source but by ``source``."""
    return tuple(sorted(json.loads(rests_on))) if isinstance(rests_on, str) else ()
