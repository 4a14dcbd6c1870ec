"""Sources attached by code."""

from __future__ import annotations

from datetime import UTC, datetime

from ownmind.agent.cite import cite
from ownmind.messages import Integrity, Item, Kind, Label, Recalled, Source

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def note(name: str, text: str, speaker: str = "") -> tuple[Recalled, str]:
    item = Item(name, text, Source(f"note:{name}"), Label(Integrity.PERSON), Kind.NOTE, NOW, speaker, "", 0, NOW)
    return Recalled(item, 1.0), text


NOTES = [
    note("i1", "My bike needs a new chain. It squeaks."),
    note("i2", "Long day. I parked my bike at Hackney Central. Then dinner."),
    note("i3", "Priya can't eat gluten", "Priya"),
]


def test_the_note_that_holds_the_answer_is_cited_with_its_sentence() -> None:
    """Not the nearest note, but the one whose words the reply uses."""
    (source,) = cite("Where did I leave my bike?", "You parked it at Hackney Central.", NOTES)
    assert (source.item_id, source.quote, source.source) == ("i2", "I parked my bike at Hackney Central.", "note:i2")


def test_two_notes_are_cited_when_the_reply_needs_both() -> None:
    """The fewest notes that cover its words."""
    cited = cite("Anything to know?", "Your bike is at Hackney Central, and Priya avoids gluten.", NOTES)
    assert {one.item_id for one in cited} == {"i2", "i3"}


def test_what_rests_on_no_note_cites_none() -> None:
    """Small talk and general knowledge have no source here."""
    assert cite("What is the capital of France?", "The capital of France is Paris.", NOTES) == ()
    assert cite("Hello", "Hello! How are you today?", NOTES) == ()
    assert cite("Hello", "Hello!", []) == ()
