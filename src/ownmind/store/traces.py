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
_TABLE_BITS = 22

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]


@dataclass
class Needles:
    """Pieces of texts to look for, 8 bytes each once there are many. Short texts (under PIECE bytes) are looked for whole, the
    first few of them."""

    few: set[bytes] = field(default_factory=set)
    short: set[bytes] = field(default_factory=set)
    base: int = field(default_factory=lambda: secrets.randbits(64) | 1)  # odd, and drawn anew: no text can be made to collide
    _hashed: list[Hashes] = field(default_factory=list)

    def add(self, texts: Iterable[str]) -> None:
        raw = [text.strip().encode("utf-8", "surrogatepass") for text in texts]
        self.short.update(text for text in raw if SHORTEST <= len(text) < PIECE and len(self.short) < _ONE_BY_ONE)
        pieces = {text[start : start + PIECE] for text in raw for start in range(0, min(len(text), LONGEST) - PIECE + 1, PIECE)}
        if not pieces:
            return
        if len(self.few) <= _ONE_BY_ONE:
            self.few.update(sorted(pieces)[: _ONE_BY_ONE + 1])
        self._hashed.append(np.unique(_windows(np.frombuffer(b"".join(sorted(pieces)), np.uint8), self.base)[::PIECE]))

    @property
    def hashed(self) -> Hashes:
        """Hashes of all pieces, ascending; empty while they are few."""
        return np.unique(np.concatenate(self._hashed)) if len(self.few) > _ONE_BY_ONE else np.empty(0, np.uint64)


def in_pages(cx: apsw.Connection, needles: Needles) -> set[bytes]:
    """The pieces that stand in any page of the file. Whoever calls has folded the log into it."""
    return _found(_pages(cx), needles)


def said(cx: apsw.Connection, pieces: Iterable[bytes]) -> set[bytes]:
    """Those of ``pieces`` that rows which stay rightly hold: items, and facts that rest on them."""
    left = set(pieces)
    found: set[bytes] = set()
    rows = cx.execute("SELECT text FROM items UNION ALL SELECT text || char(10) || quote FROM facts")
    for (text,) in rows:
        if not left:
            break
        raw = str(text).encode("utf-8", "surrogatepass")
        here = {piece for piece in left if piece in raw}
        found |= here
        left -= here
    return found


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
    held: list[bytes] = []
    for page in _each_page(cx):
        held.append(page)
        if len(held) * len(page) >= _CHUNK:
            yield b"".join(held)
            held = []
    if held:
        yield b"".join(held)


def _found(chunks: Iterable[bytes], needles: Needles) -> set[bytes]:
    hashed = needles.hashed
    single = needles.short if len(hashed) else needles.short | needles.few
    table = np.zeros(1 << _TABLE_BITS, bool)
    table[hashed >> np.uint64(64 - _TABLE_BITS)] = True
    found: set[bytes] = set()
    for chunk in chunks:
        found.update(piece for piece in single if piece in chunk)
        if len(hashed):
            found.update(_hits(chunk, hashed, table, needles.base))
    return found


def _hits(chunk: bytes, hashed: Hashes, table: NDArray[np.bool_], base: int) -> Iterator[bytes]:
    windows = _windows(np.frombuffer(chunk, np.uint8), base)
    likely = np.flatnonzero(table[windows >> np.uint64(64 - _TABLE_BITS)])
    places = np.minimum(np.searchsorted(hashed, windows[likely]), len(hashed) - 1)
    for at in likely[hashed[places] == windows[likely]]:
        yield chunk[at : at + PIECE]


def _windows(content: Bytes, base: int) -> Hashes:
    """(n - PIECE + 1,) the polynomial hash of every stretch of PIECE bytes, built by doubling: 1, 2, 4, 8, then 16 and 24."""
    if len(content) < PIECE:
        return np.empty(0, np.uint64)
    hashes: dict[int, Hashes] = {1: content.astype(np.uint64) + np.uint64(1)}
    for width in (1, 2, 4, 8):
        hashes[2 * width] = _joined(hashes[width], hashes[width], width, base)
    return _joined(hashes[16], hashes[8], 16, base)


def _joined(left: Hashes, right: Hashes, width: int, base: int) -> Hashes:
    """Hashes of stretches made of one ``width`` long and what follows it."""
    shift = np.uint64(pow(base, (PIECE - width) if width == 16 else width, 1 << 64))
    follows = right[width:]
    joined: Hashes = left[: len(follows)] * shift + follows
    return joined
