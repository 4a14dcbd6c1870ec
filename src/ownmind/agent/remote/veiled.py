"""A remote model behind the veil: what any loop holds instead of the model itself.

Whatever is about to be sent (order, talk, notes, tools, their results) is taken apart into labelled parts, what is secret by its label
or its shape stays here, the rest is veiled, and only that is handed on. Nothing else reaches the model: a kind of message that has no parts
here is refused. The reply comes back with the real values as it streams, and so do the arguments of tool calls.

The door decides whether it may go (``egress.door``): a permission for this destination and purpose with room for the worst this call
can cost, or the person's yes to this very text (``yes`` is its seal). The caps of the month hold besides (``budget.py``). What it did cost
is written afterwards; where nobody lived to hear the bill, the worst stays counted.

A model that calls tools is asked again with their results: each of these requests is another text. A standing permission covers them; a yes
to one text does not, so such a question is asked without tools (``consented.py``).
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import cast

import apsw
from pydantic_ai import ModelMessage, ModelSettings, RunContext
from pydantic_ai.messages import (
    ModelResponse,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ToolCallPart,
)
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile

from ...egress.door import Door, Outlet
from ...errors import DoorClosed, KeyRefused, Refused, RemoteFailed
from ...guard.labels import NEUTRAL
from ...guard.preview import Part, Preview, Price, cut, may_go, parted
from ...guard.pseudonyms import Restoring
from ...guard.scope import Scope
from ...models.elsewhere.endpoint import Endpoint
from ...models.elsewhere.remote import RemoteModel
from ...models.elsewhere.wires import Usage
from ...models.streaming import StreamingModel
from ...store.permissions import Permissions
from .budget import Bill, Budget
from .outgoing import as_json, leaves, through

_BETWEEN = "\n\n"  # of two messages in the text that is shown


class Unconsented(DoorClosed):
    """Nobody said yes to this, or the cap leaves no room. ``shown`` is what would have left."""

    def __init__(self, message: str, shown: Preview, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.shown = shown


class VeiledModel(StreamingModel):
    """``scope``: where its pseudonyms hold. ``lock``: one of all who choose pseudonyms in this home. ``yes``: the seal of the text the
    person was shown; ``is_once``: they said yes to that alone, and it is used up by the first request. ``consented``: seals of secret
    stretches that they let go by name."""

    def __init__(
        self,
        at: Endpoint,
        key: str,
        *,
        scope: Scope,
        door: Door,
        permissions: Permissions,
        budget: Budget,
        rest: Callable[[float], None] = lambda seconds: None,
        purpose: str,
        lock: Lock,
        yes: str = "",
        is_once: bool = False,
        consented: Collection[str] = (),
    ) -> None:
        super().__init__(profile=ModelProfile(supports_json_schema_output=True, supports_tools=True))
        self.at, self.purpose, self.scope = at, purpose, scope
        self.budget = budget
        self._key, self._door, self._permissions, self._lock, self._rest = key, door, permissions, lock, rest
        self._yes, self._is_once, self._consented = yes, is_once, frozenset(consented)

    @property
    def model_name(self) -> str:
        return self.at.model

    @property
    def system(self) -> str:
        return self.at.destination

    def shown(self, messages: Sequence[ModelMessage], parameters: ModelRequestParameters | None = None) -> Preview:
        """What would leave, its new pseudonyms kept, so that it is the same when asked again."""
        return self._veiled(messages, parameters or ModelRequestParameters())[0]

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[object] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        shown, veiled, parameters = await asyncio.to_thread(self._veiled, messages, model_request_parameters)
        price = math.inf if shown.price is None else shown.price.amount
        self._check(shown, price)
        bill = Bill(self._door, self.budget, price)
        outlet = Outlet(lambda going: bill.begin(replace(going, price=price), is_shown=self._used_once()), self._door.broker)
        items = tuple(dict.fromkeys(one.item_id for one in shown.items))
        remote = RemoteModel(self.at, self._key, outlet, purpose=self.purpose, item_ids=items)
        try:
            async with remote.request_stream(veiled, model_settings, parameters) as stream:
                restored = _Restored(model_request_parameters=model_request_parameters, inner=stream, scope=self.scope)
                try:
                    yield restored
                finally:
                    bill.usage = cast("Usage | None", (stream.provider_details or {}).get("usage"))  # cast: our own wire wrote it
        except (RemoteFailed, KeyRefused, DoorClosed) as error:
            bill.is_free = not (isinstance(error, RemoteFailed) and error.may_cost)
            if isinstance(error, RemoteFailed) and error.rests:
                await asyncio.to_thread(self._rest, error.rests)
            raise
        finally:
            bill.end()

    def _check(self, shown: Preview, price: float) -> None:
        """Raises Unconsented, or Refused when the yes was to another text."""
        if self._yes:
            if shown.seal != self._yes:
                raise Refused("what would leave is no longer what you were shown", hint="look at it again")
            self.budget.check(price)
            return
        now, to, why = datetime.now(UTC), self.at.destination, self.purpose
        if self._permissions.standing(to, why, now=now, price=price) is not None:
            self.budget.check(price)
            return
        if self._permissions.standing(to, why, now=now) is None:
            hint = f"`ownmind permissions allow {to} {why!r}` would, once for all"
            raise Unconsented(f"nobody has consented to sending that to {to}, to {why}", shown, hint=hint)
        if math.isinf(price):
            hint = f"say it with `ownmind brain set {self.at.provider} --price-in --price-out`, or take the cap away"
            raise Unconsented(f"what {to} costs is not known, so no cap can hold", shown, hint=hint)
        raise Unconsented(
            f"that could cost more than is left of what you let {to} cost", shown, hint="`ownmind permissions` shows the caps"
        )

    def _used_once(self) -> bool:
        """Whether this request goes under a yes to itself alone; the next one does not."""
        if not self._is_once:
            return False
        if not self._yes:
            raise DoorClosed("that yes was for one request", hint="ask anew")
        self._yes = ""
        return True

    def _veiled(
        self, messages: Sequence[ModelMessage], parameters: ModelRequestParameters
    ) -> tuple[Preview, list[ModelMessage], ModelRequestParameters]:
        slots: list[list[Part]] = []

        def collect(parts: Sequence[Part]) -> str:
            slots.append([piece for part in parts for piece in cut(part)])
            return "".join(part.text for part in parts)

        through(messages, parameters, collect)
        tools = bool(parameters.function_tools or parameters.output_tools)
        shown = self._kept([part for slot in slots for part in (*slot, Part(_BETWEEN, NEUTRAL, ""))], _its_own(messages), tools=tools)
        lengths = [sum(len(part.text) for part in slot if may_go(part, self._consented)) for slot in slots]
        texts = iter(parted(shown, [size for length in lengths for size in (length, len(_BETWEEN))])[::2])
        return shown, *through(messages, parameters, lambda parts: next(texts))

    def _kept(self, parts: Sequence[Part], besides: int, *, tools: bool) -> Preview:
        """The preview of ``parts``, its pseudonyms durable. ``besides``: bytes of its own that go back to it. Another scope of the same
        name may have chosen some meanwhile."""
        with self._lock:
            for attempt in (1, 2):
                shown = self.scope.preview(parts, purpose=self.purpose, destination=self.at.destination, consented=self._consented)
                worst = self.at.worst(shown.bytes + besides, sum(part.text == _BETWEEN for part in parts), tools=tools)
                shown = replace(shown, price=None if math.isinf(worst) else Price(worst, self.at.currency))
                try:
                    return self.scope.keep(shown) if shown.new else shown
                except apsw.ConstraintError:
                    if attempt == 2:
                        raise
        raise AssertionError


def _its_own(messages: Sequence[ModelMessage]) -> int:
    """Bytes of what it thought and signed, which go back to it as they came."""
    parts = [part for message in messages if isinstance(message, ModelResponse) for part in message.parts]
    thought = [f"{part.content}{part.signature or ''}" for part in parts if isinstance(part, ThinkingPart)]
    signed = [str(value) for part in parts if isinstance(part, ToolCallPart) for value in (part.provider_details or {}).values()]
    return sum(len(one.encode("utf-8", "replace")) for one in (*thought, *signed))


@dataclass
class _Restored(StreamedResponse):
    """A reply with the real values, as it comes."""

    inner: StreamedResponse = field(kw_only=True)
    scope: Scope = field(kw_only=True)

    @property
    def model_name(self) -> str:
        return self.inner.model_name

    @property
    def provider_name(self) -> str | None:
        return self.inner.provider_name

    @property
    def provider_url(self) -> str | None:
        return self.inner.provider_url

    @property
    def timestamp(self) -> datetime:
        return self.inner.timestamp

    async def close_stream(self) -> None:
        await self.inner.close_stream()

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        restoring: Restoring = await asyncio.to_thread(self.scope.restoring)
        async for event in self.inner:
            for said in self._said(restoring.feed(_text(event))):
                yield said
        for said in self._said(restoring.end()):
            yield said
        for place, part in enumerate(self.inner.get().parts):
            if isinstance(part, ThinkingPart):
                for event in self._thought(part, place):
                    yield event
            if isinstance(part, ToolCallPart):
                arguments = leaves(as_json(part.args_as_json_str()), self.scope.restore)
                yield self._parts_manager.handle_tool_call_part(
                    vendor_part_id=part.tool_call_id,
                    tool_name=self.scope.restore(part.tool_name),
                    args=json.dumps(arguments, ensure_ascii=False),
                    tool_call_id=part.tool_call_id,
                    provider_name=part.provider_name,
                    provider_details=part.provider_details,
                )
        self._usage, self.finish_reason, self.provider_details = self.inner.usage, self.inner.finish_reason, self.inner.provider_details

    def _thought(self, part: ThinkingPart, place: int) -> Iterator[ModelResponseStreamEvent]:
        """As it came, pseudonyms and all: it goes back to whoever thought it, and nowhere else."""
        return self._parts_manager.handle_thinking_delta(
            vendor_part_id=f"thought {place}", content=part.content, id=part.id, signature=part.signature, provider_name=part.provider_name
        )

    def _said(self, text: str) -> Sequence[ModelResponseStreamEvent]:
        return [*self._parts_manager.handle_text_delta(vendor_part_id="text", content=text)] if text else []


def _text(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""
