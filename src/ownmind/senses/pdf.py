"""PDF, page by page, through PDFium (no JavaScript and no XFA are built into it, and nothing remote is fetched).

A part is a page. The whole extracted text is the pages with a blank line between. A page whose text PDFium cannot give
is left empty rather than ending the file; a document without any text (scans) is refused with that reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import BadInput
from ..messages import Media, Part, Span
from .sniff import open_regular

_SPLIT = "\ufffe"  # what PDFium puts where a word was divided at the end of a line
_COMPOUND = re.compile(r"(?<=\b\w)\ufffe|\ufffe(?=\w+-)")  # "X-" and "Aix-": there the hyphen belongs to the word


def perceive(media: Media) -> Iterator[Part]:
    """One part a page that holds text, with its number (from 1). Raises BadInput when it is protected, damaged or only pictures."""
    import pypdfium2  # 0.1 s: only when there is a PDF

    with open_regular(media.path) as stream:
        try:
            document = pypdfium2.PdfDocument(stream)
        except pypdfium2.PdfiumError as error:
            raise BadInput(_reason(str(error)), hint=_SAVE_ANEW) from error
        start = 0
        try:
            for number, page in enumerate(_pages(document), start=1):
                text = _COMPOUND.sub("-", page).replace(_SPLIT, "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
                if not text:
                    continue
                text += "\n\n"
                yield Part(text, Span(start, start + len(text)), page=number)
                start += len(text)
            if not start:
                raise BadInput(f"no text in it: its {len(document)} pages are pictures, which are not read yet")
        finally:
            document.close()


def _pages(document: object) -> Iterator[str]:
    """Each page's text as PDFium gives it; "" for a page it cannot read."""
    import pypdfium2

    assert isinstance(document, pypdfium2.PdfDocument)
    for index in range(len(document)):
        try:
            page = document[index]
            try:
                text = page.get_textpage()
                try:
                    yield str(text.get_text_range())
                finally:
                    text.close()
            finally:
                page.close()
        except pypdfium2.PdfiumError:
            yield ""


_SAVE_ANEW = "open it in the program you read it with, print it into a new PDF there, and give that"


def _reason(error: str) -> str:
    if "password" in error.lower():
        return "protected by a password"
    return "a damaged PDF"
