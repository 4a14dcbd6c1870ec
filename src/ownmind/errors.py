"""Everything Ownmind raises on purpose, sorted by who acts next.

OwnmindError
├── PersonMustAct            the person changes something, then it works        exit 2
│   ├── BadInput             an argument, a file, a config key
│   ├── WrongPassphrase
│   ├── PassphraseNeeded
│   ├── HomeInUse            another process has this home open
│   ├── PortTaken
│   ├── DiskFull
│   ├── KeyRefused           a model on another machine does not take the key
│   └── NotFound             an id or path that is not there
├── TryAgainLater            nothing to change; the same call may work later    exit 3
│   ├── BrainNotReady        the chat model is being fetched, loading, or its worker died
│   ├── DownloadFailed
│   ├── RemoteFailed         a model on another machine gave no whole answer
│   └── NetworkEnded         the network process died or was ended; how far the request came is not known
├── Damaged                  stored bytes are not what was written              exit 4
│   ├── StoreDamaged
│   ├── BackupDamaged
│   └── ModelDamaged         a model file's hash is not the pinned one
└── Refused                  a promise forbids it                               exit 5
    ├── DoorClosed           a connection nobody consented to
    └── OverBudget           it could cost more than the person lets a month cost

A message says what happened and why; ``hint`` says what to do next. Neither ever holds a secret or remembered text.
"""

from __future__ import annotations


class OwnmindError(Exception):
    """The root. ``hint`` is one sentence the person can act on."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class PersonMustAct(OwnmindError):
    exit_code = 2


class BadInput(PersonMustAct):
    pass


class WrongPassphrase(PersonMustAct):
    pass


class PassphraseNeeded(PersonMustAct):
    pass


class HomeInUse(PersonMustAct):
    """Another process has this home open; ``pid`` and ``address`` say which and where (empty when not serving)."""

    def __init__(self, message: str, *, hint: str = "", pid: int = 0, address: str = "") -> None:
        super().__init__(message, hint=hint)
        self.pid = pid
        self.address = address


class PortTaken(PersonMustAct):
    pass


class DiskFull(PersonMustAct):
    pass


class KeyRefused(PersonMustAct):
    pass


class NotFound(PersonMustAct):
    pass


class TryAgainLater(OwnmindError):
    exit_code = 3


class BrainNotReady(TryAgainLater):
    pass


class DownloadFailed(TryAgainLater):
    pass


class RemoteFailed(TryAgainLater):
    """``may_cost``: it came so far that it may be on the bill. ``rests``: seconds in which it wants not to be asked again."""

    def __init__(self, message: str, *, hint: str = "", may_cost: bool = False, rests: float = 0.0) -> None:
        super().__init__(message, hint=hint)
        self.may_cost = may_cost
        self.rests = rests


class NetworkEnded(TryAgainLater):
    pass


class Damaged(OwnmindError):
    exit_code = 4


class StoreDamaged(Damaged):
    pass


class BackupDamaged(Damaged):
    pass


class ModelDamaged(Damaged):
    pass


class Refused(OwnmindError):
    exit_code = 5


class DoorClosed(Refused):
    pass


class OverBudget(Refused):
    pass
