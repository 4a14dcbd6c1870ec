"""The model of a plan for OR-tools' CP-SAT: all goals at once, nothing that is taken touched.

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
from itertools import product
from typing import TYPE_CHECKING, Any

from .free import Grid, slots
from .schedule import GRID, Placed, Plan, Sitting
from .slack import COSTS, LATER_BY, LATER_TOO, Given, Slack

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

_LONGER_BY = 12  # quarters of an hour the days may hold more
_MORE_BY = 4  # sittings the days may hold more
# Cost of an hour that suits less, of a sitting that is moved from where it stood, and of one that waits though it need not.
_WISH, _MOVED, _WAITS = 2, 3, 20
_DAY = 24 * 60 // GRID


@dataclass(frozen=True, slots=True)
class Found:
    """What the solver says. ``plan`` is None where it found none; ``is_proven``: there is none, or none better."""

    plan: Plan | None
    cost: int
    is_proven: bool
    given: Given = field(default_factory=Given)
    spent: float = 0.0  # deterministic seconds


@dataclass(frozen=True, slots=True)
class _Seat:
    """A sitting in the model."""

    sitting: Sitting
    start: IntVar
    day: Any  # a linear expression: the number of its day
    on: Mapping[int, IntVar]  # 1 on the day it stands
    there: IntVar | None  # 0 when it is left out; None: it may not be
    short: IntVar | None  # 1 when it is cut


class Model:
    """The constraints of one problem, with slacks for what is ``loosened``, of a total under ``below`` (0: any)."""

    def __init__(self, grid: Grid, loosened: frozenset[Slack] = frozenset(), *, below: int = 0) -> None:
        from ortools.sat.python import cp_model  # 1.6 s the first time: only when something is planned

        self.cp, self.model, self.problem, self.grid, self.below = cp_model, cp_model.CpModel(), grid.problem, grid, below
        self.asked = loosened
        self.loosened = frozenset(kind for kind in loosened if self._most(kind, 1))
        self.days = [day for day, _ in grid.day_starts]
        self.costs: list[Any] = []
        self.outside: dict[str, IntVar] = {}
        self.less_rest: dict[str, IntVar] = {}
        self.shorter: dict[str, IntVar] = {}
        self.later: dict[str, IntVar] = {}
        self.days_slack: dict[Slack, IntVar] = {}
        self.intervals: list[Any] = []
        self.is_possible = True
        self.seats: list[_Seat] = []
        for sitting in self.problem.sittings:
            if (seat := self._seat(sitting)) is None:
                self.is_possible = False
                return
            self.seats.append(seat)
        self.model.add_no_overlap(self.intervals)
        self._whole_days()
        self._goals()
        if self.costs:
            self.model.minimize(sum(self.costs))
            if below:
                self.model.add(sum(self.costs) < below)

    def solve(self, effort: float) -> Found:
        """The best there is within ``effort`` deterministic seconds."""
        if not self.is_possible:
            return Found(None, 0, is_proven=True)
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.cp_model_probing_level = 0  # measured on 12 mixtures: .59 s beside .85 s with it
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        spent = solver.response_proto.deterministic_time
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return Found(None, 0, status == self.cp.INFEASIBLE, spent=spent)
        plan = {seat.sitting.id: self._place(solver, seat) for seat in self.seats if seat.there is None or solver.value(seat.there)}
        return Found(plan, round(solver.objective_value), status == self.cp.OPTIMAL, self._given(solver, plan), spent)

    def _most(self, kind: Slack, most: int) -> int:
        """How many units of ``kind`` can be of use: so many that they alone stay ``below``."""
        if kind is Slack.LATER and len(self.asked) > 1:
            most = min(most, LATER_TOO)
        return min(most, (self.below - 1) // COSTS[kind]) if self.below else most

    # One sitting

    def _seat(self, sitting: Sitting) -> _Seat | None:
        """Its start, its day, and what stands against a place; None when there is no place for it whatever gives way."""
        model = self.model
        out = self._out(sitting)
        short = self._short(sitting)
        late = self._late(sitting)
        latest = sitting.latest + timedelta(days=self._most(Slack.LATER, LATER_BY)) if late is not None else sitting.latest
        ways: dict[tuple[bool, bool], Sequence[int]] = {}
        for is_out, is_short in product((False, True) if out is not None else (False,), (False, True) if short is not None else (False,)):
            minutes = sitting.shortest if is_short else sitting.minutes
            ways[is_out, is_short] = self.grid.starts(sitting, minutes, anywhere=is_out, latest=latest)
        every = sorted({slot for found in ways.values() for slot in found})
        may_go = Slack.FEWER in self.loosened or sitting.may_wait
        if not every and not may_go:
            return None
        start = model.new_int_var_from_domain(self.cp.Domain.from_values(every or [0]), sitting.id)
        there = self._there(sitting) if may_go else None
        seat = _Seat(sitting, start, 0, self._on(start, every, there), there, short)
        for (is_out, is_short), allowed in ways.items():
            when = [*_is(out, is_out), *_is(short, is_short), *_is(there, value=True)]
            if len(allowed) < len(every):
                held = model.add_linear_expression_in_domain(start, self.cp.Domain.from_values(allowed))
                if when:
                    held.only_enforce_if(when)
            if late is not None:
                last = self.grid.last(sitting.shortest if is_short else sitting.minutes, sitting.latest)
                self._when(model.add(start <= last + _DAY * late), when)
        self._interval(seat)
        self._wishes(sitting, start, every, there)
        return replace(seat, day=sum(number * one for number, one in seat.on.items()))

    def _out(self, sitting: Sitting) -> IntVar | None:
        if Slack.HOURS not in self.loosened or not sitting.windows:
            return None
        out = self.outside[sitting.id] = self.model.new_bool_var("")
        self.costs.append(COSTS[Slack.HOURS] * out)
        return out

    def _short(self, sitting: Sitting) -> IntVar | None:
        """Whether its goal's sittings are cut; what a cut saves is counted for each of them."""
        if Slack.SHORTER not in self.loosened or not 0 < sitting.shortest < sitting.minutes:
            return None
        if sitting.goal not in self.shorter:
            self.shorter[sitting.goal] = self.model.new_bool_var("")
        saved = slots(sitting.minutes) - slots(sitting.shortest)
        self.costs.append(COSTS[Slack.SHORTER] * max(1, saved) * self.shorter[sitting.goal])
        return self.shorter[sitting.goal]

    def _late(self, sitting: Sitting) -> IntVar | None:
        if Slack.LATER not in self.loosened:
            return None
        if sitting.goal not in self.later:
            self.later[sitting.goal] = self.model.new_int_var(0, self._most(Slack.LATER, LATER_BY), "")
            self.costs.append(COSTS[Slack.LATER] * self.later[sitting.goal])
        return self.later[sitting.goal]

    def _there(self, sitting: Sitting) -> IntVar:
        there = self.model.new_bool_var("")
        self.costs.append((_WAITS if sitting.may_wait else COSTS[Slack.FEWER]) * there.negated())
        return there

    def _on(self, start: IntVar, every: Sequence[int], there: IntVar | None) -> dict[int, IntVar]:
        """For each day it may stand on, whether it does."""
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

    def _interval(self, seat: _Seat) -> None:
        """The minutes it takes, with the way on each side and the pause after it."""
        sitting, begins = seat.sitting, GRID * seat.start - seat.sitting.travel
        length: Any = sitting.minutes + 2 * sitting.travel + self.problem.days.pause
        end: Any = begins + length
        if seat.short is not None:
            length = length - (sitting.minutes - sitting.shortest) * seat.short
            end = self.model.new_int_var(0, self.grid.size * GRID + self.problem.days.pause, "")
        if seat.there is None:
            self.intervals.append(self.model.new_interval_var(begins, length, end, ""))
        else:
            self.intervals.append(self.model.new_optional_interval_var(begins, length, end, seat.there, ""))

    def _wishes(self, sitting: Sitting, start: IntVar, every: Sequence[int], there: IntVar | None) -> None:
        """Hours that suit better, and the place it had in the plan before. Only for a strict plan: an offer is judged by what gives way."""
        if self.loosened:
            return
        if sitting.best:
            wished = set(self.grid.starts(replace(sitting, windows=sitting.best), sitting.minutes))
            good = [slot for slot in every if slot in wished]
            if good and len(good) < len(every):
                self._else(start, good, _WISH, there)
        stood = self.problem.before.get(sitting.id)
        if stood is not None and (slot := self.grid.after(stood)) in set(every):
            self._else(start, [slot], _MOVED, there)

    def _else(self, start: IntVar, good: Sequence[int], cost: int, there: IntVar | None) -> None:
        is_good = self.model.new_bool_var("")
        self.model.add_linear_expression_in_domain(start, self.cp.Domain.from_values(good)).only_enforce_if(
            is_good, *_is(there, value=True)
        )
        self.costs.append(cost * is_good.negated())

    # All together

    def _whole_days(self) -> None:
        """No day holds more minutes or sittings than it may."""
        limits = self.problem.days
        longer, more = self._slack(Slack.LONGER_DAY, _LONGER_BY), self._slack(Slack.MORE_A_DAY, _MORE_BY)
        past: defaultdict[date, list[int]] = defaultdict(list)
        for one in self.problem.past:
            past[self._day(one.start)].append(one.minutes)
        for number, day in enumerate(self.days):
            here = [(seat, seat.on[number]) for seat in self.seats if number in seat.on]
            minutes = limits.most_minutes + limits.more_minutes.get(day, 0) - sum(past[day])
            count = limits.most_sittings + limits.more_sittings.get(day, 0) - len(past[day])
            if here and (minutes < 0 or count < 0):  # it holds more than it may already
                self.model.add(sum(one for _, one in here) == 0)
            elif here:
                self.model.add(sum(self._minutes(seat, one) for seat, one in here) <= minutes + GRID * longer)
                self.model.add(sum(one for _, one in here) <= count + more)

    def _slack(self, kind: Slack, most: int) -> Any:
        if kind not in self.loosened:
            return 0
        slack = self.days_slack[kind] = self.model.new_int_var(0, self._most(kind, most), "")
        self.costs.append(COSTS[kind] * slack)
        return slack

    def _minutes(self, seat: _Seat, one: IntVar) -> Any:
        if seat.short is None:
            return seat.sitting.minutes * one
        both = self.model.new_bool_var("")
        self.model.add_implication(both, one)
        self.model.add_implication(both, seat.short)
        return seat.sitting.minutes * one - (seat.sitting.minutes - seat.sitting.shortest) * both

    def _goals(self) -> None:
        by_goal: defaultdict[str, list[_Seat]] = defaultdict(list)
        for seat in self.seats:
            by_goal[seat.sitting.goal].append(seat)
        for goal, seats in by_goal.items():
            rules = self.problem.rules_of(goal)
            past = [self._day(one.start) for one in self.problem.past if one.goal == goal]
            self._in_order(goal, seats, past)
            for number, day in enumerate(self.days):
                here = [seat.on[number] for seat in seats if number in seat.on]
                if len(here) > (most := max(0, rules.most_a_day - past.count(day))):
                    self.model.add(sum(here) <= most)
            weeks: defaultdict[tuple[int, int], list[IntVar]] = defaultdict(list)
            for seat in seats:
                for number, one in seat.on.items():
                    weeks[self.days[number].isocalendar()[:2]].append(one)
            for week, here in weeks.items():
                done = sum(day.isocalendar()[:2] == week for day in past)
                self.model.add(sum(here) <= max(0, rules.most_a_week - done))

    def _in_order(self, goal: str, seats: Sequence[_Seat], past: Sequence[date]) -> None:
        """One after the other, with the days of rest between; what was done last has its days of rest too."""
        rest = self.problem.rules_of(goal).rest
        less: Any = 0
        if rest and Slack.LESS_REST in self.loosened:
            less = self.less_rest[goal] = self.model.new_int_var(0, rest, "")
            self.costs.append(COSTS[Slack.LESS_REST] * less)
        if rest and past:
            first = (max(past) - self.days[0]).days + 1 + rest
            for seat in seats:
                self._when(self.model.add(seat.day >= first - less), _is(seat.there, value=True))
        for one, other in self._neighbours(seats):
            both = [*_is(one.there, value=True), *_is(other.there, value=True)]
            self._when(self.model.add(one.start < other.start), both)
            if rest and min(other.on, default=0) - max(one.on, default=0) <= rest:
                self._when(self.model.add(other.day - one.day >= 1 + rest - less), both)

    def _neighbours(self, seats: Sequence[_Seat]) -> Iterator[tuple[_Seat, _Seat]]:
        """The pairs whose order says everything: each with those before it, back to one that is surely there. Of sittings that are
        alike the last are left out first: nobody could tell which of three runs was dropped, and a solver that may not ask is many
        times as fast."""
        for place, second in enumerate(seats):
            for first in reversed(seats[:place]):
                yield first, second
                if first.there is None:
                    break
                if second.there is not None and _alike(first.sitting, second.sitting):
                    self.model.add_implication(second.there, first.there)
                    break

    # What came out

    def _place(self, solver: Any, seat: _Seat) -> Placed:
        start = self.grid.moment(solver.value(seat.start))
        is_short = seat.short is not None and solver.value(seat.short)
        minutes = seat.sitting.shortest if is_short else seat.sitting.minutes
        return Placed(start, (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo))

    def _given(self, solver: Any, plan: Plan) -> Given:
        if not self.loosened:
            return Given()
        value = solver.value
        its = {one.id: one for one in self.problem.sittings}
        late = {goal: value(one) for goal, one in self.later.items() if value(one)}
        cut = {goal for goal, one in self.shorter.items() if value(one)}
        longer, more = self._over(plan)
        return Given(
            frozenset(name for name, one in self.outside.items() if value(one) and name in plan),
            longer,
            more,
            {goal: value(one) for goal, one in self.less_rest.items() if value(one)},
            frozenset(name for name, one in its.items() if one.goal in cut and 0 < one.shortest < one.minutes),
            {name: late[one.goal] for name, one in its.items() if one.goal in late},
            frozenset(name for name, one in its.items() if name not in plan and not one.may_wait),
        )

    def _over(self, plan: Plan) -> tuple[dict[date, int], dict[date, int]]:
        """The days that hold more than they may, with how much: minutes, sittings."""
        limits, done = self.problem.days, [(self._day(one.start), one.minutes) for one in self.problem.past]
        by_day: defaultdict[date, list[int]] = defaultdict(list)
        for at in plan.values():
            by_day[self._day(at.start)].append(round((at.end - at.start) / timedelta(minutes=1)))
        longer, more = {}, {}
        for day, its in by_day.items():
            its += [minutes for when, minutes in done if when == day]
            longer[day] = sum(its) - limits.most_minutes - limits.more_minutes.get(day, 0)
            more[day] = len(its) - limits.most_sittings - limits.more_sittings.get(day, 0)
        return {day: n for day, n in longer.items() if n > 0}, {day: n for day, n in more.items() if n > 0}

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.problem.zone).date()

    @staticmethod
    def _when(held: Any, literals: Sequence[Any]) -> None:
        if literals:
            held.only_enforce_if(literals)


def _is(literal: IntVar | None, value: bool) -> list[Any]:
    return [] if literal is None else [literal if value else literal.negated()]


def _alike(one: Sitting, other: Sitting) -> bool:
    return replace(one, id="", title="") == replace(other, id="", title="")
