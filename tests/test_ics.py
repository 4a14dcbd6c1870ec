"""Steps given out as a calendar: valid to others, the same step each time, and never in their own way when they come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from calendars import BERLIN, NOW, Days
from ownmind.goals.goal import Goal, State, Step
from ownmind.goals.ics import export
from ownmind.store.opening import open_throwaway
from store_fixtures import paths_at

GOAL = Goal("g3", "run the half marathon; on 12 April", "training", State.ACTIVE, NOW, why="for my knees,\nand my heart")


def step(number: int, start: datetime, title: str = "Long run, 14 km") -> Step:
    end = start + timedelta(minutes=90)
    return Step(f"s{number}", "g3", title, 90, number, start - timedelta(days=2), end + timedelta(days=2), start=start, end=end)


# Over the change of the clocks, and with all that must be escaped.
STEPS = (
    step(1, datetime(2026, 10, 24, 18, tzinfo=BERLIN)),
    step(2, datetime(2026, 10, 25, 18, tzinfo=BERLIN), "Läufe: “easy”; then, rest \\ 🏃\r\nBEGIN:VEVENT" + " and on" * 30),
    step(3, datetime(2027, 3, 28, 1, tzinfo=UTC)),
    replace(step(4, NOW), start=None, end=None),
)


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    with open_throwaway(paths_at(tmp_path / "mind")) as store:
        yield Days(store, tmp_path)


def given(days: Days, steps: tuple[Step, ...] = STEPS, zone: ZoneInfo = BERLIN) -> str:
    return export(days.store, steps, [GOAL], zone, NOW)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "UTC", "Asia/Kathmandu"])
def test_two_other_parsers_read_the_same_times_and_words(days: Days, zone: str) -> None:
    """icalendar and vobject agree with the plan: UTC moments, titles whole, no more events than steps with a place."""
    text = given(days, zone=ZoneInfo(zone))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")) and "VALARM" not in text
    expected = [(one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in STEPS if one.start and one.end]
    first = [(one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in icalendar.Calendar.from_ical(text).events]
    second = [(one.dtstart.value.astimezone(UTC), one.dtend.value.astimezone(UTC)) for one in vobject.readOne(text).vevent_list]
    assert first == second == expected
    titles = [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(text).events]
    assert titles == [one.summary.value for one in vobject.readOne(text).vevent_list]
    assert titles[1].startswith("Läufe: “easy”; then, rest \\ 🏃 BEGIN:VEVENT and on")
    assert (
        vobject.readOne(text).vevent_list[0].description.value == "For: run the half marathon; on 12 April\nWhy: for my knees, and my heart"
    )


def test_a_step_keeps_its_uid_and_counts_its_changes(days: Days) -> None:
    """Given out again unchanged it is the same; moved, its SEQUENCE rises; two homes never share a UID."""

    def told(text: str) -> list[tuple[str, int]]:
        return [(str(one["UID"]), one["SEQUENCE"]) for one in icalendar.Calendar.from_ical(text).events]

    first = told(given(days))
    assert told(given(days)) == first and {number for _, number in first} == {0}
    moved = replace(STEPS[0], start=datetime(2026, 10, 23, 18, tzinfo=BERLIN), end=datetime(2026, 10, 23, 19, tzinfo=BERLIN))
    assert told(given(days, (moved, *STEPS[1:]))) == [(first[0][0], 1), *first[1:]]
    assert told(given(days)) == [(first[0][0], 2), *first[1:]]
    with open_throwaway(paths_at(days.folder / "other")) as store:
        other = told(export(store, STEPS, [GOAL], BERLIN, NOW))
    assert not {uid for uid, _ in other} & {uid for uid, _ in first}


def test_our_own_steps_come_back_as_ours(days: Days) -> None:
    """Imported again they name their goal, so that nothing is planned around itself; whoever else writes our mark is not believed."""
    text = given(days)
    days.take_in(text)
    found = days.between("2026-10-20", "2027-04-01")
    assert [one.goal for one in found] == ["g3", "g3", "g3"]
    forged = text.replace("UID:s1-", "UID:s1-0").replace("UID:s2-", "UID:s9-").replace("UID:s3-", "UID:3")
    days.take_in(forged, "forged.ics")
    assert sorted(one.goal for one in days.between("2026-10-20", "2027-04-01")) == ["", "", "", "g3", "g3", "g3"]


def test_nothing_to_give_is_an_empty_calendar(days: Days) -> None:
    """Without a placed step the calendar is valid and empty."""
    assert not icalendar.Calendar.from_ical(given(days, STEPS[3:])).events
