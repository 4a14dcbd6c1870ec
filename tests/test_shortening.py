"""A shorter sentence says the same: what a model leaves out or turns is not taken."""

from __future__ import annotations

import asyncio

import pytest

from ownmind.skills.hands import Shots
from ownmind.skills.shortening import is_faithful, shortened, trimmed


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "It was agreed that bonfires remain forbidden until the fire brigade has answered.",
            "Bonfires remain forbidden until the fire brigade answers.",
        ),
        ("The yearly fee stays at 48 euros; members over 75 pay half.", "The yearly fee is 48 euros; members over 75 pay half."),
    ],
)
def test_a_faithful_sentence_is_taken(source: str, said: str) -> None:
    assert is_faithful(said, source)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("The rent is 780 euros and the deposit is 900 euros.", "The deposit is 780 euros and rent 900."),
        ("The tablets may be taken only before the evening meal.", "Tablets may be taken before the meal."),
        ("The door must be locked whenever nobody is in the house.", "The door is locked whenever nobody is home."),
        ("The club decided to buy a shredder for the common garden.", "The club bought a shredder for the garden."),
        ("Members pay at most 30 euros for each of the courses here.", "Members pay 30 euros for each course."),
        ("The bread is done if it sounds hollow when you knock on it.", "The bread sounds hollow when you knock."),
        ("Theft is covered if the door of the flat was locked then.", "Theft is covered, the door was locked."),
        ("Anyone who needs water should call 555 by Monday evening.", "Call 555 for water on Monday."),
        ("He says that the bridge is safe for lorries of all kinds.", "The bridge is safe for lorries."),
        ("The bus is free for pupils who live beyond the old river.", "The bus is for pupils beyond the river."),
    ],
)
def test_what_is_turned_or_unbound_is_not_taken(source: str, said: str) -> None:
    """Numbers that changed places, an "only", a duty, a decision told as done, a limit, a condition, a deadline, a claim, a "free"."""
    assert not is_faithful(said, source)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("As you will certainly have noticed, the lift is out of order.", "The lift is out of order."),
        ("Please note that dogs are, as in every house of ours, not allowed.", "Dogs are not allowed."),
        ("We are pleased to tell you that you have a place.", "You have a place."),
        ("Dear Mrs Berg, the heating is repaired on Friday.", "The heating is repaired on Friday."),
        ("The shed, which must stay locked, is behind the hall.", "The shed, which must stay locked, is behind the hall."),
        ("Cancelling (until 4 May) is free.", "Cancelling (until 4 May) is free."),
        ("As you have paid twice, we return 40 euros.", "As you have paid twice, we return 40 euros."),
    ],
)
def test_only_what_decides_nothing_is_trimmed(text: str, short: str) -> None:
    assert trimmed(text) == short


def test_a_model_is_not_asked_about_what_it_cannot_be_checked_in() -> None:
    """German stays as it is; so does what is short already."""

    async def ask(shots: Shots, shown: str) -> str:
        raise AssertionError(shown)

    texts = [
        "Die Miete beträgt 780 Euro im Monat und ist am dritten Werktag eines jeden Monats fällig, wie es im Vertrag steht.",
        "Es ist kalt.",
    ]
    assert asyncio.run(shortened(texts, ask)) == texts
