"""What was to be done in the world: asked, allowed, begun, ended. The rows behind approval cards, the activity log and undo.

The row of an action is durable before its effect begins and its outcome is written after it, so that a crash in between leaves a row
that says so (``unknown``) instead of a deed nobody knows of, or one done twice. An approval is used up by the statement that begins
the action: two that try at once cannot both have it.

Values stand here as they would be used, so an action made from something remembered loses its words when that is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import apsw

from ..errors import NotFound, Refused
from ..messages import Action, ActionState, Argument, Confidentiality, Endorsement, Integrity, Label, Span, Tried
from .database import Database
from .items import LONGEST_ID, moment, whole

_COLUMNS = """id, tool, effect, words, arguments, state, asked_at, destination, reasons, conversation, step, expires_at, decided_at,
    ended_at, outcome, undo IS NOT NULL, needed"""
_VOUCHED = "id, type, value, effect, at, revoked_at"
_KEPT_TRIED = 1000  # the latest attempts of outside text; a hostile page must not fill the disk


class Actions:
    """The actions of one home. Any thread may use it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def ask(self, action: Action, digest: bytes, *, items: Iterable[int] = ()) -> Action:
        """Writes an action that waits for the person; gives it with its id. ``digest``: of the capability that a yes would be.
        ``items``: rows its values were made from. What already waits just so is given back instead of asked twice."""
        with self._db.write() as cx:
            known = cx.execute(
                """SELECT id FROM actions WHERE tool = ? AND arguments = ? AND conversation = ? AND step = ? AND state = 'waiting'
                   AND (expires_at IS NULL OR expires_at > ?)""",
                (action.tool, _kept(action), action.conversation, action.step, action.asked_at.timestamp()),
            ).get
            number = whole(known) if known is not None else _insert(cx, action, ActionState.WAITING, digest, items)
            return _one(cx, number)

    def begin(self, action: Action, digest: bytes, *, items: Iterable[int] = ()) -> Action:
        """Writes that an action the gate allows by itself begins now: durable when this returns."""
        with self._db.write() as cx:
            return _one(cx, _insert(cx, action, ActionState.RUNNING, digest, items))

    def refuse(self, action: Action, digest: bytes, *, items: Iterable[int] = ()) -> Action:
        """Writes that the gate refused this, for the activity log."""
        with self._db.write() as cx:
            return _one(cx, _insert(cx, action, ActionState.DENIED, digest, items))

    def allow(self, name: str, now: datetime) -> Action:
        """The person's yes to just this action. Raises Refused when it no longer waits (decided, expired)."""
        return self._decide(name, ActionState.ALLOWED, now)

    def deny(self, name: str, now: datetime) -> Action:
        return self._decide(name, ActionState.DENIED, now)

    def show(self, name: str, digest: bytes) -> None:
        """Writes that a person is being shown this now: what a yes to a waiting action is for from here on."""
        with self._db.write() as cx:
            cx.execute("UPDATE actions SET digest = ? WHERE id = ? AND state = 'waiting' AND digest <> ?", (digest, number(name), digest))

    def take(self, name: str, digest: bytes, now: datetime) -> Action:
        """Uses up the approval and writes that the action begins. Raises Refused unless this very action (by its digest) was allowed,
        has not expired and was not taken before."""
        with self._db.write() as cx:
            cx.execute(
                """UPDATE actions SET state = 'running' WHERE id = ? AND digest = ? AND state = 'allowed'
                   AND (expires_at IS NULL OR expires_at > ?)""",
                (number(name), digest, now.timestamp()),
            )
            if not cx.changes():
                raise Refused(f"{name} is not allowed as it stands", hint="an approval holds once, for exactly what was shown")
            return _one(cx, number(name))

    def end(self, name: str, state: ActionState, outcome: str, now: datetime, *, undo: str | None = None) -> Action:
        """Writes what came of it. ``undo``: what the tool needs to take it back (its own JSON); None when it cannot."""
        with self._db.write() as cx:
            cx.execute(
                "UPDATE actions SET state = ?, outcome = ?, ended_at = ?, undo = ? WHERE id = ?",
                (state.value, outcome, now.timestamp(), undo, number(name)),
            )
            return _one(cx, number(name))

    def undo_of(self, name: str) -> str:
        """What the tool kept to take the action back. Raises Refused when it cannot be, or was already."""
        with self._db.read() as cx:
            action = _one(cx, number(name))
            kept = cx.execute("SELECT undo FROM actions WHERE id = ? AND state = 'done'", (number(name),)).get
        if kept is None:
            raise Refused(f"{name} cannot be undone", hint=f"it is {action.state.value}")
        return str(kept)

    def undone(self, name: str, outcome: str, now: datetime) -> Action:
        """Writes that it was taken back; what was kept for that goes."""
        return self.end(name, ActionState.UNDONE, outcome, now)

    def lost(self, now: datetime) -> list[Action]:
        """What was running when the process ended: from now on ``unknown``. Call it once, before anything begins."""
        with self._db.write() as cx:
            rows = [whole(row) for (row,) in cx.execute("SELECT id FROM actions WHERE state = 'running' ORDER BY id")]
            said = "Ownmind ended before it heard what came of this. It may have happened."
            for row in rows:
                cx.execute("UPDATE actions SET state = 'unknown', outcome = ?, ended_at = ? WHERE id = ?", (said, now.timestamp(), row))
            return [_one(cx, row) for row in rows]

    def get(self, name: str) -> Action:
        with self._db.read() as cx:
            return _one(cx, number(name))

    def among(self, names: Iterable[str]) -> list[Action]:
        """Those of these actions that are there, in order of asking."""
        wanted = json.dumps([number(name) for name in names])
        with self._db.read() as cx:
            sql = f"SELECT {_COLUMNS} FROM actions WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608  # a constant of ours
            return [_action(row) for row in cx.execute(sql, (wanted,))]

    def listed(self, states: Sequence[ActionState] = (), limit: int = 100, *, now: datetime | None = None) -> list[Action]:
        """The latest first; of some states alone, when given. With ``now``, what waited too long is ``expired`` first."""
        if now is not None:
            with self._db.write() as cx:
                sql = "UPDATE actions SET state = 'expired' WHERE state IN ('waiting', 'allowed') AND expires_at <= ?"
                cx.execute(sql, (now.timestamp(),))
        wanted = json.dumps([state.value for state in states or ActionState])
        with self._db.read() as cx:
            sql = f"SELECT {_COLUMNS} FROM actions WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?"  # noqa: S608  # a constant of ours
            return [_action(row) for row in cx.execute(sql, (wanted, limit))]

    # Values the person vouched for

    def endorse(self, wanted: Endorsement, now: datetime) -> Endorsement:
        """Remembers that the person vouches for this value (in its normal form). Twice is once."""
        key = (wanted.type, wanted.value, wanted.effect)
        with self._db.write() as cx:
            cx.execute(
                """INSERT INTO endorsements(type, value, effect, at) VALUES (?, ?, ?, ?)
                   ON CONFLICT(type, value, effect) DO UPDATE SET at = excluded.at, revoked_at = NULL WHERE revoked_at IS NOT NULL""",
                (*key, now.timestamp()),
            )
            sql = f"SELECT {_VOUCHED} FROM endorsements WHERE type = ? AND value = ? AND effect = ?"  # noqa: S608  # a constant of ours
            return _endorsement(cx.execute(sql, key).fetchone())

    def endorsements(self, *, revoked: bool = False) -> list[Endorsement]:
        """The values that are vouched for now; with ``revoked`` those that once were, too."""
        with self._db.read() as cx:
            sql = f"SELECT {_VOUCHED} FROM endorsements WHERE ? OR revoked_at IS NULL ORDER BY id DESC"  # noqa: S608  # a constant of ours
            return [_endorsement(row) for row in cx.execute(sql, (revoked,))]

    def revoke(self, name: str, now: datetime) -> Endorsement:
        """Takes the person's word for a value back. Raises NotFound."""
        row = int(name[1:]) if name[:1] == "e" and name[1:].isdecimal() and len(name) < LONGEST_ID else 0
        with self._db.write() as cx:
            cx.execute("UPDATE endorsements SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (now.timestamp(), row))
            found = cx.execute(f"SELECT {_VOUCHED} FROM endorsements WHERE id = ?", (row,)).fetchone()  # noqa: S608  # a constant of ours
        if found is None:
            raise NotFound(f"{name!r} is no vouched value", hint="`ownmind approvals --values` lists them; their ids look like e3")
        return _endorsement(found)

    # What outside text asked for

    def note_tried(self, tried: Tried, *, item: int | None = None) -> None:
        """Keeps that outside text asked for an action. The latest ``_KEPT_TRIED`` stay; the same words of a source once."""
        with self._db.write() as cx:
            cx.execute(
                """INSERT INTO tried(at, source, title, words, action, item_id) VALUES (?, ?, ?, ?, ?, ?)
                   ON CONFLICT(source, words) DO UPDATE SET at = excluded.at""",
                (tried.at.timestamp(), tried.source, tried.title, tried.words, tried.action, item),
            )
            cx.execute("DELETE FROM tried WHERE id <= (SELECT max(id) FROM tried) - ?", (_KEPT_TRIED,))

    def tried(self, limit: int = 100) -> list[Tried]:
        with self._db.read() as cx:
            rows = cx.execute("SELECT at, source, title, words, action FROM tried ORDER BY at DESC, id DESC LIMIT ?", (limit,))
            return [Tried(_moment(at), str(source), str(title), str(words), str(action)) for at, source, title, words, action in rows]

    def _decide(self, name: str, state: ActionState, now: datetime) -> Action:
        with self._db.write() as cx:
            cx.execute(
                """UPDATE actions SET state = ?, decided_at = ?
                   WHERE id = ? AND state = 'waiting' AND (expires_at IS NULL OR expires_at > ?)""",
                (state.value, now.timestamp(), number(name), now.timestamp()),
            )
            action = _one(cx, number(name)) if cx.changes() else None
        if action is None:
            held = self.get(name)
            late = held.state is ActionState.WAITING
            raise Refused(f"{name} {'has expired' if late else f'is {held.state.value} already'}", hint="ask for it again")
        return action


def number(name: str) -> int:
    """The row an action's id names. Raises NotFound for what is no id."""
    if name[:1] == "a" and name[1:].isdecimal() and len(name) < LONGEST_ID:
        return int(name[1:])
    raise NotFound(f"{name[:LONGEST_ID]!r} is no action", hint="`ownmind approvals` lists them; their ids look like a3")


def forget(cx: apsw.Connection, rows: Iterable[int]) -> int:
    """Takes the words out of every action made from these items, and out of what they tried; gives how many lost theirs. That an
    action was done stays: the person may need to know that something left."""
    wanted = json.dumps([int(row) for row in rows])
    cx.execute(
        """UPDATE actions SET words = 'forgotten', arguments = '[]', reasons = '[]', needed = '[]', destination = '', outcome = '',
                  undo = NULL, state = CASE WHEN state IN ('waiting', 'allowed') THEN 'expired' ELSE state END
           WHERE id IN (SELECT action_id FROM action_items WHERE item_id IN (SELECT value FROM json_each(?)))""",
        (wanted,),
    )
    changed = cx.changes()
    cx.execute("DELETE FROM action_items WHERE item_id IN (SELECT value FROM json_each(?))", (wanted,))
    cx.execute("DELETE FROM tried WHERE item_id IN (SELECT value FROM json_each(?))", (wanted,))
    return changed + cx.changes()


def _insert(cx: apsw.Connection, action: Action, state: ActionState, digest: bytes, items: Iterable[int]) -> int:
    cx.execute(
        """INSERT INTO actions(tool, effect, words, arguments, state, asked_at, destination, reasons, conversation, step, expires_at,
                               digest, needed)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            action.tool, action.effect, action.words, _kept(action), state.value,
            action.asked_at.timestamp(), action.destination, json.dumps(action.reasons), action.conversation, action.step,
            action.expires_at.timestamp() if action.expires_at else None, digest,
            json.dumps([[one.type, one.value, one.effect] for one in action.needed]),
        ),
    )  # fmt: skip
    row = cx.last_insert_rowid()
    cx.executemany("INSERT OR IGNORE INTO action_items(action_id, item_id) VALUES (?, ?)", [(row, int(item)) for item in items])
    return row


def _one(cx: apsw.Connection, row: int) -> Action:
    found = cx.execute(f"SELECT {_COLUMNS} FROM actions WHERE id = ?", (row,)).fetchone()  # noqa: S608  # a constant of ours
    if found is None:
        raise NotFound(f"there is no action a{row}", hint="`ownmind approvals` lists them")
    return _action(found)


def _action(row: tuple[object, ...]) -> Action:
    (
        id_,
        tool,
        effect,
        words,
        arguments,
        state,
        asked,
        to,
        reasons,
        conversation,
        step,
        expires,
        decided,
        ended,
        outcome,
        can_undo,
        needed,
    ) = row
    return Action(
        f"a{whole(id_)}", str(tool), str(effect), str(words), tuple(_argument(each) for each in json.loads(str(arguments))),
        ActionState(str(state)), _moment(asked), str(to), tuple(json.loads(str(reasons))), str(conversation), str(step),
        _maybe(expires), _maybe(decided), _maybe(ended), str(outcome), bool(can_undo),
        tuple(Endorsement(str(kind), str(value), str(of)) for kind, value, of in json.loads(str(needed))),
    )  # fmt: skip


def _kept(action: Action) -> str:
    return json.dumps([_plain(each) for each in action.arguments])


def _plain(argument: Argument) -> dict[str, object]:
    label = argument.label
    return {
        "name": argument.name, "value": argument.value, "type": argument.type, "integrity": label.integrity.value,
        "confidentiality": label.confidentiality.value, "sources": label.sources, "tainted": [[s.start, s.end] for s in argument.tainted],
    }  # fmt: skip


def _argument(kept: dict[str, object]) -> Argument:
    sources, tainted = kept["sources"], kept["tainted"]
    assert isinstance(sources, list)
    assert isinstance(tainted, list)
    label = Label(Integrity(str(kept["integrity"])), Confidentiality(str(kept["confidentiality"])), tuple(map(str, sources)))
    return Argument(str(kept["name"]), str(kept["value"]), str(kept["type"]), label, tuple(Span(start, end) for start, end in tainted))


def _endorsement(row: tuple[object, ...] | None) -> Endorsement:
    assert row is not None
    id_, type_, value, effect, at, revoked = row
    return Endorsement(str(type_), str(value), str(effect), f"e{whole(id_)}", _moment(at), _maybe(revoked))


def _moment(value: object) -> datetime:
    read = _maybe(value)
    assert read is not None
    return read


def _maybe(value: object) -> datetime | None:
    return moment(value if isinstance(value, float) else None)
