"""How statements are folded for comparing: subjects, predicates, objects, and the slot a statement fills.

A slot holds one value at a time (store/settling.py). Where somebody lives is one slot; what they like is one slot a thing, so that
"I hate figs" answers "I love figs" and leaves dates alone. The table knows the predicates the rules and models write; any other
may hold many values. English.
"""

from __future__ import annotations

import re

from ..messages import Fact
from ..store import tombstones
from .words import normalised

YOU = "you"  # the subject of what is about the person

# Predicates with one value at a time, by every way of saying them that folds to the same key.
_ONE_VALUE = {
    "lives in": ("live in", "lives at", "lives", "moved to", "resides in", "home", "home city", "city", "lives now in", "based in"),
    "works at": ("work at", "works for", "work for", "employer", "workplace", "employed at", "employed by", "started at", "joined"),
    "works as": ("work as", "job", "occupation", "profession", "job title"),
    "works in": ("work in",),
    "age": ("aged", "years old", "turned"),
    "name": ("named", "called", "full name", "first name"),
    "phone": ("phone number", "telephone", "mobile", "telephone number", "mobile number", "number"),
    "email": ("e mail", "email address", "e mail address", "mail address"),
    "address": ("home address", "postal address"),
    "birthday": ("date of birth", "birth date", "birthdate"),
    "born": ("born on", "born in", "place of birth", "birthplace"),
    "is from": ("from", "comes from", "come from"),
    "grew up in": (),
    "relationship status": ("marital status", "relationship"),
    "married to": ("spouse", "husband", "wife"),
    "studies at": ("study at", "school", "university"),
    "studies": ("study", "major"),
    "height": ("tall",),
    "weight": ("weighs",),
    "diet": (),  # vegetarian, vegan, pescatarian; intolerances have predicates of their own
    "drives": ("drive", "car", "started driving"),
    "blood type": (),
    "shoe size": (),
    "answers in": (),  # the language the companion is to answer in
}
_OTHERS = {
    "likes": ("like", "love", "loves", "enjoy", "enjoys", "adore", "adores", "prefer", "prefers", "really likes", "really loves", "fan of"),
    "dislikes": ("dislike", "hate", "hates", "detests", "can t stand", "cannot stand", "does not like", "doesn t like", "do not like"),
    "allergic to": ("allergy to", "allergy"),
    "does not eat": ("do not eat", "don t eat", "can t eat", "cannot eat", "never eats", "doesn t eat", "does not tolerate"),
    "does not drink": ("do not drink", "don t drink", "can t drink", "cannot drink", "never drinks", "doesn t drink"),
    "plays": ("play",),
    "speaks": ("speak", "language", "fluent in"),
    "has": ("have", "own", "owns"),
}
_PREDICATES = {said: key for table in (_ONE_VALUE, _OTHERS) for key, others in table.items() for said in (key, *others)}
_TASTES = ("likes", "dislikes")
_SINGLE = ("favourite ", "favorite ", "date of ")  # beginnings of predicates that have one value
_LEADING = re.compile(r"^(?:(?:the|a|an|my|your|his|her|their|our|is|are|am|was|has|have|s|some|to|going|doing)\s+)+")
_YOU = frozenset({"i", "me", "you", "user", "the person", "person", "myself", "my", "your", "yourself"})


def subject_key(subject: str) -> str:
    """``subject`` folded for comparing; the person is "you" however they are named."""
    said = normalised(subject)
    folded = said.removeprefix("the ").removeprefix("my ").removeprefix("your ")
    return YOU if folded in _YOU or said in _YOU else folded


def predicate_key(predicate: str) -> str:
    """``predicate`` folded for comparing: case, leading verb of being, synonyms of the predicates in the tables."""
    folded = normalised(predicate)
    folded = _PREDICATES.get(folded, _LEADING.sub("", folded) or folded)
    return _PREDICATES.get(folded, folded)


def has_one_value(predicate: str) -> bool:
    """Whether a thing has this at most once at a time: where it lives, not what it likes."""
    key = predicate_key(predicate)
    return key in _ONE_VALUE or key.startswith(_SINGLE)


def object_key(object_: str) -> str:
    """``object_`` folded for comparing: case, leading articles, plurals and -ing ("the hikes", "hiking", "to hike" are one)."""
    folded = normalised(object_)
    folded = _LEADING.sub("", folded) or folded
    return " ".join(map(_stem, folded.split()))


def slot(predicate: str, object_: str) -> str:
    """What a subject can hold one value of at a time, of which the statement gives one."""
    key = predicate_key(predicate)
    if key in _ONE_VALUE or key.startswith(_SINGLE):
        return key
    return f"{'taste' if key in _TASTES else key}: {object_key(object_)}"


def content_key(secret: bytes, subject: str, predicate: str, object_: str) -> bytes:
    """The keyed hash under which two statements of one thing meet."""
    return tombstones.keyed(secret, "fact", subject_key(subject), predicate_key(predicate), object_key(object_))


def slot_of(fact: Fact) -> tuple[str, str]:
    """The subject and slot of a stored fact, folded."""
    return subject_key(fact.subject), slot(fact.predicate, fact.object)


def _stem(word: str) -> str:
    """A word without plural or -ing: not a word any more, only a key."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "es", "s"):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word
