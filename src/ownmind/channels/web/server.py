"""The page's server: one application on loopback behind the fence, the same routes on the person's own Unix socket."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
import secrets
import socket
import ssl
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, ExceptionHandler

from ...config import BEYOND
from ...errors import BadInput, OwnmindError, PortTaken
from .. import wire
from . import acting, forgetting, giving, leaving, pages, programs, rooms, routes
from .connection import WHOLE_HEAD, Connection
from .fence import HEADERS, Fence, SocketFence, hosts, is_for_programs
from .network import HomeNetwork
from .ongoing import Ongoing
from .session import Sessions

if TYPE_CHECKING:
    from ...app import House

log = logging.getLogger(__name__)

ROUTES = (
    Route("/api/status", routes.status),
    Route("/api/openapi.json", routes.openapi),
    Route("/api/events", routes.events),
    Route("/api/turn", routes.turn, methods=["POST"]),
    Route("/api/ongoing/{id}", routes.follow),
    Route("/api/ongoing/{id}/stop", routes.stop, methods=["POST"]),
    Route("/api/conversations", routes.conversations),
    Route("/api/conversations/{id:path}", routes.messages),
    Route("/api/recall", routes.recall),
    Route("/api/find", routes.find),
    Route("/api/facts", routes.facts),
    Route("/api/timeline", routes.timeline),
    Route("/api/facts/{id}/keep", routes.keep, methods=["POST"]),
    Route("/api/facts/{id}/fix", routes.fix, methods=["POST"]),
    *forgetting.ROUTES,
    *leaving.ROUTES,
    *acting.ROUTES,
    *rooms.ROUTES,
)
WEB_ROUTES = (
    Route("/api/session", routes.has_session),
    Route("/api/session", routes.open_session, methods=["POST"]),
    Route("/api/import/{name:path}", routes.give, methods=["PUT"]),
    Route("/api/export/archive", routes.archive),
    *giving.ROUTES,
    Route("/{path:path}", pages.serve),
)
SOCKET_ROUTES = (
    Route("/api/address", routes.invite, methods=["POST"]),
    Route("/api/import", routes.import_paths, methods=["POST"]),
    Route("/api/remember", routes.remember, methods=["POST"]),
    Route("/api/backup", routes.backup, methods=["POST"]),
    Route("/api/export", routes.export, methods=["POST"]),
    Route("/api/doctor", routes.doctor),
    *leaving.SOCKET_ROUTES,
    *rooms.SOCKET_ROUTES,
)


def new_token() -> str:
    """256 random bits for the address of one launch."""
    return secrets.token_urlsafe(32)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on loopback. Raises BadInput for any other host, PortTaken when something listens there already."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise BadInput(f"{host} is not this machine", hint=BEYOND)
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere this option lets a second program take the port over
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("::1" if host == "::1" else "127.0.0.1", port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise PortTaken(f"port {port} is taken by another program", hint="stop it, or set another port (0 picks a free one)") from error
    return listening


def bind_unix(path: Path) -> socket.socket:
    """A listening Unix socket at ``path`` that only this person can use. What a killed process left there is replaced.

    The caller holds the home's lock, so whatever is at ``path`` is not in use.
    """
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
        listening.listen(64)
    except OSError as error:
        listening.close()
        raise BadInput(f"cannot listen at {path}: {error}", hint="a home with a shorter path may help") from error
    finally:
        os.umask(before)
    return listening


def address(listening: socket.socket, token: str) -> str:
    """What the person opens: the token is in the fragment, which browsers keep to themselves."""
    return f"{_origin(listening)}/#{token}"


async def serve(house: House, sockets: Sequence[socket.socket], *, token: str, stop: asyncio.Event | None = None) -> None:
    """Serves until ``stop`` is set or the task is cancelled: the page on the first loopback socket, the routes on a Unix one.

    Signals are the caller's business. Open streams end at once, other requests within two seconds.
    """
    web = next(each for each in sockets if each.family != _UNIX)
    port = web.getsockname()[1]
    network = HomeNetwork(house, ROUTES, _HANDLERS, make=listener, bind=bind_unix)
    sessions = kept_sessions(house, port)
    sessions.invite(token)
    apps = [web_app(house, sessions, port)]
    listening = [[each for each in sockets if each.family != _UNIX]]
    unix = [each for each in sockets if each.family == _UNIX]
    if unix:
        apps.append(socket_app(house, sessions, f"{_origin(web)}/"))
        listening.append(unix)
    servers = [listener(app) for app in apps]
    running = [asyncio.create_task(server.serve(sockets=held)) for server, held in zip(servers, listening, strict=True)]
    waiting = [asyncio.create_task(each.wait()) for each in (stop or asyncio.Event(), house.wiped)]
    await network.start()
    try:
        await asyncio.wait({*running, *waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
        await network.close()
        for app in apps:
            app.state.ending.set()
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*(app.state.ongoing.close() for app in apps))
        await asyncio.gather(*running)
        apps[0].state.given.clear()


async def serve_socket(house: House, unix: socket.socket, *, stop: asyncio.Event) -> None:
    """Serves the routes of the Unix socket alone, without a page, until ``stop`` is set or the task is cancelled."""
    app = socket_app(house, Sessions(port=0, known={}, keep=lambda known: None), "")
    server = listener(app)
    running = asyncio.create_task(server.serve(sockets=[unix]))
    try:
        await stop.wait()
    finally:
        app.state.ending.set()
        server.should_exit = True
        await app.state.ongoing.close()
        await running


class _Quiet(uvicorn.Server):
    """uvicorn without its signal handlers: one process, two servers, and somebody else decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listener(app: ASGIApp, *, tls: ssl.SSLContext | None = None) -> uvicorn.Server:
    """A server for ``app`` whose every answer carries ``HEADERS`` and whose connections have to make haste."""
    config = uvicorn.Config(
        app,
        http=Connection,
        headers=[(name.decode(), value.decode()) for name, value in HEADERS],
        log_config=None,
        access_log=False,  # paths hold queries, and a log never holds contents
        lifespan="off",
        server_header=False,
        proxy_headers=False,  # nobody stands between, so nobody may say who asked
        ws="none",
        h11_max_incomplete_event_size=WHOLE_HEAD,
        timeout_graceful_shutdown=2,
    )
    config.load()
    config.ssl = tls
    return _Quiet(config)


