"""The reply to a message about goals or people, by code from their rows; None for every other message, which goes on as before.

Only the person's own message comes here, so outside text never makes a goal. What a reply is made from is cited, and what came from
outside (a contact, a letter) makes the reply no more trusted than it is.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...errors import BadInput, BrainNotReady, NotFound, OwnmindError
from ...goals import slots
from ...goals.book import Goals
from ...goals.clock import zone_of
from ...goals.goal import Answer as CheckIn
from ...goals.goal import Draft, Goal, How, State, Step, Week
from ...goals.saying import answers as check_ins
from ...goals.saying.quantities import quantities
from ...goals.saying.statement import read as read_statement
from ...goals.saying.unread import Unread
from ...goals.today import Today
from ...memory.calendar import day_in_words
from ...messages import OURS, UNKNOWN, Cited, Integrity, Label
from ...messages import Kind as ItemKind
from ...people.book import People
from ...people.person import Person, Promise, PromiseState
from ...store.conversations import Said
from ..answer import Parts
from ..answers import Told
from ..cite import cited_from, stems
from ..evidence import Message
from ..intent import Want
from . import wording
from .asked import LEFT_OPEN, NEVER_MIND, NO, TAKE, WHICH, YES, Ask, Asked, asked
from .filling import filled
from .helped import aim, asks_for_help
from .pending import Kind, Pending, keep, pending
from .waking import states_a_goal, wishes_harm

_MOST_GOALS = 12  # cited, and named beside a reply
_LONGEST_ANSWER = 30  # words of an answer to a check-in
_OPEN = (State.ACTIVE, State.PAUSED, State.DRAFT)
_PUT_RIGHT = re.compile(
    r"^\W*(?:(?:please|ok(?:ay)?|actually|no|sorry)[\s,]+)*(?:make|change|set|move|put)\s+(?:it|that|them|this)\s+(?:be\s+)?(?:to\s+|for\s+)?\S",
    re.IGNORECASE,
)
_FREE_TEXT = frozenset(("milestones", "why", "person", "obstacles", "title", "place", "measure"))
# "I'm 20 minutes late" is not about "learn Spanish for 20 minutes".
_OF_TIME = stems("minute minutes hour hours day days week weeks month months year time times morning evening night today every daily next")
_OTHER_KIND = re.compile(  # the kind was taken wrongly: "no, it's a habit"
    r"^\W*(?:no[\s,]+)?(?:it['’]?s|it is|that['’]?s|make it|rather|more like|i meant)\s+(?:more\s+)?(?:an?\s+)?"
    r"(?P<kind>habit|project|training|practice|saving|reading|study|event|relationship|free)(?:\s+goal)?\W*$",
    re.IGNORECASE,
)
_FROM_OUTSIDE = ("letter", "appointment", "person")  # kinds of sources of a briefing that are others' words
_ENDED_TALK = (Want.REMEMBER, Want.FORGET, Want.ABOUT_ME, Want.WHY)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply by code, the ids of the goals it is about, and what its words were made from."""

    told: Told
    goals: tuple[str, ...] = ()
    label: Label = OURS


async def answered(message: Message, parts: Parts) -> Spoken | None:
    """The reply to ``message`` where it is about goals or people; None where it is not."""
    if parts.goals is None or parts.people is None or parts.today is None or message.want in _ENDED_TALK:
        return None
    desk = _Desk(message, parts, parts.goals, parts.people, parts.today)
    spoken = await asyncio.to_thread(desk.spoken)
    if spoken is not None and desk.unclear is not None:
        return await _by_brain(desk, spoken)
    return spoken


async def _by_brain(desk: _Desk, spoken: Spoken) -> Spoken:
    """The draft with what the brain makes of words that code finds unclear; as it was without a brain."""
    draft = desk.unclear
    assert draft is not None
    assert draft.goal is not None
    try:
        model = await desk.parts.brain.model()
        found = await filled(desk.statement, model, desk.message.now)
    except (BrainNotReady, OwnmindError):
        return spoken
    if not found.template:
        return spoken
    return await asyncio.to_thread(desk.take_filled, draft.goal.id, found.template, found.values)


