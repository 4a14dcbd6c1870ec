"""``ownmind skills``: what it can do by a SKILL.md; look at one before it is let in, install, run, take it away."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from ...messages import Action
from ...skills.asked import Asked, Change
from ...skills.book import Look, Ran, Skill
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, one_line, print_encoded, print_json, slowly, where

if TYPE_CHECKING:
    from ..attach import Face

What = Literal["list", "show", "look", "install", "update", "changes", "remove", "on", "off", "run", "export"]
_WANTS: dict[str, tuple[int, str]] = {
    "show": (1, "for example: ownmind skills show quiz-me"),
    "look": (1, "for example: ownmind skills look ./my-skill"),
    "install": (1, "for example: ownmind skills install ./my-skill"),
    "update": (1, "for example: ownmind skills update ./my-skill"),
    "changes": (1, "for example: ownmind skills changes my-skill"),
    "remove": (1, "for example: ownmind skills remove my-skill"),
    "on": (1, "for example: ownmind skills on quiz-me"),
    "off": (1, "for example: ownmind skills off quiz-me"),
    "run": (1, 'for example: ownmind skills run summarise-document "the lease"'),
    "export": (2, "for example: ownmind skills export quiz-me ./skills"),
}
_MOST_PIPED = 1 << 20  # characters of material on stdin


def skills(
    what: Annotated[
        What,
        Parameter(
            help="list them; show one; look at one before it is installed; install, update (from a folder, .zip or .tar.gz) and the "
            "changes that wait; remove; switch on or off; run; export as a folder."
        ),
    ] = "list",
    /,
    *words: Annotated[str, Parameter(help="A name and what you want; or a path.")],
    file: Annotated[Path | None, Parameter(help="Material for a run: a text file; - for what is piped in.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """Show what Ownmind can do by a SKILL.md, and install others.

    Nothing of another's runs before you said yes to what it asks for: `ownmind approvals`.

    Example: ownmind skills run quiz-me "the first aid course"
    """
    need, hint = _WANTS.get(what, (0, ""))
    if len(words) < need:
        raise BadInput(f"{what} which?", hint=hint)
    if what in ("look", "install", "update"):
        words = (str(Path(" ".join(words)).expanduser().absolute()),)
    elif what == "export":
        words = (words[0], str(Path(" ".join(words[1:])).expanduser().absolute()))
    elif what == "run":
        words = (words[0], " ".join(words[1:]), _material(file))
    elif len(words) > need:
        raise BadInput(f"{what} takes no {words[-1]!r}", hint="see `ownmind skills --help`")
    with opened(everywhere) as face, slowly("at work"):
        found = _found(face, what, words)
    if everywhere.json:
        if isinstance(found, tuple):
            print_encoded({"skills": found})
        elif found is None or isinstance(found, str):
            print_json({"done": what, "path": found or ""})
        else:
            print_encoded(found)
    else:
        _show(what, words, found)
    return 1 if isinstance(found, Ran) and not found.known else 0


def _found(face: Face, what: What, words: Sequence[str]) -> object:
    book = face.skills
    match what:
        case "list":
            return book.all()
        case "show":
            return book.get(words[0])
        case "look":
            return book.look(words[0])
        case "install":
            return book.install(words[0])
        case "update":
            return book.update(words[0])
        case "changes":
            return book.changes(words[0])
        case "remove":
            book.remove(words[0])
            return None
        case "on" | "off":
            return book.enable(words[0], what == "on")
        case "run":
            return book.run(*words)
        case "export":
            return book.export(words[0], words[1])


def _material(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return sys.stdin.read(_MOST_PIPED) if str(file) == "-" else file.read_text("utf-8")[:_MOST_PIPED]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read as text", hint="`ownmind import` reads PDF, Word and web pages") from error


def _show(what: What, words: Sequence[str], found: object) -> None:
    match found:
        case tuple():
            for one in found:
                print(f"{bold(one.name):<24} {_state(one):<9} {one_line(one.description, 110)}")
        case Skill():
            _skill(found)
        case Look():
            _skill(found.skill)
            if found.is_known:
                print("Exactly this is installed already.")
            elif found.change is not None:
                _change(found.change)
        case Change():
            _change(found)
        case Action():
            print(clean(found.words))
            print(f"This waits for your yes: ownmind approvals allow {found.id}")
        case Ran():
            print(clean(found.text))
            for cited in found.sources:
                print(dim(f"    ← {one_line(cited.quote)}  {where(cited.source, cited.title, cited.page)}"))
            for warning in found.warnings:
                print(dim(clean(f"({warning})"))) if warning not in found.text else None
        case str():
            print(clean(found))
        case None:
            print(f"{clean(words[0])} is removed, and its files are shredded.")


def _state(one: Skill) -> str:
    return "waiting" if one.state == "waiting" else one.state if one.is_on or one.state in ("new", "update") else "off"


def _skill(one: Skill) -> None:
    print(f"{bold(one.name)}  ({_state(one)}{f', version {clean(one.version)}' if one.version else ''})")
    print(f"    {clean(one.description)}")
    _asked("It may", [each for each in one.asks if each.given])
    _asked("It asks for, and is not given", [each for each in one.asks if not each.given])
    if not one.asks:
        print("    It may: read no more than your request and what you give it.")
    print("    Network: none of its own.")
    for name, text in (
        ("licence", one.license),
        ("needs", one.compatibility),
        ("by", one.author),
        ("weak", one.weak),
        ("try", one.example),
    ):
        if text:
            print(dim(f"    {name}: {clean(text)}"))
    for path, size in one.files:
        print(dim(f"    {clean(path)}  {size:,} bytes"))
    if one.body:
        print(f"\n{clean(one.body)}")


def _asked(title: str, asked: Sequence[Asked]) -> None:
    for one in asked:
        print(f"    {title}: {clean(one.says)}")


def _change(change: Change) -> None:
    _asked("NEW, it also asks to", change.more)
    _asked("no longer", change.less)
    for path, how in change.files:
        print(f"    {how}: {clean(path)}")
    if change.text:
        print(clean(change.text))
