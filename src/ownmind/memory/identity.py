"""What makes two entries the same thing, and what recognises a thing that was forgotten. Keyed hashes: nothing is kept by them."""

from __future__ import annotations

from ..messages import Entry, Item, Kind
from ..store.tombstones import keyed
from .words import normalised


def identity(secret: bytes, entry: Entry) -> bytes:
    """Equal for entries that are one thing: the same id from the same source, else the same words at the same place and time.

    A document has no times of its own (a file's date changes when it is copied), so a passage is placed by its span instead.
    """
    if entry.external_id:
        return keyed(secret, "item by id", entry.source.ref, entry.external_id)
    place = f"{entry.span.start}:{entry.span.end}" if entry.span else ""
    return keyed(secret, "item", entry.source.ref, entry.conversation, _time(entry), place, entry.speaker, entry.text)


def buried_as(secret: bytes, entry: Entry) -> list[bytes]:
    """The tombstones any of which keeps ``entry`` out: by its identity, and by its words from that source at that time,
    whatever their case, blanks, punctuation and place."""
    return [identity(secret, entry), keyed(secret, "words", entry.source.ref, _time(entry), normalised(entry.text))]


def burial(secret: bytes, item: Item, content_key: bytes) -> list[bytes]:
    """The tombstones to leave for ``item``, whose row holds ``content_key``."""
    return [content_key, keyed(secret, "words", item.source.ref, _time(item), normalised(item.text))]


def _time(thing: Entry | Item) -> str:
    return "" if thing.kind is Kind.PASSAGE or thing.at is None else f"{thing.at.timestamp():.3f}"
