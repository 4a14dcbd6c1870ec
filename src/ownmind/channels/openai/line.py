"""The line programs stand in for the model: a few are served at once, some wait, and who comes beyond that is told when to come back.

The model of this machine answers a handful at a time; without an end to the line a hundred requests would each hold memory and a
connection for minutes, and the person at the page would wait behind them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from .errors import Busy

AT_ONCE = 4  # served together
WAITING = 192
_SECONDS = 2  # to come back after, for every ten that wait


class Line:
    """One for a house. Belongs to one event loop."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._served = asyncio.Semaphore(at_once)
        self._most = waiting
        self.waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[None]:
        """Entered when it is one's turn. Raises Busy at once when the line is full. Leaving the line, however it happens, is fine."""
        if self.waiting >= self._most:
            raise Busy("too many requests wait for the model", seconds=_SECONDS + self.waiting // 10, hint="Try again a little later")
        self.waiting += 1
        try:
            await self._served.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._served.release()
