"""What the person thought of replies: a thumb each, and a word of correction where they gave one.

The word is an item (withheld until the person has it remembered), the reply another: rows here hold places only, so forgetting either takes
along what it should.
"""

from __future__ import annotations

from ..messages import Feedback
from .database import Database
from .items import item_id, moment, row_id

_FOUND = """SELECT f.reply_id, r.text, f.is_good, w.id, w.text, w.withheld, f.at FROM feedback f JOIN items r ON r.id = f.reply_id
    LEFT JOIN items w ON w.id = f.word_id LEFT JOIN conversations c ON c.id = r.conversation_id"""


class Feedbacks:
    """The thumbs of one home."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def rate(self, reply: str, *, is_good: bool, word: str, now: float) -> None:
        """Keeps a thumb in place of the one before. ``word``: the id of the item that holds the correction, "" for none. The word of the
        thumb before goes, unless it is remembered by now."""
        number = row_id(reply, "i")
        with self._db.write() as cx:
            cx.execute("DELETE FROM feedback WHERE reply_id = ?", (number,))
            cx.execute(
                "INSERT INTO feedback(reply_id, is_good, word_id, at) VALUES (?, ?, ?, ?)",
                (number, is_good, row_id(word, "i") if word else None, now),
            )
            if word:
                cx.execute("UPDATE items SET withheld = 1 WHERE id = ? AND withheld = 0", (row_id(word, "i"),))

    def undo(self, reply: str) -> bool:
        """Takes a thumb back, with its word where that is not remembered; False where there was none."""
        with self._db.write() as cx:
            cx.execute("DELETE FROM feedback WHERE reply_id = ?", (row_id(reply, "i"),))
            return cx.changes() > 0

    def all(self, conversation: str = "", reply: str = "") -> list[Feedback]:
        """Those of a conversation, of one reply, or every one; the oldest first."""
        where, bound = ("WHERE f.reply_id = ?", row_id(reply, "i")) if reply else ("WHERE c.key = ?", conversation)
        sql = f"{_FOUND} {where if reply or conversation else ''} ORDER BY f.at, f.reply_id"  # constants
        with self._db.read() as cx:
            return [
                Feedback(
                    item_id(number), str(said), bool(is_good), "" if word is None else item_id(word), str(words or ""),
                    word is not None and not withheld, at=moment(at),
                )
                for number, said, is_good, word, words, withheld, at in cx.execute(sql, (bound,) if reply or conversation else ())
            ]  # fmt: skip
