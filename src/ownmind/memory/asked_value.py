"""Which value a question asks for: "What does Noor do for a living?" asks for what fills the slot (Noor, works as). Pure, English.

A slot is matched by whom the question names and by the words people ask for it with; where no slot fits, or two fit as well, none
is given: an answer from the wrong slot is worse than recall alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..messages import Fact
from ..store.search import stems
from .facts import holds_at
from .history import chain
from .predicates import YOU, has_one_value, predicate_key, subject_key
from .words import is_about_me, words

# The words a slot is asked for with, beside those of its own name. Two sets: a word of each must be there.
_ASKED: dict[str, tuple[str, ...]] = {
    "lives in": ("live living lives lived home city town reside residence based moved dwell", "where city town place country village"),
    "works at": (
        "work works worked working employer employed company firm workplace employs",
        "where which who whom employer company firm workplace at for",
    ),
    "works as": ("job occupation profession career trade",),
    "drives": ("car drive drives driving drove vehicle wheels",),
    "studies": ("study studies studying studied subject course degree major",),
    "studies at": ("study studies studying school university college", "where which school university college at"),
    "phone": ("phone number telephone mobile call",),
    "email": ("email mail",),
    "address": ("address",),
    "birthday": ("birthday born",),
    "born": ("born birthplace",),
    "age": ("old age",),
    "married to": ("married spouse husband wife partner",),
    "relationship status": ("relationship single married dating partner", "status single married dating relationship"),
    "diet": ("diet eat vegetarian vegan", "diet vegetarian vegan pescatarian kind"),
    "height": ("tall height",),
    "weight": ("weigh weight",),
    "shoe size": ("shoe size",),
    "blood type": ("blood",),
}
_DOES = re.compile(  # asks for an occupation
    r"\bfor a living\b|\bdo(?:es)? for work\b|\bwhat (?:do|does|did) (?:\w+ ){1,3}do\?", re.IGNORECASE
)
_TASTES = "favourite favorite prefer preferred prefers best love loved loves like likes liked most taste loving choice please serve"
_TASTE = frozenset(stems(_TASTES.split()))
_KIN = (
    "dish meal food eat cook cooking", "film movie", "music song band genre listen tune musical", "colour color", "book novel read",
    "drink beverage", "sport game",
    "season", "tea", "coffee", "holiday destination place", "restaurant",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot a question asks for, with every value it has had, in order of time."""

    subject: str
    predicate: str
    values: tuple[Fact, ...]

    def at(self, moment: datetime) -> Fact | None:
        """The value that held at ``moment``."""
        holding = [fact for fact in self.values if holds_at(fact, moment)]
        return holding[-1] if holding else None


def asked_slot(question: str, facts: Sequence[Fact]) -> Slot | None:
    """The slot of ``facts`` (superseded ones too) that ``question`` asks for; None when none fits or two fit as well."""
    subjects = _subjects(question, facts)
    if not subjects:
        return None
    said = frozenset(stems(words(_DOES.sub(" occupation ", question))))
    slots = {(subject_key(fact.subject), predicate_key(fact.predicate)) for fact in facts if subject_key(fact.subject) in subjects}
    weighed = sorted(((_fit(predicate, said), subject, predicate) for subject, predicate in slots), reverse=True)
    if not weighed or weighed[0][0] == 0 or (len(weighed) > 1 and weighed[0][0] == weighed[1][0]):
        return None
    _, subject, predicate = weighed[0]
    return Slot(subject, predicate, tuple(_distinct(chain(facts, subject, predicate))))


# What a set of facts is asked for with, and the predicates its members have.
_SETS: tuple[tuple[str, str], ...] = (
    ("pet pets animal animals", "cat dog rabbit hamster parrot horse pony tortoise turtle fish goldfish ferret snake lizard bird budgie canary kitten puppy pet hen chicken guinea"),  # noqa: E501
    ("allergy allergies allergic", "allergic"),
    ("language languages speak", "speaks"),
    ("instrument instruments play plays", "plays"),
    ("goal goals aim aims", "goal"),
)  # fmt: skip


def asked_set(question: str, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The current facts a list is made of: "which pets do I have?" asks for every fact whose predicate is an animal of the subject's."""
    subjects = _subjects(question, facts)
    said = frozenset(stems(words(question)))
    wanted = [frozenset(stems(members.split())) for asked, members in _SETS if said & frozenset(stems(asked.split()))]
    if not subjects or len(wanted) != 1:
        return ()
    found = [
        fact
        for fact in facts
        if subject_key(fact.subject) in subjects
        and fact.valid_to is None
        and not fact.wrong
        and wanted[0] & frozenset(stems(words(predicate_key(fact.predicate))))
    ]
    return tuple({tuple(words(fact.object)): fact for fact in found}.values())


def _subjects(question: str, facts: Iterable[Fact]) -> set[str]:
    """Whom of the facts' subjects the question is about: those it names, else the person."""
    said = f" {' '.join(words(question))} "
    known = {subject_key(fact.subject) for fact in facts}
    named = {subject for subject in known if subject != YOU and f" {' '.join(words(subject))} " in re.sub(r" s (?=\w)", " ", said)}
    return named or ({YOU} & known if is_about_me(question) else set())


def _fit(predicate: str, said: frozenset[str]) -> int:
    """How many words of the question ask for this predicate; 0: it is not asked for."""
    if not has_one_value(predicate):
        return 0
    if predicate.startswith(("favourite ", "favorite ")):
        kin = _related(predicate.split(" ", 1)[1])
        return 2 + len(kin & said) if said & _TASTE and kin & said else 0
    own = frozenset(stems(words(predicate)))
    asked = [frozenset(stems(group.split())) for group in _ASKED.get(predicate, ())]
    if not asked:
        return len(own & said) if own <= said else 0
    return sum(len(group & said) for group in asked) if all(group & said for group in asked) else 0


def _related(thing: str) -> frozenset[str]:
    """The stems a thing is also called by: a dish is a meal."""
    own = frozenset(stems(words(thing)))
    return own.union(*(group for kin in _KIN if own & (group := frozenset(stems(kin.split())))))


def _distinct(values: Iterable[Fact]) -> list[Fact]:
    """Without the same value said twice in a row."""
    kept: list[Fact] = []
    for fact in values:
        if not kept or words(kept[-1].object) != words(fact.object):
            kept.append(fact)
    return kept
