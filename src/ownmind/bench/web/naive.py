"""The control of ``bench web``: the same house and routes as a first version of such a server often has them.

No fence, files joined to a folder, method overrides honoured, cookies read loosely, and all the time in the world: what gets
through here is what the attacks are worth.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from urllib.parse import unquote

import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ...app import House
from ...channels.web import pages, server


async def serve(house: House, sockets: Sequence[socket.socket], *, token: str, stop: asyncio.Event) -> None:
    """Serves until ``stop`` is set: the naive page on the first of ``sockets``, the ordinary routes on the second, a Unix one."""
    port = sockets[0].getsockname()[1]
    sessions = server.kept_sessions(house, port)
    sessions.invite(token)
    app = server.web_app(house, sessions, port)
    app.user_middleware[:] = [Middleware(_Overrides)]
    app.router.routes[-1:] = [Route("/{path:path}", _file, methods=["GET", "TRACE", "OPTIONS", "PATCH", "DELETE"])]
    apps = [app, server.socket_app(house, sessions, f"http://127.0.0.1:{port}/")]
    configs = [uvicorn.Config(each, log_config=None, lifespan="off", ws="none", h11_max_incomplete_event_size=1 << 20) for each in apps]
    running = [uvicorn.Server(config) for config in configs]
    serving = [asyncio.create_task(one.serve(sockets=[held])) for one, held in zip(running, sockets, strict=True)]
    await stop.wait()
    for each, one in zip(apps, running, strict=True):
        each.state.ending.set()
        one.should_exit = True
    await asyncio.gather(*serving)


async def _file(request: Request) -> Response:
    """Whatever file the path leads to."""
    path = pages.FOLDER / unquote(request.url.path).replace("\\", "/").replace("\0", "").lstrip("/")
    path = path / "index.html" if path.is_dir() else path
    return Response(path.read_bytes()) if path.is_file() else Response(status_code=404)


class _Overrides:
    """Believes a header that names another method, takes any path for its tidy form, and does what it is asked in any method."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method = str(headers.get("x-http-method-override", scope["method"])).upper()
        path = "/" + "/".join(part for part in unquote(scope["path"].partition("://")[2] or scope["path"]).split("/") if part)
        path = "/api/" + path.rpartition("/api/")[2] if "/api/" in path else path
        if method not in ("GET", "POST", "PUT"):
            method = "GET"
        await self.app({**scope, "method": method, "path": path}, receive, send)
