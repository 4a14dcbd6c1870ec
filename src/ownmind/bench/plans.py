"""Whether plans hold: generated weeks and quarters are planned, and everything that is claimed is checked in another way.

A plan must pass the independent checker. Where none is found the offers must each give a problem that, solved again, has a plan that
passes; and what is called the smallest must not hold with one unit less of anything: the solver must prove each such problem (up to
twelve of an offer) to have no plan. Seconds are processor time of this one process, the offers included, the import of the solver left out.

Controls: the checker must refuse every plan that was broken on purpose (`broken`), and a calendar filled up around a plan that holds,
so that hardly anything but this plan is left, must not be called impossible.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from time import process_time

from ..goals.placing.changes import Offer, changed, offers
from ..goals.placing.check import check
from ..goals.placing.free import Grid
from ..goals.placing.model import Model
from ..goals.placing.schedule import GRID, Busy, Plan, Problem
from ..goals.placing.slack import Given
from ..goals.placing.solve import parts, solve
from . import result
from .broken import broken
from .weeks import problems

_EFFORT = 1.0  # deterministic seconds to prove that a problem has no plan
_TRIED = 12  # of the ways to give one unit less of an offer: a quarter's have a hundred
_CONTROLS = 200  # plans that are broken, and filled up around


@dataclass
class _Tally:
    """What was counted of one sort of problem."""

    count: Counter[str] = field(default_factory=Counter)
    planned: list[float] = field(default_factory=list)  # seconds, where there was a plan
    offered: list[float] = field(default_factory=list)  # seconds, where there was none: looking for one, and the offers

    def figures(self) -> dict[str, object]:
        n = len(self.planned) + len(self.offered)
        return {
            "n": n,
            "does_not_fit": round(len(self.offered) / n, 4) if n else None,
            **{name: self.count[name] for name in _COUNTED},
            "seconds": _quantiles([*self.planned, *self.offered]),
            "seconds_fits": _quantiles(self.planned),
            "seconds_does_not_fit": _quantiles(self.offered),
        }


_COUNTED = (
    "sittings", "plans_wrong", "plans_best", "without_offer", "offers", "offers_wrong", "first_is_smallest", "with_a_smallest",
    "one_less_tried", "one_less_fits",
    "one_less_unproven", "verdict_wrong", "verdict_unproven",
)  # fmt: skip


def run(*, n: int = 1000, quarters: int = 40, seed: int = 1, quick: bool = False, **_: object) -> dict[str, object]:
    """``n`` weeks and ``quarters`` quarters of 13 weeks."""
    if quick:
        n, quarters = 40, 1
    solve(next(problems(seed, 1)))  # the solver is loaded
    weeks, long, control = _Tally(), _Tally(), Counter[str]()
    for number, problem in enumerate(problems(seed, n)):
        plan = _measure(problem, weeks)
        if plan is not None and control["plans"] < _CONTROLS:
            _control(problem, plan, control)
        _say(number, n, "weeks")
    for number, problem in enumerate(problems(seed, quarters, weeks=13)):
        _measure(problem, long)
        _say(number, quarters, "quarters")
    figures: dict[str, object] = {"week": weeks.figures(), "quarter": long.figures()}
    refused = control["refused"] / control["broken"] if control["broken"] else None
    return result("plans", figures, n=n, seed=seed, control={
        "checker_refuses": refused, "broken": control["broken"], "not_refused": dict(_missed(control)),
        "filled_up": control["filled"], "filled_up_called_impossible": control["impossible"],
    })  # fmt: skip


def _measure(problem: Problem, tally: _Tally) -> Plan | None:
    """One problem planned, and everything said of it checked; its plan, if it has one."""
    count, start = tally.count, process_time()
    solved = solve(problem)
    found = [] if solved is not None else offers(problem)
    seconds = process_time() - start
    count["sittings"] += len(problem.sittings)
    if solved is not None:
        tally.planned.append(seconds)
        count["plans_wrong"] += not check(problem, solved.plan).holds
        count["plans_best"] += solved.is_best
        return solved.plan
    tally.offered.append(seconds)
    fits = _fits(problem)
    count["verdict_wrong"] += fits is True
    count["verdict_unproven"] += fits is None
    count["without_offer"] += not found
    count["first_is_smallest"] += bool(found) and found[0].is_smallest
    count["with_a_smallest"] += any(one.is_smallest for one in found)
    for offer in found:
        count["offers"] += 1
        count["offers_wrong"] += not _holds(problem, offer)
        if offer.is_smallest:
            for less in islice(one_less(problem, offer.given), _TRIED):
                _tried(changed(problem, less), count)
    return None


def _tried(problem: Problem, count: Counter[str]) -> None:
    count["one_less_tried"] += 1
    fits = _fits(problem)
    count["one_less_fits"] += fits is True
    count["one_less_unproven"] += fits is None


def _fits(problem: Problem) -> bool | None:
    """Whether it has a plan that passes; False where the solver proves that a part of it has none, or finds
    none of the whole; None: not known."""
    found = [Model(Grid(part)).solve(_EFFORT) for part in parts(problem)]
    if any(one.plan is None and one.is_proven for one in found):
        return False
    if any(one.plan is None for one in found):
        return None
    solved = solve(problem)  # each part by itself has one: beside each other too?
    if solved is None:
        return None if len(found) == 1 else False
    return check(problem, solved.plan).holds


def _holds(problem: Problem, offer: Offer) -> bool:
    """Whether the problem with just this change in it, made anew and solved anew, has a plan that passes."""
    other = changed(problem, offer.given)
    solved = solve(other)
    return solved is not None and check(other, solved.plan).holds and check(other, offer.plan).holds


def one_less(problem: Problem, given: Given) -> Iterator[Given]:
    """What gave way, with one unit less of one thing."""
    goals = {one.id: one.goal for one in problem.sittings}
    for name in sorted(given.outside):
        yield replace(given, outside=given.outside - {name})
    for goal in sorted({goals[name] for name in given.shorter}):  # the sittings of a goal are cut together
        yield replace(given, shorter=frozenset(name for name in given.shorter if goals[name] != goal))
    for name in sorted(given.left_out):
        yield replace(given, left_out=given.left_out - {name})
    for goal in sorted({goals[name] for name in given.later}):
        yield replace(given, later={name: days - (goals[name] == goal) for name, days in given.later.items()})
    for goal in sorted(given.less_rest):
        yield replace(given, less_rest={one: days - (one == goal) for one, days in given.less_rest.items()})
    if given.longer:
        most = -(-max(given.longer.values()) // GRID) * GRID - GRID
        yield replace(given, longer={day: min(more, most) for day, more in given.longer.items()})
    if given.more:
        most = max(given.more.values()) - 1
        yield replace(given, more={day: min(more, most) for day, more in given.more.items()})


def _control(problem: Problem, plan: Plan, control: Counter[str]) -> None:
    control["plans"] += 1
    for rule, other, wrong in broken(problem, plan):
        control["broken"] += 1
        if check(other, wrong).holds:
            control[f"missed {rule}"] += 1
        else:
            control["refused"] += 1
    control["filled"] += 1
    control["impossible"] += solve(_filled(problem, plan)) is None


def _filled(problem: Problem, plan: Plan) -> Problem:
    """Everything but the places of this plan is taken with their ways."""
    ways = {one.id: timedelta(minutes=one.travel) for one in problem.sittings}
    held = sorted((at.start - ways[name], at.end + ways[name]) for name, at in plan.items())
    busy, until = [], problem.start
    for start, end in held:
        if start > until:
            busy.append(Busy(until, start))
        until = max(until, end)
    busy.append(Busy(until, problem.end))
    return replace(problem, busy=tuple(one for one in busy if one.start < one.end))


def _missed(control: Counter[str]) -> Iterator[tuple[str, int]]:
    yield from ((name.removeprefix("missed "), count) for name, count in control.items() if name.startswith("missed "))


def _quantiles(seconds: Sequence[float]) -> dict[str, float] | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    return {"p50": round(ordered[len(ordered) // 2], 4), "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 4),
            "max": round(ordered[-1], 4)}  # fmt: skip


def _say(number: int, n: int, what: str) -> None:
    if (number + 1) % max(1, n // 20) == 0:
        sys.stderr.write(f"plans: {number + 1} of {n} {what}\n")
