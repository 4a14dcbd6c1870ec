"""The schema of what is done in the world, what leaves, and how values are labelled: steps 7 to 13."""

from __future__ import annotations

import apsw


def step_007_actions(cx: apsw.Connection) -> None:
    """What was to be done in the world (``actions`` says how), the values a person vouched for, and what outside text tried. A row of
    ``action_items`` says that a value was made from something remembered: forgetting that takes the words of the action along."""
    cx.execute("""
        CREATE TABLE actions (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,   -- an id is never used twice: it stands in what a person was shown
            tool         TEXT NOT NULL,
            effect       TEXT NOT NULL,
            words        TEXT NOT NULL,
            arguments    TEXT NOT NULL,
            state        TEXT NOT NULL,
            digest       BLOB NOT NULL,                        -- of tool, arguments, plan step and expiry: what an approval is bound to
            asked_at     REAL NOT NULL,
            expires_at   REAL,
            decided_at   REAL,
            ended_at     REAL,
            destination  TEXT NOT NULL DEFAULT '',
            reasons      TEXT NOT NULL DEFAULT '[]',
            conversation TEXT NOT NULL DEFAULT '',
            step         TEXT NOT NULL DEFAULT '',
            outcome      TEXT NOT NULL DEFAULT '',
            needed       TEXT NOT NULL DEFAULT '[]',           -- values to vouch for: type, value, effect
            undo         TEXT
        );
        CREATE INDEX actions_state ON actions(state);
        CREATE TABLE action_items (
            action_id INTEGER NOT NULL REFERENCES actions(id) ON DELETE CASCADE,
            item_id   INTEGER NOT NULL,
            PRIMARY KEY (action_id, item_id)
        ) WITHOUT ROWID;
        CREATE INDEX action_items_item ON action_items(item_id);
        CREATE TABLE endorsements (
            id         INTEGER PRIMARY KEY,
            type       TEXT NOT NULL,
            value      TEXT NOT NULL,
            effect     TEXT NOT NULL,
            at         REAL NOT NULL,
            revoked_at REAL,
            UNIQUE (type, value, effect)
        );
        CREATE TABLE tried (
            id      INTEGER PRIMARY KEY,
            at      REAL NOT NULL,
            source  TEXT NOT NULL,
            title   TEXT NOT NULL,
            words   TEXT NOT NULL,
            action  TEXT NOT NULL,
            item_id INTEGER,
            UNIQUE (source, words)
        );
        CREATE INDEX tried_item ON tried(item_id);
    """)


def step_008_pseudonyms(cx: apsw.Connection) -> None:
    """What stands for what in texts shown to a remote model. ``scope``: the session or purpose that may read it back; in one scope a
    pseudonym stands for one value."""
    cx.execute("""
        CREATE TABLE pseudonyms (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            scope      TEXT NOT NULL,
            kind       TEXT NOT NULL,
            value      TEXT NOT NULL,
            pseudonym  TEXT NOT NULL
        );
        CREATE UNIQUE INDEX pseudonyms_pseudonym ON pseudonyms(scope, pseudonym);
        CREATE INDEX pseudonyms_value ON pseudonyms(value);
    """)


def step_009_egress(cx: apsw.Connection) -> None:
    """What the person allowed to leave, how each thing that left ended, and for a while its exact content. The content is apart from
    the chained row (which keeps its hash), so that it can go when its time is over, or at once when something told in it is forgotten
    or redacted: the triggers see to that, whoever removes the item."""
    cx.execute("""
        CREATE TABLE permissions (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            destination  TEXT NOT NULL,                  -- host, or host:port; * is any public one
            purpose      TEXT NOT NULL,
            given_at     REAL NOT NULL,
            until        REAL,                           -- NULL: until revoked
            uses_left    INTEGER,                        -- NULL: any number
            spend_cap    REAL,                           -- in the currency of the destination's bills; NULL: none
            spent        REAL NOT NULL DEFAULT 0,
            revoked_at   REAL
        );
        CREATE TABLE ledger_outcomes (
            row_id       INTEGER PRIMARY KEY REFERENCES ledger(id),
            at           REAL NOT NULL,
            result       TEXT NOT NULL,                  -- done, failed, cut; a row without one: unknown
            content_out  INTEGER NOT NULL,
            wire_out     INTEGER NOT NULL,
            bytes_in     INTEGER NOT NULL,
            detail       TEXT NOT NULL,
            hash         BLOB NOT NULL
        );
        CREATE TRIGGER ledger_outcomes_no_update BEFORE UPDATE ON ledger_outcomes
            BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER ledger_outcomes_no_delete BEFORE DELETE ON ledger_outcomes
            BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
        CREATE TABLE ledger_content (row_id INTEGER PRIMARY KEY REFERENCES ledger(id), until REAL NOT NULL, content BLOB NOT NULL);
        CREATE INDEX ledger_content_until ON ledger_content(until);
        CREATE TABLE ledger_items (item_id INTEGER NOT NULL, row_id INTEGER NOT NULL, PRIMARY KEY (item_id, row_id)) WITHOUT ROWID;
        CREATE TRIGGER ledger_content_forgotten AFTER DELETE ON items BEGIN
            DELETE FROM ledger_content WHERE row_id IN (SELECT row_id FROM ledger_items WHERE item_id = old.id);
        END;
        CREATE TRIGGER ledger_content_redacted AFTER UPDATE OF text ON items BEGIN
            DELETE FROM ledger_content WHERE row_id IN (SELECT row_id FROM ledger_items WHERE item_id = old.id);
        END;
    """)


