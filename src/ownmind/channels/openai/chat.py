"""``/v1/chat/completions``: its requests read, its answers written (OpenAI, "Chat Completions")."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
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

_TEXT = frozenset({"text", "input_text", "refusal"})
_ROLES: dict[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant", "tool": "tool"}


def read(body: Object) -> Asked:
    """The request in a body. Raises Unsupported naming the field."""
    if whole_at(body, "n", 1, 128) not in (None, 1):
        raise Unsupported("n must be 1: this Ownmind gives one answer at a time", param="n")
    if flag_at(body, "logprobs") or body.get("top_logprobs"):
        raise Unsupported("log probabilities are not given here", param="logprobs")
    if body.get("audio") or "audio" in list_at(body, "modalities", 8):
        raise Unsupported("this Ownmind has no voice yet", param="modalities", hint="Ask for text")
    messages = tuple(_message(object_of(one, f"messages[{at}]"), at) for at, one in enumerate(list_at(body, "messages", MOST_MESSAGES)))
    if not messages:
        raise Unsupported("messages must be a list of at least one", param="messages")
    tools = tuple(_tool(object_of(one, f"tools[{at}]"), f"tools[{at}]") for at, one in enumerate(list_at(body, "tools", MOST_TOOLS)))
    options = body.get("stream_options")
    return Asked(
        text_at(body, "model", most=200),
        messages,
        tools,
        choice(body.get("tool_choice"), tools),
        flag_at(body, "parallel_tool_calls", default=True),
        form_of(body.get("response_format"), "response_format", "json_schema"),
        Sampling(
            whole_at(body, "max_completion_tokens", 1, MOST_TOKENS) or whole_at(body, "max_tokens", 1, MOST_TOKENS),
            number_at(body, "temperature", 0, 2),
            number_at(body, "top_p", 0, 1),
            whole_at(body, "seed", -(1 << 63), (1 << 63) - 1),
            stops_at(body, "stop"),
        ),
        flag_at(body, "stream"),
        options is not None and flag_at(object_of(options, "stream_options"), "include_usage"),
    )


def choice(value: object, tools: tuple[Tool, ...]) -> str:
    """Which tools may be called: auto, none, required, or ":name"."""
    if value is None:
        return "auto"
    if isinstance(value, str):
        if value not in ("auto", "none", "required"):
            raise Unsupported("tool_choice must be auto, none, required or a function", param="tool_choice")
        return value
    held = object_of(value, "tool_choice")
    function = held.get("function")
    name = text_at(object_of(function, "tool_choice.function") if function is not None else held, "name", "")
    if name not in {tool.name for tool in tools}:
        raise Unsupported("tool_choice names a function that is not among the tools", param="tool_choice")
    return f":{name}"


def _message(held: Object, at: int) -> Message:
    key = f"messages[{at}]"
    role = _ROLES.get(text_at(held, "role", most=40))
    if role is None:
        raise Unsupported("role must be system, developer, user, assistant or tool", param=f"{key}.role")
    text = words_of(held.get("content"), f"{key}.content", _TEXT)
    calls = tuple(
        _call(object_of(one, f"{key}.tool_calls[{number}]"), key) for number, one in enumerate(list_at(held, "tool_calls", MOST_TOOLS))
    )
    call_id = text_at(held, "tool_call_id", most=200) if role == "tool" else ""
    if held.get("content") is None and not calls and role != "assistant":
        raise Unsupported("content must be text", param=f"{key}.content")
    return Message(role, text, calls if role == "assistant" else (), call_id)


def _call(held: Object, key: str) -> Call:
    function = object_of(held.get("function"), f"{key}.tool_calls.function")
    arguments = arguments_of(function.get("arguments", "{}"), f"{key}.tool_calls.function.arguments")
    return Call(text_at(held, "id", most=200), text_at(function, "name", most=128), arguments)


def _tool(held: Object, key: str) -> Tool:
    if held.get("type", "function") != "function":
        raise Unsupported("only tools of the type function are taken", param=f"{key}.type")
    return tool_of(object_of(held.get("function"), f"{key}.function"), f"{key}.function")


# Answers


@dataclass
class Completion:
    """One answer, written as it comes (``chunks``) or at its end (``whole``)."""

    asked: Asked
    id: str = field(default_factory=lambda: f"chatcmpl-{token_hex(14)}")
    created: int = field(default_factory=lambda: int(time.time()))
    calls: int = 0

    def first(self) -> bytes:
        return self._event(self._chunk({"role": "assistant", "content": ""}))

    def chunks(self, piece: Piece) -> Iterator[bytes]:
        match piece:
            case Text(text):
                yield self._event(self._chunk({"content": text}))
            case Called(call):
                number, self.calls = self.calls, self.calls + 1
                begun: wire.Json = {"index": number, "id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}}
                yield self._event(self._chunk({"tool_calls": [begun]}))
                yield self._event(self._chunk({"tool_calls": [{"index": number, "function": {"arguments": call.arguments}}]}))
            case Ended():
                last = self._chunk({}, piece.reason)
                yield self._event({**last, **({"ownmind": piece.more} if piece.more else {})})
                if self.asked.with_usage:
                    yield self._event({**self._chunk({}), "choices": [], "usage": usage(piece)})
                yield b"data: [DONE]\n\n"

    def failed(self, error: dict[str, wire.Json]) -> bytes:
        """An error in the middle of a stream, as OpenAI sends it."""
        return self._event(error)

    def whole(self, answer: Whole) -> dict[str, wire.Json]:
        message: dict[str, wire.Json] = {"role": "assistant", "content": answer.text or None, "refusal": None}
        if not answer.calls:
            message["content"] = answer.text
        else:
            message["tool_calls"] = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}} for call in answer.calls
            ]
        said: wire.Json = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.end.reason}
        told = {**self._head("chat.completion"), "choices": [said], "usage": usage(answer.end)}
        return {**told, **({"ownmind": answer.end.more} if answer.end.more else {})}

    def _chunk(self, delta: dict[str, wire.Json], reason: str | None = None) -> dict[str, wire.Json]:
        said: wire.Json = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**self._head("chat.completion.chunk"), "choices": [said], **({"usage": None} if self.asked.with_usage else {})}

    def _head(self, kind: str) -> dict[str, wire.Json]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.asked.model}

    def _event(self, value: dict[str, wire.Json]) -> bytes:
        return b"data: " + wire.line(value) + b"\n"


def usage(end: Ended) -> dict[str, wire.Json]:
    return {
        "prompt_tokens": end.read,
        "completion_tokens": end.written,
        "total_tokens": end.read + end.written,
        "prompt_tokens_details": {"cached_tokens": end.cached},
    }
