"""How good and how fast a model is on this machine: a check of two minutes at most, each answer judged by code."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from .brain import Brain
from .checked import Checked
from .underway import Say, Stopped

MOST_SECONDS = 120.0


async def check(brain: Brain | None, path: Path, *, id: str, sha256: str, say: Say, stopped: Stopped, now: datetime) -> Checked:
    """The check of the model in ``path``; of ``brain``'s own when it is the one in use."""
    raise NotImplementedError
