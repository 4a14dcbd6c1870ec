"""What may tell evidence from distraction: one small function a signal, each from candidates to (n,) numbers.

Nothing here knows a weight; ``rank`` adds the signals up. Signals of degree (words, meaning) are brought to mean 0 and deviation 1
over the candidates: sums of z-scores, not reciprocal ranks, because where one signal is weak ranks throw away that the other was
sure. Signals of kind (who spoke, what the text holds) are 0 to 1 as they are, and 0 for every candidate where the question does not
ask for them. Short turns are read together with the turn before and after (their words are elliptic: "Yes, two weeks ago!"); long
messages stand alone, where neighbours only add noise, so that share fades out with length.

BM25: Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75. Feedback: Rocchio 1971, with vectors.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..models.embedding.embedder import normalised

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

_K1, _B = 1.2, 0.75
_SHORT, _LONG = 80, 200  # words: neighbours count fully up to the first, not at all from the second
_NEAR_WORDS, _NEAR_MEANING = 0.7, 0.5  # what a neighbour's words and vector count beside an item's own
_SESSION_GAP = 6 * 3600.0  # a silence this long begins a new session
_DATE_REACH = 7.0  # days: people tell of a thing some days after it happened
_FED_BACK = 5  # candidates that look best at first, whose vectors say what else to look for
_SAYS_SOMETHING = 12.0  # words: below this a turn is seldom more than a greeting or "thanks"


@dataclass(frozen=True)
class Candidates:
    """n candidates and a question of t terms. ``before`` and ``after`` are places of the neighbours, -1 where there is none."""

    counts: Floats  # (n, t) how often each holds each term
    lengths: Floats  # (n,) words
    frequencies: Floats  # (t,) how many items of the whole store hold the term
    proper: Floats  # (t,) 1 where the term is part of a name the question says (not of a speaker's)
    total: int  # items in the whole store
    phrases: Floats  # (n,) how often two words that stand together in the question stand together here, rarity counted
    vectors: Floats  # (n, d) L2-normalised; zeros where there is none yet
    question: Floats  # (d,)
    before: Places  # (n,)
    after: Places  # (n,)
    sessions: Places  # (n,) equal numbers, same session; within one thread they grow with time
    positions: Places  # (n,) order within the thread
    times: NDArray[np.float64]  # (n,) unix seconds; nan where nobody knows
    by_named: Floats  # (n,) 1 where the question names the speaker
    by_person: Floats  # (n,) 1 where the person spoke and the question is about them
    by_other: Floats  # (n,) 1 where the other side of the talk spoke and the question is about what they said
    first_person: Floats  # (n,) 1 where a named speaker tells of themselves
    expected: Floats  # (n,) 1 where the text holds the kind of thing that is asked for
    asks: Floats  # (n,) 1 where the item is itself a short question
    days_off: Floats  # (n,) 0 in the time the question names, growing with the distance; nan where unknown or none is named
    foreign: tuple[bool, ...] = ()  # n: in another language than the question, not to be compared by words; empty: none is
    named: tuple[frozenset[str], ...] = ()  # n sets of the names each says; empty where no order is asked for
    direction: float = 0.0  # 1: the latest is wanted, -1: how it was before, 0: neither

    @cached_property
    def rarity(self) -> Floats:
        """(t,) what holding a term is worth: its inverse document frequency."""
        return np.log1p((self.total - self.frequencies + 0.5) / (self.frequencies + 0.5)).astype(np.float32)

    @cached_property
    def near_counts(self) -> Floats:
        """(n, t) an item's terms with its neighbours'."""
        return self.counts + _NEAR_WORDS * (_at(self.counts, self.before) + _at(self.counts, self.after))

    @cached_property
    def near_lengths(self) -> Floats:
        return self.lengths + _NEAR_WORDS * (_at(self.lengths, self.before) + _at(self.lengths, self.after))

    @cached_property
    def shortness(self) -> Floats:
        """(n,) 1 for a short turn, 0 for a long message."""
        return np.clip((_LONG - self.lengths) / (_LONG - _SHORT), 0, 1).astype(np.float32)

    @cached_property
    def cosine(self) -> Floats:
        """(n,) of item and question."""
        return np.asarray(np.vecdot(self.vectors, self.question), np.float32)

    @cached_property
    def near_cosine(self) -> Floats:
        """(n,) of the question and the item with its neighbours."""
        near = normalised(self.vectors + _NEAR_MEANING * (_at(self.vectors, self.before) + _at(self.vectors, self.after)))
        return np.asarray(np.vecdot(near, self.question), np.float32)

    @cached_property
    def first_look(self) -> Floats:
        """(n,) words and meaning in equal parts: good enough to say which candidates are worth learning from."""
        return words(self) + meaning(self) + window(self)


def words(c: Candidates) -> Floats:
    """BM25 of the item alone."""
    return z(_bm25(c.counts, c.lengths, c.rarity))


def window(c: Candidates) -> Floats:
    """BM25 of a short item between its neighbours: the answer follows the question it answers."""
    return c.shortness * z(_bm25(c.near_counts, c.near_lengths, c.rarity))


def session(c: Candidates) -> Floats:
    """How much of the question the item's whole session speaks of, without length: only its candidates are at hand."""
    if not len(c.sessions):
        return np.zeros(0, np.float32)
    sums = np.zeros((int(c.sessions.max()) + 1, c.counts.shape[1]), np.float32)
    np.add.at(sums, c.sessions, c.counts)
    return z((c.rarity * sums / (sums + _K1)).sum(axis=1)[c.sessions])


