"""Labels that the person changes, and labels of kept files: a file is as trusted and as confidential as what was read from it.

A reply was made of the items it cites, so what makes one of them more confidential makes the reply so too; what makes it less leaves
the reply as it was, which rests on others besides and on what was forgotten since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import apsw

from ..messages import Confidentiality, Integrity, Label
from . import items

_INSIDE = "(SELECT value FROM json_each(?))"


def mark_items(cx: apsw.Connection, rows: Iterable[int], how: Confidentiality) -> int:
    """Makes items this confidential, with the facts that rest on them, their files and (never less than before) the replies made of
    them. Gives how many items changed."""
    wanted = _json(rows)
    cx.execute(f"UPDATE items SET confidentiality = ? WHERE id IN {_INSIDE} AND confidentiality <> ?", (how.value, wanted, how.value))  # noqa: S608  # a constant of ours
    changed = cx.changes()
    cx.execute(f"UPDATE facts SET confidentiality = ? WHERE item_id IN {_INSIDE}", (how.value, wanted))  # noqa: S608  # likewise
    known = json.loads(wanted)
    for reply in items.get(cx, items.replies_citing(cx, known)):
        raised = reply.label.joined(Label(reply.label.integrity, how)).confidentiality
        cx.execute("UPDATE items SET confidentiality = ? WHERE id = ?", (raised.value, items.row_id(reply.id)))
    for blob in items.blobs_of(cx, known):
        settle_blob(cx, blob)
    return changed


def mark_facts(cx: apsw.Connection, rows: Iterable[int], how: Confidentiality) -> int:
    """Makes facts this confidential, and not what they rest on. Gives how many changed."""
    wanted = _json(rows)
    cx.execute(f"UPDATE facts SET confidentiality = ? WHERE id IN {_INSIDE} AND confidentiality <> ?", (how.value, wanted, how.value))  # noqa: S608  # likewise
    return cx.changes()


def settle_blob(cx: apsw.Connection, blob: int) -> None:
    """Gives a kept file the joined label of what was read from it; one of which nothing is left keeps its own."""
    rows = cx.execute(
        """SELECT DISTINCT i.integrity, i.confidentiality FROM items i JOIN sources s ON s.id = i.source_id WHERE s.blob_id = ?""", (blob,)
    )
    held = [Label(Integrity(str(integrity)), Confidentiality(str(confidentiality))) for integrity, confidentiality in rows]
    if held:
        label = held[0].joined(*held[1:])
        cx.execute(
            "UPDATE blobs SET integrity = ?, confidentiality = ? WHERE id = ?", (label.integrity.value, label.confidentiality.value, blob)
        )


def of_blob(cx: apsw.Connection, blob: int) -> Label | None:
    """The label of a kept file, with the sources that hold it; None when it is not there."""
    row = cx.execute("SELECT integrity, confidentiality FROM blobs WHERE id = ?", (blob,)).fetchone()
    if row is None:
        return None
    refs = tuple(str(ref) for (ref,) in cx.execute("SELECT ref FROM sources WHERE blob_id = ? ORDER BY ref", (blob,)))
    return Label(Integrity(str(row[0])), Confidentiality(str(row[1])), refs)


def _json(rows: Iterable[int]) -> str:
    return json.dumps([int(row) for row in rows])
