"""The model's words as they come, cut into sentences, and the seconds spent waiting for them."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar, cast

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.direct import model_request, model_request_stream
from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta, ToolCallPart, ToolReturnPart
from pydantic_ai.models import Model, ModelRequestParameters

from ..messages import UNLIMITED, Limits
from ..models.traced import as_sent, cost, measured_by
from ..tracing import Asking
from .acting.toolset import GuardedToolset
from .context import Talk, page, prompt
from .examples import Beginning

MOST_TOKENS = 220
MOST_ROUNDS = 6  # of tool calls in one reply
STOPS = ["\n[notes]", "\n[message]", "[must]", "[notes]"]
_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")
_T = TypeVar("_T")


@dataclass
class Speech:
    """The model's part of one turn, in seconds: ``waited`` in all, of it ``prompt`` until a first word, ``generation`` after."""

    prompt: float = 0.0
    generation: float = 0.0
    waited: float = 0.0
    is_cut: bool = False  # what was said last ended at the most tokens

    async def timed(self, asking: Awaitable[_T]) -> _T:
        """What ``asking`` gives; its seconds count as the model's prompt."""
        began = time.perf_counter()
        try:
            return await asking
        finally:
            spent = time.perf_counter() - began
            self.waited += spent
            self.prompt += spent


def words(
    speech: Speech,
    model: Model,
    talk: Talk,
    page: str,
    beginning: Beginning,
    tools: GuardedToolset | None = None,
    limits: Limits = UNLIMITED,
) -> AsyncGenerator[str]:
    """The reply's text in the pieces the model makes, greedy and at most ``MOST_TOKENS`` unless ``limits`` say otherwise."""
    most = min(MOST_TOKENS, limits.most_tokens or MOST_TOKENS)
    chosen = {"temperature": limits.temperature or 0.0, "max_tokens": most, "stop_sequences": STOPS, "slot": beginning.slot}
    settings = cast(ModelSettings, chosen | {"conversation": talk.conversation})  # cast: slot and conversation are the embedded brain's
    return spoken(speech, model, prompt(talk, page, beginning), settings, tools)


async def spoken(
    speech: Speech,
    model: Model,
    messages: Sequence[ModelMessage],
    settings: ModelSettings | None = None,
    tools: GuardedToolset | None = None,
) -> AsyncGenerator[str]:
    """What the model says to these messages, in the pieces it makes. With ``tools`` it may call them between, as often as
    ``MOST_ROUNDS``; what it says before a call is part of the reply."""
    so_far = list(messages)
    for _ in range(MOST_ROUNDS if tools else 1):
        heard: list[ModelResponse] = []
        async with aclosing(_pieces(speech, model, so_far, settings, tools, heard)) as pieces:
            async for piece in pieces:
                yield piece
        calls = [part for one in heard for part in one.parts if isinstance(part, ToolCallPart)]
        if tools is None or not calls:
            return
        given = [await _given(call, tools) for call in calls]
        so_far += [*heard, ModelRequest(list(given))]  # all it said, signed thoughts too: some refuse a result without them
        yield "\n"


async def _given(call: ToolCallPart, tools: GuardedToolset) -> ToolReturnPart:
    """What a tool gave, with its label: whoever sends it on must know what is in it."""
    said = await tools.call(call.tool_name, _arguments(call))
    return ToolReturnPart(call.tool_name, said, call.tool_call_id, metadata=tools.gave)


async def _pieces(
    speech: Speech,
    model: Model,
    messages: Sequence[ModelMessage],
    settings: ModelSettings | None,
    tools: GuardedToolset | None,
    heard: list[ModelResponse],
) -> AsyncGenerator[str]:
    """One request to the model: its text as it comes; the whole answer, with the tools it wants, is put into ``heard``."""
    parameters = ModelRequestParameters(function_tools=tools.definitions()) if tools else None
    asking = Asking(model.model_name, lambda: as_sent(messages, parameters), "reply")
    waiting = time.perf_counter()
    spent = first = 0.0
    measured, answered = None, ModelResponse([])
    try:
        async with model_request_stream(model, messages, model_settings=settings, model_request_parameters=parameters) as stream:
            async for event in stream:
                text = _text(event)
                if not text:
                    continue
                spent += time.perf_counter() - waiting
                first = first or spent
                yield text
                waiting = time.perf_counter()
            answered = stream.get()
            measured, speech.is_cut = measured_by(answered), answered.finish_reason == "length"
            heard.append(answered)
    finally:  # left early too, because a sentence was refused: those seconds were the model's as well
        spent += time.perf_counter() - waiting
        before, after = measured or (first or spent, spent - (first or spent))
        speech.prompt += before
        speech.generation += after
        speech.waited += spent
        asking.answered(**cost(answered), waited=spent, prompt=before, generation=after)


async def prefill(model: Model, talk: Talk, beginning: Beginning) -> None:
    """Has the model evaluate a beginning and the talk so far, behind whoever wants to speak. For a model that keeps prompts."""
    chosen = {"temperature": 0.0, "max_tokens": 1, "slot": beginning.slot, "conversation": talk.conversation, "background": True}
    settings = cast(ModelSettings, chosen)  # cast: the last three are the embedded brain's own
    await model_request(model, prompt(talk, page("Hello", []), beginning), model_settings=settings)


async def sentences(words: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """The same, a sentence at a time, blanks included: joined they are the reply."""
    held = ""
    async with aclosing(words) as pieces:
        async for piece in pieces:
            held = (held + piece).lstrip() if not held else held + piece
            while match := _END.search(held):
                yield held[: match.end()]
                held = held[match.end() :]
    if held.strip():
        yield held.rstrip()


def _arguments(call: ToolCallPart) -> dict[str, object]:
    """What the model wrote as arguments; nothing where it wrote no object, for the gate to refuse."""
    try:
        return dict(call.args_as_dict())
    except ValueError:
        return {}


def _text(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""
