"""The companion never tells the person's life as its own: what is caught, and what it may say of itself."""

from __future__ import annotations

import pytest

from ownmind.agent.borrowed import is_borrowed, words_asked

TOLD = "I'm Marta, I teach German. My husband is called Jonas. I am allergic to peanuts and I love the sea."


@pytest.mark.parametrize(
    "sentence",
    [
        "I'm allergic to peanuts.",
        "I am not allergic to peanuts.",
        "Yes, I am allergic to peanuts.",
        "I’m Marta.",
        "I teach German too.",
        "My husband is called Jonas.",
        "I have a husband called Jonas.",
        "I am sorry, and I am allergic to peanuts.",
        "I love the sea.",
        "My husband is called Jonas!",
    ],
)
def test_the_persons_life_in_the_first_person_is_caught(sentence: str) -> None:
    assert is_borrowed(sentence, TOLD, TOLD)


@pytest.mark.parametrize(
    "sentence",
    [
        "Lovely to meet you, Marta.",
        "I'll keep in mind that you are allergic to peanuts.",
        "I will remember the peanuts.",
        "I'm sorry to hear about the peanuts.",
        "I hope Jonas likes the sea as well.",
        "I know that you teach German.",
        "I'd love to hear more about the sea.",
        "I am glad you teach German.",
        "I said that peanuts are a thing to tell a cook.",
        "I heard: German lessons at the sea.",
        "I read the page, and it tells of peanuts.",
        "I picked three dishes without peanuts for you.",
        "Here is what I found for your week by the sea.",
        "You are allergic to peanuts.",
        'You could say: "I am allergic to peanuts."',
        "I am Ownmind.",
        "My name is Ownmind.",
        "I",
        "",
    ],
)
def test_what_it_may_say_of_itself_is_let_through(sentence: str) -> None:
    assert not is_borrowed(sentence, TOLD, TOLD)


def test_a_sentence_given_back_is_caught_in_any_language() -> None:
    assert is_borrowed("Hola, ¿cómo te llamas?", "", "Hola, ¿cómo te llamas?")
    assert is_borrowed("Ich mag keinen Kaffee!", "", "Ich mag keinen Kaffee. Nur Tee.")
    assert not is_borrowed("Good morning!", "", "Good morning")


def test_asking_for_words_is_told_from_telling() -> None:
    assert words_asked("Write a note to the cook that I am allergic to peanuts")
    assert words_asked("How do I say in Spanish that I am allergic to peanuts?")
    assert not words_asked("I am allergic to peanuts")
