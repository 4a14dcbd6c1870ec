"""Which questions only memory can answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ownmind.agent.evidence import Message, gather, is_about_the_person
from ownmind.agent.intent import Want
from ownmind.bench import stage
from ownmind.messages import Entry, Integrity, Item, Kind, Label, Source
from ownmind.models.embedding.embedder import HashEmbedder

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TOLD = (
    "I saw the moon last night.", "The clinic is at Hafenstrasse 8.", "My telephone is broken.", "I am reading the Odyssey.",
    "The boiler man comes on Friday.", "Our budget for the Orion project is 45,000 euros.",
)  # fmt: skip


def is_personal(question: str) -> bool:
    with stage.memory(HashEmbedder(), NOW) as (memory, _):
        memory.remember(
            [Entry(text, Source("note:a"), Label(Integrity.PERSON), Kind.NOTE, NOW, external_id=text) for text in TOLD], now=NOW
        )
        item = Item("q", question, Source("page"), Label(Integrity.PERSON), Kind.MESSAGE, NOW, "", "", 0, NOW)
        message = Message(item, question, Want.QUESTION, NOW)
        return is_about_the_person(message, gather(message, memory))


@pytest.mark.parametrize(
    "question",
    [
        "What is the clinic's phone number?",
        "When does the boiler man come?",
        "Who is the customer of the Orion project?",
        "How much is the budget?",
    ],
)
def test_the_thing_that_was_told_of_is_that_one(question: str) -> None:
    """Nothing may be invented of it: what memory lacks of the clinic is not known."""
    assert is_personal(question)


@pytest.mark.parametrize(
    "question",
    [
        "How far is the moon?",
        "Who invented the telephone?",
        "Who wrote the Odyssey?",
        "How do I bleed the boiler?",
        "What is the capital of France?",
    ],
)
def test_a_question_about_the_world_stays_one(question: str) -> None:
    """Whoever mentioned the moon or a telephone once can still ask about them."""
    assert not is_personal(question)
