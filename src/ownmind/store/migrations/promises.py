"""The schema of promises."""

from __future__ import annotations

import apsw


def step_018_promises(cx: apsw.Connection) -> None:
    """Nothing yet."""
