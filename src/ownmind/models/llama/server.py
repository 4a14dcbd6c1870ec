"""llama.cpp's server inside the child process: opened, asked to count, asked to answer. The only place that imports xllamacpp.

xllamacpp starts an HTTP server inside itself and cannot be told not to. It is given a Unix socket in a private folder, which is
deleted the moment the model is up: a socket without a name cannot be reached by anyone, and no IP socket is ever opened. Linux can
still connect to it through the descriptor we hold of it (``/proc/self/fd/N``, open to this process alone), which is how tokens
are counted and slots are copied. macOS has no such thing and keeps the name, in a folder of ours; Windows listens on loopback.
Both ask for a random key of 256 bits.

Prompts are evaluated in stages of one batch. llama.cpp fills each batch with the first slot's prompt before it looks at the next:
measured, "How are you?" waited 6.6 s behind another conversation's 1,360 tokens. Between stages the other has its turn, and
a request nobody wants any more ends. A stage costs about a millisecond.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from . import gguf
from .frames import Frame, Json
from .gpu import Device, Gpu, layers
from .slots import BATCH, SLOTS, Place, Slots

Heard: TypeAlias = Callable[[Frame], None]

_TEMPLATED: tuple[str, ...] = ("messages", "tools", "tool_choice", "parallel_tool_calls")  # what a chat template sees
_REPLY = 512  # tokens of a reply where the request does not say


class Refused(Exception):
    """A request llama.cpp does not take. ``kind``: too_long, schema, bad."""

    def __init__(self, message: str, kind: str = "bad", **numbers: Json) -> None:
        super().__init__(message)
        self.kind, self.numbers = kind, numbers


@dataclass(frozen=True, slots=True)
class Opening:
    """How to open a model; ``context`` in tokens."""

    path: str
    threads: int
    prompt_threads: int
    context: int
    gpu: Gpu = "auto"


class _Library(Protocol):
    """What we use of ``xllamacpp.Server`` (which carries no types)."""

    listening_address: str

    def handle_chat_completions(self, prompt: Frame, callback: object) -> None: ...
    def handle_completions(self, prompt: Frame, callback: object) -> None: ...


class LlamaServer:
    """One loaded model. Any number of threads may ask at once; each waits until there is room for it."""

    def __init__(self, library: _Library, private: Private, context: int) -> None:
        self._library, self._private = library, private
        self._slots = Slots(SLOTS, context, can_copy=sys.platform == "linux")
        self._changed = threading.Condition()
        self._turns = 0  # requests of a person that are running: background work pauses between its stages
        self.context = context

    def count(self, prompt: Frame) -> int:
        """Tokens of a prompt, template and all, exactly as it would be read. Raises Refused."""
        return len(self._tokens(prompt))

    def answer(self, prompt: Frame, heard: Heard, is_unwanted: Callable[[], bool]) -> Frame:
        """Streams one completion into ``heard``; its reason, usage and timings. Raises Refused."""
        key, background = str(prompt.pop("key", "")), bool(prompt.pop("background", False))
        body = _with_grammar(prompt)
        tokens = self._tokens(body)
        if len(tokens) >= self.context:
            raise Refused("the prompt is too long", "too_long", tokens=len(tokens), window=self.context)
        most = body.get("max_tokens")
        room = most if isinstance(most, int) else _REPLY
        with self._placed(tokens, key, room, is_unwanted) as place:
            if place is None:
                return {}
            with self._running(background):
                staged = self._stages(place, tokens, is_unwanted, background)
                if is_unwanted():
                    return {}
                last = self._said({**body, "id_slot": place.slot.number}, tokens, heard, is_unwanted, place)
        return _with_stages(last, staged)

    def _tokens(self, prompt: Frame) -> list[int]:
        asked: Frame = {name: prompt[name] for name in _TEMPLATED if name in prompt}
        text = self._private.ask("/apply-template", asked).get("prompt")
        tokens = self._private.ask("/tokenize", {"content": text, "add_special": True, "parse_special": True}).get("tokens")
        if not isinstance(tokens, list):
            raise Refused("the prompt could not be read")
        return [token for token in tokens if isinstance(token, int)]

    @contextlib.contextmanager
    def _placed(self, tokens: list[int], key: str, room: int, is_unwanted: Callable[[], bool]) -> Iterator[Place | None]:
        """A slot with what can be saved of other slots already in it; None when the request was left while it waited."""
        with self._changed:
            while (place := self._slots.take(tokens, key, room=room)) is None:
                if is_unwanted():
                    break
                self._changed.wait(0.05)
            if place is not None:
                self._make_room(place)
        try:
            yield place
        finally:
            with self._changed:
                if place is not None:
                    self._slots.give_back(place)
                self._changed.notify_all()

    def _make_room(self, place: Place) -> None:
        """Empties and copies as the place says. With the lock held: a copy of 500 tokens takes some 20 ms."""
        for slot in place.erase:
            self._private.ask(f"/slots/{slot.number}?action=erase", {})
            slot.tokens, slot.generated = [], 0
        if (source := place.copy_from) is not None:
            try:
                if self._private.copy(source.number, place.slot.number):
                    place.slot.tokens, place.slot.generated = source.tokens, source.generated
            finally:
                source.is_busy = False

    @contextlib.contextmanager
    def _running(self, background: bool) -> Iterator[None]:
        with self._changed:
            self._turns += not background
        try:
            yield
        finally:
            with self._changed:
                self._turns -= not background
                self._changed.notify_all()

    def _stages(self, place: Place, tokens: list[int], is_unwanted: Callable[[], bool], background: bool) -> tuple[int, float]:
        """Evaluates all but the last batch of the prompt; how many tokens that were and the milliseconds."""
        slot = place.slot
        fresh, milliseconds = 0, 0.0
        for end in range(slot.evaluated(tokens) + BATCH, len(tokens) - 1, BATCH):
            with self._changed:
                self._changed.wait_for(lambda: not background or self._turns == 0 or is_unwanted())
            if is_unwanted():
                break
            timings: Frame = {}

            def noted(answer: Frame, timings: Frame = timings) -> bool:
                timings.update(_object(answer.get("timings")))
                return False

            stage: Frame = {"prompt": [*tokens[:end]], "n_predict": 0, "cache_prompt": True, "id_slot": slot.number, "stream": False}
            self._library.handle_completions(stage, noted)
            slot.tokens, slot.generated = tokens[:end], 0
            fresh += int(_number(timings.get("prompt_n")))
            milliseconds += _number(timings.get("prompt_ms"))
        return fresh, milliseconds

    def _said(self, body: Frame, tokens: list[int], heard: Heard, is_unwanted: Callable[[], bool], place: Place) -> Frame:
        last: Frame = {}
        pieces = 0

        def chunk(answer: Frame) -> bool:
            nonlocal pieces
            if "error" in answer:
                last["error"] = answer["error"]
                return True
            for choice in _objects(answer.get("choices")):
                delta = _object(choice.get("delta"))
                for piece in _pieces(delta):
                    pieces += 1
                    heard(piece)
                if choice.get("finish_reason"):
                    last["reason"] = choice["finish_reason"]
            last.update({name: answer[name] for name in ("usage", "timings") if name in answer})
            return is_unwanted()

        # Progress is reported after every batch, which is when a request nobody wants can end before its first word.
        self._library.handle_chat_completions({**body, "return_progress": True}, chunk)
        usage = _object(last.get("usage"))
        place.slot.tokens, place.slot.generated = tokens, int(_number(usage.get("completion_tokens"))) or pieces
        failure = last.pop("error", None)
        if failure is not None:
            raise _refused(_object(failure))
        return last


class Private:
    """The way to the library's own HTTP server, for what it does not offer as a function."""

    def __init__(self, address: str | tuple[str, int], key: str) -> None:
        self._address, self._key = address, key

    def ask(self, path: str, body: Frame) -> Frame:
        """The answer to a POST. Raises Refused with the server's own words when it refuses."""
        connection = _Connection(self._address)
        with contextlib.closing(connection):
            headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body, ensure_ascii=True), headers)
            answer = connection.getresponse()
            value: Json = json.loads(answer.read().decode("utf-8", "replace"))
        if answer.status != http.client.OK:
            raise _refused(_object(_object(value).get("error")))
        return _object(value)

    def copy(self, source: int, target: int) -> bool:
        """The source slot's state into the target's, through memory that has no name; False where it could not be."""
        with os.fdopen(os.memfd_create("slot"), "rb") as held:  # never a file: a slot's state holds the person's words as tokens
            name = str(held.fileno())
            with contextlib.suppress(Refused):
                self.ask(f"/slots/{source}?action=save", {"filename": name})
                self.ask(f"/slots/{target}?action=restore", {"filename": name})
                return True
        return False


