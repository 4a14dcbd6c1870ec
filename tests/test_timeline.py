"""What happened when: events in order, and the date of one event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home, told
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.paths import Paths
from ownmind.store.opening import Store, open_throwaway

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_throwaway(Paths(tmp_path / "home", tmp_path / "cache")) as opened:
        yield opened


@pytest.fixture
def memory(store: Store) -> Memory:
    return Memory(store, None, lambda: NOW)


def said(text: str, days: int = 0, speaker: str = "", kind: Kind = Kind.NOTE) -> Entry:
    """A text said so many days after 1 November 2026."""
    return Entry(
        text, Source("note:test"), Label(Integrity.PERSON), kind, datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(days=days), speaker
    )


def test_events_stand_in_order_of_when_they_were_not_of_when_they_were_told(memory: Memory) -> None:
    """What was told last may have happened first; each carries the sentence that says so."""
    memory.remember(
        [
            said("The wedding is on 12 June 2027. We are thrilled.", 0),
            said("We met last summer in Lyon, before the wedding plans.", 3),
            said("Wedding dress shopping yesterday was fun.", 5),
        ],
        now=NOW,
    )
    found = memory.timeline("wedding")
    assert [event.text for event in found] == [
        "We met last summer in Lyon, before the wedding plans.",
        "Wedding dress shopping yesterday was fun.",
        "The wedding is on 12 June 2027.",
    ]
    assert [event.precision for event in found] == ["season", "day", "day"]


def test_a_period_holds_what_was_named_or_said_in_it(memory: Memory) -> None:
    """Half-open; what names no time stands when it was said."""
    memory.remember([said("I planted a fig tree.", 0), said("The exam is on 20 November.", 1), said("I read a book in 2019.", 2)], now=NOW)
    found = memory.timeline(start=datetime(2026, 11, 1, tzinfo=UTC), end=datetime(2026, 12, 1, tzinfo=UTC))
    assert [(event.text, event.precision) for event in found] == [("I planted a fig tree.", "said"), ("The exam is on 20 November.", "day")]


def test_a_topic_may_be_a_person_who_speaks(memory: Memory) -> None:
    """A speaker's name finds what they said."""
    memory.remember([said("We moved yesterday.", 0, "Ana"), said("I stayed at home yesterday.", 0, "Ben")], now=NOW)
    assert [event.speaker for event in memory.timeline("Ana")] == ["Ana"]


def test_what_is_forgotten_is_in_no_timeline(memory: Memory, store: Store) -> None:
    """A timeline is a query: nothing need be forgotten twice, and the named times go with their item."""
    (name,) = memory.remember([said("The exam is on 20 November.")], now=NOW)
    memory.forget(name)
    assert memory.timeline("exam") == []
    with store.db.read() as cx:
        assert cx.execute("SELECT count(*) FROM item_times").get == 0


def test_older_items_are_read_in_the_background_and_a_stop_costs_one_batch(memory: Memory, store: Store) -> None:
    """Times of items written before this version are found in batches, newest first, to the end; doing it again changes nothing."""
    memory.remember([said(f"Dentist number {n} on 20 November.", n) for n in range(5)], now=NOW)
    with store.db.write() as cx:
        cx.execute("DELETE FROM item_times")
    below = memory.highest() + 1
    while below:
        below = memory.read_times(below, 2)
    assert len(memory.timeline("dentist")) == 5


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What did I cook the week before the wedding?", "2026-10-17", "2026-10-23"),
        ("What did we do the day after the wedding?", "2026-10-25", "2026-10-25"),
        ("What have I read since we moved to Lyon?", "2026-09-10", "2026-11-18"),
        ("Where did I go the summer before the wedding?", "2026-06-01", "2026-08-31"),
        ("What did I buy the week before Ana's birthday?", "2026-04-26", "2026-05-02"),
    ],
)
def test_a_question_may_count_from_an_event(memory: Memory, question: str, first: str, last: str) -> None:
    """The event's own date is found in what was said of it, or in a fact."""
    memory.remember(
        [
            said("The wedding was on 24 October and everybody danced.", 1),
            said("Everybody still asks about the wedding.", 4),
            said("We moved to Lyon on 10 September.", 2),
            said("Ana's birthday is on 3 May.", 3),
        ],
        now=NOW,
    )
    found = memory.window(question, NOW)
    assert found is not None
    assert (found.start.date().isoformat(), (found.end - timedelta(seconds=1)).date().isoformat()) == (first, last)


def test_the_terminal_shows_what_happened_in_order(tmp_path: Path) -> None:
    """One line an event: when, who, the words, where from; or JSON."""
    home = quiet_home(tmp_path)
    ownmind(home, "remember", "We met last Friday.", "--at", "2026-05-13T10:00", "--speaker", "Ana")
    ownmind(home, "remember", "The exam was on 3 May.", "--at", "2026-05-14T10:00")
    lines = ownmind(home, "timeline", "--from", "2026-05-01", "--to", "2026-06-01").stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["3 May 2026", "8 May 2026"]
    assert "Ana: We met last Friday." in lines[1] and "i1" in lines[1]
    (event,) = told(home, "timeline", "--about", "exam")["events"]  # type: ignore[misc]  # JSON
    assert event["text"] == "The exam was on 3 May." and event["precision"] == "day"
    assert ownmind(home, "timeline", "--about", "nobody").stdout == "Nothing is known to have happened about nobody.\n"


def test_recall_looks_at_the_time_of_the_event_a_question_counts_from(memory: Memory) -> None:
    """ "Since we moved" brings what was said after the move first, though older words match as well."""
    memory.remember(
        [said("I read a good book.", -200), said("We moved to Lyon on 10 September.", 0), said("I read a nice book.", 10)], now=NOW
    )
    books = {
        question: [one.text for one in memory.recall(f"Which book did I read {question}?", k=3, now=NOW) if "book" in one.text]
        for question in ("since we moved to Lyon", "the year before we moved to Lyon")
    }
    assert [found[0] for found in books.values()] == ["I read a nice book.", "I read a good book."]


def test_an_event_nobody_spoke_of_has_no_date(memory: Memory) -> None:
    """None is better than the date of something else."""
    memory.remember([said("We moved to Lyon on 10 September.", 2)], now=NOW)
    assert memory.window("What did I say before the funeral?", NOW) is None
