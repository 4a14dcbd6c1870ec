"""One connection to the page's server, which has to make haste: a request that never ends must not keep others out.

uvicorn waits for ever for the end of a request's head and for a reader that does not read. Any program on the machine can
open connections, also another person's, and each costs a file handle: so a head has ``HEAD_SECONDS``, an answer nobody takes
``UNREAD_SECONDS``, and of more than ``MOST`` connections the one that has waited longest without a request goes. Bodies are
the fence's business: it knows what may be sent.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .fence import HEAD_LIMIT, HEADERS

HEAD_SECONDS = 10.0
UNREAD_SECONDS = 30.0
WHOLE_HEAD = HEAD_LIMIT + 16384  # bytes that may wait for the end of a head: the request line and what stands between
MOST = 640  # connections at once: a browser opens six to one address, a program one for each request; systems allow 1024 files


class Connection(H11Protocol):
    """uvicorn's own protocol with patience that ends."""

    _ending: asyncio.TimerHandle | None = None  # when a head takes too long
    _unread: asyncio.TimerHandle | None = None  # when nobody takes the answer
    since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self.since = self.loop.time()
        self._watch()
        if len(self.connections) > MOST:
            waiting = [each for each in self.connections if isinstance(each, Connection) and each.is_waiting]
            min(waiting, key=lambda each: each.since, default=self).transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            super().data_received(data)
        except h11.LocalProtocolError:  # nonsense behind a request that is being answered: there is no second answer to give
            self.transport.abort()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._ending, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    def send_400_response(self, msg: str) -> None:
        """What is no request of HTTP is answered too, with the headers that every answer carries."""
        body = msg.encode("ascii")
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body)), (b"connection", b"close")]
        events = (h11.Response(status_code=400, headers=[*headers, *HEADERS], reason=b"Bad Request"), h11.Data(data=body))
        for event in (*events, h11.EndOfMessage()):
            self.transport.write(cast("Any", self.conn).send(event))
        self.transport.close()

    @property
    def is_waiting(self) -> bool:
        """True while no whole head of a request has come."""
        return self.conn.their_state is h11.IDLE

    def _watch(self) -> None:
        if not self.is_waiting and self._ending is not None:
            self._ending.cancel()
            self._ending = None
        elif self.is_waiting and self._ending is None:
            self._ending = self.loop.call_later(HEAD_SECONDS, self.transport.abort)
