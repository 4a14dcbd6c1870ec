"""A step where the person wants it: whether the plan still holds with it there, and what makes room; or why not, and the nearest time.

The rules are those of every plan. One thing yields to the person's hand: hours that a template assumed and nobody said. Steps of a goal
keep their order, so of steps that are alike (a run, a run, a run) the one whose turn it is takes the place: that which leaves the others
where they stand, or another where only that fits. Pure: the caller reads and stores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..records import Appointment
from .counted import count
from .goal import Goal, How, Move, Step, StepState, Week
from .placing.check import check
from .placing.lacks import missing
from .placing.moved import moved
from .placing.schedule import GRID, Placed, Problem, Sitting
from .placing.solve import Solved, solve
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


@dataclass(frozen=True, slots=True)
class _Turn:
    """It is the turn of ``own``, which must have its place: ``steps`` with the times of those that are alike handed on in order."""

    steps: tuple[Step, ...]
    said: Stated
    problem: Problem
    own: Sitting

    def within(self, earliest: datetime, latest: datetime) -> Problem:
        """The problem with its own sitting between these two."""
        return _only(self.problem, replace(self.own, earliest=earliest, latest=latest))


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

    def turn(handed: tuple[Step, ...], wanted: Step) -> _Turn:
        said = stated(goals, handed, appointments, preferences, now, zone, weeks=weeks)
        return _Turn(handed, said, *_with(said, goal, wanted, now))

    turns = (turn(*handed) for handed in _handed(steps, step, start, now))
    first = next(turns)
    refused = Move(step.id, step.title, start, False, "")
    if left := next((one.why for one in first.said.asked.left if one.step.id == first.own.id), ""):
        return Sought(replace(refused, words=f"{left}."))
    at = Placed(start, start + timedelta(minutes=first.own.minutes))
    every = [first]
    if not (why := _alone(first, at)):
        if (solved := solve(first.within(at.start, at.end))) is not None:
            return _granted(first, solved, step, start, steps)
        for other in turns:
            if (solved := solve(other.within(at.start, at.end))) is not None:
                return _granted(other, solved, step, start, steps)
            every.append(other)
        why, refused = _in_the_way(first, at), replace(refused, missing=missing(first.within(at.start, at.end)))
    return Sought(_refused([*every, *turns], refused, why))


def quarter(moment: datetime) -> datetime:
    """The quarter of an hour nearest to it (UTC): things begin on one."""
    at = moment.astimezone(UTC) + _QUARTER / 2
    return at - timedelta(minutes=at.minute % GRID, seconds=at.second, microseconds=at.microsecond)


def spelled(moment: datetime) -> str:
    """As in "Tue 24 Nov at 18:00"."""
    return f"{moment:%a} {moment.day} {moment:%b} at {moment:%H:%M}"


def _edge(moment: datetime, *, is_end: bool = False) -> str:
    """A limit as it is said: one at midnight is a whole day, and what ends there ends with the day before."""
    if moment.time() != time():
        return spelled(moment)
    day = moment.date() - timedelta(days=int(is_end))
    return f"{day:%a} {day.day} {day:%b}"


def _handed(steps: Sequence[Step], step: Step, start: datetime, now: datetime) -> Iterator[tuple[tuple[Step, ...], Step]]:
    """The steps with ``start`` given to one of those that are alike, and that one: first to the one whose turn it is then, the others
    keeping their times in order."""
    alike = [one for one in steps if one.id == step.id or (_is_like(one, step) and one.start is not None and one.start > now)]
    alike.sort(key=lambda one: one.position)
    times = sorted((one.start, one.pinned) for one in alike if one.id != step.id and one.start is not None)
    turn = sum(at < start for at, _ in times)
    for place in sorted(range(len(alike)), key=lambda place: abs(place - turn)):
        given = {one.id: _at(one, *time) for one, time in zip(alike, [*times[:place], (start, False), *times[place:]], strict=True)}
        yield tuple(given.get(one.id, one) for one in steps), given[alike[place].id]


def _is_like(one: Step, other: Step) -> bool:
    """Whether nobody could tell which of the two was done."""
    return one.state is StepState.OPEN and _what(one) == _what(other)


def _what(one: Step) -> tuple[object, ...]:
    return one.goal, one.title, one.minutes, one.shortest, one.amount, one.milestone, one.earliest, one.latest


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


def _granted(turn: _Turn, solved: Solved, step: Step, start: datetime, steps: Sequence[Step]) -> Sought:
    problem, own = turn.problem, turn.own
    proof = check(problem, solved.plan)
    assert proof.holds, proof.wrong  # the solver and the checker are of one mind, or nothing is moved
    its, before = {one.id: one for one in turn.steps}, {one.id: one for one in steps}
    others = tuple(one for one in moved(problem, its, solved.plan, problem.start) if one.step != own.id)
    placed = {one.id: placed_at(its[one.id], solved.plan.get(one.id)) for one in problem.sittings}
    placed[own.id] = replace(placed[own.id], pinned=True)
    week = Week(problem.start, turn.said.end, standing((*placed.values(), *turn.said.asked.running)), not turn.said.asked.left,
                proof.lines, others, notes=turn.said.notes)  # fmt: skip
    rest = f"{count(len(others), 'other step')} moved" if others else "nothing else moved"
    words = f"“{step.title}” stands on {spelled(start)} now; {rest}."
    after = [placed.get(one.id, one) for one in turn.steps]
    return Sought(
        Move(own.id, step.title, start, True, words, moved=others, week=week), tuple(one for one in after if one != before[one.id])
    )


def _alone(turn: _Turn, at: Placed) -> str:
    """What stands against this place whatever the other steps do; "" when nothing does."""
    problem, own = turn.problem, turn.own
    if at.start < problem.start:
        return "that time has gone by"
    if at.start < own.earliest:
        return f"it may begin on {_edge(own.earliest.astimezone(problem.zone))} at the earliest"
    if at.end > own.latest:
        return f"it is to be done by {_edge(own.latest.astimezone(problem.zone), is_end=True)}"
    return next(iter(check(replace(problem, sittings=(own,)), {own.id: at}).wrong), "")


def _in_the_way(turn: _Turn, at: Placed) -> str:
    """What stands against it beside the other steps where they are, after the solver found no other places for them."""
    problem, own = turn.problem, turn.own
    there = {
        one.id: Placed(problem.before[one.id], problem.before[one.id] + timedelta(minutes=one.minutes))
        for one in problem.sittings
        if one.id in problem.before and one.id != own.id
    }
    known = set(check(problem, there).wrong)
    why = next((line for line in check(problem, {**there, own.id: at}).wrong if line not in known), "")
    return f"{why}, and nothing else can make room" if why else "the other steps would then not all have a place"


def _refused(turns: Sequence[_Turn], move: Move, why: str) -> Move:
    nearest = _nearest(turns, move.start)
    if nearest is not None:
        return replace(move, words=f"It does not fit there: {why}. The nearest time that fits is {spelled(nearest)}.", nearest=nearest)
    if solve(turns[0].problem) is None:
        return replace(move, words=f"It does not fit there: {why}. These weeks do not fit as they are; their plan says what would help.")
    return replace(move, words=f"It does not fit there: {why}.")


def _nearest(turns: Sequence[_Turn], start: datetime) -> datetime | None:
    """The start nearest to ``start`` with which everything has a place. What fits within some distance fits within a longer one, so the
    distance is halved; whose turn it is matters only where it comes nearer still."""
    own = turns[0].own
    start = min(max(start, own.earliest), max(own.earliest, own.latest))
    best = None
    high = 1 - (-max(start - own.earliest, own.latest - start) // _QUARTER)  # quarters of an hour within which something fits, if at all
    for turn in turns:
        if high == 0 or (found := _within(turn, start, high - 1)) is None:
            continue  # it comes no nearer
        best, high, low = found, high - 1, -1  # nothing fits within ``low``
        while high - low > 1:
            middle = (low + high) // 2
            found = _within(turn, start, middle)
            best, high, low = (best, high, middle) if found is None else (found, middle, low)
    return best


def _within(turn: _Turn, start: datetime, quarters: int) -> datetime | None:
    """Where it begins in a plan that has it at most so many quarters of an hour from ``start``; None when there is none."""
    own, way = turn.own, quarters * _QUARTER
    earliest = max(own.earliest, start - way)
    latest = min(own.latest, start + way + timedelta(minutes=own.minutes))
    if latest - earliest < timedelta(minutes=own.minutes):
        return None
    solved = solve(turn.within(earliest, latest), effort=_LOOK)
    return solved.plan[own.id].start if solved else None
