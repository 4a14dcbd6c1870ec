"""MCP servers: programs of others that offer tools, each run in a jail (`jail`) without a network, one process a call.

The Model Context Protocol over stdio is JSON-RPC 2.0, one message a line (modelcontextprotocol.io, "Transports"). Spoken here in a
hundred lines, because what a hostile server may say must be bounded before anybody parses it: the length of a line and of all of them,
the number of messages, the time. A server may not ask anything of us (sampling, roots): it hears that there is no such method.

None of its tools exists for the companion until the person allowed it, as an action like any other, with what the server says of the
tool as words from outside. Allowed is exactly that definition: whoever changes a word of it is asked about again, and until then it is
not there. A tool may be used for what the request says (`declared`): every text decides something, every call is a send. What comes back is
untrusted, with the source ``mcp:NAME``.

Not here: a way out. The jail has no network, so a server that needs one fails; and nothing is kept between two calls but its folder.
Where there is no jail no server runs.
"""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from .. import __version__
from ..config import Server
from ..errors import BadInput, Refused, TryAgainLater
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, Value, attributed
from ..guard.visible import visible
from ..messages import Integrity, Label
from . import jail
from .act import Arguments, Deed, Result

PROTOCOL = "2025-06-18"
LONGEST = 1 << 20  # bytes of one line
_MOST = 4 << 20  # bytes of everything a server says in one run
_MESSAGES = 200  # of them
_ASKED = 48 << 10  # bytes of a call: what fits into a pipe that nobody reads
_ANSWERED = 20  # requests of the server's that are answered
_TOOLS = 64
_PARAMETERS = 24
_SHOWN = 500  # characters of an answer in the sentence that says what came of a call
_KEPT = 64 << 10  # characters of an answer
_SECONDS = 30.0
_MEMORY = 4 << 30  # addresses of one process: some runtimes reserve far more than they use
_STARTS = 15.0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_PARAMETER = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)
_TYPES = {"string": Type.TEXT, "number": Type.NUMBER, "integer": Type.NUMBER, "boolean": Type.BOOL}


