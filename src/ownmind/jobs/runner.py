"""Background work as named, idempotent steps over a backlog that is a query over rows.

There is no queue to lose: ``pending`` counts what the store still lacks (a vector, its facts), ``step`` does some of it and
commits. A process killed in the middle of a step repeats that step. Nothing runs because time passed: the runner sleeps
until it is woken by new work or the end of a back-off, and a conversation's turn stops it at once. (A durable-execution
library was measured instead: 1.5 s of processor and 74 MB to import, for what rows already say.)
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import OwnmindError
from ..tracing import Tracer
from .alarm import ringing

log = logging.getLogger(__name__)

SLICE = 2.0  # seconds a step is asked to stay within, so that jobs take turns
FIRST_WAIT = 5.0  # seconds after a first failure; doubled each time
LONGEST_WAIT = 3600.0
_WHOLE = "*"  # the key under which the failure of a step as a whole is kept


@dataclass(frozen=True, slots=True)
class Job:
    """``pending()`` counts what is left, by a query; ``await step(seconds)`` does some, and says how much (0: nothing it could do).
    ``due()`` is when there will be something to do that nobody announces (unix seconds), or None."""

    name: str
    pending: Callable[[], int]
    step: Callable[[float], Awaitable[int]]
    due: Callable[[], float | None] = lambda: None
    is_recorded: bool = True


class Attempt(Protocol):
    """A failure that was kept: of which job, and when to try again (Unix seconds)."""

    @property
    def name(self) -> str: ...
    @property
    def not_before(self) -> float: ...


class Work(Protocol):
    """Where failures are kept so that they outlive the process: `store.work.Work`, which this layer may not import."""

    def failed(self, name: str, key: str, *, error: str, not_before: float) -> int: ...
    def done(self, name: str, key: str) -> None: ...
    def attempts(self, name: str, key: str) -> int: ...
    def waiting(self, name: str, *, now: float) -> set[str]: ...
    def failures(self) -> Sequence[Attempt]: ...


class Runner:
    """Runs ``jobs`` in turn while there is a backlog and nobody talks. Lives on one event loop.

    ``async with runner.running():`` for a house; ``await runner.run_until_done(seconds)`` for scripts.
    """

    def __init__(self, jobs: Sequence[Job], work: Work, *, clock: Callable[[], float] = time.time, tracer: Tracer | None = None) -> None:
        self.jobs = tuple(jobs)
        self._tracer = tracer  # records each step but those of the job that writes what was recorded
        self._work = work
        self._clock = clock  # Unix seconds
        self._news = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._until: dict[str, float] = {}  # ends of back-offs that this process knows of
        self._one = asyncio.Lock()  # one step at a time, also when a script asks for work beside the background
        self._turns = 0
        self._step: asyncio.Task[int] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Says that there may be new work. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    @contextlib.asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """No step runs inside; the one that did was cancelled and has ended. Turns may overlap."""
        self._turns += 1
        self._quiet.clear()
        try:
            if (step := self._step) is not None:
                step.cancel()
                await asyncio.wait([step])
            yield
        finally:
            self._turns -= 1
            if self._turns == 0:
                self._quiet.set()

    async def quiet(self, seconds: float) -> None:
        """Waits until no turn is under way, at most so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), seconds)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works in the background for as long as the block lasts."""
        task = asyncio.create_task(self._for_ever(), name="jobs")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def run_until_done(self, seconds: float | None = None) -> int:
        """Works until nothing is left that can be done now, or for ``seconds``; gives how much was done."""
        self._loop = asyncio.get_running_loop()
        deadline = None if seconds is None else time.monotonic() + seconds
        done = 0
        while deadline is None or time.monotonic() < deadline:
            before = done
            for job in self._ready():
                left = SLICE if deadline is None else min(SLICE, deadline - time.monotonic())
                if left <= 0:
                    return done
                done += await self._run(job, left)
            if done == before:
                return done
        return done

    async def _for_ever(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._news.clear()
                done = 0
                for job in self._ready():
                    done += await self._run(job, SLICE)
                if done == 0:
                    await self._wait()
        except OwnmindError as error:  # the store itself fails: conversations will say so; work begins again with the next start
            log.error("background work stopped: %s", type(error).__name__)

    async def _wait(self) -> None:
        """Until there is news, the first back-off ends or a job falls due; without these no timer is set at all."""
        now, names = self._clock(), {job.name for job in self.jobs}
        ends = [attempt.not_before for attempt in self._work.failures() if attempt.name in names]
        ends += [due for job in self.jobs if (due := job.due()) is not None]
        waits = [end - now for end in (*ends, *self._until.values()) if end > now]
        async with ringing(self._news, time.time() + min(waits)) if waits else contextlib.nullcontext():
            await self._news.wait()

    def _ready(self) -> list[Job]:
        """The jobs with a backlog and no back-off. A job whose count fails waits like one whose step does."""
        now = self._clock()
        ready = []
        for job in self.jobs:
            if self._until.get(job.name, 0.0) > now or _WHOLE in self._work.waiting(job.name, now=now):
                continue
            try:
                if job.pending() > 0:
                    ready.append(job)
            except Exception as error:  # noqa: BLE001  # one of the two walls: a job's error ends here, named and counted
                self._failed(job, error)
        return ready

    async def _run(self, job: Job, seconds: float) -> int:
        """One step of ``job``, begun again when a turn cancelled it; 0 when it failed. The wall where a job's error ends."""
        async with self._one:
            return await self._run_alone(job, seconds)

    async def _run_alone(self, job: Job, seconds: float) -> int:
        while True:
            await self._quiet.wait()
            self._step = step = asyncio.create_task(_awaited(job, seconds, self._tracer), name=f"job {job.name}")
            try:
                done = await step
                break
            except asyncio.CancelledError:
                if (ourselves := asyncio.current_task()) is not None and ourselves.cancelling():
                    step.cancel()
                    raise
            except Exception as error:  # noqa: BLE001  # one of the two walls: a job's error ends here, named and counted
                self._failed(job, error)
                return 0
            finally:
                self._step = None
        self._until.pop(job.name, None)
        if self._work.attempts(job.name, _WHOLE):
            self._work.done(job.name, _WHOLE)
        return done

    def _failed(self, job: Job, error: Exception) -> None:
        attempts = 1
        with contextlib.suppress(OwnmindError):  # a full disk may be why it failed: then only this process knows of it
            attempts = 1 + self._work.attempts(job.name, _WHOLE)
            self._work.failed(job.name, _WHOLE, error=type(error).__name__, not_before=self._clock() + _wait_after(attempts))
        self._until[job.name] = self._clock() + _wait_after(attempts)
        # Neither message nor traceback: an error of a step may quote what it was reading.
        log.warning("job %s failed with %s, attempt %d; again in %.0f s", job.name, type(error).__name__, attempts, _wait_after(attempts))


def _wait_after(attempts: int) -> float:
    return min(FIRST_WAIT * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT)


async def _awaited(job: Job, seconds: float, tracer: Tracer | None) -> int:
    if tracer is None or not job.is_recorded:
        return await job.step(seconds)
    with tracer.recorded(f"job {job.name}") as recording:
        recording.counts["done"] = done = await job.step(seconds)
        return done
