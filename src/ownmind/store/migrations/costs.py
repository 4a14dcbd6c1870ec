"""The schema of what models elsewhere cost."""

from __future__ import annotations

import apsw


def step_023_calls(cx: apsw.Connection) -> None:
    """One row for each request to a model elsewhere that could cost something, written before it leaves, with the worst it can cost. No
    words of the person are in it. Times are Unix seconds; amounts are in ``currency``."""
    cx.execute("""
        CREATE TABLE calls (
            id          INTEGER PRIMARY KEY,
            provider    TEXT NOT NULL,               -- the person's name for it
            destination TEXT NOT NULL,
            model       TEXT NOT NULL,
            purpose     TEXT NOT NULL,
            at          REAL NOT NULL,
            month       TEXT NOT NULL,               -- 2026-11, in the person's zone: what a cap counts
            currency    TEXT NOT NULL,
            worst       REAL,                        -- NULL: no price is known
            cost        REAL,                        -- by their count of tokens; NULL until it is known, and the worst stays counted
            sent        INTEGER,
            came        INTEGER,
            reply_id    INTEGER                      -- the reply it was for
        );
        CREATE INDEX calls_month ON calls(month, provider);
        CREATE INDEX calls_reply ON calls(reply_id) WHERE reply_id IS NOT NULL;
    """)
