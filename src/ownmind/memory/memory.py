"""Memory: remember, recall, believe, forget. The one face the rest of the house uses; sync and safe from any thread.

"Remembered" means: the row is committed (``synchronous=FULL``) and was read back by another connection before the id is given.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import apsw

from ..errors import NotFound, StoreDamaged
from ..messages import Entry, Fact, FactKind, Forgetting, Integrity, Item, Kind, Label, Recalled, Receipt, Source
from ..models.embedder import Embedder
from ..store import facts as fact_rows
from ..store import items, tombstones, vectors
from ..store.opening import Store
from ..store.vectors import Vectors
from . import facts as facts_
from . import forget as forget_
from . import rules
from .facts import Candidate
from .history import Conflict, conflicts
from .identity import buried_as, identity
from .recall import EVIDENCE, Frequencies, Question, recall

_BATCH = 256  # entries in one transaction and one run of the embedder: memory stays flat, and a crash costs at most these
_PATIENCE = 1.0  # seconds a recall gives to loading vectors: all of them up to some 200,000; of more, the newest are searched first
_EMBEDDED = 700  # characters: about 128 tokens; a long message's first 128 found more than its chunks did (BEAM recall@10 .56 to .48)


class Memory:
    """Everything remembered in one store. ``embedder`` may be None and arrive later (``use``): words are searched meanwhile."""

    def __init__(self, store: Store, embedder: Embedder | None, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._secret = store.keys.tombstones
        self._frequencies = Frequencies()
        self._arriving = threading.Lock()
        self._embedder: Embedder | None = None
        self._vectors: Vectors | None = None
        self.use(embedder)

    def use(self, embedder: Embedder | None) -> None:
        """Takes this embedder from now on. Vectors of another are kept, never compared; ``embed_backlog`` makes the missing ones."""
        with self._arriving:
            self._vectors = None if embedder is None else Vectors(embedder.id, embedder.dimensions)
            self._embedder = embedder

    @property
    def embedder(self) -> Embedder | None:
        return self._embedder

    def remember(self, entries: Sequence[Entry], *, now: datetime) -> list[str]:
        """Ids in the order of ``entries``, once they are durable and were read back. One that is already there gives the id it has;
        one that was forgotten gives ""."""
        return [name for start in range(0, len(entries), _BATCH) for name in self._insert(entries[start : start + _BATCH], now, learn=True)]

    def recall(
        self,
        query: str,
        *,
        k: int = 10,
        now: datetime | None = None,
        conversation: str | None = None,
        kinds: Sequence[Kind] | None = None,
        pool: int = 100,
    ) -> list[Recalled]:
        """The ``k`` items that best answer ``query``, best first. ``kinds`` defaults to everything but the companion's replies."""
        embedder, held = self._embedder, self._vectors
        vector = None if embedder is None or not query.strip() else embedder.embed([query], kind="query")[0]
        question = Question(query, now or self._clock(), vector, conversation, EVIDENCE if kinds is None else kinds, pool)
        with self._store.db.read() as cx:
            if held is not None:
                held.load(cx, _PATIENCE)
            return recall(cx, question, held, self._frequencies, k)

    def item(self, name: str) -> Item:
        """The item with this id. Raises NotFound."""
        with self._store.db.read() as cx:
            found = items.get(cx, [items.row_id(name)])
        if not found:
            raise NotFound(f"there is no item {name}", hint="`ownmind recall` finds items with their ids")
        return found[0]

    def around(self, found: Sequence[Recalled]) -> list[Item]:
        """What was said just before and after these items in the same conversation; what is withheld is left out."""
        rows = {items.row_id(one.id) for one in found}
        with self._store.db.read() as cx:
            near = [heading.id for heading in items.headings(cx, rows, EVIDENCE) if heading.id not in rows]
            return items.get(cx, near)

    def items(
        self,
        *,
        conversation: str | None = None,
        source: str | None = None,
        kinds: Sequence[Kind] | None = None,
        after: str = "",
        limit: int = 1000,
    ) -> list[Item]:
        """Items in the order they were learnt; of one conversation or source, in its own order. ``after``: the id to go on behind."""
        behind = items.row_id(after) if after else 0
        with self._store.db.read() as cx:
            return items.listed(cx, conversation=conversation, source=source, kinds=kinds, after=behind, limit=limit)

    def facts(self, about: str | None = None, at: datetime | None = None, everything: bool = False) -> list[Fact]:
        """What is believed now; at ``at``, what was true then; with ``everything``, what was superseded too. ``about`` narrows to a
        subject or a name that is mentioned ("you" or "me" for the person)."""
        with self._store.db.read() as cx:
            found = fact_rows.everything(cx) if everything or at is not None else fact_rows.current(cx, self._clock())
            if about is not None:
                found = [fact for fact in found if facts_.is_about(fact, about)]
            if at is not None:
                found = [fact for fact in found if facts_.holds_at(fact, at)]
            return facts_.merged(found, fact_rows.content_keys(cx, [items.row_id(fact.id) for fact in found]))

    def conflicts(self) -> tuple[Conflict, ...]:
        """What is believed of one thing in more than one way, and code cannot decide: to be shown, and asked."""
        return conflicts(self.facts(everything=True), self._clock())

    def learnt_from(self, item_id: str) -> list[Fact]:
        """The facts that rest on this item."""
        with self._store.db.read() as cx:
            return fact_rows.resting_on(cx, [items.row_id(item_id)])

    def must(self, now: datetime) -> list[Fact]:
        """Needs and standing instructions that hold now, of what the person said or confirmed themselves: never a stranger's."""
        with self._store.db.read() as cx:
            found = [
                fact
                for fact in fact_rows.of_kinds(cx, (FactKind.NEED, FactKind.INSTRUCTION), now)
                if fact.label.integrity is Integrity.PERSON
            ]
            return facts_.merged(found, fact_rows.content_keys(cx, [items.row_id(fact.id) for fact in found]))

    def store_facts(self, item: Item, candidates: Sequence[Candidate], now: datetime) -> list[Fact]:
        """Stores those candidates whose quote stands in ``item``, and gives the facts that are new. Duplicates are merged, what they
        contradict is superseded. Nothing is learnt from the companion's words, or from an item forgotten meanwhile."""
        with self._store.db.write() as cx:
            if not items.get(cx, [items.row_id(item.id)]):
                return []
            return fact_rows.get(cx, facts_.store(cx, self._secret, item, candidates, now))

    def keep(self, fact_id: str) -> Fact:
        """The person confirms a fact: nothing learnt later may change it, and from now on it is theirs. Raises NotFound."""
        with self._store.db.write() as cx:
            fact = facts_.needed(fact_rows.get(cx, [items.row_id(fact_id)]), fact_id)
            facts_.kept(cx, _same(cx, fact))
            return fact_rows.get(cx, [items.row_id(fact_id)])[0]

    def fix(self, fact_id: str, text: str) -> Fact:
        """The person says how it should be: the corrected fact, kept, resting on their correction; the old one is superseded."""
        now = self._clock()
        with self._store.db.read() as cx:
            old = facts_.needed(fact_rows.get(cx, [items.row_id(fact_id)]), fact_id)
        entry = Entry(
            text.strip(),
            Source(f"correction:{fact_id}", "note", "Your correction"),
            Label(Integrity.PERSON, old.label.confidentiality),
            at=now,
        )
        facts_.corrected(
            old, text, Item("", entry.text, entry.source, entry.label, Kind.NOTE, now, "", "", 0, now)
        )  # refuses no words before anything is written
        (name,) = self._insert([entry], now, learn=False)
        item = self.item(name)
        with self._store.db.write() as cx:
            (row,) = facts_.store(cx, self._secret, item, [facts_.corrected(old, text, item)], now) or (None,)
            if row is None:
                row = items.row_id(fact_rows.resting_on(cx, [items.row_id(item.id)])[0].id)
            fact_rows.keep(cx, [row])
            facts_.replaced(cx, _same(cx, old), row)
            return fact_rows.get(cx, [row])[0]

    def plan_forget(self, target: str) -> Forgetting:
        """What forgetting ``target`` would remove; nothing is. ``target``: an item's or fact's id, a source, a conversation, or words
        that all stand in what is meant. Raises NotFound."""
        with self._store.db.read() as cx:
            return forget_.plan(cx, target)

    def forget(self, plan: Forgetting | str) -> Receipt:
        """Removes what the plan names and everything made from it, and says whether a search afterwards found any trace."""
        wanted = self.plan_forget(plan) if isinstance(plan, str) else plan
        held = [self._vectors] if self._vectors is not None else []
        return forget_.carry_out(self._store, held, wanted, self._clock())

    def unembedded(self) -> int:
        """How many items wait for a vector; 0 without an embedder. Two look-ups, so it may be asked at any time."""
        embedder, held = self._embedder, self._vectors
        if embedder is None or held is None:
            return 0
        with self._store.db.read() as cx:
            return max(items.total(cx) - vectors.count(cx, embedder.id), len(held.damaged))

    def embed_backlog(self, limit: int = _BATCH) -> int:
        """Embeds up to ``limit`` items that have no vector of this embedder yet; gives how many. 0: nothing is left to do."""
        embedder, held = self._embedder, self._vectors
        if embedder is None or held is None or not self.unembedded():
            return 0
        with self._store.db.read() as cx:
            waiting = items.texts(cx, sorted(held.damaged)[:limit]) or held.missing(cx, limit)
        found = embedder.embed([_embedded(speaker, text) for _, speaker, text in waiting])
        packed = [(row, vectors.pack(vector)) for (row, _, _), vector in zip(waiting, found, strict=True)]
        with self._store.db.write() as cx:
            there = items.keys(cx, [row for row, _ in packed])  # some may have been forgotten meanwhile
            packed = [(row, blob) for row, blob in packed if row in there]
            vectors.save(cx, embedder.id, packed)
            self._store.db.after_commit(lambda: held.add(packed))
        return len(waiting)

    def load_vectors(self, seconds: float | None = None) -> bool:
        """Reads stored vectors into memory, to the end or for about so many ``seconds``; True when all are there."""
        held = self._vectors
        if held is None or held.is_loaded:
            return True
        with self._store.db.read() as cx:
            return held.load(cx, seconds)

    @property
    def is_loaded(self) -> bool:
        """Whether every stored vector is in memory."""
        held = self._vectors
        return held is None or held.is_loaded

    def counts(self) -> dict[str, int]:
        """How much there is: items (and each kind), sources, conversations, facts, vectors, and items still without one."""
        with self._store.db.read() as cx:
            found = {**items.counts(cx), **fact_rows.counts(cx, self._clock()), "tombstones": tombstones.count(cx)}
            embedder = self._embedder
            found["vectors"] = vectors.count(cx, embedder.id) if embedder is not None else 0
        return {**found, "unembedded": found["items"] - found["vectors"]}

    def _insert(self, entries: Sequence[Entry], now: datetime, *, learn: bool) -> list[str]:
        """Entries to ids: what is new is embedded outside the transaction, so that a slow model never keeps others from writing."""
        keys = [identity(self._secret, entry) for entry in entries]
        fresh = self._fresh(entries, keys)
        embedder, held = self._embedder, self._vectors
        found = (
            embedder.embed([_embedded(entries[at].speaker, entries[at].text) for at in fresh]) if embedder is not None and fresh else None
        )
        packed = {at: vectors.pack(found[n]) for n, at in enumerate(fresh)} if found is not None else {}
        rows: list[int | None] = []
        new: dict[int, int] = {}  # row to place in entries
        with self._store.db.write() as cx:
            adding = _Adding(cx, now)
            gone = tombstones.buried(cx, [key for entry in entries for key in buried_as(self._secret, entry)])
            for at, (entry, key) in enumerate(zip(entries, keys, strict=True)):
                if any(grave in gone for grave in buried_as(self._secret, entry)):
                    rows.append(None)
                    continue
                known = items.known(cx, entry.source.ref, entry.external_id, key)
                rows.append(known if known is not None else adding.add(entry, key))
                if known is None:
                    new[adding.last] = at
            saved = [(row, packed[at]) for row, at in new.items() if at in packed]
            if embedder is not None and saved:
                vectors.save(cx, embedder.id, saved)
            if learn:
                for item in items.get(cx, list(new)):
                    facts_.store(cx, self._secret, item, rules.candidates(item), now)
            if held is not None:
                self._store.db.after_commit(lambda: held.add(saved))  # still in turn: a forget cannot come between
        self._read_back({row: keys[at] for row, at in new.items()})
        return ["" if row is None else items.item_id(row) for row in rows]

    def _fresh(self, entries: Sequence[Entry], keys: Sequence[bytes]) -> list[int]:
        """Places of the entries that are neither there nor forgotten: the ones worth embedding."""
        with self._store.db.read() as cx:
            gone = tombstones.buried(cx, [key for entry in entries for key in buried_as(self._secret, entry)])
            return [
                at
                for at, (entry, key) in enumerate(zip(entries, keys, strict=True))
                if not any(grave in gone for grave in buried_as(self._secret, entry))
                and items.known(cx, entry.source.ref, entry.external_id, key) is None
            ]

    def _read_back(self, expected: dict[int, bytes]) -> None:
        with self._store.db.read() as cx:
            if items.keys(cx, expected) != expected:
                raise StoreDamaged(
                    "what was written could not be read back", hint="run `ownmind doctor`; do not rely on the last thing remembered"
                )


