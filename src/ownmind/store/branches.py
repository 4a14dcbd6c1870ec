"""A talk that branches: what each thing was said after, which branch is gone on with, and what was said in place of what.

A talk without a row in ``tips`` is a line, in the order of its positions. ``fork`` writes its line down and bends it; from then on what is
said joins the branch that is gone on with, and what is forgotten is closed up (triggers, migrations/talk.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import apsw

from .items import whole


@dataclass(frozen=True, slots=True)
class Tree:
    """What of a talk was said after what, as rows of items."""

    after: Mapping[int, int | None]
    tip: int | None
    children: Mapping[int | None, Sequence[int]] = field(default_factory=dict)  # oldest first

    def road(self, to: int | None) -> list[int]:
        """From the beginning to ``to``, both included."""
        found: list[int] = []
        while to is not None and to in self.after:
            found.append(to)
            to = self.after[to]
        return found[::-1]

    def leaf(self, under: int | None) -> int | None:
        """The end of the newest branch under this one; itself where nothing was said after it."""
        while newest := self.children.get(under):
            under = newest[-1]
        return under

    def current(self) -> list[int]:
        """The branch that is gone on with, to its end."""
        return self.road(self.leaf(self.tip))

    def versions(self, row: int) -> Sequence[int]:
        """What was said after the same thing as this one, itself too, oldest first."""
        return self.children.get(self.after.get(row), ())


def tree(cx: apsw.Connection, conversation: str) -> Tree | None:
    """The branches of a talk; None where it is a line."""
    tip = cx.execute(
        "SELECT t.item_id FROM tips t JOIN conversations c ON c.id = t.conversation_id WHERE c.key = ?", (conversation,)
    ).fetchall()
    if not tip:
        return None
    rows = cx.execute(
        """SELECT b.item_id, b.after_id FROM branches b JOIN items i ON i.id = b.item_id JOIN conversations c ON c.id = i.conversation_id
           WHERE c.key = ? ORDER BY b.item_id""",
        (conversation,),
    )
    after = {whole(row): None if before is None else whole(before) for row, before in rows}
    children: dict[int | None, list[int]] = {}
    for row, before in after.items():
        children.setdefault(before, []).append(row)
    return Tree(after, None if tip[0][0] is None else whole(tip[0][0]), children)


def fork(cx: apsw.Connection, row: int, instead: int) -> None:
    """Has ``row``, the last that was said in its talk, stand beside ``instead``: after the same thing, in place of it."""
    conversation = whole(cx.execute("SELECT conversation_id FROM items WHERE id = ?", (row,)).get)
    if not cx.execute("SELECT 1 FROM tips WHERE conversation_id = ?", (conversation,)).fetchall():
        cx.execute(
            """INSERT INTO branches(item_id, after_id)
               SELECT id, lag(id) OVER (ORDER BY position, id) FROM items WHERE conversation_id = ?""",
            (conversation,),
        )
    cx.execute(
        "UPDATE branches SET after_id = (SELECT after_id FROM branches WHERE item_id = ?2), instead_id = ?2 WHERE item_id = ?1",
        (row, instead),
    )
    go_on_with(cx, row)


def follow(cx: apsw.Connection, row: int, after: int) -> None:
    """Has ``row`` stand after ``after``, whatever was said in between; nothing where the talk is a line, or ``after`` is gone."""
    cx.execute("UPDATE branches SET after_id = ?2 WHERE item_id = ?1 AND EXISTS (SELECT 1 FROM branches WHERE item_id = ?2)", (row, after))


def go_on_with(cx: apsw.Connection, row: int) -> None:
    """Goes on with the branch that ends with this row."""
    cx.execute(
        """INSERT INTO tips(conversation_id, item_id) SELECT conversation_id, id FROM items WHERE id = ?
           ON CONFLICT(conversation_id) DO UPDATE SET item_id = excluded.item_id""",
        (row,),
    )


def instead_of(cx: apsw.Connection, rows: Iterable[int]) -> dict[int, list[int]]:
    """What was said in place of each of these rows, where something was."""
    found: dict[int, list[int]] = {}
    for old, new in cx.execute(
        "SELECT instead_id, item_id FROM branches WHERE instead_id IN (SELECT value FROM json_each(?)) ORDER BY item_id",
        (json.dumps([*rows]),),
    ):
        found.setdefault(whole(old), []).append(whole(new))
    return found
