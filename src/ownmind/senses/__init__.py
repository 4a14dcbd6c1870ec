"""Bytes to text, with spans: one file a sense.

Every sense has one function, ``perceive(media) -> Iterator[Part]``. The parts come in reading order, and joined they are
the whole extracted text: ``part.span`` is exact in it. A file that cannot be read raises BadInput, whose message is the
reason in words a person understands. What a sense reads is data: it runs no script, follows no link, fetches nothing.

Text is decoded in this process. PDF, Word and HTML are parsed by `sandbox.Sandbox` in a child process with limits,
because their parsers meet whatever a stranger wrote.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import BadInput
from ..messages import Media, Part
from .encoding import find_encoding
from .sniff import CALENDAR, CONTACTS, HTML, LETTER, MAILBOX, MARKDOWN, PDF, PLAIN, TRANSCRIPT, WORD, open_regular, sniff, why

__all__ = [
    "CALENDAR",
    "CONTACTS",
    "HTML",
    "LETTER",
    "MAILBOX",
    "MARKDOWN",
    "PDF",
    "PLAIN",
    "TRANSCRIPT",
    "WORD",
    "find_encoding",
    "is_risky",
    "open_regular",
    "perceive",
    "sniff",
    "why",
]


def is_risky(media_type: str) -> bool:
    """Whether the type's parser must run in a `Sandbox`."""
    return media_type in (PDF, WORD, HTML, CONTACTS, LETTER, MAILBOX)


def perceive(media: Media) -> Iterator[Part]:
    """The parts of ``media``, read by the sense for its media type, in this process."""
    match media.media_type:
        case "application/pdf":
            from . import pdf

            return pdf.perceive(media)
        case "text/html":
            from . import html

            return html.perceive(media)
        case word_type if word_type == WORD:
            from . import word

            return word.perceive(media)
        case "text/vcard":
            from . import vcard

            return vcard.perceive(media)
        case "message/rfc822" | "application/mbox":
            from . import mail

            return mail.perceive(media)
        case "text/plain" | "text/markdown":
            from . import text

            return text.perceive(media)
        case other:
            raise BadInput(f"no sense reads {other}")
