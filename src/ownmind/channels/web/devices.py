"""The page for paired devices: the same routes behind the same fence, over TLS, for whoever has the key of a device.

What differs from loopback: the Host values and the Origin are of the home network and https; in place of a session there is the key of a
device, in a cookie that is Secure, HttpOnly, SameSite=Strict and for this host alone (``__Host-``); programs' keys open nothing here; and
no device lets another in, changes or ends one, nor what protects the home: that is for the first device. Two things need no key: the page
itself and ``/api/pairing``, where a code is traded for a key that opens nothing until the person has said so on the first device.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from ...errors import Refused, TryAgainLater
from ...guard.devices import LIFETIME, Device, Devices, Reach
from .. import wire
from . import giving, pages
from .fence import OPEN_PATHS, SAFE, Fence, Refusal, headers_of, refuse
from .ongoing import Ongoing
from .routes import answer, body_of, give, text_of

if TYPE_CHECKING:
    from ...app import House

log = logging.getLogger(__name__)

MOST_WRONG = 5  # wrong codes a minute; a right one is never kept waiting by them
_FIRST_ONLY = ("/api/devices/", "/api/clients/", "/api/privacy/")  # a device may look at these, and change nothing
_STRANGER = Refusal(401, "This device is not paired with your Ownmind.", "On the computer that runs it: Privacy, Devices, “Pair a device”.")
_FIRST = Refusal(403, "Only the first device lets others in, or changes what protects your home.", "Do it on the computer.")
_NO_PROGRAMS = Refusal(404, "Programs are not served on the home network.", "Their keys work on the machine that runs Ownmind.")


class Gate:
    """Between the fence and the routes: notes whose key it is, and ends what a device reads when it is revoked."""

    def __init__(self, app: ASGIApp, *, devices: Devices, cookie: str, ending: Callable[[Device], asyncio.Event]) -> None:
        self.app = app
        self.devices = devices
        self.cookie = cookie
        self.ending = ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        device = known(self.devices, self.cookie, headers_of(scope).get("cookie", ""))
        if scope["method"] not in SAFE and scope["path"].startswith(_FIRST_ONLY):
            await refuse(_FIRST, send, path=scope["path"])
            return
        if device is None or scope["path"] in OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        self.devices.seen(device)
        await self.app({**scope, "device": device, "ending": self.ending(device)}, receive, send)
        if self.devices.is_to_write():
            await asyncio.shield(asyncio.to_thread(self.devices.write))


def device_app(
    house: House,
    reach: Reach,
    hosts: frozenset[str],
    port: int,
    shared: tuple[BaseRoute, ...],
    handlers: Mapping[type[Exception], ExceptionHandler],
    ending: Callable[[Device], asyncio.Event],
) -> Starlette:
    """The application for paired devices. ``hosts``: the Host values we listen as; ``shared``: the routes of the page."""
    devices, cookie = house.devices, f"__Host-ownmind_{port}"
    fence = Middleware(
        Fence, hosts=hosts, scheme="https", stranger=_STRANGER, keyed=_without_programs,
        is_known=lambda header: known(devices, cookie, header) is not None,
    )  # fmt: skip
    gate = Middleware(Gate, devices=devices, cookie=cookie, ending=ending)
    app = Starlette(routes=[*shared, *ROUTES], middleware=[fence, gate], exception_handlers=dict(handlers))
    app.state.house, app.state.pages, app.state.page = house, pages.read(), f"{reach.addresses[0]}/"
    app.state.cookie, app.state.wrong, app.state.authority = cookie, [], reach.certificate
    app.state.given = giving.Waiting()
    app.state.ending, app.state.listening, app.state.ongoing = asyncio.Event(), 0, Ongoing()
    return app


def known(devices: Devices, cookie: str, header: str) -> Device | None:
    """The device whose key a Cookie header holds."""
    return next((device for key in _keys(cookie, header) if (device := devices.known(key)) is not None), None)


async def has_session(request: Request) -> Response:
    """Whether this device is let in: asked without a key, so that the page can say so calmly."""
    device = known(request.app.state.house.devices, request.app.state.cookie, request.headers.get("cookie", ""))
    return answer({"open": device is not None, "device": None if device is None else device.name})


async def state(request: Request) -> Response:
    """How far the pairing of this device is: ``open``, ``waiting`` with the number to compare, or ``closed``."""
    devices, header = request.app.state.house.devices, request.headers.get("cookie", "")
    if known(devices, request.app.state.cookie, header) is not None:
        return answer({"state": "open", "number": ""})
    waiting = next((found for key in _keys(request.app.state.cookie, header) if (found := devices.awaited(key)) is not None), None)
    return answer({"state": "closed" if waiting is None else "waiting", "number": "" if waiting is None else waiting.number})


async def claim(request: Request) -> Response:
    """Trades the code for a key, in a cookie, and says the number to compare. Wrong codes are few a minute."""
    body, state = await body_of(request), request.app.state
    claimed = await asyncio.to_thread(state.house.devices.claim, text_of(body, "code"), text_of(body, "name"))
    if claimed is None:
        return _wrong(state.wrong)
    lasts = int(LIFETIME.total_seconds())
    cookie = f"{state.cookie}={claimed.key}; Max-Age={lasts}; Path=/; Secure; HttpOnly; SameSite=Strict"
    number, until = claimed.waiting.number, wire.encode(claimed.waiting.until)
    return answer({"state": "waiting", "number": number, "until": until}, headers={"set-cookie": cookie})


async def authority(request: Request) -> Response:
    """The certificate of this home's authority, for a phone that is to trust it."""
    headers = {"content-disposition": 'attachment; filename="ownmind.crt"', "cache-control": "no-store"}
    return Response(request.app.state.authority, headers=headers, media_type="application/x-x509-ca-cert")


ROUTES = (
    Route("/api/session", has_session),
    Route("/api/pairing", state),
    Route("/api/pairing", claim, methods=["POST"]),
    Route("/api/import/{name:path}", give, methods=["PUT"]),
    *giving.ROUTES,
    Route("/authority.crt", authority),
    Route("/{path:path}", pages.serve),
)


def _wrong(before: list[float]) -> Response:
    now = time.monotonic()
    before[:] = [at for at in before if now - at < 60]
    if len(before) >= MOST_WRONG:
        wait = max(1, int(60 - (now - before[0])))
        tried = TryAgainLater("Too many wrong codes were tried.", hint=f"Wait {wait} seconds.")
        return answer(wire.error(tried), status=429, headers={"retry-after": str(wait)})
    before.append(now)
    log.warning("a wrong pairing code was tried")
    used = Refused("This code was used already, or is too old.", hint="Show a new one on the computer that runs Ownmind.")
    return answer(wire.error(used), status=401)


def _keys(cookie: str, header: str) -> list[str]:
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return [value for name, _, value in pairs if name == cookie]


def _without_programs(app: ASGIApp) -> ASGIApp:
    async def refused(scope: Scope, receive: Receive, send: Send) -> None:
        await refuse(_NO_PROGRAMS, send)

    return refused
