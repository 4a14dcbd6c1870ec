"""``ownmind clients``: the programs that hold a key to this Ownmind, and what each may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from ...guard.clients import Added, Client, Scope
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, note, print_encoded, table

if TYPE_CHECKING:
    from ..attach import Face

What = Literal["list", "add", "revoke", "rename", "scopes", "footnotes"]
_SCOPES = ", ".join(Scope)
_HOW = "for example: ownmind clients add editor --scope talk --scope model"


def clients(
    what: Annotated[
        What,
        Parameter(help="list them; add one and show its key; revoke, rename; say its scopes anew; footnotes on or off under its answers."),
    ] = "list",
    /,
    *words: Annotated[str, Parameter(help="A name to add; else an id (k3), and a new name, scopes, or on and off.")],
    scope: Annotated[Sequence[Scope], Parameter(help=f"What it may do, once for each: {_SCOPES}.", negative="")] = (),
    everywhere: Everywhere = HERE,
) -> int:
    """Let other programs use your Ownmind: each with a key of its own, for what you choose.

    A key is shown once. What comes through it counts as text from outside, unless it has the scope own_words.

    Example: ownmind clients add "Open WebUI" --scope talk --scope model
    """
    with opened(everywhere) as face:
        found = _found(face, what, words, tuple(scope))
    if everywhere.json:
        print_encoded({"clients": found} if what == "list" else found)
        return 0
    if isinstance(found, Added):
        print(f"\n    {found.key}\n")
        note(f"The key of {clean(found.client.name)} ({found.client.id}). It is not shown again; whoever has it may do what it allows:")
        for each in found.client.scopes:
            note(f"  {each}: {each.says}")
    elif isinstance(found, Client):
        print(_line(found) if what != "revoke" else f"The key of {clean(found.name)} opens nothing any more.")
    elif not found:
        print(f"No program has a key. {_HOW[0].upper()}{_HOW[1:]}")
    else:
        _list(found)
    return 0


def _found(face: Face, what: What, words: tuple[str, ...], scopes: tuple[Scope, ...]) -> tuple[Client, ...] | Client | Added:
    match what, words:
        case "list", ():
            return face.clients.all()
        case "add", (_, *_):
            return face.clients.add(" ".join(words), scopes or (Scope.TALK,))
        case "revoke", (which,):
            return face.clients.revoke(which)
        case "rename", (which, _, *_):
            return face.clients.rename(which, " ".join(words[1:]))
        case "scopes", (which, *named) if named or scopes:
            return face.clients.scopes(which, (*scopes, *map(_scope, named)))
        case "footnotes", (which, ("on" | "off") as chosen):
            return face.clients.footnotes(which, chosen == "on")
    raise BadInput("that is not how it is said", hint=_HOW)


def _scope(word: str) -> Scope:
    try:
        return Scope(word)
    except ValueError as error:
        raise BadInput(f"there is no scope {word[:40]!r}", hint=f"one of: {_SCOPES}") from error


def _list(found: Sequence[Client]) -> None:
    rows = [
        [one.id, clean(one.name), ", ".join(one.scopes), f"{one.calls:,}", day(one.last_used) if one.last_used else "never"]
        for one in found
    ]
    for line in table([["id", "name", "scopes", "calls", "last used"], *rows]):
        print(line)


def _line(client: Client) -> str:
    return f"{bold(client.id)} {clean(client.name)}: {', '.join(client.scopes)}{', with footnotes' if client.footnotes else ''}"
