"""Full-text search: the first candidates by BM25, and what a term weighs.

SQLite FTS5 with the Porter stemmer and accents folded, as the schema sets it. ``stems`` gives Python the very same terms.
"""

from __future__ import annotations

import itertools
import json
import math
import threading
from collections.abc import Callable, Iterable, Sequence

import apsw
import numpy as np

from ..messages import Kind
from . import items
from .blocks import Floats, Ids
from .items import whole

_TOKENIZER = ("unicode61", "remove_diacritics", "2")
_RANKED = 5_000  # postings that SQLite may rank for one question: 10 ms
_READ = 10_000  # postings of one match that are read instead: a millisecond
_ALSO = 2  # common terms that are looked for in the rows of the rarer ones
_COUNTED = 5_000  # postings counted from either end
_KNOWN_STEMS = 200_000  # words whose stem is remembered: about 20 MB when full, then it starts anew

_lock = threading.Lock()
_stems: dict[str, str] = {}
_connection: apsw.Connection | None = None
_tokenizer: apsw.FTS5Tokenizer | None = None


def stems(words: Sequence[str]) -> list[str]:
    """The index's term for each word, in order."""
    try:
        return [_stems[word] for word in words]
    except KeyError:
        known = _learned(set(words))
    return [known[word] for word in words]


def forget_words() -> None:
    """Drops every word that is remembered with its stem: some may stand in nothing but what was just forgotten."""
    with _lock:
        _stems.clear()


def _learned(words: set[str]) -> dict[str, str]:
    """The stems of ``words``; SQLite's own tokenizer is asked for those not known yet."""
    global _connection, _tokenizer
    with _lock:
        if _tokenizer is None:
            _connection = apsw.Connection(":memory:")
            _tokenizer = _connection.fts5_tokenizer("porter", list(_TOKENIZER))
        if len(_stems) > _KNOWN_STEMS:
            _stems.clear()
        for word in words - _stems.keys():
            found = _tokenizer(word.encode(), apsw.FTS5_TOKENIZE_DOCUMENT, None, include_offsets=False)
            _stems[word] = next((str(token[0]) for token in found if isinstance(token, tuple)), word)
        return {word: _stems[word] for word in words}


def frequency(cx: apsw.Connection, term: str) -> int:
    """How many items hold ``term``: counted up to 10,000, estimated beyond (within a few hundredths where the term is spread evenly
    over the items). The estimate goes by how far the first and the last 5,000 reach: counting 500,000 postings takes 28 ms, this 1.
    """
    first, reach = _ends(cx, term, "")
    if first < _COUNTED:
        return first
    last, back = _ends(cx, term, "DESC")
    total = items.highest(cx)
    if back <= reach:
        return whole(cx.execute("SELECT count(*) FROM items_fts WHERE items_fts MATCH ?", (_quoted(term),)).get)
    return first + last + round((back - reach - 1) * (first + last) / (reach + total - back + 1))


def best(
    cx: apsw.Connection,
    terms: Sequence[str],
    limit: int,
    *,
    frequencies: Sequence[int] | None = None,
    conversation: str | None = None,
    closeness: Callable[[Ids], Floats] | None = None,
) -> list[int]:
    """The rows that match any of ``terms``, best first: by BM25 while few rows hold them, else by the weight of the terms each row
    holds and, where that is equal, by ``closeness`` of rows to the question (else the newest).

    SQLite takes 2 us a posting to rank and .1 us to read one. So of terms that are in very many items only the newest rows that
    hold the rarest of them together are looked at. ``frequencies``: how many items hold each term, when that is known.
    """
    counted = frequencies if frequencies is not None else [frequency(cx, term) for term in terms]
    held = sorted((n, term) for n, term in zip(counted, terms, strict=True) if n)
    if not held:
        return []
    if sum(n for n, _ in held) <= _RANKED:
        return _by_bm25(cx, [term for _, term in held], limit, conversation)
    inside = None if conversation is None else np.array(items.rows_of(cx, conversation=conversation), np.int64)
    if inside is not None and not len(inside):
        return []
    ids, weight = _weighed(cx, held, limit, inside)
    if closeness is not None:
        weight = weight + closeness(ids)
    return [int(row) for row in ids[np.lexsort((-ids, -weight))[:limit]]]


