"""A step moved by the person's hand, and let go of again: read, decided by the solver and its checker, kept in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from ...errors import BadInput
from ...store import goals as rows
from ..clock import at
from ..goal import Move, State, Step, StepState, Week
from ..preferences import clock as minutes_of
from . import kept, unfolding
from .ground import Ground

_LONGEST = 26  # weeks of a plan


def move(ground: Ground, told: str, day: date, clock: str) -> Move:
    """Puts a step on ``day`` at ``clock`` if the plan holds with it there; else says why not, and changes nothing. Raises NotFound,
    BadInput."""
    from .. import moving  # the solver is a second of loading

    with ground.one:
        now, zone = ground.now()
        start = at(day, minutes_of(clock.strip()), zone)
        with ground.store.db.read() as cx:
            _movable(kept.step(cx, told, zone), kept.goal(cx, kept.step(cx, told, zone).goal, zone).state, now)
        weeks = max(unfolding.weeks_planned(ground), _until(now, start))
        if weeks > _LONGEST:
            raise BadInput(f"a plan is for {_LONGEST} weeks at most", hint="choose an earlier day")
        known = unfolding.gathered(ground, weeks, now, zone)
        step = next((one for one in known.steps if one.id == told and one.state is StepState.OPEN), None)
        if step is None:
            raise BadInput("its time is over", hint="the plan was made anew: look at the week again")
        found = moving.sought(
            known.goals, known.steps, known.appointments, ground.preferences(), now, zone, step=step, start=start, weeks=weeks
        )
        if found.changed:
            _keep(ground, found.changed, now)
        return found.move


def unpin(ground: Ground, told: str) -> Week:
    """Leaves the time of a step to the plan again. Raises NotFound."""
    with ground.one:
        now, zone = ground.now()
        with ground.store.db.read() as cx:
            step = kept.step(cx, told, zone)
        if step.pinned:
            _keep(ground, (replace(step, pinned=False),), now)
        return unfolding.plan(ground, unfolding.weeks_planned(ground))


def _keep(ground: Ground, changed: tuple[Step, ...], now: datetime) -> None:
    """Writes the steps, as one act that can be taken back."""
    with ground.store.db.write() as cx:
        there = {one.id for one in kept.steps(cx, ground.now()[1])}  # one may have been forgotten meanwhile
        left = [one for one in changed if one.id in there]
        rows.note_changes(cx, sorted({rows.number(one.goal) for one in left}), "moved", now)
        rows.write_steps(cx, [kept.row_of(one) for one in left])


def _movable(step: Step, state: State, now: datetime) -> None:
    """Raises BadInput for a step that is not open, not planned for, or going on."""
    if step.state is not StepState.OPEN:
        raise BadInput(f"“{step.title}” is not open any more: it is {step.state.value}", hint="`ownmind goals undo` takes a change back")
    if state is not State.ACTIVE:
        raise BadInput(f"its goal is {state.value}", hint="take the goal up again first")
    if step.start is not None and step.end is not None and step.start <= now < step.end:
        raise BadInput(f"“{step.title}” is going on now", hint="say how it went, or that it was not done: then it finds another time")


def _until(now: datetime, start: datetime) -> int:
    """How many weeks from today hold ``start``."""
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    return max(1, (start.astimezone(now.tzinfo) - midnight) // timedelta(weeks=1) + 1)


__all__ = ["move", "unpin"]
