"""What is made from the items and can be made again: the full-text index, the vectors, the counts. Is it in step, and if not,
again.

Nothing is lost by it: the items are the truth. The index is made from their texts at once, a vector that cannot be one is removed
and comes back with the backlog. All in one transaction, so recall goes on over what was there, and a process killed half way
leaves that as it was.

Not covered: a damaged page of the file. Its bytes are not what was written, and only a copy of the file brings them back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import apsw

from ..errors import StoreDamaged
from . import search
from .database import Database

INDEX, APART = "items_fts", "item_words_fts"  # the second one holds words of scripts the first cannot cut
# A vector is 4 bytes of scale and one a dimension. Which length is right for a model, most of its vectors say.
_WRONG_VECTORS = """SELECT v.model, v.item_id FROM item_vectors v JOIN (
        SELECT model, length AS right, max(n) FROM (SELECT model, length(vector) AS length, count(*) AS n FROM item_vectors
            WHERE typeof(vector) = 'blob' GROUP BY 1, 2) GROUP BY model) m ON m.model = v.model
    WHERE typeof(v.vector) <> 'blob' OR length(v.vector) <> m.right OR NOT EXISTS (SELECT 1 FROM items i WHERE i.id = v.item_id)"""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something out of step: ``words``, ``vectors`` or ``counts``, and how."""

    what: str
    detail: str


def faults(db: Database, *, deep: bool = False) -> list[Fault]:
    """What is out of step; empty when nothing is. ``deep`` also compares every word of the index with the texts, which keeps others
    from writing meanwhile: half a minute for a million items."""
    with db.read() as cx:
        found = [fault for fault in (_words(cx), _vectors(cx), _counts(cx)) if fault is not None]
    if deep and not any(fault.what == "words" for fault in found):
        with db.write() as cx:
            found += [] if _agrees(cx) else [Fault("words", "the index does not say what the items say")]
    return found


def rebuild(db: Database) -> list[Fault]:
    """Makes again what is out of step, and gives what was. Raises StoreDamaged where that cannot be done, and changes nothing then."""
    found = faults(db, deep=True)
    wrong = {fault.what for fault in found}
    if not wrong:
        return []
    with db.write() as cx:
        if "words" in wrong:
            search.rebuild(cx)
        if "vectors" in wrong:
            cx.execute(f"DELETE FROM item_vectors WHERE (model, item_id) IN ({_WRONG_VECTORS})")  # noqa: S608  # a constant
        cx.execute("DELETE FROM item_counts; INSERT INTO item_counts(kind, n) SELECT kind, count(*) FROM items GROUP BY kind")
        cx.execute("DELETE FROM vector_counts; INSERT INTO vector_counts(model, n) SELECT model, count(*) FROM item_vectors GROUP BY model")
        if "words" in wrong and not _agrees(cx):
            raise StoreDamaged("the full-text index could not be made again", hint="`ownmind restore` brings back a backup")
    return found


def _words(cx: apsw.Connection) -> Fault | None:
    # A reader that searched before others wrote checks by its old idea of the index's segments, unless it searches again first.
    for index in (INDEX, APART):
        with suppress(apsw.CorruptError):
            cx.execute(f"SELECT 1 FROM {index} WHERE {index} MATCH 'a' LIMIT 1").get  # noqa: B018, S608  # runs it
        if [line for (line,) in cx.execute(f"PRAGMA quick_check('{index}')") if line != "ok"]:
            return Fault("words", "the index is damaged")
    missing, extra = cx.execute(
        f"""SELECT (SELECT count(*) FROM items i WHERE NOT EXISTS (SELECT 1 FROM {INDEX}_docsize d WHERE d.id = i.id)),
                   (SELECT count(*) FROM {INDEX}_docsize d WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = d.id))"""  # noqa: S608
    ).fetchall()[0]
    return Fault("words", f"{missing} items are not in the index, and {extra} are that should not be") if missing or extra else None


def _vectors(cx: apsw.Connection) -> Fault | None:
    n = cx.execute(f"SELECT count(*) FROM ({_WRONG_VECTORS})").get  # noqa: S608  # a constant
    return Fault("vectors", f"{n} vectors cannot be one, or have no item") if n else None


def _counts(cx: apsw.Connection) -> Fault | None:
    kept = {*cx.execute("SELECT kind, n FROM item_counts WHERE n <> 0"), *cx.execute("SELECT model, n FROM vector_counts WHERE n <> 0")}
    true = {
        *cx.execute("SELECT kind, count(*) FROM items GROUP BY kind"),
        *cx.execute("SELECT model, count(*) FROM item_vectors INDEXED BY item_vectors_item GROUP BY model"),
    }
    return Fault("counts", "what is counted is not what is there") if kept != true else None


def _agrees(cx: apsw.Connection) -> bool:
    """Whether the indexes hold just the words of the items. It reads only, but SQLite takes it for a write."""
    try:
        for index in (INDEX, APART):
            cx.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608  # a constant
    except apsw.CorruptError:
        return False
    return True
