"""Two requests that are always the same and carry nothing of the person's: whether a provider answers at all, and which models it has."""

from __future__ import annotations

from dataclasses import replace

import httpx
from pydantic_ai import ModelRequest
from pydantic_ai.messages import UserPromptPart
from pydantic_ai.models import ModelRequestParameters

from ...egress.door import Door, Going, Leave, Outlet
from ...egress.transport import Limits, Transport
from ...errors import KeyRefused, RemoteFailed
from ...models.elsewhere.endpoint import Endpoint
from ...models.elsewhere.remote import LISTING, WIRES, RemoteModel, asking, failed, refused
from ...models.elsewhere.wires import Garbled, Usage
from .budget import Bill, Budget

HELLO = "Say OK."  # all that a test sends
_LIMITS = Limits(connect=20.0, idle=30.0, total=60.0, most_in=8 << 20)


async def greet(at: Endpoint, key: str, door: Door, budget: Budget, *, purpose: str) -> None:
    """Has the model answer two words. Raises KeyRefused, RemoteFailed, DoorClosed, OverBudget."""
    price = at.worst(len(HELLO), 1)
    bill = Bill(door, budget, price)
    outlet = Outlet(lambda going: bill.begin(replace(going, price=price), is_shown=True), door.broker)
    model = RemoteModel(at, key, outlet, purpose=purpose)
    try:
        answer = await model.request([ModelRequest([UserPromptPart(HELLO)])], None, ModelRequestParameters())
        usage = (answer.provider_details or {}).get("usage")
        bill.usage = usage if isinstance(usage, Usage) else None
    except (RemoteFailed, KeyRefused) as error:
        bill.is_free = not (isinstance(error, RemoteFailed) and error.may_cost)
        raise
    finally:
        bill.end()


def listing(at: Endpoint, key: str, door: Door, *, purpose: str) -> tuple[str, ...]:
    """The models a provider says it has. Blocks. Raises KeyRefused, RemoteFailed, DoorClosed."""

    def shown(going: Going) -> Leave:
        return door.ask(going, is_shown=True)

    transport = Transport(Outlet(shown, door.broker), purpose, limits=_LIMITS)
    with httpx.Client(transport=transport, trust_env=False, timeout=None) as http:  # noqa: S113  # the broker keeps the time
        try:
            answer = http.get(f"{at.url}{LISTING[at.wire]}", headers=asking(WIRES[at.wire], key))
        except httpx.HTTPError as error:
            raise failed(error, at) from error
    if answer.status_code != httpx.codes.OK:
        raise refused(answer.status_code, answer.content, answer.headers, at)
    try:
        return WIRES[at.wire].listed(answer.content)
    except Garbled as error:
        raise RemoteFailed(
            f"what {at.destination} answered cannot be read: {error}", hint="is this the address of such a server?"
        ) from error
