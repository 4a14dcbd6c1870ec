"""How many tokens a model reads here: as many as it was trained for, in the memory there is. Pure."""

from __future__ import annotations

from .gguf import Metadata

LEAST = 4096  # tokens; below this a talk with its notes no longer fits
MOST = 32768  # more is more memory than it is worth: what is older is recalled, not read again
CONTEXT = 8192  # tokens to reckon with where no window has been chosen yet
_SHARE = 8  # the cache may take one part in so many of the memory that is free beside the weights
_STEP = 1024
_HALF = 2  # bytes of a number in the cache: f16


def bytes_per_token(model: Metadata) -> int:
    """What one token of context costs, keys and values of all blocks (28 KiB for the starter brain)."""
    return model.cached * _HALF


def window_of(model: Metadata, *, available: int) -> int:
    """Tokens of context for ``model`` with ``available`` bytes of memory free before it is loaded; never more than it was trained for."""
    trained = model.context or LEAST
    affordable = max(0, available - model.bytes - model.repacked) // _SHARE // max(1, bytes_per_token(model))
    return min(trained, MOST, max(LEAST, affordable // _STEP * _STEP))