class _Desk:
    """One message, and the rooms it may be about."""

    def __init__(self, message: Message, parts: Parts, goals: Goals, people: People, today: Today) -> None:
        self.message, self.parts, self.goals, self.people, self.today = message, parts, goals, people, today
        self.text = message.text.strip()
        self.conversation = message.item.conversation
        self.zone = zone_of(today.preferences())
        self.now = message.now.astimezone(self.zone)
        self.unclear: Draft | None = None  # a draft whose kind nobody knows yet
        self.statement = ""

    def spoken(self) -> Spoken | None:
        """What to say; blocks, so it belongs in a thread."""
        waits = pending(self.parts.settings, self.conversation)
        if waits is not None:
            keep(self.parts.settings, self.conversation, None)
            if (said := self._safely(lambda: self._resumed(waits) if self._is_there(waits) else None)) is not None:
                return said
        if (question := asked(self.text)) is not None:
            return self._safely(lambda: self._asked(question))
        if (said := self._safely(self._put_right)) is not None:
            return said
        if refused := wishes_harm(self.text, self.now):
            return Spoken(Told(refused))
        if statement := states_a_goal(self.text, self.now, self.zone):
            return self._safely(lambda: self._stated(statement))
        if asks_for_help(self.text):
            return self._safely(self._helped)
        return self._safely(lambda: self._checked_in(waits))

    def _safely(self, say: Callable[[], Spoken | None]) -> Spoken | None:
        """What ``say`` gives; what cannot be done is said."""
        try:
            return say()
        except (BadInput, NotFound) as error:
            return Spoken(Told(f"{error.message[:1].upper()}{error.message[1:]}. {error.hint}".strip(), known=False))

    def _is_there(self, waits: Pending) -> bool:
        """Whether the goal that was asked about is still there: it may have been forgotten meanwhile."""
        return waits.kind not in (Kind.SLOT, Kind.CONFIRM) or any(goal.id == waits.ids[0] for goal in self.goals.all((State.DRAFT,)))

    def _wait(self, waits: Pending | None) -> None:
        keep(self.parts.settings, self.conversation, waits)

    # A goal is said

    def _stated(self, statement: str, item: str = "") -> Spoken:
        """``item``: the message or note the words are from, where that is not this one."""
        draft = self.goals.add(statement, "", item or self.message.item.id)
        self.statement = statement
        return self._drafted(draft)

    def _helped(self) -> Spoken | None:
        """ "Help me reach it": what was spoken of last, a goal that there is or an aim told in passing; else the last that was learnt."""
        live = {goal.id: goal for goal in self.goals.all((State.DRAFT, State.ACTIVE))}
        for said in reversed(self._said_before()):
            if named := [live[name] for name in said.goals if name in live]:
                (goal, *_) = named
                return self._drafted(self.goals.draft(goal.id)) if goal.state is State.DRAFT else self._week(self.goals.plan(1), goal)
            if said.kind is ItemKind.MESSAGE and (told := states_a_goal(said.text, self.now, self.zone) or aim(said.text)):
                return self._stated(told, said.id)
        for fact in sorted(self.parts.memory.facts(), key=lambda fact: fact.learned_at, reverse=True):
            if fact.label.integrity is Integrity.PERSON and (told := aim(fact.text)):
                return self._stated(told, fact.item_id)
        return Spoken(Told("What is it that you want to reach? Say it with its day, such as “run a half marathon on 12 April”."))

    def _drafted(self, draft: Draft, before: Goal | None = None) -> Spoken:
        """The draft in words, and what waits for the next message. ``before``: the goal as it was before this message answered."""
        if draft.goal is None:
            return Spoken(Told(draft.refused))
        goal = draft.goal
        if goal.state is State.DRAFT:
            self._wait(Pending(Kind.SLOT, (goal.id,), draft.slot) if draft.slot else Pending(Kind.CONFIRM, (goal.id,)))
            self.unclear = draft if draft.slot == "template" and self.statement else None
        kind = next((one.title for one in self.goals.templates() if one.id and one.id == goal.template), "")
        return Spoken(Told(wording.drafted(draft, kind=kind, heard=_heard(goal, before)), self._sources([goal])), (goal.id,))

    def take_filled(self, goal: str, template: str, values: Sequence[tuple[str, str]]) -> Spoken:
        """The draft with the kind and the parts that the brain found in the person's words and code has checked."""
        self.unclear, self.statement = None, ""
        draft = self.goals.answer(goal, "template", template)
        for slot, value in values:
            known = {chip.slot for chip in draft.goal.chips} if draft.goal else set()
            if slot not in known:
                draft = self._put(goal, slot, value) or draft
        return self._drafted(draft)

    def _put(self, goal: str, slot: str, value: str) -> Draft | None:
        try:
            return self.goals.answer(goal, slot, value)
        except BadInput:
            return None

    # What was asked is answered

    def _resumed(self, waits: Pending) -> Spoken | None:
        match waits.kind:
            case Kind.SLOT | Kind.CONFIRM:
                goal = self.goals.get(waits.ids[0])
                if (kind := _OTHER_KIND.match(self.text)) and waits.slot != "template":
                    return self._drafted(self.goals.answer(goal.id, "template", kind["kind"].lower()))
                if NEVER_MIND.match(self.text):
                    self.goals.drop(goal.id)
                    return Spoken(Told(f"All right, I have let “{goal.title}” go."), (goal.id,))
                return self._answered(goal, waits.slot) if waits.kind is Kind.SLOT else self._confirmed(goal)
            case Kind.OFFER:
                taken = TAKE.match(self.text)
                number = WHICH[taken["which"].lower()] if taken else 0 if YES.match(self.text) and len(waits.ids) == 1 else len(waits.ids)
                return self._week(self.goals.take(waits.ids[number])) if number < len(waits.ids) else None
            case Kind.WHICH:
                return self._which(waits)
            case _:
                return None

    def _answered(self, goal: Goal, slot: str) -> Spoken | None:
        """A part of a draft, where the message says one; None where it is about something else."""
        if slot == "template":
            chosen = self._template()
            return self._drafted(self.goals.answer(goal.id, "template", chosen), goal) if chosen else None
        if LEFT_OPEN.match(self.text):
            return self._drafted(self.goals.answer(goal.id, slot, ""), goal)
        if self._is_other_talk():
            return None
        draft = self._parts_of_answer(goal, slot)
        if draft is None and slot in _FREE_TEXT and not YES.match(self.text):
            draft = self._put(goal.id, slot, _listed(self.text) if slot == "milestones" else self.text)
        if draft is None:
            draft = self._put(goal.id, slot, _bare(self.text))
        if draft is None and slot in ("baseline", "target", "money"):
            counted = quantities(Unread(self.text))
            draft = (
                self._put(goal.id, slot, slots.shown("target", slots.Amount(counted[0].number, counted[0].unit)))
                if len(counted) == 1
                else None
            )
        return None if draft is None else self._drafted(draft, goal)

    def _parts_of_answer(self, goal: Goal, slot: str) -> Draft | None:
        """The asked part and whatever else the words say of it: "3 times a week, in the evenings"."""
        stated = read_statement(_as_said(slot, self.text), self.now, self.zone, preferences=self.today.preferences())
        values = {chip.slot: chip.value for chip in stated.chips}
        if slot == "baseline" and "baseline" not in values and "target" in values:
            values = {"baseline": values["target"]}
        if slot == "target" and "target" not in values and "baseline" in values:
            values = {"target": values["baseline"]}
        if slot == "every" and "a_week" in values and "every" not in values:
            values["every"] = str(max(1, round(7 / int(values["a_week"]))))
        if slot not in values:
            return None
        draft = self._put(goal.id, slot, values.pop(slot))
        known = {chip.slot for chip in goal.chips}
        for other, value in values.items():
            if (
                draft is not None
                and other not in known
                and other in ("a_week", "minutes", "windows", "deadline", "begins", "place", "why", "obstacles")
            ):
                draft = self._put(goal.id, other, value) or draft
        return draft

    def _template(self) -> str:
        """The kind of goal the words name; "" for none."""
        said = self.text.strip(" .!?\"'").casefold()
        shown = [one for one in self.goals.templates() if one.id]
        exact = [one.id for one in shown if said in (one.id, one.title.casefold()) or (stems(said) and stems(said) <= stems(one.title))]
        return exact[0] if len(exact) == 1 else next((one.id for one in shown if re.search(rf"\b{re.escape(one.id)}\b", said)), "")

    def _is_other_talk(self) -> bool:
        """Whether the message asks for something else than it was asked."""
        if asked(self.text) is not None or self.message.want is Want.SMALL_TALK:
            return True
        return self.text.rstrip().endswith("?") or states_a_goal(self.text, self.now, self.zone) != ""

    def _confirmed(self, goal: Goal) -> Spoken | None:
        if YES.match(self.text):
            confirmed = self.goals.confirm(goal.id)
            return self._week(self.goals.plan(1), confirmed)
        if NO.match(self.text):
            self._wait(Pending(Kind.CONFIRM, (goal.id,)))
            return Spoken(Told("What should be different? Say it in a few words, such as “three times a week” or “by 3 May”."), (goal.id,))
        if self._is_other_talk():
            return None
        stated = read_statement(_as_said("", self.text), self.now, self.zone, preferences=self.today.preferences())
        draft: Draft | None = None
        for chip in stated.chips:
            if chip.slot not in ("why", "person") or re.match(r"\W*(?:because|for|it)", self.text, re.IGNORECASE):
                draft = self._put(goal.id, chip.slot, chip.value) or draft
        return None if draft is None else self._drafted(draft, goal)

    def _put_right(self) -> Spoken | None:
        """ "Make it twice a week", of the goal that was spoken of last, or the only one there is."""
        if not _PUT_RIGHT.match(self.text) or len(self.text.split()) > _LONGEST_ANSWER:
            return None
        held = self._said_before()
        live = [goal.id for goal in self.goals.all((State.DRAFT, State.ACTIVE))]
        spoken_of = [name for said in reversed(held) for name in said.goals if name in live] or live
        if not spoken_of or (len(set(spoken_of)) > 1 and not any(said.goals for said in held)):
            return None
        stated = read_statement(_as_said("", self.text), self.now, self.zone, preferences=self.today.preferences())
        chips = [chip for chip in stated.chips if chip.slot not in ("why", "person")]
        if not chips:
            return None
        for chip in chips:
            goal = self.goals.change(spoken_of[0], chip.slot, chip.value)
        if goal.state is State.DRAFT:
            return self._drafted(self.goals.draft(goal.id))
        return self._week(self.goals.plan(1), goal)

    def _week(self, week: Week, goal: Goal | None = None) -> Spoken:
        if week.offers and not week.fits:
            self._wait(Pending(Kind.OFFER, tuple(offer.id for offer in week.offers)))
        named = tuple(dict.fromkeys([*([goal.id] if goal else []), *(step.goal for step in week.steps if step.start is not None)]))
        lead = f"Planned: {goal.title}.\n" if goal else ""
        return Spoken(Told(lead + wording.week(week), self._sources(self._known(named))), named[:_MOST_GOALS])

    # A check-in

    def _checked_in(self, waits: Pending | None) -> Spoken | None:
        """An answer to a nudge, or to steps that were just shown, or about a step by its own words."""
        if len(self.text.split()) > _LONGEST_ANSWER or self.message.want in (Want.SMALL_TALK, Want.REQUEST):
            return None
        said = check_ins.read(self.text)
        if said.answer is None:
            return None
        shown = waits.ids if waits is not None and waits.kind is Kind.STEP else ()
        asked_of = [nudge.subject for nudge in self.today.due(self.now) if nudge.choices and nudge.subject] if not shown else []
        named = self._named_step(said)
        if named:
            return self._check_in(named)
        if not shown and not (asked_of and (said.answer is not CheckIn.NOT_DONE or self._is_next_to_a_nudge())):
            return None
        if not shown and self.message.want in (Want.YES, Want.NO) and not self._is_next_to_a_nudge():
            return None  # a bare yes or no answers what was said last
        subjects = tuple(shown) or tuple(dict.fromkeys(asked_of))
        if shown or len(subjects) == 1:
            return self._check_in(subjects[0])
        return self._ask_which(subjects)

    def _said_before(self) -> list[Said]:
        """What was said in this conversation before this message, in order."""
        return self.parts.conversations.messages(self.conversation, before=self.message.item.id)

    def _is_next_to_a_nudge(self) -> bool:
        """Whether nothing was said in this conversation before, or the last reply was about goals."""
        held = self._said_before()
        return not held or bool(held[-1].goals)

    def _named_step(self, said: check_ins.Answered) -> str:
        """The open step of these days whose own words the message says; "" for none, or several."""
        if said.answer is CheckIn.LATER:
            return ""
        words = {word for word in stems(_present(self.text)) if word.isalpha()} - _OF_TIME
        near = [step for step in self.goals.next() if step.start is not None and step.start <= self.now]
        found = {step.goal: step for step in reversed(near) if len(words & stems(_present(step.title))) >= 1}
        return next(iter(found.values())).id if len(found) == 1 else ""

    def _ask_which(self, subjects: Sequence[str]) -> Spoken:
        titles = [self._title(subject) for subject in subjects[:5]]
        self._wait(Pending(Kind.WHICH, tuple(subjects[:5]), item=self.message.item.id))
        return Spoken(Told("Which one? " + "; ".join(f"{number}. {title}" for number, title in enumerate(titles, 1)) + "."))

    def _which(self, waits: Pending) -> Spoken | None:
        taken = TAKE.match(self.text)
        by_words = [one for one in waits.ids if stems(self.text) & stems(self._title(one))]
        number = WHICH[taken["which"].lower()] if taken else -1
        which = waits.ids[number] if 0 <= number < len(waits.ids) else by_words[0] if len(by_words) == 1 else ""
        return self._check_in(which, self.parts.memory.item(waits.item).text) if which else None

    def _title(self, subject: str) -> str:
        if subject.startswith("g"):
            return self.goals.get(subject).title
        return next((step.title for step in self.goals.steps() if step.id == subject), subject)

    def _check_in(self, subject: str, words: str = "") -> Spoken:
        done = self.goals.check_in(subject, words or self.text)
        lines = [done.words, *wording.moved(done.moved), *([done.question] if done.question else [])]
        return Spoken(Told("\n".join(line for line in lines if line), self._sources([done.goal])), (done.goal.id,))

    # Questions and orders

    def _asked(self, question: Asked) -> Spoken | None:
        match question.ask:
            case Ask.NEXT:
                return self._next(question.about)
            case Ask.WEEK:
                return self._week(self.goals.plan(1)) if self.goals.all((State.ACTIVE,)) else None
            case Ask.BRIEF:
                return self._brief()
            case Ask.GOALS:
                return self._list()
            case Ask.PROGRESS:
                goal = self._goal(question.about)
                return None if goal is None else self._progress(goal)
            case Ask.PAUSE | Ask.RESUME | Ask.DROP | Ask.REACH:
                return self._turned(question)
            case _:
                return _Circle(self).asked(question)

    def _next(self, about: str) -> Spoken | None:
        goal = self._goal(about) if about else None
        if about and goal is None:
            return None
        if not self.goals.all((State.ACTIVE,)):
            drafts = self.goals.all((State.DRAFT,))
            return Spoken(Told(wording.waiting(drafts[-1]), self._sources(drafts[-1:])), (drafts[-1].id,)) if drafts else None
        found = [step for step in self.goals.next() if goal is None or step.goal == goal.id]
        if goal is not None and not found:
            found = [step for step in self.goals.steps(goal.id) if step.state == "open"][:1]
        if found:
            self._wait(Pending(Kind.STEP, tuple(step.id for step in found)))
        named = tuple(dict.fromkeys(step.goal for step in found))
        return Spoken(Told(wording.steps([self._here(step) for step in found], self.now.date()), self._sources(self._known(named))), named)

    def _here(self, step: Step) -> Step:
        """The step at the clock of the person's zone."""
        return step if step.start is None else replace(step, start=step.start.astimezone(self.zone))

    def _brief(self) -> Spoken:
        brief = self.today.brief()
        promised = {one.id: one.item_id for one in self.people.promises()}
        named = [ref for line in brief.lines for ref in line.refs]
        refs = [promised.get(ref.ref, ref.ref) for ref in named]
        goals = tuple(dict.fromkeys(ref for ref in refs if re.fullmatch(r"g\d+", ref)))
        cited = tuple(self._cited(refs))
        outside = [ref.ref for ref in named if ref.kind in _FROM_OUTSIDE]
        text = "\n".join(f"- {line.text}" for line in brief.lines) or brief.words
        return Spoken(Told(text, cited), goals[:_MOST_GOALS], _label_of([*refs, *outside], cited))

    def _list(self) -> Spoken | None:
        found = self.goals.all(_OPEN)
        if not found:
            return None
        lines = [
            f"- {goal.title}{_due(goal)}{'' if goal.state is State.ACTIVE else f' ({goal.state.value})'}" for goal in found[:_MOST_GOALS]
        ]
        more = f"\nand {len(found) - _MOST_GOALS} more: `ownmind goals` lists them all." if len(found) > _MOST_GOALS else ""
        return Spoken(Told("Your goals:\n" + "\n".join(lines) + more, self._sources(found)), tuple(goal.id for goal in found[:_MOST_GOALS]))

    def _progress(self, goal: Goal) -> Spoken:
        found = self.goals.progress(goal.id)
        refs = [evidence.ref for evidence in found.evidence]
        cited = tuple(dict.fromkeys((*self._cited(refs), *self._sources([goal]))))
        return Spoken(Told(wording.progress(goal, found), cited[:6]), (goal.id,), _label_of(refs, cited))

    def _turned(self, question: Asked) -> Spoken | None:
        goal = self._goal(question.about)
        if goal is None:
            return None
        match question.ask:
            case Ask.PAUSE:
                self.goals.pause(goal.id)
                said = f"“{goal.title}” is paused. Say “resume {goal.title}” to go on."
            case Ask.RESUME:
                self.goals.resume(goal.id)
                said = f"“{goal.title}” goes on."
            case Ask.DROP:
                self.goals.drop(goal.id)
                said = f"I have let “{goal.title}” go. `ownmind goals undo` brings it back."
            case _:
                self.goals.reach(goal.id)
                said = f"You reached it: {goal.title}. Well done."
        return Spoken(Told(said, self._sources([goal])), (goal.id,))

    # What it is about

    def _goal(self, about: str) -> Goal | None:
        """The one goal that ``about`` names by its words; None for none, or several as near."""
        wanted = stems(about)
        if not wanted:
            return None
        weighed = [(len(wanted & stems(f"{goal.title} {goal.person}")) / len(wanted), goal) for goal in self.goals.all(_OPEN)]
        best = max((share for share, _ in weighed), default=0.0)
        found = [goal for share, goal in weighed if share == best]
        return found[0] if best >= 0.5 and len(found) == 1 else None

    def _known(self, ids: Sequence[str]) -> list[Goal]:
        return [goal for goal in self.goals.all() if goal.id in ids]

    def _sources(self, goals: Sequence[Goal]) -> tuple[Cited, ...]:
        return tuple(self._cited([goal.item_id for goal in goals[:_MOST_GOALS]]))

    def _cited(self, refs: Sequence[str]) -> list[Cited]:
        """The items among ``refs``, as sources."""
        found = []
        for ref in dict.fromkeys(refs):
            if re.fullmatch(r"i\d+", ref):
                try:
                    found.append(cited_from(self.parts.memory.item(ref), stems(self.text)))
                except NotFound:
                    continue
        return found