def web_app(house: House, sessions: Sessions, port: int) -> Starlette:
    """The application of the page behind its fence, for a loopback server at ``port``."""
    ours = hosts(port)
    fence = Middleware(Fence, hosts=ours, is_known=sessions.is_known, keyed=partial(programs.Keyed, clients=house.clients, hosts=ours))
    app = Starlette(routes=[*ROUTES, *programs.ROUTES, *WEB_ROUTES], middleware=[fence], exception_handlers=dict(_HANDLERS))
    app.state.house, app.state.sessions, app.state.pages = house, sessions, pages.read()
    app.state.given = giving.Waiting()
    app.state.page = f"http://127.0.0.1:{port}/"
    app.state.ending, app.state.listening, app.state.ongoing = asyncio.Event(), 0, Ongoing()
    return app


def socket_app(house: House, sessions: Sessions, opening: str) -> Starlette:
    """The application of the person's own Unix socket; ``opening`` is the page's address."""
    fence = Middleware(SocketFence, keyed=partial(programs.Keyed, clients=house.clients))
    app = Starlette(routes=[*ROUTES, *SOCKET_ROUTES, *programs.ROUTES], middleware=[fence], exception_handlers=dict(_HANDLERS))
    app.state.house, app.state.sessions, app.state.address = house, sessions, opening
    app.state.page = opening
    app.state.ending, app.state.listening, app.state.ongoing = asyncio.Event(), 0, Ongoing()
    return app


def kept_sessions(house: House, port: int) -> Sessions:
    """The sessions kept from earlier starts, so that an open page goes on after a restart."""
    settings = house.store.settings

    def keep(known: dict[str, float]) -> None:
        settings.set(_KEPT, json.dumps(known))

    return Sessions(port=port, known=json.loads(settings.get(_KEPT, "{}")), keep=keep)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, OwnmindError)
    if is_for_programs(request.scope["path"]):
        return programs.failed(request, error)
    return routes.answer(wire.error(error), status=wire.status(error))


async def _broken(request: Request, error: Exception) -> Response:
    log.error("a request failed: %s", request.scope["path"].split("/")[:3], exc_info=error)
    if is_for_programs(request.scope["path"]):
        return programs.failed(request, routes.BROKEN)
    return routes.answer(wire.error(routes.BROKEN), status=500)


def _origin(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


_KEPT = "web_sessions"
_UNIX = getattr(socket, "AF_UNIX", None)
_HANDLERS: dict[type[Exception], ExceptionHandler] = {OwnmindError: _refused, Exception: _broken}
