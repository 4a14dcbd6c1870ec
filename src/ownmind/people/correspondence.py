"""What was lately said between the person and others, letters and talks alike: what `waiting` looks at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

import apsw

from ..memory.predicates import YOU
from ..memory.whose import speaker_of
from ..messages import Item, Kind
from ..store import items, people, targets
from .person import Person
from .waiting import OLDEST, Said

_MOST = 20_000  # items of the last weeks that are looked at


def correspondence(cx: apsw.Connection, persons: Iterable[Person], now: datetime) -> list[Said]:
    """Letters and turns of talks since ``waiting.OLDEST``, in order of time. ``persons``: everybody, the person themselves too."""
    by_handle = {held.value.lower(): one for one in persons for held in one.handles}
    rows = targets.said_between(cx, (now - OLDEST).timestamp(), now.timestamp())[-_MOST:]
    bulk = {head.item for head in people.heads(cx) if head.is_bulk}
    turns = [item for item in items.get(cx, items.shown(cx, rows)) if item.kind is Kind.TURN and item.at is not None]
    you = frozenset(value for value, one in by_handle.items() if one.is_you)
    found = [_said(item, by_handle, you) for item in turns if items.row_id(item.id) not in bulk or item.speaker.strip().lower() in you]
    return sorted(found, key=lambda one: one.at)


def _said(item: Item, by_handle: dict[str, Person], you: frozenset[str]) -> Said:
    assert item.at is not None, "the caller chose those with a time"
    head = HEAD.match(item.text) if item.source.kind == "letters" else None
    match = _ADDRESS.search(head["sender"]) if head is not None else None
    address = (match["email"] or match["bare"] or "").strip().lower() if match else ""
    sender = by_handle.get(address) or by_handle.get(item.speaker.strip().lower())
    by_you = speaker_of(item) == YOU or (sender is not None and sender.is_you)
    to = readers(head, you) if head is not None else []
    other = by_handle.get(to[0].lower()) if by_you and len(to) == 1 else sender if not by_you else None
    name = other.name if other is not None else item.speaker
    text = item.text[head.end() :] if head is not None else item.text
    return Said(item.id, item.conversation or item.id, item.at, by_you, other.id if other else "", name, text, max(1, len(to)), address)


# The head of a letter, as `memory.acquaintances` writes it

HEAD = re.compile(r"From: (?P<sender>[^\n]*)(?:\nTo: (?P<readers>[^\n]*))?(?:\nSubject: [^\n]*)?(?:\n|$)+")
_ADDRESS = re.compile(r"(?P<name>[^<,]+?)?\s*<(?P<email>[^>]*)>|(?P<bare>[^,]+)")


def readers(head: re.Match[str], you: frozenset[str]) -> list[str]:
    """Whom a letter names as its readers: "you" or their names."""
    found_: list[str] = []
    for match in _ADDRESS.finditer(head["readers"] or ""):
        name, email = (match["name"] or match["bare"] or "").strip(), (match["email"] or match["bare"] or "").strip()
        found_.append(YOU if name.lower() in you or email.lower() in you else name or email)
    return list(dict.fromkeys(found_))
