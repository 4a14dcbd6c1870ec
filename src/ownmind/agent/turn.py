"""One turn of conversation, from the person's words to the stored reply.

The message is stored and read back before anything else: whatever fails afterwards, it is kept. What it asks for is decided by
code. Remembering, forgetting and "why do you know that?" are answered by code from the rows themselves; the model speaks
for the rest, from notes written by code. Its words are checked as they come: a reply about the person must rest on the notes,
rules the person set must hold, promises no tool can keep are put right. Sources are attached afterwards, by code.

A turn yields Heard, Words*, then Done or Failed. Left early (cancelled), no reply is stored and the message stays.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from weakref import WeakKeyDictionary

from pydantic_ai.models import Model

from ..errors import BrainNotReady, NotFound, OwnmindError
from ..memory.collect import NOTHING, Collected, collect
from ..memory.holds import Holding, judge, told_of_another
from ..memory.memory import Memory
from ..memory.question import read
from ..messages import (
    Cited,
    Done,
    Entry,
    Event,
    Fact,
    Failed,
    Heard,
    Integrity,
    Item,
    Kind,
    Label,
    Recalled,
    Reply,
    Source,
    Timings,
    Words,
)
from ..models.brain import Brain
from ..store.conversations import Conversations
from ..store.settings import Settings
from . import answers
from .answerable import CLEAR, LIKELY, SURE, UNLIKELY, admits, declines, gate, hedged, is_borne_out, weighed
from .cite import cite
from .computed import Said, computed
from .context import GATHERED_TOKENS, NOTE_TOKENS, Talk, chosen, is_shown, musts, page, tokens, unmarked
from .examples import FREELY, FROM_MEMORY, KEPT, Beginning
from .intent import Intent, Want, asks, intent, is_personal, refers_back
from .promises import CANNOT, breach, forbidden, promises
from .speech import Speech, prefill, sentences

log = logging.getLogger(__name__)

_NEVER_NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
    december christmas easter english german french spanish the a an i""".split()  # noqa: SIM905  # reads better
)
_K = 18  # items asked of recall: enough that questions and repeats among them can be left out
_CLEAR = 0.42  # cosine from which a note is shown for a message that is not about the person
_GATHERED = 0.8  # probability that an answer holds which code gathered from facts and dates and is sure of
_LINES = 4  # of what was gathered; more are as many notes, and recall has them already
_MOSTLY = 0.6  # share of a question's rare words that something remembered says
_NEAR = 0.55  # cosine that says the same
_A_MONTH = timedelta(days=32)
_ASKED_LONGEST = 1000  # characters of a message that recall reads

