"""The only door out of the house, and it is closed.

Nothing leaves except what the person consented to: a destination and a purpose they allowed (``ownmind permissions``), or what their
own settings ask for (fetching models, which carries nothing remembered). Whatever goes is written down first: when, where to, why,
under which consent, how many bytes, which memories are told in it, and the bytes themselves. The row is durable before the broker
is asked to connect: a crash may leave a row for bytes that never went, never bytes without a row.

Counted (``bytes_out``) is what we say: an HTTP request line, its headers and its body; on a relay what the protocol says. It is counted
before TLS, so that the count is the size of the content that can be shown. How it ended adds ``wire_out``, every byte the broker
wrote to the network socket, with TLS and the asking of a proxy. Not counted: what TCP and IP put around them, and the look-up of the
destination's name, which tells the person's resolver that name and nothing else.

Not covered here: code that opens a socket without asking. That is what the ``seal`` is for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ..errors import DoorClosed
from ..messages import Permission
from .frames import End
from .link import Broker

FETCH_MODELS = "fetch models"  # the one purpose that is setting up: it carries nothing of the person's
DAY = 86_400.0
KEEP_DAYS = 90


@dataclass(frozen=True, slots=True)
class Left:
    """What has left this machine so far. ``setup_*``: model downloads (bytes of the requests, not of what came back)."""

    bytes: int
    requests: int
    setup_bytes: int
    setup_requests: int


@dataclass(frozen=True, slots=True)
class Going:
    """What would leave: these exact bytes."""

    destination: str  # host, or host:port where it is not 443
    purpose: str
    content: bytes
    item_ids: tuple[str, ...] = ()  # the memories told in it
    is_named: bool = False  # the person's own settings name this destination
    price: float = 0.0  # the most it can cost, in the currency of the destination's bills


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave to go, already written down. ``ended`` is told how it ended, at most once; when it never is, that is unknown."""

    is_named: bool  # the person named the destination: an address inside their own network is fine
    ended: Callable[[End], None]
    consent: str = ""  # the permission (p3) or the setting it goes under


class Asked(Protocol):
    """Called with what would leave, before any of it does. Raising stops it."""

    def __call__(self, going: Going, /) -> Leave: ...


@dataclass(frozen=True, slots=True)
class Outlet:
    """A way out: whoever is asked first, and the broker that then goes."""

    ask: Asked
    broker: Broker


class Ledger(Protocol):
    """What the door needs of the store's ledger; the store implements it, and the two rooms need not know each other."""

    def append(
        self,
        destination: str,
        purpose: str,
        *,
        consent: str,
        bytes_out: int,
        at: float,
        item_ids: Sequence[str] = (),
        content: bytes = b"",
        keep_until: float = 0.0,
    ) -> int: ...

    def end(self, row: int, result: str, *, at: float, content_out: int, wire_out: int, bytes_in: int, detail: str = "") -> None: ...

    def totals(self) -> dict[str, tuple[int, int]]: ...


class Permissions(Protocol):
    def take(self, destination: str, purpose: str, *, now: datetime, price: float = 0.0) -> Permission | None: ...
    def take_once(
        self, destination: str, purpose: str, *, now: datetime, price: float = 0.0, spend_cap: float | None = None
    ) -> Permission: ...
    def settle(self, which: str, price: float, cost: float) -> Permission: ...
    def is_offline(self) -> bool: ...
    def set_offline(self, value: bool) -> None: ...


class Store(Protocol):
    @property
    def ledger(self) -> Ledger: ...
    @property
    def permissions(self) -> Permissions: ...


class Door:
    """The door of one home, and its broker. Any thread may ask it. ``keep_days``: how long exact contents are kept, 0 for not at all."""

    def __init__(self, store: Store, *, keep_days: int = KEEP_DAYS, clock: Callable[[], float] = time.time) -> None:
        self._ledger, self._permissions = store.ledger, store.permissions
        self._keep, self._clock = keep_days * DAY, clock
        self.broker = Broker()
        if self.is_offline:
            self.broker.shut()

    def outlet(self, *, consent: str = "") -> Outlet:
        """A way out through this door. ``consent``: the setting by which the person allowed fetching models; it allows nothing else."""
        return Outlet(lambda going: self.ask(going, consent=consent), self.broker)

    def ask(self, going: Going, *, consent: str = "", is_shown: bool = False) -> Leave:
        """Leave for ``going``, its row written. Raises DoorClosed when nobody consented or the person is offline, and what the store
        raises (DiskFull) when the row cannot be written: then nothing may be sent. ``is_shown``: the person was shown just this and said
        yes to it; that is a permission for it alone."""
        if self.is_offline:
            raise DoorClosed("Ownmind is offline: nothing leaves", hint="`ownmind online` opens the door again")
        now, is_named = self._clock(), going.is_named
        if going.purpose != FETCH_MODELS or not consent:
            taking = self._permissions.take_once if is_shown else self._permissions.take
            permission = taking(going.destination, going.purpose, now=datetime.fromtimestamp(now, UTC), price=going.price)
            if permission is None:
                raise DoorClosed(
                    f"nothing may leave this machine: {going.destination} was asked for, to {going.purpose}",
                    hint=f"nobody has consented to it; `ownmind permissions allow {going.destination} {going.purpose!r}` would",
                )
            consent, is_named = permission.id, is_named or permission.destination != "*"
        row = self._ledger.append(
            going.destination,
            going.purpose,
            consent=consent,
            bytes_out=len(going.content),
            at=now,
            item_ids=going.item_ids,
            content=going.content,
            keep_until=now + self._keep if self._keep else 0.0,
        )
        return Leave(is_named, lambda end: self._end(row, end), consent)

    def cost(self, consent: str, price: float, cost: float) -> None:
        """Writes what a request cost in place of the ``price`` that was counted for it when it left. Once for each leave."""
        self._permissions.settle(consent, price, cost)

    @property
    def is_offline(self) -> bool:
        return self._permissions.is_offline()

    def go_offline(self) -> None:
        """Closes the door at once and cuts what is under way."""
        self._permissions.set_offline(True)
        self.broker.shut()

    def go_online(self) -> None:
        """Opens it again to what is allowed."""
        self._permissions.set_offline(False)
        self.broker.unshut()

    def left(self) -> Left:
        """What has left so far, by the ledger."""
        totals = self._ledger.totals()
        setup_bytes, setup_requests = totals.pop(FETCH_MODELS, (0, 0))
        return Left(sum(size for size, _ in totals.values()), sum(count for _, count in totals.values()), setup_bytes, setup_requests)

    def close(self) -> None:
        """Ends the broker and what is under way."""
        self.broker.close()

    def _end(self, row: int, end: End) -> None:
        self._ledger.end(
            row,
            end.result,
            at=self._clock(),
            content_out=end.content_out,
            wire_out=end.wire_out,
            bytes_in=end.bytes_in,
            detail=end.message,
        )
