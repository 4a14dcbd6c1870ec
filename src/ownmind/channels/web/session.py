"""Who may talk to the page's server: a one-time token, exchanged for a session that lasts.

The token is 256 random bits in the fragment of the printed address; a fragment is never sent to a server nor written
to a proxy's log. It works once: whoever reads it later in a terminal's scrollback or in a list of processes gets
nothing. The session is another 256 random bits in a cookie that scripts cannot read; only its hash is kept, in the
encrypted store, so it survives a restart and nothing stored can be replayed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping

LIFETIME = 30 * 24 * 3600  # seconds a session lasts
MOST_SESSIONS = 8  # browsers at once; the oldest goes first
MOST_WRONG = 5  # wrong tokens a minute

_NEVER = float("-inf")

Keep = Callable[[dict[str, float]], None]


class Sessions:
    """The open sessions. ``known`` maps each session's hash to when it began (Unix time); ``keep`` stores that mapping."""

    def __init__(self, *, port: int, known: Mapping[str, float], keep: Keep, clock: Callable[[], float] = time.time) -> None:
        self.cookie = f"ownmind_{port}"  # cookies ignore ports: two Ownminds on one machine need two names
        self._known = dict(known)
        self._keep = keep
        self._clock = clock
        self._tokens: set[str] = set()
        self._wrong: list[float] = []

    def invite(self, token: str = "") -> str:
        """A token that opens one session; a new one when none is given."""
        token = token or secrets.token_urlsafe(32)
        self._tokens.add(_hash(token))
        return token

    def wait(self) -> int:
        """Seconds until another token may be tried; 0 when one may be tried now."""
        now = self._clock()
        self._wrong = [at for at in self._wrong if 0 <= now - at < 60]
        return 0 if len(self._wrong) < MOST_WRONG else max(1, int(60 - (now - self._wrong[0])))

    def exchange(self, token: str, *, cookie_header: str = "") -> str | None:
        """A new session for ``token``, which is then used up; None when the token is wrong or was used.

        It takes the place of the session the browser had, if any.
        """
        hashed = _hash(token)
        found = next((each for each in self._tokens if hmac.compare_digest(each, hashed)), None)
        if found is None:
            self._wrong.append(self._clock())
            return None
        self._tokens.discard(found)
        session = secrets.token_urlsafe(32)
        for before in self._named(cookie_header):
            self._known.pop(before, None)
        self._known[_hash(session)] = self._clock()
        newest = sorted(self._known, key=self._known.__getitem__)[-MOST_SESSIONS:]
        self._known = {each: self._known[each] for each in newest}
        self._keep(dict(self._known))
        return session

    def is_known(self, cookie_header: str) -> bool:
        """Whether a Cookie header names a session that is still good."""
        now = self._clock()
        return any(now - self._known.get(each, _NEVER) < LIFETIME for each in self._named(cookie_header))

    def set_cookie(self, session: str) -> str:
        """The Set-Cookie header for ``session``. Not Secure: the page is plain HTTP on loopback."""
        return f"{self.cookie}={session}; Max-Age={LIFETIME}; Path=/; HttpOnly; SameSite=Strict"

    def _named(self, cookie_header: str) -> list[str]:
        """The hashes of the sessions a Cookie header names. Read by hand: an odd cookie, or another of our name that a page at
        another port of this host has set, must not hide the good one."""
        pairs = (pair.strip().partition("=") for pair in cookie_header.split(";"))
        return [_hash(value) for name, _, value in pairs if name == self.cookie]


def _hash(secret: str) -> str:
    """Plain SHA-256 is enough: the secret has 256 random bits, there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
