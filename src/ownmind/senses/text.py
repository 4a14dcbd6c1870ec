"""Plain text and Markdown, streamed: memory does not grow with the file.

The whole extracted text is the decoded file itself, character for character (without a byte-order mark), so a span is
a position in the file as a person sees it. Plain text is cut into parts at blank lines, Markdown at its headings
(CommonMark 0.31 §4.2 and §4.3, outside fenced code).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TextIO

from ..messages import Media, Part, Span
from .encoding import find_encoding
from .sniff import MARKDOWN, open_regular

LONGEST = 32_768  # characters in one part; longer stretches are cut at the next blank line, or at twice this anywhere

_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t\r\n]|$)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*\r?\n?$")


def perceive(media: Media) -> Iterator[Part]:
    """The file's text in order; joined, the parts are the whole text. Raises BadInput when it is binary or cannot be read."""
    with open_regular(media.path) as stream:
        encoding = find_encoding(stream)
        text = io.TextIOWrapper(stream, encoding=encoding.name, errors="replace", newline="")
        yield from (_markdown(text) if media.media_type.startswith(MARKDOWN) else _plain(text))


def _plain(text: TextIO) -> Iterator[Part]:
    gathered: list[str] = []
    size = start = 0
    for line in _lines(text):
        gathered.append(line)
        size += len(line)
        if (size >= LONGEST and not line.strip()) or size >= 2 * LONGEST:
            yield Part("".join(gathered), Span(start, start + size))
            start, size, gathered = start + size, 0, []
    if size:
        yield Part("".join(gathered), Span(start, start + size))


def _markdown(text: TextIO) -> Iterator[Part]:
    gathered: list[str] = []
    size = start = 0
    heading = fence = ""
    for line in _lines(text):
        found = None if fence else _HEADING.match(line)
        if (found and size) or size >= LONGEST:
            yield Part("".join(gathered), Span(start, start + size), heading=heading)
            start, size, gathered = start + size, 0, []
        if found:
            heading = _title(line[found.end() :])
        elif opened := _FENCE.match(line):
            fence = "" if opened.group(1) == fence else fence or opened.group(1)
        elif not fence and gathered and _UNDERLINE.match(line) and _is_title(gathered):
            title = gathered.pop()
            if gathered:
                before = "".join(gathered)
                yield Part(before, Span(start, start + len(before)), heading=heading)
                start, size = start + len(before), len(title)
            gathered, heading = [title], title.strip()
        gathered.append(line)
        size += len(line)
    if size:
        yield Part("".join(gathered), Span(start, start + size), heading=heading)


def _title(rest: str) -> str:
    """A heading's words, without the marks that may close it."""
    words = rest.strip()
    bare = words.rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else words


def _is_title(lines: list[str]) -> bool:
    """Whether the last line may be the text of an underlined heading: one line of its own, and no list or table."""
    last = lines[-1].strip()
    return bool(last) and last[0] not in "-*+>|#" and (len(lines) == 1 or not lines[-2].strip())


def _lines(text: TextIO) -> Iterator[str]:
    """Lines with their ends; a line longer than a part comes in pieces, so that a file of one line stays flat too."""
    while line := text.readline(LONGEST):
        yield line
