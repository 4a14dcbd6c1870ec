"""The morning's briefing: what today asks and what has changed, every sentence written by code from rows, each with its sources. Pure.

Words from outside stand in “quotation marks”, letter for letter (cut at their end when they are long): they are material, not ours.
`traced.py` re-opens the sources of every line and checks that they say it; it knows the forms of these sentences and nothing else of this
file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from ...people.person import Birthday, Promise, PromiseState, Waiting
from ...records import Appointment
from ...store.deliveries import Delivery
from ..goal import Goal, State, Step, StepState

CALM = "Nothing is planned, promised or waiting today. The day is yours."
LOOK_BACK = timedelta(days=28)  # over which it is judged what might be let go
LEAST_DECIDED = 4  # steps; fewer say nothing about a goal
_SHARE = 1 / 3  # of its steps done: below it, letting go is worth a thought
_MOST = 8  # lines of one section
_SOON = 7  # days before a birthday is said
_LONGEST = 160  # characters quoted
_DECIDED = (StepState.DONE, StepState.HALF, StepState.MISSED, StepState.SKIPPED)


class Section(StrEnum):
    """What a line tells of, in the order of the page."""

    STEPS = "steps"
    PROMISES = "promises"
    BIRTHDAYS = "birthdays"
    WAITING = "waiting"
    CHANGED = "changed"
    MISSED = "missed"
    LET_GO = "let_go"
    HELD = "held"  # what was due and was not said, with the reason


@dataclass(frozen=True, slots=True)
class Ref:
    """A source of a line. ``kind``: step, goal, promise, person, item, appointment, delivery, place (where a step stood: s12@2026-11-21);
    ``words``: what of it the line rests on, as it stands there; "" where that is a time."""

    kind: str
    ref: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and what says it."""

    text: str
    section: Section
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A day. ``lines`` is empty on a day that asks nothing; ``words`` then says so."""

    day: date
    lines: tuple[Line, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said of a step that was not done, and may still be. ``id``: of the evidence."""

    id: str  # e4
    step: str
    at: datetime
    words: str


