"""How well ``memory.holds`` tells what memory holds from what it does not, on questions of both sorts. No model is asked.

AUROC is the chance that an answerable question gets a higher probability than an unanswerable one. ``false_answers``: the share
of unanswerable questions at or above the shipped threshold; ``refused``: the share of answerable ones below it. ``at_5_percent``: what
is answered where the threshold lets 5 % false answers through. ``calibration``: mean probability and share answerable in each fifth. Lives
are always measured, of seeds the weights were not looked at on; ``--data`` adds LoCoMo and BEAM.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..agent.answerable import LIKELY
from ..memory.holds import READ, judge
from ..models.embedding.embedder import Embedder
from . import result, stage
from .questions import Told, from_files, lives

SEED = 900  # lives of seeds below 100 were looked at while the weights in memory/holds.py were set
LIVES = 3

Judged = tuple[str, float, bool]  # kind, probability, answerable
Floats = NDArray[np.float64]


def run(*, data: Path | Sequence[Path] | None = None, n: int = 0, seed: int = SEED, **_: object) -> dict[str, object]:
    """The figures of each set, of all lives together, and of everything. ``n``: only that many questions of a conversation; 0 is all."""
    embedder = stage.embedder()
    judged: dict[str, list[Judged]] = defaultdict(list)
    for name, told in chain(from_files(data) if data else (), lives(range(seed, seed + LIVES))):
        judged[name] += _judged(told, embedder, n)
    figures: dict[str, object] = {name: _figures(of) for name, of in judged.items()}
    everything = [one for of in judged.values() for one in of]
    figures["all"] = _figures(everything)
    return result("abstention", figures, n=len(everything), seed=seed, threshold=LIKELY)


def auroc(positive: Floats, negative: Floats) -> float:
    """Chance that one of ``positive`` is above one of ``negative``, a tie counting half."""
    values = np.concatenate([positive, negative])
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def _judged(told: Told, embedder: Embedder, n: int) -> Iterable[Judged]:
    with stage.memory(embedder, told.now) as (memory, _store):
        memory.remember(told.entries, now=told.now)
        for put in told.put[: n or None]:
            found = memory.recall(f"{put.before} {put.text}".strip(), k=READ, now=told.now)
            holding = judge(put.text, found, told.now, around=memory.around(found))
            yield put.kind, holding.probability, put.answerable


def _figures(judged: Sequence[Judged]) -> dict[str, object]:
    held = np.array([probability for _, probability, answerable in judged if answerable])
    lacking = np.array([probability for _, probability, answerable in judged if not answerable])
    if not len(held) or not len(lacking):
        return {"answerable": len(held), "unanswerable": len(lacking)}
    threshold = float(np.quantile(lacking, 0.95))
    kinds: dict[str, list[float]] = defaultdict(list)
    for kind, probability, _ in judged:
        kinds[kind].append(probability)
    return {
        "auroc": round(auroc(held, lacking), 3),
        "answerable": len(held),
        "unanswerable": len(lacking),
        "false_answers": round(float((lacking >= LIKELY).mean()), 3),
        "refused": round(float((held < LIKELY).mean()), 3),
        "at_5_percent": {"threshold": round(threshold, 3), "answered": round(float((held > threshold).mean()), 3)},
        "calibration": _calibration(judged),
        "held_by_kind": {kind: round(float(np.mean([one >= LIKELY for one in of])), 3) for kind, of in sorted(kinds.items())},
    }


def _calibration(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """For each fifth of the scale: how many questions, their mean probability, the share that is answerable."""
    probability: Floats = np.array([one[1] for one in judged])
    answerable = np.array([one[2] for one in judged])
    fifth = np.minimum((probability * 5).astype(int), 4)
    return [
        {
            "n": int((fifth == at).sum()),
            "mean": round(float(probability[fifth == at].mean()), 3),
            "answerable": round(float(answerable[fifth == at].mean()), 3),
        }
        for at in range(5)
        if (fifth == at).any()
    ]
