"""``ownmind bench clients``: a hundred programs' requests at once, and five hundred, against the real server in a process of its own:
a third of them chat completions, a third the same streamed, a third Anthropic's messages, streamed.

Counts what became of every request (answered whole, refused in the API's shape with Retry-After, or anything else, which is a fault),
how long answers took, how long the page's own question took meanwhile, and how much memory it cost. The model is scripted and says in
each answer how many it was answering just then, so that the end of the line is seen from outside.

The control is the same server without an end to its line: then all requests are at the model at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pydantic_ai import ModelMessage, ModelSettings, RunContext
from pydantic_ai.models import ModelRequestParameters, StreamedResponse

from ..channels.attach import Attached
from ..channels.openai import line
from ..channels.web import programs
from ..guard.clients import Scope
from ..models.scripted import ScriptedModel
from . import result
from .served import Served, served, serving
from .web.proper import opened

CROWDS = (100, 500)
QUICK = (100,)
_WORD = 0.01  # seconds the scripted model takes for one
_PAGE_EVERY = 0.1  # seconds between the page's questions
_PATIENCE = 240.0  # seconds for a whole crowd
_UNBOUNDED = "--unbounded"


@dataclass
class Seen:
    """What became of one crowd. Seconds."""

    statuses: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)  # of those answered
    page: list[float] = field(default_factory=list)
    at_once: int = 0  # most the model was answering together
    faults: list[str] = field(default_factory=list)


class Counting(ScriptedModel):
    """Says how many it is answering."""

    def __init__(self) -> None:
        super().__init__(lambda pairs: f"{self.running} at once, and all is calm here today.", delay=_WORD)
        self.running = 0

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        self.running += 1
        try:
            async with super().request_stream(messages, model_settings, model_request_parameters, run_context) as stream:
                yield stream
        finally:
            self.running -= 1


def run(*, quick: bool = False, **_: object) -> dict[str, object]:
    """``faults`` is to be 0; ``control`` is the same without an end to the line."""
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        crowds = {number: _crowd(Path(name) / f"bounded{number}", number, ()) for number in (QUICK if quick else CROWDS)}
        loose, loose_memory = _crowd(Path(name) / "unbounded", 100 if quick else 500, (_UNBOUNDED,))
    faults = [fault for seen, _ in crowds.values() for fault in seen.faults]
    over = [number for number, (seen, _) in crowds.items() if seen.at_once > line.AT_ONCE]
    figures: dict[str, object] = {"faults": len(faults) + len(over), "which": sorted(set(faults))[:10]}
    for number, (seen, memory) in crowds.items():
        figures[f"{number} at once"] = {**_told(seen), "memory_peak_mb": memory}
    control = {**_told(loose), "memory_peak_mb": loose_memory, "fails": loose.at_once > line.AT_ONCE}
    return result("clients", figures, n=sum(crowds), seed=None, control=control)


def _crowd(folder: Path, number: int, flags: tuple[str, ...]) -> tuple[Seen, float]:
    """What became of ``number`` requests sent at once, and how many MB the server held at most."""
    folder.mkdir()
    with served(folder / "home", module=__name__, flags=flags) as running:
        cookie = opened(running, running.token)
        with Attached(running.socket) as mind:
            key = mind.clients.add("bench", (Scope.TALK, Scope.MODEL)).key
        asyncio.run(_ask(running, key, cookie, 4))  # the agent library is imported now, not under the clock
        seen = asyncio.run(_ask(running, key, cookie, number))
        peak = round(running.memory() / 1e6, 1)
        if not running.is_alive:
            seen.faults.append("the server died")
    return seen, peak


async def _ask(running: Served, key: str, cookie: str, number: int) -> Seen:
    seen, limits = Seen(), httpx.Limits(max_connections=None)
    headers = {"authorization": f"Bearer {key}", "connection": "close"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}", limits=limits, timeout=_PATIENCE, trust_env=False) as http:
        page = asyncio.create_task(_look(http, cookie, seen))
        await asyncio.gather(*(_one(http, headers, at, seen) for at in range(number)))
        page.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await page
    return seen


async def _one(http: httpx.AsyncClient, headers: dict[str, str], at: int, seen: Seen) -> None:
    form = _FORMS[at % len(_FORMS)]
    body = {"model": "brain", "max_tokens": 100, "messages": [{"role": "user", "content": f"Question {at}"}], "stream": form.is_streamed}
    began = time.perf_counter()
    try:
        answer = await http.post(form.path, json=body, headers=headers)
    except httpx.HTTPError as error:
        seen.faults.append(type(error).__name__)
        return
    seen.statuses[str(answer.status_code)] += 1
    if answer.status_code == 200:
        seen.took.append(time.perf_counter() - began)
        said = form.said(answer)
        if not said.endswith("all is calm here today."):
            seen.faults.append("an answer is not whole")
        seen.at_once = max(seen.at_once, int(said.partition(" ")[0]))
    elif answer.status_code != 429 or "retry-after" not in answer.headers or not form.is_shaped(answer.json()):
        seen.faults.append(f"status {answer.status_code}")


async def _look(http: httpx.AsyncClient, cookie: str, seen: Seen) -> None:
    """The person at the page, who asks for something every tenth of a second."""
    while True:
        began = time.perf_counter()
        try:
            answer = await http.get("/api/status", headers={"cookie": cookie, "sec-fetch-site": "same-origin", "connection": "close"})
        except httpx.HTTPError as error:
            seen.faults.append(f"the page: {type(error).__name__}")
            continue
        seen.page.append(time.perf_counter() - began)
        if answer.status_code != 200:
            seen.faults.append(f"the page got {answer.status_code}")
        await asyncio.sleep(_PAGE_EVERY)


def _whole(answer: httpx.Response) -> str:
    return str(answer.json()["choices"][0]["message"]["content"])


def _streamed(answer: httpx.Response) -> str:
    """The text of a stream of chat completions; "" of one that is not whole."""
    lines = _data(answer)
    if not lines or lines[-1] != "[DONE]":
        return ""
    return "".join(json.loads(one)["choices"][0]["delta"].get("content") or "" for one in lines[:-1])


def _of_events(answer: httpx.Response) -> str:
    """The text of a stream of Anthropic's; "" of one that is not whole."""
    events = [json.loads(one) for one in _data(answer)]
    if not events or events[-1]["type"] != "message_stop":
        return ""
    return "".join(one["delta"]["text"] for one in events if one["type"] == "content_block_delta")


