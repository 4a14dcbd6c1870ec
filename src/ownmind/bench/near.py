"""Weights for what is offered as saying the same: fitted on labelled facts of its own (data/same.json), and what they are worth.

Each of 60 facts is told in five ways, among generated talk and other facts of the same people. Every way of telling one is looked
around as ``memory/forgetting/near`` does; a logistic regression (with a small Gaussian prior) learns from its signals which of the
candidates say the same. The figures are those of folds of facts that were left out; ``cosine`` alone is the control.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ..memory.forgetting.near import SIGNALS, once, signals
from ..memory.memory import Memory
from ..memory.whose import speaker_of
from ..messages import Entry, Integrity, Item, Kind, Label, Source
from ..models.embedding.embedder import Vectors
from . import life, result, stage

Doubles = NDArray[np.float64]
LIFE, TOLD = 1_500, 700  # messages of chatter, and of each style of generated life
_FOLDS, _STEPS, _PRIOR = 5, 50, 1.0
_NEAREST = 120  # candidates of one text


@dataclass(frozen=True, slots=True)
class Looked:
    """One text that was looked around: signals of its n candidates, and which of them say the same fact."""

    fact: int
    signals: Doubles  # (n, s)
    same: NDArray[np.bool_]  # (n,)
    unseen: int  # ways of saying it that are not among the candidates


def run(*, n: int = 0, seed: int = 3, **_: object) -> dict[str, object]:
    """Fits on all facts, or on the first ``n``; measures on folds that were left out."""
    looked = _looked(n or None, seed)
    left_out = [
        (one, weights)
        for fold in range(_FOLDS)
        for weights in [fitted([each for each in looked if each.fact % _FOLDS != fold])]
        for one in looked
        if one.fact % _FOLDS == fold
    ]
    ranks = [rank for one, weights in left_out for rank in _ranks(one.signals @ weights[:-1], one.same)]
    weights = fitted(looked)
    figures: dict[str, object] = {
        "weights": {name: round(float(weight), 2) for name, weight in zip(SIGNALS, weights, strict=False)},
        "bias": round(float(weights[-1]), 2),
        "rank": _summary(ranks),
        "not_among_candidates": sum(one.unseen for one in looked),
        "pairs_that_say_the_same": sum(int(one.same.sum()) + one.unseen for one in looked),
    }
    control = {"rank_by_cosine": _summary([rank for one in looked for rank in _ranks(one.signals[:, 0], one.same)])}
    return result("near", figures, n=len({one.fact for one in looked}), seed=seed, control=control)


def fitted(looked: Sequence[Looked]) -> Doubles:
    """(s + 1,) weights of a logistic regression and its bias, by Newton's method; the prior is Gaussian on standardised signals."""
    x, y = np.vstack([one.signals for one in looked]), np.concatenate([one.same for one in looked])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    prior = np.diag([_PRIOR] * x.shape[1] + [0.0])
    w = np.zeros(z.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-(z @ w)))
        w -= np.linalg.solve((z.T * (p * (1 - p))) @ z + prior, z.T @ (p - y) + prior @ w)
    plain = w[:-1] / spread
    return np.append(plain, w[-1] - plain @ mean)


def _looked(n: int | None, seed: int) -> list[Looked]:
    entries, fact_of = _entries(n, seed)
    embedder = stage.embedder()
    read = once(lambda texts: embedder.embed(list(texts)))
    with stage.memory(embedder) as (memory, _):
        memory.remember(entries, now=stage.BEGAN)
        return [_look(memory, item, fact_of, read) for item in memory.items(limit=10**6) if item.text in fact_of]


def _look(memory: Memory, item: Item, fact_of: dict[str, int], embed: Callable[[Sequence[str]], Vectors]) -> Looked:
    fact = fact_of[item.text]
    pool = [one for one in memory.close(item.text) if one.id != item.id][:_NEAREST]
    same = np.array([fact_of.get(one.text) == fact for one in pool])
    others = sum(each == fact for each in fact_of.values()) - 1
    return Looked(fact, signals(item.text, speaker_of(item), pool, embed), same, others - int(same.sum()))


def _entries(n: int | None, seed: int) -> tuple[list[Entry], dict[str, int]]:
    """Facts and talk in an order drawn by chance, and which fact each telling is of."""
    data = json.loads(resources.files("ownmind.bench").joinpath("data/same.json").read_text(encoding="utf-8"))
    names = data["names"]
    told = {text.format(n=names[at % len(names)]): at for at, ways in enumerate(data["facts"][:n]) for text in ways}
    entries = [Entry(text, Source("note:same"), Label(Integrity.PERSON), Kind.NOTE, external_id=text) for text in told]
    entries += stage.Chatter(seed).entries(LIFE)
    styles: tuple[life.Style, ...] = ("friends", "diary")
    for style in styles:
        entries += life.generate(200 + seed, style=style).entries[:TOLD]
    random.Random(seed).shuffle(entries)
    return entries, told


def _ranks(score: Doubles, same: NDArray[np.bool_]) -> list[int]:
    """Where those that say the same stand, from 1."""
    return [int(at) + 1 for at in np.flatnonzero(same[np.argsort(-score, kind="stable")])]


def _summary(ranks: Sequence[int]) -> dict[str, float]:
    ordered = sorted(ranks)
    return {
        "median": ordered[len(ordered) // 2],
        "p90": ordered[math.ceil(0.9 * len(ordered)) - 1],
        "worst": ordered[-1],
    }
