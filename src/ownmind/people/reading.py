"""Reading what is remembered for promises, with no model: a walk behind a bookmark, item by item, in the background and when somebody
asks for them.

Who speaks and to whom comes from the item; a talk of two gives its reader, in a larger round a promise is to nobody named.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from hashlib import blake2b

from ..jobs.runner import Job
from ..memory.memory import Memory
from ..memory.predicates import YOU
from ..memory.whose import MACHINES, speaker_of
from ..messages import Item, Kind, Span
from ..store.opening import Store
from ..store.promises import Promises, Row
from .correspondence import HEAD, readers
from .person import Promise
from .promises import found

BOOKMARK = "promises.1"  # a later version that finds more takes the next number, and all is read again
_NAMES = "promises.names"  # a digest of what the person was called when it was read
KINDS = (Kind.MESSAGE, Kind.NOTE, Kind.TURN)
_AT_ONCE = 64
_LONG_AGO = timedelta(days=180)
_SOON = 3 * 86_400.0  # seconds: an answer later than that takes nothing on


class Reader:
    """Reads new items for promises, in their order; any thread may ask it to. ``zone``: the person's, in which "by Friday" ends; ``you``:
    names by which letters and transcripts call the person, lower case."""

    def __init__(
        self,
        memory: Memory,
        store: Store,
        *,
        clock: Callable[[], datetime],
        zone: Callable[[], tzinfo],
        you: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._memory, self._store, self._clock, self._zone, self._you = memory, store, clock, zone, you
        self._kept = Promises(store.db)
        self._one = threading.Lock()

    def read(self, seconds: float) -> int:
        """Reads for about so long; gives how many items. What is left is read the next time."""
        began, done = time.monotonic(), 0
        with self._one:
            self._know_again()
            while time.monotonic() - began < seconds and (items := self._ahead(_AT_ONCE)):
                self._read(items)
                done += len(items)
        return done

    def _know_again(self) -> None:
        """Begins anew when the person is known by other names than before: a letter to "Ana" said nothing to anybody until Ana was them."""
        names = blake2b("\n".join(sorted(self._you())).encode(), digest_size=16).hexdigest()
        if names != self._store.settings.get(_NAMES):
            self._store.settings.remove(BOOKMARK)
            self._store.settings.set(_NAMES, names)

    def job(self) -> Job:
        """The same as a job of the background."""
        return Job("promises", lambda: len(self._ahead(1)), lambda seconds: asyncio.to_thread(self.read, seconds))

    def _ahead(self, limit: int) -> list[Item]:
        return self._memory.items(kinds=KINDS, after=self._store.settings.get(BOOKMARK), limit=limit)

    def _read(self, items: Sequence[Item]) -> None:
        names, zone, now = self._you(), self._zone(), self._clock()
        found_ = [row for item in items for row in rows(item, self._kept.near(item), zone, names) if _is_of_use(row, item, now)]
        self._kept.add(found_, now)
        self._store.settings.set(BOOKMARK, items[-1].id)


def _is_of_use(row: Row, item: Item, now: datetime) -> bool:
    """Whether anybody may still wait for it: a mailbox of ten years is full of promises that are long over."""
    return now - (item.at or item.learned_at) < _LONG_AGO or (row.due is not None and row.due >= now)


def rows(item: Item, near: Sequence[Item], zone: tzinfo, you: frozenset[str] = frozenset()) -> list[Row]:
    """The promises of one item, as they are kept. ``near``: what was said around it in its talk, in order."""
    by = _called(item.speaker, item, you)
    if not by or by.lower() in MACHINES or not item.may_teach:
        return []
    head = HEAD.match(item.text) if item.source.kind == "letters" else None
    at = head.end() if head is not None else 0
    is_talk = item.kind is Kind.TURN
    before = _before(item, near) if is_talk and head is None else None
    others = readers(head, you) if head is not None else _others(item, near, you, by) if is_talk else []
    to = others[0] if len(others) == 1 else YOU if YOU in others and by != YOU else ""
    said_at = (item.at or item.learned_at).astimezone(zone)
    spoken = partial(found, item.text[at:], by=by, to=to, said_at=said_at, item_id=item.id, addressed=is_talk)
    if before is None:
        return [_row(one, "", at) for one in spoken()]
    promises = spoken(asked=before.text)
    alone = {(one.span, one.what) for one in spoken()} if promises else set()
    return [_row(one, "" if (one.span, one.what) in alone else before.id, at) for one in promises]


def _row(one: Promise, asked: str, at: int) -> Row:
    """``asked``: the item that holds words of what was promised; it takes the promise along when it goes."""
    span = Span(one.span.start + at, one.span.end + at)
    return Row(one.item_id, span, one.by, one.to, one.what, one.due, one.due_words, asked)


def _called(name: str, item: Item, you: frozenset[str]) -> str:
    return YOU if name.strip().lower() in you else speaker_of(item)


def _before(item: Item, near: Sequence[Item]) -> Item | None:
    """What somebody else said right before, not long ago."""
    earlier = [one for one in near if one.position < item.position]
    if not earlier or earlier[-1].speaker == item.speaker or item.at is None or (said := earlier[-1].at) is None:
        return None
    return earlier[-1] if (item.at - said).total_seconds() <= _SOON else None


def _others(item: Item, near: Sequence[Item], you: frozenset[str], by: str) -> list[str]:
    return sorted({name for one in near if (name := _called(one.speaker, one, you)) and name != by})
