"""A model whose requests are recorded: what they were sent, what that cost, how long they waited. Outside a recording it is not there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypedDict

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.messages import RetryPromptPart, SystemPromptPart, TextPart, ToolCallPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel

from ..tracing import Asking, is_recorded


class Cost(TypedDict):
    """Tokens of one request."""

    input_tokens: int
    cached_tokens: int
    output_tokens: int


def traced(model: Model) -> Model:
    """The model, with its requests recorded where something is being recorded now. A stream is not: whoever reads it times it
    (`tracing.Asking`), because only they know when they were waiting."""
    return Traced(model) if is_recorded() else model


class Traced(WrapperModel):
    """See `traced`."""

    async def request(
        self, messages: list[ModelMessage], model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> ModelResponse:
        asking = Asking(self.wrapped.model_name, lambda: as_sent(messages, model_request_parameters))
        answered = ModelResponse([])
        try:
            answered = await self.wrapped.request(messages, model_settings, model_request_parameters)
            return answered
        finally:
            before, after = measured_by(answered) or (0.0, 0.0)
            asking.answered(**cost(answered), prompt=before, generation=after)


def cost(answered: ModelResponse) -> Cost:
    """Its tokens, 0 where the model does not say."""
    usage = answered.usage
    return Cost(input_tokens=usage.input_tokens, cached_tokens=usage.cache_read_tokens, output_tokens=usage.output_tokens)


def measured_by(answered: ModelResponse) -> tuple[float, float] | None:
    """Seconds of prompt and generation as the embedded brain itself measured them; None where it did not."""
    details = answered.provider_details or {}
    before, after = details.get("prompt_seconds"), details.get("generation_seconds")
    return (float(before), float(after)) if isinstance(before, int | float) and isinstance(after, int | float) else None


def as_sent(messages: Sequence[ModelMessage], parameters: ModelRequestParameters | None = None) -> tuple[tuple[str, str], ...]:
    """The messages as (role, text), in the order in which the model reads them: instructions, talk, tool calls and what they gave. The
    tools it was offered stand last, as one."""
    sent: list[tuple[str, str]] = [("system", part.content) for part in (parameters.instruction_parts if parameters else None) or ()]
    for message in messages:
        if isinstance(message, ModelRequest):
            sent += [("system", message.instructions)] if message.instructions and not sent else []
            sent += [_asked(part) for part in message.parts]
        else:
            sent += [("assistant", _said(part)) for part in message.parts]
    if parameters is not None and parameters.function_tools:
        offered = [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters_json_schema}
            for tool in parameters.function_tools
        ]
        sent.append(("tools", json.dumps(offered, ensure_ascii=False)))
    return tuple(sent)


def _asked(part: object) -> tuple[str, str]:
    match part:
        case SystemPromptPart(content=text):
            return "system", text
        case UserPromptPart(content=str(text)):
            return "user", text
        case UserPromptPart(content=several):
            return "user", "\n".join(one if isinstance(one, str) else f"({type(one).__name__})" for one in several)
        case ToolReturnPart(tool_name=name):
            return "tool", f"{name}: {part.model_response_str()}"
        case RetryPromptPart():
            return "tool", part.model_response()
    return "user", f"({type(part).__name__})"


def _said(part: object) -> str:
    match part:
        case TextPart(content=text):
            return text
        case ToolCallPart(tool_name=name):
            return f"{name}({part.args_as_json_str()})"
    return f"({type(part).__name__})"
