"""From rows and a question to the numbers the signals are made of: what each candidate holds, who said it, when.

All texts are read as one long one, several times as fast as one by one. Of a long text the words are counted whole, while the traits
(names, numbers, "I") are read in its first 600 characters: anywhere in a long message there is a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..messages import Integrity
from ..store import scripts, search
from ..store.items import Heading
from ..store.times import Named
from ..store.vectors import Vectors
from .dates import Window
from .question import Asks, Expects, Reading
from .signals import Candidates, Floats, Places, neighbours, sessions
from .words import words

_MARK, _END = scripts.END, -2
_READ = 600  # characters
_PHRASE = 3  # words: two terms this close stand together
_A_DATE = 40 * 86400.0  # seconds
_PERSON = frozenset({"user", "me", "human"})  # how transcripts name the person themselves
_OTHER = frozenset({"assistant", "ai", "bot", "companion", "chatbot", "model"})  # and the machine they talked with

_HOLDS = {
    Expects.TIME: re.compile(
        r"\b(?:(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)|january|february|march|april|june|july|august|september|october|november|december"
        r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tonight|tomorrow|ago|weekend|(?:last|next|past|this|few|\d+|two|three"
        r"|four|five|six|seven|eight|nine|ten) (?:\w+ )?(?:day|night|week|month|year|summer|winter|spring|fall|autumn)s?|since|recently)\b",
        re.IGNORECASE,
    ),
    Expects.NUMBER: re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred|thousand|once|twice"
        r"|second|third|fourth|fifth|another|both|couple|half|first)\b",
        re.IGNORECASE,
    ),
    Expects.NAME: re.compile(r"(?<=[a-z,] )[\"“]?[A-Z][a-z]+|[\"“][A-Z]"),
    Expects.PLACE: re.compile(r"\b(?:in|at|to|from|near|around|visit(?:ed|ing)?|of) (?:the )?[A-Z][a-z]+"),
}
_WITHIN = re.compile(r"(?<=[a-z0-9,;)] )[A-Z][a-z]{2,}\b")
_CALENDAR = frozenset(
    """January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday
    Saturday Sunday""".split()  # noqa: SIM905
)
_FIRST_PERSON = re.compile(r"\b(?:i|i['’](?:m|ve|d|ll)|my|me|mine|myself|we|we['’](?:re|ve|d|ll)|our|us)\b", re.IGNORECASE)


def candidates(
    found: Sequence[Heading], reading: Reading, terms: Sequence[str], frequencies: Sequence[int], total: int, *,
    vectors: Vectors | None, question: Floats | None, named: Sequence[Named] = (),
) -> Candidates:  # fmt: skip
    """``found`` as the signals need them. ``terms``: the question's, stemmed, with how many items hold each; ``question``: its
    vector (d,), None while there is no embedder; ``named``: the times the items name, where the question names one."""
    ids = np.array([heading.id for heading in found], np.int64)
    threads = np.array([heading.thread for heading in found], np.int64)
    positions = np.array([heading.position for heading in found], np.int64)
    times = np.array([math.nan if heading.at is None else heading.at for heading in found], np.float64)
    session = sessions(threads, positions, times)
    before, after = neighbours(threads, positions, session)
    held = np.array(frequencies, np.float32)
    counts, lengths, phrases = counted(found, terms, _following(reading, terms), np.log1p(total / (held + 1)).astype(np.float32))
    is_embedded = vectors is not None and question is not None
    is_mine = reading.about_me and not reading.about_you and reading.kind is not Asks.SUMMARY  # a summary is of both sides
    asked_of = [_spoke(heading) for heading in found]
    beginnings = [heading.text[:_READ] for heading in found]
    by_named = _flags(heading.speaker in reading.people for heading in found)
    return Candidates(
        counts=counts,
        lengths=lengths,
        frequencies=held,
        proper=_proper(reading, terms),
        total=total,
        phrases=phrases,
        vectors=vectors.of(ids) if is_embedded and vectors is not None else np.zeros((len(found), 1), np.float32),
        question=question if is_embedded and question is not None else np.zeros(1, np.float32),
        before=before,
        after=after,
        sessions=session,
        positions=positions,
        times=times,
        by_named=by_named,
        by_person=_flags(is_mine and who == "person" for who in asked_of),
        by_other=_flags(reading.about_you and who == "other" for who in asked_of),
        first_person=_flags(
            bool(named) and _FIRST_PERSON.search(text) is not None for named, text in zip(by_named, beginnings, strict=True)
        ),
        expected=_expected(beginnings, reading.expects),
        asks=_flags(len(heading.text) < 200 and "?" in heading.text[-40:] for heading in found),
        days_off=_days_off(ids, times, named, reading.window),
        named=tuple(_names(text) for text in beginnings) if reading.kind is Asks.ORDER else (),
        direction=float(reading.wants_latest) - float(reading.wants_past),
    )


def counted(
    found: Sequence[Heading], terms: Sequence[str], following: Sequence[tuple[int, int]], rarity: Floats
) -> tuple[Floats, Floats, Floats]:
    """(n, t) how often each candidate holds each term; (n,) how many words it has; (n,) the worth of those pairs ``following`` one
    another in the question that stand together in it."""
    n, t = len(found), len(terms)
    said = scripts.words("".join(f"{heading.speaker} {heading.text.replace(_MARK, ' ')}{_MARK}" for heading in found))
    distinct = list(set(said))
    place = {term: at for at, term in enumerate(terms)}
    code = {word: place.get(stem, -1) for word, stem in zip(distinct, search.stems(distinct), strict=True)}
    code[_MARK] = _END
    codes = np.fromiter(map(code.__getitem__, said), np.int64, len(said))
    owner = np.cumsum(codes == _END)
    lengths = np.bincount(owner[codes != _END], minlength=n)[:n]
    held = np.flatnonzero(codes >= 0)
    cells = np.bincount(owner[held] * t + codes[held], minlength=n * t)
    phrases = np.zeros(n, np.float32)
    first, second = held[:-1], held[1:]
    together = (second - first <= _PHRASE) & (owner[first] == owner[second])
    pairs = codes[first[together]] * t + codes[second[together]]
    for one, other in following:
        here = np.bincount(owner[first[together][pairs == one * t + other]], minlength=n)[:n]
        phrases += np.minimum(here, 2) * (rarity[one] + rarity[other])
    return cells.reshape(n, t).astype(np.float32), lengths.astype(np.float32), phrases


def _following(reading: Reading, terms: Sequence[str]) -> list[tuple[int, int]]:
    """The places in ``terms`` of content words that follow one another in the question."""
    place = {term: at for at, term in enumerate(terms)}
    said = [place[stem] for stem in search.stems(reading.terms) if stem in place]
    return list(dict.fromkeys((one, other) for one, other in pairwise(said) if one != other))


def _proper(reading: Reading, terms: Sequence[str]) -> Floats:
    """(t,) 1 for terms of names the question says, but for those of speakers: who spoke is a signal of its own."""
    speakers = {word for name in reading.people for word in words(name)}
    proper = set(search.stems([word for name in reading.proper for word in words(name) if word not in speakers]))
    return _flags(term in proper for term in terms)


def _names(text: str) -> frozenset[str]:
    """The capitalised words within the sentences of ``text``, without days and months."""
    return frozenset(_WITHIN.findall(text)) - _CALENDAR


def _expected(texts: Sequence[str], expects: Expects) -> Floats:
    pattern = _HOLDS.get(expects)
    return np.zeros(len(texts), np.float32) if pattern is None else _flags(pattern.search(text) is not None for text in texts)


def _spoke(heading: Heading) -> str:
    """Who said it, as far as "me" and "you" go: the person, the other side of the talk, or somebody."""
    speaker = heading.speaker.lower()
    if speaker in _OTHER or heading.integrity == Integrity.COMPANION.value:
        return "other"
    return "person" if heading.integrity == Integrity.PERSON.value or speaker in _PERSON else ""


def _days_off(ids: Places, times: NDArray[np.float64], named: Sequence[Named], window: Window | None) -> Floats:
    """How far the time each was said at, or one it names, lies from the one the question names, whichever is nearer. Said before it
    counts threefold: people speak of what has happened. A stretch much longer than a month is no date."""
    if window is None:
        return np.full(len(times), np.nan, np.float32)
    start, end = window.start.timestamp(), window.end.timestamp()
    off = np.maximum(np.maximum(times - end, 3 * (start - times)), 0)
    place = {int(row): at for at, row in enumerate(ids)}
    for one in named:
        if one.item in place and one.until - one.start <= _A_DATE:
            at = place[one.item]
            off[at] = np.fmin(off[at], 3 * max(one.start - end, start - one.until, 0))
    return (off / 86400).astype(np.float32)


def _flags(claims: Iterable[bool]) -> Floats:
    return np.fromiter(claims, np.float32)
