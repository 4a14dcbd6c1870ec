"""An event loop in a thread of its own: the one place where the synchronous world meets the asynchronous house."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for threads that have no loop. The thread is a daemon: a script that forgets to close still ends."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ownmind", daemon=True)
        self._thread.start()

    def call(self, running: Coroutine[Any, Any, T]) -> T:
        """What the coroutine gives. Interrupted (Ctrl-C), it is cancelled before the interruption goes on."""
        future = self.start(running)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def start(self, running: Coroutine[Any, Any, T]) -> Future[T]:
        """Starts the coroutine and returns at once."""
        return asyncio.run_coroutine_threadsafe(running, self._loop)

    def close(self) -> None:
        """Ends the loop and its thread, its executor's threads included."""
        self.call(self._loop.shutdown_asyncgens())
        self.call(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
