"""Whose each sentence is: how far what somebody said is about themselves, or about the one they spoke to. Pure.

"I" is the speaker, "you" the one spoken to, a question is about the one who is asked, a plain sentence mostly its speaker's. What a machine
says with "you could" is advice and no news of the person. With three or more in one talk "you" is shared among the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..messages import Integrity, Item, Kind, Recalled
from ..store.search import stems
from .words import words

_LONGEST = 4_000  # characters of an item that are read
_SITTING = timedelta(hours=6)
FIRST = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|ours|i['’](?:m|ve|d|ll)|we['’](?:re|ve|d|ll))\b", re.IGNORECASE)
_SECOND = re.compile(r"\b(?:you|your|yours|yourself|you['’](?:re|ve|d|ll))\b", re.IGNORECASE)
YOU = "you"
PERSON = frozenset({"user", "me", "human", YOU})  # how transcripts name the person
MACHINES = frozenset({"assistant", "ai", "bot", "chatgpt", "system", "ownmind"})  # their "you could" is advice, no news of the person
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an item."""

    text: str
    stems: frozenset[str]
    owners: dict[str, float]  # how far it is about each person of the talk, 0..1


@dataclass(frozen=True, slots=True)
class Passage:
    """An item, sentence by sentence, with what was said around it."""

    item: Item
    cosine: float  # nearness to the question; 0 without an embedder
    own: tuple[Sentence, ...]
    near: tuple[Sentence, ...]  # of its neighbours
    people: tuple[str, ...]  # who takes part in the talk


def passages_of(found: Sequence[Recalled], around: Sequence[Item]) -> list[Passage]:
    """``found`` in its order, each beside what of ``found`` and ``around`` was said just before and after it."""
    known = {_place(item): item for item in [*around, *(one.item for one in found)]}
    talks: dict[str, list[str]] = {}
    for item in known.values():
        people = talks.setdefault(_place(item)[0], [])
        if speaker_of(item) not in people:
            people.append(speaker_of(item))
    beside = {(talk, position + step) for talk, position in map(_place, (one.item for one in found)) for step in (-1, 0, 1)}
    cut = {place: _sentences(item, talks[place[0]]) for place, item in known.items() if place in beside}
    passages = []
    for one in found:
        talk, position = _place(one.item)
        near = tuple(
            sentence
            for at in (position - 1, position + 1)
            if (talk, at) in cut and _is_one_talk(one.item, known[talk, at])
            for sentence in cut[talk, at]
        )
        passages.append(Passage(one.item, one.signals.get("cosine", 0.0), cut[talk, position], near, tuple(filter(None, talks[talk]))))
    return passages


def speaker_of(item: Item) -> str:
    """Who speaks in it: the person is "you" whatever a transcript calls them; a document is nobody."""
    if item.kind is Kind.PASSAGE:
        return ""
    name = item.speaker.strip()
    return YOU if name.lower() in PERSON or (not name and item.label.integrity is Integrity.PERSON) else name


def people_of(passages: Sequence[Passage]) -> list[str]:
    """Who takes part in the talks these are from."""
    return list(dict.fromkeys(name for passage in passages for name in passage.people))


def stems_in(sentences: Iterable[Sentence]) -> frozenset[str]:
    """Every stem of these sentences."""
    return frozenset(stem for sentence in sentences for stem in sentence.stems)


def _sentences(item: Item, people: Sequence[str]) -> tuple[Sentence, ...]:
    speaker = speaker_of(item)
    texts = [text for text in _SENTENCE.split(item.text[:_LONGEST]) if text.strip()]
    return tuple(Sentence(text, frozenset(stems(words(text))), _yours_too(item, text, _owners(text, speaker, people))) for text in texts)


def _owners(text: str, speaker: str, people: Sequence[str]) -> dict[str, float]:
    """How far a sentence is about its speaker and about each of the others, by I and you and by who is asked."""
    first, second = bool(FIRST.search(text)), bool(_SECOND.search(text))
    match text.rstrip().endswith("?"), first, second:
        case True, True, _:
            mine, theirs = 0.5, 0.5
        case True, _, _:
            mine, theirs = 0.1, 0.7
        case _, True, True:
            mine, theirs = 0.9, 0.5
        case _, True, _:
            mine, theirs = 1.0, 0.1
        case _, _, True:
            mine, theirs = 0.2, 0.8
        case _:
            mine, theirs = 0.7, 0.2
    if speaker.lower() in MACHINES:
        mine, theirs = 0.3, min(theirs, 0.3)
    others = [name for name in people if name != speaker]
    return {**dict.fromkeys(others, theirs if len(others) == 1 else theirs / 2), speaker: mine}


_MAYBE_YOURS = 0.6


def _yours_too(item: Item, text: str, owners: dict[str, float]) -> dict[str, float]:
    """A document is nobody's, and may be about the person all the same ("my lease"); whoever says "I" in it is somebody else."""
    return owners if item.kind is not Kind.PASSAGE or FIRST.search(text) else {YOU: _MAYBE_YOURS, **owners}


def _is_one_talk(one: Item, other: Item) -> bool:
    """Whether two neighbours were said in one sitting: the notes of two days stand side by side and are not about the same thing."""
    return one.at is None or other.at is None or abs(one.at - other.at) < _SITTING


def _place(item: Item) -> tuple[str, int]:
    return item.conversation or item.source.ref, item.position
