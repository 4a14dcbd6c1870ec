"""The routes of what is done in the world: what waits for a yes, what was done and can be undone, what outside text tried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...errors import BadInput, OwnmindError
from ...messages import ActionState
from .. import card, wire
from .routes import amount_of, answer, body_of, house, number_of
from .streams import Stream, ndjson

if TYPE_CHECKING:
    from ...app.house import House

MOST = 1000


async def actions(request: Request) -> Response:
    """The latest ``k`` first; ``state`` (may be given more than once) narrows."""
    try:
        states = [ActionState(said) for said in request.query_params.getlist("state")]
    except ValueError as error:
        raise BadInput("there is no such state of an action", hint=f"one of {', '.join(ActionState)}") from error
    found = await asyncio.to_thread(house(request).actions, states, _most(request))
    return answer({"actions": [card.encode(one) for one in found]})


async def action(request: Request) -> Response:
    """One of them, whatever its state."""
    found = await asyncio.to_thread(house(request).action, request.path_params["id"])
    return answer({"action": card.encode(found)})


async def preview(request: Request) -> Response:
    """What a send that waits would send, as ``POST /api/preview`` shows it."""
    return answer(wire.encode(await asyncio.to_thread(house(request).action_preview, request.path_params["id"])))


async def allow(request: Request) -> Response | Stream:
    """Carries it out, once, exactly as it was shown. ``vouch``: its values and its destination are the person's from now on;
    ``spend_cap``: how much that may cost, for a question to a remote model. With ``stream`` its words come as they are said, a JSON value a
    line (``{"type": "words", "text"}``), the action last."""
    body = await body_of(request)
    vouch = body.get("vouch", False)
    if not isinstance(vouch, bool):
        raise BadInput("vouch must be true or false")
    cap = amount_of(body, "spend_cap")
    if body.get("stream") is True:
        return ndjson(_words(house(request), request.path_params["id"], vouch, cap))
    done = await asyncio.to_thread(house(request).approve, request.path_params["id"], vouch=vouch, spend_cap=cap)
    return answer({"action": card.encode(done)})


async def _words(house: House, action: str, vouch: bool, cap: float | None) -> AsyncGenerator[wire.Json]:
    """What is said on a yes, as it comes. It goes on to its end when nobody listens any more: it was paid for."""
    loop = asyncio.get_running_loop()
    said: asyncio.Queue[str | None] = asyncio.Queue()

    def on_words(piece: str | None) -> None:
        loop.call_soon_threadsafe(said.put_nowait, piece)

    doing = asyncio.ensure_future(asyncio.to_thread(house.approve, action, vouch=vouch, spend_cap=cap, on_words=on_words))
    doing.add_done_callback(lambda done: said.put_nowait(None))
    while (piece := await said.get()) is not None:
        yield {"type": "words", "text": piece}
    try:
        yield {"type": "done", "action": card.encode(doing.result())}
    except OwnmindError as error:
        yield {**wire.error(error), "status": 403}


async def deny(request: Request) -> Response:
    await body_of(request)
    return answer({"action": card.encode(await asyncio.to_thread(house(request).decline, request.path_params["id"]))})


async def undo(request: Request) -> Response:
    await body_of(request)
    return answer({"action": card.encode(await asyncio.to_thread(house(request).undo, request.path_params["id"]))})


async def vouched(request: Request) -> Response:
    """The values that the person vouched for."""
    return answer({"values": wire.encode(await asyncio.to_thread(house(request).vouched))})


async def unvouch(request: Request) -> Response:
    await body_of(request)
    return answer({"value": wire.encode(await asyncio.to_thread(house(request).unvouch, request.path_params["id"]))})


async def tried(request: Request) -> Response:
    """What outside text asked for and did not get, the latest ``k`` first."""
    return answer({"tried": wire.encode(await asyncio.to_thread(house(request).tried, _most(request)))})


def _most(request: Request) -> int:
    return number_of(request.query_params.get("k", "100"), "k", MOST)


ROUTES = (
    Route("/api/actions", actions),
    Route("/api/actions/{id}", action),
    Route("/api/actions/{id}/preview", preview),
    Route("/api/actions/{id}/allow", allow, methods=["POST"]),
    Route("/api/actions/{id}/deny", deny, methods=["POST"]),
    Route("/api/actions/{id}/undo", undo, methods=["POST"]),
    Route("/api/vouched", vouched),
    Route("/api/vouched/{id}/revoke", unvouch, methods=["POST"]),
    Route("/api/tried", tried),
)
