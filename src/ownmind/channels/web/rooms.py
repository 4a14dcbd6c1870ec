"""The routes of goals, calendar, people and today: one for each method that `channels.rooms` names, made from its annotations."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...messages import Action
from .. import card, wire
from ..rooms import ROOMS, Room, arguments, from_query, method
from .routes import answer, body_of, house

Endpoint = Callable[[Request], Awaitable[Response]]


def read(room: Room, name: str) -> Endpoint:
    """``GET``: the method's arguments are the query's; nothing is changed."""

    async def endpoint(request: Request) -> Response:
        face = getattr(house(request), room.name)
        asked = method(type(face), name)
        given = arguments(asked, from_query(asked, request.query_params.multi_items()))
        return answer({"result": encode(await asyncio.to_thread(getattr(face, name), **given))})

    return endpoint


def change(room: Room, name: str) -> Endpoint:
    """``POST``: the arguments are the body's; open pages hear that something is different."""

    async def endpoint(request: Request) -> Response:
        home = house(request)
        face = getattr(home, room.name)
        given = arguments(method(type(face), name), await body_of(request))
        done = await asyncio.to_thread(getattr(face, name), **given)
        home.bulletin.publish({"type": room.name})
        if isinstance(done, Action):
            home.bulletin.publish({"type": "actions"})
        home.runner.wake()  # what was said may have to be embedded
        return answer({"result": encode(done)})

    return endpoint


def encode(value: object) -> wire.Json:
    """A result on the wire; an action as the card the page shows."""
    return card.encode(value) if isinstance(value, Action) else wire.encode(value)


ROUTES = tuple(
    route
    for room in ROOMS
    for route in (
        *(Route(room.path(name), read(room, name)) for name in room.reads),
        *(Route(room.path(name), change(room, name), methods=["POST"]) for name in room.changes),
    )
)
SOCKET_ROUTES = tuple(Route(room.path(name), change(room, name), methods=["POST"]) for room in ROOMS for name in room.on_socket)
