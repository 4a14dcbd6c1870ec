"""The beginnings every conversation shares, evaluated before anybody speaks.

Seven seconds of a cold first message are its fixed beginning; with it in the model's cache the first word comes in one to two.
"""

from __future__ import annotations

from pydantic_ai import models

from ..models.small.gate import gate
from .context import Talk
from .examples import FREELY, FROM_MEMORY
from .speech import prefill


async def warm(model: models.Model) -> None:
    """Puts both beginnings of a conversation and the gate's into the model's cache. A message that comes meanwhile goes first."""
    for beginning in (FREELY, FROM_MEMORY):
        await prefill(model, Talk(), beginning)
    await gate("Who called?", ["Nothing yet."], model)
