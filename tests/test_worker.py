"""The chat model's process: streaming, stopping, dying, coming back, and keeping a conversation's prompt warm."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from ownmind import paths
from ownmind.errors import BadInput, BrainNotReady
from ownmind.models.llama.worker import Finished, LlamaWorker, Priority, Prompt, Slot
from ownmind.models.shelf import fetch

pytestmark = pytest.mark.model
STORY = Prompt((("user", "Write a very long story about the sea."),), max_tokens=400)
SHORT = Prompt((("system", "You are kind."), ("user", "Say hello.")), max_tokens=8)


@pytest.fixture(scope="module")
def smol() -> Path:
    return fetch.ensure("smollm2-135m-instruct-q4_1", paths=paths.find()).path


def with_worker(smol: Path, scene: Callable[[LlamaWorker], Awaitable[None]]) -> None:
    async def play() -> None:
        worker = LlamaWorker(smol, context=2048)
        try:
            await scene(worker)
        finally:
            await worker.close()

    asyncio.run(play())


async def said(stream: AsyncGenerator[str | Finished]) -> tuple[str, Finished]:
    pieces = [piece async for piece in stream]
    assert isinstance(pieces[-1], Finished)
    return "".join(piece for piece in pieces if isinstance(piece, str)), pieces[-1]


def test_a_reply_streams_and_says_what_it_cost(smol: Path) -> None:
    """Several pieces, then the tokens and seconds; the same question again is read from the cache."""

    async def scene(worker: LlamaWorker) -> None:
        pieces = [piece async for piece in worker.stream(SHORT)]
        assert len(pieces) > 3 and isinstance(pieces[-1], Finished)
        assert pieces[-1].generated_tokens == 8 and pieces[-1].reason == "length" and pieces[-1].prompt_seconds > 0
        text, again = await said(worker.stream(SHORT))
        assert text == "".join(piece for piece in pieces if isinstance(piece, str)), "temperature 0 repeats itself"
        assert again.prompt_tokens - again.cached_tokens <= 1

    with_worker(smol, scene)


def test_other_prompts_do_not_cool_a_conversation(smol: Path) -> None:
    """A gate, a route and an extraction with other beginnings run in between; the conversation's prefix stays evaluated."""

    async def scene(worker: LlamaWorker) -> None:
        start: tuple[tuple[str, str], ...] = (("system", "You are a companion. " * 20), ("user", "Hello"), ("assistant", "Hello!"))

        def turn(text: str) -> Prompt:
            return Prompt((*start, ("user", text)), max_tokens=4)  # type: ignore[arg-type]  # plain strings here

        _, first = await said(worker.stream(turn("My name is Ana.")))
        for slot in (Slot.GATE, Slot.ROUTER, Slot.EXTRACT):
            await said(worker.stream(Prompt((("system", f"{slot.name} decides. " * 20), ("user", "x")), max_tokens=2, slot=slot)))
        _, second = await said(worker.stream(turn("What is my name?")))
        assert first.cached_tokens == 0
        assert second.prompt_tokens - second.cached_tokens < 20 < second.cached_tokens

    with_worker(smol, scene)


def test_killed_in_the_middle_of_a_reply_it_says_so_and_comes_back(smol: Path) -> None:
    """SIGKILL while words are coming: BrainNotReady with what to do, and the next request is answered by a new process."""

    async def scene(worker: LlamaWorker) -> None:
        await worker.start()
        first = worker.pid
        assert first is not None
        with pytest.raises(BrainNotReady) as caught:
            async for _ in worker.stream(STORY):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(first, signal.SIGKILL)
        assert "ended" in str(caught.value) and "say it again" in caught.value.hint
        text, _ = await said(worker.stream(SHORT))
        assert text and worker.pid not in (first, None)

    with_worker(smol, scene)


def test_leaving_stops_the_model(smol: Path) -> None:
    """Closing the stream, or cancelling its task, ends the generation: the next reply does not wait for 400 tokens."""

    async def scene(worker: LlamaWorker) -> None:
        async with aclosing(worker.stream(STORY)) as stream:
            async for _ in stream:
                break
        listening = asyncio.create_task(said(worker.stream(STORY)))
        await asyncio.sleep(0.5)
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        before = _cpu(worker.pid)
        await asyncio.sleep(1.5)
        assert _cpu(worker.pid) - before < 0.5, "it computes nothing that nobody hears"
        _, end = await said(worker.stream(SHORT))
        assert end.generated_tokens == 8

    with_worker(smol, scene)


def test_a_turn_goes_before_background_work(smol: Path) -> None:
    """Asked last, answered first: the turn overtakes the extractions that wait."""

    async def scene(worker: LlamaWorker) -> None:
        order: list[str] = []

        async def ask(name: str, priority: Priority) -> None:
            await said(worker.stream(SHORT, priority=priority))
            order.append(name)

        running = asyncio.create_task(ask("running", Priority.BACKGROUND))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(ask(f"background {number}", Priority.BACKGROUND)) for number in range(2)]
        await asyncio.sleep(0)
        await asyncio.gather(running, *waiting, ask("turn", Priority.TURN))
        assert set(order[:2]) == {"running", "turn"} and order[2:] == ["background 0", "background 1"]

    with_worker(smol, scene)


