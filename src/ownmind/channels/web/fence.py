"""The fence around the page: which requests reach a route at all, and what every answer carries.

A server on loopback is reachable from every page the person's browser shows and from every program on the machine, so
being local proves nothing. In this order a request must be unambiguous (one Host, one Origin, a plain path), have a Host we
listen as (DNS rebinding), come from our own page (Origin, Sec-Fetch-Site), use a method the page uses, carry a body of the
expected type and size that arrives in reasonable time, and, under /api, a session. The Unix socket has the rules of bodies
alone: its file mode is its fence, and no browser can reach it. What programs ask (``/v1/...``, ``/mcp``) goes through a fence of its
own (programs.py) on both: a key instead of a session.

Not covered: another program of the same person, which could read the key itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

JSON_LIMIT = 1 << 20  # bytes of a JSON body: a pasted chapter fits
IMPORT_PATH = "/api/import/"
IMPORT_LIMIT = 256 << 20  # bytes of one file given to the page
PIECES_PATH = "/api/pieces/"
PIECE_LIMIT = 8 << 20  # bytes of one piece of a larger one
# Under /api, what needs no session; the second only for devices (devices.py), the third only where a home is locked (locked.py).
OPEN_PATHS = frozenset({"/api/session", "/api/pairing", "/api/unlock"})
OPEN_LIMIT = 4096  # bytes of a body that a stranger may send: a token has 43
TARGET_LIMIT = 8192  # bytes of a path with its query
COOKIE_LIMIT = 8192
HEAD_LIMIT = 32 << 10  # bytes of all headers
MOST_HEADERS = 100
SAFE = frozenset({"GET", "HEAD"})
UNSAFE = frozenset({"POST", "PUT"})
# Which of two a server believes is where proxies, browsers and servers differ (RFC 9110 5.3): nobody sends two who means well.
SINGULAR = frozenset(
    {
        "host", "origin", "sec-fetch-site", "cookie", "content-type", "content-length", "content-encoding", "transfer-encoding",
        "authorization", "x-api-key",
    }
)  # fmt: skip
GRACE = 15.0  # seconds a body may take, and one more for each SLOWEST bytes that have come
SLOWEST = 256 << 10  # bytes a second: loopback carries ten thousand times as much

Headers = dict[str, str]

# What every answer carries, refusals and failures among them: the server adds them, not the routes.
HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        b"manifest-src 'self'; worker-src 'self'; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        b"trusted-types lit-html ownmind-worker",
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
    retry_after: int = 0  # seconds; 0: it does not say


_NO_SESSION = Refusal(401, "This browser is not connected to your Ownmind.", "Run `ownmind` in a terminal: it opens a page that is.")
Refuse = Callable[[Refusal, Send], Awaitable[None]]


class _BodyError(Exception):
    """The body was not taken, while it was read."""

    def __init__(self, refused: Refusal) -> None:
        super().__init__(refused.message)
        self.refused = refused


class Fence:
    """Wraps the application; ``is_known`` says whether a cookie header names a session, ``keyed`` makes the fence for programs,
    ``stranger`` is the refusal of who has no session. ``hosts``: the Host values we listen as."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str],
        is_known: Callable[[str], bool],
        keyed: Callable[[ASGIApp], ASGIApp],
        scheme: str = "http",
        stranger: Refusal = _NO_SESSION,
    ) -> None:
        self.app = app
        self.keyed = keyed(app)
        self.hosts = hosts
        self.origins = frozenset(f"{scheme}://{host}" for host in self.hosts)
        self.is_known = is_known
        self.stranger = stranger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":  # the page uses none, so nobody gets one
            await send({"type": "websocket.close", "code": 1008})
        elif is_for_programs(scope["path"]):
            await self.keyed(scope, receive, send)
        else:
            await _guarded(self.app, self.refusal, scope, receive, send)

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why this request may not go on; None when it may."""
        unclear = shape_refusal(scope)
        if unclear is not None:
            return unclear
        headers, method, path = headers_of(scope), scope["method"], scope["path"]
        if headers.get("host", "").lower() not in self.hosts:
            return Refusal(421, "This is not an address Ownmind answers to.", "Open the address that `ownmind` printed.")
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return Refusal(
                403, "Another site asked for this, so it was refused.", "Open Ownmind's own page instead of following a link to it."
            )
        if "upgrade" in headers:
            return Refusal(403, "There is nothing to upgrade to here.")
        if method not in SAFE | UNSAFE:
            return Refusal(405, f"The page does not use {method}.")
        # A page elsewhere that only reads sends its Origin too when it hopes to see the answer.
        if ("origin" in headers or method in UNSAFE) and headers.get("origin") not in self.origins:
            return Refusal(
                403, "This did not come from Ownmind's own page, so it was refused.", "Programs use the socket in Ownmind's home folder."
            )
        if method == "HEAD" and path.startswith("/api/"):
            return Refusal(405, "The page does not use HEAD here.")
        return body_refusal(method, path, headers) or self._stranger(path, headers)

    def _stranger(self, path: str, headers: Headers) -> Refusal | None:
        if not path.startswith("/api/") or path in OPEN_PATHS or self.is_known(headers.get("cookie", "")):
            return None
        return self.stranger


class SocketFence:
    """The fence on the Unix socket: bodies only, since only the person can reach it."""

    def __init__(self, app: ASGIApp, *, keyed: Callable[[ASGIApp], ASGIApp]) -> None:
        self.app = app
        self.keyed = keyed(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_for_programs(scope["path"]):
            await self.keyed(scope, receive, send)
        elif scope["type"] == "http":
            await _guarded(self.app, self.refusal, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why this request may not go on; None when it may."""
        return shape_refusal(scope) or body_refusal(scope["method"], scope["path"], headers_of(scope))


