"""What a person says they want, read by code: which kind of goal it is, its name in their own words, and every part with where it stands.

Pure. English; of another language only what is written in figures is read, and that is said. A part is given only where the words say it:
what is unclear stays empty and is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

from .goal import Chip


@dataclass(frozen=True, slots=True)
class Stated:
    """A goal as it was said. ``template``: the id of one of `templates.all`, "" when the words do not say which. ``remarks``: sentences
    the person must be told, such as that a day has passed. ``other``: the words of a second goal said in the same breath."""

    title: str
    template: str = ""
    chips: tuple[Chip, ...] = ()
    remarks: tuple[str, ...] = ()
    other: str = ""


def read(statement: str, said_at: datetime, zone: tzinfo, *, item_id: str = "", names: Collection[str] = ()) -> Stated:
    """The goal that ``statement`` says. Days are counted from ``said_at`` in ``zone``; ``names`` are people known by name, as written;
    ``item_id`` is where the statement is remembered, for the chips."""
    return Stated(" ".join(statement.split())[:120])
