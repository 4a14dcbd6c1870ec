"""Which MCP servers there are, which of their tools the person allowed, and asking about those they did not. The face ``mind.mcp``.

What is allowed is a definition, word for word, of a program with exactly these files. It is kept in the store, so a server need not run
for its tools to be known. A definition that changed is asked about anew, with what changed in it; a program whose files changed is not
run until the person said yes to that.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from ..config import Server, as_server
from ..egress.door import Outlet
from ..errors import BadInput, NotFound, OwnmindError, Refused
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, Value
from ..guard.plan import Plan
from ..messages import Action, ActionState, Integrity, Label
from ..store.opening import Store
from . import jail
from .act import Arguments, Deed, Result, Session, World
from .mcp import address, pinned
from .mcp import program as jailed
from .mcp.definition import Tool, difference, tool
from .mcp.kept import Sessions
from .mcp.record import Record, Records
from .mcp.shown import Seen, ServerShown, Takes, ToolShown, server_shown, tool_shown
from .mcp.talk import Talk, listed
from .mcp.using import deed

log = logging.getLogger(__name__)

NAME = "allow_mcp_tool"
PROGRAM = "allow_mcp_program"
_MOST = 32  # servers
_KEY = re.compile(r"[\x21-\x7e]{1,4000}")
_OURS = Label(Integrity.COMPANION)

DECLARED = Declaration(
    NAME,
    Effect.WRITES,
    {
        "program": Parameter(Role.AUTHORITY, Type.NAME),
        "tool": Parameter(Role.AUTHORITY, Type.NAME),
        "definition": Parameter(Role.AUTHORITY, Type.TEXT),
        "changed": Parameter(Role.CONTENT),  # what differs from the definition that was allowed
        "pin": Parameter(Role.AUTHORITY),  # of the program's files; "" for an address
    },
    says="let me ask {program} to do {tool}, as it is defined now; I still ask you before each use",
)
CHANGED = Declaration(
    PROGRAM,
    Effect.WRITES,
    {
        "program": Parameter(Role.AUTHORITY, Type.NAME),
        "changed": Parameter(Role.CONTENT),
        "pin": Parameter(Role.AUTHORITY),
    },
    says="go on running the program {program}, locked in, although its own files are not those you allowed: {changed}",
)


class ToolServers:
    """The MCP servers of one home: those of the settings, and those that were added. Any thread may use it; what asks a server blocks.
    ``outlet``: the way out to addresses; ``tell`` is called when the person may have been asked something."""

    def __init__(
        self,
        servers: Sequence[Server],
        store: Store,
        clock: Callable[[], datetime],
        outlet: Outlet | None = None,
        tell: Callable[[], object] = lambda: None,
    ) -> None:
        self._set = {server.name: server for server in servers}
        self._store, self._clock, self._outlet, self._tell = store, clock, outlet, tell
        self._records = Records(store.settings)
        self._sessions = Sessions()
        self._seen: dict[str, Seen] = {}
        self._one = threading.Lock()  # one looks, allows or changes at a time
        self._is_over = threading.Event()
        self._world: World | None = None

    # The life of the house

    def join(self, world: World) -> None:
        """Makes what is allowed, and the asking for more, deeds of ``world``. Starts nothing."""
        self._world = world
        for server in self._all().values():
            self._declare(server)

    def begin(self) -> None:
        """Looks at every server in a thread of its own, which ends with the process."""

        def look() -> None:
            try:
                self.look()
            except Exception:  # the wall of this thread; after the end the store is closed
                if not self._is_over.is_set():
                    log.exception("looking at MCP servers failed")

        if self._all():
            threading.Thread(target=look, name="mcp", daemon=True).start()

    def stop(self) -> None:
        """Ends every session, starts no server any more and asks nothing."""
        self._is_over.set()
        self._sessions.close()

    def look(self) -> list[str]:
        """Asks each server, and the person about what they have not allowed; gives what is wrong, in words. An address nobody consented
        to be asked is not."""
        wrong = []
        for server in self._all().values():
            if self._is_over.is_set():
                break
            shown = self._refreshed(server, again=False)
            wrong += [f"{server.name}: {why}" for why in (*shown.refused, *([shown.wrong] if shown.wrong else []))]
        for why in wrong:
            log.warning("an MCP server: %s", why)
        self._tell()
        return wrong

    # The face

    def servers(self) -> tuple[ServerShown, ...]:
        """Every server, those of the settings first."""
        return tuple(self._shown(server) for server in self._all().values())

    def tools(self, server: str) -> tuple[ToolShown, ...]:
        """The tools of a server, as far as it was asked or they are allowed. Raises NotFound."""
        one, record, seen = self._named(server), self._records.get(server), self._seen.get(server)
        cards = self._waiting(server)
        known = {each.definition: each for each in (seen.tools if seen else ())}
        for definition in (*record.allowed, *cards):
            known.setdefault(definition, tool(one.name, definition))
        return tuple(tool_shown(each, record, cards.get(each.definition)) for each in known.values())

    def add(self, name: str, url: str) -> ServerShown:
        """Adds a server at an address; to say so is the permission to ask it which tools it has. Each of them then waits for a yes.
        Raises BadInput."""
        return self._added(Server(name, url=address.checked(url)))

    def add_program(self, name: str, command: tuple[str, ...], folder: str = "", reads: tuple[str, ...] = ()) -> ServerShown:
        """Adds a program, run in a jail without a network. ``folder``: the one it may write to; ``reads``: what else it may read. Raises
        BadInput."""
        return self._added(Server(name, command, folder, reads))

    def remove(self, name: str) -> int:
        """Takes an added server away, with its key, the permissions to ask it and all that was allowed of it; gives how many tools were.
        Raises NotFound, BadInput for one of the settings."""
        server = self._named(name)
        if name in self._set:
            raise BadInput(f"{name} stands in config.toml", hint="take its table [[mcp]] out there")
        self._sessions.end(name)
        with self._one:
            allowed = len(self._records.get(name).allowed)
            self._withdraw(server)
            self._records.remove(name)
            self._seen.pop(name, None)
        for action in self._cards(name):
            self._store.actions.deny(action.id, self._clock())
        if server.url:
            self._revoke(server)
        self._tell()
        return allowed

    def refresh(self, name: str) -> ServerShown:
        """Asks a server anew which tools it has; the person is asked about those that are new or changed, also where they said no before.
        Raises NotFound; what is wrong with the server stands in ``wrong``."""
        server = self._named(name)
        if server.url:
            self._consent(server)
        self._sessions.end(name)
        shown = self._refreshed(server, again=True)
        self._tell()
        return shown

    def set_key(self, name: str, key: str) -> ServerShown:
        """Keeps the key a server at an address asks for, in the encrypted store; "" takes it away. It is never shown. Raises BadInput."""
        server = self._named(name)
        if not server.url:
            raise BadInput(f"{name} is a program; it has no key", hint="what it needs to know stands in its folder")
        if key and not _KEY.fullmatch(key):
            raise BadInput("that is no key", hint="letters, digits and signs without spaces, at most 4000")
        self._records.set_key(name, key)
        return self.refresh(name)

    def set_effect(self, server: str, tool: str, effect: str) -> ToolShown:
        """Says what a tool does: ``sends`` (the most careful), ``writes`` (only into its own folder) or ``reads`` (it changes nothing).
        That is for this very definition; one that changes is a send again. Raises NotFound, BadInput."""
        one, record = self._named(server), self._records.get(server)
        if effect not in (Effect.SENDS, Effect.WRITES, Effect.READS):
            raise BadInput(f"a tool does not {effect[:20]!r}", hint="sends, writes or reads")
        if one.url and effect == Effect.WRITES:
            raise BadInput("what an address writes is elsewhere", hint="sends or reads")
        found = next((each for each in self.tools(server) if each.name == tool and each.state == "allowed"), None)
        if found is None:
            raise NotFound(f"no tool {tool[:60]!r} of {server} is allowed", hint=f"`ownmind mcp tools {server}` lists them")
        with self._one:
            self._records.put(server, replace(record, effects={**record.effects, found.seal: Effect(effect).value}))
            self._declare(one)
        return next(each for each in self.tools(server) if each.seal == found.seal)

    def disallow(self, server: str, tool: str) -> ToolShown:
        """Takes an allowed tool away again. Raises NotFound."""
        one = self._named(server)
        found = next((each for each in self.tools(server) if each.name == tool and each.state == "allowed"), None)
        if found is None:
            raise NotFound(f"no tool {tool[:60]!r} of {server} is allowed", hint=f"`ownmind mcp tools {server}` lists them")
        with self._one:
            self._forget(one, found.definition)
        return replace(found, state="offered")

    # Looking

    def _added(self, server: Server) -> ServerShown:
        as_server(server, "mcp")
        with self._one:
            if server.name in self._all():
                raise BadInput(f"there is a server {server.name} already", hint="give this one another name, or remove that one first")
            if len(self._all()) >= _MOST:
                raise BadInput(f"there are {_MOST} servers already", hint="remove one first")
            if not server.url:
                jail.command(server.command, jailed.cell(server))  # a folder that would open the jail is said now
            self._records.add(server)
        return self.refresh(server.name)

    def _refreshed(self, server: Server, *, again: bool) -> ServerShown:
        now = self._clock()
        try:
            self._seen[server.name] = self._asked(server, now, again=again)
        except OwnmindError as error:
            self._seen[server.name] = Seen(now, wrong=f"{error.message}. {error.hint}".strip(". ") + ".")
        return self._shown(server)

    def _asked(self, server: Server, now: datetime, *, again: bool) -> Seen:
        """What the server offers, after the person was asked about what is new."""
        files = {} if server.url else pinned.files(server)
        pin = "" if server.url else pinned.pin(server, files)
        record = self._records.get(server.name)
        if record.allowed and record.pin != pin:
            self._withdraw(server)
            self._ask_program(server, record, files, pin, now, again=again)
            raise Refused("its own files are not those you allowed", hint="a card asks whether it may go on")
        found, refused = self._sessions.use(
            server.name, self._begin(server, address.ASK), address.ASK, lambda talk: listed(server.name, talk)
        )
        if self._is_over.is_set():
            raise Refused("Ownmind is ending")
        with self._one:
            offered = {one.definition: one for one in found}
            record = self._records.get(server.name)
            gone = [definition for definition in record.allowed if definition not in offered]
            for definition in gone:
                was = tool(server.name, definition)
                if any(one.name == was.name for one in found):
                    record = replace(record, was={**record.was, was.name: definition})
            self._records.put(server.name, record)
            for definition in gone:
                self._forget(server, definition)
            record = self._records.get(server.name)
            self._declare(server)
        for definition, one in offered.items():
            if definition not in record.allowed:
                self._ask(one, pin, record, now, again=again)
        return Seen(now, tuple(found), tuple(refused))

    def _begin(self, server: Server, purpose: str) -> Callable[[], Talk]:
        """Starts a session with a server. Raises NoJail, BadInput, TryAgainLater, and what the door raises."""

        def begin() -> Talk:
            if not server.url:
                return jailed.begun(server)
            if self._outlet is None:
                raise Refused("there is no way out here")
            return address.begun(server.name, server.url, self._records.key(server.name), self._outlet, purpose)

        return begin

    def _in_session(self, server: Server, do: Callable[[Talk], tuple[str, bool]]) -> tuple[str, bool]:
        """Does this with a server that is the one that was allowed. Raises Refused for a program whose files changed."""
        if not server.url and self._records.get(server.name).pin != pinned.pin(server, pinned.files(server)):
            self._sessions.end(server.name)
            raise Refused(
                f"the files of {server.name} are not those you allowed", hint=f"`ownmind mcp refresh {server.name}` asks you about it"
            )
        return self._sessions.use(server.name, self._begin(server, address.USE), address.USE, do)

    # Asking

    def _ask(self, one: Tool, pin: str, record: Record, now: datetime, *, again: bool) -> None:
        """Has the person asked, with all the server says as its own words."""
        theirs, mine = Label(Integrity.UNTRUSTED, sources=(f"mcp:{one.server}",)), Label(Integrity.PERSON)  # the name is theirs
        was = record.was.get(one.name)
        arguments = {
            "program": (Value(one.server, mine, Type.NAME),),
            "tool": (Value(one.name, theirs, Type.NAME),),
            "definition": (Value(one.definition, theirs),),
            "changed": (Value(difference(was, one.definition), theirs),) if was else (),
            "pin": (Value(pin, _OURS),) if pin else (),
        }
        self._attempt(NAME, arguments, now, again=again)

    def _ask_program(self, server: Server, record: Record, files: dict[str, str], pin: str, now: datetime, *, again: bool) -> None:
        lines = pinned.changes(record.files, files) or ("its command, or what it may read",)
        arguments = {
            "program": (Value(server.name, Label(Integrity.PERSON), Type.NAME),),
            "changed": (Value("\n".join(lines), _OURS),),
            "pin": (Value(pin, _OURS),),
        }
        self._attempt(PROGRAM, arguments, now, again=again)

    def _attempt(self, name: str, arguments: Arguments, now: datetime, *, again: bool) -> None:
        assert self._world is not None, "a house joins its servers to its world"
        said = [str(value.data) for values in arguments.values() for value in values]
        declined = (each for each in self._store.actions.listed([ActionState.DENIED], 200) if each.tool == name)
        if again or not any([one.value for one in each.arguments] == said for each in declined):  # a no is not asked about at each start
            self._world.attempt(name, {key: values for key, values in arguments.items() if values}, Session(Plan(""), by_us=True), now)

    def _allow(self, arguments: Arguments) -> Result:
        program, definition = (str(arguments[name][0].data) for name in ("program", "definition"))
        server, one = self._known(program), tool(program, definition)
        files = {} if server.url else pinned.files(server)
        pin = "" if server.url else pinned.pin(server, files)
        if pin != "".join(str(value.data) for value in arguments.get("pin", ())):
            raise Refused(f"the files of {program} have changed since you were asked", hint=f"`ownmind mcp refresh {program}` asks anew")
        with self._one:
            record = self._records.get(program)
            if record.allowed and record.pin != pin:
                raise Refused(f"the files of {program} are not those you allowed", hint="a card of its own asks about that")
            was = {name: old for name, old in record.was.items() if name != one.name}
            self._records.put(program, replace(record, pin=pin, files=files, allowed=(*record.allowed, definition), was=was).plain())
            self._declare(server)
        return Result(f"{one.name} of {program} may be asked for now.", undo=json.dumps({"program": program, "definition": definition}))

    def _disallow(self, kept: str) -> str:
        was = json.loads(kept)
        with self._one:
            self._forget(self._known(str(was["program"])), str(was["definition"]))
        return f"{was['program']} is not asked for that any more."

    def _allow_program(self, arguments: Arguments) -> Result:
        program, pin = (str(arguments[name][0].data) for name in ("program", "pin"))
        server = self._known(program)
        files = pinned.files(server)
        if pinned.pin(server, files) != pin:
            raise Refused(f"the files of {program} have changed again", hint=f"`ownmind mcp refresh {program}` asks anew")
        with self._one:
            record = self._records.get(program)
            self._records.put(program, replace(record, pin=pin, files=files).plain())
            self._declare(server)
        return Result(f"{program} goes on as it is now.", undo=json.dumps({"program": program, "pin": record.pin}))

    def _disallow_program(self, kept: str) -> str:
        was = json.loads(kept)
        server = self._known(str(was["program"]))
        with self._one:
            self._withdraw(server)
            self._records.put(server.name, replace(self._records.get(server.name), pin=str(was["pin"]), files={}))
        self._sessions.end(server.name)
        return f"{server.name} is not run any more."

    # What is there

    def _declare(self, server: Server) -> None:
        assert self._world is not None, "a house joins its servers to its world"
        world, record = self._world, self._records.get(server.name)
        world.declare(Deed(DECLARED, lambda arguments, now: self._allow(arguments), self._disallow, by_us=True))
        world.declare(Deed(CHANGED, lambda arguments, now: self._allow_program(arguments), self._disallow_program, by_us=True))
        for definition in record.allowed:
            one = tool(server.name, definition)
            world.declare(deed(server, one, Effect(record.effects.get(one.seal, Effect.SENDS)), lambda do: self._in_session(server, do)))

    def _withdraw(self, server: Server) -> None:
        assert self._world is not None, "a house joins its servers to its world"
        for definition in self._records.get(server.name).allowed:
            self._world.withdraw(tool(server.name, definition).deed)

    def _forget(self, server: Server, definition: str) -> None:
        assert self._world is not None, "a house joins its servers to its world"
        record = self._records.get(server.name)
        self._records.put(server.name, replace(record, allowed=tuple(one for one in record.allowed if one != definition)))
        self._world.withdraw(tool(server.name, definition).deed)

    def _all(self) -> dict[str, Server]:
        return {**{server.name: server for server in self._records.servers()}, **self._set}

    def _named(self, name: str) -> Server:
        found = self._all().get(name)
        if found is None:
            raise NotFound(f"there is no MCP server {name[:40]!r}", hint="`ownmind mcp` lists them")
        return found

    def _known(self, name: str) -> Server:
        """For a yes that comes later. Raises BadInput when the server is not there any more."""
        found = self._all().get(name)
        if found is None:
            raise BadInput(f"there is no server {name} any more", hint="`ownmind mcp` lists them")
        return found

    def _cards(self, server: str) -> list[Action]:
        waiting = self._store.actions.listed([ActionState.WAITING], 1000, now=self._clock())
        return [one for one in waiting if one.tool in (NAME, PROGRAM) and one.arguments and one.arguments[0].value == server]

    def _waiting(self, server: str) -> dict[str, Action]:
        """The cards that wait, by the definition they ask about."""
        return {one.arguments[2].value: one for one in self._cards(server) if one.tool == NAME}

    def _shown(self, server: Server) -> ServerShown:
        cards, seen = self._cards(server.name), self._seen.get(server.name)
        is_changed, has_key = any(one.tool == PROGRAM for one in cards), bool(self._records.key(server.name))
        record, is_set = self._records.get(server.name), server.name in self._set
        return server_shown(server, record, seen, len(cards), is_changed=is_changed, has_key=has_key, is_set=is_set)

    # Consent

    def _consent(self, server: Server) -> None:
        """The person asks for this server's tools: that is the permission to ask it for them, until it is revoked."""
        to, now = address.destination(server.url), self._clock()
        held = self._store.permissions.all(holding_at=now)
        if not any(one.purpose == address.ASK and one.destination == to for one in held):
            self._store.permissions.give(to, address.ASK, now=now)

    def _revoke(self, server: Server) -> None:
        to, now = address.destination(server.url), self._clock()
        if any(each.url and address.destination(each.url) == to for each in self._all().values()):
            return  # another server is there too
        for one in self._store.permissions.all(holding_at=now):
            if one.destination == to and one.purpose in (address.ASK, address.USE):
                self._store.permissions.revoke(one.id, now=now)


__all__ = ["NAME", "PROGRAM", "ServerShown", "Takes", "ToolServers", "ToolShown"]
