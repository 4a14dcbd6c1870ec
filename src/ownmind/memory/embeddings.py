"""Meaning as vectors: the embedder that serves recall, and another one that takes its place once it has read everything.

Changing the embedder must not cost a day without meaning: while the new one's vectors are made in the background, newest items
first, the old one goes on serving, and what is learnt meanwhile gets the old one's vector at once and the new one's with the
backlog. Every batch is durable, so a process killed on the way goes on where it was. When nothing is missing the change is one
row in one transaction; then the old vectors are removed in batches. Going back before that costs nothing: they are all there.

Nothing here locks: what serves is one value, replaced whole, inside the store's write turn. Whoever began with the old one ends
with it, and a row that a late writer leaves under the old name is dropped with the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import apsw

from ..models.embedding.embedder import Embedder
from ..store import embeddings, items, vectors
from ..store.blocks import Floats
from ..store.opening import Store
from ..store.vectors import Vectors

BATCH = 256  # items in one transaction and one run of the embedder: memory stays flat, and a crash costs at most these
_DROPPED = 2_000  # vectors removed in one transaction: some 50 ms, which is what somebody who wants to write may wait
_READ = 700  # characters: about 128 tokens; a long message's first 128 found more than its chunks did (BEAM recall@10 .56 to .48)


@dataclass(frozen=True, slots=True)
class Index:
    """An embedder and its vectors."""

    embedder: Embedder
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Change:
    """A change of embedder on its way: to which one, and how many items it has read of how many."""

    model: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class _Now:
    serving: Index | None = None
    coming: Index | None = None
    awaited: str = ""  # an embedder that is not loaded yet but will be: its vectors are kept


class Embeddings:
    """The vectors of one store. Any thread may use it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._now = _Now()
        self._questions = ThreadPoolExecutor(1, "question")  # no thread before the first question; an embedder takes one at a time

    @property
    def serving(self) -> Index | None:
        """What recall uses now."""
        return self._now.serving

    def held(self) -> list[Vectors]:
        """Every set of vectors in memory: what is forgotten must leave all of them."""
        now = self._now
        return [index.vectors for index in (now.serving, now.coming) if index is not None]

    def last_served(self) -> str:
        """The embedder whose vectors the store was left with; "" when it has none."""
        with self._store.db.read() as cx:
            return embeddings.serving(cx)

    def use(self, embedder: Embedder | None, *, awaited: str = "") -> None:
        """Takes ``embedder``: at once when nothing serves, when what serves has read nothing, or when it has read everything itself;
        else in the background, while the other goes on serving. The one that serves stays, and a change on its way is given up.
        ``awaited``: the id of one that is to be taken next but is not loaded yet; until then nothing of it is dropped."""
        with self._store.db.write() as cx:  # in turn: neither a batch nor the change itself comes between
            now = self._after(cx, embedder, awaited)
            if now.serving is not None and not awaited:
                embeddings.serve(cx, now.serving.embedder.id)
            self._store.db.after_commit(lambda: self._become(now))

    def of_new(self, texts: Sequence[tuple[str, str]]) -> tuple[Index | None, list[bytes]]:
        """What serves, and packed vectors of new (speaker, text) by it; (None, []) while nothing does."""
        serving = self._now.serving
        return serving, [] if serving is None else _embedded(serving.embedder, texts)

    def of_question(self, text: str) -> tuple[Index | None, Future[Floats] | None]:
        """What serves, and the vector (d,) of a question by it, in the making: the caller has words to search meanwhile. (None, None)
        while nothing serves, no vector for an empty question."""
        serving = self._now.serving
        if serving is None or not text.strip():
            return serving, None
        return serving, self._questions.submit(_of_question, serving.embedder, text)

    def work(self, limit: int) -> int:
        """A step of what is left: up to ``limit`` missing vectors, the change itself, or old vectors to drop; gives how many
        rows it touched, 0 when nothing is left."""
        now = self._now
        index = now.coming or now.serving
        if index is None:
            return 0
        if done := self._embed(index, limit):
            return done
        if now.coming is not None:
            return self._change(now.coming)
        with self._store.db.write() as cx:
            kept = {now.awaited, *(one.model for one in self.held())}
            return embeddings.drop_others(cx, kept, _DROPPED)

    def left(self) -> int:
        """How many rows ``work`` still has to touch, about: missing vectors, and 1 when a change or old vectors are to be ended."""
        now = self._now
        index = now.coming or now.serving
        if index is None:
            return 0
        with self._store.db.read() as cx:
            missing = max(items.total(cx) - vectors.count(cx, index.embedder.id), len(index.vectors.damaged))
            others = set(embeddings.models(cx)) - {now.awaited, index.embedder.id}
        return missing + int(now.coming is not None or bool(others))

    def change(self) -> Change | None:
        """The change of embedder on its way."""
        coming = self._now.coming
        if coming is None:
            return None
        with self._store.db.read() as cx:
            return Change(coming.embedder.id, vectors.count(cx, coming.embedder.id), items.total(cx))

    def _after(self, cx: apsw.Connection, embedder: Embedder | None, awaited: str) -> _Now:
        now = self._now
        if embedder is None:
            return _Now(awaited=awaited)
        for index in (now.serving, now.coming):
            if index is not None and index.embedder.id == embedder.id:
                return _Now(now.serving, None if index is now.serving else index, awaited)
        new = Index(embedder, Vectors(embedder.id, embedder.dimensions))
        at_once = now.serving is None or not vectors.count(cx, now.serving.embedder.id) or embeddings.is_complete(cx, embedder.id)
        return _Now(new, None, awaited) if at_once else _Now(now.serving, new, awaited)

    def _embed(self, index: Index, limit: int) -> int:
        """Up to ``limit`` of the items without a (sound) vector of ``index``, newest first; gives how many."""
        with self._store.db.read() as cx:
            damaged = index.vectors.damaged
            if embeddings.is_complete(cx, index.embedder.id) and not damaged:
                return 0
            waiting = items.texts(cx, sorted(damaged)[:limit]) or index.vectors.missing(cx, limit)
        packed = _embedded(index.embedder, [(speaker, text) for _, speaker, text in waiting])
        with self._store.db.write() as cx:
            there = set(items.texts(cx, [row for row, _, _ in waiting]))  # some may have been forgotten or redacted meanwhile
            saved = [(read[0], blob) for read, blob in zip(waiting, packed, strict=True) if read in there]
            vectors.save(cx, index.embedder.id, saved)
            self._store.db.after_commit(lambda: index.vectors.add(saved))
        return len(waiting)

    def _change(self, coming: Index) -> int:
        """Lets ``coming`` serve, unless something was learnt or another one was chosen meanwhile; gives 1, the row that says so."""
        with self._store.db.read() as cx:
            coming.vectors.load(cx)  # before it serves: the first question must not wait for it
        with self._store.db.write() as cx:
            if self._now.coming is coming and embeddings.is_complete(cx, coming.embedder.id):
                embeddings.serve(cx, coming.embedder.id)
                self._store.db.after_commit(lambda: self._become(_Now(coming)))
        return 1

    def _become(self, now: _Now) -> None:
        self._now = now


def _of_question(embedder: Embedder, text: str) -> Floats:
    found: Floats = embedder.embed([text], kind="query")[0]
    return found


def _embedded(embedder: Embedder, texts: Sequence[tuple[str, str]]) -> list[bytes]:
    """Packed vectors of (speaker, text). Who said it belongs to the meaning."""
    if not texts:
        return []
    found = embedder.embed([(f"{speaker}: {text}" if speaker else text)[:_READ] for speaker, text in texts])
    return [vectors.pack(vector) for vector in found]
