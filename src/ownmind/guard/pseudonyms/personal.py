"""What is personal in a text: words of known names in every form people write them in, told from words that only look like names.

A name is looked up by its folded parts ("Ana García López" is known by each of the three), inflected ("Annas", "Анной"), mistyped by
one letter, without accents, in any case. A part that is also a word ("Will", "May", "Rose") is a name only where it stands like one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from .checksums import digits_of
from .spelling import WORD, fold
from .wordlists import (
    AFTER_A_WORD,
    ALSO_WORDS,
    BEFORE_A_TIME,
    CALENDAR,
    CALLS,
    CALLS_IN_LOWER,
    ENDINGS,
    NO_NAME_AFTER,
    PARTICLES,
    QUALITIES,
    SAYS,
    STREETS,
)

T = TypeVar("T")


class Sort(StrEnum):
    """What a value of the person's is."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    ADDRESS = "address"
    PHONE = "phone"
    ACCOUNT = "account"  # any number or code: account, passport, plate, policy


@dataclass(frozen=True, slots=True)
class Known:
    """A value the store holds of the person or somebody around them. E-mail addresses need not be known: all are replaced."""

    sort: Sort
    value: str


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One word of a known value: as it is written, and the pool its pseudonym comes from (given, family, place, ...)."""

    value: str
    kind: str
    is_also_a_word: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters of the text, ``text[start:end]``, with what stands between it and the words beside it."""

    text: str
    start: int
    end: int
    folded: str
    before: str  # between the word before and this one
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """A word that is a known one: ``ending`` was added to it, in place of the last ``replaced`` letters; ``is_near``: mistyped."""

    lexeme: Lexeme
    ending: str = ""
    replaced: int = 0
    is_near: bool = False


# What replaces the end of a name: Polish, Czech, Croatian; Russian and its neighbours, names that are adjectives too.
_SWAPS = {
    "a": frozenset(["y", "i", "e", "o", "u", "ie", "ou", "am", "ach", "om"]),
    "а": frozenset(["ы", "и", "е", "у", "ой", "ою", "ей", "ею", "ам", "ах", "ами"]),
    "я": frozenset(["и", "е", "ю", "ей", "ею", "ям", "ях", "ями"]),
    "ая": frozenset(["ой", "ую", "ые", "ых", "ым"]),
    "ий": frozenset(["ого", "ому", "им", "ом", "ие", "их"]),
}
_WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})  # Mueller for Müller
_REPLACED: dict[str, list[str]] = {}  # by ending: what it may stand in place of
for _end, _endings in _SWAPS.items():
    for _ending in _endings:
        _REPLACED.setdefault(_ending, []).append(_end)
_SENTENCE = re.compile(r"[.!?:;\n\r\"“„«(•*—]")


# Codes of at least five characters; four digits (Switzerland, Denmark) are too often something else.
_POSTCODE = re.compile(
    r"\b(?:\d{4}-\d{3}|\d{5}(?:-\d{3,4})?|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{6})\b"
)


def analyse(folded: str, known: Mapping[str, T]) -> tuple[T, str, int] | None:
    """The known word ``folded`` is a form of, the ending it took, and how many letters of the word that replaced."""
    if (value := known.get(folded)) is not None:
        return value, "", 0
    size = len(folded)
    for cut in (1, 2, 3):
        if size - cut < 2:
            return None
        stem, ending = folded[:-cut], folded[-cut:]
        if size - cut > 2 and ending in ENDINGS and (value := known.get(stem)) is not None:
            return value, ending, 0
        for replaced in _REPLACED.get(ending, ()):
            if (value := known.get(stem + replaced)) is not None:
                return value, ending, len(replaced)
    return None


def words_of(text: str) -> list[Word]:
    """The runs of letters of ``text`` in scripts that write blanks."""
    found = [match for match in WORD.finditer(text) if match.lastgroup == "letters"]
    edges = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(text)]
    gaps = [text[end:start] for end, start in zip(edges, starts, strict=True)]
    return [Word(match[0], match.start(), match.end(), fold(match[0]), gaps[place], gaps[place + 1]) for place, match in enumerate(found)]