def _by_bm25(cx: apsw.Connection, terms: Sequence[str], limit: int, conversation: str | None) -> list[int]:
    match = " OR ".join(_quoted(term) for term in terms)
    if conversation is None:
        rows = cx.execute("SELECT rowid FROM items_fts WHERE items_fts MATCH ? ORDER BY rank LIMIT ?", (match, limit))
    else:
        rows = cx.execute(
            """SELECT f.rowid FROM items_fts f JOIN items i ON i.id = f.rowid JOIN conversations c ON c.id = i.conversation_id
               WHERE items_fts MATCH ? AND c.key = ? ORDER BY f.rank LIMIT ?""",
            (match, conversation, limit),
        )
    return [int(row) for (row,) in rows]


def _weighed(cx: apsw.Connection, held: Sequence[tuple[int, str]], limit: int, inside: Ids | None) -> tuple[Ids, Floats]:
    """Rows and, for each, the share (0 to 1) of the question's weight in the terms it holds. ``held``: frequency and term, rarest
    first; ``inside``: only these rows."""
    total = items.highest(cx)
    rarity = [math.log1p(max(total - n, 0) / n) for n, _ in held]
    quoted = [_quoted(term) for _, term in held]
    few = sum(reach <= _READ for reach in itertools.accumulate(n for n, _ in held))
    parts: list[tuple[float, Ids]] = [(rarity[at], _newest(cx, quoted[at], inside)) for at in range(few)]
    if few:
        these = f"({' OR '.join(quoted[:few])})"
        parts += [(rarity[at], _newest(cx, f"{these} AND {quoted[at]}", inside)) for at in range(few, min(len(held), few + _ALSO))]
    else:  # even the rarest is common: the rows that hold the most of them together
        for together in range(min(len(held), 1 + _ALSO), 0, -1):
            rows = _newest(cx, " AND ".join(quoted[:together]), inside)
            parts.append((sum(rarity[:together]), rows))
            if len(rows) >= limit:
                break
    ids, place = np.unique(np.concatenate([rows for _, rows in parts]), return_inverse=True)
    weights = np.concatenate([np.full(len(rows), weight / sum(rarity), np.float32) for weight, rows in parts])
    return ids, np.bincount(place, weights, minlength=len(ids)).astype(np.float32)


def _newest(cx: apsw.Connection, match: str, inside: Ids | None) -> Ids:
    """The newest rows that match; of ``inside`` when given."""
    low, high = (0, (1 << 63) - 1) if inside is None else (int(inside.min()), int(inside.max()))
    rows = cx.execute(
        """SELECT json_group_array(rowid) FROM
           (SELECT rowid FROM items_fts WHERE items_fts MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?)""",
        (match, low, high, _READ),
    )
    found = np.array(json.loads(str(rows.get)), np.int64)
    return found if inside is None else found[np.isin(found, inside)]


def _ends(cx: apsw.Connection, term: str, order: str) -> tuple[int, int]:
    """How many of the first (or with "DESC" the last) postings of ``term`` there are, 5,000 at most, and the row the last of them
    stands at."""
    sql = f"""SELECT count(*), {"min" if order else "max"}(rowid) FROM
              (SELECT rowid FROM items_fts WHERE items_fts MATCH ? ORDER BY rowid {order} LIMIT ?)"""  # noqa: S608  # constants
    n, row = cx.execute(sql, (_quoted(term), _COUNTED)).fetchall()[0]
    return whole(n), whole(row)


def holding(cx: apsw.Connection, words: Sequence[str], kinds: Sequence[Kind], limit: int) -> list[int]:
    """The rows of these ``kinds`` that hold every one of ``words``, oldest first."""
    if not words:
        return []
    match = " AND ".join(_quoted(word) for word in words)
    rows = cx.execute(
        """SELECT f.rowid FROM items_fts f JOIN items i ON i.id = f.rowid
           WHERE items_fts MATCH ? AND i.kind IN (SELECT value FROM json_each(?)) ORDER BY f.rowid LIMIT ?""",
        (match, json.dumps([kind.value for kind in kinds]), limit),
    )
    return [int(row) for (row,) in rows]


def traces(cx: apsw.Connection, rows: Iterable[int], words: Iterable[str]) -> int:
    """How many of ``words`` the index still says to be in any of ``rows``: 0 after they were forgotten."""
    wanted = json.dumps(sorted(rows))
    return sum(
        int(
            cx.execute(
                "SELECT count(*) FROM items_fts WHERE items_fts MATCH ? AND rowid IN (SELECT value FROM json_each(?))",
                (_quoted(word), wanted),
            ).get
            or 0
        )
        for word in words
    )


def _quoted(term: str) -> str:
    """``term`` as an FTS5 string: nothing in it is an operator."""
    return '"' + term.replace('"', '""') + '"'
