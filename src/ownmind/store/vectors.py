"""Embeddings: as BLOBs in the one encrypted file, and in memory as bits to scan and int8 to score.

A vector of d numbers is kept as one float32 scale and d int8: ``value ~ scale * int8``. In memory its signs are packed into
d/64 words as well (``store.blocks``). A scan counts differing bits over everything, then scores the closest by int8. An index file
of a vector library is not encrypted, so there is none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence

import apsw
import numpy as np
from numpy.typing import NDArray

from . import blocks
from .blocks import ROWS, Block, Ids
from .blocks import Floats as Floats
from .items import whole

# Of the bit scan's best this many are scored by int8. The rank by bits of the exact ten nearest was measured to grow with the two
# thirds' power of how many there are: 98 % of them stood within 190 of 4,000, within 1,600 of 100,000 (MiniLM, real and perturbed).
_LEAST_SCORED, _SCORED = 500, 2.0
_CHUNK = 4096  # vectors read at a time: the most that whoever adds or forgets one has to wait for
_LAST = (1 << 63) - 1


def pack(vector: Floats) -> bytes:
    """``vector`` (d,) as it is stored: 4 bytes of scale, d bytes."""
    scale = float(np.abs(vector).max()) / 127 or 1.0
    values: NDArray[np.int8] = np.rint(vector / scale).astype(np.int8)
    return bytes(np.float32(scale).tobytes()) + values.tobytes()


def save(cx: apsw.Connection, model: str, rows: Iterable[tuple[int, bytes]]) -> None:
    """Stores packed vectors by item; one that is there is replaced. (Not INSERT OR REPLACE: that deletes without the trigger
    that keeps the count.)"""
    cx.executemany(
        """INSERT INTO item_vectors(item_id, model, vector) VALUES (?, ?, ?)
           ON CONFLICT(model, item_id) DO UPDATE SET vector = excluded.vector""",
        ((row, model, blob) for row, blob in rows),
    )


def missing(cx: apsw.Connection, model: str, limit: int, *, before: int = _LAST) -> list[tuple[int, str, str]]:
    """Row, speaker and text of items that have no vector of ``model`` yet, newest first: what was just said is asked about first.
    ``before``: only rows below it, so that a long backlog is walked once and not from the top each time."""
    rows = cx.execute(
        """SELECT i.id, i.speaker, i.text FROM items i WHERE i.id < ?
           AND NOT EXISTS (SELECT 1 FROM item_vectors v INDEXED BY item_vectors_item WHERE v.item_id = i.id AND v.model = ?)
           ORDER BY i.id DESC LIMIT ?""",
        (before, model, limit),
    )
    return [(int(row), str(speaker), str(text)) for row, speaker, text in rows]


def count(cx: apsw.Connection, model: str) -> int:
    """How many vectors of ``model`` are stored. Kept by triggers: counting a million would read them all."""
    return whole(cx.execute("SELECT n FROM vector_counts WHERE model = ?", (model,)).get)


class Vectors:
    """Every vector of one model in memory. Any thread may search while another loads, adds or removes.

    Loading goes from the newest to the oldest, some at a time: what is there already is searched meanwhile.
    """

    def __init__(self, model: str, dimensions: int) -> None:
        assert dimensions % 64 == 0, "bits are packed 64 to a word"
        self.model = model
        self.dimensions = dimensions
        self.damaged: set[int] = set()  # items whose stored vector cannot be one: met while loading, to be made again
        self._changing = threading.Lock()
        self._below = _LAST  # what is stored of rows under this was not read yet
        self._is_loaded = False
        self._walked = _LAST  # where the walk over items without a vector has come to
        self._gone: set[int] = set()  # removed while loading: an older snapshot may still show them
        self._blocks: tuple[Block, ...] = ()
        self._filled = 0  # rows in use, holes included
        self._holes: list[int] = []  # places of what was removed, used again first
        self._at = np.zeros(0, np.int32)  # item id -> place + 1; 0 for none. Ids are dense, so this is 4 bytes an item

    @property
    def is_loaded(self) -> bool:
        return self._is_loaded

    def __len__(self) -> int:
        return self._filled - len(self._holes)

    def load(self, cx: apsw.Connection, seconds: float | None = None) -> bool:
        """Reads the vectors that are stored, to the end or for about so many ``seconds``; True when all are in memory. Threads
        that load at once share the work."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self._is_loaded:
            with self._changing:
                if not self._is_loaded:
                    self._read(cx)
            if until is not None and time.monotonic() >= until:
                break
            time.sleep(0)  # lets in who waits to add or remove
        return self._is_loaded

    def missing(self, cx: apsw.Connection, limit: int) -> list[tuple[int, str, str]]:
        """``missing`` of this model, going on where the last call ended, and from the top again once at the bottom."""
        for before in dict.fromkeys((self._walked, _LAST)):
            if found := missing(cx, self.model, limit, before=before):
                self._walked = found[-1][0]
                return found
        return []

    def add(self, packed: Sequence[tuple[int, bytes]]) -> None:
        """Adds vectors that were saved; one that is there is replaced."""
        with self._changing:
            self._gone.difference_update(row for row, _ in packed)
            self.damaged.difference_update(row for row, _ in packed)
            self._put(packed)

    def remove(self, ids: Iterable[int]) -> int:
        """Takes these out of memory and overwrites them with zeros; gives how many there were."""
        with self._changing:
            wanted = set(ids)
            self.damaged -= wanted
            if not self._is_loaded:
                self._gone |= wanted
            there = [row for row in wanted if self._place(row) >= 0]
            places = np.array(sorted(self._place(row) for row in there), np.int64)
            self._at[np.array(there, np.int64)] = 0
            for number in np.unique(places // ROWS):
                self._blocks[number].clear(places[places // ROWS == number] - number * ROWS)
            self._holes.extend(places.tolist())
            return len(there)

    def holds(self, ids: Iterable[int]) -> int:
        """How many of ``ids`` are in memory."""
        return sum(self._place(row) >= 0 for row in ids)

    def nearest(self, query: Floats, limit: int, *, only: Ids | None = None, exact: bool = False) -> Ids:
        """Ids of the ``limit`` closest to ``query`` (d,) by cosine, best first; of ``only`` when given. ``exact`` scores every one,
        which takes half a second for a million: it is what the scan is measured against."""
        filled, held = self._filled, self._blocks
        places = np.arange(filled) if only is None else np.sort(self._places(only))
        places = places[np.searchsorted(places, 0) :]
        among = len(places) if exact else max(_LEAST_SCORED, int(_SCORED * len(places) ** (2 / 3)))
        if len(places) > among:
            differing = blocks.differing(held, filled, blocks.signs(query))
            places = blocks.least(differing, among) if only is None else places[blocks.least(differing[places], among)]
        ids, cosine = blocks.scored(held, places, query)
        return blocks.best(ids[ids > 0], cosine[ids > 0], limit)

    def closeness(self, query: Floats, ids: Ids) -> Floats:
        """(n,) cosine of each of ``ids`` with ``query`` (d,); 0 for those that have no vector (yet)."""
        found = np.zeros(len(ids), np.float32)
        places = self._places(ids)
        order = np.argsort(places, kind="stable")
        order = order[places[order] >= 0]
        found[order] = blocks.scored(self._blocks, places[order], query)[1]
        return found

    def of(self, ids: Ids) -> Floats:
        """(n, d) float32 vectors of ``ids``; rows of zeros for those that have none (yet)."""
        found = np.zeros((len(ids), self.dimensions), np.float32)
        places = self._places(ids)
        there = places >= 0
        found[there] = blocks.vectors(self._blocks, places[there], self.dimensions)
        return found

    def _read(self, cx: apsw.Connection) -> None:
        """The next chunk, downwards."""
        found = cx.execute(
            """SELECT item_id, CASE typeof(vector) WHEN 'blob' THEN vector ELSE x'' END FROM item_vectors
               WHERE model = ? AND item_id < ? ORDER BY item_id DESC LIMIT ?""",
            (self.model, self._below, _CHUNK),
        )
        rows = [(whole(row), blob if isinstance(blob, bytes) else b"") for row, blob in found]
        if not rows:
            self._is_loaded = True
            self._gone.clear()
            return
        self._below = rows[-1][0]
        self._put([(row, blob) for row, blob in rows if self._place(row) < 0 and row not in self._gone])

    def _put(self, packed: Sequence[tuple[int, bytes]]) -> None:
        """Writes these rows where there is room. What cannot be a vector is noted and left out."""
        sound = {row: blob for row, blob in packed if len(blob) == 4 + self.dimensions}
        raw = np.frombuffer(b"".join(sound.values()), np.uint8).reshape(len(sound), 4 + self.dimensions)
        ids, scales = np.fromiter(sound, np.int64, len(sound)), np.ascontiguousarray(raw[:, :4]).view(np.float32)[:, 0]
        right = np.isfinite(scales) & (scales > 0)
        self.damaged.update(row for row, _ in packed if row not in sound)
        self.damaged.update(ids[~right].tolist())
        ids, scales, values = ids[right], scales[right], raw[right, 4:].view(np.int8)
        if not len(ids):
            return
        self._reach(int(ids.max()))
        places = self._room(ids)
        for number in np.unique(places // ROWS):
            part = places // ROWS == number
            self._blocks[number].write(places[part] - number * ROWS, ids[part], values[part], scales[part])
        self._filled = max(self._filled, int(places.max()) + 1)
        self._at[ids] = places + 1

    def _room(self, ids: Ids) -> NDArray[np.int64]:
        """A place for each of ``ids``: the one it has, a hole, or the next free one."""
        places = self._places(ids)
        new = np.flatnonzero(places < 0)
        holes = [self._holes.pop() for _ in range(min(len(new), len(self._holes)))]
        places[new[: len(holes)]] = holes
        fresh = len(new) - len(holes)
        places[new[len(holes) :]] = np.arange(self._filled, self._filled + fresh)
        while len(self._blocks) * ROWS < self._filled + fresh:
            self._blocks = (*self._blocks, Block.empty(self.dimensions))
        return places

    def _reach(self, row: int) -> None:
        """Makes ``_at`` long enough for ``row``."""
        if row >= len(self._at):
            wider = np.zeros(row + row // 4 + _CHUNK, np.int32)
            wider[: len(self._at)] = self._at
            self._at = wider

    def _place(self, row: int) -> int:
        at = self._at
        return int(at[row]) - 1 if 0 <= row < len(at) else -1

    def _places(self, ids: Ids) -> NDArray[np.int64]:
        """(n,) the place of each of ``ids``, -1 where there is none."""
        at = self._at
        known = (ids >= 0) & (ids < len(at))
        places = np.full(len(ids), -1, np.int64)
        places[known] = at[ids[known]].astype(np.int64) - 1
        return places
