"""A reply by the model: from a page of notes, in words that are checked as they come; or by code, when there is no model or memory
does not hold the answer.

A reply about the person must rest on the notes, rules the person set must hold, promises no tool can keep are put right. Sources are
attached afterwards, by code.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pydantic_ai import ModelMessage
from pydantic_ai.models import Model

from ..errors import BrainNotReady, OwnmindError
from ..guard.plan import planned
from ..memory.memory import Memory
from ..messages import OURS, Action, Cited, Kind, Label, Recalled
from ..models.brain import Brain
from ..store.conversations import Conversations
from ..store.plans import Plans
from ..store.settings import Settings
from ..tools.act import Session, World
from . import answers
from .acting.toolset import GuardedToolset, takes_tools
from .answerable import CLEAR, LIKELY, SURE, UNLIKELY, admits, declines, gate, hedged, is_borne_out, weighed
from .cite import cite, sourced
from .computed import Said, computed
from .context import Talk, is_shown, musts, page, tokens, unmarked
from .evidence import Evidence, Message, gather, is_about_the_person, notes
from .examples import FREELY, FROM_MEMORY, KEPT, Beginning
from .intent import Want
from .promises import CANNOT, breach, forbidden, promises
from .remote.asking import ANSWER, Asked, RemoteBrain, composed
from .remote.consented import waiting
from .remote.veiled import Unconsented, VeiledModel
from .speech import Speech, sentences, spoken, words

log = logging.getLogger(__name__)

_GATHERED = 0.8  # probability that an answer holds which code gathered from facts and dates and is sure of
_COMPUTED = 6  # items that dates and sums are worked out from
_LINES = 4  # of what was gathered; more are as many notes, and recall has them already


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn needs of the house."""

    memory: Memory
    brain: Brain
    conversations: Conversations
    settings: Settings
    world: World | None = None  # what may be done outside memory; None where nothing may
    waiting: Plans | None = None  # where plans are kept that wait; with a world there is one

    @property
    def plans(self) -> Plans:
        assert self.waiting is not None, "a world has a place for its plans"
        return self.waiting

    remote: RemoteBrain | None = None  # a model on another machine, which answers when it is chosen and may


@dataclass
class Answer:
    """A reply while it is made. ``words`` is exactly what was streamed."""

    words: list[str] = field(default_factory=list)
    sources: tuple[Cited, ...] = ()
    known: bool = True
    brain: str = ""
    gated: str | None = None  # what the gate found; None when it was not asked
    holds: float | None = None  # probability that memory holds the answer; None when the reply needs nothing from memory
    recall: float = 0.0
    speech: Speech = field(default_factory=Speech)
    actions: tuple[Action, ...] = ()  # what was done in the world, or waits to be
    label: Label = OURS  # joined of what the words were made from; the sources add theirs when it is stored

    @property
    def text(self) -> str:
        return "".join(self.words).strip()

    @property
    def rests_on(self) -> Label:
        """The reply's own label: as weak as the weakest of what it was made from and of what it cites, whose sources it names."""
        cited = [Label(one.label.integrity, one.label.confidentiality, (one.source,)) for one in self.sources]
        return OURS.joined(self.label, *cited)

    def take(self, told: answers.Told) -> str:
        """Makes ``told`` the reply, without the model; gives its words."""
        self.sources, self.known, self.brain = told.sources, told.known, ""
        return told.text