def _data(answer: httpx.Response) -> list[str]:
    return [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]


def _is_openais(told: Mapping[str, object]) -> bool:
    error = told.get("error")
    return isinstance(error, dict) and set(error) == {"message", "type", "param", "code"}


def _is_anthropics(told: Mapping[str, object]) -> bool:
    error = told.get("error")
    return told.get("type") == "error" and isinstance(error, dict) and set(error) == {"type", "message"}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to ask: where, how its answer is read, and what its refusals look like."""

    path: str
    is_streamed: bool
    said: Callable[[httpx.Response], str]
    is_shaped: Callable[[Mapping[str, object]], bool]


_FORMS = (
    Form("/v1/chat/completions", False, _whole, _is_openais),
    Form("/v1/chat/completions", True, _streamed, _is_openais),
    Form("/v1/messages", True, _of_events, _is_anthropics),
)


def _told(seen: Seen) -> dict[str, object]:
    return {
        "answered": seen.statuses["200"],
        "refused_in_shape": seen.statuses["429"],
        "at_the_model_together": seen.at_once,
        "answer_p50": _at(seen.took, 0.5),
        "answer_p95": _at(seen.took, 0.95),
        "page_p50": _at(seen.page, 0.5),
        "page_p95": _at(seen.page, 0.95),
    }


def _at(values: list[float], share: float) -> float:
    """The value below which ``share`` of them lie; 0 for none."""
    if len(values) < 2:
        return round(values[0], 3) if values else 0.0
    return round(statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1], 3)


def _main() -> None:
    if _UNBOUNDED in sys.argv[2:]:
        line.AT_ONCE = line.WAITING = programs.AT_ONCE = 10**6
    asyncio.run(serving(Path(sys.argv[1]), Counting()))


if __name__ == "__main__":
    _main()
