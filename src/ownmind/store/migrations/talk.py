"""The schema of talks that branch, of what the person thinks of a reply, and of files sent with a message."""

from __future__ import annotations

import apsw


def step_025_talk(cx: apsw.Connection) -> None:
    """A talk is a line until a message is edited or a reply asked for anew; from then on every item of it says what it was said after
    (``branches``), and ``tips`` names the last of the branch that is gone on with. What is said later joins that branch by itself, and
    what stood between two things that stay is closed up when it is forgotten: triggers, so that no code can forget to.

    Of a thumb and of an attached file only places are kept. The word of a correction is an item of its own (``word_id``), withheld until
    the person has it remembered: whatever finds it to forget it finds it there and nowhere else."""
    cx.execute("""
        CREATE TABLE branches (
            item_id    INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
            after_id   INTEGER REFERENCES items(id) ON DELETE SET NULL,   -- NULL: the talk begins with it
            instead_id INTEGER REFERENCES items(id) ON DELETE SET NULL    -- what it was said in place of
        );
        CREATE INDEX branches_after ON branches(after_id) WHERE after_id IS NOT NULL;
        CREATE INDEX branches_instead ON branches(instead_id) WHERE instead_id IS NOT NULL;
        CREATE TABLE tips (
            conversation_id INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
            item_id         INTEGER REFERENCES items(id) ON DELETE SET NULL
        );
        CREATE INDEX tips_item ON tips(item_id);
        CREATE TRIGGER branches_grow AFTER INSERT ON items WHEN new.conversation_id IN (SELECT conversation_id FROM tips) BEGIN
            INSERT INTO branches(item_id, after_id) SELECT new.id, item_id FROM tips WHERE conversation_id = new.conversation_id;
            UPDATE tips SET item_id = new.id WHERE conversation_id = new.conversation_id;
        END;
        CREATE TRIGGER branches_close BEFORE DELETE ON items BEGIN
            UPDATE tips SET item_id = (SELECT after_id FROM branches WHERE item_id = old.id) WHERE item_id = old.id;
            UPDATE branches SET after_id = (SELECT after_id FROM branches WHERE item_id = old.id) WHERE after_id = old.id;
        END;

        CREATE TABLE feedback (
            reply_id INTEGER PRIMARY KEY REFERENCES replies(item_id) ON DELETE CASCADE,
            is_good  INTEGER NOT NULL,
            word_id  INTEGER REFERENCES items(id) ON DELETE SET NULL,
            at       REAL NOT NULL                                        -- Unix seconds
        );
        CREATE INDEX feedback_word ON feedback(word_id) WHERE word_id IS NOT NULL;
        CREATE TRIGGER feedback_word_goes AFTER DELETE ON feedback BEGIN
            DELETE FROM items WHERE id = old.word_id AND withheld;           -- a word that was not remembered goes with its thumb
        END;

        CREATE TABLE attachments (
            item_id   INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            position  INTEGER NOT NULL,
            source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
            PRIMARY KEY (item_id, position)
        ) WITHOUT ROWID;
        CREATE INDEX attachments_source ON attachments(source_id);
    """)
