"""Who is meant by "my sister": a person goes by a name and by what they are to somebody, and plain statements ("Ana is my sister",
before or after) say which belong together. Pure, over the facts with the predicate "relation" that hold.

"My sister" is everybody the statements call so; "Ana" is also "my sister" only while nobody else is. Of a friend or a colleague there
are always others, so those words alone name nobody. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..messages import Fact
from .rules.wording import AGED, RELATION
from .words import normalised

_OWNER = r"(?:(?P<mine>my|our|your)|(?P<owner>[^\W\d_][\w-]*)['’]s)"
_ROLE = re.compile(rf"{_OWNER}\s+(?P<aged>{AGED})(?P<head>{RELATION}|spouse)", re.IGNORECASE)
_MENTION = re.compile(rf"\b{_ROLE.pattern}\b(?!['’]s?\s+(?:{RELATION})\b)", re.IGNORECASE)
_SAME = {
    "mum": "mother", "mom": "mother", "dad": "father", "husband": "spouse", "wife": "spouse", "hubby": "spouse", "granny": "grandmother",
    "grandma": "grandmother", "gran": "grandmother", "nan": "grandmother", "grandpa": "grandfather", "granddad": "grandfather",
    "grandad": "grandfather", "gf": "girlfriend", "bf": "boyfriend", "neighbor": "neighbour", "coworker": "colleague",
    "co-worker": "colleague", "roommate": "flatmate", "gp": "doctor", "manager": "boss", "landlady": "landlord",
}  # fmt: skip
_WAYS = {"mother": ("mum", "mom"), "father": ("dad",), "spouse": ("husband", "wife")}
_AGED = {"little": "younger", "big": "older", "elder": "older", "eldest": "older", "youngest": "younger"}
_GONE = frozenset({"ex", "ex-", "old"})
_MANY = frozenset({"friend", "colleague", "neighbour", "cousin"})


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is to somebody: ("you", "younger", "sister")."""

    owner: str
    aged: str  # "" where it is not said
    head: str

    def covers(self, other: Role) -> bool:
        """Whether whoever is ``other`` is this too: a younger sister is a sister, an ex-husband no husband."""
        if self.owner != other.owner or self.head != other.head:
            return False
        return self.aged == other.aged or (not self.aged and other.aged not in _GONE)


def called(whom: str, relations: Sequence[Fact]) -> tuple[str, ...]:
    """Every way of calling the one ``whom`` names, ``whom`` first: names as they stand, roles as "your sister"."""
    role = _role(whom)
    ways = (*_named(role, relations), *(_ways(whom, role) if role.owner == "you" else ())) if role else _roles_of(whom, relations)
    known = {normalised(whom), normalised(whom).replace("my ", "your ", 1)}
    return (whom, *dict.fromkeys(way for way in ways if normalised(way) not in known))


def spelled_out(question: str, relations: Sequence[Fact]) -> str:
    """``question`` with the name behind a role it mentions ("my sister Ana"), and the role behind a name ("Ana (sister)"), so that
    words and meaning find what was said of either."""
    if not relations:
        return question

    def with_name(match: re.Match[str]) -> str:
        role = _role(match[0])
        found = _named(role, relations) if role else ()
        return " ".join((match[0], *(name for name in found if normalised(name) not in said)))

    said = set(normalised(question).split())
    found = _MENTION.sub(with_name, question)
    for name in dict.fromkeys(fact.subject for fact in relations):
        roles = [way.split(" ", 1)[1] for way in _roles_of(name, relations) if way.startswith("your ")]
        roles = [way for way in roles if not set(way.split()) & said]
        if roles and set(normalised(name).split()) <= said:
            at = re.search(rf"\b{re.escape(name)}\b(?:['’]s)?", found, re.IGNORECASE)
            found = f"{found[: at.end()]} ({roles[0]}){found[at.end() :]}" if at else found
    return found


def _role(text: str) -> Role | None:
    match = _ROLE.fullmatch(text.strip())
    if match is None:
        return None
    head, aged = match["head"].lower(), match["aged"].lower().strip()
    return Role("you" if match["mine"] else normalised(match["owner"]), _AGED.get(aged, aged), _SAME.get(head, head))


def _named(role: Role, relations: Iterable[Fact]) -> tuple[str, ...]:
    """The names of everybody who is this."""
    if role.head in _MANY and not role.aged:
        return ()
    found = [fact.subject for fact in relations if (other := _role(fact.object)) and role.covers(other)]
    return tuple({normalised(name): name for name in reversed(found)}.values())[::-1]


def _roles_of(name: str, relations: Sequence[Fact]) -> tuple[str, ...]:
    """What the one of this name, and nobody else, is: as "your sister", in every word that is used for it."""
    ways: list[str] = []
    for fact in relations:
        role = _role(fact.object)
        if role is None or normalised(fact.subject) != normalised(name):
            continue
        for each in dict.fromkeys((role, Role(role.owner, "", role.head))):
            if [normalised(one) for one in _named(each, relations)] == [normalised(name)]:
                ways += _ways(fact.object, each)
    return tuple(dict.fromkeys(ways))


def _ways(said: str, role: Role) -> list[str]:
    """The role in every word that is used for it, one of which is ``said``."""
    whose, rest = said.split(" ", 1)
    whose = "your" if role.owner == "you" else whose
    if role.aged:
        return [f"{whose} {rest.lower()}"]
    return [f"{whose} {way}" for way in dict.fromkeys((rest.lower().split()[-1], role.head, *_WAYS.get(role.head, ())))]
