"""The schema of goals, their steps, check-ins and evidence."""

from __future__ import annotations

import apsw


def step_014_goals(cx: apsw.Connection) -> None:
    """Goals, part by part, each with the item that says it: a goal goes with the words it was said with, a part with the words it was
    read from. What was said at a check-in is not copied: it is the text of its item. ``goal_items`` names every item that ever stood
    behind a goal, so that what repeats its words (the names of steps, what a change can be taken back to) goes with it, whoever
    removes or redacts it. When words are cut out of an item, the parts that were read from just those words go; the others move."""
    cx.execute("""
        CREATE TABLE goals (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,   -- an id is never used twice: it stands in what a person was shown
            item_id     INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            title       TEXT NOT NULL,
            template    TEXT NOT NULL,
            state       TEXT NOT NULL,
            created_at  REAL NOT NULL,
            ended_at    REAL,
            unfolded    TEXT NOT NULL DEFAULT ''             -- the first day for which its steps are not yet worked out
        );
        CREATE INDEX goals_item ON goals(item_id);
        CREATE INDEX goals_state ON goals(state);
        CREATE TABLE goal_chips (
            goal_id     INTEGER NOT NULL REFERENCES goals(id) ON DELETE CASCADE,
            slot        TEXT NOT NULL,
            value       TEXT NOT NULL,                       -- '': the person left it open
            how         TEXT NOT NULL,
            item_id     INTEGER REFERENCES items(id) ON DELETE CASCADE,
            span_start  INTEGER,
            span_end    INTEGER,
            PRIMARY KEY (goal_id, slot)
        );
        CREATE INDEX goal_chips_item ON goal_chips(item_id);
        CREATE TABLE goal_steps (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            goal_id     INTEGER NOT NULL REFERENCES goals(id) ON DELETE CASCADE,
            key         TEXT NOT NULL,                       -- its place in the template's order
            title       TEXT NOT NULL,
            minutes     INTEGER NOT NULL,
            shortest    INTEGER NOT NULL,
            position    INTEGER NOT NULL,
            earliest    REAL NOT NULL,
            latest      REAL NOT NULL,
            amount      REAL,
            milestone   TEXT NOT NULL DEFAULT '',
            state       TEXT NOT NULL DEFAULT 'open',
            start       REAL,
            until       REAL,
            done_at     REAL,
            pinned      INTEGER NOT NULL DEFAULT 0,
            item_id     INTEGER REFERENCES items(id) ON DELETE SET NULL,   -- what the person said of it
            UNIQUE (goal_id, key)
        );
        CREATE INDEX goal_steps_open ON goal_steps(latest) WHERE state = 'open';
        CREATE INDEX goal_steps_start ON goal_steps(start) WHERE start IS NOT NULL;
        CREATE INDEX goal_steps_item ON goal_steps(item_id) WHERE item_id IS NOT NULL;
        CREATE TABLE goal_evidence (
            id       INTEGER PRIMARY KEY AUTOINCREMENT,
            goal_id  INTEGER NOT NULL REFERENCES goals(id) ON DELETE CASCADE,
            step_id  INTEGER REFERENCES goal_steps(id) ON DELETE SET NULL,
            item_id  INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            at       REAL NOT NULL,
            kind     TEXT NOT NULL,                          -- said, imported
            answer   TEXT NOT NULL DEFAULT '',
            value    REAL
        );
        CREATE INDEX goal_evidence_goal ON goal_evidence(goal_id, at);
        CREATE INDEX goal_evidence_item ON goal_evidence(item_id);
        CREATE INDEX goal_evidence_step ON goal_evidence(step_id) WHERE step_id IS NOT NULL;
        CREATE TABLE goal_changes (
            id       INTEGER PRIMARY KEY AUTOINCREMENT,
            goal_id  INTEGER NOT NULL REFERENCES goals(id) ON DELETE CASCADE,
            act      INTEGER NOT NULL,                       -- one act may change several goals
            at       REAL NOT NULL,
            what     TEXT NOT NULL,                          -- added, changed, checked in, paused, ...
            before   TEXT NOT NULL                           -- JSON: the goal, its parts and steps as they were
        );
        CREATE INDEX goal_changes_goal ON goal_changes(goal_id);
        CREATE TABLE goal_items (
            goal_id  INTEGER NOT NULL REFERENCES goals(id) ON DELETE CASCADE,
            item_id  INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
            PRIMARY KEY (goal_id, item_id)
        ) WITHOUT ROWID;
        CREATE INDEX goal_items_item ON goal_items(item_id);

        CREATE TRIGGER goals_forgotten BEFORE DELETE ON items WHEN EXISTS (SELECT 1 FROM goal_items WHERE item_id = old.id) BEGIN
            DELETE FROM goal_changes WHERE goal_id IN (SELECT goal_id FROM goal_items WHERE item_id = old.id);
            UPDATE goal_steps SET title = '', milestone = '', key = 'x' || id
                WHERE goal_id IN (SELECT goal_id FROM goal_chips WHERE item_id = old.id
                                  AND slot IN ('title', 'person', 'milestones', 'measure', 'target'));
            UPDATE goals SET unfolded = '' WHERE id IN (SELECT goal_id FROM goal_items WHERE item_id = old.id);
        END;

        CREATE TRIGGER goals_redacted AFTER UPDATE OF text ON items WHEN EXISTS (SELECT 1 FROM goal_items WHERE item_id = old.id) BEGIN
            DELETE FROM goal_changes WHERE goal_id IN (SELECT goal_id FROM goal_items WHERE item_id = old.id);
            UPDATE goal_steps SET title = '', milestone = '', key = 'x' || id WHERE goal_id IN (
                SELECT id FROM goals WHERE item_id = old.id AND instr(lower(new.text), lower(title)) = 0
                UNION SELECT goal_id FROM goal_chips WHERE item_id = old.id
                    AND instr(new.text, iif(span_start IS NULL, value, substr(old.text, span_start + 1, span_end - span_start))) = 0);
            UPDATE goals SET unfolded = '' WHERE id IN (SELECT goal_id FROM goal_items WHERE item_id = old.id);
            UPDATE goals SET title = substr(new.text, 1, 120) WHERE item_id = old.id AND instr(lower(new.text), lower(title)) = 0;
            DELETE FROM goal_chips WHERE item_id = old.id
                AND instr(new.text, iif(span_start IS NULL, value, substr(old.text, span_start + 1, span_end - span_start))) = 0;
            UPDATE goal_chips SET
                span_start = instr(new.text, substr(old.text, span_start + 1, span_end - span_start)) - 1,
                span_end = instr(new.text, substr(old.text, span_start + 1, span_end - span_start)) - 1 + span_end - span_start
                WHERE item_id = old.id AND span_start IS NOT NULL;
        END;
    """)
