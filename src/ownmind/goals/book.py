"""The life of goals: said, asked about, confirmed, planned, followed, planned anew, reached or let go. The face ``mind.goals``.

Every word the person says of a goal is an item of memory first, and the part that was read from it hangs on that item; so a goal is
recalled, exported and forgotten like everything else. What an answer changes is written in one transaction; the plan that follows from it
is worked out after it, and again whenever it is asked for, so a process killed in between has lost nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import apsw

from ..errors import BadInput, NotFound
from ..memory.memory import Memory
from ..memory.words import normalised
from ..messages import Entry, Integrity, Kind, Label, Source, Span
from ..records import Appointment
from ..store import goals as rows
from ..store.items import row_id
from ..store.opening import Store
from . import answers, clock, kept, progress, replan, slots
from .asking import draft, needed_open, usual_chips, wrong
from .goal import (
    Answer,
    CheckedIn,
    Chip,
    Draft,
    Goal,
    How,
    Moved,
    Progress,
    State,
    Step,
    StepState,
    TemplateShown,
    Week,
)
from .harm import refuses
from .preferences import Preferences
from .statement import Stated
from .statement import read as read_statement
from .templates import Loaded, Rule, Template, cued, load, meant
from .templates.expand import expand

if TYPE_CHECKING:
    from .planning import Planned

LONGEST = 2000  # characters of a statement
MOST = 1000  # goals that are not ended
_AHEAD = 14  # days whose steps are always worked out
_RECENT = timedelta(days=60)  # steps that planning looks back on
_BEYOND = 16  # days of the calendar after a plan, for offers to finish later
_WEEKS = "goals.weeks"  # how long the last plan was
_ENDED = (State.REACHED, State.DROPPED)
_LIVE = (State.DRAFT, State.ACTIVE, State.PAUSED)


class Goals:
    """The face of goals. ``appointments``: what is in the calendar between two moments; ``preferences``: how the person's days are shaped;
    ``clock``: now, aware; ``own``: the folder of the person's own templates; ``names``: people known by name. Any thread may use it."""

    def __init__(
        self,
        store: Store,
        memory: Memory,
        clock: Callable[[], datetime],
        *,
        preferences: Callable[[], Preferences],
        appointments: Callable[[datetime, datetime], Sequence[Appointment]],
        own: Path | None = None,
        names: Callable[[], Collection[str]] = lambda: (),
    ) -> None:
        self._store, self._memory, self._clock = store, memory, clock
        self._preferences, self._appointments = preferences, appointments
        self._own, self._names = own, names
        self._one = threading.RLock()  # two changes at once would each work out the steps of the other's past

    # Saying a goal

    def add(self, statement: str, template: str = "", item: str = "") -> Draft:
        """Keeps a goal as it was understood, a draft, with the next thing to ask. ``template``: its kind, where the person chose it;
        ``item``: the message it was said with; else the statement is remembered as a note. Raises BadInput."""
        said = " ".join(statement.split())
        if not any(sign.isalnum() for sign in said):
            raise BadInput("no goal was said", hint='such as "run the half marathon on 12 April"')
        if len(said) > LONGEST:
            raise BadInput(
                f"that is longer than {LONGEST:,} characters", hint="say what you want in a sentence or two; the rest can be a note"
            )
        templates = self._templates()
        if template and template not in templates:
            raise BadInput(f"there is no template {template[:40]!r}", hint="one of " + ", ".join(sorted(templates)))
        now, zone = self._now()
        if refused := refuses(said, now):
            return Draft(None, refused=refused)
        with self._one, self._store.db.write() as cx:
            stated = read_statement(said, now, zone, names=self._names())
            if (same := self._same(cx, stated.title, said, zone)) is not None:
                shown = draft(same, templates, kept.left_open(cx, same.id), now, zone)
                return replace(
                    shown, remarks=(f"You have this goal already, since {_day(same.created_at)}.", *shown.remarks), is_known=True
                )
            if len(rows.listed(cx, [state.value for state in _LIVE])) >= MOST:
                raise BadInput(f"there are {MOST:,} goals already", hint="let one go first: `ownmind goals drop`")
            goal = rows.name(rows.next_id(cx))
            item = item or self._note(goal, said, now)
            kind = template or _kind(stated, said, templates)
            row = rows.add(cx, row_id(item), stated.title or said[:120], kind, State.DRAFT.value, now)
            assert rows.name(row) == goal, "the id that was foretold"
            for chip in self._spanned([*stated.chips, *_defined(said, stated.chips, templates.get(kind))], said, item):
                rows.put(cx, kept.chip_row(goal, chip))
            rows.note_changes(cx, [row], "added", now)
            return self._drafted(cx, goal, templates, stated.remarks, now, zone)

    def answer(self, goal: str, slot: str, value: str) -> Draft:
        """The person's answer to the question about ``slot``; "" leaves it open, where that can be. Raises BadInput, NotFound."""
        return self._said(goal, slot, value, How.ANSWERED)

    def change(self, goal: str, slot: str, value: str) -> Goal:
        """Puts a part right; "" takes it away. What is planned follows. Raises BadInput, NotFound."""
        changed = self._said(goal, slot, value, How.CHANGED).goal
        assert changed is not None, "only what is said anew can be refused"
        if changed.state is State.ACTIVE:
            self._plan(weeks=1)
        return self.get(goal)

    def confirm(self, goal: str) -> Goal:
        """The person says that it is understood: from now on it is planned. Raises BadInput while something is needed or cannot be."""
        now, zone = self._now()
        with self._one, self._store.db.write() as cx:
            templates = self._templates()
            said = kept.goal(cx, goal, zone)
            if said.state is not State.DRAFT:
                return said
            if said.template not in templates:
                raise BadInput("its kind is not known yet", hint="`ownmind goals answer " + goal + " template KIND`")
            template = templates[said.template]
            if missing := needed_open(said, template):
                raise BadInput(f"one thing is missing: {missing.question}", hint=f"`ownmind goals answer {goal} {missing.slot} ...`")
            rows.note_changes(cx, [rows.number(goal)], "confirmed", now)
            for chip in usual_chips(said, template):
                rows.put(cx, kept.chip_row(goal, chip))
            if said.begins is None:
                rows.put(cx, kept.chip_row(goal, Chip("begins", str(clock.today(now, zone)), How.ASSUMED)))
            whole = kept.goal(cx, goal, zone)
            if reasons := wrong(whole, template, now, zone):
                raise BadInput(reasons[0], hint=f"change it: `ownmind goals change {goal} ...`")
            self._to(cx, goal, State.ACTIVE)
            self._unfold(cx, [replace(whole, state=State.ACTIVE)], now, zone, _AHEAD)
            return kept.goal(cx, goal, zone)

    # Reading

    def all(self, states: tuple[State, ...] = ()) -> tuple[Goal, ...]:
        """Every goal, or those of some states, in the order they were said."""
        _, zone = self._now()
        with self._store.db.read() as cx:
            return kept.goals(cx, zone, states)

    def get(self, goal: str) -> Goal:
        """Raises NotFound."""
        _, zone = self._now()
        with self._store.db.read() as cx:
            return kept.goal(cx, goal, zone)

    def draft(self, goal: str) -> Draft:
        """A goal as it is understood by now, with what is still asked for. Raises NotFound."""
        now, zone = self._now()
        with self._store.db.read() as cx:
            return self._drafted(cx, goal, self._templates(), (), now, zone)

    def steps(self, goal: str = "") -> tuple[Step, ...]:
        """The steps of a goal, or of all, in their order, with what became of them."""
        self._refresh()
        _, zone = self._now()
        with self._store.db.read() as cx:
            if goal:
                kept.goal(cx, goal, zone)
            return kept.steps(cx, zone, [goal] if goal else None)

    def next(self) -> tuple[Step, ...]:
        """Today's open steps, the soonest first; without one with a place today, the first that comes."""
        self._refresh()
        now, zone = self._now()
        with self._store.db.read() as cx:
            active = {one.id for one in kept.goals(cx, zone, (State.ACTIVE,))}
            found = [one for one in kept.steps(cx, zone, active, since=now - timedelta(days=1)) if one.state is StepState.OPEN]
        placed = sorted((one for one in found if one.start is not None), key=_starts)
        today = clock.today(now, zone)
        due = [one for one in placed if _starts(one).date() <= today]
        return tuple(due or placed[:1] or sorted(found, key=lambda one: (one.latest, one.position))[:1])

    def progress(self, goal: str) -> Progress:
        """How far it has come, with what shows it. Raises NotFound."""
        self._refresh()
        now, zone = self._now()
        with self._store.db.read() as cx:
            whole = kept.goal(cx, goal, zone)
            steps, said = kept.steps(cx, zone, [goal]), kept.evidence(cx, zone, [goal])
        template = self._template(whole)
        appointments = self._appointments(now - _RECENT, now)
        return progress.progress(whole, template, steps, said, now, zone, appointments=appointments)

    def templates(self) -> tuple[TemplateShown, ...]:
        """The kinds of goals there are, and what is wrong with files that cannot be used."""
        loaded = self._load()
        shown = [
            TemplateShown(one.id, one.title, one.about, tuple(ask.question for ask in one.asks), one.says, one.source, one.is_own)
            for one in loaded.templates.values()
        ]
        return (*shown, *(TemplateShown("", problem.file, is_own=True, wrong=str(problem)) for problem in loaded.problems))

    def ics(self, goal: str = "") -> str:
        """The steps that have a place, of a goal or of all, as a calendar (RFC 5545)."""
        from .ics import export  # a library that only this needs

        now, zone = self._now()
        steps = [one for one in self.steps(goal) if one.state is StepState.OPEN and one.start is not None]
        return export(self._store, steps, [self.get(goal)] if goal else self.all(), zone, now)

    # Planning

    def plan(self, weeks: int = 1) -> Week:
        """Places the open steps of every goal into the calendar of the next ``weeks`` weeks, and proves it; or says what is missing and
        what would help. Raises BadInput."""
        if not 1 <= weeks <= 26:
            raise BadInput("a plan is for 1 to 26 weeks", hint="a quarter has 13")
        return self._plan(weeks)

    def take(self, offer: str) -> Week:
        """Takes an offer of the last plan. Raises NotFound when something has changed since."""
        from . import planning

        with self._one:
            now, zone = self._now()
            taken = planning.apply(self._planned(int(self._store.settings.get(_WEEKS) or 1)), offer)
            with self._store.db.write() as cx:
                touched = {one.id for one in taken.goals} | {one.goal for one in taken.steps}
                rows.note_changes(cx, sorted(map(rows.number, touched)), "taken", now)
                for goal in taken.goals:
                    self._take(cx, kept.goal(cx, goal.id, zone), goal, now)
                before = {one.id: one for one in kept.steps(cx, zone, touched)}
                rows.write_steps(cx, [kept.row_of(_agreed(before[one.id], one)) for one in taken.steps])
            return taken.week

    # Following

    def check_in(self, step_or_goal: str, words: str, item: str = "") -> CheckedIn:
        """What the person says of a step, or of a goal (then of its step that is up). The words are kept as evidence (``item``: the
        message they were said in); a miss is planned anew at once, and what moved is said, and why. Raises NotFound, BadInput."""
        said = " ".join(words.split())
        if not said or len(said) > LONGEST:
            raise BadInput(
                "nothing was said" if not said else f"that is longer than {LONGEST:,} characters", hint='such as "done" or "half"'
            )
        with self._one:
            now, zone = self._now()
            with self._store.db.read() as cx:
                goal, step = self._meant(cx, step_or_goal, now, zone)
            answer = answers.read(said)
            if answer.answer is None or (step is None and answer.answer is not Answer.VALUE):
                return CheckedIn(goal, step, None, "", question=_asked_again(goal, step, answer.answer))
            effect = self._checked(goal, step, answer, said, item, now, zone)
            for asked in {step_or_goal, step.id if step else goal.id}:
                self._store.deliveries.answered(asked, _meaning(answer, step).value, now)
            week = self._plan(weeks=1) if effect.is_miss and goal.state is State.ACTIVE else None
            if week is not None and not week.fits and step is not None and step.start is not None:
                effect, week = self._let_go(goal, step, effect, week, now, zone)
            return self._told(goal, step, answer, effect, week)

    def missed(self, steps: Sequence[str]) -> Week:
        """Nobody said how these steps went: they count as not done, without evidence for it, and what is left is planned anew. Steps that
        are not open any more stay as they are."""
        with self._one:
            now, zone = self._now()
            with self._store.db.write() as cx:
                opened = [one for one in (kept.step(cx, told, zone) for told in steps) if one.state is StepState.OPEN]
                for one in opened:
                    template = self._templates().get(kept.goal(cx, one.goal, zone).template)
                    others = kept.steps(cx, zone, [one.goal])
                    rule = template.rule if template else Rule.SITTINGS
                    changed = replan.effect(one, others, Answer.NOT_DONE, now, zone, rule).changed
                    rows.write_steps(cx, [kept.row_of(other) for other in changed])
            return self._plan(weeks=1)

    # Turning

    def pause(self, goal: str) -> Goal:
        """Nothing is planned and nothing said of it until it goes on."""
        return self._turned(goal, State.PAUSED, "paused")

    def resume(self, goal: str) -> Goal:
        """Goes on with a goal that was paused, let go or reached."""
        return self._turned(goal, State.ACTIVE, "resumed")

    def drop(self, goal: str) -> Goal:
        """Lets it go; it is kept, so that nobody has to say it twice."""
        return self._turned(goal, State.DROPPED, "dropped")

    def reach(self, goal: str) -> Goal:
        """The person says that it is reached."""
        return self._turned(goal, State.REACHED, "reached")

    def undo(self) -> Goal:
        """Takes back the last change to a goal (to several, where one act changed them). Raises NotFound when there is none."""
        now, zone = self._now()
        with self._one, self._store.db.write() as cx:
            changes = rows.last_changes(cx)
            if not changes:
                raise NotFound("there is nothing to take back", hint="only changes to goals are taken back here")
            for change in changes:
                if change.what == "added":
                    rows.write(cx, rows.get(cx, change.goal_id)._replace(state=State.DROPPED.value))
                    rows.drop_change(cx, change.id)
                else:
                    rows.restore(cx, change)
            goal = kept.goal(cx, rows.name(changes[0].goal_id), zone)
            self._unfold(cx, [goal], now, zone, _AHEAD)
        if goal.state is State.ACTIVE:
            self._plan(weeks=1)
        return goal

    # Inside: parts

    def _said(self, goal: str, slot: str, value: str, how: How) -> Draft:
        now, zone = self._now()
        with self._one, self._store.db.write() as cx:
            whole = kept.goal(cx, goal, zone)
            if whole.state in _ENDED:
                raise BadInput(f"{goal} is {whole.state.value}", hint=f"`ownmind goals resume {goal}` goes on with it")
            templates = self._templates()
            number = rows.number(goal)
            rows.note_changes(cx, [number], "changed", now)
            if slot == "template":
                self._choose(cx, number, value.strip(), templates)
            elif value.strip():
                self._put(cx, whole, slot, value, how, now, zone)
            else:
                self._leave_open(cx, whole, slot, how, templates)
            changed = kept.goal(cx, goal, zone)
            if how is How.CHANGED and changed.state is State.ACTIVE:
                if reasons := wrong(changed, self._template(changed), now, zone):
                    raise BadInput(reasons[0])
                self._unfold(cx, [changed], now, zone, _AHEAD)
            return self._drafted(cx, goal, templates, (), now, zone)

    def _choose(self, cx: apsw.Connection, number: int, template: str, templates: Collection[str]) -> None:
        if template not in templates:
            raise BadInput(f"there is no template {template[:40]!r}", hint="one of " + ", ".join(sorted(templates)))
        for chip in rows.chips(cx, [number]).get(number, []):
            if chip.how == How.ASSUMED.value:
                rows.take_away(cx, number, chip.slot)
        rows.write(cx, rows.get(cx, number)._replace(template=template))

    def _put(self, cx: apsw.Connection, goal: Goal, slot: str, value: str, how: How, now: datetime, zone: ZoneInfo) -> None:
        """A part in the person's words: read, remembered as a note of the goal, and written down with where it stands."""
        today = clock.today(now, zone)
        typed = slots.read(slot, value, today)
        if slot == "deadline" and isinstance(typed, date) and typed < today:
            raise BadInput(f"{_date(typed)} has passed", hint=f"today is {_date(today)}")
        written = slots.shown(slot, typed)
        said = " ".join(value.split())
        text = f"{slots.needed(slot).label[:1].upper()}{slots.needed(slot).label[1:]}: {said}"
        item = self._note(goal.id, text, now)
        span = Span(len(text) - len(said), len(text))
        rows.put(cx, kept.chip_row(goal.id, Chip(slot, written, how, item, span)))

    def _leave_open(self, cx: apsw.Connection, goal: Goal, slot: str, how: How, templates: dict[str, Template]) -> None:
        slots.needed(slot)
        template = templates.get(goal.template)
        ask = next((one for one in template.asks if one.slot == slot), None) if template else None
        if ask is not None and ask.needed:
            raise BadInput("without that it cannot be planned", hint=ask.question)
        if template is not None and slot in template.usual:
            rows.put(cx, kept.chip_row(goal.id, Chip(slot, template.usual[slot], How.ASSUMED)))
        elif how is How.ANSWERED:
            rows.put(cx, kept.chip_row(goal.id, Chip(slot, "", how)))
        else:
            rows.take_away(cx, rows.number(goal.id), slot)

    def _note(self, goal: str, text: str, now: datetime) -> str:
        """The id of a note of this goal that says ``text``. Raises NotFound for what the person has forgotten just now."""
        source = Source(f"goal:{goal}", "note", "A goal")
        (item,) = self._memory.remember([Entry(text, source, Label(Integrity.PERSON), Kind.NOTE, now)], now=now)
        if not item:
            raise NotFound("that was forgotten before, and stays forgotten", hint="say it in other words to have it remembered anew")
        return item

    def _spanned(self, chips: Sequence[Chip], said: str, item: str) -> list[Chip]:
        """The chips with where they stand in the item, which may say more than the statement, or say it with other blanks."""
        text = self._memory.item(item).text
        offset = text.find(said)
        found = []
        for chip in chips:
            words = said[chip.span.start : chip.span.end] if chip.span else ""
            start = offset + chip.span.start if chip.span and offset >= 0 else text.find(words) if words else -1
            found.append(replace(chip, item_id=item, span=Span(start, start + len(words)) if start >= 0 and words else None))
        return found

    def _drafted(
        self, cx: apsw.Connection, goal: str, templates: dict[str, Template], remarks: Sequence[str], now: datetime, zone: ZoneInfo
    ) -> Draft:
        whole = kept.goal(cx, goal, zone)
        shown = draft(whole, templates, kept.left_open(cx, goal), now, zone)
        return replace(shown, remarks=(*remarks, *(one for one in shown.remarks if one not in remarks)))

    def _same(self, cx: apsw.Connection, title: str, said: str, zone: ZoneInfo) -> Goal | None:
        """A goal that is not ended and was said in the same words."""
        wanted = {normalised(title), normalised(said)} - {""}
        live = kept.goals(cx, zone, _LIVE)
        return next((one for one in live if normalised(one.title) in wanted), None)

    # Inside: steps

    def _unfold(self, cx: apsw.Connection, goals: Sequence[Goal], now: datetime, zone: ZoneInfo, days: int) -> list[Moved]:
        """Works out the open steps of these goals for at least so many days, to the end of a week, and as far as they were worked out
        before; gives what was let go, and why."""
        today = clock.today(now, zone)
        let_go: list[Moved] = []
        for goal in goals:
            there = kept.steps(cx, zone, [goal.id])
            template = self._templates().get(goal.template)
            if goal.state is not State.ACTIVE or template is None:
                continue
            until = max((one.earliest.date() for one in there if one.state is StepState.OPEN), default=today)
            until = max(until, today + timedelta(days=max(days, _AHEAD) - 1)) + timedelta(days=1)
            until += timedelta(days=-until.weekday() % 7)
            said = kept.evidence(cx, zone, [goal.id])
            reached = progress.standing(goal, template, there, said)
            wanted = expand(goal, template, there, today, zone, until, reached=reached)
            merged = replan.merge(there, wanted, now, template.rule)
            rows.write_steps(cx, [kept.row_of(one) for one in merged.changed])
            rows.add_steps(cx, [kept.row_of(one) for one in merged.added])
            rows.remove_steps(cx, [rows.number(one.id, "s") for one in merged.removed])
            late = replan.squeezed(goal, kept.steps(cx, zone, [goal.id]), now, zone, template.rule, evening=self._evening())
            rows.write_steps(cx, [kept.row_of(one) for one in late.changed])
            rows.write(cx, rows.get(cx, rows.number(goal.id))._replace(unfolded=f"{today}/{until}"))
            let_go += [*merged.moved, *late.moved]
        return let_go

    def _refresh(self, days: int = _AHEAD) -> None:
        """Brings every goal's steps to today, once a day and after something of them was forgotten."""
        now, zone = self._now()
        today = f"{clock.today(now, zone)}/"
        with self._store.db.read() as cx:
            behind = [row.id for row in rows.listed(cx, [State.ACTIVE.value]) if not row.unfolded.startswith(today)]
        if not behind:
            return
        with self._one, self._store.db.write() as cx:
            goals = [one for one in kept.goals(cx, zone, (State.ACTIVE,)) if rows.number(one.id) in behind]
            self._unfold(cx, goals, now, zone, days)

    def _plan(self, weeks: int) -> Week:
        with self._one:
            planned = self._planned(weeks)
            with self._store.db.write() as cx:
                there = {one.id for one in kept.steps(cx, self._now()[1])}  # one may have been forgotten meanwhile
                rows.write_steps(cx, [kept.row_of(one) for one in planned.placed if one.id in there])
            self._store.settings.set(_WEEKS, str(weeks))
            return planned.week

    def _planned(self, weeks: int) -> Planned:
        from . import planning  # the solver is a second of loading

        now, zone = self._now()
        with self._store.db.write() as cx:
            goals = kept.goals(cx, zone, (State.ACTIVE,))
            let_go = self._unfold(cx, goals, now, zone, 7 * weeks)
            steps = kept.steps(cx, zone, [one.id for one in goals], since=now - _RECENT)
        appointments = self._appointments(now - timedelta(days=1), now + timedelta(days=7 * weeks + _BEYOND))
        planned = planning.plan(goals, steps, appointments, self._preferences(), now, zone, weeks=weeks)
        return replace(planned, week=replace(planned.week, moved=(*let_go, *planned.week.moved)))

    # Inside: check-ins and offers

    def _meant(self, cx: apsw.Connection, told: str, now: datetime, zone: ZoneInfo) -> tuple[Goal, Step | None]:
        """The step that is meant: that of the id; of a goal the one that began last, else the one that comes."""
        if told[:1] == "s":
            step = kept.step(cx, told, zone)
            return kept.goal(cx, step.goal, zone), step
        goal = kept.goal(cx, told, zone)
        opened = [one for one in kept.steps(cx, zone, [told]) if one.state is StepState.OPEN]
        begun = [one for one in opened if one.start is not None and one.start <= now]
        coming = sorted(opened, key=lambda one: (one.start or one.latest, one.position))
        return goal, max(begun, key=_starts) if begun else coming[0] if coming else None

    def _checked(
        self, goal: Goal, step: Step | None, answer: answers.Answered, said: str, item: str, now: datetime, zone: ZoneInfo
    ) -> replan.Effect:
        """Writes an answer: the words, the evidence, the steps it changes. All of it or nothing."""
        template = self._template(goal)
        amount = _amount(goal, answer)
        level = amount if answer.is_level else None
        meant = _meaning(answer, step)
        with self._store.db.write() as cx:
            others = kept.steps(cx, zone, [goal.id])
            effect = replan.Effect((), "Noted.")
            if step is not None and meant is not Answer.VALUE:
                once = None if answer.is_level else amount
                effect = replan.effect(step, others, meant, now, zone, template.rule, amount=once)
            if meant is Answer.LATER or _is_known(step, effect):
                return replace(effect, is_miss=False)
            rows.note_changes(cx, [rows.number(goal.id)], "checked in", now)
            item = item or self._note(goal.id, said, now)
            rows.write_steps(cx, [kept.row_of(one, note=item if step and one.id == step.id else "") for one in effect.changed])
            number = rows.number(step.id, "s") if step and meant is not Answer.VALUE else None
            rows.add_evidence(cx, rows.number(goal.id), number, row_id(item), now, "said", meant.value, level)
            if goal.state is State.ACTIVE:
                let_go = self._unfold(cx, [kept.goal(cx, goal.id, zone)], now, zone, _AHEAD)
                effect = replace(effect, let_go=tuple(let_go))
            return effect

    def _let_go(
        self, goal: Goal, step: Step, effect: replan.Effect, week: Week, now: datetime, zone: ZoneInfo
    ) -> tuple[replan.Effect, Week]:
        """A step that was not done and has no room left is let go, where its rule owes nothing and where that makes the rest fit."""
        rule = self._template(goal).rule
        with self._store.db.read() as cx:
            waits = kept.step(cx, step.id, zone)
        if waits.state is not StepState.OPEN or not replan.is_let_go(rule):
            return effect, week
        missed = replan.without_room(waits, rule)
        with self._store.db.write() as cx:
            rows.write_steps(cx, [kept.row_of(missed.changed[0])])
        if (other := self._plan(weeks=1)).fits:
            return replace(missed, let_go=effect.let_go), other
        with self._store.db.write() as cx:
            rows.write_steps(cx, [kept.row_of(waits)])
        return effect, week

    def _told(self, goal: Goal, step: Step | None, answer: answers.Answered, effect: replan.Effect, week: Week | None) -> CheckedIn:
        _, zone = self._now()
        with self._store.db.read() as cx:
            now_it_is = kept.step(cx, step.id, zone) if step else None
            goal = kept.goal(cx, goal.id, zone)
        moved = [*effect.let_go, *(week.moved if week else ())]
        if step and now_it_is and effect.is_miss and now_it_is.state is StepState.OPEN:
            moved = [replan.put_off(step, now_it_is), *(one for one in moved if one.step != step.id)]
        far = self.progress(goal.id)
        is_whole = far.share is not None and far.share >= 1 and goal.deadline is not None
        words = f"{effect.words} {far.words}".strip() if not effect.is_miss else effect.words
        question = f"Is it reached? `ownmind goals reach {goal.id}`" if is_whole else ""
        return CheckedIn(goal, now_it_is, answer.answer, words, tuple(moved), week, question)

    def _take(self, cx: apsw.Connection, old: Goal, new: Goal, now: datetime) -> None:
        """Writes as parts what an offer changes of a goal."""
        changes = {"deadline": new.deadline, "rest": new.rhythm.rules.rest, "a_week": new.rhythm.a_week, "minutes": new.rhythm.minutes}
        was = {"deadline": old.deadline, "rest": old.rhythm.rules.rest, "a_week": old.rhythm.a_week, "minutes": old.rhythm.minutes}
        for slot, value in changes.items():
            if value is not None and value != was[slot]:
                self._put(cx, old, slot, slots.shown(slot, value), How.CHANGED, now, self._now()[1])

    def _turned(self, goal: str, state: State, what: str) -> Goal:
        now, zone = self._now()
        with self._one, self._store.db.write() as cx:
            whole = kept.goal(cx, goal, zone)
            if whole.state is state:
                return whole
            if whole.state is State.DRAFT and state is State.ACTIVE:
                raise BadInput(f"{goal} was not confirmed yet", hint=f"`ownmind goals confirm {goal}`")
            rows.note_changes(cx, [rows.number(goal)], what, now)
            self._to(cx, goal, state, now)
            turned = kept.goal(cx, goal, zone)
            if state is State.ACTIVE:
                self._unfold(cx, [turned], now, zone, _AHEAD)
            else:
                opened = [one for one in kept.steps(cx, zone, [goal]) if one.state is StepState.OPEN]
                rows.remove_steps(cx, [rows.number(one.id, "s") for one in opened])
            return turned

    def _to(self, cx: apsw.Connection, goal: str, state: State, now: datetime | None = None) -> None:
        row = rows.get(cx, rows.number(goal))
        ended = now.timestamp() if now is not None and state in _ENDED else None
        rows.write(cx, row._replace(state=state.value, ended_at=ended, unfolded=""))

    # Inside: what it rests on

    def _now(self) -> tuple[datetime, ZoneInfo]:
        zone = clock.zone_of(self._preferences())
        return self._clock().astimezone(zone), zone

    def _evening(self) -> int:
        return max((window.end for window in self._preferences().awake), default=22 * 60)

    def _load(self) -> Loaded:
        return load(self._own)

    def _templates(self) -> dict[str, Template]:
        return dict(self._load().templates)

    def _template(self, goal: Goal) -> Template:
        """Raises NotFound when its file is gone."""
        found = self._templates().get(goal.template)
        if found is None:
            raise NotFound(f"the template {goal.template!r} is not there", hint="put its file back, or choose another kind for the goal")
        return found


