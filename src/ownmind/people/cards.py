"""What memory believes of somebody, as lines of their card: what matters to them, ideas for gifts, a birthday, a relation. Pure.

Facts are put to a person by the name they were learnt of: a name that is theirs alone, or a given name nobody else here has. Where two
may be meant, they are put to neither.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ..memory.predicates import YOU, predicate_key, subject_key
from ..memory.words import normalised
from ..messages import Fact, FactKind, Item
from .names import Fit, fit, parse
from .person import Cited, Person

_MOST = 12
_NO_YEAR = 1604
_GIFTS = ("likes", "hobby", "hobbies", "plays", "collects", "reads", "wants", "needs")
_ORDER = (FactKind.NEED, FactKind.PREFERENCE, FactKind.FACT)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = "|".join(month if len(month) < 4 else f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_DAY = re.compile(
    rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)\.?,?(?:\s+(?P<y>\d{{4}}))?",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:I(?:['’]d| would) (?:really )?(?:love|like) (?:to have )?(?:an?|some|new)\b|I (?:really )?(?:want|need) (?:an?|some|new)\b"
    r"|on my wish ?list)[^.!?\n]*[.!]?",
    re.IGNORECASE,
)


def by_person(facts: Sequence[Fact], persons: Sequence[Person]) -> dict[str, list[Fact]]:
    """Whose facts these are, as far as their names tell."""
    keys = [subject_key(fact.subject) for fact in facts]
    meant = whose(keys, persons)
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact, key in zip(facts, keys, strict=True):
        if meant[key]:
            found[meant[key]].append(fact)
    return found


def whose(subjects: Iterable[str], persons: Iterable[Person]) -> dict[str, str]:
    """Whom each folded name means; "" for nobody, for more than one, and for the person themselves."""
    handles: defaultdict[str, set[str]] = defaultdict(set)
    given: defaultdict[str, set[str]] = defaultdict(set)
    for one in persons:
        for handle in one.handles:
            handles[normalised(handle.value)].add(one.id)
        for part in {parse(handle.value).parts[0] for handle in one.handles if parse(handle.value).parts}:
            given[part].add(one.id)
    return {subject: "" if subject == YOU else _meant(subject, handles, given) for subject in dict.fromkeys(subjects)}


def _meant(subject: str, handles: Mapping[str, set[str]], given: Mapping[str, set[str]]) -> str:
    """The one this name means; "" for nobody, or for more than one."""
    exact = handles.get(subject, set())
    if exact:
        return next(iter(exact)) if len(exact) == 1 else ""
    parts = parse(subject).parts
    if len(parts) != 1:
        return ""
    alike = {person for part, those in given.items() if fit(part, parts[0]) in (Fit.SAME, Fit.NICK) for person in those}
    return next(iter(alike)) if len(alike) == 1 else ""


def names(one: Person, everybody: Iterable[Person]) -> tuple[str, ...]:
    """How texts call them: their names, and their given name where nobody else here has it."""
    said = tuple(dict.fromkeys(handle.value for handle in one.handles if handle.kind in ("name", "nickname", "speaker")))
    given = {part for name in (one.name, *said) if (part := name.split()[0] if name.split() else "") and parse(part).parts}
    others = {part for other in everybody if other.id != one.id for handle in other.handles for part in parse(handle.value).parts[:1]}
    return (*said, *sorted(part for part in given if not any(fit(parse(part).parts[0], theirs) >= Fit.NICK for theirs in others)))


def relation(facts: Sequence[Fact]) -> str:
    """What they are to the person: "sister"."""
    said = [fact.object.removeprefix("your ") for fact in facts if fact.predicate == "relation" and fact.object.startswith("your ")]
    return said[-1] if said else ""


def birthday(facts: Sequence[Fact]) -> tuple[date, str] | None:
    """The birthday memory knows, with the item that says it."""
    for fact in reversed(facts):
        if predicate_key(fact.predicate) == "birthday" and (day := read_day(fact.object)) is not None:
            return day, fact.item_id
    return None


def read_day(said: str) -> date | None:
    """A day of a year or of every year (1604 then), from words."""
    match = _DAY.search(said)
    if match is None:
        return None
    month = 1 + next(number for number, name in enumerate(_MONTHS) if name.startswith((match["m"] or match["m2"]).lower()[:3]))
    try:
        return date(int(match["y"] or _NO_YEAR), month, int(match["d"] or match["d2"]))
    except ValueError:
        return None


def matters(facts: Sequence[Fact]) -> tuple[Cited, ...]:
    """What is believed of them, needs first, then what they like, then the rest, the latest learnt first."""
    told = [fact for fact in facts if fact.predicate != "relation" and predicate_key(fact.predicate) not in ("birthday", "email", "phone")]
    ordered = sorted(told, key=lambda fact: (_ORDER.index(fact.kind) if fact.kind in _ORDER else len(_ORDER), -fact.learned_at.timestamp()))
    return tuple({fact.text: _cited(fact.text, fact) for fact in ordered}.values())[:_MOST]


def gifts(facts: Sequence[Fact], said: Iterable[Item] = ()) -> tuple[Cited, ...]:
    """Ideas: what they said they wish for, then what they like and do."""
    wished = [Cited(f"They said: “{match[0].strip()}”", item.id, item.at) for item in said for match in _WISH.finditer(item.text)]
    liked = [
        _cited(f"Something for {fact.object}" if key in ("hobby", "hobbies", "plays") else fact.object, fact)
        for fact in facts
        if (key := predicate_key(fact.predicate)) in _GIFTS or key.startswith(("favourite ", "favorite "))
    ]
    return tuple({cited.text: cited for cited in (*wished, *liked)}.values())[:_MOST]


def _cited(text: str, fact: Fact) -> Cited:
    return Cited(text, fact.item_id, fact.valid_from or fact.learned_at)
