"""Vectors in memory: blocks of rows, each row as bits to scan and int8 to score.

Blocks instead of one array, so that a million vectors grow without ever being copied: a block is reserved whole, and the system
gives it memory only as rows are written. Bits lie word by word, ``(d/64, rows)``, so that the scan adds whole rows of counts:
5 ms for a million vectors of 384 on one core, where the bits of each vector side by side took 32.

A place is ``block * ROWS + row``. One thread writes at a time (``store.vectors`` sees to it); any may read meanwhile. A row is
written with its id last and emptied with its id first, so a reader never sees an id without its vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]
Places = NDArray[np.int64]

ROWS = 1 << 16  # in a block: 29 MB at 384 dimensions once it is full
_SCAN = 1 << 14  # rows scanned at once: their bits and counts stay in the processor's cache
_SCORE = 1 << 8  # rows scored at once, as float32: they stay in the cache too


@dataclass(frozen=True, slots=True)
class Block:
    """``ids`` (ROWS,), 0 where there is nothing; ``bits`` (d/64, ROWS); ``values`` (ROWS, d); ``scales`` (ROWS,)."""

    ids: Ids
    bits: NDArray[np.uint64]
    values: NDArray[np.int8]
    scales: Floats

    @classmethod
    def empty(cls, dimensions: int) -> Block:
        assert dimensions % 64 == 0, "bits are packed 64 to a word"
        return cls(
            np.zeros(ROWS, np.int64),
            np.zeros((dimensions // 64, ROWS), np.uint64),
            np.zeros((ROWS, dimensions), np.int8),
            np.zeros(ROWS, np.float32),
        )

    def write(self, rows: NDArray[np.int64], ids: Ids, values: NDArray[np.int8], scales: Floats) -> None:
        self.values[rows], self.scales[rows] = values, scales
        self.bits[:, rows] = np.packbits(values > 0, axis=1).view(np.uint64).T
        self.ids[rows] = ids

    def clear(self, rows: NDArray[np.int64]) -> None:
        """Nothing of these rows is left in memory."""
        self.ids[rows] = 0
        self.scales[rows], self.values[rows] = 0, 0
        self.bits[:, rows] = 0


def signs(query: Floats) -> NDArray[np.uint64]:
    """(d/64,) the bits of ``query`` (d,), packed as rows' bits are."""
    return np.packbits(query > 0).view(np.uint64)


def differing(blocks: Sequence[Block], filled: int, query: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """(filled,) how many bits of each row are not those of ``query`` (d/64,)."""
    found = np.empty(filled, np.uint16)
    wanted = query[:, None]
    for start in range(0, filled, _SCAN):  # ROWS is a multiple of _SCAN: a slice never spans two blocks
        end = min(start + _SCAN, filled)
        block, row = divmod(start, ROWS)
        bits = blocks[block].bits[:, row : row + end - start]
        np.bitwise_count(bits ^ wanted).sum(axis=0, dtype=np.uint16, out=found[start:end])
    return found


def least(values: NDArray[np.uint16], limit: int) -> Places:
    """Where the ``limit`` smallest of ``values`` stand, ascending, with all that equal the last of them: who stands where decides
    nothing. (Up to twice the limit: a store of a million copies of one thing is still searched quickly.)"""
    if len(values) <= limit:
        return np.arange(len(values))
    edge = int(np.searchsorted(np.cumsum(np.bincount(values)), limit))
    found = np.flatnonzero(values <= edge)
    if len(found) <= 2 * limit:
        return found
    below, equal = np.flatnonzero(values < edge), np.flatnonzero(values == edge)
    return np.sort(np.concatenate([below, equal[: limit - len(below)]]))


def best(ids: Ids, worth: Floats, limit: int) -> Ids:
    """The ``limit`` of ``ids`` that are worth most, best first; the newer of equals: where a row stands in memory decides nothing."""
    if 0 < limit < len(ids):
        near = np.flatnonzero(worth >= np.partition(worth, -limit)[-limit])
        ids, worth = ids[near], worth[near]
    return ids[np.lexsort((-ids, -worth))][:limit]


def scored(blocks: Sequence[Block], places: Places, query: Floats) -> tuple[Ids, Floats]:
    """Id and dot product with ``query`` (d,) of each row at ``places``, which are ascending; id 0 where nothing is."""
    ids, dots = np.empty(len(places), np.int64), np.empty(len(places), np.float32)
    room = min(_SCORE, len(places)), len(query)  # taken once: asking the system for it again and again cost a third of the time
    packed, wide = np.empty(room, np.int8), np.empty(room, np.float32)
    for block, part, rows in _split(blocks, places):
        ids[part] = block.ids[rows]
        for start in range(0, len(rows), _SCORE):
            some = rows[start : start + _SCORE]
            n, at = len(some), slice(part.start + start, part.start + start + len(some))
            np.take(block.values, some, axis=0, out=packed[:n], mode="clip")
            wide[:n] = packed[:n]
            # Not ``@``: BLAS would wake a second thread for it, and on a busy machine wait for that ten times as long as this takes.
            dots[at] = np.vecdot(wide[:n], query) * block.scales[some]
    return ids, dots


def vectors(blocks: Sequence[Block], places: Places, dimensions: int) -> Floats:
    """(n, d) the vectors at ``places``, in any order."""
    found = np.empty((len(places), dimensions), np.float32)
    order = np.argsort(places, kind="stable")
    for block, part, rows in _split(blocks, places[order]):
        found[order[part]] = block.values[rows] * block.scales[rows, None]
    return found


def _split(blocks: Sequence[Block], places: Places) -> Iterator[tuple[Block, slice, NDArray[np.int64]]]:
    """Each block that ascending ``places`` touch, which part of ``places`` that is, and the rows in the block."""
    edges = np.searchsorted(places, np.arange(len(blocks) + 1) * ROWS)
    for number, block in enumerate(blocks):
        start, end = int(edges[number]), int(edges[number + 1])
        if start < end:
            yield block, slice(start, end), places[start:end] - number * ROWS
