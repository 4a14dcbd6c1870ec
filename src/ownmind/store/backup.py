"""One encrypted file that brings a home back, on this machine or another.

A backup holds no secret in clear: it opens with the home's passphrase or with its recovery key, never with the key file or
the keychain of the machine it was made on, because a backup that lies beside its own key protects nothing, and one that only
this machine can open is no backup. A home that has neither is given a recovery key at its first backup, to be written down.

Layout: MAGIC, a 4-byte big-endian length, a JSON header (the wrapped data key, and this backup's own random key wrapped by
it), then a sealed stream bound to that header, holding a tar of ``mind.db`` (encrypted pages, as in the home), ``blobs/*``
(as in the home) and ``config.toml``. It is written beside its place, read back whole, and only then put there.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, cast

import apsw
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.exceptions import CryptoError
from nacl.utils import random as random_bytes

from ..errors import BackupDamaged, BadInput, DiskFull, NotFound, OwnmindError, PassphraseNeeded, StoreDamaged
from ..messages import Kind
from ..paths import Paths, make_private
from . import facts, files, items, receipts, tombstones
from . import keys as keys_
from .blobs import Blobs
from .database import Database
from .keys import Keys, Wrap
from .ledger import Ledger
from .migrations import migrate
from .opening import Store
from .sealed import Sealing, Unsealed, unsealed

MAGIC = b"OWNMIND BACKUP 1"
SUFFIX = ".ownmind-backup"
TELLING = 12  # characters: a shorter text is in a reply by chance
_MOST_HEADER = 64 * 1024
_BLOB_NAME = re.compile(r"blobs/[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and read back. ``recovery_key`` is not empty when this home had neither passphrase nor recovery
    key: it must be shown once and written down, for nothing else opens the file."""

    path: Path
    bytes: int
    items: int
    blobs: int
    opens_with: tuple[str, ...]  # "passphrase", "recovery key"
    recovery_key: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """A home brought back. ``removed`` counts items that were in the backup but forgotten since."""

    home: Path
    items: int
    blobs: int
    removed: int


def backup(store: Store, path: Path | None = None, *, now: datetime, passphrase: str | None = None) -> BackedUp:
    """Writes a backup of ``store`` as it is at this moment, while it is in use. ``path`` is a file or a folder; None is the
    home's own backups folder. ``passphrase`` makes this backup open with it as well, whatever the home's own.

    Raises BadInput when something else is at ``path``, DiskFull, or StoreDamaged (a damaged store is never backed up quietly
    over a sound backup).
    """
    target = _target(store, path, now)
    recovery_key, wraps = _wraps(store, passphrase)
    copy = store.paths.temporary / f"backup-{random_bytes(8).hex()}.db"
    part = target.with_name(target.name + ".part")
    try:
        store.db.copy(copy)
        count = _sound(copy, store.keys)
        with files.private(part) as file:
            blobs = _write(file, store, copy, wraps, now)
            file.flush()
            os.fsync(file.fileno())
        _verify(part, store.keys)
        part.replace(target)
        files.settle(target.parent)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(
                "the disk is full; no backup was written, nothing else changed", hint="choose another disk: ownmind backup PATH"
            ) from error
        raise BadInput(f"cannot write {target}: {error.strerror}", hint="choose another place: ownmind backup PATH") from error
    finally:
        for left in (copy, part):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    opens_with = tuple("recovery key" if wrap["kind"] == "recovery" else "passphrase" for wrap in wraps)
    return BackedUp(target, target.stat().st_size, count, blobs, opens_with, recovery_key)


def restore(path: Path, paths: Paths, secret: str | None, *, forgotten: Iterable[bytes] = ()) -> Restored:
    """Brings the backup at ``path`` back into ``paths.home``, which must be empty or absent.

    ``secret`` is the passphrase or the recovery key. What was forgotten after the backup was made is
    forgotten again: what ``forgotten`` names (content keys, the keys of tombstones), and what the home knows in whose backups
    folder the file lies. Raises PassphraseNeeded, WrongPassphrase, BackupDamaged, BadInput, DiskFull or
    NotFound; after any of them the home is as it was.
    """
    if paths.home.exists() and any(paths.home.iterdir()):
        raise BadInput(f"{paths.home} is not empty", hint="restore into another folder: --home DIR")
    if not path.is_file():
        raise NotFound(f"there is no backup at {path}", hint="give the path of a backup file")
    staging: Path | None = None
    try:
        make_private(paths.home.parent)
        with path.open("rb") as file:
            keys, key, wraps, about = _header(file, secret)
            staging = Path(tempfile.mkdtemp(prefix=f".{paths.home.name}-restoring-", dir=paths.home.parent))
            _unpack(file, key, about, staging)
        restored = _settled(replace(paths, home=staging), keys, wraps, {*forgotten, *_forgotten_beside(path, keys)})
        if paths.home.exists():
            paths.home.rmdir()
        staging.rename(paths.home)
        files.settle(paths.home.parent)
        return replace(restored, home=paths.home)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(
                "the disk is full; nothing was restored", hint="free some space, or restore to another disk: --home DIR"
            ) from error
        raise BadInput(f"cannot restore into {paths.home}: {error.strerror}", hint="restore into another folder: --home DIR") from error
    except StoreDamaged as error:
        raise BackupDamaged(f"the backup's database does not open: {error.message}", hint=error.hint) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def _target(store: Store, path: Path | None, now: datetime) -> Path:
    name = f"ownmind-{now:%Y-%m-%d-%H%M%S}{SUFFIX}"
    if path is None:
        return make_private(store.paths.backups) / name
    path = path.expanduser().absolute()
    if path.is_dir():
        return path / name
    if path.exists() and not _is_backup(path):
        raise BadInput(f"{path} is there and is not a backup", hint="choose a new name, or a folder")
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {path.parent}", hint="make it first")
    return path


