"""The time a question names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.memory.dates import window

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=timezone(timedelta(hours=1)))  # a Wednesday


def days(question: str) -> tuple[str, str] | None:
    """First day and last day of the window, as text."""
    found = window(question, NOW)
    return None if found is None else (found.start.date().isoformat(), (found.end - timedelta(days=1)).date().isoformat())


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What did I say yesterday?", "2026-11-17", "2026-11-17"),
        ("Where was I the day before yesterday?", "2026-11-16", "2026-11-16"),
        ("What did we eat last night?", "2026-11-17", "2026-11-17"),
        ("What did Ana tell me two weeks ago?", "2026-11-02", "2026-11-08"),
        ("Who called 3 days ago?", "2026-11-15", "2026-11-15"),
        ("What happened a few months ago?", "2026-06-01", "2026-09-30"),
        ("What did I do last week?", "2026-11-09", "2026-11-15"),
        ("What did I do last weekend?", "2026-11-14", "2026-11-15"),
        ("What have I planned this month?", "2026-11-01", "2026-11-30"),
        ("Where did we go last year?", "2025-01-01", "2025-12-31"),
        ("What did I plant last spring?", "2026-03-01", "2026-05-31"),
        ("Where did I ski last winter?", "2025-12-01", "2026-02-28"),
        ("Where do we go next summer?", "2027-06-01", "2027-08-31"),
        ("What did she paint in the summer of 2022?", "2022-06-01", "2022-08-31"),
        ("What happened in May 2023?", "2023-05-01", "2023-05-31"),
        ("What happened in May?", "2026-05-01", "2026-05-31"),
        ("What happened in December?", "2025-12-01", "2025-12-31"),
        ("Where was Ben on 5 May 2023?", "2023-05-05", "2023-05-05"),
        ("Where was Ben on May 5th, 2023?", "2023-05-05", "2023-05-05"),
        ("What did I write on 2023-05-08?", "2023-05-08", "2023-05-08"),
        ("Which books did he read in 2022?", "2022-01-01", "2022-12-31"),
        ("What did I promise last Friday?", "2026-11-13", "2026-11-13"),
        ("What is there next Friday?", "2026-11-20", "2026-11-20"),
        ("What did I buy in the last three days?", "2026-11-15", "2026-11-18"),
    ],
)
def test_a_phrase_names_its_days(question: str, first: str, last: str) -> None:
    """Words people use for times resolve against now, in the person's own time zone."""
    assert days(question) == (first, last)


@pytest.mark.parametrize(
    "question", ["May I ask you something?", "Who is April?", "What may Ana eat?", "How long is a week?", "second hand"]
)
def test_a_question_without_a_time_names_none(question: str) -> None:
    """Words that only look like a time are no time."""
    assert window(question, NOW) is None


@given(st.text(max_size=200), st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_any_text_is_read_without_an_error(text: str, now: datetime) -> None:
    """Whatever is asked, whenever: a window that is not empty, or none."""
    found = window(text, now)
    assert found is None or found.start < found.end


@given(st.integers(1, 300), st.sampled_from(["day", "week", "month", "year"]))
def test_ago_lies_in_the_past(n: int, unit: str) -> None:
    """N units ago ends before now."""
    found = window(f"what happened {n} {unit}s ago", NOW)
    assert found is not None and found.end <= NOW