async def reply(message: Message, talk: Talk, parts: Parts, answer: Answer, *, session: Session | None = None) -> AsyncGenerator[str]:
    """The pieces of the reply; what else belongs to it is written into ``answer``. ``session``: what the person's request may do, for a
    model that calls tools; without one it asked for nothing."""
    started = time.perf_counter()
    evidence = await asyncio.to_thread(gather, message, parts.memory)
    answer.recall = time.perf_counter() - started
    ground = _ground(message, evidence)
    if ground.personal:
        answer.holds = _probability(message, evidence)
    if evidence.dated is not None and ground.personal and (answer.holds or 0.0) >= LIKELY:
        yield answer.take(answers.dated(evidence.dated))
        return
    note = ""
    if parts.remote is not None and parts.remote.endpoint() is not None:
        remote = _Remote(parts.remote)
        async for piece in _from_remote(message, evidence, ground, talk, parts, remote, answer):
            yield piece
        if remote.has_answered:
            return
        note = remote.note
    async for piece in _from_here(message, evidence, ground, talk, parts, answer, session):
        yield piece
    if note:
        yield f"\n\n{note}"


async def _from_here(
    message: Message, evidence: Evidence, ground: _Ground, talk: Talk, parts: Parts, answer: Answer, session: Session | None
) -> AsyncGenerator[str]:
    """The reply by the brain of this machine, or by code where there is none."""
    try:
        model = await parts.brain.model()
    except BrainNotReady as error:
        yield answer.take(_without_brain(error.message, message, evidence, ground))
        return
    answer.brain = parts.brain.id
    if ground.personal and not ground.stands_alone and not await _is_held(message, evidence, ground, model, answer):
        yield answer.take(answers.unknown(evidence.found, message.text, evidence.holding))
        return
    check, shown = _page(message, evidence, ground, answer)
    tools = _tools(message, evidence, ground, talk, parts, session, model)

    def says(food: str) -> AsyncGenerator[str]:
        page_shown = _without(shown, food) if food else shown
        return sentences(words(answer.speech, model, talk, page_shown, check.beginning, tools))

    async for piece in _checked(check, says, model, answer, tools):
        yield piece
    if tools is not None:
        answer.actions += tuple(tools.actions)
        answer.label = answer.label.joined(*tools.read)
    _settle(message, evidence, ground, talk, shown, answer)


def _settle(message: Message, evidence: Evidence, ground: _Ground, talk: Talk, shown: str, answer: Answer) -> None:
    """What is known once the whole reply has been said: whether it is one, and what it rests on."""
    answer.label = talk.label = talk.label.joined(answer.label, _shown(message, evidence, ground))
    answer.known = answer.known and not (_asks(message) and admits(answer.text))
    if answer.known and answer.text:
        talk.add(shown, answer.text)
        if message.want is not Want.SMALL_TALK and not answer.sources:
            answer.sources = _sources(message, evidence, ground, answer.text)


# By a model that calls tools


def _tools(
    message: Message, evidence: Evidence, ground: _Ground, talk: Talk, parts: Parts, session: Session | None, model: Model
) -> GuardedToolset | None:
    """The tools of the world for a model that can call them: judged against the plan of the person's request, which may be empty. All it
    was shown counts as read, in this turn and before."""
    world = parts.world
    if world is None or not takes_tools(model) or message.want is Want.SMALL_TALK:
        return None
    session = session or Session(planned(message.item.text, (), world.declared()), message.item.conversation)
    read = [talk.label, _shown(message, evidence, ground)]
    return GuardedToolset(world, session, lambda: message.now, read, lambda ref: parts.memory.items(source=ref, kinds=[Kind.PASSAGE]))


# By a model on another machine


@dataclass
class _Remote:
    """What became of asking it. ``note``: what the person is told below the reply from here."""

    brain: RemoteBrain
    has_answered: bool = False
    note: str = ""


