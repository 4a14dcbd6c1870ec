""" "She" and "he" read within one message, when only one person can be meant: "My wife's name is Clara and she works at Siemens".

Whoever stands before the pronoun counts, also those nothing was learnt about: a second name, a second relation, a pet, and it is not
guessed. Nor when what is known of the person does not fit ("my brother ... she").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Candidate
from ..predicates import YOU
from .reading import About, Finding
from .wording import AGED, FAMILY, PET, RELATION, is_name


def meant(text: str, before: str, known: Sequence[Finding | Candidate], speaker: str) -> tuple[About, int] | None:
    """Whom a clause that begins with "she" or "he" is about, and where the pronoun ends. ``before``: the message up to the clause."""
    pronoun = _PRONOUN.match(text)
    if not pronoun or _PET.search(before):
        return None
    people = {one.subject for one in known if one.subject not in ("", YOU, speaker)}
    if len(people) != 1:
        return None
    (subject,) = people
    relations = {one.object.lower() for one in known if one.predicate == "relation" and one.subject == subject}
    of = {*(relation.split(" ", 1)[-1] for relation in relations), *([subject.split(" ", 1)[1]] if subject.startswith("your ") else [])}
    is_he = pronoun[1].lower() == "he"
    if any((_HERS if is_he else _HIS).search(one) for one in of) or _others(before, subject, known, of):
        return None
    return About(subject), pronoun.end()


def _others(before: str, subject: str, known: Sequence[Finding | Candidate], of: set[str]) -> bool:
    """Whether ``before`` names anybody but ``subject``."""
    for words in sorted({subject, *(one.object for one in known)}, key=len, reverse=True):
        if words:
            before = re.sub(rf"\b{re.escape(words)}", " ", before, flags=re.IGNORECASE)
    told = [match[0].lower() for match in _KIN.finditer(before)]
    if any(one.rstrip("s") not in of and one not in of for one in told) or len(set(told)) > 1:
        return True
    return any(is_name(match[0]) and match[0] != "I" for match in _CAPITAL.finditer(before))


_PRONOUN = re.compile(r"(?:and\s+|but\s+)?(she|he)(?=['’]s\s|\s)", re.IGNORECASE)
_HIS = re.compile(
    r"(?:father|dad|brother|son|husband|boyfriend|uncle|nephew|grandpa|grandad|granddad|bf|hubby|landlord|fiancé)(?:-in-law)?$"
)
_HERS = re.compile(
    r"(?:mother|mum|mom|sister|daughter|wife|girlfriend|aunt|niece|grandma|granny|gran|nan|gf|landlady|fiancée)(?:-in-law)?$"
)
_KIN = re.compile(rf"\b{AGED}(?:{RELATION}|{FAMILY})s?\b", re.IGNORECASE)
_PET = re.compile(rf"\b{PET}s?\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ][\w’'-]*")
