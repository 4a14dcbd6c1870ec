"""Compare options: what is known of each, under the same headings, rules first; the choice stays with the person. By code."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from ...memory.citing import stems
from ...messages import Item, Kind
from ..food import clashes
from ..material import Piece, material, nothing, sentences
from ..running import Job, Pieces

_BETWEEN = re.compile(r"\bbetween\s+(?P<all>.+)$|\bcompare\s+(?P<these>.+)$", re.IGNORECASE | re.DOTALL)
_APART = re.compile(r"\s*(?:,\s*(?:and|or)\s+|,\s*|\s+(?:and|or|with|to|vs\.?|versus)\s+)", re.IGNORECASE)
_TAIL = re.compile(
    r"\s+(?:for (?:me|us)|please|from (?:my|the|what)\b.*|by (?:price|cost|size)\b.*|in (?:my|the) (?:notes|document)\b.*)$|[.?!]+$",
    re.IGNORECASE,
)
_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "cost",
        re.compile(
            r"[€$£]\s?\d|\d[\d.,]*\s?(?:€|euros?|dollars?|pounds?)|\b(?:cost|price|rent|fee|cheap|expensive|free of charge|deposit)",
            re.IGNORECASE,
        ),
    ),
    (
        "size",
        re.compile(
            r"\b\d[\d.,]*\s?(?:m²|sqm|square|rooms?|litres?|kg|cm|inch|seats?|gb|tb)\b|\b(?:spacious|small|large|tiny|big|rooms?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "place",
        re.compile(r"\b(?:near|far|away|minutes? (?:from|to|by)|centre|center|district|street|km|station|floor|located)\b", re.IGNORECASE),
    ),
    (
        "time",
        re.compile(
            r"\b(?:from|until|by|available|starts?|ends?|opens?|closes?|takes?|lasts?|days?|weeks?|months?|warranty)\b", re.IGNORECASE
        ),
    ),
    (
        "against",
        re.compile(
            r"\b(?:but|however|no|not|without|noisy|loud|dark|broken|bad|worse|risk|slow|old|problem|complain)\b|n['’]t\b", re.IGNORECASE
        ),
    ),
)
_MOST = 9  # sentences of an option


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    said: tuple[Piece, ...]


async def run(job: Job) -> Pieces:
    wanted = options(job.request)
    if len(wanted) < 2:
        job.hands.known = False
        yield "Compare which? For example: compare the Lindt flat and the Harbour flat."
        return
    held = [await _of(job, name, wanted) for name in wanted]
    if not any(option.said for option in held):
        yield nothing(job, "options")
        return
    needs = await asyncio.to_thread(job.hands.needs)
    found = [breach for option in held for piece in option.said for breach in clashes(piece.text, needs, option.name)]
    for breach in dict.fromkeys(found):
        yield f"! {breach}\n"
    headings = [name for name, _ in _HEADINGS] + ["besides"]
    table = {option.name: _sorted(option) for option in held}
    for heading in headings:
        if not any(heading in table[option.name] for option in held):
            continue
        yield f"\n{heading.title()}\n"
        for option in held:
            pieces = table[option.name].get(heading, ())
            said = " ".join(dict.fromkeys(piece.text for piece in pieces)) or "not known"
            yield f"- {option.name}: {said}\n"
            for piece in pieces:
                if piece.item is not None:
                    job.hands.cite(piece.item, piece.text)
    missing = [option.name for option in held if not option.said]
    if missing:
        job.hands.warnings.append(f"Nothing is known of {' and '.join(missing)}.")


def options(request: str) -> list[str]:
    """The names of what is to be compared."""
    match = _BETWEEN.search(request)
    if match is None:
        return []
    said = _TAIL.sub("", (match["all"] or match["these"]).strip())
    return [part.strip(" “”\"'") for part in _APART.split(said) if part and part.strip(" “”\"'")][:5]


async def _of(job: Job, name: str, every: list[str]) -> Option:
    """What is said of one option: sentences that name it, and those after them in the same place that name no other."""
    own = _mark(name, every)
    others = set().union(*(_mark(other, every) for other in every if other != name))
    said: list[Piece] = []
    if job.text:
        said = _following(tuple((await material(job)).pieces), own, others)
    else:
        items = await asyncio.to_thread(job.hands.recall, name, 8)
        for item in items:
            if item.kind is not Kind.REPLY and own <= stems(f"{item.text} {item.source.title}"):
                titled = own <= stems(item.source.title)
                said += _following(_pieces(item), own, others, is_on=titled)
    return Option(name, tuple(dict.fromkeys(said))[:_MOST])


def _mark(name: str, every: list[str]) -> set[str]:
    """The words of a name that tell it from the others; all of them where none does."""
    shared = [stems(other) for other in every if other != name]
    return {word for word in stems(name) if not any(word in other for other in shared)} or stems(name)


def _pieces(item: Item) -> tuple[Piece, ...]:
    return tuple(Piece(one, item) for one in sentences(item.text))


def _following(pieces: tuple[Piece, ...], own: set[str], others: set[str], *, is_on: bool = False) -> list[Piece]:
    kept = []
    for piece in pieces:
        words = stems(piece.text)
        if own & words:
            is_on = True
        elif others & words:
            is_on = False
        if is_on:
            kept.append(piece)
    return kept


def _sorted(option: Option) -> dict[str, list[Piece]]:
    """Each sentence under the first heading it has a word of."""
    table: dict[str, list[Piece]] = {}
    for piece in option.said:
        heading = next((name for name, form in _HEADINGS if form.search(piece.text)), "besides")
        table.setdefault(heading, []).append(piece)
    return table