async def _from_remote(
    message: Message, evidence: Evidence, ground: _Ground, talk: Talk, parts: Parts, remote: _Remote, answer: Answer
) -> AsyncGenerator[str]:
    """The reply by the remote model, where the person said yes to that. Where they did not, the question waits for it; where memory holds
    no answer, nothing is asked of anybody."""
    if ground.personal and not ground.stands_alone and (answer.holds or 0.0) <= UNLIKELY:
        return
    conversation = message.item.conversation
    messages = await asyncio.to_thread(_composed, message, evidence, ground, parts)
    try:
        model = remote.brain.model(ANSWER, conversation)
        async for piece in answered(message, evidence, ground, talk, model, messages, answer):
            yield piece
        remote.has_answered = True
    except Unconsented as error:
        world, why = parts.world, f"{error.message[:1].upper()}{error.message[1:]}."
        if world is None:
            return
        action = await asyncio.to_thread(
            waiting,
            messages,
            message.item,
            model,
            error.shown,
            world.actions,
            message.now,
            why,
        )
        answer.actions = (*answer.actions, action)
        remote.note = f"With your yes, {model.at.model} at {model.at.destination} answers this too ({action.id})."
    except OwnmindError as error:
        log.info("the remote model did not answer: %s", type(error).__name__)
        said = "You went offline" if remote.brain.endpoint() is None else f"{error.message[:1].upper()}{error.message[1:]}".rstrip(".")
        gap = " " if answer.words and not answer.words[-1][-1:].isspace() else ""
        yield f"{gap}({said}, so I go on from here.)\n\n"


async def answered(
    message: Message, evidence: Evidence, ground: _Ground, talk: Talk, model: VeiledModel, messages: Sequence[ModelMessage], answer: Answer
) -> AsyncGenerator[str]:
    """The pieces of the remote model's reply, checked as any other. Raises what the model raises, Unconsented before a byte has left."""
    check, shown = _page(message, evidence, ground, answer)

    def says(food: str) -> AsyncGenerator[str]:
        return sentences(spoken(answer.speech, model, messages))

    answer.brain = model.at.model
    async for piece in _checked(check, says, None, answer):
        yield piece
    _settle(message, evidence, ground, talk, shown, answer)


def grounds(message: Message, memory: Memory) -> tuple[Evidence, _Ground]:
    """What memory brings to a message, and what a reply to it may rest on. Reads the store."""
    evidence = gather(message, memory)
    return evidence, _ground(message, evidence)


def _composed(message: Message, evidence: Evidence, ground: _Ground, parts: Parts) -> list[ModelMessage]:
    """What the remote model would be sent for this message."""
    notes = [*ground.gathered, *(pair for pair in ground.notes if pair[0].id not in {one.id for one, _ in ground.gathered})]
    about = " ".join([message.text, *(line for _, line in notes)])
    shown = musts(evidence.rules, about)
    said = parts.conversations.messages(message.item.conversation)
    earlier = [one for one in said if one.id != message.item.id]
    asked = Asked(
        message.item,
        message.text,
        notes,
        ground.worked_out,
        [one.item for one in evidence.found[:6]],
        [fact for fact in evidence.rules if is_shown(fact, shown)],
    )
    return composed(asked, earlier, parts.memory)


# What a reply rests on


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a reply may rest on."""

    personal: bool  # only memory can answer
    notes: Sequence[tuple[Recalled, str]]  # items with their lines
    gathered: Sequence[tuple[Recalled, str]]  # what code gathered for a question of several parts, likewise
    lines: Sequence[str]  # the same with what sums it up, then what was worked out
    worked_out: Sequence[str]  # dates, sums, units
    stands_alone: bool  # what was worked out needs nothing from memory


def _ground(message: Message, evidence: Evidence) -> _Ground:
    personal = is_about_the_person(message, evidence)
    found = [Said(one.text, one.at.date() if one.at else None) for one in evidence.found[:_COMPUTED]]
    worked_out = computed(message.text, found, message.now)
    collected = evidence.collected
    gathered = personal and len(collected.lines) <= _LINES
    return _Ground(
        personal=personal,
        notes=notes(message, evidence, personal=personal),
        gathered=list(zip(collected.items, collected.lines, strict=False)) if gathered else [],
        lines=[*(map(unmarked, collected.lines) if gathered else ()), *worked_out],
        worked_out=worked_out,
        stands_alone=bool(computed(message.text, [], message.now)),
    )


def _probability(message: Message, evidence: Evidence) -> float:
    """That memory holds the answer, before the model is asked: what code gathered and is sure of counts, and so does a rule about
    somebody the question names."""
    gathered = _GATHERED if evidence.collected.sure else 0.0
    ruled = LIKELY if evidence.rules_named_in(message.text) else 0.0
    return max(evidence.holding.probability, gathered, ruled)


async def _is_held(message: Message, evidence: Evidence, ground: _Ground, model: Model, answer: Answer) -> bool:
    """Whether memory holds the answer: by code where that is sure, with the model's own look at the notes where it is not."""
    probability = answer.holds or 0.0
    if ground.notes and UNLIKELY < probability < SURE:
        answer.gated = await answer.speech.timed(gate(message.text, [line for _, line in ground.notes], model))
        anothers = bool(answer.gated) and evidence.is_told_of_another(answer.gated, message.now)
        answer.holds = probability = weighed(probability, answer.gated, anothers=anothers)
    return probability >= LIKELY


