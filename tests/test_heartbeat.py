"""The heartbeat: what is due is said once, whatever ends in between, and nothing is done while nothing is due."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ownmind.agent import desktop, heartbeat
from ownmind.errors import NotFound
from ownmind.goals.goal import CheckInRule, Goal, State
from ownmind.goals.nudging.deliver import Follow
from ownmind.goals.nudging.matters import Life
from ownmind.goals.nudging.nudge import Nudge, NudgeKind
from ownmind.jobs.runner import Runner
from ownmind.store.opening import Store, open_throwaway
from store_fixtures import paths_at

BERLIN = ZoneInfo("Europe/Berlin")


class NoPlans:
    """Goals without steps."""

    def missed(self, steps: Sequence[str]) -> None:
        raise AssertionError("no step was there to be missed")

    def plan(self) -> None:
        raise AssertionError("no step was there to be placed")


class Person:
    """A goal looked at every day at 18:00, a clock that can be set, and what was shown."""

    def __init__(self, store: Store) -> None:
        self.now = datetime(2026, 3, 2, 12, tzinfo=BERLIN)
        self.shown: list[str] = []
        self.gathered = 0
        self.store = store
        goal = Goal("g1", "run", "training", State.ACTIVE, self.now, check_in=CheckInRule("FREQ=DAILY", 18 * 60))
        self.life = Life(datetime.fromtimestamp(0, UTC), BERLIN, (goal,))
        self.follow = self.started()
        self.follow.set("zone", "Europe/Berlin")
        self.follow.set("briefing", "none")
        self.follow.set("review", "none")

    def started(self) -> Follow:
        follow = Follow(self.store, lambda: self.now, self.gather)
        follow.begin()
        return follow

    def gather(self, zone: ZoneInfo) -> Life:
        self.gathered += 1
        return self.life

    def show(self, nudge: Nudge) -> str:
        self.shown.append(nudge.key)
        return "page"

    def beat(self) -> int:
        return heartbeat.beat(self.follow, NoPlans(), [self.show])

    def at(self, text: str) -> int:
        self.now = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
        return self.beat()


@pytest.fixture
def person(own_home: Path) -> Iterator[Person]:
    with open_throwaway(paths_at(own_home)) as store:
        yield Person(store)


def test_a_check_in_is_said_once_and_leaves_a_receipt(person: Person) -> None:
    """Due, delivered, seen: each with its moment."""
    person.at("2026-03-02 18:00")
    person.at("2026-03-02 18:05")
    assert person.shown == ["check:g1:2026-03-02"]
    row = person.follow.seen("check:g1:2026-03-02")
    assert (row.channel, row.due) == ("page", datetime(2026, 3, 2, 18, tzinfo=BERLIN))
    assert row.delivered is not None and row.seen == person.now
    assert [one.key for one in person.follow.receipts(7)] == ["check:g1:2026-03-02"]
    assert person.store.deliveries.answered("g1", "done", person.now) == 1
    assert not person.follow.standing()


def test_what_was_being_shown_when_the_process_ended_is_not_shown_again(person: Person) -> None:
    """The row is there before anything is shown; afterwards it says that it may have been."""

    def ends(nudge: Nudge) -> str:
        raise KeyboardInterrupt

    person.now = datetime(2026, 3, 2, 18, tzinfo=BERLIN)
    with pytest.raises(KeyboardInterrupt):
        heartbeat.beat(person.follow, NoPlans(), [ends])
    person.follow = person.started()
    person.beat()
    assert not person.shown
    assert person.store.deliveries.get("check:g1:2026-03-02").unsure
    assert [one.key for one in person.follow.standing()] == ["check:g1:2026-03-02"]


def test_nothing_is_looked_at_until_something_is_due(person: Person) -> None:
    """After one look the job waits for its moment: asking whether it is due reads no goal."""
    person.beat()
    looks = person.gathered
    for minute in range(300):
        person.now = datetime(2026, 3, 2, 12, 30, tzinfo=BERLIN) + timedelta(minutes=minute)
        assert not person.follow.is_due()
    assert person.gathered == looks
    assert person.follow.next_at() == datetime(2026, 3, 2, 18, tzinfo=BERLIN)
    person.now = datetime(2026, 3, 2, 18, tzinfo=BERLIN)
    assert person.follow.is_due()


def test_silent_shows_nothing_and_makes_up_for_nothing(person: Person) -> None:
    person.follow.set("silent", "yes")
    person.at("2026-03-04 18:00")
    assert person.follow.next_at() is None
    person.follow.set("silent", "no")
    person.at("2026-03-04 18:01")
    assert not person.shown and not person.follow.receipts(7)
    person.at("2026-03-05 18:00")
    assert person.shown == ["check:g1:2026-03-05"]


def test_what_waits_when_silence_begins_says_so(person: Person) -> None:
    """A check-in held for the end of the quiet hours has its receipt all the same."""
    person.follow.set("quiet_from", "17:00")
    person.at("2026-03-02 18:00")
    person.follow.set("silent", "yes")
    row = person.store.deliveries.get("check:g1:2026-03-02")
    assert row.missed == person.now and "silence" in row.reason


def test_a_declined_matter_is_quiet_until_its_end(person: Person) -> None:
    person.at("2026-03-02 18:00")
    person.follow.decline("check:g1:2026-03-02", 2)
    person.at("2026-03-03 18:00")
    person.at("2026-03-04 18:01")
    assert person.shown == ["check:g1:2026-03-02", "check:g1:2026-03-04"]
    with pytest.raises(NotFound):
        person.follow.decline("check:g9:2026-03-02", 2)


def test_a_changed_time_of_the_briefing_makes_up_for_none_that_went_by(person: Person) -> None:
    person.now = datetime(2026, 3, 2, 20, tzinfo=BERLIN)
    person.follow.set("briefing", "07:30")
    person.follow.set("quiet_to", "07:00")
    person.at("2026-03-02 20:00")
    assert not [key for key in person.shown if key.startswith("brief")]
    person.at("2026-03-03 07:30")
    assert "brief:2026-03-03" in person.shown


def test_the_runner_follows_through_by_itself(own_home: Path) -> None:
    """The job runs when its moment is there, woken by the clock alone."""

    async def lived() -> list[str]:
        with open_throwaway(paths_at(own_home)) as store:
            person = Person(store)
            base = datetime(2026, 3, 2, 18, tzinfo=BERLIN).timestamp() - 0.3 - time.monotonic()
            follow = Follow(store, lambda: datetime.fromtimestamp(base + time.monotonic(), UTC), person.gather)
            said, loop = asyncio.Event(), asyncio.get_running_loop()

            def show(nudge: Nudge) -> str:
                loop.call_soon_threadsafe(said.set)
                return person.show(nudge)

            job = heartbeat.job(follow, NoPlans(), [show])
            async with Runner([job], store.work, clock=lambda: base + time.monotonic()).running():
                await asyncio.wait_for(said.wait(), 20)
            return person.shown

    assert asyncio.run(lived()) == ["check:g1:2026-03-02"]


@pytest.mark.skipif(sys.platform != "linux", reason="the program of Linux desktops")
def test_a_notification_of_the_desktop_names_nobody_and_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be read on a locked screen says only that something waits; without a program nothing is claimed to be shown."""
    told = tmp_path / "told"
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{told}"\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert all(desktop.show(kind) for kind in NudgeKind)
    lines = told.read_text().splitlines()
    assert lines.count("Ownmind") == len(NudgeKind) and "A check-in waits for you." in lines
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert not desktop.show(NudgeKind.STEP)
