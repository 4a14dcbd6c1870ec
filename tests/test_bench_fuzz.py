"""``ownmind bench fuzz`` in its quick form: malformed input for every parser and route, and a parser that does break as the control."""

from __future__ import annotations

import contextlib
import random
import sys
from pathlib import Path

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


def test_a_run_that_was_cut_off_goes_on_from_there(tmp_path: Path) -> None:
    """What is done stands in the file, line by line; a line that was cut off is done again, and another seed begins anew."""
    from ownmind.bench import fuzz
    from ownmind.bench.fuzz.harness import Chunk, Found

    out, chunk = tmp_path / "fuzz.jsonl", Chunk("config", 0, 400)
    fuzz._keep(out, 5, chunk, Found(inputs=400, refused=390, bugs={"config: here": "x"}))
    with out.open("a", encoding="utf-8") as file:
        file.write('{"seed": 5, "chunk": {"tar')
    done = fuzz._done(out, 5)
    assert done == {chunk: Found(inputs=400, refused=390, bugs={"config: here": "x"})}
    assert fuzz._done(out, 6) == {}
    counted = list(fuzz._chunks(100_000))
    assert chunk in counted and sum(each.count for each in counted) >= 100_000
    assert len({(each.target, number) for each in counted for number in range(each.begin, each.begin + each.count)}) >= 100_000


def test_inputs_in_the_shape_of_a_format_are_the_same_for_the_same_seed() -> None:
    """Half the inputs of most targets are drawn by Hypothesis: again the same, for another seed others, and no two alike by much."""
    from ownmind.bench.fuzz.harness import Chunk, _inputs
    from ownmind.bench.fuzz.targets import TARGETS

    for target in TARGETS.values():
        if target.made is None:
            continue
        givens = [_inputs(target, Chunk(target.name, 0, 40), seed) for seed in (1, 1, 2)]
        once, again, other = ([given(number) for number in range(40)] for given in givens)
        assert once == again and once != other, target.name
        assert len(set(once)) > 20, target.name


def test_the_same_seed_makes_the_same_inputs() -> None:
    """A bug that was found can be found again; and the inputs are not what they were made from."""
    for mutate, sample in ((of_bytes, b"%PDF-1.4 words"), (of_text, b"I live in Porto"), (of_json, b'{"text": "a", "list": [1, null]}')):
        once, again = ([mutate(sample, random.Random(seed)) for seed in range(50)] for _ in range(2))
        assert once == again
        assert sum(made != sample for made in once) > 40


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("index of packages", b'{"a":' * 100_000),
        ("what a model says", b"[" * 100_000),
        ("what a model says", b'{"facts":' + b"9" * 5000 + b"}"),
        ("keys file", b"[[]," * 5000),
        ("config", b"name = " + b"9" * 5000),
        ("answers of a running Ownmind", b'{"type":"done","reply":' + b'{"a":' * 1100 + b"1" + b"}" * 1101),
    ],
)
def test_what_a_run_has_found_once_is_refused_in_words(tmp_path: Path, target: str, found: bytes) -> None:
    """Inputs that broke something, each given to the parser it broke."""
    from ownmind.bench.fuzz.targets import TARGETS
    from ownmind.errors import OwnmindError

    asked = TARGETS[target]
    with asked.begin(tmp_path) as take, contextlib.suppress(OwnmindError, *asked.refuses):
        take(found)
