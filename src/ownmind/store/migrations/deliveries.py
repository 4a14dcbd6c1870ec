"""The schema of what was due, delivered and seen."""

from __future__ import annotations

import apsw


def step_017_deliveries(cx: apsw.Connection) -> None:
    """Nothing yet."""
