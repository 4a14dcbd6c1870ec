"""``ownmind mcp``: programs and addresses of others that offer tools; and Ownmind itself as a server for programs of yours."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, joined, one_line, print_encoded, print_json, slowly

if TYPE_CHECKING:
    from ...tools.offered import ServerShown, ToolShown

_NONE = "No server of others is here. Add one: ownmind mcp add NAME https://tools.example.org/mcp, or a table [[mcp]] in config.toml"
_HOW = "ownmind mcp add NAME URL, or NAME -- PROGRAM WORDS; mcp remove|tools|refresh|key NAME; mcp effect NAME TOOL reads; mcp serve"


def mcp(
    what: Annotated[
        Literal["list", "add", "remove", "tools", "refresh", "key", "effect", "disallow", "serve"],
        Parameter(
            help="list servers; add one; remove it; show its tools; ask it anew; give its key; say what a tool does; take a tool away; "
            "serve your memory to a program of yours, over standard input and output."
        ),
    ] = "list",
    /,
    *words: Annotated[
        str, Parameter(help="The server; to add: also its address, or after -- the program and its words.", allow_leading_hyphen=True)
    ],
    folder: Annotated[str, Parameter(help="To add a program: the one folder it may write to.")] = "",
    reads: Annotated[tuple[str, ...], Parameter(help="To add a program: what else it may read.", negative="")] = (),
    client: Annotated[str, Parameter(help="To serve: the client of yours that asks (see ownmind clients).")] = "",
    key_file: Annotated[Path | None, Parameter(help="To serve: a file with that client's key.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """Use tools that programs and addresses of others offer, and serve your memory to programs of yours.

    Each tool waits for your yes, with its definition; a program runs in a jail without a network, an address is asked by your consent.

    Example: ownmind mcp add weather https://tools.example.org/mcp
    """
    if what == "serve":
        from .serving import serve

        return serve(client=client, key_file=key_file, everywhere=everywhere)
    with opened(everywhere) as face:
        match what, words:
            case "list", ():
                return _servers(face.mcp.servers(), as_json=everywhere.json)
            case "add", (name, url) if "://" in url and not folder and not reads:
                with slowly("asking the server"):
                    return _servers((face.mcp.add(name, url),), as_json=everywhere.json)
            case "add", (name, *command) if command:
                with slowly("asking the program"):
                    return _servers((face.mcp.add_program(name, tuple(command), folder, reads),), as_json=everywhere.json)
            case "remove", (name,):
                gone = face.mcp.remove(name)
                print_json({"server": name, "allowed": gone}) if everywhere.json else print(f"{clean(name)} is gone, with {gone} tools.")
                return 0
            case "tools", (name,):
                return _tools(face.mcp.tools(name), as_json=everywhere.json)
            case "refresh", (name,):
                with slowly("asking the server"):
                    return _servers((face.mcp.refresh(name),), as_json=everywhere.json)
            case "key", (name,):
                return _servers((face.mcp.set_key(name, _key()),), as_json=everywhere.json)
            case "effect", (name, tool, effect):
                return _tools((face.mcp.set_effect(name, tool, effect),), as_json=everywhere.json)
            case "disallow", (name, tool):
                return _tools((face.mcp.disallow(name, tool),), as_json=everywhere.json)
    raise BadInput("that is not how it is said", hint=_HOW)


def _servers(found: Sequence[ServerShown], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"servers": found})
        return 0
    for one in found:
        counts = joined(f"{one.allowed} allowed", f"{one.waiting} waiting" if one.waiting else "", "with a key" if one.has_key else "")
        print(f"{bold(clean(one.name))}  {joined(one_line(one.where, 80), one.state, counts)}")
        for said in (one.wrong, *one.refused):
            if said:
                print(f"  {clean(one_line(said, 300))}")
    if any(one.waiting for one in found):
        print(dim("What waits: ownmind approvals"))
    if not found:
        print(_NONE)
    return 0


def _tools(found: Sequence[ToolShown], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"tools": found})
        return 0
    for one in found:
        takes = ", ".join(f"{each.name} ({each.type}{' list' if each.is_list else ''})" for each in one.takes)
        print(f"{bold(clean(one.name))}  {joined(one.state, one.action, f'taken for: {one.effect}')}")
        print(f"  it says: {one_line(one.description, 200) or '(nothing)'}")
        if one.claims:
            print(f"  it claims: {', '.join(one.claims)}")
        if takes:
            print(f"  takes: {clean(takes)}")
        for line in one.changed.splitlines():
            print(f"    {clean(line)}")
    if not found:
        print("It was not asked yet, or offers nothing: ownmind mcp refresh NAME")
    return 0


def _key() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Its key (not shown, empty takes it away): ").strip()
    return sys.stdin.readline().strip()
