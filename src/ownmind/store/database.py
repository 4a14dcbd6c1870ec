"""The one encrypted database: a single writer, many readers, and errors that name what a person can do.

Every page is ChaCha20-Poly1305 (SQLite3 Multiple Ciphers) under a raw 32-byte key, so opening costs no key derivation and a
changed byte is an error instead of a wrong answer. The log (WAL) holds the same encrypted pages; temporary tables stay in
memory. ``synchronous=EXTRA``: a transaction that returned survives a power cut (NORMAL lost acknowledged rows in 263 of 400;
with FULL the rollback journal of the very first writes may come back and undo what followed: `ownmind bench crash`).

Not covered: an older copy of the whole file put back in its place decrypts well. The ledger's head, kept outside, notices.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from ..errors import DiskFull, OwnmindError, StoreDamaged
from . import ballast

log = logging.getLogger(__name__)

WRITER_CACHE_KIB = 32 * 1024
READER_CACHE_KIB = 64 * 1024  # search is 4x slower when the full-text index does not fit; memory is taken only as pages are read
IDLE_READERS = 4
BUSY_MS = 10_000
CHECKPOINT_MS = 500  # a long reader must not hold the writer up; the caller may ask again
GIVE_BACK = 512  # pages of 4 KiB at each ``erase``


class Database:
    """An open database file. Any thread may ``read`` and ``write``; close it once, at the end."""

    def __init__(self, path: Path, key: bytes, writer: apsw.Connection) -> None:
        self.path = path
        self._key = key
        self._writer = writer
        self._turn = threading.RLock()  # held by the one thread that writes
        self._depth = 0
        self._changes = 0
        self._after: list[Callable[[], None]] = []  # what waits for the transaction to be durable
        self._mine = threading.local()  # .snapshot: the reader this thread is inside of, if any
        self._idle: list[apsw.Connection] = []
        self._pool = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, path: Path, key: bytes) -> Database:
        """The database at ``path``, made when it is not there. ``key``: 32 bytes. Raises StoreDamaged for a wrong key or a
        file that is no longer what was written, DiskFull when there is no room even after the ballast was given up."""
        assert len(key) == 32, "a raw ChaCha20 key has 32 bytes"
        with contextlib.suppress(OSError):  # readable by the person alone; the log takes the same mode. SQLite says what is wrong
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        try:
            return cls(path, key, _connect(path, key, apsw.SQLITE_OPEN_READWRITE))
        except apsw.Error as error:
            named = _named(error, path)
            if not isinstance(named, DiskFull):
                raise named or error from error
        ballast.release(ballast.beside(path))
        try:
            return cls(path, key, _connect(path, key, apsw.SQLITE_OPEN_READWRITE))
        except apsw.Error as error:
            raise _named(error, path) or error from error

    @contextmanager
    def write(self) -> Iterator[apsw.Connection]:
        """A transaction, alone: durable when the block ends, undone when it raises. A nested one joins it (and is undone by
        itself when it raises). Never await inside: the thread that writes must be the one that began."""
        with self._turn, self._errors():
            if self._depth:
                before = len(self._after)
                try:
                    with self._writer:  # a savepoint
                        yield self._writer
                except BaseException:
                    del self._after[before:]
                    raise
                return
            assert not self._closed, "the database is closed"
            self._writer.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._writer
                self._writer.execute("COMMIT")
                self._changes = int(self._writer.total_changes())
            except BaseException:
                self._after.clear()
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1
            waiting, self._after = self._after, []
            for act in waiting:
                act()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Runs ``act`` once this thread's transaction is durable (at once when it is in none); never when it is undone."""
        if self.is_writing():
            self._after.append(act)
        else:
            act()

    @contextmanager
    def erase(self) -> Iterator[apsw.Connection]:
        """A ``write`` for removing things: it works on a full disk by giving up the ballast, and when it ends the log is
        folded into the file and emptied, so that nothing of what was removed is left in either."""
        with self._turn:
            outermost = self._depth == 0
            if outermost and ballast.is_needed(ballast.beside(self.path)):
                ballast.release(ballast.beside(self.path))
            with self.write() as cx:
                yield cx
            if outermost:
                self._give_back()
                self.checkpoint()
                ballast.fill(ballast.beside(self.path))

    @contextmanager
    def read(self) -> Iterator[apsw.Connection]:
        """A read-only connection in one unmoving snapshot. Nested, it is the same snapshot; inside this thread's own
        ``write`` it is the writer, which sees what it wrote."""
        if self.is_writing():
            with self._errors():
                yield self._writer
            return
        inside: apsw.Connection | None = getattr(self._mine, "snapshot", None)
        if inside is not None:
            yield inside
            return
        with self._errors():
            reader = self._take()
            try:
                reader.execute("BEGIN")
                self._mine.snapshot = reader
                yield reader
            finally:
                self._mine.snapshot = None
                if reader.in_transaction:
                    reader.execute("ROLLBACK")
                self._give(reader)

    def checkpoint(self) -> bool:
        """Folds the log into the file and empties it; False when a reader still needs the log."""
        with self._turn, self._errors():
            self._writer.set_busy_timeout(CHECKPOINT_MS)
            try:
                busy, _, _ = next(iter(self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")))
            finally:
                self._writer.set_busy_timeout(BUSY_MS)
            return not busy

    def check(self) -> list[str]:
        """What is wrong with the file, page by page; empty when nothing is. Reads everything: seconds on a large store.

        Only pages: whether the full-text index is in step with the items is for ``store.derived`` to say.
        Free pages hold nothing, but a damaged one stops a backup, and only copying reads them: so a store that has some is
        copied (encrypted, beside itself) and the copy removed.
        """
        copy = self.path.with_name(self.path.name + ".check")
        try:
            with self.read() as cx:
                lines = [str(line) for (line,) in cx.execute("PRAGMA integrity_check(20)")]
                wrong = [line for line in lines if line != "ok" and "fts5" not in line.lower()]
                has_free_pages = bool(cx.pragma("freelist_count"))
            if has_free_pages and not wrong:
                copy.unlink(missing_ok=True)
                self.copy(copy)
            return wrong
        except StoreDamaged as error:
            return [error.message]
        except DiskFull:  # no room to copy: what holds something was sound
            return []
        finally:
            with contextlib.suppress(OSError):
                copy.unlink(missing_ok=True)

    def copy(self, path: Path) -> None:
        """Writes the database as it is now to ``path``, under the same key, while others go on writing."""
        with self._errors():
            source, target = _connect(self.path, self._key, apsw.SQLITE_OPEN_READONLY), None
            try:
                target = _keyed(path, self._key, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
                with target.backup("main", source, "main") as copying:
                    copying.step(-1)  # all in one step: one snapshot, so writers never make it start again
            finally:
                if target is not None:
                    target.close()
                source.close()

    def close(self) -> None:
        """Closes every connection; the log is folded into the file. Closing twice is fine."""
        with self._turn, self._pool:
            if self._closed:
                return
            self._closed = True
            for reader in self._idle:
                reader.close()
            self._idle.clear()
            self._writer.close()

    def _give_back(self) -> None:
        """Gives freed pages back to the disk, some at a time: moving pages needs room in the log first."""
        with self._errors(), contextlib.suppress(apsw.FullError):
            self._writer.execute(f"PRAGMA incremental_vacuum({GIVE_BACK})").get  # noqa: B018  # runs it to the end

    def changes(self) -> int:
        """How many rows were written since this was opened: the same number, the same contents. From any thread, also while one writes."""
        return self._changes

    def is_writing(self) -> bool:
        """True in the thread that is inside ``write``."""
        if not self._turn.acquire(blocking=False):
            return False
        try:
            return self._depth > 0
        finally:
            self._turn.release()

    def _take(self) -> apsw.Connection:
        with self._pool:
            assert not self._closed, "the database is closed"
            if self._idle:
                return self._idle.pop()
        return _connect(self.path, self._key, apsw.SQLITE_OPEN_READONLY)

    def _give(self, reader: apsw.Connection) -> None:
        holds_on = reader.txn_state("main") != apsw.SQLITE_TXN_NONE  # a cursor was left open in it: it would show the past to the next
        with self._pool:
            if not holds_on and not self._closed and len(self._idle) < IDLE_READERS:
                self._idle.append(reader)
                return
        reader.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except apsw.Error as error:
            named = _named(error, self.path)
            if named is None:
                raise
            raise named from error


def _keyed(path: Path, key: bytes, flags: int) -> apsw.Connection:
    """A connection whose pages are encrypted under ``key``; nothing is read yet."""
    cx = apsw.Connection(str(path), flags=flags)
    cx.set_busy_timeout(BUSY_MS)
    cx.pragma("cipher", "chacha20")
    cx.pragma("key", "raw:" + key.hex())  # raw: the key itself, no derivation
    return cx


def _connect(path: Path, key: bytes, flags: int) -> apsw.Connection:
    cx = _keyed(path, key, flags)
    try:
        writes = bool(flags & apsw.SQLITE_OPEN_READWRITE)
        cx.pragma("temp_store", "memory")
        cx.pragma("cache_size", -(WRITER_CACHE_KIB if writes else READER_CACHE_KIB))
        cx.pragma("trusted_schema", False)
        list(cx.execute("SELECT count(*) FROM sqlite_schema"))  # the first read: a wrong key shows here
        if not writes:
            cx.pragma("query_only", True)
            return cx
        cx.pragma("synchronous", "extra")  # first: turning the log on deletes a rollback journal, which must stay deleted
        cx.pragma("auto_vacuum", "incremental")  # takes effect on a new file only
        cx.pragma("journal_mode", "wal")
        cx.pragma("secure_delete", True)
        cx.pragma("foreign_keys", True)
        cx.pragma("journal_size_limit", 16 * 1024 * 1024)
    except BaseException:
        cx.close()
        raise
    return cx


_REPAIR = "`ownmind doctor --repair` makes it again from what is remembered; nothing is lost"
_RESTORE = "run `ownmind doctor`; if it stays, `ownmind restore` brings back a backup"


def _named(error: apsw.Error, path: Path) -> OwnmindError | None:
    """Our error for one of SQLite's; None when it is a bug of ours and should stay as it is."""
    match error:
        case apsw.NotADBError():
            return StoreDamaged(f"{path.name} does not open with this key, or its first page is damaged", hint=_RESTORE)
        case apsw.CorruptError() if getattr(error, "extendedresult", 0) == apsw.SQLITE_CORRUPT_VTAB:
            return StoreDamaged("the full-text index is damaged", hint=_REPAIR)
        case apsw.CorruptError():
            return StoreDamaged(f"{path.name} has a damaged page", hint=_RESTORE)
        case apsw.FullError():
            return _full(path)
        case apsw.IOError() | apsw.CantOpenError():
            if path.parent.is_dir() and shutil.disk_usage(path.parent).free < ballast.SIZE:
                return _full(path)
            return StoreDamaged(
                f"the disk could not read or write {path.name}", hint="check the disk and the folder's permissions; then " + _RESTORE
            )
        case _:
            return None


def _full(path: Path) -> DiskFull:
    return DiskFull(
        f"the disk that holds {path.parent} is full; nothing already remembered was lost",
        hint="free some space, or forget something large, and try again",
    )
