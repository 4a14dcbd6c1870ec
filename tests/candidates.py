"""Candidates that differ only in what a test says."""

from __future__ import annotations

import numpy as np

from ownmind.memory.signals import Candidates, Floats


def candidates(counts: Floats, **other: object) -> Candidates:
    """Of 1,000 items; ten words each; without vectors, neighbours, names or times unless given."""
    n, t = counts.shape
    flags = ("phrases", "by_named", "by_person", "by_other", "first_person", "expected", "asks")
    blank: dict[str, object] = {
        "counts": counts.astype(np.float32),
        "lengths": np.full(n, 10, np.float32),
        "frequencies": np.full(t, 5, np.float32),
        "proper": np.zeros(t, np.float32),
        "total": 1000,
        "vectors": np.zeros((n, 8), np.float32),
        "question": np.zeros(8, np.float32),
        "before": np.full(n, -1, np.int64),
        "after": np.full(n, -1, np.int64),
        "sessions": np.arange(n),
        "positions": np.arange(n),
        "times": np.full(n, np.nan),
        "days_off": np.full(n, np.nan, np.float32),
        **{flag: np.zeros(n, np.float32) for flag in flags},
    }
    given = {name: np.asarray(value, np.float32) if name in (*flags, "lengths", "days_off") else value for name, value in other.items()}
    return Candidates(**{**blank, **given})  # type: ignore[arg-type]  # names and types are those of Candidates


def chain(n: int, *linked: tuple[int, int]) -> dict[str, object]:
    """``before`` and ``after`` of n candidates in which the pairs ``linked`` follow one another."""
    before, after = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    for first, second in linked:
        before[second], after[first] = first, second
    return {"before": before, "after": after}
