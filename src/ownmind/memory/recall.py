"""Finding again: from a question to the items that may answer it, best first. No model call but the question's embedding.

Full-text search and vectors each give their best few hundred; those and their neighbours are the candidates, and ``rank`` weighs
them. Nothing is hidden for being old, superseded or untrusted: it is labelled. Only the companion's own replies are left out,
unless asked for: recalling them as evidence is how a memory comes to believe its own inventions.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import apsw
import numpy as np

from ..messages import Kind, Recalled
from ..store import items, search, times
from ..store.blocks import Floats, Ids
from ..store.vectors import Vectors
from .candidates import candidates
from .cover import chosen
from .dates import Window
from .question import Asks, Reading, about, read
from .rank import WEIGHTS, Ranked, rank
from .signals import Candidates, Places
from .words import normalised

EVIDENCE = (Kind.MESSAGE, Kind.NOTE, Kind.TURN, Kind.PASSAGE)  # what recall looks through unless told otherwise

_WEIGHED = 24  # terms; a question pasted from a page has hundreds, and its rarest say what it is about
_OF_THAT_TIME = 25  # candidates that were said in, and that name, the time the question names
_OF_A_SET = 3  # times as many candidates where the answer is spread over all talks about a topic
_WIDER = 20  # times as many candidates where the first are mostly copies of one another
_SPREAD = 6.0  # fused score: an item this far behind the best has 1/e of its score


@dataclass(frozen=True, slots=True)
class Question:
    """A question as recall reads it."""

    text: str
    now: datetime
    vector: Floats | Future[Floats] | None = None  # (d,) L2-normalised, or in the making; None while there is no embedder
    conversation: str | None = None
    kinds: Sequence[Kind] = EVIDENCE
    pool: int = 70  # candidates each of full-text search and vectors may bring
    before: str = ""  # the message a follow-up leans on
    window: Window | None = None  # the time it is about, where that had to be looked up; else the text says it

    def meaning(self) -> Floats | None:
        """Its vector, waited for if need be: asked for late, words are searched while it is made."""
        return self.vector.result() if isinstance(self.vector, Future) else self.vector


@dataclass(frozen=True, slots=True)
class Gathered:
    """The candidates for one question: their rows, how the question was read, and the numbers rank weighs, in one order."""

    found: list[items.Heading]
    reading: Reading
    candidates: Candidates


@dataclass
class Frequencies:
    """How many items hold a term, remembered until the store has grown or shrunk by a twentieth."""

    _total: int = 0
    _known: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, cx: apsw.Connection, terms: Sequence[str], total: int) -> list[int]:
        with self._lock:
            if abs(total - self._total) * 20 > self._total or len(self._known) > 20_000:
                self._total, self._known = total, {}
            known = self._known
        for term in terms:
            if term not in known:
                known[term] = search.frequency(cx, term)
        return [known[term] for term in terms]


def recall(
    cx: apsw.Connection,
    question: Question,
    vectors: Vectors | None,
    frequencies: Frequencies,
    k: int,
    weights: Mapping[str, float] = WEIGHTS,
) -> list[Recalled]:
    """The ``k`` best items, best first. ``score`` is in 0..1: the evidence for the best (meaning and words it shares with the
    question), falling off with the distance behind it; so it compares across questions as far as such a thing can."""
    gathered = gather(cx, question, vectors, frequencies) if k > 0 else None
    return [] if gathered is None else _best(cx, gathered, rank(gathered.candidates, weights), k)


def gather(cx: apsw.Connection, question: Question, vectors: Vectors | None, frequencies: Frequencies) -> Gathered | None:
    """What may answer the question, as rank weighs it; None when there is nothing."""
    total = items.highest(cx)
    if not total:
        return None
    reading = read(question.text, question.now, before=question.before)
    if question.window is not None:
        reading = replace(reading, window=question.window)
    terms, weight = _terms(cx, reading.terms, frequencies, total)
    closeness = None if vectors is None or question.vector is None else partial(_closeness, vectors, question)
    only = None if question.conversation is None else np.array(items.rows_of(cx, conversation=question.conversation), np.int64)
    first = question.pool * (_OF_A_SET if reading.kind in (Asks.ORDER, Asks.SUMMARY) else 1)
    for pool in (first, first * _WIDER):
        rows = set(search.best(cx, terms, pool, frequencies=weight, conversation=question.conversation, closeness=closeness))
        if vectors is not None and (meaning := question.meaning()) is not None:
            rows.update(int(row) for row in vectors.nearest(meaning, pool // 2, only=only))
        if reading.window and question.conversation is None:
            rows.update(times.in_window(cx, reading.window.start.timestamp(), reading.window.end.timestamp(), _OF_THAT_TIME))
        found = items.headings(cx, rows, question.kinds)
        if len(found) < question.pool or 4 * len({heading.text for heading in found}) > len(found):
            break  # else the same words over and over: what else there is must be looked for further down
    if not found:
        return None
    reading = about(reading, question.text, {heading.speaker for heading in found if heading.speaker}, before=question.before)
    named = times.of(cx, [heading.id for heading in found]) if reading.window else []
    weighed = candidates(found, reading, terms, weight, total, vectors=vectors, question=question.meaning(), named=named)
    return Gathered(found, reading, weighed)


def _closeness(vectors: Vectors, question: Question, ids: Ids) -> Floats:
    meaning = question.meaning()
    return np.zeros(len(ids), np.float32) if meaning is None else vectors.closeness(meaning, ids)


def _terms(cx: apsw.Connection, words: Sequence[str], frequencies: Frequencies, total: int) -> tuple[list[str], list[int]]:
    """The question's terms, rarest first, and how many items hold each."""
    terms = list(dict.fromkeys(search.stems(words)))
    pairs = sorted(zip(frequencies.of(cx, terms, total), terms, strict=True))[:_WEIGHED]
    return [term for _, term in pairs], [n for n, _ in pairs]


def _best(cx: apsw.Connection, gathered: Gathered, ranked: Ranked, k: int) -> list[Recalled]:
    found = gathered.found
    order = _distinct(found, chosen(ranked.score, gathered.candidates, gathered.reading.kind), k)
    evidence = float(max(0.5 * max(float(ranked.cosine[i]), 0.0) + 0.5 * float(ranked.coverage[i]) for i in order[:3]))
    lowest = np.minimum.accumulate(ranked.score[order])  # a set is chosen, not sorted: its scores fall all the same
    whole = {int(item.id[1:]): item for item in items.get(cx, [found[i].id for i in order])}
    return [
        Recalled(
            whole[found[i].id],
            min(1.0, evidence) * math.exp(float(lowest[at] - lowest[0]) / _SPREAD),
            {
                "cosine": float(ranked.cosine[i]),
                "coverage": float(ranked.coverage[i]),
                "fused": float(ranked.score[i]),
                **{f"share.{name}": float(share[i]) for name, share in ranked.shares.items()},
            },
        )
        for at, i in enumerate(order)
    ]


def _distinct(found: Sequence[items.Heading], order: Places, k: int) -> list[int]:
    """The first ``k`` places of ``order`` whose texts differ: what was said a thousand times is shown once."""
    seen: set[str] = set()
    kept: list[int] = []
    for i in order:
        said = normalised(found[i].text) or found[i].text
        if said not in seen:
            seen.add(said)
            kept.append(int(i))
            if len(kept) == k:
                break
    return kept
