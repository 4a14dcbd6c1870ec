"""Memory: remember, recall, believe, forget. The one face the rest of the house uses; sync and safe from any thread.

"Remembered" means: the row is committed (``synchronous=EXTRA``) and was read back by another connection before the id is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import apsw
import numpy as np

from ..errors import BadInput, NotFound, StoreDamaged
from ..messages import (
    Checked,
    Confidentiality,
    Entry,
    Fact,
    FactKind,
    Forgetting,
    Integrity,
    Item,
    Kind,
    Label,
    Recalled,
    Receipt,
    Source,
    Target,
    TimelineEvent,
)
from ..models.embedding.embedder import Embedder
from ..store import branches, items, search, tombstones, vectors
from ..store import facts as fact_rows
from ..store import labels as label_rows
from ..store import times as time_rows
from ..store.opening import Store
from . import dates, kin, rules, timeline, times
from . import facts as facts_
from .choices import CORRECTIONS
from .dates import Window
from .embeddings import BATCH, Embeddings
from .facts import Candidate
from .forgetting.forgets import Forgets
from .forgetting.near import Embed, names
from .history import Conflict, conflicts
from .identity import buried_as, identity, is_said_now
from .question import standing_alone
from .recall import EVIDENCE, Frequencies, Question, recall

_PATIENCE = 1.0  # seconds a recall gives to loading vectors: all of them up to some 200,000; of more, the newest are searched first
_NAMED = 5_000  # items that hold a name and are compared by meaning


class Memory:
    """Everything remembered in one store. ``embedder`` may be None and arrive later (``use``): words are searched meanwhile. ``judge``
    says how confidential a text is by what stands in it; nothing is remembered as less than that."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder | None,
        clock: Callable[[], datetime],
        judge: Callable[[str], Confidentiality] = lambda text: Confidentiality.PUBLIC,
    ) -> None:
        self._store = store
        self._clock = clock
        self._judge = judge
        self._secret = store.keys.tombstones
        self._frequencies = Frequencies()
        self._counted: tuple[tuple[int, int], dict[str, int]] | None = None
        self.embeddings = Embeddings(store)
        self.forgetting = Forgets(
            store, held=self.embeddings.held, close=self.close, embed=self._embed, clock=clock, clear=self._forget_words
        )
        if embedder is not None:
            self.use(embedder)

    def use(self, embedder: Embedder | None) -> None:
        """Takes this embedder. While ``embed_backlog`` makes the vectors it lacks, one that served before goes on serving; vectors of two
        embedders are never compared."""
        self.embeddings.use(embedder)

    @property
    def embedder(self) -> Embedder | None:
        """The embedder that serves recall now."""
        serving = self.embeddings.serving
        return None if serving is None else serving.embedder

    def remember(self, entries: Sequence[Entry], *, now: datetime) -> list[str]:
        """Ids in the order of ``entries``, once they are durable and were read back. One that is already there gives the id it has;
        one that was forgotten gives ""."""
        return [name for start in range(0, len(entries), BATCH) for name in self._insert(entries[start : start + BATCH], now, learn=True)]

    def remember_with(self, entry: Entry, beside: Callable[[str], None], *, now: datetime, embed: bool = True) -> str:
        """The id of ``entry``, as ``remember`` gives it; ``beside`` is told it inside the same transaction ("" when it was forgotten
        before), so that what it writes is there with the entry or not at all. Without ``embed`` its vector is left to the background:
        our own replies are no evidence, and whoever waits for one need not wait for that."""
        (name,) = self._insert([entry], now, learn=True, embed=embed, beside=beside)
        return name

    def recall(
        self,
        query: str,
        *,
        k: int = 10,
        now: datetime | None = None,
        conversation: str | None = None,
        kinds: Sequence[Kind] | None = None,
        pool: int = 70,
        before: str = "",
    ) -> list[Recalled]:
        """The ``k`` items that best answer ``query``, best first. ``kinds`` defaults to everything but the companion's replies;
        ``before`` is the message that a follow-up ("and what about him?") leans on."""
        now = now or self._clock()
        with self._store.db.read() as cx:
            query = kin.spelled_out(query, fact_rows.relations(cx, now))
        serving, vector = self.embeddings.of_question(standing_alone(query, before) if query.strip() else "")
        held = None if serving is None else serving.vectors
        window = self.window(query, now) if dates.counts_from_event(query) else None
        question = Question(query, now, vector, conversation, EVIDENCE if kinds is None else kinds, pool, before, window)
        with self._store.db.read() as cx:
            if held is not None:
                held.load(cx, _PATIENCE)
            return recall(cx, question, held, self._frequencies, k)

    def item(self, name: str) -> Item:
        """The item with this id. Raises NotFound."""
        with self._store.db.read() as cx:
            found = items.get(cx, [items.row_id(name, "i")])
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
                ways = kin.called(about, fact_rows.relations(cx, at or self._clock()))
                found = [fact for fact in found if any(facts_.is_about(fact, way) for way in ways)]
            if at is not None:
                found = [fact for fact in found if facts_.holds_at(fact, at)]
            return facts_.merged(found, fact_rows.content_keys(cx, [items.row_id(fact.id) for fact in found]))

    def latest(self, k: int, everything: bool = False) -> list[Fact]:
        """The ``k`` of these that were learnt last, the latest first: not all are read for them, as they are shown after every change."""
        now = None if everything else self._clock()
        with self._store.db.read() as cx:
            limit = 2 * k
            while True:
                rows, reached = fact_rows.latest(cx, limit, now)
                said = facts_.merged(rows, fact_rows.content_keys(cx, [items.row_id(fact.id) for fact in rows]))
                found = sorted(said, key=lambda fact: fact.learned_at, reverse=True)[:k]
                if reached is None or (len(found) == k and found[-1].learned_at.timestamp() >= reached):
                    return found
                limit *= 2

    def conflicts(self) -> tuple[Conflict, ...]:
        """What is believed of one thing in more than one way, and code cannot decide: to be shown, and asked."""
        return conflicts(self.facts(everything=True), self._clock())

    def timeline(
        self, about: str | None = None, start: datetime | None = None, end: datetime | None = None, limit: int = 100
    ) -> list[TimelineEvent]:
        """What happened in ``[start, end)``, in order of time; ``about`` narrows to a person or a topic."""
        with self._store.db.read() as cx:
            ways = kin.called(about, fact_rows.relations(cx, self._clock())) if about else ()
            return timeline.events(cx, about=ways, start=start, end=end, limit=limit)

    def window(self, question: str, now: datetime) -> Window | None:
        """The stretch of time ``question`` names; an event it counts from ("before the wedding") is looked up. None: none, or unknown."""
        phrase = dates.anchor_phrase(question)
        if phrase is None:
            return dates.window(question, now)
        anchor = timeline.anchor(phrase, self.recall(phrase, k=10, now=now), self.facts(), now)
        return dates.window(question, now, () if anchor is None else (anchor,))

    def learnt_from(self, item_id: str) -> list[Fact]:
        """The facts that rest on this item."""
        with self._store.db.read() as cx:
            return fact_rows.resting_on(cx, [items.row_id(item_id)])

    def must(self, now: datetime) -> list[Fact]:
        """Needs and standing instructions that hold now, of what the person said or confirmed themselves: never a stranger's."""
        with self._store.db.read() as cx:
            found = [fact for fact in fact_rows.of_kinds(cx, (FactKind.NEED, FactKind.INSTRUCTION), now) if fact.label.integrity.is_vouched]
            return facts_.merged(found, fact_rows.content_keys(cx, [items.row_id(fact.id) for fact in found]))

    def store_facts(self, item: Item, candidates: Sequence[Candidate], now: datetime) -> list[Fact]:
        """Stores those candidates whose quote stands in ``item``, and gives the facts that are new. Duplicates are merged, what they
        contradict is superseded. Nothing is learnt from the companion's words, or from an item forgotten meanwhile."""
        with self._store.db.write() as cx:
            if not items.get(cx, [items.row_id(item.id)]):
                return []
            return fact_rows.get(cx, facts_.store(cx, self._secret, item, candidates, now))

    def keep(self, fact_id: str) -> Fact:
        """The person confirms a fact: nothing learnt later may change it, and what came from elsewhere is endorsed. Raises NotFound."""
        with self._store.db.write() as cx:
            fact = facts_.needed(fact_rows.get(cx, [items.row_id(fact_id, "f")]), fact_id)
            facts_.kept(cx, _same(cx, fact), self._clock())
            return fact_rows.get(cx, [items.row_id(fact_id)])[0]

    def fix(self, fact_id: str, text: str) -> Fact:
        """The person says how it should be: the corrected fact, kept, resting on their correction; the old one is superseded."""
        now = self._clock()
        with self._store.db.read() as cx:
            old = facts_.needed(fact_rows.get(cx, [items.row_id(fact_id, "f")]), fact_id)
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
            return self._put_right(cx, old, item, now)

    def take_back(self, correction: str) -> None:
        """The person's correction (i12: of a memory, or of a reply) counts no more: it is kept and not used, what was learnt of it goes,
        and what it put right is believed as before. Raises NotFound."""
        item = self.item(correction)
        self.forgetting.withhold([item.id], beside=lambda cx: facts_.taken_back(cx, items.row_id(item.id)))

    def fix_again(self, correction: str) -> Fact:
        """The correction of a memory, taken back before, counts again. Raises NotFound where that memory is gone, BadInput where it was
        put right otherwise since."""
        item, now = self.item(correction), self._clock()
        with self._store.db.read() as cx:
            name = item.source.ref.removeprefix(CORRECTIONS)
            old = facts_.needed(fact_rows.get(cx, [items.row_id(name, "f")]), name)
        if old.wrong:
            raise BadInput("that was put right otherwise since", hint="fix it once more, as it should be")
        self.forgetting.withhold([item.id], undo=True, beside=lambda cx: self._put_right(cx, old, item, now))
        return self.learnt_from(item.id)[0]

    def _put_right(self, cx: apsw.Connection, old: Fact, item: Item, now: datetime) -> Fact:
        """The fact that ``item``, the person's correction, puts in the place of ``old``."""
        (row,) = facts_.store(cx, self._secret, item, [facts_.corrected(old, item.text, item)], now) or (None,)
        if row is None:
            row = items.row_id(fact_rows.resting_on(cx, [items.row_id(item.id)])[0].id)
        fact_rows.keep(cx, [row], now)
        facts_.replaced(cx, _same(cx, old), row)
        return fact_rows.get(cx, [row])[0]

    def set_aside(self, entry: Entry, beside: Callable[[str], None], *, now: datetime) -> str:
        """The id of ``entry``, kept and learnt from by nobody; ``beside`` withholds it in the same transaction."""
        (name,) = self._insert([entry], now, learn=False, embed=False, beside=lambda kept: beside(kept) if kept else None)
        return name

    def correct(self, item_id: str, cited: Sequence[str], reply: str, *, now: datetime) -> list[Fact]:
        """Uses from now on what was set aside, as a statement of the person's; gives the facts learnt from it. A fact that rests on one
        of the ``cited`` items, and that the ``reply`` said, never held where the statement says otherwise."""
        self.forgetting.withhold([item_id], undo=True)
        item, rows = self.item(item_id), [items.row_id(name) for name in cited]
        with self._store.db.write() as cx:
            facts_.store(cx, self._secret, item, rules.candidates(item), now)
            facts_.answered_wrong(cx, items.row_id(item_id), rows, reply)
            return fact_rows.resting_on(cx, [items.row_id(item_id)])

    def withdraw(self, old: str, new: str) -> None:
        """The message ``old`` was edited into ``new``: what only the old words said holds no more. Both stay remembered."""
        with self._store.db.write() as cx:
            facts_.withdrawn(cx, items.row_id(old, "i"), items.row_id(new, "i"))

    def said_anew(self, names: Sequence[str]) -> dict[str, str]:
        """Of these items, those that were edited, or answered anew, each with what stands in its place at last."""
        with self._store.db.read() as cx:
            last = {row: row for row in branches.instead_of(cx, (items.row_id(name) for name in names))}
            for row in last:
                while newer := branches.instead_of(cx, [last[row]]).get(last[row]):
                    last[row] = newer[-1]
        return {items.item_id(row): items.item_id(end) for row, end in last.items()}

    def off_branch(self, item: Item) -> frozenset[str]:
        """Ids of what was said in this item's conversation and not before it on its own branch; empty where the talk is a line."""
        with self._store.db.read() as cx:
            grown = branches.tree(cx, item.conversation) if item.conversation else None
            road = set(grown.road(items.row_id(item.id))) if grown is not None else set()
        return frozenset(items.item_id(row) for row in (grown.after if grown is not None else ()) if row not in road)

    def plan_forget(
        self, target: str | Target, *, also: Sequence[str] = (), with_near: bool = False, also_near: bool = False
    ) -> Forgetting:
        """What forgetting ``target`` would remove; nothing is. A text is an item's or fact's id, a source, a conversation, or words that
        all stand in what is meant. ``also``: ids that go too; ``with_near`` offers what says the same in other words, ``also_near`` takes
        all of it. Raises NotFound."""
        return self.forgetting.plan(target, also=also, with_near=with_near, also_near=also_near)

    def forget(self, plan: Forgetting | Target | str) -> Receipt:
        """Removes what the plan names and everything made from it, and says whether a search afterwards found any trace."""
        return self.forgetting.forget(plan if isinstance(plan, Forgetting) else self.plan_forget(plan))

    def redact(self, item_id: str, words: str) -> Receipt:
        """Cuts words out of an item; the rest stays, and its vector is made again. Raises NotFound, BadInput."""
        receipt = self.forgetting.redact(item_id, words)
        self.embed_backlog(1)
        return receipt

    def withhold(self, ids: Sequence[str], *, undo: bool = False) -> int:
        """Keeps items without using them: recall, facts and answers pass them over until ``undo``. Gives how many that changed."""
        return self.forgetting.withhold(ids, undo=undo)

    def label(self, ids: Sequence[str], how: Confidentiality) -> int:
        """The person says how confidential items (with their facts) or facts are; gives how many that changed. Raises NotFound."""
        rows = {kind: [items.row_id(name) for name in ids if name[:1] == kind] for kind in "if"}
        for name in ids:
            items.row_id(name)
        with self._store.db.write() as cx:
            facts = fact_rows.get(cx, rows["f"])
            there = {*(one.id for one in items.get(cx, rows["i"])), *(one.id for one in facts)}
            if gone := [name for name in ids if name not in there]:
                raise NotFound(f"there is no {gone[0]}", hint="`ownmind recall` and `ownmind facts` show ids")
            same = {items.row_id(row.id) for fact in facts for row in _same(cx, fact)}  # whatever items it rests on
            return label_rows.mark_items(cx, rows["i"], how) + label_rows.mark_facts(cx, same, how)

    def expire(self, ids: Sequence[str], at: datetime | None) -> int:
        """Says when items are to be forgotten by themselves; None: never. Gives how many they are."""
        return self.forgetting.expire(ids, at)

    def verify(self, said: str) -> Checked:
        """Where anything still says these words; for a receipt's id, what still says something that forget removed."""
        return self.forgetting.verify(said)

    def allow_again(self, which: str | datetime) -> list[Receipt]:
        """Lifts a forget by its receipt's id, moment or day: the same may be remembered again. Raises NotFound."""
        return self.forgetting.allow_again(which)

    def unembedded(self) -> int:
        """How many items wait for a vector, and what else is left of a change of embedder; 0 without one. A few look-ups, so it may
        be asked at any time."""
        return self.embeddings.left()

    def embed_backlog(self, limit: int = BATCH) -> int:
        """Makes up to ``limit`` missing vectors, or does what else is left of a change of embedder. 0: nothing is left to do."""
        return self.embeddings.work(limit)

    def load_vectors(self, seconds: float | None = None) -> bool:
        """Reads stored vectors into memory, to the end or for about so many ``seconds``; True when all are there."""
        serving = self.embeddings.serving
        if serving is None or serving.vectors.is_loaded:
            return True
        with self._store.db.read() as cx:
            return serving.vectors.load(cx, seconds)

    @property
    def is_loaded(self) -> bool:
        """Whether every stored vector is in memory."""
        serving = self.embeddings.serving
        return serving is None or serving.vectors.is_loaded

    def highest(self) -> int:
        """The row of the newest item; 0 when nothing is remembered."""
        with self._store.db.read() as cx:
            return items.highest(cx)

    def read_times(self, below: int, limit: int = BATCH) -> int:
        """Finds again the times that the ``limit`` items before row ``below`` name, newest first, and gives the row it came to; 0 when
        none is left. What an earlier version found is replaced."""
        with self._store.db.write() as cx:
            found = items.get(cx, items.newest(cx, below, limit))
            time_rows.remove(cx, [items.row_id(item.id) for item in found])
            time_rows.add(cx, [row for item in found for row in times.named(item)])
        return min((items.row_id(item.id) for item in found), default=0)

    def counts(self) -> dict[str, int]:
        """How much there is: items (and each kind), sources, conversations, facts, vectors, and items still without one."""
        now, written = self._clock(), self._store.db.changes()  # before it is read: what is written meanwhile is counted next time
        with self._store.db.read() as cx:
            found = {**items.counts(cx), **self._facts_counted(cx, now, written), "tombstones": tombstones.count(cx)}
            embedder = self.embedder
            found["vectors"] = vectors.count(cx, embedder.id) if embedder is not None else 0
        return {**found, "unembedded": found["items"] - found["vectors"]}

    def _facts_counted(self, cx: apsw.Connection, now: datetime, written: int) -> dict[str, int]:
        """Facts, counted again only when something was written or a minute has gone by (a fact may end by the clock): it reads them all."""
        state = (written, int(now.timestamp() // 60))
        held = self._counted
        if held is None or held[0] != state:
            held = self._counted = (state, fact_rows.counts(cx, now))
        return held[1]

    def _insert(
        self,
        entries: Sequence[Entry],
        now: datetime,
        *,
        learn: bool,
        embed: bool = True,
        beside: Callable[[str], None] | None = None,
    ) -> list[str]:
        """Entries to ids: what is new is embedded outside the transaction, so that a slow model never keeps others from writing."""
        keys = [identity(self._secret, entry) for entry in entries]
        graves = [buried_as(self._secret, entry, now) for entry in entries]
        fresh = self._fresh(entries, keys, graves)
        index, found = self.embeddings.of_new([(entries[at].speaker, entries[at].text) for at in fresh] if embed else [])
        packed = dict(zip(fresh, found, strict=False))
        judged = {at: self._judged(entries[at]) for at in fresh}
        rows: list[int | None] = []
        new: dict[int, int] = {}  # row to place in entries
        with self._store.db.write() as cx:
            adding = _Adding(cx, now)
            gone = tombstones.buried(cx, [key for each in graves for key in each])
            for at, (entry, key) in enumerate(zip(entries, keys, strict=True)):
                if any(grave in gone for grave in graves[at]):
                    rows.append(None)
                    continue
                known = items.known(cx, entry.source.ref, entry.external_id, key)
                rows.append(known if known is not None else adding.add(judged.get(at, entry), key))
                if known is None:
                    new[adding.last] = at
            saved = [(row, packed[at]) for row, at in new.items() if at in packed]
            if index is not None and saved:
                vectors.save(cx, index.embedder.id, saved)
            written = items.get(cx, list(new))
            time_rows.add(cx, [row for item in written for row in times.named(item)])
            if learn:
                for item in written:
                    facts_.store(cx, self._secret, item, rules.candidates(item), now)
            if beside is not None:
                beside("" if rows[0] is None else items.item_id(rows[0]))
            if index is not None:
                self._store.db.after_commit(lambda: index.vectors.add(saved))  # still in turn: a forget cannot come between
        self._read_back({row: keys[at] for row, at in new.items()})
        return ["" if row is None else items.item_id(row) for row in rows]

    def _judged(self, entry: Entry) -> Entry:
        told = self._judge(entry.text)
        label = entry.label.joined(Label(Integrity.SYSTEM, told))
        return entry if label == entry.label else replace(entry, label=label)

    def _fresh(self, entries: Sequence[Entry], keys: Sequence[bytes], graves: Sequence[Sequence[bytes]]) -> list[int]:
        """Places of the entries that are neither there nor forgotten: the ones worth embedding."""
        with self._store.db.read() as cx:
            gone = tombstones.buried(cx, [key for each in graves for key in each])
            return [
                at
                for at, (entry, key) in enumerate(zip(entries, keys, strict=True))
                if not any(grave in gone for grave in graves[at]) and items.known(cx, entry.source.ref, entry.external_id, key) is None
            ]

    def close(self, text: str) -> list[Recalled]:
        """What is close to ``text`` by recall or by meaning alone, our own replies and what is withheld too."""
        found = {one.id: one for one in self.recall(text, k=15, kinds=(*EVIDENCE, Kind.REPLY))}
        index = self.embeddings.serving
        if index is not None and text.strip():
            vector = index.embedder.embed([text])[0]
            with self._store.db.read() as cx:
                index.vectors.load(cx)
                named = [row for name in names(text) for row in search.holding(cx, [name], list(Kind), _NAMED)]
                rows = np.union1d(index.vectors.nearest(vector, 60), index.vectors.nearest(vector, 60, only=np.array(named, np.int64)))
                cosine = dict(zip(rows.tolist(), index.vectors.closeness(vector, rows).tolist(), strict=True))
                for item in items.get(cx, list(cosine)):
                    signals = {**(found[item.id].signals if item.id in found else {}), "cosine": cosine[items.row_id(item.id)]}
                    found[item.id] = Recalled(item, signals["cosine"], signals)
        return list(found.values())

    def _embed(self) -> Embed:
        embedder = self.embedder
        return None if embedder is None else lambda texts: embedder.embed(list(texts))

    def _forget_words(self) -> None:
        self._frequencies = Frequencies()

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
        at = now if entry.at is None and is_said_now(entry) else entry.at
        self.last = items.add(cx, replace(entry, at=at), source=source, conversation=conversation, position=position, key=key, now=now)
        return self.last


def _same(cx: apsw.Connection, fact: Fact) -> list[Fact]:
    """Every row of ``fact``: one an item it rests on."""
    (key,) = fact_rows.content_keys(cx, [items.row_id(fact.id)]).values()
    return fact_rows.same(cx, key)
