"""What somebody said lately, and what the person said of them: the items that a card quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import apsw

from ..memory.whose import YOU, speaker_of
from ..memory.words import contains_words, words
from ..messages import Item, Kind
from ..store import items, targets, times
from .ask import RECENT, Said
from .correspondence import correspondence
from .person import Person

_MOST = 200  # items of each


def lately(
    cx: apsw.Connection, one: Person, names: Sequence[str], everybody: Iterable[Person], now: datetime
) -> tuple[list[Item], list[Item]]:
    """What they said, in letters and talks, and where the person names them; the latest last."""
    said = [item.ref for item in correspondence(cx, everybody, now) if item.person == one.id and not item.by_you]
    by = items.get(cx, [items.row_id(name) for name in said[-_MOST:]])
    rows = {row for name in names if words(name) for row, text in targets.mentioning(cx, words(name)) if contains_words(text, name)}
    about = [item for item in items.get(cx, items.shown(cx, sorted(rows)[-_MOST:])) if _is_yours(item) and _when(item) > now - RECENT]
    return by, about


def opened(cx: apsw.Connection, found: Sequence[Item], *, by: bool) -> list[Said]:
    """These items with the times they name, as `ask` reads them."""
    named = times.of(cx, [items.row_id(item.id) for item in found])
    return [
        Said(
            item.id, _when(item), by, item.text,
            tuple(
                (one.span_start, start, end)
                for one in named
                if items.item_id(one.item) == item.id and (start := items.moment(one.start)) and (end := items.moment(one.until))
            ),
        )
        for item in found
    ]  # fmt: skip


def _is_yours(item: Item) -> bool:
    return item.kind in (Kind.MESSAGE, Kind.NOTE, Kind.TURN) and speaker_of(item) == YOU


def _when(item: Item) -> datetime:
    return item.at or item.learned_at
