"""Full-text search: the first candidates by BM25, and what a term weighs.

SQLite FTS5 with the Porter stemmer and accents folded, as the schema sets it; words of scripts that it cannot cut stand in a second
index (``store.scripts``). ``stems`` gives Python the very same terms.
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
from . import blocks, items, scripts
from .blocks import Floats, Ids
from .items import whole

_TOKENIZER = ("unicode61", "remove_diacritics", "2")
_RANKED = 5_000  # postings that SQLite may rank for one question: 10 ms
_READ = 10_000  # postings of one match that are read instead: a millisecond
_ALSO = 2  # common terms that are looked for in the rows of the rarer ones
_MERGED = 500  # pages of 4 KiB in one step: a tenth of a second
_COUNTED = 5_000  # postings counted from either end
_KNOWN_STEMS = 200_000  # words whose stem is remembered: about 20 MB when full, then it starts anew

_lock = threading.Lock()
_stems: dict[str, str] = {}
_connection: apsw.Connection | None = None
_tokenizer: apsw.FTS5Tokenizer | None = None


def stems(words: Sequence[str]) -> list[str]:
    """The index's term for each word, in order."""
    known = [_stems.get(word) for word in words]
    if None not in known:
        return [stem for stem in known if stem is not None]
    learnt = _learned({word for word, stem in zip(words, known, strict=True) if stem is None})
    return [learnt[word] if stem is None else stem for word, stem in zip(words, known, strict=True)]


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
            if scripts.is_apart(word):
                _stems[word] = word
                continue
            found = _tokenizer(word.encode(), apsw.FTS5_TOKENIZE_DOCUMENT, None, include_offsets=False)
            _stems[word] = next((str(token[0]) for token in found if isinstance(token, tuple)), word)
        return {word: _stems[word] for word in words}


def rebuild(cx: apsw.Connection) -> None:
    """Makes both indexes anew from the items' rows."""
    cx.execute("INSERT INTO items_fts(items_fts) VALUES ('rebuild')")
    scripts.rebuild(cx)


def merge(cx: apsw.Connection, *, begin: bool = False) -> bool:
    """A step of making one segment of all those the index consists of; False when there is nothing left to do. ``begin`` with the
    first: later ones go on. To take a row out SQLite looks for each of its words in every segment."""
    before = cx.total_changes()
    cx.execute("INSERT INTO items_fts(items_fts, rank) VALUES ('merge', ?)", (-_MERGED if begin else _MERGED,))
    return cx.total_changes() - before >= 2  # SQLite's own documentation: fewer, and nothing was done


def frequency(cx: apsw.Connection, term: str) -> int:
    """How many items hold ``term``: counted up to 10,000, estimated beyond (within a few hundredths where the term is spread evenly
    over the items). The estimate goes by how far the first and the last 5,000 reach: counting 500,000 postings takes 28 ms, this 1.
    """
    apart = whole(cx.execute("SELECT count(*) FROM item_words_fts WHERE item_words_fts MATCH ?", (_quoted(term),)).get)
    if scripts.is_apart(term):
        return apart
    first, reach = _ends(cx, term, "")
    if first < _COUNTED:
        return first + apart
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
    plain = [(n, term) for n, term in held if not scripts.is_apart(term)]
    found = [_of_plain(cx, plain, limit, conversation, closeness)] if plain else []
    if held:
        found.append(_of_apart(cx, held, limit, conversation))
    return list(dict.fromkeys(row for rank in itertools.zip_longest(*found) for row in rank if row is not None))[:limit]


def _of_plain(
    cx: apsw.Connection,
    held: Sequence[tuple[int, str]],
    limit: int,
    conversation: str | None,
    closeness: Callable[[Ids], Floats] | None,
) -> list[int]:
    if sum(n for n, _ in held) <= _RANKED:
        return _by_bm25(cx, [term for _, term in held], limit, conversation)
    inside = None if conversation is None else np.array(items.rows_of(cx, conversation=conversation), np.int64)
    if inside is not None and not len(inside):
        return []
    ids, weight = _weighed(cx, held, limit, inside)
    if closeness is not None:
        weight = weight + closeness(ids)
    return [int(row) for row in blocks.best(ids, weight, limit)]


