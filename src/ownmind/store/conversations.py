"""Conversations as a person sees them again: who said what, and what each answer rested on.

A reply's sources are kept as places in items (which item, from which character to which), never as copied words: forgetting the
item takes the quote along.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import apsw

from ..errors import NotFound
from ..messages import UNKNOWN, Cited, Confidentiality, Integrity, Kind, Label
from . import branches
from .actions import number as action_row
from .database import Database
from .goals import number as goal_row
from .items import LONGEST_ID, row_id

_LEAD = 4  # messages shown before the one a day begins with


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation. ``key`` is its name everywhere else; ``messages`` counts what was said in it."""

    key: str
    title: str
    started_at: datetime
    last_at: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said. ``sources``, ``known`` and ``brain`` are of a reply; on anything else they are empty."""

    id: str
    kind: Kind
    speaker: str
    text: str
    at: datetime | None
    sources: tuple[Cited, ...] = ()
    known: bool = True
    brain: str = ""
    actions: tuple[str, ...] = ()  # ids (a7) of what it did in the world, or asked leave to do
    label: Label = UNKNOWN  # of a reply: joined of what it rests on
    goals: tuple[str, ...] = ()  # ids (g3) of the goals a reply is about
    stopped: bool = False  # the person stopped the reply: this is a part of one
    versions: tuple[str, ...] = ()  # ids of what was said in this place, itself too; () where nothing else was
    files: tuple[tuple[str, str], ...] = ()  # source and name of what was sent with a message


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a conversation: ``messages`` in order, the place of the first of them (0 is the conversation's first), and how many
    there are in all."""

    messages: tuple[Said, ...]
    first: int
    total: int


