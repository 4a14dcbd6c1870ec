"""Cutting words out of an item: the rest of it stays, and nothing anywhere says the words on its account any more.

Facts that rest on the words or repeat them go, as do the companion's replies that say any word of them the rest does not; places behind the
cut move. The kept file goes too (a sealed file cannot be cut). What the item was stays forgotten: importing it again does not bring the
words back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from secrets import token_bytes

import apsw

from ...errors import BadInput, NotFound
from ...messages import Cut, Fact, Item, Kind, Receipt, Span
from ...store import facts as fact_rows
from ...store import items, receipts, redactions, tombstones
from ...store.opening import Store
from ...store.traces import Needles
from ...store.vectors import Vectors
from ..identity import sentence_keys
from ..words import WORD, contains_words, content_words, words
from .deed import bury, forget_pseudonyms
from .plan import with_replies
from .verify import is_gone

MARK = "[…]"
_STEM = 5  # letters by which two words are held to be the same
_REST = 4  # words: a shorter rest that states nothing is not worth offering


def less(cx: apsw.Connection, rests_on: Sequence[int], fact: Fact) -> Cut | None:
    """What cutting the words of ``fact`` would do, where that is less than removing the item: it rests on that one alone
    (``rests_on``), which is no file's, and what is left of it says something."""
    if len(rests_on) != 1 or items.blobs_of(cx, rests_on):
        return None
    (item,) = items.get(cx, rests_on)
    cuts = _places(item.text, fact.quote)
    if item.kind is Kind.REPLY or not cuts:
        return None
    rest = _cut(item.text, cuts)
    known = fact_rows.resting_on(cx, rests_on)
    gone = _going(known, cuts, fact.quote)
    if len(gone) == len(known) and len(WORD.findall(rest.replace(MARK, ""))) < _REST:
        return None
    return Cut(item.id, fact.quote, rest, tuple(gone), tuple(_saying(cx, item, fact.quote, rest)))


def redact(store: Store, vectors: Sequence[Vectors], item_id: str, said: str, now: datetime) -> Receipt:
    """Replaces every occurrence of ``said`` in the item by MARK, whatever its case and blanks, and looks for traces of it.

    Raises NotFound when there is no such item or it does not say so, BadInput when nothing would be left.
    """
    row = items.row_id(item_id, "i")
    with store.db.erase() as cx:
        found = items.get(cx, [row])
        if not found:
            raise NotFound(f"there is no item {item_id}", hint="`ownmind recall` finds items with their ids")
        (item,) = found
        cuts = _places(item.text, said)
        if not cuts:
            raise NotFound(f"{item_id} does not say that", hint="give words that stand in it, as they stand there")
        text = _cut(item.text, cuts)
        if not WORD.search(text.replace(MARK, "")):
            raise BadInput("nothing would be left of it", hint=f"`ownmind forget {item_id}` removes it whole")
        receipt = receipts.begin(cx, now, "redacted")
        gone = _going(fact_rows.resting_on(cx, [row]), cuts, said)
        replies = [items.row_id(reply.id) for reply in _saying(cx, item, said, text)]
        removed = _rewrite(cx, store, receipt, item, text, cuts, [items.row_id(fact.id) for fact in gone], replies, now)
        receipts.count(cx, receipt, removed)

        def forget_in_memory() -> None:
            for held in vectors:
                held.remove([row, *replies])

        store.db.after_commit(forget_in_memory)
    forget_pseudonyms(store, receipt, Counter())
    needles = Needles()
    needles.add(item.text[cut.start : cut.end] for cut in cuts)
    left = [word for word in words(said) if word not in words(text)]
    verified = is_gone(store, (), replies, [(row, left)], needles)
    with store.db.erase() as cx:
        receipts.end(cx, receipt, verified=verified)
    return Receipt((item_id,), tuple(fact.id for fact in gone), removed, verified, now, receipts.name(receipt), "redacted")


