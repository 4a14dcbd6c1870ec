"""The life of goals: said, asked about, confirmed, planned, followed, planned anew, reached or let go. The face ``mind.goals``.

Every word the person says of a goal is an item of memory first, and the part that was read from it hangs on that item; so a goal is
recalled, exported and forgotten like everything else. What an answer changes is written in one transaction; the plan that follows from it
is worked out after it, and again whenever it is asked for, so a process killed in between has lost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import apsw

from ..connectors.transcript import sound
from ..errors import BadInput, NotFound
from ..memory.memory import Memory
from ..records import Appointment
from ..store import goals as rows
from ..store.items import row_id
from ..store.opening import Store
from . import clock, week
from .goal import CheckedIn, Chip, Draft, Goal, How, Move, Progress, State, Step, StepState, TemplateShown, Week
from .living import following, kept, moving, parts, unfolding
from .living.asking import draft, needed_open, usual_chips, wrong
from .living.ground import Ground
from .placing.schedule import GRID
from .preferences import Preferences
from .telling.review import Review
from .templates import Template
from .week import WeekShown

LONGEST = 2000  # characters of a statement
MOST = 1000  # goals that are not ended
_ENDED = (State.REACHED, State.DROPPED)


class Goals:
    """The face of goals. ``appointments``: what is in the calendar between two moments; ``preferences``: how the person's days are shaped;
    ``clock``: now, aware; ``own``: the folder of the person's own templates; ``names``: people known by name;
    ``review``: how a week is looked back on (`Today.review`). Any thread may use it."""

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
        review: Callable[[date | None], Review] | None = None,
    ) -> None:
        self._review = review
        self._ground = Ground(store, memory, clock, preferences, appointments, own, names)

    # Saying a goal

    def add(self, statement: str, template: str = "", item: str = "") -> Draft:
        """Keeps a goal as it was understood, a draft, with the next thing to ask. ``template``: its kind, where the person chose it;
        ``item``: the message it was said with; else the statement is remembered as a note. Raises BadInput."""
        from .saying.harm import refuses  # some hundred patterns that only this needs, read at the first goal and not at every start
        from .saying.statement import read as read_statement

        said = " ".join(sound(statement).split())
        if not any(sign.isalnum() for sign in said):
            raise BadInput("no goal was said", hint='such as "run the half marathon on 12 April"')
        if len(said) > LONGEST:
            raise BadInput(
                f"that is longer than {LONGEST:,} characters", hint="say what you want in a sentence or two; the rest can be a note"
            )
        templates = self._ground.templates()
        if template and template not in templates:
            raise BadInput(f"there is no template {template[:40]!r}", hint="one of " + ", ".join(sorted(templates)))
        now, zone = self._ground.now()
        if refused := refuses(said, now):
            return Draft(None, refused=refused)
        with self._ground.one, self._ground.store.db.write() as cx:
            stated = read_statement(said, now, zone, names=self._ground.names())
            if (same := parts.same(cx, stated.title, said, zone)) is not None:
                shown = draft(same, templates, kept.left_open(cx, same.id), now, zone)
                return replace(
                    shown,
                    remarks=(f"You have this goal already, since {clock.spelled(same.created_at.date())}.", *shown.remarks),
                    is_known=True,
                )
            if len(rows.listed(cx, [state.value for state in parts.LIVE])) >= MOST:
                raise BadInput(f"there are {MOST:,} goals already", hint="let one go first: `ownmind goals drop`")
            goal = rows.name(rows.next_id(cx))
            item = item or parts.note(self._ground, goal, said, now)
            kind = template or parts.kind(stated, said, templates)
            row = rows.add(cx, row_id(item), stated.title or said[:120], kind, State.DRAFT.value, now)
            assert rows.name(row) == goal, "the id that was foretold"
            for chip in parts.spanned(self._ground, [*stated.chips, *parts.defined(said, stated.chips, templates.get(kind))], said, item):
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
            unfolding.plan(self._ground)
        return self.get(goal)

    def confirm(self, goal: str) -> Goal:
        """The person says that it is understood: from now on it is planned. Raises BadInput while something is needed or cannot be."""
        now, zone = self._ground.now()
        with self._ground.one, self._ground.store.db.write() as cx:
            templates = self._ground.templates()
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
                first = _first_day(kept.goal(cx, goal, zone), now.astimezone(zone), self._ground.preferences())
                rows.put(cx, kept.chip_row(goal, Chip("begins", str(first), How.ASSUMED)))
            whole = kept.goal(cx, goal, zone)
            if reasons := wrong(whole, template, now, zone):
                raise BadInput(reasons[0], hint=f"change it: `ownmind goals change {goal} ...`")
            self._to(cx, goal, State.ACTIVE)
            unfolding.unfold(self._ground, cx, [replace(whole, state=State.ACTIVE)], now, zone)
            return kept.goal(cx, goal, zone)

    # Reading

    def all(self, states: tuple[State, ...] = ()) -> tuple[Goal, ...]:
        """Every goal, or those of some states, in the order they were said."""
        _, zone = self._ground.now()
        with self._ground.store.db.read() as cx:
            return kept.goals(cx, zone, states)

    def get(self, goal: str) -> Goal:
        """Raises NotFound."""
        _, zone = self._ground.now()
        with self._ground.store.db.read() as cx:
            return kept.goal(cx, goal, zone)

    def draft(self, goal: str) -> Draft:
        """A goal as it is understood by now, with what is still asked for. Raises NotFound."""
        now, zone = self._ground.now()
        with self._ground.store.db.read() as cx:
            return self._drafted(cx, goal, self._ground.templates(), (), now, zone)

    def steps(self, goal: str = "") -> tuple[Step, ...]:
        """The steps of a goal, or of all, in their order, with what became of them."""
        unfolding.refresh(self._ground)
        _, zone = self._ground.now()
        with self._ground.store.db.read() as cx:
            if goal:
                kept.goal(cx, goal, zone)
            return kept.steps(cx, zone, [goal] if goal else None)

    def next(self) -> tuple[Step, ...]:
        """Today's open steps, the soonest first; without one with a place today, the first that comes."""
        unfolding.refresh(self._ground)
        now, zone = self._ground.now()
        with self._ground.store.db.read() as cx:
            active = {one.id for one in kept.goals(cx, zone, (State.ACTIVE,))}
            found = [one for one in kept.steps(cx, zone, active, since=now - timedelta(days=1)) if one.state is StepState.OPEN]
        placed = sorted((one for one in found if one.start is not None), key=following.starts)
        today = clock.today(now, zone)
        due = [one for one in placed if following.starts(one).date() <= today]
        return tuple(due or placed[:1] or sorted(found, key=lambda one: (one.latest, one.position))[:1])

    def progress(self, goal: str) -> Progress:
        """How far it has come, with what shows it. Raises NotFound."""
        return following.far(self._ground, goal)

    def review(self, day: date | None = None) -> Review:
        """The week that holds ``day`` (today, unless given): planned, done, missed, how far each goal is; as `mind.today.review`."""
        assert self._review is not None, "a house gives it"
        return self._review(day)

    def templates(self) -> tuple[TemplateShown, ...]:
        """The kinds of goals there are, and what is wrong with files that cannot be used."""
        loaded = self._ground.loaded()
        shown = [
            TemplateShown(one.id, one.title, one.about, tuple(ask.question for ask in one.asks), one.says, one.source, one.is_own)
            for one in loaded.templates.values()
        ]
        return (*shown, *(TemplateShown("", problem.file, is_own=True, wrong=str(problem)) for problem in loaded.problems))

    def ics(self, goal: str = "") -> str:
        """The steps that have a place, of a goal or of all, as a calendar (RFC 5545)."""
        from .ics import export  # a library that only this needs

        now, zone = self._ground.now()
        steps = [one for one in self.steps(goal) if one.state is StepState.OPEN and one.start is not None]
        return export(self._ground.store, steps, [self.get(goal)] if goal else self.all(), zone, now)

    # Planning

    def plan(self, weeks: int = 1) -> Week:
        """Places the open steps of every goal into the calendar of the next ``weeks`` weeks, and proves it; or says what is missing and
        what would help. Raises BadInput."""
        if not 1 <= weeks <= 26:
            raise BadInput("a plan is for 1 to 26 weeks", hint="a quarter has 13")
        return unfolding.plan(self._ground, weeks)

    def week(self, day: date | None = None) -> WeekShown:
        """The week that holds ``day`` (today, unless given) as a calendar draws it: what stands in it, and what takes its time. It is not
        planned for this; `plan` does."""
        unfolding.refresh(self._ground)
        now, zone = self._ground.now()
        first = clock.monday(day or clock.today(now, zone))
        start, end = (clock.at(first + timedelta(days=n), 0, zone) for n in (0, 7))
        with self._ground.store.db.read() as cx:
            active = {one.id for one in kept.goals(cx, zone, (State.ACTIVE,))}
            steps = [one for one in kept.steps(cx, zone, since=start) if one.goal in active or one.state is not StepState.OPEN]
        return week.shown(first, steps, self._ground.appointments(start, end), self._ground.preferences(), now, zone)

    def move(self, step: str, day: date, clock: str) -> Move:
        """Puts a step where the person wants it: that day at that clock time ("18:00"), on the nearest quarter of an hour, if everything
        still has a place with it there; what made room is said, and it stays there when all is planned anew. Else nothing changes, and it
        says why, what is missing, and the nearest time that fits. `undo` takes it back. Raises NotFound, BadInput for a step that is not
        open."""
        return moving.move(self._ground, step, day, clock)

    def unpin(self, step: str) -> Week:
        """Leaves the time of a step that was moved to the plan again, which is made anew. Raises NotFound."""
        return moving.unpin(self._ground, step)

    def take(self, offer: str) -> Week:
        """Takes an offer of the last plan. Raises NotFound when something has changed since."""
        return unfolding.take(self._ground, offer)

    # Following

    def check_in(self, step_or_goal: str, words: str, item: str = "") -> CheckedIn:
        """What the person says of a step, or of a goal (then of its step that is up). The words are kept as evidence (``item``: the
        message they were said in); a miss is planned anew at once, and what moved is said, and why. Raises NotFound, BadInput."""
        said = " ".join(sound(words).split())
        if not said or len(said) > LONGEST:
            wrong_with = f"that is longer than {LONGEST:,} characters" if said else "nothing was said"
            raise BadInput(wrong_with, hint='such as "done" or "half"')
        return following.check_in(self._ground, step_or_goal, said, item)

    def attach(self, goal: str, item: str, value: str = "") -> Progress:
        """Counts something remembered (a note, a line of an imported log) as evidence of a goal; ``value``: where its measure stood by
        that, such as "14 km". What it says is shown as it stands there. Raises NotFound, BadInput."""
        return following.attach(self._ground, goal, item, value)

    def missed(self, steps: Sequence[str]) -> Week:
        """Nobody said how these steps went: they count as not done, without evidence for it, and what is left is planned anew. Steps that
        are not open any more stay as they are."""
        return following.missed(self._ground, steps)

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
        now, zone = self._ground.now()
        with self._ground.one, self._ground.store.db.write() as cx:
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
            unfolding.unfold(self._ground, cx, [goal], now, zone)
        if goal.state is State.ACTIVE:
            unfolding.plan(self._ground)
        return goal

    # Inside

    def _said(self, goal: str, slot: str, value: str, how: How) -> Draft:
        now, zone = self._ground.now()
        with self._ground.one, self._ground.store.db.write() as cx:
            whole = kept.goal(cx, goal, zone)
            if whole.state in _ENDED:
                raise BadInput(f"{goal} is {whole.state.value}", hint=f"`ownmind goals resume {goal}` goes on with it")
            templates = self._ground.templates()
            number = rows.number(goal)
            rows.note_changes(cx, [number], "changed", now)
            value = sound(value)
            if slot == "template":
                parts.choose(cx, number, value.strip(), templates)
            elif value.strip():
                parts.put(self._ground, cx, whole, slot, value, how, now, zone)
            else:
                parts.leave_open(cx, whole, slot, how, templates)
            changed = kept.goal(cx, goal, zone)
            if how is How.CHANGED and changed.state is State.ACTIVE:
                if reasons := wrong(changed, self._ground.template(changed), now, zone):
                    raise BadInput(reasons[0])
                unfolding.unfold(self._ground, cx, [changed], now, zone)
            return self._drafted(cx, goal, templates, (), now, zone)

    def _drafted(
        self, cx: apsw.Connection, goal: str, templates: dict[str, Template], remarks: Sequence[str], now: datetime, zone: ZoneInfo
    ) -> Draft:
        whole = kept.goal(cx, goal, zone)
        shown = draft(whole, templates, kept.left_open(cx, goal), now, zone)
        return replace(shown, remarks=(*remarks, *(one for one in shown.remarks if one not in remarks)))

    def _turned(self, goal: str, state: State, what: str) -> Goal:
        now, zone = self._ground.now()
        with self._ground.one, self._ground.store.db.write() as cx:
            whole = kept.goal(cx, goal, zone)
            if whole.state is state:
                return whole
            if whole.state is State.DRAFT and state is State.ACTIVE:
                raise BadInput(f"{goal} was not confirmed yet", hint=f"`ownmind goals confirm {goal}`")
            rows.note_changes(cx, [rows.number(goal)], what, now)
            self._to(cx, goal, state, now)
            turned = kept.goal(cx, goal, zone)
            if state is State.ACTIVE:
                unfolding.unfold(self._ground, cx, [turned], now, zone)
            else:
                opened = [one for one in kept.steps(cx, zone, [goal]) if one.state is StepState.OPEN]
                rows.remove_steps(cx, [rows.number(one.id, "s") for one in opened])
            return turned

    def _to(self, cx: apsw.Connection, goal: str, state: State, now: datetime | None = None) -> None:
        row = rows.get(cx, rows.number(goal))
        ended = now.timestamp() if now is not None and state in _ENDED else None
        rows.write(cx, row._replace(state=state.value, ended_at=ended, unfolded=""))


def _first_day(goal: Goal, now: datetime, preferences: Preferences) -> date:
    """Today; tomorrow where today's hours are over and the days left of the week would be too few: nobody who begins in the evening has
    missed the morning."""
    end = 60 * now.hour + now.minute + (goal.rhythm.minutes or GRID) + goal.rhythm.travel
    hours = goal.rhythm.windows or preferences.awake
    is_over = all(now.weekday() not in one.weekdays or end > one.end for one in hours)
    left = [day for day in range(now.weekday() + 1, 7) if any(day in one.weekdays for one in hours)]
    return now.date() + timedelta(days=int(is_over and (goal.rhythm.a_week or 1) > len(left)))


__all__ = ["Goals"]