class Conversations:
    """The conversations of one home."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def start(self, key: str, *, now: float, title: str = "") -> None:
        """Makes the conversation when it is not there; an existing one keeps its title unless it has none."""
        with self._db.write() as cx:
            cx.execute(
                """INSERT INTO conversations(key, title, started_at) VALUES (?, ?, ?)
                   ON CONFLICT(key) DO UPDATE SET title = excluded.title WHERE title = '' AND excluded.title <> ''""",
                (key, title, now),
            )

    def all(self, limit: int = -1) -> list[Conversation]:
        """Those with the companion, the one spoken in last first. Imported transcripts and documents are not among them."""
        with self._db.read() as cx:
            rows = list(
                cx.execute(
                    """SELECT c.key, c.title, c.started_at, max(i.learned_at), count(*)
                       FROM conversations c JOIN items i ON i.conversation_id = c.id
                       WHERE i.kind IN ('message', 'reply') GROUP BY c.id ORDER BY max(i.id) DESC LIMIT ?""",
                    (limit,),
                )
            )
        return [Conversation(str(key), str(title), _moment(began), _moment(last), int(count)) for key, title, began, last, count in rows]

    def messages(self, key: str, *, before: str = "") -> list[Said]:
        """What was said in the conversation, in order; empty for one that is not there. Of one that branches, the branch that is gone on
        with. ``before``: only what was said before this item, on its own branch."""
        with self._db.read() as cx:
            grown = branches.tree(cx, key)
            return _said(cx, _order(cx, key, grown, before), grown)

    def page(self, key: str, limit: int, *, before: str = "", after: str = "", around: str = "", on: datetime | None = None) -> Page:
        """At most ``limit`` messages of the conversation, in order: the newest, or those right before or after a message (its id), around
        one, or from the first that was said at or after ``on``, with a few before it. Of one that branches, the branch gone on with; a
        message that is on another one shows that. Raises NotFound for a message that is not in it."""
        with self._db.read() as cx:
            grown, named = branches.tree(cx, key), before or after or around
            order = _order(cx, key, grown)
            if grown is not None and named and (row := row_id(named, "i")) not in order and row in grown.after:
                order = grown.road(grown.leaf(row))
            end = _place(order, before) if before else len(order)
            first = max(0, _begins(cx, order[:end], limit, after=after, around=around, on=on))
            return Page(tuple(_said(cx, order[first : min(first + limit, end)], grown)), first, len(order))

    def keep_reply(
        self,
        reply_id: str,
        *,
        sources: Sequence[Cited],
        known: bool,
        brain: str,
        actions: Sequence[str] = (),
        goals: Sequence[str] = (),
        stopped: bool = False,
        after: str = "",
        instead_of: str = "",
    ) -> None:
        """Keeps what a stored reply rested on, and the ids of its actions and goals. A source whose item was forgotten meanwhile is left
        out, and so is a goal. ``after``: the message it answers; ``instead_of``: the reply that was asked for anew."""
        number = int(reply_id.removeprefix("i"))
        with self._db.write() as cx:
            if instead_of:
                branches.fork(cx, number, row_id(instead_of, "i"))
            if after:
                branches.follow(cx, number, row_id(after, "i"))
            cx.execute(
                "INSERT OR REPLACE INTO replies(item_id, known, brain, stopped) VALUES (?, ?, ?, ?)", (number, known, brain, stopped)
            )
            of_it = [(number, action_row(action)) for action in actions]
            cx.executemany("INSERT OR IGNORE INTO reply_actions(reply_id, action_id) VALUES (?, ?)", of_it)
            cx.executemany(
                "INSERT OR IGNORE INTO reply_goals(reply_id, position, goal_id) SELECT ?, ?, id FROM goals WHERE id = ?",
                [(number, position, goal_row(goal)) for position, goal in enumerate(goals)],
            )
            for position, source in enumerate(sources):
                item = int(source.item_id.removeprefix("i"))
                row = cx.execute("SELECT text FROM items WHERE id = ?", (item,)).fetchone()
                if row is None:
                    continue
                start, end = _quoted(str(row[0]), source.quote)
                cx.execute(
                    "INSERT INTO reply_sources(reply_id, position, item_id, quote_start, quote_end) VALUES (?, ?, ?, ?, ?)",
                    (number, position, item, start, end),
                )

    def fork(self, item: str, instead_of: str) -> None:
        """Has ``item``, the last that was said, stand beside ``instead_of``: the talk branches there and goes on with it."""
        with self._db.write() as cx:
            branches.fork(cx, row_id(item, "i"), row_id(instead_of, "i"))

    def go_on_with(self, item: str) -> str:
        """Goes on with the newest branch through this item; gives its conversation. Raises NotFound for what was not said in one."""
        with self._db.write() as cx:
            key = _conversation_of(cx, item)
            grown = branches.tree(cx, key)
            if grown is not None:
                branches.go_on_with(cx, grown.leaf(row_id(item, "i")) or row_id(item, "i"))
        return key

    def answered(self, reply: str) -> str:
        """The id of the message a reply answers. Raises NotFound where there is none any more."""
        with self._db.read() as cx:
            key = _conversation_of(cx, reply)
        before = self.messages(key, before=reply)
        theirs = next((said.id for said in reversed(before) if said.kind is Kind.MESSAGE), "")
        if not theirs:
            raise NotFound("what that reply answers is not there any more", hint="say it again")
        return theirs

    def cited(self, reply: str) -> tuple[Cited, ...]:
        """What a reply rests on, of what is still there."""
        number = row_id(reply, "i")
        with self._db.read() as cx:
            return tuple(_cited(cx, json.dumps([number])).get(number, ()))

    def attach(self, message: str, refs: Sequence[str]) -> None:
        """Keeps which sources were sent with a message; those that are not there are left out."""
        with self._db.write() as cx:
            cx.executemany(
                "INSERT OR IGNORE INTO attachments(item_id, position, source_id) SELECT ?, ?, id FROM sources WHERE ref = ?",
                [(row_id(message, "i"), position, ref) for position, ref in enumerate(refs)],
            )

    def attached(self, message: str) -> list[tuple[str, str]]:
        """Source and name of what was sent with a message."""
        number = row_id(message, "i")
        with self._db.read() as cx:
            return _attached(cx, json.dumps([number])).get(number, [])


def _versions(grown: branches.Tree | None, row: int) -> tuple[str, ...]:
    versions = grown.versions(row) if grown is not None else ()
    return tuple(f"i{one}" for one in versions) if len(versions) > 1 else ()


def _conversation_of(cx: apsw.Connection, item: str) -> str:
    sql = "SELECT c.key FROM items i JOIN conversations c ON c.id = i.conversation_id WHERE i.id = ? AND i.kind IN ('message', 'reply')"
    found = cx.execute(sql, (row_id(item, "i"),)).get
    if found is None:
        raise NotFound(f"{item[:LONGEST_ID]} was not said in a conversation", hint="its messages have their ids")
    return str(found)


def _attached(cx: apsw.Connection, rows: str) -> dict[int, list[tuple[str, str]]]:
    """Source and title of what was sent with each of these messages, by the message's number."""
    found: dict[int, list[tuple[str, str]]] = {}
    for message, ref, title in cx.execute(
        """SELECT a.item_id, s.ref, s.title FROM attachments a JOIN sources s ON s.id = a.source_id
           WHERE a.item_id IN (SELECT value FROM json_each(?)) ORDER BY a.item_id, a.position""",
        (rows,),
    ):
        found.setdefault(message, []).append((ref, title))
    return found


def _order(cx: apsw.Connection, key: str, grown: branches.Tree | None, before: str = "") -> list[int]:
    """The rows of what was said in the conversation, in order, on the branch gone on with, or up to ``before`` on its own. Read from
    indexes alone: 10,000 take some milliseconds."""
    end = row_id(before, "i") if before else None
    if grown is not None:
        return grown.current() if end is None else grown.road(end)[:-1]
    rows = cx.execute(
        "SELECT i.id FROM conversations c JOIN items i ON i.conversation_id = c.id WHERE c.key = ? ORDER BY i.position, i.id", (key,)
    )
    order = [int(row) for (row,) in rows]
    return order[: order.index(end)] if end in order else order


