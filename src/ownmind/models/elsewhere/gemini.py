"""The protocol of Google's Gemini API, as bytes.

Gemini API reference, "Generating content" (models.streamGenerateContent with ``alt=sse``, v1beta), "Function calling", "Thought signatures"
and "Structured output" (ai.google.dev/api, ai.google.dev/gemini-api/docs). A call for a function comes whole, with a signature of how the
model came to it: newer models refuse the function's result without it, so it goes back as it came, and only there. What is blocked for
safety says so in ``promptFeedback`` or as the reason why it ended.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from pydantic_ai import ModelMessage, ModelSettings
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

LISTING = "/models?pageSize=1000"
SIGNATURE = "thought_signature"  # where a call's signature is among its details
_OUR_ID = "pyd_ai_"  # how the agent library begins an id it made up for a call without one
_BLOCKED = frozenset("SAFETY RECITATION LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII IMAGE_SAFETY".split())  # noqa: SIM905  # reads better
_FINISH = {"STOP": "stop", "MAX_TOKENS": "length"} | dict.fromkeys(_BLOCKED, "content_filter")


def path(model: str) -> str:
    named = model if "/" in model else f"models/{model}"
    return f"/{quote(named)}:streamGenerateContent?alt=sse"


def headers(key: str) -> dict[str, str]:
    return {"x-goog-api-key": key} if key else {}


def body(
    model: str,
    messages: Sequence[ModelMessage],
    settings: ModelSettings,
    parameters: ModelRequestParameters,
    *,
    most_tokens: int,
    ways: Ways,
) -> bytes:
    """The request's body; the model's name is in the path. Raises BadInput for what is not text."""
    config: dict[str, Json] = {"maxOutputTokens": most_tokens}
    if ways.temperature and settings.get("temperature") is not None:
        config["temperature"] = settings["temperature"]
    if parameters.output_mode == "native" and parameters.output_object is not None:
        config |= {"responseMimeType": "application/json", "responseJsonSchema": wires.plain(parameters.output_object.json_schema)}
    asked: dict[str, Json] = {"contents": list(as_json(messages)), "generationConfig": config}
    if order := "\n\n".join(wires.orders(messages, parameters)).strip():
        asked["systemInstruction"] = {"parts": [{"text": order}]}
    if tools := [_tool(tool) for tool in [*parameters.function_tools, *parameters.output_tools]]:
        asked["tools"] = [{"functionDeclarations": list(tools)}]
    return wires.encoded(asked)


def _tool(tool: ToolDefinition) -> dict[str, Json]:
    return {"name": tool.name, "description": tool.description or "", "parametersJsonSchema": wires.plain(tool.parameters_json_schema)}


def as_json(messages: Sequence[ModelMessage]) -> list[Json]:
    """The messages as the protocol has them: the two roles in turn, none without a part."""
    said = (("model", _answered(one)) if isinstance(one, ModelResponse) else ("user", _asked(one.parts)) for one in messages)
    return [{"role": role, "parts": parts} for role, parts in wires.in_turn(said)]


def _asked(parts: Sequence[ModelRequestPart]) -> list[Json]:
    found: list[Json] = []
    for part in parts:
        match part:
            case SystemPromptPart():
                continue  # it stands before all messages
            case UserPromptPart():
                found += _text(text_of(part))
            case ToolReturnPart():
                found.append(_result(part.tool_name, part.tool_call_id, {"result": wires.plain(part.model_response_str())}))
            case RetryPromptPart(tool_name=str() as name):
                found.append(_result(name, part.tool_call_id, {"error": part.model_response()}))
            case RetryPromptPart():
                found += _text(part.model_response())
            case _:
                raise no_text(part)
    return found


def _result(name: str, call_id: str, response: dict[str, Json]) -> Json:
    return {"functionResponse": {"name": name, **_id(call_id), "response": response}}


def _answered(message: ModelResponse) -> list[Json]:
    found: list[Json] = []
    for part in message.parts:
        match part:
            case TextPart(content=text):
                found += _text(text)
            case ToolCallPart():
                call: dict[str, Json] = {"name": part.tool_name, **_id(part.tool_call_id), "args": wires.plain(part.args_as_dict())}
                signature = (part.provider_details or {}).get(SIGNATURE)
                signed: dict[str, Json] = {"thoughtSignature": signature} if isinstance(signature, str) else {}
                found.append({"functionCall": call, **signed})
    return found


def _id(call_id: str) -> dict[str, Json]:
    """A call's id where it is theirs: older models give none, and know none."""
    return {} if call_id.startswith(_OUR_ID) else {"id": call_id}


def _text(text: str) -> list[Json]:
    return [{"text": text}] if text.strip() else []


async def deltas(pieces: AsyncIterator[bytes]) -> AsyncIterator[Delta]:
    """What the events add, in order, until the stream ends after one that says why. Raises Garbled, and CutOff when there was none."""
    is_over, calls = False, 0
    async for data in wires.events(pieces):
        delta = read(read_object(data), calls)
        calls += len(delta.calls)
        is_over = is_over or bool(delta.finish)
        yield delta
    if not is_over:
        raise CutOff("the answer ended in the middle")


def read(event: dict[str, Json], calls: int = 0) -> Delta:
    """One event; ``calls``: how many came before it. Fields of a wrong type raise Garbled; ones we do not know are passed over."""
    if event.get("error") is not None:
        raise Garbled("it broke off with an error of its own")
    usage = _usage(event.get("usageMetadata"))
    if an_object(event.get("promptFeedback"), "what it says of the question").get("blockReason"):
        return Delta(finish="content_filter", usage=usage)
    candidates = wires.objects(event.get("candidates"), "the answer")
    if not candidates:
        return Delta(usage=usage)
    reason = a_text(candidates[0].get("finishReason"), "why it ended")
    parts = wires.objects(an_object(candidates[0].get("content"), "the answer").get("parts"), "the answer")
    text = "".join(a_text(part.get("text"), "a piece of the answer") for part in parts if part.get("thought") is not True)
    asked = [(an_object(part["functionCall"], "a call"), part) for part in parts if part.get("functionCall") is not None]
    made = tuple(
        Call(
            calls + place,
            a_text(call.get("id"), "a call"),
            a_text(call.get("name"), "a call"),
            wires.encoded(an_object(call.get("args"), "a call's arguments")).decode(),
            a_text(part.get("thoughtSignature"), "a signature"),
        )
        for place, (call, part) in enumerate(asked)
    )
    finish = "" if reason in ("", "FINISH_REASON_UNSPECIFIED") else _FINISH.get(reason, "error")
    return Delta(text, made, "tool_call" if finish == "stop" and made else finish, usage)


def whole(said: bytes) -> Delta:
    """The same of an answer that came in one object, from a server that does not stream."""
    delta = read(read_object(said.decode("utf-8", "replace")))
    if not delta.finish:
        raise Garbled("there is no answer in it")
    return delta


def listed(said: bytes) -> tuple[str, ...]:
    models = read_object(said.decode("utf-8", "replace")).get("models")
    return tuple(name.removeprefix("models/") for name in wires.names(models, "name"))


def _usage(said: Json) -> Usage | None:
    """What it thought is billed as what it said."""
    if not isinstance(said, dict):
        return None
    sent, came = count(said.get("promptTokenCount")), count(said.get("candidatesTokenCount", 0))
    if sent is None or came is None:
        return None
    sent += count(said.get("toolUsePromptTokenCount")) or 0
    return Usage(sent, came + (count(said.get("thoughtsTokenCount")) or 0), min(count(said.get("cachedContentTokenCount")) or 0, sent))
