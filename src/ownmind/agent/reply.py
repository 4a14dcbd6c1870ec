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
from dataclasses import dataclass

from pydantic_ai import ModelMessage
from pydantic_ai.models import Model

from ..errors import BrainNotReady, OwnmindError
from ..guard.plan import planned
from ..messages import Confidentiality, Kind
from ..models.tokens import tokens
from ..tools.act import Session
from ..tracing import span
from . import answers
from .acting.toolset import GuardedToolset, takes_tools
from .answer import Answer, Parts
from .answerable import LIKELY, UNLIKELY, admits
from .checked import check, checked, without
from .context import Talk, is_shown, is_too_long, musts
from .evidence import Message, gather
from .ground import Ground, ground, is_held
from .intent import Want
from .remote.asking import ANSWER, Asked, Chosen, RemoteBrain, composed
from .remote.consented import waiting
from .remote.rules import asking
from .remote.veiled import Unconsented, VeiledModel
from .speech import sentences, spoken, words

log = logging.getLogger(__name__)

IN_PARTS = (
    "(Your message is longer than I can read at once: I read its beginning, its end, and the parts nearest to those. All of it is kept, "
    "and you can ask me about any part of it.)"
)


async def reply(message: Message, talk: Talk, parts: Parts, answer: Answer, *, session: Session | None = None) -> AsyncGenerator[str]:
    """The pieces of the reply; what else belongs to it is written into ``answer``. ``session``: what the person's request may do, for a
    model that calls tools; without one it asked for nothing."""
    started = time.perf_counter()
    evidence = await asyncio.to_thread(gather, message, parts.memory)
    answer.recall = time.perf_counter() - started
    with span("page"):
        rests = ground(message, evidence)
    if rests.personal:
        answer.holds = rests.probability
    if evidence.dated is not None and rests.personal and (answer.holds or 0.0) >= LIKELY:
        yield answer.take(answers.dated(evidence.dated))
        return
    note = ""
    asked = asking(message.text, personal=rests.personal, secret=_is_secret(rests))
    chosen = await asyncio.to_thread(parts.remote.chosen, asked) if parts.remote is not None else None
    if parts.remote is not None and chosen is not None:
        remote = _Remote(parts.remote, chosen)
        async for piece in _from_remote(rests, talk, parts, remote, answer, session):
            yield piece
        if remote.has_answered:
            return
        note = remote.note
    async for piece in _from_here(rests, talk, parts, answer, session):
        yield piece
    if note:
        yield f"\n\n{note}"


async def _from_here(rests: Ground, talk: Talk, parts: Parts, answer: Answer, session: Session | None) -> AsyncGenerator[str]:
    """The reply by the brain of this machine, or by code where there is none."""
    try:
        model = await parts.brain.model()
    except BrainNotReady as error:
        yield answer.take(rests.without_brain(error.message))
        return
    answer.brain = parts.brain.id
    if rests.personal and not rests.stands_alone and not await is_held(rests, model, answer):
        yield answer.take(answers.unknown(rests.evidence.found, rests.message.text, rests.evidence.holding))
        return
    with span("page"):
        kept, shown = check(rests, answer.holds)
    log.debug("page of about %d tokens, %d notes", tokens(shown), len(rests.notes))
    tools = _tools(rests, talk, parts, session, model)

    def says(food: str) -> AsyncGenerator[str]:
        page_shown = without(shown, food) if food else shown
        return sentences(words(answer.speech, model, talk, page_shown, kept.beginning, tools, parts.voice.limits))

    answer.ends = _ending(rests, talk, shown, answer, tools)
    async for piece in checked(kept, says, model, answer, tools):
        yield piece
    answer.settle()
    if is_too_long(rests.message.text, rests.message.budget.message):
        yield f"\n\n{IN_PARTS}"


def _ending(rests: Ground, talk: Talk, shown: str, answer: Answer, tools: GuardedToolset | None) -> Callable[[bool], None]:
    """What is to be settled when the reply has been said, or stopped."""

    def ends(stopped: bool) -> None:
        if tools is not None:
            answer.actions += tuple(tools.actions)
            answer.label = answer.label.joined(*tools.read)
        _settle(rests, talk, shown, answer, stopped=stopped)

    return ends


def _settle(rests: Ground, talk: Talk, shown: str, answer: Answer, *, stopped: bool) -> None:
    """What is known once the reply has been said, or stopped: whether it is one, and what it rests on."""
    answer.label = talk.label = talk.label.joined(answer.label, rests.shown)
    answer.known = answer.known and not (rests.asks and admits(answer.text))
    if answer.known and answer.text:
        talk.add(shown, f"{answer.text} …" if stopped else answer.text, rests.message.item.id)
        if rests.message.want is not Want.SMALL_TALK and not answer.sources:
            with span("sources"):
                answer.sources = rests.sources(answer.text)


