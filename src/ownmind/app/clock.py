"""The time by this machine, where everything in the house takes it from."""

from __future__ import annotations

from datetime import datetime


def present() -> datetime:
    """Now, in the person's own time zone."""
    return datetime.now().astimezone()