def _without_brain(state: str, message: Message, evidence: Evidence, ground: _Ground) -> answers.Told:
    held = _asks(message) and evidence.holding.probability > UNLIKELY
    return answers.without_brain(state, evidence.found if held else [], ground.worked_out, message.want, message.text)


def _page(message: Message, evidence: Evidence, ground: _Ground, answer: Answer) -> tuple[_Check, str]:
    """What the reply must keep to, and the page the model is shown."""
    lines = [line for _, line in ground.notes]
    must = musts(evidence.rules, " ".join([message.text, *lines]))
    shown = page(message.text, lines, must=must, computed=ground.lines)
    log.debug("page of about %d tokens, %d notes", tokens(shown), len(lines))
    rests = _rests_on_notes(message, ground)
    check = _Check(
        question=message.text,
        known="\n".join([shown, message.before]) if rests else "",
        ruled_out=forbidden([fact for fact in evidence.rules if is_shown(fact, must)]),
        personal=ground.personal,
        notes=ground.notes,
        want=message.want,
        beginning=FROM_MEMORY if rests or (ground.lines and _asks(message)) else FREELY,
        evidence=evidence,
        now=message.now,
        doubtful=answer.holds is not None and answer.holds < CLEAR and not ground.stands_alone,
    )
    return check, shown


def _sources(message: Message, evidence: Evidence, ground: _Ground, said: str) -> tuple[Cited, ...]:
    known = [*ground.notes, *ground.gathered, *evidence.resting]
    # A yes, or a date worked out, says nothing the question did not: then all of its words count.
    return cite(message.text, said, known) or (cite("", said, known) if _rests_on_notes(message, ground) else ())


def _shown(message: Message, evidence: Evidence, ground: _Ground) -> Label:
    """The joined label of what the model is shown this turn. Whatever that is may be in what it says: nobody can tell which words of
    it came from where."""
    computed_from = [] if ground.stands_alone or not ground.worked_out else evidence.found[:_COMPUTED]
    read = [one.item.label for one, _ in [*ground.notes, *ground.gathered]] + [one.item.label for one in computed_from]
    return OURS.joined(message.item.label, *read, *(fact.label for fact in evidence.rules))


def _rests_on_notes(message: Message, ground: _Ground) -> bool:
    return ground.personal or (message.want is Want.QUESTION and bool(ground.notes))


def _asks(message: Message) -> bool:
    return message.want in (Want.QUESTION, Want.REQUEST)


# The model's words


@dataclass(frozen=True, slots=True)
class _Check:
    """What a reply must keep to. ``known`` empty: the reply is not about the person and may say anything true."""

    question: str
    known: str
    ruled_out: frozenset[str]
    personal: bool
    notes: Sequence[tuple[Recalled, str]]
    want: Want
    beginning: Beginning
    evidence: Evidence
    now: datetime
    doubtful: bool  # worded as something believed, not known


