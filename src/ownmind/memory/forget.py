"""Forgetting: what would go, and then that it went.

An item takes with it its vector, its index entries, the facts that rest on it alone, the companion's replies that cite it,
answer it or repeat it, and the kept file it was read from (a sealed file cannot be cut). What a forgotten fact had superseded is
current again. A keyed hash stays, so that importing the same thing again does not bring it back. Afterwards the whole
decrypted database is searched for the words.

Not covered: copies made outside (exports, older backups; restoring one replays the tombstones), and other items that say the same
in other words.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime

import apsw

from ..errors import BadInput, NotFound
from ..messages import Fact, Forgetting, Item, Kind, Receipt
from ..store import facts as fact_rows
from ..store import items, search, tombstones
from ..store.opening import Store
from ..store.vectors import Vectors
from .identity import burial
from .words import STOP, content_words, normalised, words

_MOST = 1000  # items one query may name: more is a mistake in the query
_SEARCHED = 50  # texts looked for in the whole database; of more, the longest
_PART_OF_A_WORD = 25  # characters
_REPEATS = 4  # words: a reply that says this many in a row repeats the item
_PATIENCE_SECONDS = 2.0  # for readers that still hold the log


def plan(cx: apsw.Connection, target: str) -> Forgetting:
    """What forgetting ``target`` would remove. ``target``: an item's or a fact's id, a source's ref, a conversation, else words:
    then every item that holds all of them. Raises NotFound when that is nothing."""
    rows = _named(cx, target.strip())
    if not rows:
        raise NotFound(
            "nothing here matches that",
            hint="give an id from `ownmind recall`, a source, a conversation, or words that all stand in one item",
        )
    rows = _with_replies(cx, rows)
    found = items.get(cx, rows)
    gone_facts = fact_rows.resting_on(cx, rows)
    return Forgetting(tuple(found), tuple(gone_facts), _counts(cx, found, gone_facts))


def carry_out(store: Store, vectors: Sequence[Vectors], forgetting: Forgetting, now: datetime) -> Receipt:
    """Removes what the plan names (what of it is still there) and looks for traces. ``verified`` is the outcome of that search."""
    ids = [items.row_id(item.id) for item in forgetting.items]
    with store.db.erase() as cx:
        ids = [*dict.fromkeys([*ids, *(row for row in _with_replies(cx, ids))])]  # a reply may have come since the plan
        found = items.get(cx, ids)
        removed = _remove(cx, store, found, now)
        for held in vectors:
            held.remove(ids)
    return Receipt(
        items=tuple(item.id for item in found),
        facts=tuple(fact.id for fact in forgetting.facts),
        removed=removed,
        verified=_is_gone(store, vectors, ids, [item.text for item in found]),
        at=now,
    )


def _named(cx: apsw.Connection, target: str) -> list[int]:
    if not target:
        raise BadInput("forget what?", hint="give an id, a source, a conversation, or words")
    if target[0] in "if" and target[1:].isdecimal():
        number = items.row_id(target)
        if target[0] == "i":
            return [number] if items.get(cx, [number]) else []
        return _resting_rows(cx, fact_rows.get(cx, [number]))
    return items.rows_of(cx, source=target) or items.rows_of(cx, conversation=target) or _holding(cx, target)


def _resting_rows(cx: apsw.Connection, found: Sequence[Fact]) -> list[int]:
    """The items a fact rests on: while one of them stays, the fact could be read off it again."""
    keys = fact_rows.content_keys(cx, [items.row_id(fact.id) for fact in found])
    return sorted({items.row_id(fact.item_id) for key in keys.values() for fact in fact_rows.same(cx, key)})


def _holding(cx: apsw.Connection, query: str) -> list[int]:
    """Items that hold every word of ``query`` that carries meaning. Conservative: resemblance removes nothing."""
    wanted = content_words(query)
    if all(word in STOP for word in wanted):
        return []
    found = search.holding(cx, wanted, list(Kind), _MOST + 1)
    if len(found) > _MOST:
        raise BadInput(
            f"more than {_MOST} items hold those words", hint="say more exactly what to forget, or name a source or conversation"
        )
    return found


def _with_replies(cx: apsw.Connection, rows: Sequence[int]) -> list[int]:
    """``rows`` and the companion's replies that cite, answer or repeat them."""
    found = items.get(cx, rows)
    replies = {*items.replies_citing(cx, rows), *items.replies_to(cx, rows)}
    telling = [normalised(item.text) for item in found if item.kind is not Kind.REPLY and len(words(item.text)) >= _REPEATS]
    if telling:
        said = [(row, f" {normalised(text)} ") for row, text in items.texts_of(cx, Kind.REPLY)]
        replies.update(row for row, text in said if any(f" {part} " in text for part in telling))
    return [*rows, *sorted(replies - set(rows))]


