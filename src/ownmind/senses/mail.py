"""Letters: one (.eml, a file of a Maildir; RFC 5322) or a mailbox of many (mbox, RFC 4155). Each is one part: a JSON object of who wrote to
whom and what it says, which `connectors/letters.py` makes a Letter of.

The text is what its sender wrote: what it quotes of others and its signature are taken off (the signature is kept apart: it says who they
are). Attachments are passed over. Not covered: encrypted letters, and a quotation that nothing marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import blake2b
from typing import BinaryIO

from ..errors import BadInput
from ..messages import Media, Part, Span
from . import html
from .sniff import MAILBOX, open_regular

LARGEST = 32 << 20  # bytes of one letter that are read; of a larger one, its first megabyte
_CUT = 1 << 20
LONGEST = 100_000  # characters of text that are kept of one letter
_LONGEST_HEAD = 16_384  # characters of one field
MOST_PEOPLE = 20  # readers that are named
_BROKEN = (
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    RecursionError,
    AssertionError,
)  # the standard library's parser, on hostile heads
_Fields = dict[str, object]

_WROTE = re.compile(  # "On Monday, Ana wrote:", also over two lines, in the languages mail programs speak
    r"^\W{0,3}(?:On|Am|Le|El|Il|Em|Op|Den|Dne|Dňa|W dniu|Vào)\b[^\n]{3,200}(?:\n[^\n]{0,120})?"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napsal|napísal|napisał)[^\n:]{0,80}:\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale|Forwarded message"
    r"|Původní zpráva|Pôvodná správa|Weitergeleitete Nachricht)\s*-{2,}\s*$|^_{20,}\s*$"
    r"|^(?:From|Von|De|Da|Od):[^\n]+\n(?:Sent|Gesendet|Envoyé|Date|Datum|Inviato|Odesláno|Enviado):",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_SENT_FROM = re.compile(r"^(?:Sent from my|Von meinem .{1,30} gesendet|Envoyé de mon|Get Outlook for)[^\n]*$", re.IGNORECASE | re.MULTILINE)


class _Bounded(EmailPolicy):
    """The default policy, of heads cut to what is read of one: it takes the square of a field's length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        kept, size = [], 0
        for line in sourcelines:
            if size + len(line) > _LONGEST_HEAD:
                kept.append(line[: _LONGEST_HEAD - size] + "\n")
                break
            kept.append(line)
            size += len(line)
        return super().header_source_parse(kept)


_POLICY = _Bounded()


def perceive(media: Media) -> Iterator[Part]:
    """A part for each letter, in order; one with the heading "skipped" says why one was left out. Raises BadInput when there is none."""
    at = number = 0
    for content in _letters(media):
        number += 1
        try:
            fields, heading = letter(content), "letter"
        except _BROKEN as error:
            fields, heading = {"where": f"letter {number}", "reason": f"its head cannot be read ({type(error).__name__})"}, "skipped"
        except BadInput as error:
            fields, heading = {"where": f"letter {number}", "reason": error.message}, "skipped"
        text = json.dumps(fields) + "\n"
        yield Part(text, Span(at, at + len(text)), heading=heading)
        at += len(text)
    if not number:
        raise BadInput("no letter in it")


def letter(content: bytes) -> _Fields:
    """One letter: id, at, sender, to, cc, subject, answers, thread, text, signature, readers, is_bulk. Raises BadInput."""
    message = BytesParser(policy=_POLICY).parsebytes(content)
    assert isinstance(message, EmailMessage)
    senders = _people(message, "From") or _people(message, "Sender")
    if not senders:
        raise BadInput("nobody is named as its sender")
    to, cc = _people(message, "To"), [*_people(message, "Cc"), *_people(message, "Bcc")]
    text, signature = parted(_text(message))
    references = re.findall(r"<[^<>\s]{3,250}>", f"{_head(message, 'References')} {_head(message, 'In-Reply-To')}")
    own = next(iter(re.findall(r"<[^<>\s]{3,250}>", _head(message, "Message-ID"))), "") or _hashed(content)
    return {
        "id": own,
        "at": _date(message),
        "sender": senders[0],
        "to": to[:MOST_PEOPLE],
        "cc": cc[: max(MOST_PEOPLE - len(to), 0)],
        "subject": _head(message, "Subject")[:500],
        "answers": references[-1] if references else "",
        "thread": references[0] if references else own,
        "text": text[:LONGEST],
        "signature": signature[:1000],
        "readers": max(len(to) + len(cc), 1),
        "is_bulk": _is_bulk(message, senders[0][1]),
    }


