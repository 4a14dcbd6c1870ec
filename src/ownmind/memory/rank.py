"""Which of the candidates answers the question: a weighted sum of signals, pure.

Each signal is brought to mean 0 and deviation 1 over the candidates and added. Sums of z-scores, not reciprocal ranks: where
one signal is weak, ranks throw away that the other was sure. Short turns are read together with the turn before and after
(their words are elliptic: "Yes, two weeks ago!"); long messages stand alone, where neighbours only add noise, so that share
fades out with length. Weights are set by hand, never fitted: weights fitted on one kind of talk collapsed on another.

BM25: Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

_K1, _B = 1.2, 0.75
_SHORT, _LONG = 80, 200  # words: neighbours count fully up to the first, not at all from the second
_NEAR_WORDS, _NEAR_MEANING = 0.7, 0.5  # what a neighbour's words and vector count beside an item's own
_SESSION_GAP = 6 * 3600.0  # a silence this long begins a new session
_DATE_REACH = 7 * 86400.0  # people tell of a thing some days after it happened


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts."""

    words: float = 0.7  # BM25 of the item alone
    window: float = 1.0  # BM25 of the item between its neighbours
    meaning: float = 1.0  # cosine of item and question
    window_meaning: float = 0.5  # cosine of the window and the question
    session: float = 0.2  # how much of the question the whole session speaks of
    speaker: float = 0.7  # said by somebody the question names
    mine: float = 1.0  # said by the person, when the question is about "me"
    date: float = 1.0  # said in, or soon after, the time the question names
    asks: float = 0.5  # taken off a short item that is itself a question


@dataclass(frozen=True, slots=True)
class Candidates:
    """n candidates and a question of t terms. ``before`` and ``after`` are places of the neighbours, -1 where there is none."""

    counts: Floats  # (n, t) how often each holds each term
    lengths: Floats  # (n,) words
    frequencies: Floats  # (t,) how many items of the whole store hold the term
    total: int  # items in the whole store
    vectors: Floats  # (n, d) L2-normalised; zeros where there is none yet
    question: Floats  # (d,)
    before: Places  # (n,)
    after: Places  # (n,)
    sessions: Places  # (n,) equal numbers, same session
    by_named: Floats  # (n,) 1 where the question names the speaker
    by_person: Floats  # (n,) 1 where the person spoke and the question is about them
    days_off: Floats  # (n,) 0 in the time the question names, growing with the distance; nan where unknown or none is named
    asks: Floats  # (n,) 1 where the item is itself a short question


@dataclass(frozen=True, slots=True)
class Ranked:
    """Over the same candidates: the fused score, each signal's share of it, and two absolute measures for judging an answer."""

    score: Floats  # (n,)
    shares: dict[str, Floats]  # each (n,); they add up to score
    cosine: Floats  # (n,) best of item and window, -1 to 1
    coverage: Floats  # (n,) share of the question's weight in terms that the item and its neighbours hold, 0 to 1


def rank(candidates: Candidates, weights: Weights | None = None) -> Ranked:
    """The candidates' scores, higher is better. They compare within one question only."""
    c, w = candidates, weights or Weights()
    rarity = np.log1p((c.total - c.frequencies + 0.5) / (c.frequencies + 0.5)).astype(np.float32)
    near_counts = c.counts + _NEAR_WORDS * (_at(c.counts, c.before) + _at(c.counts, c.after))
    near_lengths = c.lengths + _NEAR_WORDS * (_at(c.lengths, c.before) + _at(c.lengths, c.after))
    near_vectors = _unit(c.vectors + _NEAR_MEANING * (_at(c.vectors, c.before) + _at(c.vectors, c.after)))
    cosine, near_cosine = c.vectors @ c.question, near_vectors @ c.question
    short = np.clip((_LONG - c.lengths) / (_LONG - _SHORT), 0, 1)
    shares = {
        "words": w.words * _z(_bm25(c.counts, c.lengths, rarity)),
        "window": w.window * short * _z(_bm25(near_counts, near_lengths, rarity)),
        "meaning": w.meaning * _z(cosine),
        "window_meaning": w.window_meaning * short * _z(near_cosine),
        "session": w.session * _z(_session(c.counts, c.sessions, rarity)),
        "speaker": w.speaker * c.by_named,
        "mine": w.mine * c.by_person,
        "date": w.date * np.nan_to_num(np.exp(-c.days_off * (86400.0 / _DATE_REACH)), nan=0.0),
        "asks": -w.asks * c.asks,
    }
    shares = {name: share.astype(np.float32) for name, share in shares.items()}
    coverage = ((near_counts > 0) * rarity).sum(axis=1) / max(float(rarity.sum()), 1e-6)
    score = np.asarray(sum(shares.values()), np.float32)
    return Ranked(score, shares, np.maximum(cosine, np.where(short > 0, near_cosine, -1)).astype(np.float32), coverage.astype(np.float32))


def sessions(threads: Places, positions: Places, times: NDArray[np.float64]) -> Places:
    """(n,) the session of each item: a stretch of one thread without a silence of six hours. ``times``: unix seconds, nan unknown."""
    order = np.lexsort((positions, threads))
    gap = np.abs(np.diff(np.nan_to_num(times[order], nan=0.0))) > _SESSION_GAP
    begins = np.concatenate([[False], (np.diff(threads[order]) != 0) | gap]) if len(order) else np.zeros(0, bool)
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(begins)
    return numbers


def neighbours(threads: Places, positions: Places, session: Places) -> tuple[Places, Places]:
    """(n,) places of the item just before and just after each, in the same session; -1 where it is not among the candidates."""
    order = np.lexsort((positions, threads))
    adjacent = (np.diff(threads[order]) == 0) & (np.diff(positions[order]) == 1) & (np.diff(session[order]) == 0)
    before, after = np.full(len(order), -1, np.int64), np.full(len(order), -1, np.int64)
    before[order[1:][adjacent]] = order[:-1][adjacent]
    after[order[:-1][adjacent]] = order[1:][adjacent]
    return before, after


def _at(values: Floats, places: Places) -> Floats:
    """``values`` of the rows ``places`` point to; zeros for -1."""
    there = places >= 0
    found: Floats = np.where(there if values.ndim == 1 else there[:, None], values[places], np.float32(0))
    return found


def _bm25(counts: Floats, lengths: Floats, rarity: Floats) -> Floats:
    """(n,) BM25 with the candidates' own mean length: the store's mean would judge a store of notes by its one long book."""
    mean = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    damped = counts + _K1 * (1 - _B + _B * lengths[:, None] / mean)
    return np.asarray((rarity * counts * (_K1 + 1) / damped).sum(axis=1), np.float32)


def _session(counts: Floats, numbers: Places, rarity: Floats) -> Floats:
    """(n,) BM25 of each item's whole session, without length: only the session's candidates are at hand."""
    if not len(numbers):
        return np.zeros(0, np.float32)
    sums = np.zeros((int(numbers.max()) + 1, counts.shape[1]), np.float32)
    np.add.at(sums, numbers, counts)
    return np.asarray((rarity * sums / (sums + _K1)).sum(axis=1)[numbers], np.float32)


def _z(values: Floats) -> Floats:
    deviation = float(values.std()) if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > 1e-6 else np.zeros_like(values)


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0), np.float32)
