"""The brain: whichever chat model speaks, and how far it is from being ready to.

It comes up in the background, fetching and loading without ever holding up the conversation: until it is ready, ``model()``
raises BrainNotReady with words for the person, and the memory works without it.

Another model takes its place without a restart. Where memory allows, the one before answers until the new one has said its first token;
else it is closed first. One that cannot be loaded, or whose process keeps ending, is not tried in a loop: the one before comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..config import Config
from ..egress.door import Outlet
from ..errors import BadInput, BrainNotReady, DownloadFailed, OwnmindError
from ..messages import Progress
from ..paths import Paths
from .llama import gguf
from .llama.worker import LlamaWorker, Prompt, Slot
from .shelf import catalogue, fetch, fits

if TYPE_CHECKING:
    from pydantic_ai.models import Model

log = logging.getLogger(__name__)

_NOWHERE = Paths(Path(os.devnull), Path(os.devnull))  # nothing is there, and nothing can be put there

_WAKES = "The brain is waking up; this takes a few seconds."
_WAKING = 30.0  # seconds a message waits for a model that is being loaded: the starter brain takes 3 to 10
_A_LOOK = 0.1  # seconds, after which it may turn out that it has to be fetched first
_MOST_CRASHES = 3  # of one model's process in _WHILE seconds; then it is given up
_WHILE = 600.0
_LAST_WORDS = 120.0  # seconds a model that was replaced may go on with what it is saying


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
        self._before = ""  # the model that answered before this one; it comes back when this one is given up
        self._crashes: list[float] = []
        self._switching = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        # Set by who knows how every conversation begins: evaluates that beginning once the model is there, so that the first
        # message does not wait for it (7 s cold, 1 to 2 s warm with the starter brain on two cores).
        self.warm: Callable[[Model], Awaitable[object]] | None = None
        self._warming: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, model: Model, id: str = "scripted", *, config: Config | None = None, paths: Paths | None = None) -> Self:
        """A brain that is ready at once: any model of the agent library, a remote one or a scripted one. With ``paths`` another model of
        that home can take its place."""
        brain = cls(config or Config(), paths or _NOWHERE)
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

    @property
    def _is_waking(self) -> bool:
        return self._coming is not None and not self._coming.done() and self._state is not State.FETCHING

    async def start(self) -> None:
        """Begins to bring the brain up and returns at once. Does nothing when it is ready or already on its way."""
        if self._model is None and (self._coming is None or self._coming.done()):
            self._stop.clear()
            self._state, self._note = State.LOADING, _WAKES  # so that nobody is told that it was never started
            self._coming = asyncio.create_task(self._come())

    async def ready(self, seconds: float | None = None) -> bool:
        """Waits until it is ready (True) or has failed, or ``seconds`` have passed (False)."""
        if self._coming is not None:
            await asyncio.wait([self._coming], timeout=seconds)
        return self._state is State.READY

    async def model(self, *, wait: bool = True) -> Model:
        """The model to talk to. One that is being loaded is waited for (``wait``), one that is being fetched is not: that takes minutes.
        Raises BrainNotReady, saying how far it is, when there is none."""
        until = time.monotonic() + _WAKING
        while wait and self._model is None and self._is_waking and time.monotonic() < until:
            await self.ready(_A_LOOK)
        if self._model is None:
            raise BrainNotReady(self._note, hint=_HINTS[self._state])
        from .traced import traced  # the agent library: imported with the first model

        return traced(self._model)

    async def switch(self, id: str, *, force: bool = False) -> str:
        """Has another model answer, and gives what there is to say about it. The one before answers meanwhile where memory allows both,
        else it is closed first.

        Raises BadInput when the new one is not here, is no chat model or is too large (unless ``force``), and BrainNotReady when it
        cannot be used: then the one before goes on answering, or has come back.
        """
        async with self._switching:
            path = await asyncio.to_thread(self.at_hand, id)
            freed = await asyncio.to_thread(resident, self.pid)
            together = await asyncio.to_thread(self._fitting, path, freed, force)
            before, old = self.id, self._worker
            is_closed = not together and old is not None
            if is_closed and old is not None:
                self._worker = self._model = None
                self._change(State.LOADING, f"{_short(before)} was closed to make room; {_short(id)} is waking up.")
                await old.close()
                old = None
            await self._end_coming()
            try:
                worker, model = await self._brought(id, path)
            except (OwnmindError, OSError) as error:
                said = f"{_short(id)} cannot be used: {_why(error)}"
                log.warning("the brain was not changed: %s", said)
                if is_closed:
                    await self._restore(before)
                raise BrainNotReady(f"{said}; {_short(self.id)} goes on", hint="choose another: `ownmind models`") from error
            self._take(id, worker, model)
            self._before = before
            if old is not None:
                self._later(_retire(old))
            return "" if not is_closed else f"There was no room for both: {_short(before)} was closed before {_short(id)} came."

    async def close(self) -> None:
        """Stops a fetch (it goes on next time) and ends the model's process."""
        self._stop.set()
        for task in (self._warming, *self._tasks):
            if task is not None:
                task.cancel()
        if self._worker is not None:
            await self._worker.close()  # first: one that is still loading ends at once instead of being waited for
        if self._coming is not None:
            await asyncio.wait([self._coming])
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._worker is not None:
            self._worker = self._model = None
            self._change(State.ABSENT, "The brain has been closed.")

    async def _come(self) -> None:
        try:
            path = await self._weights()
            if path is None or self._stop.is_set():
                return
            await asyncio.to_thread(self._fitting, path, 0, self._config.too_large)
            self._change(State.LOADING, _WAKES)
            worker, model = await self._brought(self.id, path)
        except (OwnmindError, OSError) as error:
            said = f"The brain could not start: {_why(error)}"
            log.warning("%s", said)
            if not await self._restored(said):
                self._change(State.FAILED, said)
        else:
            self._take(self.id, worker, model)

    async def _brought(self, id: str, path: Path) -> tuple[LlamaWorker, Model]:
        """The model, loaded, with one token said: a file may load and still end the process that first computes with it."""
        worker = LlamaWorker(path, threads=self._config.threads, gpu="off" if self._config.gpu == "off" else "auto")
        if self._worker is None:
            self._worker = worker  # so that closing the house ends one that is still loading
        try:
            await worker.start()
            # The agent library takes 1.5 s of CPU to import: in a thread, so that the page answers meanwhile.
            model = await asyncio.to_thread(as_model, worker, id)
            async for _ in worker.stream(Prompt((("user", "Hello"),), max_tokens=1, slot=Slot.ROUTER)):
                pass
        except BaseException:
            if self._worker is worker:
                self._worker = None
            await worker.close()
            raise
        return worker, model

    def _take(self, id: str, worker: LlamaWorker, model: Model) -> None:
        """Has the model answer from now on."""
        worker.on_end = self._ended
        self.id, self._worker, self._model, self._crashes = id, worker, model, []
        self._change(State.READY, "")
        if self.warm is not None:
            self._warming = asyncio.create_task(_warm(self.warm, model))

    def _ended(self, why: str) -> None:
        """The process ended by itself. It starts again with the next message, but not for ever."""
        now = asyncio.get_running_loop().time()
        self._crashes = [*(at for at in self._crashes if now - at < _WHILE), now]
        if len(self._crashes) >= _MOST_CRASHES and self._worker is not None:
            given_up, self._worker, self._model = self._worker, None, None
            said = f"{_short(self.id)} was given up: {len(self._crashes)} times its process ended ({why})."
            log.warning("%s", said)
            self._change(State.LOADING, said)
            self._later(self._give_up(given_up, said))

    async def _give_up(self, worker: LlamaWorker, said: str) -> None:
        await worker.close()
        if not await self._restored(said):
            self._change(State.FAILED, said)

    async def _restored(self, said: str) -> bool:
        """Whether the model before this one, or the starter where it is here, could come instead."""
        for other in dict.fromkeys((self._before, Config().brain)):
            if not other or other == self.id or self._stop.is_set():
                continue
            with contextlib.suppress(BadInput, OSError):  # it is not here
                await asyncio.to_thread(self.at_hand, other)
                if await self._restore(other, said):
                    return True
        return False

    async def _restore(self, id: str, said: str = "") -> bool:
        """Brings a model back that answered before; nothing is fetched for it."""
        try:
            path = await asyncio.to_thread(self.at_hand, id)
            self._change(State.LOADING, f"{said} {_short(id)} comes back.".strip())
            worker, model = await self._brought(id, path)
        except (OwnmindError, OSError) as error:
            log.warning("%s did not come back: %s", id, error)
            self._change(State.FAILED, f"{said} {_short(id)} did not come back either: {_why(error)}".strip())
            return False
        self._take(id, worker, model)
        self._note = f"{said} {_short(id)} answers instead.".strip() if said else ""
        return True

    def _later(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end_coming(self) -> None:
        """Stops a fetch or a start that is under way: another model was chosen."""
        if self._coming is not None and not self._coming.done():
            self._stop.set()
            if self._worker is not None and self._model is None:
                await self._worker.close()
            await asyncio.wait([self._coming])
            if self._model is None:
                self._worker = None
        self._stop.clear()

    def at_hand(self, id: str) -> Path:
        """The file of a chat model that is here, whole and checked. Raises BadInput. Blocks."""
        if is_path(id):
            return checked(id)
        entry = catalogue.entry(id, self._paths.home)
        if not entry.is_chat:
            raise BadInput(f"{entry.id} is not a chat model", hint="see `ownmind models` for those that are")
        if (there := fetch.present(entry, paths=self._paths)) is not None:
            return there.path
        try:  # files put there by hand only want checking
            return fetch.ensure(entry, paths=self._paths, sources=(), cancelled=self._stop.is_set).path
        except DownloadFailed as error:
            raise BadInput(f"{entry.title} is not on this machine", hint=f"`ownmind models fetch {entry.id}` first") from error

    def _fitting(self, path: Path, freed: int, force: bool) -> bool:
        """Whether there is room for the model beside what runs; BadInput when there is none even with ``freed`` bytes more. Blocks."""
        return fits.room(path, self._paths, freed=freed, force=force)

    async def _weights(self) -> Path | None:
        """The GGUF file, fetched if it must be; None when it is absent and fetching is switched off."""
        if is_path(self.id):
            return await asyncio.to_thread(checked, self.id)
        entry = catalogue.entry(self.id, self._paths.home)
        if entry.runs_with != "llama.cpp":
            raise BadInput(f"{entry.id} is not a chat model", hint="see `ownmind models` for those that are")
        if (there := fetch.present(entry, paths=self._paths)) is not None:
            return there.path
        if not self._config.fetch or not entry.is_pinned or entry.is_own_file:
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
        path.open("rb").close()
    except OSError as error:
        raise BadInput(
            f"cannot read the brain {path}: {error.strerror}", hint="set `brain` to a GGUF file or an id from `ownmind models`"
        ) from error
    gguf.read(path)
    return path.absolute()


def is_path(brain: str) -> bool:
    """Whether the setting names a file, not a model of the catalogue."""
    return brain.endswith(".gguf") or "/" in brain or "\\" in brain or brain.startswith("~")


async def _retire(worker: LlamaWorker) -> None:
    """Ends a model that was replaced, once it has said what it was saying."""
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(_LAST_WORDS):
            while worker.is_busy:  # noqa: ASYNC110 -- rare, and what it waits for knows nothing of us
                await asyncio.sleep(0.1)
    await worker.close()


def resident(pid: int | None) -> int:
    """Bytes a process has in memory; 0 where the system does not say."""
    if pid is None or sys.platform != "linux":
        return 0
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _why(error: OwnmindError | OSError) -> str:
    if isinstance(error, OwnmindError):
        return error.message + (f" ({error.hint})" if error.hint else "")
    return f"{error.strerror or error}. Run `ownmind doctor`."


def _short(id: str) -> str:
    return Path(id).stem if is_path(id) else id


async def _warm(warm: Callable[[Model], Awaitable[object]], model: Model) -> None:
    with contextlib.suppress(OwnmindError):  # only a saving of time: the first message meets the same error and says so
        await warm(model)


def as_model(worker: LlamaWorker, name: str) -> Model:
    """The model in ``worker`` behind the agent library's interface: a small one takes tools by our router, a large one by its own
    template where that has them."""
    from .llama.embedded import EmbeddedModel
    from .small import is_small
    from .small.model import SmallModel

    read = gguf.read(worker.model)
    if is_small(read):
        return SmallModel(EmbeddedModel(worker, name=_short(name)))
    return EmbeddedModel(worker, name=_short(name), native_tools="tools" in read.template)


def _call(loop: asyncio.AbstractEventLoop, function: Callable[[Progress], None], progress: Progress) -> None:
    """Runs ``function`` in the loop, from the fetching thread; not at all when the loop has gone meanwhile."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, progress)
