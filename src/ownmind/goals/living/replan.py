"""What the passing of time and the person's answers change in the steps of a goal. Pure.

A missed step is never silently owed: by the rule of its template it may still be done (a task, a call), goes back into the work that is
left (a stage, pages, money), or is let go (a habit, a training: the next week goes on from what was done).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .. import clock
from ..goal import Answer, Goal, Moved, Step, StepState
from ..templates import Rule

_FIRST_GO = frozenset({Rule.TRAINING})  # where the last of a week is the one that counts
_STAYS = frozenset({Rule.TASKS, Rule.CONTACT, Rule.SPACED, Rule.SAVING})  # what is still to be done when its time has gone by
_WEEKLY = frozenset({Rule.SITTINGS, Rule.STAGES, Rule.TRAINING, Rule.READING})


@dataclass(frozen=True, slots=True)
class Merged:
    """What working out the steps anew changes of those there were."""

    changed: tuple[Step, ...] = ()
    added: tuple[Step, ...] = ()
    removed: tuple[Step, ...] = ()
    moved: tuple[Moved, ...] = ()  # what was let go, and why


def merge(there: Sequence[Step], wanted: Sequence[Step], now: datetime, rule: Rule) -> Merged:
    """Brings the steps that are ``there`` to those that are ``wanted`` (`templates.expand`). What is decided stays as it is; an open one
    whose time is over is missed; one that is no longer needed goes."""
    by_key = {one.key: one for one in wanted}
    changed, removed, moved = [], [], []
    for one in there:
        if one.state is not StepState.OPEN:
            continue
        new = by_key.pop(one.key, None)
        if new is not None:
            if (other := _renewed(one, new)) != one:
                changed.append(other)
        elif one.pinned and one.end is not None and one.end > now:
            continue
        elif one.latest <= now or (one.end is not None and one.end <= now):
            changed.append(replace(one, state=StepState.MISSED))
            moved.append(Moved(one.id, one.title, one.start, None, f"its time is over; {carried(rule)}"))
        else:
            removed.append(one)
    return Merged(tuple(changed), tuple(by_key.values()), tuple(removed), tuple(moved))


def _renewed(one: Step, new: Step) -> Step:
    """The step with what is now wanted of it, at its place as far as that is still possible."""
    start, end = one.start, one.end
    if start is not None:
        end = start + timedelta(minutes=new.minutes) if new.minutes != one.minutes and not one.pinned else end
    minutes = one.minutes if one.pinned else new.minutes
    earliest, latest = _window(one, new)
    if start is not None and end is not None and not one.pinned and (start < earliest or end > latest):
        start = end = None
    position = max(one.position, new.position) if earliest > new.earliest else new.position  # what was put off comes after the others
    return replace(new, id=one.id, position=position, state=one.state, start=start, end=end, minutes=minutes, earliest=earliest,
                   latest=latest, note=one.note, pinned=one.pinned)  # fmt: skip


def _window(one: Step, new: Step) -> tuple[datetime, datetime]:
    """From when to when: as is now wanted, but what the person put off stays put off."""
    earliest, latest = max(one.earliest, new.earliest), max(one.latest, new.latest) if one.pinned else new.latest
    if latest - earliest >= timedelta(hours=20):
        return earliest, latest
    return (earliest, one.latest) if one.latest > latest else (new.earliest, latest)


def squeezed(goal: Goal, steps: Sequence[Step], now: datetime, zone: ZoneInfo, rule: Rule, *, evening: int = 22 * 60) -> Merged:
    """What can no longer be done in what is left of its week, whatever else is in the calendar: no day may hold more than the goal's most
    a day, with its rest between. ``evening``: minutes since midnight after which nothing begins."""
    if rule not in _WEEKLY:
        return Merged()
    groups: defaultdict[datetime, list[Step]] = defaultdict(list)
    for one in steps:
        if one.state is StepState.OPEN and one.earliest <= now < one.latest and not one.pinned:
            groups[one.latest].append(one)
    changed, moved = [], []
    for latest, open_ones in groups.items():
        room = _room(goal, open_ones, now, latest, zone, evening)
        surplus = len(open_ones) - room
        if surplus <= 0:
            continue
        ordered = sorted(open_ones, key=lambda one: one.position)
        for one in ordered[:surplus] if rule in _FIRST_GO else ordered[room:]:
            changed.append(replace(one, state=StepState.MISSED))
            moved.append(Moved(one.id, one.title, one.start, None, f"what is left of this week has no room for it; {carried(rule)}"))
    return Merged(tuple(changed), moved=tuple(moved))


def _room(goal: Goal, open_ones: Sequence[Step], now: datetime, latest: datetime, zone: ZoneInfo, evening: int) -> int:
    """How many sittings the days that are left may hold."""
    today = clock.today(now, zone)
    earliest = min(one.earliest.astimezone(zone).date() for one in open_ones)
    first = max(today, earliest)
    minutes = min(one.minutes for one in open_ones)
    here = now.astimezone(zone)
    if first == today and here.hour * 60 + here.minute + minutes > evening:
        first += timedelta(days=1)
    days = max(0, (latest.astimezone(zone).date() - first).days)
    rules = goal.rhythm.rules
    return -(-days // (1 + rules.rest)) * rules.most_a_day


def carried(rule: Rule) -> str:
    """What becomes of a step that was missed, by the rule of its template."""
    match rule:
        case Rule.TRAINING:
            return "it is not made up, the next week builds on what was done"
        case Rule.SITTINGS:
            return "it is let go, nothing is owed"
        case Rule.STAGES:
            return "its work is done in the sittings that follow"
        case Rule.READING:
            return "its pages are spread over the days that are left"
        case Rule.SAVING:
            return "what it would have brought is spread over the months that are left"
        case Rule.SPACED:
            return "the next look at it comes as planned"
        case _:
            return "it is still to be done"


@dataclass(frozen=True, slots=True)
class Effect:
    """The steps an answer changes, and what it means in a sentence."""

    changed: tuple[Step, ...]
    words: str
    is_miss: bool = False
    let_go: tuple[Moved, ...] = ()


def put_off(before: Step, now_it_is: Step) -> Moved:
    """What became of a step that was not done and stays to be done."""
    why = "it was not done; this is the next place that is free for it" if now_it_is.start else "it was not done, and waits for a place"
    return Moved(before.id, now_it_is.title, before.start, now_it_is.start, why)


def effect(
    step: Step, others: Iterable[Step], answer: Answer, now: datetime, zone: ZoneInfo, rule: Rule, *, amount: float | None = None
) -> Effect:
    """What ``answer`` makes of ``step``; ``others``: the open steps of its goal, which "not this week" means too; ``amount``: what was
    done of the measure, where it was said."""
    tomorrow = clock.at(clock.today(now, zone) + timedelta(days=1), 0, zone)
    done_at = step.end if step.end is not None and step.end <= now else now
    match answer:
        case Answer.DONE:
            done = replace(step, state=StepState.DONE, done_at=done_at, amount=step.amount if amount is None else amount)
            return Effect((done,), f"Done: {step.title}.")
        case Answer.HALF:
            whole = step.amount if amount is None else 2 * amount  # what counts is half of it: the amount that was said
            half = replace(step, state=StepState.HALF, done_at=done_at, amount=whole)
            return Effect((half,), f"Half done: {step.title}. That counts as half.", True)
        case Answer.NOT_THIS_WEEK:
            return _not_this_week(step, others, now, zone, rule)
        case Answer.NOT_DONE if step.latest > tomorrow or rule in _STAYS:
            latest = max(step.latest, tomorrow + timedelta(days=2))
            again = replace(step, state=StepState.OPEN, earliest=max(step.earliest, tomorrow), latest=latest, start=None, end=None,
                            pinned=False, done_at=None)  # fmt: skip
            return Effect((again,), f"Not done: {step.title}. It may still be done.", True)
        case Answer.NOT_DONE:
            missed = replace(step, state=StepState.MISSED, done_at=None)
            return Effect((missed,), f"Not done: {step.title}. There is no time left for it; {carried(rule)}.", True)
        case Answer.LATER:
            return Effect((), f"Good, later: {step.title}.")
        case _:
            return Effect((), "Noted.")


def is_let_go(rule: Rule) -> bool:
    """Whether a missed step of this rule is let go when its week has no room left for it."""
    return rule in _WEEKLY


def without_room(step: Step, rule: Rule) -> Effect:
    """What becomes of a step that was not done and finds no other place in its week."""
    missed = replace(step, state=StepState.MISSED, start=None, end=None)
    return Effect((missed,), f"Not done: {step.title}. This week has no other place for it; {carried(rule)}.", True)


def _not_this_week(step: Step, others: Iterable[Step], now: datetime, zone: ZoneInfo, rule: Rule) -> Effect:
    today = clock.today(now, zone)
    monday = clock.at(today - timedelta(days=today.weekday()) + timedelta(days=7), 0, zone)
    if rule in _STAYS:
        latest = max(step.latest, monday + timedelta(days=7))
        behind = max((one.position + 1 for one in others if one.state is StepState.OPEN and one.latest <= latest), default=0)
        later = replace(step, state=StepState.OPEN, earliest=max(step.earliest, monday), latest=latest, start=None, end=None,
                        pinned=False, done_at=None, position=max(step.position, behind))  # fmt: skip
        return Effect((later,), f"Not this week: {step.title}. It waits until {monday:%A %d %B}.", True)
    week = [step, *(one for one in others if one.id != step.id and one.state is StepState.OPEN and one.earliest < monday)]
    skipped = tuple(replace(one, state=StepState.SKIPPED) for one in week)
    count = f"{len(skipped)} steps are" if len(skipped) > 1 else f"{step.title} is"
    return Effect(skipped, f"Not this week: {count} left out; {carried(rule)}.", True)
