"""Spans of what is recorded, and nothing where nothing is."""

from __future__ import annotations

import asyncio
import timeit
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from ownmind import tracing
from ownmind.tracing import Asking, Recording, Tracer, span


def keeping(kept: list[Recording]) -> Callable[[Recording, int], None]:
    return lambda recording, _: kept.append(recording)


def test_parts_are_timed_inside_the_whole() -> None:
    """Parts nest as the code does, also in threads; counts stay with their part."""
    kept: list[Recording] = []

    async def work() -> None:
        with Tracer(keeping(kept)).recorded("turn", items=3):
            with span("recall", k=18):
                await asyncio.to_thread(_searched)
            with span("store"):
                pass

    asyncio.run(work())
    (recording,) = kept
    whole, recall, words, store = recording.spans
    assert [one.name for one in recording.spans] == ["turn", "recall", "words", "store"]
    assert (whole.parent, recall.parent, words.parent, store.parent) == (0, whole.id, recall.id, whole.id)
    assert recall.counts == {"k": 18}
    assert words.counts == {"found": 6}
    assert whole.counts == {"items": 3}
    assert whole.seconds >= recall.seconds >= words.seconds


def _searched() -> None:
    with span("words"):
        tracing.count(found=6)


def test_outside_a_recording_a_span_is_nothing() -> None:
    """No recording, no span, and next to no cost: it may stand anywhere."""
    with span("recall", k=1):
        tracing.count(found=2)
        assert not tracing.is_recorded()
    assert min(timeit.repeat(lambda: span("recall", k=1).__enter__(), number=10_000, repeat=3)) / 10_000 < 1e-4


def test_words_are_kept_only_when_asked_for() -> None:
    """A span's words are the person's: without the setting none is recorded."""
    kept: list[Recording] = []
    for contents in (False, True):
        with Tracer(keeping(kept), contents=contents).recorded("turn"), span("recall", words="where is the key?"):
            pass
    without, with_them = kept
    assert "key" not in repr(without)
    assert with_them.spans[1].words == "where is the key?"


def test_a_stream_is_recorded_whoever_takes_its_values() -> None:
    """Values asked for from different tasks belong to one recording, and the caller's context stays clean."""
    kept: list[Recording] = []

    async def values(recording: Recording) -> AsyncGenerator[int]:
        for number in range(3):
            with span("step"):
                await asyncio.sleep(0)
                yield number
        recording.counts["steps"] = 3

    async def read() -> list[int]:
        found = []
        async with aclosing(Tracer(keeping(kept)).stream("turn", values)) as stream:
            try:
                while True:
                    found.append(await asyncio.ensure_future(anext(stream)))  # type: ignore[arg-type]
                    assert not tracing.is_recorded()
            except StopAsyncIteration:
                return found

    assert asyncio.run(read()) == [0, 1, 2]
    assert [one.name for one in kept[0].spans] == ["turn", "step", "step", "step"]
    assert kept[0].spans[0].counts == {"steps": 3}


def test_a_stream_that_is_left_ends_its_recording() -> None:
    """Left early, closed or cancelled, the recording is kept with what there is, and the work behind it has ended."""
    kept: list[Recording] = []
    ended: list[str] = []

    async def values(recording: Recording) -> AsyncGenerator[int]:
        try:
            with span("step"):
                yield 1
                await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)  # it may still wait for something: a write
            ended.append(recording.kind)

    async def leave() -> None:
        async with aclosing(Tracer(keeping(kept)).stream("turn", values)) as stream:
            await anext(stream)

    async def cancelled() -> None:
        async def all_of_it() -> None:
            async with aclosing(Tracer(keeping(kept)).stream("turn", values)) as stream:
                async for _ in stream:
                    pass

        task = asyncio.create_task(all_of_it())
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(leave())
    asyncio.run(cancelled())
    assert ended == ["turn", "turn"]
    assert [[one.name for one in recording.spans] for recording in kept] == [["turn", "step"]] * 2


def test_a_request_to_a_model_says_what_was_sent_and_what_it_cost() -> None:
    """The conventions' names on the span, the exact messages beside it, with the part of the turn that asked."""
    kept: list[Recording] = []
    with Tracer(keeping(kept)).recorded("turn"), span("gate"):
        asking = Asking("small", lambda: (("user", "Is it there?"),))
        with span("check"):
            pass
        asking.answered(input_tokens=60, cached_tokens=50, output_tokens=3, waited=0.0)
        asking.answered(input_tokens=1)
    (recording,) = kept
    chat = next(one for one in recording.spans if one.name == "chat small")
    gate, check = recording.spans[1], next(one for one in recording.spans if one.name == "check")
    assert check.parent == chat.parent == gate.id, "a request that streams is no parent of what is done meanwhile"
    assert (chat.counts["gen_ai.request.model"], chat.counts["gen_ai.usage.input_tokens"]) == ("small", 60)
    (request,) = recording.requests
    assert (request.purpose, request.messages, request.cached_tokens) == ("gate", (("user", "Is it there?"),), 50)
