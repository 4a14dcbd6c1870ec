"""Dates, ages, sums and units worked out by code."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.agent.computed import Said, age, computed, dates_in, day_in_words, distance, resolve_relative

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)  # a Sunday


def test_weeks_until_a_date_in_a_note_are_counted() -> None:
    """Twenty weeks are twenty weeks, where a small model said thirteen; a bare date means the next one."""
    notes = [Said("training for a half marathon on 12 April", date(2026, 11, 22))]
    assert computed("How many weeks until my half marathon?", notes, NOW) == [
        "12 April 2027 is a Monday, 20 weeks and 1 day away (141 days)."
    ]


def test_a_birthday_comes_every_year() -> None:
    """The next birthday is meant, whenever it was told."""
    assert "5 May 2027" in computed("When is my birthday?", [Said("my birthday is on 5 May", date(2019, 6, 1))], NOW)[0]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("What is 17 times 23?", "17 * 23 = 391."),
        ("what is (3+4)*2?", "(3+4)*2 = 14."),
        ("What's 1,200 plus 35?", "1200 + 35 = 1,235."),
        ("2^10", "2**10 = 1,024."),
        ("convert 26.2 miles to km", "26.2 miles = 42.16 km."),
        ("How many minutes are in a day?", "a day = 1,440 minutes."),
        ("what is 72 F in C", "72 °F = 22.22 °C."),
        ("What's today's date?", "today is Sunday, 22 November 2026."),
    ],
)
def test_sums_and_units_in_the_question_are_worked_out(question: str, line: str) -> None:
    """Numbers the model would get wrong are computed before it speaks."""
    assert line in computed(question, [], NOW)


@pytest.mark.parametrize("text", ["call me at 555-0199-22", "1/0", "9**9**9**9", "((((", "", "2 kg in metres", "x" * 5000])
def test_what_is_no_sum_gives_no_line(text: str) -> None:
    """A telephone number is not a subtraction; a tower of powers is not worked out."""
    assert computed(text, [], NOW) == []


def test_money_in_the_notes_is_added_a_currency_at_a_time() -> None:
    """Only amounts of one currency are added together."""
    notes = [Said("chain cost 12.50 euros", None), Said("tyres €30", None), Said("a lock for $20", None)]
    assert computed("How much have I spent in total on the bike?", notes, NOW) == [
        "the amounts in the notes are 12.50, 30; together 42.50 euros."
    ]


def test_an_age_counts_full_years() -> None:
    """The day before the birthday is still the younger age."""
    assert age(date(1990, 11, 23), NOW.date()) == 35 and age(date(1990, 11, 22), NOW.date()) == 36
    assert computed("How old is Ana?", [Said("Ana was born on 3 May 1990", None)], NOW) == ["born on 3 May 1990 means 36 years old today."]


def test_a_relative_date_belongs_to_the_day_it_was_said() -> None:
    """ "Yesterday" in a note of May is a day in May."""
    assert resolve_relative("I went yesterday", date(2023, 5, 8)) == "I went yesterday [7 May 2023]"
    assert resolve_relative("I went yesterday", None) == "I went yesterday"


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 399))
def test_a_written_date_is_read_back(day: date, ahead: int) -> None:
    """A law: a date in words is found as that date, and its distance is the number of days."""
    (found,) = dates_in(f"It is on {day_in_words(day)}.", None)
    assert found.start == day
    words = distance(day + timedelta(days=ahead), day)
    assert str(ahead) in words or words in ("today", "tomorrow")
