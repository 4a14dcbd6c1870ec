"""Facts a model proposes, and what code lets through."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from ownmind.memory.extract import extract
from ownmind.messages import FactKind, Integrity, Item, Kind, Label, Source
from ownmind.models.scripted import ScriptedModel

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TEXT = "We finally adopted a greyhound, and I can't eat shellfish. Would you like a dog?"


def item(text: str = TEXT, speaker: str = "", kind: Kind = Kind.MESSAGE, integrity: Integrity = Integrity.PERSON) -> Item:
    return Item("i1", text, Source("note:1"), Label(integrity), kind, NOW, speaker, "c", 0, NOW)


def answering(*facts: tuple[str, str, str, str]) -> ScriptedModel:
    return ScriptedModel(json.dumps({"facts": [dict(zip(("about", "is", "what", "quote"), fact, strict=True)) for fact in facts]}))


def found(model: ScriptedModel, one: Item | None = None) -> list[str]:
    return [fact.text for fact in asyncio.run(extract(one or item(), model))]


def test_what_the_words_bear_out_is_kept_with_its_span() -> None:
    """A quote that stands in the item becomes a fact; a diet becomes a need."""
    model = answering(
        ("you", "adopted", "a greyhound", "We finally adopted a greyhound"), ("you", "can't eat", "shellfish", "I can't eat shellfish")
    )
    facts = asyncio.run(extract(item(), model))
    assert [fact.text for fact in facts] == ["You adopted a greyhound", "You can't eat shellfish"]
    assert all(TEXT[fact.span.start : fact.span.end] == fact.quote for fact in facts)
    assert facts[1].kind is FactKind.NEED


@pytest.mark.parametrize(
    "fact",
    [
        ("you", "live in", "Paris", "I live in Paris"),  # not said
        ("you", "adopted", "a black greyhound", "We finally adopted a greyhound"),  # a word added
        ("Ana", "adopted", "a greyhound", "We finally adopted a greyhound"),  # nobody named so
        ("you", "like", "a dog", "Would you like a dog"),  # a question
        ("you", "", "greyhound", "We finally adopted a greyhound"),
        ("they", "adopted", "a greyhound", "We finally adopted a greyhound"),
    ],
)
def test_what_the_words_do_not_bear_out_is_dropped(fact: tuple[str, str, str, str]) -> None:
    """Quotes are verified word for word, objects and subjects too."""
    assert found(answering(fact)) == []


@pytest.mark.parametrize("reply", ["", "no", "{", "[]", '{"facts": 3}', '{"facts": [3, {"about": 1}]}', "null", "[" * 100_000])
def test_a_malformed_answer_gives_nothing(reply: str) -> None:
    """Whatever the model says, it is only a proposal."""
    assert found(ScriptedModel(reply)) == []


def test_the_companions_words_are_never_shown_to_the_model() -> None:
    """No model call at all: recalled inventions cannot come back as facts."""
    model = answering(("you", "adopted", "a greyhound", "We finally adopted a greyhound"))
    assert found(model, item(kind=Kind.REPLY, integrity=Integrity.COMPANION)) == [] and model.calls == []


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("I felt powerful, it was great", ("you", "felt", "powerful it was", "I felt powerful, it was great")),
        ("I felt powerful, it was great", ("you", "felt", "powerful", "I felt powerful")),
        ("I keep the bees in the garden", ("you", "keep", "the", "I keep the bees")),
        ("I keep bees and she sells honey", ("you", "keep", "bees she sells", "I keep bees and she sells honey")),
        ("I am so tired today", ("you", "am", "so tired today", "I am so tired today")),
        ("I appreciate your kind words", ("you", "appreciate", "your kind words", "I appreciate your kind words")),
        ("I sing it every day", ("you", "sing", "it", "I sing it every day")),
        ("I bring the old red tent to the coast", ("you", "bring", "tent old", "I bring the old red tent")),
    ],
)
def test_awkward_cards_and_passing_moods_are_refused(text: str, fact: tuple[str, str, str, str]) -> None:
    """A fact reads as a sentence the quote bears out, and is worth keeping after today."""
    assert found(answering(fact), item(text)) == []


def test_a_plain_card_is_not_refused_for_its_looks() -> None:
    """The checks let through what a person would write down."""
    text = "I repair old radios for the museum and my knee was operated on in May"
    facts = (("you", "repair", "old radios", "I repair old radios"), ("you", "repair", "old radios for the museum", text[:37]))
    assert found(answering(*facts), item(text)) == ["You repair old radios", "You repair old radios for the museum"]