def step_010_relations(cx: apsw.Connection) -> None:
    """Who is "my sister" is asked for with every question: the few facts that say so, without reading all the others."""
    cx.execute("CREATE INDEX facts_relations ON facts(predicate, id) WHERE predicate = 'relation'")


def step_011_trust(cx: apsw.Connection) -> None:
    """Which actions a reply told of, so that they stand under it again; and what the person says of sources. ``source_trust.source`` is
    a source's ref or its beginning up to a "/". What comes in later from one that is not used is withheld by the trigger, as 2: what
    the person withheld by itself (1) stays so when the source is used again."""
    cx.execute("""
        CREATE TABLE reply_actions (
            reply_id   INTEGER NOT NULL REFERENCES replies(item_id) ON DELETE CASCADE,
            action_id  INTEGER NOT NULL REFERENCES actions(id) ON DELETE CASCADE,
            PRIMARY KEY (reply_id, action_id)
        ) WITHOUT ROWID;
        CREATE TABLE source_trust (source TEXT PRIMARY KEY, trust TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
        CREATE TRIGGER items_unused AFTER INSERT ON items WHEN EXISTS (
            SELECT 1 FROM source_trust t JOIN sources s ON s.id = new.source_id
            WHERE t.trust = 'unused' AND (s.ref = t.source OR substr(s.ref, 1, length(t.source) + 1) IN (t.source || '/', t.source || '?'))
        ) BEGIN
            UPDATE items SET withheld = 2 WHERE id = new.id;
        END;
    """)


def step_012_plans(cx: apsw.Connection) -> None:
    """Requests of which a step waits for a yes: what is left of them is done after it, whenever that comes. A plan repeats words of its
    message, so it goes with that, whoever removes or redacts it."""
    cx.execute("""
        CREATE TABLE plans (
            item_id INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,   -- the message
            plan    TEXT NOT NULL,                                                -- JSON: tools, literals, slots
            done    TEXT NOT NULL                                                 -- JSON: of each step that was done, what it gave
        );
        CREATE TABLE plan_actions (
            item_id   INTEGER NOT NULL REFERENCES plans(item_id) ON DELETE CASCADE,
            step      INTEGER NOT NULL,
            action_id INTEGER NOT NULL REFERENCES actions(id) ON DELETE CASCADE,
            gave      TEXT,                                                       -- JSON, once it was done
            PRIMARY KEY (item_id, step)
        ) WITHOUT ROWID;
        CREATE INDEX plan_actions_action ON plan_actions(action_id);
        CREATE TRIGGER plans_redacted AFTER UPDATE OF text ON items BEGIN DELETE FROM plans WHERE item_id = old.id; END;
    """)


def step_013_labels(cx: apsw.Connection) -> None:
    """Kept files have a label, like what was read from them; one from which nothing was read is from outside and private. A reply has
    that of what it rests on, kept with it: it must not rise when one of its sources goes."""
    cx.execute("""
        ALTER TABLE blobs ADD COLUMN integrity TEXT NOT NULL DEFAULT 'untrusted';
        ALTER TABLE blobs ADD COLUMN confidentiality TEXT NOT NULL DEFAULT 'private';
        CREATE TEMP TABLE integrity_order (name TEXT PRIMARY KEY, place INTEGER);
        INSERT INTO integrity_order VALUES ('system', 0), ('person', 1), ('endorsed', 2), ('companion', 3), ('untrusted', 4);
        CREATE TEMP TABLE confidentiality_order (name TEXT PRIMARY KEY, place INTEGER);
        INSERT INTO confidentiality_order VALUES ('public', 0), ('private', 1), ('sensitive', 2), ('secret', 3);

        CREATE TEMP TABLE joined AS
            SELECT s.blob_id AS blob, max(io.place) AS integrity, max(co.place) AS confidentiality
            FROM sources s JOIN items i ON i.source_id = s.id JOIN integrity_order io ON io.name = i.integrity
            JOIN confidentiality_order co ON co.name = i.confidentiality WHERE s.blob_id IS NOT NULL GROUP BY s.blob_id;
        UPDATE blobs SET integrity = io.name, confidentiality = co.name
            FROM joined j JOIN integrity_order io ON io.place = j.integrity JOIN confidentiality_order co ON co.place = j.confidentiality
            WHERE blobs.id = j.blob;
        DROP TABLE joined;

        CREATE TEMP TABLE joined AS
            SELECT q.reply_id AS reply, max(max(io.place), min(ro.place)) AS integrity, max(max(co.place), min(rc.place)) AS confidentiality
            FROM reply_sources q JOIN items i ON i.id = q.item_id JOIN items r ON r.id = q.reply_id
            JOIN integrity_order io ON io.name = i.integrity JOIN integrity_order ro ON ro.name = r.integrity
            JOIN confidentiality_order co ON co.name = i.confidentiality JOIN confidentiality_order rc ON rc.name = r.confidentiality
            GROUP BY q.reply_id;
        UPDATE items SET integrity = io.name, confidentiality = co.name
            FROM joined j JOIN integrity_order io ON io.place = j.integrity JOIN confidentiality_order co ON co.place = j.confidentiality
            WHERE items.id = j.reply;
        DROP TABLE joined;
        DROP TABLE integrity_order;
        DROP TABLE confidentiality_order;
    """)
