"""One process per home: an advisory lock the kernel drops when its holder dies, however it dies.

The file's text says who holds it (pid, and the address it answers at), so that a second process can offer to attach. The
text of a dead process is left lying: only the lock itself counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

from ..errors import BadInput, HomeInUse

_FAR = 1 << 30  # Windows locks bytes, and locked bytes cannot be read: lock one far behind the text


class HomeLock:
    """Held from ``take`` to ``release`` (or to the end of the process)."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd: int | None = fd

    @classmethod
    def take(cls, path: Path) -> HomeLock:
        """The lock on the home that holds ``path``. Raises HomeInUse with the holder's pid and address, at once."""
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise BadInput(
                f"cannot write in {path.parent}: {error.strerror}", hint="fix the folder's permissions, or choose another with --home"
            ) from error
        try:
            _lock(fd)
        except OSError as error:
            os.close(fd)
            pid, address = holder(path)
            where = f" (process {pid}{f', at {address}' if address else ''})" if pid else ""
            raise HomeInUse(
                f"{path.parent} is already open in another Ownmind{where}",
                hint="use that one, or stop it first",
                pid=pid,
                address=address,
            ) from error
        lock = cls(path, fd)
        lock.announce("")
        return lock

    def announce(self, address: str) -> None:
        """Says where this process answers; "" says that it does not."""
        assert self._fd is not None, "the lock was released"
        text = json.dumps({"pid": os.getpid(), "address": address}).encode()
        with contextlib.suppress(OSError):  # a full disk: the lock holds, only the courtesy is missing
            os.lseek(self._fd, 0, os.SEEK_SET)
            os.write(self._fd, text)
            os.ftruncate(self._fd, len(text))

    def release(self) -> None:
        """Lets others in. Releasing twice is fine."""
        if self._fd is None:
            return
        fd, self._fd = self._fd, None
        with contextlib.suppress(OSError):
            os.ftruncate(fd, 0)
        os.close(fd)  # closing drops the lock


def holder(path: Path) -> tuple[int, str]:
    """The pid and address written in the lock file; (0, "") when it says nothing readable. It may be of a dead process."""
    try:
        said = json.loads(path.read_bytes())
        return int(said["pid"]), str(said["address"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0, ""


if sys.platform == "win32":  # written with care, untested
    import msvcrt

    def _lock(fd: int) -> None:
        os.lseek(fd, _FAR, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