class Dictionary:
    """The known values, indexed. Build it once and keep it while they stay the same (about .1 ms a value)."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self.words: dict[str, Lexeme] = {}
        self.codes: dict[str, str] = {}  # without separators, upper case: kind
        self.unspaced: dict[str, list[str]] = defaultdict(list)  # by first character, longest first
        for one in known:
            self._add(one)
        for names in self.unspaced.values():
            names.sort(key=len, reverse=True)
        self._near: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            for form in _shorter(word):
                self._near[form].append(word)

    def find(self, words: Sequence[Word]) -> list[Found | None]:
        """For each word, what it is a form of; None for what is not personal."""
        looked = [self._lookup(word) for word in words]
        found = [self._judged(looked, words, place) for place in range(len(words))]
        behind = _behind_first_names(found, words)
        return [one or _form_of(word, behind) for one, word in zip(found, words, strict=True)] if behind else found

    def _add(self, one: Known) -> None:
        match one.sort:
            case Sort.PHONE:
                for code in _phone_forms(one.value):
                    self.codes[code] = "phone"
            case Sort.ACCOUNT:
                code = digits_of(one.value).upper()
                if len(code) >= 4:
                    self.codes[code] = "account"
            case _:
                self._add_words(one)

    def _add_words(self, one: Known) -> None:
        parts = [(match[0], match.start()) for match in WORD.finditer(one.value) if match.lastgroup == "letters"]
        telling = [part for part, _ in parts if len(part) > 1 and fold(part) not in PARTICLES]
        town = {part for part, start in parts if one.sort is Sort.ADDRESS and "," in one.value[:start]}
        for place, part in enumerate(telling):
            kind = "place" if part in town else _kind(one.sort, place)
            value = part.capitalize() if part.islower() else part
            also_a_word = fold(part) in ALSO_WORDS or len(part) < 3 or kind == "street"
            lexeme = Lexeme(value, kind, also_a_word)
            for spelled in (part, part.lower().translate(_WITHOUT_UMLAUTS)):
                self.words.setdefault(fold(spelled), lexeme)
        if one.sort is Sort.PERSON and len(telling) > 1:  # "anagarcia" is how people name their accounts
            pairs = [pair for other in telling[1:] for pair in (telling[0] + other, other + telling[0])]
            for joined in dict.fromkeys([*pairs, "".join(telling)]):
                self.words.setdefault(fold(joined), Lexeme(joined.lower().capitalize(), "handle", False))
        for match in WORD.finditer(one.value):
            if match.lastgroup == "unspaced" and len(match[0]) > 1:
                self._add_unspaced(match[0])
        if one.sort is Sort.ADDRESS:
            self.codes.update({digits_of(match[0]).upper(): "account" for match in _POSTCODE.finditer(one.value)})

    def _add_unspaced(self, name: str) -> None:
        """A Chinese name is also called by what follows the family name."""
        forms = [name, name[1:]] if len(name) == 3 else [name, name[2:]] if len(name) == 4 else [name]
        for form in forms:
            if form not in self.unspaced[form[0]]:
                self.unspaced[form[0]].append(form)

    def _lookup(self, word: Word) -> Found | None:
        if found := analyse(word.folded, self.words):
            lexeme, ending, replaced = found
            if _may_take(word, ending, len(fold(lexeme.value))):
                return Found(lexeme, ending, replaced)
        return self._mistyped(word)

    def _mistyped(self, word: Word) -> Found | None:
        """A name one slip away. A word that may be any word (no capital, or the capital of a sentence) has to be longer, or the slip
        of a kind that seldom makes another word."""
        is_open = word.text.islower() or not word.before.strip() or _SENTENCE.search(word.before) is not None
        for form in _shorter(word.folded) if len(word.folded) > 2 else ():
            for name in self._near.get(form, ()):
                lexeme, slip = self.words[name], _slip(word.folded, name)
                if not slip or lexeme.is_also_a_word or (word.text.islower() and len(name) < 6):
                    continue
                if slip < 3 or not is_open or len(name) > 6:
                    return Found(lexeme, is_near=True)
        return None

    def _judged(self, found: Sequence[Found | None], words: Sequence[Word], place: int) -> Found | None:
        one = found[place]
        if one is None or not one.lexeme.is_also_a_word:
            return one
        return one if _stands_like_a_name(found, words, place, one) else None


def _behind_first_names(found: Sequence[Found | None], words: Sequence[Word]) -> dict[str, Lexeme]:
    """The family names that nobody knows but that stand behind a known first name ("Ana Brandt", when only Ana is known), folded: a word
    with a capital, one blank apart, that is no word of the calendar and no common one."""
    behind: dict[str, Lexeme] = {}
    for place, word in enumerate(words[1:], 1):
        first, before = found[place - 1], words[place - 1]
        is_behind = first is not None and first.lexeme.kind == "given" and before.text.istitle() and word.before == " "
        if is_behind and found[place] is None and word.text.istitle() and len(word.text) > 2 and word.folded not in _NO_SURNAME:
            behind[word.folded] = Lexeme(word.text, "family", False)
    return behind


def _form_of(word: Word, behind: Mapping[str, Lexeme]) -> Found | None:
    """Of these names the one a word with a capital is a form of: "the Brandts" are as telling as Brandt."""
    if not word.text.istitle() or (form := analyse(word.folded, behind)) is None:
        return None
    lexeme, ending, replaced = form
    return Found(lexeme, ending, replaced) if _may_take(word, ending, len(word.folded)) else None


_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonntag""".split()  # noqa: SIM905
)
_NO_SURNAME = CALENDAR | _DAYS | STREETS | {fold(word) for word in ALSO_WORDS}


