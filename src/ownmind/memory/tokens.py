"""Many texts cut into words at once, as arrays: where each word stands, in which text, and its first letters.

The words are those of ``store.scripts``, so those of the full-text index. Three hundred candidates hold some seven thousand words, and
what a question wants to know of nearly all of them is that they are none of its terms: their first letters say that. So they are cut
by numpy over the characters, and only the few that may matter become strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..store import scripts

Places = NDArray[np.int64]
Keys = NDArray[np.uint64]
Flags = NDArray[np.bool_]

_LETTERS = 8  # of a word stand in its key
_FOREIGN = 255  # what stands in keys for a letter that is not ASCII
_FIRST_BYTES = np.array([(1 << 8 * n) - 1 for n in range(_LETTERS + 1)], np.uint64)
_SURE = 3  # letters of a stem from which on its first two are those of the word: Porter (1980) changes how words end
_KNOWN = 0x10000  # characters of which a table says whether they stand in words
_BLANK, _GAP = ord(" "), "\n"


@dataclass(frozen=True, slots=True)
class Tokens:
    """w words of n texts, in the order they stand in."""

    text: str  # all texts, lower case
    starts: Places  # (w,) in ``text``
    ends: Places  # (w,)
    owner: Places  # (w,) which of the texts
    keys: Keys  # (w,) the first eight letters, the first in the lowest byte
    lengths: Places  # (n,) words
    foreign: Flags  # (n,) whether a text has characters that are not ASCII
    digits: Flags  # (n,) whether it has digits, of ASCII

    def words(self, at: Places) -> list[str]:
        """The words at these places."""
        return [self.text[start:end] for start, end in zip(self.starts[at].tolist(), self.ends[at].tolist(), strict=True)]

    def beginning(self, stems: Iterable[str]) -> Places:
        """The places of all words whose stem may be one of ``stems``, and of some others. A letter that is not ASCII may lose its
        accent, and an underscore parts words for the full-text index: where the first two hold such a one, anything is possible."""
        may = _unsure().copy()
        for stem in stems:
            if len(stem) >= _SURE and stem[:2].isascii():
                may[ord(stem[1]), ord(stem[0])] = True
            elif stem.isascii():
                may[:, ord(stem[0])] = True
        pair = (self.keys & np.uint64(0xFFFF)).astype(np.intp)
        return np.flatnonzero(may.reshape(-1)[pair])

    def holding(self, wanted: Keys) -> Flags:
        """(n,) whether a text has a word that begins with the same eight letters as one of ``wanted`` (sorted; see ``keys``)."""
        place = np.minimum(np.searchsorted(wanted, self.keys), len(wanted) - 1)
        found = np.zeros(len(self.lengths), bool)
        found[self.owner[wanted[place] == self.keys]] = True
        return found


def tokens(texts: Sequence[str]) -> Tokens:
    """The words of ``texts``. Of scripts without blanks they are pairs of characters, as ``scripts.words`` gives them."""
    lower = [text.lower() for text in texts]
    apart = [at for at, text in enumerate(lower) if not text.isascii() and scripts.is_anywhere(text)]
    for at in apart:
        lower[at] = " ".join(scripts.words(lower[at]))
    joined = _GAP.join([*lower, ""])
    ends = np.cumsum(np.fromiter(map(len, lower), np.int64, len(lower)) + 1)
    letters, in_word = _read(joined)
    for at in apart:  # what they are cut into holds marks and emoji
        here = slice(int(ends[at]) - len(lower[at]) - 1, int(ends[at]) - 1)
        in_word[1:][here] = letters[here] != _BLANK
    edges = np.flatnonzero(in_word[1:] != in_word[:-1])
    starts, stops = edges[::2], edges[1::2]
    lengths = np.diff(np.searchsorted(starts, ends), prepend=0)
    digits = np.zeros(len(lower), bool)
    digits[np.searchsorted(ends, np.flatnonzero((letters >= ord("0")) & (letters <= ord("9"))), side="right")] = True
    return Tokens(
        joined,
        starts,
        stops,
        np.repeat(np.arange(len(lower)), lengths),
        _first(letters, starts, stops - starts),
        lengths,
        np.array([not text.isascii() for text in lower], bool),
        digits,
    )


def keys(words: Iterable[str]) -> Keys:
    """The keys of these words (ASCII, lower case), sorted."""
    return np.unique(np.array([int.from_bytes(word[:_LETTERS].encode("ascii"), "little") for word in words], np.uint64))


def _read(text: str) -> tuple[NDArray[np.uint8], Flags]:
    """(c,) each character as a byte, and (c + 2,) whether it stands in a word, False before the first and after the last."""
    in_word = np.zeros(len(text) + 2, bool)
    if text.isascii():
        letters = np.frombuffer(text.encode("ascii"), np.uint8)
        in_word[1:-1] = _stands_in_words()[letters]
        return letters, in_word
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    in_word[1:-1] = _stands_in_words()[np.minimum(points, _KNOWN - 1)]
    for at in np.flatnonzero(points >= _KNOWN).tolist():
        in_word[at + 1] = _WORD.match(text[at]) is not None
    return np.minimum(points, _FOREIGN).astype(np.uint8), in_word


def _first(letters: NDArray[np.uint8], starts: Places, lengths: Places) -> Keys:
    """(w,) the first eight letters of the words at ``starts``."""
    padded = np.concatenate([letters, np.zeros(_LETTERS, np.uint8)])
    at_each = np.ndarray((len(letters) + 1,), "<u8", padded.data, strides=(1,))
    return at_each[starts].astype(np.uint64) & _FIRST_BYTES[np.minimum(lengths, _LETTERS)]


_WORD = re.compile(r"\w+")


@cache
def _stands_in_words() -> Flags:
    """(65,536,) whether ``\\w`` matches each character of the basic plane."""
    found = np.zeros(_KNOWN, bool)
    for run in _WORD.finditer("".join(map(chr, range(_KNOWN)))):
        found[run.start() : run.end()] = True
    return found


@cache
def _unsure() -> Flags:
    """(256, 256) by second and first letter: True where a word's stem may begin otherwise."""
    found = np.zeros((256, 256), bool)
    for letter in (ord("_"), *range(128, 256)):
        found[letter, :] = found[:, letter] = True
    return found
