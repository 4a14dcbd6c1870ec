"""What a process that holds remembered words does for itself: before it reads any, and once everything it needs is there."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys


def leave_no_dump() -> None:
    """No core file of this process is ever written, and no other process of this person may read its memory (root still may).

    A crash would put words and keys in clear on the disk. The limit on core files is not enough: a dump that is piped to a
    program (core(5): systemd-coredump, apport) passes it by, but the kernel dumps nothing that is not *dumpable* (prctl(2)). The
    limit is inherited by children; not being dumpable ends with exec, so each child of ours calls this for itself.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit, and makes no such files by itself
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def settle() -> None:
    """What lives now lives until the process ends: Python's collector of cycles leaves it alone from here on. It would look at each of
    the 180,000 objects of an open house again and again, a tenth of a second each time in which nothing is answered."""
    gc.freeze()
