"""The suite every chat model passes, run over ours; and for each promise a model that breaks it, which the suite must catch."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic_ai import ModelMessage, ModelRequest, ModelSettings, RequestUsage, RunContext
from pydantic_ai.messages import ModelResponseStreamEvent, RetryPromptPart, ToolReturnPart
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile

from ownmind import paths
from ownmind.errors import BadInput
from ownmind.models.conformance import PROMISES, Kept, broken, check_model
from ownmind.models.llama.embedded import EmbeddedModel
from ownmind.models.llama.worker import LlamaWorker
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import fetch
from ownmind.models.streaming import OwnModel, OwnStream

WORDS = "one two three four five six seven eight nine ten eleven twelve"


def test_the_scripted_model_keeps_every_promise_it_makes() -> None:
    """What stands in for a model in our tests behaves as one; tools it does not claim, and that is said."""

    def script(pairs: list[tuple[str, str]]) -> str:
        return '{"answer":"yes","sure":9}' if pairs and "how sure" in pairs[-1][1] else WORDS

    findings = asyncio.run(check_model(ScriptedModel(script)))
    assert not broken(findings), "\n".join(map(str, findings))
    unoffered = {finding.promise for finding in findings if finding.kept is Kept.NOT_OFFERED}
    assert unoffered == {"calls_one_tool", "calls_several_tools", "takes_in_a_result", "refuses_what_is_too_long"}


@pytest.mark.model
def test_the_embedded_model_keeps_every_promise() -> None:
    """The real process with the smallest model."""
    smol = fetch.ensure("smollm2-135m-instruct-q4_1", paths=paths.find()).path

    async def check(model: Path) -> None:
        worker = LlamaWorker(model, context=2048)
        try:
            findings = await check_model(EmbeddedModel(worker, name="smol"), window=2048)
        finally:
            await worker.close()
        assert not broken(findings), "\n".join(map(str, findings))

    asyncio.run(check(smol))


def test_a_model_with_everything_keeps_every_promise() -> None:
    """None is unoffered: the broken models below differ from this one in their one fault."""
    findings = asyncio.run(check_model(Wayward()))
    assert [finding.kept for finding in findings] == [Kept.KEPT] * len(PROMISES), "\n".join(map(str, findings))


# A fault of `Wayward`, and the promise that must be found broken by it.
FAULTS = {
    "one piece": "streams_in_pieces",
    "late": "streams_in_pieces",
    "silent": "says_the_same_whole_as_streamed",
    "endless": "keeps_to_max_tokens",
    "uncounted": "counts_what_it_used",
    "no call": "calls_one_tool",
    "unknown call": "calls_one_tool",
    "garbled call": "calls_one_tool",
    "same id": "calls_several_tools",
    "call without tools": "calls_no_tool_that_is_not_there",
    "deaf to results": "takes_in_a_result",
    "pretty words": "keeps_to_a_schema",
    "out of schema": "keeps_to_a_schema",
    "goes on": "stops_when_left",
    "spoilt by leaving": "stops_when_left",
    "swallows cancelling": "stops_when_cancelled",
    "one at a time": "answers_two_at_once",
    "foreign schema error": "says_what_is_wrong_with_a_schema",
    "foreign empty error": "takes_an_empty_message",
    "hangs on empty": "takes_an_empty_message",
    "foreign history error": "takes_a_history_with_an_unknown_tool",
    "cuts in silence": "refuses_what_is_too_long",
    "foreign surrogate error": "takes_odd_text",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_promise_is_found(fault: str) -> None:
    """The control: the suite can fail, for each promise."""
    (finding,) = asyncio.run(check_model(Wayward(fault), only={FAULTS[fault]}, patience=0.3))
    assert finding.kept is Kept.BROKEN and finding.said


def test_every_promise_says_what_it_is_and_has_its_control() -> None:
    """A finding's name leads to a sentence, and nothing is promised that no model could break."""
    assert all((promise.__doc__ or "").strip() for promise in PROMISES)
    assert {promise.__name__ for promise in PROMISES} == set(FAULTS.values())


