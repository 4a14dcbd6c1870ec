"""The schema of skills: which are installed, in which versions."""

from __future__ import annotations

import apsw


def step_022_skills(cx: apsw.Connection) -> None:
    """Versions of skills, each a sealed blob under its hash: the one that runs, the one before it (for taking an update back) and one
    that waits for a yes. ``granted``: JSON, the names of what the person approved it for.
    ``skills_off``: those switched off, built-in ones too."""
    cx.execute("""
        CREATE TABLE skills (
            id          INTEGER PRIMARY KEY,
            name        TEXT NOT NULL,
            digest      TEXT NOT NULL,
            blob_id     INTEGER NOT NULL REFERENCES blobs(id),
            state       TEXT NOT NULL CHECK (state IN ('waiting', 'active', 'before')),
            granted     TEXT NOT NULL DEFAULT '[]',
            came_from   TEXT NOT NULL,
            added_at    REAL NOT NULL,
            approved_at REAL,
            UNIQUE (name, digest)
        );
        CREATE UNIQUE INDEX skills_one ON skills(name, state);
        CREATE TABLE skills_off (name TEXT PRIMARY KEY) WITHOUT ROWID;
    """)
