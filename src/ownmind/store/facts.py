"""Facts as rows: one row a fact and an item it rests on.

The same fact learnt from two items is two rows with one ``content_key``; whoever reads sees it once. So forgetting one item
takes its own row along and leaves the fact resting on the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import apsw

from ..messages import Confidentiality, Fact, FactKind, Integrity, Label, Span
from .items import moment, stamp, whole

_COLUMNS = """f.id, f.text, f.subject, f.predicate, f.object, f.kind, f.stated, f.confidence, f.item_id, f.quote, f.span_start, f.span_end,
    s.ref, f.integrity, f.confidentiality, f.learned_at, f.valid_from, f.valid_to, f.zone, f.superseded_by, f.kept"""
_FROM = "FROM facts f JOIN items i ON i.id = f.item_id JOIN sources s ON s.id = i.source_id"


@dataclass(frozen=True, slots=True)
class Row:
    """A fact about to be stored. Keys are folded for comparing."""

    text: str
    subject: str
    predicate: str
    object: str
    subject_key: str
    predicate_key: str
    content_key: bytes
    kind: FactKind
    stated: bool
    confidence: float
    item: int
    quote: str
    span: Span
    label: Label
    valid_from: datetime | None
    kept: bool = False


def add(cx: apsw.Connection, row: Row, now: datetime) -> int:
    """Inserts one fact and gives its row id."""
    valid_from, zone = stamp(row.valid_from)
    cx.execute(
        """INSERT INTO facts(text, subject, predicate, object, subject_key, predicate_key, content_key, kind, stated, confidence,
                             item_id, quote, span_start, span_end, integrity, confidentiality, learned_at, valid_from, zone, kept)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            row.text, row.subject, row.predicate, row.object, row.subject_key, row.predicate_key, row.content_key, row.kind.value,
            row.stated, row.confidence, row.item, row.quote, row.span.start, row.span.end,
            row.label.integrity.value, row.label.confidentiality.value, now.timestamp(), valid_from, zone, row.kept,
        ),
    )  # fmt: skip
    return cx.last_insert_rowid()


def get(cx: apsw.Connection, ids: Iterable[int]) -> list[Fact]:
    """The facts with these rows, by row."""
    return _facts(cx, "f.id IN (SELECT value FROM json_each(?))", (_json(ids),))


def current(cx: apsw.Connection) -> list[Fact]:
    """Facts nothing has superseded, in the order they were learnt. Of no list here is a fact that rests on a withheld item."""
    return _facts(cx, "f.superseded_by IS NULL AND f.valid_to IS NULL AND NOT i.withheld", ())


def everything(cx: apsw.Connection) -> list[Fact]:
    """Every fact, superseded ones too, in the order they were learnt."""
    return _facts(cx, "NOT i.withheld", ())


def of_kinds(cx: apsw.Connection, kinds: Iterable[FactKind]) -> list[Fact]:
    """Current facts of these kinds."""
    wanted = json.dumps([kind.value for kind in kinds])
    return _facts(
        cx,
        "f.superseded_by IS NULL AND f.valid_to IS NULL AND NOT i.withheld AND f.kind IN (SELECT value FROM json_each(?))",
        (wanted,),
    )


def same(cx: apsw.Connection, content_key: bytes) -> list[Fact]:
    """The rows of one fact: one for each item it rests on."""
    return _facts(cx, "f.content_key = ?", (content_key,))


def resting_on(cx: apsw.Connection, items: Iterable[int]) -> list[Fact]:
    """The fact rows of these items."""
    return _facts(cx, "f.item_id IN (SELECT value FROM json_each(?))", (_json(items),))


def about(cx: apsw.Connection, subject_key: str, predicate_key: str) -> list[Fact]:
    """Current facts with this subject and predicate."""
    return _facts(
        cx, "f.subject_key = ? AND f.predicate_key = ? AND f.superseded_by IS NULL AND f.valid_to IS NULL", (subject_key, predicate_key)
    )


def content_keys(cx: apsw.Connection, ids: Iterable[int]) -> dict[int, bytes]:
    rows = cx.execute("SELECT id, content_key FROM facts WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),))
    return {int(row): bytes(key) for row, key in rows}


def supersede(cx: apsw.Connection, old: Iterable[int], new: int, until: datetime) -> None:
    """Says that ``new`` took the place of ``old`` at ``until``; both stay."""
    cx.execute(
        """UPDATE facts SET superseded_by = ?, valid_to = max(?, coalesce(valid_from, ?))
           WHERE id IN (SELECT value FROM json_each(?)) AND id <> ?""",
        (new, until.timestamp(), until.timestamp(), _json(old), new),
    )


def current_again(cx: apsw.Connection, row: int) -> None:
    """What this fact says holds from now on, whatever had superseded it."""
    cx.execute("UPDATE facts SET superseded_by = NULL, valid_to = NULL WHERE id = ?", (row,))


def restore_superseded_by(cx: apsw.Connection, gone: Iterable[int]) -> int:
    """What these facts had superseded is current again, as if they had never been learnt."""
    cx.execute(
        "UPDATE facts SET superseded_by = NULL, valid_to = NULL WHERE superseded_by IN (SELECT value FROM json_each(?))", (_json(gone),)
    )
    return cx.changes()


def keep(cx: apsw.Connection, ids: Iterable[int]) -> None:
    """Marks facts as confirmed by the person, who thereby vouches for them."""
    cx.execute(
        "UPDATE facts SET kept = 1, confidence = 1.0, integrity = ? WHERE id IN (SELECT value FROM json_each(?))",
        (Integrity.PERSON.value, _json(ids)),
    )


def remove(cx: apsw.Connection, ids: Iterable[int]) -> int:
    cx.execute("DELETE FROM facts WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),))
    return cx.changes()


def counts(cx: apsw.Connection) -> dict[str, int]:
    total, live = cx.execute("SELECT count(*), coalesce(sum(superseded_by IS NULL AND valid_to IS NULL), 0) FROM facts").fetchall()[0]
    return {"facts": whole(total), "facts.current": whole(live)}


def _facts(cx: apsw.Connection, where: str, values: tuple[str | int | bytes, ...]) -> list[Fact]:
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY f.id"  # where is a constant of this file
    return [_fact(row) for row in cx.execute(sql, values)]


def _fact(row: tuple[object, ...]) -> Fact:
    (number, text, subject, predicate, object_, kind, stated, confidence, item, quote, start, end, ref, integrity, confidentiality, learned,
     valid_from, valid_to, zone, superseded_by, kept) = row  # fmt: skip
    offset = int(str(zone))
    learned_at = moment(float(str(learned)))
    assert learned_at is not None
    return Fact(
        id=f"f{number}", text=str(text), subject=str(subject), predicate=str(predicate), object=str(object_), kind=FactKind(str(kind)),
        stated=bool(stated), confidence=float(str(confidence)), item_id=f"i{item}", quote=str(quote),
        span=Span(int(str(start)), int(str(end))), source=str(ref),
        label=Label(Integrity(str(integrity)), Confidentiality(str(confidentiality))), learned_at=learned_at,
        valid_from=moment(valid_from if isinstance(valid_from, float) else None, offset),
        valid_to=moment(valid_to if isinstance(valid_to, float) else None, offset),
        superseded_by=None if superseded_by is None else f"f{superseded_by}", kept=bool(kept),
    )  # fmt: skip


def _json(ids: Iterable[int]) -> str:
    return json.dumps([int(i) for i in ids])
