"""Which encoding a file of text is in, found by reading all of it once, and said aloud when it had to be assumed.

The order is the one that is wrong least often: a byte-order mark; UTF-16 without one (every other byte of Western text
is zero); UTF-8, which other encodings almost never form by accident; UTF-8 with a few bad bytes; and then Windows-1252,
in which any byte is some letter, so that it can only be assumed.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from ..errors import BadInput

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT, _READ = "it is no text", "pictures, sound and films cannot be read yet"
_CONTROLS = bytes(set(range(32)) - {8, 9, 10, 12, 13, 27}) + b"\x7f"  # bytes no text of our time holds


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, and in words what was assumed or repaired ("" when the file left no doubt)."""

    name: str
    assumed: str = ""


def find_encoding(stream: BinaryIO) -> Encoding:
    """The encoding of all of ``stream`` (left at its start), in memory that does not grow. Raises BadInput when it is binary."""
    stream.seek(0)
    head = stream.read(4096)
    try:
        return _find(stream, head)
    finally:
        stream.seek(0)


def _find(stream: BinaryIO, head: bytes) -> Encoding:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    few = len(head) // 50
    if odd > len(head) // 5 and even <= few:
        return Encoding("utf-16-le", "UTF-16 without its mark")
    if even > len(head) // 5 and odd <= few:
        return Encoding("utf-16-be", "UTF-16 without its mark")
    return _eight_bit(stream)


def _eight_bit(stream: BinaryIO) -> Encoding:
    """UTF-8, nearly UTF-8, or Windows-1252, by counting over the whole file."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    size = high = bad = foreign = controls = 0
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if b"\x00" in chunk:
            raise BadInput(_NO_TEXT, hint=_READ)
        controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
        text = decoder.decode(chunk)
        if not text.isascii():
            bad += text.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
            high += len(text) - len(text.encode("ascii", "ignore"))
            foreign += sum(map(chunk.count, (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")))
    bad += decoder.decode(b"", final=True).count("\ufffd")
    if controls * 100 > size:
        raise BadInput(_NO_TEXT, hint=_READ)
    if bad == 0:
        return Encoding("utf-8")
    if bad * 4 < high:  # most of its letters beyond ASCII are sound UTF-8
        return Encoding("utf-8", f"{bad} damaged characters stand as �")
    return Encoding("latin-1", "assumed Latin-1") if foreign else Encoding("cp1252", "assumed Windows-1252")
