"""Which rows a person means: by who said it, whom it is about, when, and from where. Row ids only, so a target of a hundred
thousand items costs a few megabytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import apsw

from ..messages import Item, Kind
from . import items, scripts, search


def spoken_by(cx: apsw.Connection, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Row and speaker of items whose speaker's name holds these words, more or less: whoever calls compares the words."""
    if any(map(scripts.is_apart, words)):
        yield from _holding(cx, "speaker", words)
    else:
        yield from _matching(cx, "speaker", f"speaker : ({_all(words)})")


def mentioning(cx: apsw.Connection, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Row and text of items that say these words in a row, more or less: whoever calls compares the words."""
    if any(map(scripts.is_apart, words)):
        yield from _holding(cx, "text", words)
        return
    phrase = " ".join(word.replace('"', '""') for word in words)
    yield from _matching(cx, "text", f'text : "{phrase}"')


def with_facts_about(cx: apsw.Connection, subject_key: str) -> list[int]:
    """Rows from which a fact about this subject was learnt."""
    return _rows(cx, "SELECT DISTINCT item_id FROM facts WHERE subject_key = ?", subject_key)


def said_between(cx: apsw.Connection, start: float, until: float) -> list[int]:
    """Rows said in the half-open stretch of unix seconds; what nobody dated counts by when it was remembered."""
    return _rows(
        cx,
        """SELECT id FROM items WHERE at >= ?1 AND at < ?2
           UNION ALL SELECT id FROM items WHERE at IS NULL AND learned_at >= ?1 AND learned_at < ?2""",
        start,
        until,
    )


def from_source(cx: apsw.Connection, name: str) -> list[int]:
    """Rows of the sources that are called so: by ref, by title, or by the path or name behind the ref's kind."""
    return _rows(
        cx,
        """SELECT i.id FROM items i JOIN sources s ON s.id = i.source_id
           WHERE ?1 IN (s.ref, s.title, substr(s.ref, instr(s.ref, ':') + 1)) OR substr(s.ref, -length(?1) - 1) = '/' || ?1
           ORDER BY i.id""",
        name,
    )


def in_conversation(cx: apsw.Connection, name: str) -> list[int]:
    """Rows of the conversations with this id or this title."""
    return _rows(
        cx,
        "SELECT i.id FROM items i JOIN conversations c ON c.id = i.conversation_id WHERE ?1 IN (c.key, c.title) ORDER BY i.id",
        name,
    )


def replies_among(cx: apsw.Connection, rows: Iterable[int]) -> int:
    """How many of these rows are the companion's replies."""
    return items.whole(
        cx.execute("SELECT count(*) FROM items WHERE kind = 'reply' AND id IN (SELECT value FROM json_each(?))", (json.dumps([*rows]),)).get
    )


def facts_among(cx: apsw.Connection, rows: Iterable[int]) -> int:
    """How many facts were learnt from these rows."""
    wanted = json.dumps([*rows])
    return items.whole(cx.execute("SELECT count(*) FROM facts WHERE item_id IN (SELECT value FROM json_each(?))", (wanted,)).get)


def of_kind(cx: apsw.Connection, kind: Kind) -> Iterator[Item]:
    """Every item of one kind, some hundreds at a time."""
    after = 0
    while batch := items.listed(cx, kinds=[kind], after=after, limit=500):
        yield from batch
        after = items.row_id(batch[-1].id)


def withhold(cx: apsw.Connection, rows: Iterable[int], *, withheld: bool) -> int:
    """Says that recall may not (or may again) use these rows; gives how many that changed."""
    cx.execute(
        "UPDATE items SET withheld = ?1 WHERE withheld <> ?1 AND id IN (SELECT value FROM json_each(?2))", (withheld, json.dumps([*rows]))
    )
    return cx.changes()


def withheld(cx: apsw.Connection, limit: int) -> list[int]:
    """Rows that are not to be used, without those that are just being forgotten and those of a source that is not used."""
    return _rows(cx, "SELECT id FROM items WHERE withheld = 1 AND id NOT IN (SELECT item_id FROM forgetting) ORDER BY id LIMIT ?", limit)


def expire(cx: apsw.Connection, rows: Iterable[int], at: float | None) -> int:
    """Says when these rows are to be forgotten (unix seconds); None: never."""
    cx.execute("UPDATE items SET expires_at = ? WHERE id IN (SELECT value FROM json_each(?))", (at, json.dumps([*rows])))
    return cx.changes()


def due(cx: apsw.Connection, now: float, limit: int) -> list[int]:
    """Rows whose time has come."""
    return _rows(cx, "SELECT id FROM items WHERE expires_at <= ? ORDER BY expires_at LIMIT ?", now, limit)


def next_due(cx: apsw.Connection) -> float | None:
    """When the first row expires, in unix seconds; None when none will."""
    first = cx.execute("SELECT min(expires_at) FROM items WHERE expires_at IS NOT NULL").get
    return first if isinstance(first, float) else None


def _matching(cx: apsw.Connection, column: str, match: str) -> Iterator[tuple[int, str]]:
    rows = cx.execute(
        f"SELECT i.id, i.{column} FROM items_fts f JOIN items i ON i.id = f.rowid WHERE items_fts MATCH ? ORDER BY f.rowid",  # noqa: S608  # a column of ours
        (match,),
    )
    for row, value in rows:
        yield int(row), str(value)


def _holding(cx: apsw.Connection, column: str, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """By words of which some stand in the second index: it knows no columns and no order."""
    for row in search.holding(cx, words, list(Kind), -1):
        yield row, str(cx.execute(f"SELECT {column} FROM items WHERE id = ?", (row,)).get)  # noqa: S608  # a column of ours


def _all(words: Sequence[str]) -> str:
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in words)


def _rows(cx: apsw.Connection, sql: str, *values: str | float | int) -> list[int]:
    return [int(row) for (row,) in cx.execute(sql, values)]
