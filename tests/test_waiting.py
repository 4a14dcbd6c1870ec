"""Who waits for an answer: they wrote last, asked something, and are somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ownmind.memory.acquaintances import entry_of, keep
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.people.book import People
from ownmind.people.requests import accepts, asks, requests
from ownmind.people.waiting import Said, waiting
from ownmind.records import Address, Letter
from ownmind.store.opening import open_store
from store_fixtures import paths_at

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


def test_letters_and_talks_of_a_home_say_who_waits(own_home: Path) -> None:
    """By name, with the letter; what the person answered, and what a machine sent, is left out."""
    with open_store(paths_at(own_home)) as store:
        memory = Memory(store, None, lambda: NOW)
        people = People(store, memory, lambda: NOW)
        me, ana, shop = Address("Me", "me@example.net"), Address("Ana Lima", "ana@example.org"), Address("Shop", "news@example.org")
        source = Source("letters:x", "letters")
        letters = [Letter(source, f"<{n}@x>", NOW - timedelta(days=20 - n), me, (ana,), text="Hello") for n in range(11)]
        letters += [
            Letter(source, "<a@x>", NOW - timedelta(days=4), ana, (me,), subject="Slides", text="Hi,\n\nCould you send me the slides?"),
            Letter(source, "<b@x>", NOW - timedelta(days=3), shop, (me,), text="Ready for spring?", is_bulk=True),
        ]
        kept = memory.remember([entry_of(letter) for letter in letters], now=NOW)
        keep(store, [(int(item[1:]), letter) for item, letter in zip(kept, letters, strict=True)])
        talk = Source("transcript:c.jsonl", "transcript")
        turns = (("me", "Hi Tom"), ("Tom", "When do you arrive?"))
        memory.remember(
            [Entry(text, talk, Label(Integrity.UNTRUSTED), Kind.TURN, NOW - timedelta(days=2, minutes=-n), who, "c1", f"t{n}")
             for n, (who, text) in enumerate(turns)], now=NOW,
        )  # fmt: skip
        assert [(one.name, one.words) for one in people.waiting()] == [
            ("Ana Lima", "Could you send me the slides?"), ("Tom", "When do you arrive?")
        ]  # fmt: skip
        answer = Letter(source, "<d@x>", NOW - timedelta(days=1), me, (ana,), answers="<a@x>", text="Here they are")
        (item,) = memory.remember([entry_of(answer)], now=NOW)
        keep(store, [(int(item[1:]), answer)])
        assert [one.name for one in people.waiting()] == ["Tom"]
