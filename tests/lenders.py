"""Servers on loopback that lend models as the known providers do: each holds every request to its provider's own form, and answers as
that streams. A request that is not of the form is refused with 400, and kept in ``wrong``.

For chat completions the form is the types of the official ``openai`` package, for Messages those of ``anthropic``; for Gemini the schema
below, after the reference of ``models.streamGenerateContent`` (ai.google.dev/api).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, TypeAdapter

from outside import Outside, ok

WORDS = "one two three four five six seven eight nine ten eleven twelve"
SIGNATURE = "c2lnbmVkIHdpdGggYSBrZXkgb2YgdGhlaXJz"


@dataclass(frozen=True)
class Asked:
    """A request, whatever its protocol."""

    body: Mapping[str, Any]
    text: str  # of the last message
    tools: tuple[str, ...]
    has_result: bool  # the last message is what a tool gave
    has_schema: bool
    most: int
    size: int  # bytes


@dataclass(frozen=True)
class Said:
    """What to answer: text, or calls of tools (name, arguments)."""

    text: str = ""
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()


Script = Callable[[Asked], Said]


def plainly(asked: Asked) -> Said:
    """As the suite of promises wants it."""
    if asked.tools and not asked.has_result:
        return Said(calls=tuple((name, {"city": "Lisbon"}) for name in asked.tools))
    return Said('{"answer":"yes","sure":9}' if asked.has_schema else WORDS)


@dataclass
class Lender(Outside):
    """``kind``: chat, messages or gemini. ``key``: the one it takes; "" for any. ``counts``: whether it counts tokens."""

    kind: str = "chat"
    key: str = ""
    script: Script = plainly
    counts: bool = True
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    models: tuple[str, ...] = ("big-one", "small-one")

    def __post_init__(self) -> None:
        self.answers = self._answer

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def _answer(self, request: bytes) -> Iterator[bytes]:
        head, _, content = request.partition(b"\r\n\r\n")
        line, *said = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in said)}
        if self.key and self.key != _key(self.kind, headers):
            return iter([ok(b'{"error": {"message": "no such key"}}', "Content-Type: application/json", status="401 Unauthorized")])
        if line.startswith("GET "):
            return iter([ok(json.dumps(_listing(self.kind, self.models)).encode(), "Content-Type: application/json")])
        try:
            asked = _READ[self.kind](line, headers, json.loads(content), len(content))
        except (ValueError, AssertionError, pydantic.ValidationError) as error:
            self.wrong.append(str(error))
            return iter([ok(b'{"error": {"message": "not of the form"}}', "Content-Type: application/json", status="400 Bad Request")])
        self.asked.append(asked)
        return _STREAM[self.kind](asked, self.script(asked), counts=self.counts)


def _key(kind: str, headers: Mapping[str, str]) -> str:
    if kind == "chat":
        return headers.get("authorization", "").removeprefix("Bearer ")
    return headers.get("x-api-key" if kind == "messages" else "x-goog-api-key", "")


def _listing(kind: str, models: tuple[str, ...]) -> object:
    if kind == "gemini":
        return {"models": [{"name": f"models/{name}", "displayName": name} for name in models]}
    return {"data": [{"id": name, "object": "model", "type": "model"} for name in models]}


# Reading


def _same(kind: Any, body: object) -> None:
    """Raises unless ``body`` is exactly of the form: what the types do not know they drop, and then it differs."""
    held = _all(TypeAdapter(kind).validate_python(body))
    assert held == body, "a field that the provider does not know, or of another form"


def _all(value: Any) -> Any:
    """What lazily validated parts come to."""
    if isinstance(value, dict):
        return {key: _all(each) for key, each in value.items()}
    if isinstance(value, BaseModel):
        return _all(value.model_dump(exclude_unset=True))
    if isinstance(value, str | bytes | int | float | bool) or value is None:
        return value
    return [_all(each) for each in value]


def _chat(line: str, headers: Mapping[str, str], body: Any, size: int) -> Asked:
    from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming

    assert line == "POST /v1/chat/completions HTTP/1.1"
    _same(CompletionCreateParamsStreaming, body)
    assert body["messages"], "no message"
    last, tools = body["messages"][-1], tuple(one["function"]["name"] for one in body.get("tools", ()))
    most = body.get("max_completion_tokens", body.get("max_tokens", 0))
    return Asked(body, str(last.get("content")), tools, last["role"] == "tool", "response_format" in body, most, size)


def _of_messages(body: Any) -> None:
    """Raises unless ``body`` is of the form. Each part by itself: pydantic does not survive unions of the package's lazy iterables."""
    from anthropic import types
    from anthropic.types.message_create_params import MessageCreateParamsStreaming

    blocks = {
        "text": types.TextBlockParam,
        "thinking": types.ThinkingBlockParam,
        "redacted_thinking": types.RedactedThinkingBlockParam,
        "tool_use": types.ToolUseBlockParam,
        "tool_result": types.ToolResultBlockParam,
    }
    _same(MessageCreateParamsStreaming, {key: value for key, value in body.items() if key not in ("system", "tools")} | {"messages": []})
    for message in body["messages"]:
        _same(types.UserMessageParam if message["role"] == "user" else types.AssistantMessageParam, {**message, "content": ""})
    for block in [*body.get("system", ()), *(block for message in body["messages"] for block in message["content"])]:
        _same(blocks[block["type"]], block)
    for tool in body.get("tools", ()):
        _same(types.ToolParam, tool)