def _places(text: str, said: str) -> list[Span]:
    """Where ``said`` stands in ``text``, as whole words, in order."""
    if not (parts := said.split()):
        raise BadInput("redact what?", hint='give the words to cut: `ownmind redact i12 "the words"`')
    pattern = re.compile(r"\s+".join(re.escape(part) for part in parts), re.IGNORECASE)
    return [Span(match.start(), match.end()) for match in pattern.finditer(text)]


def _cut(text: str, cuts: Sequence[Span]) -> str:
    kept = [text[before.end : after.start] for before, after in zip([Span(0, 0), *cuts], [*cuts, Span(len(text), len(text))], strict=True)]
    return MARK.join(kept)


def _is_cut(span: Span, cuts: Sequence[Span]) -> bool:
    return any(span.start < cut.end and cut.start < span.end for cut in cuts)


def _repeats(fact: Fact, said: str) -> bool:
    return contains_words(fact.text, said) or contains_words(fact.object, said)


def _moved(span: Span, cuts: Sequence[Span]) -> tuple[int, int] | None:
    """Where a stretch of the old text stands in the new; None when some of it was cut."""
    if _is_cut(span, cuts):
        return None
    shift = sum(len(MARK) - (cut.end - cut.start) for cut in cuts if cut.end <= span.start)
    return span.start + shift, span.end + shift


def _going(known: Sequence[Fact], cuts: Sequence[Span], said: str) -> list[Fact]:
    return [fact for fact in known if _is_cut(fact.span, cuts) or _repeats(fact, said)]


def _saying(cx: apsw.Connection, item: Item, said: str, rest: str) -> list[Item]:
    """The companion's replies made of the item that say any of the words, and did not get it from the ``rest``: "noted, 4711" tells as
    much as "the code is 4711"."""
    made_of_it = items.get(cx, with_replies(cx, [items.row_id(item.id)])[1:])
    telling = _stems(content_words(said)) - _stems(words(rest))
    return [reply for reply in made_of_it if contains_words(reply.text, said) or not telling.isdisjoint(_stems(words(reply.text)))]


def _stems(said: Sequence[str]) -> set[str]:
    """How words begin: an allergy tells of who is allergic. Too much alike costs a reply, too little leaves what was to go."""
    return {word[:_STEM] for word in said}


def _rewrite(
    cx: apsw.Connection, store: Store, receipt: int, item: Item, text: str, cuts: Sequence[Span], gone: Sequence[int],
    replies: Sequence[int], now: datetime,
) -> dict[str, int]:  # fmt: skip
    row, secret = items.row_id(item.id), store.keys.tombstones
    graves = 0 if item.kind is Kind.REPLY else bury(cx, store, receipt, [item], now)
    tombstones.spare_sentences(cx, sentence_keys(secret, text), receipt)
    blobs = items.blobs_of(cx, [row])
    removed = items.remove(cx, replies) if replies else {}
    fact_rows.restore_superseded_by(cx, gone)
    removed |= {"facts": redactions.remove_facts(cx, gone), "replies": len(replies), "tombstones": graves, "items": 0, "spans": len(cuts)}
    removed["index"] = removed["spans"]
    removed["vectors"] = removed.get("vectors", 0) + redactions.remove_vectors(cx, row)
    redactions.rewrite(cx, row, text, tombstones.keyed(secret, "redacted", token_bytes(16).hex()))

    def moved(start: int, end: int) -> tuple[int, int] | None:
        return _moved(Span(start, end), cuts)

    redactions.move_facts(cx, row, moved)
    redactions.move_quotes(cx, row, moved, len(text))
    removed["times"] = redactions.move_times(cx, row, moved)
    items.forget_titles(cx, [row])
    removed["settings"] = items.remove_settings_holding(cx, [item.text[cut.start : cut.end] for cut in cuts])
    for blob in blobs:
        store.blobs.remove(blob)
    removed["blobs"] = len(blobs)
    return removed
