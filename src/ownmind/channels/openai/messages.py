"""``/v1/messages``: its requests read, its answers and events written (Anthropic, "Messages"); and models as that API lists them.

A message of the person may hold results of tools beside its words: here each becomes a message of its own, as the other APIs have them.
Thinking that a client sends back is left out, as is what marks a cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex

from .. import wire
from .asked import (
    MOST_MESSAGES,
    MOST_TOKENS,
    MOST_TOOLS,
    Asked,
    Call,
    Message,
    Object,
    Role,
    Sampling,
    Tool,
    arguments_of,
    bounded,
    flag_at,
    form_of,
    list_at,
    number_at,
    object_of,
    stops_at,
    text_at,
    tool_of,
    whole_at,
    words_of,
)
from .errors import Unsupported
from .pieces import Called, Ended, Piece, Text, Whole

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)  # the day there was an Ownmind
_MOST_STOPS = 64
_TEXT = frozenset({"text"})
_ROLES: dict[str, Role] = {"user": "user", "assistant": "assistant", "system": "system"}
_CHOICES = {"auto": "auto", "any": "required", "none": "none"}
_LEFT_OUT = frozenset({"thinking", "redacted_thinking"})
_REASONS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}


def read(body: Object) -> Asked:
    """The request in a body. Raises Unsupported naming the field."""
    most = whole_at(body, "max_tokens", 1, MOST_TOKENS)
    if most is None:
        raise Unsupported("max_tokens must say how long the answer may be", param="max_tokens")
    system = words_of(body.get("system"), "system", _TEXT)
    said = [Message("system", system)] if system else []
    for at, one in enumerate(list_at(body, "messages", MOST_MESSAGES)):
        said += _messages(object_of(one, f"messages[{at}]"), f"messages[{at}]")
    if len(said) == bool(system):
        raise Unsupported("messages must be a list of at least one", param="messages")
    tools = tuple(_tool(object_of(one, f"tools[{at}]"), f"tools[{at}]") for at, one in enumerate(list_at(body, "tools", MOST_TOOLS)))
    choice = object_of(body.get("tool_choice") or {"type": "auto"}, "tool_choice")
    return Asked(
        text_at(body, "model", most=200),
        tuple(said),
        tools,
        _choice(choice, tools),
        not flag_at(choice, "disable_parallel_tool_use"),
        form_of(object_of(body.get("output_config") or {}, "output_config").get("format"), "output_config.format"),
        Sampling(
            most,
            number_at(body, "temperature", 0, 1),
            number_at(body, "top_p", 0, 1),
            stop=stops_at(body, "stop_sequences", _MOST_STOPS),
        ),
        flag_at(body, "stream"),
    )


def _messages(held: Object, key: str) -> list[Message]:
    """One message, and the results of tools in it, each as one."""
    role = _ROLES.get(text_at(held, "role", most=40))
    if role is None:
        raise Unsupported("role must be user, assistant or system", param=f"{key}.role")
    content = held.get("content")
    if not isinstance(content, list):
        return [Message(role, text_at(held, "content"))]
    results: list[Message] = []
    words: list[object] = []
    calls: list[Call] = []
    for number, one in enumerate(content):
        where = f"{key}.content[{number}]"
        block = object_of(one, where)
        match block.get("type"):
            case "tool_result" if role == "user":
                results.append(_result(block, where))
            case "tool_use" if role == "assistant":
                calls.append(_call(block, where))
            case kind if kind not in _LEFT_OUT:
                words.append(block)
    text = words_of(words, f"{key}.content", _TEXT)
    if not (text or calls or results) and role == "user":
        raise Unsupported("content must not be empty", param=f"{key}.content")
    return [*results, *([Message(role, text, tuple(calls))] if text or calls or not results else [])]


def _result(block: Object, key: str) -> Message:
    text = words_of(block.get("content"), f"{key}.content", _TEXT)
    if flag_at(block, "is_error"):
        text = bounded(f"It failed: {text}", f"{key}.content")
    return Message("tool", text, call_id=text_at(block, "tool_use_id", most=200))


def _call(block: Object, key: str) -> Call:
    return Call(text_at(block, "id", most=200), text_at(block, "name", most=128), arguments_of(block.get("input", {}), f"{key}.input"))


def _tool(held: Object, key: str) -> Tool:
    if held.get("type", "custom") not in ("custom", None):
        raise Unsupported("only your own tools are taken, no tools of a server", param=f"{key}.type")
    return tool_of(held, key)


def _choice(held: Object, tools: Sequence[Tool]) -> str:
    """Which tools may be called: auto, none, required, or ":name"."""
    kind = text_at(held, "type", most=40)
    if kind in _CHOICES:
        return _CHOICES[kind]
    if kind != "tool" or (name := text_at(held, "name", "", most=200)) not in {tool.name for tool in tools}:
        raise Unsupported("tool_choice must be auto, any, none, or one of the tools", param="tool_choice")
    return f":{name}"


# Answers


@dataclass
class Written:
    """One answer, written as events (``chunks``) or at its end (``whole``). Blocks come in order: the text first, then the calls."""

    asked: Asked
    id: str = field(default_factory=lambda: f"msg_{token_hex(12)}")
    _blocks: int = 0
    _is_open: bool = False  # a block of text

    def first(self) -> bytes:
        begun: wire.Json = {**self._head(), "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage(Ended("stop", 0, 0))}
        return self._event("message_start", message=begun) + self._event("ping")

    def chunks(self, piece: Piece) -> Iterator[bytes]:
        match piece:
            case Text(text):
                if not self._is_open:
                    self._is_open = True
                    yield self._event("content_block_start", index=self._blocks, content_block={"type": "text", "text": ""})
                yield self._event("content_block_delta", index=self._blocks, delta={"type": "text_delta", "text": text})
            case Called(call):
                yield from self._closed()
                held = _use(call)
                yield self._event("content_block_start", index=self._blocks, content_block={**held, "input": {}})
                told: wire.Json = {"type": "input_json_delta", "partial_json": json.dumps(held["input"], ensure_ascii=False)}
                yield self._event("content_block_delta", index=self._blocks, delta=told)
                yield self._ended()
            case Ended():
                yield from self._closed()
                more: dict[str, wire.Json] = {"ownmind": piece.more} if piece.more else {}
                yield self._event("message_delta", delta={**_stopped(piece)}, usage=usage(piece), **more)
                yield self._event("message_stop")

    def failed(self, error: dict[str, wire.Json]) -> bytes:
        """An error in the middle of a stream."""
        return self._event("error", **error)

    def whole(self, answer: Whole) -> dict[str, wire.Json]:
        text: list[wire.Json] = [{"type": "text", "text": answer.text}] if answer.text else []
        content: list[wire.Json] = [*text, *map(_use, answer.calls)]
        told = {**self._head(), "content": content, **_stopped(answer.end), "usage": usage(answer.end)}
        return {**told, **({"ownmind": answer.end.more} if answer.end.more else {})}

    def _closed(self) -> Iterator[bytes]:
        if self._is_open:
            self._is_open = False
            yield self._ended()

    def _ended(self) -> bytes:
        number, self._blocks = self._blocks, self._blocks + 1
        return self._event("content_block_stop", index=number)

    def _head(self) -> dict[str, wire.Json]:
        return {"id": self.id, "type": "message", "role": "assistant", "model": self.asked.model}

    def _event(self, kind: str, **fields: wire.Json) -> bytes:
        return b"event: " + kind.encode() + b"\ndata: " + wire.line({**fields, "type": kind}) + b"\n"


def _use(call: Call) -> dict[str, wire.Json]:
    """A call of a tool. What a model wrote that is no object is no arguments."""
    try:
        given = json.loads(call.arguments, parse_constant=str)
    except ValueError:
        given = {}
    return {"type": "tool_use", "id": call.id, "name": call.name, "input": given if isinstance(given, dict) else {}}


def _stopped(end: Ended) -> dict[str, wire.Json]:
    return {"stop_reason": "stop_sequence" if end.stop else _REASONS[end.reason], "stop_sequence": end.stop or None}


def usage(end: Ended) -> dict[str, wire.Json]:
    """Tokens; those read from a cache are counted apart."""
    return {
        "input_tokens": end.read - end.cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": end.cached,
        "output_tokens": end.written,
    }


# Models


def models(names: Sequence[str]) -> dict[str, wire.Json]:
    """What a key may ask for, on one page."""
    first, last = (names[0], names[-1]) if names else (None, None)
    return {"data": [model(name) for name in names], "has_more": False, "first_id": first, "last_id": last}


def model(name: str) -> dict[str, wire.Json]:
    return {"type": "model", "id": name, "display_name": name, "created_at": BEGAN.isoformat(), "lifecycle": "active"}
