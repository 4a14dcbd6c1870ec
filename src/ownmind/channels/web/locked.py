"""What a browser meets while the store is locked: the page's own files, and one question.

Nothing of the home is open then, so there is no session to ask for: whoever knows the passphrase or the recovery words is the person.
The fence is the page's own (Host, Origin, size). Each try costs what argon2id costs; from the third wrong one on the next must wait
(store.tries). The right one opens the house, and its answer carries the one-time token by which the page then enters.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...errors import OwnmindError, PassphraseNeeded, TryAgainLater, WrongPassphrase
from ...store.tries import Tries
from .. import wire
from . import pages
from .fence import Fence, hosts
from .routes import answer, body_of, text_of
from .server import listener, new_token

if TYPE_CHECKING:
    from ...app import House

LOCKED = 423  # of HTTP (RFC 4918): the page shows the question
Open = Callable[[str], "House"]


async def unlocked(listening: socket.socket, open_house: Open, *, stop: asyncio.Event) -> tuple[House, str] | None:
    """Serves the question on ``listening`` (which stays open) until somebody answers it: the house, and the token the page was given.
    None when ``stop`` was set first. ``open_house`` raises WrongPassphrase."""
    app = locked_app(open_house, listening.getsockname()[1])
    server = listener(app)
    running = asyncio.create_task(server.serve(sockets=[listening.dup()]))  # it closes what it is given
    opened: asyncio.Future[tuple[House, str]] = app.state.opened
    stopped = asyncio.create_task(stop.wait())
    waited: list[asyncio.Future[Any]] = [running, opened, stopped]  # three kinds of result, none of them looked at here
    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    server.should_exit = True
    await running
    return opened.result() if opened.done() else None


def locked_app(open_house: Open, port: int) -> Starlette:
    """The application of a locked home. Must be made inside the loop that serves it."""
    fence = Middleware(Fence, hosts=hosts(port), is_known=lambda cookies: False, keyed=lambda app: app)
    app = Starlette(routes=_ROUTES, middleware=[fence], exception_handlers={OwnmindError: _refused})
    app.state.pages, app.state.open_house = pages.read(), open_house
    app.state.tries, app.state.one = Tries(), asyncio.Lock()
    app.state.opened = asyncio.get_running_loop().create_future()
    app.state.ending, app.state.listening = asyncio.Event(), 0
    return app


async def is_locked(request: Request) -> Response:
    """Whatever is asked about a session: first the question must be answered."""
    return answer(wire.error(PassphraseNeeded("This memory is locked.", hint="Type its passphrase or its recovery words.")), status=LOCKED)


async def unlock(request: Request) -> Response:
    """``secret``: the passphrase, or the recovery words or letters."""
    state, secret = request.app.state, text_of(await body_of(request), "secret")
    tries: Tries = state.tries
    async with state.one:
        if wait := tries.wait():
            tried = TryAgainLater(f"{tries.wrong} wrong tries so far.", hint=f"Wait {wait} seconds.")
            return answer(wire.error(tried), status=429, headers={"retry-after": str(wait)})
        if state.opened.done():
            return answer({"token": ""})
        try:
            house = await asyncio.to_thread(state.open_house, secret)
        except WrongPassphrase as error:
            count = tries.failed()
            said = f"That does not open it: {count} wrong {'try' if count == 1 else 'tries'} so far."
            raise WrongPassphrase(said, hint=f"{error.hint[:1].upper()}{error.hint[1:]}.") from error
        token = new_token()
        state.opened.set_result((house, token))
    return answer({"token": token})


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, OwnmindError)
    return answer(wire.error(error), status=wire.status(error))


_ROUTES = (
    Route("/api/session", is_locked, methods=["GET", "POST"]),
    Route("/api/unlock", unlock, methods=["POST"]),
    Route("/{path:path}", pages.serve),
)
