"""Words in scripts that the full-text index cannot cut, and a second index that holds just these.

SQLite's unicode61 takes a run of letters for a word. Chinese, Japanese, Thai, Lao, Khmer and Burmese put no blanks between words,
so a whole clause becomes one; Korean hangs its particles on the word; and the vowel signs of Indian scripts are marks, not letters,
so words fall to pieces; emoji it does not see. Here the first kind and emoji are cut into overlapping pairs of characters, each with
its marks, and Chinese characters and emoji stand alone as well (pairs and single characters together find more than either: Nie, Gao,
Zhang and Zhou 2000); the second kind stays whole.

Only items that hold such words have a row in ``item_words``: whoever writes in Latin, Greek, Cyrillic, Arabic or Hebrew letters pays
one look at each text. The rows go with their items, and what the index holds of them goes with the rows.
"""

from __future__ import annotations

import re
from itertools import pairwise

import apsw

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7af"
_SOUTH_EAST = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u109d\uaa60-\uaa7f\u1780-\u17d3\u17d7\u17dc\u17dd"
_EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f1e6-\U0001f1ff\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
_UNSPACED = _HAN + _KANA + _HANGUL + _SOUTH_EAST + _EMOJI
_THEIR_MARKS = (
    "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u17b4-\u17d3\u17dd\u3099\u309a\uaa7b-\uaa7d"
    "\ufe0f\u200d\U0001f3fb-\U0001f3ff"  # of emoji: how they are shown, what joins them, skin tones
)
# Blocks of scripts whose words hold marks: Syriac, Thaana, N'Ko, Devanagari to Sinhala (without the dandas), Tibetan.
_MARKED = "\u0710-\u074f\u0780-\u07b1\u07c0-\u07f5\u0900-\u0963\u0966-\u096f\u0971-\u0df3\u0f40-\u0fbc"

_APART = re.compile(f"[{_UNSPACED}{_MARKED}]")
_PLAIN = re.compile(r"\w+")
_ANY = re.compile(f"[{_UNSPACED}][{_UNSPACED}{_THEIR_MARKS}]*|[{_MARKED}]+|[^\\W{_UNSPACED}{_MARKED}]+")
_RUN = re.compile(f"[{_UNSPACED}]")
_CHARACTER = re.compile(f"[{_UNSPACED}][{_THEIR_MARKS}]*")
_STANDS_ALONE = re.compile(f"[{_HAN}{_EMOJI}]")


def words(text: str) -> list[str]:
    """The words of ``text`` in order, lower case, as the two indexes know them."""
    lower = text.lower()
    if lower.isascii() or not is_anywhere(lower):
        return _PLAIN.findall(lower)
    found: list[str] = []
    for word in _ANY.findall(lower):
        if word.isascii() or _RUN.match(word) is None:
            found.append(word)
        else:
            found.extend(_of_run(word))
    return found


def is_anywhere(text: str) -> bool:
    """Whether ``text`` holds any of these words."""
    return _APART.search(text) is not None


def is_apart(word: str) -> bool:
    """Whether one of ``words`` stands in the second index."""
    return _APART.match(word) is not None


def index(cx: apsw.Connection, row: int, speaker: str, text: str) -> None:
    """Puts an item's words of these scripts into the second index; its earlier ones must be gone (a trigger takes them when the text
    changes). Words that are written onto them ("iPhone手机") go along: in the first index they are no words of their own."""
    said = f"{speaker} {text}"
    if said.isascii() or not is_anywhere(said):
        return
    apart = [word for word in words(said) if is_apart(word)]
    glued = [word for chunk in _PLAIN.findall(said.lower()) if _APART.search(chunk) for word in words(chunk) if not is_apart(word)]
    if glued:
        from .search import stems  # here: it builds on this module

        apart += stems(glued)
    cx.execute("INSERT INTO item_words(item_id, words) VALUES (?, ?)", (row, " ".join(apart)))


def rebuild(cx: apsw.Connection) -> None:
    """Makes the second index anew from the items' rows. From its own rows first: a damaged index could not be told what to take out."""
    cx.execute("INSERT INTO item_words_fts(item_words_fts) VALUES ('rebuild'); DELETE FROM item_words")
    for row, speaker, text in cx.execute("SELECT id, speaker, text FROM items"):
        index(cx, int(row), str(speaker), str(text))


def _of_run(run: str) -> list[str]:
    """Pairs of characters, and each Chinese one and emoji alone; a run of one character as it is."""
    characters = _CHARACTER.findall(run)
    if len(characters) < 2:
        return characters or [run]
    alone = [character for character in characters if _STANDS_ALONE.match(character)]
    return [first + second for first, second in pairwise(characters)] + alone
