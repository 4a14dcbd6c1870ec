"""The child process that runs the chat model: the only place that imports xllamacpp.

Why a process of its own: llama.cpp holds the GIL-free cores for seconds, can be killed by the system for its memory, and
may crash on a bad file; none of that may stop the process that holds the memories. It speaks frames over its own stdin
and stdout, a 4-byte big-endian length and then JSON, and nothing it is told is ever printed.

xllamacpp starts an HTTP server inside itself and cannot be told not to. It is given a Unix socket in a private folder, which
is deleted the moment the model is up: a socket without a name cannot be reached by anyone, and no IP socket is ever opened.
Where Unix sockets are missing (Windows) it listens on loopback behind a random key instead.

In:  {"id": 1, "prompt": {...}} a chat completion (llama.cpp's OpenAI-like form), {"cancel": 1}
Out: {"ready": true} | {"broken": "why"}; then per request {"id": 1, "text": "..."}*, and one of
     {"id": 1, "done": {...}} | {"id": 1, "error": "why", "kind": "too_long" | "bad"}
It ends when its stdin ends, and on Linux when its parent dies.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import signal
import struct
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

from ..process import leave_no_dump

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Frame: TypeAlias = "dict[str, Json]"

SLOTS = 5  # conversations whose evaluated prompt is kept side by side (see worker.Slot)
BATCH = 64  # prompt tokens evaluated at once: a cancelled prompt gives way after one batch, a second, not after all of it


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame; None when the stream has ended."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    body = stream.read(struct.unpack(">I", head)[0])
    frame: Frame = json.loads(body)
    return frame


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
    """What the parent asked for: prompts in order, and which of them it no longer wants."""

    def __init__(self) -> None:
        self.prompts: queue.SimpleQueue[tuple[int, Frame]] = queue.SimpleQueue()
        self._unwanted: set[int] = set()

    def cancel(self, number: int) -> None:
        self._unwanted.add(number)

    def is_unwanted(self, number: int) -> bool:
        return number in self._unwanted

    def forget(self, number: int) -> None:
        self._unwanted.discard(number)


def main(arguments: list[str]) -> int:
    """Runs until the parent closes stdin. ``arguments``: model path, threads, prompt threads, context tokens."""
    _die_with_parent()
    leave_no_dump()  # a native library parses here what a stranger may have made, and holds what the person says
    pipes = _take_pipes()
    requests = _Requests()
    threading.Thread(target=_listen, args=(pipes, requests), daemon=True).start()
    path, threads, prompt_threads, context = arguments
    try:
        server = _open(Path(path), int(threads), int(prompt_threads), int(context))
    except Exception as error:  # noqa: BLE001  # the wall of this process: xllamacpp raises bare Exceptions, and the parent must be told
        pipes.send({"broken": f"{type(error).__name__}: {error}"})
        return 1
    pipes.send({"ready": True})
    while True:
        number, prompt = requests.prompts.get()
        if not requests.is_unwanted(number):
            _answer(server, number, prompt, pipes, requests)
        else:
            pipes.send({"id": number, "done": {}})
        requests.forget(number)


def _answer(server: _Server, number: int, prompt: Frame, pipes: _Pipes, requests: _Requests) -> None:
    """Streams one completion. ``stop`` from the callback is how llama.cpp is told that nobody is listening any more."""
    last: dict[str, Json] = {}

    def heard(chunk: Frame) -> bool:
        if "error" in chunk:
            last["error"] = chunk["error"]
            return True
        for choice in _dicts(chunk.get("choices")):
            delta = choice.get("delta")
            text = delta.get("content") if isinstance(delta, dict) else None
            if isinstance(text, str) and text:
                pipes.send({"id": number, "text": text})
            if choice.get("finish_reason"):
                last["reason"] = choice["finish_reason"]
        for name in ("usage", "timings"):
            if name in chunk:
                last[name] = chunk[name]
        return requests.is_unwanted(number)

    try:
        server.handle_chat_completions(_with_grammar(prompt), heard)
    except Exception as error:  # noqa: BLE001  # same wall: a request llama.cpp refuses must not end the process
        last["error"] = {"type": type(error).__name__, "message": str(error)}
    failure = last.pop("error", None)
    if isinstance(failure, dict):
        too_long = failure.get("type") == "exceed_context_size_error"
        pipes.send({"id": number, "error": str(failure.get("message")), "kind": "too_long" if too_long else "bad"})
    else:
        pipes.send({"id": number, "done": last})


def _with_grammar(prompt: Frame) -> Frame:
    """The prompt with its JSON schema turned into a grammar that allows no white space between the tokens of JSON.

    llama.cpp's own ``response_format`` allows it, and small models then pretty-print: measured 36 tokens instead of 11.
    """
    schema = prompt.get("json_schema")
    if not isinstance(schema, dict):
        return prompt
    import xllamacpp

    compact: Frame = {**schema, "x-guidance": {"whitespace_flexible": False}}  # llguidance's own setting
    grammar: str = xllamacpp.json_schema_to_grammar(json.dumps(compact))
    return {name: value for name, value in prompt.items() if name != "json_schema"} | {"grammar": grammar}


class _Server(Protocol):
    """What we use of ``xllamacpp.Server`` (which carries no types)."""

    def handle_chat_completions(self, prompt: Frame, callback: object) -> None: ...


def _open(path: Path, threads: int, prompt_threads: int, context: int) -> _Server:
    """Loads the model; takes one to three seconds for 1.1 GB that is in the system's file cache."""
    # Idle OpenMP threads spin by default: measured 20 times the CPU beside other work. Read once, at import.
    os.environ["OMP_WAIT_POLICY"] = "passive"
    os.environ["GOMP_SPINCOUNT"] = "0"
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = context
    parameters.n_batch = parameters.n_ubatch = BATCH
    # Slots share one cache of `context` tokens, so that a gate or an extraction with another prefix does not push the
    # conversation's evaluated prompt out; llama.cpp drops idle slots when it runs out of room.
    parameters.n_parallel = SLOTS
    parameters.kv_unified = True
    parameters.cache_ram_mib = 0  # its second cache in RAM, 8 GB by default
    parameters.n_ctx_checkpoints = 0
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = prompt_threads
    parameters.n_gpu_layers = 0
    parameters.fit_params = False
    parameters.endpoint_slots = False
    parameters.ui = False
    parameters.verbosity = -1
    parameters.offline = True
    parameters.api_keys = [secrets.token_hex(32)]
    with contextlib.ExitStack() as stack:
        if os.name == "posix":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ownmind-"))
            parameters.hostnames = [str(Path(folder) / "s.sock")]
        server: _Server = xllamacpp.Server(parameters)
    return server


def _listen(pipes: _Pipes, requests: _Requests) -> None:
    """Reads the parent's frames for as long as there is a parent."""
    while (frame := read_frame(pipes.incoming)) is not None:
        number, cancelled, prompt = frame.get("id"), frame.get("cancel"), frame.get("prompt")
        if isinstance(cancelled, int):
            requests.cancel(cancelled)
        elif isinstance(number, int) and isinstance(prompt, dict):
            requests.prompts.put((number, prompt))
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


def _dicts(value: Json) -> list[dict[str, Json]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
