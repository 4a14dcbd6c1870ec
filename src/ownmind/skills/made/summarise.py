"""Summarise a document: code keeps what decides something, section by section; the model shortens, and code checks each sentence against
its source.

A free summary by the starter brain kept .60 of the key facts, and half of a text's sentences by weight left out prohibitions
(dev/LOG.md); so nothing that decides is left out of a short text, and what is shortened has to say the same."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

from ..deciding import chosen, sections
from ..material import Piece, material, nothing, sentences
from ..running import Job, Pieces
from ..shortening import AT_ONCE, Ask, shortened

_ORDERS = re.compile(r"\b(?:ignore|disregard)\b.{0,40}\b(?:instruction|previous|above)|\bassistant\s*[:,]|\bsystem prompt\b", re.IGNORECASE)


async def run(job: Job) -> Pieces:
    held = await material(job)
    if not held.pieces:
        yield nothing(job)
        return
    plain = [piece for piece in held.pieces if not _ORDERS.search(piece.text)]
    if held.title:
        yield f"{held.title}, in short:\n"
    under = ""
    async for heading, line, piece in lines(plain, job.hands.ask):
        if piece.item is not None:
            job.hands.cite(piece.item, piece.text)
        if heading and heading not in (under, held.title):
            yield f"\n{heading}\n"
        under = heading
        yield f"- {line}\n"
    if len(plain) < len(held.pieces):
        job.hands.warnings.append("It holds words that order machines about; I did not follow them.")


async def lines(pieces: Sequence[Piece], ask: Ask) -> AsyncGenerator[tuple[str, str, Piece]]:
    """What is kept, in the order of the text: the heading it stands under, the line, and the sentence it was made from."""
    kept = [(one.heading, piece) for one in chosen(sections(pieces)) for piece in one.pieces]
    for start in range(0, len(kept), AT_ONCE):
        batch = kept[start : start + AT_ONCE]
        short = await shortened([piece.text for _, piece in batch], ask)
        for (heading, piece), line in zip(batch, short, strict=True):
            yield heading, line, piece


async def summary(text: str, ask: Ask) -> str:
    """A text that is no document of anybody's, summed up in the same way; a line for each sentence that is kept."""
    return "\n".join([line async for _, line, _ in lines([Piece(one) for one in sentences(text)], ask)])
