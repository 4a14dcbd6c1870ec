"""How good and how fast a model is on this machine: a check of two minutes at most, each answer judged by code.

Speed is what llama.cpp counts while it evaluates what is new of each prompt, and while it speaks. Tools are offered through the same
interface the house uses. It waits behind the person: who talks meanwhile is not held up, and the figures are then lower than they could
be.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ...errors import BadInput, BrainNotReady
from ...messages import Progress
from ..brain import Brain, as_model, resident
from ..llama.worker import LlamaWorker, Slot
from .checked import Checked, Score
from .measure_items import EXAMPLES, ITEMS, KINDS, NOTES, TOOLS, UNKNOWN, Item
from .underway import Say, Stopped

if TYPE_CHECKING:
    from pydantic_ai import ModelMessage, ModelResponse, ToolDefinition
    from pydantic_ai.models import Model

    from ..llama.embedded import EmbeddedSettings

T = TypeVar("T")
MOST_SECONDS = 120.0
_MOST_TOKENS = 40  # of one reply
_LOOK = 0.1  # seconds between two looks at whether to stop


class _OverError(Exception):
    """The time is up, or the person said stop. ``args[0]`` says which."""


@dataclass
class _Run:
    """One check under way."""

    model: Model
    until: float
    stopped: Stopped
    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    fresh: int = 0  # tokens of prompts that were evaluated, and the seconds it took
    read: float = 0.0
    spoken: int = 0  # tokens that were said, and the seconds it took
    said: float = 0.0
    first_word: float = 0.0

    def heard(self, reply: ModelResponse) -> None:
        """Counts what a reply cost."""
        details, usage = reply.provider_details or {}, reply.usage
        self.fresh += usage.input_tokens - usage.cache_read_tokens
        self.read += float(details.get("prompt_seconds") or 0)
        self.spoken += usage.output_tokens
        self.said += float(details.get("generation_seconds") or 0)

    async def within(self, work: Coroutine[object, object, T]) -> T:
        """What ``work`` gives; raises _OverError the moment there is no more time for it or it is no longer wanted."""
        task = asyncio.create_task(work)
        try:
            while not task.done():
                if self.stopped():
                    raise _OverError("stopped")
                if time.monotonic() >= self.until:
                    raise _OverError("the time was over")
                await asyncio.wait([task], timeout=_LOOK)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])


async def check(
    brain: Brain | None, path: Path, *, id: str, sha256: str, say: Say, stopped: Stopped, now: datetime, seconds: float = MOST_SECONDS
) -> Checked:
    """The check of the model in ``path``; of ``brain``'s own when it is the one in use, else in a process of its own that ends with it.

    Ends after ``seconds`` with what it has. Raises BrainNotReady when the model cannot be loaded."""
    began = time.monotonic()
    worker = None if brain is not None else LlamaWorker(path)
    note, memory = "", 0
    run: _Run | None = None
    try:
        say(Progress(f"check {id}", 0, len(ITEMS), "tasks", "loading"))
        if worker is not None:
            await _loaded(worker, seconds)
        model = await brain.model() if brain is not None else await asyncio.to_thread(as_model, worker, id)  # type: ignore[arg-type]  # it is there
        run = _Run(model, began + seconds, stopped)
        begins = time.monotonic()
        await run.within(_first_word(model))
        run.first_word = time.monotonic() - begins
        for number, item in enumerate(_in_turn(ITEMS), 1):
            say(Progress(f"check {id}", number, len(ITEMS), "tasks", item.kind))
            is_right = await run.within(_is_right(run, item))
            run.of[item.kind] += 1
            run.right[item.kind] += is_right
    except _OverError as error:
        note = f"{error.args[0]}: {run.of.total() if run is not None else 0} of {len(ITEMS)} tasks were done"
    except BrainNotReady as error:
        if run is None:
            raise
        note = f"its process ended in the middle: {error.message}"
    finally:
        memory = resident(brain.pid if brain is not None else worker.pid if worker is not None else None)
        if worker is not None:
            await worker.close()
    held = run or _Run(model, began, stopped)
    scores = tuple(Score(kind, held.right[kind], held.of[kind]) for kind in KINDS)
    reads, speaks = held.fresh / held.read if held.read else 0.0, held.spoken / held.said if held.said else 0.0
    return Checked(id, now, sha256, reads, speaks, held.first_word, memory, scores, time.monotonic() - began, note)


async def _loaded(worker: LlamaWorker, seconds: float) -> None:
    try:
        await asyncio.wait_for(worker.start(), seconds)
    except TimeoutError as error:
        raise BrainNotReady(
            "it was not loaded within two minutes", hint="the disk or the memory is too slow for it; choose a smaller one"
        ) from error


async def _first_word(model: Model) -> None:
    from pydantic_ai import ModelRequest, UserPromptPart
    from pydantic_ai.models import ModelRequestParameters

    asked: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart("Good morning! Tell me something about herons.")])]
    async with model.request_stream(asked, _settings(16), ModelRequestParameters()) as stream:
        async for _ in stream:
            return


async def _is_right(run: _Run, item: Item) -> bool:
    if item.kind == TOOLS:
        return await _calls_right(run.model, item)
    examples = EXAMPLES if item.kind in (NOTES, UNKNOWN) else ()
    try:
        reply = await _ask(run.model, examples, item.ask)
    except BadInput:  # a window too small for it
        return False
    run.heard(reply)
    return item.right(_said(reply))


async def _calls_right(model: Model, item: Item) -> bool:
    """Whether the one tool meant is called, with what it must be told; or none where none is meant."""
    from pydantic_ai import ModelRequest, ToolCallPart, UserPromptPart
    from pydantic_ai.models import ModelRequestParameters

    asked: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart(item.ask)])]
    try:
        reply = await model.request(asked, _settings(96, "tools"), ModelRequestParameters(function_tools=_tools(), allow_text_output=True))
    except BadInput:
        return False
    calls = [part for part in reply.parts if isinstance(part, ToolCallPart)]
    if not item.tool:
        return not calls
    if [call.tool_name for call in calls] != [item.tool]:
        return False
    try:
        given = calls[0].args_as_dict()
    except ValueError:
        return False
    return all(re.search(pattern, str(given.get(name, "")), re.IGNORECASE) for name, pattern in item.holds.items())


async def _ask(model: Model, examples: Sequence[tuple[str, str]], text: str) -> ModelResponse:
    from pydantic_ai import ModelRequest, ModelResponse, TextPart, UserPromptPart
    from pydantic_ai.models import ModelRequestParameters

    messages: list[ModelMessage] = []
    settings = _settings(_MOST_TOKENS, "notes" if examples else "")
    for asked, answered in examples:
        messages += [ModelRequest(parts=[UserPromptPart(asked)]), ModelResponse(parts=[TextPart(answered)])]
    return await model.request([*messages, ModelRequest(parts=[UserPromptPart(text)])], settings, ModelRequestParameters())


def _settings(most: int, beginning: str = "") -> EmbeddedSettings:
    """Behind the person's own turns, and in a cache of its own so that their prompt stays warm; one for each ``beginning`` of a prompt."""
    from ..llama.embedded import EmbeddedSettings

    return EmbeddedSettings(max_tokens=most, temperature=0.0, slot=Slot.FREE, conversation=f"check {beginning}", background=True)


