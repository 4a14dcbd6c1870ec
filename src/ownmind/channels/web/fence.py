"""The fence around the page: which requests reach a route at all, and what every answer carries.

A server on loopback is reachable from every page the person's browser shows and from every program on the machine, so
being local proves nothing. In this order a request must have a Host we listen as (DNS rebinding), come from our own
page (Origin, Sec-Fetch-Site), carry a body of the expected type and size, and, under /api, a session. The Unix socket
has none of this: its file mode is its fence, and no browser can reach it.

Not covered: another program of the same person, which could read the key itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

JSON_LIMIT = 1 << 20  # bytes of a JSON body: a pasted chapter fits
IMPORT_PATH = "/api/import/"
IMPORT_LIMIT = 256 << 20  # bytes of one file given to the page
OPEN_PATHS = frozenset({"/api/session"})  # under /api, what needs no session
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request goes no further, in words for whoever reads it."""

    status: int
    message: str
    hint: str = ""


class _TooLargeError(Exception):
    """The body passed its limit while it was read."""


class Fence:
    """Wraps the application; ``is_known`` says whether a cookie header names a session."""

    def __init__(self, app: ASGIApp, *, port: int, is_known: Callable[[str], bool]) -> None:
        self.app = app
        self.hosts = hosts(port)
        self.origins = frozenset(f"http://{host}" for host in self.hosts)
        self.is_known = is_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # the page uses none, so nobody gets one
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self.refusal(scope["method"], scope["path"], headers)
        if refused is not None:
            log.warning("refused %s: %d", scope["method"], refused.status)
            await _refuse(refused, _hardened(send), path=scope["path"])
            return
        limit = body_limit(scope["path"])
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, _limited(receive, limit), _hardened(watched))
        except _TooLargeError:
            if started:
                raise
            await _refuse(too_large(limit), _hardened(send))

    def refusal(self, method: str, path: str, headers: dict[str, str]) -> Refusal | None:
        """Why this request may not go on; None when it may."""
        if headers.get("host", "").lower() not in self.hosts:
            return Refusal(421, "This is not an address Ownmind answers to.", "Open the address that `ownmind` printed.")
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return Refusal(
                403, "Another site asked for this, so it was refused.", "Open Ownmind's own page instead of following a link to it."
            )
        if method in UNSAFE and headers.get("origin") not in self.origins:
            return Refusal(
                403, "This did not come from Ownmind's own page, so it was refused.", "Programs use the socket in Ownmind's home folder."
            )
        return body_refusal(method, path, headers) or self._stranger(path, headers)

    def _stranger(self, path: str, headers: dict[str, str]) -> Refusal | None:
        if not path.startswith("/api/") or path in OPEN_PATHS or self.is_known(headers.get("cookie", "")):
            return None
        return Refusal(401, "This browser is not connected to your Ownmind.", "Run `ownmind` in a terminal: it opens a page that is.")


class SocketFence:
    """The fence on the Unix socket: bodies only, since only the person can reach it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = body_refusal(scope["method"], scope["path"], headers)
        if refused is not None:
            await _refuse(refused, send)
            return
        await self.app(scope, receive, send)


def hosts(port: int) -> frozenset[str]:
    """The Host values of a server on loopback at ``port``."""
    names = ("127.0.0.1", "localhost", "[::1]")
    bare = names if port == 80 else ()  # browsers leave the default port out
    return frozenset([f"{name}:{port}" for name in names] + list(bare))


def body_limit(path: str) -> int:
    """Most bytes a body for ``path`` may have."""
    return IMPORT_LIMIT if path.startswith(IMPORT_PATH) else JSON_LIMIT


def body_refusal(method: str, path: str, headers: dict[str, str]) -> Refusal | None:
    """Why a body of this type or length is not taken; None when it is."""
    if method not in UNSAFE:
        return None
    expected = "application/octet-stream" if path.startswith(IMPORT_PATH) else "application/json"
    if headers.get("content-type", "").partition(";")[0].strip().lower() != expected:
        return Refusal(415, f"The body must be {expected}.")
    limit = body_limit(path)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > limit:
        return too_large(limit)
    return None


def too_large(limit: int) -> Refusal:
    """The refusal of a body over ``limit`` bytes."""
    hint = (
        "For larger files run `ownmind import FILE` in a terminal."
        if limit == IMPORT_LIMIT
        else "Send it in smaller pieces, or give it as a file."
    )
    return Refusal(413, f"That is more than {limit >> 20} MB, which is the most the page takes at once.", hint)


def _limited(receive: Receive, limit: int) -> Receive:
    """``receive`` that stops a body which says nothing about its length, or lies."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _TooLargeError
        return message

    return counted


def _hardened(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
        await send(message)

    return with_headers


async def _refuse(refused: Refusal, send: Send, *, path: str = "/api/") -> None:
    if path.startswith("/api/"):
        body, media_type = (
            json.dumps({"error": {"type": "Refused", "message": refused.message, "hint": refused.hint}}).encode(),
            "application/json",
        )
    else:  # a person looks at this one
        body, media_type = f"{refused.message}\n\n{refused.hint}\n".encode(), "text/plain; charset=utf-8"
    headers = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    # The rest of a refused body is not read, so the connection cannot carry another request.
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
