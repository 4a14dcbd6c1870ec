"""Promises in a text: who said they would do what for whom, and until when, with the exact sentence. Pure, by rule, English.

Whatever is found waits for the person's word: a text from outside never makes a promise by itself.
"""

from __future__ import annotations

from datetime import datetime

from ..store.promises import Row
from .person import Promise, PromiseState


def found(
    text: str, *, by: str, to: str = "", said_at: datetime | None = None, asked: str = "", item_id: str = "", addressed: bool = True
) -> tuple[Promise, ...]:
    """The promises ``text`` makes, in its order. ``by`` speaks ("you" for the person) to ``to`` ("" when nobody says); ``asked``: what the
    other one said right before; ``addressed``: False for what is said to nobody who could be promised something (a note, a talk with
    the companion), where only a promise that names its receiver counts. Ids are "" until they are kept."""
    return ()


def shown(row: Row) -> Promise:
    """A kept promise as the person sees it."""
    return Promise(
        row.id, row.by, row.to, row.what, row.sentence, row.item_id, row.span, row.said_at, row.due, row.due_words, PromiseState(row.state)
    )
