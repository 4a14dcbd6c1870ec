"""What was taken in, as a shelf of sources, and each of them to be read: the face ``library``.

The text of a source is its remembered items in their order: it is here also when the file it came from is gone. What a source holds came
from outside and is shown as such; nothing in it is ever an order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..errors import BadInput, NotFound
from ..messages import Kind
from ..store import items
from ..store import library as rows
from ..store.opening import Store

KINDS = ("document", "page", "transcript", "letters", "calendar", "contacts", "note", "program")
SORTS = ("latest", "oldest", "name", "size")
_MOST = 500  # sources, or passages, given at once
_HITS = 500
_WORDS = 200  # characters of what is looked for
_EXCERPT = 60  # characters on each side of a hit


@dataclass(frozen=True, slots=True)
class Shelved:
    """A source. ``kind``: one of ``KINDS``. ``state``: whole, unfinished (its import stopped; the same import goes on there), unused (the
    person keeps it out of answers). ``is_there``: whether its file still stands where it was read; None where it was no file of this
    machine. ``has_original``: its bytes are kept here, sealed."""

    source: str  # Source.ref
    title: str
    kind: str
    state: str
    items: int
    added_at: datetime | None
    at: datetime | None  # when something of it came last
    media_type: str
    has_original: bool
    is_there: bool | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of the sources that were asked for. ``total``: of all of them; ``kinds``: how many sources there are of each kind, whatever
    was asked for."""

    sources: tuple[Shelved, ...]
    total: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """One item of a source: a stretch of a document, a turn of a transcript, a contact."""

    id: str
    text: str
    page: int | None
    speaker: str
    at: datetime | None
    kind: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of a source. ``before`` and ``after`` say how many passages come before and after what is here."""

    source: Shelved
    passages: tuple[Passage, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that were found: the passage, its page, how often they stand in it, and the first of them with what is around."""

    item: str
    page: int | None
    times: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A reply that rests on a source: which words of which item."""

    item: str
    quote: str
    reply: str
    conversation: str
    at: datetime | None


class Library:
    """The sources of one home. Any thread may use it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sources(self, kind: str = "", words: str = "", state: str = "", sort: str = "latest", skip: int = 0, limit: int = 100) -> Shelf:
        """The sources of a kind, in a state, with these words in their name or place; by ``sort``: latest, oldest, name or size. Raises
        BadInput for a kind, state or order there is not."""
        if kind not in ("", *KINDS) or state not in ("", "whole", "unfinished", "unused") or sort not in SORTS:
            raise BadInput("that is no kind, state or order of sources", hint=f"kinds: {', '.join(KINDS)}; orders: {', '.join(SORTS)}")
        with self._store.db.read() as cx:
            held = rows.shelf(cx)
        wanted = [each.casefold() for each in words.split()]
        found = [
            one
            for one in held
            if kind in ("", one.kind) and state in ("", one.state) and all(word in f"{one.title} {one.ref}".casefold() for word in wanted)
        ]
        found.sort(key=_ORDER[sort])
        shown = found[skip : skip + min(limit, _MOST)]
        return Shelf(tuple(_shelved(one) for one in shown), len(found), dict(Counter(one.kind for one in held)))

    def get(self, source: str) -> Shelved:
        """One source. Raises NotFound."""
        with self._store.db.read() as cx:
            return _shelved(_needed(rows.shelved(cx, source), source))

    def read(self, source: str, start: int = 0, count: int = 100) -> Reading:
        """``count`` passages of a source from the ``start``-th on. Raises NotFound."""
        return self._reading(source, lambda order: start, count)

    def around(self, item: str, count: int = 60) -> Reading:
        """About ``count`` passages of the source an item is from, with the item in the middle. Raises NotFound; also for words said in a
        conversation, which are read there."""
        row = items.row_id(item, "i")
        with self._store.db.read() as cx:
            found = rows.source_of(cx, row)
            said_in = rows.conversation_of(cx, row) if found and found[1] == "conversation" else ""
        if found is None:
            raise NotFound("these words are not here any more", hint="they were forgotten, or their document says them no longer")
        if found[1] == "conversation":
            raise NotFound("these words were said in a conversation", hint=f"it is there to be read: {said_in}")
        return self._reading(found[0], lambda order: max(0, order.index(row) - count // 2), count)

    def find(self, source: str, words: str) -> tuple[Hit, ...]:
        """Where these words stand in a source, whatever their case and the space between them, in its order; at most 500 passages. Raises
        NotFound, BadInput."""
        looked = words.split()
        if not looked or len(words) > _WORDS:
            raise BadInput("look for what?", hint=f"give some words, at most {_WORDS} characters")
        pattern = re.compile(r"\s+".join(map(re.escape, looked)), re.IGNORECASE)
        hits: list[Hit] = []
        with self._store.db.read() as cx:
            for row, page, text in rows.texts(cx, _needed(rows.shelved(cx, source), source).row):
                if (first := pattern.search(text)) is not None:
                    hits.append(Hit(items.item_id(row), page, len(pattern.findall(text)), _around(text, first.start(), first.end())))
                    if len(hits) == _HITS:
                        break
        return tuple(hits)

    def citations(self, source: str) -> tuple[Citation, ...]:
        """Where replies rest on a source, the latest reply first; at most 500. Raises NotFound."""
        with self._store.db.read() as cx:
            found = rows.citations(cx, _needed(rows.shelved(cx, source), source).row, _MOST)
        return tuple(
            Citation(items.item_id(one.item), one.quote, items.item_id(one.reply), one.conversation, items.moment(one.at, one.zone))
            for one in found
        )

    def _reading(self, source: str, start: Callable[[list[int]], int], count: int) -> Reading:
        with self._store.db.read() as cx:
            held = _needed(rows.shelved(cx, source), source)
            order = rows.rows_in_order(cx, held.row)
            first = min(start(order), len(order))
            stretch = order[first : first + min(max(count, 1), _MOST)]
            passages = tuple(_passage(one) for one in rows.passages(cx, stretch))
        return Reading(_shelved(held), passages, first, len(order) - first - len(stretch))


_ORDER: dict[str, Callable[[rows.ShelfRow], tuple[float | str, ...]]] = {
    "latest": lambda one: (-one.at, one.ref),
    "oldest": lambda one: (one.added_at, one.ref),
    "name": lambda one: ((one.title or one.ref).casefold(), one.ref),
    "size": lambda one: (-one.items, one.ref),
}


def _needed(held: rows.ShelfRow | None, source: str) -> rows.ShelfRow:
    if held is None:
        raise NotFound(f"there is no source {source[:80]!r}", hint="`ownmind library` lists them")
    return held


def _shelved(one: rows.ShelfRow) -> Shelved:
    return Shelved(
        one.ref, one.title or one.ref, one.kind, one.state, one.items, items.moment(one.added_at), items.moment(one.at), one.media_type,
        one.has_original, _is_there(one.ref),
    )  # fmt: skip


def _is_there(ref: str) -> bool | None:
    """Whether the file a ref names stands there; None for a ref that names no path as it is written."""
    if not ref.startswith("file:") or ref.startswith("file://"):
        return None
    try:
        return Path(ref.removeprefix("file:")).exists()
    except (OSError, ValueError):
        return None


def _passage(one: rows.PassageRow) -> Passage:
    # A document's time is its file's, the same for each passage: it stands at the top of the page, not at each of them.
    at = None if one.kind == Kind.PASSAGE else items.moment(one.at, one.zone)
    return Passage(items.item_id(one.id), one.text, one.page, one.speaker, at, one.kind)


def _around(text: str, start: int, end: int) -> str:
    before, after = max(0, start - _EXCERPT), min(len(text), end + _EXCERPT)
    return f"{'…' if before else ''}{text[before:after]}{'…' if after < len(text) else ''}".replace("\n", " ")
