"""The router: a tool only when the model named one with arguments that can be read, and a warm prefix between its questions."""

from __future__ import annotations

import asyncio
import json

import pytest

from ownmind import paths
from ownmind.models.llama.embedded import EmbeddedModel
from ownmind.models.llama.worker import LlamaWorker
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import fetch
from ownmind.models.small.router import Choice, Example, Routed, route

REMEMBER = Choice(
    "remember",
    "keep something the person says",
    {"type": "object", "properties": {"text": {"type": "string", "maxLength": 60}}, "required": ["text"], "additionalProperties": False},
)
TODAY = Choice("today", "say which day it is")
EXAMPLES = [
    Example("Remember that I like tea", "remember", {"text": "I like tea"}),
    Example("How are you?", "none"),
    Example("Please keep this: Ben's number is 12", "remember", {"text": "Ben's number is 12"}),
    Example("What day is it?", "today"),
]


def routed(model: ScriptedModel, message: str = "Note that Ana is vegetarian") -> Routed:
    return asyncio.run(route(message, choices=[REMEMBER, TODAY], examples=EXAMPLES, model=model))


def test_a_named_tool_comes_with_its_arguments() -> None:
    """Two questions, the second going on from the first."""
    model = ScriptedModel(lambda pairs: '{"tool":"remember"}' if "Ana" in pairs[-1][1] else '{"text":"Ana is vegetarian"}')
    assert routed(model) == Routed("remember", {"text": "Ana is vegetarian"})
    first, second = model.calls
    assert second[: len(first)] == first, "what was evaluated for the first question is the beginning of the second"


def test_no_arguments_means_one_question() -> None:
    """A tool without arguments, and none at all, cost one call."""
    model = ScriptedModel('{"tool":"today"}')
    assert routed(model) == Routed("today") and len(model.calls) == 1
    model = ScriptedModel('{"tool":"none"}')
    assert routed(model) == Routed("none") and len(model.calls) == 1


@pytest.mark.parametrize("reply", ["Sure, I will!", '{"tool":"format_disk"}', '{"tool":7}', "[]", "", '{"tool":"rememb', "[" * 100_000])
def test_what_cannot_be_read_does_nothing(reply: str) -> None:
    """A model that ignores the schema routes nowhere."""
    assert routed(ScriptedModel(reply)) == Routed("none")


def test_arguments_that_cannot_be_read_do_nothing() -> None:
    """Half a tool call is none."""
    model = ScriptedModel(lambda pairs: '{"tool":"remember"}' if "Ana" in pairs[-1][1] else '{"text":"Ana is')
    assert routed(model) == Routed("none")


@pytest.mark.model
def test_a_real_model_stays_inside_the_choices() -> None:
    """Even 135M parameters name a tool that exists, with arguments of its schema."""
    smol = fetch.ensure("smollm2-135m-instruct-q4_1", paths=paths.find()).path

    async def play() -> None:
        worker = LlamaWorker(smol, context=2048)
        try:
            for message in ("Remember that my car is red", "Hello!", "What day is it today?"):
                found = await route(message, choices=[REMEMBER, TODAY], examples=EXAMPLES, model=EmbeddedModel(worker, name="smol"))
                assert found.tool in ("remember", "today", "none")
                assert set(found.arguments) == ({"text"} if found.tool == "remember" else set()), json.dumps(dict(found.arguments))
        finally:
            await worker.close()

    asyncio.run(play())