class _Circle:
    """Questions about people, on the same desk."""

    def __init__(self, desk: _Desk) -> None:
        self._desk, self._people = desk, desk.people

    def asked(self, question: Asked) -> Spoken | None:
        match question.ask:
            case Ask.ASK_ABOUT:
                return self._ask_about(question.about)
            case Ask.PROMISED:
                return self._promised(question.about, by_you=True)
            case Ask.PROMISED_ME:
                return self._promised(question.about, by_you=False)
            case Ask.BIRTHDAY:
                return self._birthday(question.about)
            case Ask.WAITING:
                return self._waiting()
            case _:
                return self._reconnect()

    def _person(self, name: str) -> Person | None:
        wanted = re.sub(r"^(?:my|our)\s+", "", name.strip(), flags=re.IGNORECASE)
        found = self._people.all(wanted) if wanted else ()
        named = [one for one in found if one.name.casefold() == wanted.casefold()] or found
        return named[0] if len(named) == 1 else None

    def _ask_about(self, name: str) -> Spoken | None:
        person = self._person(name)
        ask = self._people.card(person.id).ask if person else ()
        if person is None or not ask:
            return None
        lines = [f"- {line.text.rstrip('.')}." for line in ask[:6]]
        return self._spoken(f"You could ask {person.name}:\n" + "\n".join(lines), [line.ref for line in ask[:6]])

    def _promised(self, name: str, *, by_you: bool) -> Spoken | None:
        whom = self._person(name) if name else None
        if name and whom is None and not any(_is_of(one, name, by_you=by_you) for one in self._people.promises()):
            return None
        found = [one for one in self._people.promises((PromiseState.OPEN, PromiseState.FOUND)) if (one.by == "you") == by_you]
        found = [one for one in found if not name or _is_of(one, name, by_you=by_you) or (whom is not None and one.person == whom.id)]
        if not found:
            return None
        who = (
            f"You promised{f' {whom.name if whom else name}' if name else ''}" if by_you else f"{whom.name if whom else name} promised you"
        )
        unsure = any(one.state is PromiseState.FOUND for one in found)
        text = wording.promises(found, who) + (
            "\nI found these in what was said; tell me on their cards whether they are promises." if unsure else ""
        )
        return self._spoken(text, [one.item_id for one in found])

    def _birthday(self, name: str) -> Spoken | None:
        if name:
            born = [one for one in self._people.all(name) if one.birthday is not None]
            day = self._people.card(born[0].id).next_birthday if len(born) == 1 else None
            if day is None:
                return None
            person = born[0]
            return self._spoken(f"{person.name}'s next birthday is on {day_in_words(day)}.", [person.birthday_ref])
        found = self._people.birthdays(366)
        if not found:
            return None
        first = [one for one in found if one.day == found[0].day]
        names = " and ".join(one.name + (f" (turns {one.turns})" if one.turns else "") for one in first)
        return self._spoken(f"{names}, on {day_in_words(first[0].day)}.", [one.ref for one in first])

    def _waiting(self) -> Spoken | None:
        found = self._people.waiting()
        if not found:
            return None
        lines = [f"- {one.name}, since {day_in_words(one.since.date())}: “{one.words.strip()}”" for one in found[:6]]
        return self._spoken("Waiting for your answer:\n" + "\n".join(lines), [one.ref for one in found[:6]])

    def _reconnect(self) -> Spoken | None:
        found = self._people.reconnect()
        return self._spoken("\n".join(f"- {one.text}" for one in found), [one.ref for one in found]) if found else None

    def _spoken(self, text: str, refs: Sequence[str]) -> Spoken:
        cited = tuple(self._desk._cited(refs))
        return Spoken(Told(text, cited), (), _label_of(refs, cited))


