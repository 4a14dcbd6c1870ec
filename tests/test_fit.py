"""Fitting weights."""

from __future__ import annotations

import numpy as np

from ownmind.bench.fit import Sample, fitted, recall_at


def samples(n: int = 40) -> list[Sample]:
    """Questions whose evidence is told by the first of two signals; the second is noise."""
    random = np.random.default_rng(3)
    made = []
    for at in range(n):
        signals = random.normal(size=(20, 2))
        evidence = np.zeros(20, bool)
        evidence[int(np.argmax(signals[:, 0] + random.normal(scale=0.2, size=20)))] = True
        made.append(Sample(signals, evidence, 1, "friends" if at % 2 else "diary", at % 4))
    return made


def test_the_signal_that_tells_evidence_gains_weight() -> None:
    """From a prior that trusts noise, data bring out the signal; recall on fresh questions rises."""
    center = np.array([0.1, 1.0])
    weights = fitted(samples(), center, 0.01)
    assert weights[0] > 10 * abs(weights[1])
    assert recall_at(samples(80)[40:], weights, 1) > recall_at(samples(80)[40:], center, 1)


def test_a_strong_prior_holds() -> None:
    """With a prior worth more than the data the weights stay where they were."""
    center = np.array([0.1, 1.0])
    assert np.allclose(fitted(samples(), center, 1e6), center, atol=1e-3)