def coverage(c: Candidates) -> Floats:
    """How much of the question the item holds, each word once: all of it, rather than one word five times."""
    return z(_held(c.counts, c))


def names(c: Candidates) -> Floats:
    """People, places and things in common: names the question says, the rarest counting most."""
    worth = c.rarity * c.proper
    near = np.maximum(c.counts > 0, 0.5 * c.shortness[:, None] * (c.near_counts > 0))
    return np.asarray((near * worth).sum(axis=1) / max(float(worth.sum()), 1e-6), np.float32)


def phrase(c: Candidates) -> Floats:
    """Words that stand together in the question stand together here: "support group" is not "group" and "support"."""
    return z(c.phrases)


def meaning(c: Candidates) -> Floats:
    """Cosine of item and question."""
    return z(c.cosine)


def window_meaning(c: Candidates) -> Floats:
    """Cosine of the question and a short item between its neighbours."""
    return c.shortness * z(c.near_cosine)


def feedback(c: Candidates) -> Floats:
    """Cosine with what looked best at first: those say the same thing in the words of this talk."""
    if not len(c.cosine):
        return np.zeros(0, np.float32)
    first = np.argsort(-c.first_look, kind="stable")[:_FED_BACK]
    return z(np.vecdot(c.vectors, normalised(c.vectors[first].sum(axis=0, keepdims=True))[0]))


def beside(c: Candidates) -> Floats:
    """How good the better neighbour of a short item looks: evidence comes in runs."""
    looks = c.first_look
    return c.shortness * np.maximum(_at(looks, c.before), _at(looks, c.after))


def reply(c: Candidates) -> Floats:
    """The short item before it asks something that looks like the question: this is the answer to it."""
    return c.shortness * _at(c.asks * np.maximum(c.first_look, 0), c.before)


def speaker(c: Candidates) -> Floats:
    """Said by somebody the question names."""
    return c.by_named


def told(c: Candidates) -> Floats:
    """Somebody the question names tells of themselves."""
    return c.by_named * c.first_person


def mine(c: Candidates) -> Floats:
    """Said by the person, when the question is about "me"."""
    return c.by_person


def yours(c: Candidates) -> Floats:
    """Said by the other side of a talk, when the question is about what they said: "what did you recommend"."""
    return c.by_other


def date(c: Candidates) -> Floats:
    """Said in, or soon after, the time the question names."""
    return np.asarray(np.nan_to_num(np.exp(-c.days_off / _DATE_REACH), nan=0.0), np.float32)


def recency(c: Candidates) -> Floats:
    """Late for "now", early for "before"; only where the question asks for it. -1 to 1 by order in time, 0 where it is unknown."""
    found, known = np.zeros(len(c.times), np.float32), ~np.isnan(c.times)
    if c.direction and known.sum() > 1:
        places = np.searchsorted(np.unique(c.times[known]), c.times[known]).astype(np.float32)
        found[known] = c.direction * (2 * places / max(float(places.max()), 1.0) - 1)
    return found


def expected(c: Candidates) -> Floats:
    """Holds what is asked for: a time for "when", a number for "how many", a name for "who"."""
    return c.expected


def asks(c: Candidates) -> Floats:
    """A short item that is itself a question: it has what is asked, not what is answered."""
    return c.asks


def brief(c: Candidates) -> Floats:
    """Too short to say much, 1 for nothing at all, 0 from a dozen words on."""
    return np.asarray(np.clip(1 - c.lengths / _SAYS_SOMETHING, 0, 1), np.float32)


SIGNALS: dict[str, Callable[[Candidates], Floats]] = {
    signal.__name__: signal
    for signal in (
        words, window, session, coverage, names, phrase, meaning, window_meaning, feedback, beside, reply, speaker, told, mine, yours,
        date, recency, expected, asks, brief,
    )
}  # fmt: skip


def covered(c: Candidates) -> Floats:
    """(n,) the share of the question's weight in terms that an item and its neighbours hold, 0 to 1."""
    return _held(c.near_counts, c)


def _held(counts: Floats, c: Candidates) -> Floats:
    return np.asarray(((counts > 0) * c.rarity).sum(axis=1) / max(float(c.rarity.sum()), 1e-6), np.float32)


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


def z(values: Floats) -> Floats:
    """``values`` at mean 0 and deviation 1; zeros where they do not differ."""
    if not len(values):
        return np.zeros(0, np.float32)
    off = np.asarray(values - values.mean(), np.float32)
    deviation = math.sqrt(float(np.vecdot(off, off)) / len(off))
    return np.divide(off, deviation, out=off) if deviation > 1e-6 else np.zeros_like(off)


def _at(values: Floats, places: Places) -> Floats:
    """``values`` of the rows ``places`` point to; zeros for -1."""
    found: Floats = values[places]
    found[places < 0] = 0
    return found


def _bm25(counts: Floats, lengths: Floats, rarity: Floats) -> Floats:
    """(n,) BM25 with the candidates' own mean length: the store's mean would judge a store of notes by its one long book."""
    mean = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    damped = counts + _K1 * (1 - _B + _B * lengths[:, None] / mean)
    return np.asarray((rarity * counts * (_K1 + 1) / damped).sum(axis=1), np.float32)
