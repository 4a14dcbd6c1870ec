"""Words as they are compared: folded, cut into runs of letters, and written in the case of another word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Scripts that write no blanks between words: names in them are found as parts of a run, by exact match.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
# Combining marks of accents, Hebrew, Arabic and Indian scripts, and invisible characters somebody may hide inside a name.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
)
_HIDDEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"

# A run of an unspaced script | a run of letters of any other | a run of digits.
WORD = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<letters>(?:(?![{_UNSPACED}])[^\W\d_])(?:(?![{_UNSPACED}])(?:[^\W\d_]|[{_MARKS}{_HIDDEN}\u0980-\u0dff]))*)"
    r"|(?P<digits>\d+)"
)
# A character of a word or number of any other script; a run of them; and where one begins or ends (scripts without blanks may touch it).
LETTER = rf"[^\W_{_UNSPACED}]"
RUN = re.compile(rf"(?:{LETTER}|[{_MARKS}{_HIDDEN}])+")
BEGINS = rf"(?<!{LETTER})(?<![{_MARKS}{_HIDDEN}])"
ENDS = rf"(?!{LETTER})(?![{_MARKS}{_HIDDEN}])"
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "’": "'"})


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """``word`` without case, accents and hidden characters. Cyrillic й stays apart from и: it decides how a name is inflected."""
    if word.isascii():
        return word.lower()
    kept = []
    for char in unicodedata.normalize("NFC", word):
        if char in "йЙ":
            kept.append("й")
            continue
        kept += [part for part in unicodedata.normalize("NFKD", char) if unicodedata.category(part) not in ("Mn", "Cf")]
    return "".join(kept).casefold().translate(_STROKES)


def cased(word: str, like: str, of: str) -> str:
    """``word`` in the case that ``like`` has beside its dictionary form ``of``: the same, lower, upper or with a capital."""
    if like == of:
        return word
    if like.islower():
        return word.lower()
    if like.isupper() and len(like) > 1:
        return word.upper()
    if like.istitle():
        return word[:1].upper() + word[1:].lower()
    return word
