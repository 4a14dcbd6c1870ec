"""A recovery key as words: the standard's own words, however a hand types them, and the same key as the letters."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ownmind.errors import WrongPassphrase
from ownmind.store import keys, recovery
from store_fixtures import paths_at

# Trezor's published vectors have 128, 192 and 256 bits; for 160 the checksum rule gives these by hand: SHA-256 of twenty zero
# bytes begins de…, its first five bits are 27, and word 27 of the list is "address"; of twenty ff… bytes 1c…, 3: "zoo" less 28.
ZEROS = (*["abandon"] * 14, "address")


def test_the_words_are_the_standard_s() -> None:
    """BIP-39: eleven bits a word, the first bits of SHA-256 at the end."""
    assert recovery.to_words(bytes(20)) == ZEROS
    assert recovery.from_words(" ".join(ZEROS)) == bytes(20)
    assert len({word[:4] for word in recovery._listed()}) == 2048, "four letters tell every word"


def test_they_are_read_however_they_are_typed() -> None:
    """Numbered as printed, in capitals, with commas, or the first four letters of each."""
    for _ in range(50):
        code = os.urandom(20)
        words = recovery.to_words(code)
        numbered = "\n".join(f"{n}. {word.upper()}," for n, word in enumerate(words, 1))
        for typed in (" ".join(words), numbered, " ".join(word[:4] for word in words)):
            assert recovery.from_words(typed) == code


@pytest.mark.parametrize("typed", ["", "abandon", " ".join(ZEROS[:14]), " ".join([*ZEROS[:14], "ability"]), " ".join(["zzzz"] * 15)])
def test_other_words_are_none(typed: str) -> None:
    """Too few, a wrong last one, none of the list: not a key, and no error either."""
    assert recovery.from_words(typed) is None


def test_words_and_letters_open_the_same_home(tmp_path: Path) -> None:
    """Either is the recovery key; words with one changed are told apart from a passphrase."""
    paths = paths_at(tmp_path / "mind")
    paths.home.mkdir(parents=True)
    made = keys.make(paths, "correct horse")
    words = keys.words_of(keys.new_recovery_key(paths, made))
    assert keys.unlock(paths, " ".join(words)) == made
    wrong = [*words[:-1], "zoo" if words[-1] != "zoo" else "able"]
    with pytest.raises(WrongPassphrase) as caught:
        keys.unlock(paths, " ".join(wrong))
    assert "letter wrong" in caught.value.hint