class Broken(Exception):
    """The server ended, or said what is no answer, after it was asked to do something: nobody knows what it did."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool as its server defines it. ``definition``: its JSON in one form; ``lists``: parameters that take several values."""

    server: str
    name: str
    definition: str
    parameters: Mapping[str, Type]
    lists: frozenset[str] = frozenset()

    @property
    def seal(self) -> str:
        """Names this very definition: another word in it is another tool."""
        return blake2b(self.definition.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def deed(self) -> str:
        return f"mcp_{self.server}_{re.sub(r'[^A-Za-z0-9_]', '_', self.name)}"


def tools(server: Server) -> tuple[list[Tool], list[str]]:
    """The tools the server offers now, and why others of it cannot be used. Runs it, in its jail.

    Raises NoJail, BadInput for a folder that would open the jail, TryAgainLater for a server that breaks.
    """
    with _talking(server) as talk:
        return _listed(server, talk)


def tool(server: str, definition: str) -> Tool:
    """A tool from its definition. Raises BadInput for one that cannot be shown to a person or bound to a request."""
    try:
        said = json.loads(definition)
    except (ValueError, RecursionError):
        said = None
    name = said.get("name") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadInput(f"{server} offers a tool without a plain name")
    schema = said.get("inputSchema")
    properties = schema.get("properties", {}) if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or len(properties) > _PARAMETERS:
        raise BadInput(f"{name} of {server} does not say plainly what it takes")
    kinds, lists = dict[str, Type](), set[str]()
    for parameter, told in properties.items():
        inner = told if isinstance(told, dict) else {}
        if inner.get("type") == "array":
            lists.add(parameter)
            inner = inner["items"] if isinstance(inner.get("items"), dict) else {}
        kind = inner.get("type")
        if not _PARAMETER.fullmatch(parameter) or not isinstance(kind, str) or kind not in _TYPES:
            raise BadInput(f"{name} of {server} takes more than texts, numbers, truths and lists of them")
        kinds[parameter] = _TYPES[kind]
    return Tool(server, name, definition, kinds, frozenset(lists))


def declared(one: Tool) -> Declaration:
    """The most careful declaration: a send, of which every text and number decides something."""
    takes = ", ".join(f"{name} {{{name}}}" for name in one.parameters)
    says = f"have the program {one.server} do “{one.name}”" + (f" with {takes}" if takes else "")
    return Declaration(one.deed, Effect.SENDS, {name: Parameter(Role.AUTHORITY, kind) for name, kind in one.parameters.items()}, says=says)


def deed(server: Server, one: Tool) -> Deed:
    """Using an allowed tool. What it is by now is asked before it is used: another definition is not what was allowed."""

    def use(arguments: Arguments, now: datetime) -> Result:
        given = {name: [value.data for value in values] for name, values in arguments.items()}
        plain = {name: values if name in one.lists else values[0] for name, values in given.items() if values}
        said = json.dumps({"name": one.name, "arguments": plain}, allow_nan=False)
        if len(said.encode()) > _ASKED:
            raise BadInput("that is more than a call may hold", hint="give it less at once")
        with _talking(server) as talk:
            if one.seal not in {each.seal for each in _listed(server, talk)[0]}:
                raise Refused(f"{server.name} has changed “{one.name}” since you allowed it", hint="start `ownmind` again to be asked anew")
            talk.is_doing = True
            text, failed = _told(talk.ask("tools/call", {"name": one.name, "arguments": plain}))
        label = Label(Integrity.UNTRUSTED, sources=(f"mcp:{server.name}",))
        shown = visible(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
        return Result(("It says that it failed. " if failed else "") + attributed(shown, label), ({"answer": (Value(text, label),)},))

    return Deed(declared(one), use, destination=lambda arguments: f"mcp:{server.name}", purpose="use its tools")


def _listed(server: Server, talk: _Talk) -> tuple[list[Tool], list[str]]:
    found, refused, cursor = list[Tool](), list[str](), ""
    while len(found) + len(refused) < _TOOLS:
        said = talk.ask("tools/list", {"cursor": cursor} if cursor else {})
        offered = said.get("tools")
        for each in offered[:_TOOLS] if isinstance(offered, list) else []:
            try:
                found.append(tool(server.name, json.dumps(each, sort_keys=True, ensure_ascii=False)))
            except BadInput as error:
                refused.append(error.message)
        following = said.get("nextCursor")
        if not isinstance(following, str) or not following:
            break
        cursor = following[:1000]
    return [one for one in found if [each.deed for each in found].count(one.deed) == 1], refused


def _told(said: Mapping[str, object]) -> tuple[str, bool]:
    """The words of an answer, and whether it says that it failed."""
    content = said.get("content")
    parts = []
    for part in content if isinstance(content, list) else []:
        text = part.get("text") if isinstance(part, dict) and part.get("type") == "text" else None
        parts.append(text if isinstance(text, str) else "[something that is no text]")
    words = "\n".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return words[:_KEPT], said.get("isError") is True


# The protocol


class _Talk:
    """A running server. Once ``is_doing``, whatever goes wrong leaves open what it did (Broken)."""

    def __init__(self, server: Server, running: jail.Jailed) -> None:
        self._name, self._running = server.name, running
        self._lines: queue.Queue[bytes | str] = queue.Queue()  # a line, or why there are no more
        self._number = self._answered = 0
        self._ends = time.monotonic() + _STARTS + _SECONDS
        self.is_doing = False
        for target in (self._hear, self._drain):
            threading.Thread(target=target, daemon=True).start()

    def begin(self) -> None:
        about = {"name": "ownmind", "version": __version__}
        self.ask("initialize", {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": about})
        self._say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def ask(self, method: str, params: Mapping[str, object]) -> dict[str, object]:
        """Its answer. Raises TryAgainLater, or Broken while it is doing something."""
        self._number += 1
        self._say({"jsonrpc": "2.0", "id": self._number, "method": method, "params": dict(params)})
        for _ in range(_MESSAGES):
            said = self._next()
            if said.get("id") == self._number and "method" not in said:
                result = said.get("result")
                if isinstance(result, dict):
                    return result
                raise self._gone("said that it cannot do that")
            if "method" in said and "id" in said:
                self._answer(said)
        raise self._gone("talks without answering")

    def _answer(self, said: Mapping[str, object]) -> None:
        self._answered += 1
        if self._answered > _ANSWERED:
            raise self._gone("keeps asking")
        number = said["id"] if isinstance(said["id"], int | str) else 0
        answer = {"result": {}} if said["method"] == "ping" else {"error": {"code": -32601, "message": "there is no such method"}}
        self._say({"jsonrpc": "2.0", "id": number if len(str(number)) < 100 else 0, **answer})

    def _next(self) -> dict[str, object]:
        try:
            line = self._lines.get(timeout=max(0.0, self._ends - time.monotonic()))
        except queue.Empty:
            raise self._gone("did not answer in time") from None
        if isinstance(line, str):
            raise self._gone(line)
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise self._gone("said what is no message")
        return said

    def _say(self, message: Mapping[str, object]) -> None:
        stream = self._running.process.stdin
        assert stream is not None
        try:
            stream.write(json.dumps(message).encode() + b"\n")
            stream.flush()
        except OSError:
            raise self._gone("ended") from None

    def _hear(self) -> None:
        stream, left = self._running.process.stdout, _MOST
        assert stream is not None
        try:
            while line := stream.readline(LONGEST + 1):
                left -= len(line)
                if len(line) > LONGEST or left < 0:
                    self._lines.put("said more than it may")
                    return
                self._lines.put(line)
        except (OSError, ValueError):  # it was stopped
            pass
        self._lines.put("ended")

    def _drain(self) -> None:
        """Reads away what it logs: a full pipe would stop it."""
        stream = self._running.process.stderr
        assert stream is not None
        try:
            while stream.read(1 << 16):
                pass
        except (OSError, ValueError):
            return

    def _gone(self, why: str) -> Exception:
        if self.is_doing:
            return Broken(f"{self._name} {why}")
        return TryAgainLater(f"the program {self._name} {why}", hint="see its own documentation; it runs without a network here")


@contextmanager
def _talking(server: Server) -> Iterator[_Talk]:
    """The server, running in its jail for the block. Raises NoJail, BadInput."""
    folder = Path(server.folder).expanduser() if server.folder else None
    reads = tuple(Path(path).expanduser() for path in server.reads)
    cell = jail.Cell(folder=folder, reads=reads, seconds=_STARTS + _SECONDS, memory=_MEMORY)
    with jail.start(server.command, cell) as running:
        talk = _Talk(server, running)
        talk.begin()
        yield talk


__all__ = ["Broken", "Tool", "declared", "deed", "tool", "tools"]
