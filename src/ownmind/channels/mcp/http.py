"""The Streamable HTTP transport at ``/mcp``, behind the fence for programs: sessions by the SDK, one set of them for each program.

Each program has a session manager of its own, so that the id of a session opens nothing for another key. Bounded: a request's bytes and
how many there are at once by the fence, sessions of a program and the time one lies idle here. Not here: taking up a broken stream
(`Last-Event-ID`); the SDK numbers streams by request, which two sessions of a program would share.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING, cast

from starlette.types import Receive, Scope, Send

from ...guard.clients import Client

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from ...app import House
    from .serving import Watched

log = logging.getLogger(__name__)

MOST_SESSIONS = 128  # of one program
IDLE = 600.0  # seconds after which a session that asks nothing ends


class Programs:
    """The session managers of one application, by the program's id. Belongs to its event loop; ends when ``ending`` is set."""

    def __init__(self, house: House, page: str, ending: asyncio.Event) -> None:
        self._house, self._page, self._ending = house, page, ending
        self._one = asyncio.Lock()
        self._managers: dict[str, StreamableHTTPSessionManager] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watched: Watched | None = None

    async def manager(self, client: Client) -> StreamableHTTPSessionManager:
        async with self._one:
            if client.id not in self._managers:
                self._managers[client.id] = await self._begun()
            return self._managers[client.id]

    async def _begun(self) -> StreamableHTTPSessionManager:
        await asyncio.to_thread(import_module, "ownmind.channels.mcp.serving")  # with the SDK most of a second: not in the loop
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from .serving import Watched, built

        if self._watched is None:
            self._watched = Watched()
            self._start(self._tell(self._watched))
        made = StreamableHTTPSessionManager(
            built(self._house, self._watched, self._page), session_idle_timeout=IDLE, max_sessions=MOST_SESSIONS
        )
        ready = asyncio.Event()
        self._start(self._run(made, ready))
        await ready.wait()
        return made

    def _start(self, running: object) -> None:
        task = asyncio.create_task(cast("asyncio._CoroutineLike[None]", running))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
        async with manager.run():
            ready.set()
            await self._ending.wait()

    async def _tell(self, watched: Watched) -> None:
        """Passes on what changed, until the server ends."""
        telling = asyncio.create_task(self._pass_on(watched))
        try:
            await self._ending.wait()
        finally:
            telling.cancel()
            await asyncio.wait({telling})

    async def _pass_on(self, watched: Watched) -> None:
        async with aclosing(self._house.bulletin.listen()) as notices:
            async for notice in notices:
                await watched.tell(str(notice.get("type", "")))


class Endpoint:
    """The route: hands each request to the manager of its program."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["app"].state
        if not hasattr(state, "mcp"):
            state.mcp = Programs(state.house, state.page, state.ending)
        manager = await state.mcp.manager(scope["client"])
        await manager.handle_request(scope, receive, send)
