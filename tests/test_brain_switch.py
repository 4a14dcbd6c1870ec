"""Another model answers without a restart; one that cannot be used, or keeps crashing, leaves the one before in its place."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelRequest, UserPromptPart
from pydantic_ai.models import ModelRequestParameters

from ggufs import TINY, header, written
from ownmind import paths
from ownmind.config import Config
from ownmind.errors import BadInput, BrainNotReady
from ownmind.models.brain import Brain, State
from ownmind.models.llama import gguf
from ownmind.models.shelf import fetch

SMOL = "smollm2-135m-instruct-q4_1"
HELLO = [ModelRequest(parts=[UserPromptPart("Hello")])]

pytestmark = pytest.mark.model


def with_brain(scene: Callable[[Brain, Path], Awaitable[None]]) -> None:
    """A brain of the 135M that is ready, and the file of it."""
    path = fetch.ensure(SMOL, paths=paths.find()).path

    async def play() -> None:
        brain = Brain(Config(brain=SMOL, fetch=False), paths.find())
        try:
            await brain.start()
            assert await brain.ready(60)
            await scene(brain, path)
        finally:
            await brain.close()

    asyncio.run(play())


async def says(brain: Brain) -> str:
    reply = await (await brain.model()).request(HELLO, {"max_tokens": 3}, ModelRequestParameters())
    return reply.text or ""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def garbage(tmp_path: Path, real: Path) -> Path:
    """The real file's own header, so that everything it says of itself is right, over weights that stop after a few kilobytes' worth of
    noise: sparse, so that it costs no disk."""
    body = real.read_bytes()[: 4 << 20]
    path = written(tmp_path / "garbage.gguf", body)
    with path.open("r+b") as file:
        file.truncate(real.stat().st_size)
        file.seek(3 << 20)
        file.write(os.urandom(1 << 20))
    return path


def test_another_model_answers_without_a_restart(tmp_path: Path) -> None:
    """The one before answers until the new one does; its process is gone afterwards."""

    async def scene(brain: Brain, path: Path) -> None:
        copy = tmp_path / "mine.gguf"
        copy.symlink_to(path)
        first, states = brain.pid, []
        brain.listeners.append(lambda changed: states.append(changed.state))
        switching = asyncio.create_task(brain.switch(str(copy)))
        while not switching.done():
            assert await says(brain), "somebody answers at every moment"
        assert await switching == "" and brain.id == str(copy) and brain.pid != first
        assert (await brain.model()).model_name == "mine" and set(states) == {State.READY}
        assert await says(brain)
        assert first is not None
        for _ in range(100):
            if not is_running(first):
                break
            await asyncio.sleep(0.05)
        assert not is_running(first)

    with_brain(scene)


def test_what_cannot_be_a_brain_leaves_the_one_there_is(tmp_path: Path) -> None:
    """A file that is none, one that is gone, an embedder, an unknown id, one whose weights llama.cpp does not take: each in words."""

    async def scene(brain: Brain, path: Path) -> None:
        novel = written(tmp_path / "novel.gguf", b"Once upon a time")
        hollow = written(tmp_path / "hollow.gguf", header(TINY))
        before = brain.pid
        for wrong in (str(novel), str(tmp_path / "gone.gguf"), "all-minilm-l6-v2-int8", "gpt-9"):
            with pytest.raises(BadInput):
                await brain.switch(wrong)
        with pytest.raises(BrainNotReady, match="hollow cannot be used") as caught:
            await brain.switch(str(hollow))
        assert f"{SMOL} goes on" in caught.value.message
        assert brain.pid == before and brain.id == SMOL and brain.state is State.READY and await says(brain)

    with_brain(scene)


def test_garbage_behind_a_right_header_hurts_nobody(tmp_path: Path) -> None:
    """Its header is read and believed, its weights are noise: it is refused, or it talks nonsense; this process and the brain live on."""

    async def scene(brain: Brain, path: Path) -> None:
        bad = garbage(tmp_path, path)
        assert gguf.read(bad).architecture == "llama"
        try:
            await brain.switch(str(bad))
        except BrainNotReady as error:
            assert "cannot be used" in error.message and brain.id == SMOL
        assert brain.state is State.READY
        await brain.switch(SMOL)
        assert await says(brain)

    with_brain(scene)


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_model_whose_process_keeps_ending_is_given_up(tmp_path: Path) -> None:
    """Three times in a row, and the one before comes back by itself, saying why; it is not tried a fourth time."""

    async def scene(brain: Brain, path: Path) -> None:
        copy = tmp_path / "crashing.gguf"
        copy.symlink_to(path)
        await brain.switch(str(copy))
        for _ in range(3):
            assert await says(brain)  # starts it anew where it ended
            assert brain.pid is not None
            os.kill(brain.pid, signal.SIGKILL)
            for _ in range(100):
                await asyncio.sleep(0.02)
                if brain.pid is None:
                    break
        for _ in range(600):
            if brain.state is State.READY and brain.id == SMOL:
                break
            await asyncio.sleep(0.05)
        assert brain.id == SMOL and brain.state is State.READY
        assert "crashing was given up" in brain.note and f"{SMOL} answers instead" in brain.note
        assert await says(brain)

    with_brain(scene)
