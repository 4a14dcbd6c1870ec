"""The companion for programs: one turn of the house, with the talk a program sends found again, and its tools lent to the model.

The program's text is its own (guard/clients.py): only with the scope ``own_words`` the person's, and nobody is there to be asked. A tool's
result is from outside whoever sent it. Nothing is kept of a request that ends in calls: its message is remembered with its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ...errors import BadInput, TryAgainLater
from ...guard.clients import Client, Scope
from ...messages import PROGRAM, Action, ActionState, Cited, Done, Failed, Heard, Integrity, Label, Limits, Reply, Source, Voice, Words
from ...models.tokens import tokens
from .. import wire
from .asked import Asked, Message
from .brain import as_messages, generated
from .pieces import Called, Ended, Piece, Text
from .talks import Place, Talks, exchanges

if TYPE_CHECKING:
    from ...app import House

SET_ASIDE = "Earlier turns of this talk were set aside; they are kept and can be recalled."
_QUOTE = 160  # characters of a source in a footnote


class TurnFailed(TryAgainLater):
    """The turn ended without an answer; the message is kept."""


async def answer(
    asked: Asked, client: Client, house: House, talks: Talks, now: datetime, *, conversation: str = "", previous: str = ""
) -> AsyncGenerator[Piece]:
    """The pieces of the companion's answer. ``conversation``: the one to go on with, after the response ``previous``."""
    before, said, after = _split(asked.messages)
    tail = [Message("user", said), *after]
    place = await asyncio.to_thread(talks.place, client, before, tail, now)
    if conversation:
        place = Place(conversation, talks.after(client, previous, tail))
    if asked.tools or after:
        lent = [each async for each in _lent(asked, before, said, after, client, house)]
        if any(isinstance(piece, Called) for piece in lent):
            for piece in lent:
                yield piece
            return
    results = [message for message in after if message.role == "tool"]
    if results:
        said = f"{said}\n\n" + "\n".join(f"[a tool of {client.name} gave: {message.text}]" for message in results)
    how = asked.sampling
    limits = Limits(temperature=how.temperature) if asked.schema is not None else Limits(how.max_tokens, how.stop, how.temperature)
    voice = _voice(client, place, exchanges(before, client), limits, from_outside=bool(results))
    if asked.schema is not None:
        async with aclosing(_formed(asked, said, voice, place, client, house, talks, now)) as pieces:
            async for piece in pieces:
                yield piece
        return
    async with aclosing(_turn(said, voice, place, client, house, talks, now)) as pieces:
        async for piece in pieces:
            yield piece


async def _turn(said: str, voice: Voice, place: Place, client: Client, house: House, talks: Talks, now: datetime) -> AsyncGenerator[Piece]:
    spoken: list[str] = []
    async with aclosing(house.turn(said, conversation=place.conversation, now=now, voice=voice)) as events:
        async for event in events:
            match event:
                case Heard():
                    await asyncio.to_thread(talks.heard, client, place, now)
                case Words(text):
                    spoken.append(text)
                    yield Text(text)
                case Failed(message, hint):
                    raise TurnFailed(message, hint=hint)
                case Done(reply):
                    is_full = reply.is_cut and voice.limits.most_tokens is not None
                    if not (is_full or reply.stopped_at) and (added := _added(reply, client)):
                        spoken.append(added)
                        yield Text(added)
                    whole = "".join(spoken)
                    await asyncio.to_thread(talks.answered, client, place, whole, now)
                    reason, written = "length" if reply.is_cut else "stop", tokens(whole)
                    yield Ended(reason, tokens(said), written, conversation=place.conversation, more=told(reply), stop=reply.stopped_at)


