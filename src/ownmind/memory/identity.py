"""What makes two entries the same thing, and what recognises a thing that was forgotten. Keyed hashes: nothing is kept by them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from ..messages import Entry, Integrity, Item, Kind
from ..store.tombstones import keyed
from .words import normalised

_PAST = timedelta(hours=1)  # a note dated further back than this is brought from elsewhere, not said now
_SENTENCE_END = re.compile(r"(?<=[.!?\u3002\uff01\uff1f])\s*|\n+")


def identity(secret: bytes, entry: Entry) -> bytes:
    """Equal for entries that are one thing: the same id from the same source, else the same words at the same place and time.

    A document has no times of its own (a file's date changes when it is copied), so a passage is placed by its span instead.
    """
    if entry.external_id:
        return keyed(secret, "item by id", entry.source.ref, entry.external_id)
    place = f"{entry.span.start}:{entry.span.end}" if entry.span else ""
    return keyed(secret, "item", entry.source.ref, entry.conversation, _time(entry), place, entry.speaker, entry.text)


def buried_as(secret: bytes, entry: Entry, now: datetime) -> list[bytes]:
    """The tombstones any of which keeps ``entry`` out.

    By its identity, and by its words from that source at that time, whatever their case, blanks, punctuation and place. What is
    brought from elsewhere (imported, or dated to the past) is also known by its words in any file and under any id. What the
    person says now is not: saying a thing again is a new act.
    """
    known = [identity(secret, entry), _in_source(secret, entry)]
    return [*known, *_anywhere(secret, entry)] if _is_brought(entry, now) else known


def burial(secret: bytes, item: Item, content_key: bytes) -> list[bytes]:
    """The tombstones to leave for ``item``, whose row holds ``content_key``. A note that got its time from the clock comes back
    without one, so it is known that way too."""
    left = [content_key, _in_source(secret, item), *_anywhere(secret, item)]
    return [*left, _in_source(secret, replace(item, at=None))] if is_said_now(item) else left


def is_said_now(thing: Entry | Item) -> bool:
    """Whether these are the person's own words for a note of theirs: without a date of its own, it is said when it is written down."""
    return (
        thing.kind is Kind.NOTE and thing.label.integrity is Integrity.PERSON and not thing.speaker and thing.source.ref.startswith("note:")
    )


def sentence_keys(secret: bytes, text: str) -> set[bytes]:
    """Keyed hashes of the sentences of ``text`` that are long enough to tell: what ``--verify`` compares when the words are gone."""
    said = (normalised(sentence) for sentence in _SENTENCE_END.split(text))
    return {keyed(secret, "sentence", sentence) for sentence in said if _tells(sentence)}


def _in_source(secret: bytes, thing: Entry | Item) -> bytes:
    return keyed(secret, "words", thing.source.ref, _time(thing), _said(thing.text))


def _anywhere(secret: bytes, thing: Entry | Item) -> list[bytes]:
    """The same message in another file, under another id, with another time zone or with its seconds cut off.

    Two people's "Yes" in one minute must not bury each other, so a short text counts only with its speaker; a long one counts
    whatever the file calls who said it. Without a time only a long text is recognised.
    """
    said = _said(thing.text)
    if not _time(thing) or thing.at is None:
        return [keyed(secret, "told", said)] if _tells(said) else []
    speaker = "" if _tells(said) else normalised(thing.speaker)
    return [keyed(secret, "said", speaker, str(int(thing.at.timestamp() // 60)), said)]


def _is_brought(entry: Entry, now: datetime) -> bool:
    if entry.kind is Kind.NOTE:
        return entry.at is not None and now - entry.at > _PAST
    return entry.kind in (Kind.TURN, Kind.PASSAGE)


def _tells(said: str) -> bool:
    """Whether these words are hardly said twice by chance: six of them, or as long a stretch in a script without blanks."""
    words = said.count(" ") + 1
    return words >= 6 or (words <= 2 and len(said) >= 24)


def _said(text: str) -> str:
    return normalised(text) or text.strip()  # signs alone have no words: they stand for themselves


def _time(thing: Entry | Item) -> str:
    return "" if thing.kind is Kind.PASSAGE or thing.at is None else f"{thing.at.timestamp():.3f}"
