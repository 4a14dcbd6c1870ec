"""What our runtime of the chat model costs beside the bare library, and how soon it gives way.

The same requests go to our worker and to xllamacpp alone (`bare`), each in its own process with the same threads and batch, one after
the other and in turns first, so that what else the machine does falls on both. Ratios are medians over such pairs.

``first``: seconds to the first piece of a turn in a talk whose earlier part is evaluated. ``throughput``: pieces a second after it.
``hit``: tokens not evaluated again, of those the prompt before had. ``cancel``: until the caller is free, and until the model is.
``second``: a short fresh prompt alone, and while another conversation's long one is evaluated; the difference in batches.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ..models.llama.slots import BATCH
from ..models.llama.worker import Finished, LlamaWorker, Prompt, child_environment
from . import brain_files, result

SEED = 7
_CONTEXT = 4096
_SAID = 24  # tokens of a reply
_THINGS = ("the bread", "a letter", "my sister", "the garden", "an old map", "the train", "two books", "the lamp", "our boat", "a song")
_DEEDS = ("I looked for", "I forgot", "we talked about", "I paid for", "I would like", "they brought", "you asked me about", "I dreamt of")


def run(*, n: int = 8, seed: int = SEED, brain: str = "starter", **_: object) -> dict[str, object]:
    """Ratios to the bare library over ``n`` turns, and how soon a request gives way. ``brain`` as in `brain_files`."""
    model = brain_files.file(brain)
    return result("brain-speed", asyncio.run(_measured(model, n, random.Random(seed))), n=n, seed=seed, model=model.stem)


@dataclass(frozen=True, slots=True)
class _Took:
    """One request. Seconds, and tokens; ``cpu`` are seconds of processor."""

    first: float
    last: float
    read: int
    cached: int
    said: int
    cpu: float

    @property
    def a_second(self) -> float:
        return (self.said - 1) / max(1e-6, self.last - self.first)


async def _measured(model: Path, n: int, rng: random.Random) -> dict[str, object]:
    worker = LlamaWorker(model, context=_CONTEXT)
    try:
        await worker.start()
        async with _bare(worker) as bare:
            pairs, hits = await _talk(worker, bare, n, rng)
        return {
            **_ratios(pairs),
            "hit": _spread(hits),
            "cancel_ms": await _cancelled(worker, n, rng),
            "second": await _second(worker, max(3, n // 2), rng),
        }
    finally:
        await worker.close()


async def _talk(worker: LlamaWorker, bare: _Bare, n: int, rng: random.Random) -> tuple[list[tuple[_Took, _Took]], list[float]]:
    """(ours, bare) for each turn of one talk, and what of the prompt before was not evaluated again. The first turn warms both."""
    messages: list[tuple[str, str]] = [("system", "You are a companion who answers briefly. " + _words(rng, 24))]
    pairs: list[tuple[_Took, _Took]] = []
    hits: list[float] = []
    before = 0
    for number in range(n + 1):
        messages.append(("user", _words(rng, 4)))
        if number % 2:
            theirs, ours = await bare.ask(messages), await _ask(worker, messages)
        else:
            ours, theirs = await _ask(worker, messages), await bare.ask(messages)
        if number:
            pairs.append((ours, theirs))
            hits.append(min(1.0, ours.cached / before))
        before = ours.read + ours.cached
        messages.append(("assistant", _words(rng, 1)))
    return pairs, hits


def _ratios(pairs: Sequence[tuple[_Took, _Took]]) -> dict[str, object]:
    return {
        "first_s": {"ours": _spread([ours.first for ours, _ in pairs]), "bare": _spread([bare.first for _, bare in pairs])},
        "first_ratio": _spread([ours.first / bare.first for ours, bare in pairs]),
        "fresh_tokens": {"ours": _spread([ours.read for ours, _ in pairs]), "bare": _spread([bare.read for _, bare in pairs])},
        "tokens_a_second": {"ours": _spread([ours.a_second for ours, _ in pairs]), "bare": _spread([bare.a_second for _, bare in pairs])},
        "throughput_ratio": _spread([ours.a_second / bare.a_second for ours, bare in pairs]),
        "cpu_ratio": _spread([ours.cpu / max(0.01, bare.cpu) for ours, bare in pairs]),
    }


async def _cancelled(worker: LlamaWorker, n: int, rng: random.Random) -> dict[str, object]:
    """Milliseconds until the caller is free and until the model is, left in the middle of a reply and of a prompt."""
    figures: dict[str, object] = {}
    for where in ("reply", "prompt"):
        released, stopped = [], []
        for number in range(n):
            text = "Tell me a long story." if where == "reply" else _words(rng, 60)
            stream = worker.stream(Prompt((("user", text),), max_tokens=400, conversation=f"{where} {number}"))
            listening = asyncio.create_task(_until_first(stream, forever=where == "prompt"))
            await (asyncio.sleep(0.3) if where == "prompt" else listening)
            began = time.perf_counter()
            listening.cancel()
            await asyncio.wait([listening])
            await stream.aclose()
            released.append((time.perf_counter() - began) * 1000)
            while worker.is_busy:  # noqa: ASYNC110  # it tells nobody when it has stopped
                await asyncio.sleep(0.002)
            stopped.append((time.perf_counter() - began) * 1000)
        figures[where] = {"caller": _spread(released), "model": _spread(stopped)}
    return figures


async def _second(worker: LlamaWorker, n: int, rng: random.Random) -> dict[str, object]:
    alone, beside, waited = [], [], []
    for number in range(n):
        short = Prompt((("user", f"{number}. {_words(rng, 1)}"),), max_tokens=1, conversation=f"short {number}")
        began = time.perf_counter()
        end = await _end(worker.stream(short))
        alone.append(time.perf_counter() - began)
        batch = BATCH * end.prompt_seconds / max(1, end.prompt_tokens - end.cached_tokens)  # by the pace of this very prompt
        long = asyncio.create_task(_end(worker.stream(Prompt((("user", _words(rng, 60)),), max_tokens=1, conversation=f"long {number}"))))
        await asyncio.sleep(0.1)
        again = Prompt((("user", f"{number + n}. {_words(rng, 1)}"),), max_tokens=1, conversation=f"again {number}")
        began = time.perf_counter()
        await _end(worker.stream(again))
        beside.append(time.perf_counter() - began)
        waited.append((beside[-1] - alone[-1]) / batch)
        long.cancel()
        await asyncio.wait([long])
        while worker.is_busy:  # noqa: ASYNC110  # it tells nobody when it has stopped
            await asyncio.sleep(0.01)
    return {"alone_s": _spread(alone), "beside_s": _spread(beside), "waited_batches": _spread(waited)}


async def _ask(worker: LlamaWorker, messages: Sequence[tuple[str, str]]) -> _Took:
    prompt = Prompt(tuple(messages), max_tokens=_SAID, conversation="talk")  # type: ignore[arg-type]  # roles are plain strings here
    began, cpu = time.perf_counter(), _cpu(worker.pid)
    first = last = 0.0
    async for piece in worker.stream(prompt):
        if isinstance(piece, Finished):
            spent = _cpu(worker.pid) - cpu
            return _Took(first, last, piece.prompt_tokens - piece.cached_tokens, piece.cached_tokens, piece.generated_tokens, spent)
        last = time.perf_counter() - began
        first = first or last
    raise AssertionError("a stream ends with Finished")


class _Bare:
    """The library alone, in its own process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, messages: Sequence[tuple[str, str]]) -> _Took:
        assert self._process.stdin is not None and self._process.stdout is not None
        cpu = _cpu(self._process.pid)
        request = {"messages": [{"role": role, "content": text} for role, text in messages], "max_tokens": _SAID}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        heard = json.loads(await self._process.stdout.readline())
        spent = _cpu(self._process.pid) - cpu
        return _Took(heard["first"], heard["last"], heard["read"], heard["cached"], heard["said"], spent)


@asynccontextmanager
async def _bare(worker: LlamaWorker) -> AsyncGenerator[_Bare]:
    arguments = [str(worker.model), *map(str, (worker.threads, worker.prompt_threads, _CONTEXT, BATCH))]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "ownmind.bench.bare", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=child_environment(),
    )
    try:
        assert process.stdout is not None
        await process.stdout.readline()
        yield _Bare(process)
    finally:
        process.kill()
        await process.wait()


async def _until_first(stream: AsyncGenerator[object], *, forever: bool) -> None:
    async for _ in stream:
        if not forever:
            return


async def _end(stream: AsyncGenerator[object]) -> Finished:
    async with aclosing(stream) as pieces:
        async for piece in pieces:
            if isinstance(piece, Finished):
                return piece
    raise AssertionError("a stream ends with Finished")


def _words(rng: random.Random, sentences: int) -> str:
    return " ".join(f"On day {rng.randrange(1000)} {rng.choice(_DEEDS)} {rng.choice(_THINGS)}." for _ in range(sentences))


def _cpu(pid: int | None) -> float:
    """Seconds of processor a process has used; 0 where the system does not say it this way."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 3),
        "least": round(ordered[0], 3),
        "most": round(ordered[-1], 3),
    }
