"""The bench of plans, in its small form."""

from __future__ import annotations

from ownmind.bench.plans import run
from ownmind.bench.weeks import problems


def test_the_small_bench_finds_nothing_wrong_and_its_controls_bite() -> None:
    found = run(n=8, quarters=0, seed=2)
    week, control = found["figures"]["week"], found["control"]  # type: ignore[index]  # one object, as benches give it
    assert week["plans_wrong"] == week["offers_wrong"] == week["without_offer"] == week["one_less_fits"] == 0
    assert week["offers"] and week["one_less_tried"]
    assert control["checker_refuses"] == 1.0 and control["broken"] > 100
    assert control["filled_up"] and not control["filled_up_called_impossible"]


def test_the_same_seed_gives_the_same_weeks() -> None:
    assert list(problems(3, 5)) == list(problems(3, 5)) != list(problems(4, 5))