class _Connection(http.client.HTTPConnection):
    """To a Unix socket, where the address is a path."""

    def __init__(self, address: str | tuple[str, int]) -> None:
        super().__init__("localhost", 0 if isinstance(address, str) else address[1])
        self._path = address if isinstance(address, str) else None

    def connect(self) -> None:
        if self._path is None:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


def opened(opening: Opening) -> LlamaServer:
    """Loads the model; takes one to three seconds for 1.1 GB that is in the system's file cache."""
    # Idle OpenMP threads spin by default: measured 20 times the CPU beside other work. Read once, at import.
    os.environ["OMP_WAIT_POLICY"] = "passive"
    os.environ["GOMP_SPINCOUNT"] = "0"
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = opening.path
    parameters.n_ctx = opening.context
    parameters.n_batch = parameters.n_ubatch = BATCH
    parameters.n_parallel = SLOTS
    parameters.kv_unified = True
    parameters.cache_ram_mib = 0  # its second cache in RAM, 8 GB by default
    parameters.cache_idle_slots = False
    parameters.n_ctx_checkpoints = 0
    parameters.cpuparams.n_threads = opening.threads
    parameters.cpuparams_batch.n_threads = opening.prompt_threads
    parameters.n_gpu_layers = _gpu_layers(opening, xllamacpp.get_device_info)
    parameters.fit_params = False
    parameters.endpoint_slots = False
    parameters.ui = False
    parameters.verbosity = -1
    parameters.offline = True
    key = secrets.token_hex(32)
    parameters.api_keys = [key]
    if sys.platform == "linux":
        parameters.slot_save_path = "/proc/self/fd/"
    if os.name != "posix":
        library: _Library = xllamacpp.Server(parameters)
        port = int(library.listening_address.rpartition(":")[2])
        return LlamaServer(library, Private(("127.0.0.1", port), key), opening.context)
    folder = tempfile.mkdtemp(prefix="ownmind-")
    try:
        path = str(Path(folder) / "s.sock")
        parameters.hostnames = [path]
        library = xllamacpp.Server(parameters)
        if sys.platform == "linux":
            path = f"/proc/self/fd/{os.open(path, os.O_PATH | os.O_CLOEXEC)}"
    finally:
        if sys.platform == "linux":
            for left in Path(folder).iterdir():
                left.unlink()
            Path(folder).rmdir()
    return LlamaServer(library, Private(path, key), opening.context)


