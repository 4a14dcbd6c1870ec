"""Where things are on disk: one home for what is the person's, one cache for what can be fetched again.

Follows the XDG Base Directory specification through platformdirs; ``--home`` or ``OWNMIND_HOME`` overrides the home and
``OWNMIND_CACHE`` the cache. Folders are made 0700 and files 0600 where the system has such modes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Paths:
    """Every path Ownmind writes to. Nothing is written anywhere else."""

    home: Path
    cache: Path

    @property
    def config(self) -> Path:
        return self.home / "config.toml"

    @property
    def database(self) -> Path:
        return self.home / "mind.db"

    @property
    def keys(self) -> Path:
        """The data key, wrapped (argon2id passphrase, recovery key, system keyring) or, as a last resort, plain and 0600."""
        return self.home / "keys.json"

    @property
    def blobs(self) -> Path:
        return self.home / "blobs"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def lock(self) -> Path:
        """Held while a process has the store open; holds its pid and address, never anything remembered."""
        return self.home / "lock"

    @property
    def socket(self) -> Path:
        """Where a running Ownmind answers other commands of the same person (a Unix socket, 0600)."""
        return self.home / "ownmind.sock"

    @property
    def devices_socket(self) -> Path:
        """Where the porter brings what paired devices send (a Unix socket, 0600; TLS ends behind it)."""
        return self.home / "devices.sock"

    @property
    def log(self) -> Path:
        """Ids and counts, never contents."""
        return self.home / "ownmind.log"

    @property
    def temporary(self) -> Path:
        return self.home / "tmp"

    def quiet(self) -> Path:
        """Where bytes wait while they are read: memory-backed where the system has it, so that they reach no disk unencrypted."""
        shared_memory = Path("/dev/shm")  # noqa: S108 -- Linux's tmpfs; what is made in it is 0700 and random
        if shared_memory.is_dir():
            return shared_memory
        self.temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.temporary

    @property
    def models(self) -> Path:
        return self.cache / "models"


def find(home: Path | str | None = None) -> Paths:
    """The paths for ``home``, else ``OWNMIND_HOME``, else the system's own data folder. Makes nothing."""
    chosen = home or os.environ.get("OWNMIND_HOME") or platformdirs.user_data_dir("ownmind", appauthor=False)
    cache = os.environ.get("OWNMIND_CACHE") or platformdirs.user_cache_dir("ownmind", appauthor=False)
    return Paths(Path(chosen).expanduser().absolute(), Path(cache).expanduser().absolute())


def make_private(folder: Path) -> Path:
    """Makes ``folder`` (and its parents) readable by the person alone, and gives it back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
    return folder
