"""Where something may begin, also on the days on which clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.goals.placing.free import Grid, at_clock
from ownmind.goals.placing.schedule import Busy, Days, Problem, Sitting, Window

BERLIN, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")
ALWAYS = Days((Window(0, 1440),))


def problem(zone: ZoneInfo, day: date, *busy: Busy, days: Days = ALWAYS, length: int = 1, **more: object) -> Problem:
    start, end = at_clock(day, 0, zone), at_clock(day + timedelta(days=length), 0, zone)
    sitting = replace(Sitting("x", "x", 30, start, end), **more)
    return Problem(zone, start, end, (sitting,), {}, busy, days)


def starts(one: Problem) -> list[str]:
    grid = Grid(one)
    return [f"{grid.moment(slot):%H:%M}" for slot in grid.starts(one.sittings[0], one.sittings[0].minutes)]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, date(2026, 3, 29), 23.0),
        (BERLIN, date(2026, 10, 25), 25.0),
        (LORD_HOWE, date(2026, 10, 4), 23.5),
        (LORD_HOWE, date(2026, 4, 5), 24.5),
        (ZoneInfo("America/New_York"), date(2028, 2, 29), 24.0),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone: ZoneInfo, day: date, hours: float) -> None:
    """23 and 25 hours, half an hour on Lord Howe, and a leap day like any other."""
    assert Grid(problem(zone, day)).size == hours * 4


def test_an_hour_that_the_clocks_skip_is_not_there() -> None:
    """02:00 to 03:00 on 29 March 2026 in Berlin: no place in it, and none across it for what needs the hour."""
    assert starts(problem(BERLIN, date(2026, 3, 29), windows=(Window(120, 180),))) == []
    assert starts(problem(BERLIN, date(2026, 3, 29), windows=(Window(105, 195),))) == ["01:45"]
    assert starts(problem(LORD_HOWE, date(2026, 10, 4), windows=(Window(120, 180),))) == ["02:30"]


def test_an_hour_that_happens_twice_is_there_twice() -> None:
    half = problem(BERLIN, date(2026, 10, 25), windows=(Window(150, 180),))
    assert starts(half) == ["02:30", "02:30"]
    found = starts(problem(BERLIN, date(2026, 10, 25), windows=(Window(120, 180),)))
    assert found == ["02:00", "02:15", "02:30", "02:45", "02:00", "02:15", "02:30"]


def test_the_way_there_and_back_must_be_free_too_to_the_minute() -> None:
    """Free from 10:00 to 11:10: half an hour, 20 minutes away, begins at 10:30 at the soonest, and that is 20 minutes too late."""
    day = date(2026, 3, 2)
    at = [at_clock(day, minutes, BERLIN) for minutes in (0, 600, 670, 1440)]
    wall = (Busy(at[0], at[1]), Busy(at[2], at[3]))
    assert starts(problem(BERLIN, day, *wall)) == ["10:00", "10:15", "10:30"]
    assert starts(problem(BERLIN, day, *wall, travel=15)) == ["10:15"]
    assert starts(problem(BERLIN, day, *wall, travel=20)) == []


def test_what_is_taken_costs_its_way_as_well() -> None:
    day = date(2026, 3, 2)
    work = Busy(at_clock(day, 540, BERLIN), at_clock(day, 1020, BERLIN), "work", 45)
    found = starts(problem(BERLIN, day, work, windows=(Window(420, 1140),)))
    assert found == ["07:00", "07:15", "07:30", "07:45", "17:45", "18:00", "18:15", "18:30"]


def test_what_is_open_to_a_goal_is_in_the_way_of_the_others_only() -> None:
    day = date(2026, 3, 2)
    work = Busy(at_clock(day, 0, BERLIN), at_clock(day, 1440, BERLIN), "work", open_to=frozenset({"x"}))
    noon = (Window(720, 780),)
    assert starts(problem(BERLIN, day, work, windows=noon)) == ["12:00", "12:15", "12:30"]
    assert starts(problem(BERLIN, day, work, windows=noon, goal="y")) == []


def test_a_problem_that_begins_at_any_second_begins_with_the_next_quarter() -> None:
    start = datetime(2026, 3, 2, 10, 7, 31, tzinfo=BERLIN)
    assert Grid(replace(problem(BERLIN, date(2026, 3, 2)), start=start)).moment(0) == datetime(2026, 3, 2, 10, 15, tzinfo=BERLIN)


_ZONES = st.sampled_from([BERLIN, LORD_HOWE, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Auckland")])


_CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 10, 4), date(2026, 4, 5), date(2026, 9, 27)]


@settings(max_examples=80, deadline=None)
@given(_ZONES, st.sampled_from(_CHANGES) | st.dates(date(2026, 1, 1), date(2028, 12, 30)), st.data())
def test_every_start_is_free_and_every_free_start_is_found(zone: ZoneInfo, day: date, data: st.DataObject) -> None:
    """The grid against a plain walk over the minutes, for any zone, day, window and appointments."""
    begin, length = data.draw(st.integers(0, 1380)), data.draw(st.integers(1, 300))
    window = Window(begin, min(1440, begin + length))
    taken = []
    for _ in range(data.draw(st.integers(0, 3))):
        at, lasts = data.draw(st.integers(0, 1400)), data.draw(st.integers(1, 200))
        first = at_clock(day, at, zone)
        taken.append(Busy(first, first + timedelta(minutes=lasts), "", data.draw(st.sampled_from([0, 7, 20]))))
    travel, minutes = data.draw(st.sampled_from([0, 5, 20])), data.draw(st.sampled_from([10, 15, 40]))
    made = problem(zone, day, *taken, windows=(window,), travel=travel, minutes=minutes)
    grid = Grid(made)
    assert set(grid.starts(made.sittings[0], minutes)) == {slot for slot in range(grid.size) if _stands(made, grid.moment(slot), minutes)}


def _stands(made: Problem, start: datetime, minutes: int) -> bool:
    sitting = made.sittings[0]
    way, moment = timedelta(minutes=sitting.travel), start.astimezone(UTC)
    end = moment + timedelta(minutes=minutes)
    if moment - way < made.start or end + way > made.end:
        return False
    for busy in made.busy:
        theirs = timedelta(minutes=busy.travel)
        if moment - way < busy.end + theirs and busy.start - theirs < end + way:
            return False
    while moment < end:
        clock = moment.astimezone(made.zone)
        if not sitting.windows[0].start <= clock.hour * 60 + clock.minute < sitting.windows[0].end:
            return False
        moment += timedelta(minutes=1)
    return True
