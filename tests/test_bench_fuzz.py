"""``ownmind bench fuzz`` in its quick form: malformed input for every parser and route, and a parser that does break as the control."""

from __future__ import annotations

import random
import sys

import pytest

from ownmind.bench.fuzz.mutate import of_bytes, of_json, of_text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the time limit of an input is an alarm of POSIX systems")


def test_nothing_that_reads_dies_hangs_or_breaks_and_planted_bugs_are_seen() -> None:
    """About a thousand inputs over all targets: each is read or refused in words. Of the planted bugs all four kinds are found."""
    from ownmind.bench import fuzz

    found = fuzz.run(quick=True)
    figures = found["figures"]
    assert isinstance(figures, dict)
    assert figures["faults"] == 0, figures["bugs"]
    assert found["control"] == ["broken", "died", "hung", "swelled"]
    assert all(each["inputs"] for each in figures["by_target"].values())


def test_the_same_seed_makes_the_same_inputs() -> None:
    """A bug that was found can be found again; and the inputs are not what they were made from."""
    for mutate, sample in ((of_bytes, b"%PDF-1.4 words"), (of_text, b"I live in Porto"), (of_json, b'{"text": "a", "list": [1, null]}')):
        once, again = ([mutate(sample, random.Random(seed)) for seed in range(50)] for _ in range(2))
        assert once == again
        assert sum(made != sample for made in once) > 40
