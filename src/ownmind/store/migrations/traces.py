"""The schema of where time went, of what models were sent, and of replies that were stopped."""

from __future__ import annotations

import apsw


def step_024_traces(cx: apsw.Connection) -> None:
    """A trace is one turn or one step of background work, its spans are the parts of it: counts and times, no words. It goes with its
    message or its reply, because it tells that something was said then.

    Prompts are what models were sent, word for word, and trace_words what the person asked to have recorded. They may hold anything that
    was ever remembered, so whatever is forgotten or cut out takes all of them along, in its own transaction: no code can forget to."""
    cx.execute("""
        CREATE TABLE traces (
            id         INTEGER PRIMARY KEY,
            kind       TEXT NOT NULL,              -- turn, or the name of a job
            at         REAL NOT NULL,              -- Unix seconds
            seconds    REAL NOT NULL,
            message_id INTEGER REFERENCES items(id) ON DELETE CASCADE,
            reply_id   INTEGER REFERENCES items(id) ON DELETE CASCADE
        );
        CREATE INDEX traces_message ON traces(message_id) WHERE message_id IS NOT NULL;
        CREATE INDEX traces_reply ON traces(reply_id) WHERE reply_id IS NOT NULL;
        CREATE INDEX traces_kind ON traces(kind, id);
        CREATE TABLE spans (
            trace_id INTEGER NOT NULL REFERENCES traces(id) ON DELETE CASCADE,
            place    INTEGER NOT NULL,             -- in the order in which they began; 0 is the whole
            parent   INTEGER NOT NULL,             -- its place; -1 for the whole
            name     TEXT NOT NULL,
            start    REAL NOT NULL,                -- seconds after the whole began
            seconds  REAL NOT NULL,
            counts   TEXT NOT NULL,                -- a JSON object
            PRIMARY KEY (trace_id, place)
        ) WITHOUT ROWID;
        CREATE TABLE trace_words (
            trace_id INTEGER NOT NULL REFERENCES traces(id) ON DELETE CASCADE,
            place    INTEGER NOT NULL,
            words    TEXT NOT NULL,
            PRIMARY KEY (trace_id, place)
        ) WITHOUT ROWID;
        CREATE TABLE prompts (
            trace_id      INTEGER NOT NULL REFERENCES traces(id) ON DELETE CASCADE,
            place         INTEGER NOT NULL,        -- 0 is the first request of the turn
            purpose       TEXT NOT NULL,           -- reply, gate, plan
            model         TEXT NOT NULL,
            messages      TEXT NOT NULL,           -- JSON: [[role, text], ...], not compressed: a search of the pages must see it
            input_tokens  INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            seconds       REAL NOT NULL,
            PRIMARY KEY (trace_id, place)
        );
        CREATE TRIGGER prompts_forgotten AFTER DELETE ON items BEGIN DELETE FROM prompts; DELETE FROM trace_words; END;
        CREATE TRIGGER prompts_redacted AFTER UPDATE OF text ON items BEGIN DELETE FROM prompts; DELETE FROM trace_words; END;
        ALTER TABLE replies ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0;  -- the person stopped it: its text is a part
    """)
