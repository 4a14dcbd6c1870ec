"""Who waits for an answer: they wrote last, asked something, and are somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ownmind.people.requests import accepts, asks, requests
from ownmind.people.waiting import Said, waiting

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)


def letter(
    text: str, *, days: float = 2, by_you: bool = False, thread: str = "t1", name: str = "Ana", readers: int = 1, address: str = ""
) -> Said:
    at = NOW - timedelta(days=days)
    return Said(f"i{thread}{days}", thread, at, by_you, f"p{name}", name, text, readers, address)


def test_who_asked_last_waits_since_they_asked() -> None:
    """Also when they wrote again without asking; the words are theirs, letter for letter."""
    found = waiting([letter("Hi. Can you send me the slides? Thanks", days=3), letter("It is for Monday.", days=1)], NOW)
    assert [(one.name, one.words, one.since) for one in found] == [("Ana", "Can you send me the slides?", NOW - timedelta(days=3))]


def test_who_got_an_answer_does_not_wait() -> None:
    asked = letter("When do you arrive?", days=3)
    assert waiting([asked, letter("At nine", days=2, by_you=True)], NOW) == ()
    assert waiting([asked, letter("I arrive at nine", days=2, by_you=True, thread="t2")], NOW) == ()


def test_who_asked_nothing_does_not_wait() -> None:
    assert waiting([letter("Thanks, that was lovely. See you soon!")], NOW) == ()
    assert waiting([letter("Let me know if you have any questions.")], NOW) == ()


@pytest.mark.parametrize(
    "one",
    [
        letter("Ready for spring? Unsubscribe here", name="Shop"),
        letter("Did you know?", address="no-reply@example.org"),
        letter("Who can bring cake?", readers=40),
        letter("Are you there?", days=0.1),
        letter("Are you there?", days=90),
        letter("I am out of office. Is it urgent?"),
    ],
)
def test_machines_crowds_and_what_is_too_new_or_old_do_not_wait(one: Said) -> None:
    assert waiting([one], NOW) == ()


def test_the_longest_waiting_comes_first_and_each_once() -> None:
    said = [
        letter("Will you come?", days=2, thread="a", name="Ben"), letter("How was it?", days=5, thread="b", name="Cleo"),
        letter("And your answer?", days=9, thread="c", name="Ben"),
    ]  # fmt: skip
    assert [(one.name, (NOW - one.since).days) for one in waiting(said, NOW)] == [("Ben", 9), ("Cleo", 5)]


def test_a_request_says_what_is_asked() -> None:
    assert [one.what for one in requests("Hi Tom. Could you please send me the file by Friday? Bye")] == ["send me the file by Friday"]
    assert requests("Can you swim?") == []
    assert requests("Please find the invoice attached.") == []
    assert asks("All fine here. Please call me back.") == "Please call me back."


def test_a_yes_is_a_yes_only_when_it_is_not_taken_back() -> None:
    assert accepts("Yes, of course!") is not None
    assert accepts("Yes, but not today") is None
    assert accepts("I saw a film") is None
