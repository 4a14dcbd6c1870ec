"""A chat model on another machine, behind the agent library's own model interface.

It sends what it is given: whoever holds one stands behind the veil (``agent/remote/veiled.py``) or tests this file. Every request
goes through ``egress.transport``, so its row is in the ledger first, and each is one request: nothing is asked again by itself,
because it would cost again. What goes wrong is said in words with what to do; no word of what was sent or answered is in them.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

import httpx
from pydantic_ai import ModelMessage, ModelSettings, RequestUsage, RunContext
from pydantic_ai.messages import ModelResponseStreamEvent
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile

from ...egress.door import Outlet
from ...egress.transport import AsyncTransport, Limits, Transport
from ...errors import KeyRefused, RemoteFailed
from ..streaming import StreamingModel
from . import chat as chat_wire
from . import gemini as gemini_wire
from . import messages as messages_wire
from .endpoint import Endpoint
from .wires import Call, CutOff, Delta, Garbled, Thought, Usage, Wire

if TYPE_CHECKING:
    from pydantic_ai.messages import FinishReason

LIMITS = Limits(connect=20.0, idle=60.0, total=300.0, most_in=16 << 20)
WIRES: dict[str, Wire] = {"chat": chat_wire, "messages": messages_wire, "gemini": gemini_wire}
LISTING = {"chat": chat_wire.LISTING, "messages": messages_wire.LISTING, "gemini": gemini_wire.LISTING}
_MOST_REASON = 1 << 16  # bytes of a refusal that are looked at
_A_DAY = 86_400.0


class RemoteModel(StreamingModel):
    """``outlet``: the way out; ``purpose`` and ``item_ids`` stand in the ledger's row. ``key`` may be "" where none is asked for."""

    def __init__(self, at: Endpoint, key: str, outlet: Outlet, *, purpose: str, item_ids: tuple[str, ...] = ()) -> None:
        super().__init__(profile=ModelProfile(supports_json_schema_output=True, supports_tools=True))
        self.at = at
        self._wire = WIRES[at.wire]
        self._key, self._outlet, self._purpose, self._item_ids = key, outlet, purpose, item_ids

    @property
    def model_name(self) -> str:
        return self.at.model

    @property
    def system(self) -> str:
        return self.at.destination

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        settings, parameters = self.prepare_request(model_settings, model_request_parameters)
        settings = settings or {}
        most = min(settings.get("max_tokens", self.at.most_tokens), self.at.most_tokens)
        content = self._wire.body(self.at.model, messages, settings, parameters, most_tokens=most, ways=self.at.ways)
        transport = AsyncTransport(Transport(self._outlet, self._purpose, item_ids=self._item_ids, limits=LIMITS))
        url = f"{self.at.url}{self._wire.path(self.at.model)}"
        headers = asking(self._wire, self._key) | {"Content-Type": "application/json", "Accept": "text/event-stream"}
        async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=None) as http:  # noqa: S113  # the broker keeps the time
            try:
                async with http.stream("POST", url, content=content, headers=headers) as answer:
                    if answer.status_code != httpx.codes.OK:
                        raise refused(answer.status_code, await _some(answer), answer.headers, self.at)
                    yield _Streamed(model_request_parameters=parameters, answer=answer, at=self.at, wire=self._wire)
            except httpx.HTTPError as error:
                raise failed(error, self.at) from error
            except Garbled as error:
                raise _garbled(error, self.at) from error


def asking(wire: Wire, key: str) -> dict[str, str]:
    """The headers of every request: nothing in them tells one home from another but the key."""
    return {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "ownmind"} | wire.headers(key)


async def _some(answer: httpx.Response) -> bytes:
    """The beginning of a refusal, looked at for its reason and shown to nobody."""
    held = b""
    async for piece in answer.aiter_raw():
        held += piece
        if len(held) >= _MOST_REASON:
            break
    return held[:_MOST_REASON]


