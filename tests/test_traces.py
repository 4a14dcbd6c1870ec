"""Where a turn's time went and what the model saw: kept in the store, gone with what it could tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from ownmind.agent.traces import Traces
from ownmind.agent.turn import Parts, turn
from ownmind.bench import stage
from ownmind.errors import NotFound
from ownmind.jobs.runner import Job, Runner
from ownmind.memory.memory import Memory
from ownmind.messages import Done, Entry, Integrity, Kind, Label, Source, Words
from ownmind.models.brain import Brain
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.store.opening import Store

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@dataclass
class Mind:
    """A memory with traces, and a scripted model to talk to."""

    memory: Memory
    store: Store
    traces: Traces

    def say(self, text: str, model: ScriptedModel | None = None, conversation: str = "c1") -> str:
        async def collect() -> str:
            events = turn(text, parts=self.parts(model), conversation=conversation, now=NOW)
            (reply,) = [event.reply.id async for event in events if isinstance(event, Done)]
            return reply

        return asyncio.run(collect())

    def parts(self, model: ScriptedModel | None = None) -> Parts:
        brain = Brain.of(model or ScriptedModel("It is under the blue flowerpot."))
        return Parts(self.memory, brain, self.store.conversations, self.store.settings, tracer=self.traces.tracer)

    def hear(self, text: str) -> str:
        return self.memory.remember([Entry(text, Source("note:1"), Label(Integrity.PERSON), Kind.NOTE, NOW)], now=NOW)[0]


@pytest.fixture(params=[False], ids=["no words"])
def mind(request: pytest.FixtureRequest) -> Iterator[Mind]:
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        traces = Traces(store, lambda: datetime.now(UTC), contents=request.param)
        memory.forgetting.listeners.append(traces.forgot)
        yield Mind(memory, store, traces)


def test_a_turn_tells_where_its_time_went(mind: Mind) -> None:
    """Hearing, recall, facts, the judgement, the page, the model, checks, sources and storing: each part with its share."""
    mind.hear("The spare key is under the blue flowerpot")
    reply = mind.say("Where is the spare key?")
    told = mind.traces.turn(reply)
    names = [part.name for part in told.parts]
    assert names[:2] == ["turn", "hear"]
    assert {"recall", "facts", "holds", "gather", "page", "chat scripted", "check", "sources", "store"} <= set(names)
    whole = told.parts[0]
    assert whole.depth == 0
    assert whole.share == 1.0
    assert all(0.0 <= part.share <= 1.01 and part.start_ms >= 0.0 for part in told.parts)
    assert told.turn.reply == reply
    assert 0.0 < told.turn.ours_ms <= told.turn.ms
    assert told.turn.model == "scripted"
    assert mind.traces.recent()[0] == told.turn
    assert mind.traces.turn(told.turn.message) == told


def test_traces_hold_no_words(mind: Mind) -> None:
    """Counts and times: nothing the person or the companion said stands in the rows of a trace."""
    mind.hear("The spare key is under the blue flowerpot")
    mind.say("Where is the spare key?")
    mind.traces.write()
    with mind.store.db.read() as cx:
        rows = repr(list(cx.execute("SELECT name, counts FROM spans"))) + repr(list(cx.execute("SELECT words FROM trace_words")))
    assert "key" not in rows
    assert "flowerpot" not in rows


@pytest.mark.parametrize("mind", [True], indirect=True, ids=["with words"])
def test_words_are_recorded_when_the_person_asks_for_it(mind: Mind) -> None:
    """With ``trace_contents`` a part may say what it was about, until anything is forgotten."""
    item = mind.hear("The spare key is under the blue flowerpot")
    reply = mind.say("Where is the spare key?")
    assert any("spare key" in part.words for part in mind.traces.turn(reply).parts)
    other = mind.say("What is the capital of Italy?", ScriptedModel("Rome."), "c2")
    mind.memory.forget(item)
    assert not any(part.words for part in mind.traces.turn(other).parts)


def test_what_the_model_saw_is_shown_word_for_word(mind: Mind) -> None:
    """Every request of the turn with its messages, exactly as they were sent."""
    mind.hear("The spare key is under the blue flowerpot")
    model = ScriptedModel("It is under the blue flowerpot.")
    reply = mind.say("Where is the spare key?", model)
    seen = mind.traces.seen(reply)
    assert [[(one.role, one.text) for one in request.messages] for request in seen.requests] == model.calls
    assert seen.requests[-1].purpose == "reply"
    assert seen.requests[-1].model == "scripted"
    assert seen.reply == reply
    greeting = mind.say("Remember that the bins go out on Tuesday")
    assert mind.traces.seen(greeting).requests == ()
    assert mind.traces.seen(greeting).note == "No model was asked."


def test_forgetting_takes_what_the_model_saw_along(mind: Mind) -> None:
    """One transaction: the receipt is verified, and no page of the store holds the words any more."""
    secret = mind.hear("The vault code of the cabin is quartz-violet-9177 and nobody else knows it")
    reply = mind.say("What is the vault code of the cabin?", ScriptedModel("It is quartz-violet-9177."))
    other = mind.say("What is the capital of Italy?", ScriptedModel("Rome."), "c2")
    assert "quartz-violet" in repr(mind.traces.seen(reply))
    receipt = mind.memory.forget(secret)
    assert receipt.verified
    assert mind.memory.verify("quartz-violet-9177").is_gone
    with pytest.raises(NotFound):
        mind.traces.turn(reply)  # it told that something was said then
    assert mind.traces.seen(other).requests == ()
    assert "not kept" in mind.traces.seen(other).note


def test_a_redaction_takes_it_along_too(mind: Mind) -> None:
    """Words cut out of an item are cut out of what models were sent."""
    item = mind.hear("The vault code of the cabin is quartz-violet-9177 and nobody else knows it")
    mind.say("What is the vault code of the cabin?", ScriptedModel("It is quartz-violet-9177."))
    mind.traces.write()
    mind.memory.redact(item, "quartz-violet-9177")
    with mind.store.db.read() as cx:
        assert not list(cx.execute("SELECT 1 FROM prompts"))


def test_what_was_in_the_making_while_something_was_forgotten_is_not_kept(mind: Mind) -> None:
    """A turn that began before a forget may have been shown the words: its requests are not written afterwards."""
    secret = mind.hear("The vault code of the cabin is quartz-violet-9177 and nobody else knows it")
    model = ScriptedModel("It is quartz-violet-9177. So you said. It was in May.", delay=0.01)
    mind.memory.forgetting.listeners.remove(mind.traces.forgot)  # as if it came a moment later

    async def forget_meanwhile() -> None:
        async with aclosing(turn("What is the vault code of the cabin?", parts=mind.parts(model), conversation="c1", now=NOW)) as events:
            async for event in events:
                if isinstance(event, Words):
                    await asyncio.to_thread(mind.memory.forget, secret)
                    return

    asyncio.run(forget_meanwhile())
    mind.traces.write()
    with mind.store.db.read() as cx:
        assert not list(cx.execute("SELECT 1 FROM prompts"))


def test_it_is_bounded(mind: Mind, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest turns and the newest prompts stay."""
    from ownmind.store import spans

    monkeypatch.setattr(spans, "TURNS", 3)
    monkeypatch.setattr(spans, "PROMPT_TURNS", 2)
    replies = [mind.say("What is the capital of Italy?", ScriptedModel("Rome."), f"c{number}") for number in range(5)]
    assert [one.reply for one in mind.traces.recent()] == replies[:1:-1]
    assert [bool(mind.traces.seen(reply).requests) for reply in replies[2:]] == [False, True, True]


