"""The schema of what was due, delivered and seen."""

from __future__ import annotations

import apsw


def step_017_deliveries(cx: apsw.Connection) -> None:
    """One row for each thing that was said unasked, or was due and was not. Its key is unique: that is why nothing is said twice. It
    holds ids and no words of the person, so there is nothing in it to forget. Times are Unix seconds."""
    cx.execute("""
        CREATE TABLE deliveries (
            key            TEXT PRIMARY KEY,          -- check:s12:2026-11-22
            kind           TEXT NOT NULL,
            subject        TEXT NOT NULL,             -- s12, g3, m5, p7
            about          TEXT NOT NULL,             -- what declining it silences
            due            REAL NOT NULL,
            begun          REAL,                      -- written before anything is shown
            day            TEXT,                      -- the local day it counts for
            delivered      REAL,
            channel        TEXT NOT NULL DEFAULT '',
            seen           REAL,
            answered       REAL,
            answer         TEXT NOT NULL DEFAULT '',
            missed         REAL,
            reason         TEXT NOT NULL DEFAULT '',
            lapsed         REAL,                      -- nobody answered in time
            declined_until REAL
        ) WITHOUT ROWID;
        CREATE INDEX deliveries_due ON deliveries(due);
        CREATE INDEX deliveries_subject ON deliveries(subject);
        CREATE INDEX deliveries_declined ON deliveries(declined_until) WHERE declined_until IS NOT NULL;
    """)