@dataclass
class _Streamed(StreamedResponse):
    answer: httpx.Response = field(kw_only=True)
    at: Endpoint = field(kw_only=True)
    wire: Wire = field(kw_only=True)
    started: datetime = field(default_factory=lambda: datetime.now(UTC), kw_only=True)
    counted: Usage | None = field(default=None, kw_only=True)  # so far; it is the bill once the answer has ended

    @property
    def model_name(self) -> str:
        return self.at.model

    @property
    def provider_name(self) -> str:
        return self.at.destination

    @property
    def provider_url(self) -> str:
        return self.at.url

    @property
    def timestamp(self) -> datetime:
        return self.started

    async def close_stream(self) -> None:
        await self.answer.aclose()

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        ended = ""
        try:
            async for delta in self._deltas():
                for event in self._events(delta):
                    yield event
                ended = delta.finish or ended
        except httpx.HTTPError as error:
            raise failed(error, self.at) from error
        except Garbled as error:
            raise _garbled(error, self.at) from error
        if self.counted is not None:
            self._usage = RequestUsage(
                input_tokens=self.counted.sent,
                output_tokens=self.counted.came,
                cache_read_tokens=self.counted.cached,
                cache_write_tokens=self.counted.kept,
            )
            self.provider_details = {"usage": self.counted}
        self.finish_reason = cast("FinishReason | None", ended or None)  # cast: our wires write the words of the library's own list
        if ended in ("content_filter", "error"):
            said = "does not answer that" if ended == "content_filter" else "broke off"
            raise RemoteFailed(f"{self.at.destination} {said}", hint="ask in other words, or here", may_cost=True)

    async def _deltas(self) -> AsyncIterator[Delta]:
        if self.answer.headers.get("content-type", "").startswith("application/json"):
            yield self.wire.whole(await self.answer.aread())
            return
        async for delta in self.wire.deltas(self.answer.aiter_raw()):
            yield delta

    def _events(self, delta: Delta) -> list[ModelResponseStreamEvent]:
        events: list[ModelResponseStreamEvent] = []
        if delta.thought is not None:
            events += self._thought(delta.thought)
        if delta.text:
            events += self._parts_manager.handle_text_delta(vendor_part_id="text", content=delta.text)
        for call in delta.calls:
            events += self._called(call)
        self.counted = delta.usage or self.counted
        return events

    def _thought(self, thought: Thought) -> list[ModelResponseStreamEvent]:
        return (
            [
                *self._parts_manager.handle_thinking_delta(
                    vendor_part_id=f"thought {thought.index}",
                    content=thought.text or ("" if thought.signature else None),
                    id=messages_wire.HIDDEN if thought.is_hidden else None,
                    signature=thought.signature or None,
                    provider_name=self.at.destination,
                )
            ]
            if thought.text or thought.signature
            else []
        )

    def _called(self, call: Call) -> list[ModelResponseStreamEvent]:
        details = {gemini_wire.SIGNATURE: call.signature} if call.signature else None
        return [
            *self._parts_manager.handle_tool_call_delta_events(
                vendor_part_id=call.index,
                tool_name=call.name or None,
                args=call.arguments or None,
                tool_call_id=call.id or None,
                provider_name=self.at.destination if details else None,
                provider_details=details,
            )
        ]


# What goes wrong, in words


def refused(status: int, body: bytes, headers: httpx.Headers, at: Endpoint) -> Exception:
    """The error for an answer that is none. Its body is not shown: it may repeat what was sent, or anything else; only known words of it
    count, because some say with one status that the key is wrong and that the question is."""
    again = rests(headers.get("retry-after", ""), datetime.now(UTC))
    if status in (401, 403) or b"API_KEY_INVALID" in body:
        return KeyRefused(f"{at.destination} does not take the key", hint=f"give a new one: `ownmind brain key {at.provider}`")
    if status == 402 or b"insufficient_quota" in body or b"billing_error" in body or b"credit balance is too low" in body:
        return RemoteFailed(f"{at.destination} wants to be paid first: your quota there is used up", hint="look at your account there")
    match status:
        case 404:
            return RemoteFailed(f"{at.destination} has no model “{at.model}” at that address", hint="`ownmind brain` shows both")
        case 413:
            return RemoteFailed(f"that was too long for {at.destination}", hint="ask about less at once")
        case 429:
            when = f"in {again:.0f} seconds" if again else "in a while"
            return RemoteFailed(f"{at.destination} is asked too much or your limit there is reached", hint=f"ask again {when}", rests=again)
        case _ if status >= 500:
            return RemoteFailed(f"{at.destination} is out of order ({status})", hint="ask again later", may_cost=True, rests=again)
    if b"context_length_exceeded" in body:
        return RemoteFailed(f"that was too long for {at.destination}", hint="ask about less at once")
    return RemoteFailed(f"{at.destination} refused the request ({status})", hint="`ownmind brain` shows its address and model")


def rests(said: str, now: datetime) -> float:
    """The seconds that a Retry-After header asks for (RFC 9110, section 10.2.3: seconds, or a date), a day at most; 0 for none."""
    text = said.strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return min(float(text), _A_DAY)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now).total_seconds()), _A_DAY)


def failed(error: httpx.HTTPError, at: Endpoint) -> Exception:
    match error:
        case httpx.ConnectError():
            return RemoteFailed(
                f"{at.destination} cannot be reached: {error}", hint="is there a network? `ownmind brain` shows the address"
            )
        case httpx.TimeoutException():
            return RemoteFailed(f"{at.destination} took too long", hint="ask again later", may_cost=True)
    return RemoteFailed(f"the connection to {at.destination} broke off", hint="ask again", may_cost=True)


def _garbled(error: Garbled, at: Endpoint) -> Exception:
    if isinstance(error, CutOff):
        return RemoteFailed(f"{at.destination} stopped in the middle of its answer", hint="ask again", may_cost=True)
    hint = "is this the address of such a server? `ownmind brain` shows it"
    return RemoteFailed(f"what {at.destination} answered cannot be read: {error}", hint=hint, may_cost=True)