def is_for_programs(path: str) -> bool:
    """Whether a key opens this path, and never a session."""
    return path.startswith(("/v1/", "/mcp/")) or path in ("/v1", "/mcp")


def hosts(port: int) -> frozenset[str]:
    """The Host values of a server on loopback at ``port``."""
    names = ("127.0.0.1", "localhost", "[::1]")
    bare = names if port == 80 else ()  # browsers leave the default port out
    return frozenset([f"{name}:{port}" for name in names] + list(bare))


def shape_refusal(scope: Scope) -> Refusal | None:
    """Why a request that can be read in two ways is not read at all; None when it is plain."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > TARGET_LIMIT:
        return Refusal(414, "That address is too long.")
    if not scope["path"].startswith("/") or b"#" in scope["raw_path"]:
        return Refusal(400, "That is not a path.")
    if scope["http_version"] not in ("1.0", "1.1"):
        return Refusal(505, "Ownmind speaks HTTP/1.1.")
    # h11 holds only a head that is still coming to its limit, not one that comes at once.
    if len(scope["headers"]) > MOST_HEADERS or sum(len(name) + len(value) for name, value in scope["headers"]) > HEAD_LIMIT:
        return Refusal(431, "Those are more headers than a browser sends.")
    names = [name.decode("latin-1").lower() for name, _ in scope["headers"]]
    twice = sorted({name for name in names if name in SINGULAR and names.count(name) > 1})
    if twice:
        return Refusal(400, f"There are two {twice[0]} headers.")
    headers = headers_of(scope)
    if "transfer-encoding" in headers and "content-length" in headers:
        return Refusal(400, "The length of the body is said twice.")
    if len(headers.get("cookie", "")) > COOKIE_LIMIT:
        return Refusal(431, "That is more cookie than Ownmind ever gave.", "Clear the cookies of this address in the browser.")
    return None


def body_limit(path: str) -> int:
    """Most bytes a body for ``path`` of the page may have."""
    if path in OPEN_PATHS:
        return OPEN_LIMIT
    if path.startswith(PIECES_PATH):
        return PIECE_LIMIT
    return IMPORT_LIMIT if path.startswith(IMPORT_PATH) else JSON_LIMIT


def body_refusal(method: str, path: str, headers: Headers) -> Refusal | None:
    """Why a body of this type or length is not taken; None when it is."""
    if method not in UNSAFE:
        has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
        return Refusal(400, f"{method} takes no body.") if has_body else None
    if headers.get("content-encoding", "identity").lower() != "identity":
        return Refusal(415, "The body must not be compressed.")
    expected = "application/octet-stream" if path.startswith((IMPORT_PATH, PIECES_PATH)) else "application/json"
    kind, _, parameters = headers.get("content-type", "").partition(";")
    if kind.strip().lower() != expected or parameters.strip().lower() not in ("", "charset=utf-8"):
        return Refusal(415, f"The body must be {expected}.")
    limit = body_limit(path)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 15 or int(length) > limit:
        return too_large(limit)
    return None


def too_large(limit: int) -> Refusal:
    """The refusal of a body over ``limit`` bytes."""
    hint = (
        "For larger files run `ownmind import FILE` in a terminal."
        if limit == IMPORT_LIMIT
        else "Send it in smaller pieces, or give it as a file."
    )
    size = f"{limit >> 20} MB" if limit >> 20 else f"{limit >> 10} kB"
    return Refusal(413, f"That is more than {size}, which is the most the page takes at once.", hint)


async def _guarded(app: ASGIApp, refusal: Callable[[Scope], Refusal | None], scope: Scope, receive: Receive, send: Send) -> None:
    """Lets the request through to ``app``, or answers why not; a body that turns out too large or too slow is answered as well."""
    refused = refusal(scope)
    if refused is not None:
        log.warning("refused %s: %d", scope["method"] if scope["method"] in SAFE | UNSAFE else "another method", refused.status)
        await refuse(refused, send, path=scope["path"])
        return
    await carried(app, scope, receive, send, limit=body_limit(scope["path"]), refuse=refuse)


async def carried(app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, limit: int, refuse: Refuse) -> None:
    """Answers by ``app``; a body that turns out longer than ``limit`` or too slow is answered by ``refuse``."""
    started = False

    async def watched(message: Message) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        await app(scope, _limited(receive, limit), watched)
    except _BodyError as error:
        if started:
            raise
        await refuse(error.refused, send)


def _limited(receive: Receive, limit: int) -> Receive:
    """``receive`` that stops a body which says nothing about its length, or lies, or comes drop by drop."""
    seen, waited, is_whole = 0, 0.0, False
    loop = asyncio.get_running_loop()

    async def counted() -> Message:
        nonlocal seen, waited, is_whole
        if is_whole:  # from here on it only says that the browser has left, which may take hours
            return await receive()
        began = loop.time()
        try:
            async with asyncio.timeout(GRACE + seen / SLOWEST - waited):
                message = await receive()
        except TimeoutError as error:
            raise _BodyError(Refusal(408, "The body came too slowly.", "Try again.")) from error
        waited += loop.time() - began
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if seen > limit:
                raise _BodyError(too_large(limit))
        return message

    return counted


def headers_of(scope: Scope) -> Headers:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


async def refuse(refused: Refusal, send: Send, *, path: str = "/api/") -> None:
    """Sends a refusal in the words of the page, or as text where a person looks at it."""
    if path.startswith("/api/"):
        body, media_type = (
            json.dumps({"error": {"type": "Refused", "message": refused.message, "hint": refused.hint}}).encode(),
            "application/json",
        )
    else:  # a person looks at this one
        body, media_type = f"{refused.message}\n\n{refused.hint}\n".encode(), "text/plain; charset=utf-8"
    await refusing(refused, body, media_type, send)


async def refusing(refused: Refusal, body: bytes, media_type: str, send: Send) -> None:
    """Sends a refusal whose words are in ``body``."""
    headers = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    # The rest of a refused body is not read, so the connection cannot carry another request.
    headers.append((b"connection", b"close"))
    if refused.retry_after:
        headers.append((b"retry-after", str(refused.retry_after).encode()))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
