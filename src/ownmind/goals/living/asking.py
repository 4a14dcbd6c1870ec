"""What is still to be asked of a goal, one thing at a time, and what in it cannot be. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .. import clock
from ..counted import count
from ..goal import Chip, Draft, Goal, How
from ..slots import amount_shown, filled
from ..templates import Ask, Rule, Template, progressions

_KIND = "What kind of goal is it?"


def draft(goal: Goal, templates: Mapping[str, Template], left_open: Collection[str], now: datetime, zone: ZoneInfo) -> Draft:
    """The goal with the usual values beside what was said, and the next question."""
    template = templates.get(goal.template)
    if template is None:
        choices = tuple(templates)
        return Draft(goal, "template", _KIND, choices, remarks=())
    ask = next_ask(goal, template, left_open)
    reasons = wrong(goal, template, now, zone)
    remarks = (*reasons, *doubts(goal, template, clock.today(now, zone)), *((template.says,) if template.says and ask is None else ()))
    shown = _with_usual(goal, template)
    return Draft(shown, ask.slot if ask else "", ask.question if ask else "", ask.choices if ask else (), remarks=remarks)


def next_ask(goal: Goal, template: Template, left_open: Collection[str]) -> Ask | None:
    """The first question that has no answer; what is needed comes first."""
    known = _known(goal) | set(left_open)
    missing = [ask for ask in template.asks if ask.slot not in known]
    return next((ask for ask in missing if ask.needed), missing[0] if missing else None)


def needed_open(goal: Goal, template: Template) -> Ask | None:
    """The first thing without which nothing can be planned."""
    known = _known(goal)
    return next((ask for ask in template.asks if ask.needed and ask.slot not in known), None)


def _known(goal: Goal) -> set[str]:
    """The slots that are filled; how often is said by times a week or by days between, one of the two."""
    known = {chip.slot for chip in goal.chips}
    return known | ({"every", "a_week"} if known & {"every", "a_week"} else set())


def usual_chips(goal: Goal, template: Template) -> tuple[Chip, ...]:
    """The usual values of what was not said, as assumed. Minutes for a distance are usual for running only."""
    known = _known(goal)
    unit = goal.measure.unit.casefold() if goal.measure else ""
    passes = {"pace"} if template.rule is Rule.TRAINING and unit not in ("km", "k", "kilometres", "kilometers") else set()
    return tuple(Chip(slot, value, How.ASSUMED) for slot, value in template.usual.items() if slot not in known | passes)


def wrong(goal: Goal, template: Template, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What in it cannot be: a day that has passed, limits that contradict each other."""
    return tuple(_wrong(goal, template, clock.today(now, zone)))


def _wrong(goal: Goal, template: Template, today: date) -> list[str]:
    rhythm, rules, found = goal.rhythm, goal.rhythm.rules, []
    if goal.deadline is not None and goal.deadline < today:
        found.append(f"{clock.spelled(goal.deadline)} has passed")
    if goal.deadline is not None and goal.begins is not None and goal.begins > goal.deadline:
        found.append(f"it would begin on {clock.spelled(goal.begins)}, after {clock.spelled(goal.deadline)}")
    if rhythm.a_week is not None and rhythm.a_week > rules.most_a_week and "most_a_week" in {chip.slot for chip in goal.chips}:
        found.append(f"{rhythm.a_week} times a week is more than at most {rules.most_a_week}")
    most = -(-7 // (1 + rules.rest)) * rules.most_a_day
    if rhythm.a_week is not None and rhythm.a_week > most:
        between = f" with {count(rules.rest, 'free day')} between" if rules.rest else ""
        found.append(f"{rhythm.a_week} times a week cannot be: a week has room for {most}{between}")
    longest = max((window.end - window.start for window in rhythm.windows), default=24 * 60)
    if rhythm.minutes is not None and rhythm.minutes > longest:
        found.append(f"{rhythm.minutes} minutes do not fit into the hours that are possible")
    measure = goal.measure
    if measure is not None and measure.target is not None and measure.target == measure.baseline:
        found.append("it is reached already: where you are is where you want to be")
    return found


def doubts(goal: Goal, template: Template, today: date, *, spent: int = 0) -> tuple[str, ...]:
    """What will hardly do as it stands, reckoned by the template's own rule: said, and left to the person. ``spent``: minutes of work done
    on stages that are not yet ready."""
    measure = goal.measure
    if goal.deadline is None or goal.deadline <= today:
        return ()
    if template.rule is Rule.STAGES:
        return _too_much_work(goal, today, goal.deadline, spent)
    if measure is None or measure.target is None:
        return ()
    if template.rule is Rule.TRAINING and measure.baseline is not None:
        course = progressions.Course.of(template.numbers, measure.baseline, measure.target, goal.rhythm.a_week or 3)
        reached = progressions.reachable(course, clock.monday(goal.begins or today), clock.monday(goal.deadline))
        if reached < course.longest * 0.98:
            usual, most = amount_shown(round(course.longest, 1), measure.unit), amount_shown(reached, measure.unit)
            return (f"With at most {course.growth:.0%} more a week the longest before the day would be {most}; {usual} would be usual. "
                    "A later day would help.",)  # fmt: skip
    if template.rule is Rule.SAVING and goal.rhythm.money is not None:
        months = progressions.months(max(today, goal.begins or today), goal.deadline)
        need = (measure.target - (measure.baseline or 0)) / len(months)
        if need > goal.rhythm.money:
            return (f"It needs {amount_shown(round(need, 2), measure.unit)} a month for {count(len(months), 'month')}; "
                    f"you said at most {amount_shown(goal.rhythm.money, measure.unit)}.",)  # fmt: skip
    return ()


def _too_much_work(goal: Goal, today: date, deadline: date, spent: int) -> tuple[str, ...]:
    """Whether the sittings until the deadline hold the work that was said."""
    need = max(goal.effort or 0, sum(stage.minutes for stage in goal.milestones if stage.done is None)) - spent
    minutes, a_week = goal.rhythm.minutes or 60, goal.rhythm.a_week or 3
    days = (deadline - max(today, goal.begins or today)).days + 1
    room = days * a_week * minutes // 7
    if need <= room:
        return ()
    come_to = f"{count(a_week, 'sitting')} a week of {minutes} minutes come to {_hours(room)} until {clock.spelled(deadline)}"
    left = "The stages are" if not spent else "What is left is"
    return (f"{left} {_hours(need)} of work, and {come_to}: more or longer sittings, a later day, or less of it would help.",)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0") + " h"


def _with_usual(goal: Goal, template: Template) -> Goal:
    asked = {ask.slot for ask in template.asks}
    usual = [chip for chip in usual_chips(goal, template) if chip.slot not in asked]
    return filled(goal, (*goal.chips, *usual))
