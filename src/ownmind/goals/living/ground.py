"""What the life of goals rests on: the store, memory, the clock, the person's days, calendar and templates."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ...errors import NotFound
from ...memory.memory import Memory
from ...records import Appointment
from ...store.opening import Store
from .. import clock
from ..goal import Goal
from ..preferences import Preferences
from ..templates import Loaded, Template, load


@dataclass(frozen=True)
class Ground:
    """``appointments``: what is in the calendar between two moments; ``preferences``: how the person's days are shaped; ``reads``: now,
    aware; ``own``: the folder of the person's own templates; ``names``: people known by name; ``one``: held by whoever changes goals, as
    two changes at once would each work out the steps of the other's past."""

    store: Store
    memory: Memory
    reads: Callable[[], datetime]
    preferences: Callable[[], Preferences]
    appointments: Callable[[datetime, datetime], Sequence[Appointment]]
    own: Path | None
    names: Callable[[], Collection[str]]
    one: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> tuple[datetime, ZoneInfo]:
        """The moment it is, in the zone the person is in."""
        zone = clock.zone_of(self.preferences())
        return self.reads().astimezone(zone), zone

    def evening(self) -> int:
        """Minutes since midnight after which nothing begins any more."""
        return max((window.end for window in self.preferences().awake), default=22 * 60)

    def loaded(self) -> Loaded:
        return load(self.own)

    def templates(self) -> dict[str, Template]:
        return dict(self.loaded().templates)

    def template(self, goal: Goal) -> Template:
        """Raises NotFound when its file is gone."""
        found = self.templates().get(goal.template)
        if found is None:
            raise NotFound(f"the template {goal.template!r} is not there", hint="put its file back, or choose another kind for the goal")
        return found
