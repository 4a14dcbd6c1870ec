"""Plans that wait: requests of which a step waits for the person's yes, with what was done of them, so that the rest can follow it, also
tomorrow and after a restart.

A plan holds words of the message it was made from, so it goes when that message is forgotten or redacted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .actions import number
from .database import Database
from .items import item_id, row_id, whole


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plan that can go on. ``done``: of every step that was done, what it gave (refs of sources); ``actions``: of every step that was
    asked about, its action."""

    message: str  # the item's id
    plan: str  # JSON, of whoever keeps it
    done: Mapping[int, tuple[str, ...]]
    actions: Mapping[int, str]


class Plans:
    """The plans of one home that wait. Any thread may use it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, message: str, plan: str, done: Mapping[int, Sequence[str]], actions: Mapping[int, str]) -> None:
        """Keeps a plan until these actions are decided; in place of what was kept for this message."""
        row = row_id(message)
        with self._db.write() as cx:
            cx.execute("DELETE FROM plans WHERE item_id = ?", (row,))
            cx.execute(
                "INSERT INTO plans(item_id, plan, done) VALUES (?, ?, ?)", (row, plan, json.dumps({k: list(v) for k, v in done.items()}))
            )
            cx.executemany(
                "INSERT INTO plan_actions(item_id, step, action_id) VALUES (?, ?, ?)",
                [(row, step, number(action)) for step, action in actions.items()],
            )

    def gave(self, action: str, refs: Sequence[str]) -> None:
        """Writes what an action gave, for the plan that waits for it; nothing when none does."""
        with self._db.write() as cx:
            cx.execute("UPDATE plan_actions SET gave = ? WHERE action_id = ?", (json.dumps(list(refs)), number(action)))

    def ready(self) -> list[Waiting]:
        """The plans of which no action waits any more, oldest first."""
        with self._db.read() as cx:
            rows = list(cx.execute(f"SELECT item_id, plan, done FROM plans WHERE {_READY} ORDER BY item_id"))  # noqa: S608  # a constant of ours
            waiting = []
            for row, plan, done in rows:
                steps = list(cx.execute("SELECT step, action_id, gave FROM plan_actions WHERE item_id = ?", (row,)))
                given = {int(step): tuple(refs) for step, refs in json.loads(str(done)).items()}
                given |= {whole(step): tuple(json.loads(str(gave))) for step, _, gave in steps if gave is not None}
                actions = {whole(step): f"a{whole(action)}" for step, action, _ in steps}
                waiting.append(Waiting(item_id(whole(row)), str(plan), given, actions))
            return waiting

    def count_ready(self) -> int:
        with self._db.read() as cx:
            return whole(cx.execute(f"SELECT count(*) FROM plans WHERE {_READY}").get)  # noqa: S608  # a constant of ours

    def drop(self, message: str) -> None:
        """Ends a plan."""
        with self._db.write() as cx:
            cx.execute("DELETE FROM plans WHERE item_id = ?", (row_id(message),))


_READY = """NOT EXISTS (SELECT 1 FROM plan_actions JOIN actions ON actions.id = plan_actions.action_id
    WHERE plan_actions.item_id = plans.item_id AND actions.state IN ('waiting', 'allowed', 'running'))"""
