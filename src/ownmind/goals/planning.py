"""From goals, steps and a calendar to a plan: what is to be placed, where it may not stand, and what came of it.

All goals together, from ``now`` to a midnight ``weeks`` weeks on. A step that must be done by then is placed or the plan does not fit;
one that may still be done later is given its share of the time and waits when there is no room. Pure: the caller reads and stores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from ..errors import BadInput, NotFound
from ..records import Appointment
from .goal import Goal, OfferShown, Step, StepState, Week
from .placing.busy import calendar
from .placing.changes import Offer, changed, offers
from .placing.check import Proof, check
from .placing.conflict import conflict
from .placing.free import Grid, at_clock
from .placing.lacks import missing
from .placing.moved import moved
from .placing.schedule import Busy, Days, Placed, Plan, Problem, Sitting
from .placing.slack import Given
from .placing.solve import Solved, solve
from .placing.wants import Left, Wants, wants
from .preferences import Preferences

_LONGEST = 26  # weeks
_NOTED = 5  # goals that wait and are named
_BEYOND = timedelta(days=14)  # how much of the calendar after the plan is looked at, for an offer to finish later


@dataclass(frozen=True, slots=True)
class Stated:
    """What is to be planned as the solver takes it, until ``end``, and what was left aside on the way there."""

    problem: Problem
    asked: Wants
    end: datetime
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what stands for it. ``placed``: the steps with their new places (none: it waits), to be stored; empty when no plan was
    found. ``solved`` is None then, and ``offers`` say what would help, by an id that is the same as long as the offer is."""

    problem: Problem
    solved: Solved | None
    proof: Proof
    week: Week
    placed: tuple[Step, ...] = ()
    offers: Mapping[str, Offer] | None = None
    goals: tuple[Goal, ...] = ()
    steps: tuple[Step, ...] = ()
    left: tuple[Left, ...] = ()  # what no calendar has a place for

    @property
    def fits(self) -> bool:
        return self.week.fits


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking an offer changes, to be stored at one go: ``goals`` with other constraints, every step that is other than before
    (place, minutes, latest, state, pinned), and the ``week`` as it is then."""

    goals: tuple[Goal, ...]
    steps: tuple[Step, ...]
    week: Week


def plan(
    goals: Sequence[Goal],
    steps: Sequence[Step],
    appointments: Sequence[Appointment],
    preferences: Preferences,
    now: datetime,
    zone: ZoneInfo,
    *,
    weeks: int = 1,
) -> Planned:
    """The plan of the next ``weeks`` weeks (1 to 26). Give all steps, also done ones: they count for rest and for what a day holds."""
    said = stated(goals, steps, appointments, preferences, now, zone, weeks=weeks)
    problem, asked, end, notes = said.problem, said.asked, said.end, said.notes
    solved = solve(problem)
    its = {one.id: one for one in steps}
    if solved is None:
        return _unfit(problem, tuple(goals), its, asked, end, notes)
    proof = check(problem, solved.plan)
    assert proof.holds, proof.wrong  # the solver and the checker are of one mind, or the plan is not shown
    placed = tuple(placed_at(its[one.id], solved.plan.get(one.id)) for one in problem.sittings)
    notes = (*notes, *_waiting(problem, solved.plan))
    week = Week(problem.start, end, standing((*placed, *asked.running)), not asked.left, proof.lines,
                moved(problem, its, solved.plan, problem.start), _said(asked.left), notes=notes)  # fmt: skip
    return Planned(problem, solved, proof, week, placed, {}, tuple(goals), tuple(steps), asked.left)


def stated(
    goals: Sequence[Goal],
    steps: Sequence[Step],
    appointments: Sequence[Appointment],
    preferences: Preferences,
    now: datetime,
    zone: ZoneInfo,
    *,
    weeks: int = 1,
) -> Stated:
    """The problem of the next ``weeks`` weeks (1 to 26)."""
    if not 1 <= weeks <= _LONGEST:
        raise BadInput(f"a plan is made for 1 to {_LONGEST} weeks, not {weeks}", hint="a quarter is 13")
    now = now.astimezone(zone)
    end = at_clock(now.date() + timedelta(weeks=weeks), 0, zone).astimezone(zone)
    asked = wants(goals, steps, preferences.days, now, end, zone)
    hours = {one.id: one.rhythm.windows for one in goals}
    taken = calendar(appointments, preferences.work, hours, now, end + _BEYOND, zone)
    running = tuple(Busy(one.start, one.end, one.title) for one in asked.running if one.start and one.end)
    base = Problem(zone, now, end + _BEYOND, asked.sittings, asked.rules, (*taken.busy, *running), preferences.days,
                   asked.before, asked.past, asked.names)  # fmt: skip
    problem = _pinned(base, {one.id for one in steps if one.pinned})
    return Stated(problem, asked, end, (*(one.why for one in asked.left), *asked.notes, *taken.notes))


def apply(planned: Planned, offer: str) -> Taken:
    """What the offer of this id changes. Raises NotFound when there is none (the calendar has changed since it was shown)."""
    if offer not in (planned.offers or {}):
        raise NotFound(f"there is no offer {offer} for this plan", hint="look at the plan again: something has changed since")
    taken = (planned.offers or {})[offer]
    problem = changed(planned.problem, taken.given)
    problem = replace(problem, before={**problem.before, **{name: at.start for name, at in taken.plan.items()}})
    solved = solve(problem)  # again, with what may wait
    places = solved.plan if solved is not None else taken.plan
    its = {one.id: one for one in planned.steps}
    steps = [_taken(planned.problem, problem, taken.given, its[one.id], places.get(one.id)) for one in planned.problem.sittings]
    goals = [_changed(one, taken, planned) for one in planned.goals]
    week = replace(planned.week, steps=standing((*steps, *_running(planned))), fits=not planned.left, missing=_said(planned.left),
                   proof=check(problem, places).lines, moved=moved(planned.problem, its, places, planned.week.start),
                   why=(), offers=())  # fmt: skip
    return Taken(
        tuple(new for new, old in zip(goals, planned.goals, strict=True) if new != old),
        tuple(one for one in steps if one != its[one.id]),
        week,
    )


def _taken(before: Problem, problem: Problem, given: Given, step: Step, at: Placed | None) -> Step:
    """A step as it is when this was given: left out, waiting, or at its place, pinned where that breaks a wish or a limit."""
    if step.id in given.left_out:
        return replace(step, state=StepState.SKIPPED, start=None, end=None, pinned=False)
    if at is None:
        return replace(step, start=None, end=None, pinned=False)
    was, now = (next(one for one in each.sittings if one.id == step.id) for each in (before, problem))
    agreed = step.id in given.outside or at.start.astimezone(problem.zone).date() in {*given.longer, *given.more}
    latest = max(step.latest, now.latest) if now.latest != was.latest else step.latest
    return replace(placed_at(step, at), minutes=now.minutes, latest=latest, pinned=agreed or step.pinned)


def _waiting(problem: Problem, plan: Plan) -> Iterator[str]:
    """The goals whose share of these weeks has no room in them."""
    shares = Counter(one.goal for one in problem.sittings if one.may_wait)
    waiting = Counter(one.goal for one in problem.sittings if one.id not in plan).most_common()
    for goal, n in waiting[:_NOTED]:
        yield f"“{problem.name(goal)}”: {n} of {shares[goal]} steps that are its share now have no room and wait for a later week"
    if len(waiting) > _NOTED:
        yield f"and so it is with {len(waiting) - _NOTED} other goals"


def _said(left: Sequence[Left]) -> str:
    return "; ".join(one.why for one in left)


def _changed(goal: Goal, taken: Offer, planned: Planned) -> Goal:
    less = taken.given.less_rest.get(goal.id, 0)
    rules = replace(goal.rhythm.rules, rest=goal.rhythm.rules.rest - less)
    days = max((n for name, n in taken.given.later.items() if _goal_of(planned, name) == goal.id), default=0)
    deadline = goal.deadline + timedelta(days=days) if goal.deadline and days else goal.deadline
    return replace(goal, rhythm=replace(goal.rhythm, rules=rules), deadline=deadline)


def _goal_of(planned: Planned, name: str) -> str:
    return next(one.goal for one in planned.problem.sittings if one.id == name)


def _running(planned: Planned) -> tuple[Step, ...]:
    now = planned.week.start
    return tuple(one for one in planned.week.steps if one.start and one.start <= now)


def _pinned(problem: Problem, pinned: set[str]) -> Problem:
    """The places the person agreed to are kept, with what they need beyond the limits of their day, as long as nothing takes them."""
    grid = Grid(replace(problem, sittings=()))
    sittings: list[Sitting] = []
    held: list[tuple[Sitting, datetime]] = []
    for one in problem.sittings:
        at = problem.before.get(one.id)
        if one.id in pinned and at is not None:
            fixed = replace(one, earliest=at, latest=at + timedelta(minutes=one.minutes), windows=(), best=())
            if grid.starts(fixed, one.minutes):
                one = fixed
                held.append((one, at))
        sittings.append(one)
    return replace(problem, sittings=tuple(sittings), days=_more(problem, held))


def _more(problem: Problem, held: Sequence[tuple[Sitting, datetime]]) -> Days:
    minutes: Counter[date] = Counter()
    count: Counter[date] = Counter()
    for one, at in held:
        day = at.astimezone(problem.zone).date()
        minutes[day] += one.minutes
        count[day] += 1
    for past in problem.past:
        day = past.start.astimezone(problem.zone).date()
        if day in count:
            minutes[day] += past.minutes
            count[day] += 1
    limits = problem.days
    longer = {day: n - limits.most_minutes for day, n in minutes.items() if n > limits.most_minutes}
    return replace(limits, more_minutes=longer,
                   more_sittings={day: n - limits.most_sittings for day, n in count.items() if n > limits.most_sittings})  # fmt: skip


def _unfit(
    problem: Problem, goals: tuple[Goal, ...], its: Mapping[str, Step], asked: Wants, end: datetime, notes: tuple[str, ...]
) -> Planned:
    found = {_id(one): one for one in offers(problem)}
    shown = tuple(OfferShown(name, one.words, one.is_smallest) for name, one in found.items())
    now = problem.start
    there = tuple(one for one in its.values() if one.state is StepState.OPEN and one.start and now <= one.start < end)
    week = Week(now, end, standing((*there, *asked.running)), False, (), (), missing(problem), shown, conflict(problem), notes)
    return Planned(problem, None, Proof(("not everything has a place",), ()), week, (), found, goals, tuple(its.values()), asked.left)


def _id(offer: Offer) -> str:
    return "o" + sha256("\n".join(offer.words).encode()).hexdigest()[:10]


def placed_at(step: Step, at: Placed | None) -> Step:
    """The step at this place; None: it waits."""
    return replace(step, start=at.start if at else None, end=at.end if at else None)


def standing(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that have a place, by its time."""
    return tuple(sorted((one for one in steps if one.start is not None), key=lambda one: (one.start, one.position, one.id)))
