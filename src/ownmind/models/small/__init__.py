"""What small models need, in one place: a wrapper that takes tools (`SmallModel`), the router of our own requests (`router`), and
who counts as small.

Bigger models need none of it: they call tools natively, through the same interface, the same loop and the same gate.
"""

from __future__ import annotations

from ..llama.gguf import Metadata

SMALL = 4e9  # parameters: below, native tool calls do not parse and free planning stays generic (dev/LOG.md)


def is_small(metadata: Metadata) -> bool:
    """Whether a model needs the wrapper. One that does not say how many parameters it has is judged by its file: some half a byte each."""
    return (metadata.parameters or metadata.bytes * 2) < SMALL
