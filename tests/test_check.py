"""The checker trusts nobody: a good plan holds, and a breach of any rule is found and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ownmind.bench.broken import broken
from ownmind.bench.weeks import problems
from ownmind.goals.placing.check import check
from ownmind.goals.placing.schedule import Placed
from ownmind.goals.placing.solve import solve

_NAMED = {
    "missing": "has no place",
    "unasked": "is not asked for",
    "shorter": "lasts",
    "longer": "lasts",
    "busy": "meets somebody",
    "way to it": "meets somebody",
    "too early": "is not between",
    "too late": "is not between",
    "hours": "outside the hours given",
    "sleep": "hours of sleep",
    "before the start": "outside the time that is planned",
    "pause": "with their ways and the pause",
    "two at once": "meet",
    "minutes of a day": "minutes, more than it may",
    "sittings of a day": "sittings, more than it may",
    "done before": "minutes, more than it may",
    "times a day": "stands",
    "times a week": "in week",
    "rest after what was done": "from what was done",
    "rest": "between them",
    "order": "comes before",
}


def test_every_rule_that_is_broken_is_found_and_named() -> None:
    """Good plans of generated weeks, each broken in every way there is."""
    seen = set()
    for problem in problems(7, 12):
        solved = solve(problem)
        if solved is None:
            continue
        assert check(problem, solved.plan).wrong == ()
        for rule, other, plan in broken(problem, solved.plan):
            seen.add(rule)
            assert any(_NAMED[rule] in line for line in check(other, plan).wrong), rule
    assert seen == set(_NAMED)


@pytest.mark.parametrize("minutes", [1, -1, 14])
def test_a_minute_matters(minutes: int) -> None:
    """The checker works on moments: a place that is off the grid by a minute is judged as it is."""
    problem = next(problems(7, 1))
    solved = solve(problem)
    assert solved is not None
    name, at = next(iter(solved.plan.items()))
    off = timedelta(minutes=minutes)
    one = next(one for one in problem.sittings if one.id == name)
    tight = replace(one, earliest=at.start, latest=at.end)
    problem = replace(problem, sittings=tuple(tight if each.id == name else each for each in problem.sittings))
    assert check(problem, solved.plan).holds
    assert not check(problem, {**solved.plan, name: Placed(at.start + off, at.end + off)}).holds


def test_what_may_wait_may_be_left_out_and_nothing_else() -> None:
    problem = next(problems(7, 1))
    solved = solve(problem)
    assert solved is not None
    name = problem.sittings[-1].id
    less = {one: at for one, at in solved.plan.items() if one != name}
    assert not check(problem, less).holds
    waiting = tuple(replace(one, may_wait=one.id == name) for one in problem.sittings)
    assert check(replace(problem, sittings=waiting), less).holds


def test_the_proof_has_a_line_for_every_place() -> None:
    problem = next(problems(7, 1))
    solved = solve(problem)
    assert solved is not None
    assert len(check(problem, solved.plan).lines) == len(problem.sittings)
