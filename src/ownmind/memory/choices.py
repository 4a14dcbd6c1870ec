"""What memories may be narrowed by, and how many each choice leaves: counted in columns, because every choice is counted as the others are
made and a hundred thousand statements are counted while somebody looks on. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..store import memories as found_rows
from ..store.memories import STATES, Line, Wanted
from .predicates import YOU
from .topics import TOPICS, topic

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

TALKS, CORRECTIONS = "conversation:", "correction:"  # beginnings of refs: all talks are one choice, and so are all corrections
_CHOICES = 200  # people, or sources, that may be chosen of


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to narrow by, and how many memories that leaves."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What memories may be narrowed by, each counted as the other choices are made. ``total``: with all of them."""

    total: int
    people: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    times: tuple[Choice, ...]
    states: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """One row a statement: (n,) codes of its subject, first part of slot and source, when it was learnt, and its flags."""

    subject: Codes
    head: Codes
    source: Codes
    learned_at: NDArray[np.float64]
    flags: Codes
    subjects: dict[str, str]  # in the order of their codes, each with how it is written
    heads: list[str]
    sources: list[int]

    def states(self) -> dict[str, Mask]:
        is_now = (self.flags & found_rows.NOW) > 0
        return {
            "now": is_now,
            "guess": is_now & ((self.flags & found_rows.IS_SURE) == 0),
            "kept": is_now & ((self.flags & found_rows.KEPT) > 0),
            "past": (self.flags & found_rows.PAST) > 0,
            "wrong": (self.flags & found_rows.WRONG) > 0,
            "all": np.ones(len(self.flags), bool),
        }


def columns(lines: Iterable[Line]) -> Columns:
    """Of the rows of one statement the first counts, sure if any of them is."""
    place: dict[object, int] = {}
    subjects: dict[str, int] = {}
    heads: dict[str, int] = {}
    sources: dict[int, int] = {}
    names: dict[str, str] = {}
    rows_: list[tuple[int, int, int, float]] = []
    flags: list[int] = []
    for of, subject_key_, subject, head, source, learned_at, held in lines:
        at = place.setdefault(of, len(flags))
        if at < len(flags):
            flags[at] |= held & found_rows.IS_SURE
            continue
        names.setdefault(subject_key_, subject)
        flags.append(held)
        rows_.append(
            (
                subjects.setdefault(subject_key_, len(subjects)),
                heads.setdefault(head, len(heads)),
                sources.setdefault(source, len(sources)),
                learned_at,
            )
        )
    table = np.array(rows_, np.float64).reshape(-1, 4)
    codes = table[:, :3].astype(np.int64)
    return Columns(codes[:, 0], codes[:, 1], codes[:, 2], table[:, 3], np.array(flags, np.int64), names, [*heads], [*sources])


def counted(held: Columns, wanted: Wanted, topic_: str, sources: Mapping[int, tuple[str, str]], begins: Mapping[str, float]) -> Choices:
    """The choices of these statements as the others of ``wanted`` and the topic are made. ``sources``: ref and title by row; ``begins``:
    when each stretch of days began."""
    refs = [_choice_of(sources[row][0]) for row in held.sources]
    topics = [topic(head) for head in held.heads]
    states = held.states()
    since, until = wanted.since or -np.inf, np.inf if wanted.until is None else wanted.until
    tests = {
        "subject": _among(held.subject, [not wanted.subject or key == wanted.subject for key in held.subjects]),
        "topic": _among(held.head, [topic_ in ("", one) for one in topics]),
        "source": _among(held.source, [wanted.source in ("", ref) for ref in refs]),
        "time": (held.learned_at >= since) & (held.learned_at < until),
        "state": states[wanted.state],
    }

    def but(name: str) -> Mask:
        """What every other choice leaves."""
        left: Mask = np.logical_and.reduce([mask for test, mask in tests.items() if test != name])
        return left

    titles = {_choice_of(ref): title or ref for ref, title in sources.values()}
    people = _counts([*held.subjects], held.subject[but("subject")])
    by_topic = _counts(topics, held.head[but("topic")])
    by_source = _counts(refs, held.source[but("source")])
    learned = held.learned_at[but("time")]
    return Choices(
        int(np.count_nonzero(but(""))),
        tuple(Choice(key, held.subjects[key], count) for key, count in _most(people, YOU)),
        tuple(Choice(name, name, by_topic[name]) for name in TOPICS if by_topic[name]),
        tuple(Choice(key, "" if key in (TALKS, CORRECTIONS) else titles[key], count) for key, count in _most(by_source, TALKS)),
        tuple(Choice(name, name, int(np.count_nonzero(learned >= first))) for name, first in begins.items()),
        tuple(Choice(name, name, int(np.count_nonzero(states[name] & but("state")))) for name in STATES),
    )


def _among(codes: Codes, wanted: Sequence[bool]) -> Mask:
    return np.array(wanted, bool)[codes] if wanted else np.zeros(0, bool)


def _counts(names: Sequence[str], codes: Codes) -> Counter[str]:
    """How often each name is meant; several codes may have one name."""
    found = Counter[str]()
    for name, count in zip(names, np.bincount(codes, minlength=len(names)).tolist(), strict=True):
        if count:
            found[name] += count
    return found


def _choice_of(ref: str) -> str:
    """The choice a source belongs to: talks are one, and so are the person's corrections."""
    return next((beginning for beginning in (TALKS, CORRECTIONS) if ref.startswith(beginning)), ref)


def _most(counted: Counter[str], first: str) -> list[tuple[str, int]]:
    """The most frequent, ``first`` before all others."""
    return sorted(counted.most_common(_CHOICES), key=lambda pair: (pair[0] != first, -pair[1], pair[0]))
