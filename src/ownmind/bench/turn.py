"""What a turn costs: our own share of it at 10,000 items, and the starter brain's first word when it is warm.

Our own share is everything but the model: storing and reading back the message, recall, the page of notes, the checks, sources
and the stored reply. It is read off the same spans that `ownmind traces` shows, with a scripted model, so that nothing else is in
it. The items are a generated life; their vectors are borrowed from 500 real ones, questions are embedded for real.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from .. import paths
from ..agent.traces import Traces, recorded, summary
from ..agent.turn import Parts, settle, turn
from ..agent.warm import warm
from ..config import Config
from ..errors import OwnmindError
from ..messages import Done, Entry, Integrity, Kind, Label, Reply, Source
from ..models.brain import Brain
from ..models.scripted import ScriptedModel
from ..store.spans import Spans
from . import brain_speed, result, stage

SEED = 7
_TALK = (
    ("I parked the bike at Hackney Central", "Where did I leave the bike?"),
    ("My dentist is Dr Okafor on Mill Road", "Who is my dentist?"),
    ("Priya can't eat gluten", "What should I avoid when Priya comes for dinner?"),
    ("I promised Yusuf to review his thesis by the end of November", "What did I promise Yusuf?"),
    ("The spare key is under the blue flowerpot", "Where is the spare key?"),
    ("My car is a grey Skoda, plate LK14 ZRT", "What is my number plate?"),
)


def run(*, items: int = 10_000, n: int = 100, seed: int = SEED, brain: str = "starter", **_: object) -> dict[str, object]:
    """Milliseconds of our own share at ``items`` items over ``n`` turns; with ``brain`` ("starter", a catalogue id
    or a path; empty for none) also the seconds until its first word in a warm conversation."""
    real = stage.embedder()
    life = stage.Chatter(seed)
    figures: dict[str, object] = {}
    with stage.memory(stage.Borrowed(real, [life.text() for _ in range(500)], seed)) as (memory, store):
        memory.remember(list(life.entries(items)), now=stage.BEGAN)
        scripted = Brain.of(ScriptedModel("That was at the harbour, with the others, last spring."))
        traces = Traces(store, lambda: datetime.now(UTC))
        parts = Parts(memory, scripted, store.conversations, store.settings, tracer=traces.tracer)
        asyncio.run(_said([life.question() for _ in range(5)], parts))
        traces.write()
        began = time.process_time()
        asyncio.run(_said([life.question() for _ in range(n)], parts))
        figures["cpu_ms"] = round((time.process_time() - began) * 1000 / n, 1)  # of a turn, in all threads
        traces.write()
        held = Spans(store.db).traces(limit=n)
        figures["ours_ms"] = _spread([recorded(kept).ours_ms for kept in held])
        summed = summary(1, held)
        figures["parts_ms"] = {one.name: {"p50": round(one.p50_ms, 3), "p95": round(one.p95_ms, 3), "n": one.n} for one in summed.parts}
    if brain:
        figures["brain"] = _with_brain(brain)
    return result("turn", figures, n=n, seed=seed, items=items, note="ours excludes the model; a scripted model speaks")


def _with_brain(name: str) -> dict[str, object]:
    """Two conversations of a few turns with a real brain, warmed as the house warms it. ``read``: the talk is settled between turns,
    as it is while a person reads the reply; ``at_once``: the next message comes the moment the reply ends."""
    config = Config() if name == "starter" else Config(brain=name)
    with stage.memory(stage.embedder()) as (memory, store):
        label = Label(Integrity.PERSON)
        memory.remember(
            [Entry(text, Source(f"note:{i}"), label, Kind.NOTE, stage.BEGAN) for i, (text, _) in enumerate(_TALK)], now=stage.BEGAN
        )

        async def talk() -> tuple[list[Reply], list[Reply]]:
            brain = Brain(config, paths.find())
            await brain.start()
            if not await brain.ready():
                raise OwnmindError(brain.note)
            parts = Parts(memory, brain, store.conversations, store.settings)
            try:
                model = await brain.model()
                await warm(model)
                read: list[Reply] = []
                for _, question in _TALK:
                    read += await _said([question], parts, "read")
                    await settle(memory, "read", model)
                return read, await _said([question for _, question in _TALK], parts, "at once")
            finally:
                await brain.close()

        read, at_once = asyncio.run(talk())
    runtime = brain_speed.run(seed=SEED, brain=name)["figures"]  # beside the bare library
    return {"read": _figures(read), "at_once": _figures(at_once), "runtime": runtime}


def _figures(replies: Sequence[Reply]) -> dict[str, object]:
    return {
        "first_s": _spread([reply.timings.first for reply in replies]),
        "total_s": _spread([reply.timings.total for reply in replies]),
        "prompt_s": _spread([reply.timings.prompt for reply in replies]),
        "generation_s": _spread([reply.timings.generation for reply in replies]),
        "known": sum(reply.known for reply in replies),
        "turns": len(replies),
    }


async def _said(texts: Sequence[str], parts: Parts, conversation: str = "", clock: Callable[[int], datetime] | None = None) -> list[Reply]:
    """The replies to ``texts``, in one conversation or each in its own."""
    replies: list[Reply] = []
    for number, text in enumerate(texts):
        now = clock(number) if clock else stage.BEGAN + timedelta(days=400, minutes=number)
        events = turn(text, parts=parts, conversation=conversation or f"talk{number % 7}", now=now)
        replies += [event.reply async for event in events if isinstance(event, Done)]
    return replies


def _spread(values: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(list(values), [50, 95])
    return {"p50": round(float(p50), 3), "p95": round(float(p95), 3), "worst": round(max(values), 3)}
