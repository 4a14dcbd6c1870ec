"""One turn of conversation, from the person's words to the stored reply.

The message is stored and read back before anything else: whatever fails afterwards, it is kept. What it asks for is decided by
code. Remembering, forgetting and "why do you know that?" are answered by code from the rows themselves; the model speaks
for the rest (``reply.py``).

A turn yields Heard, Words*, then Done or Failed. Left early (cancelled), no reply is stored and the message stays.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from secrets import token_hex
from weakref import WeakKeyDictionary

from pydantic_ai.models import Model

from ..errors import BrainNotReady, NotFound, OwnmindError
from ..memory.memory import Memory
from ..messages import Done, Entry, Event, Fact, Failed, Heard, Item, Kind, Reply, Source, Timings, Words
from ..tools.act import Session, World
from . import answers
from .acting.carrying import begun, carry, session_of
from .acting.forms import asks_to_act, planned
from .acting.planner import proposed
from .acting.plans import Plan, Unclear
from .acting.toolset import takes_tools
from .aims.answering import answered
from .answer import Answer, Parts
from .context import Talk
from .evidence import Message
from .examples import FREELY, FROM_MEMORY
from .intent import Want, intent
from .reply import reply
from .skilled import skilled
from .speech import prefill
from .through import answered as through_a_program
from .through import label_of, turns

log = logging.getLogger(__name__)

# What the model was shown, per open memory and conversation. Only in the process: after a restart a conversation goes on
# with its memory, without its last words in the prompt.
_TALKS: WeakKeyDictionary[Memory, dict[str, Talk]] = WeakKeyDictionary()


async def turn(text: str, *, parts: Parts, conversation: str | None, now: datetime) -> AsyncGenerator[Event]:
    """Answers ``text``. ``conversation`` None begins a new one. Gives Heard, Words as they come, then Done or Failed."""
    began, away = time.perf_counter(), 0.0
    text = _clean(text)
    if not text.strip():
        yield Failed("That message is empty.", "Write something, and I will answer.")
        return
    name = conversation or f"c{token_hex(5)}"
    try:
        item, learned = await asyncio.to_thread(_hear, text, parts, name, now)
    except OwnmindError as error:
        yield Failed(f"I could not keep that message: {error.message}.", error.hint)
        return
    yield Heard(item.id, name)
    talks = _talks(parts.memory)
    before = talks[name].last if name in talks else await asyncio.to_thread(_before, parts, name, item.id)
    wanted = intent(text)
    message, talk, answer = Message(item, text, wanted.want, now, before), talks.setdefault(name, Talk(turns(parts))), Answer()
    talk.last = text
    first = 0.0
    try:
        async with aclosing(_speak(message, wanted.about, talk, parts, answer, learned)) as pieces:
            async for piece in pieces:
                first = first or time.perf_counter() - began - away
                answer.words.append(piece)
                left = time.perf_counter()
                yield Words(piece)
                away += time.perf_counter() - left
        reply_id = await asyncio.to_thread(store_reply, answer, parts, name, now)
    except OwnmindError as error:
        log.info("turn failed: %s", type(error).__name__)
        yield Failed(_failure(error), error.hint or "Say it again; your message is kept.")
        return
    except Exception:  # a model is foreign code: whatever it raises ends this turn, never the house
        log.exception("turn failed")
        yield Failed(
            "Something went wrong while I was answering. Your message is kept.", "Say it again; `ownmind doctor` checks the parts."
        )
        return
    total = time.perf_counter() - began - away
    speech = answer.speech
    timings = Timings(answer.recall, speech.prompt, speech.generation, max(0.0, total - speech.waited), first, total)
    yield Done(
        Reply(
            reply_id,
            answer.text,
            answer.sources,
            learned,
            timings,
            name,
            answer.known,
            answer.brain,
            answer.holds,
            answer.actions,
            answer.rests_on,
            answer.goals,
            cost=parts.remote.costs.of(answer.calls) if parts.remote is not None and answer.calls else None,
        )
    )


async def settle(memory: Memory, conversation: str, model: Model) -> None:
    """Puts what was said since into the model's cache, for both beginnings, while the person reads: a message that follows then
    costs its own page and not the talk before it (1 second instead of 5)."""
    talk = _TALKS.get(memory, {}).get(conversation)
    if talk is None or not talk.turns:
        return
    for beginning in (FREELY, FROM_MEMORY):
        await prefill(model, talk, beginning)


def _talks(memory: Memory) -> dict[str, Talk]:
    """The talks of this memory. All are dropped when anything is forgotten or withheld: what the model was shown may hold it."""
    if memory not in _TALKS:
        talks: dict[str, Talk] = {}
        _TALKS[memory] = talks
        memory.forgetting.listeners.append(talks.clear)
    return _TALKS[memory]


# Hearing


def _clean(text: str) -> str:
    """The text without lone surrogates (they cannot be stored) and without control characters that mean nothing."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(letter for letter in text if letter in "\n\t" or (ord(letter) >= 32 and ord(letter) != 127))


def _hear(text: str, parts: Parts, conversation: str, now: datetime) -> tuple[Item, tuple[Fact, ...]]:
    """The message as it was read back, and the facts the rules learnt from it. Raises what the store raises."""
    entry = Entry(
        text, parts.voice.source or Source(f"conversation:{conversation}", "conversation"), parts.voice.label, Kind.MESSAGE, now,
        conversation=conversation, external_id=parts.voice.key or token_hex(8),
    )  # fmt: skip
    (name,) = parts.memory.remember([entry], now=now)
    if not name:
        raise NotFound("these words were forgotten a moment ago and are not kept again", hint="say it in other words")
    item = parts.memory.item(name)
    if item.text != text:
        raise OwnmindError("what was read back is not what was written", hint="run `ownmind doctor`")
    parts.conversations.start(conversation, now=now.timestamp(), title=" ".join(text.split())[:60])
    learned = parts.memory.learnt_from(name)
    return item, tuple(learned)


def _before(parts: Parts, conversation: str, item_id: str) -> str:
    """The person's message before this one, after a restart."""
    said = [one.text for one in parts.conversations.messages(conversation) if one.kind is Kind.MESSAGE and one.id != item_id]
    return said[-1] if said else ""


def store_reply(answer: Answer, parts: Parts, conversation: str, now: datetime) -> str:
    """The id of the reply as it is remembered; "" when its words were forgotten before."""
    text = answer.text
    entry = Entry(
        text, Source(f"conversation:{conversation}", "conversation"), answer.rests_on, Kind.REPLY, now,
        speaker="Ownmind", conversation=conversation, external_id=token_hex(8),
    )  # fmt: skip
    (name,) = parts.memory.remember([entry], now=now)
    if name:
        parts.conversations.keep_reply(
            name, sources=answer.sources, known=answer.known, brain=answer.brain,
            actions=[one.id for one in answer.actions], goals=answer.goals,
        )  # fmt: skip
        if parts.remote is not None and answer.calls:
            parts.remote.costs.belong(answer.calls, name)
    return name


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
            talk = _talks(parts.memory).setdefault(item.conversation, Talk())
            async with aclosing(carry(plan, message, talk, parts, answer, progress=progress)) as pieces:
                answer.words += [piece async for piece in pieces]
        if answer.text:
            await asyncio.to_thread(store_reply, answer, parts, item.conversation, now)
            spoken.append((item.conversation, answer.text))
    return spoken


__all__ = ["Parts", "go_on", "settle", "store_reply", "turn"]
