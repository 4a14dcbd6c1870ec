"""What is happening in the house, told to whoever is listening now, and to who comes back after a short absence.

A page that is open hears of a fact that was learnt, a download that moved, a brain that became ready. Nobody listening
costs nothing, and a slow listener loses the oldest notices rather than holding the house up. The latest notices are kept, each with its
number, so that a page whose connection broke goes on where it was; one that was away for longer is told so, and reads everything again.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

Notice = dict[str, object]
"""A JSON-able notice; ``type`` names what it is about: status, learned, progress. ``id``, where it has one, is its place."""

MOST_WAITING = 256  # per listener: a page that sleeps in a background tab must not grow the process
MOST_KEPT = 512  # for who comes back
PASSING = frozenset({"status", "progress"})  # how things stand now: nobody needs to hear it later, so it has no number
MISSED: Notice = {"type": "missed"}


@dataclass(slots=True)
class Bulletin:
    """Publishes notices from any thread to listeners on their own event loops."""

    _listeners: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Queue[Notice]]] = field(default_factory=dict)
    _kept: deque[tuple[int, Notice]] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    _begin: str = field(default_factory=lambda: secrets.token_hex(8))  # of this process: numbers of another one mean nothing
    _number: int = 0
    _cleared: int = 0  # the last notice that was thrown away with what was forgotten
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def publish(self, notice: Notice) -> None:
        """Tells every listener. Safe from any thread; never waits."""
        with self._lock:
            if notice.get("type") not in PASSING:
                self._number += 1
                notice = {**notice, "id": f"{self._begin}-{self._number}"}
                if notice.get("type") == "forgotten":  # no word of what is gone is kept: who was away reads everything again
                    self._kept.clear()
                    self._cleared = self._number - 1
                self._kept.append((self._number, notice))
            for loop, queue in list(self._listeners.values()):
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_put_newest, queue, notice)

    async def listen(self, after: str = "") -> AsyncGenerator[Notice]:
        """Notices from now on, in order, until the caller stops listening. ``after``: the id of the last one heard before; what came since
        is told first, or, where that is not known any more, that something was missed."""
        queue: asyncio.Queue[Notice] = asyncio.Queue(MOST_WAITING)
        key = id(queue)
        with self._lock:
            since = self._since(after) if after else []
            self._listeners[key] = (asyncio.get_running_loop(), queue)
        try:
            for notice in since:
                yield notice
            while True:
                yield await queue.get()
        finally:
            del self._listeners[key]

    def _since(self, after: str) -> list[Notice]:
        begin, _, number = after.partition("-")
        heard = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else -1
        oldest = self._kept[0][0] if self._kept else self._number + 1
        if begin != self._begin or not max(self._cleared, oldest - 1) <= heard <= self._number:
            return [{**MISSED, "id": f"{self._begin}-{self._number}"}]
        return [notice for kept, notice in self._kept if kept > heard]


def _put_newest(queue: asyncio.Queue[Notice], notice: Notice) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(notice)
