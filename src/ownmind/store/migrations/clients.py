"""The schema of the programs the person lets in, and of where each talk of theirs went on."""

from __future__ import annotations

import apsw


def step_021_clients(cx: apsw.Connection) -> None:
    """Keys of other programs (their SHA-256 alone) with what each may do, and for every talk a program sent how far it is known: keyed
    digests of the messages so far, no words. A conversation that goes takes its digests along."""
    cx.execute("""
        CREATE TABLE clients (
            id          INTEGER PRIMARY KEY,
            name        TEXT NOT NULL,
            scopes      TEXT NOT NULL,                       -- their names, with a space between
            digest      BLOB NOT NULL UNIQUE,                -- SHA-256 of the key, which has 256 random bits
            created     REAL NOT NULL,
            last_used   REAL,
            calls       INTEGER NOT NULL DEFAULT 0,
            footnotes   INTEGER NOT NULL DEFAULT 0,          -- 1: sources also stand under the text of an answer
            revoked     REAL
        );
        CREATE TABLE client_talks (
            digest           BLOB PRIMARY KEY,               -- keyed: of the client and every message so far, or of a response's id
            client_id        INTEGER NOT NULL REFERENCES clients(id) ON DELETE CASCADE,
            conversation_id  INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            is_head          INTEGER NOT NULL,               -- 1: the conversation has come just so far
            at               REAL NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX client_talks_conversation ON client_talks(conversation_id);
        CREATE INDEX client_talks_client ON client_talks(client_id);
    """)
