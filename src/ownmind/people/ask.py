"""What to ask somebody: what they said, or what was said of them, that was open then and may be known by now. Pure.

A trip, an exam, a day with a doctor; being ill, looking for work, expecting a child. Each suggestion quotes the sentence and says when it
was said. English; what is quoted is what it is, never an instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..memory.whose import FIRST
from ..memory.words import contains_words
from .person import Cited

RECENT = timedelta(days=60)  # what was said before that is no news
_SOON = timedelta(days=14)
_MOST = 5
_LONGEST = 220  # characters of a sentence that is quoted
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*", re.MULTILINE)
_YOU = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:exams?|test results?|interview|operation|surgery|hospital|ill|sick|flu|broke (?:my|his|her)|injured|hurt|funeral|passed away"
    r"|pregnant"
    r"|expecting|baby|due date|moving|move house|new job|job hunt|looking for (?:a |an )?(?:job|flat|apartment|house)|applied|thesis"
    r"|marathon|race|concert|performance|presentation|defen[cs]e|wedding|engaged|divorce|trip|holiday|vacation|flying|travell?ing|journey"
    r"|driving (?:test|licen[cs]e)|court|therapy|diagnos\w+|puppy|adopt\w*|renovat\w+|worried|nervous)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """Something said lately. ``by``: by the one who would be asked; else about them, by somebody else. ``times``: the stretches it names,
    each with where its words stand."""

    ref: str
    at: datetime
    by: bool
    text: str
    times: tuple[tuple[int, datetime, datetime], ...] = ()


def ask(said: Iterable[Said], names: Sequence[str], now: datetime) -> tuple[Cited, ...]:
    """Up to five suggestions, the latest first, one for each thing said. ``names``: how the one to be asked is called."""
    found = [suggestion for one in said if now - RECENT <= one.at <= now and (suggestion := _suggestion(one, names, now)) is not None]
    return tuple(sorted(found, key=lambda cited: cited.at or now, reverse=True)[:_MOST])


def _suggestion(said: Said, names: Sequence[str], now: datetime) -> Cited | None:
    for match in _SENTENCE.finditer(said.text):
        sentence = match[0].strip()
        if not _is_theirs(sentence, said, names):
            continue
        named = [(start, end) for place, start, end in said.times if match.start() <= place < match.end()]
        how = _how(sentence, said.at, named, now)
        if how:
            return Cited(f"{how}: “{sentence[:_LONGEST]}” ({said.at.day} {said.at:%B})", said.ref, said.at)
    return None


def _is_theirs(sentence: str, said: Said, names: Sequence[str]) -> bool:
    if sentence.endswith("?") or len(sentence.split()) < 3:
        return False
    if said.by and _YOU.search(sentence):
        return False  # between the two of them: what is promised or asked stands elsewhere
    return FIRST.search(sentence) is not None if said.by else any(contains_words(sentence, name) for name in names)


def _how(sentence: str, at: datetime, named: Sequence[tuple[datetime, datetime]], now: datetime) -> str:
    """What to ask: how it was, for what lay ahead then and is over; how it goes, for what was open; that it comes."""
    ahead = [(start, end) for start, end in named if end > at and end - start <= timedelta(days=31)]
    is_open = _OPEN.search(sentence) is not None
    if ahead and all(end <= now for _, end in ahead):
        return "How was it" if is_open or len(sentence.split()) >= 5 else ""
    if any(now < start <= now + _SOON for start, _ in ahead):
        return "It comes soon"
    return "How is it now" if is_open and not named else ""
