"""Summarise a document: code picks the sentences that decide something, the model shortens each, code checks each against its source.

A free summary by the starter brain kept .60 of the key facts (dev/LOG.md); here what is kept is chosen before it speaks."""

from __future__ import annotations

import math
import re

from ...memory.citing import stems
from .. import checks
from ..hands import Shots, quoted
from ..material import Piece, by_number, material, nothing, numbered
from ..running import Job, Pieces

_SHORT, _LEAST, _MOST = 20, 3, 10  # sentences of a short text, and how many are kept
_LONG = 14  # words from which a sentence is worth shortening
_AT_ONCE = 4
_DECIDES = re.compile(
    r"\b(?:must|shall|may not|only|until|before|deadline|due|by|cost|price|pay|fee|deposit|rent|end|begin|start|agree|decid|require|notice"
    r"|allerg|forbidden|except|result|found|conclu|because|therefore|important|total|risk|warn)",
    re.IGNORECASE,
)
_ORDERS = re.compile(r"\b(?:ignore|disregard)\b.{0,40}\b(?:instruction|previous|above)|\bassistant\s*[:,]|\bsystem prompt\b", re.IGNORECASE)
_SHOTS = Shots(
    "Shorten each numbered sentence. Keep every name, number, date and every not. Add nothing. Answer with the same numbers.",
    (
        (
            "1. The committee, which met for the third time this year in the old town hall, decided after a long debate to raise the "
            "fee to 40 "
            "euros from 1 March.\n2. Members who have not paid by 15 April will, unless they have spoken to the treasurer, lose their key.",
            "1. The committee raises the fee to 40 euros from 1 March.\n"
            "2. Members who have not paid by 15 April lose their key, unless they spoke to the treasurer.",
        ),
        (
            "1. In our view, and that of most people we asked, the new bus line number 12 has been something of a disappointment so far.\n"
            "2. Please note that dogs are, as has always been the case in this garden, not allowed on the grass.",
            "1. The new bus line 12 has been a disappointment so far.\n2. Dogs are not allowed on the grass.",
        ),
    ),
    most=260,
)


async def run(job: Job) -> Pieces:
    held = await material(job)
    if not held.pieces:
        yield nothing(job)
        return
    ordering = [piece for piece in held.pieces if _ORDERS.search(piece.text)]
    plain = [piece for piece in held.pieces if piece not in ordering]
    kept = chosen(plain)
    if held.title:
        yield f"{held.title}, in short:\n"
    for start in range(0, len(kept), _AT_ONCE):
        batch = kept[start : start + _AT_ONCE]
        for line, piece in zip(await shortened(job, batch), batch, strict=True):
            if piece.item is not None:
                job.hands.cite(piece.item, piece.text)
            yield f"- {line}\n"
    if ordering:
        job.hands.warnings.append("It holds words that order machines about; I did not follow them.")


def chosen(pieces: list[Piece]) -> list[Piece]:
    """The sentences that decide something, in the order of the text."""
    if not pieces:
        return []
    share = 0.5 if len(pieces) <= _SHORT else 0.3  # a short text says little that is not wanted
    most = max(_LEAST, min(_MOST, math.ceil(len(pieces) * share)))
    common: dict[str, int] = {}
    for piece in pieces:
        for word in stems(piece.text):
            common[word] = common.get(word, 0) + 1
    topics = {word for word, count in common.items() if count >= 2}

    def weight(place: int) -> float:
        text = pieces[place].text
        size = len(text.split())
        score = 1.2 * min(3, len(checks.numbers(text))) + 0.5 * min(3, len(checks.names(text))) + 1.8 * checks.negated(text)
        score += 0.7 * min(3, len(_DECIDES.findall(text))) + 0.15 * min(6, len(stems(text) & topics)) + (0.8 if place == 0 else 0.0)
        return score - (2.0 if size < 5 else 0.0) - (1.0 if text.endswith("?") else 0.0)

    places = sorted(range(len(pieces)), key=lambda place: -weight(place))[:most]
    return [pieces[place] for place in sorted(places)]


async def shortened(job: Job, batch: list[Piece]) -> list[str]:
    """Each sentence shorter, or as it stands where the short one says something else."""
    long = [piece.text for piece in batch if len(piece.text.split()) >= _LONG]
    said = by_number(await job.hands.ask(_SHOTS, quoted(numbered(long)))) if long else {}
    short = {text: said.get(number, "") for number, text in enumerate(long, 1)}
    return [faithful(short.get(piece.text, ""), piece.text) for piece in batch]


def faithful(said: str, source: str) -> str:
    """``said`` where it keeps numbers, names and every not of ``source`` and is shorter, else ``source``."""
    bad = not said or len(said) >= len(source) or checks.invented(said, source) or checks.lost(said, source) or checks.turned(said, source)
    unlike = checks.share(stems(said), stems(source)) < 0.75
    return source if bad or unlike or checks.names(source) - checks.names(f"x {said}") else said
