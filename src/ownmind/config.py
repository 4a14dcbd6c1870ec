"""What the person may set: one TOML file, one frozen value. The defaults work offline.

An unknown key is an error that lists the known ones: a typo that is silently ignored is a setting that never works.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .errors import BadInput


@dataclass(frozen=True, slots=True)
class Remote:
    """A chat model on another machine: any server that speaks the chat completions protocol. Its key is in the store, never here."""

    use: bool = False  # whether it answers; `ownmind brain use remote` sets it
    url: str = ""  # where its protocol begins, such as https://api.example.org/v1
    model: str = ""  # what it is called there
    price_in: float = -1.0  # what a million tokens sent cost; below 0: not known, and no permission with a cap lets anything go
    price_out: float = -1.0  # what a million tokens of answers cost, likewise
    currency: str = "USD"  # of both, and of the caps of permissions for it
    most_tokens: int = 1024  # of one answer


@dataclass(frozen=True, slots=True)
class Server:
    """An MCP server: a program of somebody else's, run in a jail without a network, or an address, asked by your consent (docs/mcp.md)."""

    name: str = ""  # yours for it: small letters, digits and -
    command: tuple[str, ...] = ()  # of a program: it and its words; a list
    folder: str = ""  # the one folder it may write to; it starts there
    reads: tuple[str, ...] = ()  # further files and folders it may read, at the same place inside: its interpreter, its code
    url: str = ""  # of a server elsewhere, in place of a command; the key it wants is in the store: `ownmind mcp key NAME`


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, with its default. The comment beside each is its help text."""

    host: str = "127.0.0.1"  # loopback only: anything else is refused
    port: int = 7717  # 0 picks a free one
    brain: str = "qwen2.5-coder-1.5b-instruct-q4_k_m"  # chat model: an id from the catalogue, or a path to a GGUF file
    too_large: bool = False  # load a chat model although this machine has not the memory for it
    embedder: str = "all-minilm-l6-v2-int8"  # an id from the catalogue
    threads: int = 0  # for the models; 0 means physical cores less one, at least 1
    name: str = ""  # what the companion calls you
    learn: bool = True  # learn facts in the background while idle
    fetch: bool = True  # fetch the starter models on the first start
    keep_sent: int = 90  # days the exact content of what left this machine is kept, to show it; 0 keeps none
    files: str = ""  # folder for files you ask it to save; empty means Ownmind in your home folder
    open_browser: bool = True  # open the page when `ownmind` starts
    remote: Remote = Remote()  # the table [remote]
    mcp: tuple[Server, ...] = ()  # the tables [[mcp]]


def read(path: Path) -> Config:
    """The settings in ``path``; the defaults when there is no such file. Raises BadInput for what it cannot accept."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot read {path}: {error}", hint="fix the file's permissions or its encoding (UTF-8)") from error
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and a number of five thousand digits
        raise BadInput(f"{path} is not TOML: {error}", hint="see docs/config.md for an example") from error
    return parse(values, where=str(path))


def parse(values: dict[str, object], *, where: str = "config") -> Config:
    """A Config from plain values; unknown keys and wrong types raise BadInput naming the known ones."""
    given = dict(values)
    if isinstance(table := given.get("remote"), dict):
        given["remote"] = _remote(table, f"{where}: [remote]")
    if isinstance(tables := given.get("mcp"), list):
        servers = tuple(_server(table, f"{where}: [[mcp]]") for table in tables)
        given["mcp"], names = servers, [server.name for server in servers]
        if len(set(names)) < len(names):
            raise BadInput(f"{where}: two [[mcp]] have one name", hint="give each its own")
    config = Config(**_checked(Config, given, where))  # type: ignore[arg-type]  # every key and type was checked
    if config.host not in ("127.0.0.1", "::1", "localhost"):
        raise BadInput(
            f"{where}: host {config.host!r} is not this machine", hint="Ownmind listens on loopback only: 127.0.0.1, ::1 or localhost"
        )
    if not 0 <= config.port <= 65535:
        raise BadInput(f"{where}: port {config.port} is not between 0 and 65535", hint="leave it out for 7717, or 0 for any free port")
    return config