async def _formed(
    asked: Asked, said: str, voice: Voice, place: Place, client: Client, house: House, talks: Talks, now: datetime
) -> AsyncGenerator[Piece]:
    """The companion's answer in the form of a schema: the answer first, as ever, then put into it by the model, word for word."""
    spoken, end = "", Ended("stop", 0, 0)
    async with aclosing(_turn(said, voice, place, client, house, talks, now)) as pieces:
        async for piece in pieces:
            match piece:
                case Text(text):
                    spoken += text
                case Ended():
                    end = piece
    order = f"Question: {said}\n\nAnswer: {spoken}\n\nWrite what the answer says as JSON. Add nothing to it."
    formed = replace(asked, messages=(Message("user", order),), tools=())
    model = await house.brain.model()
    async with aclosing(generated(formed, model, as_messages(formed.messages))) as parts:
        async for part in parts:
            if isinstance(part, Ended):
                end = replace(end, read=end.read + part.read, written=end.written + part.written, reason=part.reason, stop=part.stop)
            else:
                yield part
    yield end


async def _lent(
    asked: Asked, before: Sequence[Message], said: str, after: Sequence[Message], client: Client, house: House
) -> AsyncGenerator[Piece]:
    """What the model makes of the program's own tools: calls, or nothing where none fits (then the turn answers)."""
    if not asked.tools or asked.choice == "none":
        return
    model = await house.brain.model()
    messages = as_messages([*before, Message("user", said), *after])
    async with house.runner.paused(), aclosing(generated(replace(asked, schema=None), model, messages)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Text):
                return  # it would rather speak: that is the turn's to do, with what is remembered
            yield piece


def _voice(client: Client, place: Place, earlier: tuple[tuple[str, str], ...], limits: Limits, *, from_outside: bool) -> Voice:
    """How this message comes. With a tool's result in it, it is from outside whoever sent it."""
    is_own = Scope.OWN_WORDS in client.scopes and not from_outside
    label = Label(Integrity.PERSON if is_own else Integrity.UNTRUSTED)
    return Voice(label, Source(client.source, PROGRAM, client.name), is_present=False, key=place.key, earlier=earlier, limits=limits)


def _split(messages: Sequence[Message]) -> tuple[list[Message], str, list[Message]]:
    """What stands before the person's last message, that message, and what came of its tools. Raises BadInput where there is none."""
    last = max((number for number, message in enumerate(messages) if message.role == "user"), default=-1)
    said = messages[last].text if last >= 0 else ""
    if not said.strip():
        raise BadInput("there is no message to answer", hint="The last message of the role user is it")
    after = [message for message in messages[last + 1 :] if message.role != "system"]
    if after and after[-1].role == "assistant":
        raise BadInput("the last message is an answer already", hint="The last message must be the person's, or a tool's result")
    return list(messages[:last]), said, after


def _added(reply: Reply, client: Client) -> str:
    """What stands under an answer: actions that wait for the person, and sources where the key's setting asks for them."""
    waiting = [action.id for action in reply.actions if action.state is ActionState.WAITING]
    lines = [f"\n\nThis waits for your yes on the page or in the terminal ({', '.join(waiting)})."] if waiting else []
    if client.footnotes and reply.sources:
        lines.append("\n\n" + "\n".join(f"[{number}] {_footnote(source)}" for number, source in enumerate(reply.sources, 1)))
    return "".join(lines)


def _footnote(source: Cited) -> str:
    day = f", {source.at.date().isoformat()}" if source.at else ""
    quote = " ".join(source.quote.split())
    return f"{source.title or source.source}{day}: “{quote[:_QUOTE]}{'…' if len(quote) > _QUOTE else ''}”"


def told(reply: Reply) -> dict[str, wire.Json]:
    """What only a companion has, as the field ``ownmind`` of an answer."""
    return {
        "conversation": reply.conversation,
        "known": reply.known,
        "sources": [_source(source) for source in reply.sources],
        "actions": [_action(action) for action in reply.actions],
        **({"note": SET_ASIDE} if reply.set_aside else {}),
    }


def _source(source: Cited) -> wire.Json:
    at = source.at.isoformat() if source.at else None
    return {
        "id": source.item_id,
        "source": source.source,
        "title": source.title,
        "at": at,
        "speaker": source.speaker,
        "quote": source.quote,
    }


def _action(action: Action) -> wire.Json:
    return {"id": action.id, "words": action.words, "state": action.state.value}
