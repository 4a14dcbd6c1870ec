"""What a request gives a pipeline to work on: text given with it, or the document it means; and how sentences are cut and numbered."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from ..messages import Item
from .running import Job

_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“(]?[\w–-])|\n+")
_WRAPPED = re.compile(r"(?<=\S[^\n]{39}[^\s.!?:;…])[ \t]*\n[ \t]*(?=[a-zß-ÿ(])")  # a line broken for its width, not for its sense
_ABBREVIATED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|Prof|No|e\.g|i\.e|approx|vs|ca)\.$|\b[A-Z]\.$")
_ORDER = re.compile(r"^\W*(\d{1,2})[.):]\s*(.+)$")
LONGEST = 60_000  # characters a pipeline reads


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence and the item it stands in; None for text given with the request."""

    text: str
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Sentences in their order, and what they are called ("" for given text)."""

    pieces: tuple[Piece, ...]
    title: str = ""

    @property
    def text(self) -> str:
        return "\n".join(piece.text for piece in self.pieces)


async def material(job: Job, words: str = "") -> Material:
    """What the request is about: the text given with it, else the document ``words`` (or the request) mean. Empty when there is none."""
    if job.text:
        return Material(tuple(Piece(one) for one in sentences(job.text[:LONGEST])))
    items = await asyncio.to_thread(job.hands.document, words or job.request)
    pieces, spent = [], 0
    for item in items:
        said = f"{item.speaker}: {item.text}" if item.speaker else item.text
        for one in sentences(said):
            spent += len(one)
            if spent < LONGEST:
                pieces.append(Piece(one, item))
    return Material(tuple(pieces), (items[0].source.title or items[0].source.ref) if items else "")


def sentences(text: str) -> list[str]:
    """Sentences and lines, without blanks around them; not cut behind "Dr." nor where a long line was only wrapped."""
    cut: list[str] = []
    for piece in _SENTENCE.split(_WRAPPED.sub(" ", text)):
        piece = " ".join(piece.split())
        if cut and _ABBREVIATED.search(cut[-1]):
            cut[-1] = f"{cut[-1]} {piece}"
        elif re.search(r"\w", piece):
            cut.append(piece)
    return cut


def numbered(lines: list[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def by_number(said: str) -> dict[int, str]:
    """Lines of an answer by the number before them."""
    found = (_ORDER.match(line.strip()) for line in said.splitlines())
    return {int(match[1]): match[2].strip() for match in found if match}


def nothing(job: Job, what: str = "document") -> str:
    """What to say where nothing was given and nothing is found."""
    job.hands.known = False
    return f"Which {what}? I found none that fits. Give its words with your request, or `import` it first."
