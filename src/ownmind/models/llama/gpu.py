"""How much of a model goes to a graphics processor. Pure.

llama.cpp puts whole layers there, the last ones first, each with its part of the context's cache. Nothing is put there that could
fail for want of memory: a part of what is free is left for the display and for what llama.cpp computes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .gguf import Metadata
from .window import bytes_per_token

Gpu: TypeAlias = Literal["auto", "off"]

_KEPT = 512 << 20  # bytes of each device that stay free
_SHARE = 0.9  # of the rest: the sizes of layers differ a little, and the numbers of the device are a moment old


@dataclass(frozen=True, slots=True)
class Device:
    """A graphics processor and its free memory in bytes."""

    name: str
    free: int


def layers(devices: Sequence[Device], model: Metadata, context: int) -> int:
    """How many layers go to ``devices`` (the output layer counts as one): all of them where they fit, 0 where none is worth it."""
    if not devices or model.blocks <= 0:
        return 0
    layer = (model.bytes + bytes_per_token(model) * context) / (model.blocks + 1)  # bytes
    fitting = sum(int(max(0, device.free - _KEPT) * _SHARE / layer) for device in devices)
    if fitting > model.blocks:
        return model.blocks + 1
    # Below a quarter the way between the two memories costs more than it saves.
    return fitting if fitting * 4 >= model.blocks else 0
