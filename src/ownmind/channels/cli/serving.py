"""``ownmind mcp serve``: the memory of this home for one program of yours, over standard input and output."""

from __future__ import annotations

from pathlib import Path

from ...errors import BadInput
from .options import Everywhere


def serve(*, client: str, key_file: Path | None, everywhere: Everywhere) -> int:
    """Speaks the Model Context Protocol on standard input and output until the input ends."""
    raise BadInput("this is not here yet", hint="it comes with the next version")
