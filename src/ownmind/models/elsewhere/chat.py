"""The chat completions protocol, as bytes: what is asked as one JSON object, what comes back as server-sent events.

OpenAI API reference, "Create chat completion" and "Chat completion chunk" (developers.openai.com/api/reference). Spoken by OpenAI and by
most servers since (Mistral, OpenRouter, vLLM, llama.cpp, Ollama, LM Studio), each with its own ways (``wires.Ways``): OpenAI's newer models
want ``max_completion_tokens`` and no temperature, Mistral refuses every field it does not know.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic_ai import ModelMessage, ModelRequest, ModelSettings
from pydantic_ai.messages import (
    ModelRequestPart,
    ModelResponse,
    RetryPromptPart,
    SystemPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from . import wires
from .wires import Call, CutOff, Delta, Garbled, Json, Usage, Ways, a_text, an_object, count, no_text, read_object, text_of

if TYPE_CHECKING:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.tools import ToolDefinition

LISTING = "/models"
_FINISH = {
    "stop": "stop",
    "length": "length",
    "model_length": "length",  # Mistral's word for the window's end
    "tool_calls": "tool_call",
    "function_call": "tool_call",
    "content_filter": "content_filter",
    "error": "error",
}


def path(model: str) -> str:
    return "/chat/completions"


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def body(
    model: str,
    messages: Sequence[ModelMessage],
    settings: ModelSettings,
    parameters: ModelRequestParameters,
    *,
    most_tokens: int,
    ways: Ways,
) -> bytes:
    """The request's body. Raises BadInput for what is not text."""
    asked: dict[str, Json] = {
        "model": model,
        "messages": [dict(one) for one in as_json(messages, parameters)],
        "stream": True,
        ways.limit: most_tokens,
    }
    if ways.counts:
        asked["stream_options"] = {"include_usage": True}
    if ways.temperature and settings.get("temperature") is not None:
        asked["temperature"] = settings["temperature"]
    tools: list[Json] = [_tool(tool) for tool in [*parameters.function_tools, *parameters.output_tools]]
    if tools:
        asked["tools"] = tools
    if parameters.output_mode == "native" and parameters.output_object is not None:
        schema = wires.plain(parameters.output_object.json_schema)
        asked["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    return wires.encoded(asked)


def _tool(tool: ToolDefinition) -> dict[str, Json]:
    schema = wires.plain(tool.parameters_json_schema)
    return {"type": "function", "function": {"name": tool.name, "description": tool.description or "", "parameters": schema}}


def as_json(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[Mapping[str, Json]]:
    """The messages as the protocol has them: instructions first."""
    orders = wires.instructions(messages, parameters)
    said: list[Mapping[str, Json]] = [{"role": "system", "content": "\n\n".join(orders)}] if orders else []
    for message in messages:
        if isinstance(message, ModelRequest):
            said.extend(_asked(part) for part in message.parts)
        else:
            said.append(_answered(message))
    return said


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
    raise no_text(part)


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
    async for data in wires.events(pieces):
        if data == "[DONE]":
            return
        delta = read(read_object(data))
        is_over = is_over or bool(delta.finish)
        yield delta
    if not is_over:
        raise CutOff("the answer ended in the middle")


def whole(said: bytes) -> Delta:
    """The same of an answer that came in one object, from a server that does not stream."""
    answer = read_object(said.decode("utf-8", "replace"))
    first = _first(answer)
    return read({**answer, "choices": [{**first, "delta": first.get("message"), "finish_reason": first.get("finish_reason") or "stop"}]})


def listed(said: bytes) -> tuple[str, ...]:
    return wires.names(read_object(said.decode("utf-8", "replace")).get("data"), "id")


def read(event: dict[str, Json]) -> Delta:
    """One event. Fields of a wrong type raise Garbled; ones we do not know are passed over."""
    if (error := event.get("error")) is not None:
        raise Garbled("it broke off with an error of its own" if error else "it broke off")
    first = _first(event) if event.get("choices") else {}
    delta = an_object(first.get("delta"), "a piece of the answer")
    text, finish = a_text(delta.get("content"), "a piece of the answer"), a_text(first.get("finish_reason"), "why it ended")
    ended = _FINISH.get(finish, "stop") if finish else ""
    if a_text(delta.get("refusal"), "a refusal"):
        ended = "content_filter"
    return Delta(text, _calls(delta.get("tool_calls") or []), ended, _usage(event.get("usage")))


def _calls(said: Json) -> tuple[Call, ...]:
    found = []
    for place, call in enumerate(said if isinstance(said, list) else [said]):
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(call, dict) or not isinstance(function, dict):
            raise Garbled("a tool call is no object")
        index, call_id = call.get("index", place), call.get("id") or ""
        name, arguments = function.get("name") or "", function.get("arguments") or ""
        if not (isinstance(index, int) and isinstance(call_id, str) and isinstance(name, str) and isinstance(arguments, str)):
            raise Garbled("a tool call is not as the protocol has it")
        found.append(Call(index, call_id, name, arguments))
    return tuple(found)


def _usage(said: Json) -> Usage | None:
    if not isinstance(said, dict):
        return None
    sent, came = count(said.get("prompt_tokens")), count(said.get("completion_tokens"))
    if sent is None or came is None:
        return None
    details = said.get("prompt_tokens_details")
    cached = count(details.get("cached_tokens")) if isinstance(details, dict) else None
    return Usage(sent, came, min(cached or 0, sent))


def _first(event: dict[str, Json]) -> dict[str, Json]:
    match event.get("choices"):
        case [dict(first), *_]:
            return first
    raise Garbled("there is no answer in it")
