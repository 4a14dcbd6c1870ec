"""Which tools of MCP servers the person allowed, and asking about those they did not: cards like any other (`act`).

What is allowed is a definition, word for word. It is kept in the store, so a server need not run for its tools to be known; undoing
the action takes the tool away again.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from ..config import Server
from ..errors import BadInput, OwnmindError
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, Value
from ..guard.plan import Plan
from ..messages import Integrity, Label
from ..store.settings import Settings
from . import mcp
from .act import Arguments, Deed, Result, Session, World

log = logging.getLogger(__name__)

NAME = "allow_mcp_tool"
DECLARED = Declaration(
    NAME,
    Effect.WRITES,
    {
        "program": Parameter(Role.AUTHORITY, Type.NAME),
        "tool": Parameter(Role.AUTHORITY, Type.NAME),
        "definition": Parameter(Role.AUTHORITY, Type.TEXT),
    },
    says="let me ask the program {program}, locked in on this machine, to do {tool}, as it is defined now; I still ask you before each use",
)


class Offered:
    """The MCP servers of the settings, and what of them is allowed. Any thread may use it."""

    def __init__(self, servers: Sequence[Server], settings: Settings) -> None:
        self._servers = {server.name: server for server in servers}
        self._settings = settings
        self._is_over = threading.Event()

    def join(self, world: World) -> None:
        """Makes what is allowed, and the asking for more, deeds of ``world``. Starts nothing."""
        if self._servers:
            undo = lambda kept: self._disallow(kept, world)  # noqa: E731  # reads beside its like
            world.declare(Deed(DECLARED, lambda arguments, now: self._allow(arguments, world), undo, by_us=True))
        for server in self._servers.values():
            for definition in self._allowed(server.name):
                world.declare(mcp.deed(server, mcp.tool(server.name, definition)))

    def begin(self, world: World, clock: Callable[[], datetime], told: Callable[[], object]) -> None:
        """Looks in a thread of its own, which ends with the process; ``told`` is called when the person may have been asked something."""

        def look() -> None:
            try:
                self.look(world, clock())
                told()
            except Exception:  # the wall of this thread; after the end the store is closed
                if not self._is_over.is_set():
                    log.exception("looking at MCP servers failed")

        threading.Thread(target=look, name="mcp", daemon=True).start()

    def stop(self) -> None:
        """Starts no server any more and asks nothing."""
        self._is_over.set()

    def look(self, world: World, now: datetime) -> list[str]:
        """Runs each server, asks the person about the tools they have not allowed, and takes away those that changed. Gives what is
        wrong, in words."""
        wrong = []
        for server in self._servers.values():
            try:
                found, refused = mcp.tools(server)
            except OwnmindError as error:
                wrong.append(f"{server.name}: {error.message}")
                continue
            if self._is_over.is_set():
                break
            wrong += [f"{server.name}: {why}" for why in refused]
            known, offered = self._allowed(server.name), {one.definition: one for one in found}
            for definition in known:
                if definition not in offered:
                    self._forget(server.name, definition, world)
            for definition, one in offered.items():
                if definition not in known:
                    _ask(one, world, now)
        for why in wrong:
            log.warning("an MCP server: %s", why)
        return wrong

    def _allow(self, arguments: Arguments, world: World) -> Result:
        program, definition = (str(arguments[name][0].data) for name in ("program", "definition"))
        server = self._servers.get(program)
        if server is None:
            raise BadInput(f"the settings name no program {program} any more", hint="look at [[mcp]] in config.toml")
        one = mcp.tool(program, definition)
        self._keep(program, [*self._allowed(program), definition])
        world.declare(mcp.deed(server, one))
        return Result(f"{one.name} of {program} may be asked for now.", undo=json.dumps({"program": program, "definition": definition}))

    def _disallow(self, kept: str, world: World) -> str:
        was = json.loads(kept)
        self._forget(str(was["program"]), str(was["definition"]), world)
        return f"{was['program']} is not asked for that any more."

    def _forget(self, program: str, definition: str, world: World) -> None:
        self._keep(program, [one for one in self._allowed(program) if one != definition])
        world.withdraw(mcp.tool(program, definition).deed)

    def _allowed(self, program: str) -> list[str]:
        kept = json.loads(self._settings.get(f"mcp {program}", "[]"))
        return [one for one in kept if isinstance(one, str)]

    def _keep(self, program: str, definitions: Sequence[str]) -> None:
        self._settings.set(f"mcp {program}", json.dumps(list(dict.fromkeys(definitions))))


def _ask(one: mcp.Tool, world: World, now: datetime) -> None:
    """Has the person asked, with all the server says as its own words."""
    theirs = Label(Integrity.UNTRUSTED, sources=(f"mcp:{one.server}",))
    mine = Label(Integrity.PERSON)  # the name stands in their settings
    arguments = {
        "program": (Value(one.server, mine, Type.NAME),),
        "tool": (Value(one.name, theirs, Type.NAME),),
        "definition": (Value(one.definition, theirs),),
    }
    world.attempt(NAME, arguments, Session(Plan(""), by_us=True), now)
