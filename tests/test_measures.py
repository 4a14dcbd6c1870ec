"""What a measure is now, where it was said with several numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ownmind.memory.measures import restated
from ownmind.memory.question import read
from ownmind.messages import Integrity, Item, Kind, Label, Recalled, Source

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def numbers(question: str, *texts: str, speaker: str = "") -> list[float]:
    """The numbers given for the question by texts said ten days apart, newest first; recall found the oldest first."""
    found = [
        Recalled(
            Item(
                f"i{n}", text, Source("note:1"), Label(Integrity.PERSON), Kind.NOTE, BEGAN + timedelta(days=10 * n), speaker, "", n, BEGAN
            ),
            1.0,
        )
        for n, text in enumerate(texts, 1)
    ]
    return [one.number for one in restated(question, read(question, BEGAN + timedelta(days=99), names={speaker} - {""}), found)]


@pytest.mark.parametrize(
    ("question", "older", "newer", "expected"),
    [
        (
            "What is the average response time?",
            "The average response time is 300 ms.",
            "Average response time has improved to 250ms.",
            [250, 300],
        ),
        ("How much is the rent?", "The rent is 900 euros a month.", "The landlord raised the rent to 950 euros.", [950, 900]),
        ("How many pupils are in my class?", "I have 24 pupils in my class.", "There are now 26 pupils in my class.", [26, 24]),
        ("What is my resting heart rate?", "My resting heart rate is 64.", "Resting heart rate down to 58 this week.", [58, 64]),
        ("How many hens do we have?", "We have six hens.", "We have four hens since the fox came.", [4, 6]),
        ("What is the test coverage?", "Test coverage is at 65%.", "Test coverage went up to 78%.", [78, 65]),
        ("How much does the gym cost?", "The gym costs $30 a month.", "The gym costs $35 a month since May.", [35, 30]),
    ],
)
def test_the_number_said_last_comes_first(question: str, older: str, newer: str, expected: list[float]) -> None:
    """Whatever recall put first, and without the question saying "now"."""
    assert numbers(question, older, newer) == expected


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("What is the rent?", ("The rent is 900 euros.", "The rent is 900 euros, as ever.")),  # nothing changed
        ("What is the rent?", ("The rent is 900 euros.", "I pay 40 euros for the phone.")),  # something else
        ("What is the rent?", ("The rent is 900 euros.", "The rent is due on 5 March.")),  # a date
        ("What is the rent?", ("The rent is 900 euros.", "If we move the rent would be 1200 euros.")),  # not so
        ("What is the test coverage?", ("Test coverage is at 65%.", "My goal is test coverage of 100%.")),  # wished
        ("What is the test coverage?", ("Test coverage is at 65%.", "I am trying to achieve test coverage of 90%.")),
        ("Who pays the rent?", ("The rent is 900 euros.", "The rent is 950 euros.")),  # no number is asked for
        ("How can I lower the rent?", ("The rent is 900 euros.", "The rent is 950 euros.")),
    ],
)
def test_where_nothing_changed_nothing_is_said(question: str, texts: tuple[str, ...]) -> None:
    """One value, another measure, a date, a wish, or a question that asks for no number."""
    assert numbers(question, *texts) == []


def test_what_another_says_of_their_own_does_not_count() -> None:
    """Ana's weight is not told by Ben."""
    assert numbers("What is Ana's weight?", "My weight is 70 kg.", "My weight is 68 kg.", speaker="Ben") == []
