"""Asking an MCP server: JSON-RPC 2.0 with everything it says bounded before anybody parses it (modelcontextprotocol.io, 2025-11-25).

Spoken here and not by the protocol's own SDK, whose client reads a line, an event or a body of any length, keeps its session alive in
tasks of its own and answers what a server asks of it; here a hostile server gets so many bytes, messages and seconds, and no answer
but that there is no such method. The wires (a jailed program, an address) bound bytes; the talk bounds messages and time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Protocol

from ... import __version__
from ...errors import BadInput, TryAgainLater
from .definition import Tool, tool

PROTOCOL = "2025-11-25"
_SPOKEN = frozenset({"2024-11-05", "2025-03-26", "2025-06-18", PROTOCOL})  # what we ask is the same in all of them
LONGEST = 1 << 20  # bytes of one message
MOST = 4 << 20  # bytes of everything a server says in one use
SECONDS = 45.0  # of one use
_MESSAGES = 200  # of one use
_ANSWERED = 20  # requests of the server's that are answered
_TOOLS = 64
_KEPT = 64 << 10  # characters of an answer


class Broken(Exception):
    """The server ended, or said what is no answer, after it was asked to do something: nobody knows what it did."""


class Lost(Exception):
    """Why a wire has no more to give, in words that go on from the server's name."""


class Wire(Protocol):
    """What carries messages to one server and back. Raises Lost, and what the door raises when nothing may go."""

    def say(self, message: bytes, *, is_asking: bool) -> None:
        """Sends one message. ``is_asking``: an answer comes, by `next`."""

    def next(self, until: float) -> bytes:
        """The next message; ``until``: a moment of `time.monotonic`."""

    def agreed(self, version: str) -> None:
        """Which version of the protocol is spoken from now on."""

    def fresh(self, purpose: str) -> None:
        """Another use begins: its bytes are counted anew. ``purpose``: of its way out, where there is one."""

    def close(self) -> None: ...


class Talk:
    """A running server. While ``is_doing``, whatever goes wrong leaves open what it did (Broken)."""

    def __init__(self, name: str, wire: Wire, hint: str = "see its own documentation") -> None:
        self._name, self._wire, self._hint = name, wire, hint
        self._number = self._answered = self._heard = 0
        self._ends = time.monotonic() + SECONDS
        self.is_doing = False

    def begin(self) -> None:
        about = {"name": "ownmind", "version": __version__}
        said = self.ask("initialize", {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": about})
        version = said.get("protocolVersion")
        if not isinstance(version, str) or version not in _SPOKEN:
            raise self._gone("speaks another version of the protocol")
        self._wire.agreed(version)
        self._say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def fresh(self, purpose: str) -> None:
        """Another use of the same session begins, with its own bounds."""
        self._ends, self._answered, self._heard, self.is_doing = time.monotonic() + SECONDS, 0, 0, False
        self._wire.fresh(purpose)

    def ask(self, method: str, params: Mapping[str, object]) -> dict[str, object]:
        """Its answer. Raises TryAgainLater, or Broken while it is doing something."""
        self._number += 1
        self._say({"jsonrpc": "2.0", "id": self._number, "method": method, "params": dict(params)}, is_asking=True)
        while self._heard < _MESSAGES:
            self._heard += 1
            said = self._next()
            if said.get("id") == self._number and "method" not in said:
                result = said.get("result")
                if isinstance(result, dict):
                    return result
                raise self._gone("said that it cannot do that")
            if "method" in said and "id" in said:
                self._answer(said)
        raise self._gone("talks without answering")

    def close(self) -> None:
        self._wire.close()

    @classmethod
    def begun(cls, name: str, wire: Wire, hint: str) -> Talk:
        """A talk after its handshake; whatever goes wrong closes the wire."""
        talk = cls(name, wire, hint)
        try:
            talk.begin()
        except BaseException:
            wire.close()
            raise
        return talk

    def _answer(self, said: Mapping[str, object]) -> None:
        self._answered += 1
        if self._answered > _ANSWERED:
            raise self._gone("keeps asking")
        number = said["id"] if isinstance(said["id"], int | str) else 0
        answer = {"result": {}} if said["method"] == "ping" else {"error": {"code": -32601, "message": "there is no such method"}}
        self._say({"jsonrpc": "2.0", "id": number if len(str(number)) < 100 else 0, **answer})

    def _next(self) -> dict[str, object]:
        try:
            message = self._wire.next(self._ends)
        except Lost as lost:
            raise self._gone(str(lost)) from None
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise self._gone("said what is no message")
        return said

    def _say(self, message: Mapping[str, object], *, is_asking: bool = False) -> None:
        try:
            self._wire.say(json.dumps(message).encode(), is_asking=is_asking)
        except Lost as lost:
            raise self._gone(str(lost)) from None

    def _gone(self, why: str) -> Exception:
        if self.is_doing:
            return Broken(f"{self._name} {why}")
        return TryAgainLater(f"{self._name} {why}", hint=self._hint)


def listed(name: str, talk: Talk) -> tuple[list[Tool], list[str]]:
    """The tools the server offers now, and why others of it cannot be used."""
    found, refused, cursor = list[Tool](), list[str](), ""
    while len(found) + len(refused) < _TOOLS:
        said = talk.ask("tools/list", {"cursor": cursor} if cursor else {})
        offered = said.get("tools")
        for each in offered[:_TOOLS] if isinstance(offered, list) else []:
            try:
                found.append(tool(name, json.dumps(each, sort_keys=True, ensure_ascii=False)))
            except BadInput as error:
                refused.append(error.message)
        following = said.get("nextCursor")
        if not isinstance(following, str) or not following:
            break
        cursor = following[:1000]
    return [one for one in found if [each.deed for each in found].count(one.deed) == 1], refused


def told(said: Mapping[str, object]) -> tuple[str, bool]:
    """The words of an answer, and whether it says that it failed."""
    content, held = said.get("content"), said.get("structuredContent")
    parts = []
    for part in content if isinstance(content, list) else []:
        text = part.get("text") if isinstance(part, dict) and part.get("type") == "text" else None
        parts.append(text if isinstance(text, str) else "[something that is no text]")
    if not parts and isinstance(held, dict):
        parts.append(json.dumps(held, ensure_ascii=False))
    words = "\n".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return words[:_KEPT], said.get("isError") is True
