"""Telling that two texts are in different languages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates import candidates
from ownmind.memory.languages import differs, spoken, strange
from ownmind.memory.rank import judged_by_meaning, rank


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We moved the piano to the room that looks over the yard."),
        ("de", "Wir haben das Klavier in das Zimmer gestellt, das auf den Hof geht."),
        ("fr", "Nous avons mis le piano dans la chambre qui donne sur la cour."),
        ("es", "Pusimos el piano en el cuarto que da al patio."),
        ("it", "Abbiamo messo il pianoforte nella stanza che dà sul cortile."),
        ("pt", "Pusemos o piano no quarto que dá para o pátio e não para a rua."),
        ("nl", "We hebben de piano in de kamer gezet die op de tuin uitkijkt."),
        ("pl", "Mamy pianino w pokoju, który jest od podwórza."),
        ("tr", "Piyanoyu avluya bakan odaya koyduk, çok iyi oldu ve herkes için daha rahat."),
        ("hu", "A zongora abban a szobában van, ami az udvarra néz, és nem az utcára."),
        ("CYRILLIC", "Мы поставили пианино в комнату с окнами во двор."),
        ("GREEK", "Βάλαμε το πιάνο στο δωμάτιο που βλέπει στην αυλή."),
        ("CJK", "我们把钢琴放在朝院子的房间里。"),
        ("JAPANESE", "ピアノは中庭に面した部屋に置きました。"),
        ("HANGUL", "피아노를 마당이 보이는 방에 놓았어요."),
        ("ARABIC", "وضعنا البيانو في الغرفة المطلة على الفناء."),
    ],
)
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    """By its script, or by its commonest words."""
    assert spoken(text) == {language}
    assert differs(frozenset({"en"}), text) is (language != "en")


@pytest.mark.parametrize(
    "text", ["", "Ana Kovač", "+49 30 1234", "Paella, sangria, tapas", "ok", "😀", "Dinner at Café Rosa", "2026-11-22"]
)
def test_where_nothing_tells_nothing_differs(text: str) -> None:
    """A name, a number or an English line with foreign words in it can be compared by words like any other."""
    assert differs(frozenset({"en"}), text) is (False)


def test_a_question_nobody_can_place_differs_from_nothing() -> None:
    """A question of names alone is compared by words with everything."""
    assert differs(spoken("Oscar Melanie?"), "Wir haben das Klavier in das Zimmer gestellt.") is (False)


def test_english_with_names_in_another_script_stays_english() -> None:
    """A Chinese phone's name does not make a sentence Chinese."""
    assert spoken("I bought the new 小米 phone for my sister and it is great.") == {"en"}


def test_a_note_in_another_language_is_as_good_by_words_as_by_meaning() -> None:
    """The nearest note by meaning shares no word because it is in another language; it comes before a note that shares one."""
    axes = np.eye(8, dtype=np.float32)
    vectors = np.stack([0.9 * axes[0] + 0.4 * axes[1], *(0.03 * at * axes[0] + 0.9 * axes[at] for at in range(2, 8))])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    counts = np.array([[0, 0], [1, 0], [0, 1], [0, 0], [0, 0], [0, 0], [0, 0]], np.float32)
    given = {"vectors": vectors, "question": axes[0], "lengths": np.full(7, 10)}
    weights = {"words": 2.0, "meaning": 1.0}
    assert rank(candidates(counts, **given), weights).score.argmax() != 0
    abroad = candidates(counts, **given, foreign=(True, *[False] * 6))
    found = rank(abroad, weights)
    assert found.score.argmax() == 0 and found.shares["words"][0] <= found.shares["words"].max()


def test_a_language_of_its_own_is_judged_by_meaning_alone() -> None:
    """With next to nothing in the question's language there is no scale for words, and they count nothing."""
    c = candidates(np.ones((3, 1)), foreign=(True, True, False))
    assert judged_by_meaning(np.array([1, 2, 3], np.float32), c).tolist() == [0, 0, 3]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Whatever it is, it differs from no question of its own languages."""
    assert differs(spoken(text), text) is (False)


@given(
    st.sets(st.sampled_from(["en", "de", "es", "CYRILLIC"]), min_size=1),
    st.lists(st.sampled_from(["the", "is", "de", "la", "mit", "in", "ben", "Ana", "piano", "was", "i"])),
)
def test_a_text_without_a_strange_word_does_not_differ(asked: set[str], said: list[str]) -> None:
    """So most texts need not be looked at: it takes a common word of another language."""
    here = frozenset(asked)
    if strange(here).isdisjoint(word.lower() for word in said):
        assert not differs(here, " ".join(said))
