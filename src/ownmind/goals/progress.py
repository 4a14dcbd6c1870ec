"""How far a goal has come, with what shows it: what was said at check-ins, the steps that were done, what stood in the calendar. Pure.

A number never stands alone: ``words`` say what was counted and since when, and where nothing is known that is what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..records import Appointment
from .clock import spelled
from .goal import Evidence, Goal, Milestone, Point, Progress, Step, StepState
from .slots import amount_shown
from .templates import Rule, Template
from .templates.expand import done_amount, expand, needs_met

_MOST_POINTS = 60
_AHEAD = timedelta(days=28)  # how far the plan of a goal without an end is drawn
_DONE = (StepState.DONE, StepState.HALF)


@dataclass(frozen=True, slots=True)
class _Known:
    goal: Goal
    template: Template
    steps: tuple[Step, ...]
    said: tuple[Evidence, ...]
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def begins(self) -> date:
        return self.goal.begins or self.goal.created_at.astimezone(self.zone).date()

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def progress(
    goal: Goal, template: Template, steps: Sequence[Step], said: Sequence[Evidence], now: datetime, zone: ZoneInfo, *,
    appointments: Sequence[Appointment] = (),
) -> Progress:  # fmt: skip
    """What is known of ``goal`` at ``now``. ``steps``: all of them; ``said``: its evidence from check-ins and imports, in order of time."""
    known = _Known(goal, template, tuple(steps), tuple(said), now, zone)
    evidence = _evidence(known, appointments)
    if goal.measure is not None and goal.measure.target is not None and (found := _by_measure(known)) is not None:
        share, words, points, behind = found
    elif goal.milestones:
        share, words, points, behind = _by_stages(known)
    else:
        share, words, points, behind = _by_steps(known)
    return Progress(goal.id, words + _after_the_day(known, share), share, points, evidence, behind)


def standing(goal: Goal, template: Template, steps: Sequence[Step], said: Sequence[Evidence]) -> float | None:
    """The measure as it is now: what was last said, with what was done since. None where nothing says it."""
    measure = goal.measure
    values = [one for one in said if one.value is not None]
    base = measure.baseline if measure else None
    last = values[-1] if values else None
    if template.rule is Rule.TRAINING:
        done = [done_amount(one) for one in steps if one.state in _DONE]
        most = [one for one in (base, *(one.value for one in values), *done) if one is not None]
        return max(most, default=None)
    since = [done_amount(one) for one in steps if one.state in _DONE and (last is None or (one.done_at and one.done_at > last.at))]
    if last is not None and last.value is not None:
        return last.value + sum(since)
    if base is None and not any(since):
        return None
    return (base or 0.0) + sum(since)


def raised(goal: Goal, template: Template, steps: Sequence[Step], said: Sequence[Evidence], amount: float) -> float:
    """The measure after ``amount`` was done beside the plan: added to what there is, or, of a training, done at one go."""
    if template.rule is Rule.TRAINING:
        return amount
    return (standing(goal, template, steps, said) or 0.0) + amount


def stages_done(goal: Goal, template: Template, steps: Sequence[Step]) -> tuple[Milestone, ...]:
    """The stages that are reached: by the person's word, or because every step of them was done."""
    return tuple(stage for stage in goal.milestones if stage.done or needs_met(goal, template, steps, stage))


# What is measured


def _by_measure(known: _Known) -> tuple[float | None, str, tuple[Point, ...], float | None] | None:
    measure = known.goal.measure
    assert measure is not None and measure.target is not None
    unit, target = measure.unit, measure.target
    course = _course(known)
    at = standing(known.goal, known.template, known.steps, known.said)
    base = (
        measure.baseline if measure.baseline is not None else 0.0 if known.template.rule in (Rule.SAVING, Rule.READING) else _first(known)
    )
    if at is None or base is None:
        if not known.said and not any(one.state in _DONE for one in known.steps):
            planned = tuple(Point(day, value) for day, value in _thinned(course))
            return None, f"Nothing is known yet of where you are on the way to {amount_shown(target, unit)}.", planned, None
        return None
    share = 1.0 if target == base else min(1.0, max(0.0, (at - base) / (target - base)))
    actual = _actual(known, base)
    points = _points(known, course, actual)
    behind = _behind(known, course, at, base, target)
    is_training = known.template.rule is Rule.TRAINING
    words = f"{amount_shown(at, unit)} of {amount_shown(target, unit)}" if not is_training else (
        f"The most at one go is {amount_shown(at, unit)}, on the way to {amount_shown(target, unit)}")  # fmt: skip
    if base and not is_training:
        words += f", from {amount_shown(base, unit)} at the beginning"
    return share, f"{words}. {_counted(known)}{_behind_words(behind, unit)}", points, behind


