"""The fence for programs, and their routes: what a key opens (``/v1/...``, ``/mcp``), on the loopback port and on the Unix socket.

In this order a request must be unambiguous, name a Host we listen as, come from no page but our own (a program sends no Origin), use a
method these APIs have, carry JSON of a bearable size, and a key: ``Authorization: Bearer om-…``, or ``x-api-key`` where Anthropic's
clients send it. A cookie is never looked at here, and a key nowhere else: neither can stand in for the other. What a key may do is asked
by each route (`Client.need`); the client itself is in ``scope["client"]``, in place of the address, which on loopback says nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ...errors import NotFound, OwnmindError
from ...guard.clients import Client
from ..mcp import http as mcp
from ..openai import errors
from ..openai import routes as openai
from .fence import Headers, Refusal, body_refusal, carried, headers_of, refusing, shape_refusal, too_large
from .routes import answer

if TYPE_CHECKING:
    from ...guard.clients import Clients

log = logging.getLogger(__name__)

BODY_LIMIT = 4 << 20  # bytes of one request: a long talk with files in it
AT_ONCE = 128  # requests of one client
BYTES_AT_ONCE = 32 << 20  # of the bodies of one client's requests
BY_NAME = "x-ownmind-client"  # on the Unix socket, in place of a key
METHODS = frozenset({"GET", "POST", "DELETE"})
_HEARD_OUT = 64 << 10  # bytes of a refused body that are still read
_HEARD_OUT_FOR = 2.0  # seconds
MOST_WRONG = 10  # wrong keys a minute; a right one is never kept waiting by them
WITHOUT_JSON = "/v1/audio/"  # multipart there: it is answered that there is no ear yet, whatever is sent

_NO_KEY = Refusal(401, "There is no key in this request.", "Send `Authorization: Bearer om-…`; `ownmind clients add NAME` makes a key.")
_WRONG_KEY = Refusal(401, "That key is not known here.", "It may have been revoked; `ownmind clients` lists those that open something.")


class Keyed:
    """Wraps the application for what programs ask. ``hosts``: the Host values we listen as; empty on the Unix socket."""

    def __init__(self, app: ASGIApp, *, clients: Clients, hosts: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.clients = clients
        self.hosts = hosts
        self.origins = frozenset(f"http://{host}" for host in hosts)
        self._wrong: list[float] = []
        self._requests: Counter[str] = Counter()  # client's id -> requests under way
        self._bytes: Counter[str] = Counter()  # likewise -> bytes their bodies may have

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def refuse(refused: Refusal, to: Send) -> None:
            log.warning("refused a program's request: %d", refused.status)
            said = errors.sentence(refused.message, refused.hint)
            body = json.dumps(errors.spelled(refused.status, said, anthropic=_is_anthropic(scope))).encode()
            await refusing(refused, body, "application/json", to)

        client = self._client(scope)
        size = _size(scope)
        refused = client if isinstance(client, Refusal) else self._full(client, size)
        if refused is not None or isinstance(client, Refusal):
            assert refused is not None
            await _heard_out(receive, size)
            await refuse(refused, send)
            return
        self._requests[client.id] += 1
        self._bytes[client.id] += size
        self.clients.called(client)
        try:
            await carried(self.app, {**scope, "client": client}, receive, send, limit=BODY_LIMIT, refuse=refuse)
        finally:
            self._requests[client.id] -= 1
            self._bytes[client.id] -= size
            if self.clients.is_to_count():
                await asyncio.shield(asyncio.to_thread(self.clients.count))

    def _client(self, scope: Scope) -> Client | Refusal:
        """Who asks, or why they may not."""
        unclear = shape_refusal(scope)
        if unclear is not None:
            return unclear
        headers = headers_of(scope)
        return (
            self._stranger(headers)
            or self._shaped(scope["method"], scope["path"], headers)
            or self._of_key(headers, anthropic=_is_anthropic(scope))
        )

    def _stranger(self, headers: Headers) -> Refusal | None:
        if self.hosts and headers.get("host", "").lower() not in self.hosts:
            return Refusal(421, "This is not an address Ownmind answers to.", "Use http://127.0.0.1 and the port that `ownmind` printed.")
        is_ours = "origin" not in headers or headers["origin"] in self.origins
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") or not is_ours:
            return Refusal(403, "A page of the web asked for this, so it was refused: keys are for programs.")
        if "upgrade" in headers:
            return Refusal(403, "There is nothing to upgrade to here.")
        return None

    def _shaped(self, method: str, path: str, headers: Headers) -> Refusal | None:
        if method not in METHODS:
            return Refusal(405, f"{method[:10]} is not used here.")
        if path.startswith(WITHOUT_JSON):
            return None
        refused = body_refusal(method, path, {**headers, "content-length": "0"} if method == "POST" else headers)
        length = headers.get("content-length", "0")
        if refused is None and (not length.isdecimal() or len(length) > 15 or int(length) > BODY_LIMIT):
            return too_large(BODY_LIMIT)
        return refused

    def _of_key(self, headers: Headers, *, anthropic: bool) -> Client | Refusal:
        given = _keys(headers, anthropic=anthropic)
        if not given:  # the socket is the person's own: there they may say by name which of their programs asks
            named = "" if self.hosts else headers.get(BY_NAME, "")
            return next((one for one in self.clients.held if named and one.name == named), _NO_KEY)
        client = self.clients.known(given[0]) if len(set(given)) == 1 else None
        if client is not None:
            return client
        now = time.monotonic()
        self._wrong = [at for at in self._wrong if now - at < 60]
        if len(self._wrong) >= MOST_WRONG:
            wait = max(1, int(60 - (now - self._wrong[0])))
            return Refusal(429, "Too many wrong keys were tried.", f"Wait {wait} seconds.", wait)
        self._wrong.append(now)
        log.warning("a wrong key was tried")
        return _WRONG_KEY

    def _full(self, client: Client, size: int) -> Refusal | None:
        if self._requests[client.id] < AT_ONCE and self._bytes[client.id] + size <= BYTES_AT_ONCE:
            return None
        return Refusal(429, "This key has too many requests under way.", "Wait until some are answered.", 2)


async def nothing(request: Request) -> Response:
    """Nothing is at this path: said in the shape its callers read."""
    return failed(
        request, NotFound(f"there is no {request.method} {request.scope['path'][:80]} here", hint="docs/clients.md lists what there is")
    )


def client_of(scope: Scope) -> Client:
    """The client whose key opened this."""
    client = scope["client"]
    assert isinstance(client, Client), "behind the fence there is one"
    return client


def failed(request: Request, error: OwnmindError) -> Response:
    """An error of a route as these APIs spell it."""
    more = {"retry-after": str(error.seconds)} if isinstance(error, errors.Busy) else {}
    anthropic = _is_anthropic(request.scope)
    return answer(errors.shape(error, anthropic=anthropic), status=errors.status(error, anthropic=anthropic), headers=more)


def _is_anthropic(scope: Scope) -> bool:
    return errors.is_anthropic(scope["path"], scope["headers"])


def _keys(headers: Headers, *, anthropic: bool) -> Sequence[str]:
    """The keys a request gives; Anthropic's clients have a header of their own."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    given = [token.strip()] if scheme.lower() == "bearer" and token.strip() else []
    other = headers.get("x-api-key", "").strip() if anthropic else ""
    return [*given, other] if other else given


async def _heard_out(receive: Receive, size: int) -> None:
    """Takes a small body that is refused off the wire: a connection that is closed before the body has come is reset, and its caller
    would never read why."""
    if not 0 < size <= _HEARD_OUT:
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_HEARD_OUT_FOR):
            while (message := await receive())["type"] == "http.request" and message.get("more_body", False):
                pass


def _size(scope: Scope) -> int:
    """How many bytes the body may come to."""
    headers = headers_of(scope)
    if "transfer-encoding" in headers:
        return BODY_LIMIT
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) <= 15 else 0


# Everything a key opens. MCP's server is mounted here too, before the last rows; behind the fence it finds its client with `client_of`.
ROUTES: tuple[BaseRoute, ...] = (
    *openai.ROUTES,
    Route("/v1/{path:path}", nothing, methods=sorted(METHODS)),
    Route("/mcp", mcp.Endpoint()),
    Route("/mcp/{path:path}", nothing, methods=sorted(METHODS)),
)
