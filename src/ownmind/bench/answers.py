"""Questions with short known answers through the whole turn with the starter brain: how many replies are right, and how many
rightly say that memory does not hold the answer.

Drawn by seed: ``n`` answerable questions whose answer has at most six words, as evenly over the kinds as they go, and two fifths as
many unanswerable ones. A reply is right when it says the answer (``matching.py``); ``partly``: at least half of it. A paraphrase counts
as wrong, so the share is a lower bound. ``shown``: of the refusals, those that quote the answer as the nearest that is known.
``--out`` gets a line for each reply as it is made; questions whose line is already there are not asked again.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TypedDict, cast

import numpy as np
from pydantic_ai import ModelMessage, ModelResponse, ModelSettings, RequestUsage, RunContext
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel

from .. import paths
from ..agent.turn import Parts, turn
from ..agent.warm import warm
from ..config import Config
from ..errors import BadInput, OwnmindError
from ..memory.words import words
from ..messages import Done, Reply
from ..models.brain import Brain
from . import result, stage
from .matching import says
from .questions import Put, Told, from_files

SEED = 20
_SHORT = 6  # words of an answer that can be matched
_OPEN = frozenset(
    {"open-domain", "summarization", "event_ordering", "instruction_following", "preference_following", "contradiction_resolution"}
)


class Line(TypedDict):
    """One reply as it is written to ``--out``."""

    set: str
    kind: str
    question: str
    answer: str
    answerable: bool
    reply: str
    known: bool
    holds: float | None
    sources: list[str]
    seconds: float
    first: float
    fresh_tokens: int
    tokens_out: int


def run(
    *,
    data: Path | Sequence[Path] | None = None,
    n: int = 100,
    seed: int = SEED,
    out: Path | None = None,
    brain: str = "starter",
    **_: object,
) -> dict[str, object]:
    """Shares of right and partly right replies per kind, of right and wrong refusals, of false answers; seconds and tokens a question."""
    if data is None:
        raise BadInput("answers needs data", hint="--data FOLDER with locomo_dev.json.gz and beam_dev.json.gz")
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] if out is not None and out.exists() else []
    drawn = _drawn(list(from_files(data)), n, seed)
    asyncio.run(_asked(drawn, lines, out, brain))
    figures = _figures(cast("list[Line]", lines))  # cast: written by this bench
    return result("answers", figures, n=len(lines), seed=seed, brain=brain, note="matching is by words: a paraphrase counts as wrong")


# Drawing


def _drawn(all_told: Sequence[tuple[str, Told]], n: int, seed: int) -> list[tuple[str, Told, list[Put]]]:
    """The questions to ask, by conversation."""
    chance = random.Random(seed)
    piles: dict[tuple[bool, str], list[tuple[int, Put]]] = defaultdict(list)
    for at, (name, told) in enumerate(all_told):
        for put in told.put:
            if not put.answerable or (put.kind not in _OPEN and put.answer and len(words(put.answer)) <= _SHORT):
                piles[put.answerable, put.kind if put.answerable else name].append((at, put))
    chosen = [
        *_evenly([pile for (answerable, _), pile in sorted(piles.items()) if answerable], n, chance),
        *_evenly([pile for (answerable, _), pile in sorted(piles.items()) if not answerable], round(0.4 * n), chance),
    ]
    by_talk: dict[int, list[Put]] = defaultdict(list)
    for at, put in chosen:
        by_talk[at].append(put)
    return [(*all_told[at], put) for at, put in sorted(by_talk.items())]


def _evenly(piles: Sequence[list[tuple[int, Put]]], n: int, chance: random.Random) -> Iterator[tuple[int, Put]]:
    """``n`` from the piles in turn, each shuffled."""
    shuffled = [chance.sample(pile, len(pile)) for pile in piles]
    while n and any(shuffled):
        for pile in shuffled:
            if pile and n:
                n -= 1
                yield pile.pop()


# Asking


class _Counted(WrapperModel):
    """A model that counts what it was given: ``fresh`` tokens it had to evaluate, and tokens it made."""

    fresh = made = 0

    async def request(
        self, messages: list[ModelMessage], model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> ModelResponse:
        response = await self.wrapped.request(messages, model_settings, model_request_parameters)
        self._count(response.usage)
        return response

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        async with self.wrapped.request_stream(messages, model_settings, model_request_parameters, run_context) as stream:
            yield stream
            self._count(stream.get().usage)

    def _count(self, usage: RequestUsage) -> None:
        self.fresh += usage.input_tokens - usage.cache_read_tokens
        self.made += usage.output_tokens


async def _asked(drawn: Sequence[tuple[str, Told, list[Put]]], lines: list[Line], out: Path | None, name: str) -> None:
    """Asks what has no line yet, each question in a conversation of its own, and adds its line."""
    there = {(line["question"], line["answer"]) for line in lines}
    embedder = stage.embedder()
    brain = Brain(Config() if name == "starter" else Config(brain=name), paths.find())
    await brain.start()
    if not await brain.ready():
        raise OwnmindError(brain.note)
    try:
        model = _Counted(await brain.model())
        await warm(model)
        for of, told, put in drawn:
            left = [one for one in put if (one.text, one.answer) not in there]
            if not left:
                continue
            with stage.memory(embedder, told.now) as (memory, store):
                memory.remember(told.entries, now=told.now)
                parts = Parts(memory, Brain.of(model, brain.id), store.conversations, store.settings)
                for one in left:
                    line = await _line(of, one, told, parts, model)
                    lines.append(line)
                    if out is not None:
                        with out.open("a", encoding="utf-8") as file:
                            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    finally:
        await brain.close()


async def _line(of: str, put: Put, told: Told, parts: Parts, model: _Counted) -> Line:
    fresh, made, began = model.fresh, model.made, time.perf_counter()
    reply: Reply | None = None
    async with aclosing(turn(put.text, parts=parts, conversation=None, now=told.now)) as events:
        async for event in events:
            reply = event.reply if isinstance(event, Done) else reply
    if reply is None:
        raise OwnmindError(f"no reply to {put.text!r}")
    return Line(
        set=of, kind=put.kind, question=put.text, answer=put.answer, answerable=put.answerable, reply=reply.text, known=reply.known,
        holds=None if reply.holds is None else round(reply.holds, 3), sources=[source.quote for source in reply.sources],
        seconds=round(time.perf_counter() - began, 2), first=round(reply.timings.first, 2),
        fresh_tokens=model.fresh - fresh, tokens_out=model.made - made,
    )  # fmt: skip


# Counting


def _figures(lines: Sequence[Line]) -> dict[str, object]:
    answerable, lacking = [line for line in lines if line["answerable"]], [line for line in lines if not line["answerable"]]
    kinds: dict[str, list[Line]] = defaultdict(list)
    sets = sorted({line["set"] for line in lacking})
    for line in answerable:
        kinds[line["kind"]].append(line)
    return {
        **_shares(answerable),
        "kinds": {kind: _shares(of) for kind, of in sorted(kinds.items())},
        "unanswerable": {"n": len(lacking), "said_so": _mean([not line["known"] for line in lacking])},
        "false_answers": _mean([line["known"] for line in lacking]),
        "false_answers_by_set": {of: _mean([one["known"] for one in lacking if one["set"] == of]) for of in sets},
        "seconds": _spread([line["seconds"] for line in lines]),
        "first_s": _spread([line["first"] for line in lines]),
        "fresh_tokens": _spread([line["fresh_tokens"] for line in lines]),
        "tokens_out": _spread([line["tokens_out"] for line in lines]),
    }


def _shares(lines: Sequence[Line]) -> dict[str, object]:
    said = [says(line["reply"], line["answer"]) if line["known"] else 0.0 for line in lines]
    return {
        "n": len(lines),
        "right": _mean([one >= 1 for one in said]),
        "partly": _mean([0.5 <= one < 1 for one in said]),
        "refused": _mean([not line["known"] for line in lines]),
    }


def _mean(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 3) if values else 0.0


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    p50, p95 = np.percentile(list(values), [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2), "most": round(max(values), 2)}
