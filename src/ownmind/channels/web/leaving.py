"""The routes of what may leave and what left: permissions, the switch, the ledger."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TypedDict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...egress.told import exactly
from ...errors import BadInput
from ...messages import Trust
from .. import wire
from . import exported, told
from .routes import amount_of, answer, body_of, house, maybe_of, moment_of, number_of, text_of

MOST_ROWS = 10_000
MOST_ITEMS = 100
MOST_ID = (1 << 63) - 1  # SQLite's largest row


async def permissions(request: Request) -> Response:
    """What holds now; with ``all=1`` what is over too."""
    everything = request.query_params.get("all") == "1"
    return answer({"permissions": wire.encode(await asyncio.to_thread(house(request).permissions, everything=everything))})


async def allow(request: Request) -> Response:
    """``destination`` and ``purpose``; ``until`` (ISO 8601), ``once``, ``spend_cap`` narrow it."""
    body = await body_of(request)
    once = body.get("once", False)
    if not isinstance(once, bool):
        raise BadInput("once must be true or false")
    given = await asyncio.to_thread(
        house(request).allow,
        text_of(body, "destination"),
        text_of(body, "purpose"),
        until=moment_of(maybe_of(body, "until")),
        once=once,
        spend_cap=amount_of(body, "spend_cap"),
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


async def cap(request: Request) -> Response:
    """``id`` and ``cap``: how much may be spent under it in all; null: without an end."""
    body = await body_of(request)
    return answer(wire.encode(await asyncio.to_thread(house(request).cap, text_of(body, "id"), amount_of(body, "cap"))))


async def sources(request: Request) -> Response:
    """Where words from outside came from, the latest ``k`` first; ``q`` narrows to those whose name or address holds it."""
    asked = request.query_params
    most, words = number_of(asked.get("k", "100"), "k", MOST_ROWS), asked.get("q", "").casefold()
    every = await asyncio.to_thread(house(request).sources)
    found = [one for one in every if words in one.source.casefold() or words in one.title.casefold()]
    return answer({"sources": wire.encode(found[:most]), "total": len(found)})


async def trust(request: Request) -> Response:
    """``source`` and ``trust``: trusted, unused, or default."""
    body = await body_of(request)
    try:
        said = Trust(text_of(body, "trust"))
    except ValueError as error:
        raise BadInput("there is no such trust", hint=f"one of {', '.join(Trust)}") from error
    return answer({"source": wire.encode(await asyncio.to_thread(house(request).trust, text_of(body, "source"), said))})


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
    """The newest ``k`` rows (-1: all) before the newest ``skip``, oldest first, and how many there are. ``from``, ``to``, ``destination``
    and ``purpose`` narrow."""
    asked = request.query_params
    k, skip = asked.get("k", "100"), asked.get("skip", "0")
    limit = -1 if k == "-1" else number_of(k, "k", MOST_ROWS)
    before = 0 if skip == "0" else number_of(skip, "skip", MOST_ID)
    wanted = _wanted(request)

    def read() -> wire.Json:
        found = house(request).sent(**wanted, limit=limit, skip=before)
        return {"rows": told.sent(house(request), found), "total": house(request).count_sent(**wanted)}

    return answer(await asyncio.to_thread(read))


async def named(request: Request) -> Response:
    """Every destination and purpose in the ledger, to choose from."""
    destinations, purposes = await asyncio.to_thread(house(request).sent_named)
    return answer({"destinations": wire.encode(destinations), "purposes": wire.encode(purposes)})


async def export(request: Request) -> Response:
    """The rows asked for as a file, oldest first: ``format`` csv or json. Without the contents; not encrypted."""
    kind = request.query_params.get("format", "json")
    if kind not in ("csv", "json"):
        raise BadInput("format must be csv or json")
    wanted = _wanted(request)

    def read() -> bytes:
        shown = told.sent(house(request), house(request).sent(**wanted))
        return exported.as_csv(shown) if kind == "csv" else exported.as_json(shown)

    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="ownmind-ledger.{kind}"'}
    return Response(await asyncio.to_thread(read), media_type="text/csv" if kind == "csv" else "application/json", headers=headers)


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


class _Wanted(TypedDict):
    """Which rows of the ledger are meant."""

    start: datetime | None
    end: datetime | None
    destination: str
    purpose: str


def _wanted(request: Request) -> _Wanted:
    asked = request.query_params
    return {
        "start": moment_of(asked.get("from")),
        "end": moment_of(asked.get("to")),
        "destination": asked.get("destination", ""),
        "purpose": asked.get("purpose", ""),
    }


async def _content(request: Request, *, secrets: bool) -> Response:
    left = await asyncio.to_thread(house(request).sent_content, number_of(str(request.path_params["row"]), "row", MOST_ID))
    return answer({"text": exactly(left, secrets=secrets)})


ROUTES = (
    Route("/api/permissions", permissions),
    Route("/api/permissions", allow, methods=["POST"]),
    Route("/api/permissions/revoke", revoke, methods=["POST"]),
    Route("/api/permissions/cap", cap, methods=["POST"]),
    Route("/api/sources", sources),
    Route("/api/sources", trust, methods=["POST"]),
    Route("/api/preview", preview, methods=["POST"]),
    Route("/api/offline", offline),
    Route("/api/offline", switch, methods=["POST"]),
    Route("/api/ledger", rows),
    Route("/api/ledger/words", words),
    Route("/api/ledger/named", named),
    Route("/api/ledger/export", export),
    Route("/api/ledger/verify", verify),
    Route("/api/ledger/{row:int}", content),
)
SOCKET_ROUTES = (Route("/api/ledger/{row:int}/exact", whole_content),)
