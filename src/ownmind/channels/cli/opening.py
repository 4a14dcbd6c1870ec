"""Opening the person's companion for one command: the store itself, or the Ownmind that has it open already."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from typing import TYPE_CHECKING, TypeVar

from ...errors import HomeInUse, NotFound, PassphraseNeeded, WrongPassphrase
from ...paths import Paths, find
from .options import Everywhere
from .output import note

if TYPE_CHECKING:
    from ..attach import Attached, Face

T = TypeVar("T")
_TRIES = 3
_heard: list[str] = []  # the passphrase of this process once it was said: a second opening does not ask again


@contextmanager
def opened(everywhere: Everywhere, *, make: bool = False) -> Iterator[Face]:
    """The companion at the chosen home, closed afterwards. ``make`` allows a new home; without it a missing one raises NotFound."""
    paths = find(everywhere.home)
    if not make:
        require_home(paths)
    face = attached(paths) or _own(paths)
    try:
        yield face
    finally:
        face.close()


def require_home(paths: Paths) -> None:
    """Raises NotFound unless something is kept here: a mistyped --home must not look like an empty memory."""
    if not paths.keys.exists() and not paths.database.exists():
        raise NotFound(f"there is no memory at {paths.home}", hint="`ownmind` makes one there; --home DIR looks elsewhere")


def attached(paths: Paths) -> Attached | None:
    """The Ownmind that serves this home, if one answers; says so on stderr. None when there is none."""
    if not hasattr(socket, "AF_UNIX") or not paths.socket.exists():
        return None
    from .. import attach

    try:
        other = attach.Attached(paths.socket)
    except HomeInUse:
        return None  # a socket that a killed process left behind: whoever holds the lock now is found by opening
    note(f"ownmind: asking the Ownmind that is already running at {paths.home}")
    return other


def unlocked(open_with: Callable[[str | None], T], question: str = "Passphrase: ") -> T:
    """What ``open_with`` gives for the person's passphrase: from OWNMIND_PASSPHRASE, else typed, three times at most. Raises
    PassphraseNeeded where nobody can type, or typed nothing."""
    given = passphrase()
    for left in reversed(range(_TRIES)):
        try:
            return open_with(given)
        except (PassphraseNeeded, WrongPassphrase) as error:
            if not left or not sys.stdin.isatty():
                raise
            if isinstance(error, WrongPassphrase):
                note("ownmind: that is not the passphrase")
            given = asked(question)
            if not given:
                raise PassphraseNeeded("this home is protected by a passphrase", hint="type it, or set OWNMIND_PASSPHRASE") from error
            _heard[:] = [given]
    raise AssertionError("the loop above returns or raises")


def passphrase() -> str | None:
    """What OWNMIND_PASSPHRASE says, taken out of the environment so that no child process inherits it."""
    said = os.environ.pop("OWNMIND_PASSPHRASE", None)
    if said:
        _heard[:] = [said]
    return _heard[0] if _heard else None


def asked(question: str) -> str:
    """A passphrase typed on the terminal, not shown. Raises PassphraseNeeded when nobody is there to type."""
    if not sys.stdin.isatty():
        raise PassphraseNeeded("a passphrase is needed", hint="set OWNMIND_PASSPHRASE, or run this in a terminal")
    return getpass(question)


def _own(paths: Paths) -> Face:
    from ..python import Companion

    try:
        return unlocked(lambda given: Companion.open(paths.home, passphrase=given, background=False))
    except HomeInUse as error:
        other = attached(paths)  # it may have begun to serve since
        if other is None:
            raise HomeInUse(error.message, hint=_wait_or_stop(error), pid=error.pid, address=error.address) from error
        return other


def _wait_or_stop(error: HomeInUse) -> str:
    who = f"process {error.pid}" if error.pid else "that process"
    return f"wait until {who} is done or stop it; while plain `ownmind` runs, every command can ask it instead"
