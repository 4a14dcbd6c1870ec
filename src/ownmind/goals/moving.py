"""A step where the person wants it: whether the plan still holds with it there, and what makes room; or why not, and the nearest time.

The rules are those of every plan. One thing yields to the person's hand: hours that a template assumed and nobody said. Steps of a goal
keep their order, so of steps that are alike (a run, a run, a run) the one whose turn it is takes the place. Pure: the caller reads and
stores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ..records import Appointment
from .counted import count
from .goal import Goal, How, Move, Step, StepState, Week
from .placing.check import check
from .placing.lacks import missing
from .placing.moved import moved
from .placing.schedule import GRID, Placed, Problem, Sitting
from .placing.solve import solve
from .placing.wants import sitting_of
from .planning import Stated, placed_at, standing, stated
from .preferences import Preferences

_QUARTER = timedelta(minutes=GRID)
_LOOK = 0.5  # deterministic seconds for one look of the search for the nearest time


@dataclass(frozen=True, slots=True)
class Sought:
    """What came of it, and every step that is other than before, to be stored at one go; none when it does not fit."""

    move: Move
    changed: tuple[Step, ...] = ()


def sought(
    goals: Sequence[Goal],
    steps: Sequence[Step],
    appointments: Sequence[Appointment],
    preferences: Preferences,
    now: datetime,
    zone: ZoneInfo,
    *,
    step: Step,
    start: datetime,
    weeks: int,
) -> Sought:
    """``step`` (open, of an active goal) at ``start``, in a plan of the next ``weeks`` weeks."""
    start = quarter(start).astimezone(zone)
    goal = next(one for one in goals if one.id == step.goal)
    turned, wanted = _in_turn(steps, step, start, now)
    said = stated(goals, turned, appointments, preferences, now, zone, weeks=weeks)
    problem, own = _with(said, goal, wanted, now)
    at = Placed(start, start + timedelta(minutes=own.minutes))
    refused = Move(step.id, step.title, start, False, "")
    if left := next((one.why for one in said.asked.left if one.step.id == wanted.id), ""):
        return Sought(replace(refused, words=f"{left}."))
    if why := _alone(problem, own, at):
        return Sought(_refused(problem, own, refused, why))
    fixed = _only(problem, replace(own, earliest=at.start, latest=at.end, windows=()))
    solved = solve(fixed)
    if solved is None:
        return Sought(replace(_refused(problem, own, refused, _in_the_way(problem, own, at)), missing=missing(fixed)))
    proof = check(problem, solved.plan)
    assert proof.holds, proof.wrong  # the solver and the checker are of one mind, or nothing is moved
    its = {one.id: one for one in turned}
    others = tuple(one for one in moved(problem, its, solved.plan, problem.start) if one.step != own.id)
    placed = {one.id: placed_at(its[one.id], solved.plan.get(one.id)) for one in problem.sittings}
    placed[own.id] = replace(placed[own.id], pinned=True)
    after = [placed.get(one.id, one) for one in turned]
    week = Week(problem.start, said.end, standing((*placed.values(), *said.asked.running)), not said.asked.left, proof.lines, others,
                notes=said.notes)  # fmt: skip
    rest = f"{count(len(others), 'other step')} moved" if others else "nothing else moved"
    words = f"“{step.title}” stands on {spelled(start)} now; {rest}."
    before = {one.id: one for one in steps}
    return Sought(
        Move(own.id, step.title, start, True, words, moved=others, week=week), tuple(one for one in after if one != before[one.id])
    )


def quarter(moment: datetime) -> datetime:
    """The quarter of an hour nearest to it (UTC): things begin on one."""
    at = moment.astimezone(UTC) + _QUARTER / 2
    return at - timedelta(minutes=at.minute % GRID, seconds=at.second, microseconds=at.microsecond)


def spelled(moment: datetime) -> str:
    """As in "Tue 24 Nov at 18:00"."""
    return f"{moment:%a} {moment.day} {moment:%b} at {moment:%H:%M}"


def _in_turn(steps: Sequence[Step], step: Step, start: datetime, now: datetime) -> tuple[tuple[Step, ...], Step]:
    """The steps with ``start`` given to the one whose turn it is, and that one: those that are alike share their times in order."""
    alike = [one for one in steps if one.id == step.id or (_is_like(one, step) and one.start is not None and one.start > now)]
    alike.sort(key=lambda one: one.position)
    times = sorted([(one.start, one.pinned) for one in alike if one.id != step.id and one.start is not None] + [(start, False)])
    given = {one.id: _at(one, *time) for one, time in zip(alike, times, strict=True)}
    if any(one.start is not None and (one.start < one.earliest or (one.end or one.start) > one.latest) for one in given.values()):
        given = {step.id: _at(step, start, pinned=False)}  # they are of different weeks
    turned = tuple(given.get(one.id, one) for one in steps)
    return turned, next(one for one in given.values() if one.start == start and not one.pinned)


def _is_like(one: Step, other: Step) -> bool:
    """Whether nobody could tell which of the two was done."""
    return one.state is StepState.OPEN and (one.goal, one.title, one.minutes, one.shortest, one.amount, one.milestone) == (
        other.goal, other.title, other.minutes, other.shortest, other.amount, other.milestone)  # fmt: skip


def _at(step: Step, start: datetime, pinned: bool) -> Step:
    return replace(step, start=start, end=start + timedelta(minutes=step.minutes), pinned=pinned)


def _with(said: Stated, goal: Goal, step: Step, now: datetime) -> tuple[Problem, Sitting]:
    """The problem with the step in it, which must have its place, and its sitting; hours that were only assumed do not hold it."""
    problem = said.problem
    own = next((one for one in problem.sittings if one.id == step.id), None) or sitting_of(goal, step, now, said.end)
    is_assumed = all(one.how is How.ASSUMED for one in goal.chips if one.slot == "windows")
    own = replace(own, may_wait=False, best=(), windows=() if is_assumed else own.windows)
    if any(one.id == own.id for one in problem.sittings):
        return _only(problem, own), own
    return replace(problem, sittings=(*problem.sittings, own)), own  # behind those of its goal that are due before it


def _only(problem: Problem, own: Sitting) -> Problem:
    return replace(problem, sittings=tuple(own if one.id == own.id else one for one in problem.sittings))


def _alone(problem: Problem, own: Sitting, at: Placed) -> str:
    """What stands against this place whatever the other steps do; "" when nothing does."""
    if at.start < problem.start:
        return "that time has gone by"
    if at.start < own.earliest:
        return f"it may begin on {spelled(own.earliest.astimezone(problem.zone))} at the earliest"
    if at.end > own.latest:
        return f"it is to be done by {spelled(own.latest.astimezone(problem.zone))}"
    return next(iter(check(replace(problem, sittings=(own,)), {own.id: at}).wrong), "")


def _in_the_way(problem: Problem, own: Sitting, at: Placed) -> str:
    """What stands against it beside the other steps where they are, after the solver found no other places for them."""
    there = {
        one.id: Placed(problem.before[one.id], problem.before[one.id] + timedelta(minutes=one.minutes))
        for one in problem.sittings
        if one.id in problem.before and one.id != own.id
    }
    known = set(check(problem, there).wrong)
    why = next((line for line in check(problem, {**there, own.id: at}).wrong if line not in known), "")
    return f"{why}, and nothing else can make room" if why else "the other steps would then not all have a place"


def _refused(problem: Problem, own: Sitting, move: Move, why: str) -> Move:
    nearest = _nearest(problem, own, move.start)
    if nearest is not None:
        return replace(move, words=f"It does not fit there: {why}. The nearest time that fits is {spelled(nearest)}.", nearest=nearest)
    if solve(problem) is None:
        return replace(move, words=f"It does not fit there: {why}. These weeks do not fit as they are; their plan says what would help.")
    return replace(move, words=f"It does not fit there: {why}.")


def _nearest(problem: Problem, own: Sitting, start: datetime) -> datetime | None:
    """The start nearest to ``start`` with which everything has a place. What fits within some distance fits within a longer one, so the
    distance is halved."""
    start = min(max(start, own.earliest), max(own.earliest, own.latest))
    reach = -(-max(start - own.earliest, own.latest - start) // _QUARTER)
    best = _within(problem, own, start, reach)
    low, high = 0, reach  # nothing fits within low, something within high
    while best is not None and high - low > 1:
        middle = (low + high) // 2
        found = _within(problem, own, start, middle)
        best, low, high = (best, middle, high) if found is None else (found, low, middle)
    return best


def _within(problem: Problem, own: Sitting, start: datetime, quarters: int) -> datetime | None:
    """Where it begins in a plan that has it at most so many quarters of an hour from ``start``; None when there is none."""
    way = quarters * _QUARTER
    earliest = max(own.earliest, start - way)
    latest = min(own.latest, start + way + timedelta(minutes=own.minutes))
    if latest - earliest < timedelta(minutes=own.minutes):
        return None
    solved = solve(_only(problem, replace(own, earliest=earliest, latest=latest)), effort=_LOOK)
    return solved.plan[own.id].start if solved else None
