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
        ("you", "like", "a dog", "Would you like a dog"),  # a question
        ("Ana", "wants", "a dog", "like a dog"),  # nobody named so
        ("you", "have", "a black dog", "a greyhound, and I"),  # a word added
    ],
)
def test_what_the_words_do_not_bear_out_is_dropped(fact: tuple[str, str, str, str]) -> None:
    """Quotes are verified word for word, objects and subjects too."""
    assert found(answering(fact)) == []


@pytest.mark.parametrize(
    "fact",
    [
        ("you", "adopted", "a black greyhound", "We finally adopted a greyhound"),  # a word added
        ("Ana", "adopted", "a greyhound", "We finally adopted a greyhound"),  # nobody named so
        ("you", "", "greyhound", "We finally adopted a greyhound"),
        ("they", "adopted", "a greyhound", "We finally adopted a greyhound"),
        ("you", "adopted", "the", "We finally adopted a greyhound"),  # stops short
    ],
)
def test_a_sentence_in_the_first_person_taken_apart_wrongly_is_kept_in_its_own_words(fact: tuple[str, str, str, str]) -> None:
    """The model chose a sentence worth keeping; who did what is read from the sentence."""
    assert found(answering(fact)) == ["You adopted a greyhound"]


def test_what_the_person_did_is_not_said_of_whom_it_was_done_to() -> None:
    """Of "I owe Farid 60 euros" Farid owes nothing, whatever the model makes of it."""
    text = "I owe Farid 60 euros for the tickets."
    model = answering(("Farid", "owed", "60 euros for the tickets", text[:-1]))
    assert found(model, item(text)) == ["You owe Farid 60 euros for the tickets"]


def test_what_is_the_speakers_is_a_subject_of_its_own() -> None:
    """A passport, a boiler: named as the person's, or as that of whoever spoke."""
    text, fact = "My passport expires in March.", ("my passport", "expires", "in March", "My passport expires in March")
    assert found(answering(fact), item(text)) == ["Your passport expires in March"]
    assert found(answering(fact), item(text, speaker="Lena", integrity=Integrity.UNTRUSTED)) == ["Lena's passport expires in March"]
    assert found(answering(("my visa", "expires", "in March", "My passport expires in March")), item(text)) == []


def test_a_name_the_speaker_gives_for_themselves_is_nobody_else() -> None:
    """The person was told of "Marta" beside themselves, in broken words."""
    text = "I'm Marta. I am allergic to peanuts. My husband is called Jonas. Marta Diaz lives in Cork."
    of_her = ("Marta", "allergic to", "peanuts", "I am allergic to peanuts")
    assert found(answering(of_her), item(text)) == ["You are allergic to peanuts"]
    assert found(answering(("Marta", "husband called", "Jonas", "My husband is called Jonas")), item(text)) == []
    assert found(answering(("Marta Diaz", "lives in", "Cork", "Marta Diaz lives in Cork")), item(text)) == ["Marta Diaz lives in Cork"]


def test_an_it_is_the_thing_named_just_before_and_a_left_out_i_is_found() -> None:
    """Both as people speak; an "it" of which nothing was said before is dropped."""
    parked, drive = ("me", "park", "it behind the library", "I park it behind the library"), ("me", "drive", "a Skoda", "I drive a Skoda")
    text = "I drive a Skoda and I park it behind the library."
    assert found(answering(drive, parked), item(text)) == ["You drive a Skoda", "You park the Skoda behind the library"]
    assert found(answering(parked), item(text)) == []
    sold = answering(("me", "sold", "my violin", "I sold my violin"), ("me", "bought", "a banjo", "I bought a banjo"))
    assert found(sold, item("I sold my violin and bought a banjo.")) == ["You sold my violin", "You bought a banjo"]


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
        ("I keep bees and she sells honey", ("you", "keep", "bees she sells", "I keep bees and she sells honey")),
        ("I am so tired today", ("you", "am", "so tired today", "I am so tired today")),
        ("I appreciate your kind words", ("you", "appreciate", "your kind words", "I appreciate your kind words")),
        ("I sing it every day", ("you", "sing", "it", "I sing it every day")),
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
