"""A small model as one that takes tools: whoever holds it sees the agent library's own interface and nothing of how it is done.

Below some four billion parameters a model does not make tool calls its own template can parse (0 of 12 with the starter brain). So
the tools of a request are routed: one question in JSON, held by a grammar (`calls`), and its answer comes back as tool calls. Once a
call's results are in, the model answers from them in text. Requests without tools go to the model as they are.

What it cannot do: call again after results are in (a chain of calls is for larger models; a call that is to be retried is routed
again), or speak and call in one reply.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings, RunContext
from pydantic_ai.messages import ModelResponseStreamEvent, SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.tools import ToolDefinition

from ..streaming import OwnStream
from .calls import Call, Offered, calls
from .history import Exchange, exchanges, said_before

_FROM_RESULTS = "Answer the last message from the results above it, in one or two plain sentences."


class SmallProfile(ModelProfile, total=False):
    """``routes_tools``: tools are taken, by a router in front of the model; it makes no native calls."""

    routes_tools: bool


class SmallModel(WrapperModel):
    """``wrapped`` with tools. Streams text as it does; calls come whole."""

    @property
    def profile(self) -> ModelProfile:
        return SmallProfile(**{**self.wrapped.profile, "supports_tools": True, "routes_tools": True})

    def prepare_request(
        self, model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> tuple[ModelSettings | None, ModelRequestParameters]:
        return Model.prepare_request(self, model_settings, model_request_parameters)  # by our own profile, not the wrapped one's

    async def request(
        self, messages: list[ModelMessage], model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> ModelResponse:
        async with self.request_stream(messages, model_settings, model_request_parameters) as stream:
            async for _ in stream:
                pass
            return stream.get()

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        settings, asked = self.prepare_request(model_settings, model_request_parameters)
        talk = exchanges(messages)
        if talk and (offered := _offered(asked, settings, talk[-1])):
            tools, forced = offered
            routed = await calls(talk[-1].message, tools=tools, model=self.wrapped, earlier=said_before(talk, asked), forced=forced)
            if routed.calls:
                yield _Called(model_request_parameters=asked, calls=routed.calls, reply=routed.reply, name=self.model_name)
                return
        without = replace(model_request_parameters, function_tools=[], output_tools=[])
        if without.output_mode == "tool":
            without = replace(without, output_mode="text")
        async with self.wrapped.request_stream(_plain(messages, talk), model_settings, without, run_context) as stream:
            yield stream


def routes_tools(model: Model) -> bool:
    """Whether the model's tools are routed, not called natively."""
    return bool(model.profile.get("routes_tools"))


def _offered(asked: ModelRequestParameters, settings: ModelSettings | None, last: Exchange) -> tuple[list[Offered], bool] | None:
    """The tools the last message may be routed to, and whether it must be; None where it is to be answered in text."""
    choice = (settings or {}).get("tool_choice")
    only = choice if isinstance(choice, list) else None
    tools = [one for one in asked.function_tools if only is None or one.name in only]
    must_call = choice == "required" or only is not None
    if not tools or choice == "none" or last.results:
        tools = []
    structured = not asked.allow_text_output and asked.output_mode == "tool"
    if structured and not tools:
        return ([*map(_tool, asked.output_tools)], True) if asked.output_tools else None
    if not tools:
        return None
    if structured:
        return [*map(_tool, tools), *map(_tool, asked.output_tools)], True
    return [*map(_tool, tools)], must_call or (not asked.allow_text_output and asked.output_mode == "text")


def _tool(definition: ToolDefinition) -> Offered:
    return Offered(definition.name, definition.description or "", definition.parameters_json_schema)


def _plain(messages: list[ModelMessage], talk: Sequence[Exchange]) -> list[ModelMessage]:
    """The messages as a model without tools reads them; the very same where there are no calls in them."""
    if not any(exchange.called for exchange in talk):
        return messages
    plain: list[ModelMessage] = []
    for exchange in talk:
        heads = [SystemPromptPart(text) for text in exchange.system]
        results = "\n".join(f"- {line}" for line in exchange.results)
        text = f"[results]\n{results}\n[message]\n{exchange.message}" if results else exchange.message
        if results and exchange is talk[-1]:
            text = f"{text}\n[must]\n{_FROM_RESULTS}"
        plain.append(ModelRequest(parts=[*heads, UserPromptPart(text)], instructions=exchange.instructions))
        if exchange.reply:
            plain.append(ModelResponse(parts=[TextPart(exchange.reply)]))
    return plain


@dataclass
class _Called(OwnStream):
    """The calls of a routed message."""

    calls: tuple[Call, ...] = field(kw_only=True)
    reply: ModelResponse = field(kw_only=True)

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        self._usage = self.reply.usage
        self.provider_details = self.reply.provider_details
        for number, call in enumerate(self.calls):
            yield self._parts_manager.handle_tool_call_part(vendor_part_id=number, tool_name=call.tool, args=dict(call.arguments))
        self.finish_reason = "tool_call"
