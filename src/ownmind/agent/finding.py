"""Anything by its words, while they are typed: messages, memories, facts, goals, people, documents and conversations.

Every word must stand there, of the last one its beginning. Found by the full-text index, the newest first: no vectors and no model, so
that each key can be answered. Of a word that is in very many items only the newest ``LOOKED`` are looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from ..messages import Kind, Span
from ..store import finding, scripts, search

if TYPE_CHECKING:
    from ..goals.book import Goals
    from ..people.book import People
    from ..store.opening import Store

LOOKED = 1_000  # items looked at for one question
SHORTEST = 2  # letters of a word whose beginning is looked for
AROUND = 60  # characters shown before the first word that was found
SHOWN = 180
MOST_WORDS = 12
_GROUPS = {Kind.MESSAGE: "message", Kind.REPLY: "message", Kind.NOTE: "memory", Kind.TURN: "memory", Kind.PASSAGE: "document"}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing. ``kind``: message, memory, document, fact, goal, person or conversation; ``marks``: where in ``text`` the words stand;
    ``item``: what it rests on; ``conversation``: where it was said."""

    kind: str
    id: str
    text: str
    marks: tuple[Span, ...]
    title: str = ""
    at: datetime | None = None
    item: str = ""
    conversation: str = ""


def find(store: Store, goals: Goals, people: People, words: str, each: int) -> tuple[Found, ...]:
    """At most ``each`` of every kind, kind by kind, the newest first. Nothing for words too short to look for."""
    wanted = scripts.words(words)[:MOST_WORDS]
    if not wanted or (len(wanted[-1]) < SHORTEST and not scripts.is_apart(wanted[-1])):
        return ()
    marker = _Marker(wanted)
    with store.db.read() as cx:
        titled = finding.titled(cx)
    named = [
        *(Found("conversation", key, title, (), at=at, conversation=key) for key, title, at in titled),
        *(Found("goal", one.id, one.title, (), at=one.created_at, item=one.item_id) for one in goals.all()),
        *(Found("person", one.id, one.name, (), at=one.last) for one in people.all()),
    ]
    found = [*(one for one in named if marker.holds(one.text)), *_items(store, wanted, marker, each)]
    return tuple(marker.marked(one) for one in _few(found, each))


def _items(store: Store, wanted: Sequence[str], marker: _Marker, each: int) -> Iterator[Found]:
    """Items whose words these are, a document once, and the facts that rest on them."""
    with store.db.read() as cx:
        items = finding.kinds(cx, search.typed(cx, wanted, LOOKED))
        beliefs = finding.beliefs(cx, [row for row, _, _ in items])
        facts = list(islice(_different(one for one in beliefs if marker.holds(one.text)), each))
        held = finding.held(cx, _newest(items, each))
    yield from (Found("fact", one.id, one.text, (), at=one.learned_at, item=one.item) for one in facts)
    for one in held:
        kind = _GROUPS[one.kind]
        name = one.source if kind == "document" else one.id
        yield Found(kind, name, one.text, (), one.title or one.speaker, one.at, one.id, one.conversation)


def _different(facts: Iterable[finding.Belief]) -> Iterator[finding.Belief]:
    """Each text once."""
    seen: set[str] = set()
    for one in facts:
        if one.text not in seen:
            seen.add(one.text)
            yield one


def _newest(items: Iterable[tuple[int, Kind, int]], each: int) -> list[int]:
    """The rows to show: the first ``each`` of every group, a document once."""
    rows: list[int] = []
    taken: Counter[str] = Counter()
    documents: set[int] = set()
    for row, kind, source in items:
        group = _GROUPS[kind]
        if taken[group] >= each or (group == "document" and source in documents):
            continue
        if group == "document":
            documents.add(source)
        taken[group] += 1
        rows.append(row)
    return rows


def _few(found: Iterable[Found], each: int) -> Iterator[Found]:
    taken: Counter[str] = Counter()
    for one in found:
        taken[one.kind] += 1
        if taken[one.kind] <= each:
            yield one


class _Marker:
    """Finds the words of a question in a text: by their stems, of the last one also what begins with it."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._apart = [word for word in wanted if scripts.is_apart(word)]
        plain = [word for word in wanted if not scripts.is_apart(word)]
        self._stems = set(search.stems(plain))
        self._begins = _folded(wanted[-1])
        self._wanted = wanted

    def holds(self, text: str) -> bool:
        """Whether every word stands in ``text``."""
        lower = text.lower()
        words = [word for word in scripts.words(text) if not scripts.is_apart(word)]
        stems = set(search.stems(words))
        needed = set(search.stems([word for word in self._wanted[:-1] if not scripts.is_apart(word)]))
        last = self._wanted[-1] in lower or any(_folded(word).startswith(self._begins) for word in words)
        return last and needed <= stems and all(word in lower for word in self._apart)

    def marked(self, found: Found) -> Found:
        """With the stretch of its text around the first word, and where the words are in it."""
        spans = self._spans(found.text)
        start = max(0, spans[0].start - AROUND) if spans and spans[0].end > SHOWN else 0
        begins = f"… {found.text[start : start + SHOWN]}" if start else found.text[:SHOWN]
        shift = start - 2 if start else 0
        text = begins + (" …" if len(found.text) > start + SHOWN else "")
        marks = tuple(Span(one.start - shift, one.end - shift) for one in spans if one.start >= start and one.end <= start + SHOWN)
        return Found(found.kind, found.id, text, marks, found.title, found.at, found.item, found.conversation)

    def _spans(self, text: str) -> list[Span]:
        spans = []
        for match in re.finditer(r"\w+", text):
            word = match.group()
            if scripts.is_anywhere(word):
                spans += [
                    Span(match.start() + at.start(), match.start() + at.end()) for one in self._apart for at in re.finditer(one, word)
                ]
            elif _folded(word).startswith(self._begins) or search.stems([word.lower()])[0] in self._stems:
                spans.append(Span(match.start(), match.end()))
        return spans


def _folded(word: str) -> str:
    """Lower case without accents, as the index has it."""
    return "".join(each for each in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(each))