async def _instead(check: _Check, model: Model | None, answer: Answer) -> answers.Told:
    """What to say when the model refused: the note that holds the answer, in its own words, if the gate finds one. To news, which
    needs no answer, that it is kept: it was read back before this turn began to speak."""
    if check.want is Want.STATEMENT:
        return answers.Told(KEPT)
    lines = [line for _, line in check.notes]
    words = answer.gated
    if words is None:
        words = await answer.speech.timed(gate(check.question, lines, model)) if lines and model is not None else ""
    return answers.quoted(check.notes, words) if words else answers.unknown(check.evidence.found, check.question, check.evidence.holding)


async def _checked(
    check: _Check,
    says: Callable[[str], AsyncGenerator[str]],
    model: Model | None,
    answer: Answer,
    tools: GuardedToolset | None = None,
) -> AsyncGenerator[str]:
    """The model's words, a sentence at a time once each is checked; what fails is replaced by plain words of ours. ``says`` gives its
    sentences, the second time without a food that must not come up; ``model`` may be asked more, and again: one on another machine is
    not, because it was shown to the person once and costs each time."""
    verdict, food, source = _Verdict.FINE, "", ""
    for _ in range(1 if model is None else 2):
        said = False
        # The stream is left before anything else is asked of the model: it does one thing at a time.
        async with aclosing(says(food)) as pieces:
            async for sentence in pieces:
                verdict, food = _judge(check, sentence, "\n".join(tools.told) if tools else "")
                if verdict in (_Verdict.REFUSED, _Verdict.UNFOUNDED, _Verdict.FORBIDDEN):
                    break
                source, as_told = sourced(check.question, sentence, [*check.notes, *(tools.shown if tools else ())], source)
                yield hedged(as_told) if check.doubtful and not said and as_told == sentence else as_told
                said = True
                if verdict is _Verdict.PROMISE:
                    yield f" {CANNOT}"
                    return
        if verdict is not _Verdict.FORBIDDEN or said:
            break
    if verdict is _Verdict.FORBIDDEN:
        yield f"{' ' if said else ''}(I left out a suggestion with {food}: it breaks a rule you gave me.)"
    elif not said:  # what is unfounded after a founded sentence is simply left out
        told = (
            await _instead(check, model, answer)
            if verdict is _Verdict.REFUSED
            else answers.unknown(check.evidence.found, check.question, check.evidence.holding)
        )
        answer.sources, answer.known = told.sources, told.known
        yield told.text


class _Verdict(StrEnum):
    FINE = "fine"
    REFUSED = "refused"  # "I don't know that yet"
    UNFOUNDED = "unfounded"  # a name or number that no note holds, or not the kind of answer that was asked for
    FORBIDDEN = "forbidden"  # food that a need rules out
    PROMISE = "promise"  # of something no tool can do


def _judge(check: _Check, sentence: str, told: str = "") -> tuple[_Verdict, str]:
    """The verdict on one sentence, with the food that is forbidden in it. ``told``: what the model was told by tools meanwhile."""
    if told and not admits(sentence):
        check = replace(check, known=f"{check.known}\n{told}", personal=False)
    if (check.known and admits(sentence)) or (check.want is Want.STATEMENT and (admits(sentence) or declines(sentence))):
        return _Verdict.REFUSED, ""
    if check.personal and not is_borne_out(check.question, sentence, check.known):
        return _Verdict.UNFOUNDED, ""
    if check.personal and check.evidence.is_told_of_another(sentence, check.now):
        return _Verdict.UNFOUNDED, ""
    food = breach(sentence, check.ruled_out)
    if food:
        return _Verdict.FORBIDDEN, food
    return (_Verdict.PROMISE if promises(sentence) else _Verdict.FINE), ""


def _without(shown: str, food: str) -> str:
    """The page once more, with the food that must not come up again."""
    return f"{shown}{'' if '[must]' in shown else chr(10) + '[must]'}\nNo {food} at all."
