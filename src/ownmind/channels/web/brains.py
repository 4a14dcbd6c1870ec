"""The routes of who answers: the brain on this machine, or one on another."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...errors import BadInput
from .. import wire
from .routes import amount_of, answer, body_of, house, maybe_of, text_of


async def answering(request: Request) -> Response:
    """Which brain answers now, and what is set of the remote one, but for its key."""
    return answer(wire.encode(await asyncio.to_thread(house(request).who_answers)))


async def use(request: Request) -> Response:
    """``use``: remote or local, from now on."""
    return answer(wire.encode(await asyncio.to_thread(house(request).use_brain, text_of(await body_of(request), "use"))))


async def set_remote(request: Request) -> Response:
    """``url``, ``model``; ``key`` ("" takes it away), ``price_in``, ``price_out``, ``currency``. On the socket only."""
    body = await body_of(request)
    key = body.get("key")
    if key is not None and not isinstance(key, str):
        raise BadInput("key must be text")
    shown = await asyncio.to_thread(
        house(request).set_remote,
        text_of(body, "url"),
        text_of(body, "model"),
        key=key,
        price_in=amount_of(body, "price_in"),
        price_out=amount_of(body, "price_out"),
        currency=maybe_of(body, "currency"),
    )
    return answer(wire.encode(shown))


ROUTES = (Route("/api/brain", answering), Route("/api/brain", use, methods=["POST"]))
SOCKET_ROUTES = (Route("/api/brain/remote", set_remote, methods=["POST"]),)
