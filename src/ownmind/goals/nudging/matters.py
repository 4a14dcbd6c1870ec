"""Everything that is to be said at some time, worked out of what is planned: steps and their check-ins, rules, promises, birthdays, people
who wait, the briefing and the review. Pure; whether and how each is said is for `due.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...people.person import Person, Promise, PromiseState, Waiting
from ..clock import Schedule, anniversary, at, moments, same_clock, today
from ..goal import Answer, Goal, Step, StepState
from ..preferences import Preferences
from .nudge import Delivery, Nudge, NudgeKind

DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=35)  # what fell due longer ago gets no receipt of its own
_MORNING = 9 * 60  # when promises of a day and birthdays are told
_AGAIN = timedelta(hours=3)  # after "ask me later"
_PATIENCE = timedelta(days=2)  # before somebody who wrote is said to wait
_MOST_AGAIN = 3
_OF_STEPS = (Answer.DONE, Answer.HALF, Answer.NOT_DONE, Answer.NOT_THIS_WEEK, Answer.LATER)
_STOP_GOAL = "pause the goal, or decline this for a week"
_STOP_DAILY = "set its time to none"


@dataclass(frozen=True, slots=True)
class Life:
    """What is planned in somebody's life. Only goals that are active and their steps, and promises that are open, need be in it.

    ``since``: from when anything is said at all (the first start, or the end of silence); ``of``: likewise for a goal (when it became
    active, or its check-in another), for "briefing" and "review" (when their time was changed). ``planned``: the zone whose clock the
    steps were placed by."""

    since: datetime
    planned: ZoneInfo
    goals: tuple[Goal, ...] = ()
    steps: tuple[Step, ...] = ()
    of: Mapping[str, datetime] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
    people: tuple[Person, ...] = ()  # those with birthdays
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """A nudge that is due at ``due`` and of use before ``until`` (both UTC: two moments of one zone are compared by their clocks)."""

    nudge: Nudge
    due: datetime
    until: datetime


def matters(
    life: Life, after: datetime, until: datetime, zone: ZoneInfo, preferences: Preferences, deliveries: Mapping[str, Delivery]
) -> Iterator[Matter]:
    """What falls due later than ``after`` and not later than ``until``, in no order."""
    found = (
        *_daily(life, after, until, zone, preferences),
        *_of_steps(life, zone),
        *_of_goals(life, after, until, zone),
        *_of_promises(life, zone),
        *_birthdays(life, after, until, zone),
        *_waiting(life, zone),
        *_again(life, zone, deliveries),
        *_moved(life, zone, deliveries),
    )
    after, until = after.astimezone(UTC), until.astimezone(UTC)
    return (one for one in found if after < one.due <= until)


def deadlines(life: Life, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
    """Open steps whose time is over by ``now``, each with when the plan is made anew without an answer: at the next check-in of its goal,
    and a day later at the latest (UTC)."""
    now = now.astimezone(UTC)
    ended = [(step, _end(step, life, zone).astimezone(UTC)) for step in _placed(life) if step.state is StepState.OPEN]
    ended = [(step, end) for step, end in ended if end <= now]
    goals = {step.goal for step, _ in ended}
    checks = {goal: sorted(_checks(life, goal, min(end for _, end in ended), now, zone)) for goal in goals}
    for step, end in ended:
        yield step.id, min((check for check in checks[step.goal] if check > end), default=end + DAY)


def _checks(life: Life, goal: str, after: datetime, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments at which a goal is asked about: after its steps and by its rule, and a day after each step (UTC)."""
    for step in _placed(life):
        if step.goal == goal:
            end = _end(step, life, zone).astimezone(UTC)
            yield from (end, end + DAY)
    for one in life.goals:
        if one.id == goal:
            yield from (moment.astimezone(UTC) for moment in moments(_rule(one, zone), max(after, now - LOOK_BACK), now + DAY, zone))


