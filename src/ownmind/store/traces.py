"""Looking for words in every page of the decrypted database, free pages included, with a bounded amount of memory.

Pages are read through SQLite's own file layer, which decrypts them, one at a time: 500 MB a second, and a store of any size fits.
A text may be cut by the end of a page, so it is looked for in pieces of ``PIECE`` bytes. A few pieces are searched one after
another; many are searched at once by hashing every stretch of ``PIECE`` bytes (Rabin and Karp, 1987), 64 bits wide.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import apsw
import numpy as np
from numpy.typing import NDArray

from .items import whole

PIECE = 24  # bytes
LONGEST = 480  # bytes of a text that are looked for
SHORTEST = 4  # bytes; less would be found by chance
_ONE_BY_ONE = 40  # pieces up to which each is searched for by itself
_CHUNK = 1 << 20  # bytes searched at a time
_HASHED = 1 << 14  # places hashed at a time: they stay in the processor's cache
_TABLE_BITS = 22

Hashes = NDArray[np.uint64]


@dataclass
class Needles:
    """Pieces of texts to look for, 8 bytes each once there are many. Short texts (under PIECE bytes) are looked for whole, the
    first few of them."""

    few: set[bytes] = field(default_factory=set)
    short: set[bytes] = field(default_factory=set)
    factors: Hashes = field(default_factory=lambda: _drawn())  # drawn anew: no text can be made to collide
    _hashed: list[Hashes] = field(default_factory=list)

    def add(self, texts: Iterable[str]) -> None:
        raw = [text.strip().encode("utf-8", "surrogatepass") for text in texts]
        self.short.update(text for text in raw if SHORTEST <= len(text) < PIECE and len(self.short) < _ONE_BY_ONE)
        self.add_pieces({text[start : start + PIECE] for text in raw for start in range(0, min(len(text), LONGEST) - PIECE + 1, PIECE)})

    def add_pieces(self, pieces: set[bytes]) -> None:
        """Adds stretches of PIECE bytes as they are."""
        if not pieces:
            return
        if len(self.few) <= _ONE_BY_ONE:
            self.few.update(sorted(pieces)[: _ONE_BY_ONE + 1])
        words = np.frombuffer(b"".join(pieces), "<u8").reshape(-1, len(self.factors))
        self._hashed.append((words * self.factors).sum(axis=1, dtype=np.uint64))

    @property
    def hashed(self) -> Hashes:
        """Hashes of all pieces, ascending; empty while they are few."""
        return np.unique(np.concatenate(self._hashed)) if len(self.few) > _ONE_BY_ONE else np.empty(0, np.uint64)


def in_pages(cx: apsw.Connection, needles: Needles) -> set[bytes]:
    """The pieces that stand in any page of the file. Whoever calls has folded the log into it."""
    return _found(_pages(cx), needles)


def said(cx: apsw.Connection, pieces: Iterable[bytes]) -> set[bytes]:
    """Those of ``pieces`` that rows which stay rightly hold: items, and facts that rest on them."""
    wanted = set(pieces)
    needles = Needles(short={piece for piece in wanted if len(piece) < PIECE})
    needles.add_pieces({piece for piece in wanted if len(piece) == PIECE})
    rows = cx.execute("SELECT text FROM items UNION ALL SELECT text || char(10) || quote FROM facts")
    return _found(_joined(str(text).encode("utf-8", "surrogatepass") for (text,) in rows), needles) & wanted


def pages(cx: apsw.Connection) -> int:
    """How many pages the file has."""
    return whole(cx.execute("PRAGMA page_count").get)


def holding_all(cx: apsw.Connection, wanted: Sequence[bytes]) -> int:
    """How many pages hold every one of ``wanted``, whatever the case of ASCII letters."""
    lower = [piece.lower() for piece in wanted]
    return sum(all(piece in page for piece in lower) for page in (page.lower() for page in _each_page(cx))) if lower else 0


def standing(cx: apsw.Connection, wanted: Sequence[bytes]) -> set[bytes]:
    """Those of ``wanted`` that stand in some page, whatever the case of ASCII letters."""
    left = {piece: piece.lower() for piece in wanted}
    found: set[bytes] = set()
    for page in (page.lower() for page in _each_page(cx)):
        found.update(piece for piece, lower in left.items() if lower in page)
    return found


def _each_page(cx: apsw.Connection) -> Iterator[bytes]:
    page_size = whole(cx.execute("PRAGMA page_size").get)
    for offset in range(0, pages(cx) * page_size, page_size):
        there, page = cx.read("main", 0, offset, page_size)
        if there:
            yield page


def _pages(cx: apsw.Connection) -> Iterator[bytes]:
    """The pages, many at a time. Each ends with 32 bytes of the cipher's, so no piece is found across two of them."""
    return _joined(_each_page(cx))


