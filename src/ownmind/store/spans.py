"""Where time went, and what models were sent, as rows.

Times and counts are kept for ``DAYS``, what was sent for the last few replies. Whatever is forgotten takes what was sent along (a trigger
of the schema); what was in the making then is not kept at all: ``keep`` is told the newest receipt of when it began.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from ..tracing import Count, Ended, Recording, Request
from .database import Database
from .items import row_id, whole

DAYS = 30
TURNS, STEPS = 2_000, 500  # of turns, and of steps of background work
PROMPT_DAYS, PROMPT_TURNS, PROMPT_CHARACTERS = 7, 100, 8_000_000
_DAY = 86_400.0
TURN = "turn"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a trace: ``place`` 0 is the whole, ``parent`` the place of what it is inside of. ``start``: seconds after the whole's."""

    place: int
    parent: int
    name: str
    start: float
    seconds: float
    counts: dict[str, Count]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A trace with its spans, the whole first. ``message`` and ``reply`` are ids of items, "" where there is none."""

    id: int
    kind: str
    at: float
    message: str
    reply: str
    spans: tuple[Span, ...]


class Spans:
    """The traces of one home."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def newest_receipt(self) -> int:
        """The row of the newest receipt of a forget; 0 when nothing was ever forgotten."""
        with self._db.read() as cx:
            return whole(cx.execute("SELECT coalesce(max(id), 0) FROM receipts").get)

    def keep(self, recordings: Sequence[tuple[Recording, int]], *, now: float) -> int:
        """Keeps recordings, each with the newest receipt of when it began, and drops what is too old; gives how many were kept. What models
        were sent before something was forgotten is not kept."""
        kept = 0
        with self._db.write() as cx:
            receipt = whole(cx.execute("SELECT coalesce(max(id), 0) FROM receipts").get)
            for recording, before in recordings:
                kept += _add(cx, recording, has_words=before == receipt)
            _drop_old(cx, now)
        return kept

    def traces(self, *, limit: int = 20, kind: str = TURN, since: float = 0.0) -> list[Kept]:
        """The latest first."""
        with self._db.read() as cx:
            rows = cx.execute("SELECT id FROM traces WHERE kind = ? AND at >= ? ORDER BY id DESC LIMIT ?", (kind, since, limit))
            return [_trace(cx, int(row)) for (row,) in list(rows)]

    def kinds(self) -> list[str]:
        """What there are traces of."""
        with self._db.read() as cx:
            return [str(kind) for (kind,) in cx.execute("SELECT DISTINCT kind FROM traces ORDER BY kind")]

    def of(self, item: str) -> Kept | None:
        """The trace of the turn with this message or reply."""
        with self._db.read() as cx:
            row = row_id(item, "i")
            found = cx.execute("SELECT max(id) FROM traces WHERE reply_id = ? OR message_id = ?", (row, row)).get
            return None if found is None else _trace(cx, whole(found))

    def prompts(self, trace: int) -> list[Request]:
        """What models were sent in this turn, in order; empty when it is not kept any more."""
        with self._db.read() as cx:
            rows = cx.execute(
                "SELECT purpose, model, messages, input_tokens, cached_tokens, output_tokens, seconds FROM prompts WHERE trace_id = ? "
                "ORDER BY place",
                (trace,),
            )
            return [
                Request(purpose, model, tuple((role, text) for role, text in json.loads(messages)), *cost)
                for purpose, model, messages, *cost in rows
            ]

    def forget_words(self) -> None:
        """Drops everything that models were sent, and the words of spans."""
        with self._db.erase() as cx:
            cx.execute("DELETE FROM prompts")
            cx.execute("DELETE FROM trace_words")


def _add(cx: apsw.Connection, recording: Recording, *, has_words: bool) -> int:
    """1 when it was kept: what was forgotten meanwhile takes its trace along."""
    first = recording.spans[0]
    message, reply = (str(first.counts.get(name, "")) for name in ("message", "reply"))
    rows = [row_id(name) if name else None for name in (message, reply)]
    there = [row is None or cx.execute("SELECT 1 FROM items WHERE id = ?", (row,)).get is not None for row in rows]
    if not all(there):
        return 0
    cx.execute(
        "INSERT INTO traces(kind, at, seconds, message_id, reply_id) VALUES (?, ?, ?, ?, ?)",
        (recording.kind, first.start, first.seconds, *rows),
    )
    trace = cx.last_insert_rowid()
    places = {one.id: place for place, one in enumerate(recording.spans)}
    cx.executemany(
        "INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(trace, at, places.get(one.parent, -1 if at == 0 else 0), *_row(one, first.start)) for at, one in enumerate(recording.spans)],
    )
    if has_words:
        said = [(trace, at, one.words) for at, one in enumerate(recording.spans) if one.words]
        cx.executemany("INSERT INTO trace_words VALUES (?, ?, ?)", said)
        sent = [(trace, at, *_sent(one)) for at, one in enumerate(recording.requests)]
        cx.executemany("INSERT INTO prompts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", sent)
    return 1


def _row(one: Ended, began: float) -> tuple[str, float, float, str]:
    counts = {name: value for name, value in one.counts.items() if name not in ("message", "reply")}
    return one.name, one.start - began, one.seconds, json.dumps(counts, separators=(",", ":"))


def _sent(one: Request) -> tuple[str, str, str, int, int, int, float]:
    messages = json.dumps(one.messages, ensure_ascii=False, separators=(",", ":"))
    return one.purpose, one.model, messages, one.input_tokens, one.cached_tokens, one.output_tokens, one.seconds


def _drop_old(cx: apsw.Connection, now: float) -> None:
    cx.execute("DELETE FROM traces WHERE at < ?", (now - DAYS * _DAY,))
    for which, most in (("=", TURNS), ("<>", STEPS)):
        newest = f"SELECT id FROM traces WHERE kind {which} 'turn' ORDER BY id DESC LIMIT 1 OFFSET ?"  # noqa: S608  # of two constants
        cx.execute(f"DELETE FROM traces WHERE kind {which} 'turn' AND id <= ({newest})", (most,))  # noqa: S608
    held, kept = 0, 0
    for trace, characters in list(cx.execute("SELECT trace_id, sum(length(messages)) FROM prompts GROUP BY 1 ORDER BY 1 DESC")):
        kept, held = kept + 1, held + int(characters)
        if kept > PROMPT_TURNS or (held > PROMPT_CHARACTERS and kept > 1):
            cx.execute("DELETE FROM prompts WHERE trace_id <= ?", (trace,))
            break
    cx.execute("DELETE FROM prompts WHERE trace_id IN (SELECT id FROM traces WHERE at < ?)", (now - PROMPT_DAYS * _DAY,))


def _trace(cx: apsw.Connection, trace: int) -> Kept:
    kind, at, message, reply = next(cx.execute("SELECT kind, at, message_id, reply_id FROM traces WHERE id = ?", (trace,)))
    words = {int(place): str(said) for place, said in cx.execute("SELECT place, words FROM trace_words WHERE trace_id = ?", (trace,))}
    rows = cx.execute("SELECT place, parent, name, start, seconds, counts FROM spans WHERE trace_id = ? ORDER BY place", (trace,))
    spans = [
        Span(place, parent, name, start, seconds, json.loads(counts), words.get(place, ""))
        for place, parent, name, start, seconds, counts in rows
    ]
    return Kept(trace, kind, at, _name(message), _name(reply), tuple(spans))


def _name(row: object) -> str:
    return "" if row is None else f"i{row}"
