"""What Ownmind reaches beyond this machine, or may: calendars, tool servers, models elsewhere, the search server. The face ``connections``.

Each has its own room where it is set up; this says of all of them alike when the last contact was, what went wrong and what to do, and
switches them off. Off means that no permission stands: the door refuses, whoever asks. What was read before stays. Nothing is contacted
because time passed, so nothing here is ever late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..connectors import caldav
from ..egress.door import Door
from ..errors import BadInput, NotFound
from ..goals.calendars import Calendars
from ..store.library import last_contacts
from ..store.opening import Store
from ..tools import search as searching
from ..tools.mcp import address
from ..tools.offered import ToolServers
from ..tools.search import Search

if TYPE_CHECKING:
    from .remote.providers import Providers

_WHEN_ASKED = "only when you ask for it"
_WHEN_USED = "when it is used"
_HINTS = {
    "calendar": "Is the machine online, and are the address and the password still right? `ownmind calendar connect` sets them anew.",
    "server": "Is it running, and is its key still right? See Tools, Tool servers.",
    "provider": "Is the machine online, and is the key still right? See Brain, Elsewhere.",
    "search": "Is the search server running? See Tools, Web search.",
}


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection. ``state``: on; asks (you are shown each thing first); off (nothing goes there); new (never tried); wrong
    (``wrong`` says what happened, ``hint`` what to do). Calendars on one server share its switch."""

    id: str  # calendar:2, server:files, provider:openai, search
    kind: str  # calendar, server, provider, search
    title: str
    where: str  # as permissions and the ledger name it; of a program on this machine, its command
    state: str
    last: datetime | None  # when it was last contacted
    next: str  # when it will be, in words
    wrong: str = ""
    hint: str = ""
    can_check: bool = True
    can_switch: bool = True


class Connections:
    """The connections of one home. ``providers`` is asked for late: most homes have none. Any thread may use it; ``check`` blocks."""

    def __init__(
        self,
        store: Store,
        door: Door,
        clock: Callable[[], datetime],
        *,
        calendars: Calendars,
        servers: ToolServers,
        search: Search,
        providers: Callable[[], Providers],
    ) -> None:
        self._store, self._door, self._clock = store, door, clock
        self._calendars, self._servers, self._search, self._providers = calendars, servers, search, providers

    def all(self) -> tuple[Connection, ...]:
        """Every connection that was set up, calendars first."""
        return (*self._of_calendars(), *self._of_servers(), *self._of_providers(), *self._of_search())

    def get(self, connection: str) -> Connection:
        """One of them. Raises NotFound."""
        for one in self.all():
            if one.id == connection:
                return one
        raise NotFound(f"there is no connection {connection[:60]!r}", hint="`ownmind library connections` lists them")

    def check(self, connection: str) -> Connection:
        """Contacts it now, as if it were used, and gives it as it is then: a calendar is read anew, a server asked for its tools, a model
        elsewhere for one word. Raises what that raises."""
        one = self.get(connection)
        if not one.can_check:
            raise BadInput(f"{one.title} is asked only when you ask it something", hint="use it: what went wrong stands here then")
        name = one.id.partition(":")[2]
        match one.kind:
            case "calendar":
                self._calendars.fetch(one.id)
            case "server":
                self._servers.refresh(name)
            case _:
                self._providers().test(name)
        return self.get(connection)

    def switch(self, connection: str, on: bool) -> Connection:
        """Off: ends every permission it has; what was read stays. On: lets calendars be read and servers be asked again; to models and
        to the search server each thing is shown first. Raises NotFound, BadInput."""
        one, now = self.get(connection), self._clock()
        if not one.can_switch:
            raise BadInput(f"{one.title} runs on this machine, without a network", hint="Tools, Tool servers takes it away")
        purposes = _PURPOSES[one.kind]
        permissions = self._store.permissions
        if on and one.kind in ("calendar", "server"):
            if permissions.standing(one.where, purposes[0], now=now) is None:
                permissions.give(one.where, purposes[0], now=now)
        elif on:
            raise BadInput(f"{one.title} is not switched off", hint="each thing is shown to you before it goes there")
        for held in () if on else permissions.all(holding_at=now):
            if held.destination == one.where and held.purpose in purposes:
                permissions.revoke(held.id, now=now)
        return self.get(connection)

    def _of_calendars(self) -> Iterator[Connection]:
        for one in self._calendars.sources():
            if one.kind != "file":
                to = caldav.destination(one.url)
                plain = Connection(one.ref, "calendar", one.title or to, to, self._allowed(to, "calendar", "off"), one.read_at, _WHEN_ASKED)
                yield self._with_ledger(plain)

    def _of_servers(self) -> Iterator[Connection]:
        for one in self._servers.servers():
            to = one.destination
            state = ("new" if one.state == "new" else "on") if not to else self._allowed(to, "server", "off")
            plain = Connection(
                f"server:{one.name}", "server", one.name, to or one.where, state, one.seen_at, _WHEN_USED, can_switch=bool(to)
            )
            found = self._with_ledger(plain) if to else plain
            if one.state == "changed":
                found = replace(found, state="wrong", wrong="Its files are not those you allowed, so it does not run.", hint="See Tools.")
            yield replace(found, state="wrong", wrong=one.wrong, hint=_HINTS["server"]) if one.wrong else found

    def _of_providers(self) -> Iterator[Connection]:
        for one in self._providers().all():
            state = self._allowed(one.destination, "provider", "asks") if one.destination else "wrong"
            rests = f"not before {one.rests_until:%H:%M}: it asked for a pause" if one.rests_until else _WHEN_USED
            plain = Connection(f"provider:{one.name}", "provider", one.title or one.name, one.destination, state, None, rests)
            found = self._with_ledger(plain) if one.destination else plain
            yield replace(found, state="wrong", wrong=one.wrong, hint="See Brain, Elsewhere.") if one.wrong else found

    def _of_search(self) -> Iterator[Connection]:
        engine = self._search.engine()
        if engine is not None:
            state = self._allowed(engine.host, "search", "asks")
            plain = Connection("search", "search", "Web search", engine.host, state, None, _WHEN_USED, can_check=False)
            yield self._with_ledger(plain)

    def _allowed(self, to: str, kind: str, otherwise: str) -> str:
        now = self._clock()
        held = any(self._store.permissions.standing(to, purpose, now=now) is not None for purpose in _PURPOSES[kind])
        return "on" if held else otherwise

    def _with_ledger(self, one: Connection) -> Connection:
        """With the last contact the ledger has of it, and what went wrong there."""
        with self._store.db.read() as cx:
            contacts = last_contacts(cx, one.where)
        mine = max(((at, result, detail) for purpose, at, result, detail in contacts if purpose in _PURPOSES[one.kind]), default=None)
        if self._door.is_offline:
            one = replace(one, next="not while everything is switched off (Privacy)")
        elif one.state == "off":
            one = replace(one, next="not while it is switched off")
        if mine is None:
            return one
        at, result, detail = mine
        one = replace(one, last=datetime.fromtimestamp(at, UTC))
        if result == "failed" and one.state != "off":
            return replace(one, state="wrong", wrong=f"The last contact failed{f': {detail}' if detail else '.'}", hint=_HINTS[one.kind])
        return one


_PURPOSES = {
    "calendar": (caldav.READ, caldav.WRITE),
    "server": (address.ASK, address.USE),
    "provider": ("answer", "test the key", "list the models"),  # remote.asking.ANSWER: it would cost every start an import
    "search": (searching.PURPOSE,),
}
