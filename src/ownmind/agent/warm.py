"""The beginning every conversation shares, evaluated before anybody speaks.

Seven seconds of a cold first message are its fixed beginning; with it in the model's cache the first word comes in one to two.
"""

from __future__ import annotations

from typing import cast

from pydantic_ai import ModelSettings
from pydantic_ai.direct import model_request
from pydantic_ai.models import Model

from .answerable import gate
from .context import Talk, page, prompt


async def warm(model: Model) -> None:
    """Puts the conversation's beginning and the gate's into the model's cache. A message that comes meanwhile goes first."""
    chosen = {"temperature": 0.0, "max_tokens": 1, "slot": 0, "background": True}
    settings = cast(ModelSettings, chosen)  # cast: slot and background are the embedded brain's own
    await model_request(model, prompt(Talk(), page("Hello", [])), model_settings=settings)
    await gate("Who called?", ["Nothing yet."], model)
