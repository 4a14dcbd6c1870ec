"""One piece of long work at a time: it begins at once, says how far it is, and can be stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Literal

from ...errors import BadInput, OwnmindError
from ...jobs.bulletin import Notice
from ...messages import Progress

log = logging.getLogger(__name__)

_BETWEEN = 0.25  # seconds between two notices of how far it is


@dataclass(frozen=True, slots=True)
class Underway:
    """What is going on with the models, or went on last. ``done`` of ``total`` in ``unit``; ``note`` says what came of it."""

    what: str = ""  # fetch, use, check; "" when nothing was asked for yet
    id: str = ""
    state: Literal["idle", "running", "done", "failed", "stopped"] = "idle"
    done: int = 0
    total: int = 0
    unit: str = ""
    detail: str = ""
    note: str = ""
    hint: str = ""


Say = Callable[[Progress], None]
Stopped = Callable[[], bool]


class Work:
    """Runs one thing at a time in a thread of its own. Any thread may begin, stop and ask."""

    def __init__(self, publish: Callable[[Notice], None]) -> None:
        self._publish = publish
        self._now = Underway()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._told = 0.0

    @property
    def now(self) -> Underway:
        return self._now

    def begin(self, what: str, id: str, task: Callable[[Say, Stopped], str]) -> Underway:
        """Begins ``task``, whose result is what there is to say at the end. Raises BadInput while something else is running."""
        with self._lock:
            if self._now.state == "running":
                if (self._now.what, self._now.id) == (what, id):
                    return self._now
                raise BadInput(f"{self._now.what} {self._now.id} is still running", hint="wait for it, or stop it first")
            self._stop.clear()
            self._tell(Underway(what, id, "running"), at_once=True)
            self._thread = threading.Thread(target=self._run, args=(task,), name=f"models {what}", daemon=True)
            self._thread.start()
            return self._now

    def stop(self, *, seconds: float = 10.0) -> Underway:
        """Asks what is running to stop and waits for it a moment."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)
        return self._now

    def wait(self) -> Underway:
        """Returns when nothing runs any more."""
        if self._thread is not None:
            self._thread.join()
        return self._now

    def _run(self, task: Callable[[Say, Stopped], str]) -> None:
        try:
            note = task(self._say, self._stop.is_set)
            ended = replace(self._now, state="stopped" if self._stop.is_set() else "done", note=note)
        except OwnmindError as error:
            state: Literal["stopped", "failed"] = "stopped" if self._stop.is_set() else "failed"
            ended = replace(self._now, state=state, note=error.message, hint=error.hint)
        except Exception:  # a wall: nobody waits for this thread, and what it was about must still be told
            log.exception("%s ended", self._now.what)
            ended = replace(self._now, state="failed", note="that failed by a fault of ours", hint="the log says more: `ownmind paths`")
        self._tell(ended, at_once=True)

    def _say(self, step: Progress) -> None:
        self._tell(replace(self._now, done=step.done, total=step.total, unit=step.unit, detail=step.detail))

    def _tell(self, now: Underway, *, at_once: bool = False) -> None:
        self._now = now
        if at_once or time.monotonic() - self._told >= _BETWEEN:
            self._told = time.monotonic()
            self._publish({"type": "models", "progress": asdict(now)})
