"""The schema of what is remembered and done: steps 1 to 6."""

from __future__ import annotations

import apsw

from .. import scripts


def step_001_first(cx: apsw.Connection) -> None:
    """Everything of the first version. Times are unix seconds (REAL), with the person's UTC offset in minutes beside them
    where it matters ("tomorrow" depends on it). Ids never come back after a row is gone (AUTOINCREMENT): a receipt, a ledger
    row or a note that names one must not come to mean another. ``content_key`` is a keyed hash of what the row holds, so a
    forgotten thing can be recognised without being kept."""
    cx.execute("""
        CREATE TABLE sources (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            ref          TEXT NOT NULL UNIQUE,           -- note:3, file:/home/ana/diary.md
            kind         TEXT NOT NULL,
            title        TEXT NOT NULL DEFAULT '',
            media_type   TEXT NOT NULL DEFAULT 'text/plain',
            content_key  BLOB,                           -- keyed hash of the source's own bytes
            blob_id      INTEGER REFERENCES blobs(id) ON DELETE SET NULL,
            added_at     REAL NOT NULL,
            progress     TEXT NOT NULL DEFAULT '{}'      -- JSON: how far an import has come
        );
        CREATE INDEX sources_content ON sources(content_key) WHERE content_key IS NOT NULL;

        CREATE TABLE conversations (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            key         TEXT NOT NULL UNIQUE,
            title       TEXT NOT NULL DEFAULT '',
            started_at  REAL NOT NULL
        );

        CREATE TABLE items (
            id               INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id  INTEGER REFERENCES conversations(id),
            position         INTEGER NOT NULL DEFAULT 0,  -- order within the conversation or document
            kind             TEXT NOT NULL,
            text             TEXT NOT NULL,
            speaker          TEXT NOT NULL DEFAULT '',
            at               REAL,                        -- NULL: nobody knows
            zone             INTEGER NOT NULL DEFAULT 0,  -- minutes east of UTC, for at
            learned_at       REAL NOT NULL,
            source_id        INTEGER NOT NULL REFERENCES sources(id),
            span_start       INTEGER,
            span_end         INTEGER,
            page             INTEGER,
            external_id      TEXT NOT NULL DEFAULT '',
            integrity        TEXT NOT NULL,
            confidentiality  TEXT NOT NULL,
            content_key      BLOB NOT NULL
        );
        CREATE INDEX items_conversation ON items(conversation_id, position);
        CREATE INDEX items_source ON items(source_id, position);
        CREATE UNIQUE INDEX items_external ON items(source_id, external_id) WHERE external_id <> '';
        CREATE INDEX items_content ON items(content_key);
        CREATE INDEX items_at ON items(at) WHERE at IS NOT NULL;
    """)
    # External content: the text is kept once. Never contentless_delete, which ignores secure-delete. The triggers keep the
    # index true whoever deletes a row.
    cx.execute("""
        CREATE VIRTUAL TABLE items_fts USING fts5(
            text, speaker, content='items', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
        );
        INSERT INTO items_fts(items_fts, rank) VALUES ('secure-delete', 1);
        CREATE TRIGGER items_fts_insert AFTER INSERT ON items BEGIN
            INSERT INTO items_fts(rowid, text, speaker) VALUES (new.id, new.text, new.speaker);
        END;
        CREATE TRIGGER items_fts_delete AFTER DELETE ON items BEGIN
            INSERT INTO items_fts(items_fts, rowid, text, speaker) VALUES ('delete', old.id, old.text, old.speaker);
        END;
        CREATE TRIGGER items_fts_update AFTER UPDATE OF text, speaker ON items BEGIN
            INSERT INTO items_fts(items_fts, rowid, text, speaker) VALUES ('delete', old.id, old.text, old.speaker);
            INSERT INTO items_fts(rowid, text, speaker) VALUES (new.id, new.text, new.speaker);
        END;
    """)
    cx.execute("""
        CREATE TABLE item_vectors (
            item_id  INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
            model    TEXT NOT NULL,                      -- the embedder's id: vectors of two models are never compared
            vector   BLOB NOT NULL
        );

        CREATE TABLE facts (
            id               INTEGER PRIMARY KEY AUTOINCREMENT,
            text             TEXT NOT NULL,
            subject          TEXT NOT NULL,
            predicate        TEXT NOT NULL,
            object           TEXT NOT NULL,
            subject_key      TEXT NOT NULL,              -- folded for comparing: case, articles, accents
            predicate_key    TEXT NOT NULL,
            kind             TEXT NOT NULL,
            stated           INTEGER NOT NULL,
            confidence       REAL NOT NULL,
            item_id          INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            quote            TEXT NOT NULL,
            span_start       INTEGER NOT NULL,
            span_end         INTEGER NOT NULL,
            integrity        TEXT NOT NULL,
            confidentiality  TEXT NOT NULL,
            learned_at       REAL NOT NULL,
            valid_from       REAL,
            valid_to         REAL,
            zone             INTEGER NOT NULL DEFAULT 0,
            superseded_by    INTEGER REFERENCES facts(id) ON DELETE SET NULL,
            kept             INTEGER NOT NULL DEFAULT 0,
            content_key      BLOB
        );
        CREATE INDEX facts_item ON facts(item_id);
        CREATE INDEX facts_subject ON facts(subject_key, predicate_key);
        CREATE INDEX facts_superseded ON facts(superseded_by) WHERE superseded_by IS NOT NULL;

        CREATE TABLE tombstones (
            key  BLOB PRIMARY KEY,                       -- keyed hash: says that something was forgotten, never what
            at   REAL NOT NULL
        ) WITHOUT ROWID;
    """)
    # A reply keeps which words of which items it rested on, never a copy of them: forgetting the item takes them along.
    cx.execute("""
        CREATE TABLE replies (
            item_id  INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
            known    INTEGER NOT NULL,
            brain    TEXT NOT NULL
        );
        CREATE TABLE reply_sources (
            reply_id     INTEGER NOT NULL REFERENCES replies(item_id) ON DELETE CASCADE,
            position     INTEGER NOT NULL,
            item_id      INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            quote_start  INTEGER NOT NULL,
            quote_end    INTEGER NOT NULL,
            PRIMARY KEY (reply_id, position)
        ) WITHOUT ROWID;
        CREATE INDEX reply_sources_item ON reply_sources(item_id);

        CREATE TABLE blobs (
            id        INTEGER PRIMARY KEY AUTOINCREMENT,
            name      TEXT NOT NULL UNIQUE,              -- random: the file name says nothing
            key       BLOB NOT NULL,                     -- 32 bytes; gone with the row, and the file is noise
            size      INTEGER NOT NULL,
            hash      BLOB NOT NULL,                     -- keyed hash of the content: the same file is kept once
            added_at  REAL NOT NULL
        );
        CREATE UNIQUE INDEX blobs_hash ON blobs(hash);
        CREATE INDEX sources_blob ON sources(blob_id) WHERE blob_id IS NOT NULL;

        CREATE TABLE ledger (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            at           REAL NOT NULL,
            destination  TEXT NOT NULL,
            purpose      TEXT NOT NULL,
            consent      TEXT NOT NULL,
            bytes_out    INTEGER NOT NULL,
            item_ids     TEXT NOT NULL,                  -- JSON array
            body_hash    BLOB NOT NULL,
            previous     BLOB NOT NULL,
            hash         BLOB NOT NULL
        );
        CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

        CREATE TABLE work (
            name        TEXT NOT NULL,                   -- the step: embed, learn
            key         TEXT NOT NULL,                   -- what it works on: an item id
            attempts    INTEGER NOT NULL,
            error       TEXT NOT NULL,                   -- the error's type, never contents
            not_before  REAL NOT NULL,
            PRIMARY KEY (name, key)
        ) WITHOUT ROWID;

        CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """)


