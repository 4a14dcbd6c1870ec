"""Weights for rank, fitted on the generated life and on nothing else; prints them beside what they are worth where they were not fitted.

A listwise linear ranker: softmax over one question's candidates, cross-entropy against its evidence, and a Gaussian prior centred
on the hand-set weights (small corrections to a good prior; LambdaMART and pairwise losses did no better on 1,000 questions). The
scale of the hand-set weights is fitted first, because a softmax has one and an order has none. Each style of talk weighs the same.
How strong the prior is, is chosen by styles of talk that were left out, for weights must carry over to talk of another kind: the
strongest prior within one standard error of the best (Breiman et al. 1984).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..memory.question import topic
from ..memory.rank import HAND
from ..memory.recall import Frequencies, Question, gather
from ..memory.signals import SIGNALS
from ..models.embedding.embedder import Embedder
from . import life, result, stage
from .conversations import of_life

Doubles = NDArray[np.float64]

STYLES: tuple[life.Style, ...] = ("friends", "assistant", "diary")
_SEEDS = (101, 102, 103, 104)
_PRIORS = (0.1, 0.3, 1.0, 3.0)  # how many questions' worth the prior weighs, for each style
_SCALES = (0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Sample:
    """One question: signals of its n candidates, which of them are evidence, and how many pieces of evidence there are in all."""

    signals: Doubles  # (n, s)
    evidence: NDArray[np.bool_]  # (n,)
    pieces: int
    style: str
    seed: int


def run(*, n: int = 0, seed: int | None = None, **_: object) -> dict[str, object]:
    """Fits on ``n`` lives of each style (4 unless told), the first of them of ``seed``."""
    first = _SEEDS[0] if seed is None else seed
    seeds = [first + at for at in range(n or len(_SEEDS))]
    embedder = stage.embedder()
    samples = [sample for style in STYLES for each in seeds for sample in questions(style, each, embedder)]
    hand = np.array([HAND.get(name, 0.0) for name in SIGNALS])
    center = hand * min(_SCALES, key=lambda scale: _loss(samples, hand * scale, hand * scale, 0.0)[0])
    by_prior = {prior: _left_out(samples, center, prior, "style") for prior in _PRIORS}
    prior = _strongest(by_prior, len(samples))
    weights = fitted(samples, center, prior)
    scale = float(center @ hand / (hand @ hand))
    figures: dict[str, object] = {
        "weights": {name: round(float(w) / scale, 2) for name, w in zip(SIGNALS, weights, strict=True)},
        "prior": prior,
        "recall@10": {style: {"hand": _of(samples, hand, style), "fitted": _of(samples, weights, style)} for style in STYLES},
        "left out style": {str(each): by_prior[each] for each in _PRIORS},
        "left out seed": _left_out(samples, center, prior, "seed"),
    }
    return result("fit", figures, n=len(samples), seed=first, seeds=seeds)


def questions(style: life.Style, seed: int, embedder: Embedder) -> list[Sample]:
    """The questions of one generated life that have evidence, weighed as recall weighs them, asked the day after its last entry."""
    (lived,) = of_life(style, [seed])
    samples: list[Sample] = []
    with stage.memory(embedder, lived.now) as (memory, store):
        names = {
            int(name[1:]): entry.external_id
            for name, entry in zip(memory.remember(lived.entries, now=lived.now), lived.entries, strict=True)
            if name
        }
        frequencies, serving = Frequencies(), memory.embeddings.serving
        assert serving is not None, "it was given an embedder"
        with store.db.read() as cx:
            serving.vectors.load(cx)
            for asked in lived.asked:
                vector = embedder.embed([topic(asked.text)], kind="query")[0]
                found = gather(cx, Question(asked.text, lived.now, vector, before=asked.before), serving.vectors, frequencies)
                if found is None:
                    continue
                signals = np.stack([signal(found.candidates) for signal in SIGNALS.values()], axis=1).astype(np.float64)
                evidence = np.array([names[heading.id] in asked.evidence for heading in found.found])
                samples.append(Sample(signals, evidence, len(asked.evidence), style, seed))
    return samples


def fitted(samples: Sequence[Sample], center: Doubles, prior: float) -> Doubles:
    """The weights (s,) that make the evidence likeliest, held to ``center`` by ``prior``: Newton's method, steps halved until they
    help. The loss is convex, so there is one answer."""
    weights = center.copy()
    loss, slope, curve = _loss(samples, weights, center, prior)
    for _ in range(_STEPS):
        step, length = np.linalg.solve(curve + 1e-9 * np.eye(len(weights)), slope), 1.0
        after = _loss(samples, weights - step, center, prior)
        while after[0] > loss and length > 1e-4:
            length /= 2
            after = _loss(samples, weights - length * step, center, prior)
        weights = weights - length * step
        if loss - after[0] < 1e-7:
            break
        loss, slope, curve = after
    return weights


def recall_at(samples: Sequence[Sample], weights: Doubles, k: int = 10) -> float:
    """The mean share of the evidence among the first ``k``."""
    found = [float(one.evidence[np.argsort(-(one.signals @ weights), kind="stable")[:k]].sum()) / one.pieces for one in samples]
    return float(np.mean(found)) if found else 0.0


def _loss(samples: Sequence[Sample], weights: Doubles, center: Doubles, prior: float) -> tuple[float, Doubles, Doubles]:
    """Cross-entropy with the prior's penalty, its slope (s,) and curve (s, s). Every style weighs the same."""
    loss = 0.5 * prior * float((weights - center) @ (weights - center))
    slope, curve = prior * (weights - center), prior * np.eye(len(weights))
    share = {style: 1 / sum(one.style == style for one in samples) for style in {one.style for one in samples}}
    for one in samples:
        if not one.evidence.any():
            continue
        wanted = one.evidence / one.evidence.sum()
        score = one.signals @ weights
        score -= score.max()
        log = score - np.log(np.exp(score).sum())
        likely = np.exp(log)
        mean = one.signals.T @ likely
        loss -= share[one.style] * float(wanted @ log)
        slope = slope + share[one.style] * (mean - one.signals.T @ wanted)
        curve = curve + share[one.style] * ((one.signals * likely[:, None]).T @ one.signals - np.outer(mean, mean))
    return loss, slope, curve


def _left_out(samples: Sequence[Sample], center: Doubles, prior: float, what: str) -> dict[str, float]:
    """recall@10 on each style or seed with weights fitted on the others."""
    found: dict[str, float] = {}
    for each in dict.fromkeys(getattr(one, what) for one in samples):
        inside = [one for one in samples if getattr(one, what) != each]
        outside = [one for one in samples if getattr(one, what) == each]
        found[str(each)] = round(recall_at(outside, fitted(inside, center, prior) if inside else center), 4)
    return found


def _strongest(by_prior: Mapping[float, Mapping[str, float]], n: int) -> float:
    """The strongest prior that does as well as the best, as far as ``n`` questions can tell."""
    means = {prior: float(np.mean(list(found.values()))) for prior, found in by_prior.items()}
    best = max(means.values())
    error = float(np.sqrt(best * (1 - best) / n))  # of a share; recall of several pieces varies less
    return max(prior for prior, mean in means.items() if mean >= best - error)


def _of(samples: Sequence[Sample], weights: Doubles, style: str) -> float:
    return round(recall_at([one for one in samples if one.style == style], weights), 4)