def _first(known: _Known) -> float | None:
    return next((one.value for one in known.said if one.value is not None), None)


def _course(known: _Known) -> list[tuple[date, float]]:
    """The measure as planned from the beginning: day and value, for steps that bring an amount; a straight line where none does."""
    goal, measure = known.goal, known.goal.measure
    end = goal.deadline + timedelta(days=1) if goal.deadline else known.today + _AHEAD
    base = (measure.baseline if measure else None) or 0.0
    ideal = expand(goal, known.template, (), known.begins, known.zone, max(end, known.begins + timedelta(days=1)))
    found, value = [(known.begins, base)], base
    for one in sorted(ideal, key=lambda step: step.latest):
        if one.amount is None:
            continue
        value = max(value, one.amount) if known.template.rule is Rule.TRAINING else value + one.amount
        found.append((known.day(one.latest - timedelta(minutes=1)), value))
    if len(found) == 1 and goal.deadline and measure and measure.target is not None and measure.baseline is not None:
        found.append((goal.deadline, measure.target))
        span = max(1, (goal.deadline - known.begins).days)
        step = max(1, span // 12)
        found = [(known.begins + timedelta(days=n), base + (measure.target - base) * n / span) for n in (*range(0, span, step), span)]
    return found


def _actual(known: _Known, base: float) -> list[tuple[date, float]]:
    """The measure as it was, by day."""
    events = [(one.at, one.value, 0.0) for one in known.said if one.value is not None]
    events += [(one.done_at, None, done_amount(one)) for one in known.steps if one.state in _DONE and one.done_at and one.amount]  # type: ignore[misc]
    found, value = [(known.begins, base)], base
    for at, told, amount in sorted(events, key=lambda event: event[0]):
        if known.template.rule is Rule.TRAINING:
            value = max(value, told if told is not None else amount)
        else:
            value = told if told is not None else value + amount
        found.append((known.day(at), value))
    return found


def _points(known: _Known, course: Sequence[tuple[date, float]], actual: Sequence[tuple[date, float]]) -> tuple[Point, ...]:
    days = [day for day, _ in _thinned(course)]
    days = sorted({*days, *(day for day, _ in actual[-_MOST_POINTS:]), known.today} if len(course) > 1 else {day for day, _ in actual})
    return tuple(Point(day, _at(course, day), _at(actual, day) if day <= known.today else None) for day in days)


def _at(line: Sequence[tuple[date, float]], day: date) -> float | None:
    """The last value on or before the day."""
    found = [value for at, value in line if at <= day]
    return found[-1] if found else None


def _thinned(line: Sequence[tuple[date, float]]) -> list[tuple[date, float]]:
    by_day = dict(line)
    days = sorted(by_day)
    step = max(1, len(days) // _MOST_POINTS)
    return [(day, by_day[day]) for day in days if day == days[-1] or days.index(day) % step == 0]


def _behind(known: _Known, course: Sequence[tuple[date, float]], at: float, base: float, target: float) -> float | None:
    """Against what should be there by the end of yesterday."""
    planned = _at(course, known.today - timedelta(days=1))
    if planned is None or len(course) < 2 or known.today <= known.begins:
        return None
    gap = planned - at if target >= base else at - planned
    return round(gap, 2) + 0.0


def _behind_words(behind: float | None, unit: str) -> str:
    if behind is None:
        return ""
    if behind > 0:
        return f" {amount_shown(behind, unit)} behind the plan."
    return f" {amount_shown(-behind, unit)} ahead of the plan." if behind < 0 else " As planned."


# What is counted


def _by_stages(known: _Known) -> tuple[float | None, str, tuple[Point, ...], float | None]:
    stages = known.goal.milestones
    done = stages_done(known.goal, known.template, known.steps)
    due = [one for one in stages if one.due and one.due < known.today]
    late = [one for one in due if one not in done]
    words = f"{len(done)} of {len(stages)} stages reached"
    words += f" (the last: {done[-1].title})." if done else "."
    words += f" {_counted(known)}"
    if late and late[0].due is not None:
        words += f" {late[0].title} was due on {spelled(late[0].due)}."
    _, _, points, _ = _by_steps(known)
    return len(done) / len(stages), words, points, float(len(late)) if due else None


def _by_steps(known: _Known) -> tuple[float | None, str, tuple[Point, ...], float | None]:
    over = [one for one in known.steps if one.state is not StepState.OPEN]
    done = sum(1.0 if one.state is StepState.DONE else 0.5 for one in over if one.state in _DONE)
    counted = [one for one in over if one.state is not StepState.SKIPPED]
    if not counted and not known.said:
        return None, "Nothing is known yet: no step has come up, and nothing was said.", (), None
    whole = _whole(known, len(counted))
    share = None if not whole else min(1.0, done / whole)
    planned = _ideal_days(known)
    days = sorted(
        {known.day(one.latest - timedelta(minutes=1)) for one in counted} | {day for day in planned if day <= known.today + _AHEAD}
    )
    made = sorted(
        (known.day(one.done_at), 1.0 if one.state is StepState.DONE else 0.5) for one in over if one.state in _DONE and one.done_at
    )
    points = tuple(
        Point(day, float(sum(one <= day for one in planned)), sum(value for at, value in made if at <= day) if day <= known.today else None)
        for day in days[-_MOST_POINTS:]
    )
    due = len(counted)
    return share, _counted(known).strip(), points, round(due - done, 1) if due else None


def _whole(known: _Known, counted: int) -> int:
    """All steps to the deadline; without one, those that came up."""
    if known.goal.deadline is None:
        return counted
    return max(counted, len(_ideal_days(known)))


def _ideal_days(known: _Known) -> list[date]:
    end = known.goal.deadline + timedelta(days=1) if known.goal.deadline else known.today + _AHEAD
    ideal = expand(known.goal, known.template, (), known.begins, known.zone, max(end, known.begins + timedelta(days=1)))
    return sorted(known.day(one.latest - timedelta(minutes=1)) for one in ideal)


def _counted(known: _Known) -> str:
    """ "6 of 9 steps done since 2 March, 1 of them half." """
    over = [one for one in known.steps if one.state in (*_DONE, StepState.MISSED)]
    if not over:
        return "No step has come up yet."
    done = [one for one in over if one.state in _DONE]
    half = sum(one.state is StepState.HALF for one in done)
    words = f"{len(done)} of {len(over)} {'step' if len(over) == 1 else 'steps'} done since {spelled(known.begins)}"
    skipped = sum(one.state is StepState.SKIPPED for one in known.steps)
    return words + (f", {half} of them half" if half else "") + (f"; {skipped} left out by your word" if skipped else "") + "."


def _after_the_day(known: _Known, share: float | None) -> str:
    if share is not None and share >= 1 and (known.goal.measure or known.goal.milestones or known.goal.deadline):
        return " That is all of it."
    if known.goal.deadline and known.goal.deadline < known.today:
        return f" The day was {spelled(known.goal.deadline)}."
    return ""


# What shows it


def _evidence(known: _Known, appointments: Sequence[Appointment]) -> tuple[Evidence, ...]:
    told = {one.step for one in known.said if one.step}
    steps = [
        Evidence(known.goal.id, one.done_at, "step", one.id, one.title, done_amount(one) if one.amount else None, one.id)
        for one in known.steps
        if one.state in _DONE and one.done_at and one.id not in told
    ]
    kept = [
        Evidence(known.goal.id, one.start, "calendar", one.key, one.title)
        for one in appointments
        if one.goal == known.goal.id and one.end <= known.now
    ]
    titled = {one.id: one for one in known.steps}
    said = [replace(one, value=one.value if one.value is not None else _brought(titled.get(one.step))) for one in known.said]
    return tuple(sorted((*said, *steps, *kept), key=lambda one: one.at))


def _brought(step: Step | None) -> float | None:
    return done_amount(step) if step is not None and step.amount and step.state in _DONE else None
