"""The embedded brain behind the agent library's own model interface.

Local-model quirks live here and nowhere else: how messages become (role, text) pairs, how a schema becomes a grammar, and
which characters in a text could pass for the chat template's own marks. Native tool calls are not offered: below 4B they
do not parse (0 of 12 measured); `small.SmallModel` routes tools instead.

``ModelResponse.provider_details`` carries ``prompt_seconds`` and ``generation_seconds``; ``usage`` carries tokens, those read
from the prompt cache apart (``cache_read_tokens``, part of ``input_tokens``).
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from pydantic_ai import ModelMessage, ModelRequest, ModelSettings, RequestUsage, RunContext
from pydantic_ai.messages import ModelResponseStreamEvent, SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile

from ..errors import BadInput
from .llama_process import Frame
from .streaming import OwnModel, OwnStream
from .worker import Finished, LlamaWorker, Priority, Prompt, Slot

if TYPE_CHECKING:
    from pydantic_ai.messages import FinishReason

Role = Literal["system", "user", "assistant"]

# What chat templates of the common families use as marks. A text that holds one is quoted material, not a change of roles.
_MARK = re.compile(r"(?<=<)(?=[|｜]|/?s>|[be]os>|(?:start|end)_of_turn>|/?tool_call>)|(?<=\[)(?=/?INST\]|/?SYSTEM_PROMPT\])")
_JOINER = "\u200d"  # zero width: the mark looks the same and no longer is one


class EmbeddedSettings(ModelSettings, total=False):
    """What the embedded brain reads beyond temperature, max_tokens, stop_sequences, seed and top_p."""

    slot: int  # a worker.Slot; whose evaluated prompt to build on. Slot.CHAT when left out
    background: bool  # waits behind every turn. True for Slot.EXTRACT when left out


class EmbeddedModel(OwnModel):
    """A GGUF model in its own process. Temperature 0 and 512 new tokens unless the settings say otherwise."""

    def __init__(self, worker: LlamaWorker, *, name: str) -> None:
        super().__init__(
            profile=ModelProfile(supports_json_schema_output=True, supports_tools=False, default_structured_output_mode="native")
        )
        self._worker = worker
        self._name = name

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
        slot = Slot(chosen.get("slot", Slot.CHAT))
        prompt = Prompt(
            messages=as_pairs(messages, parameters),
            temperature=chosen.get("temperature", 0.0),
            max_tokens=chosen.get("max_tokens", 512),
            stop=tuple(chosen.get("stop_sequences", ())),
            schema=_schema(parameters),
            slot=slot,
            seed=chosen.get("seed"),
            top_p=chosen.get("top_p"),
        )
        behind = chosen.get("background", slot is Slot.EXTRACT)
        pieces = self._worker.stream(prompt, priority=Priority.BACKGROUND if behind else Priority.TURN)
        async with aclosing(pieces):  # leaving early, however it happens, stops the model
            yield _Streamed(model_request_parameters=parameters, pieces=pieces, name=self._name)


@dataclass
class _Streamed(OwnStream):
    pieces: AsyncGenerator[str | Finished] = field(kw_only=True)

    async def close_stream(self) -> None:
        await self.pieces.aclose()

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        async for piece in self.pieces:
            if isinstance(piece, Finished):
                self._note(piece)
                continue
            for event in self._parts_manager.handle_text_delta(vendor_part_id="text", content=piece):
                yield event

    def _note(self, end: Finished) -> None:
        self._usage = RequestUsage(input_tokens=end.prompt_tokens, cache_read_tokens=end.cached_tokens, output_tokens=end.generated_tokens)
        self.finish_reason = cast("FinishReason", end.reason) if end.reason in ("stop", "length") else None  # cast: just checked
        self.provider_details = {"prompt_seconds": end.prompt_seconds, "generation_seconds": end.generation_seconds}


def as_pairs(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> tuple[tuple[Role, str], ...]:
    """The (role, text) pairs a chat template takes: instructions first, then the messages in order.

    Raises BadInput for what this brain cannot read (images, sound, tool results).
    """
    instructions = [part.content for part in parameters.instruction_parts or ()]
    if not instructions:
        instructions = [message.instructions for message in messages[-1:] if isinstance(message, ModelRequest) and message.instructions]
    pairs: list[tuple[Role, str]] = [("system", "\n\n".join(instructions))] if instructions else []
    for message in messages:
        if isinstance(message, ModelRequest):
            pairs.extend(_asked(part) for part in message.parts)
        else:
            text = "".join(part.content for part in message.parts if isinstance(part, TextPart))
            pairs.append(("assistant", _quoted(text)))
    return tuple(pairs)


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
