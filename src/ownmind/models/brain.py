"""The brain: whichever chat model speaks, and how far it is from being ready to.

It comes up in the background, fetching and loading without ever holding up the conversation: until it is ready, ``model()``
raises BrainNotReady with words for the person, and the memory works without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..config import Config
from ..egress.door import Outlet
from ..errors import BadInput, BrainNotReady, DownloadFailed, OwnmindError
from ..messages import Progress
from ..paths import Paths
from . import catalogue, fetch
from .worker import LlamaWorker

if TYPE_CHECKING:
    from pydantic_ai.models import Model

log = logging.getLogger(__name__)

_GGUF = b"GGUF"  # the first four bytes of every GGUF file (ggml/docs/gguf.md)


class State(StrEnum):
    ABSENT = "absent"  # not on this machine, and not being fetched
    FETCHING = "fetching"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"  # `note` says why; start() tries again


class Brain:
    """Holds the chat model and its process. Belongs to one event loop. ``listeners`` hear of every change, in that loop."""

    def __init__(self, config: Config, paths: Paths, *, outlet: Outlet | None = None) -> None:
        self.id = config.brain
        self.listeners: list[Callable[[Brain], None]] = []
        self._config, self._paths, self._outlet = config, paths, outlet
        self._state, self._note = State.ABSENT, "The brain has not been started yet."
        self._progress: Progress | None = None
        self._model: Model | None = None
        self._worker: LlamaWorker | None = None
        self._coming: asyncio.Task[None] | None = None
        self._stop = threading.Event()
        # Set by who knows how every conversation begins: evaluates that beginning once the model is there, so that the first
        # message does not wait for it (7 s cold, 1 to 2 s warm with the starter brain on two cores).
        self.warm: Callable[[Model], Awaitable[object]] | None = None
        self._warming: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, model: Model, id: str = "scripted") -> Self:
        """A brain that is ready at once: any model of the agent library, a remote one or a scripted one."""
        brain = cls(Config(), Paths(Path(), Path()))
        brain.id, brain._model, brain._state, brain._note = id, model, State.READY, ""
        return brain

    @property
    def state(self) -> State:
        return self._state

    @property
    def note(self) -> str:
        """What the person should know about it now, in plain words; empty when it is ready."""
        return self._note

    @property
    def keeps_prompts(self) -> bool:
        """Whether evaluating a prompt ahead of time saves the person's later, at no cost but our own processor's."""
        return self._worker is not None and self._model is not None

    @property
    def progress(self) -> Progress | None:
        """How far the fetch is; None when there is none under way."""
        return self._progress

    @property
    def pid(self) -> int | None:
        """The model's process, while it runs."""
        return self._worker.pid if self._worker is not None else None

    async def start(self) -> None:
        """Begins to bring the brain up and returns at once. Does nothing when it is ready or already on its way."""
        if self._model is None and (self._coming is None or self._coming.done()):
            self._stop.clear()
            self._coming = asyncio.create_task(self._come())

    async def ready(self, seconds: float | None = None) -> bool:
        """Waits until it is ready (True) or has failed, or ``seconds`` have passed (False)."""
        if self._coming is not None:
            await asyncio.wait([self._coming], timeout=seconds)
        return self._state is State.READY

    async def model(self) -> Model:
        """The model to talk to. Raises BrainNotReady, saying how far it is, until there is one."""
        if self._model is None:
            raise BrainNotReady(self._note, hint=_HINTS[self._state])
        return self._model

    async def close(self) -> None:
        """Stops a fetch (it goes on next time) and ends the model's process."""
        self._stop.set()
        if self._warming is not None:
            self._warming.cancel()
        if self._worker is not None:
            await self._worker.close()  # first: one that is still loading ends at once instead of being waited for
        if self._coming is not None:
            await asyncio.wait([self._coming])
        if self._worker is not None:
            self._worker = self._model = None
            self._change(State.ABSENT, "The brain has been closed.")

    async def _come(self) -> None:
        try:
            path = await self._weights()
            if path is None or self._stop.is_set():
                return
            self._change(State.LOADING, "The brain is waking up; this takes a few seconds.")
            self._worker = LlamaWorker(path, threads=self._config.threads)
            await self._worker.start()
            # The agent library takes 1.5 s of CPU to import: in a thread, so that the page answers meanwhile.
            self._model = await asyncio.to_thread(_embedded, self._worker, self.id)
            self._change(State.READY, "")
            if self.warm is not None:
                self._warming = asyncio.create_task(_warm(self.warm, self._model))
        except OSError as error:
            log.warning("the brain did not come up: %s", error)
            self._change(State.FAILED, f"The brain could not start: {error.strerror or error}. Run `ownmind doctor`.")
        except OwnmindError as error:
            log.warning("the brain did not come up: %s", error)
            self._change(State.FAILED, f"The brain could not start: {error.message}" + (f" ({error.hint})" if error.hint else ""))

    async def _weights(self) -> Path | None:
        """The GGUF file, fetched if it must be; None when it is absent and fetching is switched off."""
        if _is_path(self.id):
            return await asyncio.to_thread(checked, self.id)
        entry = catalogue.entry(self.id)
        if entry.runs_with != "llama.cpp":
            raise BadInput(f"{entry.id} is not a chat model", hint="see `ownmind models` for those that are")
        if (there := fetch.present(entry, paths=self._paths)) is not None:
            return there.path
        if not self._config.fetch:
            try:  # a file put there by hand only wants checking
                return (await asyncio.to_thread(fetch.ensure, entry, paths=self._paths, sources=(), cancelled=self._stop.is_set)).path
            except DownloadFailed:
                note = f"The brain ({entry.title}, {entry.bytes >> 20} MB) is not on this machine. Memory works without it."
                self._change(State.ABSENT, note)
                return None
        self._change(State.FETCHING, f"The brain is being fetched ({entry.bytes >> 20} MB). Memory already works.")
        loop = asyncio.get_running_loop()
        fetched = await asyncio.to_thread(
            fetch.ensure,
            entry,
            paths=self._paths,
            on_progress=lambda progress: _call(loop, self._fetched_so_far, progress),
            cancelled=self._stop.is_set,
            outlet=self._outlet,
        )
        return fetched.path

    def _fetched_so_far(self, progress: Progress) -> None:
        if self._state is State.FETCHING:
            self._progress = progress
            percent = 100 * progress.done // max(1, progress.total)
            self._change(State.FETCHING, f"The brain is being fetched: {percent} % of {progress.total >> 20} MB. Memory already works.")

    def _change(self, state: State, note: str) -> None:
        self._state, self._note = state, note
        if state is not State.FETCHING:
            self._progress = None
        for listener in tuple(self.listeners):
            listener(self)


