"""Many texts are cut into words at once, and into the same words as one by one."""

from __future__ import annotations

import json
import string
from importlib import resources

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ownmind.bench import stage
from ownmind.memory.tokens import keys, tokens
from ownmind.store import scripts, search

FIFTY = json.loads(resources.files("ownmind.bench").joinpath("data/fifty_languages.json").read_text(encoding="utf-8"))
TEXTS = st.lists(st.text(st.one_of(st.characters(), st.sampled_from("aeé _1ß猫🔑ि \n'’")), max_size=40), max_size=6)
ENDINGS = """s es ies sses ed ing y ly ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness
    ousness aliti iviti biliti logi icate ative alize iciti
    ical ful ness al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous
    ive ize e ll ability bilities""".split()  # noqa: SIM905


def said(texts: list[str]) -> list[list[str]]:
    """The words of each text, as ``tokens`` found them."""
    found = tokens(texts)
    words = found.words(np.arange(len(found.starts)))
    assert found.lengths.sum() == len(words)
    return [[word for word, owner in zip(words, found.owner, strict=True) if owner == at] for at in range(len(texts))]


@given(TEXTS)
def test_words_are_those_of_the_index(texts: list[str]) -> None:
    """Text by text the same words as ``scripts.words`` gives, whatever stands beside it."""
    assert said(texts) == [scripts.words(text) for text in texts]


def test_words_of_58_languages_are_those_of_the_index() -> None:
    """Notes of every script at once, each cut as it would be alone."""
    notes = [note for _, note, _ in FIFTY]
    assert said(notes) == [scripts.words(note) for note in notes]


def test_no_text_has_no_words() -> None:
    """Nothing, blanks and signs alone."""
    assert said([]) == []
    assert said(["", " ", "?!\n"]) == [[], [], []]


@given(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=5), min_size=1), st.lists(st.sampled_from(ENDINGS)))
def test_a_word_is_not_passed_over_where_its_stem_is_wanted(beginnings: list[str], endings: list[str]) -> None:
    """Whatever Porter's stemmer makes of a word, ``beginning`` with that stem finds it; the stems here are SQLite's own."""
    words = [*beginnings, *(one + other for one in beginnings for other in endings), "naïve", "état", "e_mail", "_blank", "½"]
    for word, stem in zip(words, search.stems(words), strict=True):
        found = tokens([word])
        assert word in found.words(found.beginning([stem]))


def test_few_words_are_looked_at() -> None:
    """Of real talk hardly more than those that begin with the same two letters."""
    life = stage.Chatter(3)
    found = tokens([life.text() for _ in range(100)])
    assert 0 < len(found.beginning(search.stems(["kitchen", "birthday"]))) < len(found.starts) / 10


def test_words_are_told_apart_by_their_first_eight_letters() -> None:
    """Shorter ones exactly; and a text is told apart from its neighbours."""
    found = tokens(["someone", "One more", "wednesdays", ""])
    assert found.holding(keys(["one"])).tolist() == [False, True, False, False]
    assert found.holding(keys(["wednesday"])).tolist() == [False, False, True, False]
    assert tokens(["a1", "b", "2", "٣"]).digits.tolist() == [True, False, True, False]
