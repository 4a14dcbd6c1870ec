"""The scripted model behaves like a model: it streams, counts, fails and breaks off when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from pydantic_ai.messages import ModelRequest, PartDeltaEvent, PartStartEvent, SystemPromptPart, TextPart, TextPartDelta, UserPromptPart
from pydantic_ai.models import ModelRequestParameters

from ownmind.errors import BrainNotReady
from ownmind.models.scripted import ScriptedModel

ASKED = ModelRequest(parts=[SystemPromptPart("Be kind."), UserPromptPart("Who am I?")])


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await scene()

    asyncio.run(run())


def test_it_answers_by_its_script_and_keeps_what_it_was_asked() -> None:
    """The script sees (role, text) pairs; every call is kept."""
    model = ScriptedModel(lambda pairs: f"You asked: {pairs[-1][1]}")

    async def scene() -> None:
        reply = await model.request([ASKED], {"max_tokens": 5}, ModelRequestParameters())
        assert reply.text == "You asked: Who am I?" and reply.finish_reason == "stop"
        assert model.calls == [[("system", "Be kind."), ("user", "Who am I?")]]
        assert model.settings_seen == [{"max_tokens": 5}]

    play(scene)


def test_it_streams_word_by_word() -> None:
    """Several pieces that join to the very text, white space included."""
    text = "One two,\n three.  "
    model = ScriptedModel(text)

    async def scene() -> None:
        pieces = []
        async with model.request_stream([ASKED], None, ModelRequestParameters()) as stream:
            async for event in stream:
                match event:
                    case PartStartEvent(part=TextPart(content=piece)) | PartDeltaEvent(delta=TextPartDelta(content_delta=piece)):
                        pieces.append(piece)
                    case _:
                        pass
        assert len(pieces) >= 3 and "".join(pieces) == text and model.cancelled == 0

    play(scene)


def test_it_fails_breaks_off_and_counts_who_left() -> None:
    """The three ways a reply does not end well."""

    async def scene() -> None:
        with pytest.raises(BrainNotReady):
            await ScriptedModel(fails=BrainNotReady("not yet")).request([ASKED], None, ModelRequestParameters())
        with pytest.raises(BrainNotReady, match="ended"):
            await ScriptedModel("one two three", breaks_after=2).request([ASKED], None, ModelRequestParameters())
        left = ScriptedModel("one two three")
        async with left.request_stream([ASKED], None, ModelRequestParameters()) as stream:
            async for _ in stream:
                break
        assert left.cancelled == 1

    play(scene)
