"""One session or purpose in which pseudonyms hold: the store and the pure parts (``pseudonyms``, ``preview``) put together.

Whoever sends to a remote model asks here, and only here: ``preview`` shows, ``keep`` makes the pseudonyms durable before the first
byte leaves (a reply must be restorable after a crash), ``restoring`` brings a streamed reply back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from random import Random, SystemRandom

from ..store import pseudonyms
from ..store.opening import Store
from .known import known
from .preview import Part, Preview, Price, preview
from .pseudonyms import Dictionary, Restoring, restore


class Scope:
    """``name``: the session's id, or "purpose destination". One thread at a time."""

    def __init__(self, store: Store, name: str, *, random: Random | None = None) -> None:
        self.name = name
        self._store, self._random = store, random or SystemRandom()
        self._dictionary = Dictionary()
        self._made_of: tuple[int, ...] = ()

    def preview(
        self, parts: Sequence[Part], *, purpose: str, destination: str, price: Price | None = None, consented: Collection[str] = ()
    ) -> Preview:
        """What would leave, with the pseudonyms of this scope so far and new ones where there are none. Nothing is kept."""
        with self._store.db.read() as cx:
            if (state := pseudonyms.state(cx)) != self._made_of:
                self._dictionary, self._made_of = Dictionary(known(cx)), state
            rows = pseudonyms.of(cx, self.name)
        return preview(
            parts, purpose=purpose, destination=destination, dictionary=self._dictionary, known=rows, random=self._random, price=price,
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