def _messages(line: str, headers: Mapping[str, str], body: Any, size: int) -> Asked:
    assert line == "POST /v1/messages HTTP/1.1" and headers["anthropic-version"] == "2023-06-01"
    _of_messages(body)
    said = body["messages"]
    assert said and said[0]["role"] == "user" and said[-1]["role"] == "user", "begins and ends with the person"
    blocks = [block for message in said for block in message["content"]]
    assert all(block["text"].strip() for block in blocks if block["type"] == "text"), "text content blocks must be non-empty"
    for before, after in pairwise(said):
        assert before["role"] != after["role"]
        used = {block["id"] for block in before["content"] if block["type"] == "tool_use"}
        given = [block["tool_use_id"] for block in after["content"] if block["type"] == "tool_result"]
        assert set(given) == used, "each call has its result in the next message"
        assert all(block["type"] == "tool_result" for block in after["content"][: len(given)]), "results come first"
        kinds = [block["type"] for block in before["content"]]
        assert before["role"] == "user" or kinds == sorted(kinds, key=lambda kind: "thinking" not in kind), "thoughts come first"
    last = said[-1]["content"]
    tools = tuple(one["name"] for one in body.get("tools", ()))
    text = "".join(block.get("text", "") for block in last)
    return Asked(body, text, tools, last[-1]["type"] == "tool_result", "output_config" in body, body["max_tokens"], size)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _FunctionCall(_Strict):
    name: str
    args: dict[str, Any]
    id: str | None = None


class _FunctionResponse(_Strict):
    name: str
    response: dict[str, Any]
    id: str | None = None


class _Part(_Strict):
    text: str | None = None
    functionCall: _FunctionCall | None = None  # noqa: N815  # theirs
    functionResponse: _FunctionResponse | None = None  # noqa: N815
    thoughtSignature: str | None = None  # noqa: N815


class _Content(_Strict):
    role: Literal["user", "model"]
    parts: list[_Part]


class _Instruction(_Strict):
    parts: list[_Part]


class _Function(_Strict):
    name: str
    description: str
    parametersJsonSchema: dict[str, Any]  # noqa: N815


class _Tools(_Strict):
    functionDeclarations: list[_Function]  # noqa: N815


class _Configuration(_Strict):
    maxOutputTokens: int  # noqa: N815
    temperature: float | None = None
    responseMimeType: Literal["application/json"] | None = None  # noqa: N815
    responseJsonSchema: dict[str, Any] | None = None  # noqa: N815


class _Generate(_Strict):
    contents: list[_Content]
    generationConfig: _Configuration  # noqa: N815
    systemInstruction: _Instruction | None = None  # noqa: N815
    tools: list[_Tools] | None = None


def _gemini(line: str, headers: Mapping[str, str], body: Any, size: int) -> Asked:
    assert line == "POST /v1/models/big-one:streamGenerateContent?alt=sse HTTP/1.1"
    read = _Generate.model_validate(body)
    assert read.contents and read.contents[0].role == "user" and all(one.parts for one in read.contents)
    for before, after in pairwise(read.contents):
        assert before.role != after.role
        called = [part.functionCall for part in before.parts if part.functionCall]
        assert [one.name for one in called] == [part.functionResponse.name for part in after.parts if part.functionResponse]
        theirs = [part for part in before.parts if part.functionCall and (part.functionCall.id or "").startswith("theirs")]
        assert not theirs or theirs[0].thoughtSignature == SIGNATURE, "function call is missing a thought_signature"
    last = read.contents[-1].parts
    tools = tuple(one.name for group in read.tools or () for one in group.functionDeclarations)
    config = read.generationConfig
    text = "".join(part.text or "" for part in last)
    schema = config.responseJsonSchema is not None
    return Asked(body, text, tools, last[-1].functionResponse is not None, schema, config.maxOutputTokens, size)


