"""A chat model that says what a function tells it to: for tests of our own code, never for claims about answers.

It counts its calls and keeps what it was sent, streams word by word (a word is its token), and can be slow, fail, or break off in the
middle.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic_ai import ModelMessage, ModelSettings, RequestUsage, RunContext
from pydantic_ai.messages import ModelResponseStreamEvent
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile

from ..errors import BrainNotReady
from .llama.embedded import as_pairs
from .streaming import OwnModel, OwnStream

Script = Callable[[list[tuple[str, str]]], str]


class ScriptedModel(OwnModel):
    """``script`` takes the (role, text) pairs the model is sent and gives its reply; a plain text is always the reply.

    ``delay``: seconds before every word. ``fails``: raised instead of replying. ``breaks_after``: words until the model's
    process "dies" (BrainNotReady). ``calls`` holds the pairs of every request, ``cancelled`` counts replies left early.
    """

    def __init__(
        self,
        script: Script | str = "Yes.",
        *,
        name: str = "scripted",
        delay: float = 0.0,
        fails: Exception | None = None,
        breaks_after: int | None = None,
    ) -> None:
        super().__init__(
            profile=ModelProfile(supports_json_schema_output=True, supports_tools=False, default_structured_output_mode="native")
        )
        self.script: Script = (lambda pairs: script) if isinstance(script, str) else script
        self.delay, self.fails, self.breaks_after = delay, fails, breaks_after
        self.calls: list[list[tuple[str, str]]] = []
        self.settings_seen: list[ModelSettings] = []
        self.cancelled = 0
        self._name = name

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        settings, parameters = self.prepare_request(model_settings, model_request_parameters)
        pairs: list[tuple[str, str]] = list(as_pairs(messages, parameters))
        self.calls.append(pairs)
        self.settings_seen.append(settings or {})
        if self.fails is not None:
            raise self.fails
        said = _words(self.script(pairs))
        spoken = said[: (settings or {}).get("max_tokens")]
        words = self._spoken(spoken)
        read = sum(len(text.split()) for _, text in pairs)
        stream = _Streamed(model_request_parameters=parameters, words=words, read=read, cut=len(spoken) < len(said), name=self._name)
        try:
            yield stream
        finally:
            self.cancelled += not stream.ended
            await words.aclose()

    async def _spoken(self, words: list[str]) -> AsyncGenerator[str]:
        for number, word in enumerate(words):
            if self.breaks_after == number:
                raise BrainNotReady("the chat model's process ended (scripted)", hint="say it again: it starts anew by itself")
            await asyncio.sleep(self.delay)
            yield word


@dataclass
class _Streamed(OwnStream):
    words: AsyncGenerator[str] = field(kw_only=True)
    read: int = field(kw_only=True)  # words it was sent
    cut: bool = field(kw_only=True)  # by max_tokens
    ended: bool = field(default=False, kw_only=True)

    async def close_stream(self) -> None:
        await self.words.aclose()

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        count = 0
        async for word in self.words:
            count += 1
            for event in self._parts_manager.handle_text_delta(vendor_part_id="text", content=word):
                yield event
        self.ended = True
        self._usage = RequestUsage(input_tokens=self.read, output_tokens=count)
        self.finish_reason = "length" if self.cut else "stop"
        self.provider_details = {"prompt_seconds": 0.0, "generation_seconds": 0.0}


def _words(text: str) -> list[str]:
    """The text in words with the white space before them; ``"".join`` gives it back."""
    return re.findall(r"\s*\S+|\s+$", text)