_HINTS = {
    State.ABSENT: "run `ownmind models fetch`, or set `fetch = true`",
    State.FETCHING: "say it again when it is there; everything you tell me is remembered already",
    State.LOADING: "say it again in a moment",
    State.FAILED: "run `ownmind doctor`",
    State.READY: "",
}


def checked(brain: str) -> Path:
    """The path ``brain`` names when it is a GGUF file; BadInput in plain words when it is not."""
    path = Path(brain).expanduser()
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise BadInput(
            f"cannot read the brain {path}: {error.strerror}", hint="set `brain` to a GGUF file or an id from `ownmind models`"
        ) from error
    if magic != _GGUF:
        raise BadInput(f"{path.name} is not a GGUF file", hint="chat models for llama.cpp end in .gguf; other formats do not run here")
    return path.absolute()


def _is_path(brain: str) -> bool:
    return brain.endswith(".gguf") or "/" in brain or "\\" in brain or brain.startswith("~")


async def _warm(warm: Callable[[Model], Awaitable[object]], model: Model) -> None:
    with contextlib.suppress(OwnmindError):  # only a saving of time: the first message meets the same error and says so
        await warm(model)


def _embedded(worker: LlamaWorker, name: str) -> Model:
    from .embedded import EmbeddedModel

    return EmbeddedModel(worker, name=Path(name).stem if _is_path(name) else name)


def _call(loop: asyncio.AbstractEventLoop, function: Callable[[Progress], None], progress: Progress) -> None:
    """Runs ``function`` in the loop, from the fetching thread; not at all when the loop has gone meanwhile."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, progress)
