"""Facts as rows: one row a fact and an item it rests on.

The same fact learnt from two items is two rows with one ``content_key``; whoever reads sees it once. So forgetting one item
takes its own row along and leaves the fact resting on the other.

``predicate_key`` names the slot, of which a subject holds one value at a time (memory/facts.slot). ``until`` is the end a fact's
own words name; ``valid_to`` and ``superseded_by`` are worked out from all claims of its slot (settling.py) whenever one comes or goes.
``wrong`` facts never held: they stay for the record, and nothing makes them current again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast

import apsw

from ..messages import Confidentiality, Fact, FactKind, Integrity, Label, Span
from .items import moment, stamp, whole
from .settling import Claim, Rank, settle

_COLUMNS = """f.id, f.text, f.subject, f.predicate, f.object, f.kind, f.stated, f.confidence, f.item_id, f.quote, f.span_start, f.span_end,
    s.ref, f.integrity, f.confidentiality, f.learned_at, f.valid_from, f.valid_to, f.zone, f.superseded_by, f.kept, f.wrong"""
CURRENT = """NOT i.withheld AND f.wrong = 0 AND (f.valid_to IS NULL OR f.valid_to > max(?, coalesce(f.valid_from, 0)))
    AND coalesce(f.valid_from, 0) <= max(?, coalesce(i.at, i.learned_at))"""
_Columns = tuple[
    int,
    str,
    str,
    str,
    str,
    str,
    int,
    float,
    int,
    str,
    int,
    int,
    str,
    str,
    str,
    float,
    float | None,
    float | None,
    int,
    int | None,
    int,
    int,
]  # as the schema types them
_KINDS = {kind.value: kind for kind in FactKind}
_LASTING = ("birthday", "born", "blood type", "is from")  # slots whose value does not change in a life
_EVENTS = ("moved", "joined", "started")  # first words of predicates that tell of an event, not of a state
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
    until: datetime | None = None  # the end its words name
    kept: bool = False


def add(cx: apsw.Connection, row: Row, now: datetime) -> int:
    """Inserts one fact and gives its row id."""
    valid_from, zone = stamp(row.valid_from)
    until, until_zone = stamp(row.until)
    cx.execute(
        """INSERT INTO facts(text, subject, predicate, object, subject_key, predicate_key, content_key, kind, stated, confidence,
                             item_id, quote, span_start, span_end, integrity, confidentiality, learned_at, valid_from, zone, kept,
                             until, valid_to)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            row.text, row.subject, row.predicate, row.object, row.subject_key, row.predicate_key, row.content_key, row.kind.value,
            row.stated, row.confidence, row.item, row.quote, row.span.start, row.span.end,
            row.label.integrity.value, row.label.confidentiality.value, now.timestamp(), valid_from,
            zone or until_zone, row.kept, until, until,
        ),
    )  # fmt: skip
    return cx.last_insert_rowid()


def get(cx: apsw.Connection, ids: Iterable[int]) -> list[Fact]:
    """The facts with these rows, by row."""
    return _facts(cx, "f.id IN (SELECT value FROM json_each(?))", (_json(ids),))


def current(cx: apsw.Connection, now: datetime) -> list[Fact]:
    """Facts that hold at ``now`` as far as we know, in the order they were learnt. Of no list here is a fact that rests on a
    withheld item."""
    return _facts(cx, CURRENT, (now.timestamp(), now.timestamp()))


def everything(cx: apsw.Connection) -> list[Fact]:
    """Every fact, superseded ones too, in the order they were learnt."""
    return _facts(cx, "NOT i.withheld", ())


def of_kinds(cx: apsw.Connection, kinds: Iterable[FactKind], now: datetime) -> list[Fact]:
    """Facts of these kinds that hold at ``now``."""
    wanted = json.dumps([kind.value for kind in kinds])
    where = f"f.kind IN (SELECT value FROM json_each(?)) AND {CURRENT}"  # noqa: S608  # a constant of this file
    return _facts(cx, where, (wanted, now.timestamp(), now.timestamp()))


