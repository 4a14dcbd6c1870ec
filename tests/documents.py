"""Makes real files for tests: what people give an import, and what a stranger might."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import docx
from docx.document import Document
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def pdf(path: Path, pages: Sequence[str], *, password: str = "", picture: bool = False) -> Path:
    """A PDF with these pages; ``picture``: each page is only an image."""
    sheet = canvas.Canvas(str(path), encrypt=StandardEncryption(password) if password else None)
    for page in pages:
        if picture:
            sheet.drawImage(ImageReader(io.BytesIO(PNG)), 50, 50, 400, 600)
        else:
            text = sheet.beginText(50, 800)
            text.textLines(page)
            sheet.drawText(text)
        sheet.showPage()
    sheet.save()
    return path


def word(path: Path, sections: Sequence[tuple[str, Sequence[str]]], *, rows: Sequence[Sequence[str]] = (), hidden: str = "") -> Path:
    """A Word file of headings with paragraphs under each, then a table; ``hidden`` is text formatted not to be seen."""
    document: Document = docx.Document()
    for heading, paragraphs in sections:
        document.add_heading(heading, 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    if hidden:
        document.add_paragraph("Seen. ").add_run(hidden).font.hidden = True
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    document.save(str(path))
    return path


def rewritten(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """The zip at ``path`` with one member changed."""
    with zipfile.ZipFile(path) as packed:
        members = {member: packed.read(member) for member in packed.namelist()}
    members[name] = members[name].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for member, content in members.items():
            packed.writestr(member, content)
    return path


def transcript(path: Path, turns: Iterable[dict[str, object] | str | bytes]) -> Path:
    """A transcript: objects as JSON, text and bytes as they are."""
    with path.open("wb") as file:
        for turn in turns:
            line = turn if isinstance(turn, bytes) else turn.encode() if isinstance(turn, str) else json.dumps(turn).encode()
            file.write(line + b"\n")
    return path


def turn(number: int, text: str = "", **more: object) -> dict[str, object]:
    """One turn of a transcript."""
    return {
        "id": f"t{number}",
        "at": 1_700_000_000 + 60 * number,
        "speaker": ("Ana", "Ben")[number % 2],
        "text": text or f"Turn {number} is about topic {number * 7 % 1000}.",
        **more,
    }


def prose(words: int, *, seed: int = 0) -> str:
    """Sentences of about a dozen words, every one different, in paragraphs of five."""
    sentences = []
    for number in range(words // 12):
        sentences.append(f"Sentence {seed}-{number} tells of the garden and what grew there in week {number % 52} again.")
    paragraphs = [" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5)]
    return "\n\n".join(paragraphs) + "\n"


def outcome(script: str, *arguments: object) -> tuple[list[str], int]:
    """Runs Python code in a process of its own: the words it printed, and its peak of resident memory in KiB (Linux only).

    Not ``ru_maxrss``, which a child inherits from the process it was forked from.
    """
    script += "\nfrom pathlib import Path\nprint([x.split()[1] for x in Path('/proc/self/status').open() if x[:6] == 'VmHWM:'][0])"
    run = subprocess.run([sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=True)
    *words, peak = run.stdout.split()
    return words, int(peak)


def as_root() -> bool:
    """Whether permissions do not hold us back, so that a test of them cannot fail."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
