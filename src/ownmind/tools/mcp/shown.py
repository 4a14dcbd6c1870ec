"""MCP servers and their tools as a person sees them: what every channel shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ...config import Server
from ...guard.declared import Effect
from ...messages import Action
from .address import destination
from .definition import Tool, difference
from .record import Record


@dataclass(frozen=True, slots=True)
class Seen:
    """What a server said when it was last asked in this process."""

    at: datetime
    tools: tuple[Tool, ...] = ()
    refused: tuple[str, ...] = ()  # tools that cannot be used, and why
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ServerShown:
    """An MCP server as a person sees it. ``state``: new (not asked yet), ready, changed (its files are not those that were allowed),
    wrong (``wrong`` says why)."""

    name: str
    kind: str  # program, address
    where: str  # its command, or its address
    state: str
    wrong: str = ""
    tools: int = 0
    allowed: int = 0
    waiting: int = 0  # questions that wait for the person
    refused: tuple[str, ...] = ()  # tools that cannot be used, and why
    folder: str = ""
    reads: tuple[str, ...] = ()
    destination: str = ""  # as permissions name it; "" for a program
    has_key: bool = False
    is_set: bool = False  # it stands in config.toml, and is taken away there
    files: int = 0  # of the program, that are pinned
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Takes:
    """A parameter of a tool. ``type``: text, number, bool or object; ``schema``: the JSON of an object's."""

    name: str
    type: str
    is_list: bool = False
    schema: str = ""


@dataclass(frozen=True, slots=True)
class ToolShown:
    """A tool as a person sees it; its words are the server's. ``state``: allowed, waiting (``action`` is the card), offered. ``effect``:
    what it is taken for: sends, writes or reads. ``claims``: what the server says of it, which decides nothing."""

    server: str
    name: str
    title: str
    description: str
    state: str
    effect: str
    takes: tuple[Takes, ...]
    claims: tuple[str, ...] = ()
    changed: str = ""  # lines that differ from what was allowed before, - and +
    action: str = ""
    definition: str = ""
    seal: str = ""


def server_shown(
    server: Server, record: Record, seen: Seen | None, waiting: int, *, is_changed: bool, has_key: bool, is_set: bool
) -> ServerShown:
    """``waiting``: questions about it; ``is_changed``: one of them is about its files."""
    wrong = seen.wrong if seen else ""
    return ServerShown(
        server.name,
        "address" if server.url else "program",
        server.url or " ".join(server.command),
        "changed" if is_changed else "wrong" if wrong else "ready" if seen else "new",
        wrong,
        len(seen.tools) if seen and seen.tools else len(record.allowed),
        len(record.allowed),
        waiting,
        seen.refused if seen else (),
        server.folder,
        server.reads,
        destination(server.url) if server.url else "",
        has_key,
        is_set,
        len(record.files),
        seen.at if seen else None,
    )


def tool_shown(one: Tool, record: Record, card: Action | None) -> ToolShown:
    """``card``: the question about it that waits."""
    takes = tuple(Takes(name, str(kind), name in one.lists) for name, kind in one.parameters.items() if name not in one.objects)
    takes += tuple(Takes(name, "object", name in one.lists, json.dumps(schema)) for name, schema in one.objects.items())
    is_allowed, was = one.definition in record.allowed, record.was.get(one.name)
    return ToolShown(
        one.server,
        one.name,
        one.title,
        one.description,
        "allowed" if is_allowed else "waiting" if card else "offered",
        record.effects.get(one.seal, Effect.SENDS.value),
        takes,
        one.claims,
        difference(was, one.definition) if was and not is_allowed else "",
        card.id if card else "",
        one.definition,
        one.seal,
    )
