"""One session or purpose in which pseudonyms hold: the store and the pure parts (``pseudonyms``, ``preview``) put together.

Whoever sends to a remote model asks here, and only here: ``preview`` shows, ``keep`` makes the pseudonyms durable before the first
byte leaves (a reply must be restorable after a crash), ``restoring`` brings a streamed reply back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from random import Random, SystemRandom

import apsw

from ..store import pseudonyms
from ..store.opening import Store
from .known import known
from .preview import Part, Preview, Price, preview
from .pseudonyms import Dictionary, Restoring, restore


class Names:
    """What this store knows of people and places, read again when something came or went: to be held by all the scopes of one home,
    because reading it takes every fact. Any thread."""

    def __init__(self) -> None:
        self._held: tuple[tuple[int, ...], Dictionary] = ((), Dictionary())

    def read(self, cx: apsw.Connection) -> Dictionary:
        state = pseudonyms.state(cx)
        made_of, dictionary = self._held
        if state != made_of:
            dictionary = Dictionary(known(cx))
            self._held = (state, dictionary)
        return dictionary


class Scope:
    """``name``: the session's id, or "purpose destination". One thread at a time."""

    def __init__(self, store: Store, name: str, *, random: Random | None = None, names: Names | None = None) -> None:
        self.name = name
        self._store, self._random, self._names = store, random or SystemRandom(), names or Names()

    def preview(
        self, parts: Sequence[Part], *, purpose: str, destination: str, price: Price | None = None, consented: Collection[str] = ()
    ) -> Preview:
        """What would leave, with the pseudonyms of this scope so far and new ones where there are none. Nothing is kept."""
        with self._store.db.read() as cx:
            dictionary, rows = self._names.read(cx), pseudonyms.of(cx, self.name)
        return preview(
            parts, purpose=purpose, destination=destination, dictionary=dictionary, known=rows, random=self._random, price=price,
            consented=consented,
        )  # fmt: skip

    def keep(self, shown: Preview) -> Preview:
        """Makes the new pseudonyms of a preview durable, so that what it shows may leave; gives it with nothing left to keep."""
        with self._store.db.write() as cx:
            pseudonyms.add(cx, self.name, shown.new)
        return replace(shown, new=())

    def restore(self, reply: str) -> str:
        """A whole reply with the real values."""
        with self._store.db.read() as cx:
            return restore(reply, pseudonyms.of(cx, self.name))

    def restoring(self) -> Restoring:
        """The same for a reply that comes in pieces."""
        with self._store.db.read() as cx:
            return Restoring(pseudonyms.of(cx, self.name))

    def end(self) -> int:
        """Forgets what stood for what in this scope; gives how many rows that were."""
        with self._store.db.erase() as cx:
            return pseudonyms.end(cx, self.name)
