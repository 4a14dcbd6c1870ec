"""The chat model's process, seen from the event loop: ask, listen, stop, and start again after a crash.

A few requests run at once, so that two conversations do not wait for each other's prompts longer than one batch; the others wait
in line, a turn before background work, of which one runs and only while no turn does. Evaluated prompts are kept for each kind of
prompt and conversation (`Prompt.key`), so a conversation stays warm while a gate or an extraction runs in between.

Whoever leaves is released at once. What a request leaves behind (the batch under way) ends by itself and keeps its place in the line
until then.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import json
import logging
import os
import struct
import sys
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Literal

from ...errors import BadInput, BrainNotReady
from . import gguf
from .frames import Frame, Json
from .gpu import Gpu
from .window import window_of

log = logging.getLogger(__name__)

AT_ONCE = 4  # requests of a person that run together: each makes the others slower, and four share two cores as it is
_UNKNOWN_MEMORY = 4 << 30  # bytes, where the system does not say: a cautious guess
_RESTART = "say it again: it starts anew by itself; if it keeps ending, choose a smaller brain (see `ownmind models`)"
# What the child may know of our environment: never a passphrase, a key or a token.
_LARGEST = 64 << 20  # bytes of one frame: more is no frame of ours
_PASSED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
)


class Slot(IntEnum):
    """Whose evaluated prompt a request may build on. One a kind of prompt, so that their stable beginnings stay cached."""

    CHAT = 0
    GATE = 1
    ROUTER = 2
    EXTRACT = 3
    FREE = 4  # talk that rests on no notes; its beginning differs from CHAT's


class Priority(IntEnum):
    TURN = 0
    BACKGROUND = 1


@dataclass(frozen=True, slots=True)
class Prompt:
    """One completion to ask for. ``messages`` are (role, text) with role system, user or assistant, or messages in llama.cpp's own form."""

    messages: tuple[tuple[Literal["system", "user", "assistant"], str] | Frame, ...]
    temperature: float = 0.0
    max_tokens: int = 512
    stop: tuple[str, ...] = ()
    schema: Frame | None = None  # the reply is JSON of this schema, held by a grammar
    slot: Slot = Slot.CHAT
    seed: int | None = None
    top_p: float | None = None
    conversation: str = ""  # together with `slot` says whose evaluated prompt to build on
    tools: tuple[Frame, ...] = ()  # offered natively, through the model's own chat template
    must_call: bool = False  # text alone is no answer

    @property
    def key(self) -> str:
        return f"{int(self.slot)}:{self.conversation}"


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of what a model that thinks aloud says before it answers."""

    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A piece of a tool call: ``index`` tells calls of one reply apart; the others are "" where this piece does not say."""

    index: int
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Finished:
    """How a reply ended and what it cost. ``prompt_tokens`` includes the ``cached_tokens``; the rest was evaluated."""

    reason: str  # stop, length, tool_calls, cancelled
    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    prompt_seconds: float
    generation_seconds: float


def child_environment() -> dict[str, str]:
    """What a child that runs foreign code may know of our environment."""
    return {name: value for name in _PASSED if (value := os.environ.get(name)) is not None}


