"""A recovery key as words: what a hand copies without a mistake.

The 160 random bits of a recovery key are fifteen words of BIP-39's English list (2048 words, any two of which differ in their first
four letters; MIT): 11 bits each, the last 5 of the 165 a checksum (the first bits of SHA-256). The same bits are the eight groups of
letters that ``keys`` writes, so either opens the same.
"""

from __future__ import annotations

import functools
from hashlib import sha256
from pathlib import Path

BYTES, WORDS = 20, 15
_BITS, _CHECK = 11, 5
_TELLING = 4  # letters of a word that tell it from every other


def to_words(code: bytes) -> tuple[str, ...]:
    """The fifteen words of a 20-byte code."""
    assert len(code) == BYTES
    value = int.from_bytes(code, "big") << _CHECK | _check(code)
    listed = _listed()
    return tuple(listed[value >> _BITS * (WORDS - 1 - n) & (1 << _BITS) - 1] for n in range(WORDS))


def from_words(said: str) -> bytes | None:
    """The code behind fifteen words as a person types them (any case, numbers before them, four letters for a word); None when they
    are other words, fewer, or do not belong together."""
    typed = [word for word in said.replace(",", " ").replace(".", " ").casefold().split() if not word.isdecimal()]
    numbers = [_number(word) for word in typed]
    if len(numbers) != WORDS or None in numbers:
        return None
    value = functools.reduce(lambda before, number: before << _BITS | (number or 0), numbers, 0)
    code = (value >> _CHECK).to_bytes(BYTES, "big")
    return code if value & (1 << _CHECK) - 1 == _check(code) else None


def are_words(said: str) -> bool:
    """Whether ``said`` is meant as recovery words: mostly words of the list, about as many as there should be."""
    typed = [word for word in said.casefold().split() if word.isalpha()]
    return WORDS - 2 <= len(typed) <= WORDS + 2 and sum(_number(word) is not None for word in typed) >= WORDS - 3


def _check(code: bytes) -> int:
    return sha256(code).digest()[0] >> 8 - _CHECK


def _number(word: str) -> int | None:
    """The place of a word in the list, or of the word that begins with these four letters."""
    found = _numbers().get(word[:_TELLING])
    return found if found is not None and (len(word) == _TELLING or _listed()[found] == word) else None


@functools.cache
def _listed() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("recovery.txt").read_text(encoding="ascii").split())


@functools.cache
def _numbers() -> dict[str, int]:
    return {word[:_TELLING]: number for number, word in enumerate(_listed())}
