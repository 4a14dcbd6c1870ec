"""Calendars taken in: every event once, at its true time, whatever zone, rule or damage its file has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import NOW, Days, calendar, event
from ownmind.errors import BadInput
from ownmind.messages import Integrity, Skipped
from ownmind.senses.calendar import events
from ownmind.senses.sandbox import Limits
from ownmind.store.opening import open_throwaway
from store_fixtures import paths_at

OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Our office
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0130
TZOFFSETTO:+0130
TZNAME:OFFICE
END:STANDARD
END:VTIMEZONE"""


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    with open_throwaway(paths_at(tmp_path / "mind")) as store:
        yield Days(store, tmp_path)


# Times


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20261124T083000Z", "DTEND:20261124T090000Z"], "11-24 09:30-10:00"),
        (["DTSTART;TZID=America/New_York:20261124T083000", "DURATION:PT1H30M"], "11-24 14:30-16:00"),
        (['DTSTART;TZID="W. Europe Standard Time":20261124T083000', "DURATION:PT30M"], "11-24 08:30-09:00"),
        (["DTSTART;TZID=/mozilla.org/20050126_1/Europe/London:20261124T083000", "DURATION:PT30M"], "11-24 09:30-10:00"),
        (['DTSTART;TZID="(UTC+03:00) Somewhere":20261124T083000', "DURATION:PT30M"], "11-24 06:30-07:00"),
        (["DTSTART;TZID=Our office:20261124T083000", "DURATION:PT30M"], "11-24 08:00-08:30"),
        (["DTSTART:20261124T083000", "DTEND:20261124T090000"], "11-24 08:30-09:00"),
        (["DTSTART;VALUE=DATE:20261124"], "11-24 00:00-00:00"),
        (["DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261124"], "11-24 00:00-00:00"),
        (["DTSTART:20261124T083000"], "11-24 08:30-08:31"),
        (["dtstart;tzid=Europe/Berlin:20261124T083000", "dtend;tzid=Europe/Berlin:20261124T093000"], "11-24 08:30-09:30"),
    ],
)
def test_a_time_is_where_its_zone_says(days: Days, lines: list[str], expected: str) -> None:
    """UTC, IANA, Windows', Mozilla's, an offset, the file's own zone, floating, whole days, without an end, and in small letters."""
    assert not days.take_in(calendar(OWN_ZONE.replace("\n", "\r\n"), event(*lines))).skipped
    assert days.times("2026-11-20", "2026-11-30") == [f"{expected} Dentist"]


def test_a_floating_time_goes_where_the_person_goes_and_others_stay(days: Days) -> None:
    """What has no zone is at that time on the clock wherever the person is; what has one is a moment."""
    days.take_in(calendar(event("DTSTART:20261124T083000", "DURATION:PT30M"), event("DTSTART:20261124T120000Z", "DURATION:PT30M", uid="2")))
    days.zone = ZoneInfo("Asia/Tokyo")
    assert days.times("2026-11-24", "2026-11-25") == ["11-24 08:30-09:00 Dentist", "11-24 21:00-21:30 Dentist"]


def test_the_zone_of_a_calendar_is_that_of_its_times_without_one(days: Days) -> None:
    """X-WR-TIMEZONE."""
    days.take_in(calendar(event("DTSTART:20261124T083000", "DURATION:PT30M"), head=["X-WR-TIMEZONE:America/New_York"]))
    assert days.times("2026-11-24", "2026-11-25") == ["11-24 14:30-15:00 Dentist"]
    own = calendar(OWN_ZONE.replace("\n", "\r\n"), event("DTSTART:20261125T083000", uid="2"), head=["X-WR-TIMEZONE:Our office"])
    assert not days.take_in(own, "own.ics").skipped
    assert days.times("2026-11-25", "2026-11-26") == ["11-25 08:00-08:01 Dentist"]


def test_what_repeats_keeps_its_clock_over_a_change_of_the_clocks(days: Days) -> None:
    """09:00 in Berlin stays 09:00 in Berlin, before and after 25 October."""
    days.take_in(calendar(event("DTSTART;TZID=Europe/Berlin:20261001T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")))
    found = days.between("2026-10-15", "2026-11-10")
    assert [f"{one.start:%m-%d %H:%M}" for one in found] == ["10-15 09:00", "10-22 09:00", "10-29 09:00", "11-05 09:00"]
    assert {one.start.utcoffset() for one in found} == {timedelta(hours=1), timedelta(hours=2)}