def physical_cores() -> int:
    """Cores without hyper-threading where Linux tells, never more than this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    siblings = {
        path.read_text(encoding="ascii").strip() for path in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list")
    }
    return max(1, min(usable, len(siblings) or usable))


@dataclass
class _Child:
    """One run of the process and what it owes."""

    process: asyncio.subprocess.Process
    replies: dict[int, asyncio.Queue[Frame]] = field(default_factory=dict)
    ready: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    reader: asyncio.Task[None] | None = None
    ended: bool = False


class LlamaWorker:
    """Holds the model's process. Belongs to one event loop; any number of its tasks may ask at once."""

    def __init__(self, model: Path, *, threads: int = 0, context: int = 0, gpu: Gpu = "auto") -> None:
        """``threads`` and ``context`` (tokens) are chosen by the machine when they are 0."""
        self.model = model
        self.threads = threads or max(1, physical_cores() - 1)
        # Prompt evaluation is what a person waits for before the first word: it may have every core for that moment.
        self.prompt_threads = max(self.threads, threads or physical_cores())
        self.gpu: Gpu = gpu
        self.window = context  # tokens it reads at most, prompt and reply; 0 until the first start where the machine chooses
        self.on_end: Callable[[str], None] = lambda why: None  # hears, in words, of a process that ended without being asked to
        self._child: _Child | None = None
        self._numbers = itertools.count(1)
        self._line = _Line(AT_ONCE)
        self._starting = asyncio.Lock()
        self._closed = False
        self._failures = _Failures()
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        """The running process; None when there is none."""
        return self._child.process.pid if self._child is not None and not self._child.ended else None

    @property
    def is_busy(self) -> bool:
        """Whether somebody is being answered."""
        return self._child is not None and not self._child.ended and bool(self._child.replies)

    async def start(self) -> None:
        """Returns when the model is loaded; at once when it already is. Raises BrainNotReady when it cannot be."""
        await self._running()

    async def stream(self, prompt: Prompt, *, priority: Priority = Priority.TURN) -> AsyncGenerator[str | Thought | Called | Finished]:
        """The reply's pieces as they come, then one Finished. Leaving the loop, or cancelling the task, stops the model.

        Raises BrainNotReady when the process ends meanwhile (the next call starts it anew) and BadInput when the prompt
        does not fit the window, before any of it is evaluated.
        """
        place = await self._line.wait(priority)
        child, number, replies = None, next(self._numbers), asyncio.Queue[Frame]()
        finished = False
        try:
            child = await self._running()
            child.replies[number] = replies
            self._send(child, {"id": number, "prompt": _completion(prompt, priority)})
            while True:
                frame = await replies.get()
                if (piece := _piece(frame)) is not None:
                    yield piece
                    continue
                finished = True
                self._failures.note(frame)
                yield _finished(frame)
                return
        finally:
            if child is None or finished or child.ended:
                self._left(child, number, place)
            else:
                self._send(child, {"cancel": number})
                # The line moves on when the model has really stopped, or the next prompt would share its cores. Nobody waits for it.
                leaving = asyncio.create_task(self._leave(child, number, place))
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)

    async def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt is, its template and tools with it: exactly what a request would read."""
        child = await self._running()
        number, replies = next(self._numbers), asyncio.Queue[Frame]()
        child.replies[number] = replies
        try:
            self._send(child, {"id": number, "count": _completion(prompt, Priority.TURN)})
            frame = await replies.get()
            _raise(frame)
            return int(_number(frame.get("done"), "tokens"))
        finally:
            child.replies.pop(number, None)

    async def _leave(self, child: _Child, number: int, place: Priority) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_until_done(child.replies[number]), 30)
        self._left(child, number, place)

    def _left(self, child: _Child | None, number: int, place: Priority) -> None:
        if child is not None:
            child.replies.pop(number, None)
        self._line.leave(place)

    async def close(self) -> None:
        """Ends the process. Requests still running raise BrainNotReady."""
        self._closed = True
        if (child := self._child) is None:
            return
        if child.process.stdin is not None:
            child.process.stdin.close()  # the child ends itself on this
        try:
            await asyncio.wait_for(child.process.wait(), 2)
        except TimeoutError:
            child.process.kill()
            await child.process.wait()
        if child.reader is not None:
            await child.reader

    async def _running(self) -> _Child:
        async with self._starting:
            if self._closed:
                raise BrainNotReady("the chat model has been closed")
            if self._child is None or self._child.ended:
                self._child = await self._launch()
            child = self._child
            await asyncio.shield(child.ready)
            return child

    async def _launch(self) -> _Child:
        self._failures.check()
        if not self.window:
            self.window = await asyncio.to_thread(_window, self.model)
        opening = {
            "path": str(self.model),
            "threads": self.threads,
            "prompt_threads": self.prompt_threads,
            "context": self.window,
            "gpu": self.gpu,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ownmind.models.llama.process",
            json.dumps(opening),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for us to answer, not for the model to die of
            env=child_environment() | {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"},
        )
        child = _Child(process)
        child.ready.add_done_callback(lambda ready: ready.cancelled() or ready.exception())  # read it: nobody may be waiting
        child.reader = asyncio.create_task(self._listen(child))
        log.info("chat model process %d started, %d threads", process.pid, self.threads)
        return child

    async def _listen(self, child: _Child) -> None:
        """Hands the child's frames to who waits for them, and tells everybody when it has ended."""
        stream = child.process.stdout
        assert stream is not None
        why = ""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size: int = struct.unpack(">I", await stream.readexactly(4))[0]
                frame = _frame(await stream.readexactly(min(size, _LARGEST)))
                if frame is None:  # what it says can no longer be told apart
                    why = "it said what is no answer"
                    child.process.kill()
                    break
                number = frame.get("id")
                if isinstance(number, int):
                    if number in child.replies:
                        child.replies[number].put_nowait(frame)
                elif "ready" in frame:
                    child.ready.set_result(None)
                elif "broken" in frame:
                    why = str(frame["broken"])
        child.ended = True
        self._failures.ended()
        code = await child.process.wait()
        log.info("chat model process %d ended with %d", child.process.pid, code)
        message = f"the chat model could not be loaded: {why}" if why else f"the chat model's process ended ({_reason(code)})"
        if not child.ready.done():
            child.ready.set_exception(BrainNotReady(message, hint=_RESTART))
        for replies in child.replies.values():
            replies.put_nowait({"crashed": message})
        if not self._closed:
            self.on_end(message)

    @staticmethod
    def _send(child: _Child, frame: Frame) -> None:
        body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        assert child.process.stdin is not None
        if not child.process.stdin.is_closing():
            child.process.stdin.write(struct.pack(">I", len(body)) + body)


