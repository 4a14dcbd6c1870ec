"""What of a home lies on this machine's disk, and whether somebody who takes the disk can read it.

Said for the person, and looked at rather than remembered: the database and the backups are opened as a stranger would, without the
key. ``WHERE`` names every file a home may hold; a test writes through every room and holds this table against what is on the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..errors import OwnmindError
from ..paths import Paths
from . import keys

_PLAIN_DATABASE = b"SQLite format 3\0"
_PLAIN_TAR = b"ustar"


class State(StrEnum):
    ENCRYPTED = "encrypted"
    READABLE = "readable"  # by whoever can read your files
    NOTHING_OF_YOURS = "nothing of yours"
    BROWSER = "up to your browser"


@dataclass(frozen=True, slots=True)
class Kept:
    """One place: what is in it, where it is ("" where it has no path), and how it is kept. ``is_there``: something lies there now."""

    what: str
    where: str
    state: State
    says: str
    is_there: bool = True


# Every name in a home's folder. ``mind.db*``: the database, its log and the index of that; the last two are lists of models.
NAMES = (
    "mind.db", "mind.db-wal", "mind.db-shm", "ballast", "blobs", "backups", "keys.json", "keys.copy.json", "config.toml", "templates",
    "ledger.head", "lock", "ownmind.sock", "ownmind.log", "tmp", "catalogue.json", "models.json",
)  # fmt: skip


def kept(paths: Paths, *, saved: Path) -> tuple[Kept, ...]:
    """Every place, what is encrypted first. ``saved``: where files go that the person asked to have saved."""
    return (*_encrypted(paths), _keys(paths), *_readable(paths, saved), *_nothing(paths), *_browser())


def _encrypted(paths: Paths) -> tuple[Kept, ...]:
    sealed = not _begins(paths.database, _PLAIN_DATABASE)
    backups = sorted(paths.backups.glob("*.ownmind-backup")) if paths.backups.is_dir() else []
    safe = all(_PLAIN_TAR not in _head(path, 512) for path in backups)
    return (
        Kept(
            "Everything you said and gave: conversations, memories, facts, goals, people, calendars, keys of providers, the ledger",
            str(paths.database),
            State.ENCRYPTED if sealed else State.READABLE,
            "every page of the database and of its write-ahead log (ChaCha20-Poly1305)",
            paths.database.exists(),
        ),
        Kept(
            "The files you gave to read",
            str(paths.blobs),
            State.ENCRYPTED,
            "each with a key of its own (XChaCha20-Poly1305); their names are random",
            _holds(paths.blobs),
        ),
        Kept(
            "Backups",
            str(paths.backups),
            State.ENCRYPTED if safe else State.READABLE,
            "they open with the passphrase or the recovery words they were made under, never with this machine's key",
            bool(backups),
        ),
        Kept("Files while they are read or written", str(paths.quiet()), State.ENCRYPTED, _QUIET, is_there=False)
        if not paths.quiet().is_relative_to(paths.home)
        else Kept("Files while they are read or written", str(paths.temporary), State.READABLE, _PASSING, _holds(paths.temporary)),
    )


_QUIET = "in memory only; they never reach the disk, save through swap"
_PASSING = "in the clear for the seconds they are read, as this system has no folder in memory; emptied at every start and end"


def _keys(paths: Paths) -> Kept:
    what = "The key to all of it"
    try:
        how = keys.protection(paths)
    except OwnmindError:
        return Kept(what, str(paths.keys), State.ENCRYPTED, "in this process's memory only", paths.keys.exists())
    state = State.READABLE if how.kind == "file" else State.ENCRYPTED
    return Kept(what, str(paths.keys), state, how.says)


def _readable(paths: Paths, saved: Path) -> tuple[Kept, ...]:
    templates = paths.home / "templates"
    return (
        Kept("Your settings", str(paths.config), State.READABLE, _SETTINGS, paths.config.exists()),
        Kept("Templates of goals you wrote", str(templates), State.READABLE, "plain files, yours to edit", _holds(templates)),
        Kept("Files you asked to have saved", str(saved), State.READABLE, "plain files, for other programs to open", _holds(saved)),
        Kept("Exports and downloads", "", State.READABLE, "wherever you put them; nothing here knows of them any more"),
        Kept("This program's memory while it runs", "", State.READABLE, _MEMORY),
    )


def _nothing(paths: Paths) -> tuple[Kept, ...]:
    return (
        Kept("Models", str(paths.models), State.NOTHING_OF_YOURS, _MODELS, _holds(paths.models)),
        Kept("Log", str(paths.log), State.NOTHING_OF_YOURS, _LOG, paths.log.exists()),
        Kept("The end of the ledger, the lock, the socket, lists of models", str(paths.home), State.NOTHING_OF_YOURS, _SMALL),
    )


def _browser() -> tuple[Kept, ...]:
    return (
        Kept("Your browser's cache", "", State.NOTHING_OF_YOURS, _CACHE),
        Kept("Your browser's profile", "", State.BROWSER, _PROFILE),
        Kept("Your browser's spell checker", "", State.BROWSER, _SPELLING),
    )


_SETTINGS = "what you wrote there, and addresses of models and tools you chose; no words of yours, no keys"
_MEMORY = "root can read it; it is kept out of crash dumps, but swap is as encrypted as your system makes it"
_MODELS = "the same files everybody has, checked against their hashes"
_LOG = "counts and names of errors, never words; written to the terminal unless you send it elsewhere"
_SMALL = "a hash; a process number and an address on this machine; names and hashes of files"
_CACHE = "the page's own files; what you say and what is remembered is sent to it with no-store"
_PROFILE = "the cookie that opens this page for 30 days, and this address in its history; crash recovery may keep a half-written message"
_SPELLING = "the plain one works here; an “enhanced” one sends what you type to its maker, and no page can prevent that: leave it off"


def _begins(path: Path, magic: bytes) -> bool:
    return _head(path, len(magic)) == magic


def _head(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
