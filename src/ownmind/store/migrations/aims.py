"""The schema of which goals a reply is about."""

from __future__ import annotations

import apsw


def step_020_aims(cx: apsw.Connection) -> None:
    """The goals a reply told of, so that their cards stand under it again. A goal that is forgotten takes its place here along."""
    cx.execute("""
        CREATE TABLE reply_goals (
            reply_id  INTEGER NOT NULL REFERENCES replies(item_id) ON DELETE CASCADE,
            position  INTEGER NOT NULL,
            goal_id   INTEGER NOT NULL REFERENCES goals(id) ON DELETE CASCADE,
            PRIMARY KEY (reply_id, goal_id)
        ) WITHOUT ROWID;
        CREATE INDEX reply_goals_goal ON reply_goals(goal_id);
    """)
