"""What a text holds is found, and the short cut to it finds the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.memory.question import Expects
from ownmind.memory.tokens import tokens
from ownmind.memory.traits import EXPECTED, FIRST_PERSON, Trait, holding

WORDS = "I’ve We last two weeks ago on Wednesday half 1990 v2 September springs 3rd one-off phone tonight K in Porto “Dune” 猫 next".split()  # noqa: SIM905


def holds(trait: Trait, text: str) -> bool:
    return bool(holding(trait, [text], tokens([text]))[0])


@pytest.mark.parametrize(
    ("expects", "yes", "no"),
    [
        (Expects.TIME, "We moved last spring", "The spring in the sofa broke"),
        (Expects.TIME, "on the 3rd", "a WEEK is long"),
        (Expects.NUMBER, "Both of them", "someone phoned"),
        (Expects.NUMBER, "v2 is out", "bothersome"),
        (Expects.NAME, "my sister Ana", "Yes, and then"),
        (Expects.PLACE, "we flew to Porto", "to bed"),
    ],
)
def test_a_text_holds_what_is_expected(expects: Expects, yes: str, no: str) -> None:
    """A time for when, a number for how many, a name for who, a place for where."""
    assert holds(EXPECTED[expects], yes)
    assert not holds(EXPECTED[expects], no)


def test_the_first_person_is_heard() -> None:
    """Whatever the case and the apostrophe; not inside of words."""
    assert holds(FIRST_PERSON, "I’ve been there") and holds(FIRST_PERSON, "that is OUR car")
    assert not holds(FIRST_PERSON, "Ian met Mike")


@pytest.mark.parametrize("trait", [*EXPECTED.values(), FIRST_PERSON])
@given(texts=st.lists(st.lists(st.sampled_from(WORDS)).map(" ".join), max_size=5))
def test_what_is_not_read_would_not_match(trait: Trait, texts: list[str]) -> None:
    """Reading only the texts that hold a word of the pattern finds the same as reading them all."""
    every = [trait.pattern.search(text if trait.words is None else text.lower()) is not None for text in texts]
    assert holding(trait, texts, tokens(texts)).tolist() == every


def test_only_the_beginning_of_a_long_text_counts() -> None:
    """Anywhere in a long message there is a number."""
    assert not holds(EXPECTED[Expects.NUMBER], "so " * 300 + "two")
