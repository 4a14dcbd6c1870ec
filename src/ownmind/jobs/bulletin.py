"""What is happening in the house, told to whoever is listening now.

A page that is open hears of a fact that was learnt, a download that moved, a brain that became ready. Nobody listening
costs nothing, and a slow listener loses the oldest notices rather than holding the house up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

Notice = dict[str, object]
"""A JSON-able notice; ``type`` names what it is about: status, learned, progress."""

MOST_WAITING = 256  # per listener: a page that sleeps in a background tab must not grow the process


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Publishes notices from any thread to listeners on their own event loops."""

    _listeners: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Queue[Notice]]] = field(default_factory=dict)

    def publish(self, notice: Notice) -> None:
        """Tells every listener. Safe from any thread; never waits."""
        for loop, queue in list(self._listeners.values()):
            if not loop.is_closed():
                loop.call_soon_threadsafe(_put_newest, queue, notice)

    async def listen(self) -> AsyncGenerator[Notice]:
        """Notices from now on, in order, until the caller stops listening."""
        queue: asyncio.Queue[Notice] = asyncio.Queue(MOST_WAITING)
        key = id(queue)
        self._listeners[key] = (asyncio.get_running_loop(), queue)
        try:
            while True:
                yield await queue.get()
        finally:
            del self._listeners[key]


def _put_newest(queue: asyncio.Queue[Notice], notice: Notice) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(notice)