def _counts(cx: apsw.Connection, found: Sequence[Item], gone: Sequence[Fact]) -> dict[str, int]:
    rows = [items.row_id(item.id) for item in found]
    return {
        "items": len(found),
        "replies": sum(item.kind is Kind.REPLY for item in found),
        "facts": len(_last_rows(cx, gone)),
        "vectors": items.vectors_of(cx, rows),
        "index": len(found),
        "blobs": len(items.blobs_of(cx, rows)),
    }


def _last_rows(cx: apsw.Connection, gone: Sequence[Fact]) -> set[bytes]:
    """Facts (by content) of which every row goes: the others go on resting on another item."""
    rows = {items.row_id(fact.id) for fact in gone}
    keys = set(fact_rows.content_keys(cx, rows).values())
    return {key for key in keys if all(items.row_id(fact.id) in rows for fact in fact_rows.same(cx, key))}


def _remove(cx: apsw.Connection, store: Store, found: Sequence[Item], now: datetime) -> dict[str, int]:
    rows = [items.row_id(item.id) for item in found]
    gone = fact_rows.resting_on(cx, rows)
    fact_count = len(_last_rows(cx, gone))
    keys = items.keys(cx, rows)
    secret = store.keys.tombstones
    # The companion's own replies leave no tombstone: nothing imports them, and it must stay free to say the same of something else.
    graves = [key for item in found if item.kind is not Kind.REPLY for key in burial(secret, item, keys[items.row_id(item.id)])]
    tombstones.add(cx, graves, now.timestamp())
    blobs = items.blobs_of(cx, rows)
    items.forget_titles(cx, rows)
    fact_rows.restore_superseded_by(cx, [items.row_id(fact.id) for fact in gone])
    replies = sum(item.kind is Kind.REPLY for item in found)
    removed = items.remove(cx, rows)
    removed |= {"facts": fact_count, "replies": replies, "tombstones": len(set(graves))}
    removed["settings"] = items.remove_settings_holding(cx, [item.text for item in found])
    for blob in blobs:
        store.blobs.remove(blob)
    removed["blobs"] = len(blobs)
    removed["sources"] = items.remove_empty_sources(cx)
    return removed


def _is_said(cx: apsw.Connection, text: str) -> bool:
    """Whether an item that stays says ``text`` too. The index answers for whole words; short texts may be part of a word."""
    said = list(dict.fromkeys(words(text)))[:30]
    if len(text) < _PART_OF_A_WORD or not said:
        return items.is_said(cx, text)
    return any(text.strip().lower() in item.text.lower() for item in items.get(cx, search.holding(cx, said, list(Kind), _MOST)))


def _is_gone(store: Store, vectors: Sequence[Vectors], rows: Sequence[int], texts: Iterable[str]) -> bool:
    """Whether neither rows, index, vectors in memory, log nor any page of the database know of the forgotten any more."""
    texts = sorted(set(texts), key=len, reverse=True)[:_SEARCHED]
    until = time.monotonic() + _PATIENCE_SECONDS
    while not (folded := store.db.checkpoint()) and time.monotonic() < until:
        time.sleep(0.05)
    with store.db.read() as cx:
        telling = [text for text in texts if not _is_said(cx, text)]  # what another item still says is rightly there
        left = (
            len(items.get(cx, rows))
            + items.vectors_of(cx, rows)
            + search.traces(cx, rows, {word for text in texts for word in words(text)[:20]})
            + sum(held.holds(rows) for held in vectors)
            + sum(tombstones.traces(cx, telling).values())
        )
    return folded and left == 0
