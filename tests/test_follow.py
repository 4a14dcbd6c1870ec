"""Goals followed through: real goals, their real plan, and the heartbeat over both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ownmind.agent import heartbeat
from ownmind.goals.book import Goals
from ownmind.goals.goal import Step, StepState
from ownmind.goals.nudging.deliver import Follow, gathering
from ownmind.goals.nudging.nudge import Nudge
from ownmind.memory.memory import Memory
from ownmind.people.book import People
from ownmind.store.opening import open_throwaway
from store_fixtures import paths_at

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


class Life:
    """A home in Berlin with a habit, planned, and a clock that is put forward by hand."""

    def __init__(self, home: Path) -> None:
        self.now = datetime(2026, 11, 23, 7, tzinfo=BERLIN)  # a Monday
        self.store = open_throwaway(paths_at(home))
        memory = Memory(self.store, None, lambda: self.now)
        people = People(self.store, memory, lambda: self.now)
        self.follow = Follow(self.store, lambda: self.now, gathering(self.store, people, lambda: self.goals, lambda: self.now))
        self.goals = Goals(
            self.store, memory, lambda: self.now, preferences=self.follow.preferences, appointments=lambda start, end: (),
            own=home / "templates",
        )  # fmt: skip
        self.follow.begin()
        for name, value in {
            "zone": "Europe/Berlin",
            "nudges_a_day": "9",
            "briefing": "none",
            "review": "none",
            "quiet_from": "0",
            "quiet_to": "0",
        }.items():
            self.follow.set(name, value)
        self.shown: list[str] = []
        goal = self.goals.add("meditate before breakfast", "habit").goal
        assert goal is not None
        self.goals.answer(goal.id, "a_week", "5")
        self.goal = self.goals.confirm(goal.id).id
        self.goals.plan(weeks=1)

    def open_steps(self) -> list[Step]:
        found = [one for one in self.goals.steps(self.goal) if one.state is StepState.OPEN and one.start is not None]
        return sorted(found, key=lambda one: one.start or self.now)

    def at(self, moment: datetime) -> None:
        self.now = moment
        while heartbeat.beat(self.follow, self.goals, [self._show]):
            pass

    def _show(self, nudge: Nudge) -> str:
        self.shown.append(nudge.key)
        return "page"


@pytest.fixture
def life(own_home: Path) -> Iterator[Life]:
    life = Life(own_home)
    yield life
    life.store.close()


def test_a_step_nobody_spoke_of_is_planned_anew_by_the_next_check_in(life: Life) -> None:
    """It is asked about when its time is over; without an answer it has no past place any more when the next one is asked about."""
    first, second = life.open_steps()[:2]
    assert first.end and second.end
    life.at(first.end)
    assert f"check:{first.id}:{first.end:%Y-%m-%d}" in life.shown
    life.at(second.end)
    now_it_is = next(one for one in life.goals.steps(life.goal) if one.id == first.id)
    assert now_it_is.state is not StepState.OPEN or (now_it_is.start is None or now_it_is.start > life.now)
    assert life.store.deliveries.get(f"check:{first.id}:{first.end:%Y-%m-%d}").lapsed == life.now
    assert [key for key in life.shown if key.startswith(f"miss:{first.id}")]


def test_a_step_that_was_answered_is_left_alone(life: Life) -> None:
    first, second = life.open_steps()[:2]
    assert first.end and second.end
    life.at(first.end)
    life.now = first.end + timedelta(minutes=5)
    life.goals.check_in(first.id, "done")
    row = life.store.deliveries.get(f"check:{first.id}:{first.end:%Y-%m-%d}")
    assert row.answered == life.now and row.answer == "done"
    life.at(second.end)
    assert not [key for key in life.shown if key.startswith("miss")]


def test_who_travels_takes_the_plan_along(life: Life) -> None:
    """A step at eight in the morning in Berlin is at eight in the morning in New York; the way back brings it back."""
    before = {one.id: one.start for one in life.open_steps()}
    life.follow.set("zone", "America/New_York")
    there = {one.id: one.start for one in life.open_steps()}
    assert before and all(
        there[name] is not None and start is not None and there[name].replace(tzinfo=None) == start.replace(tzinfo=None)  # type: ignore[union-attr]
        for name, start in before.items()
    )
    assert all(start is not None and start.tzinfo == NEW_YORK for start in there.values())
    life.follow.set("zone", "Europe/Berlin")
    assert {one.id: one.start for one in life.open_steps()} == before


def test_a_paused_goal_is_not_asked_about_and_not_made_up_for(life: Life) -> None:
    life.goals.pause(life.goal)
    life.at(datetime(2026, 11, 30, 20, tzinfo=BERLIN))
    assert not life.shown and not life.follow.receipts(30)
