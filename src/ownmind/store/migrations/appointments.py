"""The schema of calendars."""

from __future__ import annotations

import apsw


def step_016_appointments(cx: apsw.Connection) -> None:
    """Events as their calendars have them, and when each takes place. An event hangs on the item that says it in words, so it goes
    with that; when words are cut out of the item, its time stays taken and its words go. What repeats is kept as times without words
    and expanded for a stretch at a time: a week is then a range of one index, however many years an event has repeated. A floating
    time (RFC 5545 3.3.5) keeps the clock on the wall: the person's zone may change.

    ``calendars`` are fetched; their passwords are settings. ``exported`` and ``published`` say which of our own events are out, by
    the number they have and a hash of what they say."""
    cx.execute("""
        CREATE TABLE calendars (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            kind        TEXT NOT NULL,                       -- caldav, address
            url         TEXT NOT NULL UNIQUE,
            user        TEXT NOT NULL DEFAULT '',
            title       TEXT NOT NULL DEFAULT '',
            added_at    REAL NOT NULL,
            fetched_at  REAL
        );
        CREATE TABLE events (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            item_id    INTEGER NOT NULL UNIQUE REFERENCES items(id) ON DELETE CASCADE,
            uid        BLOB NOT NULL,                   -- a hash: a UID may hold a name or an address
            sequence   INTEGER NOT NULL,
            stamp      REAL NOT NULL,
            title      TEXT NOT NULL,
            place      TEXT NOT NULL,
            attendees  TEXT NOT NULL,                   -- JSON: [[name, email], ...]
            whole_day  INTEGER NOT NULL,
            is_free    INTEGER NOT NULL,
            goal       TEXT NOT NULL,                   -- of what Ownmind itself put there
            times      TEXT NOT NULL                    -- what repeats it; '': occurrences are all there are
        );
        CREATE INDEX events_uid ON events(uid, sequence, stamp, id);
        CREATE INDEX events_repeating ON events(id) WHERE times <> '';
        CREATE TABLE expanded (
            event_id  INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
            block     INTEGER NOT NULL,                      -- 128 days, counted from 1970, of which the occurrences are here
            PRIMARY KEY (event_id, block)
        ) WITHOUT ROWID;
        CREATE TABLE occurrences (
            event_id  INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
            key       TEXT NOT NULL,                         -- its recurrence id
            start     REAL NOT NULL,
            until     REAL NOT NULL,
            floating  INTEGER NOT NULL,                      -- start and until are the clock's on the wall, as if it were UTC
            title     TEXT,                                  -- NULL: as the event
            place     TEXT,
            is_free   INTEGER,
            PRIMARY KEY (event_id, key)
        ) WITHOUT ROWID;
        CREATE INDEX occurrences_start ON occurrences(start);
        CREATE INDEX occurrences_long ON occurrences(until) WHERE until - start > 2764800;
        CREATE TRIGGER events_redacted AFTER UPDATE OF text ON items BEGIN
            UPDATE occurrences SET title = NULL, place = NULL WHERE event_id IN (SELECT id FROM events WHERE item_id = old.id);
            UPDATE events SET title = '', place = '', attendees = '[]' WHERE item_id = old.id;
        END;
        CREATE TABLE exported (
            uid       TEXT PRIMARY KEY,                      -- s12-1a2b3c4d@ownmind
            digest    BLOB NOT NULL,
            sequence  INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE published (
            calendar_id  INTEGER NOT NULL REFERENCES calendars(id) ON DELETE CASCADE,
            uid          TEXT NOT NULL,
            href         TEXT NOT NULL,
            etag         TEXT NOT NULL,
            sequence     INTEGER NOT NULL,
            PRIMARY KEY (calendar_id, uid)
        ) WITHOUT ROWID;
    """)
