"""Files beside the database (kept files, keys, the ledger's head) as a power cut could leave them.

POSIX promises two things: what fsync was called on is on the disk, and a name is once fsync was called on its folder. So while a home is
written each fsync, rename and removal below it is recorded with its content, and a cut gives any home those two promises allow: a name
whose folder was not synced may be there or not, and one whose file was not synced may be there empty.
"""

from __future__ import annotations

import os
import random
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .recorder import FILES, Op

_NEVER = (*FILES, "mind.db-shm", "lock", "ballast")  # the database has its own recording; these two hold nothing of the person


@dataclass(slots=True)
class Syncing:
    """Whether fsync is seen. The control lets it pass unseen, as if nobody had called it."""

    is_seen: bool = True


@contextmanager
def recorded_beside(home: Path, log: list[Op]) -> Iterator[Syncing]:
    """Records into ``log`` what the process does to files below ``home``, the database's own aside."""
    syncing = Syncing()
    real = (os.fsync, os.replace, os.unlink)

    def told(path: Any) -> str:
        found = Path(os.fsdecode(path)).absolute()
        return str(found.relative_to(home)) if found.is_relative_to(home) and found.name not in _NEVER else ""

    def fsync(fd: int) -> None:
        real[0](fd)
        path = Path(f"/proc/self/fd/{fd}").readlink()
        if not syncing.is_seen or not path.is_relative_to(home):
            return
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            log.append(Op("settle", str(path.relative_to(home))))
        elif name := told(path):
            log.append(Op("content", name, data=path.read_bytes()))

    def replace(source: Any, target: Any, **more: Any) -> None:
        real[1](source, target, **more)
        if name := told(target):
            log.append(Op("rename", name, note={"from": told(source)}))

    def unlink(path: Any, **more: Any) -> None:
        real[2](path, **more)
        if name := told(path):
            log.append(Op("unlink", name))

    _set(fsync, replace, unlink)
    try:
        yield syncing
    finally:
        _set(*real)


def _set(*functions: Callable[..., None]) -> None:
    for name, function in zip(("fsync", "replace", "unlink"), functions, strict=True):
        setattr(os, name, function)


@dataclass(slots=True)
class Folder:
    """The files beside, played forward through a log: names that are durable, and what happened to names since."""

    names: dict[str, bytes] = field(default_factory=dict)
    _contents: dict[str, bytes] = field(default_factory=dict)  # synced, by the name the file has now
    _waiting: list[tuple[str, bytes | None]] = field(default_factory=list)  # (name, its content; None when it was removed)

    def play(self, op: Op) -> None:
        """Goes on by one call."""
        match op.kind:
            case "content":
                self._contents[op.file] = op.data
                self._waiting.append((op.file, op.data))
            case "rename":
                content = self._contents.pop(str(op.note["from"]), b"")  # never synced: nothing of it need be there
                self._contents[op.file] = content
                self._waiting.append((op.file, content))
            case "unlink":
                self._contents.pop(op.file, None)
                self._waiting.append((op.file, None))
            case "settle":
                here = [each for each in self._waiting if str(Path(each[0]).parent) == op.file]
                self._waiting = [each for each in self._waiting if each not in here]
                for name, held in here:
                    _put(self.names, name, held)

    def cut(self, home: Path, how: str, chance: random.Random) -> None:
        """Writes what a power cut now could leave; ``how`` as the database's files (`recorder.Disk`)."""
        names = dict(self.names)
        arrived = {"dropped": 0, "arrived": len(self._waiting)}.get(how, chance.randrange(len(self._waiting) + 1))
        for place, (name, content) in enumerate(self._waiting):
            if chance.random() < 0.5 if how == "scattered" else place < arrived:
                _put(names, name, content)
        for name, content in names.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(content)


def _put(names: dict[str, bytes], name: str, content: bytes | None) -> None:
    if content is None:
        names.pop(name, None)
    else:
        names[name] = content


def empty(home: Path, like: Path) -> None:
    """A fresh home with the folders that ``like`` has, and nothing in them."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700)
    for path in like.rglob("*"):
        if path.is_dir():
            with suppress(FileExistsError):
                (home / path.relative_to(like)).mkdir(mode=0o700, parents=True)
