"""What is to be done next for a goal: its steps in a stretch of days, by the rule of its template. Pure arithmetic.

A step's ``key`` is its place in the rule's own order, so the same step stays the same when all are worked out anew: what is over is
left alone, and what follows is reckoned from what was really done, not from what had been planned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from itertools import count
from math import ceil
from zoneinfo import ZoneInfo

from .. import clock
from ..goal import Goal, Milestone, Step, StepState
from ..slots import amount_shown
from . import Rule, Template, progressions

_WEEK = 7
_DEFAULT_STAGE = 4  # sittings of a stage of which nobody said how long it takes, in a goal without an end
_LONGEST_SITTING = 120
_DIVISIBLE = frozenset(("km", "kilometres", "kilometers", "mi", "miles", "mile", "h", "hours", "kg", ""))


@dataclass(frozen=True, slots=True)
class Frame:
    """What every rule needs: the goal, its template, its steps until now, and the days that are asked for, ``until`` not included.
    ``reached``: the measure as it is now, where it is known."""

    goal: Goal
    template: Template
    history: tuple[Step, ...]
    today: date
    until: date
    zone: ZoneInfo
    reached: float | None = None

    @property
    def begins(self) -> date:
        return self.goal.begins or self.goal.created_at.astimezone(self.zone).date()

    @property
    def first(self) -> date:
        return max(self.today, self.begins)

    @property
    def end(self) -> date | None:
        """The first day after the deadline."""
        return None if self.goal.deadline is None else self.goal.deadline + timedelta(days=1)

    @property
    def last(self) -> date:
        """The first day that is not asked for."""
        return self.until if self.end is None else min(self.until, self.end)

    @property
    def minutes(self) -> int:
        return self.goal.rhythm.minutes or 30

    @property
    def over(self) -> frozenset[str]:
        """Keys of the steps that are decided."""
        return frozenset(one.key for one in self.history if one.state is not StepState.OPEN)

    @property
    def a_week(self) -> int:
        """Sittings of a whole week, as far as the goal's own limits let them be."""
        rules, wanted = self.goal.rhythm.rules, self.goal.rhythm.a_week or 2
        return min(wanted, rules.most_a_week)

    def weeks(self, until: date | None = None) -> Iterator[tuple[date, int]]:
        """Mondays from the current week on, each with its number of sittings; a week that the goal fills in part has its part of them."""
        end = until or self.last
        for monday in _mondays(self.first, end):
            if sittings := self.in_week(monday):
                yield monday, sittings

    def in_week(self, monday: date) -> int:
        inside = _overlap(monday, monday + timedelta(days=_WEEK), self.begins, self.end or date.max)
        if inside >= _WEEK:
            return self.a_week
        return max(self.a_week * inside // _WEEK, 1 if inside > _WEEK // 2 else 0)

    def step(self, key: str, position: int, earliest: date, end: date, minutes: int, *, stage: str = "", amount: float | None = None,
             milestone: str = "", shortest: int | None = None) -> Step:  # fmt: skip
        """A step that may be done from the first moment of ``earliest`` to that of ``end``."""
        unit = self.goal.measure.unit if self.goal.measure else ""
        said = {"title": self.goal.title, "stage": stage or self.goal.title, "person": self.goal.person or "them",
                "amount": "" if amount is None else amount_shown(amount, unit)}  # fmt: skip
        title = self.template.step.format(**said)
        least = minutes // 2 // 5 * 5 if minutes >= 20 else 0
        return Step(
            "", self.goal.id, title[:1].upper() + title[1:], minutes, position, clock.at(earliest, 0, self.zone),
            clock.at(end, 0, self.zone), least if shortest is None else shortest, amount, milestone, key=key,
        )  # fmt: skip

    def window(self, monday: date) -> tuple[date, date]:
        """The days of a week the goal may use."""
        end = monday + timedelta(days=_WEEK)
        return max(monday, self.begins), end if self.end is None else min(end, self.end)

    def done(self) -> list[Step]:
        return [one for one in self.history if one.state in (StepState.DONE, StepState.HALF)]


def expand(
    goal: Goal, template: Template, history: Sequence[Step], today: date, zone: ZoneInfo, until: date, *, reached: float | None = None
) -> tuple[Step, ...]:
    """The open steps from ``today`` to the day before ``until``, in order. ``history``: every step there was, also open ones; ``reached``:
    the measure as it is now. Steps have no ids yet and no place."""
    frame = Frame(goal, template, tuple(history), today, until, zone, reached)
    if frame.first >= frame.last:
        return ()
    over, midnight = frame.over, clock.at(frame.first, 0, zone)
    return tuple(one for one in _RULES[template.rule](frame) if one.key not in over and one.latest > midnight)


# The rules


def _sittings(frame: Frame) -> Iterator[Step]:
    if frame.goal.rhythm.every:
        yield from _contact(frame)
        return
    for monday, sittings in frame.weeks():
        first, end = frame.window(monday)
        for n in range(1, sittings + 1):
            yield frame.step(f"w{monday}.{n}", _position(monday, n), first, end, frame.minutes)


def _contact(frame: Frame) -> Iterator[Step]:
    rhythm = frame.goal.rhythm
    every = rhythm.every or (max(1, _WEEK // rhythm.a_week) if rhythm.a_week else 2 * _WEEK)
    give = max(1, every // 4)
    done = [one.done_at.astimezone(frame.zone).date() for one in frame.done() if one.done_at]
    over = sum(one.state is not StepState.OPEN for one in frame.history)
    due = max(done) + timedelta(days=every) if done else frame.begins + timedelta(days=min(every, _WEEK))
    for n in count(over + 1):
        late = due < frame.first
        earliest = frame.first if late else max(frame.begins, due - timedelta(days=give))
        end = (frame.first if late else due) + timedelta(days=give + 1)
        end = end if frame.end is None else min(end, frame.end)
        if earliest >= frame.last or earliest >= end:
            return
        yield frame.step(f"c{n}", n, earliest, end, frame.minutes)
        due = (frame.first if late else due) + timedelta(days=every)


def _stages(frame: Frame) -> Iterator[Step]:
    queue = _stage_queue(frame)
    for monday, sittings in frame.weeks():
        first, end = frame.window(monday)
        for n in range(1, sittings + 1):
            key = f"w{monday}.{n}"
            if key in frame.over:
                continue
            stage = next(queue, None)
            if stage is None:
                return
            due = stage.due + timedelta(days=1) if stage.due else end
            in_time = min(end, due) if due > max(first, frame.today) else end
            yield frame.step(key, _position(monday, n), first, in_time, frame.minutes, stage=stage.title, milestone=stage.title)


def _stage_queue(frame: Frame) -> Iterator[Milestone]:
    """The stage of each sitting that is left, in order. Without stages all are one."""
    stages = frame.goal.milestones or (Milestone(frame.goal.title, minutes=frame.goal.effort or 0),)
    for stage, need in zip(stages, needs(frame), strict=True):
        spent = sum(_spent(one) for one in frame.history if one.milestone == stage.title)
        if stage.done is None:
            yield from (stage for _ in range(max(0, ceil((need * frame.minutes - spent) / frame.minutes))))


def needs(frame: Frame) -> list[int]:
    """How many sittings each stage takes: by its own minutes, by its part of all the work, else an even share of the time there is."""
    stages = frame.goal.milestones or (Milestone(frame.goal.title, minutes=frame.goal.effort or 0),)
    whole = [ceil(stage.minutes / frame.minutes) for stage in stages]
    open_ended = [place for place, sittings in enumerate(whole) if not sittings]
    if not open_ended:
        return whole
    if frame.goal.effort:
        left = ceil(frame.goal.effort / frame.minutes) - sum(whole)
    elif frame.end is not None:
        left = sum(frame.in_week(monday) for monday in _mondays(frame.begins, frame.end)) - sum(whole)
    else:
        left = _DEFAULT_STAGE * len(open_ended)
    for n, place in enumerate(open_ended):
        whole[place] = max(1, left * (n + 1) // len(open_ended) - left * n // len(open_ended))
    return whole


def _tasks(frame: Frame) -> Iterator[Step]:
    if not frame.goal.milestones:
        yield from _sittings(frame)
        return
    for place, (stage, due) in enumerate(zip(frame.goal.milestones, _dues(frame), strict=True)):
        if stage.done is not None:
            continue
        minutes = stage.minutes or frame.minutes
        parts = _parts(frame, stage)
        late = due < frame.first
        earliest = max(frame.begins, due - timedelta(days=3 * _WEEK))
        end = (frame.first + timedelta(days=_WEEK - 1) if late else due) + timedelta(days=1)
        end = end if frame.end is None else min(end, frame.end)
        if earliest >= frame.last:
            continue
        for part in range(1, parts + 1):
            title = stage.title if parts == 1 else f"{stage.title} ({part} of {parts})"
            length = _five(minutes / parts)
            yield frame.step(
                f"{mark(stage.title)}.{part}",
                1000 * end.toordinal() + 20 * place + part,
                earliest,
                end,
                length,
                stage=title,
                milestone=stage.title,
            )


def _dues(frame: Frame) -> list[date]:
    """By when each stage is to be ready: as said, else evenly spread to the day before the deadline, else so many a week."""
    stages = frame.goal.milestones
    if frame.goal.deadline is None:
        a_week = max(1, frame.a_week)
        return [stage.due or frame.begins + timedelta(days=_WEEK * (place // a_week + 1) - 1) for place, stage in enumerate(stages)]
    span = max(0, (frame.goal.deadline - frame.begins).days - 1)
    return [stage.due or frame.begins + timedelta(days=span * (place + 1) // len(stages)) for place, stage in enumerate(stages)]


_KINDS = {
    "run": r"runs?|running|jog(?:ging)?|(?:half[ -]?)?marathons?|\d+\s?k(?:m run)?|parkrun", "swim": r"swim(?:ming)?|lengths?|laps",
    "ride": r"cycl\w+|bik\w+|rid(?:e|ing)", "walk": r"walk\w*|hik\w+", "row": r"row(?:ing)?",
}  # fmt: skip


def _kind(title: str) -> str:
    """What one time of a training is called: an easy "run"; "one" where the title does not say."""
    return next((kind for kind, words in _KINDS.items() if re.search(rf"\b(?:{words})\b", title, re.IGNORECASE)), "one")


def _training(frame: Frame) -> Iterator[Step]:
    measure, pace = frame.goal.measure, frame.goal.rhythm.pace
    if measure is None or measure.target is None or frame.goal.deadline is None:
        yield from _sittings(frame)
        return
    baseline, is_whole = measure.baseline or measure.target / 4, measure.unit.casefold() not in _DIVISIBLE
    course = progressions.Course.of(frame.template.numbers, baseline, measure.target, frame.a_week, is_whole=is_whole)
    monday_of_day, kind = clock.monday(frame.goal.deadline), _kind(frame.goal.title)

    def took(amount: float) -> int:
        return min(16 * 60, max(10, _five(amount * pace))) if pace else frame.minutes

    current = next((monday for monday, _ in frame.weeks(frame.end)), clock.monday(frame.first))
    for week in progressions.training(course, _done_weeks(frame), clock.monday(frame.begins), current, monday_of_day):
        if week.monday >= frame.last:
            return
        first, end = frame.window(week.monday)
        sittings = frame.in_week(week.monday) - (week.monday == monday_of_day)
        end = min(end, frame.goal.deadline) if week.monday == monday_of_day else end
        for n in range(1, sittings + 1):
            is_long = n == sittings and week.monday != monday_of_day
            amount = week.longest if is_long else week.easy
            if first < end:
                yield frame.step(f"w{week.monday}.{n}", _position(week.monday, n), first, end, took(amount),
                                 stage=f"{'Long' if is_long else 'Easy'} {kind}", amount=amount, shortest=0)  # fmt: skip
    if frame.goal.deadline < frame.last:
        yield frame.step("day", _position(monday_of_day, 19), frame.goal.deadline, frame.goal.deadline + timedelta(days=1),
                         took(measure.target), stage="The day", amount=measure.target, shortest=0)  # fmt: skip


def _done_weeks(frame: Frame) -> dict[date, float]:
    """The most that was done at one go in each week that is over."""
    most: dict[date, float] = {}
    for one in frame.done():
        at = one.done_at or one.start
        if one.amount is None or at is None or (monday := clock.monday(at.astimezone(frame.zone).date())) >= clock.monday(frame.first):
            continue
        most[monday] = max(most.get(monday, 0.0), one.amount / 2 if one.state is StepState.HALF else one.amount)
    return most


def _spaced(frame: Frame) -> Iterator[Step]:
    pauses = [int(pause) for pause in frame.template.numbers.get("pauses", (1, 3, 7, 16, 35))]
    learnt = {one.key: one.done_at.astimezone(frame.zone).date() for one in frame.done() if one.done_at}
    for place, (stage, due) in enumerate(zip(frame.goal.milestones, _learnt_by(frame), strict=True)):
        key = mark(stage.title)
        day = stage.done or learnt.get(f"{key}.0")
        if day is None:
            late = due < frame.first
            end = min((frame.first + timedelta(days=_WEEK) if late else due + timedelta(days=1)), frame.end or date.max)
            earliest = max(frame.begins, due - timedelta(days=_WEEK))
            if earliest < frame.last:
                yield frame.step(
                    f"{key}.0",
                    end.toordinal() * 50 + place,
                    earliest,
                    end,
                    frame.minutes,
                    stage=f"Learn: {stage.title}",
                    milestone=stage.title,
                )
        for n, pause in enumerate(pauses, 1):
            first = (day or max(due, frame.first)) + timedelta(days=pause)
            end = min(first + timedelta(days=max(1, pause // 3) + 1), frame.end or date.max)
            if first < frame.last and end > max(first, frame.today):
                yield frame.step(f"{key}.{n}", end.toordinal() * 50 + place, first, end, max(10, _five(frame.minutes / 2)),
                                 stage=f"Look again: {stage.title}", milestone=stage.title)  # fmt: skip


def _learnt_by(frame: Frame) -> list[date]:
    """By when each topic is learnt: evenly, so that a fifth of the time is left for looking again."""
    topics = len(frame.goal.milestones)
    span = 4 * (frame.goal.deadline - frame.begins).days // 5 if frame.goal.deadline else _WEEK * ceil(topics / max(1, frame.a_week))
    return [stage.due or frame.begins + timedelta(days=span * (n + 1) // topics) for n, stage in enumerate(frame.goal.milestones)]


def _saving(frame: Frame) -> Iterator[Step]:
    measure = frame.goal.measure
    if measure is None or measure.target is None or frame.goal.deadline is None:
        return
    left = measure.target - now_at(frame)
    months = [month for month in progressions.months(frame.first, frame.goal.deadline) if f"s{month:%Y-%m}" not in frame.over]
    if left <= 0 or not months:
        return
    for month, amount in zip(months, progressions.parts(left, len(months), growing=frame.goal.rhythm.amounts == "growing"), strict=True):
        earliest = max(month, frame.begins)
        week = earliest + timedelta(days=_WEEK)
        end = week if frame.today < week else (month + timedelta(days=32)).replace(day=1)
        end = min(end, frame.goal.deadline + timedelta(days=1))
        if earliest < frame.last and amount > 0:
            yield frame.step(f"s{month:%Y-%m}", month.year * 12 + month.month, earliest, end, frame.minutes, amount=amount, shortest=0)


def _reading(frame: Frame) -> Iterator[Step]:
    measure, rhythm = frame.goal.measure, frame.goal.rhythm
    if measure is None or measure.target is None:
        yield from _sittings(frame)
        return
    left = round(measure.target - now_at(frame), 6)
    slots = [(monday, n) for monday, sittings in frame.weeks(frame.end) for n in range(1, sittings + 1)]
    slots = [(monday, n) for monday, n in slots if f"w{monday}.{n}" not in frame.over]
    is_pages = not measure.unit or measure.unit.casefold().startswith(("page", "p."))
    pace = rhythm.pace if is_pages and rhythm.pace else None
    each = ceil(left / len(slots)) if frame.end and slots else max(1, int(frame.minutes / pace)) if pace else 1
    for monday, n in slots:
        if monday >= frame.last or left <= 0:
            return
        amount = min(float(each), left)
        left -= amount
        first, end = frame.window(monday)
        minutes = min(16 * 60, max(10, _five(amount * pace))) if pace else frame.minutes
        yield frame.step(f"w{monday}.{n}", _position(monday, n), first, end, minutes, amount=amount)


def now_at(frame: Frame) -> float:
    """The measure now: as was last said, else the baseline and what was done since."""
    if frame.reached is not None:
        return frame.reached
    base = (frame.goal.measure.baseline if frame.goal.measure else None) or 0.0
    return base + sum(done_amount(one) for one in frame.history)


def done_amount(step: Step) -> float:
    """What a step brought of the measure: all of it, half, or nothing."""
    return (step.amount or 0.0) * {StepState.DONE: 1.0, StepState.HALF: 0.5}.get(step.state, 0.0)


_RULES: dict[Rule, Callable[[Frame], Iterator[Step]]] = {
    Rule.SITTINGS: _sittings,
    Rule.STAGES: _stages,
    Rule.TASKS: _tasks,
    Rule.TRAINING: _training,
    Rule.SPACED: _spaced,
    Rule.SAVING: _saving,
    Rule.READING: _reading,
    Rule.CONTACT: _contact,
}


def rule_of(goal: Goal, template: Template) -> Rule:
    """The rule its steps really arise by: without stages tasks are sittings, without an amount training and reading are."""
    measured = goal.measure is not None and goal.measure.target is not None
    match template.rule:
        case Rule.TASKS if not goal.milestones:
            return Rule.CONTACT if goal.rhythm.every else Rule.SITTINGS
        case Rule.TRAINING if not measured or goal.deadline is None:
            return Rule.SITTINGS
        case Rule.READING if not measured:
            return Rule.SITTINGS
        case Rule.SITTINGS if goal.rhythm.every:
            return Rule.CONTACT
        case rule:
            return rule


def mark(title: str) -> str:
    """What stands for a stage in the keys of its steps: not its words, which may have to be forgotten."""
    return "m" + blake2b(" ".join(title.casefold().split()).encode(), digest_size=5).hexdigest()


def _spent(step: Step) -> float:
    return step.minutes * {StepState.DONE: 1.0, StepState.HALF: 0.5}.get(step.state, 0.0)


def _position(monday: date, n: int) -> int:
    return monday.toordinal() * 20 + n


def _mondays(first: date, end: date) -> Iterator[date]:
    monday = clock.monday(first)
    while monday < end:
        yield monday
        monday += timedelta(days=_WEEK)


def _overlap(first: date, end: date, other: date, other_end: date) -> int:
    return max(0, (min(end, other_end) - max(first, other)).days)


def _five(minutes: float) -> int:
    """Rounded up to five minutes."""
    return max(5, ceil(round(minutes, 6) / 5) * 5)


def needs_met(goal: Goal, template: Template, steps: Sequence[Step], stage: Milestone) -> bool:
    """Whether the steps of a stage that were done are all it takes."""
    mine = [one for one in steps if one.milestone == stage.title]
    frame = Frame(goal, template, tuple(steps), date.min, date.max, ZoneInfo("UTC"))
    done = {one.key for one in mine if one.state is StepState.DONE}
    match template.rule:
        case Rule.STAGES:
            need = needs(frame)[[one.title for one in goal.milestones].index(stage.title)]
            return bool(mine) and sum(_spent(one) for one in mine) >= need * frame.minutes
        case Rule.SPACED:
            return f"{mark(stage.title)}.0" in done
        case _:
            return len(done) >= _parts(frame, stage)


def _parts(frame: Frame, stage: Milestone) -> int:
    """Into how many sittings a task is cut."""
    longest = int(frame.template.numbers.get("longest", (_LONGEST_SITTING,))[0]) or _LONGEST_SITTING
    return ceil((stage.minutes or frame.minutes) / longest)
