"""The review of a week: what was planned, done and missed, with what shows it; how far each goal is; and what the next week holds. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..goal import Goal, Progress, State, Step, StepState
from .briefing import Line, Ref, Section, quoted, weekday
from .reflect import Reflection, Suggestion

NOTHING = "Nothing was planned in this week."


@dataclass(frozen=True, slots=True)
class GoalWeek:
    """One goal's week: ``words`` ("3 of 4 done"), and the lines that say what, each with its source."""

    goal: str
    title: str
    words: str
    planned: int
    done: int
    missed: int
    lines: tuple[Line, ...]
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The seven days from ``first`` to ``last`` (both included). ``next_week``: what the plan holds after them."""

    first: date
    last: date
    goals: tuple[GoalWeek, ...]
    next_week: tuple[Line, ...]
    reflections: tuple[Reflection, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    words: str = ""  # what to say when there is nothing to look back on


def review(
    first: date, goals: Sequence[Goal], steps: Sequence[Step], zone: ZoneInfo, *, progress: Callable[[str], Progress | None],
    reflections: tuple[Reflection, ...] = (), suggestions: tuple[Suggestion, ...] = (),
) -> Review:  # fmt: skip
    """The week that begins on ``first``."""
    start = datetime.combine(first, datetime.min.time(), zone)
    middle = datetime.combine(first + timedelta(days=7), datetime.min.time(), zone)
    end = datetime.combine(first + timedelta(days=14), datetime.min.time(), zone)
    weeks = [_week(goal, [one for one in steps if one.goal == goal.id and start <= _at(one) < middle], zone, progress) for goal in goals]
    active = {goal.id: goal for goal in goals if goal.state is State.ACTIVE}
    ahead = [one for one in steps if one.goal in active and one.state is StepState.OPEN and one.start and middle <= one.start < end]
    kept = tuple(one for one in weeks if one.planned)
    nothing = "" if kept or reflections else NOTHING
    following = tuple(_ahead(one, active[one.goal], zone) for one in sorted(ahead, key=_at) if one.title)
    return Review(first, first + timedelta(days=6), kept, following, reflections, suggestions, nothing)


def _at(step: Step) -> datetime:
    """When a step was to be, or was."""
    return step.start or step.done_at or step.latest - timedelta(minutes=1)


def _week(goal: Goal, steps: Sequence[Step], zone: ZoneInfo, progress: Callable[[str], Progress | None]) -> GoalWeek:
    planned = [one for one in steps if one.state is not StepState.OPEN or one.start is not None]
    done = sum(one.state is StepState.DONE for one in planned)
    half = sum(one.state is StepState.HALF for one in planned)
    missed = sum(one.state is StepState.MISSED for one in planned)
    words = f"{done} of {len(planned)} done{f', {half} half done' if half else ''}{f', {missed} missed' if missed else ''}"
    lines = tuple(line for one in sorted(planned, key=_at) if one.title and (line := _line(one, goal, zone)))
    return GoalWeek(goal.id, goal.title, words, len(planned), done, missed, lines, progress(goal.id) if planned else None)


def _line(step: Step, goal: Goal, zone: ZoneInfo) -> Line | None:
    said = f"; you said {quoted(step.note)}" if step.note.strip() else ""
    refs = (Ref("step", step.id, step.title), Ref("goal", goal.id, goal.title))
    start = step.start.astimezone(zone) if step.start else None
    match step.state:
        case StepState.DONE | StepState.HALF:
            day = (step.done_at or step.start or step.latest).astimezone(zone)
            how = "Done" if step.state is StepState.DONE else "Half done"
            return Line(f"{how}: {quoted(step.title)}, on {weekday(day)}{said}.", Section.CHANGED, refs)
        case StepState.MISSED if start is not None:
            return Line(f"Missed: {quoted(step.title)}, planned for {weekday(start)} at {start:%H:%M}{said}.", Section.MISSED, refs)
        case StepState.MISSED:
            by = (step.latest - timedelta(minutes=1)).astimezone(zone)
            return Line(f"Missed: {quoted(step.title)}, to be done by {weekday(by)} at {by:%H:%M}{said}.", Section.MISSED, refs)
        case StepState.SKIPPED if start is not None:
            return Line(f"Put off: {quoted(step.title)}, planned for {weekday(start)} at {start:%H:%M}{said}.", Section.MISSED, refs)
        case _:
            return None


def _ahead(step: Step, goal: Goal, zone: ZoneInfo) -> Line:
    assert step.start is not None
    start = step.start.astimezone(zone)
    end = (step.end or step.start + timedelta(minutes=step.minutes)).astimezone(zone)
    text = f"{weekday(start)}, {start:%H:%M} to {end:%H:%M}: {quoted(step.title)}, for {quoted(goal.title)}."
    return Line(text, Section.STEPS, (Ref("step", step.id, step.title), Ref("goal", goal.id, goal.title)))
