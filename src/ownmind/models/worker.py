"""The chat model's process, seen from the event loop: ask, listen, stop, and start again after a crash.

One request runs at a time, because two at once would only share the same cores; the others wait in line, a turn before
background work. Evaluated prompts are kept per slot (see ``Slot``), so a conversation stays warm while a gate or an
extraction runs in between.
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
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Literal

from ..errors import BadInput, BrainNotReady
from .llama_process import Frame, Json

log = logging.getLogger(__name__)

CONTEXT = 8192  # tokens of all slots together: 235 MB of cache for the starter brain (28 KiB a token)
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
    """One completion to ask for. ``messages`` are (role, text) with role system, user or assistant."""

    messages: tuple[tuple[Literal["system", "user", "assistant"], str], ...]
    temperature: float = 0.0
    max_tokens: int = 512
    stop: tuple[str, ...] = ()
    schema: Frame | None = None  # the reply is JSON of this schema, held by a grammar
    slot: Slot = Slot.CHAT
    seed: int | None = None
    top_p: float | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """How a reply ended and what it cost. ``prompt_tokens`` includes the ``cached_tokens``; the rest was evaluated."""

    reason: str  # stop, length, cancelled
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

    def __init__(self, model: Path, *, threads: int = 0, context: int = CONTEXT) -> None:
        self.model = model
        self.threads = threads or max(1, physical_cores() - 1)
        # Prompt evaluation is what a person waits for before the first word: it may have every core for that moment.
        self.prompt_threads = max(self.threads, threads or physical_cores())
        self.context = context
        self.on_end: Callable[[str], None] = lambda why: None  # hears, in words, of a process that ended without being asked to
        self._child: _Child | None = None
        self._numbers = itertools.count(1)
        self._line = _Line()
        self._starting = asyncio.Lock()
        self._closed = False

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

    async def stream(self, prompt: Prompt, *, priority: Priority = Priority.TURN) -> AsyncGenerator[str | Finished]:
        """The reply's pieces as they come, then one Finished. Leaving the loop, or cancelling the task, stops the model.

        Raises BrainNotReady when the process ends meanwhile (the next call starts it anew) and BadInput when the prompt
        does not fit the context.
        """
        async with self._line.turn(priority):
            child = await self._running()
            number = next(self._numbers)
            replies = child.replies[number] = asyncio.Queue()
            finished = False
            try:
                self._send(child, {"id": number, "prompt": _completion(prompt)})
                while True:
                    frame = await replies.get()
                    text = frame.get("text")
                    if isinstance(text, str):
                        yield text
                        continue
                    finished = True
                    yield _finished(frame)
                    return
            finally:
                if not finished and not child.ended:
                    self._send(child, {"cancel": number})
                    # The line moves on only when the model has really stopped, or the next prompt would share its cores.
                    with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                        await asyncio.wait_for(_until_done(replies), 30)
                child.replies.pop(number, None)

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
        arguments = [str(self.model), str(self.threads), str(self.prompt_threads), str(self.context)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ownmind.models.llama_process",
            *arguments,
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


class _Line:
    """Who runs next: one at a time, lower priority number first, then first come, first served."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._tickets = itertools.count()

    @contextlib.asynccontextmanager
    async def turn(self, priority: Priority) -> AsyncIterator[None]:
        if self._busy:
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (priority, next(self._tickets), mine))
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._pass_on()  # it was our turn just as we left
                raise
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        self._busy = False
        while self._waiting:
            _, _, following = heapq.heappop(self._waiting)
            if not following.done():
                self._busy = True  # kept for the one woken: nobody may slip in between
                following.set_result(None)
                return


def _completion(prompt: Prompt) -> Frame:
    """The request in llama.cpp's own form."""
    messages: list[Json] = [{"role": role, "content": text} for role, text in prompt.messages]
    body: Frame = {
        "messages": messages,
        "temperature": prompt.temperature,
        "max_tokens": prompt.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": True,
        "id_slot": int(prompt.slot),
    }
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


def _finished(frame: Frame) -> Finished:
    """The last frame of a request as a value, or the error it stands for."""
    if "crashed" in frame:
        raise BrainNotReady(str(frame["crashed"]), hint=_RESTART)
    if "error" in frame:
        if frame.get("kind") == "too_long":
            raise BadInput("the message and its notes are longer than the chat model can read", hint="send a shorter message")
        raise BrainNotReady(f"the chat model refused the request: {frame['error']}", hint="this is a fault of ours; please report it")
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
    while "text" in await replies.get():
        pass


def _reason(code: int) -> str:
    """Why a process ended, in words: killed for its memory is what a person meets most."""
    if code in (-9, 137):
        return "the system stopped it, most often because memory ran out"
    return f"signal {-code}" if code < 0 else f"exit {code}"
