"""What a search shows of items: their words, and where they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import apsw

from ..messages import Kind
from .items import moment


@dataclass(frozen=True, slots=True)
class Held:
    """One item. ``source``: its ref; ``title``: its source's; ``conversation``: its key, "" for none."""

    id: str
    kind: Kind
    text: str
    speaker: str
    at: datetime | None
    source: str
    title: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Belief:
    """One fact, as a search shows it. ``item``: what it rests on."""

    id: str
    text: str
    item: str
    learned_at: datetime | None


_KINDS = {kind.value: kind for kind in Kind}  # a thousand calls of Kind() take 5 ms


def kinds(cx: apsw.Connection, rows: Sequence[int]) -> list[tuple[int, Kind, int]]:
    """Row, kind and source of these rows in their order, without what is withheld: a thousand of them are looked through for each key
    that is pressed, and few are shown."""
    sql = "SELECT i.id, i.kind, i.source_id FROM json_each(?) w JOIN items i ON i.id = w.value WHERE NOT i.withheld"
    return [(int(str(row)), _KINDS[str(kind)], int(str(source))) for row, kind, source in cx.execute(sql, (json.dumps(rows),))]


def beliefs(cx: apsw.Connection, rows: Sequence[int]) -> Iterator[Belief]:
    """What is believed now and rests on any of these rows, the latest learnt first; read as far as it is asked for."""
    sql = """SELECT f.id, f.text, f.item_id, f.learned_at FROM facts f
             WHERE f.item_id IN (SELECT value FROM json_each(?)) AND f.superseded_by IS NULL ORDER BY f.learned_at DESC, f.id"""
    for fact, text, item, learned in cx.execute(sql, (json.dumps(rows),)):
        yield Belief(f"f{fact}", str(text), f"i{item}", moment(float(str(learned))))


def held(cx: apsw.Connection, rows: Sequence[int]) -> list[Held]:
    """These rows in their order, without what is withheld."""
    sql = """SELECT i.id, i.kind, i.text, i.speaker, coalesce(i.at, i.learned_at), i.zone, s.ref, s.title, coalesce(c.key, '')
             FROM json_each(?) w JOIN items i ON i.id = w.value JOIN sources s ON s.id = i.source_id
             LEFT JOIN conversations c ON c.id = i.conversation_id WHERE NOT i.withheld"""
    return [
        Held(f"i{row}", Kind(kind), text, speaker, moment(at, zone), ref, title, key)
        for row, kind, text, speaker, at, zone, ref, title, key in cx.execute(sql, (json.dumps(rows),))
    ]


def titled(cx: apsw.Connection) -> list[tuple[str, str, datetime | None]]:
    """Key, title and beginning of every conversation with the companion that has a title, the latest first."""
    sql = """SELECT key, title, started_at FROM conversations c WHERE title <> '' AND EXISTS
             (SELECT 1 FROM items i WHERE i.conversation_id = c.id AND i.kind IN ('message', 'reply')) ORDER BY id DESC"""
    return [(str(key), str(title), moment(float(str(at)))) for key, title, at in cx.execute(sql)]
