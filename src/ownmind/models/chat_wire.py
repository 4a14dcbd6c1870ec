"""The chat completions protocol, as bytes: what is asked as one JSON object, what comes back as server-sent events.

Written here and not taken from a vendor's library: that one is 16 MB, takes two seconds to import, tells the other side the system,
its architecture and the Python release in headers of its own, and asks again by itself when it fails. Here every byte that leaves is
ours, and one call is one request. Spoken by OpenAI and by most servers since (vLLM, llama.cpp, Ollama, LM Studio, OpenRouter, Mistral).

What comes back is a stranger's: whatever cannot be read raises ``Garbled``, and a stream that ends before it says so is ``CutOff``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic_ai import ModelMessage, ModelRequest, ModelSettings
from pydantic_ai.messages import (
    ModelRequestPart,
    ModelResponse,
    RetryPromptPart,
    SystemPromptPart,
    TextContent,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from ..errors import BadInput

if TYPE_CHECKING:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.tools import ToolDefinition

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_LONGEST_LINE = 1 << 20  # characters of one event


class Garbled(ValueError):
    """What came back is not the protocol."""


class CutOff(Garbled):
    """It ended in the middle."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What one event adds. ``calls``: (index, id, name, arguments) of tool calls, each of the last three a piece, maybe "". ``usage``:
    tokens (in, out) by the other side's count."""

    text: str = ""
    calls: tuple[tuple[int, str, str, str], ...] = ()
    finish: str = ""
    usage: tuple[int, int] | None = None


