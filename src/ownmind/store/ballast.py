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

from . import files

SIZE = 4 * 1024 * 1024
SPARE = 4 * SIZE  # below this much free space a write that erases gives up the ballast first
MARGIN = 256 * 1024  # left free beside the ballast: a start needs a little


def beside(database: Path) -> Path:
    """Where the ballast of ``database`` lies."""
    return database.with_name("ballast")


def fill(path: Path) -> bool:
    """Makes the ballast as large as there is room for, up to SIZE; True when it is there afterwards."""
    try:
        has = path.stat().st_size if path.exists() else 0
        size = min(SIZE, has + shutil.disk_usage(path.parent).free - MARGIN)
        if has >= size:
            return has > 0
        with files.private(path) as file:
            file.write(os.urandom(size))
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
