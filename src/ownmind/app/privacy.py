"""How this home is kept, taken away and ended, as one face: the key and its ways, what is encrypted, backups, wiping."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nacl.utils import random as random_bytes

from ..errors import BadInput, NotFound, TryAgainLater, WrongPassphrase
from ..store import keychain, keys, wiping
from ..store.backup import SUFFIX, BackedUp, backup
from ..store.kept import Kept, kept
from ..store.opening import Store
from ..store.tries import Tries
from ..store.wiping import Shredded, Wiping

WIPE = "wipe everything"
_ASKED = 2  # words that show the key was written down


@dataclass(frozen=True, slots=True)
class Protected:
    """How the key is kept. ``kind``: passphrase, keyring or file. ``has_keychain``: this system has one that could keep it."""

    kind: str
    has_recovery: bool
    says: str
    hint: str
    has_keychain: bool


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery key that does not open anything yet: it must be written down, and two of its words said (``asked``, counted from 1)."""

    words: tuple[str, ...]
    letters: str  # the same key as eight groups of letters
    asked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HeldBackup:
    """A backup in the home's own folder. ``where``: that folder."""

    name: str
    where: str
    at: datetime
    bytes: int


class Privacy:
    """The face. ``saved``: where files go that were asked to be saved; ``told``: called when something of this changed."""

    def __init__(self, store: Store, clock: Callable[[], datetime], *, saved: Path, sent_to: Callable[[], list[str]]) -> None:
        self._store, self._clock, self._saved, self._sent_to = store, clock, saved, sent_to
        self._tries, self._lock = Tries(), threading.Lock()
        self._pending: tuple[Recovery, keys.Wrap] | None = None
        self._wiped: bool | None = None  # with the models, or without
        self._ended: Callable[[], None] = lambda: None

    def begin(self, loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
        """``ended`` is set in ``loop`` once the home is wiped: whoever serves it stops."""

        def end() -> None:
            loop.call_soon_threadsafe(ended.set)

        self._ended = end

    # The key

    def protection(self) -> Protected:
        """How this home's key is kept, and what that does not protect against."""
        how = keys.protection(self._store.paths)
        return Protected(how.kind, how.has_recovery, how.says, how.hint, keychain.is_there())

    def protect(self, passphrase: str, current: str = "") -> Protected:
        """Sets the passphrase, or changes it: then ``current`` must be the one it has. Raises WrongPassphrase, TryAgainLater after many."""
        if not passphrase.strip():
            raise BadInput("an empty passphrase protects nothing", hint="choose a few words that only you would put together")
        self._know(current)
        keys.change_passphrase(self._store.paths, self._store.keys, passphrase)
        return self.protection()

    def unprotect(self, current: str = "") -> Protected:
        """Takes the passphrase away, or moves a readable key away from its file: the system's keychain keeps the key where there is one,
        else a file does."""
        self._know(current)
        keys.change_passphrase(self._store.paths, self._store.keys, None)
        return self.protection()

    def recovery(self, current: str = "") -> Recovery:
        """A new recovery key, shown this once. Nothing changes until ``confirm``; an older one opens until then."""
        self._know(current)
        text, wrap = keys.recovery_wrap(self._store.keys)
        words = keys.words_of(text)
        first, second = sorted(_two_of(len(words)))
        self._pending = Recovery(words, text, (first, second)), wrap
        return self._pending[0]

    def confirm(self, words: tuple[str, ...]) -> Protected:
        """The two words that were asked for, in their order: from now on the new recovery key opens this home, and an older one does not.
        Raises BadInput for another word, NotFound when no key was shown."""
        if len(words) != _ASKED:
            raise BadInput(f"{_ASKED} words are asked for", hint="those whose numbers were shown, in their order")
        if self._pending is None:
            raise NotFound("no recovery words were shown", hint="ask for them first")
        shown, wrap = self._pending
        for number, said in zip(shown.asked, words, strict=True):
            if said.strip().casefold() != shown.words[number - 1]:
                raise BadInput(f"word {number} is another one", hint="look at what you wrote down; nothing was changed")
        keys.keep_recovery(self._store.paths, self._store.keys, wrap)
        self._pending = None
        return self.protection()

    # Where it is, and copies of it

    def encrypted(self) -> tuple[Kept, ...]:
        """Every place something of yours may lie, and whether somebody who has the disk can read it there."""
        return kept(self._store.paths, saved=self._saved)

    def backups(self) -> tuple[HeldBackup, ...]:
        """The backups in the home's own folder, the newest first."""
        folder = self._store.paths.backups
        found = [(path, path.stat()) for path in folder.glob(f"*{SUFFIX}")] if folder.is_dir() else []
        held = [HeldBackup(path.name, str(folder), datetime.fromtimestamp(stat.st_mtime, UTC), stat.st_size) for path, stat in found]
        return tuple(sorted(held, key=lambda one: one.at, reverse=True))

    def back_up(self) -> BackedUp:
        """One encrypted file with everything in the home's own folder, read back and verified."""
        return backup(self._store, now=self._clock())

    # The end

    def wiping(self, models: bool = False) -> Wiping:
        """What wiping would remove, and what it cannot reach. Removes nothing."""
        return Wiping(WIPE, wiping.planned(self._store.paths, models=models), self._by_hand())

    def wipe(self, typed: str, models: bool = False) -> Shredded:
        """Destroys the key at once, then ends this Ownmind and removes its files. ``typed`` must be the phrase of ``wiping``. There is no
        way back, and no recovery words help."""
        if typed.strip().casefold() != WIPE:
            raise BadInput("nothing was wiped", hint=f"type “{WIPE}” if you mean it")
        with self._lock:
            done = wiping.shred(self._store.paths, self._store.keys.home, self._by_hand())
            self._wiped = models
        self._ended()
        return done

    def finish(self) -> tuple[str, ...]:
        """After the store was closed: removes the files of a home that was wiped; gives what could not be removed."""
        return () if self._wiped is None else wiping.remove(self._store.paths, models=self._wiped)

    def _by_hand(self) -> tuple[str, ...]:
        elsewhere = self._sent_to()
        stays = [
            "backups and exports you put elsewhere (a backup still opens with its passphrase or recovery words)",
            f"files you asked to have saved in {self._saved}" if self._saved.is_dir() else "",
            f"what was sent elsewhere: {', '.join(elsewhere[:8])}{' and more' if len(elsewhere) > 8 else ''}" if elsewhere else "",
            "this page's address in your browser's history, and its cookie: clear the site's data",
            *(f"not Ownmind's, and left: {path}" for path in wiping.not_ours(self._store.paths)[:8]),
        ]
        return tuple(each for each in stays if each)

    def _know(self, current: str) -> None:
        """Returns when ``current`` is the home's passphrase or recovery key, or the home has no passphrase."""
        if keys.protection(self._store.paths).kind != "passphrase":
            return
        if wait := self._tries.wait():
            raise TryAgainLater(f"{self._tries.wrong} wrong tries", hint=f"wait {wait} seconds")
        if not keys.fits(self._store.paths, current):
            count = self._tries.failed()
            raise WrongPassphrase("that is not the passphrase", hint=f"{count} wrong {'try' if count == 1 else 'tries'} so far")
        self._tries.succeeded()


def _two_of(count: int) -> tuple[int, int]:
    """Two different numbers from 1 to ``count``, at random."""
    first = int.from_bytes(random_bytes(4), "big") % count
    second = (first + 1 + int.from_bytes(random_bytes(4), "big") % (count - 1)) % count
    return first + 1, second + 1
