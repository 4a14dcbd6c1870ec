"""Blocks of text with headings above them, laid end to end as parts whose spans are exact.

HTML and Word have no text of their own: their whole extracted text is made here, block after block with a blank line
between, and a part is what stands under one heading (cut when it grows long).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..messages import Part, Span

LONGEST = 16_384  # characters in one part before the next block begins a new one


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list entry, row or heading, without the blank line after it."""

    text: str
    is_heading: bool = False


def lay_out(blocks: Iterable[Block], title: str = "") -> Iterator[Part]:
    """Parts that join to the whole text. ``title`` is the heading of what comes before the first one."""
    gathered: list[str] = []
    start = size = 0
    heading = title
    for block in blocks:
        if size and (block.is_heading or size >= LONGEST):
            yield Part("".join(gathered), Span(start, start + size), heading=heading)
            start, size, gathered = start + size, 0, []
        if block.is_heading:
            heading = " ".join(block.text.split())
        gathered.append(f"{block.text}\n\n")
        size += len(block.text) + 2
    if size:
        yield Part("".join(gathered), Span(start, start + size), heading=heading)
