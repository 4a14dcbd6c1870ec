"""What a process that holds remembered words does for itself before it reads any."""

from __future__ import annotations

import contextlib
import ctypes
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
