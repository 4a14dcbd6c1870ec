"""The schema of calendars."""

from __future__ import annotations

import apsw


def step_016_appointments(cx: apsw.Connection) -> None:
    """Nothing yet."""
