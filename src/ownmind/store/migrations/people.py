"""The schema of who is who, and the letters that say so."""

from __future__ import annotations

import apsw


def step_015_people(cx: apsw.Connection) -> None:
    """Nothing yet."""