# By a model that calls tools


def _tools(rests: Ground, talk: Talk, parts: Parts, session: Session | None, model: Model) -> GuardedToolset | None:
    """The tools of the world for a model that can call them: judged against the plan of the person's request, which may be empty. All it
    was shown counts as read, in this turn and before."""
    world, message = parts.world, rests.message
    if world is None or not takes_tools(model) or message.want is Want.SMALL_TALK:
        return None
    session = session or Session(planned(message.item.text, (), world.declared()), message.item.conversation)
    read = [talk.label, rests.shown]
    return GuardedToolset(world, session, lambda: message.now, read, lambda ref: parts.memory.items(source=ref, kinds=[Kind.PASSAGE]))


# By a model on another machine


@dataclass
class _Remote:
    """What became of asking it. ``note``: what the person is told below the reply from here."""

    brain: RemoteBrain
    chosen: Chosen
    has_answered: bool = False
    note: str = ""


async def _from_remote(
    rests: Ground, talk: Talk, parts: Parts, remote: _Remote, answer: Answer, session: Session | None
) -> AsyncGenerator[str]:
    """The reply by the remote model, where the person said yes to that. Where they did not, the question waits for it; where memory holds
    no answer, nothing is asked of anybody."""
    if rests.personal and not rests.stands_alone and (answer.holds or 0.0) <= UNLIKELY:
        return
    at, item = remote.chosen.at, rests.message.item
    if remote.chosen.against or at is None:
        yield _going_on(remote.chosen.against, answer)
        return
    messages = await asyncio.to_thread(_composed, rests, parts)
    model = remote.brain.model(at, ANSWER, item.conversation)
    try:
        async for piece in answered(rests, talk, model, messages, answer, _tools(rests, talk, parts, session, model)):
            yield piece
        remote.has_answered = True
    except Unconsented as error:
        world, why = parts.world, f"{error.message[:1].upper()}{error.message[1:]}."
        if world is None:
            return
        if model.budget.calls:
            yield _going_on(error.message, answer)  # in the middle of its tools: what it said stays, and nothing waits
            return
        now = rests.message.now
        plain = await asyncio.to_thread(model.shown, messages)
        action = await asyncio.to_thread(waiting, messages, item, model, plain, world.actions, now, why)
        answer.actions = (*answer.actions, action)
        remote.note = f"With your yes, {model.at.model} at {model.at.destination} answers this too ({action.id})."
    except OwnmindError as error:
        log.info("the remote model did not answer: %s", type(error).__name__)
        yield _going_on("You went offline" if remote.brain.is_offline else error.message, answer)


def _going_on(why: str, answer: Answer) -> str:
    """One sentence that says why the brain here goes on."""
    said = f"{why[:1].upper()}{why[1:]}".rstrip(".")
    gap = " " if answer.words and not answer.words[-1][-1:].isspace() else ""
    return f"{gap}({said}, so I go on from here.)\n\n"


def _is_secret(rests: Ground) -> bool:
    """Whether an answer would rest on nothing but what is secret: whoever is shown none of it cannot give it."""
    shown = [one.item.label for one, _ in [*rests.notes, *rests.gathered]]
    return rests.personal and bool(shown) and all(label.confidentiality is Confidentiality.SECRET for label in shown)


async def answered(
    rests: Ground, talk: Talk, model: VeiledModel, messages: Sequence[ModelMessage], answer: Answer, tools: GuardedToolset | None = None
) -> AsyncGenerator[str]:
    """The pieces of the remote model's reply, checked as any other. Raises what the model raises, Unconsented before a byte has left."""
    kept, shown = check(rests, answer.holds)

    def says(food: str) -> AsyncGenerator[str]:
        return sentences(spoken(answer.speech, model, messages, tools=tools))

    answer.brain = model.at.model
    answer.ends = _ending(rests, talk, shown, answer, tools)
    try:
        async for piece in checked(kept, says, None, answer, tools):
            yield piece
    finally:
        answer.calls += model.budget.calls
    answer.settle()


def _composed(rests: Ground, parts: Parts) -> list[ModelMessage]:
    """What the remote model would be sent for this message."""
    message, evidence = rests.message, rests.evidence
    notes = [*rests.gathered, *(pair for pair in rests.notes if pair[0].id not in {one.id for one, _ in rests.gathered})]
    about = " ".join([message.text, *(line for _, line in notes)])
    shown = musts(evidence.rules, about)
    earlier = parts.conversations.messages(message.item.conversation, before=message.item.id)
    asked = Asked(
        message.item,
        message.text,
        notes,
        rests.worked_out,
        [one.item for one in evidence.found[:6]],
        [fact for fact in evidence.rules if is_shown(fact, shown)],
    )
    return composed(asked, earlier, parts.memory)