def _said(reply: ModelResponse) -> str:
    """The words of a reply, without what a model that thinks aloud said before them."""
    from pydantic_ai import TextPart

    text = "".join(part.content for part in reply.parts if isinstance(part, TextPart))
    return re.sub(r"(?s)^.*</think>", "", text)


def _in_turn(items: Sequence[Item]) -> Iterator[Item]:
    """One of each kind after the other, so that a check that is cut has something to say about all."""
    queues = [[item for item in items if item.kind == kind] for kind in KINDS]
    for row in range(max(map(len, queues))):
        yield from (queue[row] for queue in queues if row < len(queue))


def _tools() -> list[ToolDefinition]:
    from pydantic_ai import ToolDefinition

    def tool(name: str, about: str, **takes: str) -> ToolDefinition:
        properties = {each: {"type": "string", "description": words} for each, words in takes.items()}
        return ToolDefinition(
            name=name, description=about, parameters_json_schema={"type": "object", "properties": properties, "required": [*takes]}
        )

    return [
        tool("set_alarm", "Sets an alarm to wake the person", time="when, as HH:MM"),
        tool("add_to_list", "Puts a thing on the shopping list", thing="what to buy"),
        tool("weather", "Tells the weather of a place", place="the town"),
        tool("send_message", "Sends a message to somebody", to="who gets it", text="what it says"),
        tool("search_notes", "Looks something up in the person's own notes", words="what to look for"),
    ]