def _heard(goal: Goal, before: Goal | None) -> str:
    """What an answer has filled, said back; "" at the beginning."""
    if before is None:
        return ""
    known, unit = {(chip.slot, chip.value) for chip in before.chips}, goal.measure.unit if goal.measure else ""
    new = [
        wording.part(chip, unit)
        for chip in goal.chips
        if (chip.slot, chip.value) not in known and chip.how is not How.ASSUMED and chip.value
    ]
    return f"Noted: {'; '.join(new)}." if new else "All right."


def _is_of(promise: Promise, name: str, *, by_you: bool) -> bool:
    other = promise.to if by_you else promise.by
    return bool(stems(name) & stems(other))


def _label_of(refs: Sequence[str], cited: Sequence[Cited]) -> Label:
    """What a reply made from ``refs`` is worth: what is no item of memory (a contact, a letter, an appointment) came from outside."""
    there = {one.item_id for one in cited}
    outside = [ref for ref in refs if ref and ref not in there and not re.fullmatch(r"[igsm]\d+", ref)]
    return OURS.joined(Label(UNKNOWN.integrity, UNKNOWN.confidentiality, tuple(sorted(set(outside))))) if outside else OURS


def _due(goal: Goal) -> str:
    return f", by {day_in_words(goal.deadline)}" if goal.deadline else ""


