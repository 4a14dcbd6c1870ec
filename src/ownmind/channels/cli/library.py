"""``ownmind library``: what was taken in, source by source; reading one; the connections and their state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, one_line, print_encoded, slowly

if TYPE_CHECKING:
    from ...agent.connections import Connection
    from ...memory.library import Hit, Reading, Shelf, Shelved
    from ..attach import Face

What = Literal["list", "read", "find", "connections", "check", "on", "off"]
_WANTS: dict[str, tuple[int, str]] = {
    "read": (1, "for example: ownmind library read file:/home/ana/lease.pdf"),
    "find": (2, 'for example: ownmind library find lease.pdf "notice period"'),
    "check": (1, "for example: ownmind library check calendar:1"),
    "on": (1, "for example: ownmind library on calendar:1"),
    "off": (1, "for example: ownmind library off calendar:1"),
}
_PASSAGES = 40


def library(
    what: Annotated[
        What,
        Parameter(
            help="list what was taken in; read a source, or the one an item (i12) is from; find words in one; show the connections; "
            "check one now; switch one on or off."
        ),
    ] = "list",
    /,
    *words: Annotated[str, Parameter(help="Words of its name to list; a source, then words; or a connection.")],
    kind: Annotated[str, Parameter(help="Only document, page, transcript, letters, calendar, contacts, note or program.")] = "",
    sort: Annotated[str, Parameter(help="latest, oldest, name or size.")] = "latest",
    start: Annotated[int, Parameter(help="To read: from which passage on, counted from 0.")] = 0,
    everywhere: Everywhere = HERE,
) -> int:
    """Show what was taken in and read it; show what Ownmind is connected with.

    A source is named by its name or its place. To take one away: `ownmind forget --source NAME`.

    Example: ownmind library
    """
    need, hint = _WANTS.get(what, (0, ""))
    if len(words) < need:
        raise BadInput(f"{what} which?", hint=hint)
    with opened(everywhere) as face:
        match what:
            case "list":
                found: object = face.library.sources(kind=kind, words=" ".join(words), sort=sort)
            case "read":
                found = _read(face, " ".join(words), start)
            case "find":
                found = face.library.find(_named(face, words[0]).source, " ".join(words[1:]))
            case "connections":
                found = face.connections.all()
            case "check":
                with slowly("asking"):
                    found = (face.connections.check(words[0]),)
            case "on" | "off":
                found = (face.connections.switch(words[0], what == "on"),)
    if everywhere.json:
        print_encoded(found if not isinstance(found, tuple) else {"found": found})
        return 0
    _show(found)
    return 0


def _read(face: Face, name: str, start: int) -> Reading:
    if name[:1] == "i" and name[1:].isdecimal():
        return face.library.around(name, _PASSAGES)
    return face.library.read(_named(face, name).source, start, _PASSAGES)


def _named(face: Face, name: str) -> Shelved:
    """The source of this ref, or the only one with this name in it. Raises BadInput."""
    found = face.library.sources(words=name, limit=20).sources
    exact = [one for one in found if name in (one.source, one.title)]
    if len(exact or found) != 1:
        hint = "; ".join(one.source for one in found) or "`ownmind library` lists them"
        raise BadInput(f"{len(found) or 'no'} sources are called {name[:60]!r}", hint=hint)
    return (exact or found)[0]


def _show(found: object) -> None:
    from ...memory.library import Reading, Shelf

    match found:
        case Shelf():
            _shelf(found)
        case Reading():
            _reading(found)
        case tuple():
            _connections_or_hits(found)


def _shelf(shelf: Shelf) -> None:
    for one in shelf.sources:
        state = {"unfinished": "  (not read to its end: import it again)", "unused": "  (not used in answers)"}.get(one.state, "")
        gone = dim("  its file is gone; the text is here") if one.is_there is False else ""
        when = f"{one.at:%Y-%m-%d}" if one.at else ""
        print(f"{one.kind:<10} {when}  {one.items:>6,}  {bold(clean(one.title))}{state}{gone}")
        print(dim(f"           {clean(one.source)}"))
    if not shelf.total:
        print("Nothing was taken in yet: ownmind import FILE")
    elif shelf.total > len(shelf.sources):
        print(dim(f"and {shelf.total - len(shelf.sources):,} more: give words of a name"))


def _reading(reading: Reading) -> None:
    source = reading.source
    print(f"{bold(clean(source.title))}  {dim(clean(source.source))}")
    if source.is_there is False:
        print(dim("Its file is gone; this is the text that was kept."))
    page: int | None = None
    for one in reading.passages:
        if one.page is not None and one.page != page:
            print(dim(f"-- page {one.page} --"))
            page = one.page
        said = f"{bold(clean(one.speaker))}: " if one.speaker else ""
        print(f"{said}{clean(one.text)}  {dim(one.id)}")
    if reading.after:
        print(dim(f"{reading.after:,} more: --start {reading.before + len(reading.passages)}"))


def _connections_or_hits(found: Sequence[Connection | Hit]) -> None:
    from ...memory.library import Hit

    for one in found:
        if isinstance(one, Hit):
            print(f"{one.item:<8} {f'page {one.page}  ' if one.page is not None else ''}{one_line(one.excerpt)}")
            continue
        last = f"last contact {one.last.astimezone():%Y-%m-%d %H:%M}" if one.last else "not contacted yet"
        print(f"{one.id:<20} {one.state:<6} {bold(clean(one.title))}  {dim(clean(one.where))}")
        print(dim(f"    {last}; next: {clean(one.next)}"))
        if one.wrong:
            print(f"    {clean(one.wrong)} {clean(one.hint)}")
    if not found:
        print("Nothing.")