def _begins(cx: apsw.Connection, order: Sequence[int], limit: int, *, after: str, around: str, on: datetime | None) -> int:
    """The place in ``order`` a page begins at; negative where everything fits on one."""
    last = len(order) - limit
    if after:
        return _place(order, after) + 1
    if around:
        return min(max(_place(order, around) - limit // 2, 0), last)
    if on is not None:
        return min(max(_since(cx, order, on) - _LEAD, 0), last)
    return last


def _place(order: Sequence[int], message: str) -> int:
    row = row_id(message, "i")
    if row not in order:
        raise NotFound(f"{message} is not in this conversation", hint="it may have been forgotten: open the conversation again")
    return order.index(row)


def _since(cx: apsw.Connection, order: Sequence[int], moment: datetime) -> int:
    """The place of the first message said at or after ``moment``; that of the last where none was."""
    sql = "SELECT id FROM items WHERE id IN (SELECT value FROM json_each(?)) AND coalesce(at, learned_at) >= ?"
    found = {int(row) for (row,) in cx.execute(sql, (json.dumps(order), moment.timestamp()))}
    return next((place for place, row in enumerate(order) if row in found), max(len(order) - 1, 0))


def _said(cx: apsw.Connection, rows: Sequence[int], grown: branches.Tree | None) -> list[Said]:
    """What was said in these rows, in their order."""
    wanted = json.dumps(rows)
    cited, acted, aimed, files = _cited(cx, wanted), _acted(cx, wanted), _aimed(cx, wanted), _attached(cx, wanted)
    found = {
        number: Said(
            f"i{number}",
            Kind(kind),
            speaker,
            text,
            _moment(at, zone) if at is not None else None,
            tuple(cited.get(number, ())),
            known != 0,
            brain or "",
            tuple(acted.get(number, ())),
            _label(integrity, confidentiality, sorted({source.source for source in cited.get(number, ())})),
            tuple(aimed.get(number, ())),
            bool(stopped),
            _versions(grown, number),
            tuple(files.get(number, ())),
        )
        for number, kind, speaker, text, at, zone, known, brain, stopped, integrity, confidentiality in cx.execute(
            """SELECT i.id, i.kind, i.speaker, i.text, i.at, i.zone, r.known, r.brain, r.stopped, i.integrity, i.confidentiality
               FROM json_each(?) w JOIN items i ON i.id = w.value LEFT JOIN replies r ON r.item_id = i.id""",
            (wanted,),
        )
    }
    return [found[row] for row in rows if row in found]


def _quoted(text: str, quote: str) -> tuple[int, int]:
    """Where ``quote`` stands in ``text``; the whole of it when it does not."""
    start = text.find(quote) if quote else -1
    return (start, start + len(quote)) if start >= 0 else (0, len(text))


def _cited(cx: apsw.Connection, wanted: str) -> dict[int, list[Cited]]:
    """The sources of every reply among these rows (a JSON list), by the reply's number."""
    found: dict[int, list[Cited]] = {}
    for reply, item, text, ref, title, at, zone, speaker, start, end, page, integrity, confidentiality in cx.execute(
        """SELECT q.reply_id, i.id, i.text, s.ref, s.title, i.at, i.zone, i.speaker, q.quote_start, q.quote_end, i.page,
                  i.integrity, i.confidentiality
           FROM json_each(?) w JOIN reply_sources q ON q.reply_id = w.value
           JOIN items i ON i.id = q.item_id JOIN sources s ON s.id = i.source_id ORDER BY q.reply_id, q.position""",
        (wanted,),
    ):
        when = _moment(at, zone) if at is not None else None
        label = _label(integrity, confidentiality)
        found.setdefault(reply, []).append(Cited(f"i{item}", text, ref, title, when, speaker, text[start:end], page, label))
    return found


def _acted(cx: apsw.Connection, wanted: str) -> dict[int, list[str]]:
    """The ids of the actions of every reply among these rows (a JSON list), by the reply's number."""
    found: dict[int, list[str]] = {}
    for reply, action in cx.execute(
        "SELECT a.reply_id, a.action_id FROM json_each(?) w JOIN reply_actions a ON a.reply_id = w.value ORDER BY a.reply_id, a.action_id",
        (wanted,),
    ):
        found.setdefault(reply, []).append(f"a{action}")
    return found


def _aimed(cx: apsw.Connection, wanted: str) -> dict[int, list[str]]:
    """The ids of the goals of every reply among these rows (a JSON list), by the reply's number."""
    found: dict[int, list[str]] = {}
    for reply, goal in cx.execute(
        "SELECT a.reply_id, a.goal_id FROM json_each(?) w JOIN reply_goals a ON a.reply_id = w.value ORDER BY a.reply_id, a.position",
        (wanted,),
    ):
        found.setdefault(reply, []).append(f"g{goal}")
    return found


def _label(integrity: str, confidentiality: str, sources: Sequence[str] = ()) -> Label:
    return Label(Integrity(integrity), Confidentiality(confidentiality), tuple(sources))


def _moment(seconds: float, zone_minutes: int = 0) -> datetime:
    return datetime.fromtimestamp(seconds, timezone(timedelta(minutes=zone_minutes)))
