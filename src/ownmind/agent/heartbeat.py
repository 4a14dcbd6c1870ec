"""What the companion says unasked: a job of the one runner, so that it waits for a conversation like all background work.

No model, no network, and no look at anything before something is due. The order is what keeps it from saying a thing twice: the rows of
everything due are durable first; then each is shown, and its row gets the channel. Killed in between, the row says that it may have been
shown, and nobody shows it again. Then steps nobody spoke of are planned anew, and once a day what comes next gets its place.

Web push would need a push server of somebody else's, so there is none: an open page hears of a nudge, a closed one shows it when opened.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from ..errors import OwnmindError
from ..goals.nudging.deliver import Follow
from ..goals.nudging.nudge import Nudge
from ..jobs.bulletin import Bulletin
from ..jobs.runner import Job
from . import desktop

Channel = Callable[[Nudge], str]
"""Shows a nudge and gives the name of where; "" when it could not."""


class Plans(Protocol):
    """What the heartbeat asks of `goals.book.Goals`."""

    def missed(self, steps: Sequence[str]) -> object:
        """Writes that nobody said how these steps went, and plans what is left anew."""
        ...

    def plan(self) -> object:
        """Gives the steps of the next days their places."""
        ...


_TRAVEL = 3600.0  # seconds after which the system's time zone is read again: nothing tells when a laptop that is awake moved


def job(follow: Follow, plans: Plans, channels: Sequence[Channel]) -> Job:
    """The job that follows through. From the first time it is made, things are due."""
    follow.begin()

    async def step(seconds: float) -> int:
        return await asyncio.to_thread(beat, follow, plans, channels)

    return Job("follow", lambda: int(follow.is_due()), step, lambda: _next(follow))


def beat(follow: Follow, plans: Plans, channels: Sequence[Channel]) -> int:
    """Says what is due now and plans anew what was missed; gives how much that was. Safe to call at any time, also after a crash."""
    found = follow.work()
    for nudge in follow.take(found):
        shown = [name for name in (channel(nudge) for channel in channels) if name]
        follow.delivered(nudge.key, ", ".join(shown))
    if found.lapsed:
        follow.lapse(found.lapsed)
        plans.missed(found.lapsed)
        if left := follow.work().lapsed:
            raise OwnmindError(f"{len(left)} steps that were missed are still in the plan")
    if found and follow.is_to_plan():
        plans.plan()
    follow.look()
    return len(found.nudges) + len(found.missed) + len(found.lapsed)


def page(bulletin: Bulletin) -> Channel:
    """Today's list, which the page and the terminal show; an open page hears of it at once."""

    def show(nudge: Nudge) -> str:
        bulletin.publish({"type": "today", "nudge": nudge})
        return "page"

    return show


def on_desktop(follow: Follow) -> Channel:
    """The desktop's notifications, where the person wants them."""
    return lambda nudge: "desktop" if follow.preferences().desktop and desktop.show(nudge.kind) else ""


def _next(follow: Follow) -> float | None:
    moment = follow.next_at()
    if moment is None:
        return None
    return min(moment.timestamp(), time.time() + _TRAVEL) if not follow.preferences().zone else moment.timestamp()
