"""A few megabytes kept in reserve, so that forgetting still works on a full disk.

Deleting rows needs room first: SQLite writes the changed pages to its log before it can give any back. On a full disk
DELETE therefore fails, exactly when a person wants to make room. The ballast is given up before such a write and made again
when there is space. It holds random bytes, so that a compressing file system cannot give away its room.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

SIZE = 4 * 1024 * 1024
SPARE = 4 * SIZE  # below this much free space a write that erases gives up the ballast first


def beside(database: Path) -> Path:
    """Where the ballast of ``database`` lies."""
    return database.with_name("ballast")


def fill(path: Path) -> bool:
    """Makes the ballast when it is missing and the disk has room for it; True when it is there afterwards."""
    try:
        if path.exists() and path.stat().st_size >= SIZE:
            return True
        if shutil.disk_usage(path.parent).free < SPARE:
            return False
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(SIZE))
        return True
    except OSError:  # no room after all: the ballast is a comfort, never a reason to fail
        release(path)
        return False


def release(path: Path) -> None:
    """Gives the room back."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def is_needed(path: Path) -> bool:
    """True when the disk is too full to trust that a write will find room."""
    return shutil.disk_usage(path.parent).free < SPARE