def _joined(parts: Iterable[bytes]) -> Iterator[bytes]:
    """``parts`` in chunks, a zero byte between any two."""
    held, size = [], 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield b"\0".join(held)
            held, size = [], 0
    if held:
        yield b"\0".join(held)


def _found(chunks: Iterable[bytes], needles: Needles) -> set[bytes]:
    hashed = needles.hashed
    single = needles.short if len(hashed) else needles.short | needles.few
    first, second = _table(_high(hashed)), _table(_low(hashed))
    found: set[bytes] = set()
    for chunk in chunks:
        found.update(piece for piece in single if piece in chunk)
        if len(hashed):
            found.update(chunk[at : at + PIECE] for at in _places(chunk, hashed, first, second, needles.factors))
    return found


def _places(chunk: bytes, hashed: Hashes, first: NDArray[np.bool_], second: NDArray[np.bool_], factors: Hashes) -> Iterator[int]:
    """Where stretches of PIECE bytes begin whose hash is one of ``hashed``. Two tables say of nearly all that it is not."""
    for start, hashes in _windows(chunk, factors):
        likely = np.flatnonzero(first[_high(hashes)])
        likely = likely[second[_low(hashes[likely])]]
        place = np.minimum(np.searchsorted(hashed, hashes[likely]), len(hashed) - 1)
        yield from (start + likely[hashed[place] == hashes[likely]]).tolist()


def _windows(content: bytes, factors: Hashes) -> Iterator[tuple[int, Hashes]]:
    """The hash of every stretch of PIECE bytes, some at a time, with where the first of them begins. An array is used again."""
    places = len(content) - PIECE + 1
    if places < 1:
        return
    words = np.ndarray((len(content) - 7,), "<u8", content, strides=(1,))  # the eight bytes at each place
    hashes, term = np.empty(_HASHED, np.uint64), np.empty(_HASHED, np.uint64)
    for start in range(0, places, _HASHED):
        n = min(_HASHED, places - start)
        np.multiply(words[start : start + n], factors[0], out=hashes[:n])
        for at in range(1, len(factors)):
            np.multiply(words[start + 8 * at : start + 8 * at + n], factors[at], out=term[:n])
            hashes[:n] += term[:n]
        yield start, hashes[:n]


def _high(hashes: Hashes) -> NDArray[np.int64]:
    return (hashes >> np.uint64(64 - _TABLE_BITS)).view(np.int64)


def _low(hashes: Hashes) -> NDArray[np.int64]:
    return (hashes >> np.uint64(64 - 2 * _TABLE_BITS) & np.uint64((1 << _TABLE_BITS) - 1)).view(np.int64)


def _table(places: NDArray[np.int64]) -> NDArray[np.bool_]:
    table = np.zeros(1 << _TABLE_BITS, bool)
    table[places] = True
    return table


def _drawn() -> Hashes:
    """Three odd numbers of 64 bits."""
    return np.array([secrets.randbits(64) | 1 for _ in range(PIECE // 8)], np.uint64)
