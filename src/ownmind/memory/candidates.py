"""From rows and a question to the numbers the signals are made of: what each candidate holds, who said it, when.

All texts are cut into words as one (``tokens``). Of a long text the words are counted whole, while the traits (names, numbers, "I") are
read in its beginning: anywhere in a long message there is a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..messages import Integrity, Kind
from ..store import search
from ..store.items import Heading
from ..store.times import Named
from ..store.vectors import Vectors
from . import languages, traits
from .dates import Window
from .question import Asks, Reading
from .signals import Candidates, Floats, Places, neighbours, sessions
from .tokens import Keys, Tokens, keys, tokens
from .words import words

_NUMBERED = tuple(Heading._fields.index(name) for name in ("id", "thread", "position"))
_PLAIN, _PLAINLY = 3, 0.2  # more common words of the question's language, and share of them, say that an item is in it too
_PHRASE = 3  # words: two terms this close stand together
_A_DATE = 40 * 86400.0  # seconds
_PERSON = frozenset({"user", "me", "human"})  # how transcripts name the person themselves
_OTHER = frozenset({"assistant", "ai", "bot", "companion", "chatbot", "model"})  # and the machine they talked with


def candidates(
    found: Sequence[Heading], reading: Reading, terms: Sequence[str], frequencies: Sequence[int], total: int, *,
    vectors: Vectors | None, question: Floats | None, named: Sequence[Named] = (),
) -> Candidates:  # fmt: skip
    """``found`` as the signals need them. ``terms``: the question's, stemmed, with how many items hold each; ``question``: its
    vector (d,), None while there is no embedder; ``named``: the times the items name, where the question names one."""
    ids, threads, positions = (np.array([heading[at] for heading in found], np.int64) for at in _NUMBERED)
    times = np.array([heading.at for heading in found], np.float64)  # None is nan
    session = sessions(threads, positions, times)
    before, after = neighbours(threads, positions, session)
    held = np.array(frequencies, np.float32)
    texts = [heading.text for heading in found]
    said = tokens([f"{heading.speaker} {heading.text}" for heading in found])
    counts, phrases = counted(said, terms, _following(reading, terms), np.log1p(total / (held + 1)).astype(np.float32))
    is_embedded = vectors is not None and question is not None
    is_mine = reading.about_me and not reading.about_you and reading.kind is not Asks.SUMMARY  # a summary is of both sides
    sides = np.array(_sides(found))
    by_named = _flags([heading.speaker in reading.people for heading in found])
    return Candidates(
        counts=counts,
        lengths=said.lengths.astype(np.float32),
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
        by_person=((sides == "person") & is_mine).astype(np.float32),
        by_other=((sides == "other") & reading.about_you).astype(np.float32),
        first_person=traits.holding(traits.FIRST_PERSON, texts, said, among=by_named > 0).astype(np.float32),
        expected=traits.holding(traits.EXPECTED.get(reading.expects), texts, said).astype(np.float32),
        asks=_flags([len(text) < 200 and "?" in text[-40:] for text in texts]),
        days_off=_days_off(ids, times, named, reading.window),
        foreign=_foreign(reading.languages, texts, said) if is_embedded else (),
        named=tuple(map(traits.names, texts)) if reading.kind is Asks.ORDER else (),
        direction=float(reading.wants_latest) - float(reading.wants_past),
    )


def counted(said: Tokens, terms: Sequence[str], following: Sequence[tuple[int, int]], rarity: Floats) -> tuple[Floats, Floats]:
    """(n, t) how often each text holds each term; (n,) the worth of those pairs ``following`` one another in the question that stand
    together in it."""
    n, t = len(said.lengths), len(terms)
    place = {term: at for at, term in enumerate(terms)}
    likely = said.beginning(terms)
    codes = np.array([place.get(stem, -1) for stem in search.stems(said.words(likely))], np.int64)
    held, codes = likely[codes >= 0], codes[codes >= 0]
    owner = said.owner[held]
    cells = np.bincount(owner * t + codes, minlength=n * t)
    phrases = np.zeros(n, np.float32)
    together = np.flatnonzero((held[1:] - held[:-1] <= _PHRASE) & (owner[1:] == owner[:-1]))
    pairs = codes[together] * t + codes[together + 1]
    for one, other in following:
        here = np.bincount(owner[together[pairs == one * t + other]], minlength=n)
        phrases += np.minimum(here, 2) * (rarity[one] + rarity[other])
    return cells.reshape(n, t).astype(np.float32), phrases


def _following(reading: Reading, terms: Sequence[str]) -> list[tuple[int, int]]:
    """The places in ``terms`` of content words that follow one another in the question."""
    place = {term: at for at, term in enumerate(terms)}
    said = [place[stem] for stem in search.stems(reading.terms) if stem in place]
    return list(dict.fromkeys((one, other) for one, other in pairwise(said) if one != other))


def _proper(reading: Reading, terms: Sequence[str]) -> Floats:
    """(t,) 1 for terms of names the question says, but for those of speakers: who spoke is a signal of its own."""
    speakers = {word for name in reading.people for word in words(name)}
    proper = set(search.stems([word for name in reading.proper for word in words(name) if word not in speakers]))
    return _flags([term in proper for term in terms])


def _sides(found: Sequence[Heading]) -> list[str]:
    """Who said each, as far as "me" and "you" go: the person, the other side of the talk, or somebody ("")."""
    said = [(heading.speaker, Integrity.COMPANION.value if heading.kind == Kind.REPLY else heading.integrity) for heading in found]
    side = {who: _side(*who) for who in set(said)}
    return [side[who] for who in said]


def _foreign(asked: frozenset[str], texts: Sequence[str], said: Tokens) -> tuple[bool, ...]:
    """Which texts are in another language than the question; empty where none is. Most hold enough of the commonest words of the
    question's language, and are not looked at any closer."""
    if not asked:
        return ()
    common, strange = _telling(asked)
    hits = np.bincount(said.owner[np.isin(said.keys, common)], minlength=len(texts))
    plain = hits > np.maximum(_PLAIN, _PLAINLY * said.lengths)
    doubtful = np.flatnonzero(~plain & (said.foreign | said.holding(strange))).tolist()
    other = {at for at in doubtful if languages.differs(asked, texts[at])}
    return tuple(at in other for at in range(len(texts))) if other else ()


@cache
def _telling(asked: frozenset[str]) -> tuple[Keys, Keys]:
    """The keys of words that say a text is in one of these languages, and of those without which it is in no other."""
    return _of_ascii(languages.common(asked)), _of_ascii(languages.strange(asked))


def _of_ascii(said: frozenset[str]) -> Keys:
    return keys(word for word in said if word.isascii())


def _side(speaker: str, integrity: str) -> str:
    if speaker.lower() in _OTHER or integrity == Integrity.COMPANION.value:
        return "other"
    return "person" if integrity == Integrity.PERSON.value or speaker.lower() in _PERSON else ""


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


def _flags(claims: Sequence[bool]) -> Floats:
    return np.array(claims, np.float32)