def _daily(life: Life, after: datetime, until: datetime, zone: ZoneInfo, preferences: Preferences) -> Iterator[Matter]:
    """The briefing of every day and the review of every week."""
    day = today(after, zone)
    while day <= today(until, zone):
        if preferences.briefing >= 0:
            moment = at(day, preferences.briefing, zone)
            why = f"you have your briefing at {moment:%H:%M}"
            if _is_after(life, "briefing", moment):
                yield _matter(
                    f"brief:{day}", NudgeKind.BRIEFING, moment, _midnight(day, zone), "Your day", why, _STOP_DAILY, about="briefing"
                )
        if preferences.review >= 0 and day.weekday() == preferences.review_day:
            moment = at(day, preferences.review, zone)
            why = f"you look back on the week on {moment:%A}s at {moment:%H:%M}"
            if _is_after(life, "review", moment):
                yield _matter(f"review:{day}", NudgeKind.REVIEW, moment, moment + DAY, "Your week", why, _STOP_DAILY, about="review")
        day += DAY


def _of_steps(life: Life, zone: ZoneInfo) -> Iterator[Matter]:
    """A step when its time begins, and the question how it went when that is over."""
    titles = {goal.id: goal.title for goal in life.goals}
    for step in _placed(life):
        if step.state is not StepState.OPEN or step.goal not in titles:
            continue
        start, end = _start(step, life, zone), _end(step, life, zone)
        about, goal = {"subject": step.id, "about": step.goal}, titles[step.goal]
        why = f"you planned it for {start:%H:%M} to {end:%H:%M}, for: {goal}"
        if _is_after(life, step.goal, start):
            key = f"step:{step.id}:{start:%Y-%m-%d}"
            yield _matter(key, NudgeKind.STEP, start, end, step.title, why, _STOP_GOAL, **about, choices=_OF_STEPS)
        if _is_after(life, step.goal, end):
            why = f"it was planned until {end:%H:%M}, for: {goal}"
            key, title = f"check:{step.id}:{end:%Y-%m-%d}", f"How did it go: {step.title}?"
            yield _matter(key, NudgeKind.CHECK_IN, end, end + DAY, title, why, _STOP_GOAL, **about, choices=_OF_STEPS)


def _of_goals(life: Life, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Matter]:
    """The check-ins that a goal has by its rule."""
    for goal in life.goals:
        for moment in moments(_rule(goal, zone), after, until, zone):
            if _is_after(life, goal.id, moment):
                key, title = f"check:{goal.id}:{moment:%Y-%m-%d}", f"How is it going: {goal.title}?"
                why = f"you look at this together on {moment:%A} at {moment:%H:%M}"
                choices = (Answer.VALUE, Answer.LATER) if goal.measure is not None else (Answer.DONE, Answer.HALF, Answer.LATER)
                yield _matter(
                    key, NudgeKind.CHECK_IN, moment, moment + DAY, title, why, _STOP_GOAL, subject=goal.id, about=goal.id, choices=choices
                )


def _of_promises(life: Life, zone: ZoneInfo) -> Iterator[Matter]:
    """What the person promised, in the morning of the day it is due."""
    for one in life.promises:
        if one.state is PromiseState.OPEN and one.by == "you" and one.due is not None:
            day = today(one.due, zone)
            to = f" {one.to}" if one.to else ""
            why = f"you said it would be done {one.due_words or 'today'}"
            stop = "say that it is done, or drop the promise"
            yield _matter(
                f"promise:{one.id}:{day}", NudgeKind.PROMISE, at(day, _MORNING, zone), _midnight(day, zone),
                f"You promised{to}: {one.what}", why, stop, subject=one.id, about=one.id,
            )  # fmt: skip


def _birthdays(life: Life, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Matter]:
    for one in life.people:
        if one.birthday is None or one.is_you:
            continue
        for year in range(today(after, zone).year, today(until, zone).year + 1):
            day = anniversary(one.birthday, year)
            title, why = f"{one.name}’s birthday is today", "you have the date from a contact, a calendar or your own words"
            yield _matter(
                f"birthday:{one.id}:{day}", NudgeKind.BIRTHDAY, at(day, _MORNING, zone), _midnight(day, zone),
                title, why, "decline it", subject=one.id, about=one.id,
            )  # fmt: skip


