"""Remember, recall, forget as tools."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ownmind.bench import stage
from ownmind.errors import NotFound
from ownmind.guard.declared import Effect
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.tools.forget import TOOL as FORGET
from ownmind.tools.recall import TOOL as RECALL
from ownmind.tools.remember import TOOL as REMEMBER
from ownmind.tools.tool import Asked

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def memory() -> Iterator[Memory]:
    with stage.memory(HashEmbedder(), NOW) as (memory, _store):
        memory.remember([Entry("My locker code is 4471", Source("note:1"), Label(Integrity.PERSON), at=NOW)], now=NOW)
        yield memory


def test_every_tool_says_what_it_does_to_the_world() -> None:
    """Reading is harmless, keeping and removing are not."""
    assert (RECALL.effect, REMEMBER.effect, FORGET.effect) == (Effect.READS, Effect.WRITES, Effect.WRITES)


def test_remembered_is_said_of_a_row_that_is_there(memory: Memory) -> None:
    """The confirmation names an item, and the item holds the words."""
    outcome = REMEMBER.run(Asked(memory, {"what": "the bin day is Tuesday"}, NOW))
    assert memory.item(outcome.ids[0]).text == "the bin day is Tuesday" and "bin day is Tuesday" in outcome.text


def test_a_row_that_is_not_there_is_never_confirmed(memory: Memory) -> None:
    """No row, no confirmation: an error instead."""
    with pytest.raises(NotFound):
        REMEMBER.run(Asked(memory, {"what": "anything"}, NOW, item_id="i999"))


def test_forgetting_proposes_first_and_removes_after_the_yes(memory: Memory) -> None:
    """The proposal removes nothing; the deed says that a search found no trace."""
    proposal = FORGET.run(Asked(memory, {"target": "locker code"}, NOW))
    assert "4471" in proposal.text and memory.item(proposal.ids[0])
    done = FORGET.run(Asked(memory, {"target": " ".join(proposal.ids)}, NOW, sure=True))
    assert done.receipt and done.receipt.verified
    assert RECALL.run(Asked(memory, {"query": "locker code"}, NOW)).found == ()


def test_nothing_is_proposed_for_words_nobody_said(memory: Memory) -> None:
    """Resemblance alone removes nothing."""
    with pytest.raises(NotFound):
        FORGET.run(Asked(memory, {"target": "helicopter zeppelin"}, NOW))
