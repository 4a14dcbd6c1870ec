"""``ownmind people``: who is who, with what shows it; what was promised; who waits; whose birthday comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from ...people.person import Birthday, Card, Cited, Link, Person, Promise, PromiseState, Waiting
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, dim, joined, one_line, print_encoded, slowly, table

if TYPE_CHECKING:
    from ..attach import Face

What = Literal[
    "list", "card", "links", "merge", "join", "split", "refuse", "rename", "me", "promises", "confirm", "keep", "drop", "waiting",
    "birthdays", "reconnect",
]  # fmt: skip
PROMISE = {
    PromiseState.FOUND: "found, waits for your word",
    PromiseState.OPEN: "open",
    PromiseState.KEPT: "kept",
    PromiseState.DROPPED: "no promise",
}
_WANTS: dict[str, tuple[int, str]] = {
    "card": (1, 'for example: ownmind people card "Tom Baker"'),
    "merge": (2, "for example: ownmind people merge p3 p7"),
    "split": (1, "for example: ownmind people split l4; `ownmind people links` lists them"),
    "join": (1, "for example: ownmind people join l4; `ownmind people links proposed` lists them"),
    "refuse": (1, "for example: ownmind people refuse l4; `ownmind people links proposed` lists them"),
    "rename": (2, 'for example: ownmind people rename p3 "Tom"'),
    "me": (1, "for example: ownmind people me p3"),
    "confirm": (1, "for example: ownmind people confirm m5; `ownmind people promises` lists them"),
    "keep": (1, "for example: ownmind people keep m5"),
    "drop": (1, "for example: ownmind people drop m5"),
}
_NOBODY = "Nobody is known yet. Import an address book, mail or chats: ownmind import contacts.vcf"


def people(
    what: Annotated[
        What,
        Parameter(
            help="list them; one card; the links that make two one, and merge, join, split, refuse or rename; say which is you (me); the "
            "promises, and confirm, keep or drop one; who is waiting; birthdays; reconnect."
        ),
    ] = "list",
    /,
    *words: Annotated[str, Parameter(help="A name or an id (p7), a link (l4), a promise (m5).")],
    days: Annotated[int, Parameter(help="Birthdays of the next so many days.")] = 30,
    everything: Annotated[bool, Parameter(name="--all", help="Promises that were kept and let go, too.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Show the people in your address books, mails, chats, calendars and memory, one card each.

    Two are made one only where something shows it; `links` says what, and `split` takes it back. Promises found in text wait for your
    word.

    Example: ownmind people card Tom
    """
    need, hint = _WANTS.get(what, (0, ""))
    if len(words) < need:
        raise BadInput(f"{what} whom?" if what in ("card", "merge", "rename", "me") else f"{what} which?", hint=hint)
    if what == "rename":
        words = (words[0], " ".join(words[1:]))
    elif what in ("list", "card"):
        words = (" ".join(words),)
    elif len(words) > max(need, 1 if what == "links" else 0):
        raise BadInput(f"{what} takes no {words[-1]!r}", hint="see `ownmind people --help`")
    with opened(everywhere) as face, slowly("reading what was said"):
        name, found = _found(face, what, words, days=days, everything=everything)
    if everywhere.json:
        print_encoded({name: found} if name else found)
    else:
        _show(what, found)
    return 0


def _found(face: Face, what: What, words: Sequence[str], *, days: int, everything: bool) -> tuple[str, object]:
    """What was asked for, and the name it has in JSON; "" for one thing by itself."""
    match what:
        case "list":
            return "people", face.people.all(words[0])
        case "links":
            return "links", face.people.links(words[0] if words else "")
        case "split":
            return "people", face.people.split(words[0])
        case "promises":
            states = () if everything else (PromiseState.FOUND, PromiseState.OPEN)
            return "promises", face.people.promises(states)
        case "waiting":
            return "waiting", face.people.waiting()
        case "birthdays":
            return "birthdays", face.people.birthdays(days)
        case "reconnect":
            return "reconnect", face.people.reconnect()
        case "merge" | "rename":
            return "", face.people.merge(*words) if what == "merge" else face.people.rename(*words)
    one: dict[str, Callable[[str], object]] = {
        "card": face.people.card,
        "join": face.people.join,
        "refuse": face.people.refuse,
        "me": face.people.me,
        "confirm": face.people.confirm,
        "keep": face.people.keep,
        "drop": face.people.drop,
    }
    return "", one[what](words[0])


