"""``ownmind search``: which search server the web is asked through, and a search from the terminal."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from ...messages import ActionState
from . import approvals
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, print_encoded, print_json, slowly

if TYPE_CHECKING:
    from ...tools.search import Engine
    from ..attach import Face


def search(
    what: Annotated[
        Literal["show", "set", "key", "off", "for"],
        Parameter(help="show where searches go; set the server; give its key; switch it off; search for words."),
    ] = "show",
    /,
    *words: Annotated[str, Parameter(help="To set: its address, with {query} where the words go. For: the words.")],
    results: Annotated[str, Parameter(help="Where the list stands in its answer, such as web.results.")] = "results",
    title: Annotated[str, Parameter(help="The field of a result with its title.")] = "title",
    link: Annotated[str, Parameter(help="The field with its address.")] = "url",
    excerpt: Annotated[str, Parameter(help="The field with words of the page.")] = "content",
    header: Annotated[str, Parameter(help="The header its key goes in, where it wants one.")] = "",
    everywhere: Everywhere = HERE,
) -> int:
    """Search the web through a server you choose: a SearXNG, or any other that answers with JSON. None is built in.

    Before the first search you are asked. In a talk: "search the web for ...". What is found is remembered as words from outside, each
    with its address. A key is asked for, or read from standard input, and kept in the encrypted store.

    Example: ownmind search set https://searx.example.org
    """
    with opened(everywhere) as face:
        match what, words:
            case "show", ():
                return _show(face.search.engine(), as_json=everywhere.json)
            case "set", (url,):
                return _show(face.search.set(url, results, title, link, excerpt, header), as_json=everywhere.json)
            case "key", ():
                has_key = face.search.key(_key())
                print_json({"key": has_key}) if everywhere.json else print("Its key is kept." if has_key else "It has no key now.")
                return 0
            case "off", ():
                was = face.search.forget()
                print_json({"was_set": was}) if everywhere.json else print("Searches go nowhere now.")
                return 0
            case "for", (_, *_):
                return _ask(face, " ".join(words), as_json=everywhere.json)
    raise BadInput("that is not how it is said", hint="ownmind search; search set URL; search key; search off; search for WORDS")


def _show(engine: Engine | None, *, as_json: bool) -> int:
    if as_json:
        print_encoded({"engine": engine})
    elif engine is None:
        print("No search server is set. One of your own, or one you trust: ownmind search set https://searx.example.org")
    else:
        print(f"Searches go to {bold(clean(engine.host))} ({clean(engine.url)}), after your yes.")
    return 0


def _ask(face: Face, words: str, *, as_json: bool) -> int:
    with slowly("asking the search server"):
        action = face.search.ask(words)
    if as_json:
        print_encoded(action)
    elif action.state is ActionState.WAITING and sys.stdin.isatty():
        approvals.ask(face, [action])
    elif action.state is ActionState.WAITING:
        approvals.show(action)
        print(dim(f"It waits: ownmind approvals allow {action.id}"))
    else:
        print(clean(action.outcome))
    return 1 if action.state in (ActionState.FAILED, ActionState.UNKNOWN) else 0


def _key() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Its key (not shown; empty takes it away): ").strip()
    return sys.stdin.readline().strip()
