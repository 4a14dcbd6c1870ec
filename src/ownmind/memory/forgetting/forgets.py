"""The ways to forget, over one open store: what ``Memory`` offers of them is handed on to here. Safe from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import apsw

from ...errors import BadInput, NotFound
from ...messages import Checked, Cut, Forgetting, Item, Origin, Receipt, Target, Trust
from ...store import facts as fact_rows
from ...store import items, receipts, search, targets, tombstones
from ...store.opening import Store
from ...store.vectors import Vectors
from . import deed, verify
from .near import SHOWN_FIRST, Close, Embed, near
from .plan import fact_rows_named, needed, people, rows_named, shown, with_replies
from .redact import less, redact

_AT_ONCE = 5_000  # expired items forgotten in one step of the background


class Forgets:
    """``held`` gives the vectors in memory, ``close`` what is close to a text (replies too), ``embed`` the embedder, ``clear`` empties what
    was learnt of words.

    ``listeners`` are told after something was forgotten: whoever keeps words beside the store drops them. ``called`` gives the other names
    and the addresses of somebody who is named, as far as whoever knows people can tell.
    """

    def __init__(
        self,
        store: Store,
        *,
        held: Callable[[], Sequence[Vectors]],
        close: Close,
        embed: Callable[[], Embed],
        clock: Callable[[], datetime],
        clear: Callable[[], None],
    ) -> None:
        self._store, self._held, self._close, self._embed, self._clock, self._clear = store, held, close, embed, clock, clear
        self._one = threading.Lock()  # two forgets at once would each look for the other's words
        self.listeners: list[Callable[[], None]] = []
        self.called: Callable[[str], Sequence[str]] = lambda name: ()

    def plan(self, target: str | Target, *, also: Sequence[str] = (), with_near: bool = False, also_near: bool = False) -> Forgetting:
        """What would go; ``also``: ids of items and facts chosen besides. Raises NotFound when that is nothing."""
        wanted = Target(what=target) if isinstance(target, str) else target
        with self._store.db.read() as cx:
            ways = self._ways(cx, wanted.person) if wanted.person.strip() else ()
            rows = rows_named(cx, wanted, self._clock(), ways) if wanted != Target() or not also else []
            rows = sorted({*rows, *_chosen(cx, also)})
            plan = replace(shown(cx, with_replies(cx, needed(rows)), ways), cut=None if also else self._less(cx, wanted, rows))
        if not with_near and not also_near:
            return plan
        close = near(plan, wanted.topic or (wanted.what if not _is_id(wanted.what) else ""), self._close, self._embed())
        if also_near and close:
            return self.plan(wanted, also=[*also, *(one.id for one in close)], with_near=with_near)
        return replace(plan, near=close, first=min(SHOWN_FIRST, len(close)))

    def _less(self, cx: apsw.Connection, wanted: Target, rows: Sequence[int]) -> Cut | None:
        what = wanted.what.strip()
        if wanted != Target(what=wanted.what) or what[:1] != "f" or not _is_id(what):
            return None
        fact = next((fact for fact in fact_rows.resting_on(cx, rows) if fact.id == what), None)
        return None if fact is None else less(cx, rows, fact)

    def _ways(self, cx: apsw.Connection, person: str) -> tuple[str, ...]:
        named = people(cx, person, self._clock())
        return tuple(dict.fromkeys((*named, *(way for name in named for way in self.called(name)))))

    def forget(self, plan: Forgetting, *, mode: str = "forgotten") -> Receipt:
        """Removes what the plan names and everything made from it, and says whether a search afterwards found any trace."""
        rows = [items.row_id(name) for name in plan.ids or tuple(item.id for item in plan.items)]
        with self._one:
            receipt = deed.carry_out(self._store, self._held(), rows, self._clock(), mode=mode)
        self._tell()
        return receipt

    def redact(self, item_id: str, words: str) -> Receipt:
        """Cuts words out of an item. Raises NotFound, BadInput."""
        with self._one:
            receipt = redact(self._store, self._held(), item_id, words, self._clock())
        self._tell()
        return receipt

    def withhold(self, ids: Sequence[str], *, undo: bool = False, beside: Callable[[apsw.Connection], object] = lambda cx: None) -> int:
        """Says that recall, facts and answers may not (``undo``: may again) use these items; gives how many that changed. ``beside`` is
        done in the same transaction."""
        with self._store.db.write() as cx:
            rows = [items.row_id(name, "i") for name in ids]
            going = set(receipts.among_waiting(cx, rows))  # what is being forgotten stays withheld
            changed = targets.withhold(cx, [row for row in rows if row not in going], withheld=not undo)
            beside(cx)
        self._tell()
        return changed

    def trust(self, source: str, trust: Trust) -> Origin:
        """Says what the person thinks of a source; what comes from one that is not used is withheld, now and later. Raises BadInput."""
        said = self._store.trust.set(source, trust, self._clock())
        self._tell()
        return said

    def withheld(self, limit: int = 1000) -> list[Item]:
        """What is kept but not used."""
        with self._store.db.read() as cx:
            return items.get(cx, targets.withheld(cx, limit))

    def expire(self, ids: Sequence[str], at: datetime | None) -> int:
        """Says when these items are to be forgotten; None: never. Gives how many they are."""
        if at is not None and at.tzinfo is None:
            raise BadInput("a time without a zone", hint="give an aware datetime")
        with self._store.db.write() as cx:
            return targets.expire(cx, [items.row_id(name, "i") for name in ids], None if at is None else at.timestamp())

    def next_due(self) -> float | None:
        """When the background has to forget something next, in unix seconds; now when something is left half done."""
        with self._store.db.read() as cx:
            return self._clock().timestamp() if receipts.unended(cx) else targets.next_due(cx)

    def is_due(self) -> bool:
        """Whether something is half done or has expired, and nobody is at it."""
        due = self.next_due()
        return due is not None and due <= self._clock().timestamp() and not self._one.locked()

    def go_on(self) -> list[Receipt]:
        """Ends every forget that was stopped half way."""
        with self._one:
            done = deed.go_on(self._store, self._held(), self._clock())
        return self._told(done)

    def forget_expired(self) -> list[Receipt]:
        """Forgets what has expired, some thousands at a time."""
        now = self._clock()
        with self._one:
            with self._store.db.read() as cx:
                rows = targets.due(cx, now.timestamp(), _AT_ONCE)
            done = [deed.carry_out(self._store, self._held(), rows, now, mode="expired")] if rows else []
        return self._told(done)

    def receipts(self) -> list[Receipt]:
        """What was forgotten when, by numbers, the latest first."""
        with self._store.db.read() as cx:
            return receipts.listed(cx)

    def verify(self, said: str) -> Checked:
        """Where anything still says ``said``; for a receipt's id, what says something that forget removed. Raises BadInput, NotFound."""
        if not said.strip():
            raise BadInput("verify what?", hint='give the words: `ownmind forget --verify "the words"`, or a receipt')
        if _is_receipt(said):
            return verify.by_receipt(self._store, self._numbered(said))
        return verify.by_words(self._store, said, lambda words: near(Forgetting((), (), {}), words, self._close, self._embed()))

    def allow_again(self, which: str | datetime) -> list[Receipt]:
        """Lifts a forget (by its receipt's id, its moment or its day): the same may be remembered again. Gives the receipts."""
        with self._store.db.write() as cx:
            rows = receipts.at(cx, which) if isinstance(which, datetime) else [self._numbered(which)]
            if not rows:
                raise NotFound("nothing was forgotten then", hint="`ownmind forget --receipts` lists what was forgotten when")
            for row in rows:
                tombstones.lift(cx, row)
                receipts.lift(cx, row, self._clock())
            return [receipt for row in rows for receipt in receipts.listed(cx, row)]

    def _numbered(self, receipt: str) -> int:
        number = receipts.number(receipt)
        with self._store.db.read() as cx:
            if not receipts.listed(cx, number):
                raise NotFound(f"there is no receipt {receipt}", hint="`ownmind forget --receipts` lists them")
        return number

    def _told(self, done: list[Receipt]) -> list[Receipt]:
        if done:
            self._tell()
        return done

    def _tell(self) -> None:
        self._clear()
        search.forget_words()
        for tell in tuple(self.listeners):
            tell()


def _chosen(cx: apsw.Connection, names: Sequence[str]) -> set[int]:
    """The rows of these items that are there, and those that these facts rest on. Raises NotFound for what is no id."""
    chosen = set(items.keys(cx, [items.row_id(name) for name in names if name[:1] != "f"]))
    return chosen.union(*(fact_rows_named(cx, items.row_id(name)) for name in names if name[:1] == "f"))


def _is_id(what: str) -> bool:
    return what[:1] in ("i", "f") and what[1:].isdecimal() and len(what) < items.LONGEST_ID


def _is_receipt(what: str) -> bool:
    return what[:1] == "r" and what[1:].isdecimal() and len(what) < items.LONGEST_ID