def parted(text: str) -> tuple[str, str]:
    """What the sender wrote, and their signature, without what is quoted."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")[: LONGEST * 2]
    ends = [match.start() for pattern in (_WROTE, _ORIGINAL) if (match := pattern.search(text)) and _quotes(text, match.end())]
    text = text[: min(ends, default=len(text))]
    signature = ""
    if match := _SIGNATURE.search(text):
        text, signature = text[: match.start()], text[match.end() :]
    text = _SENT_FROM.sub("", text)
    kept = "\n".join(line.rstrip() for line in text.split("\n") if not line.startswith(">"))
    signed = "\n".join(line for line in signature.split("\n") if not line.startswith(">"))
    return re.sub(r"\n{3,}", "\n\n", kept).strip(), signed.strip()


def _quotes(text: str, at: int) -> bool:
    """Whether what follows is the end of the letter, as quotations mostly are: marked, or at least there."""
    return bool(text[at:].strip()) or at >= len(text.rstrip())


def _letters(media: Media) -> Iterator[bytes]:
    with open_regular(media.path) as stream:
        if media.media_type != MAILBOX:
            yield _bounded(stream.read(LARGEST + 1))
        else:
            yield from _mailbox(stream)


def _mailbox(stream: BinaryIO) -> Iterator[bytes]:
    """The letters between "From " lines that follow a blank line (RFC 4155); ">From " in a letter is "From "."""
    lines: list[bytes] = []
    size, blank, begun = 0, True, False
    while line := stream.readline(1 << 20):
        if blank and line.startswith(b"From "):
            if begun and size:
                yield _bounded(b"".join(lines))
            lines, size, begun = [], 0, True
        elif begun:
            size += len(line)
            if size <= LARGEST or len(lines) < 200:
                lines.append(line[1:] if re.match(rb">+From ", line) else line)
        blank = line in (b"\n", b"\r\n")
    if begun and size:
        yield _bounded(b"".join(lines))


def _bounded(content: bytes) -> bytes:
    return content if len(content) <= LARGEST else content[:_CUT]


def _people(message: EmailMessage, name: str) -> list[tuple[str, str]]:
    """(name, address) of everybody in a field. Read loosely: what mail programs write is not always what RFC 5322 allows."""
    found = []
    for said in message.get_all(name, []):
        named = [(one.display_name, one.addr_spec) for one in getattr(said, "addresses", ())]
        for person, address in named or getaddresses([_clean(str(said))]):
            address = _clean(address).lower()
            if "@" in address and len(address) <= 254:
                found.append((_clean(person).strip("'\" "), address))
    return list(dict.fromkeys(found))


def _head(message: EmailMessage, name: str) -> str:
    return _clean(str(message.get(name, "")))


def _clean(text: str) -> str:
    """On one line, without what no store can hold."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _date(message: EmailMessage) -> str:
    try:
        at = parsedate_to_datetime(_head(message, "Date"))
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        datetime.fromtimestamp(at.timestamp(), at.tzinfo)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return ""
    return at.isoformat()


def _text(message: EmailMessage) -> str:
    """The words of the letter: its plain part, else its HTML one as a person would see it."""
    body = message.get_body(("plain", "html"))
    if body is None or not isinstance(body, EmailMessage):
        return ""
    said = _decoded(body)
    if body.get_content_subtype() != "html":
        return said
    try:
        return "".join(part.text for part in html.read(said[: LONGEST * 20]))
    except BadInput:
        return ""


def _decoded(body: EmailMessage) -> str:
    """A part's text; what does not fit its charset, or names none that there is, is tried as UTF-8 and then Windows-1252."""
    octets = body.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    for charset in (body.get_content_charset("utf-8"), "utf-8"):
        try:
            return _kept(octets.decode(charset))
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return _kept(octets.decode("cp1252", "replace"))


def _kept(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


def _is_bulk(message: EmailMessage, sender: str) -> bool:
    """Of a list or a machine: RFC 2919 and 2369 (lists), 3834 (automatic), and the address that answers nobody."""
    automatic = _head(message, "Auto-Submitted").lower() not in ("", "no")
    listed = any(name in message for name in ("List-Id", "List-Unsubscribe", "List-Post"))
    bulk = _head(message, "Precedence").lower() in ("bulk", "list", "junk")
    return automatic or listed or bulk or bool(re.match(r"(?:no-?reply|donotreply|mailer-daemon|newsletter|notifications?)\b", sender))


def _hashed(content: bytes) -> str:
    return f"<{blake2b(content, digest_size=12).hexdigest()}@without.id>"