def test_exceptions_additions_and_changed_times_hold(days: Days) -> None:
    """EXDATE, RDATE, one time moved and renamed, one cancelled."""
    zone = ";TZID=Europe/Berlin"
    master = event(
        f"DTSTART{zone}:20261102T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=5",
        f"EXDATE{zone}:20261109T090000", f"RDATE{zone}:20261126T090000", title="Choir",
    )  # fmt: skip
    moved = event(f"RECURRENCE-ID{zone}:20261116T090000", f"DTSTART{zone}:20261117T180000", "DURATION:PT2H", title="Choir, late")
    cancelled = event(
        f"RECURRENCE-ID{zone}:20261123T090000", f"DTSTART{zone}:20261123T090000", "DURATION:PT1H", "STATUS:CANCELLED", title="Choir"
    )
    assert not days.take_in(calendar(master, moved, cancelled)).skipped
    assert days.times("2026-11-01", "2026-12-31") == [
        "11-02 09:00-10:00 Choir", "11-17 18:00-20:00 Choir, late", "11-23 09:00-10:00 Choir", "11-26 09:00-10:00 Choir",
        "11-30 09:00-10:00 Choir",
    ]  # fmt: skip
    assert [one.is_free for one in days.between("2026-11-01", "2026-12-31")] == [False, False, True, False, False]
    assert len({one.key for one in days.between("2026-11-01", "2026-12-31")}) == 5


def test_what_takes_no_time_is_free(days: Days) -> None:
    """TRANSPARENT and CANCELLED take no time."""
    when = ("DTSTART:20261124T083000Z", "DURATION:PT1H")
    days.take_in(calendar(event(*when, "TRANSP:TRANSPARENT", uid="1"), event(*when, "STATUS:CANCELLED", uid="2"), event(*when, uid="3")))
    assert sorted(one.is_free for one in days.between("2026-11-24", "2026-11-25")) == [False, True, True]


def test_twenty_years_of_every_day_answer_for_any_week(days: Days) -> None:
    """What repeated since 2006 is there this week, in a week long ago, and in one far ahead."""
    days.take_in(calendar(event("DTSTART;TZID=Europe/Berlin:20060101T070000", "DURATION:PT30M", "RRULE:FREQ=DAILY", title="Run")))
    for week in ("2026-11-23", "2009-11-23", "2038-11-22"):
        assert len(days.between(week, f"{week[:8]}{int(week[8:]) + 7}")) == 7


def test_an_event_longer_than_a_month_is_found_in_its_middle(days: Days) -> None:
    """A sabbatical of half a year."""
    days.take_in(calendar(event("DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:20261201", title="Sabbatical")))
    (found,) = days.between("2026-10-05", "2026-10-06")
    assert found.whole_day and found.start.month == 6


# Memory


def test_each_event_is_remembered_once_as_words_from_outside(days: Days) -> None:
    """One item however often it repeats: with its time, place, people and note; recalled; and never trusted."""
    done = days.take_in(
        calendar(
            event(
                "DTSTART;TZID=Europe/Berlin:20261124T093000",
                "DURATION:PT45M",
                "RRULE:FREQ=WEEKLY;BYDAY=TU",
                "LOCATION:Main Street 4",
                "ATTENDEE;CN=Ana Novak:mailto:ana@example.org",
                "DESCRIPTION:Bring the X-rays\\nand the card",
                title="Physiotherapy",
            )
        )
    )
    assert done.items == 1
    (item,) = days.memory.items(limit=10)
    assert item.text == (
        "Physiotherapy\nTuesday 24 November 2026, 09:30 to 10:15 (Europe/Berlin), every week on Tue\nAt: Main Street 4\n"
        "With: Ana Novak <ana@example.org>\nBring the X-rays\nand the card"
    )
    assert item.label.integrity is Integrity.UNTRUSTED
    assert days.memory.recall("physiotherapy on Tuesday")[0].id == item.id
    assert days.between("2026-12-01", "2026-12-02")[0].attendees[0].email == "ana@example.org"


def test_a_new_version_of_a_file_updates_and_doubles_nothing(days: Days) -> None:
    """Moved is moved, gone is gone, new is new; under another name too the event is there once."""
    dentist, choir = (
        event("DTSTART:20261124T083000Z", "DURATION:PT1H"),
        event("DTSTART:20261125T083000Z", "DURATION:PT1H", uid="2", title="Choir"),
    )
    days.take_in(calendar(dentist, choir))
    days.take_in(
        calendar(event("DTSTART:20261126T083000Z", "DURATION:PT1H", "SEQUENCE:1"), event("DTSTART:20261127T083000Z", uid="3", title="Tea"))
    )
    assert days.times("2026-11-20", "2026-11-30") == ["11-26 09:30-10:30 Dentist", "11-27 09:30-09:31 Tea"]
    assert len(days.memory.items(limit=10)) == 2
    days.take_in(calendar(dentist), name="older.ics")
    assert days.times("2026-11-20", "2026-11-30") == ["11-26 09:30-10:30 Dentist", "11-27 09:30-09:31 Tea"]
    days.calendars.remove(next(one.ref for one in days.calendars.sources() if one.title == "work.ics"))
    assert days.times("2026-11-20", "2026-11-30") == ["11-24 09:30-10:30 Dentist"]


