"""One turn of conversation, from the person's words to the stored reply.

The message is stored and read back before anything else: whatever fails afterwards, it is kept. What it asks for is decided by
code. Remembering, forgetting and "why do you know that?" are answered by code from the rows themselves; the model speaks
for the rest (``reply.py``).

A turn yields Heard, Words*, then Done or Failed. Left early (the stream closed, the task cancelled), the model is stopped, and what
was said until then is stored as a part of a reply.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime

from ..errors import BrainNotReady, OwnmindError
from ..messages import Done, Event, Fact, Failed, Heard, Timings, Words
from ..models.cut import Cut
from ..tools.act import Session, World
from ..tracing import Recording, Tracer, span
from . import answers
from .acting.carrying import begun, carry, session_of
from .acting.forms import asks_to_act, planned
from .acting.planner import proposed
from .acting.plans import Plan, Unclear
from .acting.toolset import takes_tools
from .aims.answering import answered
from .answer import Answer, Parts
from .context import SMALL, Budget, Talk, budget
from .evidence import Message
from .intent import Want, has_words, intent
from .kept import Place, clean, hear, keep, keep_part, placed
from .reply import reply
from .skilled import skilled
from .talks import leave_branch, settle, talk_of
from .through import answered as through_a_program
from .through import label_of

log = logging.getLogger(__name__)

TURN = "turn"  # what its recording is called


async def turn(
    text: str, *, parts: Parts, conversation: str | None, now: datetime, instead_of: str = "", files: Sequence[str] = ()
) -> AsyncGenerator[Event]:
    """Answers ``text``. ``conversation`` None begins a new one. ``instead_of``: the id of a message of the person's that ``text`` is
    edited from, or of a reply that is asked for anew (then ``text`` says nothing): the talk branches there. ``files``: refs of the sources
    sent with it. Gives Heard, Words as they come, then Done or Failed."""
    text = clean(text)
    try:
        place = await asyncio.to_thread(placed, parts, conversation, instead_of)
    except OwnmindError as error:
        yield Failed(f"{error.message[:1].upper()}{error.message[1:]}.", error.hint)
        return
    if not text.strip() and place.heard is None:
        yield Failed("That message is empty.", "Write something, and I will answer.")
        return
    tracer = parts.tracer or _UNHEARD
    async with aclosing(tracer.stream(TURN, lambda recording: _turn(text, parts, place, files, now, recording))) as events:
        async for event in events:
            yield event


async def _turn(text: str, parts: Parts, place: Place, files: Sequence[str], now: datetime, recording: Recording) -> AsyncGenerator[Event]:
    began, away, first = time.perf_counter(), 0.0, 0.0
    name = place.conversation
    try:
        item, learned = await asyncio.to_thread(hear, text, parts, place, now, files)
        text = item.text
        if place.instead_of:
            await asyncio.to_thread(leave_branch, parts.memory, parts.settings, parts.skills, name)
    except OwnmindError as error:
        recording.counts["error.type"] = type(error).__name__
        yield Failed(f"I could not keep that message: {error.message}.", error.hint)
        return
    recording.counts["message"] = item.id
    yield Heard(item.id, name)
    wanted, answer = intent(text), Answer(after=item.id, instead_of=place.instead_of if place.heard is not None else "")
    storing: asyncio.Future[str] | None = None
    try:
        talk = await asyncio.to_thread(talk_of, parts, name, item.id)
        talk.budget = await _budget(parts)
        sent = await asyncio.to_thread(parts.conversations.attached, item.id)
        message, talk.last = Message(item, text, wanted.want, now, talk.last, talk.budget, sent), text
        cut = Cut(parts.voice.limits)
        async with aclosing(_bounded(_speak(message, wanted.about, talk, parts, answer, learned), cut, answer)) as pieces:
            async for piece in pieces:
                first = first or time.perf_counter() - began - away
                answer.words.append(piece)
                left = time.perf_counter()
                yield Words(piece)
                away += time.perf_counter() - left
        storing = asyncio.ensure_future(asyncio.to_thread(_kept, answer, cut, parts, name, now))
        reply_id = await asyncio.shield(storing)
    except (asyncio.CancelledError, GeneratorExit):  # stopped: the model has been by now, and what was said stays
        storing = storing or asyncio.ensure_future(asyncio.to_thread(keep_part, answer, parts, name, now))
        recording.counts |= {"stopped": True, "reply": await _ended(storing), "first": first, "away": away}
        raise
    except OwnmindError as error:
        log.info("turn failed: %s", type(error).__name__)
        recording.counts["error.type"] = type(error).__name__
        yield Failed(_failure(error), error.hint or "Say it again; your message is kept.")
        return
    except Exception as error:  # a model is foreign code: whatever it raises ends this turn, never the house
        log.exception("turn failed")
        recording.counts["error.type"] = type(error).__name__
        yield Failed(
            "Something went wrong while I was answering. Your message is kept.", "Say it again; `ownmind doctor` checks the parts."
        )
        return
    total = time.perf_counter() - began - away
    recording.counts |= {"reply": reply_id, "first": first, "away": away, "known": answer.known, "sources": len(answer.sources)}
    set_aside, talk.set_aside = talk.set_aside, 0
    recording.counts["set_aside"] = set_aside
    speech = answer.speech
    timings = Timings(answer.recall, speech.prompt, speech.generation, max(0.0, total - speech.waited), first, total)
    cost = parts.remote.costs.of(answer.calls) if parts.remote is not None and answer.calls else None
    is_cut = cut.is_full or (answer.speech.is_cut and not cut.stop)
    made = answer.reply(reply_id, name, learned, timings)
    yield Done(replace(made, cost=cost, is_cut=is_cut, stopped_at=cut.stop, set_aside=set_aside))


_UNHEARD = Tracer(lambda recording, mark: None)  # where nobody keeps what is recorded


async def _bounded(spoken: AsyncGenerator[str], cut: Cut, answer: Answer) -> AsyncGenerator[str]:
    """What may be said of ``spoken``. Where that ends early a model is stopped; what code does is done to its end, in silence."""
    async with aclosing(spoken) as pieces:
        async for piece in pieces:
            if said := cut.take(piece):
                yield said
            if cut.has_ended and answer.ends is not None:
                break
    if said := cut.rest():
        yield said


def _kept(answer: Answer, cut: Cut, parts: Parts, name: str, now: datetime) -> str:
    """The id of the stored reply; "" where it ended before its first word."""
    if not cut.has_ended:
        return keep(answer, parts, name, now)
    return keep_part(answer, parts, name, now)


async def _budget(parts: Parts) -> Budget:
    """What fits into one request to the model that answers here. Not waited for: code may answer without it."""
    try:
        model = await parts.brain.model(wait=False)
    except BrainNotReady:
        return SMALL
    return budget(getattr(model, "window", None) or model.context_window, is_large=takes_tools(model))


async def _ended(storing: asyncio.Future[str]) -> str:
    """What was stored, waited for however often this is cancelled: a write takes milliseconds, and half a turn is worse."""
    while not storing.done():
        with suppress(asyncio.CancelledError, OwnmindError):
            await asyncio.shield(storing)
    error = storing.exception()
    if error is not None:
        log.warning("what was said before the stop could not be kept: %s", type(error).__name__)
    return "" if error is not None else storing.result()


def _failure(error: OwnmindError) -> str:
    sentence = error.message.rstrip(". ")
    return f"{sentence[:1].upper()}{sentence[1:]}. Your message is kept."


# Answering


async def _speak(message: Message, about: str, talk: Talk, parts: Parts, answer: Answer, learned: Sequence[Fact]) -> AsyncGenerator[str]:
    """The pieces of the reply; what else belongs to it is written into ``answer``. ``about``: the thing an order is about."""
    memory, item, now = parts.memory, message.item, message.now
    if not parts.voice.is_present:
        answer.label = label_of(item)
        if (told := await asyncio.to_thread(through_a_program, message, about, parts)) is not None:
            yield answer.take(told)
            return
        if not item.label.integrity.is_vouched:
            async for piece in reply(message, talk, parts, answer):
                yield piece
            return
    pending = await asyncio.to_thread(answers.pending, parts.settings, item.conversation)
    if pending:
        await asyncio.to_thread(answers.clear_pending, parts.settings, item.conversation)
    if not pending and (begun_skill := await skilled(message, parts)) is not None:
        async with aclosing(begun_skill.told(answer)) as pieces:
            async for piece in pieces:
                yield piece
        return
    if not (pending and message.want in (Want.YES, Want.NO)) and (spoken := await answered(message, parts)) is not None:
        answer.goals, answer.label = spoken.goals, answer.label.joined(spoken.label)
        yield answer.take(spoken.told)
        return
    plan: Plan | Unclear | None = planned(message.text) if parts.world is not None else None
    session = None
    if plan is None and parts.world is not None and asks_to_act(message.text):
        plan, session = await _proposed(message, parts, parts.world)
    if isinstance(plan, Unclear):
        answer.known = False
        yield plan.why
        return
    if plan is not None:
        async with aclosing(carry(plan, message, talk, parts, answer)) as pieces:
            async for piece in pieces:
                yield piece
        return
    match message.want:
        case Want.YES if pending:
            said = await asyncio.to_thread(answers.forgotten, memory, pending, item, now)
        case Want.NO if pending:
            said = answers.Told("Nothing was forgotten.")
        case Want.REMEMBER:
            said = await asyncio.to_thread(answers.remembered, memory, about, item, learned, now)
        case Want.FORGET:
            said = await asyncio.to_thread(answers.proposed, memory, parts.settings, about or message.before, item, now)
        case Want.ABOUT_ME:
            said = await asyncio.to_thread(answers.about, memory, about)
        case Want.WHY:
            said = await asyncio.to_thread(answers.why, memory, parts.conversations, about, item, now)
        case Want.SMALL_TALK if not has_words(item.text):
            said = answers.Told(answers.LISTENING)
        case _:
            async for piece in reply(message, talk, parts, answer, session=session):
                yield piece
            return
    yield answer.take(said)


async def _proposed(message: Message, parts: Parts, world: World) -> tuple[Plan | Unclear | None, Session | None]:
    """What the model makes of a message that plausibly asks for something, before it has read anything else. Of one that calls tools by
    itself the plan is what its calls are judged by; for others it is carried out by code."""
    try:
        model = await parts.brain.model()
    except BrainNotReady:  # the reply says so
        return None, None
    with span("plan"):
        plan = await proposed(message.text, model)
    if isinstance(plan, Plan) and takes_tools(model):
        return None, session_of(plan, message.item, world)
    return plan, None


# Going on


async def go_on(parts: Parts, now: datetime) -> list[tuple[str, str]]:
    """Does what is left of the plans whose steps were decided meanwhile; each says in its conversation what became of it. Gives the
    conversations with what was said."""
    assert parts.world is not None
    spoken = []
    for waiting in await asyncio.to_thread(parts.plans.ready):
        item = await asyncio.to_thread(parts.memory.item, waiting.message)
        plan, progress, over = await asyncio.to_thread(begun, waiting, parts.world)
        answer = Answer()
        if over:
            await asyncio.to_thread(parts.plans.drop, waiting.message)
            answer.words.append(over)
        else:
            message = Message(item, item.text, intent(item.text).want, now)
            talk = await asyncio.to_thread(talk_of, parts, item.conversation, item.id)
            async with aclosing(carry(plan, message, talk, parts, answer, progress=progress)) as pieces:
                answer.words += [piece async for piece in pieces]
        if answer.text:
            await asyncio.to_thread(keep, answer, parts, item.conversation, now)
            spoken.append((item.conversation, answer.text))
    return spoken


__all__ = ["Parts", "go_on", "settle", "turn"]
