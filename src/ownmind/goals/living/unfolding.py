"""The steps of goals brought up to now, and placed: worked out from their templates, planned together, changed by an offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import apsw

from ...records import Appointment
from ...store import goals as rows
from .. import clock, progress, slots
from ..goal import Goal, How, Moved, State, Step, StepState, Week
from ..templates import Template
from ..templates.expand import expand, rule_of
from . import kept, parts, replan
from .asking import doubts
from .ground import Ground

if TYPE_CHECKING:
    from ..planning import Planned

AHEAD = 14  # days whose steps are always worked out
RECENT = timedelta(days=60)  # steps that planning looks back on
_BEYOND = 16  # days of the calendar after a plan, for offers to finish later
_WEEKS = "goals.weeks"  # how long the last plan was


@dataclass(frozen=True, slots=True)
class Gathered:
    """The active goals, their steps, what is in the calendar, and what was let go on the way."""

    goals: tuple[Goal, ...]
    steps: tuple[Step, ...]
    appointments: Sequence[Appointment]
    let_go: tuple[Moved, ...]


def unfold(ground: Ground, cx: apsw.Connection, goals: Sequence[Goal], now: datetime, zone: ZoneInfo, *, days: int = AHEAD) -> list[Moved]:
    """Works out the open steps of these goals for at least so many days, to the end of a week, and as far as they were worked out
    before; gives what was let go, and why."""
    today = clock.today(now, zone)
    let_go: list[Moved] = []
    templates = ground.templates()
    for goal in goals:
        there = kept.steps(cx, zone, [goal.id])
        template = templates.get(goal.template)
        if goal.state is not State.ACTIVE or template is None:
            continue
        until = max((one.earliest.date() for one in there if one.state is StepState.OPEN), default=today)
        until = max(until, today + timedelta(days=max(days, AHEAD) - 1)) + timedelta(days=1)
        until += timedelta(days=-until.weekday() % 7)
        said = kept.evidence(cx, zone, [goal.id])
        reached = progress.standing(goal, template, there, said)
        wanted = expand(goal, template, there, today, zone, until, reached=reached)
        rule = rule_of(goal, template)
        merged = replan.merge(there, wanted, now, rule)
        rows.write_steps(cx, [kept.row_of(one) for one in merged.changed])
        rows.add_steps(cx, [kept.row_of(one) for one in merged.added])
        rows.remove_steps(cx, [rows.number(one.id, "s") for one in merged.removed])
        late = replan.squeezed(goal, kept.steps(cx, zone, [goal.id]), now, zone, rule, evening=ground.evening())
        rows.write_steps(cx, [kept.row_of(one) for one in late.changed])
        rows.write(cx, rows.get(cx, rows.number(goal.id))._replace(unfolded=f"{today}/{until}"))
        let_go += [*merged.moved, *late.moved]
    return let_go


def refresh(ground: Ground) -> None:
    """Brings every goal's steps to today, once a day and after something of them was forgotten."""
    now, zone = ground.now()
    today = f"{clock.today(now, zone)}/"
    with ground.store.db.read() as cx:
        behind = [row.id for row in rows.listed(cx, [State.ACTIVE.value]) if not row.unfolded.startswith(today)]
    if not behind:
        return
    with ground.one, ground.store.db.write() as cx:
        goals = [one for one in kept.goals(cx, zone, (State.ACTIVE,)) if rows.number(one.id) in behind]
        unfold(ground, cx, goals, now, zone)


def plan(ground: Ground, weeks: int = 1) -> Week:
    """Places the open steps of every goal, and keeps where they stand."""
    with ground.one:
        found = planned(ground, weeks)
        with ground.store.db.write() as cx:
            there = {one.id for one in kept.steps(cx, ground.now()[1])}  # one may have been forgotten meanwhile
            rows.write_steps(cx, [kept.row_of(one) for one in found.placed if one.id in there])
        ground.store.settings.set(_WEEKS, str(weeks))
        return found.week