def _is_backup(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _wraps(store: Store, passphrase: str | None) -> tuple[str, list[Wrap]]:
    """A recovery key when one had to be made, and the ways this backup will open."""
    wraps = keys_.portable(store.paths) if keys_.exist(store.paths) else []
    if passphrase is not None:
        wraps = [keys_.passphrase_wrap(store.keys, passphrase), *(wrap for wrap in wraps if wrap["kind"] != "passphrase")]
    if wraps:
        return "", wraps
    if not keys_.exist(store.paths):  # a throw-away home keeps no keys: the backup has its own
        text, wrap = keys_.recovery_wrap(store.keys)
        return text, [wrap]
    text = keys_.new_recovery_key(store.paths, store.keys)
    return text, keys_.portable(store.paths)


def _sound(copy: Path, keys: Keys) -> int:
    """How many items the copied database holds, after looking at every page of it."""
    db = Database.open(copy, keys.database)
    try:
        if wrong := db.check():
            raise StoreDamaged(f"the store is damaged, so it was not backed up: {wrong[0]}", hint="run `ownmind doctor`")
        return _count(db, "items")
    finally:
        db.close()


def _count(db: Database, table: str) -> int:
    with db.read() as cx:
        return int(str(cx.execute(f"SELECT count(*) FROM {table}").get))  # noqa: S608  # a name of ours


def _write(file: BinaryIO, store: Store, copy: Path, wraps: list[Wrap], now: datetime) -> int:
    """Writes the whole backup and gives the number of blobs in it."""
    own, nonce = random_bytes(32), random_bytes(24)
    box = nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(own, None, nonce, store.keys.backups)
    header = json.dumps({"home": store.keys.home, "at": now.isoformat(), "wraps": wraps, "key": base64.b64encode(box).decode()}).encode()
    file.write(MAGIC + len(header).to_bytes(4, "big") + header)
    sealing = Sealing(file, own, about=_about(header))
    blobs = 0
    with tarfile.open(fileobj=cast("BinaryIO", sealing), mode="w|") as tar:  # cast: a stream's tar only ever writes
        _put(tar, copy, "mind.db")
        if store.paths.config.exists():
            _put(tar, store.paths.config, "config.toml")
        for blob in sorted(store.paths.blobs.iterdir()):
            with contextlib.suppress(FileNotFoundError):  # forgotten this very moment
                _put(tar, blob, f"blobs/{blob.name}")
                blobs += 1
    sealing.finish()
    return blobs


def _put(tar: tarfile.TarFile, path: Path, name: str) -> None:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size = os.fstat(file.fileno()).st_size
        tar.addfile(entry, file)


def _about(header: bytes) -> bytes:
    return blake2b(header, digest_size=32).digest()


def _verify(path: Path, keys: Keys) -> None:
    """Reads the finished file back, every byte of it. Raises OSError(EIO) when the disk does not give back what was written."""
    with path.open("rb") as file:
        header = _raw_header(file)
        key = _own_key(header, keys)
        try:
            for _ in unsealed(file, key, about=_about(header)):
                pass
        except Unsealed as error:
            raise OSError(errno.EIO, "the disk did not give back what was written") from error


def _raw_header(file: BinaryIO) -> bytes:
    start = file.read(len(MAGIC) + 4)
    if start[: len(MAGIC)] != MAGIC or len(start) != len(MAGIC) + 4:
        raise BackupDamaged("this file is not a backup of Ownmind's, or its beginning is damaged", hint="use another backup")
    length = int.from_bytes(start[len(MAGIC) :], "big")
    header = file.read(length) if length <= _MOST_HEADER else b""
    if not header or len(header) != length:
        raise _damaged()
    return header


def _header(file: BinaryIO, secret: str | None) -> tuple[Keys, bytes, list[Wrap], bytes]:
    """The home's keys, this backup's own key, the ways it opens, and what the stream is bound to."""
    header = _raw_header(file)
    try:
        said = json.loads(header)
        home, wraps = str(said["home"]), [keys_.checked(wrap) for wrap in said["wraps"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged() from error
    if secret is None:
        ways = " or ".join("its recovery key" if wrap["kind"] == "recovery" else "its passphrase" for wrap in wraps)
        raise PassphraseNeeded(f"this backup opens with {ways}", hint="type it, or set OWNMIND_PASSPHRASE")
    keys = keys_.opened(home, wraps, secret)
    return keys, _own_key(header, keys), wraps, _about(header)


def _own_key(header: bytes, keys: Keys) -> bytes:
    try:
        box = base64.b64decode(json.loads(header)["key"])
        return crypto_aead_xchacha20poly1305_ietf_decrypt(box[24:], None, box[:24], keys.backups)
    except (CryptoError, ValueError, KeyError, TypeError) as error:
        raise _damaged() from error


class _Pieces(io.RawIOBase):
    """Pieces of bytes, read as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._left) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._left += piece
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return given


def _unpack(file: BinaryIO, key: bytes, about: bytes, folder: Path) -> None:
    """Writes what the sealed stream holds into ``folder``. Raises BackupDamaged for anything but exactly what was backed up."""
    make_private(folder / "blobs")
    source = _Pieces(unsealed(file, key, about=about))
    names: set[str] = set()
    try:
        with tarfile.open(fileobj=cast("BinaryIO", source), mode="r|") as tar:  # cast: a stream's tar only ever reads
            for entry in tar:
                content = tar.extractfile(entry) if entry.name in ("mind.db", "config.toml") or _BLOB_NAME.match(entry.name) else None
                if content is None or entry.name in names:
                    raise _damaged()
                names.add(entry.name)
                with files.private(folder / entry.name) as out:
                    shutil.copyfileobj(content, out, 1024 * 1024)
                    out.flush()
                    os.fsync(out.fileno())
        source.read()  # to the end: only the last piece proves that none is missing
    except (Unsealed, tarfile.TarError) as error:
        raise _damaged() from error
    if "mind.db" not in names:
        raise _damaged()


def _settled(paths: Paths, keys: Keys, wraps: list[Wrap], forgotten: Collection[bytes]) -> Restored:
    """Makes the unpacked folder a home: schema brought up to date, what was forgotten since forgotten again, keys written."""
    db = Database.open(paths.database, keys.database)
    try:
        migrate(db)
        removed = _forget(db, forgotten)
        Ledger(db, paths.home / "ledger.head").settle_head()
        blobs = Blobs(db, paths.blobs, make_private(paths.temporary), keys.blobs)
        blobs.sweep()
        restored = Restored(paths.home, _count(db, "items"), _count(db, "blobs"), removed)
    finally:
        db.close()
    keys_.write_restored(paths, keys, wraps)
    return restored


def _forget(db: Database, content_keys: Collection[bytes]) -> int:
    """Removes the items that bear one of ``content_keys`` with all that hangs on them, the companion's replies that cite, answer
    or repeat them among it, and gives the number of items."""
    if not content_keys:
        return 0
    with db.erase() as cx:
        rows = [row for key in content_keys for row in items.rows_of(cx, key=key)]
        texts = [item.text for item in items.get(cx, rows) if len(item.text) >= TELLING]
        repeating = [row for row, said in items.texts_of(cx, Kind.REPLY) if any(text.casefold() in said.casefold() for text in texts)]
        rows = sorted({*rows, *items.replies_citing(cx, rows), *items.replies_to(cx, rows), *repeating})
        for blob in items.blobs_of(cx, rows):
            cx.execute("DELETE FROM blobs WHERE id = ?", (blob,))  # its file goes with the next sweep
        items.forget_titles(cx, rows)
        items.remove_settings_holding(cx, texts)
        facts.restore_superseded_by(cx, [items.row_id(fact.id) for fact in facts.resting_on(cx, rows)])
        removed = items.remove(cx, rows)["items"]
        items.remove_empty_sources(cx)
        now = datetime.now(UTC)
        receipt = receipts.begin(cx, now, "restored")
        receipts.count(cx, receipt, {"items": removed})
        receipts.end(cx, receipt, verified=True)
        tombstones.add(cx, content_keys, now.timestamp(), receipt)
    return removed


def _forgotten_beside(path: Path, keys: Keys) -> set[bytes]:
    """What the home was told to forget since, when the backup lies in that home's own backups folder. The data key is the same,
    so no other secret is needed; a home that is damaged has no say."""
    database = path.absolute().parent.parent / "mind.db"
    if path.absolute().parent.name != "backups" or not database.exists():
        return set()
    try:
        db = Database.open(database, keys.database)
    except OwnmindError:
        return set()
    try:
        with db.read() as cx:
            return {bytes(key) for (key,) in cx.execute("SELECT key FROM tombstones")}
    except (OwnmindError, apsw.Error):
        return set()
    finally:
        db.close()


def _damaged() -> BackupDamaged:
    return BackupDamaged("this backup is damaged: its bytes are not what was written", hint="use another backup; nothing was changed")
