"""A stream of bytes to one host, for protocols that are not HTTP (IMAP, SMTP), through the broker.

TLS ends in the broker, so what is written down is what the protocol says, in the clear: the opening has a row (no bytes of content),
and every ``send`` has one before its bytes go. ``wire_out`` of the opening's row is what TLS itself cost; the rows' sum is what the
network socket took.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from ..errors import DoorClosed, NetworkEnded, OwnmindError
from .door import Going, Leave, Outlet
from .frames import LARGEST, End, Frame, Opening, end
from .transport import Limits, destination

_HINT = "try again; the ledger has what was on its way"


class Relay:
    """An open stream. ``send`` from any thread, ``read`` from one. Raises DoorClosed without leave, NetworkEnded when it breaks."""

    def __init__(
        self,
        outlet: Outlet,
        host: str,
        port: int,
        purpose: str,
        *,
        tls: bool = True,
        is_named: bool = False,
        limits: Limits | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._outlet, self._purpose, self._stopped = outlet, purpose, stopped
        self._to, self._is_named = destination(host, port), is_named
        limits = limits or Limits()
        self._opened: Leave = outlet.ask(Going(self._to, purpose, b"", is_named=is_named))
        self._going: deque[tuple[int, Leave]] = deque()  # (total content when it is out, whom to tell)
        self._content = self._told_content = self._told_wire = 0
        self._came = bytearray()
        self._lock = threading.Lock()
        self._is_over = False
        try:
            self._wire = outlet.broker.open(
                Opening(
                    host,
                    port,
                    tls,
                    is_named=self._opened.is_named,
                    connect=limits.connect,
                    idle=limits.idle,
                    total=limits.total,
                    most_in=limits.most_in,
                )
            )
        except OwnmindError as error:
            self._opened.ended(End("failed", message=error.message))
            raise
        self._hear(self._wire.next(stopped))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def send(self, content: bytes, *, item_ids: tuple[str, ...] = ()) -> None:
        """Sends ``content``, written down first."""
        for at in range(0, len(content), LARGEST):
            piece = content[at : at + LARGEST]
            with self._lock:
                leave = self._outlet.ask(Going(self._to, self._purpose, piece, item_ids, self._is_named))
                self._content += len(piece)
                self._going.append((self._content, leave))
                try:
                    self._wire.say(piece)
                except OSError as error:
                    raise NetworkEnded("the connection ended while something was being sent", hint=_HINT) from error

    def read(self, most: int = 1 << 16) -> bytes:
        """What came, at most ``most`` bytes; waits for the first. Empty at the end."""
        while not self._came and not self._is_over:
            self._hear(self._wire.next(self._stopped))
        came = bytes(self._came[:most])
        del self._came[:most]
        return came

    def close(self) -> None:
        """Ends it and writes down how far it came."""
        self._wire.cut()
        try:
            while not self._is_over:
                self._hear(self._wire.next(seconds=2.0))
        except (NetworkEnded, DoorClosed):
            pass  # its rows say that nobody knows
        self._wire.close()

    def _hear(self, frame: Frame | None) -> None:
        match frame:
            case bytes(came):
                self._came += came
            case {"up": True}:
                return
            case {"sent": [int(content), int(wire)]}:
                self._tell(content, wire)
            case {"end": values}:
                self._is_over = True
                self._finish(end(values))
            case _:
                self._is_over = True
                raise NetworkEnded("the connection ended, and how far it came is not known", hint=_HINT)

    def _tell(self, content: int, wire: int) -> None:
        """Each row that is out by now hears its share of the wire's bytes: the first of several the whole of it."""
        with self._lock:
            while self._going and self._going[0][0] <= content:
                total, leave = self._going.popleft()
                leave.ended(End("done", content_out=total - self._told_content, wire_out=wire - self._told_wire))
                self._told_content, self._told_wire = total, wire

    def _finish(self, ended: End) -> None:
        self._tell(ended.content_out, self._told_wire)
        rest = End(ended.result, ended.kind, ended.message, wire_out=ended.wire_out - self._told_wire, bytes_in=ended.bytes_in)
        self._opened.ended(rest)
        if ended.kind == "refused":
            raise DoorClosed(f"nothing went out: {ended.message}", hint="allow that very destination if you meant it")
        if ended.result == "failed":
            raise NetworkEnded(ended.message or "the connection broke", hint=_HINT)
