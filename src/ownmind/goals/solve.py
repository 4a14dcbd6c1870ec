"""Placing sittings into a calendar with OR-tools' CP-SAT: all goals at once, nothing that is taken touched.

One model serves two questions. Strict: is there a place for everything, and which suits best? Loosened: which smallest change of what
the person asked for would give one? There each rule that may give way has a slack, and the solver finds the least total of them.

One worker and a limit in deterministic time, so that the same calendar gives the same plan on any machine
(Perron, Didier, Gay: "The CP-SAT-LP Solver", CP 2023).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .free import Grid, slots
from .schedule import GRID, Placed, Plan, Problem, Sitting

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

EFFORT = 2.0  # deterministic seconds; about as long on one core of 2024
_LATER_BY = 14  # days a deadline may move in an offer
_LONGER_BY = 12  # quarters of an hour a day may hold more
_MORE_BY = 3  # sittings a day may hold more
_WISH, _MOVED = 2, 3  # cost of an hour that suits less, and of a sitting that is moved from where it stood


class Slack(StrEnum):
    """What may give way, and how dear that is (`COSTS`)."""

    HOURS = "hours"  # a sitting outside the hours given for it, still in waking, free time
    LONGER_DAY = "longer_day"  # more minutes on a day
    MORE_A_DAY = "more_a_day"  # more sittings on a day
    LESS_REST = "less_rest"  # fewer free days between two sittings of a goal
    SHORTER = "shorter"  # the sittings of a goal cut to their shortest
    LATER = "later"  # the end of a goal moved
    FEWER = "fewer"  # a sitting left out


# By the unit each is counted in: sitting, quarter of an hour, sitting, day, quarter of an hour of one sitting, day, sitting.
COSTS: Mapping[Slack, int] = {
    Slack.HOURS: 4, Slack.LONGER_DAY: 1, Slack.MORE_A_DAY: 3, Slack.LESS_REST: 5, Slack.SHORTER: 2, Slack.LATER: 3, Slack.FEWER: 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """How much gave way in a loosened plan."""

    outside: frozenset[str] = frozenset()  # ids of sittings outside their hours
    longer: Mapping[date, int] = field(default_factory=dict)  # minutes more on a day
    more: Mapping[date, int] = field(default_factory=dict)  # sittings more on a day
    less_rest: Mapping[str, int] = field(default_factory=dict)  # days less, by goal
    shorter: frozenset[str] = frozenset()  # goals
    later: Mapping[str, int] = field(default_factory=dict)  # days, by goal
    left_out: frozenset[str] = frozenset()  # ids of sittings


@dataclass(frozen=True, slots=True)
class Solved:
    """``plan``: every sitting that is not left out. ``is_best``: nothing better was possible, the solver proved it."""

    plan: Plan
    cost: int
    is_best: bool
    given: Given = field(default_factory=Given)


def solve(problem: Problem, loosened: frozenset[Slack] = frozenset(), *, effort: float = EFFORT) -> Solved | None:
    """The best plan; None when there is none, or none was found within ``effort`` (deterministic seconds)."""
    model = _Model(problem, loosened)
    return model.solved(effort) if model.is_possible else None


@dataclass(frozen=True, slots=True)
class _Seat:
    """A sitting in the model."""

    sitting: Sitting
    start: IntVar
    day: Any  # a linear expression: the number of its day
    on: Mapping[int, IntVar]  # 1 on the day it stands
    there: IntVar | None  # 0 when it is left out; None: it may not be


class _Model:
    """The constraints of one problem. ``is_possible`` is False when a sitting has nowhere to begin at all."""

    def __init__(self, problem: Problem, loosened: frozenset[Slack]) -> None:
        from ortools.sat.python import cp_model  # 1.6 s the first time: only when something is planned

        self.cp, self.model, self.problem, self.loosened = cp_model, cp_model.CpModel(), problem, loosened
        self.grid = Grid(problem)
        self.days = [day for day, _ in self.grid.day_starts]
        self.costs: list[Any] = []
        self.outside: dict[str, IntVar] = {}
        self.longer: dict[int, IntVar] = {}
        self.more: dict[int, IntVar] = {}
        self.less_rest: dict[str, IntVar] = {}
        self.shorter: dict[str, IntVar] = {}
        self.later: dict[str, IntVar] = {}
        self.within: dict[str, list[IntVar]] = {}
        self.intervals: list[Any] = []
        self.is_possible = True
        self.seats: list[_Seat] = []
        for sitting in problem.sittings:
            if (seat := self._seat(sitting)) is None:
                self.is_possible = False
                return
            self.seats.append(seat)
        self.model.add_no_overlap(self.intervals)
        self._whole_days()
        self._goals()
        self.model.minimize(sum(self.costs))

    def solved(self, effort: float) -> Solved | None:
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        given = self._given(solver)
        plan = {}
        for seat in self.seats:
            if seat.sitting.id not in given.left_out:
                start = self.grid.moment(solver.value(seat.start))
                minutes = seat.sitting.shortest if seat.sitting.goal in given.shorter else seat.sitting.minutes
                plan[seat.sitting.id] = Placed(start, _plus(start, minutes))
        return Solved(plan, round(solver.objective_value), status == self.cp.OPTIMAL, given)

    # One sitting

    def _seat(self, sitting: Sitting) -> _Seat | None:
        """Its start, its day, and what stands against a place; None when there is no place for it whatever gives way."""
        grid, model = self.grid, self.model
        usual = grid.starts(sitting, sitting.minutes)
        ways = {"": usual}
        if Slack.HOURS in self.loosened and sitting.windows:
            ways["outside"] = grid.starts(sitting, sitting.minutes, anywhere=True)
        if Slack.LATER in self.loosened:
            late = sitting.latest + timedelta(days=_LATER_BY)
            ways["later"] = grid.starts(sitting, sitting.minutes, latest=late)
        if Slack.SHORTER in self.loosened and 0 < sitting.shortest < sitting.minutes:
            ways["shorter"] = grid.starts(sitting, sitting.shortest)
        if {Slack.HOURS, Slack.LATER, Slack.SHORTER} <= self.loosened:
            short = sitting.shortest or sitting.minutes
            ways["all"] = grid.starts(sitting, short, anywhere=True, latest=sitting.latest + timedelta(days=_LATER_BY))
        every = sorted({slot for found in ways.values() for slot in found})
        there = model.new_bool_var(f"{sitting.id} there") if Slack.FEWER in self.loosened else None
        if not every:
            if there is None:
                return None
            every = [0]
            model.add(there == 0)
        start = model.new_int_var_from_domain(self.cp.Domain.from_values(every), sitting.id)
        on = self._days_of(start, every, there)
        if there is not None:
            self.costs.append(COSTS[Slack.FEWER] * there.negated())
        self._shaped(sitting, start, usual, there)
        self._interval(sitting, start, there)
        self._wishes(sitting, start, usual, there)
        return _Seat(sitting, start, sum(number * one for number, one in on.items()), on, there)

    def _days_of(self, start: IntVar, every: Sequence[int], there: IntVar | None) -> dict[int, IntVar]:
        by_day: defaultdict[int, list[int]] = defaultdict(list)
        firsts = [first for _, first in self.grid.day_starts]
        number = 0
        for slot in every:
            while number + 1 < len(firsts) and firsts[number + 1] <= slot:
                number += 1
            by_day[number].append(slot)
        on = {day: self.model.new_bool_var("") for day in by_day}
        for day, its in by_day.items():
            self.model.add_linear_expression_in_domain(start, self.cp.Domain.from_values(its)).only_enforce_if(on[day])
        self.model.add(sum(on.values()) == (1 if there is None else there))
        return on

    def _shaped(self, sitting: Sitting, start: IntVar, usual: Sequence[int], there: IntVar | None) -> None:
        """Each way of giving way has a literal; without any, the start is a usual one."""
        grid, model = self.grid, self.model
        short = self._short(sitting)
        late = self._late(sitting)
        out = None
        if Slack.HOURS in self.loosened and sitting.windows:
            out = self.outside[sitting.id] = model.new_bool_var(f"{sitting.id} outside")
            self.costs.append(COSTS[Slack.HOURS] * out)
        for is_out in (False, True) if out is not None else (False,):
            for is_short in (False, True) if short is not None else (False,):
                minutes = sitting.shortest if is_short else sitting.minutes
                latest = sitting.latest + timedelta(days=_LATER_BY) if late is not None else None
                allowed = grid.starts(sitting, minutes, anywhere=is_out, latest=latest)
                when = [*self._is(out, is_out), *self._is(short, is_short), *([there] if there is not None else [])]
                if not allowed:
                    model.add_bool_or([one.negated() for one in when] or [False])
                    continue
                held = model.add_linear_expression_in_domain(start, self.cp.Domain.from_values(allowed))
                if when:
                    held.only_enforce_if(when)
                if late is not None:
                    self._in_time(sitting, start, minutes, late, when)

    def _in_time(self, sitting: Sitting, start: IntVar, minutes: int, late: IntVar, when: Sequence[Any]) -> None:
        """It ends by its latest moment, or as many days later as its goal gave way."""
        for days, within in enumerate(self._within(sitting.goal, late)):
            last = self.grid.before(sitting.latest + timedelta(days=days)) - slots(minutes)
            self.model.add(start <= last).only_enforce_if([within, *when])

    def _within(self, goal: str, late: IntVar) -> list[IntVar]:
        """For each number of days, whether the goal's end moves by at most so many."""
        if goal not in self.within:
            self.within[goal] = [self.model.new_bool_var("") for _ in range(_LATER_BY)]
            for days, one in enumerate(self.within[goal]):
                self.model.add(late <= days).only_enforce_if(one)
                self.model.add(late > days).only_enforce_if(one.negated())
        return self.within[goal]

    def _interval(self, sitting: Sitting, start: IntVar, there: IntVar | None) -> None:
        """The time it takes, with the way and half of the pause on each side."""
        way, rest = slots(sitting.travel), slots(sitting.travel) + slots(self.problem.days.pause)
        length: Any = slots(sitting.minutes)
        end: Any = start + length + rest
        if sitting.goal in self.shorter and 0 < sitting.shortest < sitting.minutes:
            length = length - (length - slots(sitting.shortest)) * self.shorter[sitting.goal]
            end = self.model.new_int_var(0, self.grid.size + rest, "")
        if there is None:
            self.intervals.append(self.model.new_interval_var(start - way, length + way + rest, end, ""))
        else:
            self.intervals.append(self.model.new_optional_interval_var(start - way, length + way + rest, end, there, ""))

    def _wishes(self, sitting: Sitting, start: IntVar, usual: Sequence[int], there: IntVar | None) -> None:
        """Hours that suit better, and the place it had in the plan before. Only for a strict plan: an offer is judged by what gives way."""
        if self.loosened:
            return
        if sitting.best:
            wished = set(self.grid.starts(_with_windows(sitting), sitting.minutes))
            good = [slot for slot in usual if slot in wished]
            if good and len(good) < len(usual):
                self._else(start, good, _WISH)
        stood = self.problem.before.get(sitting.id)
        if stood is not None and (slot := self.grid.after(stood)) in set(usual):
            self._else(start, [slot], _MOVED)

    def _else(self, start: IntVar, good: Sequence[int], cost: int) -> None:
        is_good = self.model.new_bool_var("")
        self.model.add_linear_expression_in_domain(start, self.cp.Domain.from_values(good)).only_enforce_if(is_good)
        self.costs.append(cost * is_good.negated())

    def _short(self, sitting: Sitting) -> IntVar | None:
        """Whether its goal's sittings are cut; what a cut saves is counted for each of them."""
        if Slack.SHORTER not in self.loosened or not 0 < sitting.shortest < sitting.minutes:
            return None
        if sitting.goal not in self.shorter:
            self.shorter[sitting.goal] = self.model.new_bool_var(f"{sitting.goal} shorter")
        self.costs.append(COSTS[Slack.SHORTER] * (slots(sitting.minutes) - slots(sitting.shortest)) * self.shorter[sitting.goal])
        return self.shorter[sitting.goal]

    def _late(self, sitting: Sitting) -> IntVar | None:
        if Slack.LATER not in self.loosened:
            return None
        if sitting.goal not in self.later:
            self.later[sitting.goal] = self.model.new_int_var(0, _LATER_BY, f"{sitting.goal} later")
            self.costs.append(COSTS[Slack.LATER] * self.later[sitting.goal])
        return self.later[sitting.goal]

    @staticmethod
    def _is(literal: IntVar | None, value: bool) -> list[Any]:
        return [] if literal is None else [literal if value else literal.negated()]

    # All together

    def _whole_days(self) -> None:
        """No day holds more minutes or sittings than it may."""
        limits = self.problem.days
        for number, day in enumerate(self.days):
            here = [(seat, seat.on[number]) for seat in self.seats if number in seat.on]
            if not here:
                continue
            minutes = limits.most_minutes + limits.more_minutes.get(day, 0)
            count = limits.most_sittings + limits.more_sittings.get(day, 0)
            self.model.add(sum(self._minutes(seat, one) for seat, one in here) <= minutes + GRID * self._longer(number))
            self.model.add(sum(one for _, one in here) <= count + self._more(number))

    def _minutes(self, seat: _Seat, one: IntVar) -> Any:
        short = self.shorter.get(seat.sitting.goal) if 0 < seat.sitting.shortest < seat.sitting.minutes else None
        if short is None:
            return seat.sitting.minutes * one
        both = self.model.new_bool_var("")
        self.model.add_implication(both, one)
        self.model.add_implication(both, short)
        return seat.sitting.minutes * one - (seat.sitting.minutes - seat.sitting.shortest) * both

    def _longer(self, number: int) -> Any:
        if Slack.LONGER_DAY not in self.loosened:
            return 0
        self.longer[number] = self.model.new_int_var(0, _LONGER_BY, "")
        self.costs.append(COSTS[Slack.LONGER_DAY] * self.longer[number])
        return self.longer[number]

    def _more(self, number: int) -> Any:
        if Slack.MORE_A_DAY not in self.loosened:
            return 0
        self.more[number] = self.model.new_int_var(0, _MORE_BY, "")
        self.costs.append(COSTS[Slack.MORE_A_DAY] * self.more[number])
        return self.more[number]

    def _goals(self) -> None:
        by_goal: defaultdict[str, list[_Seat]] = defaultdict(list)
        for seat in self.seats:
            by_goal[seat.sitting.goal].append(seat)
        for goal, seats in by_goal.items():
            rules = self.problem.rules_of(goal)
            self._in_order(goal, seats)
            for number in range(len(self.days)):
                here = [seat.on[number] for seat in seats if number in seat.on]
                if len(here) > rules.most_a_day:
                    self.model.add(sum(here) <= rules.most_a_day)
            weeks: defaultdict[tuple[int, int], list[IntVar]] = defaultdict(list)
            for seat in seats:
                for number, one in seat.on.items():
                    weeks[self.days[number].isocalendar()[:2]].append(one)
            for here in weeks.values():
                self.model.add(sum(here) <= rules.most_a_week)

    def _in_order(self, goal: str, seats: Sequence[_Seat]) -> None:
        """One after the other, with the days of rest between."""
        rest: Any = self.problem.rules_of(goal).rest
        if rest and Slack.LESS_REST in self.loosened:
            self.less_rest[goal] = self.model.new_int_var(0, rest, f"{goal} less rest")
            self.costs.append(COSTS[Slack.LESS_REST] * self.less_rest[goal])
        full = rest
        for first, second in self._neighbours(seats):
            both = [seat.there for seat in (first, second) if seat.there is not None]
            after = self.model.add(first.start < second.start)
            if both:
                after.only_enforce_if(both)
            if full and min(second.on, default=0) - max(first.on, default=0) <= full:
                less = self.less_rest.get(goal, 0)
                gap = self.model.add(second.day - first.day >= 1 + full - less)
                if both:
                    gap.only_enforce_if(both)

    def _neighbours(self, seats: Sequence[_Seat]) -> Iterator[tuple[_Seat, _Seat]]:
        """The pairs whose order says everything. Of sittings that are alike the last are left out first: nobody could tell which of
        three runs was dropped, and a solver that may not ask is many times as fast. Those that differ are held to all before them."""
        if Slack.FEWER not in self.loosened:
            yield from pairwise(seats)
            return
        for place, second in enumerate(seats):
            is_first = place == 0 or not _alike(seats[place - 1].sitting, second.sitting)
            if is_first:
                yield from ((first, second) for first in seats[:place])
            else:
                yield seats[place - 1], second
                there, before = second.there, seats[place - 1].there
                assert there is not None and before is not None
                self.model.add_implication(there, before)

    def _given(self, solver: Any) -> Given:
        value = solver.value
        return Given(
            frozenset(name for name, one in self.outside.items() if value(one)),
            {self.days[number]: GRID * value(one) for number, one in self.longer.items() if value(one)},
            {self.days[number]: value(one) for number, one in self.more.items() if value(one)},
            {goal: value(one) for goal, one in self.less_rest.items() if value(one)},
            frozenset(goal for goal, one in self.shorter.items() if value(one)),
            {goal: value(one) for goal, one in self.later.items() if value(one)},
            frozenset(seat.sitting.id for seat in self.seats if seat.there is not None and not value(seat.there)),
        )


def _alike(one: Sitting, other: Sitting) -> bool:
    return replace(one, id="", title="") == replace(other, id="", title="")


def _with_windows(sitting: Sitting) -> Sitting:
    return replace(sitting, windows=sitting.best)


def _plus(start: datetime, minutes: int) -> datetime:
    """``minutes`` of time later, not of clock: across a change of the clocks the difference shows."""
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)


__all__ = ["COSTS", "EFFORT", "Given", "Slack", "Solved", "solve"]
