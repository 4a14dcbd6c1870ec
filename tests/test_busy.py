"""What takes a person's time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ownmind.goals.placing.busy import calendar
from ownmind.goals.placing.schedule import Window
from ownmind.records import Appointment

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 27, tzinfo=ZONE)  # a Friday; clocks change on Sunday
END = START + timedelta(days=4)
WORK = Window(9 * 60, 17 * 60, frozenset(range(5)))


def test_work_is_taken_on_its_days_by_the_clock() -> None:
    found = calendar([], (WORK,), {}, START, END, ZONE).busy
    assert [(one.start.day, one.start.hour, one.end.hour) for one in found] == [(27, 9, 17), (30, 9, 17), (31, 9, 17)]


def test_work_is_open_to_a_goal_whose_hours_lie_in_it_and_to_no_other() -> None:
    hours = {"lunch": (Window(720, 780),), "evening": (Window(1080, 1200),), "all day": (Window(480, 1200),), "any": ()}
    assert {one.open_to for one in calendar([], (WORK,), hours, START, END, ZONE).busy} == {frozenset({"lunch"})}


def test_only_what_lies_in_the_time_counts() -> None:
    inside = Appointment("a", START - timedelta(hours=1), START + timedelta(hours=1), "late film")
    outside = [Appointment("b", START - timedelta(hours=2), START, "before"), Appointment("c", END, END + timedelta(hours=1), "after")]
    assert [one.what for one in calendar([inside, *outside], (), {}, START, END, ZONE).busy] == ["late film"]


def test_a_whole_day_that_is_not_counted_is_said_once() -> None:
    day = Appointment("d", START, START + timedelta(days=1), "Ana's birthday", whole_day=True)
    found = calendar([day, day], (), {}, START, END, ZONE)
    assert found.busy == () and len(found.notes) == 1 and "Ana's birthday (Fri 27 Mar)" in found.notes[0]


def test_work_in_hours_that_the_clocks_skip_takes_nothing() -> None:
    night = Window(120, 180, frozenset({6}))
    assert calendar([], (night,), {}, START, END, ZONE).busy == ()
