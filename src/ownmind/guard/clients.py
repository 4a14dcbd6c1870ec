"""Programs that may ask something of this Ownmind: each has a key of its own, and does what its key's scopes name.

A key is ``om-`` and 256 random bits, shown once; of it only the SHA-256 is kept (nothing can be guessed, so nothing need be slow), and
it is compared in constant time. What a program sends is from outside: an editor puts files of strangers into its messages. Only with the
scope ``own_words`` are they the person's own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..errors import BadInput, NotFound, Refused
from ..store import clients as rows
from ..store.database import Database
from ..store.items import LONGEST_ID, moment

PREFIX = "om-"
_LENGTH = len(PREFIX) + 43  # 32 bytes as url-safe Base64 without padding
_LONGEST_NAME = 60
_MOST = 100  # programs with a key
_COUNTED_EVERY = 5.0  # seconds after which calls are written down: not a durable write for each


class Scope(StrEnum):
    """What a key may be used for."""

    TALK = "talk"  # speak with the companion, which answers from memory
    OWN_WORDS = "own_words"  # what it sends are the person's own words: they are learnt from, and may ask for things
    MODEL = "model"  # the model alone, without memory
    EMBEDDINGS = "embeddings"
    MEMORY_READ = "memory_read"
    MEMORY_WRITE = "memory_write"
    GOALS_READ = "goals_read"
    GOALS_WRITE = "goals_write"
    PEOPLE_READ = "people_read"
    PEOPLE_WRITE = "people_write"

    @property
    def says(self) -> str:
        """What it allows, for a person who decides."""
        return _SAYS[self]


_SAYS = {
    Scope.TALK: "speak with the companion, which answers from what it remembers",
    Scope.OWN_WORDS: "speak as you: what it sends is remembered and learnt from as your own words",
    Scope.MODEL: "use the model alone, without memory",
    Scope.EMBEDDINGS: "turn text into vectors",
    Scope.MEMORY_READ: "search what is remembered",
    Scope.MEMORY_WRITE: "add to what is remembered, as text from outside",
    Scope.GOALS_READ: "see goals and plans",
    Scope.GOALS_WRITE: "propose changes to goals",
    Scope.PEOPLE_READ: "see people, promises and birthdays",
    Scope.PEOPLE_WRITE: "propose changes to people",
}


@dataclass(frozen=True, slots=True)
class Client:
    """A program that holds a key. ``id`` is k3; ``calls`` and ``last_used`` may lag a few seconds behind."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: datetime
    last_used: datetime | None = None
    calls: int = 0
    footnotes: bool = False  # sources also stand under the text of an answer

    @property
    def source(self) -> str:
        """The ref of what came through it."""
        return f"client:{self.name}"

    @property
    def number(self) -> int:
        return int(self.id[1:])

    def need(self, *scopes: Scope) -> None:
        """Raises Refused, which names the scope, when this key has none of ``scopes``."""
        if not any(scope in self.scopes for scope in scopes):
            named = " or ".join(scopes)
            raise Refused(
                f"the key of {self.name!r} does not have the scope {named}",
                hint=f"`ownmind clients scopes {self.id} {' '.join(dict.fromkeys([*self.scopes, scopes[0]]))}` gives it",
            )


@dataclass(frozen=True, slots=True)
class Added:
    """A new client with its key, which is not shown again."""

    client: Client
    key: str


