"""The Messages protocol of Anthropic, as bytes.

Claude Platform docs, "Messages API", "Streaming messages", "Tool use", "Structured outputs", "Prompt caching" and "Handling stop reasons"
(platform.claude.com/docs), version 2023-06-01 of the API; the types of the official package check every request in the tests.

Temperature and forced tools are not said: newer models refuse both. What it thought comes back to it with the results of its tools, exactly
as it came: the newest always think, and refuse a tool's result without it. Where orders and tools are long enough to be cached at all, the
end of them is marked: they are the same in the next request of this conversation, and a token out of the cache costs a tenth of one that is
read anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from pydantic_ai import ModelMessage, ModelSettings
from pydantic_ai.messages import (
    ModelRequestPart,
    ModelResponse,
    RetryPromptPart,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from . import wires
from .wires import Call, CutOff, Delta, Garbled, Json, Thought, Usage, Ways, a_text, an_object, count, no_text, read_object, text_of

if TYPE_CHECKING:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.tools import ToolDefinition

LISTING = "/models?limit=1000"
HIDDEN = "redacted_thinking"  # the id of a part that is nothing but a signature
_VERSION = "2023-06-01"
_CACHED = 4096  # bytes of orders and tools from which marking them may pay: a cache takes 512 to 4,096 tokens at least, by model
_FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_call",
    "refusal": "content_filter",
}


def path(model: str) -> str:
    return "/messages"


def headers(key: str) -> dict[str, str]:
    return {"anthropic-version": _VERSION} | ({"x-api-key": key} if key else {})


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
    asked: dict[str, Json] = {"model": model, ways.limit: most_tokens, "stream": True}
    tools: list[Json] = [_tool(tool) for tool in [*parameters.function_tools, *parameters.output_tools]]
    if tools:
        asked["tools"] = tools
    order = "\n\n".join(wires.orders(messages, parameters))
    if order.strip():
        block: dict[str, Json] = {"type": "text", "text": order}
        if len(order.encode("utf-8", "replace")) + len(wires.encoded({"": tools})) >= _CACHED:
            block["cache_control"] = {"type": "ephemeral"}
        asked["system"] = [block]
    asked["messages"] = list(as_json(messages))
    if ways.temperature and settings.get("temperature") is not None:
        asked["temperature"] = settings["temperature"]
    if parameters.output_mode == "native" and parameters.output_object is not None:
        schema = closed(wires.plain(parameters.output_object.json_schema))
        asked["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    return wires.encoded(asked)


def closed(schema: Json) -> Json:
    """A schema of which every object takes nothing that is not named: structured outputs want it said."""
    match schema:
        case dict():
            made = {key: closed(value) for key, value in schema.items()}
            return {**made, "additionalProperties": False} if schema.get("type") == "object" and "properties" in schema else made
        case list():
            return [closed(one) for one in schema]
    return schema


def _tool(tool: ToolDefinition) -> dict[str, Json]:
    return {"name": tool.name, "description": tool.description or "", "input_schema": wires.plain(tool.parameters_json_schema)}


def as_json(messages: Sequence[ModelMessage]) -> list[Json]:
    """The messages as the protocol has them: the two roles in turn, results of tools before anything else, no empty text."""
    said = (("assistant", _answered(one)) if isinstance(one, ModelResponse) else ("user", _asked(one.parts)) for one in messages)
    return [{"role": role, "content": blocks} for role, blocks in wires.in_turn(said)]


def _asked(parts: Sequence[ModelRequestPart]) -> list[Json]:
    results: list[Json] = []
    words: list[Json] = []
    for part in parts:
        match part:
            case SystemPromptPart():
                continue  # it stands before all messages
            case UserPromptPart():
                words += _text(text_of(part))
            case ToolReturnPart():
                results.append({"type": "tool_result", "tool_use_id": part.tool_call_id, "content": part.model_response_str()})
            case RetryPromptPart(tool_name=str()):
                results.append(
                    {"type": "tool_result", "tool_use_id": part.tool_call_id, "content": part.model_response(), "is_error": True}
                )
            case RetryPromptPart():
                words += _text(part.model_response())
            case _:
                raise no_text(part)
    return [*results, *words]


def _answered(message: ModelResponse) -> list[Json]:
    thoughts: list[Json] = []
    blocks: list[Json] = []
    for part in message.parts:
        match part:
            case ThinkingPart(id="redacted_thinking", signature=str() as signature):
                thoughts.append({"type": HIDDEN, "data": signature})
            case ThinkingPart(content=thought, signature=str() as signature):
                thoughts.append({"type": "thinking", "thinking": thought, "signature": signature})
            case TextPart(content=text):
                blocks += _text(text)
            case ToolCallPart():
                arguments = wires.plain(part.args_as_dict())
                blocks.append({"type": "tool_use", "id": part.tool_call_id, "name": part.tool_name, "input": arguments})
    return [*thoughts, *blocks] if blocks else []


def _text(text: str) -> list[Json]:
    return [{"type": "text", "text": text}] if text.strip() else []


async def deltas(pieces: AsyncIterator[bytes]) -> AsyncIterator[Delta]:
    """What the events add, in order, until the one that says it is over. Raises Garbled, and CutOff when there was none."""
    counted: dict[str, Json] = {}
    async for data in wires.events(pieces):
        event = read_object(data)
        match event.get("type"):
            case "message_start":
                counted |= an_object(an_object(event.get("message"), "a message").get("usage"), "the count")
            case "message_delta":
                counted |= {key: value for key, value in an_object(event.get("usage"), "the count").items() if value is not None}
                yield Delta(finish=_finish(an_object(event.get("delta"), "an end")), usage=_usage(counted))
            case "message_stop":
                return
            case "error":
                raise Garbled("it broke off with an error of its own")
            case _:
                if (delta := read(event)) is not None:
                    yield delta
    raise CutOff("the answer ended in the middle")


def read(event: dict[str, Json]) -> Delta | None:
    """What an event of a content block adds; None for nothing. Fields of a wrong type raise Garbled; ones we do not know are passed over,
    as the protocol asks."""
    index = event.get("index", 0)
    if not isinstance(index, int):
        raise Garbled("a piece of the answer has no place")
    match event.get("type"):
        case "content_block_start":
            return _begun(an_object(event.get("content_block"), "a piece of the answer"), index)
        case "content_block_delta":
            return _more(an_object(event.get("delta"), "a piece of the answer"), index)
    return None


def _begun(block: dict[str, Json], index: int) -> Delta | None:
    match block.get("type"):
        case "text":
            return Delta(a_text(block.get("text"), "a piece of the answer"))
        case "tool_use":
            given = an_object(block.get("input"), "a call's arguments")
            arguments = wires.encoded(given).decode() if given else ""
            return Delta(calls=(Call(index, a_text(block.get("id"), "a call"), a_text(block.get("name"), "a call"), arguments),))
        case "thinking":
            said, signature = a_text(block.get("thinking"), "a thought"), a_text(block.get("signature"), "a thought")
            return Delta(thought=Thought(index, said, signature))
        case "redacted_thinking":
            return Delta(thought=Thought(index, signature=a_text(block.get("data"), "a thought"), is_hidden=True))
    return None


def _more(delta: dict[str, Json], index: int) -> Delta | None:
    match delta.get("type"):
        case "text_delta":
            return Delta(a_text(delta.get("text"), "a piece of the answer"))
        case "input_json_delta":
            return Delta(calls=(Call(index, arguments=a_text(delta.get("partial_json"), "a call's arguments")),))
        case "thinking_delta":
            return Delta(thought=Thought(index, a_text(delta.get("thinking"), "a thought")))
        case "signature_delta":
            return Delta(thought=Thought(index, signature=a_text(delta.get("signature"), "a thought")))
    return None


def whole(said: bytes) -> Delta:
    """The same of an answer that came in one object, from a server that does not stream."""
    answer = read_object(said.decode("utf-8", "replace"))
    if answer.get("type") == "error" or "content" not in answer:
        raise Garbled("there is no answer in it")
    begun = [_begun(block, index) for index, block in enumerate(wires.objects(answer.get("content"), "the answer"))]
    parts = [one for one in begun if one is not None]
    return Delta(
        "".join(one.text for one in parts),
        tuple(call for one in parts for call in one.calls),
        _finish(answer) or "stop",
        _usage(an_object(answer.get("usage"), "the count")),
    )


def listed(said: bytes) -> tuple[str, ...]:
    return wires.names(read_object(said.decode("utf-8", "replace")).get("data"), "id")


def _finish(said: dict[str, Json]) -> str:
    reason = a_text(said.get("stop_reason"), "why it ended")
    return _FINISH.get(reason, "stop") if reason else ""


def _usage(said: dict[str, Json]) -> Usage | None:
    """Theirs counts what came out of the cache and what went into it apart from the rest of what was read."""
    sent, came = count(said.get("input_tokens")), count(said.get("output_tokens"))
    if sent is None or came is None:
        return None
    cached, kept = count(said.get("cache_read_input_tokens")) or 0, count(said.get("cache_creation_input_tokens")) or 0
    return Usage(sent + cached + kept, came, cached, kept)