def _meaning(answer: answers.Answered, step: Step | None) -> Answer:
    """ "Tomorrow" is not today; a number of what was done is a step that was done."""
    assert answer.answer is not None, "what is unclear was asked again"
    if answer.tomorrow:
        return Answer.NOT_DONE
    return Answer.DONE if answer.answer is Answer.VALUE and step is not None and not answer.is_level else answer.answer


def _kind(stated: Stated, said: str, templates: dict[str, Template]) -> str:
    """The template of a statement: one that it names (the person's own first), else as it was read; "" is asked for."""
    return cued(said, templates) or stated.template


def _defined(said: str, chips: Sequence[Chip], template: Template | None) -> list[Chip]:
    """What words mean by themselves: a half marathon has 21.1 km."""
    known = {chip.slot for chip in chips}
    found = meant(said, template) if template is not None else ()
    return [Chip(slot, value, How.SAID, span=Span(start, end)) for slot, value, start, end in found if slot not in known]


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


def _agreed(before: Step, taken: Step) -> Step:
    """What was cut or may end later by the person's yes keeps its place: working it out anew must not take that back."""
    is_other = (taken.minutes, taken.latest) != (before.minutes, before.latest)
    return replace(taken, pinned=taken.pinned or (is_other and taken.start is not None))


def _asked_again(goal: Goal, step: Step | None, answer: Answer | None) -> str:
    if step is None:
        return f"No step of {goal.id} is open. Where do you stand with it now?"
    return f"Was it done: {step.title}? Say done, half, not done, not this week, or a number." if answer is None else ""


def _starts(step: Step) -> datetime:
    assert step.start is not None
    return step.start


def _day(at: datetime) -> str:
    return _date(at.date())


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


__all__ = ["Answer", "Goals"]