def body(
    model: str, messages: Sequence[ModelMessage], settings: ModelSettings, parameters: ModelRequestParameters, *, most_tokens: int
) -> bytes:
    """The request's body. Raises BadInput for what is not text."""
    asked: dict[str, Json] = {
        "model": model,
        "messages": [dict(one) for one in as_json(messages, parameters)],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": most_tokens,
    }
    if "temperature" in settings and settings["temperature"] is not None:
        asked["temperature"] = settings["temperature"]
    tools: list[Json] = [_tool(tool) for tool in [*parameters.function_tools, *parameters.output_tools]]
    if tools:
        asked["tools"] = tools
    if parameters.output_mode == "native" and parameters.output_object is not None:
        schema: Json = json.loads(json.dumps(parameters.output_object.json_schema))
        asked["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    return json.dumps(asked, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _tool(tool: ToolDefinition) -> dict[str, Json]:
    schema: Json = json.loads(json.dumps(tool.parameters_json_schema))
    return {"type": "function", "function": {"name": tool.name, "description": tool.description or "", "parameters": schema}}


def as_json(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[Mapping[str, Json]]:
    """The messages as the protocol has them: instructions first."""
    instructions = [part.content for part in parameters.instruction_parts or ()]
    if not instructions:
        instructions = [message.instructions for message in messages[-1:] if isinstance(message, ModelRequest) and message.instructions]
    said: list[Mapping[str, Json]] = [{"role": "system", "content": "\n\n".join(instructions)}] if instructions else []
    for message in messages:
        if isinstance(message, ModelRequest):
            said.extend(_asked(part) for part in message.parts)
        else:
            said.append(_answered(message))
    return said


def text_of(part: UserPromptPart) -> str:
    """The words of a message. Raises BadInput for pictures and sound."""
    if isinstance(part.content, str):
        return part.content
    words = []
    for one in part.content:
        if not isinstance(one, str | TextContent):
            raise BadInput(f"this model is sent text only, not {type(one).__name__}", hint="choose another brain for this")
        words.append(one if isinstance(one, str) else one.content)
    return "".join(words)


def _asked(part: ModelRequestPart) -> Mapping[str, Json]:
    match part:
        case SystemPromptPart(content=text):
            return {"role": "system", "content": text}
        case UserPromptPart():
            return {"role": "user", "content": text_of(part)}
        case ToolReturnPart():
            return {"role": "tool", "tool_call_id": part.tool_call_id, "content": part.model_response_str()}
        case RetryPromptPart(tool_name=str()):
            return {"role": "tool", "tool_call_id": part.tool_call_id, "content": part.model_response()}
        case RetryPromptPart():
            return {"role": "user", "content": part.model_response()}
    raise BadInput(f"this model is sent text only, not {type(part).__name__}", hint="choose another brain for this")


def _answered(message: ModelResponse) -> Mapping[str, Json]:
    said: dict[str, Json] = {"role": "assistant", "content": "".join(part.content for part in message.parts if isinstance(part, TextPart))}
    calls: list[Json] = [
        {"id": part.tool_call_id, "type": "function", "function": {"name": part.tool_name, "arguments": part.args_as_json_str()}}
        for part in message.parts
        if isinstance(part, ToolCallPart)
    ]
    return {**said, "tool_calls": calls} if calls else said


async def deltas(pieces: AsyncIterator[bytes]) -> AsyncIterator[Delta]:
    """What the events add, in order, until the one that says it is over. Raises Garbled, and CutOff when there was none."""
    is_over = False
    async for line in _lines(pieces):
        if not line.startswith("data:"):
            continue  # comments, event names, ids: nothing of the protocol stands there
        data = line[5:].strip()
        if data == "[DONE]":
            return
        if data:
            delta = read(_object(data))
            is_over = is_over or bool(delta.finish)
            yield delta
    if not is_over:
        raise CutOff("the answer ended in the middle")


def whole(said: bytes) -> Delta:
    """The same of an answer that came in one object, from a server that does not stream."""
    answer = _object(said.decode("utf-8", "replace"))
    first = _first(answer)
    return read({**answer, "choices": [{**first, "delta": first.get("message"), "finish_reason": first.get("finish_reason") or "stop"}]})


def read(event: dict[str, Json]) -> Delta:
    """One event. Fields of a wrong type raise Garbled; ones we do not know are passed over."""
    if (error := event.get("error")) is not None:
        raise Garbled("it broke off with an error of its own" if error else "it broke off")
    first = _first(event) if event.get("choices") else {}
    delta = first.get("delta") or {}
    if not isinstance(delta, dict):
        raise Garbled("a piece of the answer is no object")
    text, finish = delta.get("content") or "", first.get("finish_reason") or ""
    if not isinstance(text, str) or not isinstance(finish, str):
        raise Garbled("a piece of the answer is no text")
    return Delta(text, _calls(delta.get("tool_calls") or []), finish, _usage(event.get("usage")))


def _calls(said: Json) -> tuple[tuple[int, str, str, str], ...]:
    found = []
    for place, call in enumerate(said if isinstance(said, list) else [said]):
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(call, dict) or not isinstance(function, dict):
            raise Garbled("a tool call is no object")
        index, call_id = call.get("index", place), call.get("id") or ""
        name, arguments = function.get("name") or "", function.get("arguments") or ""
        if not (isinstance(index, int) and isinstance(call_id, str) and isinstance(name, str) and isinstance(arguments, str)):
            raise Garbled("a tool call is not as the protocol has it")
        found.append((index, call_id, name, arguments))
    return tuple(found)


def _usage(said: Json) -> tuple[int, int] | None:
    """Tokens in and out; None for what is no count, so that the worst is counted instead."""
    if not isinstance(said, dict):
        return None
    sent, came = said.get("prompt_tokens"), said.get("completion_tokens")
    if type(sent) is int and type(came) is int and 0 <= sent < 1 << 40 and 0 <= came < 1 << 40:
        return sent, came
    return None


def _first(event: dict[str, Json]) -> dict[str, Json]:
    match event.get("choices"):
        case [dict(first), *_]:
            return first
    raise Garbled("there is no answer in it")


def _object(text: str) -> dict[str, Json]:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Garbled("it is not JSON") from error
    if not isinstance(value, dict):
        raise Garbled("it is no object")
    return value


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Lines, however the bytes were cut; one that never ends raises Garbled."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        *ready, rest = bytes(held).replace(b"\r\n", b"\n").split(b"\n") if b"\n" in piece else (bytes(held),)
        for line in ready:
            yield line.decode("utf-8", "replace").rstrip("\r")
        held = bytearray(rest)
        if len(held) > _LONGEST_LINE:
            raise Garbled("a line of it does not end")
    if held.strip():
        yield held.decode("utf-8", "replace").strip()
