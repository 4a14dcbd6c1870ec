"""Work that a page began and that goes on while the page is away: a reply, an import.

A connection breaks when a network is cut or a laptop sleeps; the person did not stop anything. So the work runs by itself, what it says is
kept while it runs, and who comes back goes on hearing it from the line after the last one that came. Once it has ended its words stand in
the store; of an import only the last line, its outcome, is kept a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field

from ...errors import NotFound, TryAgainLater
from .. import wire

MOST_RUNNING = 16
MOST_ENDED = 32


@dataclass(eq=False)
class Run:
    """One piece of work. ``said``: its lines so far; ``conversation``: of a turn, once it is known."""

    id: str
    conversation: str = ""
    said: list[wire.Json] = field(default_factory=list)
    has_ended: bool = False
    task: asyncio.Task[None] | None = None
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, after: int = 0) -> AsyncGenerator[wire.Json]:
        """Its lines from the one after the first ``after`` of them on, until it ends; of what has ended its outcome."""
        after = 0 if self.has_ended else after
        while True:
            more = self._more
            for line in self.said[after:]:
                after += 1
                yield line
            if self.has_ended:
                return
            await more.wait()

    def add(self, line: wire.Json) -> None:
        self.said.append(line)
        if isinstance(line, dict) and line.get("type") == "heard":
            self.conversation = str(line.get("conversation", ""))
        self.tell()

    def tell(self) -> None:
        """Wakes who follows."""
        more, self._more = self._more, asyncio.Event()
        more.set()


class Ongoing:
    """What runs now in one server, and the outcomes of what ended lately."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._outcomes: dict[str, Run] = {}

    def begin(self, lines: AsyncIterator[wire.Json], *, keeps_outcome: bool = False) -> Run:
        """Starts it. Raises TryAgainLater when too much runs already."""
        if len(self._runs) >= MOST_RUNNING:
            raise TryAgainLater("too much is under way", hint="wait until something of it has ended")
        run = Run(secrets.token_urlsafe(12))
        self._runs[run.id] = run
        run.task = asyncio.create_task(_heard(run, lines))
        run.task.add_done_callback(lambda _: self._ended(run, keeps_outcome))  # also when it was stopped before it began
        return run

    def get(self, name: str) -> Run:
        """What runs under this id, or ran. Raises NotFound."""
        run = self._runs.get(name) or self._outcomes.get(name)
        if run is None:
            raise NotFound("that is not under way any more", hint="what came of it is in the store")
        return run

    def of(self, conversation: str) -> Run | None:
        """The turn that is under way in a conversation."""
        return next((run for run in self._runs.values() if run.conversation == conversation), None)

    async def stop(self, run: Run) -> None:
        """Ends it as if whoever wanted it had gone; returns once it has. What it did so far stays."""
        if run.task is not None and not run.task.done():
            run.task.cancel()
            await asyncio.wait({run.task})

    async def close(self) -> None:
        """Stops everything."""
        await asyncio.gather(*(self.stop(run) for run in list(self._runs.values())))

    def _ended(self, run: Run, keeps_outcome: bool) -> None:
        run.has_ended = True
        run.tell()
        del self._runs[run.id]
        if keeps_outcome and run.said:
            self._outcomes[run.id] = Run(run.id, said=run.said[-1:], has_ended=True)
            for old in list(self._outcomes)[:-MOST_ENDED]:
                del self._outcomes[old]


async def _heard(run: Run, lines: AsyncIterator[wire.Json]) -> None:
    """Takes down every line until there are no more, or it is stopped."""
    try:
        async for line in lines:
            run.add(line)
    finally:
        if isinstance(lines, AsyncGenerator):
            with contextlib.suppress(asyncio.CancelledError):
                await lines.aclose()
