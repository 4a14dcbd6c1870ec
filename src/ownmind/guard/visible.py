"""Text from outside as it may stand where a person decides: nothing in it hidden, nothing turned around."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """``text`` with what a screen would hide or reorder written out: direction marks (Boucher and Anderson, "Trojan Source", 2021),
    zero-width and control characters. Line breaks stay. It does not tell look-alike letters of two scripts apart."""
    return "".join(letter if letter in "\n\t" or not unicodedata.category(letter).startswith("C") else _named(letter) for letter in text)


def _named(letter: str) -> str:
    return f"<U+{ord(letter):04X}>"
