"""Veiling a text, and bringing a reply back.

Both cut a text the same way: addresses, links and keys first; in what lies between them, numbers; in what lies between those,
words. What is put in is of the same make as what it replaces (a word for a word, as many digits for digits), so the text falls into
the same pieces again, and each comes back by itself: ``restore(veil(t)) == t``. A word that happens to be a pseudonym already is
veiled as well, or it would come back as somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from random import Random

from ...messages import Span
from ...store.pseudonyms import Pseudonym
from .book import Book, Choice, Unveilable, form
from .checksums import digits_of, iban, numbers
from .personal import Dictionary, Found, Word, words_of
from .pools import fill
from .spelling import BEGINS, ENDS, LETTER, RUN, WORD, fold

_EMAIL = rf"{BEGINS}(?<![_.+-])(?:{LETTER}|[_.%+-]){{1,64}}@(?:(?:{LETTER}|[_-]){{1,63}}\.){{1,8}}(?:(?!\d){LETTER}){{2,24}}{ENDS}(?![@_-])"
_URL = r"(?:https?|ftp|file|ssh|wss?)://[^\s<>\"'()\[\]{}|\\^`]+(?<![.,;:!?])|www\.[^\s<>\"'()\[\]{}|\\^`]+(?<![.,;:!?])"
_PEM = r"-----BEGIN [A-Z0-9 ]{1,40}-----.{0,6000}?-----END [A-Z0-9 ]{1,40}-----"
_KEY = rf"{BEGINS}(?<![_/+=.-])[A-Za-z0-9_+/=.-]{{20,}}{ENDS}(?![_/+=-])"
_LINK = re.compile(_URL)
_LITERAL = re.compile(f"(?P<url>{_URL})|(?P<pem>{_PEM})|(?P<email>{_EMAIL})|(?P<key>{_KEY})", re.DOTALL)
_KEY_STARTS = (
    "sk-", "sk_", "pk_", "rk_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xox", "AKIA", "ASIA", "AIza", "hf_", "npm_", "pypi-",
    "eyJ",
)  # fmt: skip
_PERSONAL_PATH = re.compile(
    r"@|~|[?#]|/(?:u|users?|home|profiles?|people|in|me|accounts?|invite|shared?|d|files?)/|[\w-]{20,}",
)
_JOINS = re.compile(r"[ \u00a0\u202f./()+-]{0,2}")
_BESIDE = re.compile(r"[\s,.#-]{1,3}")
_GROUPS = 12  # a number may be written in so many pieces
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Replaced:
    """One place: ``text[at]`` was ``value``; in the veiled text ``[stands_at]`` is ``pseudonym``."""

    kind: str
    at: Span
    stands_at: Span
    value: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Veiled:
    """A text that may be shown to a stranger. ``new``: pseudonyms chosen for it, to be kept with the scope before it is sent."""

    text: str
    replaced: tuple[Replaced, ...]
    new: tuple[Pseudonym, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    kind: str
    instead: str


def veil(text: str, dictionary: Dictionary, known: Collection[Pseudonym], random: Random) -> Veiled:
    """``text`` with every personal value replaced. ``known``: the pseudonyms of this scope so far. ``random``: unguessable where it
    matters (``random.SystemRandom``), for a pseudonym must not tell the name it stands for. Raises Unveilable."""
    for _ in range(_ATTEMPTS):
        book = Book(known)
        places = list(_veiled_places(text, dictionary, book, random))
        veiled = _replaced(text, places, tuple(book.chosen))
        if _restored(veiled.text, book) == text:  # true by construction save for numbers that meet by chance
            return veiled
    raise Unveilable("no pseudonyms were found with which this text comes back as it was", hint="send less of it at once")


def restore(text: str, known: Collection[Pseudonym]) -> str:
    """A reply with the values in place of their pseudonyms, in whatever case and inflection it has them."""
    return _restored(text, Book(known))


class Restoring:
    """``restore`` for a reply that comes in pieces: the pieces given back, joined, are the whole restored."""

    def __init__(self, known: Collection[Pseudonym]) -> None:
        self._book = Book(known)
        self._held = ""
        self._looked = 1  # no place before this one is a safe cut

    def feed(self, piece: str) -> str:
        """What can be shown by now. A name cut in two is held back until its end has come."""
        self._held += piece
        cut = self._safe_cut()
        ready, self._held = self._held[:cut], self._held[cut:]
        self._looked = max(1, len(self._held))
        return _restored(ready, self._book)

    def end(self) -> str:
        """The rest."""
        ready, self._held = self._held, ""
        return _restored(ready, self._book)

    def _safe_cut(self) -> int:
        """After the last blank at which no name, number or address can be half said."""
        for place in range(len(self._held) - 1, self._looked - 1, -1):
            if self._held[place - 1].isspace() and not self._held[place].isspace() and self._is_whole(self._held[:place]):
                return place
        return 0

    def _is_whole(self, said: str) -> bool:
        tail = said[-80:]
        words = list(WORD.finditer(tail))
        if words and words[-1].lastgroup == "digits":
            return False  # "12 Rosendra": the street may follow
        if words and words[-1].lastgroup == "letters" and self._book.is_street(words[-1][0]):
            return False
        groups = list(RUN.finditer(tail))
        return not any(_joined(tail, groups[place:]) in self._book.starts for place in range(max(0, len(groups) - _GROUPS), len(groups)))


def _joined(tail: str, groups: list[re.Match[str]]) -> str:
    """The groups as one number, if nothing but separators stands between them and to the end; "" otherwise."""
    ends = [*(group.start() for group in groups[1:]), len(tail)]
    if all(_JOINS.fullmatch(tail, group.end(), end) for group, end in zip(groups, ends, strict=True)):
        return "".join(group[0] for group in groups).upper()
    return ""


def _gaps(text: str, places: list[_Place]) -> Iterator[tuple[int, str]]:
    """The stretches of ``text`` between ``places``, with where they begin."""
    at = 0
    for place in places:
        yield at, text[at : place.start]
        at = place.end
    yield at, text[at:]


def _within(text: str, outer: list[_Place], find: Callable[[str], list[_Place]]) -> list[_Place]:
    """``outer`` and what ``find`` finds in the stretches between, in order."""
    inner = [
        _Place(at + place.start, at + place.end, place.kind, place.instead) for at, gap in _gaps(text, outer) if gap for place in find(gap)
    ]
    return sorted([*outer, *inner], key=lambda place: place.start)


def _veiled_places(text: str, dictionary: Dictionary, book: Book, random: Random) -> list[_Place]:
    folded = [fold(match[0]) for match in WORD.finditer(text) if match.lastgroup == "letters"]
    choice = Choice(book, dictionary, text, folded, random)
    places = _literals(text, dictionary, book, choice)
    places = _within(text, places, lambda gap: _numbers(gap, dictionary, book, choice))
    return _within(text, places, lambda gap: _words(gap, dictionary, book, choice))


def _restored(text: str, book: Book) -> str:
    """A link that is no pseudonym stays as it came: a real name in it would go to whoever made it up, with one click."""
    places = [_Place(start, end, "", row.value) for start, end, row in _pseudonyms(text, book)]
    places = _within(text, places, lambda gap: [_Place(one.start(), one.end(), "", one[0]) for one in _LINK.finditer(gap)])
    places = _within(text, places, lambda gap: _restored_codes(gap, book))
    return _replaced(text, _within(text, places, lambda gap: _restored_words(gap, book)), ()).text


def _pseudonyms(text: str, book: Book) -> Iterator[tuple[int, int, Pseudonym]]:
    """Where pseudonyms of addresses, links and keys stand."""
    if pattern := book.literal():
        for match in pattern.finditer(text):
            yield match.start(), match.end(), book.literals[match[0].lower()]


def _restored_codes(gap: str, book: Book) -> list[_Place]:
    return [_Place(start, end, "", fill(gap[start:end], book.codes[code].value)) for start, end, code in _codes(gap, book.codes)]


def _replaced(text: str, places: list[_Place], new: tuple[Pseudonym, ...]) -> Veiled:
    parts: list[str] = []
    found: list[Replaced] = []
    size = 0
    for (_, gap), place in zip(_gaps(text, places), [*places, None], strict=True):
        parts.append(gap)
        size += len(gap)
        if place is not None:
            there = Span(size, size + len(place.instead))
            found.append(Replaced(place.kind, Span(place.start, place.end), there, text[place.start : place.end], place.instead))
            parts.append(place.instead)
            size = there.end
    return Veiled("".join(parts), tuple(found), new)


def _literals(text: str, dictionary: Dictionary, book: Book, choice: Choice) -> list[_Place]:
    """Addresses, personal links and keys; and whatever looks like a pseudonym of one."""
    spans = [(start, end, row.kind) for start, end, row in _pseudonyms(text, book)]
    for match in _LITERAL.finditer(text):
        kind = "key" if match.lastgroup == "pem" else match.lastgroup or ""
        is_personal = (kind != "url" or _is_personal(match[0], dictionary, book)) and (match.lastgroup != "key" or _is_key(match[0]))
        if is_personal:
            spans.append((match.start(), match.end(), kind))
    return [_Place(start, end, kind, choice.literal(kind, text[start:end]).pseudonym) for start, end, kind in _apart(spans)]


def _is_personal(url: str, dictionary: Dictionary, book: Book) -> bool:
    """A link that leads to somebody: a user, a query, a long token or a known name or number is in it, or what is a pseudonym already."""
    path = url.split("://", 1)[-1]
    if _PERSONAL_PATH.search(path) is not None or any(numbers(url)) or any(_codes(url, {**book.codes, **dictionary.codes})):
        return True
    words = words_of(url)
    return any(dictionary.find(words)) or any(book.word(word.text) != word.text for word in words) or bool(_restored_words(url, book))


def _is_key(run: str) -> bool:
    letters, digits = sum(map(str.isalpha, run)), sum(map(str.isdigit, run))
    if run.startswith(_KEY_STARTS):
        return True
    return digits > 2 and letters > 2 and len(set(run)) > 9 and not iban(digits_of(run).upper()) and ".." not in run and run.count("/") < 3


def _numbers(gap: str, dictionary: Dictionary, book: Book, choice: Choice) -> list[_Place]:
    known = {**dict.fromkeys(book.codes, "account"), **dictionary.codes}
    spans = [(start, end, known[code]) for start, end, code in _codes(gap, known)]
    spans += [(found.start, found.end, found.kind) for found in numbers(gap)]
    return [
        _Place(start, end, kind, fill(gap[start:end], choice.number(kind, digits_of(gap[start:end]).upper()).pseudonym))
        for start, end, kind in _apart(spans)
    ]


def _codes(gap: str, known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """The numbers of ``known`` that stand in ``gap``, however their digits are grouped."""
    if not known:
        return
    starts = {code[:3] for code in known}
    groups = list(RUN.finditer(gap))
    first = 0
    while first < len(groups):
        joined, best = "", None
        for last in range(first, min(first + _GROUPS, len(groups))):
            if last > first and not _JOINS.fullmatch(gap, groups[last - 1].end(), groups[last].start()):
                break
            joined += groups[last][0].upper()
            if len(joined) > 40 or (len(joined) > 2 and joined[:3] not in starts):
                break
            if joined in known:
                best = (last, joined)
        if best is None:
            first += 1
            continue
        yield groups[first].start(), groups[best[0]].end(), best[1]
        first = best[0] + 1


def _apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The longest of those that overlap, from the left."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _words(gap: str, dictionary: Dictionary, book: Book, choice: Choice) -> list[_Place]:
    words = words_of(gap)
    places = []
    for word, found in zip(words, dictionary.find(words), strict=True):
        if instead := _instead(word, found, book, choice):
            places.append(_Place(word.start, word.end, instead[0], instead[1]))
    streets = [place for place in places if book.is_street(place.instead)]
    for match in WORD.finditer(gap):
        if match.lastgroup == "unspaced":
            places += _unspaced(match, dictionary, book, choice)
        elif match.lastgroup == "digits" and _is_beside(gap, match, [(street.start, street.end) for street in streets]):
            places.append(_Place(match.start(), match.end(), "house", choice.house(match[0]).pseudonym))
    return sorted(places, key=lambda place: place.start)


def _instead(word: Word, found: Found | None, book: Book, choice: Choice) -> tuple[str, str] | None:
    """The pseudonym for one word, in its form; None when it may stay."""
    if found is None:
        return ("word", choice.word("word", word.text).pseudonym) if book.word(word.text) != word.text else None
    base = choice.word(found.lexeme.kind, found.lexeme.value)
    if not found.is_near:
        instead = form(base.pseudonym, base.value, word.text, found.ending, found.replaced)
        if book.word(instead) == word.text:
            return base.kind, instead
    return base.kind, choice.word(base.kind, word.text, like=base).pseudonym


def _unspaced(run: re.Match[str], dictionary: Dictionary, book: Book, choice: Choice) -> Iterator[_Place]:
    text, at = run[0], 0
    while at < len(text):
        names = [*dictionary.unspaced.get(text[at], ()), *(row.pseudonym for row in book.unspaced.get(text[at], ()))]
        name = max((name for name in names if text.startswith(name, at)), key=len, default="")
        if name:
            yield _Place(run.start() + at, run.start() + at + len(name), "unspaced", choice.unspaced(name).pseudonym)
        at += len(name) or 1


def _restored_words(gap: str, book: Book) -> list[_Place]:
    places = []
    streets: list[tuple[int, int]] = []
    matches = list(WORD.finditer(gap))
    for match in matches:
        if match.lastgroup == "letters":
            value = book.word(match[0])
            if value != match[0]:
                places.append(_Place(match.start(), match.end(), "", value))
            if book.is_street(match[0]):
                streets.append((match.start(), match.end()))
        elif match.lastgroup == "unspaced":
            places += _restored_unspaced(match, book)
    for match in matches if streets else ():
        if match.lastgroup == "digits" and match[0] in book.houses and _is_beside(gap, match, streets):
            places.append(_Place(match.start(), match.end(), "", book.houses[match[0]].value))
    return sorted(places, key=lambda place: place.start)


def _restored_unspaced(run: re.Match[str], book: Book) -> Iterator[_Place]:
    text, at = run[0], 0
    while at < len(text):
        row = next((row for row in book.unspaced.get(text[at], ()) if text.startswith(row.pseudonym, at)), None)
        if row:
            yield _Place(run.start() + at, run.start() + at + len(row.pseudonym), "", row.value)
        at += len(row.pseudonym) if row else 1


def _is_beside(gap: str, number: re.Match[str], streets: list[tuple[int, int]]) -> bool:
    return len(number[0]) < 6 and any(
        _BESIDE.fullmatch(gap, end, number.start()) or _BESIDE.fullmatch(gap, number.end(), start) for start, end in streets
    )
