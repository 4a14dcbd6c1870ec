"""Finding again: from a question to the items that may answer it, best first. No model call but the question's embedding.

Full-text search and vectors each give their best few hundred; those and their neighbours are the candidates, and ``rank`` weighs
them. Nothing is hidden for being old, superseded or untrusted: it is labelled. Only the companion's own replies are left out,
unless asked for: recalling them as evidence is how a memory comes to believe its own inventions.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import apsw
import numpy as np

from ..messages import Integrity, Kind, Recalled
from ..store import items, search
from ..store.blocks import Floats
from ..store.vectors import Vectors
from . import dates
from .rank import Candidates, Ranked, Weights, neighbours, rank, sessions
from .words import content_words, is_about_me, named

EVIDENCE = (Kind.MESSAGE, Kind.NOTE, Kind.TURN, Kind.PASSAGE)  # what recall looks through unless told otherwise

_WEIGHED = 24  # terms; a question pasted from a page has hundreds, and its rarest say what it is about
_SPREAD = 6.0  # fused score: an item this far behind the best has 1/e of its score
_MARK, _END = "\x1f", -2
_WORD_OR_MARK = re.compile(r"\w+|\x1f")
_PERSON = frozenset({"user", "me", "human"})  # how transcripts name the person themselves


@dataclass(frozen=True, slots=True)
class Question:
    """A question as recall reads it."""

    text: str
    now: datetime
    vector: Floats | None = None  # (d,) L2-normalised; None while there is no embedder
    conversation: str | None = None
    kinds: Sequence[Kind] = EVIDENCE
    pool: int = 100  # candidates each of full-text search and vectors may bring


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
    cx: apsw.Connection, question: Question, vectors: Vectors | None, frequencies: Frequencies, k: int, weights: Weights | None = None
) -> list[Recalled]:
    """The ``k`` best items, best first. ``score`` is in 0..1: the evidence for the best (meaning and words it shares with the
    question), falling off with the distance behind it; so it compares across questions as far as such a thing can."""
    total = items.highest(cx)
    if not total or k < 1:
        return []
    terms, weight = _terms(cx, question.text, frequencies, total)
    closeness = None if vectors is None or question.vector is None else partial(vectors.closeness, question.vector)
    rows = set(search.best(cx, terms, question.pool, frequencies=weight, conversation=question.conversation, closeness=closeness))
    if vectors is not None and question.vector is not None:
        only = None if question.conversation is None else np.array(items.rows_of(cx, conversation=question.conversation), np.int64)
        rows.update(int(row) for row in vectors.nearest(question.vector, question.pool // 2, only=only))
    found = items.headings(cx, rows, question.kinds)
    if not found:
        return []
    ranked = rank(_candidates(found, question, terms, weight, total, vectors), weights)
    return _best(cx, found, ranked, k)


def _terms(cx: apsw.Connection, text: str, frequencies: Frequencies, total: int) -> tuple[list[str], list[int]]:
    """The question's terms, rarest first, and how many items hold each."""
    terms = list(dict.fromkeys(search.stems(content_words(text))))
    pairs = sorted(zip(frequencies.of(cx, terms, total), terms, strict=True))[:_WEIGHED]
    return [term for _, term in pairs], [n for n, _ in pairs]


def _candidates(
    found: Sequence[items.Heading], question: Question, terms: Sequence[str], weight: Sequence[int], total: int, vectors: Vectors | None
) -> Candidates:
    n = len(found)
    counts, lengths = _counted(found, terms)
    ids = np.array([heading.id for heading in found], np.int64)
    threads = np.array([heading.thread for heading in found], np.int64)
    positions = np.array([heading.position for heading in found], np.int64)
    times_at = np.array([math.nan if heading.at is None else heading.at for heading in found], np.float64)
    session = sessions(threads, positions, times_at)
    before, after = neighbours(threads, positions, session)
    speakers = named(question.text, {heading.speaker for heading in found if heading.speaker})
    me = is_about_me(question.text)
    d = vectors.dimensions if vectors is not None and question.vector is not None else 1
    return Candidates(
        counts=counts,
        lengths=lengths,
        frequencies=np.array(weight, np.float32),
        total=total,
        vectors=vectors.of(ids) if vectors is not None and question.vector is not None else np.zeros((n, d), np.float32),
        question=question.vector if question.vector is not None and vectors is not None else np.zeros(d, np.float32),
        before=before,
        after=after,
        sessions=session,
        by_named=np.array([heading.speaker in speakers for heading in found], np.float32),
        by_person=np.array([me and _is_person(heading) for heading in found], np.float32),
        days_off=_days_off(times_at, question),
        asks=np.array([len(heading.text) < 200 and "?" in heading.text[-40:] for heading in found], np.float32),
    )


def _counted(found: Sequence[items.Heading], terms: Sequence[str]) -> tuple[Floats, Floats]:
    """(n, t) how often each candidate holds each term, and (n,) how many words it has. All texts are read as one, with a mark
    after each: five times as fast as one by one."""
    said = _WORD_OR_MARK.findall("".join(f"{heading.speaker} {heading.text.replace(_MARK, ' ')}{_MARK}" for heading in found).lower())
    distinct = list(set(said))
    place = {term: at for at, term in enumerate(terms)}
    code = {word: place.get(stem, -1) for word, stem in zip(distinct, search.stems(distinct), strict=True)}
    code[_MARK] = _END
    codes = np.fromiter(map(code.__getitem__, said), np.int64, len(said))
    owner = np.cumsum(codes == _END)
    lengths = np.bincount(owner[codes != _END], minlength=len(found))[: len(found)]
    held = codes >= 0
    cells = np.bincount(owner[held] * len(terms) + codes[held], minlength=len(found) * len(terms))
    return cells.reshape(len(found), len(terms)).astype(np.float32), lengths.astype(np.float32)


def _is_person(heading: items.Heading) -> bool:
    return heading.integrity == Integrity.PERSON.value or heading.speaker.lower() in _PERSON


def _days_off(times: np.typing.NDArray[np.float64], question: Question) -> Floats:
    """How far each time lies from the one the question names. Before it counts threefold: people speak of what has happened."""
    window = dates.window(question.text, question.now)
    if window is None:
        return np.full(len(times), np.nan, np.float32)
    late, early = times - window.end.timestamp(), window.start.timestamp() - times
    return (np.maximum(np.maximum(late, 3 * early), 0) / 86400).astype(np.float32)


def _best(cx: apsw.Connection, found: Sequence[items.Heading], ranked: Ranked, k: int) -> list[Recalled]:
    order = np.argsort(-ranked.score, kind="stable")[:k]
    evidence = float(max(0.5 * max(float(ranked.cosine[i]), 0.0) + 0.5 * float(ranked.coverage[i]) for i in order[:3]))
    top = float(ranked.score[order[0]])
    whole = {int(item.id[1:]): item for item in items.get(cx, [found[i].id for i in order])}
    return [
        Recalled(
            whole[found[i].id],
            min(1.0, evidence) * math.exp((float(ranked.score[i]) - top) / _SPREAD),
            {
                "cosine": float(ranked.cosine[i]),
                "coverage": float(ranked.coverage[i]),
                "fused": float(ranked.score[i]),
                **{name: float(share[i]) for name, share in ranked.shares.items()},
            },
        )
        for i in order
    ]
