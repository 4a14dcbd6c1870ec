"""The routes of what may leave and what left: permissions, the switch, the ledger."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...egress.told import exactly
from ...errors import BadInput
from .. import wire
from .routes import answer, body_of, house, maybe_of, moment_of, number_of, text_of

MOST_ROWS = 10_000
MOST_ITEMS = 100
MOST_SPENT = 1e12  # of any currency
MOST_ID = (1 << 63) - 1  # SQLite's largest row


async def permissions(request: Request) -> Response:
    """What holds now; with ``all=1`` what is over too."""
    everything = request.query_params.get("all") == "1"
    return answer({"permissions": wire.encode(await asyncio.to_thread(house(request).permissions, everything=everything))})


async def allow(request: Request) -> Response:
    """``destination`` and ``purpose``; ``until`` (ISO 8601), ``once``, ``spend_cap`` narrow it."""
    body = await body_of(request)
    cap, once = body.get("spend_cap"), body.get("once", False)
    if not isinstance(once, bool):
        raise BadInput("once must be true or false")
    if cap is not None and (isinstance(cap, bool) or not isinstance(cap, int | float) or not 0 <= cap <= MOST_SPENT):
        raise BadInput("spend_cap must be an amount")
    given = await asyncio.to_thread(
        house(request).allow,
        text_of(body, "destination"),
        text_of(body, "purpose"),
        until=moment_of(maybe_of(body, "until")),
        once=once,
        spend_cap=None if cap is None else float(cap),
    )
    return answer(wire.encode(given))


async def preview(request: Request) -> Response:
    """``text``, ``destination`` and ``purpose``; ``k``: with so many remembered items. What would leave; nothing does."""
    body = await body_of(request)
    k = body.get("k", 6)
    if isinstance(k, bool) or not isinstance(k, int) or not 0 <= k <= MOST_ITEMS:
        raise BadInput(f"k must be a number from 0 to {MOST_ITEMS}")
    shown = await asyncio.to_thread(
        house(request).preview, text_of(body, "text"), destination=text_of(body, "destination"), purpose=text_of(body, "purpose"), k=k
    )
    return answer(wire.encode(shown))


async def revoke(request: Request) -> Response:
    return answer(wire.encode(await asyncio.to_thread(house(request).revoke, text_of(await body_of(request), "id"))))


async def offline(request: Request) -> Response:
    return answer({"offline": await asyncio.to_thread(house(request).offline)})


async def switch(request: Request) -> Response:
    """Closes the door at once and cuts what is under way, or opens it again to what is allowed."""
    value = (await body_of(request)).get("offline")
    if not isinstance(value, bool):
        raise BadInput("offline must be true or false")
    return answer({"offline": await asyncio.to_thread(house(request).offline, value)})


async def rows(request: Request) -> Response:
    """The newest ``k`` rows (-1: all), oldest first. ``from``, ``to``, ``destination`` and ``purpose`` narrow."""
    asked = request.query_params
    k = asked.get("k", "100")
    found = await asyncio.to_thread(
        house(request).sent,
        start=moment_of(asked.get("from")),
        end=moment_of(asked.get("to")),
        destination=asked.get("destination", ""),
        purpose=asked.get("purpose", ""),
        limit=-1 if k == "-1" else number_of(k, "k", MOST_ROWS),
    )
    return answer({"rows": wire.encode(found)})


async def content(request: Request) -> Response:
    """Exactly what left under one row, but for the values of headers that open something."""
    return await _content(request, secrets=False)


async def whole_content(request: Request) -> Response:
    """The same with them. On the socket only."""
    return await _content(request, secrets=True)


async def words(request: Request) -> Response:
    """What left in the last ``days`` days, in words."""
    days = number_of(request.query_params.get("days", "7"), "days", 36_500)
    return answer({"words": await asyncio.to_thread(house(request).left_in_words, days)})


async def verify(request: Request) -> Response:
    """What is wrong with the chain; an empty list when it is whole."""
    return answer({"wrong": wire.encode(await asyncio.to_thread(house(request).verify_ledger))})


async def _content(request: Request, *, secrets: bool) -> Response:
    left = await asyncio.to_thread(house(request).sent_content, number_of(str(request.path_params["row"]), "row", MOST_ID))
    return answer({"text": exactly(left, secrets=secrets)})


ROUTES = (
    Route("/api/permissions", permissions),
    Route("/api/permissions", allow, methods=["POST"]),
    Route("/api/permissions/revoke", revoke, methods=["POST"]),
    Route("/api/preview", preview, methods=["POST"]),
    Route("/api/offline", offline),
    Route("/api/offline", switch, methods=["POST"]),
    Route("/api/ledger", rows),
    Route("/api/ledger/words", words),
    Route("/api/ledger/verify", verify),
    Route("/api/ledger/{row:int}", content),
)
SOCKET_ROUTES = (Route("/api/ledger/{row:int}/exact", whole_content),)
