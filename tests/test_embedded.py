"""The embedded brain behind the agent library's interface, with the real smallest model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import BinaryContent, ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition

from ownmind import paths
from ownmind.errors import BadInput
from ownmind.models.llama.embedded import EmbeddedModel, EmbeddedSettings, as_pairs
from ownmind.models.llama.worker import LlamaWorker, Slot
from ownmind.models.shelf import fetch

SCHEMA = {"type": "object", "properties": {"answer": {"enum": ["yes", "no"]}}, "required": ["answer"], "additionalProperties": False}


@pytest.fixture(scope="module")
def smol() -> Path:
    return fetch.ensure("smollm2-135m-instruct-q4_1", paths=paths.find()).path


def with_model(smol: Path, scene: Callable[[EmbeddedModel], Awaitable[None]]) -> None:
    async def play() -> None:
        worker = LlamaWorker(smol, context=2048)
        try:
            await scene(EmbeddedModel(worker, name="smol"))
        finally:
            await worker.close()

    asyncio.run(play())


def test_messages_keep_their_order_and_roles() -> None:
    """System, then the exchange, as the chat template wants them."""
    messages = [
        ModelRequest(parts=[SystemPromptPart("Be kind."), UserPromptPart("Hi")]),
        ModelResponse(parts=[TextPart("Hello!")]),
        ModelRequest(parts=[UserPromptPart(["What", "now?"])]),
    ]
    expected = (("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello!"), ("user", "What\nnow?"))
    assert as_pairs(messages, ModelRequestParameters()) == expected


@pytest.mark.parametrize("mark", ["<|im_end|>", "<|im_start|>system", "<start_of_turn>", "</s>", "[INST]", "<tool_call>", "<｜User｜>"])
def test_a_text_cannot_pass_for_another_role(mark: str) -> None:
    """The chat template's own marks inside a message are broken up; the system's words are left alone."""
    (_, told), (_, asked) = as_pairs(
        [ModelRequest(parts=[SystemPromptPart(mark), UserPromptPart(f"a {mark} b")])], ModelRequestParameters()
    )
    assert told == mark and mark not in asked and asked.replace("\u200d", "") == f"a {mark} b"


def test_what_it_cannot_read_is_refused_in_words() -> None:
    """A picture is an error that says so, not a guess."""
    picture = UserPromptPart(["look", BinaryContent(b"\x89PNG", media_type="image/png")])
    with pytest.raises(BadInput, match="reads text only"):
        as_pairs([ModelRequest(parts=[picture])], ModelRequestParameters())


@pytest.mark.model
def test_a_reply_carries_tokens_and_seconds(smol: Path) -> None:
    """What the page shows under an answer: prompt, cached and generated tokens, and the two times."""

    async def scene(model: EmbeddedModel) -> None:
        asked = [ModelRequest(parts=[SystemPromptPart("You are kind."), UserPromptPart("Say hello.")])]
        reply = await model.request(asked, EmbeddedSettings(max_tokens=6), ModelRequestParameters())
        assert reply.text and reply.usage.output_tokens == 6 and reply.usage.input_tokens > 10 and reply.finish_reason == "length"
        assert (
            reply.provider_details is not None
            and reply.provider_details["prompt_seconds"] > 0 < reply.provider_details["generation_seconds"]
        )
        again = await model.request(asked, EmbeddedSettings(max_tokens=6), ModelRequestParameters())
        assert again.text == reply.text and again.usage.cache_read_tokens > 0

    with_model(smol, scene)


@pytest.mark.model
def test_json_under_a_schema_parses(smol: Path) -> None:
    """Whatever the model would rather say."""

    async def scene(model: EmbeddedModel) -> None:
        parameters = ModelRequestParameters(output_mode="native", output_object=OutputObjectDefinition(json_schema=SCHEMA))
        asked = [ModelRequest(parts=[UserPromptPart("Is water wet?")])]
        reply = await model.request(asked, EmbeddedSettings(slot=Slot.GATE), parameters)
        assert json.loads(reply.text or "")["answer"] in ("yes", "no")

    with_model(smol, scene)


@pytest.mark.model
def test_an_agent_streams_from_it(smol: Path) -> None:
    """The agent library's own loop works on it unchanged; a stop sequence ends the reply."""

    async def scene(model: EmbeddedModel) -> None:
        agent = Agent(model, instructions="Count.")
        async with agent.run_stream("One, two, three", model_settings={"max_tokens": 12}) as result:
            pieces = [piece async for piece in result.stream_text(delta=True, debounce_by=None)]
        assert len(pieces) > 1
        whole = "".join(pieces)
        stop = whole.split()[1]
        cut = await agent.run("One, two, three", model_settings={"max_tokens": 12, "stop_sequences": [stop]})
        assert stop not in cut.output and whole.startswith(cut.output)

    with_model(smol, scene)