def test_a_calendar_that_is_not_used_takes_no_time(days: Days) -> None:
    """What the person withholds is kept and passed over; an older copy of the event that is used counts again."""
    days.take_in(calendar(event("DTSTART:20261124T083000Z")), "old.ics")
    days.take_in(calendar(event("DTSTART:20261125T083000Z", "SEQUENCE:1")), "new.ics")
    (newer,) = [item for item in days.memory.items(limit=5) if item.source.title == "new.ics"]
    days.memory.withhold([newer.id])
    assert days.times("2026-11-24", "2026-11-27") == ["11-24 09:30-09:31 Dentist"]
    days.memory.withhold([newer.id], undo=True)
    assert days.times("2026-11-24", "2026-11-27") == ["11-25 09:30-09:31 Dentist"]


def test_what_is_forgotten_takes_no_time_any_more_and_leaves_no_trace(days: Days) -> None:
    """Forgetting an event by its words takes its appointments; the same import does not bring it back."""
    file = calendar(
        event("DTSTART;TZID=Europe/Berlin:20261124T093000", "RRULE:FREQ=DAILY", "LOCATION:Zwirbelstrasse", title="Secret tango")
    )
    days.take_in(file)
    receipt = days.memory.forget(days.memory.plan_forget("Zwirbelstrasse"))
    assert receipt.verified
    assert days.between("2026-11-20", "2026-12-20") == ()
    with days.store.db.read() as cx:
        for table in ("events", "occurrences", "expanded"):
            assert cx.execute(f"SELECT count(*) FROM {table}").get == 0
    days.take_in(file + "\r\n")
    assert days.between("2026-11-20", "2026-12-20") == ()


def test_words_of_a_single_time_are_forgotten_with_the_event(days: Days) -> None:
    """A renamed time of what repeats, and the last of many guests: both are found by forgetting, because the item says them."""
    guests = [f"ATTENDEE;CN=Guest {number}:mailto:g{number}@example.org" for number in range(60)]
    weekly = event("DTSTART:20261124T083000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", *guests, title="Choir")
    once = event("RECURRENCE-ID:20261201T083000Z", "DTSTART:20261201T083000Z", "DURATION:PT1H", "LOCATION:Zwirbelhalle", title="Choir")
    days.take_in(calendar(weekly, once))
    (item,) = days.memory.items(limit=5)
    assert "1 December 2026: at Zwirbelhalle" in item.text or "1 December 2026: Zwirbelhalle" in item.text
    kept = days.between("2026-12-01", "2026-12-02")[0]
    assert kept.place == "Zwirbelhalle" and all(one.email in item.text for one in kept.attendees)
    days.memory.forget(days.memory.plan_forget("Zwirbelhalle"))
    assert days.between("2026-11-20", "2026-12-20") == ()


def test_redacted_words_go_and_the_time_stays_taken(days: Days) -> None:
    """Cutting the title out of the item takes it from the appointments too."""
    days.take_in(calendar(event("DTSTART:20261124T083000Z", "DURATION:PT1H", title="Secret tango")))
    (item,) = days.memory.items(limit=10)
    days.memory.redact(item.id, "Secret tango")
    assert days.times("2026-11-24", "2026-11-25") == ["11-24 09:30-10:30"]


# Damage and harm


def test_a_bad_event_is_told_and_costs_no_other(days: Days) -> None:
    """No start, an end before the beginning, a year that is none, no date at all, another event begun in the middle, cut off."""
    good = event("DTSTART:20261124T083000Z", "DURATION:PT1H", uid="good")
    done = days.take_in(
        calendar(
            event(uid="1", title="No start"), event("DTSTART:20261124T083000Z", "DTEND:20261123T083000Z", uid="2", title="Backwards"),
            event("DTSTART:99990101T000000Z", uid="3", title="Far"), event("DTSTART:next Tuesday", uid="4", title="Words"),
            "BEGIN:VEVENT\r\nUID:5", good, "BEGIN:VEVENT\r\nSUMMARY:Cut off\r\nDTSTART:2026",
        ).removesuffix("END:VCALENDAR\r\n")
    )  # fmt: skip
    assert days.times("2026-11-20", "2026-11-30") == ["11-24 09:30-10:30 Dentist"]
    reasons = " | ".join(f"{one.where}: {one.reason}" for one in done.skipped)
    for told in (
        "No start: it does not say when",
        "Backwards: it ends before",
        "Far: it is in the year 9999",
        "Words: ",
        "in the middle of it",
    ):
        assert told in reasons
    assert len(done.skipped) == 6


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=10000000", "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,1,2,3;BYSECOND=0,1,2",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=NEVER", "COUNT=3", "FREQ=DAILY;COUNT=99999999999999999999;INTERVAL=0",
    ],
)  # fmt: skip
def test_a_rule_made_to_hang_costs_little_and_leaves_the_first_time(days: Days, rule: str) -> None:
    """What repeats every second, or for ever without coming to anything, is told; the event itself is kept."""
    done = days.take_in(calendar(event("DTSTART:20261124T083000Z", "DURATION:PT1H", f"RRULE:{rule}")))
    assert [one.reason.endswith("only its first time is kept") for one in done.skipped] == [True]
    assert days.times("2026-11-24", "2026-11-24T23") == ["11-24 09:30-10:30 Dentist"]
    assert len(days.between("2026-11-23", "2026-12-23")) == 1


