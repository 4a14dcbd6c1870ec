"""What models elsewhere cost: a row for each request, with the worst it can cost before it leaves and what it did cost after.

A row is written and the caps are looked at in one transaction, so two requests at once cannot both have the last of a month. A row that
nobody lived to settle stays at its worst.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import apsw

from ..messages import Cost
from .database import Database

_AMOUNT = "coalesce(cost, worst, 0)"


@dataclass(frozen=True, slots=True)
class Calling:
    """A request that is about to leave. ``price``: the most it can cost, infinite where nobody knows."""

    provider: str
    destination: str
    model: str
    purpose: str
    price: float
    currency: str


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that a month may cost; None: without an end."""

    provider: float | None
    everything: float | None

    @property
    def any(self) -> bool:
        return self.provider is not None or self.everything is not None


@dataclass(frozen=True, slots=True)
class Spent:
    """What one provider's model cost in a month. ``at_worst``: how much of ``amount`` is the worst that calls could cost, because nobody
    counted them; ``unpriced``: calls of which no price is known, which count as nothing."""

    provider: str
    model: str
    calls: int
    amount: float
    currency: str
    at_worst: float
    unpriced: int
    sent: int  # tokens, by the provider's own count
    came: int


class Costs:
    """The costs of one home. A month is written 2026-11."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def take(self, calling: Calling, caps: Caps, *, now: datetime, month: str) -> int | None:
        """The number of a row that counts ``calling`` at its worst from here on; None when a cap leaves no room for it."""
        with self._db.write() as cx:
            if not _room(cx, calling.provider, calling.price, caps, month):
                return None
            cx.execute(
                "INSERT INTO calls(provider, destination, model, purpose, at, month, currency, worst) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    calling.provider, calling.destination, calling.model, calling.purpose, now.timestamp(), month, calling.currency,
                    calling.price if math.isfinite(calling.price) else None,
                ),
            )  # fmt: skip
            return cx.last_insert_rowid()

    def has_room(self, provider: str, price: float, caps: Caps, *, month: str) -> bool:
        """Whether ``take`` would find room."""
        with self._db.read() as cx:
            return _room(cx, provider, price, caps, month)

    def settle(self, call: int, cost: float | None, *, sent: int, came: int) -> None:
        """Puts what it did cost in place of the worst; None where no price is known."""
        with self._db.write() as cx:
            cx.execute("UPDATE calls SET cost = ?, sent = ?, came = ? WHERE id = ?", (cost, sent, came, call))

    def free(self, call: int) -> None:
        """It cost nothing: it never left, or was refused before it was answered."""
        with self._db.write() as cx:
            cx.execute("UPDATE calls SET cost = 0 WHERE id = ?", (call,))

    def belong(self, calls: Sequence[int], reply_id: str) -> None:
        """Says which reply these were for."""
        with self._db.write() as cx:
            cx.executemany("UPDATE calls SET reply_id = ? WHERE id = ?", [(int(reply_id.removeprefix("i")), call) for call in calls])

    def of(self, calls: Sequence[int]) -> Cost | None:
        """What these came to together; None for none."""
        with self._db.read() as cx:
            return _cost([row for call in calls for row in cx.execute(f"{_ROW} WHERE id = ?", (call,))])

    def of_replies(self, conversation: str) -> Mapping[str, Cost]:
        """What each reply of a conversation cost, by the reply's id, where it was a model elsewhere."""
        with self._db.read() as cx:
            found: dict[int, list[tuple[object, ...]]] = {}
            for reply, *row in cx.execute(
                """SELECT reply_id, provider, model, currency, worst, cost, sent, came FROM calls WHERE reply_id IN
                   (SELECT i.id FROM items i JOIN conversations c ON c.id = i.conversation_id WHERE c.key = ?) ORDER BY calls.id""",
                (conversation,),
            ):
                found.setdefault(int(str(reply)), []).append(tuple(row))
        return {f"i{reply}": cost for reply, rows in found.items() if (cost := _cost(rows)) is not None}

    def spent(self, month: str, provider: str = "") -> float:
        """What a month has cost so far, what nobody counted at its worst."""
        with self._db.read() as cx:
            return _spent(cx, month, provider)

    def by_model(self, month: str) -> list[Spent]:
        """What a month has cost, by provider and model."""
        with self._db.read() as cx:
            rows = list(
                cx.execute(
                    f"""SELECT provider, model, count(*), total({_AMOUNT}), currency, total(CASE WHEN cost IS NULL THEN worst END),
                               sum(worst IS NULL), coalesce(sum(sent), 0), coalesce(sum(came), 0)
                        FROM calls WHERE month = ? GROUP BY provider, model, currency ORDER BY provider, model""",  # noqa: S608  # constants of ours
                    (month,),
                )
            )
        return [Spent(*row) for row in rows]


_ROW = "SELECT provider, model, currency, worst, cost, sent, came FROM calls"


def _room(cx: apsw.Connection, provider: str, price: float, caps: Caps, month: str) -> bool:
    if not caps.any:
        return True
    return all(
        cap is None or _spent(cx, month, whose) + price <= cap for whose, cap in ((provider, caps.provider), ("", caps.everything))
    )  # an infinite price fits none


def _spent(cx: apsw.Connection, month: str, provider: str) -> float:
    row = cx.execute(f"SELECT total({_AMOUNT}) FROM calls WHERE month = ? AND ? IN ('', provider)", (month, provider)).fetchone()  # noqa: S608
    assert row is not None
    return float(row[0])


def _cost(rows: Sequence[tuple[object, ...]]) -> Cost | None:
    """Of several calls for one reply together. A count is theirs only when all of them were counted."""
    if not rows:
        return None
    provider, model, currency = (str(one) for one in rows[-1][:3])
    worst, costs = [row[3] for row in rows], [row[4] for row in rows]
    amounts = [cost if cost is not None else most for cost, most in zip(costs, worst, strict=True)]
    known = [float(str(amount)) for amount in amounts if amount is not None]
    counted = all(row[5] is not None for row in rows)
    return Cost(
        amount=sum(known) if len(known) == len(rows) else None,
        currency=currency,
        is_counted=counted,
        sent=sum(int(str(row[5])) for row in rows) if counted else None,
        came=sum(int(str(row[6])) for row in rows) if counted else None,
        provider=provider,
        model=model,
        calls=len(rows),
    )