class _Adding:
    """Adds entries within one transaction, remembering what the next one needs."""

    def __init__(self, cx: apsw.Connection, now: datetime) -> None:
        self._cx, self._now = cx, now
        self._sources: dict[str, int] = {}
        self._conversations: dict[str, int | None] = {}
        self._positions: dict[tuple[int | None, int], int] = {}
        self.last = 0  # row added last

    def add(self, entry: Entry, key: bytes) -> int:
        cx, now = self._cx, self._now
        if entry.source.ref not in self._sources:
            self._sources[entry.source.ref] = items.source_row(cx, entry.source, now)
        if entry.conversation not in self._conversations:
            self._conversations[entry.conversation] = items.conversation_row(cx, entry.conversation, now)
        source, conversation = self._sources[entry.source.ref], self._conversations[entry.conversation]
        thread = (conversation, 0 if conversation is not None else source)
        position = self._positions.get(thread)
        if position is None:
            position = items.next_position(cx, conversation, source)
        self._positions[thread] = position + 1
        self.last = items.add(cx, entry, source=source, conversation=conversation, position=position, key=key, now=now)
        return self.last


def _embedded(speaker: str, text: str) -> str:
    """What of an item its vector is made of: who said it belongs to the meaning."""
    return (f"{speaker}: {text}" if speaker else text)[:_EMBEDDED]


def _same(cx: apsw.Connection, fact: Fact) -> list[Fact]:
    """Every row of ``fact``: one an item it rests on."""
    (key,) = fact_rows.content_keys(cx, [items.row_id(fact.id)]).values()
    return fact_rows.same(cx, key)
