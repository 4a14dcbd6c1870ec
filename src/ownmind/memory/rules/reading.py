"""A clause read as a statement: whom it is about, its verb, whether that still holds, and the words that follow.

"I've lived in Ghent since 2019" and "Ana no longer lives in Ghent" come to the same verb with another subject and another aspect, so
that a rule for living somewhere is written once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from ...messages import FactKind, Item
from ..predicates import YOU
from ..times import Mention, mentions
from .sentences import Stretch
from .verbs import ADVERBS, BE, FORMS, NEGATIONS, PARTICIPLES
from .wording import AGED, FAMILY, PET, RELATION, is_name


class Aspect(Enum):
    """Whether what a verb says still holds when it is said."""

    NOW = auto()
    PERFECT = auto()  # "have lived": until now
    PAST = auto()  # "lived"
    FORMER = auto()  # "used to live"
    ENDED = auto()  # "no longer live", "stopped living"
    FUTURE = auto()
    NOT = auto()


@dataclass(frozen=True, slots=True)
class About:
    """Whom a clause is about, and how a sentence about them is written."""

    subject: str
    many: bool = False  # "your parents live"

    @property
    def name(self) -> str:
        return self.subject[:1].upper() + self.subject[1:]

    @property
    def whose(self) -> str:
        return "Your" if self.subject == YOU else f"{self.name}'s"

    def does(self, mine: str, theirs: str) -> str:
        """``You mine`` or ``Ana theirs``: does("are", "is")."""
        return f"{self.name} {mine if self.many else theirs}" if self.subject != YOU else f"You {mine}"


@dataclass(frozen=True, slots=True)
class Talk:
    """The item a clause stands in, with what is worked out of it once: the times it names."""

    item: Item
    speaker: str  # "you" for the person, "" for nobody we can tell
    lower: bool  # written without capitals
    _found: list[list[Mention]] = field(default_factory=list)

    @property
    def said(self) -> datetime:
        return self.item.at or self.item.learned_at

    def times(self, start: int, end: int) -> list[Mention]:
        """The times named between these places, in order."""
        if not self._found:
            self._found.append(mentions(self.item.text, self.said))
        return [one for one in self._found[0] if start <= one.span.start < end]


@dataclass(frozen=True, slots=True)
class Statement:
    """One verb with its subject. ``rest`` is what follows the verb; of a form of "be" or "have" the word after it is in ``rest``."""

    talk: Talk
    clause: Stretch
    about: About
    verb: str  # its base form: live, be, have; "do" for any other verb in -ing
    aspect: Aspect
    rest: str
    began: bool = False  # "started working"
    is_can: bool = False
    is_first: bool = True  # the speaker's own

    def state(self, base: str, third: str, rest: str, *, be: bool = False) -> str:
        """``You live in Lyon``, ``Ana no longer lives in Lyon``, ``You used to be vegetarian``, as the aspect has it."""
        match self.aspect:
            case Aspect.FUTURE:
                return f"{self.about.does('will', 'will')} {'be' if be else base} {rest}"
            case Aspect.ENDED if be:
                return f"{self.about.does(base, third)} no longer {rest}"
            case Aspect.ENDED:
                return f"{self.about.does(f'no longer {base}', f'no longer {third}')} {rest}"
            case Aspect.FORMER | Aspect.PAST:
                return f"{self.about.does('used to', 'used to')} {'be' if be else base} {rest}"
            case _:
                return f"{self.about.does(base, third)} {rest}"

    @property
    def is_over(self) -> bool:
        return self.aspect in (Aspect.FORMER, Aspect.ENDED, Aspect.PAST)

    @property
    def start(self) -> int:
        return self.clause.lead if self.clause.lead >= 0 else self.clause.start

    def times(self) -> list[Mention]:
        """The times the clause names, with those of its opening words."""
        return self.talk.times(self.start, self.clause.end)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule read: a fact but for its place in the item and its times."""

    predicate: str
    object: str
    text: str
    kind: FactKind = FactKind.FACT
    subject: str = ""  # when it is not the one the clause is about
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    denies: str = ""


Rule = Callable[[Statement], Iterator[Finding]]


