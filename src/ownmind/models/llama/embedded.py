"""The embedded brain behind the agent library's own model interface.

Local-model quirks live here and nowhere else: how messages become (role, text) pairs, how a schema becomes a grammar, and
which characters in a text could pass for the chat template's own marks. Native tool calls are not offered: below 4B they
do not parse (0 of 12 measured); `small.SmallModel` routes tools instead.

``ModelResponse.provider_details`` carries ``prompt_seconds`` and ``generation_seconds``; ``usage`` carries tokens, those read
from the prompt cache apart (``cache_read_tokens``, part of ``input_tokens``).
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, cast

from pydantic_ai import ModelMessage, ModelRequest, ModelSettings, RequestUsage, RunContext
from pydantic_ai.messages import (
    FinishReason,
    ModelResponseStreamEvent,
    RetryPromptPart,
    SystemPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.tools import ToolDefinition

from ...errors import BadInput
from ..streaming import OwnModel, OwnStream
from .frames import Frame, Json
from .gguf import Metadata
from .worker import Called, Finished, LlamaWorker, Priority, Prompt, Slot, Thought

Role = Literal["system", "user", "assistant"]

# What chat templates of the common families use as marks. A text that holds one is quoted material, not a change of roles.
_MARK = re.compile(r"(?<=<)(?=[|｜]|/?s>|[be]os>|(?:start|end)_of_turn>|/?tool_call>)|(?<=\[)(?=/?INST\]|/?SYSTEM_PROMPT\])")
_JOINER = "\u200d"  # zero width: the mark looks the same and no longer is one


_REASONS: dict[str, FinishReason] = {"stop": "stop", "length": "length", "tool_calls": "tool_call"}


class EmbeddedSettings(ModelSettings, total=False):
    """What the embedded brain reads beyond temperature, max_tokens, stop_sequences, seed and top_p."""

    slot: int  # a worker.Slot: the kind of prompt, whose evaluated beginning to build on. Slot.CHAT when left out
    conversation: str  # which talk it belongs to: each keeps its evaluated prompt to itself
    background: bool  # waits behind every turn. True for Slot.EXTRACT when left out


class EmbeddedModel(OwnModel):
    """A GGUF model in its own process. Temperature 0 and 512 new tokens unless the settings say otherwise."""

    def __init__(self, worker: LlamaWorker, *, name: str, native_tools: bool = False) -> None:
        """``native_tools``: whether tools are put to the model through its own chat template, and its calls read from what it says."""
        super().__init__(
            profile=ModelProfile(supports_json_schema_output=True, supports_tools=native_tools, default_structured_output_mode="native")
        )
        self._worker = worker
        self._name = name

    @property
    def window(self) -> int:
        """Tokens it reads at most, prompt and reply together; 0 before the model has been loaded."""
        return self._worker.window

    async def count(self, messages: list[ModelMessage], parameters: ModelRequestParameters | None = None) -> int:
        """How many tokens a request with these messages would read, exactly. Raises BadInput for what it cannot read."""
        settings, prepared = self.prepare_request(None, parameters or ModelRequestParameters())
        return await self._worker.count(self._prompt(messages, cast(EmbeddedSettings, settings or {}), prepared))  # cast: as below

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        settings, parameters = self.prepare_request(model_settings, model_request_parameters)
        chosen = cast(EmbeddedSettings, settings or {})  # cast: a TypedDict with our two keys, both optional
        prompt = self._prompt(messages, chosen, parameters)
        behind = chosen.get("background", prompt.slot is Slot.EXTRACT)
        pieces = self._worker.stream(prompt, priority=Priority.BACKGROUND if behind else Priority.TURN)
        async with aclosing(pieces):  # leaving early, however it happens, stops the model
            yield _Streamed(model_request_parameters=parameters, pieces=pieces, name=self._name)

    def _prompt(self, messages: list[ModelMessage], chosen: EmbeddedSettings, parameters: ModelRequestParameters) -> Prompt:
        tools = [*parameters.function_tools, *parameters.output_tools] if self.profile.get("supports_tools") else []
        return Prompt(
            messages=as_chat(messages, parameters) if tools else as_pairs(messages, parameters),
            temperature=chosen.get("temperature", 0.0),
            max_tokens=chosen.get("max_tokens", 512),
            stop=tuple(chosen.get("stop_sequences", ())),
            schema=_schema(parameters),
            slot=Slot(chosen.get("slot", Slot.CHAT)),
            conversation=chosen.get("conversation", ""),
            seed=chosen.get("seed"),
            top_p=chosen.get("top_p"),
            tools=tuple(_offered(tool) for tool in tools),
            must_call=bool(tools) and not parameters.allow_text_output,
        )


@dataclass
class _Streamed(OwnStream):
    pieces: AsyncGenerator[str | Thought | Called | Finished] = field(kw_only=True)

    async def close_stream(self) -> None:
        await self.pieces.aclose()

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        async for piece in self.pieces:
            for event in self._events(piece):
                yield event

    def _events(self, piece: str | Thought | Called | Finished) -> Iterable[ModelResponseStreamEvent]:
        match piece:
            case str(text):
                return self._parts_manager.handle_text_delta(vendor_part_id="text", content=text)
            case Thought(text):
                return self._parts_manager.handle_thinking_delta(vendor_part_id="thought", content=text)
            case Called(index, id, name, arguments):
                return self._parts_manager.handle_tool_call_delta_events(
                    vendor_part_id=index, tool_name=name or None, args=arguments or None, tool_call_id=id or None
                )
            case Finished():
                self._note(piece)
        return ()

    def _note(self, end: Finished) -> None:
        self._usage = RequestUsage(input_tokens=end.prompt_tokens, cache_read_tokens=end.cached_tokens, output_tokens=end.generated_tokens)
        self.finish_reason = _REASONS.get(end.reason)
        self.provider_details = {"prompt_seconds": end.prompt_seconds, "generation_seconds": end.generation_seconds}


def as_pairs(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> tuple[tuple[Role, str], ...]:
    """The (role, text) pairs a chat template takes: instructions first, then the messages in order.

    Raises BadInput for what this brain cannot read (images, sound, tool results).
    """
    pairs: list[tuple[Role, str]] = [("system", told)] if (told := _instructions(messages, parameters)) else []
    for message in messages:
        if isinstance(message, ModelRequest):
            pairs.extend(_asked(part) for part in message.parts)
        else:
            text = "".join(part.content for part in message.parts if isinstance(part, TextPart))
            pairs.append(("assistant", _quoted(text)))
    return tuple(pairs)


def shows_tools(metadata: Metadata) -> bool:
    """Whether the model's chat template has a place for tools; one that has none never shows them to the model."""
    return bool(re.search(r"\btools\b", metadata.template))


