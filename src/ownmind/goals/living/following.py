"""Check-ins: what the person says of a step becomes evidence, changes steps, and a miss is planned anew at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import apsw

from ...errors import BadInput
from ...store import goals as rows
from ...store.items import row_id
from .. import progress, slots
from ..goal import Answer, CheckedIn, Goal, Progress, State, Step, StepState, Week
from ..saying import answers
from ..templates import Rule
from ..templates.expand import rule_of
from . import kept, parts, replan
from .ground import Ground
from .unfolding import RECENT, plan, refresh, unfold


def check_in(ground: Ground, step_or_goal: str, said: str, item: str) -> CheckedIn:
    """What ``said`` makes of a step, or of a goal (then of its step that is up). Raises NotFound."""
    with ground.one:
        now, zone = ground.now()
        with ground.store.db.read() as cx:
            goal, step = _meant(cx, step_or_goal, now, zone)
        answer = answers.read(said)
        if answer.answer is None or (step is None and answer.answer is not Answer.VALUE):
            return CheckedIn(goal, step, None, "", question=_asked_again(goal, step, answer.answer))
        effect = _checked(ground, goal, step, answer, said, item, now, zone)
        for asked in {step_or_goal, step.id if step else goal.id}:
            ground.store.deliveries.answered(asked, _meaning(answer, step).value, now)
        week = plan(ground) if effect.is_miss and goal.state is State.ACTIVE else None
        if week is not None and not week.fits and step is not None and step.start is not None:
            effect, week = _let_go(ground, goal, step, effect, week)
        return _told(ground, goal, step, answer, effect, week)


def attach(ground: Ground, goal: str, item: str, value: str) -> Progress:
    """Counts an item as evidence of a goal, at the time it was said. Raises NotFound, BadInput."""
    now, zone = ground.now()
    found = ground.memory.item(item)
    level = slots.read("target", value) if value.strip() else None
    with ground.one, ground.store.db.write() as cx:
        whole = kept.goal(cx, goal, zone)
        if any(one.ref == item for one in kept.evidence(cx, zone, [whole.id])):
            raise BadInput(f"{item} is evidence of {goal} already", hint="`ownmind goals progress` lists it")
        number = rows.number(goal)
        rows.note_changes(cx, [number], "evidence", now)
        kind = "said" if found.label.integrity.is_vouched else "imported"
        amount = level.number if isinstance(level, slots.Amount) else None
        rows.add_evidence(cx, number, None, row_id(item), min(found.at or now, now), kind, "", amount)
        unfold(ground, cx, [whole], now, zone)
    return far(ground, goal)


def missed(ground: Ground, steps: Sequence[str]) -> Week:
    """Counts as not done the steps of which nobody said how they went, and plans anew; those that are not open stay as they are."""
    with ground.one:
        now, zone = ground.now()
        with ground.store.db.write() as cx:
            for one in [one for one in (kept.step(cx, told, zone) for told in steps) if one.state is StepState.OPEN]:
                goal = kept.goal(cx, one.goal, zone)
                template = ground.templates().get(goal.template)
                rule = rule_of(goal, template) if template else Rule.SITTINGS
                changed = replan.effect(one, kept.steps(cx, zone, [one.goal]), Answer.NOT_DONE, now, zone, rule).changed
                rows.write_steps(cx, [kept.row_of(other) for other in changed])
        return plan(ground)


def far(ground: Ground, goal: str) -> Progress:
    """How far a goal has come. Raises NotFound."""
    refresh(ground)
    now, zone = ground.now()
    with ground.store.db.read() as cx:
        whole = kept.goal(cx, goal, zone)
        steps, said = kept.steps(cx, zone, [goal]), kept.evidence(cx, zone, [goal])
    appointments = ground.appointments(now - RECENT, now)
    return progress.progress(whole, ground.template(whole), steps, said, now, zone, appointments=appointments)


def _meant(cx: apsw.Connection, told: str, now: datetime, zone: ZoneInfo) -> tuple[Goal, Step | None]:
    """The step that is meant: that of the id; of a goal the one that began last, else the one that comes."""
    if told[:1] == "s":
        step = kept.step(cx, told, zone)
        return kept.goal(cx, step.goal, zone), step
    goal = kept.goal(cx, told, zone)
    opened = [one for one in kept.steps(cx, zone, [told]) if one.state is StepState.OPEN]
    begun = [one for one in opened if one.start is not None and one.start <= now]
    coming = sorted(opened, key=lambda one: (one.start or one.latest, one.position))
    return goal, max(begun, key=starts) if begun else coming[0] if coming else None


def _checked(
    ground: Ground, goal: Goal, step: Step | None, answer: answers.Answered, said: str, item: str, now: datetime, zone: ZoneInfo
) -> replan.Effect:
    """Writes an answer: the words, the evidence, the steps it changes. All of it or nothing."""
    template = ground.template(goal)
    amount = _amount(goal, answer)
    level = amount if answer.is_level else None
    meant = _meaning(answer, step)
    with ground.store.db.write() as cx:
        others = kept.steps(cx, zone, [goal.id])
        effect = replan.Effect((), "Noted.")
        if step is None and amount is not None and level is None:
            level = progress.raised(goal, template, others, kept.evidence(cx, zone, [goal.id]), amount)
        if step is not None and meant is not Answer.VALUE:
            once = None if answer.is_level else amount
            effect = replan.effect(step, others, meant, now, zone, rule_of(goal, template), amount=once)
        if meant is Answer.LATER or ((is_known := _is_known(step, effect)) and not answer.note):
            return replace(effect, is_miss=False)
        rows.note_changes(cx, [rows.number(goal.id)], "checked in", now)
        item = item or parts.note(ground, goal.id, said, now)
        rows.write_steps(cx, [kept.row_of(one, note=item if step and one.id == step.id else "") for one in effect.changed])
        if is_known:  # more is said of it: the words hang on the step, and it counts once
            rows.lean(cx, rows.number(goal.id), [row_id(item)])
            return replace(effect, is_miss=False)
        number = rows.number(step.id, "s") if step and meant is not Answer.VALUE else None
        rows.add_evidence(cx, rows.number(goal.id), number, row_id(item), now, "said", meant.value, level)
        if goal.state is State.ACTIVE:
            let_go = unfold(ground, cx, [kept.goal(cx, goal.id, zone)], now, zone)
            effect = replace(effect, let_go=tuple(let_go))
        return effect


def _let_go(ground: Ground, goal: Goal, step: Step, effect: replan.Effect, week: Week) -> tuple[replan.Effect, Week]:
    """A step that was not done and has no room left is let go, where its rule owes nothing and where that makes the rest fit."""
    rule, (_, zone) = rule_of(goal, ground.template(goal)), ground.now()
    with ground.store.db.read() as cx:
        waits = kept.step(cx, step.id, zone)
    if waits.state is not StepState.OPEN or not replan.is_let_go(rule):
        return effect, week
    missed = replan.without_room(waits, rule)
    with ground.store.db.write() as cx:
        rows.write_steps(cx, [kept.row_of(missed.changed[0])])
    if (other := plan(ground)).fits:
        return replace(missed, let_go=effect.let_go), other
    with ground.store.db.write() as cx:
        rows.write_steps(cx, [kept.row_of(waits)])
    return effect, week


def _told(ground: Ground, goal: Goal, step: Step | None, answer: answers.Answered, effect: replan.Effect, week: Week | None) -> CheckedIn:
    _, zone = ground.now()
    with ground.store.db.read() as cx:
        now_it_is = kept.step(cx, step.id, zone) if step else None
        goal = kept.goal(cx, goal.id, zone)
    moved = [*effect.let_go, *(week.moved if week else ())]
    if step and now_it_is and effect.is_miss and now_it_is.state is StepState.OPEN:
        moved = [replan.put_off(step, now_it_is), *(one for one in moved if one.step != step.id)]
    come = far(ground, goal.id)
    is_whole = come.share is not None and come.share >= 1 and goal.deadline is not None
    words = f"{effect.words} {come.words}".strip() if not effect.is_miss else effect.words
    question = f"Is it reached? `ownmind goals reach {goal.id}`" if is_whole else ""
    return CheckedIn(goal, now_it_is, answer.answer, words, tuple(moved), week, question)


def _meaning(answer: answers.Answered, step: Step | None) -> Answer:
    """ "Tomorrow" is not today; a number of what was done is a step that was done."""
    assert answer.answer is not None, "what is unclear was asked again"
    if answer.tomorrow:
        return Answer.NOT_DONE
    return Answer.DONE if answer.answer is Answer.VALUE and step is not None and not answer.is_level else answer.answer


def _is_known(step: Step | None, effect: replan.Effect) -> bool:
    """Whether the step was said to be done, or half done, before."""
    return (
        step is not None
        and step.state in (StepState.DONE, StepState.HALF)
        and any(one.id == step.id and one.state is step.state and one.amount == step.amount for one in effect.changed)
    )


def _amount(goal: Goal, answer: answers.Answered) -> float | None:
    """The number that was said, where it is one of the goal's measure."""
    unit = goal.measure.unit.casefold() if goal.measure else ""
    said = answer.unit.casefold()
    return answer.value if not said or said == unit or said.rstrip("s") == unit.rstrip("s") else None


def _asked_again(goal: Goal, step: Step | None, answer: Answer | None) -> str:
    if step is None:
        return f"No step of {goal.id} is open. Where do you stand with it now?"
    return f"Was it done: {step.title}? Say done, half, not done, not this week, or a number." if answer is None else ""


def starts(step: Step) -> datetime:
    """When a step that has a place begins."""
    assert step.start is not None, "a step without a place begins never"
    return step.start
