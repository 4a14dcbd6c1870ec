"""A remote model behind the veil: what any loop holds instead of the model itself.

Whatever is about to be sent (order, talk, notes, tools, their results) is taken apart into labelled parts, what is secret by its label
or its shape stays here, the rest is veiled, and only that is handed on. Nothing else reaches the model: a kind of message that has no parts
here is refused. The reply comes back with the real values as it streams, and so do the arguments of tool calls.

The door decides whether it may go (``egress.door``): a permission for this destination and purpose with room for the worst this call
can cost, or the person's yes to this very text (``yes`` is its seal). What it did cost is written afterwards; where nobody lived to hear
the bill, the worst stays counted.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import cast

import apsw
from pydantic_ai import ModelMessage, ModelSettings, RunContext
from pydantic_ai.messages import (
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
)
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile

from ...egress.door import Door, Going, Leave, Outlet
from ...errors import DoorClosed, KeyRefused, Refused, RemoteFailed
from ...guard.labels import NEUTRAL
from ...guard.preview import Part, Preview, Price, cut, may_go, parted
from ...guard.pseudonyms import Restoring
from ...guard.scope import Scope
from ...models.endpoint import Endpoint
from ...models.remote import RemoteModel
from ...models.streaming import StreamingModel
from ...store.permissions import Permissions
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
        purpose: str,
        lock: Lock,
        yes: str = "",
        is_once: bool = False,
        consented: Collection[str] = (),
    ) -> None:
        super().__init__(profile=ModelProfile(supports_json_schema_output=True, supports_tools=True))
        self.at, self.purpose, self.scope = at, purpose, scope
        self._key, self._door, self._permissions, self._lock = key, door, permissions, lock
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
        bill = _Bill(self._door, self.at, price)
        outlet = Outlet(lambda going: bill.begin(replace(going, price=price), is_shown=self._used_once()), self._door.broker)
        items = tuple(dict.fromkeys(one.item_id for one in shown.items))
        remote = RemoteModel(self.at, self._key, outlet, purpose=self.purpose, item_ids=items)
        try:
            async with remote.request_stream(veiled, model_settings, parameters) as stream:
                restored = _Restored(model_request_parameters=model_request_parameters, inner=stream, scope=self.scope)
                try:
                    yield restored
                finally:
                    bill.usage = cast("list[int] | None", (stream.provider_details or {}).get("usage"))  # cast: our own wire wrote it
        except (RemoteFailed, KeyRefused, DoorClosed) as error:
            bill.is_free = not (isinstance(error, RemoteFailed) and error.may_cost)
            raise
        finally:
            bill.end()

    def _check(self, shown: Preview, price: float) -> None:
        """Raises Unconsented, or Refused when the yes was to another text."""
        if self._yes:
            if shown.seal != self._yes:
                raise Refused("what would leave is no longer what you were shown", hint="look at it again")
            return
        now, to, why = datetime.now(UTC), self.at.destination, self.purpose
        if self._permissions.standing(to, why, now=now, price=price) is not None:
            return
        if self._permissions.standing(to, why, now=now) is None:
            hint = f"`ownmind permissions allow {to} {why!r}` would, once for all"
            raise Unconsented(f"nobody has consented to sending that to {to}, to {why}", shown, hint=hint)
        if math.isinf(price):
            hint = "set price_in and price_out under [remote] in the settings, or take the cap away"
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
        shown = self._kept([part for slot in slots for part in (*slot, Part(_BETWEEN, NEUTRAL, ""))])
        lengths = [sum(len(part.text) for part in slot if may_go(part, self._consented)) for slot in slots]
        texts = iter(parted(shown, [size for length in lengths for size in (length, len(_BETWEEN))])[::2])
        return shown, *through(messages, parameters, lambda parts: next(texts))

    def _kept(self, parts: Sequence[Part]) -> Preview:
        """The preview of ``parts``, its pseudonyms durable. Another scope of the same name may have chosen some meanwhile."""
        with self._lock:
            for attempt in (1, 2):
                shown = self.scope.preview(parts, purpose=self.purpose, destination=self.at.destination, consented=self._consented)
                worst = self.at.worst(shown.bytes, sum(part.text == _BETWEEN for part in parts))
                shown = replace(shown, price=None if math.isinf(worst) else Price(worst, self.at.currency))
                try:
                    return self.scope.keep(shown) if shown.new else shown
                except apsw.ConstraintError:
                    if attempt == 2:
                        raise
        raise AssertionError


@dataclass
class _Bill:
    """What one call costs, from the moment it may leave."""

    door: Door
    at: Endpoint
    price: float
    leave: Leave | None = None
    usage: list[int] | None = None
    is_free: bool = False

    def begin(self, going: Going, *, is_shown: bool) -> Leave:
        self.leave = self.door.ask(going, is_shown=is_shown)
        return self.leave

    def end(self) -> None:
        """The true cost in place of the worst, where it is known. A call that was cut, or whose answer does not count its tokens, stays
        at its worst."""
        leave, self.leave = self.leave, None
        if leave is None or math.isinf(self.price):
            return
        if self.usage is not None:
            self.door.cost(leave.consent, self.price, self.at.cost((self.usage[0], self.usage[1])))
        elif self.is_free:
            self.door.cost(leave.consent, self.price, 0.0)


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
        for part in self.inner.get().parts:
            if isinstance(part, ToolCallPart):
                arguments = leaves(as_json(part.args_as_json_str()), self.scope.restore)
                yield self._parts_manager.handle_tool_call_part(
                    vendor_part_id=part.tool_call_id,
                    tool_name=self.scope.restore(part.tool_name),
                    args=json.dumps(arguments, ensure_ascii=False),
                    tool_call_id=part.tool_call_id,
                )
        self._usage, self.finish_reason, self.provider_details = self.inner.usage, self.inner.finish_reason, self.inner.provider_details

    def _said(self, text: str) -> Sequence[ModelResponseStreamEvent]:
        return [*self._parts_manager.handle_text_delta(vendor_part_id="text", content=text)] if text else []


def _text(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""
