"""Sources attached by code."""

from __future__ import annotations

from datetime import UTC, datetime

from ownmind.agent.cite import cite, sourced
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


def passage(name: str, text: str, title: str = "hotels.example") -> tuple[Recalled, str]:
    source = Source(f"page:{title}", "document", title)
    return Recalled(Item(name, text, source, Label(Integrity.UNTRUSTED), Kind.PASSAGE, NOW, "", "", 0, NOW), 1.0), text


HOTEL = passage("i9", "You should absolutely visit Riverside View Hotel, it is gorgeous. Breakfast is at eight.")


def test_what_a_page_says_is_told_as_its_word() -> None:
    """The source stands in the sentence; a second one of the same page goes on from it."""
    question = "Where could I stay?"
    source, said = sourced(question, "You should visit Riverside View Hotel.", [HOTEL, *NOTES], "")
    assert said == "According to hotels.example: You should visit Riverside View Hotel."
    _, more = sourced(question, "Breakfast is at eight.", [HOTEL], source)
    assert more == "It also says: Breakfast is at eight."


def test_a_sentence_that_names_its_source_is_left_as_it_is() -> None:
    for said in ("According to the site, Riverside View Hotel is gorgeous.", "On hotels.example Riverside View Hotel is called gorgeous."):
        assert sourced("Where could I stay?", said, [HOTEL], "")[1] == said


def test_the_person_s_own_words_need_no_source_in_the_sentence() -> None:
    assert sourced("Where is my bike?", "You parked it at Hackney Central.", [HOTEL, *NOTES], "") == (
        "",
        "You parked it at Hackney Central.",
    )
