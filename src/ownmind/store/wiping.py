"""Wiping a home: first the keys, then everything.

An SSD keeps old blocks, a snapshot keeps old files: deleting is not destroying. So the wrapped data key is overwritten and removed
first, and the keychain's part of it dropped: from then on what is left anywhere of the database and the blobs is noise. Backups open
with their own passphrase or words, so those in the home go too, and those elsewhere are named for the person to remove.

Only what Ownmind makes is removed (``kept.NAMES``): a home may be a folder that holds other things.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..paths import Paths
from . import files, keychain, keys
from .kept import NAMES

_KEYS = ("keys.json", "keys.copy.json")
_DATABASE = ("mind.db", "mind.db-wal", "mind.db-shm")


@dataclass(frozen=True, slots=True)
class Going:
    """One thing that would go: what, from where, how many files and bytes."""

    what: str
    where: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Wiping:
    """What wiping would remove, what it leaves, and the words that must be typed for it."""

    phrase: str
    goes: tuple[Going, ...]
    stays: tuple[str, ...]

    @property
    def files(self) -> int:
        return sum(each.files for each in self.goes)

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in self.goes)


@dataclass(frozen=True, slots=True)
class Shredded:
    """The receipt of the first step: the key is gone, checked by looking. ``left``: what is removed as the program ends."""

    home: str
    keys: int  # key files overwritten and removed
    keychain: bool  # an entry of the system keychain was dropped
    backups: int
    left_files: int
    left_bytes: int
    is_verified: bool  # no key file is there any more
    by_hand: tuple[str, ...]


def planned(paths: Paths, *, models: bool) -> tuple[Going, ...]:
    """What lies in the home by its parts, and with ``models`` the model files too."""
    database = [paths.home / name for name in _DATABASE]
    parts = [
        ("The key, which alone makes the rest unreadable", [paths.home / name for name in _KEYS]),
        ("Everything remembered: conversations, facts, goals, people, settings, the ledger", database),
        ("Files you gave", [paths.blobs]),
        ("Backups kept here", [paths.backups]),
    ]
    named = {path for _, held in parts for path in held}
    rest = [paths.home / name for name in NAMES if paths.home / name not in named]
    parts.append(("Settings, your templates, locks and the space kept free for a full disk", rest))
    parts += [("Model files", [paths.models])] if models else []
    found = [(what, held, [file for path in held for file in _files(path)]) for what, held in parts]
    return tuple(
        Going(what, str(held[0] if len(held) == 1 else held[0].parent), len(all_), _sizes(all_)) for what, held, all_ in found if all_
    )


def shred(paths: Paths, home: str, by_hand: tuple[str, ...] = ()) -> Shredded:
    """Destroys the home's key and its backups. ``home``: its id in the keychain. What is open stays readable to this process alone."""
    held = [paths.home / name for name in _KEYS if (paths.home / name).exists()]
    had_keychain = bool(held) and keys.protection(paths).kind == "keyring"
    for path in held:
        _overwrite(path)
        path.unlink(missing_ok=True)
    if had_keychain:
        keychain.drop(home)
    backups = _files(paths.backups)
    shutil.rmtree(paths.backups, ignore_errors=True)
    with contextlib.suppress(OSError):
        files.settle(paths.home)
    left = [file for name in NAMES for file in _files(paths.home / name)]
    return Shredded(
        str(paths.home), len(held), had_keychain, len(backups), len(left), _sizes(left), not keys.exist(paths), by_hand
    )  # fmt: skip


def remove(paths: Paths, *, models: bool) -> tuple[str, ...]:
    """Removes what is ours in the home, once its store is closed, and the folder if nothing else is in it; gives what could not be
    removed."""
    ours = [*(paths.home / name for name in NAMES), *((paths.models,) if models else ())]
    for path in ours:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        paths.home.rmdir()
    return tuple(str(path) for each in ours for path in _files(each))


def not_ours(paths: Paths) -> tuple[str, ...]:
    """What lies in the home's folder and is not Ownmind's: wiping leaves it."""
    return tuple(sorted(str(path) for path in paths.home.iterdir() if path.name not in NAMES)) if paths.home.is_dir() else ()


def _overwrite(path: Path) -> None:
    """Best effort: a file system that copies on write keeps the old block until it is used again."""
    with contextlib.suppress(OSError), path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        file.write(os.urandom(size))
        file.flush()
        os.fsync(file.fileno())


def _files(path: Path) -> list[Path]:
    if path.is_symlink() or path.is_file() or path.is_socket():
        return [path]
    return [each for each in path.rglob("*") if each.is_symlink() or not each.is_dir()] if path.is_dir() else []


def _sizes(found: Iterable[Path]) -> int:
    total = 0
    for path in found:
        with contextlib.suppress(OSError):
            total += path.lstat().st_size
    return total
