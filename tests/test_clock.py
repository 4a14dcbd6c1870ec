"""Clock times of a person: real zones, rules that come round, and the days on which the clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.errors import BadInput
from ownmind.goals.clock import Schedule, anniversary, at, checked_rule, days_of, moments, same_clock, system_zone, zone_named

BERLIN, KOLKATA, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")


def test_a_skipped_time_is_the_jump_and_a_doubled_one_the_first() -> None:
    night = date(2026, 10, 25)  # PEP 495: a doubled time is equal to no time of another zone, so it is compared in UTC
    assert at(date(2026, 3, 29), 150, BERLIN).astimezone(UTC) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert at(night, 150, BERLIN).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert at(night, 150, BERLIN, fold=1).astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert f"{at(date(2026, 10, 4), 135, LORD_HOWE):%H:%M}" == "02:30"  # a jump of half an hour


@settings(deadline=None)  # a busy machine is slow
@given(
    st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    st.integers(0, 1439),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_a_clock_time_is_what_the_clock_shows_unless_the_day_skips_it(day: date, minutes: int, name: str) -> None:
    """Then it is later, by no more than the jump."""
    shown = at(day, minutes, ZoneInfo(name))
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    assert timedelta() <= shown.replace(tzinfo=None) - wall <= timedelta(hours=1)


def test_a_weekly_rule_keeps_its_hour_over_the_change_of_the_clocks() -> None:
    """The moments between are 168 hours, less one, then 168 again."""
    rule = Schedule(date(2026, 3, 1), 18 * 60, rule="FREQ=WEEKLY;BYDAY=SU")
    found = list(moments(rule, datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 12, 23, tzinfo=UTC), BERLIN))
    assert [one.hour for one in found] == [18] * 4
    hours = [(b.astimezone(UTC) - a.astimezone(UTC)).total_seconds() / 3600 for a, b in pairwise(found)]
    assert hours == [167, 168, 168]


@settings(deadline=None)  # a busy machine is slow
@given(
    st.sampled_from(["FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=-1FR",
                     "FREQ=YEARLY;INTERVAL=4", "FREQ=WEEKLY;COUNT=5", "FREQ=MONTHLY", "FREQ=DAILY;UNTIL=20150101T000000Z"]),
    st.dates(date(2000, 1, 1), date(2012, 12, 31)),
    st.dates(date(2013, 1, 1), date(2026, 12, 31)),
)  # fmt: skip
def test_a_rule_of_many_years_is_read_from_near_its_end_as_from_its_beginning(rule: str, first: date, start: date) -> None:
    """Leaping over the years changes no day."""
    schedule = Schedule(first, 600, rule=rule)
    whole = [day for day in days_of(schedule, first, start + timedelta(days=400)) if day >= start]
    assert days_of(schedule, start, start + timedelta(days=400)) == whole


def test_a_schedule_counts_from_an_anchor_to_a_day_of_the_week() -> None:
    """Three days before the deadline; the first Sunday from ten days before."""
    assert Schedule(date(2026, 4, 12), 540, offset=-3).first == date(2026, 4, 9)
    assert Schedule(date(2026, 4, 12), 540, offset=-10, weekday=6).first == date(2026, 4, 5)


def test_a_birthday_of_the_leap_day_is_kept_every_year() -> None:
    assert [anniversary(date(1604, 2, 29), year) for year in (2027, 2028)] == [date(2027, 2, 28), date(2028, 2, 29)]


def test_the_same_clock_time_follows_who_travels() -> None:
    """18:00 in Berlin is 18:00 in Kolkata."""
    moved = same_clock(datetime(2026, 5, 1, 18, 15, tzinfo=BERLIN), BERLIN, KOLKATA)
    assert (moved.replace(tzinfo=None), moved.utcoffset()) == (datetime(2026, 5, 1, 18, 15), timedelta(hours=5, minutes=30))


def test_what_is_no_rule_or_no_zone_is_said_so() -> None:
    for rule in ("", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2", "nope", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX"):
        with pytest.raises(BadInput):
            checked_rule(rule)
    for name in ("Mars/Olympus", "", "../etc/passwd", "Europe", "\0"):
        with pytest.raises(BadInput):
            zone_named(name)


def test_the_zone_of_the_machine_is_found_where_it_stands(tmp_path: Path) -> None:
    """TZ, then the link, then the file; an offset alone is no zone."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/timezone").write_text("Asia/Kolkata\n")
    assert system_zone({}, tmp_path)[0].key == "Asia/Kolkata"
    (tmp_path / "etc/localtime").symlink_to("../usr/share/zoneinfo/America/New_York")
    assert system_zone({}, tmp_path) == (ZoneInfo("America/New_York"), "/etc/localtime")
    assert system_zone({"TZ": ":Europe/Berlin"}, tmp_path) == (BERLIN, "TZ")
    assert system_zone({"TZ": "<+03>-3"}, tmp_path)[0].key == "America/New_York"
