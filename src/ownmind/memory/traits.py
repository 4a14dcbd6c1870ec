"""What a text holds, by pattern: a time, a number, a name, a place, somebody who speaks of themselves. English.

A regular expression that tries forty words at every letter takes twenty microseconds a text. So where a pattern cannot match without
one of a few words, only the texts that hold one are read; ``tokens`` knows them all at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .question import Expects
from .tokens import Keys, Tokens, keys

_READ = 600  # characters of a text


@dataclass(frozen=True, slots=True)
class Trait:
    """A pattern, and words and digits without which it cannot match; a trait with ``words`` is read in lower case."""

    pattern: re.Pattern[str]
    words: Keys | None = None
    digits: bool = False


def holding(trait: Trait | None, texts: Sequence[str], said: Tokens, *, among: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """(n,) whether each of ``texts`` has the trait in its beginning; of those ``among`` when given. ``said``: their words."""
    found = np.zeros(len(texts), bool)
    if trait is None:
        return found
    may = np.ones(len(texts), bool) if among is None else among
    if trait.words is not None:
        may = may & (said.holding(trait.words) | (said.digits & trait.digits) | said.foreign)
    for at in np.flatnonzero(may).tolist():
        text = texts[at][:_READ]
        found[at] = trait.pattern.search(text if trait.words is None else text.lower()) is not None
    return found


def names(text: str) -> frozenset[str]:
    """The capitalised words within the sentences of a text's beginning, without days and months."""
    return frozenset(_WITHIN.findall(text, 0, _READ)) - _CALENDAR


def _any_of(words: str, more: str = "", *, digits: bool = False) -> Trait:
    """Any of ``words`` as a word, or what the pattern ``more`` matches."""
    return Trait(re.compile(rf"{more}\b(?:{'|'.join(words.split())})\b"), keys(words.split()), digits)


_UNITS = "day night week month year summer winter spring fall autumn"
_DATES = """january february march april june july august september october november december monday tuesday wednesday thursday friday
    saturday sunday yesterday today tonight tomorrow ago weekend since recently"""
_COUNTED = "last next past this few \\d+ two three four five six seven eight nine ten"
_TIME = Trait(
    re.compile(
        rf"\b(?:(?:19|20)\d\d|\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_DATES.split())}"
        rf"|(?:{'|'.join(_COUNTED.split())}) (?:\w+ )?(?:{'|'.join(_UNITS.split())})s?)\b"
    ),
    keys([*_DATES.split(), *_UNITS.split(), *(f"{unit}s" for unit in _UNITS.split())]),
    digits=True,
)
_NUMBER = _any_of(
    """one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty hundred thousand once twice second
    third fourth fifth another both couple half first""",
    r"\d|",
    digits=True,
)
_NAME = Trait(re.compile(r"(?<=[a-z,] )[\"“]?[A-Z][a-z]+|[\"“][A-Z]"))
_PLACE = Trait(re.compile(r"\b(?:in|at|to|from|near|around|visit(?:ed|ing)?|of) (?:the )?[A-Z][a-z]+"))

EXPECTED = {Expects.TIME: _TIME, Expects.NUMBER: _NUMBER, Expects.NAME: _NAME, Expects.PLACE: _PLACE}  # by the kind of answer
FIRST_PERSON = _any_of("i my me mine myself we our us")

_WITHIN = re.compile(r"(?<=[a-z0-9,;)] )[A-Z][a-z]{2,}\b")
_CALENDAR = frozenset(word.capitalize() for word in _DATES.split())