def _gpu_layers(opening: Opening, devices: Callable[[], Sequence[Frame]]) -> int:
    if opening.gpu == "off":
        return 0
    found = [
        Device(str(one.get("name")), int(_number(one.get("memory_free"))))
        for one in devices()
        if "GPU" in str(one.get("type"))  # GPU and IGPU of ggml_backend_dev_type
    ]
    return layers(found, gguf.read(Path(opening.path)), opening.context) if found else 0


def _with_grammar(prompt: Frame) -> Frame:
    """The prompt with its JSON schema turned into a grammar that allows no white space between the tokens of JSON.

    llama.cpp's own ``response_format`` allows it, and small models then pretty-print: measured 36 tokens instead of 11.
    """
    schema = prompt.get("json_schema")
    if not isinstance(schema, dict):
        return prompt
    import xllamacpp

    compact: Frame = {**schema, "x-guidance": {"whitespace_flexible": False}}  # llguidance's own setting
    try:
        grammar: str = xllamacpp.json_schema_to_grammar(json.dumps(compact))
    except Exception as error:  # the library raises bare Exceptions
        raise Refused(str(error), "schema") from error
    return {name: value for name, value in prompt.items() if name != "json_schema"} | {"grammar": grammar}


def _pieces(delta: Frame) -> list[Frame]:
    """What one chunk adds, as the frames the parent hears."""
    pieces: list[Frame] = []
    for name, said in (("thought", delta.get("reasoning_content")), ("text", delta.get("content"))):
        if isinstance(said, str) and said:
            pieces.append({name: said})
    for call in _objects(delta.get("tool_calls")):
        function = _object(call.get("function"))
        pieces.append({"call": [call.get("index"), call.get("id"), function.get("name"), function.get("arguments")]})
    return pieces


def _with_stages(last: Frame, staged: tuple[int, float]) -> Frame:
    """The timings with the stages in them: llama.cpp counts what a stage evaluated as found in its cache."""
    timings = _object(last.get("timings"))
    tokens, milliseconds = staged
    if timings and tokens:
        timings["cache_n"] = _number(timings.get("cache_n")) - tokens
        timings["prompt_n"] = _number(timings.get("prompt_n")) + tokens
        timings["prompt_ms"] = _number(timings.get("prompt_ms")) + milliseconds
    return {**last, "timings": timings}


def _refused(error: Frame) -> Refused:
    message = str(error.get("message") or "no reason was given")
    if error.get("type") == "exceed_context_size_error":
        return Refused(message, "too_long", tokens=error.get("n_prompt_tokens"), window=error.get("n_ctx"))
    return Refused(message)


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _object(value: Json) -> Frame:
    return value if isinstance(value, dict) else {}


def _objects(value: Json) -> Sequence[Frame]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
