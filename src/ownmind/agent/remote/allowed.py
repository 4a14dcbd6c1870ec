"""The person's yes to a question that waited: it leaves, exactly as it was shown, and its answer becomes a reply in the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime

from ...errors import BadInput, OwnmindError, Refused
from ...guard.preview import Preview
from ...messages import Action, ActionState
from ..answer import Answer, Parts
from ..context import Talk
from ..evidence import Message, gather
from ..ground import ground
from ..intent import intent
from ..kept import keep
from ..reply import answered
from . import consented
from .asking import ANSWER, RemoteBrain
from .veiled import VeiledModel


async def allowed(
    name: str,
    parts: Parts,
    now: datetime,
    *,
    vouch: bool = False,
    spend_cap: float | None = None,
    on_words: Callable[[str], None] = lambda piece: None,
) -> Action:
    """Sends what waits as ``name`` and stores the answer; gives the action as it ended. ``vouch``: more may go there to answer from now
    on, until that is revoked or costs more than ``spend_cap``. ``on_words`` is given the answer's words as they come. Raises Refused,
    BadInput, NotFound."""
    remote, world = parts.remote, parts.world
    assert remote is not None
    assert world is not None
    action = await asyncio.to_thread(world.actions.get, name)
    if action.state is not ActionState.WAITING:
        raise Refused(f"{name} is {action.state.value} already", hint="ask for it again")
    shown = await asyncio.to_thread(consented.preview, action, remote)
    _check_cap(shown, vouch=vouch, spend_cap=spend_cap)
    at = consented.asked_of(action, remote)
    await asyncio.to_thread(world.actions.allow, name, now)
    try:
        await asyncio.to_thread(world.actions.take, name, consented.digest(shown.seal), now)
    except Refused:
        return await asyncio.to_thread(_anew, action, shown, parts, remote, now)
    if vouch:
        await asyncio.to_thread(remote.permit, at, ANSWER, now, spend_cap)
    model = remote.model(at, ANSWER, action.conversation, yes=shown.seal, is_once=not vouch)
    try:
        said = await _answered(action, parts, model, on_words)
    except OwnmindError as error:
        return await asyncio.to_thread(world.actions.end, name, ActionState.FAILED, f"{error.message}. {error.hint}".strip(), now)
    await asyncio.to_thread(keep, said, parts, action.conversation, now)
    return await asyncio.to_thread(world.actions.end, name, ActionState.DONE, said.text, now)


async def _answered(action: Action, parts: Parts, model: VeiledModel, on_words: Callable[[str], None]) -> Answer:
    """The reply, checked against what memory holds as any reply is."""
    item = await asyncio.to_thread(parts.memory.item, consented.question(action))
    message = Message(item, item.text, intent(item.text).want, action.asked_at)
    rests = ground(message, await asyncio.to_thread(gather, message, parts.memory))
    answer = Answer()
    async with aclosing(answered(rests, Talk(), model, consented.composed(action), answer)) as pieces:
        async for piece in pieces:
            answer.words.append(piece)
            on_words(piece)
    return answer


def _anew(action: Action, shown: Preview, parts: Parts, remote: RemoteBrain, now: datetime) -> Action:
    """What would leave is not what the person said yes to: nothing does, and it waits once more."""
    assert parts.world is not None
    actions = parts.world.actions
    item = parts.memory.item(consented.question(action))
    why = "What would leave has changed since you were shown it."
    model = remote.model(consented.asked_of(action, remote), ANSWER, action.conversation)
    fresh = consented.waiting(consented.composed(action), item, model, shown, actions, now, why)
    return actions.end(action.id, ActionState.EXPIRED, f"{why} It waits anew as {fresh.id}.", now)


def _check_cap(shown: Preview, *, vouch: bool, spend_cap: float | None) -> None:
    if spend_cap is None:
        return
    if not vouch:
        raise BadInput("a cap goes with always", hint="a single request costs at most what its preview says")
    if shown.price is None:
        raise BadInput(
            "what it costs is not known, so no cap can hold", hint="say its price: `ownmind brain set NAME --price-in --price-out`"
        )
    if shown.price.amount > spend_cap:
        least = f"{shown.price.amount:.4g} {shown.price.currency}"
        raise BadInput("this one alone could cost more than that cap", hint=f"it may cost up to {least}")