def _remote(table: dict[str, object], where: str) -> Remote:
    """The table [remote]. A whole number is a price too."""
    prices = {key: float(value) for key, value in table.items() if key.startswith("price_") and type(value) is int and abs(value) < 1e9}
    remote = Remote(**_checked(Remote, {**table, **prices}, where))  # type: ignore[arg-type]  # every key and type was checked
    if not (math.isfinite(remote.price_in) and math.isfinite(remote.price_out)):
        raise BadInput(f"{where}: a price must be a number", hint="the price of a million tokens, such as price_in = 0.5")
    if not 1 <= remote.most_tokens <= 1_000_000:
        raise BadInput(f"{where}: most_tokens {remote.most_tokens} is not between 1 and 1000000", hint="leave it out for 1024")
    return remote


def _server(table: object, where: str) -> Server:
    """One table [[mcp]]."""
    if not isinstance(table, dict):
        raise BadInput(f"{where}: that is no table", hint="see docs/mcp.md for an example")
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list) and all(isinstance(each, str) for each in value)}
    server = Server(**_checked(Server, {**table, **lists}, where))  # type: ignore[arg-type]  # every key and type was checked
    return as_server(server, where)


def as_server(server: Server, where: str) -> Server:
    """The same, when it can be one. Raises BadInput."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", server.name):
        raise BadInput(f"{where}: {server.name!r} is no name", hint='small letters, digits and -, such as name = "calendar"')
    if server.url and (server.command or server.folder or server.reads):
        raise BadInput(f"{where}: {server.name} is a program and an address", hint="give it a command, or a url and nothing else")
    if not server.url and (not server.command or not all(server.command)):
        raise BadInput(f"{where}: {server.name} has no command", hint='such as command = ["python3", "server.py"], or a url')
    return server


def _checked(of: type[Config | Remote | Server], values: dict[str, object], where: str) -> dict[str, object]:
    """``values``, every key one of ``of`` and of its default's type. Raises BadInput."""
    known = {field.name: field for field in dataclasses.fields(of)}
    for key, value in values.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise BadInput(f"{where}: unknown key {key!r}", hint=f"{hint}known keys: {', '.join(known)}")
        default = known[key].default
        if type(value) is not type(default):
            is_table = isinstance(default, Remote)
            raise BadInput(
                f"{where}: {key} must be {'a table' if is_table else type(default).__name__}, not {type(value).__name__}",
                hint=f"example: {'[remote]' if is_table else f'{key} = {_toml(default)}'}",
            )
    return values


def write(path: Path, key: str, value: str | bool | float) -> None:
    """Sets one key in the file at ``path``; everything else in it, comments too, stays. Whole or not at all. ``key`` is "brain", or
    "remote.url" for one of a table. Raises BadInput."""
    read(path)  # a file that is wrong already is not made worse
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    table, _, name = key.rpartition(".")
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"  # a JSON string, number or truth is TOML's too
    lines = text.splitlines()
    heads = [place for place, old in enumerate(lines) if old.lstrip().startswith("[")]
    if table and (begins := next((place for place in heads if re.match(rf"\s*\[\s*{table}\s*\]", lines[place])), None)) is None:
        lines += ["", f"[{table}]", line] if lines else [f"[{table}]", line]
    else:
        start = begins + 1 if table and begins is not None else 0
        end = next((place for place in heads if place >= start), len(lines))  # the table's end, or where the first one begins
        place = next((n for n in range(start, end) if re.match(rf"\s*{re.escape(name)}\s*=", lines[n])), None)
        if place is None:
            lines.insert(end, line)
        else:
            lines[place] = line
    made = "\n".join(lines) + "\n"
    parse(tomllib.loads(made), where=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(made, encoding="utf-8")
    fresh.replace(path)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