def step_002_memory(cx: apsw.Connection) -> None:
    """What a memory that knows time needs: vectors of two models side by side (the old ones serve while the new are made), the
    stretches of time an item's own words name, facts that were never true (corrected, so that forgetting the correction does not
    bring them back as current), and items the person asked not to use, or to keep only for a while."""
    cx.execute("""
        CREATE TABLE item_vectors_by_model (
            model    TEXT NOT NULL,                      -- the embedder's id: vectors of two models are never compared
            item_id  INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            vector   BLOB NOT NULL,
            PRIMARY KEY (model, item_id)
        ) WITHOUT ROWID;
        INSERT INTO item_vectors_by_model(model, item_id, vector) SELECT model, item_id, vector FROM item_vectors ORDER BY model, item_id;
        DROP TABLE item_vectors;
        ALTER TABLE item_vectors_by_model RENAME TO item_vectors;
        CREATE INDEX item_vectors_item ON item_vectors(item_id);

        CREATE TABLE item_times (
            item_id     INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            span_start  INTEGER NOT NULL,                -- the words that name it: items.text[span_start:span_end]
            span_end    INTEGER NOT NULL,
            start       REAL NOT NULL,                   -- half-open stretch, unix seconds
            until       REAL NOT NULL,
            precision   TEXT NOT NULL,                   -- minute, day, week, month, season, year
            PRIMARY KEY (item_id, span_start, span_end)
        ) WITHOUT ROWID;
        CREATE INDEX item_times_start ON item_times(start);

        ALTER TABLE facts ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0;     -- corrected by the person: it never held
        ALTER TABLE items ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;  -- kept, but not to be used: recall passes it over
        ALTER TABLE items ADD COLUMN expires_at REAL;                      -- to be forgotten from then on
        CREATE INDEX items_expiring ON items(expires_at) WHERE expires_at IS NOT NULL;
    """)