def as_chat(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> tuple[Frame, ...]:
    """The messages in the chat completions form, tool calls and their results among them. Raises BadInput as `as_pairs` does."""
    chat: list[Frame] = [{"role": "system", "content": told}] if (told := _instructions(messages, parameters)) else []
    for message in messages:
        if isinstance(message, ModelRequest):
            chat.extend(_asked_or_returned(part) for part in message.parts)
            continue
        text = "".join(part.content for part in message.parts if isinstance(part, TextPart))
        calls: list[Json] = [
            {
                "id": part.tool_call_id,
                "type": "function",
                "function": {"name": part.tool_name, "arguments": part.args_as_json_str()},
            }
            for part in message.parts
            if isinstance(part, ToolCallPart)
        ]
        chat.append({"role": "assistant", "content": _quoted(text)} | ({"tool_calls": calls} if calls else {}))
    return tuple(chat)


def _instructions(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> str:
    instructions = [part.content for part in parameters.instruction_parts or ()]
    if not instructions:
        instructions = [message.instructions for message in messages[-1:] if isinstance(message, ModelRequest) and message.instructions]
    return "\n\n".join(instructions)


def _asked_or_returned(part: object) -> Frame:
    match part:
        case ToolReturnPart():
            return {"role": "tool", "tool_call_id": part.tool_call_id, "content": _quoted(part.model_response_str())}
        case RetryPromptPart(tool_name=str()):
            return {"role": "tool", "tool_call_id": part.tool_call_id, "content": _quoted(part.model_response())}
        case RetryPromptPart():
            return {"role": "user", "content": _quoted(part.model_response())}
    role, text = _asked(part)
    return {"role": role, "content": text}


def _offered(tool: ToolDefinition) -> Frame:
    """A tool as chat completions have it. Through JSON and back: what a template cannot print ends here."""
    schema: Json = json.loads(json.dumps(tool.parameters_json_schema))
    return {"type": "function", "function": {"name": tool.name, "description": tool.description or "", "parameters": schema}}


def _asked(part: object) -> tuple[Role, str]:
    match part:
        case SystemPromptPart(content=text):
            return "system", text  # the application's own words
        case UserPromptPart(content=str(text)):
            return "user", _quoted(text)
        case UserPromptPart(content=several) if all(isinstance(one, str) for one in several):
            return "user", _quoted("\n".join(str(one) for one in several))
        case _:
            raise BadInput(f"the starter brain reads text only, not {type(part).__name__}", hint="choose another brain for this")


def _quoted(text: str) -> str:
    return _MARK.sub(_JOINER, text)


def _schema(parameters: ModelRequestParameters) -> Frame | None:
    if parameters.output_mode != "native" or parameters.output_object is None:
        return None
    return cast(Frame, parameters.output_object.json_schema)  # cast: a JSON schema is JSON
