"""A home with goals and a clock that is put forward by hand, for the tests of goals."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ownmind.goals.book import Goals
from ownmind.goals.preferences import Preferences
from ownmind.memory.memory import Memory
from ownmind.records import Appointment
from ownmind.store.opening import Store, open_store
from store_fixtures import paths_at

ZONE = ZoneInfo("Europe/Berlin")


class GoalLife:
    """The real encrypted store, the real memory without an embedder, and the face of goals. It begins on a Monday at nine."""

    def __init__(self, home: Path) -> None:
        self.now = datetime(2026, 11, 23, 9, tzinfo=ZONE)
        self.appointments: list[Appointment] = []
        self.store: Store = open_store(paths_at(home))
        self.memory = Memory(self.store, None, lambda: self.now)
        self.goals = Goals(
            self.store, self.memory, lambda: self.now, preferences=lambda: Preferences(zone="Europe/Berlin"),
            appointments=lambda start, end: tuple(one for one in self.appointments if one.start < end and start < one.end),
            own=home / "templates",
        )  # fmt: skip

    def active(self, statement: str, template: str, **answers: str) -> str:
        """The id of a goal that was said, answered and confirmed."""
        goal = self.goals.add(statement, template).goal
        assert goal is not None
        for slot, value in answers.items():
            self.goals.answer(goal.id, slot, value)
        return self.goals.confirm(goal.id).id

    def habit(self, title: str = "meditate before breakfast", a_week: str = "3") -> str:
        return self.active(title, "habit", a_week=a_week)