_READ = {"chat": _chat, "messages": _messages, "gemini": _gemini}


# Saying


def _events(values: Iterator[object], *, named: bool = False) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    for value in values:
        name = f"event: {value['type']}\n" if named and isinstance(value, dict) else ""
        data = f"{name}data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode()
        yield b"%x\r\n%s\r\n" % (len(data), data)
    yield b"0\r\n\r\n"


def _cut(asked: Asked, said: Said) -> tuple[list[str], bool]:
    """The text in pieces of a word, and whether it was cut at the most that was allowed."""
    words = said.text.split(" ")
    pieces = [word if place == 0 else f" {word}" for place, word in enumerate(words)]
    return pieces[: asked.most], len(pieces) > asked.most


def _say_chat(asked: Asked, said: Said, *, counts: bool) -> Iterator[bytes]:
    pieces, is_cut = _cut(asked, said)

    def values() -> Iterator[object]:
        def chunk(delta: object, finish: str | None = None) -> object:
            return {"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

        yield chunk({"role": "assistant", "content": ""})
        for piece in pieces if said.text else ():
            yield chunk({"content": piece})
        for index, (name, arguments) in enumerate(said.calls):
            text = json.dumps(arguments)
            function = {"name": name, "arguments": ""}
            yield chunk({"tool_calls": [{"index": index, "id": f"call_{index}", "type": "function", "function": function}]})
            for half in (text[: len(text) // 2], text[len(text) // 2 :]):
                yield chunk({"tool_calls": [{"index": index, "function": {"arguments": half}}]})
        yield chunk({}, "tool_calls" if said.calls else "length" if is_cut else "stop")
        if counts:
            yield {"id": "c", "choices": [], "usage": {"prompt_tokens": asked.size // 4, "completion_tokens": len(pieces)}}
        yield "[DONE]"

    return _events(values())


def _say_messages(asked: Asked, said: Said, *, counts: bool) -> Iterator[bytes]:
    pieces, is_cut = _cut(asked, said)

    def values() -> Iterator[object]:
        usage = {"input_tokens": asked.size // 4, "output_tokens": 1, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": None}
        yield {"type": "message_start", "message": {**message, "usage": usage} if counts else message}
        yield {"type": "ping"}
        yield {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": SIGNATURE}}
        yield {"type": "content_block_stop", "index": 0}
        if said.text:
            yield {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}
            for piece in pieces:
                yield {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": piece}}
            yield {"type": "content_block_stop", "index": 1}
        for index, (name, arguments) in enumerate(said.calls, 2):
            block = {"type": "tool_use", "id": f"toolu_{index}", "name": name, "input": {}}
            yield {"type": "content_block_start", "index": index, "content_block": block}
            text = json.dumps(arguments)
            for half in ("", text[: len(text) // 2], text[len(text) // 2 :]):
                yield {"type": "content_block_delta", "index": index, "delta": {"type": "input_json_delta", "partial_json": half}}
            yield {"type": "content_block_stop", "index": index}
        reason = "tool_use" if said.calls else "max_tokens" if is_cut else "end_turn"
        usage = {"output_tokens": len(pieces)} if counts else {}
        yield {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": usage}
        yield {"type": "message_stop"}

    return _events(values(), named=True)


def _say_gemini(asked: Asked, said: Said, *, counts: bool) -> Iterator[bytes]:
    pieces, is_cut = _cut(asked, said)

    def values() -> Iterator[object]:
        def part(held: object, reason: str = "") -> object:
            ended = {"finishReason": reason} if reason else {}
            return {"candidates": [{"content": {"parts": [held], "role": "model"}, "index": 0, **ended}], "modelVersion": "m"}

        for piece in pieces if said.text else ():
            yield part({"text": piece})
        for index, (name, arguments) in enumerate(said.calls):
            signed = {"thoughtSignature": SIGNATURE} if index == 0 else {}
            yield part({"functionCall": {"name": name, "args": arguments, "id": f"theirs_{index}"}, **signed})
        usage = {"promptTokenCount": asked.size // 4, "candidatesTokenCount": len(pieces), "totalTokenCount": 0}
        last = part({"text": ""}, "MAX_TOKENS" if is_cut else "STOP")
        assert isinstance(last, dict)
        yield {**last, "usageMetadata": usage} if counts else last

    return _events(values())


_STREAM = {"chat": _say_chat, "messages": _say_messages, "gemini": _say_gemini}