def _waiting(life: Life, zone: ZoneInfo) -> Iterator[Matter]:
    """Somebody who asked something two days ago, once for each such mail or message."""
    for one in life.waiting:
        since = today(one.since, zone)
        moment = at(since + _PATIENCE, _MORNING + 60, zone)
        why = f"they wrote on {since:%d %B}, and nothing of yours after it was found"
        key = f"waiting:{one.person}:{since}"
        title = f"{one.name} is waiting for an answer"
        yield _matter(
            key, NudgeKind.WAITING, moment, moment + DAY, title, why, "answer, or decline it", subject=one.person, about=one.person
        )


def _again(life: Life, zone: ZoneInfo, deliveries: Mapping[str, Delivery]) -> Iterator[Matter]:
    """A check-in that was answered with "later": the same question, three hours on; three times at most."""
    steps = {step.id: step for step in life.steps if step.state is StepState.OPEN}
    for row in deliveries.values():
        base, _, times = row.key.partition("+")
        step = steps.get(row.subject)
        if (
            row.kind is NudgeKind.CHECK_IN
            and row.answer == Answer.LATER
            and row.answered is not None
            and step is not None
            and int(times or 0) < _MOST_AGAIN
        ):
            moment = (row.answered + _AGAIN).astimezone(zone)
            key, title = f"{base}+{int(times or 0) + 1}", f"How did it go: {step.title}?"
            why = f"you asked to be asked again after {row.answered.astimezone(zone):%H:%M}"
            about = {"subject": step.id, "about": step.goal}
            yield _matter(key, NudgeKind.CHECK_IN, moment, moment + DAY, title, why, _STOP_GOAL, **about, choices=_OF_STEPS)


def _moved(life: Life, zone: ZoneInfo, deliveries: Mapping[str, Delivery]) -> Iterator[Matter]:
    """What came of a check-in that was shown and that nobody answered. Of one that never was, the summary and the briefing tell."""
    steps = {step.id: step for step in life.steps}
    for row in deliveries.values():
        if row.lapsed is not None and row.begun is not None and (step := steps.get(row.subject)) is not None:
            moment = row.lapsed.astimezone(zone)
            anew = step.start is not None and step.state is StepState.OPEN
            title = (
                f"Planned anew, for {_start(step, life, zone):%A, %H:%M}: {step.title}" if anew else f"Planned anew without: {step.title}"
            )
            why = "its time went by and you did not say how it went; if you did it, say so and it counts"
            yield _matter(
                f"miss:{step.id}:{moment:%Y-%m-%d}", NudgeKind.MISS, moment, moment + DAY, title, why, _STOP_GOAL,
                subject=step.id, about=step.goal, choices=(Answer.DONE, Answer.HALF, Answer.NOT_THIS_WEEK),
            )  # fmt: skip


def _matter(
    key: str,
    kind: NudgeKind,
    moment: datetime,
    until: datetime,
    title: str,
    why: str,
    stop: str,
    *,
    subject: str = "",
    about: str = "",
    choices: tuple[Answer, ...] = (),
) -> Matter:
    nudge = Nudge(key, kind, moment, title, why, stop, subject, about, choices)
    return Matter(nudge, moment.astimezone(UTC), until.astimezone(UTC))


def _is_after(life: Life, about: str, moment: datetime) -> bool:
    since = life.of.get(about)
    return since is None or moment.astimezone(UTC) > since.astimezone(UTC)


def _rule(goal: Goal, zone: ZoneInfo) -> Schedule:
    return Schedule(goal.begins or today(goal.created_at, zone), goal.check_in.clock, rule=goal.check_in.rule)


def _placed(life: Life) -> Iterator[Step]:
    return (step for step in life.steps if step.start is not None and step.end is not None)


def _start(step: Step, life: Life, zone: ZoneInfo) -> datetime:
    assert step.start is not None
    return same_clock(step.start, life.planned, zone)


def _end(step: Step, life: Life, zone: ZoneInfo) -> datetime:
    assert step.end is not None
    return same_clock(step.end, life.planned, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The end of ``day``."""
    return at(day + DAY, 0, zone)
