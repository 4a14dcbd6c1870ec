"""The words of a question: which carry its meaning, whom it names, whether the person asks about themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ..store import scripts

WORD = re.compile(r"\w+")

# Words that say how a question is asked, not what it is about. English, like the embedder; other languages lose nothing
# but a little speed, because recall also drops any word that is common in the store itself.
STOP = frozenset(
    """a an the of to in on at for and or but is are was were be been being am do does did done has have had having with by from as
    that this these those it its he she they them his her hers their theirs i me my mine we us our ours you your yours what which who
    whom whose when where why how would could should can will shall may might must s t m d re ve ll don didn doesn isn wasn aren not no
    if so than then there about into over out up down off just any some also tell please remember know said say""".split()  # noqa: SIM905
)

_FIRST_PERSON = re.compile(r"\b(i|me|my|mine|myself|i'm|i've|i'd|we|our|us)\b", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The words of ``text`` in order, lower case, as full-text search knows them: of scripts without blanks, pairs of characters."""
    return scripts.words(text)


def content_words(question: str) -> list[str]:
    """The distinct words of ``question`` that carry meaning, in order; all its words when none does."""
    found = list(dict.fromkeys(words(question)))
    return [word for word in found if word not in STOP] or found


def is_about_me(question: str) -> bool:
    """Whether the person asks about themselves ("what did I say", "my address")."""
    return _FIRST_PERSON.search(question) is not None


def named(question: str, names: Iterable[str]) -> set[str]:
    """Those of ``names`` that ``question`` says, by any word of the name of three letters or more."""
    said = set(words(question))
    return {name for name in names if any(part in said and len(part) > 2 and part not in STOP for part in words(name))}


def normalised(text: str) -> str:
    """``text`` as two copies of the same words compare equal: NFKC, case folded, blanks and punctuation as single spaces."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def contains_words(text: str, part: str) -> bool:
    """Whether ``text`` says all the words of ``part`` in a row, whatever the case, blanks and punctuation."""
    inner = normalised(part)
    return bool(inner) and f" {inner} " in f" {normalised(text)} "
