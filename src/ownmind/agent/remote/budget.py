"""What may be spent on models elsewhere: the caps of the month, held before each call by the worst it can cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ...egress.door import Door, Going, Leave
from ...errors import OverBudget
from ...models.elsewhere.endpoint import Endpoint
from ...models.elsewhere.wires import Usage
from ...store.costs import Calling, Caps, Costs


@dataclass
class Budget:
    """The money side of one model elsewhere, for one purpose. ``clock`` says now in the person's own zone: a month is theirs. ``calls``:
    the rows of what it was asked so far."""

    costs: Costs
    at: Endpoint
    purpose: str
    caps: Caps
    clock: Callable[[], datetime]
    calls: list[int] = field(default_factory=list)

    def check(self, price: float) -> None:
        """Raises OverBudget where ``price`` has no room; nothing is taken."""
        if not self.costs.has_room(self.at.provider, price, self.caps, month=month_of(self.clock())):
            raise self._over(price)

    def take(self, price: float) -> int:
        """Counts ``price`` from here on, and gives the row. Raises OverBudget."""
        now = self.clock()
        calling = Calling(self.at.provider, self.at.destination, self.at.model, self.purpose, price, self.at.currency)
        call = self.costs.take(calling, self.caps, now=now, month=month_of(now))
        if call is None:
            raise self._over(price)
        self.calls.append(call)
        return call

    def settle(self, call: int, usage: Usage) -> None:
        known = self.at.price_in is not None and self.at.price_out is not None
        self.costs.settle(call, self.at.cost(usage) if known else None, sent=usage.sent, came=usage.came)

    def free(self, call: int) -> None:
        self.costs.free(call)

    def _over(self, price: float) -> OverBudget:
        """What is in the way: no price, this provider's cap, or that of all together."""
        name, month = self.at.provider, month_of(self.clock())
        hint = f"`ownmind brain cap {name} AMOUNT` changes it"
        if math.isinf(price):
            return OverBudget(
                f"what {self.at.model} at {self.at.destination} costs is not known, so no cap can hold",
                hint=f"say it: `ownmind brain set {name} --price-in --price-out`",
            )
        own, spent = self.caps.provider, self.costs.spent(month, name)
        if own is not None and spent + price > own:
            whose, cap = f"{name} may cost", own
        else:
            whose, cap, spent = "all of them together may cost", self.caps.everything or 0.0, self.costs.spent(month)
        return OverBudget(
            f"{whose} {cap:g} {self.at.currency} a month, {spent:.4g} of it is spent, and this could cost more than is left", hint=hint
        )


@dataclass
class Bill:
    """What one call costs, from the moment it may leave."""

    door: Door
    budget: Budget
    price: float
    leave: Leave | None = None
    call: int | None = None
    usage: Usage | None = None
    is_free: bool = False

    def begin(self, going: Going, *, is_shown: bool) -> Leave:
        """Its worst is counted first, then the door is asked: a crash in between leaves too much counted, never too little."""
        self.call = self.budget.take(self.price)
        try:
            self.leave = self.door.ask(going, is_shown=is_shown)
        except BaseException:
            self.is_free = True
            raise
        return self.leave

    def end(self) -> None:
        """The true cost in place of the worst, where it is known. A call that was cut, or whose answer does not count its tokens, stays
        at its worst."""
        leave, self.leave = self.leave, None
        call, self.call = self.call, None
        if call is not None and self.usage is not None:
            self.budget.settle(call, self.usage)
        elif call is not None and self.is_free:
            self.budget.free(call)
        if leave is None or math.isinf(self.price):
            return
        if self.usage is not None:
            self.door.cost(leave.consent, self.price, self.budget.at.cost(self.usage))
        elif self.is_free:
            self.door.cost(leave.consent, self.price, 0.0)


def month_of(now: datetime) -> str:
    """2026-11"""
    return f"{now.year:04}-{now.month:02}"
