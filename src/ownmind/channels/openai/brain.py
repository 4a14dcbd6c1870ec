"""The model alone, without memory: what a program sends goes to it, and what it says comes back. Nothing is kept of either."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from secrets import token_hex
from typing import TYPE_CHECKING, cast

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, SystemPromptPart, TextPart, TextPartDelta, ToolCallPart, ToolReturnPart
from pydantic_ai.messages import UserPromptPart as Said
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.tools import ToolDefinition

from ...agent.acting.toolset import takes_tools
from ...messages import Limits
from ...models.cut import Cut
from ...models.llama.embedded import EmbeddedModel
from ...models.llama.worker import Slot
from ...models.small.model import SmallModel
from ...models.tokens import tokens
from .asked import Asked, Call, Message
from .pieces import Called, Ended, Piece, Text

if TYPE_CHECKING:
    from ...app import House

DEFAULT_TOKENS = 1024  # of an answer where nothing is said


async def answer(asked: Asked, house: House) -> AsyncGenerator[Piece]:
    """The pieces of the model's answer. Raises BrainNotReady, and what a model raises."""
    model = await house.brain.model()
    async with house.runner.paused(), aclosing(generated(asked, model, as_messages(asked.messages))) as pieces:
        async for piece in pieces:
            yield piece


async def generated(asked: Asked, model: Model, messages: Sequence[ModelMessage]) -> AsyncGenerator[Piece]:
    """What ``model`` says to ``messages`` with the tools and the form that are asked for."""
    if asked.tools and not takes_tools(model):
        model = SmallModel(model)
    count, cut = 0, Cut(Limits(stops=asked.sampling.stop))
    async with model_request_stream(
        model, messages, model_settings=_settings(asked), model_request_parameters=_parameters(asked)
    ) as stream:
        async for event in stream:
            if text := cut.take(_text(event)):
                count += 1
                yield Text(text)
            if cut.has_ended:
                break
        whole = stream.get()
    if text := cut.rest():
        yield Text(text)
    calls = [part for part in whole.parts if isinstance(part, ToolCallPart)] if not cut.has_ended else []
    for part in calls if asked.parallel else calls[:1]:
        yield Called(Call(part.tool_call_id or f"call_{token_hex(12)}", part.tool_name, _arguments(part)))
    reason = "tool_calls" if calls else "length" if whole.finish_reason == "length" else "stop"
    usage = whole.usage
    read = usage.input_tokens or counted(asked)  # a model that was stopped early does not say
    yield Ended(reason, read, usage.output_tokens or count, usage.cache_read_tokens, stop=cut.stop)


def counted(asked: Asked) -> int:
    """About how many tokens a request is, where no model has counted them."""
    said = [message.text + "".join(call.name + call.arguments for call in message.calls) for message in asked.messages]
    lent = [tool.name + tool.description + json.dumps(tool.schema) for tool in asked.tools]
    return sum(map(tokens, [*said, *lent]))


async def count(asked: Asked, house: House) -> int:
    """How many tokens the model would read: exact by one of this machine, unless code chooses its tools. Raises BrainNotReady."""
    model = await house.brain.model()
    read_by = model.wrapped if isinstance(model, SmallModel) else model
    if not isinstance(read_by, EmbeddedModel) or (asked.tools and not takes_tools(model)):
        return counted(asked)
    return await read_by.count(as_messages(asked.messages), _parameters(asked))


def as_messages(messages: Sequence[Message]) -> list[ModelMessage]:
    """The messages as the agent library has them. A tool's result is told by its call's name."""
    names = {call.id: call.name for message in messages for call in message.calls}
    told: list[ModelMessage] = []
    for message in messages:
        match message.role:
            case "system":
                told.append(ModelRequest([SystemPromptPart(message.text)]))
            case "user":
                told.append(ModelRequest([Said(message.text)]))
            case "tool":
                told.append(ModelRequest([ToolReturnPart(names.get(message.call_id, "tool"), message.text, message.call_id)]))
            case "assistant":
                parts: list[TextPart | ToolCallPart] = [TextPart(message.text)] if message.text else []
                told.append(ModelResponse([*parts, *(ToolCallPart(call.name, call.arguments, call.id) for call in message.calls)]))
    return told


def _parameters(asked: Asked) -> ModelRequestParameters:
    tools = [ToolDefinition(name=tool.name, description=tool.description, parameters_json_schema=dict(tool.schema)) for tool in asked.tools]
    if asked.schema is None:
        return ModelRequestParameters(function_tools=tools)
    form = OutputObjectDefinition(json_schema=dict(asked.schema), name="answer")
    return ModelRequestParameters(function_tools=tools, output_mode="native", output_object=form)


def _settings(asked: Asked) -> ModelSettings:
    how = asked.sampling
    chosen: dict[str, object] = {"max_tokens": how.max_tokens or DEFAULT_TOKENS, "slot": Slot.EXTRACT, "background": False}
    if how.temperature is not None:
        chosen["temperature"] = how.temperature
    if how.top_p is not None:
        chosen["top_p"] = how.top_p
    if how.seed is not None:
        chosen["seed"] = how.seed
    if asked.tools:
        chosen["tool_choice"] = [asked.choice[1:]] if asked.choice.startswith(":") else asked.choice
    return cast(ModelSettings, chosen)  # cast: slot and background are the embedded brain's own


def _arguments(part: ToolCallPart) -> str:
    """What the model wrote as arguments, as JSON text."""
    if isinstance(part.args, str):
        return part.args or "{}"
    return json.dumps(part.args or {}, ensure_ascii=False)


def _text(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""
