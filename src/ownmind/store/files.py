"""Files for the person alone, written so that a crash leaves the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import BinaryIO


def private(path: Path) -> BinaryIO:
    """A file at ``path`` to be written from its beginning, readable by the person alone from its first moment."""
    binary = getattr(os, "O_BINARY", 0)  # Windows would turn every newline byte into two
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | binary, 0o600), "wb")


def replace(path: Path, content: bytes) -> None:
    """Puts ``content`` at ``path``, readable by the person alone, durable when this returns."""
    fresh = path.with_name(path.name + ".new")
    try:
        with private(fresh) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
    settle(path.parent)


def settle(folder: Path) -> None:
    """Makes the names in ``folder`` durable (a rename is only as durable as its folder); Windows has no such call."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