def statements(clause: Stretch, talk: Talk, before: Statement | None = None, meant: tuple[About, int] | None = None) -> Iterator[Statement]:
    """The clause as a statement about the speaker, or about somebody it names; nothing when it is neither. A bare verb ("and works as
    a vet") goes on about whom the statement before it in the sentence was about. ``meant``: whom its "she" or "he" stands for, and
    where that word ends."""
    text = clause.text
    if meant is not None:
        is_short = re.match(r"['’]s(?=\s)", text[meant[1] :]) is not None
        found = _verb(talk, clause, meant[0], meant[1] + 2 * is_short, "is" if is_short else "", is_first=False)
        if found:
            yield found
        return
    if _BARE.match(text):
        found = _verb(talk, clause, before.about, 0, "", is_first=before.is_first) if before is not None else None
        if found:
            yield found
        return
    mine = _I.match(text) if talk.speaker else None
    if mine:
        clitic = _CLITICS.get(mine["clitic"].lower().replace("’", "'").lstrip("'"), "") if mine["clitic"] else ""
        if mine["clitic"] and not clitic:
            return
        found = _verb(talk, clause, About(talk.speaker), mine.end(), clitic, is_first=True)
        if found:
            yield found
        return
    if clause.subject == "I" and talk.speaker and not _OWN.match(text):
        found = _verb(talk, clause, About(talk.speaker), 0, "am", is_first=True)
        if found:
            yield found
        return
    who = someone(text, talk)
    if who:
        about, end, clitic = who
        found = _verb(talk, clause, about, end, clitic, is_first=False)
        if found:
            yield found


def someone(text: str, talk: Talk) -> tuple[About, int, str] | None:
    """Whom the clause begins with: one of the speaker's people, or a name; where that ends; and a clitic "is"."""
    match = _SOMEONE.match(text)
    if not match:
        return None
    clitic, whose = "is" if match["clitic"] else "", "your" if talk.speaker == YOU else f"{talk.speaker}'s"
    if match["relation"]:
        called = match["called"]
        if called and not is_name(called):
            return None
        if not called and not talk.speaker:
            return None
        relation = match["relation"].lower()
        many = relation.endswith("s") and not relation.endswith("ss")
        return About(called or f"{whose} {relation}", many and not called), match.end(), clitic
    name = match["alone"]
    if talk.speaker and re.fullmatch(FAMILY, name, re.IGNORECASE):  # "Mum moved to Leeds"
        return About(f"{whose} {name.lower()}"), match.end(), clitic
    if not is_name(name):
        return None
    return About(name.replace("\u2024", ".")), match.end(), clitic


@dataclass(slots=True)
class _Lead:
    """What stands before the verb, as far as it was read, and where that ends."""

    pos: int
    aspect: Aspect
    be: bool
    have: bool
    can: bool = False
    began: bool = False
    over: bool = False
    negated: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.be or self.have or self.negated or self.can or self.over or self.began) and self.aspect is Aspect.NOW


def _verb(talk: Talk, clause: Stretch, about: About, pos: int, clitic: str, *, is_first: bool) -> Statement | None:
    """The verb from ``pos`` on, through what stands before it: adverbs, "no longer", "used to", "don't", "have been"."""
    text = clause.text
    aspect = Aspect.FUTURE if clitic == "will" else Aspect.NOW
    lead = _Lead(pos, aspect, be=clitic in ("am", "is"), have=clitic == "have")
    verb_at = _pass_lead(text, lead)
    if verb_at is None:
        return None
    word = _plain(verb_at)
    if lead.is_empty and word == FORMS.get(word) and word not in PARTICIPLES and not is_first and not about.many:
        return None  # "Sounds like a plan": a name takes "likes"
    if lead.over:
        lead.aspect = Aspect.ENDED
    elif lead.negated:
        lead.aspect = Aspect.ENDED if _ANY_MORE.search(text, lead.pos) else Aspect.NOT
    verb, rest = _named(text, lead, verb_at)
    return Statement(talk, clause, about, verb, lead.aspect, rest.strip(), lead.began, lead.can, is_first) if verb else None


def _pass_lead(text: str, lead: _Lead) -> re.Match[str] | None:
    """Moves ``lead`` to the verb and gives the verb's match; None when there is none, or it is not said that anything is so."""
    for _ in range(8):
        match = _WORD_AT.match(text, lead.pos)
        if not match:
            return None
        passed = _pass_word(text, lead, match)
        if passed is not True:
            return match if passed is False else None
    return None