class _Failures:
    """How often the process ended without a whole answer in between, so that one that always ends is not started in a loop."""

    def __init__(self) -> None:
        self._count = 0
        self._until = 0.0

    def note(self, frame: Frame) -> None:
        """A request ended; with anything but a crash all is well again."""
        if "crashed" not in frame:
            self._count = 0

    def ended(self) -> None:
        """The first time it may start again at once, then after 1, 2, 4 … 60 seconds."""
        self._count += 1
        wait = min(60.0, 2.0 ** (self._count - 2)) if self._count > 1 else 0.0
        self._until = asyncio.get_running_loop().time() + wait

    def check(self) -> None:
        """Raises BrainNotReady while it is too early for another start."""
        if (left := self._until - asyncio.get_running_loop().time()) > 0:
            raise BrainNotReady(
                f"the chat model's process ended {self._count} times without an answer; it is tried again in {left:.0f} s", hint=_RESTART
            )


class _Line:
    """Who runs next: turns first come, first served, some at once; background work one at a time and only while no turn runs or waits."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._running = {Priority.TURN: 0, Priority.BACKGROUND: 0}
        self._waiting: list[tuple[Priority, int, asyncio.Future[None]]] = []
        self._tickets = itertools.count()

    async def wait(self, priority: Priority) -> Priority:
        """Returns when it is this one's turn; what it returns is to be given to `leave`."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._tickets), mine))
        self._move_on()
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self.leave(priority)  # it was our turn just as we left
            raise
        return priority

    def leave(self, priority: Priority) -> None:
        self._running[priority] -= 1
        self._move_on()

    def _move_on(self) -> None:
        while self._waiting:
            priority, _, following = self._waiting[0]
            if not following.done() and not self._has_room(priority):
                return
            heapq.heappop(self._waiting)
            if not following.done():
                self._running[priority] += 1  # kept for the one woken: nobody may slip in between
                following.set_result(None)

    def _has_room(self, priority: Priority) -> bool:
        if priority is Priority.TURN:
            return self._running[Priority.TURN] < self._at_once
        return not any(self._running.values())


