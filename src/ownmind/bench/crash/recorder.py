"""Every write and flush of the database's files, in order: a layer of SQLite's file system below the encryption.

A power cut keeps what was flushed. Of what was written since, a disk may have kept any sectors in any order. So a log of writes and
flushes gives the files that any cut could have left.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw

SECTOR = 512
_BASE = "unix"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Op:
    """One call: ``write`` (data at offset), ``truncate`` (to offset), ``sync``, ``delete``, ``note`` (something was
    acknowledged), or what happened beside the database: ``content``, ``rename``, ``unlink``, ``settle`` (`beside`)."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""
    note: dict[str, object] = field(default_factory=dict)


class Recorder(apsw.VFS):
    """A file system that does as the ordinary one does, and writes down what was asked of it for ``mind.db`` and its log."""

    def __init__(self, name: str) -> None:
        super().__init__(name, _BASE)
        self.log: list[Op] = []

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  # SQLite's name
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        file = Path(path).name if path else ""
        if file not in FILES:
            return apsw.VFSFile(_BASE, name, flags)
        return _File(name, flags, file, self.log)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        if Path(filename).name in FILES:
            self.log.append(Op("delete", Path(filename).name))
            if syncdir:
                self.log.append(Op("sync", Path(filename).name))


class _File(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int], file: str, log: list[Op]) -> None:
        super().__init__(_BASE, name, flags)
        self._file, self._log = file, log

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._log.append(Op("write", self._file, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._log.append(Op("truncate", self._file, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._log.append(Op("sync", self._file))


FILES = ("mind.db", "mind.db-wal", "mind.db-journal")


@contextmanager
def recorded() -> Iterator[list[Op]]:
    """The log of everything databases opened inside write, below their encryption."""
    name = f"recorder{next(_numbers)}"
    recorder = Recorder(name)
    before = apsw.vfs_names()[0]
    wrapped = f"multipleciphers-{name}"
    apsw.Connection(":memory:", vfs=wrapped).close()  # SQLite3 Multiple Ciphers makes its layer when it is first asked for
    apsw.set_default_vfs(wrapped)
    try:
        yield recorder.log
    finally:
        apsw.set_default_vfs(before)
        recorder.unregister()


class Disk:
    """The files as a disk holds them, played forward through a log: what is durable, and what was written since the last flush."""

    def __init__(self, log: list[Op]) -> None:
        self._log, self.at = log, 0
        self.durable: dict[str, bytearray] = {}
        self._pending: dict[str, list[Op]] = {}

    def play(self, until: int) -> None:
        """Goes on to just before the call ``until``."""
        for op in self._log[self.at : until]:
            if op.kind == "sync":
                for waiting in self._pending.pop(op.file, []):
                    _apply(self.durable, waiting)
            elif op.kind in ("write", "truncate", "delete"):
                self._pending.setdefault(op.file, []).append(op)
        self.at = max(self.at, until)

    def cut(self, folder: Path, how: str, chance: random.Random) -> None:
        """Writes the files that a power cut now could leave. ``how``: ``dropped`` (nothing unflushed arrived), ``torn`` (all up to
        somewhere within one write), ``scattered`` (any sectors), ``arrived`` (everything: what a kill leaves)."""
        files = {name: bytearray(image) for name, image in self.durable.items()}
        for waiting in self._pending.values():
            for op in _arrived(waiting, how, chance):
                _apply(files, op)
        for name in (*FILES, "mind.db-shm"):
            (folder / name).unlink(missing_ok=True)
        for name, image in files.items():
            (folder / name).write_bytes(image)


def _arrived(waiting: list[Op], how: str, chance: random.Random) -> Iterator[Op]:
    match how:
        case "arrived":
            yield from waiting
        case "torn":
            whole = chance.randrange(len(waiting) + 1)
            yield from waiting[:whole]
            if whole < len(waiting) and waiting[whole].kind == "write":
                sectors = list(_sectors(waiting[whole]))
                yield from sectors[: chance.randrange(len(sectors) + 1)]
        case "scattered":
            for op in waiting:
                yield from (part for part in (_sectors(op) if op.kind == "write" else (op,)) if chance.random() < 0.5)


def _sectors(op: Op) -> Iterator[Op]:
    """The write cut where sectors of the disk begin."""
    start, end = op.offset, op.offset + len(op.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield Op("write", op.file, start, op.data[start - op.offset : stop - op.offset])
        start = stop


def _apply(files: dict[str, bytearray], op: Op) -> None:
    if op.kind == "delete":
        files.pop(op.file, None)
        return
    image = files.setdefault(op.file, bytearray())
    if op.kind == "truncate":
        del image[op.offset :]
        image.extend(bytes(max(0, op.offset - len(image))))
        return
    if len(image) < op.offset + len(op.data):
        image.extend(bytes(op.offset + len(op.data) - len(image)))
    image[op.offset : op.offset + len(op.data)] = op.data
