"""Names as they compare: parts without titles and accents, whatever their order, with nicknames, initials and slips of the hand. Pure.

The table of nicknames is ours (nicknames.txt). Scripts are compared in Latin letters (Cyrillic and Greek by their usual
transliterations); "ä" and "ae" are one, and so are the usual spellings of Russian names. Not covered: Chinese, Japanese and Korean names
against their transliterations, and which part is the family's where a language puts it first without a comma.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib import resources

_TITLES = frozenset(
    """mr mrs ms miss mx sir dr drs prof professor ing mag dipl dkfm ba bsc msc mba ma phd md jr sr ii iii herr frau fr hr m mme mlle sig
    sra don dona pan pani mudr judr mgr bc rndr phdr doc ext extern external""".split()  # noqa: SIM905
)
_PARTICLES = frozenset(
    (
        "van",
        "von",
        "vom",
        "zu",
        "zur",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "di",
        "der",
        "den",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "y",
        "e",
    )
)
GROUP = frozenset(
    (
        "family",
        "familie",
        "fam",
        "rodina",
        "famille",
        "familia",
        "famiglia",
        "team",
        "office",
        "buro",
        "sekretariat",
        "support",
        "info",
        "service",
    )
)
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe",
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
        "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "i", "є": "ye", "ґ": "g",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m", "ν": "n",
        "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
        "’": "'", "`": "'",
    }
)  # fmt: skip
_VIA = re.compile(r"\s+(?:via|through|on behalf of|im auftrag von)\s+.*$", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\"[^\"]*\"|/.*$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts, folded, in the order given, family then last. ``is_family_known``: the last part is the family's for sure."""

    parts: tuple[str, ...]
    is_group: bool = False  # a household or a team, not one person

    @property
    def is_full(self) -> bool:
        """Whether it has two parts that are more than initials."""
        return sum(len(part) > 1 for part in self.parts) >= 2

    @property
    def key(self) -> str:
        """The same for the same parts in any order."""
        return " ".join(sorted(self.parts))


class Fit(IntEnum):
    """How two parts of names agree, the best last."""

    NONE = 0
    INITIAL = 1
    SLIP = 2
    NICK = 3
    SAME = 4


def fold(text: str) -> str:
    """``text`` in small Latin letters without accents; umlauts as single vowels, and "ae", "oe", "ue" too."""
    text = text.casefold()
    if text.isascii():
        return text.replace("`", "'")
    text = text.translate(_LETTERS)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return plain.translate(_LETTERS)


@lru_cache(maxsize=1 << 16)
def parse(said: str) -> Name:
    """``said`` as a name: "Dr. Novák, Ana (EXT)" is ana novak. What is an address or a number gives no parts."""
    if "@" in said or not any(letter.isalpha() for letter in said):
        return Name(())
    said = _ASIDE.sub(" ", _VIA.sub("", said)).lstrip("~")
    family, comma, given = said.partition(",")
    if comma and given.strip():
        said = f"{given} {family}"
    words = [word for word in re.split(r"[\s.,;_]+", fold(said)) if word]
    words = [re.sub(r"[^a-z0-9'\u0080-\uffff-]", "", word).strip("'-") for word in words]
    parts = [word.replace("'", "") for word in words if word and not word.isdigit()]
    without = [part for part in parts if part not in _TITLES and part not in _PARTICLES] or parts
    return Name(tuple(without), any(part in GROUP for part in without) or "&" in said or " und " in said or " and " in said)


def from_address(email: str) -> Name:
    """The name that an address spells ("ana.novak84@…"); no parts where it spells none that can be told."""
    local = re.sub(r"\+.*$", "", email.partition("@")[0])
    words = [re.sub(r"\d+", "", word) for word in re.split(r"[._-]+", fold(local))]
    words = [word for word in words if word]
    return Name(tuple(words)) if len(words) >= 2 and any(len(word) > 2 for word in words) else Name(())


@lru_cache(maxsize=1 << 18)
def fit(one: str, other: str) -> Fit:
    """How two parts agree."""
    if one == other:
        return Fit.SAME
    if len(one) == 1 or len(other) == 1:
        return Fit.INITIAL if one[0] == other[0] else Fit.NONE
    if spelling(one) == spelling(other):
        return Fit.SAME
    if not nicknames().get(one, frozenset()).isdisjoint(nicknames().get(other, frozenset())):
        return Fit.NICK
    return Fit.SLIP if is_slip(one, other) else Fit.NONE


@lru_cache(maxsize=1 << 16)
def spelling(part: str) -> str:
    """A part with the ways of spelling it made one: ae and a, ou and u, y and i, kh and h, double letters."""
    for said, plain in (
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
        ("kh", "h"),
        ("yu", "iu"),
        ("ya", "ia"),
        ("w", "v"),
        ("ph", "f"),
        ("j", "i"),
        ("y", "i"),
    ):
        part = part.replace(said, plain)
    return re.sub(r"(.)\1+", r"\1", part)


def is_slip(one: str, other: str) -> bool:
    """Whether one is the other with one letter left out, added, changed or exchanged with its neighbour (Damerau 1964), and both are long
    enough for that to be a slip: "jan" and "jana" are two names."""
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1 or one == other:
        return False
    if one in nicknames() and other in nicknames():
        return False  # two names that both exist
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if {a, b} == {"a", ""}:
        return False  # Roberta and Robert: two people, or a language's grammar
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])


@cache
def nicknames() -> Mapping[str, frozenset[int]]:
    """For each name and nickname, the lines of the table it stands in."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    text = resources.files(__package__).joinpath("nicknames.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines()):
        if line and not line.startswith("#"):
            for word in line.split():
                found[word.replace("_", " ")].add(number)
    return {word: frozenset(lines) for word, lines in found.items()}


def root(part: str) -> str:
    """One way of calling everybody whom this part could call by the first line of the table it stands in: a key to look up by."""
    lines = nicknames().get(part)
    return f"#{min(lines)}" if lines else spelling(part)
