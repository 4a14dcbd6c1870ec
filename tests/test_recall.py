"""Finding again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ownmind.bench import stage
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.embedder import HashEmbedder

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
MINE, THEIRS = Label(Integrity.PERSON), Label(Integrity.UNTRUSTED)


@pytest.fixture(scope="module")
def thousand() -> Iterator[Memory]:
    """A memory of 1,000 turns."""
    with stage.memory(HashEmbedder(), NOW) as (memory, _store):
        memory.remember(list(stage.Life(3).entries(1000)), now=NOW)
        yield memory


@pytest.fixture
def memory() -> Iterator[Memory]:
    with stage.memory(HashEmbedder(), NOW) as (memory, _store):
        yield memory


def talk(lines: list[tuple[str, str]], *, at: datetime = NOW, kind: Kind = Kind.TURN) -> list[Entry]:
    """One conversation, a minute a turn."""
    source = Source("transcript:talk", "transcript")
    return [Entry(text, source, THEIRS, kind, at + timedelta(minutes=i), who, "talk", f"t{i}") for i, (who, text) in enumerate(lines)]


def test_an_exact_quote_is_first_among_a_thousand(thousand: Memory) -> None:
    """Every 37th item is found first by its own words."""
    missed = [item.id for item in thousand.items(limit=1000)[::37] if thousand.recall(item.text, now=NOW)[0].id != item.id]
    assert not missed


def test_items_come_best_first_and_no_more_than_asked(thousand: Memory) -> None:
    """``k`` items, none twice, in falling order of a score between 0 and 1."""
    found = thousand.recall("What did Ana say about the boat?", k=7, now=NOW)
    scores = [one.score for one in found]
    assert len({one.id for one in found}) == 7
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)


def test_a_question_memory_can_answer_scores_higher(memory: Memory) -> None:
    """Scores compare across questions: what is there outscores what is not."""
    memory.remember(
        [Entry(text, Source(f"note:{i}"), MINE) for i, text in enumerate(["Ana is allergic to peanuts", "The car is red"])], now=NOW
    )
    assert (
        memory.recall("Is Ana allergic to peanuts?", now=NOW)[0].score > 2 * memory.recall("When does the museum close?", now=NOW)[0].score
    )


def test_a_short_answer_comes_with_its_question(memory: Memory) -> None:
    """The turn that answers is found though it shares no word with what is asked."""
    lines = [("Ben", "How did the marathon in Lyon go?"), ("Ana", "Four hours ten, I am proud!")]
    filler = [("Ben", f"The {word} is on the table") for word in ("lamp", "book", "vase", "clock", "plate", "jug")]
    memory.remember(talk(filler + lines + filler[::-1]), now=NOW)
    found = memory.recall("How did Ana's marathon in Lyon go?", k=2, now=NOW)
    assert "Four hours ten, I am proud!" in [one.text for one in found]


def test_the_time_a_question_names_counts(memory: Memory) -> None:
    """Of two equal notes the one from last spring is first when last spring is asked about."""
    for at, what in ((datetime(2026, 4, 10, tzinfo=UTC), "tulips"), (datetime(2025, 10, 1, tzinfo=UTC), "garlic")):
        memory.remember([Entry(f"I planted {what} in the garden", Source(f"note:{what}"), MINE, at=at)], now=NOW)
    assert "tulips" in memory.recall("What did I plant in the garden last spring?", now=NOW)[0].text
    assert "garlic" in memory.recall("What did I plant in the garden in October 2025?", now=NOW)[0].text


def test_the_companions_own_words_are_no_evidence(memory: Memory) -> None:
    """A reply is kept, and recalled only when replies are asked for."""
    said = [("", "Where is the spare key?"), ("", "The spare key is under the blue pot")]
    memory.remember(
        [
            Entry(t, Source("conversation:c"), MINE, k, NOW, conversation="c")
            for (_, t), k in zip(said, (Kind.MESSAGE, Kind.REPLY), strict=True)
        ],
        now=NOW,
    )
    assert [one.text for one in memory.recall("spare key", now=NOW)] == ["Where is the spare key?"]
    assert [one.text for one in memory.recall("spare key", now=NOW, kinds=[Kind.REPLY])] == ["The spare key is under the blue pot"]


def test_one_conversation_can_be_asked_alone(memory: Memory) -> None:
    """With ``conversation`` nothing else comes back."""
    for name in ("c1", "c2"):
        memory.remember(
            [Entry(f"We talked about sailing in {name}", Source(f"transcript:{name}"), THEIRS, Kind.TURN, NOW, "Ana", name)], now=NOW
        )
    assert {one.item.conversation for one in memory.recall("sailing", now=NOW, conversation="c2")} == {"c2"}


@pytest.mark.parametrize("query", ["", "   ", "the of and", '"', "a* OR b NEAR(", "NOT", "🌊", "x" * 5000, "col:text AND (", "\x00\x1f"])
def test_any_query_is_answered(thousand: Memory, query: str) -> None:
    """Operators, blanks and noise are words or nothing, never an error."""
    assert len(thousand.recall(query, k=3, now=NOW)) <= 3


def test_an_empty_memory_finds_nothing(memory: Memory) -> None:
    """Nothing remembered, nothing recalled."""
    assert memory.recall("anything", now=NOW) == []