def latest(cx: apsw.Connection, limit: int, now: datetime | None) -> tuple[list[Fact], float | None]:
    """All rows of the statements in the ``limit`` rows that were learnt last, of those that hold at ``now`` or, with None, of all; and
    how far back that reached: when the last of the ``limit`` was learnt, None when there are no more."""
    where, values = ("NOT i.withheld", ()) if now is None else (CURRENT, (now.timestamp(), now.timestamp()))
    found = cx.execute(
        f"SELECT f.id, f.learned_at {_FROM} WHERE {where} ORDER BY f.learned_at DESC, f.id DESC LIMIT ?",  # constants of this file
        (*values, limit),
    ).fetchall()
    rows = _json(whole(row) for row, _ in found)
    same = """(SELECT value FROM json_each(?) UNION SELECT g.id FROM json_each(?) w JOIN facts h ON h.id = w.value
               JOIN facts g ON g.content_key = h.content_key)"""
    held = _facts(cx, f"f.id IN {same} AND {where}", (rows, rows, *values))
    return held, float(str(found[-1][1])) if len(found) == limit else None


def naming(cx: apsw.Connection, now: datetime) -> list[Fact]:
    """Facts that say who somebody is (a name, a birthday, "Ana is your sister") and hold at ``now``."""
    where = f"(f.predicate = 'relation' OR f.predicate_key IN ('name', 'birthday')) AND {CURRENT}"
    return _facts(cx, where, (now.timestamp(), now.timestamp()))  # as above


def subjects(cx: apsw.Connection) -> list[str]:
    """Everything there is a fact about, folded for comparing."""
    return [str(subject) for (subject,) in cx.execute("SELECT DISTINCT subject_key FROM facts")]


def about(cx: apsw.Connection, subjects: Iterable[str], now: datetime) -> list[Fact]:
    """Facts about these, folded, that hold at ``now``."""
    where = f"f.subject_key IN (SELECT value FROM json_each(?)) AND {CURRENT}"  # noqa: S608  # a constant of this file
    return _facts(cx, where, (json.dumps([*subjects]), now.timestamp(), now.timestamp()))


def relations(cx: apsw.Connection, now: datetime) -> list[Fact]:
    """Facts that say who somebody is to somebody ("Ana is your sister") and hold at ``now``."""
    return _facts(cx, f"f.predicate = 'relation' AND {CURRENT}", (now.timestamp(), now.timestamp()))  # as above


def same(cx: apsw.Connection, content_key: bytes) -> list[Fact]:
    """The rows of one fact: one for each item it rests on."""
    return _facts(cx, "f.content_key = ?", (content_key,))


def rests_on(cx: apsw.Connection, content_key: bytes, item: int) -> bool:
    """Whether this fact was already read off this item."""
    return bool(cx.execute("SELECT 1 FROM facts WHERE item_id = ? AND content_key = ? LIMIT 1", (item, content_key)).fetchall())


def in_slot(cx: apsw.Connection, subject_key: str, slot: str) -> list[Fact]:
    """The facts of one slot that were not refuted."""
    return _facts(cx, "f.subject_key = ? AND f.predicate_key = ? AND f.wrong = 0", (subject_key, slot))


def said_by(cx: apsw.Connection, speaker: str, conversation: str, limit: int) -> list[Fact]:
    """The last ``limit`` facts read off what this speaker said in this conversation, latest first; the wrong ones left out."""
    found = _facts(
        cx,
        """f.wrong = 0 AND i.speaker = ? AND f.item_id IN (
            SELECT items.id FROM items JOIN conversations c ON c.id = items.conversation_id WHERE c.key = ?
            ORDER BY items.position DESC LIMIT ?)""",
        (speaker, conversation, limit),
    )
    return sorted(found, key=lambda fact: (-int(fact.item_id[1:]), -fact.span.start))[:limit]


def resting_on(cx: apsw.Connection, items: Iterable[int]) -> list[Fact]:
    """The fact rows of these items."""
    return _facts(cx, "f.item_id IN (SELECT value FROM json_each(?))", (_json(items),))


