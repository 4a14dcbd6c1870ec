"""The only door out of the house, and it is closed.

Nothing leaves except what a person consented to; in this version there is nothing to consent to but fetching models, which
carries nothing remembered. Every byte that goes is counted from the ledger, and the ledger's row is durable before the first
byte is sent: a crash may leave a row for bytes that never went, never bytes without a row.

Not covered here: code that opens a socket without asking. That is what the process boundary is for (the process that holds
the memory makes no outgoing connection; downloads run in a child) and what the tests watch from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from ..errors import DoorClosed

FETCH_MODELS = "fetch models"  # the one purpose that is setting up: it carries nothing of the person's


@dataclass(frozen=True, slots=True)
class Left:
    """What has left this machine so far. ``setup_*``: model downloads (bytes of the requests, not of what came back)."""

    bytes: int
    requests: int
    setup_bytes: int
    setup_requests: int


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
        body_hash: bytes = b"",
    ) -> int: ...

    def totals(self) -> dict[str, tuple[int, int]]: ...


class HasLedger(Protocol):
    @property
    def ledger(self) -> Ledger: ...


class Door:
    """The door of one home. Any thread may ask it."""

    def __init__(self, store: HasLedger) -> None:
        self._ledger = store.ledger

    def require(self, destination: str, purpose: str) -> None:
        """Returns when a connection to ``destination`` is allowed. Raises DoorClosed: in this version for everything, save
        model downloads, which a person allows by the setting ``fetch``."""
        if purpose == FETCH_MODELS:
            return
        raise DoorClosed(
            f"nothing may leave this machine: {destination} was asked for to {purpose}",
            hint="Ownmind works without it; nobody has consented to this connection",
        )

    def record(
        self,
        destination: str,
        purpose: str,
        *,
        bytes_out: int,
        at: float,
        consent: str = "",
        item_ids: Sequence[str] = (),
        body: bytes = b"",
    ) -> int:
        """Writes the ledger row and gives its id. Call it before the first byte, and send nothing when it raises.

        ``bytes_out`` is the size of the whole request, ``at`` unix seconds; of ``body`` only a hash is kept. Raises DoorClosed
        for what ``require`` refuses.
        """
        self.require(destination, purpose)
        digest = blake2b(body, digest_size=32).digest() if body else b""
        return self._ledger.append(destination, purpose, consent=consent, bytes_out=bytes_out, at=at, item_ids=item_ids, body_hash=digest)

    def left(self) -> Left:
        """What has left so far, by the ledger."""
        totals = self._ledger.totals()
        setup_bytes, setup_requests = totals.pop(FETCH_MODELS, (0, 0))
        return Left(sum(size for size, _ in totals.values()), sum(count for _, count in totals.values()), setup_bytes, setup_requests)