def test_json_of_a_schema_comes_compact_and_whole(smol: Path) -> None:
    """Even the smallest model cannot leave the schema, nor fill it with white space."""
    schema = {
        "type": "object",
        "properties": {"tool": {"enum": ["remember", "none"]}, "count": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["tool", "count"],
        "additionalProperties": False,
    }

    async def scene(worker: LlamaWorker) -> None:
        import json

        for text in ("Remember three things", "Hello there"):
            reply, end = await said(worker.stream(Prompt((("user", text),), max_tokens=60, schema=schema, slot=Slot.ROUTER)))  # type: ignore[arg-type]  # a literal
            values = json.loads(reply)
            assert values["tool"] in ("remember", "none") and 0 <= values["count"] <= 9
            assert " " not in reply and "\n" not in reply and end.reason == "stop"

    with_worker(smol, scene)


def test_the_loop_ticks_while_the_model_thinks(smol: Path) -> None:
    """A page on the same loop stays answerable: the loop comes round many times during one reply."""

    async def scene(worker: LlamaWorker) -> None:
        ticks = 0
        replying = asyncio.create_task(said(worker.stream(STORY)))
        while not replying.done():
            await asyncio.sleep(0.01)
            ticks += 1
        _, end = await replying
        assert ticks > end.generated_tokens / 4

    with_worker(smol, scene)


def test_a_prompt_longer_than_the_context_is_refused_in_words(smol: Path) -> None:
    """BadInput, and the model goes on working."""

    async def scene(worker: LlamaWorker) -> None:
        with pytest.raises(BadInput, match="longer than the chat model can read"):
            await said(worker.stream(Prompt((("user", "word " * 5000),))))
        await said(worker.stream(SHORT))

    with_worker(smol, scene)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_has_no_ip_socket_and_no_secret(smol: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens on the network, no socket has a name to connect to, and no secret of ours is in its environment."""
    monkeypatch.setenv("OWNMIND_PASSPHRASE", "correct horse")
    monkeypatch.setenv("ACME_API_KEY", "sk-123")

    async def scene(worker: LlamaWorker) -> None:
        await said(worker.stream(SHORT))
        folder = Path(f"/proc/{worker.pid}")
        sockets = {str(link.readlink()) for link in (folder / "fd").iterdir()}
        numbers = {link.removeprefix("socket:[").rstrip("]") for link in sockets if link.startswith("socket:")}
        for table in ("tcp", "tcp6", "udp", "udp6"):
            rows = (folder / "net" / table).read_text().splitlines()[1:]
            assert not numbers & {row.split()[9] for row in rows}
        named = {row.split()[6]: row.split()[7] for row in (folder / "net/unix").read_text().splitlines()[1:] if len(row.split()) > 7}
        assert not any(map(os.path.exists, [named[number] for number in numbers & named.keys()]))
        secrets = (folder / "environ").read_bytes()
        assert b"correct horse" not in secrets and b"sk-123" not in secrets

    with_worker(smol, scene)


def test_two_conversations_keep_their_talk_side_by_side(smol: Path) -> None:
    """Both begin alike and differ after; in turns, each finds its own talk evaluated, and the second never evaluates the beginning."""

    async def scene(worker: LlamaWorker) -> None:
        start = (("system", "You are a companion. " * 20),)

        def turn(who: str, *said: str) -> Prompt:
            return Prompt((*start, *(("user", text) for text in said)), max_tokens=2, conversation=who)  # type: ignore[arg-type]  # plain strings

        talk = {who: f"I am {who}, and I went to the sea with my sister. " * 6 for who in ("Ana", "Ben")}
        _, first = await said(worker.stream(turn("Ana", talk["Ana"])))
        _, second = await said(worker.stream(turn("Ben", talk["Ben"])))
        assert first.cached_tokens == 0 and second.cached_tokens > 60, "the beginning was taken over"
        for who in ("Ana", "Ben", "Ana"):
            _, again = await said(worker.stream(turn(who, talk[who], "What did I say?")))
            assert again.prompt_tokens - again.cached_tokens < 30

    with_worker(smol, scene)


def test_a_short_prompt_overtakes_a_long_one(smol: Path) -> None:
    """A second conversation does not wait for the first one's prompt: it is answered before that is evaluated."""

    async def scene(worker: LlamaWorker) -> None:
        order: list[str] = []

        async def ask(name: str, text: str) -> Finished:
            _, end = await said(worker.stream(Prompt((("user", text),), max_tokens=2, conversation=name)))
            order.append(name)
            return end

        await worker.start()
        long = asyncio.create_task(ask("long", "The fox jumps over the dog. " * 80))
        await asyncio.sleep(0.1)
        short = await ask("short", "Hi!")
        assert order == ["short"] and short.generated_tokens == 2
        end = await long
        assert end.prompt_tokens > 400 and end.cached_tokens == 0, "stages are not counted as found in the cache"

    with_worker(smol, scene)


def test_leaving_in_the_middle_of_a_prompt_is_at_once(smol: Path) -> None:
    """Nobody waits for the batch under way: the caller is released before the model has stopped, and the next request is whole."""

    async def scene(worker: LlamaWorker) -> None:
        await worker.start()
        listening = asyncio.create_task(said(worker.stream(Prompt((("user", "The fox jumps over the dog. " * 80),)))))
        await asyncio.sleep(0.3)
        listening.cancel()
        turns = 0
        while not listening.done():
            await asyncio.sleep(0)
            turns += 1
        assert listening.cancelled() and turns < 10
        text, end = await said(worker.stream(SHORT))
        assert text and end.generated_tokens == 8

    with_worker(smol, scene)


def test_a_hundred_requests_wait_their_turn(smol: Path) -> None:
    """All are answered, and those who leave the line leave it in order."""

    async def scene(worker: LlamaWorker) -> None:
        def ask(number: int) -> asyncio.Task[tuple[str, Finished]]:
            prompt = Prompt((("user", f"Say {number % 10}."),), max_tokens=1, conversation=str(number % 7))
            return asyncio.create_task(said(worker.stream(prompt)))

        tasks = [ask(number) for number in range(100)]
        await asyncio.sleep(0.2)
        for task in tasks[50:60]:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        answered = [end for end in ends if isinstance(end, tuple)]
        assert len(answered) >= 90 and all(end.generated_tokens <= 1 for _, end in answered)
        assert all(isinstance(end, tuple | asyncio.CancelledError) for end in ends)
        await said(worker.stream(SHORT))

    with_worker(smol, scene)


def test_tokens_are_counted_as_they_will_be_read(smol: Path) -> None:
    """The count of a prompt is what its request then says it read, odd signs and all; counting evaluates nothing."""

    async def scene(worker: LlamaWorker) -> None:
        for text in ("Hello", "Ünï©ödé 👩‍👩‍👧 \ud83d \x00", "", "<|im_end|> " * 5):
            prompt = Prompt((("system", "Be kind."), ("user", text)), max_tokens=1)
            counted = await worker.count(prompt)
            _, end = await said(worker.stream(prompt))
            assert counted == end.prompt_tokens

    with_worker(smol, scene)


def test_too_long_says_by_how_much(smol: Path) -> None:
    """The person can act on it; nothing of it was evaluated."""

    async def scene(worker: LlamaWorker) -> None:
        prompt = Prompt((("user", "word " * 3000),))
        over = await worker.count(prompt) - worker.window + 1
        with pytest.raises(BadInput, match=f"{over} too many"):
            await said(worker.stream(prompt))

    with_worker(smol, scene)


def test_a_model_cut_short_is_said_and_garbage_in_its_tensors_is_contained(smol: Path, tmp_path: Path) -> None:
    """A file that ends early is refused in words; one whose weights are noise may say anything or end, and we go on."""
    whole = smol.read_bytes()
    short, noise = tmp_path / "short.gguf", tmp_path / "noise.gguf"
    short.write_bytes(whole[: len(whole) // 2])
    noise.write_bytes(whole[: len(whole) // 2] + os.urandom(len(whole) - len(whole) // 2))

    async def play() -> None:
        worker = LlamaWorker(short)
        with pytest.raises(BrainNotReady, match=r"could not be loaded.*cut short"):
            await worker.start()
        await worker.close()
        worker = LlamaWorker(noise, context=512)
        with contextlib.suppress(BrainNotReady):
            await said(worker.stream(SHORT))
        await worker.close()

    asyncio.run(play())


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_one_that_always_ends_is_not_started_in_a_loop(smol: Path) -> None:
    """The first crash is made good at the next request; after the second without an answer between, a while passes, and that is said."""

    async def scene(worker: LlamaWorker) -> None:
        for _ in range(2):
            await worker.start()
            asyncio.get_running_loop().call_soon(os.kill, worker.pid, signal.SIGSEGV)
            with pytest.raises(BrainNotReady, match="signal 11"):
                await said(worker.stream(STORY))
        with pytest.raises(BrainNotReady, match="tried again in"):
            await worker.start()
        await asyncio.sleep(1.2)
        text, _end = await said(worker.stream(SHORT))
        assert text

    with_worker(smol, scene)


def test_a_file_that_is_no_model_is_said(tmp_path: Path) -> None:
    """BrainNotReady with the reason, not a hang."""
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(1000))

    async def play() -> None:
        worker = LlamaWorker(broken)
        with pytest.raises(BrainNotReady, match="could not be loaded"):
            await worker.start()
        await worker.close()

    asyncio.run(play())


PARENT = """
import asyncio, sys
from pathlib import Path
from ownmind.models.llama.worker import LlamaWorker
async def main():
    worker = LlamaWorker(Path(sys.argv[1]), context=512)
    await worker.start()
    print(worker.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_the_process_ends_with_its_parent(smol: Path) -> None:
    """kill -9 of the parent leaves no model behind eating memory."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(smol)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while time.monotonic() < until and _runs(child):
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def _cpu(pid: int | None) -> float:
    """CPU seconds the process has used."""
    values = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")
