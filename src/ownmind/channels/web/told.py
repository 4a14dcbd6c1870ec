"""What the page shows beside a fact: the words around its quote, who said them, when and where.

A card must show the sentence a fact came from without asking again for each, so the server cuts a window out of the
item: ``told`` = {before, quote, after, at, speaker, title, kind, page}. It is null when the item is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...errors import NotFound
from ...messages import Done, Event, Fact, Item, Span
from .. import card, wire

if TYPE_CHECKING:
    from ...app import House
    from ...memory.memory import Memory

AROUND = 160  # characters shown on each side of the quote


def one(memory: Memory, fact: Fact) -> wire.Json:
    """``fact`` with where it was told."""
    encoded = wire.encode(fact)
    assert isinstance(encoded, dict)
    try:
        item = memory.item(fact.item_id)
    except NotFound:
        return {**encoded, "told": None}
    return {**encoded, "told": _told(item, fact.span)}


def with_context(memory: Memory, facts: Sequence[Fact]) -> list[wire.Json]:
    """Each fact with where it was told."""
    return [one(memory, fact) for fact in facts]


def event(memory: Memory, happened: Event) -> wire.Json:
    """One event of a turn; the facts learnt in it come with where they were told, the actions as cards."""
    encoded = wire.event(happened)
    if isinstance(happened, Done):
        reply = dict(encoded["reply"]) if isinstance(encoded["reply"], dict) else {}
        acted = [card.encode(action) for action in happened.reply.actions]
        return {**encoded, "reply": {**reply, "learned": with_context(memory, happened.reply.learned), "actions": list(acted)}}
    return encoded


def notice(house: House, said: dict[str, object]) -> dict[str, wire.Json]:
    """A notice of the house as the page takes it: a bare ``status`` gets the figures, facts get their context."""
    kind = str(said.get("type", "status"))
    if kind == "status":
        return {"type": "status", "status": wire.encode(house.status())}
    if kind == "learned":
        held = said.get("facts")
        known = [each for each in held if isinstance(each, Fact)] if isinstance(held, list | tuple) else []
        return {"type": "learned", "facts": with_context(house.memory, known)}
    return {key: wire.encode(value) for key, value in said.items()}


def _told(item: Item, span: Span) -> wire.Json:
    before, after = item.text[: span.start], item.text[span.end :]
    return {
        "before": _last(before, AROUND),
        "quote": item.text[span.start : span.end],
        "after": _first(after, AROUND),
        "at": wire.encode(item.at or item.learned_at),
        "speaker": item.speaker,
        "title": item.source.title,
        "kind": item.kind.value,
        "page": item.page,
    }


def _first(text: str, most: int) -> str:
    """The start of ``text``, cut at a word, up to the end of its line."""
    line = text.partition("\n")[0]
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def _last(text: str, most: int) -> str:
    line = text.rpartition("\n")[2]
    return line if len(line) <= most else "… " + line[-most:].split(" ", 1)[-1]
