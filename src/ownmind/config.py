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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import BadInput

BEYOND = "Ownmind listens on loopback only: 127.0.0.1, ::1 or localhost. For a phone: `ownmind devices pair` (docs/devices.md)"


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody elsewhere who lends a chat model (docs/providers.md). The key is in the store, never here."""

    name: str = ""  # yours for it: small letters, digits and -
    kind: str = "compatible"  # openai, anthropic, google, mistral, openrouter, or compatible: any server that speaks chat completions
    url: str = ""  # where its protocol begins, such as https://api.example.org/v1; empty: where its kind is
    model: str = ""  # what the model is called there
    price_in: float = -1.0  # what a million tokens sent cost; below 0: what our table says, if it does
    price_out: float = -1.0  # what a million tokens of answers cost, likewise
    currency: str = "USD"  # of both, and of the caps
    most_tokens: int = 0  # of one answer; 0: what is usual for its kind
    cap: float = -1.0  # the most it may cost in a month; below 0: without an end


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the rule that says who answers what; the first that fits is taken. Nothing fits: the brain here."""

    task: str = "everything"  # talk, remembered, write, summarise, translate, explain, code, plan, or everything
    to: str = "local"  # the name of a provider, or local
    when: str = ""  # long, short, private or general; empty: always
    model: str = ""  # another model of that provider than its own


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
    devices_port: int = 7718  # where paired devices reach this machine (docs/devices.md); 0 picks a free one
    brain: str = "qwen2.5-coder-1.5b-instruct-q4_k_m"  # chat model: an id from the catalogue, or a path to a GGUF file
    too_large: bool = False  # load a chat model although this machine has not the memory for it
    embedder: str = "all-minilm-l6-v2-int8"  # an id from the catalogue
    threads: int = 0  # for the models; 0 means physical cores less one, at least 1
    gpu: str = "auto"  # auto: the chat model uses a graphics processor where there is one with room; off: never
    name: str = ""  # what the companion calls you
    learn: bool = True  # learn facts in the background while idle
    fetch: bool = True  # fetch the starter models on the first start
    keep_sent: int = 90  # days the exact content of what left this machine is kept, to show it; 0 keeps none
    files: str = ""  # folder for files you ask it to save; empty means Ownmind in your home folder
    trace_contents: bool = False  # keep the times of a turn with the words they were spent on
    open_browser: bool = True  # open the page when `ownmind` starts
    monthly_cap: float = -1.0  # the most all providers together may cost in a month; below 0: without an end
    provider: tuple[Provider, ...] = ()  # the tables [[provider]]
    route: tuple[Route, ...] = ()  # the tables [[route]], read from top to bottom
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
    if isinstance(table := given.pop("remote", None), dict):  # one provider was all there could be, before they had names
        _from_remote(table, given, f"{where}: [remote]")
    if isinstance(tables := given.get("provider"), list):
        providers = tuple(_provider(table, f"{where}: [[provider]]") for table in tables)
        given["provider"] = providers
        _distinct([one.name for one in providers], f"{where}: two [[provider]]")
    if isinstance(tables := given.get("route"), list):
        given["route"] = tuple(_route(table, f"{where}: [[route]]") for table in tables)
    if isinstance(tables := given.get("mcp"), list):
        servers = tuple(_server(table, f"{where}: [[mcp]]") for table in tables)
        given["mcp"] = servers
        _distinct([server.name for server in servers], f"{where}: two [[mcp]]")
    config = Config(**_checked(Config, given, where))  # type: ignore[arg-type]  # every key and type was checked
    if config.host not in ("127.0.0.1", "::1", "localhost"):
        raise BadInput(f"{where}: host {config.host!r} is not this machine", hint=BEYOND)
    for name, usual in (("port", 7717), ("devices_port", 7718)):
        if not 0 <= getattr(config, name) <= 65535:
            said = f"{where}: {name} {getattr(config, name)} is not between 0 and 65535"
            raise BadInput(said, hint=f"leave it out for {usual}, or 0 for any free port")
    if config.gpu not in ("auto", "off"):
        raise BadInput(f"{where}: gpu {config.gpu!r} is neither auto nor off", hint="leave it out for auto")
    return config


