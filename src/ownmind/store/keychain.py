"""A secret kept by the system's own keychain, where there is one that really keeps secrets.

Asked only for homes without a passphrase. The library is slow to import and, without a desktop session, may wait for a prompt
that nobody sees: so it is asked only where a session exists, from a thread, and with a deadline.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

SERVICE = "ownmind"
TO_STORE = 5.0
TO_FETCH = 60.0  # the person may have to unlock the keychain first


def is_there() -> bool:
    """Whether this system has a keychain that would keep a secret. Nothing is kept to find out."""
    if not _may_exist():
        return False

    def look() -> bool:
        import keyring

        return _is_real(keyring.get_keyring())

    return bool(_within(TO_STORE, look))


def keep(account: str, secret: bytes) -> bool:
    """Stores ``secret`` under ``account``; True only when it was read back equal."""
    if not _may_exist():
        return False

    def store() -> str | None:
        import keyring

        if not _is_real(keyring.get_keyring()):
            return None
        keyring.set_password(SERVICE, account, secret.hex())
        return keyring.get_password(SERVICE, account)

    return _within(TO_STORE, store) == secret.hex()


def fetch(account: str) -> bytes | None:
    """The secret of ``account``; None when the keychain does not have it or does not answer."""
    if not _may_exist():
        return None

    def read() -> str | None:
        import keyring

        return keyring.get_password(SERVICE, account)

    found = _within(TO_FETCH, read)
    try:
        return bytes.fromhex(found) if found else None
    except ValueError:
        return None


def drop(account: str) -> None:
    """Removes the secret of ``account`` when it is there."""
    if not _may_exist():
        return

    def remove() -> None:
        import keyring

        keyring.delete_password(SERVICE, account)

    _within(TO_STORE, remove)


def _may_exist() -> bool:
    """False where asking would be in vain: on Linux a keychain lives on the desktop session's bus."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


def _is_real(backend: object) -> bool:
    """True for a backend that protects what it keeps; the null, failing and plain-text ones rank below 1."""
    try:
        return float(getattr(backend, "priority", 0)) >= 1
    except (RuntimeError, NotImplementedError, TypeError, ValueError):
        return False


def _within(seconds: float, ask: Callable[[], T]) -> T | None:
    """What ``ask`` gives, or None when it fails or takes longer; the thread left waiting dies with the process."""
    answer: list[T] = []

    def run() -> None:
        try:
            answer.append(ask())
        except Exception as error:  # noqa: BLE001  # backends raise anything; whatever it is, there is no keychain for us
            log.info("system keychain: %s", type(error).__name__)

    thread = threading.Thread(target=run, daemon=True, name="keychain")
    thread.start()
    thread.join(seconds)
    return answer[0] if answer else None