# What the model was shown, per open memory and conversation. Only in the process: after a restart a conversation goes on
# with its memory, without its last words in the prompt.
_TALKS: WeakKeyDictionary[Memory, dict[str, Talk]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn needs of the house."""

    memory: Memory
    brain: Brain
    conversations: Conversations
    settings: Settings


@dataclass
class _Answer:
    """A reply while it is made. ``words`` is exactly what was streamed."""

    words: list[str] = field(default_factory=list)
    sources: tuple[Cited, ...] = ()
    known: bool = True
    brain: str = ""
    gated: str | None = None  # what the gate found; None when it was not asked
    holds: float | None = None  # probability that memory holds the answer
    recall: float = 0.0
    speech: Speech = field(default_factory=Speech)

    @property
    def text(self) -> str:
        return "".join(self.words).strip()


@dataclass(frozen=True, slots=True)
class _Asked:
    """The message as it was stored, and what it wants."""

    item: Item
    text: str
    intent: Intent
    now: datetime
    talk: Talk
    before: str = ""  # the person's message before this one


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
    asked = _Asked(item, text, intent(text), now, talks.setdefault(name, Talk()), before)
    asked.talk.last = text
    answer = _Answer()
    first = 0.0
    try:
        async with aclosing(_speak(asked, parts, answer, learned)) as pieces:
            async for piece in pieces:
                first = first or time.perf_counter() - began - away
                answer.words.append(piece)
                left = time.perf_counter()
                yield Words(piece)
                away += time.perf_counter() - left
        reply_id = await asyncio.to_thread(_store_reply, answer, parts, name, now)
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
    yield Done(Reply(reply_id, answer.text, answer.sources, learned, timings, name, answer.known, answer.brain, answer.holds))


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
        text, Source(f"conversation:{conversation}", "conversation"), Label(Integrity.PERSON), Kind.MESSAGE, now,
        conversation=conversation, external_id=token_hex(8),
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


def _store_reply(answer: _Answer, parts: Parts, conversation: str, now: datetime) -> str:
    text = answer.text
    entry = Entry(
        text, Source(f"conversation:{conversation}", "conversation"), Label(Integrity.COMPANION), Kind.REPLY, now,
        speaker="Ownmind", conversation=conversation, external_id=token_hex(8),
    )  # fmt: skip
    (name,) = parts.memory.remember([entry], now=now)
    if name:
        parts.conversations.keep_reply(name, sources=answer.sources, known=answer.known, brain=answer.brain)
    return name


def _failure(error: OwnmindError) -> str:
    sentence = error.message.rstrip(". ")
    return f"{sentence[:1].upper()}{sentence[1:]}. Your message is kept."


# Answering


async def _speak(asked: _Asked, parts: Parts, answer: _Answer, learned: Sequence[Fact]) -> AsyncGenerator[str]:
    """The pieces of the reply; what else belongs to it is written into ``answer``."""
    pending = await asyncio.to_thread(answers.pending, parts.settings, asked.item.conversation)
    if pending:
        await asyncio.to_thread(answers.clear_pending, parts.settings, asked.item.conversation)
    match asked.intent.want:
        case Want.YES if pending:
            said = await asyncio.to_thread(answers.forgotten, parts.memory, pending, asked.item, asked.now)
        case Want.NO if pending:
            said = answers.Told("Nothing was forgotten.")
        case Want.REMEMBER:
            said = await asyncio.to_thread(answers.remembered, parts.memory, asked.intent.about, asked.item, learned, asked.now)
        case Want.FORGET:
            said = await asyncio.to_thread(
                answers.proposed, parts.memory, parts.settings, asked.intent.about or asked.before, asked.item, asked.now
            )
        case Want.ABOUT_ME:
            said = await asyncio.to_thread(answers.about, parts.memory, asked.intent.about)
        case Want.WHY:
            said = await asyncio.to_thread(answers.why, parts.memory, parts.conversations, asked.intent.about, asked.item, asked.now)
        case _:
            async for piece in _talk(asked, parts, answer, learned):
                yield piece
            return
    answer.sources, answer.known = said.sources, said.known
    yield said.text


async def _talk(asked: _Asked, parts: Parts, answer: _Answer, learned: Sequence[Fact]) -> AsyncGenerator[str]:
    """A reply by the model, or by code when there is no model yet or memory does not hold the answer."""
    started = time.perf_counter()
    brought = await asyncio.to_thread(_gather, asked, parts)
    found, holding, rules, sources_of_rules = brought.found, brought.holding, brought.rules, brought.resting
    answer.recall = time.perf_counter() - started
    want = asked.intent.want
    question = want in (Want.QUESTION, Want.REQUEST)
    personal = want is Want.QUESTION and (is_personal(asked.text, names=_names(found)) or _is_of_a_day_known(asked, found))
    lines = computed(asked.text, [Said(one.text, one.at.date() if one.at else None) for one in found[:6]], asked.now)
    if personal:
        answer.holds = max(holding.probability, _GATHERED) if brought.collected.sure else holding.probability
    try:
        model = await parts.brain.model()
    except BrainNotReady as error:
        said = answers.without_brain(error.message, found if question and holding.probability > UNLIKELY else [], lines, want, asked.text)
        answer.sources, answer.known = said.sources, said.known
        yield said.text
        return
    answer.brain = parts.brain.id
    words = frozenset(re.findall(r"\w+", asked.text.lower()))
    notes = _shown(asked, brought, personal)
    gathered: list[tuple[Recalled, str]] = []
    if personal and len(brought.collected.lines) <= _LINES:
        lines = [*map(unmarked, brought.collected.lines), *lines]
        gathered = list(zip(brought.collected.items, brought.collected.lines, strict=False))
    if personal and (named := _named(rules, sources_of_rules, words)):
        # A need of somebody the question names bears on it, however far apart the words: "what should I not cook for Ana?"
        shown_already = {recalled.id for recalled, _ in notes}
        notes = [*(one for one in named if one[0].id not in shown_already), *notes]
        answer.holds = max(holding.probability, LIKELY)
    by_itself = computed(asked.text, [], asked.now)  # a sum, a date: needs nothing from memory
    if personal and not by_itself and not await _is_held(asked, brought, [line for _, line in notes], model, answer):
        said = answers.unknown(found, asked.text, holding)
        answer.sources, answer.known, answer.brain = said.sources, False, ""
        yield said.text
        return
    about = " ".join([asked.text, *(line for _, line in notes)])
    must = musts(rules, about)
    shown = page(asked.text, [line for _, line in notes], must=must, computed=lines)
    ruled_out = forbidden([fact for fact in rules if is_shown(fact, must)])
    log.debug("page of about %d tokens, %d notes", tokens(shown), len(notes))
    rests = personal or (want is Want.QUESTION and bool(notes))
    beginning = FROM_MEMORY if rests or (lines and question) else FREELY
    doubtful = answer.holds is not None and answer.holds < CLEAR and not by_itself
    check = _Check(
        asked.text,
        "\n".join([shown, asked.before]) if rests else "",
        ruled_out,
        personal,
        notes,
        want,
        beginning,
        brought,
        asked.now,
        doubtful,
    )
    async for piece in _checked(check, asked.talk, shown, model, answer, found):
        yield piece
    answer.known = answer.known and not (question and admits(answer.text))
    if answer.known and answer.text:
        asked.talk.add(shown, answer.text)
        if want is not Want.SMALL_TALK and not answer.sources:
            known = [*notes, *gathered, *sources_of_rules]
            # A yes, or a date worked out, says nothing the question did not: then all of its words count.
            answer.sources = cite(asked.text, answer.text, known) or (cite("", answer.text, known) if rests else ())


@dataclass(frozen=True, slots=True)
class _Brought:
    """What memory brings to a message."""

    found: Sequence[Recalled]  # evidence, best first
    around: Sequence[Item]  # said just before and after it
    holding: Holding  # whether it holds the answer
    rules: Sequence[Fact]
    resting: Sequence[tuple[Recalled, str]]  # the items the rules rest on, each with its rule
    collected: Collected  # what code could gather for a question of several parts
    query: str  # the message, with what it leans on
    is_gathering: bool  # the answer is a list, a count or an order

    def is_told_of_another(self, answer: str, now: datetime) -> bool:
        """Whether the answer's own words are told only of somebody else than the one asked about."""
        return told_of_another(self.query, answer, self.found, now, around=self.around)


def _gather(asked: _Asked, parts: Parts) -> _Brought:
    query = asked.text[:_ASKED_LONGEST]
    if asked.before and refers_back(asked.text):
        query = f"{asked.before[:300]} {query}"
    recalled = [] if asked.intent.want is Want.SMALL_TALK else parts.memory.recall(query, k=_K, now=asked.now)
    found = [one for one in recalled if one.id != asked.item.id and not (one.item.kind is Kind.MESSAGE and asks(one.text))]
    around = [item for item in parts.memory.around(found) if item.id != asked.item.id] if found else []
    rules = parts.memory.must(asked.now)
    resting = [(Recalled(parts.memory.item(fact.item_id), 0.0), fact.text) for fact in rules[:20]]
    holding = judge(query, found, asked.now, around=around)
    gathered = NOTHING
    if found and asked.intent.want is Want.QUESTION:
        gathered = collect(parts.memory, asked.text, found, asked.now, before=asked.before)
    return _Brought(found, around, holding, rules, resting, gathered, query, read(query, asked.now).is_gathering)


def _named(rules: Sequence[Fact], resting: Sequence[tuple[Recalled, str]], words: frozenset[str]) -> list[tuple[Recalled, str]]:
    """The rules about people the message names, with the items they rest on."""
    return [one for fact, one in zip(rules, resting, strict=False) if words & set(fact.subject.lower().split()) - {"you"}]


def _names(found: Sequence[Recalled]) -> frozenset[str]:
    """Names memory knows, lower case: who spoke, and the capitalised words of what was found."""
    names = {part.lower() for one in found for part in one.speaker.split()}
    names |= {
        match.lower()
        for one in found
        for match in re.findall(r"(?<=[\w,;] )[^\W\d_a-z][\w-]+|^[^\W\d_a-z][\w-]+(?=['’]s\b| (?:is|was|said|has)\b)", one.text[:2000])
    }
    return frozenset(names - _NEVER_NAMES)


def _is_of_a_day_known(asked: _Asked, found: Sequence[Recalled]) -> bool:
    """Whether the question names a day or a month, and something remembered says nearly the same: "what is covered in the workshop
    on 20 May?" is about the person's workshop, however it is put."""
    reading = read(asked.text, asked.now)
    named = reading.window is not None and reading.window.end - reading.window.start < _A_MONTH
    return named and any(one.signals.get("coverage", 0.0) >= _MOSTLY or one.signals.get("cosine", 0.0) >= _NEAR for one in found)


def _shown(asked: _Asked, brought: _Brought, personal: bool) -> list[tuple[Recalled, str]]:
    """The notes for this message: what is near for a question about the person, only what is clearly meant for anything else."""
    if personal:
        most = GATHERED_TOKENS if brought.is_gathering else NOTE_TOKENS
        return chosen(brought.found, asked.text, around=brought.around, most=most)
    clear = [one for one in brought.found if one.signals.get("cosine", 0.0) >= _CLEAR or one.signals.get("coverage", 0.0) >= 0.7]
    return chosen(clear, asked.text, around=brought.around)[: 2 if asked.intent.want is Want.STATEMENT else 6]


async def _is_held(asked: _Asked, brought: _Brought, notes: Sequence[str], model: Model, answer: _Answer) -> bool:
    """Whether memory holds the answer: by code where that is sure, with the model's own look at the notes where it is not."""
    probability = answer.holds or 0.0
    if notes and UNLIKELY < probability < SURE:
        answer.gated = await answer.speech.timed(gate(asked.text, notes, model))
        anothers = bool(answer.gated) and brought.is_told_of_another(answer.gated, asked.now)
        answer.holds = probability = weighed(probability, answer.gated, anothers=anothers)
    return probability >= LIKELY


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
    brought: _Brought
    now: datetime
    doubtful: bool  # worded as something believed, not known


async def _instead(check: _Check, model: Model, answer: _Answer, found: Sequence[Recalled]) -> answers.Told:
    """What to say when the model refused: the note that holds the answer, in its own words, if the gate finds one. To news, which
    needs no answer, that it is kept: it was read back before this turn began to speak."""
    if check.want is Want.STATEMENT:
        return answers.Told(KEPT)
    lines = [line for _, line in check.notes]
    words = answer.gated
    if words is None:
        words = await answer.speech.timed(gate(check.question, lines, model)) if lines else ""
    return answers.quoted(check.notes, words) if words else answers.unknown(found, check.question, check.brought.holding)


async def _checked(check: _Check, talk: Talk, shown: str, model: Model, answer: _Answer, found: Sequence[Recalled]) -> AsyncGenerator[str]:
    """The model's words, a sentence at a time once each is checked; what fails is replaced by plain words of ours."""
    verdict, food = _Verdict.FINE, ""
    for page_shown in (shown, ""):
        said = False
        # The stream is left before anything else is asked of the model: it does one thing at a time.
        async with aclosing(sentences(answer.speech, model, talk, page_shown or _without(shown, food), check.beginning)) as pieces:
            async for sentence in pieces:
                verdict, food = _judge(check, sentence)
                if verdict in (_Verdict.REFUSED, _Verdict.UNFOUNDED, _Verdict.FORBIDDEN):
                    break
                yield hedged(sentence) if check.doubtful and not said else sentence
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
            await _instead(check, model, answer, found)
            if verdict is _Verdict.REFUSED
            else answers.unknown(found, check.question, check.brought.holding)
        )
        answer.sources, answer.known = told.sources, told.known
        yield told.text