def _pass_word(text: str, lead: _Lead, match: re.Match[str]) -> bool | None:
    """Takes one word before the verb into ``lead``. False: it is the verb; None: the clause states nothing."""
    word, following = _plain(match), _WORD_AT.match(text, match.end())
    after = following[1].lower() if following else ""
    end, behind = match.end(), following.end() if following else match.end()
    if (word == "no" and after == "longer") or (word == "used" and after == "to" and not lead.be):
        lead.over, lead.pos = lead.over or word == "no", behind
        lead.aspect = Aspect.FORMER if word == "used" else lead.aspect
    elif word in NEGATIONS:
        lead.negated, lead.pos = True, end
        lead.can = lead.can or word in ("cant", "cannot")
        lead.be = lead.be or word in ("isnt", "arent", "aint")
        lead.have = lead.have or word in ("havent", "hasnt")
        if word == "never" and not lead.be and not lead.have and FORMS.get(after) not in ("eat", "drink"):
            return None
    elif word == "can" and after == "not":
        lead.can, lead.pos = True, end
    elif word in ADVERBS or (word in ("do", "does") and after):
        lead.pos = end
    elif word in BE and not lead.be:
        lead.be, lead.pos = True, end
        lead.aspect = Aspect.PAST if word in ("was", "were") else lead.aspect
    elif word == "been" and lead.have:
        lead.be, lead.aspect, lead.pos = True, Aspect.PERFECT, end
    elif word in ("have", "has") and not lead.have:
        lead.have, lead.pos = True, end
    elif word in ("will", "shall"):
        lead.aspect, lead.pos = Aspect.FUTURE, end
    elif lead.be and word == "going" and after == "to" and _BASE.match(text, behind):
        if lead.aspect is Aspect.PAST:
            return None  # "was going to move": nobody says they did
        lead.be, lead.aspect, lead.pos = False, Aspect.FUTURE, behind
    elif (word in ("stopped", "quit") and after.endswith("ing")) or (word == "gave" and _GAVE_UP.match(text, end)):
        lead.over, lead.pos = True, behind if after == "up" else end
    elif word in ("started", "began") and after.endswith("ing"):
        lead.began, lead.pos = True, end
    else:
        return False
    return True


def _named(text: str, lead: _Lead, verb_at: re.Match[str]) -> tuple[str, str]:
    """The verb's base form ("" when it is none we know) and what follows it. Settles the aspect that its own form gives."""
    word, behind = _plain(verb_at), text[verb_at.end() :]
    form = FORMS.get(word, "")
    if (lead.began or lead.over) and not lead.be:
        return form, behind
    if lead.be and word.endswith("ing") and word not in ("during", "evening"):
        return form or "do", behind if form else text[lead.pos :]
    if lead.be:
        return "be", text[lead.pos :]
    if lead.have and word in PARTICIPLES:
        if lead.aspect is Aspect.NOW and word != "got":
            lead.aspect = Aspect.PERFECT
        return ("have" if word == "got" else form), behind
    if lead.have:
        return "have", text[lead.pos :]
    if lead.aspect is Aspect.NOW and word in PARTICIPLES:
        lead.aspect = Aspect.PAST
    return form, behind


def _plain(match: re.Match[str]) -> str:
    """A word in lower case without its apostrophe."""
    return match[1].lower().replace("’", "").replace("'", "")


_I = re.compile(r"(?:I|we)(?P<clitic>['’](?:m|ve|d|ll|re)|(?<=I)(?:m|ve))?(?=\s)", re.IGNORECASE)
_BARE = re.compile(r"(?:lives?|works?)\s+(?:in|as|at|for)\s", re.IGNORECASE)
_OWN = re.compile(r"(?:I|my|our|we|im|ive|he|she|it|they|his|her|their|this|that|you)\b", re.IGNORECASE)
_CLITICS = {"m": "am", "ve": "have", "ll": "will", "re": "am", "s": "is"}
_SOMEONE = re.compile(
    rf"(?:(?:my|our)\s+(?P<relation>{AGED}(?:{RELATION}s?|{PET}|parents|grandparents|children|kids|in-laws|twins))"
    rf"(?:,?\s+(?P<called>(?-i:[^\W\d_a-z])[\w-]*),?)?|(?:hey\s+)?(?P<alone>(?:(?-i:Dr|Mr|Mrs|Ms|Prof)[.\u2024]?\s)?(?-i:[^\W\d_a-z])[\w-]*"
    rf"(?:\s(?-i:[^\W\d_a-z])[\w-]*)?))(?P<clitic>['’]s)?(?=\s)",
    re.IGNORECASE,
)
_WORD_AT = re.compile(r"\s*,?\s*([\w'’]+)")
_GAVE_UP = re.compile(r"\s+up\s+\w+ing\b")
_BASE = re.compile(r"\s*(?:[a-z]+)\b(?<!\bthe)(?<!\bmy)")
_ANY_MORE = re.compile(r"\b(?:any\s?more|any longer)\b", re.IGNORECASE)
