"""What code gathers for a question of several parts, without a model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ownmind.memory.collect import Collected, collect
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.paths import Paths
from ownmind.store.opening import open_throwaway

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with open_throwaway(Paths(tmp_path / "home", tmp_path / "cache")) as store:
        yield Memory(store, None, lambda: NOW)


def tell(memory: Memory, *told: tuple[int, str]) -> None:
    """Each text as the person's own, so many days after 1 January 2026."""
    memory.remember(
        [
            Entry(text, Source("note:test"), Label(Integrity.PERSON), at=datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=days))
            for days, text in told
        ],
        now=NOW,
    )


def ask(memory: Memory, question: str) -> Collected:
    return collect(memory, question, memory.recall(question, k=30, now=NOW), NOW)


def test_the_value_now_comes_with_since_when_and_what_was_before(memory: Memory) -> None:
    """Latest is not best-ranked: the newer statement holds, the older is named as over."""
    tell(memory, (0, "I live in Porto."), (90, "I live in Lyon."))
    found = ask(memory, "Where do I live now?")
    assert found.sure and "Lyon" in found.lines[0] and "since 1 April 2026" in found.lines[0]
    assert "Porto" in found.lines[1] and [one.text for one in found.items] == ["I live in Lyon.", "I live in Porto."]


def test_the_value_at_a_time_is_the_one_that_held_then(memory: Memory) -> None:
    """A question that names a time is answered for that time."""
    tell(memory, (0, "I live in Porto."), (90, "I live in Lyon."))
    found = ask(memory, "Where did I live in February 2026?")
    assert found.sure and "Porto" in found.lines[0] and len(found.lines) == 1


def test_then_and_now_are_both_given_with_their_dates(memory: Memory) -> None:
    """A change is shown as it went, the oldest first."""
    tell(memory, (0, "My favourite tea is rooibos."), (60, "My favourite tea is jasmine."), (120, "My favourite tea is chai."))
    found = ask(memory, "Has my favourite tea changed over time?")
    assert found.sure and [word for line in found.lines for word in ("rooibos", "jasmine", "chai") if word in line] == [
        "rooibos",
        "jasmine",
        "chai",
    ]


def test_what_was_said_in_two_ways_is_given_in_both(memory: Memory) -> None:
    """Where code cannot decide it takes no side."""
    tell(memory, (0, "Ugo was born in Salamanca."), (50, "Ugo was born in Bergen."))
    found = ask(memory, "What is Ugo's birthplace?")
    assert {word for line in found.lines for word in ("Salamanca", "Bergen") if word in line} == {"Salamanca", "Bergen"}


def test_of_two_events_the_earlier_is_known_by_when_it_was_not_by_when_it_was_told(memory: Memory) -> None:
    """The dates named in the texts decide."""
    tell(
        memory,
        (100, "The wedding was last Saturday."),
        (101, "I ran the marathon on 3 March."),
        (102, "Everybody asks about the marathon."),
    )
    found = ask(memory, "Which came first, the wedding or the marathon?")
    assert found.sure and found.lines[0].startswith("The marathon: 3 March 2026")
    assert found.lines[-1] == "So the marathon came before the wedding."


@pytest.mark.parametrize(
    "question",
    [
        "Which came first, the wedding or the funeral?",
        "Was the wedding before or after the marathon?",
        "In what order did the wedding and the race happen?",
    ],
)
def test_of_events_of_which_one_is_unknown_nothing_is_said(memory: Memory, question: str) -> None:
    """No order is made up."""
    tell(memory, (100, "The wedding was last Saturday."))
    assert ask(memory, question) == Collected()


def test_a_number_somebody_stated_is_quoted(memory: Memory) -> None:
    """The statement answers, with who said it and when; no number is counted from mentions."""
    tell(memory, (10, "We have three cats and a garden."), (11, "The cats sleep all day."))
    found = ask(memory, "How many cats do we have?")
    assert "three cats" in found.lines[0] and found.items[0].text.startswith("We have three cats")
    assert ask(memory, "How many gardens do we have?") == Collected()


def test_a_set_of_facts_is_counted_as_far_as_it_is_known(memory: Memory) -> None:
    """The count says that it is of what is known, and lists it."""
    tell(memory, (1, "My cat is called Miso."), (2, "My dog is called Rex."))
    found = ask(memory, "How many pets do I have?")
    assert found.sure and found.lines[0].startswith("2 are known: ") and len(found.lines) == len(found.items) == 2


def test_a_list_gathers_different_things_said_by_whom_it_asks_about(memory: Memory) -> None:
    """Notes for whoever answers: each thing once, oldest first; never sure, because code cannot tell what is one of a kind."""
    tell(memory, (1, "The restaurant Gusto was lovely."), (5, "The restaurant Tandem was even better."), (6, "Which restaurant was it?"))
    found = ask(memory, "List all the restaurants I went to")
    assert [one.text for one in found.items] == ["The restaurant Gusto was lovely.", "The restaurant Tandem was even better."]
    assert not found.sure


@pytest.mark.parametrize("question", ["Hello there", "What is the capital of France?", "", "Was it?", "Which came first, the or and?"])
def test_a_question_nothing_can_be_gathered_for_gives_nothing(memory: Memory, question: str) -> None:
    """Empty is an answer too."""
    tell(memory, (0, "I live in Porto."))
    assert ask(memory, question) == Collected()


def test_all_things_of_a_kind_are_gathered_beyond_what_the_question_finds(memory: Memory) -> None:
    """Each statement says another thing in other words; the line says that it may not be all, and every item is a source."""
    tell(memory, (0, "I flew to Berlin for the fair."), (40, "We spent two weeks in Portugal."), (80, "I'd love to visit Iceland."))
    found = ask(memory, "How many places have I been to?")
    assert found.lines == ("At least 2 were told of: Berlin, Portugal.",) and not found.sure
    assert [one.text for one in found.items] == ["I flew to Berlin for the fair.", "We spent two weeks in Portugal."]


def test_a_list_of_a_time_holds_what_was_told_then(memory: Memory) -> None:
    """A month that the question names leaves out the rest, and the count is then a guess."""
    tell(memory, (0, 'I finished "Dune".'), (40, 'I finished "Emma".'))
    assert ask(memory, "Which books did I read in February 2026?").lines == ("Perhaps 1 were told of: Emma.",)


def test_a_measure_is_told_as_it_is_now_and_as_it_was(memory: Memory) -> None:
    """No fact has a slot for it: of two statements alike the newer is the answer's, the older is marked as over."""
    tell(memory, (0, "The average response time of the shop is 300 ms."), (30, "Average response time of the shop is now 250 ms."))
    found = ask(memory, "What is the average response time of the shop?")
    assert "250 ms" in found.lines[0] and found.lines[0].startswith("The latest")
    assert "300 ms" in found.lines[1] and "no longer so" in found.lines[1]
