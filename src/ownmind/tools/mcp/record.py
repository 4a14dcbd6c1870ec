"""What is kept of each MCP server: who was added, what was allowed of it, and its key; in the encrypted store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...config import Server
from ...store.settings import Settings

_SERVERS = "mcp: servers"  # no server has such a name
_NAMED_FILES = 2_000  # more than these are pinned together, not told one by one


@dataclass(frozen=True, slots=True)
class Record:
    """What is allowed of one server. ``pin``: its files together, as they were allowed; ``effects``: what the person said of a tool, by
    its seal; ``was``: definitions allowed before they changed, by the tool's name."""

    pin: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    effects: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> Record:
        """Each definition once, and file by file only what can be told."""
        return replace(self, allowed=tuple(dict.fromkeys(self.allowed)), files=self.files if len(self.files) <= _NAMED_FILES else {})


class Records:
    """The records of one home, in ``settings``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get(self, server: str) -> Record:
        said = json.loads(self._settings.get(f"mcp {server}", "{}"))
        if isinstance(said, list):  # kept before programs were pinned: to be asked about again
            return Record(allowed=tuple(one for one in said if isinstance(one, str)))
        return Record(
            said.get("pin", ""), said.get("files", {}), tuple(said.get("allowed", ())), said.get("effects", {}), said.get("was", {})
        )

    def put(self, server: str, record: Record) -> None:
        said = {"pin": record.pin, "files": record.files, "allowed": record.allowed, "effects": record.effects, "was": record.was}
        self._settings.set(f"mcp {server}", json.dumps(said))

    def servers(self) -> tuple[Server, ...]:
        """Those that were added, in order."""
        said = json.loads(self._settings.get(_SERVERS, "[]"))
        return tuple(Server(one["name"], tuple(one["command"]), one["folder"], tuple(one["reads"]), one["url"]) for one in said)

    def add(self, server: Server) -> None:
        self._keep((*self.servers(), server))

    def remove(self, server: str) -> None:
        self._keep(tuple(one for one in self.servers() if one.name != server))
        for key in (f"mcp {server}", f"mcp: key {server}"):
            self._settings.remove(key)

    def key(self, server: str) -> str:
        return self._settings.get(f"mcp: key {server}")

    def set_key(self, server: str, key: str) -> None:
        if key:
            self._settings.set(f"mcp: key {server}", key)
        else:
            self._settings.remove(f"mcp: key {server}")

    def _keep(self, servers: tuple[Server, ...]) -> None:
        said = [{"name": one.name, "command": one.command, "folder": one.folder, "reads": one.reads, "url": one.url} for one in servers]
        self._settings.set(_SERVERS, json.dumps(said))