def content_keys(cx: apsw.Connection, ids: Iterable[int]) -> dict[int, bytes]:
    rows = cx.execute("SELECT id, content_key FROM facts WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),))
    return {int(row): bytes(key) for row, key in rows}


def slots_of(cx: apsw.Connection, ids: Iterable[int]) -> set[tuple[str, str]]:
    """Subject and slot of these facts."""
    rows = cx.execute("SELECT DISTINCT subject_key, predicate_key FROM facts WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),))
    return {(str(subject), str(slot)) for subject, slot in rows}


def settle_slots(cx: apsw.Connection, slots: Iterable[tuple[str, str]], *, without: Collection[int] = ()) -> int:
    """Works out anew what holds when in these slots, as if the rows of ``without`` had never been; gives the rows that changed."""
    changed = 0
    for slot in sorted(set(slots)):
        known = _claims(cx, slot)
        found = settle([claim for claim, _ in known if claim.row not in without])
        for claim, before in known:
            after = found.get(claim.row)
            if after is not None and (after.until, after.by) != before:
                cx.execute("UPDATE facts SET valid_to = ?, superseded_by = ? WHERE id = ?", (after.until, after.by, claim.row))
                changed += 1
    return changed


def restore_superseded_by(cx: apsw.Connection, gone: Iterable[int]) -> int:
    """What these facts, about to be removed, had superseded is believed again as if they had never been learnt; what they
    corrected stays wrong. Gives the number of rows that changed."""
    rows = set(gone)
    return settle_slots(cx, slots_of(cx, rows), without=rows)


def refute(cx: apsw.Connection, ids: Sequence[int], by: int | None) -> None:
    """Says that these facts never held; ``by`` is the fact that stands in their place. They stay for the record."""
    cx.execute(
        """UPDATE facts SET wrong = 1, superseded_by = ?, valid_to = coalesce(valid_from, learned_at)
           WHERE id IN (SELECT value FROM json_each(?)) AND id IS NOT ?""",
        (by, _json(ids), by),
    )


def replaced_by(cx: apsw.Connection, ids: Iterable[int]) -> list[int]:
    """The rows that these facts were put in the place of, as what never held."""
    rows = cx.execute("SELECT id FROM facts WHERE wrong AND superseded_by IN (SELECT value FROM json_each(?)) ORDER BY id", (_json(ids),))
    return [whole(row) for (row,) in rows]


def restore(cx: apsw.Connection, ids: Iterable[int]) -> None:
    """Takes back that these facts never held: their slots are to be settled anew."""
    cx.execute(
        "UPDATE facts SET wrong = 0, superseded_by = NULL, valid_to = until WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),)
    )


def refuted_until(cx: apsw.Connection, content_key: bytes) -> float | None:
    """Up to when this fact was said in vain: when the last correction of it was said, in unix seconds; None when nobody corrected it."""
    rows = cx.execute(
        """SELECT max(coalesce(ci.at, ci.learned_at, i.at, i.learned_at)) FROM facts f JOIN items i ON i.id = f.item_id
           LEFT JOIN facts c ON c.id = f.superseded_by LEFT JOIN items ci ON ci.id = c.item_id WHERE f.content_key = ? AND f.wrong""",
        (content_key,),
    ).fetchall()
    return None if rows[0][0] is None else float(str(rows[0][0]))


def keep(cx: apsw.Connection, ids: Iterable[int], now: datetime) -> None:
    """Marks facts as confirmed by the person, who thereby vouches for them. What came from outside is endorsed, and still says where
    it came from; only the person's own words are theirs."""
    cx.execute(
        """UPDATE facts SET kept = 1, kept_at = ?, confidence = 1.0, integrity = CASE WHEN integrity IN (?, ?) THEN integrity ELSE ? END
           WHERE id IN (SELECT value FROM json_each(?))""",
        (now.timestamp(), Integrity.SYSTEM.value, Integrity.PERSON.value, Integrity.ENDORSED.value, _json(ids)),
    )


def unkeep(cx: apsw.Connection, row: int, confidence: float) -> None:
    """Takes the person's word for one row back: it is vouched for as its item is, and counts as it was read. When they gave it stays."""
    cx.execute(
        "UPDATE facts SET kept = 0, confidence = ?, integrity = (SELECT integrity FROM items WHERE id = item_id) WHERE id = ?",
        (confidence, row),
    )


def remove(cx: apsw.Connection, ids: Iterable[int]) -> int:
    cx.execute("DELETE FROM facts WHERE id IN (SELECT value FROM json_each(?))", (_json(ids),))
    return cx.changes()


def counts(cx: apsw.Connection, now: datetime) -> dict[str, int]:
    total, live = cx.execute(
        f"SELECT count(*), coalesce(sum({CURRENT}), 0) FROM facts f JOIN items i ON i.id = f.item_id",  # noqa: S608  # a constant of this file
        (now.timestamp(), now.timestamp()),
    ).fetchall()[0]
    return {"facts": whole(total), "facts.current": whole(live)}


def _claims(cx: apsw.Connection, slot: tuple[str, str]) -> list[tuple[Claim, tuple[float | None, int | None]]]:
    """The claims of one slot that were not refuted, each with how it ends now."""
    sql = """SELECT f.id, f.content_key, coalesce(i.at, i.learned_at), f.valid_from, f.until, f.kept, f.stated, f.integrity,
                    i.speaker, f.subject, i.conversation_id, i.position, f.span_start, f.predicate, f.valid_to, f.superseded_by
             FROM facts f JOIN items i ON i.id = f.item_id
             WHERE f.subject_key = ? AND f.predicate_key = ? AND f.wrong = 0"""
    return [_claim(row, slot[1]) for row in cx.execute(sql, slot)]


def _claim(row: tuple[object, ...], slot: str) -> tuple[Claim, tuple[float | None, int | None]]:
    (number, value, said, start, until, kept, stated, integrity, speaker, subject, thread, position, span, predicate,
     valid_to, by) = row  # fmt: skip
    mine = Integrity(str(integrity)).is_vouched
    first_hand = bool(speaker) and str(speaker).casefold() == str(subject).casefold()
    told = Rank.PERSON if mine else Rank.FIRST_HAND if first_hand else Rank.HEARSAY
    claim = Claim(
        row=whole(number), value=value if isinstance(value, bytes) else b"", said=float(str(said)), start=_seconds(start),
        until=_seconds(until), rank=Rank.KEPT if kept else told if stated else Rank.INFERRED,
        voice="" if mine or kept else str(speaker), thread=None if thread is None else whole(thread),
        place=(whole(position), whole(span)), is_event=str(predicate).startswith(_EVENTS), is_lasting=slot in _LASTING,
    )  # fmt: skip
    return claim, (_seconds(valid_to), None if by is None else whole(by))


def _seconds(value: object) -> float | None:
    return value if isinstance(value, float) else None


def _facts(cx: apsw.Connection, where: str, values: tuple[str | int | float | bytes, ...]) -> list[Fact]:
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY f.id"  # where is a constant of this file
    return [_fact(row) for row in cx.execute(sql, values)]


def _fact(row: tuple[object, ...]) -> Fact:
    """One row as a value. A hundred thousand of them are read at once: what is the same for many is made once."""
    (number, text, subject, predicate, object_, kind, stated, confidence, item, quote, start, end, ref, integrity, confidentiality, learned,
     valid_from, valid_to, zone, superseded_by, kept, wrong) = cast("_Columns", row)  # fmt: skip
    learned_at = moment(learned)
    assert learned_at is not None
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        valid_from = None  # it had ended when it was said (settling.py), and nobody says when it began
    return Fact(
        id=f"f{number}", text=text, subject=subject, predicate=predicate, object=object_, kind=_KINDS[kind], stated=bool(stated),
        confidence=confidence, item_id=f"i{item}", quote=quote, span=Span(start, end), source=ref, label=_label(integrity, confidentiality),
        learned_at=learned_at, valid_from=moment(valid_from, zone), valid_to=moment(valid_to, zone),
        superseded_by=None if superseded_by is None else f"f{superseded_by}", kept=bool(kept), wrong=bool(wrong),
    )  # fmt: skip


@cache
def _label(integrity: str, confidentiality: str) -> Label:
    return Label(Integrity(integrity), Confidentiality(confidentiality))


def _json(ids: Iterable[int]) -> str:
    return json.dumps([int(i) for i in ids])
