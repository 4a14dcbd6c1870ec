"""Large files, each sealed under a random key of its own that lives in the database.

Deleting the row shreds the file: without the key it is noise, even in a copy somebody kept. File names are random. A file is
durable before its row, so a crash leaves at most a file without a row, which ``sweep`` removes at the next start.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from nacl.utils import random as random_bytes

from ..errors import DiskFull, NotFound, StoreDamaged
from ..messages import Label
from . import files, labels
from .database import Database
from .sealed import Sealing, Unsealed, unsealed


class Blobs:
    """The sealed files of one home. ``key`` (32 bytes) is for the keyed hash that finds a file already kept."""

    def __init__(self, db: Database, folder: Path, temporary: Path, key: bytes) -> None:
        self._db, self._folder, self._temporary, self._key = db, folder, temporary, key

    def add(self, source: BinaryIO, *, now: float) -> int:
        """Keeps what ``source`` holds and gives its id; a content already kept gives the id it has. Memory stays flat."""
        name, key = random_bytes(16).hex(), random_bytes(32)
        fresh = self._temporary / name
        try:
            size, digest = self._seal(source, fresh, key, name)
            with self._db.write() as cx:
                for (known,) in cx.execute("SELECT id FROM blobs WHERE hash = ?", (digest,)):
                    return int(known)
                fresh.replace(self._folder / name)
                files.settle(self._folder)
                cx.execute("INSERT INTO blobs(name, key, size, hash, added_at) VALUES (?, ?, ?, ?, ?)", (name, key, size, digest, now))
                return cx.last_insert_rowid()
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull(
                    "the disk is full; the file was not kept, everything else was", hint="free some space and try again"
                ) from error
            raise
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)

    def pieces(self, blob_id: int) -> Iterator[bytes]:
        """The content, piece by piece. Raises NotFound, or StoreDamaged when the file is missing or changed."""
        with self._db.read() as cx:
            row = cx.execute("SELECT name, key FROM blobs WHERE id = ?", (blob_id,)).fetchone()
        if row is None:
            raise NotFound(f"there is no file b{blob_id}")
        name, key = str(row[0]), bytes(row[1])
        try:
            with (self._folder / name).open("rb") as file:
                yield from unsealed(file, key, about=name.encode())
        except (OSError, Unsealed) as error:
            raise StoreDamaged(
                f"the kept file b{blob_id} is missing or damaged",
                hint="`ownmind restore` brings back a backup; the text read from it is still there",
            ) from error

    def read(self, blob_id: int) -> bytes:
        """The whole content, in memory."""
        return b"".join(self.pieces(blob_id))

    def label(self, blob_id: int) -> Label:
        """What may be done with the content: as trusted and as confidential as what was read from it. Raises NotFound."""
        with self._db.read() as cx:
            label = labels.of_blob(cx, blob_id)
        if label is None:
            raise NotFound(f"there is no file b{blob_id}")
        return label

    def remove(self, blob_id: int) -> None:
        """Shreds the content; a blob that is not there is fine."""
        with self._db.write() as cx:
            gone = [self._folder / str(name) for (name,) in cx.execute("DELETE FROM blobs WHERE id = ? RETURNING name", (blob_id,))]

        def unlink() -> None:
            for path in gone:
                with contextlib.suppress(OSError):  # without its key it is noise, and the next start sweeps it
                    path.unlink(missing_ok=True)

        self._db.after_commit(unlink)

    def sweep(self) -> int:
        """Removes files without a row (a crash came between) and gives their number. Only while nothing is being added."""
        with self._db.read() as cx:
            known = {str(name) for (name,) in cx.execute("SELECT name FROM blobs")}
        orphans = [path for path in self._folder.iterdir() if path.name not in known]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def missing(self) -> list[int]:
        """Ids of blobs whose file is gone."""
        with self._db.read() as cx:
            return [
                int(blob) for blob, name in cx.execute("SELECT id, name FROM blobs ORDER BY id") if not (self._folder / str(name)).exists()
            ]

    def _seal(self, source: BinaryIO, target: Path, key: bytes, name: str) -> tuple[int, bytes]:
        """Writes the sealed file, durable, and gives the content's size and keyed hash."""
        size, digest = 0, blake2b(key=self._key, digest_size=32)
        with files.private(target) as file:
            sealing = Sealing(file, key, about=name.encode())
            while piece := source.read(1024 * 1024):
                size += len(piece)
                digest.update(piece)
                sealing.write(piece)
            sealing.finish()
            file.flush()
            os.fsync(file.fileno())
        return size, digest.digest()
