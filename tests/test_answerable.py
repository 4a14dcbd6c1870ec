"""Whether memory holds the answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from ownmind.agent.answerable import Holds, admits, gate, is_borne_out, score
from ownmind.messages import Integrity, Item, Kind, Label, Recalled, Source
from ownmind.models.scripted import ScriptedModel

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def found(cosine: float, coverage: float) -> list[Recalled]:
    item = Item("i1", "x", Source("note:1"), Label(Integrity.PERSON), Kind.NOTE, NOW, "", "", 0, NOW)
    return [Recalled(item, 1.0, {"cosine": cosine, "coverage": coverage})]


def test_the_score_decides_the_clear_cases() -> None:
    """Near in meaning: yes. Far in meaning and words: no. Between: ask the gate."""
    assert score([]) is Holds.NO
    assert score(found(0.82, 0.9)) is Holds.YES
    assert score(found(0.15, 0.1)) is Holds.NO
    assert score(found(0.5, 0.4)) is Holds.UNSURE


def test_without_an_embedder_words_decide() -> None:
    """A missing embedder is not a reason to refuse everything."""
    assert score(found(0.0, 1.0)) is Holds.YES and score(found(0.0, 0.0)) is Holds.NO


def test_the_gate_reads_the_models_refusal() -> None:
    """Anything but "not in the notes" is the beginning of an answer."""
    assert asyncio.run(gate("Where?", ["in the shed"], ScriptedModel("Not in the notes"))) == ""
    assert asyncio.run(gate("Where?", ["in the shed"], ScriptedModel("in the shed"))) == "in the shed"


@pytest.mark.parametrize(
    ("question", "reply", "known", "holds"),
    [
        ("Which airline is Nadia flying with?", "Nadia is flying with British Airways.", "Nadia's flight lands at 17:40", False),
        ("Where did we get married?", "You got married in 2015.", "Your anniversary is on 14 June, you married in 2015", False),
        ("When is my dentist appointment?", "Your dentist is Dr Okafor.", "Your dentist is Dr Okafor on Mill Road", False),
        ("How much does the plumber charge?", "The plumber comes soon.", "The plumber, Mr Voss, comes", False),
        ("How much did it cost?", "It cost 135 euros.", "The repair cost 120 euros", False),
        ("Where is Marta moving to?", "Marta is moving to Lisbon.", 'Marta said: "I\'m moving to Lisbon"', True),
        ("How much was the deposit?", "The deposit was 1,450 euros.", "Paid the deposit, 1450 euros", True),
        ("When does Ines start school?", "Ines starts school on 7 September.", "Ines starts school on 7 September", True),
        ("Who is my dentist?", "Your dentist is Dr Okafor.", "Your dentist is Dr Okafor on Mill Road", True),
    ],
)
def test_a_reply_about_the_person_rests_on_the_notes(question: str, reply: str, known: str, holds: bool) -> None:
    """No invented name or number, and an answer of the kind that was asked for."""
    assert is_borne_out(question, reply, known) is holds


def test_a_refusal_is_recognised() -> None:
    """In the companion's own words and in others."""
    assert admits("I don't know that yet. Tell me and I'll keep it.") and admits("I do not have that information.")
    assert not admits("You know Dr Okafor from school.")