class Wayward(OwnModel):
    """A model that does all that is promised, by rote, and one thing wrong."""

    window = 500

    def __init__(self, fault: str = "") -> None:
        super().__init__(profile=ModelProfile(supports_json_schema_output=True, supports_tools=True))
        self._name, self.fault = "wayward", fault
        self.left, self.running = False, 0

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        text = " ".join(str(part.content) for message in messages if isinstance(message, ModelRequest) for part in message.parts)
        await self._stumble(messages, text, model_request_parameters)
        if len(text.split()) > self.window and self.fault != "cuts in silence":
            raise BadInput("that is longer than I can read")
        most = 10_000 if self.fault == "endless" else (model_settings or {}).get("max_tokens", 100)
        answer = _Answer(
            model_request_parameters=model_request_parameters,
            name="wayward",
            fault=self.fault,
            asked=text,
            history=messages,
            most=most,
        )
        self.running += 1
        try:
            yield answer
        finally:
            self.running -= 1
            self.left = self.left or not answer.over
            answer.over = answer.over or self.fault != "goes on"

    async def _stumble(self, messages: list[ModelMessage], text: str, parameters: ModelRequestParameters) -> None:
        """Raises what a careless provider would, where its fault is to be careless."""
        match self.fault:
            case "spoilt by leaving" if self.left:
                await asyncio.sleep(60)
            case "one at a time" if self.running:
                raise RuntimeError("busy")
            case "foreign schema error" if parameters.output_object is not None:
                raise KeyError("type")
            case "foreign empty error" if not messages:
                raise IndexError("list index out of range")
            case "hangs on empty" if not text.strip():
                await asyncio.sleep(60)
            case "foreign history error" if "playing" in text:
                raise KeyError("play_music")
            case "foreign surrogate error":
                text.encode()


@dataclass
class _Answer(OwnStream):
    fault: str = field(kw_only=True)
    asked: str = field(kw_only=True)
    history: list[ModelMessage] = field(kw_only=True)
    most: int = field(kw_only=True)
    over: bool = field(default=False, kw_only=True)

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        try:
            async for event in self._said():
                yield event
        except asyncio.CancelledError:
            if self.fault != "swallows cancelling":
                raise
        if self.fault != "uncounted":
            self._usage = RequestUsage(input_tokens=len(self.asked.split()), output_tokens=max(1, min(self.most, len(WORDS.split()))))
        if self.fault == "endless":
            self._usage = RequestUsage(input_tokens=9, output_tokens=len(WORDS.split()))
        self.finish_reason, self.over = "length", True

    async def _said(self) -> AsyncIterator[ModelResponseStreamEvent]:
        offered = [tool.name for tool in self.model_request_parameters.function_tools]
        answered = any(isinstance(part, ToolReturnPart | RetryPromptPart) for part in self.history[-1].parts) if self.history else False
        if self.fault == "call without tools" and "Call the tool" in self.asked:
            offered = ["get_weather"]
        if self.fault == "deaf to results" and answered:
            return
        if offered and not answered and self.fault != "no call":
            for number, name in enumerate(offered):
                yield self._call(number, name)
            return
        if self.model_request_parameters.output_object is not None:
            value: dict[str, object] = {"answer": "perhaps" if self.fault == "out of schema" else "yes", "sure": 9}
            words = ["Sure: "] if self.fault == "pretty words" else [json.dumps(value)]
        else:
            words = [f"{word} " for word in WORDS.split()][: self.most]
        if self.fault == "silent":
            return
        if self.fault == "late":
            self.finish_reason = "stop"
        for word in ["".join(words)] if self.fault == "one piece" else words * (20 if self.most > 1000 else 1):
            if self.over and self.fault != "goes on":
                return
            await asyncio.sleep(0)
            for event in self._parts_manager.handle_text_delta(vendor_part_id="text", content=word):
                yield event
            if self.most > 1000 and self.fault == "swallows cancelling":
                await asyncio.sleep(0.05)

    def _call(self, number: int, name: str) -> ModelResponseStreamEvent:
        return self._parts_manager.handle_tool_call_part(
            vendor_part_id=number,
            tool_name="launch_rocket" if self.fault == "unknown call" else name,
            args='{"city": ' if self.fault == "garbled call" else '{"city": "Lisbon"}',
            tool_call_id="call" if self.fault == "same id" else f"call_{number}",
        )
