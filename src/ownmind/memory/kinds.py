"""Members of a kind, read off plain statements: which books somebody finished, where they have been, what broke. Pure, English.

A kind is asked for by its words ("trips", "been to") and told by statements in which the thing has a place of its own ("we flew to
Berlin"). Only what somebody says of themselves as having happened counts: not what is planned, wished, denied, asked or told of
others. A question that wants more than the kind ("photography prizes") has words left over; which prize is of photography no pattern
knows, and the caller is told so.

``kinds.toml`` holds the kinds and the ways of telling them: written down from everyday talk, and mended on generated lives. Nobody
knows all ways of telling, so what is found here is a lower bound.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ..messages import Item, Span
from ..store.search import stems
from .timeline import sentence
from .words import STOP, words


@dataclass(frozen=True, slots=True)
class KindOfThing:
    """A kind: what it is asked for with, how a member of it is told, and what to search for to find those."""

    name: str
    asked: re.Pattern[str]
    own: frozenset[str]  # words that ask for nothing but the kind
    told: tuple[re.Pattern[str], ...]
    search: str


@dataclass(frozen=True, slots=True)
class Member:
    """One thing of a kind, as an item tells it: ``item.text[span]`` is the sentence."""

    thing: str
    item: Item
    span: Span

    @property
    def quote(self) -> str:
        return self.item.text[self.span.start : self.span.end]


def asked_kind(question: str) -> KindOfThing | None:
    """The kind of thing ``question`` asks all of; None for another, and where two fit."""
    found = [kind for kind in kinds() if kind.asked.search(question)]
    return found[0] if len(found) == 1 else None


def is_narrower(question: str, kind: KindOfThing, people: Sequence[str]) -> bool:
    """Whether ``question`` asks for some of the kind only: it has words that neither ask for it nor name whose they are."""
    named = {part.lower() for name in people for part in name.split()}
    return not set(words(question)) <= STOP | _GENERAL | kind.own | named


def members(kind: KindOfThing, items: Sequence[Item]) -> list[Member]:
    """What of the kind ``items`` tell of whoever speaks, each thing once, by the item that tells it plainest and first; oldest first."""
    told = sorted(
        ((plain, _moment(item), item.id, member) for item in items for plain, member in _told(kind, item)), key=lambda one: one[:3]
    )
    found: dict[frozenset[str], Member] = {}
    for _, _, _, member in told:
        key = frozenset(stems([word for word in words(member.thing) if word not in STOP]))
        if key and not any(key <= known or known <= key for known in found):
            found[key] = member
    return sorted(found.values(), key=lambda member: (_moment(member.item), member.item.id))


def _moment(item: Item) -> float:
    return item.at.timestamp() if item.at else 0.0


def _told(kind: KindOfThing, item: Item) -> list[tuple[int, Member]]:
    """The things an item tells, with how plainly: the place of the pattern, the plainest first."""
    found: list[tuple[int, Member]] = []
    for plain, pattern in enumerate(kind.told):
        for match in pattern.finditer(item.text[:_READ]):
            span = sentence(item.text, match.start(), match.end())
            group = "title" if "title" in pattern.groupindex else "thing"
            thing = match[group] if group == "title" else _trimmed(match[group])
            lead, before = item.text[span.start : match.start()], item.text[span.start : match.start(group)]
            if thing and _is_own(before, lead) and _happened(before) and not item.text[match.end() : span.end].rstrip().endswith("?"):
                found.append((plain, Member(thing, item, span)))
        if found:
            break
    return found


def _is_own(before: str, lead: str) -> bool:
    """Whether a thing is of whoever speaks, by the words ``before`` it in its sentence, and those of them that ``lead`` to its verb."""
    return _FIRST.search(before) is not None or _ANOTHER.search(lead) is None


def _happened(said: str) -> bool:
    """Whether words tell what was: nothing wished, planned, denied or asked."""
    return not _NOT_SO.search(said) and not said.rstrip().endswith("?")


def _trimmed(thing: str) -> str:
    """The thing without what follows it: "a chess set from my team" is a chess set."""
    kept = _FOLLOWS.split(thing, maxsplit=1)[0]
    return re.sub(
        r"^(?:a|an|the|my|our|some|another|this|that|his|her|their|new|brand[- ]new)\s+", "", kept.strip(" ,.!'\"“”"), flags=re.IGNORECASE
    )


@cache
def kinds() -> tuple[KindOfThing, ...]:
    """All kinds there are."""
    read = tomllib.loads(resources.files(__package__).joinpath("kinds.toml").read_text(encoding="utf-8"))
    parts: dict[str, str] = read["parts"]
    return tuple(
        KindOfThing(
            name=kind["name"],
            asked=re.compile(rf"\b(?:{kind['asked']})\b", re.IGNORECASE),
            own=frozenset(kind["own"].split()),
            told=tuple(
                re.compile(re.sub(r"@([A-Z]+)", lambda part: parts[part[1]], told["said"]), 0 if told["names"] else re.IGNORECASE)
                for told in kind["told"]
            ),
            search=kind["search"],
        )
        for kind in read["kind"]
    )


_READ = 1200  # characters of an item
_GENERAL = frozenset(
    """things thing stuff ones all different so far ever tell told share shared mention mentioned list name count many number own now
    home house place household at life years year take took taken get got have had often since total times time go gone been kinds kind
    sorts""".split()  # noqa: SIM905
)
_NOT_SO = re.compile(
    r"n['’]t\b(?! (?:believe|wait|stop|put it down))|\b(?:not|never|nearly|almost|if|would|['’]d (?:love|like)|i['’]d|want|wants|wanted to"
    r"|hope|hoping|plan|plans|planning|going to|gonna|will|['’]ll|might|may|could|should|shall|wish|dream|someday|some day|one day|maybe"
    r"|perhaps|thinking of|think of|considering|about to|let['’]s|missed|supposed to|instead of|without)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:I|[Ww]e|[Mm]e|us|my name)\b")
_ANOTHER = re.compile(  # who else did it: "Ben and Tom have just", "my cousin", "she"
    r"\b(?:he|she|they|you|[Mm]y (?!name)\w+|[Oo]ur \w+|[Hh]is \w+|[Hh]er \w+|[Tt]heir \w+)\b"
    r"|^(?!(?:Just|Finally|Currently|Recently|Yesterday|Today|Also|Then|Now|And|Have|So|Well|Loved|Been|Still|Once|Last|This|Next|Late"
    r"|Early)\b)"
    r"[A-Z][a-z]+(?: (?:is|was|has|had|have|just|also|even|finally|and [A-Z][a-z]+))* $"
)
_FOLLOWS = re.compile(
    r"\s+(?:on|in|at|last|this|yesterday|today|tonight|ago|for|with|from|and|but|because|which|that|who|when|while|by|to|after"
    r"|before|since|during|over|back|about|as|so|again|two|three|four|five|six|a (?:week|month|year|couple|few)|some|the (?:day|other)|just"
    r"|finally|courtesy|there|here|now|once|next|early|late|like|where|was|is|were|if|until|till)\b|[,.!?;:()\n—–]|\s-",
    re.IGNORECASE,
)
