"""Lines of a card: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ownmind.people.ask import Said, ask
from ownmind.people.cards import read_day
from ownmind.people.told import in_signature, in_words

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def said(text: str, days_ago: int, *, by: bool = True, ahead: tuple[int, int] | None = None) -> Said:
    """Something said; ``ahead``: the days after it that the text names."""
    at = NOW - timedelta(days=days_ago)
    times = ((0, at + timedelta(days=ahead[0]), at + timedelta(days=ahead[1])),) if ahead else ()
    return Said("i1", at, by, text, times)


@pytest.mark.parametrize(
    ("what", "begins"),
    [
        (said("I fly to Rome on Monday.", 10, ahead=(3, 4)), "How was it"),
        (said("I fly to Rome on Monday.", 2, ahead=(5, 6)), "It comes soon"),
        (said("I am looking for a flat.", 20), "How is it now"),
        (said("Tom has an exam on Friday.", 10, by=False, ahead=(3, 4)), "How was it"),
    ],
)
def test_open_ends_are_asked_about_with_their_words(what: Said, begins: str) -> None:
    """What lay ahead and is over, what comes, what was open."""
    (one,) = ask([what], ["Tom"], NOW)
    assert one.text.startswith(begins)
    assert what.text in one.text


@pytest.mark.parametrize(
    "what",
    [
        said("I fly to Rome on Monday.", 90, ahead=(3, 4)),
        said("Shall I come on Monday?", 10, ahead=(3, 4)),
        said("Ana has an exam on Friday.", 10, by=False, ahead=(3, 4)),
        said("I was in Rome last week.", 10, ahead=(-9, -2)),
        said("I like tea very much.", 10),
        said("I will send you the photos by Friday.", 2, ahead=(5, 6)),
    ],
)
def test_what_is_old_closed_or_of_somebody_else_is_not_asked_about(what: Said) -> None:
    """Nothing is made up of what has no open end."""
    assert ask([what], ["Tom"], NOW) == ()


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("4 May", date(1604, 5, 4)),
        ("May 4th, 1980", date(1980, 5, 4)),
        ("the 29th of February", date(1604, 2, 29)),
        ("31 June", None),
        ("soon", None),
    ],
)
def test_a_birthday_is_read_from_words(words: str, day: date | None) -> None:
    """With its year or without; what is no day is none."""
    assert read_day(words) == day


def test_only_what_is_said_to_be_theirs_is_taken_for_their_address() -> None:
    """A signature is; somebody else's address in a text is not."""
    assert in_signature("Tom\ntom@a.example\nTel. +43 660 123 45 67") == ("tom@a.example", "+436601234567")
    assert in_words("My new number is 0660 1234567, and Ana's is 0660 7654321.") == ("06601234567",)
    assert in_words("Write to ana@b.example.") == ()
