"""Which of the candidates answers the question: a weighted sum of named signals, pure.

The weights are the whole of the ranker: one number a signal, so that every result can be explained by its shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .signals import SIGNALS, Candidates, Floats, covered

# Set by hand, by reasoning: words and meaning in equal parts, short turns read with their neighbours, then who, when and what kind.
HAND: Mapping[str, float] = MappingProxyType(
    {
        "words": 0.5,
        "window": 1.0,
        "session": 0.2,
        "coverage": 0.2,
        "names": 0.3,
        "phrase": 0.15,
        "meaning": 1.0,
        "window_meaning": 0.5,
        "beside": 0.1,
        "reply": 0.5,
        "speaker": 0.7,
        "told": 0.5,
        "mine": 1.0,
        "yours": 1.0,
        "date": 1.5,
        "recency": 0.3,
        "expected": 0.8,
        "asks": -0.5,
        "brief": -0.3,
    }
)

# Fitted on generated lives of three styles, held to the ones above: what `ownmind bench fit` prints. On no published set.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "words": 0.19,
        "window": 0.91,
        "session": 0.32,
        "coverage": 0.18,
        "names": 0.34,
        "phrase": 0.14,
        "meaning": 1.18,
        "window_meaning": 0.81,
        "feedback": 0.16,
        "beside": 0.14,
        "reply": 0.12,
        "speaker": 0.83,
        "told": 0.67,
        "mine": 1.14,
        "yours": 1.01,
        "date": 1.48,
        "recency": 0.33,
        "expected": 1.04,
        "asks": -0.49,
        "brief": -0.34,
    }
)

BY_WORDS = ("words", "window", "session", "coverage", "names", "phrase", "beside", "reply")  # what compares words with the question's
_COMPARABLE = 5  # items in the question's own language: with fewer nobody can say what a good one is


@dataclass(frozen=True, slots=True)
class Ranked:
    """Over the same candidates: the fused score, each signal's share of it, and two absolute measures for judging an answer."""

    score: Floats  # (n,)
    shares: dict[str, Floats]  # each (n,); they add up to score
    cosine: Floats  # (n,) best of item and window, -1 to 1
    coverage: Floats  # (n,) share of the question's weight in terms that the item and its neighbours hold, 0 to 1


def rank(candidates: Candidates, weights: Mapping[str, float] = WEIGHTS) -> Ranked:
    """The candidates' scores, higher is better. They compare within one question only."""
    shares = {name: (weight * SIGNALS[name](candidates)).astype(np.float32) for name, weight in weights.items() if weight}
    if any(candidates.foreign):
        shares |= {name: judged_by_meaning(shares[name], candidates) for name in BY_WORDS if name in shares}
    score = np.zeros(len(candidates.lengths), np.float32) + sum(shares.values())
    cosine = np.maximum(candidates.cosine, np.where(candidates.shortness > 0, candidates.near_cosine, -1))
    return Ranked(score, shares, cosine.astype(np.float32), covered(candidates))


def judged_by_meaning(share: Floats, c: Candidates) -> Floats:
    """(n,) a signal of words, where an item in another language than the question is as good by its words as by its cosine, both in
    deviations among the items of the question's own language: it shares no word with the question, and that says nothing against it."""
    foreign = np.array(c.foreign)
    own = ~foreign
    spread = float(c.cosine[own].std()) if own.any() else 0.0
    if own.sum() < _COMPARABLE or spread < 1e-6:
        return np.where(foreign, np.float32(0), share).astype(np.float32)
    as_good = share[own].mean() + share[own].std() * (c.cosine - c.cosine[own].mean()) / spread
    return np.where(foreign, np.minimum(as_good, share[own].max()), share).astype(np.float32)
