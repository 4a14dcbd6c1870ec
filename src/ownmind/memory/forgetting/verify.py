"""Proof that something is gone: right after forgetting, when the words are still at hand; later, by the words a person gives; and for
an old receipt, whose words nobody has, by comparing keyed hashes with everything that is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from ...messages import Checked, Item, Kind, Recalled, Trace
from ...store import facts as fact_rows
from ...store import items, search, tombstones, traces
from ...store.opening import Store
from ...store.traces import Needles
from ...store.vectors import Vectors
from ..identity import burial, sentence_keys
from ..words import contains_words, content_words, words

_PATIENCE_SECONDS = 2.0  # for readers that still hold the log
_SHOWN = 20  # ids a trace names
_MOST = 1000


def is_gone(
    store: Store, vectors: Sequence[Vectors], rows: Sequence[int], sample: Iterable[tuple[int, list[str]]], needles: Needles
) -> bool:
    """Whether neither rows, index, vectors in memory, log nor any page of the database know of the forgotten any more.

    ``sample``: rows with words, each looked up in the index. ``needles``: pieces of the texts, looked for in every page; what an item that
    stays says too is rightly there.
    """
    folded = _folded(store)
    with store.db.read() as cx:
        left = (
            len(items.keys(cx, rows))
            + items.vectors_of(cx, rows)
            + sum(search.traces(cx, [row], set(said)) for row, said in sample)
            + sum(held.holds(rows) for held in vectors)
        )
        found = traces.in_pages(cx, needles)
        return folded and left == 0 and not (found and found - traces.said(cx, found))


def by_words(store: Store, said: str, near: Callable[[str], Sequence[Recalled]]) -> Checked:
    """Where in the whole store anything still says ``said``: pages that hold all its words, items, facts, index entries, and what ``near``
    finds close in meaning."""
    wanted = content_words(said)
    _folded(store)
    with store.db.read() as cx:
        pages = traces.holding_all(cx, [word.encode() for word in wanted])
        found = search.holding(cx, wanted, list(Kind), _MOST)
        facts = [fact for fact in fact_rows.everything(cx) if set(wanted) <= set(words(f"{fact.text} {fact.quote}"))]
        entries = {word: search.frequency(cx, word) for word in wanted}
        looked = {"pages": traces.pages(cx), "items": items.counts(cx)["items"], "words": len(wanted)}
    close = near(said)
    places = [
        Trace("pages", pages),
        Trace("items", len(found), tuple(items.item_id(row) for row in found[:_SHOWN])),
        Trace("facts", len(facts), tuple(fact.id for fact in facts[:_SHOWN])),
        Trace("index", min(entries.values(), default=0) if found else 0),
        Trace("meaning", len(close), tuple(one.id for one in close[:_SHOWN])),
    ]
    return Checked(tuple(trace for trace in places if trace.count), looked)


def by_receipt(store: Store, receipt: int) -> Checked:
    """What is there now that says something this forget removed: whole items, and single sentences, by their keyed hashes."""
    secret = store.keys.tombstones
    with store.db.read() as cx:
        graves, sentences = tombstones.of(cx, receipt), tombstones.sentences_of(cx, receipt)
        whole: list[str] = []
        part: list[str] = []
        after = looked = 0
        while batch := items.listed(cx, after=after, limit=1000):
            after, looked = items.row_id(batch[-1].id), looked + len(batch)
            keys = items.keys(cx, [items.row_id(item.id) for item in batch])
            theirs = [item for item in batch if item.kind is not Kind.REPLY]
            whole += [item.id for item in theirs if not graves.isdisjoint(burial(secret, item, keys[items.row_id(item.id)]))]
            part += [item.id for item in batch if sentences and not sentences.isdisjoint(sentence_keys(secret, item.text))]
    places = [Trace("items", len(whole), tuple(whole[:_SHOWN])), Trace("sentences", len(part), tuple(part[:_SHOWN]))]
    return Checked(tuple(trace for trace in places if trace.count), {"items": looked, "hashes": len(graves) + len(sentences)})


def says(item: Item, said: str) -> bool:
    return contains_words(item.text, said)


def _folded(store: Store) -> bool:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not (folded := store.db.checkpoint()) and time.monotonic() < until:
        time.sleep(0.05)
    return folded