class _Verdict(StrEnum):
    FINE = "fine"
    REFUSED = "refused"  # "I don't know that yet"
    UNFOUNDED = "unfounded"  # a name or number that no note holds, or not the kind of answer that was asked for
    FORBIDDEN = "forbidden"  # food that a need rules out
    PROMISE = "promise"  # of something no tool can do


def _judge(check: _Check, sentence: str) -> tuple[_Verdict, str]:
    """The verdict on one sentence, with the food that is forbidden in it."""
    if (check.known and admits(sentence)) or (check.want is Want.STATEMENT and (admits(sentence) or declines(sentence))):
        return _Verdict.REFUSED, ""
    if check.personal and not is_borne_out(check.question, sentence, check.known):
        return _Verdict.UNFOUNDED, ""
    if check.personal and check.brought.is_told_of_another(sentence, check.now):
        return _Verdict.UNFOUNDED, ""
    food = breach(sentence, check.ruled_out)
    if food:
        return _Verdict.FORBIDDEN, food
    return (_Verdict.PROMISE if promises(sentence) else _Verdict.FINE), ""


def _without(shown: str, food: str) -> str:
    """The page once more, with the food that must not come up again."""
    return f"{shown}{'' if '[must]' in shown else chr(10) + '[must]'}\nNo {food} at all."


__all__ = ["Parts", "turn"]