def _as_said(slot: str, text: str) -> str:
    """An answer as a statement would say it, so that the same reader reads both: "3" is three times a week where that was asked."""
    bare = _bare(text)
    match slot:
        case "a_week" if re.fullmatch(r"\w+", bare):
            return f"do it {bare} times a week"
        case "deadline" if not re.match(r"(?:by|on|until|before|in|within|next|this|end|the end)\b", bare, re.IGNORECASE):
            return f"do it by {bare}"
        case "every" if re.fullmatch(r"\w+(?: (?:days?|weeks?|months?))?", bare):
            return f"do it every {bare if ' ' in bare else bare + ' days'}"
        case "baseline":
            return f"do it, now {bare}"
        case "target":
            return f"get to {bare}"
    return f"do it {bare}"


def _bare(text: str) -> str:
    return re.sub(
        r"^\W*(?:(?:um|well|so|maybe|about|around|roughly|let['’]s say|i think|make it|say|ok(?:ay)?|hm+)\b[\s,]*)+|[\s.!]+$",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )


def _listed(text: str) -> str:
    """Stages as they are said, one after the other, with ";" between."""
    if ";" in text or "\n" in text:
        return text
    return re.sub(r",\s*(?:and\s+)?(?:then\s+|finally\s+)?|\s+(?:and\s+)?then\s+|\s+and finally\s+", "; ", text.strip(" ."))


_PRESENT = {"ran": "run", "swam": "swim", "wrote": "write", "read": "read", "did": "do", "went": "go", "rode": "ride", "drew": "draw",
            "sang": "sing", "called": "call", "met": "meet", "saw": "see", "spoke": "speak", "saved": "save", "put": "put",
            "meditated": "meditate", "practised": "practise", "practiced": "practice", "visited": "visit"}  # fmt: skip


def _present(text: str) -> str:
    return re.sub(r"[a-z]+", lambda match: _PRESENT.get(match[0], match[0]), text.lower())