def _show(what: What, found: object) -> None:
    match found:
        case Card():
            print_card(found)
        case Person():
            _people((found,))
        case Promise():
            _promises((found,))
        case Link():
            _links((found,))
        case tuple() if not found:
            print(_EMPTY.get(what, _NOBODY))
        case tuple():
            kinds = {Person: _people, Promise: _promises, Link: _links, Waiting: _waiting, Birthday: _birthdays, Cited: _cited}
            kinds[type(found[0])](found)  # type: ignore[operator]  # each list holds one kind


_EMPTY = {
    "links": "No two were made one, and none are proposed.",
    "promises": "No promise is open. Those in what you import and say are found by themselves.",
    "waiting": "Nobody waits for an answer from you.",
    "birthdays": "No birthday comes in these days. `ownmind people birthdays --days 365` looks further.",
    "reconnect": "Nobody was quiet for longer than is usual between you.",
}


def print_card(card: Card) -> None:
    """One person, each line with its source."""
    person = card.person
    print(f"{bold(person.id)}  {bold(clean(person.name))}" + (f"  ({clean(person.relation)})" if person.relation else ""))
    rows = [(f"    {handle.kind}", clean(handle.value), dim(clean(handle.ref))) for handle in person.handles]
    for line in table(rows):
        print(line)
    if person.last:
        print(f"    last in touch: {joined(day(person.last), clean(person.last_how))} {dim(clean(person.last_ref))}")
    if card.next_birthday:
        print(f"    birthday: {card.next_birthday:%A %d %B %Y} {dim(clean(person.birthday_ref))}")
    for title, lines in (("what matters", card.matters), ("to ask", card.ask), ("gift ideas", card.gifts)):
        for cited in lines:
            print(f"    {title}: {one_line(cited.text)} {dim(f'← {clean(cited.ref)}')}")
    for title, promises in (("you promised", card.promised), ("promised you", card.promises)):
        for promise in promises:
            print(f"    {title}: {_promise(promise)}")
    if card.reconnect:
        print(f"    {clean(card.reconnect)}")
    for link in card.links:
        print(dim(f"    {link.id}  {_link(link)}"))


def _people(found: Sequence[Person]) -> None:
    for line in table([(bold(one.id), clean(one.name), joined(clean(one.relation), _touch(one), _names(one))) for one in found]):
        print(line)


def _touch(one: Person) -> str:
    return f"last {one.last_how or 'seen'} {one.last.astimezone():%Y-%m-%d}" if one.last else ""


def _names(one: Person) -> str:
    others = [handle.value for handle in one.handles if handle.value != one.name and handle.kind != "speaker"]
    return one_line(", ".join(dict.fromkeys(others)), 80)


def _promises(found: Sequence[Promise]) -> None:
    for promise in found:
        print(f"{bold(promise.id)}  {_promise(promise)}  ({PROMISE[promise.state]})")
        print(dim(f"    “{one_line(promise.sentence)}”  {joined(promise.item_id, day(promise.said_at))}"))
    if any(promise.state is PromiseState.FOUND for promise in found):
        print(dim("Only you know whether it is one: ownmind people confirm ID, keep ID, drop ID."))


def _promise(promise: Promise) -> str:
    to = f" to {clean(promise.to)}" if promise.to else ""
    due = f", due {day(promise.due)}" if promise.due else f", {clean(promise.due_words)}" if promise.due_words else ""
    return f"{clean(promise.by)}{to}: {one_line(promise.what)}{due}"


def _links(found: Sequence[Link]) -> None:
    for link in found:
        print(f"{bold(link.id)}  {_link(link)}")
        for words, ref in link.evidence:
            print(dim(f"    {one_line(words)} ← {clean(ref)}"))
    if any(link.state == "proposed" for link in found):
        print(dim("Proposed ones wait for your word: ownmind people join ID, or refuse ID."))


def _link(link: Link) -> str:
    return f"{clean(link.first)} = {clean(link.second)}  ({link.state}, {link.score:+.1f})"


def _waiting(found: Sequence[Waiting]) -> None:
    for one in found:
        print(f"{bold(clean(one.name))}  since {day(one.since)}: “{one_line(one.words)}” {dim(f'← {clean(one.ref)}')}")


def _birthdays(found: Sequence[Birthday]) -> None:
    for line in table([(f"{one.day:%a %d %b}", f"{clean(one.name)}{f' turns {one.turns}' if one.turns else ''}") for one in found]):
        print(line)


def _cited(found: Sequence[Cited]) -> None:
    for one in found:
        print(f"{one_line(one.text)} {dim(f'← {joined(clean(one.ref), day(one.at))}')}")