def _of_apart(cx: apsw.Connection, held: Sequence[tuple[int, str]], limit: int, conversation: str | None) -> list[int]:
    """The best by BM25 of the second index, from the rarest term on, as far as ranking pays; at least by one. Plain words come last:
    few of them stand there."""
    ordered = sorted(held, key=lambda one: not scripts.is_apart(one[1]))
    reach = itertools.accumulate(n for n, _ in ordered)
    terms = [term for (_, term), so_far in zip(ordered, reach, strict=True) if so_far <= _RANKED] or [ordered[0][1]]
    return _by_bm25(cx, terms, limit, conversation, table="item_words_fts")


def _by_bm25(cx: apsw.Connection, terms: Sequence[str], limit: int, conversation: str | None, *, table: str = "items_fts") -> list[int]:
    match = " OR ".join(_quoted(term) for term in terms)
    if conversation is None:
        rows = cx.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT ?", (match, limit))  # noqa: S608  # ours
    else:
        rows = cx.execute(
            f"""SELECT f.rowid FROM {table} f JOIN items i ON i.id = f.rowid JOIN conversations c ON c.id = i.conversation_id
               WHERE {table} MATCH ? AND c.key = ? ORDER BY f.rank LIMIT ?""",  # noqa: S608  # ours
            (match, conversation, limit),
        )
    return [int(row) for (row,) in rows]


def _weighed(cx: apsw.Connection, held: Sequence[tuple[int, str]], limit: int, inside: Ids | None) -> tuple[Ids, Floats]:
    """Rows and, for each, the share (0 to 1) of the question's weight in the terms it holds. ``held``: frequency and term, rarest
    first; ``inside``: only these rows."""
    total = items.highest(cx)
    rarity = [math.log1p((max(total - n, 0) + 0.5) / (n + 0.5)) for n, _ in held]
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


def typed(cx: apsw.Connection, words: Sequence[str], limit: int) -> list[int]:
    """The newest rows that hold every one of ``words``, of the last one the beginning: what is found while it is being typed."""
    matches: dict[str, list[str]] = {}
    for at, word in enumerate(words):
        matches.setdefault(_table(word), []).append(_quoted(word) + ("*" if at == len(words) - 1 else ""))
    first, *others = matches
    also = "".join(f" AND rowid IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)" for table in others)  # noqa: S608  # ours
    sql = f"SELECT rowid FROM {first} WHERE {first} MATCH ?{also} ORDER BY rowid DESC LIMIT ?"  # noqa: S608  # ours
    return [int(row) for (row,) in cx.execute(sql, (*(" AND ".join(each) for each in matches.values()), limit))]


def holding(cx: apsw.Connection, words: Sequence[str], kinds: Sequence[Kind], limit: int) -> list[int]:
    """The rows of these ``kinds`` that hold every one of ``words``, oldest first."""
    if not words:
        return []
    matched, values = _all_of(words)
    rows = cx.execute(
        f"""SELECT i.id FROM items i WHERE {matched} AND i.kind IN (SELECT value FROM json_each(?))
            ORDER BY i.id LIMIT ?""",  # noqa: S608  # built of constants
        (*values, json.dumps([kind.value for kind in kinds]), limit),
    )
    return [int(row) for (row,) in rows]


def traces(cx: apsw.Connection, rows: Iterable[int], words: Iterable[str]) -> int:
    """How many of ``words`` the indexes still say to be in any of ``rows``: 0 after they were forgotten."""
    wanted, found = json.dumps(sorted(rows)), 0
    for word in words:
        sql = f"SELECT count(*) FROM {_table(word)} WHERE {_table(word)} MATCH ? AND rowid IN (SELECT value FROM json_each(?))"  # noqa: S608  # ours
        found += whole(cx.execute(sql, (_quoted(word), wanted)).get)
    return found


def _all_of(words: Sequence[str]) -> tuple[str, list[str]]:
    """A condition on ``i.id`` that every one of ``words`` stands in the row, and its values."""
    conditions, values = [], []
    for table in dict.fromkeys(map(_table, words)):
        conditions.append(f"i.id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)")  # noqa: S608  # ours
        values.append(" AND ".join(_quoted(word) for word in words if _table(word) == table))
    return " AND ".join(conditions), values


def _table(word: str) -> str:
    """The index that holds ``word``."""
    return "item_words_fts" if scripts.is_apart(word) else "items_fts"


def _quoted(term: str) -> str:
    """``term`` as an FTS5 string: nothing in it is an operator."""
    return '"' + term.replace('"', '""') + '"'
