"""Why a plan does not fit: the few demands that cannot hold together.

Each demand (a goal's times, its hours, its rest, what a day may hold) gets a literal that the solver is told to assume; when it proves
that there is no plan, it says which assumptions the proof used. One after the other is then given up for good where the rest still
contradicts itself (deletion filtering; Chinneck and Dravnieks 1991), so that every demand that is named is needed for the contradiction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..counted import count, hours, times
from .free import Grid
from .model import Model
from .schedule import Problem
from .slack import Slack
from .solve import EFFORT, parts, spread

_KINDS = frozenset({Slack.HOURS, Slack.LONGER_DAY, Slack.MORE_A_DAY, Slack.LESS_REST, Slack.FEWER})
_EACH = EFFORT / 20  # deterministic seconds for one look: a demand that is not given up in time stays named


def conflict(problem: Problem) -> tuple[str, ...]:
    """The demands that are in each other's way in the first part of the time that has no plan; empty when it is not known."""
    problem = replace(problem, sittings=tuple(one for one in problem.sittings if not one.may_wait))
    for part in (*parts(spread(problem)), problem):
        model = Model(Grid(part), _KINDS)
        if model.is_possible and (core := _core(model)):
            return tuple(_words(part, core))
    return ()


def _core(model: Model) -> list[tuple[Slack, str]]:
    """Demands that contradict each other, none of which could be given up."""
    demands = dict(_demands(model))
    literals = {}
    for name, slacks in demands.items():
        held = literals[name] = model.model.new_bool_var("")
        model.model.add(sum(slacks) == 0).only_enforce_if(held)
    model.model.clear_objective()  # type: ignore[no-untyped-call]  # the library leaves it unannotated
    named = _named(model, literals, list(literals))
    if named is None:
        return []
    for name in list(named):
        less = _named(model, literals, [one for one in named if one != name])
        if less is not None:
            named = less
    return named


def _named(model: Model, literals: dict[tuple[Slack, str], Any], assumed: Sequence[tuple[Slack, str]]) -> list[tuple[Slack, str]] | None:
    """The assumptions a proof needs that there is no plan; None when there is one, or it is not known."""
    model.model.clear_assumptions()
    model.model.add_assumptions([literals[name] for name in assumed])
    solver = model.cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = _EACH
    if solver.solve(model.model) != model.cp.INFEASIBLE:
        return None
    core = set(solver.sufficient_assumptions_for_infeasibility())
    return [name for name in assumed if literals[name].index in core]


def _demands(model: Model) -> Iterator[tuple[tuple[Slack, str], list[Any]]]:
    """Each demand by its kind and goal ("" for what holds for all), with what must be 0 for it to hold."""
    outside: defaultdict[str, list[Any]] = defaultdict(list)
    left_out: defaultdict[str, list[Any]] = defaultdict(list)
    for seat in model.seats:
        if seat.sitting.id in model.outside:
            outside[seat.sitting.goal].append(model.outside[seat.sitting.id])
        if seat.there is not None:
            left_out[seat.sitting.goal].append(seat.there.negated())
    yield from (((Slack.HOURS, goal), slacks) for goal, slacks in outside.items())
    yield from (((Slack.LESS_REST, goal), [slack]) for goal, slack in model.less_rest.items())
    yield from (((kind, ""), [slack]) for kind, slack in model.days_slack.items())
    yield from (((Slack.FEWER, goal), slacks) for goal, slacks in left_out.items())


def _words(problem: Problem, core: Sequence[tuple[Slack, str]]) -> Iterator[str]:
    wanted = Counter(one.goal for one in problem.sittings)
    minutes: Counter[str] = Counter()
    for one in problem.sittings:
        minutes[one.goal] += one.minutes
    for kind, goal in core:
        name = problem.name(goal)
        match kind:
            case Slack.FEWER:
                yield f"{name}: {times(wanted[goal])}, {hours(minutes[goal])} in all"
            case Slack.HOURS:
                yield f"{name}: only in the hours given for it"
            case Slack.LESS_REST:
                yield f"{name}: {count(problem.rules_of(goal).rest, 'free day')} between two"
            case Slack.LONGER_DAY:
                yield f"at most {problem.days.most_minutes} minutes a day"
            case _:
                yield f"at most {problem.days.most_sittings} sittings a day"