def planned(ground: Ground, weeks: int) -> Planned:
    """The plan as it would be now; nothing of it is kept but the steps it is made for."""
    from .. import planning  # the solver is a second of loading

    now, zone = ground.now()
    known = gathered(ground, weeks, now, zone)
    found = planning.plan(known.goals, known.steps, known.appointments, ground.preferences(), now, zone, weeks=weeks)
    doubted = _doubted(known.goals, known.steps, ground.templates(), clock.today(now, zone))
    return replace(found, week=replace(found.week, moved=(*known.let_go, *found.week.moved), notes=(*doubted, *found.week.notes)))


def gathered(ground: Ground, weeks: int, now: datetime, zone: ZoneInfo) -> Gathered:
    """What a plan of so many weeks is made of; the steps are brought up to now."""
    with ground.store.db.write() as cx:
        goals = kept.goals(cx, zone, (State.ACTIVE,))
        let_go = unfold(ground, cx, goals, now, zone, days=7 * weeks)
        steps = kept.steps(cx, zone, [one.id for one in goals], since=now - RECENT)
    appointments = ground.appointments(now - timedelta(days=1), now + timedelta(days=7 * weeks + _BEYOND))
    return Gathered(goals, steps, appointments, tuple(let_go))


def weeks_planned(ground: Ground) -> int:
    """How many weeks the last plan was for."""
    return int(ground.store.settings.get(_WEEKS) or 1)


def _doubted(goals: Sequence[Goal], steps: Sequence[Step], templates: Mapping[str, Template], today: date) -> Iterator[str]:
    """What this week's plan, though it fits, will not do for a goal by its day."""
    for goal in goals:
        if (template := templates.get(goal.template)) is not None:
            ahead = {stage.title for stage in goal.milestones if stage.done is None}
            spent = sum(one.minutes for one in steps if one.goal == goal.id and one.state is StepState.DONE and one.milestone in ahead)
            yield from (f"{goal.title}: {doubt}" for doubt in doubts(goal, template, today, spent=spent))


def take(ground: Ground, offer: str) -> Week:
    """Does what an offer of the last plan says. Raises NotFound when something has changed since."""
    from .. import planning

    with ground.one:
        now, zone = ground.now()
        taken = planning.apply(planned(ground, weeks_planned(ground)), offer)
        with ground.store.db.write() as cx:
            touched = {one.id for one in taken.goals} | {one.goal for one in taken.steps}
            rows.note_changes(cx, sorted(map(rows.number, touched)), "taken", now)
            for goal in taken.goals:
                _constrain(ground, cx, kept.goal(cx, goal.id, zone), goal, now)
            before = {one.id: one for one in kept.steps(cx, zone, touched)}
            rows.write_steps(cx, [kept.row_of(_agreed(before[one.id], one)) for one in taken.steps])
        return taken.week


def _constrain(ground: Ground, cx: apsw.Connection, old: Goal, new: Goal, now: datetime) -> None:
    """Writes as parts what an offer changes of a goal."""
    changes = {"deadline": new.deadline, "rest": new.rhythm.rules.rest, "a_week": new.rhythm.a_week, "minutes": new.rhythm.minutes}
    was = {"deadline": old.deadline, "rest": old.rhythm.rules.rest, "a_week": old.rhythm.a_week, "minutes": old.rhythm.minutes}
    for slot, value in changes.items():
        if value is not None and value != was[slot]:
            parts.put(ground, cx, old, slot, slots.shown(slot, value), How.CHANGED, now, ground.now()[1])


def _agreed(before: Step, taken: Step) -> Step:
    """What was cut or may end later by the person's yes keeps its place: working it out anew must not take that back."""
    is_other = (taken.minutes, taken.latest) != (before.minutes, before.latest)
    return replace(taken, pinned=taken.pinned or (is_other and taken.start is not None))
