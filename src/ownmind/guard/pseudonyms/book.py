"""The pseudonyms in use, indexed both ways, and the choice of new ones that are nobody's and stand nowhere in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from random import Random

from ...errors import Refused
from ...store.pseudonyms import Pseudonym
from . import pools
from .personal import Dictionary, analyse
from .spelling import cased, fold

_TRIES = 5_000  # names looked at before a text counts as one that leaves none
NUMBERS = frozenset({"phone", "card", "iban", "national", "account"})
LITERALS = frozenset({"email", "url", "key"})


class Unveilable(Refused):
    """Every possible pseudonym stands in the text or the session already. Nothing of it is sent."""


class Book:
    """A working copy of one scope's map. Word pseudonyms are looked up exactly, then as forms ("Selmas", "SELMA")."""

    def __init__(self, rows: Collection[Pseudonym] = ()) -> None:
        self.by_value: dict[tuple[str, str], Pseudonym] = {}  # (family of kinds, value)
        self.words: dict[str, Pseudonym] = {}  # by pseudonym as it is written
        self.folded: dict[str, Pseudonym] = {}
        self.by_start: dict[str, list[str]] = defaultdict(list)  # the folded ones by their first two letters
        self.unspaced: dict[str, list[Pseudonym]] = defaultdict(list)  # by first character
        self.codes: dict[str, Pseudonym] = {}  # by the pseudonym's letters and digits
        self.houses: dict[str, Pseudonym] = {}
        self.literals: dict[str, Pseudonym] = {}
        self.starts: set[str] = set()  # of codes: every beginning
        self.chosen: list[Pseudonym] = []
        self._literal: re.Pattern[str] | None = None
        for row in rows:
            self._keep(row)

    def get(self, kind: str, value: str) -> Pseudonym | None:
        return self.by_value.get((family(kind), value))

    def add(self, row: Pseudonym) -> Pseudonym:
        """Keeps a new row, and remembers that it is new."""
        self._keep(row)
        self.chosen.append(row)
        return row

    def word(self, typed: str) -> str:
        """What a word of a reply stands for; itself when it is no pseudonym."""
        if row := self.words.get(typed):
            return row.value
        folded = fold(typed)
        if not (found := analyse(folded, self.folded)):
            return typed
        row, ending, replaced = found
        return form(row.value, row.pseudonym, typed, ending, replaced)

    def is_street(self, typed: str) -> bool:
        """Whether this word is the pseudonym of a street: the number beside it is one too."""
        if row := self.words.get(typed):
            return row.kind == "street"
        found = analyse(fold(typed), self.folded)
        return found is not None and found[0].kind == "street"

    def literal(self) -> re.Pattern[str] | None:
        """Finds every address, link and key that is a pseudonym."""
        if self._literal is None and self.literals:
            longest_first = sorted(self.literals, key=len, reverse=True)
            self._literal = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
        return self._literal

    def _keep(self, row: Pseudonym) -> None:
        self.by_value[family(row.kind), row.value] = row
        match family(row.kind):
            case "number":
                self.codes[row.pseudonym] = row
                self.starts.update(row.pseudonym[:size] for size in range(1, len(row.pseudonym)))
            case "house":
                self.houses[row.pseudonym] = row
            case "unspaced":
                self.unspaced[row.pseudonym[0]].append(row)
                self.unspaced[row.pseudonym[0]].sort(key=lambda one: -len(one.pseudonym))
            case "word":
                self.words[row.pseudonym] = row
                folded = fold(row.pseudonym)
                self.folded[folded] = row
                self.by_start[folded[:2]].append(folded)
            case _:
                self.literals[row.pseudonym] = row
                self._literal = None


class Choice:
    """Chooses pseudonyms for one text: none that is known, in the text, or a form of another."""

    def __init__(self, book: Book, dictionary: Dictionary, text: str, folded: Collection[str], random: Random) -> None:
        self._book, self._dictionary, self._text, self._random = book, dictionary, text, random
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in set(folded):
            self._by_start[word[:2]].append(word)

    def word(self, kind: str, value: str, *, like: Pseudonym | None = None) -> Pseudonym:
        """A pseudonym for one word of a name; ``like``: for a mistyped name, near to that one's."""
        if row := self._book.get(kind, value):
            return row
        near = [] if like is None else [name for name in pools.typed_otherwise(like.pseudonym) if self._is_free(name)][:1]
        name = near[0] if near else _first(pools.words(kind, value, self._random), self._is_free)
        return self._book.add(Pseudonym(kind, value, cased(name, value, value.title())))

    def unspaced(self, value: str) -> Pseudonym:
        """No character of it stands in another one, so that no two can be read into each other."""
        if row := self._book.get("unspaced", value):
            return row
        used = {char for rows in self._book.unspaced.values() for row in rows for char in row.pseudonym}
        used |= set(self._text).union(self._dictionary.unspaced)  # nor begins as a known name does
        name = _first(pools.unspaced(value, self._random), lambda name: not used & set(name))
        return self._book.add(Pseudonym("unspaced", value, name))

    def number(self, kind: str, value: str) -> Pseudonym:
        """``value``: letters and digits without separators, upper case."""
        if row := self._book.get(kind, value):
            return row
        bare = re.sub(r"[^A-Za-z0-9]", "", self._text).upper()
        taken = (self._book.codes, self._dictionary.codes, bare)
        names = pools.number(kind, value, self._random)
        return self._book.add(Pseudonym(kind, value, _first(names, lambda name: not any(name in places for places in taken))))

    def house(self, value: str) -> Pseudonym:
        if row := self._book.get("house", value):
            return row
        size = len(value)
        for _ in range(_TRIES):
            name = str(self._random.randrange(10 ** (size - 1), 10**size))
            if name != value and name not in self._book.houses:
                return self._book.add(Pseudonym("house", value, name))
            size = min(size + self._random.randrange(2), 5)  # a longer one where those as long are in use
        raise Unveilable("no number is left to stand for another", hint="send less of it at once")

    def literal(self, kind: str, value: str) -> Pseudonym:
        if row := self._book.get(kind, value):
            return row
        made = {"email": pools.email, "url": pools.url, "key": pools.key}[kind](self._random)
        lower = self._text.lower()
        name = _first(made, lambda name: name not in self._book.literals and name not in lower)
        return self._book.add(Pseudonym(kind, value, name))

    def _is_free(self, name: str) -> bool:
        folded = fold(name)
        if folded in self._book.folded or analyse(folded, self._dictionary.words) is not None:
            return False
        if analyse(folded, self._book.folded) is not None:
            return False
        alone, start = {folded: True}, folded[:2]
        return not any(analyse(other, alone) for others in (self._by_start, self._book.by_start) for other in others.get(start, ()))


def _first(names: Iterator[str], is_free: Callable[[str], bool]) -> str:
    for name in islice(names, _TRIES):
        if is_free(name):
            return name
    raise Unveilable("no pseudonym is left that is not in the text already", hint="send less of it at once")


def family(kind: str) -> str:
    """Kinds that are looked up together."""
    if kind in NUMBERS:
        return "number"
    if kind in LITERALS or kind in ("house", "unspaced"):
        return kind
    return "word"


def form(word: str, of: str, typed: str, ending: str, replaced: int) -> str:
    """``word`` in the form ``typed`` is of ``of``: the same ending, in place of as many letters, and the same case."""
    if not ending or len(fold(typed)) != len(typed):
        return cased(word, typed, of)
    base, tail = typed[: -len(ending)], typed[-len(ending) :]
    return cased(word[: len(word) - replaced], base, of[: len(of) - replaced]) + tail
