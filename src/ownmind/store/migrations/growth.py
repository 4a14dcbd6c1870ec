"""The schema of what changed because of the person: when they said so, where no row told until now."""

from __future__ import annotations

import apsw


def step_026_growth(cx: apsw.Connection) -> None:
    """What changed is a query over the rows that changed (store/growth.py). Two of these did not say when: a confirmed fact and a skill
    that was switched off. Of those there are by now nobody knows. ``kept_at`` stays when a confirmation is taken back. The indexes find
    a few rows among a hundred thousand: what was confirmed, and what says how the person wants to be treated."""
    cx.execute("""
        ALTER TABLE facts ADD COLUMN kept_at REAL;                         -- Unix seconds
        CREATE INDEX facts_kept ON facts(coalesce(kept_at, learned_at), id) WHERE kept OR kept_at IS NOT NULL;
        CREATE INDEX facts_wishes ON facts(learned_at, id) WHERE kind IN ('instruction', 'need');
        ALTER TABLE skills_off ADD COLUMN at REAL;
    """)
