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
from typing import TYPE_CHECKING, cast

import httpx
from pydantic_ai import ModelMessage, ModelSettings, RequestUsage, RunContext
from pydantic_ai.messages import ModelResponseStreamEvent
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile

from ..egress.door import Outlet
from ..egress.transport import AsyncTransport, Limits, Transport
from ..errors import KeyRefused, RemoteFailed
from .chat_wire import CutOff, Delta, Garbled, body, deltas, whole
from .endpoint import SET, Endpoint
from .streaming import StreamingModel

if TYPE_CHECKING:
    from pydantic_ai.messages import FinishReason

LIMITS = Limits(connect=20.0, idle=60.0, total=300.0, most_in=16 << 20)


class RemoteModel(StreamingModel):
    """``outlet``: the way out; ``purpose`` and ``item_ids`` stand in the ledger's row. ``key`` may be "" where none is asked for."""

    def __init__(self, at: Endpoint, key: str, outlet: Outlet, *, purpose: str, item_ids: tuple[str, ...] = ()) -> None:
        super().__init__(profile=ModelProfile(supports_json_schema_output=True, supports_tools=True))
        self.at = at
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
        content = body(self.at.model, messages, settings, parameters, most_tokens=most)
        transport = AsyncTransport(Transport(self._outlet, self._purpose, item_ids=self._item_ids, limits=LIMITS))
        async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=None) as http:  # noqa: S113  # the broker keeps the time
            try:
                async with http.stream("POST", f"{self.at.url}/chat/completions", content=content, headers=self._headers()) as answer:
                    if answer.status_code != httpx.codes.OK:
                        raise _refused(answer, self.at)
                    yield _Streamed(model_request_parameters=parameters, answer=answer, at=self.at)
            except httpx.HTTPError as error:
                raise _failed(error, self.at) from error
            except Garbled as error:
                raise _garbled(error, self.at) from error

    def _headers(self) -> dict[str, str]:
        """Nothing that tells one home from another but the key."""
        said = {"Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "identity", "User-Agent": "ownmind"}
        return said | ({"Authorization": f"Bearer {self._key}"} if self._key else {})


@dataclass
class _Streamed(StreamedResponse):
    answer: httpx.Response = field(kw_only=True)
    at: Endpoint = field(kw_only=True)
    started: datetime = field(default_factory=lambda: datetime.now(UTC), kw_only=True)

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
        try:
            async for delta in self._deltas():
                for event in self._events(delta):
                    yield event
        except httpx.HTTPError as error:
            raise _failed(error, self.at) from error
        except Garbled as error:
            raise _garbled(error, self.at) from error

    async def _deltas(self) -> AsyncIterator[Delta]:
        if self.answer.headers.get("content-type", "").startswith("application/json"):
            yield whole(await self.answer.aread())
            return
        async for delta in deltas(self.answer.aiter_raw()):
            yield delta

    def _events(self, delta: Delta) -> list[ModelResponseStreamEvent]:
        events: list[ModelResponseStreamEvent] = []
        if delta.text:
            events += self._parts_manager.handle_text_delta(vendor_part_id="text", content=delta.text)
        for index, call_id, name, arguments in delta.calls:
            events += self._parts_manager.handle_tool_call_delta_events(
                vendor_part_id=index, tool_name=name or None, args=arguments or None, tool_call_id=call_id or None
            )
        if delta.usage is not None:
            self._usage = RequestUsage(input_tokens=delta.usage[0], output_tokens=delta.usage[1])
            self.provider_details = {"usage": list(delta.usage)}
        if delta.finish:
            known = {"stop": "stop", "length": "length", "tool_calls": "tool_call", "content_filter": "content_filter"}
            self.finish_reason = cast("FinishReason | None", known.get(delta.finish))  # cast: the words of the library's own list
        return events


def _refused(answer: httpx.Response, at: Endpoint) -> Exception:
    """The error for an answer that is none. Its body is not shown: it may repeat what was sent, or anything else."""
    match answer.status_code:
        case 401 | 403:
            return KeyRefused(f"{at.destination} does not take the key", hint=f"give a new one: {SET}")
        case 402:
            return RemoteFailed(
                f"{at.destination} wants to be paid first", hint="look at your account there; answers come from here meanwhile"
            )
        case 404:
            return RemoteFailed(f"{at.destination} has no model “{at.model}” at that address", hint="`ownmind brain` shows both")
        case 413:
            return RemoteFailed(f"that was too long for {at.destination}", hint="ask about less at once")
        case 429:
            wait = answer.headers.get("retry-after", "")
            when = f"in {wait} seconds" if wait.isdecimal() and len(wait) < 6 else "in a while"
            return RemoteFailed(f"{at.destination} is asked too much or your limit there is reached", hint=f"ask again {when}")
        case status if status >= 500:
            return RemoteFailed(f"{at.destination} is out of order ({status})", hint="ask again later", may_cost=True)
    return RemoteFailed(f"{at.destination} refused the request ({answer.status_code})", hint="`ownmind brain` shows its address and model")


def _failed(error: httpx.HTTPError, at: Endpoint) -> Exception:
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
    hint = "is this the address of a chat completions server? `ownmind brain` shows it"
    return RemoteFailed(f"what {at.destination} answered cannot be read: {error}", hint=hint, may_cost=True)
