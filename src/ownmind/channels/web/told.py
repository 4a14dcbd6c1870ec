"""What the page shows beside a fact: the words around its quote, who said them, when and where.

A card must show the sentence a fact came from without asking again for each, so the server cuts a window out of the
item: ``told`` = {before, quote, after, at, speaker, title, kind, page}. It is null when the item is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...egress.told import consent_of
from ...errors import NotFound
from ...memory.told import told
from ...messages import Action, Done, Event, Fact, Sent
from .. import card, wire

if TYPE_CHECKING:
    from ...app import House
    from ...memory.memory import Memory


def one(memory: Memory, fact: Fact) -> wire.Json:
    """``fact`` with where it was told."""
    encoded = wire.encode(fact)
    assert isinstance(encoded, dict)
    try:
        item = memory.item(fact.item_id)
    except NotFound:
        return {**encoded, "told": None}
    return {**encoded, "told": wire.encode(told(item, fact.span))}


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


def message(said: Mapping[str, object]) -> wire.Json:
    """One message of a conversation; its actions come as cards."""
    held = said.get("actions")
    acted: list[wire.Json] = [card.encode(each) for each in held if isinstance(each, Action)] if isinstance(held, list) else []
    encoded = wire.encode({name: value for name, value in said.items() if name != "actions"})
    assert isinstance(encoded, dict)
    return {**encoded, "actions": acted}


def sent(house: House, rows: Sequence[Sent]) -> list[wire.Json]:
    """Rows of the ledger, each with ``by`` (whose consent, in words) and ``tells`` ([{id, begins}]): the first words of the memories
    in it, null for one that was forgotten since."""
    given = {each.id: each for each in house.permissions(everything=True)}
    begins = house.begins([name for row in rows for name in row.item_ids])
    shown: list[wire.Json] = []
    for row in rows:
        encoded = wire.encode(row)
        assert isinstance(encoded, dict)
        tells: list[wire.Json] = [{"id": name, "begins": begins.get(name)} for name in row.item_ids]
        shown.append({**encoded, "by": consent_of(row.consent, given), "tells": tells})
    return shown


def notice(house: House, said: dict[str, object]) -> dict[str, wire.Json]:
    """A notice of the house as the page takes it: a bare ``status`` gets the figures, facts get their context."""
    kind = str(said.get("type", "status"))
    if kind == "status":
        return {"type": "status", "status": wire.encode(house.status())}
    if kind == "learned":
        held = said.get("facts")
        known = [each for each in held if isinstance(each, Fact)] if isinstance(held, list | tuple) else []
        return {"type": "learned", "facts": with_context(house.memory, known), "id": wire.encode(said.get("id"))}
    return {key: wire.encode(value) for key, value in said.items()}
