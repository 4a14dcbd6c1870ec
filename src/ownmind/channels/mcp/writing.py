"""The tools that write, talk, and tell what became of what waits.

A write takes the one road of every deed (`tools.act`): the gate, a row, the effect, its outcome, perhaps an undo. Nobody is there to be
asked, so what a program without ``own_words`` sends waits as a card; the answer says so and names it (a7), `approval_status` tells
what became of it, and waits for that as long as it is asked to. A program is never asked whether it may: only the person can say yes.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import aclosing

from ...app import clock
from ...errors import NotFound, OwnmindError, Refused
from ...guard.clients import Client, Scope
from ...guard.labels import Value
from ...guard.plan import Plan, Step
from ...messages import PROGRAM, Action, ActionState, Done, Failed, Integrity, Label, Source, Voice, Words
from ...tools import keep, wishes
from ...tools.act import Session
from .. import wire
from ..wire import Json
from .offer import TEXT, Call, Offer, Schema, number, takes, text

_LONGEST_WAIT = 120  # seconds one call waits for the person
_LOOKED = 0.5  # seconds between two looks
_TOLD = 2.0  # seconds between two words of progress
_ENDED = frozenset({ActionState.DONE, ActionState.FAILED, ActionState.UNKNOWN, ActionState.DENIED, ActionState.EXPIRED, ActionState.UNDONE})


async def remember(call: Call) -> dict[str, Json]:
    return await _asked(call, keep.NAME, text=call.text("text"))


async def add_goal(call: Call) -> dict[str, Json]:
    return await _asked(call, wishes.ADD, statement=call.text("statement"), template=call.text("template"))


async def check_in(call: Call) -> dict[str, Json]:
    return await _asked(call, wishes.CHECK_IN, step_or_goal=call.text("step_or_goal"), words=call.text("words"))


async def approval_status(call: Call) -> dict[str, Json]:
    """What became of something this program asked for; of no other."""
    name = call.text("approval")
    action = await asyncio.to_thread(own, call, name)
    return said(await _decided(call, action, call.number("wait_seconds", 0)))


async def ask(call: Call) -> dict[str, Json]:
    """A whole turn of the companion, in a conversation of this program's own: those of others it can neither read nor go on with."""
    held, told, reply = "", asyncio.get_running_loop().time(), None
    talk = call.text("conversation") or secrets.token_hex(6)
    events = call.house.turn(call.text("message"), conversation=f"{asker(call.client)}:{talk}", wait=True, voice=voice(call.client))
    async with aclosing(events):
        async for event in events:
            match event:
                case Words(text=words):
                    held += words
                    if asyncio.get_running_loop().time() - told > _TOLD:
                        told = asyncio.get_running_loop().time()
                        await call.back.progress(len(held), held[-200:])
                case Done(reply=done):
                    reply = done
                case Failed(message=message, hint=hint):
                    raise OwnmindError(message, hint=hint)
    assert reply is not None, "a turn ends with Done or Failed"
    encoded = wire.encode(reply)
    assert isinstance(encoded, dict)
    return {"text": reply.text, "conversation": talk, "reply": encoded}


def own(call: Call, name: str) -> Action:
    """An action that this program asked for. Raises NotFound for any other: what else waits is none of its business."""
    found = call.house.store.actions.get(name)
    if found.conversation != asker(call.client):
        raise NotFound(f"you asked for no {name[:20]}", hint="the answer to a call that waits names it")
    return found


def asker(client: Client) -> str:
    """How a program's actions are told from others."""
    return f"client:{client.id}"


def voice(client: Client) -> Voice:
    """How its messages come: from outside, unless the key speaks for the person; nobody is there either way."""
    return Voice(label(client), Source(client.source, PROGRAM, client.name), is_present=False)


def label(client: Client) -> Label:
    integrity = Integrity.PERSON if Scope.OWN_WORDS in client.scopes else Integrity.UNTRUSTED
    return Label(integrity, sources=(client.source,))


def said(action: Action) -> dict[str, Json]:
    """An action as the program that asked for it hears of it."""
    state = "waiting" if action.state is ActionState.WAITING else action.state.value
    return {"approval": action.id, "state": state, "words": action.words, "outcome": action.outcome, "reasons": list(action.reasons)}


