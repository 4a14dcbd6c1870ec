"""Opening a home: lock, keys, database, schema, in that order; and closing it again.

A new home is made without a question. What was there and is not any more (keys, database) is an error, never a fresh start
over somebody's memory.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from types import TracebackType

from nacl.utils import random as random_bytes

from ..errors import StoreDamaged
from ..paths import Paths, make_private
from . import ballast
from . import keys as keys_
from .actions import Actions
from .blobs import Blobs
from .conversations import Conversations
from .costs import Costs
from .database import Database
from .deliveries import Deliveries
from .feedback import Feedbacks
from .keys import Keys
from .ledger import Ledger
from .lock import HomeLock
from .migrations import migrate
from .permissions import Permissions
from .plans import Plans
from .settings import Settings
from .skills import Skills
from .trust import Trusts
from .work import Work


@dataclass(frozen=True, slots=True)
class Store:
    """An open home: everything that is kept, and the lock on it. Any thread may use it; close it once."""

    paths: Paths
    keys: Keys
    db: Database
    blobs: Blobs
    ledger: Ledger
    permissions: Permissions
    settings: Settings
    work: Work
    conversations: Conversations
    actions: Actions
    trust: Trusts
    plans: Plans
    deliveries: Deliveries
    skills: Skills
    costs: Costs
    feedback: Feedbacks
    lock: HomeLock
    is_new: bool  # this opening made the home

    def close(self) -> None:
        """Folds the log into the file, empties the temporary folder and lets others in. Closing twice is fine."""
        self.db.close()
        _empty(self.paths)
        self.lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_store(paths: Paths, passphrase: str | None = None) -> Store:
    """The store at ``paths``, made when there is none. ``passphrase`` is the home's passphrase or its recovery key.

    Raises HomeInUse, PassphraseNeeded, WrongPassphrase, StoreDamaged or DiskFull; none of them changes anything.
    """
    make_private(paths.home)
    lock = HomeLock.take(paths.lock)
    try:
        is_new = _is_new(paths)
        keys = keys_.make(paths, passphrase or None) if is_new else keys_.unlock(paths, passphrase or None)
        return _opened(paths, keys, lock, is_new=is_new)
    except BaseException:
        lock.release()
        raise


def open_throwaway(paths: Paths) -> Store:
    """A new store whose key is only in this process's memory: once closed, or killed, nobody can read what is left of it."""
    make_private(paths.home)
    lock = HomeLock.take(paths.lock)
    try:
        return _opened(paths, Keys(random_bytes(16).hex(), random_bytes(32)), lock, is_new=True)
    except BaseException:
        lock.release()
        raise


def _opened(paths: Paths, keys: Keys, lock: HomeLock, *, is_new: bool) -> Store:
    make_private(paths.blobs)
    make_private(paths.temporary)
    _empty(paths)
    db = Database.open(paths.database, keys.database)
    ballast.fill(ballast.beside(paths.database))
    try:
        migrate(db)
        blobs = Blobs(db, paths.blobs, paths.temporary, keys.blobs)
        blobs.sweep()
        ledger = Ledger(db, paths.home / "ledger.head")
        if ledger.head() is None and not ledger.rows(1):
            ledger.settle_head()
        permissions, conversations = Permissions(db), Conversations(db)
        actions, trust, plans = Actions(db), Trusts(db), Plans(db)
        return Store(
            paths, keys, db, blobs, ledger, permissions, Settings(db), Work(db), conversations, actions, trust, plans, Deliveries(db),
            Skills(db, blobs), Costs(db), Feedbacks(db), lock, is_new,
        )  # fmt: skip
    except BaseException:
        db.close()
        raise


def _is_new(paths: Paths) -> bool:
    """True for a home nothing was ever kept in. Raises StoreDamaged when its keys or its database went missing."""
    has_keys, has_database = keys_.exist(paths), paths.database.exists()
    if has_database and not has_keys:
        raise StoreDamaged(
            f"{paths.keys} is missing: without it the store cannot be read", hint="put it back from a copy, or `ownmind restore` a backup"
        )
    if not has_database and has_keys and (paths.home / "ledger.head").exists():
        raise StoreDamaged(f"{paths.database} is missing", hint="put it back from a copy, or `ownmind restore` a backup")
    return not has_keys


def _empty(paths: Paths) -> None:
    """Removes what a killed process left behind: temporary files and half backups."""
    for half in paths.backups.glob("*.part"):
        half.unlink(missing_ok=True)
    for left in paths.temporary.iterdir() if paths.temporary.is_dir() else ():
        with contextlib.suppress(OSError):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
