"""Where something was told: the words around a quote, who said them, when and where. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..messages import Item, Span

AROUND = 160  # characters shown on each side of the quote


@dataclass(frozen=True, slots=True)
class Told:
    """A window on an item: ``quote`` with what stands before and after it in the same line. ``kind`` is the item's."""

    before: str
    quote: str
    after: str
    at: datetime
    speaker: str
    title: str  # of the source
    kind: str
    page: int | None


def told(item: Item, span: Span) -> Told:
    """The words of ``item`` at ``span``, with what is around them."""
    before, after = item.text[: span.start], item.text[span.end :]
    return Told(
        _last(before), item.text[span.start : span.end], _first(after), item.at or item.learned_at, item.speaker, item.source.title,
        item.kind.value, item.page,
    )  # fmt: skip


def _first(text: str) -> str:
    """The start of ``text``, cut at a word, up to the end of its line."""
    line = text.partition("\n")[0]
    return line if len(line) <= AROUND else line[:AROUND].rsplit(" ", 1)[0] + " …"


def _last(text: str) -> str:
    line = text.rpartition("\n")[2]
    return line if len(line) <= AROUND else "… " + line[-AROUND:].split(" ", 1)[-1]