def _window(model: Path) -> int:
    """The window for the file at ``model`` in the memory there is."""
    from ..shelf.machine import memory  # it asks this module for the cores

    try:
        return window_of(gguf.read(model), available=memory().available or _UNKNOWN_MEMORY)
    except BadInput as error:
        raise BrainNotReady(f"the chat model could not be loaded: {error.message}", hint=error.hint) from error


def _completion(prompt: Prompt, priority: Priority) -> Frame:
    """The request in llama.cpp's own form."""
    messages: list[Json] = [one if isinstance(one, dict) else {"role": one[0], "content": one[1]} for one in prompt.messages]
    body: Frame = {
        "messages": messages,
        "temperature": prompt.temperature,
        "max_tokens": prompt.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": True,
        "key": prompt.key,
        "background": priority is Priority.BACKGROUND,
    }
    if prompt.tools:
        body["tools"] = list(prompt.tools)
        body["tool_choice"] = "required" if prompt.must_call else "auto"
        body["parallel_tool_calls"] = True
    if prompt.stop:
        body["stop"] = list(prompt.stop)
    if prompt.seed is not None:
        body["seed"] = prompt.seed
    if prompt.top_p is not None:
        body["top_p"] = prompt.top_p
    if prompt.schema is not None:
        body["json_schema"] = prompt.schema
    return body


def _frame(body: bytes) -> Frame | None:
    """The frame in ``body``; None when it is none."""
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _piece(frame: Frame) -> str | Thought | Called | None:
    """The piece of a reply in a frame; None when the frame ends it."""
    match frame:
        case {"text": str(text)}:
            return text
        case {"thought": str(text)}:
            return Thought(text)
        case {"call": [index, id, name, arguments]}:
            words = [one if isinstance(one, str) else "" for one in (id, name, arguments)]
            return Called(index if isinstance(index, int) else 0, *words)
    return None


def _raise(frame: Frame) -> None:
    """Raises what a frame stands for that is no answer."""
    if "crashed" in frame:
        raise BrainNotReady(str(frame["crashed"]), hint=_RESTART)
    if "error" not in frame:
        return
    match frame.get("kind"):
        case "too_long":
            length, window = int(_number(frame, "tokens")), int(_number(frame, "window"))
            raise BadInput(
                f"the message and its notes are longer than the chat model can read: {length} tokens, {length - window + 1} too many",
                hint="send a shorter message, or choose a brain that reads more",
            )
        case "schema":
            raise BadInput(f"no answer can be held to that schema: {frame['error']}", hint="it has to be a JSON schema")
    raise BrainNotReady(f"the chat model refused the request: {frame['error']}", hint="this is a fault of ours; please report it")


def _finished(frame: Frame) -> Finished:
    """The last frame of a request as a value, or the error it stands for."""
    _raise(frame)
    done = frame.get("done")
    assert isinstance(done, dict)
    timings, usage = done.get("timings"), done.get("usage")
    cached, fresh = _number(timings, "cache_n"), _number(timings, "prompt_n")
    return Finished(
        reason=str(done.get("reason") or "cancelled"),
        prompt_tokens=int(_number(usage, "prompt_tokens") or cached + fresh),
        cached_tokens=int(cached),
        generated_tokens=int(_number(timings, "predicted_n")),
        prompt_seconds=_number(timings, "prompt_ms") / 1000,
        generation_seconds=_number(timings, "predicted_ms") / 1000,
    )


def _number(values: Json, name: str) -> float:
    value = values.get(name) if isinstance(values, dict) else None
    return float(value) if isinstance(value, int | float) else 0.0


async def _until_done(replies: asyncio.Queue[Frame]) -> None:
    while _piece(await replies.get()) is not None:
        pass


def _reason(code: int) -> str:
    """Why a process ended, in words: killed for its memory is what a person meets most."""
    if code in (-9, 137):
        return "the system stopped it, most often because memory ran out"
    return f"signal {-code}" if code < 0 else f"exit {code}"
