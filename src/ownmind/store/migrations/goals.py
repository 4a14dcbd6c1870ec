"""The schema of goals, their steps, check-ins and evidence."""

from __future__ import annotations

import apsw


def step_014_goals(cx: apsw.Connection) -> None:
    """Nothing yet."""
