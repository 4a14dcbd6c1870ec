"""The child process that runs the chat model: frames in, frames out.

Why a process of its own: llama.cpp holds the GIL-free cores for seconds, can be killed by the system for its memory, and
may crash on a bad file; none of that may stop the process that holds the memories. It speaks frames over its own stdin
and stdout, a 4-byte big-endian length and then JSON, and nothing it is told is ever printed.

In:  {"id": 1, "prompt": {...}} a chat completion (llama.cpp's OpenAI-like form; "key": whose evaluated prompt to build on,
     "background": true to give way), {"id": 2, "count": {...}} how long that prompt would be, {"cancel": 1}
Out: {"ready": true} | {"broken": "why"}; then per request {"id": 1, "text": "..."}*, {"id": 1, "thought": "..."}*,
     {"id": 1, "call": [index, id, name, arguments]}*, and one of
     {"id": 1, "done": {...}} | {"id": 1, "error": "why", "kind": "too_long" | "schema" | "bad", ...}
It ends when its stdin ends, and on Linux when its parent dies.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from dataclasses import dataclass
from typing import BinaryIO

from ...process import leave_no_dump
from .frames import Frame, read_frame, write_frame
from .server import LlamaServer, Opening, Refused, opened


@dataclass(frozen=True, slots=True)
class _Pipes:
    """The two ends towards the parent, taken away from everything that prints."""

    incoming: BinaryIO
    outgoing: BinaryIO
    lock: threading.Lock

    def send(self, frame: Frame) -> None:
        with self.lock:
            write_frame(self.outgoing, frame)


class _Requests:
    """What the parent asked for, in order, and which of it is no longer wanted."""

    def __init__(self) -> None:
        self.asked: queue.SimpleQueue[tuple[int, str, Frame]] = queue.SimpleQueue()
        self._unwanted: set[int] = set()

    def cancel(self, number: int) -> None:
        self._unwanted.add(number)

    def is_unwanted(self, number: int) -> bool:
        return number in self._unwanted

    def forget(self, number: int) -> None:
        self._unwanted.discard(number)


def main(arguments: list[str]) -> int:
    """Runs until the parent closes stdin. One argument: the `Opening` as JSON."""
    _die_with_parent()
    leave_no_dump()  # a native library parses here what a stranger may have made, and holds what the person says
    pipes = _take_pipes()
    requests = _Requests()
    threading.Thread(target=_listen, args=(pipes, requests), daemon=True).start()
    try:
        server = opened(Opening(**json.loads(arguments[0])))
    except Exception as error:  # noqa: BLE001  # the wall of this process: xllamacpp raises bare Exceptions, and the parent must be told
        pipes.send({"broken": f"{type(error).__name__}: {error}"})
        return 1
    pipes.send({"ready": True})
    while True:  # a thread a request: the parent sends few at a time, and nearly all of each is spent inside llama.cpp
        number, what, prompt = requests.asked.get()
        threading.Thread(target=_answer, args=(server, number, what, prompt, pipes, requests), daemon=True).start()


def _answer(server: LlamaServer, number: int, what: str, prompt: Frame, pipes: _Pipes, requests: _Requests) -> None:
    try:
        if what == "count":
            done: Frame = {"tokens": server.count(prompt)}
        elif requests.is_unwanted(number):
            done = {}
        else:
            done = server.answer(prompt, lambda piece: pipes.send({"id": number, **piece}), lambda: requests.is_unwanted(number))
        pipes.send({"id": number, "done": done})
    except Refused as error:
        pipes.send({"id": number, "error": str(error), "kind": error.kind, **error.numbers})
    except Exception as error:  # noqa: BLE001  # same wall: a request llama.cpp stumbles over must not end the process
        pipes.send({"id": number, "error": f"{type(error).__name__}: {error}", "kind": "bad"})
    finally:
        requests.forget(number)


def _listen(pipes: _Pipes, requests: _Requests) -> None:
    """Reads the parent's frames for as long as there is a parent."""
    while (frame := read_frame(pipes.incoming)) is not None:
        number, cancelled = frame.get("id"), frame.get("cancel")
        if isinstance(cancelled, int):
            requests.cancel(cancelled)
        for what in ("prompt", "count"):
            prompt = frame.get(what)
            if isinstance(number, int) and isinstance(prompt, dict):
                requests.asked.put((number, what, prompt))
    os._exit(0)  # at once, also in the middle of a computation: nothing here needs tidying


def _take_pipes() -> _Pipes:
    """Moves stdin and stdout out of reach and points 0, 1 and 2 at nothing: llama.cpp prints, and may print prompts."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return _Pipes(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"), threading.Lock())


def _die_with_parent() -> None:
    """Linux: the kernel ends this process when its parent ends, however that happens (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # had it died already, stdin would be at its end


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