def _stands_like_a_name(found: Sequence[Found | None], words: Sequence[Word], place: int, one: Found) -> bool:
    word = words[place]
    before = words[place - 1] if place and not _SENTENCE.search(word.before) else None
    after = words[place + 1] if place + 1 < len(words) and not word.after.strip(" \t\n-") else None
    previous, following = before.folded if before else "", after.folded if after else ""
    if one.lexeme.kind == "street" and (previous in STREETS or following in STREETS or re.match(r"[\s,]{1,2}\d", word.after)):
        return True
    follows_given = _is_name(found, place - 1, before, ("given",)) and not word.text.islower()
    if follows_given or _is_name(found, place + 1, after, ("family",)):
        return True
    if word.text.islower():
        return previous in CALLS_IN_LOWER and following not in AFTER_A_WORD
    if fold(one.lexeme.value) in CALENDAR and (
        re.search(r"\d\W{0,2}$", word.before) or re.match(r"\W{0,2}\d", word.after) or previous in BEFORE_A_TIME - {"for", "from"}
    ):
        return False
    if word.after.startswith(("'s", "’s")) or previous in CALLS:
        return True
    if previous in NO_NAME_AFTER and before is not None and word.text.istitle():
        return one.lexeme.kind in ("place", "organisation", "street") or previous in ("is", "was", "are", "of", "to", "not", "will")
    if before is None and one.lexeme.value.lower() in QUALITIES and after is not None and following not in SAYS:
        return False
    return before is not None or following not in AFTER_A_WORD


def _is_name(found: Sequence[Found | None], place: int, word: Word | None, kinds: Sequence[str]) -> bool:
    """Whether the word there is a known name of these kinds, beyond doubt or at least written like one."""
    if word is None or not 0 <= place < len(found) or (one := found[place]) is None or one.is_near:
        return False
    return one.lexeme.kind in kinds and (not one.lexeme.is_also_a_word or word.text[:1].isupper())


def _kind(sort: Sort, place: int) -> str:
    if sort is Sort.PERSON:
        return "given" if place == 0 else "family"
    return "street" if sort is Sort.ADDRESS else sort.value


_LONGEST = 64  # letters of a name that may be a slip of another


def _shorter(word: str) -> set[str]:
    """The word and each form of it that lacks one letter: two words one slip apart share one of them (symmetric deletion)."""
    if len(word) > _LONGEST:  # no name: its forms would take the square of its length
        return {word}
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _slip(typed: str, name: str) -> int:
    """How ``typed`` is ``name`` mistyped: 1 with a letter doubled or undoubled, 2 with two swapped, 3 with one missing, added or wrong;
    0: it is not. Short names (three, four letters) only doubled or undoubled; the first letter is right, save where it was swapped."""
    if typed == name or abs(len(typed) - len(name)) > 1:
        return 0
    start = 0
    while start < min(len(typed), len(name)) and typed[start] == name[start]:
        start += 1
    left, right = typed[start:], name[start:]
    if len(typed) != len(name):
        longer, shorter = (left, right) if len(left) > len(right) else (right, left)
        if longer[1:] != shorter or start == 0:
            return 0
        return 1 if longer[0] == typed[start - 1] else 3 if len(name) > 4 else 0
    if len(name) < 5:
        return 0
    if len(left) > 1 and left[0] == right[1] and left[1] == right[0] and left[2:] == right[2:]:
        return 2
    return 3 if start > 0 and left[1:] == right[1:] else 0


def _may_take(word: Word, ending: str, letters: int) -> bool:
    """Whether a name of so many letters takes this ending where it stands: short ones only -s ("Tim", "Time"), and in Latin script none
    but -s without a capital."""
    if ending in ("", "s"):
        return True
    return letters > 3 and (not word.text.islower() or (not word.folded.isascii() and len(word.folded) > 4))


def _phone_forms(value: str) -> set[str]:
    """A telephone number as it is dialled from abroad and from within: +351 912 345 678 is also 912 345 678 and 0912 345 678."""
    digits = digits_of(value)
    if not digits.isdigit() or len(digits) < 6:
        return set()
    forms = {digits}
    if value.strip().startswith(("+", "00")):
        whole = digits.removeprefix("00")
        forms |= {whole, "00" + whole}
        for size in (1, 2, 3):
            national = whole[size:].removeprefix("0")
            if len(national) >= 7:
                forms |= {national, "0" + national}
    elif digits[0] == "0" and len(digits) > 7:
        forms.add(digits[1:])
    return forms
