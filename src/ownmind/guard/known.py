"""What this store knows of its person and the people around them, for ``guard/pseudonyms``."""

from __future__ import annotations

import re

import apsw

from ..memory.predicates import YOU, predicate_key
from ..memory.rules.wording import PET, RELATION, is_name
from ..messages import Fact
from ..store import facts, pseudonyms
from .pseudonyms import Known, Sort

_SORTS = {
    "name": Sort.PERSON, "married to": Sort.PERSON, "lives in": Sort.PLACE, "is from": Sort.PLACE, "grew up in": Sort.PLACE,
    "born": Sort.PLACE, "works at": Sort.ORGANISATION, "studies at": Sort.ORGANISATION, "address": Sort.ADDRESS, "phone": Sort.PHONE,
}  # fmt: skip
_ACCOUNT = re.compile(r"\b(?:account|iban|passport|licen[cs]e|policy|plate|tax|insurance|id|card|member|customer|number|code|pin)\b")
_KIN = re.compile(rf"(?:{RELATION}|{PET})s?", re.IGNORECASE)
_WHOSE = re.compile(r"['’]s\b.*|^(?:my|your|the)\b.*", re.IGNORECASE)


def known(cx: apsw.Connection) -> list[Known]:
    """Everybody who speaks in the store and everybody facts name, with places, employers, addresses and numbers. Superseded facts
    too: an old address is still somebody's. Reads all facts and speakers: keep the Dictionary made of it."""
    found = dict.fromkeys(Known(Sort.PERSON, name) for name in pseudonyms.speakers(cx) if _is_named(name))
    for fact in facts.everything(cx):
        found.update(dict.fromkeys(_of(fact)))
    return [*found]


def _of(fact: Fact) -> list[Known]:
    found = []
    subject = _WHOSE.sub("", fact.subject).strip()  # "Ana's sister" names Ana
    if not subject and re.search(r"['’]s\b", fact.subject):
        subject = re.split(r"['’]s\b", fact.subject)[0].strip()
    if subject.casefold() != YOU and _is_named(subject):
        found.append(Known(Sort.PERSON, subject))
    key = predicate_key(fact.predicate)
    if sort := _SORTS.get(key):
        value = fact.object if sort in (Sort.ADDRESS, Sort.PHONE) else _proper(fact.object)
        found += [Known(sort, value)] if value else []
    elif _KIN.fullmatch(key) and _is_named(fact.object):
        found.append(Known(Sort.PERSON, fact.object))
    elif _ACCOUNT.search(key) and any(char.isdigit() for char in fact.object):
        found.append(Known(Sort.ACCOUNT, fact.object))
    return found


def _proper(object_: str) -> str:
    """The names in "a small town near Porto": its words with a capital, or the one word it is. None of them where a date stands."""
    words = object_.split()
    if any(char.isdigit() for char in object_):
        return ""
    named = [word for word in words if not word[:1].islower()]
    return " ".join(named or (words if len(words) == 1 else []))


def _is_named(words: str) -> bool:
    """Whether this can be a name; scripts without capitals (王小明, אנה) are believed when it is short."""
    return is_name(words) or (0 < len(words) < 24 and not any(char.isupper() or char.islower() for char in words) and words[0].isalpha())
