"""The schema of who is who, and the letters that say so."""

from __future__ import annotations

import apsw


def step_015_people(cx: apsw.Connection) -> None:
    """Contacts and the heads of letters, each beside the item that says it in words: they go with it (ON DELETE CASCADE), and when it is
    redacted. ``people`` numbers whoever is named somewhere, by a keyed hash of how they are named; what the person decided of two of
    them rests on the same hashes, so it survives a second import and says nothing by itself. A name they chose stands in an item."""
    cx.execute("""
        CREATE TABLE contacts (
            item_id  INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
            uid      TEXT NOT NULL,
            card     TEXT NOT NULL                        -- JSON: records.Contact without its source
        );
        CREATE TABLE letters (
            item_id     INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
            message_id  TEXT NOT NULL,
            answers     TEXT NOT NULL DEFAULT '',         -- the Message-ID it answers
            subject     TEXT NOT NULL DEFAULT '',
            signature   TEXT NOT NULL DEFAULT '',
            readers     INTEGER NOT NULL DEFAULT 1,       -- to how many it went; not all of them may be named
            is_bulk     INTEGER NOT NULL DEFAULT 0        -- of a list or a machine
        );
        CREATE INDEX letters_message ON letters(message_id);
        CREATE TABLE letter_people (
            item_id  INTEGER NOT NULL REFERENCES letters(item_id) ON DELETE CASCADE,
            place    INTEGER NOT NULL,
            role     TEXT NOT NULL,                       -- from, to, cc
            name     TEXT NOT NULL,
            email    TEXT NOT NULL,
            PRIMARY KEY (item_id, place)
        ) WITHOUT ROWID;
        CREATE TRIGGER people_redacted AFTER UPDATE OF text ON items BEGIN
            DELETE FROM contacts WHERE item_id = old.id;
            DELETE FROM letters WHERE item_id = old.id;
        END;

        CREATE TABLE people (
            id   INTEGER PRIMARY KEY AUTOINCREMENT,       -- an id is never used twice: it stands in what a person was shown
            key  BLOB NOT NULL UNIQUE
        );
        CREATE TABLE people_decisions (
            first    INTEGER NOT NULL REFERENCES people(id),
            second   INTEGER NOT NULL REFERENCES people(id),   -- the higher one; the same: this is the person themselves
            verdict  TEXT NOT NULL,                       -- same, apart, you
            at       REAL NOT NULL,
            PRIMARY KEY (first, second)
        ) WITHOUT ROWID;
        CREATE TABLE people_names (
            person   INTEGER PRIMARY KEY REFERENCES people(id),
            item_id  INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            name     TEXT NOT NULL
        );
        CREATE INDEX people_names_item ON people_names(item_id);
    """)
