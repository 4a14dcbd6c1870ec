"""The schema of promises."""

from __future__ import annotations

import apsw


def step_018_promises(cx: apsw.Connection) -> None:
    """Promises found in texts. Their sentence is not copied: it is the item's text at the span. What was asked for ("Can you send it?")
    may stand in another item (``asked``); a promise goes with either of the two, and when one of them is redacted, whoever does it."""
    cx.execute("""
        CREATE TABLE promises (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,   -- an id is never used twice: it stands in what a person was shown
            item_id     INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            span_start  INTEGER NOT NULL,
            span_end    INTEGER NOT NULL,
            asked       INTEGER REFERENCES items(id) ON DELETE CASCADE,
            by          TEXT NOT NULL,                       -- "you", or a name
            whom        TEXT NOT NULL,                       -- likewise; "" when nobody says
            what        TEXT NOT NULL,
            due         REAL,
            zone        INTEGER NOT NULL DEFAULT 0,          -- minutes east of UTC of the due moment
            due_words   TEXT NOT NULL DEFAULT '',
            state       TEXT NOT NULL DEFAULT 'found',
            found_at    REAL NOT NULL,
            decided_at  REAL,
            UNIQUE (item_id, span_start, span_end, by, what)
        );
        CREATE INDEX promises_state ON promises(state);
        CREATE INDEX promises_asked ON promises(asked);
        CREATE TRIGGER promises_redacted AFTER UPDATE OF text ON items BEGIN
            DELETE FROM promises WHERE item_id = old.id OR asked = old.id;
        END;
    """)


def step_019_briefings(cx: apsw.Connection) -> None:
    """Where each step stood when a day's briefing was first given: the next one says what moved since. Ids and times, no words."""
    cx.execute("""
        CREATE TABLE briefings (day TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
        CREATE TABLE briefing_places (
            day      TEXT NOT NULL REFERENCES briefings(day) ON DELETE CASCADE,
            step_id  INTEGER NOT NULL REFERENCES goal_steps(id) ON DELETE CASCADE,
            start    REAL NOT NULL,
            PRIMARY KEY (day, step_id)
        ) WITHOUT ROWID;
        CREATE INDEX briefing_places_step ON briefing_places(step_id);
    """)