def step_003_receipts(cx: apsw.Connection) -> None:
    """What forgetting did, by number and never by content, so that it can be listed, checked again and lifted; and what a forget
    that was killed still has to remove, so that the next process ends it. A key in ``forgotten_sentences`` is never a reason to
    refuse an import, only for ``--verify`` to find what still says the same."""
    cx.execute("""
        CREATE TABLE receipts (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            at         REAL NOT NULL,
            mode       TEXT NOT NULL,                    -- forgotten, expired, redacted, restored
            removed    TEXT NOT NULL DEFAULT '{}',       -- JSON: how many, by place
            verified   INTEGER,                          -- NULL: not ended yet
            lifted_at  REAL                              -- it may come back from then on
        );
        CREATE TABLE forgetting (
            item_id     INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
            receipt_id  INTEGER NOT NULL REFERENCES receipts(id)
        );
        CREATE INDEX forgetting_receipt ON forgetting(receipt_id);
        CREATE TABLE forgotten_sentences (
            key         BLOB NOT NULL,                   -- keyed hash of a sentence's words
            receipt_id  INTEGER NOT NULL REFERENCES receipts(id),
            PRIMARY KEY (key, receipt_id)
        ) WITHOUT ROWID;

        ALTER TABLE tombstones ADD COLUMN receipt_id INTEGER REFERENCES receipts(id);
        CREATE INDEX tombstones_receipt ON tombstones(receipt_id);
        INSERT INTO receipts(at, mode, verified) SELECT at, 'forgotten', 1 FROM tombstones GROUP BY at ORDER BY at;
        UPDATE tombstones SET receipt_id = (SELECT id FROM receipts WHERE receipts.at = tombstones.at);
    """)


def step_004_slots(cx: apsw.Connection) -> None:
    """Facts are settled slot by slot: ``predicate_key`` names what a subject holds one value of at a time, so what may be many
    (likes, languages, pets) takes its object along. ``until`` keeps the end a fact's own words name apart from the end that other
    facts give it."""
    cx.execute("""
        ALTER TABLE facts ADD COLUMN until REAL;                           -- "until May": valid_to may come sooner, and be undone
        UPDATE facts SET predicate_key = predicate_key || ': ' || lower(object)
         WHERE predicate_key NOT LIKE 'favo%rite %' AND predicate_key NOT IN (
            'lives in', 'works at', 'works as', 'age', 'name', 'phone', 'email', 'address', 'birthday', 'relationship status', 'married to',
            'studies at', 'studies', 'height', 'weight', 'diet', 'drives');
        CREATE INDEX facts_content ON facts(content_key) WHERE content_key IS NOT NULL;
    """)


def step_005_counts(cx: apsw.Connection) -> None:
    """What a million items need: how many there are of each kind, and vectors of each model, kept by triggers, because counting a
    million reads them all (.7 s and .9 s); and the items of one kind in their order without passing over all others."""
    cx.execute("""
        CREATE INDEX items_kind ON items(kind);
        CREATE TABLE item_counts (kind TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO item_counts(kind, n) SELECT kind, count(*) FROM items GROUP BY kind;
        CREATE TRIGGER item_counts_insert AFTER INSERT ON items BEGIN
            INSERT INTO item_counts(kind, n) VALUES (new.kind, 1) ON CONFLICT(kind) DO UPDATE SET n = n + 1;
        END;
        CREATE TRIGGER item_counts_delete AFTER DELETE ON items BEGIN
            UPDATE item_counts SET n = n - 1 WHERE kind = old.kind;
        END;

        CREATE TABLE vector_counts (model TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO vector_counts(model, n) SELECT model, count(*) FROM item_vectors GROUP BY model;
        CREATE TRIGGER vector_counts_insert AFTER INSERT ON item_vectors BEGIN
            INSERT INTO vector_counts(model, n) VALUES (new.model, 1) ON CONFLICT(model) DO UPDATE SET n = n + 1;
        END;
        CREATE TRIGGER vector_counts_delete AFTER DELETE ON item_vectors BEGIN
            UPDATE vector_counts SET n = n - 1 WHERE model = old.model;
        END;
    """)


def step_006_scripts(cx: apsw.Connection) -> None:
    """A second index for words the first one cannot cut: Chinese, Japanese, Korean, Thai and the like, and Indian scripts (``scripts``
    says how). Only items that hold such words have a row; their words are kept, so that the index can be told what to take out."""
    cx.execute("""
        CREATE TABLE item_words (item_id INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE, words TEXT NOT NULL);
        CREATE VIRTUAL TABLE item_words_fts USING fts5(words, content='item_words', content_rowid='item_id', tokenize='ascii');
        INSERT INTO item_words_fts(item_words_fts, rank) VALUES ('secure-delete', 1);
        CREATE TRIGGER item_words_insert AFTER INSERT ON item_words BEGIN
            INSERT INTO item_words_fts(rowid, words) VALUES (new.item_id, new.words);
        END;
        CREATE TRIGGER item_words_delete AFTER DELETE ON item_words BEGIN
            INSERT INTO item_words_fts(item_words_fts, rowid, words) VALUES ('delete', old.item_id, old.words);
        END;
        CREATE TRIGGER item_words_update AFTER UPDATE OF text, speaker ON items BEGIN
            DELETE FROM item_words WHERE item_id = new.id;
        END;
    """)
    scripts.rebuild(cx)