async def _asked(call: Call, tool: str, **given: str) -> dict[str, Json]:
    """The call through the gate. Raises Refused when it may not be at all."""
    mine = label(call.client)
    kinds = call.house.world.deeds[tool].declaration.parameters
    arguments = {name: (Value(words, mine, kinds[name].type),) for name, words in given.items() if words}
    speaks = mine.integrity is Integrity.PERSON
    plan = Plan("\n".join(given.values()), (Step(tool),)) if speaks else Plan("")
    session = Session(plan, asker(call.client), is_present=False, by_us=True)
    attempt = await asyncio.to_thread(call.house.world.attempt, tool, arguments, session, clock.present())
    call.house.bulletin.publish({"type": "actions"})
    call.house.runner.wake()
    if attempt.action is None:
        raise Refused(" ".join(attempt.decision.reasons), hint="the person can do it themselves")
    return said(await _decided(call, attempt.action, call.number("wait_seconds", 0)))


async def _decided(call: Call, action: Action, seconds: int) -> Action:
    """The action as it is once it was decided, or after so many seconds."""
    if seconds and action.state not in _ENDED:
        await call.back.show(f"{action.words}: this waits for you, as {action.id}.", action.id)
    loop = asyncio.get_running_loop()
    begun = told = loop.time()
    while action.state not in _ENDED and loop.time() - begun < seconds:
        await asyncio.sleep(_LOOKED)
        action = await asyncio.to_thread(call.house.store.actions.get, action.id)
        if loop.time() - told > _TOLD:
            told = loop.time()
            await call.back.progress(told - begun, f"{action.id} waits for the person")
    return action


_STATE: Schema = {
    "type": "object",
    "properties": {"approval": TEXT, "state": TEXT, "words": TEXT, "outcome": TEXT, "reasons": {"type": "array", "items": TEXT}},
    "required": ["approval", "state", "words", "outcome", "reasons"],
}
_REPLY: Schema = {
    "type": "object",
    "properties": {"text": TEXT, "conversation": TEXT, "reply": {"type": "object"}},
    "required": ["text", "conversation", "reply"],
}
_WAIT = number("How long to wait for the person's yes before answering; 0: not at all.", 0, _LONGEST_WAIT)
_WAITS = " Unless this key speaks for the person, it waits for their yes: the answer names the approval."

OFFERS = (
    Offer("remember", "Remember something", "Keeps these words." + _WAITS, (Scope.MEMORY_WRITE,),
          takes(("text",), text=text("The words to keep.", most=10_000), wait_seconds=_WAIT), _STATE, remember, only_reads=False),
    Offer("add_goal", "Add a goal", "Adds something the person wants, in a sentence." + _WAITS, (Scope.GOALS_WRITE,),
          takes(("statement",), statement=text("What is wanted, by when, how often.", most=1000),
                template=text("A kind of goal, where it is known.", most=60, least=0), wait_seconds=_WAIT),
          _STATE, add_goal, only_reads=False),
    Offer("check_in", "Check in", "Writes how a step or a goal went, such as done, half, not done." + _WAITS, (Scope.GOALS_WRITE,),
          takes(("step_or_goal", "words"), step_or_goal=text("Its id, such as s12 or g3.", most=20), words=text("How it went.", most=1000),
                wait_seconds=_WAIT), _STATE, check_in, only_reads=False),
    Offer("approval_status", "What became of it", "What became of something this program asked for and that waited for the person.", (),
          takes(("approval",), approval=text("Its id, such as a7.", most=20), wait_seconds=_WAIT), _STATE, approval_status),
    Offer("ask", "Ask the companion", "One turn with the companion, which answers from memory and names its sources.", (Scope.TALK,),
          takes(("message",), message=text("What is said to it.", most=100_000),
                conversation={**text("To go on with: as an earlier answer names it.", most=40), "pattern": "^[A-Za-z0-9-]+$"}),
          _REPLY, ask, only_reads=False),
)  # fmt: skip