class Clients:
    """The programs that hold a key to this home. Any thread may use it."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._lock = threading.Lock()
        self._used: dict[int, tuple[int, float]] = {}  # calls not yet written down, and the last one's time
        self._written = 0.0
        self._looking = threading.Lock()
        self._held = self._read()

    def all(self) -> tuple[Client, ...]:
        """Those whose key still opens something, oldest first."""
        self.count()
        return tuple(client for _, client in self._held)

    @property
    def held(self) -> tuple[Client, ...]:
        """The same without looking at what is to be counted: it may be asked at every request."""
        return tuple(client for _, client in self._held)

    def add(self, name: str, scopes: tuple[Scope, ...]) -> Added:
        """A new key with these scopes. Raises BadInput for a name that is taken or none, and for no scope."""
        name, chosen = _named(name), _scopes(scopes)
        if len(self._held) >= _MOST:
            raise BadInput(f"{_MOST} programs have a key already", hint="revoke one that is not used any more")
        self._refuse_taken(name)
        key = PREFIX + secrets.token_urlsafe(32)
        with self._db.write() as cx:
            number = rows.add(cx, name, chosen, _digest(key), self._clock().timestamp())
        return Added(self._found(f"k{number}"), key)

    def revoke(self, client: str) -> Client:
        """Ends a key at once; gives what it was. Raises NotFound."""
        self.count()
        ended = self.get(client)
        with self._db.write() as cx:
            rows.revoke(cx, ended.number, self._clock().timestamp())
        self._look_again()
        return ended

    def rename(self, client: str, name: str) -> Client:
        """Raises NotFound, and BadInput for a name that is taken or none."""
        name, number = _named(name), self.get(client).number
        self._refuse_taken(name, but=client)
        with self._db.write() as cx:
            rows.rename(cx, number, name)
        return self._found(client)

    def scopes(self, client: str, scopes: tuple[Scope, ...]) -> Client:
        """Says anew what a key may be used for. Raises NotFound, and BadInput for no scope."""
        chosen, number = _scopes(scopes), self.get(client).number
        with self._db.write() as cx:
            rows.allow(cx, number, chosen)
        return self._found(client)

    def footnotes(self, client: str, show: bool) -> Client:
        """Whether an answer through this key names its sources in its text, for programs that show nothing else. Raises NotFound."""
        number = self.get(client).number
        with self._db.write() as cx:
            rows.show_sources(cx, number, footnotes=show)
        return self._found(client)

    def get(self, client: str) -> Client:
        """Raises NotFound."""
        for _, held in self._held:
            if held.id == client:
                return held
        raise NotFound(f"there is no client {client[:LONGEST_ID]!r}", hint="`ownmind clients` lists them; their ids look like k3")

    def known(self, key: str) -> Client | None:
        """Whose key this is; None for a wrong one. Nothing is written: it may be asked at every request."""
        if len(key) != _LENGTH or not key.startswith(PREFIX) or not key.isascii():
            return None
        digest, found = _digest(key), None
        for held, client in self._held:  # every one is compared: how long it takes says nothing
            found = client if hmac.compare_digest(held, digest) else found
        return found

    def called(self, client: Client) -> None:
        """Counts a call of ``client``; it is written down within seconds, or when somebody looks."""
        with self._lock:
            calls, _ = self._used.get(client.number, (0, 0.0))
            self._used[client.number] = (calls + 1, self._clock().timestamp())

    def is_to_count(self) -> bool:
        """Whether calls wait to be written down for longer than they should."""
        return bool(self._used) and self._clock().timestamp() - self._written > _COUNTED_EVERY

    def count(self) -> None:
        """Writes down the calls that were made."""
        with self._lock:
            used, self._used = self._used, {}
            self._written = self._clock().timestamp()
        if used:
            with self._db.write() as cx:
                for number, (calls, at) in used.items():
                    rows.count(cx, number, calls, at)
            self._look_again()

    def _found(self, client: str) -> Client:
        self._look_again()
        return self.get(client)

    def _look_again(self) -> None:
        """One thread at a time: what was read before somebody's write must not take the place of what was read after it, or a key that was
        just given opens nothing and one that was ended opens on."""
        with self._looking:
            self._held = self._read()

    def _refuse_taken(self, name: str, but: str = "") -> None:
        if any(held.name.casefold() == name.casefold() and held.id != but for _, held in self._held):
            raise BadInput(f"{name!r} has a key already", hint="choose another name, or revoke the other one")

    def _read(self) -> tuple[tuple[bytes, Client], ...]:
        with self._db.read() as cx:
            return tuple((row.digest, _client(row)) for row in rows.listed(cx))


def _client(row: rows.Row) -> Client:
    created = moment(row.created)
    assert created is not None
    return Client(
        f"k{row.number}",
        row.name,
        tuple(scope for scope in Scope if scope.value in row.scopes),
        created,
        moment(row.last_used),
        row.calls,
        row.footnotes,
    )


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable():
        raise BadInput(f"a name has 1 to {_LONGEST_NAME} letters", hint="such as “Open WebUI” or “editor”")
    return plain


def _scopes(scopes: Iterable[Scope]) -> tuple[str, ...]:
    chosen = tuple(scope.value for scope in Scope if scope in set(scopes))
    if not chosen:
        raise BadInput("a key without a scope opens nothing", hint=f"choose of: {', '.join(Scope)}")
    return chosen


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
