"""Whether memory holds the answer."""

from __future__ import annotations

import asyncio

import pytest

from ownmind.agent.answerable import admits, hedged, is_borne_out, weighed
from ownmind.models.scripted import ScriptedModel
from ownmind.models.small.gate import gate


def test_the_gate_moves_a_probability_and_never_overturns_a_sure_one() -> None:
    """What it finds makes an answer more probable, what it lacks less; code that is sure stays sure either way."""
    assert weighed(0.5, "in the shed") > 0.5 > weighed(0.5, "")
    assert weighed(0.5, "in the shed", anothers=True) < weighed(0.5, "")
    assert weighed(0.97, "") > weighed(0.5, "") and weighed(0.02, "in the shed") < 0.5


def test_a_doubtful_answer_is_worded_as_one() -> None:
    """ "I think", with names left as they are written."""
    assert hedged("You parked it at the station.") == "I think you parked it at the station."
    assert hedged("Ana lives in Porto.") == "I think Ana lives in Porto."


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
        ("How many features did I mention?", "You mentioned a custom feature.", "You want a custom feature", False),
        ("How much did it cost?", "It cost 135 euros.", "The repair cost 120 euros", False),
        ("Where did I buy the amplifier?", "You paid 340 euros for the amplifier.", "You paid 340 euros for the amplifier", False),
        ("Where did I leave my bike?", "Hackney Central.", "You left your bike at Hackney Central", True),
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
