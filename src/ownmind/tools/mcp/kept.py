"""Sessions with MCP servers, kept for some minutes, so that one that counts or logs in works: a thread each, and an end.

A program's life is tied to the thread that started it, so each session has its own, which does one use after the other. Whatever goes
wrong in a use ends its session: the next begins anew, knowing nothing of the one before.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from ...errors import TryAgainLater
from .program import LIFE
from .talk import Talk

T = TypeVar("T")
IDLE = 180.0  # seconds a session is kept that nobody uses
_WAITING = 8  # uses of one server that may wait

Job = Callable[[Talk], None]


class Sessions:
    """The sessions of one home, by the server's name. Any thread may use it."""

    def __init__(self, idle: float = IDLE) -> None:
        self._idle = idle
        self._one = threading.Lock()
        self._held: dict[str, _Session] = {}
        self._is_over = False

    def use(self, name: str, begin: Callable[[], Talk], purpose: str, do: Callable[[Talk], T]) -> T:
        """What ``do`` gives, in the session of this name; ``begin`` starts one where none is. Raises what the two raise."""
        asked: Future[T] = Future()

        def job(talk: Talk) -> None:
            talk.fresh(purpose)
            asked.set_result(do(talk))

        with self._one:
            if self._is_over:
                raise TryAgainLater("Ownmind is ending", hint="start it again")
            held = self._held.get(name)
            if held is None or not held.takes(begin, job, asked):
                held = self._held[name] = _Session(self._idle)
                held.takes(begin, job, asked)
                held.start()
        return asked.result()

    def end(self, name: str) -> None:
        """Ends a session; one that is not there is fine."""
        with self._one:
            held = self._held.pop(name, None)
        if held is not None:
            held.stop()

    def close(self) -> None:
        with self._one:
            self._is_over = True
            names = [*self._held]
        for name in names:
            self.end(name)


class _Session(threading.Thread):
    def __init__(self, idle: float) -> None:
        super().__init__(name="mcp session", daemon=True)
        self._idle = idle
        self._jobs: queue.Queue[tuple[Callable[[], Talk], Job, Future[object]] | None] = queue.Queue()
        self._one = threading.Lock()
        self._is_over = False
        self._talk: Talk | None = None
        self._until = 0.0

    def takes(self, begin: Callable[[], Talk], job: Job, asked: Future[T]) -> bool:
        """Whether it will do this; not when it has ended. Raises TryAgainLater when too much waits already."""
        with self._one:
            if self._jobs.qsize() >= _WAITING:
                raise TryAgainLater("that server is busy", hint="wait until it has answered what it was asked")
            if not self._is_over:
                self._jobs.put((begin, job, asked))  # type: ignore[arg-type]  # only its errors are set here
            return not self._is_over

    def stop(self) -> None:
        with self._one:
            self._is_over = True
        self._jobs.put(None)
        self.join(10.0)

    def run(self) -> None:
        while (asked := self._next()) is not None:
            begin, job, future = asked
            try:
                if self._talk is None or time.monotonic() > self._until:
                    self._drop()
                    self._talk, self._until = begin(), time.monotonic() + LIFE
                job(self._talk)
            except BaseException as error:  # noqa: BLE001  # carried to whoever asked, and raised there
                self._drop()
                future.set_exception(error)
        self._drop()

    def _next(self) -> tuple[Callable[[], Talk], Job, Future[object]] | None:
        try:
            return self._jobs.get(timeout=self._idle)
        except queue.Empty:
            with self._one:  # whoever comes between finds it over, or its question here
                self._is_over = self._jobs.empty()
            return None if self._is_over else self._jobs.get()

    def _drop(self) -> None:
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.close()