def test_ten_million_times_are_only_those_of_the_weeks_that_are_asked_for(days: Days) -> None:
    """A count that large is fine: nobody counts them out."""
    days.take_in(calendar(event("DTSTART:20261124T083000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=10000000")))
    assert len(days.between("2026-12-01", "2026-12-08")) == 7


def test_bombs_and_endless_lines_are_bounded(days: Days) -> None:
    """A hundred thousand components inside one another, and a line of megabytes."""
    nested = "BEGIN:VALARM\r\n" * 100_000
    long = event("DTSTART:20261124T083000Z", f"DESCRIPTION:{'x' * 3_000_000}", uid="long", title="Long")
    done = days.take_in(calendar(long, event("DTSTART:20261125T083000Z", uid="next"), f"BEGIN:VEVENT\r\nUID:n\r\n{nested}"))
    assert [f"{one.start:%d} {one.title}" for one in days.between("2026-11-20", "2026-11-30")] == ["24 Long", "25 Dentist"]
    assert all(len(item.text) < 6_000 for item in days.memory.items(limit=10))
    assert done.skipped


def test_other_charsets_and_folds_inside_a_character_are_read(days: Days) -> None:
    """Windows-1252, UTF-16, a mark at the beginning, and a fold between the two bytes of an ü."""
    plain = calendar(event("DTSTART:20261124T083000Z", title="Müllabfuhr"))
    days.take_in(plain.encode("cp1252"), "one.ics")
    days.take_in(plain.replace("one@", "two@").encode("utf-16"), "two.ics")
    days.take_in(b"\xef\xbb\xbf" + plain.replace("one@", "three@").encode().replace("ü".encode(), b"\xc3\r\n \xbc"), "three.ics")
    assert [one.title for one in days.between("2026-11-24", "2026-11-25")] == ["Müllabfuhr"] * 3


def test_what_is_no_calendar_is_refused_in_words(days: Days) -> None:
    """An empty calendar, and a file that only begins like one."""
    assert "no events" in days.take_in(calendar()).skipped[0].reason
    assert days.take_in("BEGIN:VCALENDAR" + "\x00" * 100, "odd.ics").skipped


def test_a_parser_that_needs_too_much_is_ended(days: Days) -> None:
    """The child process is bounded in memory, and the import goes on."""
    many = calendar(*(event("DTSTART:20261124T083000Z", uid=str(number), title="x" * 200) for number in range(20_000)))
    done = days.take_in(many, limits=Limits(memory=8 << 20))
    assert done.skipped and not days.between("2026-11-24", "2026-11-25")


LINES = """BEGIN:VEVENT|END:VEVENT|BEGIN:VCALENDAR|END:VCALENDAR|DTSTART:20261124T083000Z|RRULE:FREQ=DAILY|BEGIN:VTIMEZONE|END:VTIMEZONE|
RRULE:FREQ=YEARLY;BYDAY=-1SU,XX|DTSTART;TZID=":x|DURATION:-P1D|EXDATE:,,|RECURRENCE-ID:20261124|TZID:x|UID:1|SUMMARY:\\\\| folded|\x00|
ATTENDEE:;,|DTEND:20300101""".replace("\n", "").split("|")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_any_order_of_lines_is_read_or_refused_and_never_breaks(lines: list[str]) -> None:
    """Whatever the lines, events come out whole or a reason does."""
    text = "\r\n".join(["BEGIN:VCALENDAR", *lines])
    try:
        for found in events(BytesIO(text.encode()), (NOW.timestamp(), NOW.timestamp() + 1e6)):
            assert isinstance(found, Skipped) or all(one.start < one.end for one in found.occurrences)
    except BadInput as error:
        assert error.message