@dataclass(frozen=True)  # no slots: ``active`` is worked out once
class Known:
    """What a briefing is written from. ``before``: where the steps stood at the briefing before, which was given at ``since`` for the day
    ``since_day``; ``new``: appointments that came to be known after it, ``refused``: what was said of steps not done, after it."""

    day: date
    zone: ZoneInfo
    goals: tuple[Goal, ...] = ()
    steps: tuple[Step, ...] = ()
    promises: tuple[Promise, ...] = ()
    birthdays: tuple[Birthday, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    new: tuple[Appointment, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    since: datetime | None = None
    since_day: date | None = None
    before: Mapping[str, datetime] = field(default_factory=dict)
    refused: tuple[Said, ...] = ()

    @cached_property
    def active(self) -> dict[str, Goal]:
        return {goal.id: goal for goal in self.goals if goal.state is State.ACTIVE}

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


def briefing(known: Known) -> Briefing:
    """The briefing of ``known.day``."""
    sections = (_steps, _promises, _birthdays, _waiting, _changed, _missed, _let_go, _held)
    lines = [line for section in sections for line in [*section(known)][:_MOST]]
    return Briefing(known.day, tuple(lines), "" if lines else CALM)


def _what(known: Known, step: Step) -> str:
    """The step, and what it is for, unless both are called the same."""
    goal = known.active[step.goal].title
    return quoted(step.title) if step.title == goal else f"{quoted(step.title)}, for {quoted(goal)}"


def _steps(known: Known) -> Iterator[Line]:
    """Today's open steps, by their time; then those that must be done today and have no place."""
    open_ = [step for step in known.steps if step.goal in known.active and step.state is StepState.OPEN and step.title]
    placed = sorted((known.local(step.start), step.id, step) for step in open_ if step.start is not None and step.end is not None)
    for start, _, step in placed:
        if start.date() == known.day and step.end is not None:
            text = f"{start:%H:%M} to {known.local(step.end):%H:%M}: {_what(known, step)}."
            yield Line(text, Section.STEPS, _of_step(known, step))
    for step in open_:
        if step.start is None and known.local(step.latest - timedelta(minutes=1)).date() == known.day:
            text = f"Some time today: {_what(known, step)}."
            yield Line(text, Section.STEPS, _of_step(known, step))


def _of_step(known: Known, step: Step) -> tuple[Ref, ...]:
    goal = next(goal for goal in known.goals if goal.id == step.goal)
    return Ref("step", step.id, step.title), Ref("goal", goal.id, goal.title)


def _promises(known: Known) -> Iterator[Line]:
    """What is due by today or tomorrow, the person's own first; then what was found and waits for their word."""
    due = [(known.local(one.due).date(), one) for one in known.promises if one.due is not None]
    near = [(day, one) for day, one in due if day <= known.day + timedelta(days=1)]
    for day, one in sorted((pair for pair in near if pair[1].state is PromiseState.OPEN), key=lambda pair: (pair[1].by != "you", pair[0])):
        who = f"you promised{f' {one.to}' if one.to else ''}" if one.by == "you" else f"{one.by} promised you"
        yield Line(f"Due {_when(day, known.day)}: {who}: {quoted(one.what)}.", Section.PROMISES, (Ref("promise", one.id, one.what),))
    for day, one in near:
        if one.state is PromiseState.FOUND and day >= known.day:
            who = f"you{f' to {one.to}' if one.to else ''}" if one.by == "you" else f"{one.by} to you"
            text = f"Is this a promise, due {_when(day, known.day)}, {who}: {quoted(one.what)}? It was said: {quoted(one.sentence)}"
            yield Line(text, Section.PROMISES, (Ref("promise", one.id, clipped(one.sentence)),))


def _birthdays(known: Known) -> Iterator[Line]:
    for one in known.birthdays:
        if 0 <= (one.day - known.day).days <= _SOON and one.ref:
            age = f"; they turn {one.turns}" if one.turns is not None else ""
            text = f"{one.name} has a birthday {_when(one.day, known.day)}{age}."
            yield Line(text, Section.BIRTHDAYS, (Ref("item", one.ref, ""), Ref("person", one.person, one.name)))


def _waiting(known: Known) -> Iterator[Line]:
    for one in known.waiting:
        if one.words:
            text = f"{one.name} has waited for an answer since {weekday(known.local(one.since).date())}: {quoted(one.words)}"
            yield Line(text, Section.WAITING, (Ref("item", one.ref, clipped(one.words)), Ref("person", one.person, one.name)))


def _changed(known: Known) -> Iterator[Line]:
    """Steps that stand elsewhere than at the briefing before, and what is new in the calendar of the next days."""
    said = {one.step: one for one in known.refused}
    for step in sorted(known.steps, key=lambda one: (one.start or one.latest, one.id)):
        was, now = known.before.get(step.id), step.start
        if was is None or was == now or step.goal not in known.active or step.state is not StepState.OPEN or not step.title:
            continue
        refs = (*_of_step(known, step)[:1], Ref("place", f"{step.id}@{known.since_day}", ""))
        reason = _in_the_way(known, step, was)
        why = f", because {quoted(reason.title)} is then" if reason is not None else ""
        refs += (Ref("appointment", reason.key, reason.title),) if reason is not None else ()
        if reason is None and step.id in said:
            why, refs = f", after you said {quoted(said[step.id].words)}", (*refs, _of_said(said[step.id]))
        if now is None:
            yield Line(f"Without a place now: {quoted(step.title)}, which stood on {_moment(known, was)}{why}.", Section.CHANGED, refs)
        else:
            text = f"Moved: {quoted(step.title)} from {_moment(known, was)} to {_moment(known, now)}{why}."
            yield Line(text, Section.CHANGED, refs)
    for one in known.new:
        if one.title and not one.goal:
            yield Line(
                f"New in the calendar: {quoted(one.title)}, {_stretch(known, one)}.", Section.CHANGED,
                (Ref("appointment", one.key, one.title),),
            )  # fmt: skip


def _of_said(said: Said) -> Ref:
    return Ref("evidence", said.id, clipped(said.words))


def _in_the_way(known: Known, step: Step, was: datetime) -> Appointment | None:
    """What stands in the calendar where the step stood."""
    end = was + timedelta(minutes=step.minutes)
    taken = (one for one in known.appointments if not one.is_free and not one.whole_day and not one.goal and one.title)
    return next((one for one in taken if one.start < end and was < one.end), None)


def _missed(known: Known) -> Iterator[Line]:
    """What was said not to be done since the briefing before, and what went by with no word (in the last two days where there was none)."""
    active = {step.id: step for step in known.steps if step.goal in known.active and step.title}
    spoken = {one.step: one for one in known.refused if one.step in active}
    for one in spoken.values():
        step = active[one.step]
        if step.state is StepState.MISSED or (step.state is StepState.OPEN and step.id not in known.before):  # else told of as moved
            text = f"Not done on {weekday(known.local(one.at).date())}: {quoted(step.title)}; you said {quoted(one.words)}."
            yield Line(text, Section.MISSED, (Ref("step", step.id, step.title), _of_said(one)))
    midnight = datetime.combine(known.day, datetime.min.time(), known.zone)
    first = (known.since or midnight - timedelta(days=1)) - timedelta(days=1)
    for step in active.values():
        if step.state is not StepState.MISSED or step.id in spoken:
            continue
        refs = _of_step(known, step)
        planned = step.start or known.before.get(step.id)
        if planned is not None and first <= planned < midnight:
            refs += () if step.start else (Ref("place", f"{step.id}@{known.since_day}", ""),)
            said = f"; you said {quoted(step.note)}" if step.note.strip() else ""
            yield Line(f"Missed: {quoted(step.title)}, planned for {_moment(known, planned)}{said}.", Section.MISSED, refs)
        elif planned is None and first <= step.latest < midnight:
            text = f"Missed: {quoted(step.title)}, to be done by {_moment(known, step.latest - timedelta(minutes=1))}."
            yield Line(text, Section.MISSED, refs)


def _let_go(known: Known) -> Iterator[Line]:
    """The one goal of which least was done lately, where that is little: said with its numbers, and the choice left to the person."""
    end = datetime.combine(known.day, datetime.min.time(), known.zone)
    counts: defaultdict[str, list[Step]] = defaultdict(list)
    for step in known.steps:
        if step.goal in known.active and step.state in _DECIDED and end - LOOK_BACK <= (step.start or step.latest) < end:
            counts[step.goal].append(step)
    shares = []
    for goal, steps in counts.items():
        done = sum(step.state is StepState.DONE for step in steps)
        half = sum(step.state is StepState.HALF for step in steps)
        if len(steps) >= LEAST_DECIDED and done + half / 2 < _SHARE * len(steps):
            shares.append(((done + half / 2) / len(steps), -len(steps), goal, done, len(steps)))
    for _, _, name, done, total in sorted(shares)[:1]:
        goal_ = known.active[name]
        shown = f"of which {done} of {total} steps were done in the last {LOOK_BACK.days} days"
        text = f"To let go, or to make smaller: {quoted(goal_.title)}, {shown}."
        yield Line(text, Section.LET_GO, (Ref("goal", name, goal_.title),))


def _held(known: Known) -> Iterator[Line]:
    """What was due since the briefing before and was not said, of steps and promises that still stand."""
    if known.since is None:
        return
    titles = {step.id: step.title for step in known.steps} | {one.id: one.what for one in known.promises}
    kinds = {step.id: "step" for step in known.steps} | {one.id: "promise" for one in known.promises}
    for one in sorted(known.deliveries, key=lambda each: (each.due, each.key)):
        if one.missed is not None and one.missed >= known.since and one.reason and titles.get(one.subject):
            text = f"Not said on {_moment(known, one.due)} about {quoted(titles[one.subject])}: {clipped(one.reason)}."
            refs = (Ref("delivery", one.key, clipped(one.reason)), Ref(kinds[one.subject], one.subject, titles[one.subject]))
            yield Line(text, Section.HELD, refs)


# Words


def clipped(text: str) -> str:
    """The beginning of ``text`` on one line, with "…" where it goes on."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + "…"


def quoted(text: str) -> str:
    """``text`` between “quotation marks”, its own turned to single ones."""
    return f"“{clipped(text).translate(_SINGLE)}”"


_SINGLE = str.maketrans("“”", "‘’")


def weekday(day: date) -> str:
    """ "Monday 23 November" """
    return f"{day:%A} {day.day} {day:%B}"


def _moment(known: Known, at: datetime) -> str:
    local = known.local(at)
    return f"{weekday(local.date())} at {local:%H:%M}"


def _stretch(known: Known, one: Appointment) -> str:
    start, end = known.local(one.start), known.local(one.end)
    if one.whole_day:
        last = (end - timedelta(minutes=1)).date()
        return f"on {weekday(start.date())}, all day" if last == start.date() else f"from {weekday(start.date())} to {weekday(last)}"
    if start.date() == end.date():
        return f"on {weekday(start.date())} from {start:%H:%M} to {end:%H:%M}"
    return f"from {_moment(known, start)} to {_moment(known, end)}"


def _when(day: date, today: date) -> str:
    match (day - today).days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
        case _:
            return f"on {weekday(day)}"