def test_days_are_summed_part_by_part(mind: Mind) -> None:
    """Medians and 95th percentiles of every part, and shares that make up the whole."""
    for number in range(4):
        mind.say("What is the capital of Italy?", ScriptedModel("Rome."), f"c{number}")
    summed = mind.traces.summary()
    assert summed.turns == summed.total.n == 4
    assert summed.total.p50_ms <= summed.total.p95_ms
    assert {"hear", "recall", "store"} <= {one.name for one in summed.parts}
    assert 0.0 < sum(one.share for one in summed.parts) <= 1.01


def test_a_stopped_turn_is_told_as_stopped(mind: Mind) -> None:
    """Its trace has the reply as far as it came."""
    model = ScriptedModel("One sentence. Two sentences. Three.", delay=0.01)

    async def leave() -> None:
        async with aclosing(turn("Tell me a story", parts=mind.parts(model), conversation="c1", now=NOW)) as events:
            async for event in events:
                if isinstance(event, Words):
                    return

    asyncio.run(leave())
    (one,) = mind.traces.recent()
    assert one.stopped
    assert one.reply == mind.store.conversations.messages("c1")[-1].id


def test_background_work_is_recorded_and_writing_records_is_not(mind: Mind) -> None:
    """Each step of a job is a trace; the job that writes them leaves none, or there would be no end."""
    left = [3]

    async def step(seconds: float) -> int:
        left[0] -= 1
        return 1

    runner = Runner([Job("sweep", lambda: left[0], step), mind.traces.job()], mind.store.work, tracer=mind.traces.tracer)
    asyncio.run(runner.run_until_done())
    assert mind.traces.pending() == 0
    (sweep,) = mind.traces.background(7)
    assert (sweep.name, sweep.n) == ("job sweep", 3)
