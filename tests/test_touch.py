"""When somebody was in touch: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ownmind.people.touch import Touch, last, silence, usual

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def touches(*days_ago: float) -> list[Touch]:
    return [Touch(NOW - timedelta(days=days), f"i{place}", "mail") for place, days in enumerate(days_ago)]


def test_the_usual_interval_is_of_days_and_needs_some() -> None:
    """Ten letters in an hour are one time in touch; three times say nothing."""
    assert usual(touches(90, 80, 70)) is None
    assert usual(touches(90, 89.99, 89.98, 80, 70, 60)) == timedelta(days=10)


def test_silence_is_told_only_when_it_is_longer_than_usual() -> None:
    """Not after a week for who writes weekly, not after a month for who writes yearly, not for what ended years ago."""
    assert silence(touches(28, 21, 14, 7), NOW) == ""
    assert silence(touches(93, 86, 79, 72, 65), NOW) == "usually in touch every 7 days, now quiet for 9 weeks"
    assert silence(touches(1500, 1100, 700, 400, 30), NOW) == ""
    assert silence(touches(1528, 1521, 1514, 1507, 1500), NOW) == ""


def test_what_is_to_come_is_no_touch_yet() -> None:
    """A meeting next week is not the last time."""
    found = last(touches(10, -7), NOW)
    assert found is not None
    assert found.ref == "i0"
