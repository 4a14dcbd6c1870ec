"""All things of a kind, read off plain statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.memory.kinds import asked_kind, is_narrower, kinds, members
from ownmind.messages import Integrity, Item, Kind, Label, Source

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def said(*texts: str) -> list[Item]:
    return [
        Item(f"i{n}", text, Source("note:1"), Label(Integrity.PERSON), Kind.NOTE, BEGAN + timedelta(days=n), "", "", n, BEGAN)
        for n, text in enumerate(texts, 1)
    ]


def things(question: str, *texts: str) -> list[str]:
    kind = asked_kind(question)
    assert kind is not None
    return [one.thing for one in members(kind, said(*texts))]


@pytest.mark.parametrize(
    ("question", "text", "thing"),
    [
        ("Which books have I read?", 'I finished "The Girl with the Pearl" on the train.', "The Girl with the Pearl"),
        ("Which films did I see?", 'We watched "Alien" last night.', "Alien"),
        ("Which countries have I visited?", "We drove through Romania for a week.", "Romania"),
        ("How many presents did I get?", "Grandma gave me a wool scarf for Christmas.", "wool scarf"),
        ("What injuries have I had?", "I twisted my ankle at football.", "ankle"),
        ("Which things broke at home?", "Our heating stopped working again.", "heating"),
        ("Which contests have I won?", "We came second in the pub quiz.", "pub quiz"),
        ("Which habits did I give up?", "I stopped drinking coffee after noon.", "drinking coffee"),
        ("Which groups have I joined?", "I signed up for the hiking club.", "hiking club"),
        ("What events have I been to?", "I took part in a charity run.", "charity run"),
        ("Which restaurants have I been to?", "Lunch at Momo was wonderful.", "Momo"),
        ("What pets do I have?", "A ginger dog moved in with us in May.", "ginger dog"),
        ("What childhood memories have I shared?", "As a kid I built a raft.", "built a raft"),
    ],
)
def test_a_plain_statement_tells_a_member(question: str, text: str, thing: str) -> None:
    """The thing stands in its own place in the sentence, without what follows it."""
    assert things(question, text) == [thing]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which books have I read?", 'I want to read "Beloved" next.'),
        ("Which books have I read?", 'Have you read "Piranesi"?'),
        ("Which books have I read?", 'My brother finished "Emma".'),
        ("Which films did I see?", 'I haven\'t seen "Parasite" yet.'),
        ("Which films did I see?", 'Ben watched "Heat" twice.'),
        ("Which countries have I visited?", "If I had money I would go to Chile."),
        ("Which countries have I visited?", "My sister went to Kenya with her school."),
        ("How many presents did I get?", "The shop gave me a refund."),
        ("What injuries have I had?", "I nearly broke my neck on those stairs."),
        ("What injuries have I had?", "I broke the blue vase."),
        ("Which contests have I won?", "My cousin took first place at the marathon."),
        ("Which habits did I give up?", "It stopped raining at last."),
        ("Which groups have I joined?", "I am thinking of joining a gym."),
        ("What pets do I have?", "I would love a rabbit."),
    ],
)
def test_what_did_not_happen_to_whoever_speaks_is_no_member(question: str, text: str) -> None:
    """Plans, wishes, denials, questions, and what others did."""
    assert things(question, text) == []


def test_a_thing_told_twice_is_one() -> None:
    """By the words of the thing; the first of the plainest tellings is its source."""
    kind = asked_kind("Which places have I been to?")
    assert kind is not None
    found = members(kind, said("The trip to Vienna was long.", "I visited Vienna in May.", "I visited Vienna again."))
    assert [(one.thing, one.item.id) for one in found] == [("Vienna", "i2")]


def test_a_question_of_some_of_a_kind_is_narrower() -> None:
    """Which prize is of photography no pattern knows; whose it is, and how many, makes no difference."""
    kind = asked_kind("Which photography prizes have I won?")
    assert kind is not None and is_narrower("Which photography prizes have I won?", kind, ())
    assert not is_narrower("How many prizes has Ana won so far?", kind, ("Ana",))


def test_what_is_no_kind_is_none() -> None:
    """Nothing is gathered for a question that asks for one thing, or names no kind."""
    assert asked_kind("Where do I live?") is None and asked_kind("Which colours do I like?") is None


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """What is found stands in the text."""
    for kind in kinds():
        for one in members(kind, said(text)):
            assert one.thing in text and one.quote in text
