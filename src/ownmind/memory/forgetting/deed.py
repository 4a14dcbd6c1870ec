"""Carrying a forget out: in one transaction when it is small, in batches that survive kill -9 when it is large.

A large one first writes down and withholds everything it will remove; from that moment nothing of it is used. Then batch after
batch goes, each durable. A process that is killed in between leaves a receipt that says so, and the next one goes on (``go_on``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import apsw

from ...messages import Item, Kind, Receipt
from ...store import actions, goals, items, pseudonyms, receipts, search, tombstones
from ...store import facts as fact_rows
from ...store.opening import Store
from ...store.traces import Needles
from ...store.vectors import Vectors
from ..identity import burial, sentence_keys
from ..words import words
from .plan import last_facts, with_replies
from .verify import is_gone

BATCH = 500  # items of one transaction
_LARGE = 5_000  # items from which on it pays to bring the full-text index in order first: it halves the time of taking them out
_SAMPLED = 50  # items of which every word is looked up in the index afterwards


@dataclass
class Gone:
    """What a forget removed so far in this process, and what to look for afterwards."""

    receipt: int
    items: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)
    needles: Needles = field(default_factory=Needles)
    sample: list[tuple[int, list[str]]] = field(default_factory=list)  # rows with their words

    @property
    def rows(self) -> list[int]:
        return [items.row_id(name) for name in self.items]


def carry_out(store: Store, vectors: Sequence[Vectors], rows: Sequence[int], now: datetime, *, mode: str = "forgotten") -> Receipt:
    """Removes ``rows`` (what of them is still there), with what was made of them, and looks for traces: ``verified`` is the outcome."""
    with store.db.erase() as cx:
        gone = Gone(receipts.begin(cx, now, mode))
        receipts.wait(cx, gone.receipt, with_replies(cx, rows))  # a reply may have come since the plan
        while len(rows) <= BATCH and _batch(cx, store, vectors, gone, now):
            pass
    return _to_its_end(store, vectors, gone, now)


def go_on(store: Store, vectors: Sequence[Vectors], now: datetime) -> list[Receipt]:
    """Ends every forget that was stopped half way. The words of what had gone before cannot be looked for any more:
    ``removed["unsearched"]`` counts those items."""
    with store.db.read() as cx:
        stopped = receipts.unended(cx)
    ended = []
    for receipt in stopped:
        with store.db.write() as cx:
            before = receipts.count(cx, receipt, {}).get("items", 0)
            receipts.count(cx, receipt, {"unsearched": before} if before else {})
        ended.append(_to_its_end(store, vectors, Gone(receipt), now))
    return ended


def _to_its_end(store: Store, vectors: Sequence[Vectors], gone: Gone, now: datetime) -> Receipt:
    _merge(store, gone.receipt)
    left = True
    while left:
        with store.db.read() as cx:
            left = bool(receipts.waiting(cx, gone.receipt, 1))
        if left:
            with store.db.erase() as cx:
                _batch(cx, store, vectors, gone, now)
    forget_pseudonyms(store, gone.receipt, gone.removed)
    verified = is_gone(store, vectors, gone.rows, gone.sample, gone.needles)
    with store.db.erase() as cx:  # not ``write``: on a full disk this too must succeed
        receipts.end(cx, gone.receipt, verified=verified)
        (kept,) = receipts.listed(cx, gone.receipt)
    return Receipt(tuple(gone.items), tuple(gone.facts), kept.removed, verified, now, kept.id, kept.mode)


def forget_pseudonyms(store: Store, receipt: int, removed: Counter[str]) -> None:
    """Drops what stood for names that nothing holds any more."""
    with store.db.read() as cx:
        if not pseudonyms.count(cx):
            return
    with store.db.erase() as cx:
        removed["pseudonyms"] += pseudonyms.remove_unremembered(cx)
        receipts.count(cx, receipt, {"pseudonyms": removed["pseudonyms"]})


def _merge(store: Store, receipt: int) -> None:
    """Brings the full-text index in order before a large forget, in steps: whoever wants to write waits for one of them."""
    with store.db.read() as cx:
        left = len(receipts.waiting(cx, receipt, _LARGE)) == _LARGE
    begin = True
    while left:
        with store.db.write() as cx:
            left, begin = search.merge(cx, begin=begin), False


def _batch(cx: apsw.Connection, store: Store, vectors: Sequence[Vectors], gone: Gone, now: datetime) -> int:
    """Removes the next items that wait under this receipt; gives how many."""
    rows = receipts.waiting(cx, gone.receipt, BATCH)
    found = items.get(cx, rows)
    if not found:
        return 0
    facts = fact_rows.resting_on(cx, rows)
    removed = _remove(cx, store, gone.receipt, found, now)
    receipts.count(cx, gone.receipt, removed)

    def forget_in_memory() -> None:
        for held in vectors:
            held.remove(rows)

    store.db.after_commit(forget_in_memory)
    gone.items += [item.id for item in found]
    gone.facts += [fact.id for fact in facts]
    gone.removed.update(removed)
    gone.needles.add(item.text for item in found)
    room = _SAMPLED - len(gone.sample)
    gone.sample += [(items.row_id(item.id), words(item.text)[:20]) for item in found[:room]] if room > 0 else []
    return len(found)


def _remove(cx: apsw.Connection, store: Store, receipt: int, found: Sequence[Item], now: datetime) -> dict[str, int]:
    rows = [items.row_id(item.id) for item in found]
    gone = fact_rows.resting_on(cx, rows)
    fact_count = len(last_facts(cx, gone))
    graves = bury(cx, store, receipt, found, now)
    blobs = items.blobs_of(cx, rows)
    items.forget_titles(cx, rows)
    fact_rows.restore_superseded_by(cx, [items.row_id(fact.id) for fact in gone])
    aims = len(goals.resting_on(cx, rows))
    removed = items.remove(cx, rows)
    removed |= {"goals": aims} if aims else {}
    removed |= {"facts": fact_count, "replies": sum(item.kind is Kind.REPLY for item in found), "tombstones": graves}
    removed["actions"] = actions.forget(cx, rows)
    removed["settings"] = items.remove_settings_holding(cx, [item.text for item in found])
    for blob in blobs:
        store.blobs.remove(blob)
    removed["blobs"] = len(blobs)
    removed["sources"] = items.remove_empty_sources(cx)
    return removed


def bury(cx: apsw.Connection, store: Store, receipt: int, found: Sequence[Item], now: datetime) -> int:
    """Leaves tombstones for these items; gives how many. The companion's own replies get none: nothing imports them, and it must
    stay free to say the same of something else."""
    secret, keys = store.keys.tombstones, items.keys(cx, [items.row_id(item.id) for item in found])
    mine = [item for item in found if item.kind is not Kind.REPLY]
    graves = {key for item in mine for key in burial(secret, item, keys[items.row_id(item.id)])}
    tombstones.add(cx, graves, now.timestamp(), receipt)
    tombstones.add_sentences(cx, {key for item in mine for key in sentence_keys(secret, item.text)}, receipt)
    return len(graves)
