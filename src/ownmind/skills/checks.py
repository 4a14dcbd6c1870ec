"""Checks of what a model said against what it was given: no number, date or name that is not there, no "not" lost or added. Pure.

They are narrow on purpose: what they pass may still be badly put, but what they refuse would have misled. English names stand out by
their capitals; at the beginning of a sentence a capital says nothing, so an invented name there passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..memory.phrases.vocabulary import NUMBERS

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_SPELLED = {word: str(number) for number, word in enumerate(NUMBERS)} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
    "thousand": "1000",
}
_NOT = re.compile(
    r"\b(?:not|no|never|nobody|none|nothing|neither|nor|cannot|forbidden|prohibited|excluded|"
    r"(?:is|are|was|were|do|does|did|can|could|must|will|would|should|have|has|had)n['’]t|won['’]t|can['’]t)\b",
    re.IGNORECASE,
)
_BUT = re.compile(r"\b(?:without|except|unless)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ][\w’'-]*")
_NO_NAMES = frozenset(("i", "i'm", "i'll", "i've", "i'd", "i’m", "i’ll", "i’ve", "i’d", "ok", "mr", "mrs", "ms", "dr"))


def numbers(text: str) -> set[str]:
    """Numbers of a text in one form: "1,200.50" and "twelve" too."""
    found = {_plain(one) for one in _NUMBER.findall(text)}
    return found | {_SPELLED[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _SPELLED}


def names(text: str) -> set[str]:
    """Capitalised words inside sentences, lower case; not those that begin one."""
    found = set()
    for sentence in re.split(r"(?<=[.!?…:])[\"”’)]*\s+|\n+", text):
        words = list(_CAPITAL.finditer(sentence))
        start = re.search(r"\w", sentence)
        found |= {one[0].lower() for one in words if start is None or one.start() != start.start()}
    return {re.sub(r"['’]s$", "", one) for one in found} - _NO_NAMES


def invented(said: str, given: str) -> list[str]:
    """Numbers and names of ``said`` that ``given`` does not have, sorted."""
    there = {re.sub(r"['’]s$", "", word) for word in re.findall(r"[\w’'-]+", given.lower())}
    there |= {part for word in there for part in word.split("-")}
    digits = {one for one in (_plain(found) for found in _NUMBER.findall(said)) if one not in numbers(given)}
    return sorted(digits | {one for one in names(said) if one not in there and not set(one.split("-")) <= there})


def lost(said: str, given: str) -> list[str]:
    """Numbers of ``given`` that ``said`` leaves out, sorted."""
    return sorted(numbers(given) - numbers(said))


def negated(text: str) -> bool:
    """Whether it says that something is not so, or may not be."""
    return any(form.search(text) for form in (_NOT, _BUT))


def turned(said: str, given: str) -> bool:
    """Whether a "not" was lost or added, or a "without" or an "unless": one of them does not stand in for another."""
    return any((form.search(said) is None) != (form.search(given) is None) for form in (_NOT, _BUT))


def share(wanted: Iterable[str], there: set[str]) -> float:
    """The share of ``wanted`` that is ``there``; 1 of nothing."""
    held = list(wanted)
    return sum(one in there for one in held) / len(held) if held else 1.0


def _plain(number: str) -> str:
    """Without marks between thousands; "15:00" and "1.5" as they are."""
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number).rstrip(".,:")
    return plain.lstrip("0") or "0"