def _provider(table: object, where: str) -> Provider:
    """One table [[provider]]. A whole number is a price too."""
    if not isinstance(table, dict):
        raise BadInput(f"{where}: that is no table", hint="see docs/providers.md for an example")
    amounts = {key: float(value) for key, value in table.items() if key in _AMOUNTS and type(value) is int and abs(value) < 1e9}
    provider = Provider(**_checked(Provider, {**table, **amounts}, where))  # type: ignore[arg-type]  # every key and type was checked
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", provider.name) or provider.name in ("local", "everything"):
        raise BadInput(f"{where}: {provider.name!r} is no name for a provider", hint='small letters, digits and -, such as name = "work"')
    if not all(math.isfinite(getattr(provider, key)) for key in _AMOUNTS):
        raise BadInput(f"{where}: a price must be a number", hint="the price of a million tokens, such as price_in = 0.5")
    if not 0 <= provider.most_tokens <= 1_000_000:
        raise BadInput(f"{where}: most_tokens {provider.most_tokens} is not between 0 and 1000000", hint="leave it out")
    return provider


_AMOUNTS = ("price_in", "price_out", "cap")


def _route(table: object, where: str) -> Route:
    """One table [[route]]. What its words mean is checked where the rule is read (agent/remote/rules.py)."""
    if not isinstance(table, dict):
        raise BadInput(f"{where}: that is no table", hint="see docs/providers.md for an example")
    return Route(**_checked(Route, table, where))  # type: ignore[arg-type]  # every key and type was checked


def _from_remote(table: dict[str, object], given: dict[str, object], where: str) -> None:
    """The table [remote] of earlier versions, as the provider and the rule it stood for. ``config.tables`` writes them so."""
    held = dict(table)
    is_used = held.pop("use", False)
    if held.get("url"):
        given["provider"] = [*_listed(given.get("provider")), {"name": "remote", **held}]
        if is_used is True:
            given["route"] = [*_listed(given.get("route")), {"to": "remote"}]
    else:
        _provider({"name": "remote", **held}, where)  # a mistake in it is still said


def _listed(tables: object) -> list[object]:
    return tables if isinstance(tables, list) else []


def _distinct(names: list[str], where: str) -> None:
    if len(set(names)) < len(names):
        raise BadInput(f"{where} have one name", hint="give each its own")


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


def _checked(of: type[Config | Provider | Route | Server], values: dict[str, object], where: str) -> dict[str, object]:
    """``values``, every key one of ``of`` and of its default's type. Raises BadInput."""
    known = {field.name: field for field in dataclasses.fields(of)}
    for key, value in values.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise BadInput(f"{where}: unknown key {key!r}", hint=f"{hint}known keys: {', '.join(known)}")
        default = known[key].default
        if type(value) is not type(default):
            are_tables = isinstance(default, tuple)
            raise BadInput(
                f"{where}: {key} must be {'tables' if are_tables else type(default).__name__}, not {type(value).__name__}",
                hint=f"example: {f'[[{key}]]' if are_tables else f'{key} = {_toml(default)}'}",
            )
    return values


def write(path: Path, key: str, value: str | bool | float) -> None:
    """Sets one key in the file at ``path``; everything else in it, comments too, stays. Whole or not at all. Raises BadInput."""
    lines = _lines(path)
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"  # a JSON string, number or truth is TOML's too
    end = next((place for place, old in enumerate(lines) if _HEAD.match(old)), len(lines))  # where the first table begins
    place = next((n for n in range(end) if re.match(rf"\s*{re.escape(key)}\s*=", lines[n])), None)
    if place is None:
        lines.insert(end, line)
    else:
        lines[place] = line
    _replace(path, lines)


_HEAD = re.compile(r"\s*\[+\s*([\w.-]+)\s*\]+")


def write_tables(path: Path, **tables: Sequence[Provider | Route]) -> None:
    """Sets all tables of these names, such as ``route=(...)``, in the file at ``path``; everything else in it stays. Keys at their default
    are left out. Whole or not at all. Raises BadInput."""
    kept: list[str] = []
    is_replaced = False
    for line in _lines(path):
        if head := _HEAD.match(line):
            is_replaced = head[1] in tables or head[1] == "remote"  # the one of earlier versions is among them by now
        if not is_replaced:
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    for name, rows in tables.items():
        for row in rows:
            held = {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
            said = {key: value for key, value in held.items() if value != getattr(type(row)(), key) or key in ("name", "task", "to")}
            kept += ["", f"[[{name}]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())]
    _replace(path, kept)


def _lines(path: Path) -> list[str]:
    """The lines of the file at ``path``. One that is wrong already is not made worse: BadInput."""
    read(path)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _replace(path: Path, lines: Sequence[str]) -> None:
    made = "\n".join(lines).lstrip("\n") + "\n"
    parse(tomllib.loads(made), where=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(made, encoding="utf-8")
    fresh.replace(path)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
