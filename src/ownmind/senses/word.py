"""Word (.docx), read with the standard library: a zip of XML (ECMA-376 part 1, WordprocessingML).

Taken: paragraphs, headings (by style or outline level), lists, tables, footnotes and endnotes. Left out: text marked
hidden (``w:vanish``), text deleted or moved away under change tracking, field codes, headers and footers, comments,
pictures. Nothing outside the file is followed: relationships are not read at all.
A library that did all of this cost 98 MB, turned ``<b>`` in a sentence into ``b`` and let hidden text through.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # expat >= 2.4 limits entities, a document type is refused, a child with a memory limit runs it
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from ..errors import BadInput
from ..messages import Media, Part
from .sections import Block, lay_out
from .sniff import open_regular

LARGEST = 256 << 20  # bytes one member of the zip may unpack to: a zip bomb says so, or is cut off by its own check sum
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = {f"{_W}moveFrom", f"{_W}del", _FALLBACK}
_HEADING = re.compile(r"(?:heading|title|subtitle)\b", re.IGNORECASE)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


def perceive(media: Media) -> Iterator[Part]:
    """What stands under each heading, as a part. Raises BadInput when it is damaged, a bomb, or holds no text."""
    with open_regular(media.path) as stream:
        try:
            with zipfile.ZipFile(stream) as packed:
                yield from lay_out(_some(_document(packed)))
        except (zipfile.BadZipFile, zlib.error, ET.ParseError, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
            encrypted = isinstance(error, RuntimeError) and "encrypted" in str(error)
            raise BadInput("protected by a password" if encrypted else "a damaged Word file") from error


def _some(blocks: Iterator[Block]) -> Iterator[Block]:
    found = False
    for block in blocks:
        found = True
        yield block
    if not found:
        raise BadInput("no text in it")


def _document(packed: zipfile.ZipFile) -> Iterator[Block]:
    headings = _heading_styles(packed)
    yield from _blocks(packed, "word/document.xml", headings)
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        if notes in packed.namelist():
            yield from _blocks(packed, notes, headings)


def _member(packed: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A member of the zip, ready to be read. Raises BadInput for a bomb, or for XML with a document type (Word writes none)."""
    size = packed.getinfo(name).file_size
    if size > LARGEST:
        raise BadInput(f"a Word file that unpacks to {size >> 20} MB: more than the {LARGEST >> 20} MB that are read")
    with packed.open(name) as stream:
        if b"<!DOCTYPE" in stream.read(4096):
            raise BadInput("a Word file with a document type in it, which Word never writes")
    return packed.open(name)


def _heading_styles(packed: zipfile.ZipFile) -> set[str]:
    """Ids of the styles that mark a heading: ids are translated ("berschrift1"), names are not."""
    if "word/styles.xml" not in packed.namelist():
        return set()
    with _member(packed, "word/styles.xml") as stream:
        styles = ET.parse(stream).getroot()  # noqa: S314  # as at the import
    found = set()
    for style in styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None and _HEADING.match(name.get(f"{_W}val", "")):
            found.add(style.get(f"{_W}styleId", ""))
    return found


@dataclass(slots=True)
class _Rows:
    """The open tables: a stack of rows, each a list of cells, each a list of paragraphs."""

    rows: list[list[str]] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)


def _blocks(packed: zipfile.ZipFile, name: str, headings: set[str]) -> Iterator[Block]:
    """The blocks of one XML member in reading order. Elements are dropped as soon as they are read: memory stays flat."""
    open_elements: list[ET.Element] = []
    tables = _Rows()
    paragraphs = 0  # how many we are inside: a text box stands in a paragraph and holds paragraphs
    with _member(packed, name) as stream:
        for event, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314  # as at the import
            if event == "start":
                if not open_elements and _STRICT in element.tag:
                    raise BadInput("a Word file in the rare strict form: save it as an ordinary .docx")
                open_elements.append(element)
                paragraphs += element.tag == f"{_W}p"
                _started(element, tables)
                continue
            open_elements.pop()
            paragraphs -= element.tag == f"{_W}p"
            block = _ended(element, tables, headings)
            if open_elements and (paragraphs == 0 or element.tag == f"{_W}p" or element.tag in _UNSEEN):
                open_elements[-1].remove(element)
            if block and not any(above.tag in _UNSEEN for above in open_elements):
                yield block


def _started(element: ET.Element, tables: _Rows) -> None:
    if element.tag == f"{_W}tr":
        tables.rows.append([])
    elif element.tag == f"{_W}tc":
        tables.cells.append([])


def _ended(element: ET.Element, tables: _Rows, headings: set[str]) -> Block | None:
    """The block an element's end completes: a paragraph outside tables, or a row of the outermost one."""
    if element.tag == f"{_W}p":
        text = _paragraph(element)
        if not text:
            return None
        if not tables.cells:
            return Block(text, is_heading=_is_heading(element, headings))
        tables.cells[-1].append(text)
    elif element.tag == f"{_W}tc" and tables.rows:
        tables.rows[-1].append(" ".join(tables.cells.pop()))
    elif element.tag == f"{_W}tr":
        row = " | ".join(tables.rows.pop())
        if not row.strip(" |"):
            return None
        if not tables.cells:
            return Block(row)
        tables.cells[-1].append(row)
    return None


def _paragraph(paragraph: ET.Element) -> str:
    pieces: list[str] = []
    for run in paragraph.iter(f"{_W}r"):
        hidden = run.find(f"{_W}rPr/{_W}vanish")
        if hidden is not None and hidden.get(f"{_W}val", "1") not in ("0", "false", "off"):
            continue
        for part in run:
            if part.tag == f"{_W}t":
                pieces.append(part.text or "")
            else:
                pieces.append(_SIGNS.get(part.tag.removeprefix(_W), ""))
    return "".join(pieces).strip()


def _is_heading(paragraph: ET.Element, headings: set[str]) -> bool:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return False
    style = properties.find(f"{_W}pStyle")
    level = properties.find(f"{_W}outlineLvl")
    return (style is not None and style.get(f"{_W}val", "") in headings) or (level is not None and level.get(f"{_W}val", "9") != "9")
