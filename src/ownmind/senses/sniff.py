"""What a file is, by its content first and its name second, and how to open it without being trapped.

A name lies ("holiday.txt" that is a PDF) and a path may be a pipe that never ends. So a file is opened without
blocking, checked to be a regular file on the descriptor itself, and its first bytes say what it is. Magic numbers are
those of the formats' own specifications (PDF 1.7 §7.5.2, ECMA-376, MS-CFB, RTF 1.9).
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from pathlib import Path, PurePath
from typing import BinaryIO

from ..errors import BadInput

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
TRANSCRIPT = "application/jsonl"
CALENDAR = "text/calendar"
CONTACTS = "text/vcard"
LETTER = "message/rfc822"
MAILBOX = "application/mbox"

HEAD = 4096  # bytes looked at
_MARKDOWN_NAMES = {".md", ".markdown", ".mdown", ".mkd"}
_MAIL_HEAD = re.compile(rb"^(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){3}")  # RFC 5322, 2.2
_MAIL_SIGNS = (b"from:", b"message-id:", b"received:", b"date:", b"to:", b"subject:", b"return-path:")
_HTML_NAMES = {".html", ".htm", ".xhtml"}
_HTML_START = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)

# Leading bytes -> what to tell the person. Only formats people really keep in the folders they give us.
_OTHER = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"ID3", "sound"),
    (b"fLaC", "sound"),
    (b"OggS", "sound or video"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"RIFF", "sound, video or a picture"),
    (b"{\\rtf", "a rich text file (RTF): save it as .docx"),
    (b"\x1f\x8b", "compressed (gzip): unpack it first"),
    (b"BZh", "compressed (bzip2): unpack it first"),
    (b"\xfd7zXZ", "compressed (xz): unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z): unpack it first"),
    (b"Rar!", "an archive (RAR): unpack it first"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = {
    "xl/workbook.xml": "a spreadsheet (Excel)",
    "ppt/presentation.xml": "slides (PowerPoint)",
    "META-INF/container.xml": "a book (EPUB)",
}


def open_regular(path: Path) -> BinaryIO:
    """The file's bytes, opened so that no pipe, socket or device can hold us. Raises BadInput with the reason in words."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # before opening too: opening a pipe for reading wakes its writer
            raise BadInput(special(path.stat().st_mode))
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise BadInput(why(error)) from error
    stream = os.fdopen(descriptor, "rb")
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):  # swapped between the two looks
        stream.close()
        raise BadInput(special(mode))
    return stream


def special(mode: int) -> str:
    """What a path that is no regular file is, in words."""
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    name = next((word for test, word in kinds if test(mode)), "no ordinary file")
    return f"{name}, not a file with text"


def why(error: OSError | ValueError) -> str:
    """An operating system's refusal, in words and without the path."""
    match error:
        case FileNotFoundError():
            return "it is no longer there"
        case PermissionError():
            return "no permission to read it"
        case OSError():
            return f"it cannot be read ({error.strerror or type(error).__name__})"
        case _:
            return "its name cannot be used on this system"


def sniff(stream: BinaryIO, name: str) -> str:
    """The media type of ``stream`` (left at its start). Raises BadInput saying what it is when no sense reads it."""
    stream.seek(0)
    head = stream.read(HEAD)
    suffix = PurePath(name).suffix.lower()
    found = _by_content(stream, head) or _text(head, suffix)
    stream.seek(0)
    return found


def _by_content(stream: BinaryIO, head: bytes) -> str | None:
    if not head:
        raise BadInput("it is empty")
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _packed(stream)
    if head.startswith(_OLE):
        raise BadInput("an old or password-protected Office file: save it as .docx without a password")
    if head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        raise BadInput("a picture: only text, HTML, PDF and Word are read")
    if head[4:8] == b"ftyp":
        raise BadInput("sound or video: only text, HTML, PDF and Word are read")
    for magic, words in _OTHER:
        if head.startswith(magic):
            raise BadInput(words if ":" in words else f"{words}: only text, HTML, PDF and Word are read")
    return None


def _packed(stream: BinaryIO) -> str:
    """What a zip file is, by the names in it."""
    try:
        with zipfile.ZipFile(stream) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput("a damaged Word or zip file") from error
    if "word/document.xml" in names:
        return WORD
    for name, words in _OFFICE.items():
        if name in names:
            raise BadInput(f"{words}: only text, HTML, PDF and Word are read")
    if "mimetype" in names and "content.xml" in names:
        raise BadInput("an OpenDocument file: save it as .docx")
    raise BadInput("an archive (zip): unpack it first")


def _text(head: bytes, suffix: str) -> str:
    plain = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    plain = plain.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _HTML_START.match(plain):
        return HTML
    if suffix in _HTML_NAMES and b"<" in plain:
        return HTML
    if plain.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return CALENDAR
    if plain.lstrip()[:11].upper() == b"BEGIN:VCARD":
        return CONTACTS
    if mail := _mail(head, suffix):
        return mail
    if suffix == ".jsonl":
        return TRANSCRIPT
    return MARKDOWN if suffix in _MARKDOWN_NAMES else PLAIN


def _mail(head: bytes, suffix: str) -> str:
    """Whether it is a letter or a mailbox; "" when neither. A text that only begins like one (notes of a talk) keeps its own type."""
    if head.startswith(b"From ") and (suffix in (".mbox", ".mbx", "") or _is_head(head.partition(b"\n")[2])):
        return MAILBOX
    if suffix == ".eml":
        return LETTER
    return LETTER if suffix not in (".txt", *_MARKDOWN_NAMES) and _is_head(head) else ""


def _is_head(head: bytes) -> bool:
    head = head.replace(b"\r\n", b"\n")
    begun = head.partition(b"\n\n")[0].lower()
    signs = sum(b"\n" + sign in b"\n" + begun for sign in _MAIL_SIGNS)
    return _MAIL_HEAD.match(head) is not None and b"\nfrom:" in b"\n" + begun and signs >= 4
