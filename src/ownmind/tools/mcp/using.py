"""Using a tool of an MCP server: a deed like any other. What the tool is by now is asked before each use."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from ...config import Server
from ...errors import BadInput, Refused
from ...guard.declared import Declaration, Effect
from ...guard.labels import Value, attributed
from ...guard.visible import visible
from ...messages import Integrity, Label
from ..act import Arguments, Deed, Result
from . import address
from .definition import Tool, declared, given
from .talk import Talk, listed, told

_ASKED = 48 << 10  # bytes of a call: what fits into a pipe that nobody reads
_SHOWN = 500  # characters of an answer in the sentence that says what came of a call

InSession = Callable[[Callable[[Talk], tuple[str, bool]]], tuple[str, bool]]
"""Does this in a session with the server, once it is sure that the server is the one that was allowed."""


def deed(server: Server, one: Tool, effect: Effect, in_session: InSession) -> Deed:
    """Using an allowed tool. ``effect``: a send, or what the person said of it."""

    def use(arguments: Arguments, now: datetime) -> Result:
        plain = given(one, {name: [value.data for value in values] for name, values in arguments.items()})
        if len(json.dumps({"name": one.name, "arguments": plain}, allow_nan=False).encode()) > _ASKED:
            raise BadInput("that is more than a call may hold", hint="give it less at once")

        def do(talk: Talk) -> tuple[str, bool]:
            if one.seal not in {each.seal for each in listed(server.name, talk)[0]}:
                raise Refused(
                    f"{server.name} has changed “{one.name}” since you allowed it", hint=f"see `ownmind mcp refresh {server.name}`"
                )
            talk.is_doing = True
            return told(talk.ask("tools/call", {"name": one.name, "arguments": plain}))

        text, failed = in_session(do)
        label = Label(Integrity.UNTRUSTED, sources=(f"mcp:{server.name}",))
        shown = visible(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
        return Result(("It says that it failed. " if failed else "") + attributed(shown, label), ({"answer": (Value(text, label),)},))

    to = address.destination(server.url) if server.url else f"mcp:{server.name}"
    stays = effect is Effect.READS and not server.url  # a jail has no way out
    return Deed(_declared(server, one, effect), use, destination=lambda arguments: to, purpose="" if stays else address.USE)


def _declared(server: Server, one: Tool, effect: Effect) -> Declaration:
    """An address is elsewhere: whatever is read there, what is asked has left."""
    return declared(one, Effect.SENDS if server.url and effect is Effect.WRITES else effect)
