"""Which way a bare date looks: "we met on Friday" looks back, "dentist on Friday" ahead, "swimming on Fridays" is no date.

The verb nearest before the date, in its own clause, decides; else the nearest after it. A present perfect looks ahead, because
English does not put one beside a time that is over ("I've booked a table on Friday"). English only.
"""

from __future__ import annotations

import re
from enum import Enum


class Tense(Enum):
    """What the verbs around a date say of it."""

    PAST = "past"
    AHEAD = "ahead"  # will, going to, planned
    PRESENT = "present"
    SILENT = "silent"  # no verb that tells
    HABIT = "habit"  # every, usually: no single date is meant
    UNCLEAR = "unclear"  # "put it up on Friday": done, or to do


_REACH = 160  # characters looked at on each side of a date
_CLAUSE_END = re.compile(r"[.!?;\n]|, (?:and|but|so|then) | but ")
_WORD = re.compile(r"(?:won|can|couldn|wouldn|didn|wasn|weren|hadn|haven|hasn|isn|aren|don|doesn)['’]t|['’](?:ll|m|re|s|ve|d)\b|[^\W\d_]+")

_IRREGULAR = frozenset(
    """was were wasn't weren't did didn't had hadn't went got came saw met said told took gave made bought brought thought felt found
    left lost kept held heard ran sat slept spent spoke stood taught threw understood woke won wore wrote ate began broke built caught
    chose drank drew drove fell fought flew forgot froze grew hid hung knew laid led lent paid rang rode rose sang sank sent shook shone
    shot slid sold stole struck swam swore tore couldn't wouldn't born became ended blew bit dealt dug fed fled lit meant proved sought
    swept swung threw wept wound burnt learnt dreamt spelt spilt spoilt leapt knelt crept dealt felt overcame withdrew mistook""".split()  # noqa: SIM905
)
_NOT_PAST = frozenset(
    """need feed seed speed weed breed bleed exceed proceed succeed indeed hundred red bed shed sacred naked wicked agreed embed kindred
    beloved aged rugged led""".split()  # noqa: SIM905  # words in -ed that are no past tense
)
_LIES_AHEAD = frozenset(
    """excited scheduled supposed expected planned booked reserved invited arranged organised organized due tired worried interested
    engaged determined prepared confirmed""".split()  # noqa: SIM905  # participles that speak of what is still to come
)
_FELT = frozenset("excited invited tired worried interested".split())  # noqa: SIM905  # with "was" these are over
_AHEAD = frozenset(
    """will 'll won't shall gonna going would should might may must plan planning plans hope hoping hopes want wants need needs let
    upcoming coming remind deadline due tomorrow intend can could""".split()  # noqa: SIM905
)
_PRESENT = frozenset("is are am 's 're 'm isn't aren't do does don't doesn't has have haven't hasn't starts begins ends leaves".split())  # noqa: SIM905
_AUXILIARY = frozenset("is are am 's 're 'm be being been get gets have has 've isn't aren't haven't hasn't".split())  # noqa: SIM905
_ADVERBS = frozenset("so very really just already also not never all both still now finally quite pretty too".split())  # noqa: SIM905
_SAME = frozenset("read put cut hit quit set beat shut cost spread let hurt split bet cast".split())  # noqa: SIM905  # past or not, one form
_TO = frozenset("to will 'll won't would can could should might may must let did didn't do does don't please i'll".split())  # noqa: SIM905
_SUBJECTS = frozenset("i we you he she they it who which that just finally already never and".split())  # noqa: SIM905
_HABIT = re.compile(r"\b(?:every|each|usually|always|often|sometimes|normally|generally|typically)\b", re.IGNORECASE)


def tense(text: str, start: int, end: int) -> Tense:
    """What the verbs around ``text[start:end]`` say of the time named there."""
    before, after = _clause(text, start, end)
    if _HABIT.search(before) or _HABIT.match(after.lstrip()):
        return Tense.HABIT
    if _BEHIND.search(before):
        return Tense.PAST
    found = _nearest(_words(before), backwards=True)
    return _nearest(_words(after), backwards=False) if found is Tense.SILENT else found


_BEHIND = re.compile(r"\b(?:(?:thanks|thank you|sorry)\b[^,]*|back (?:in|on|at|around) (?:the )?|since (?:the )?)$", re.IGNORECASE)


def speaks_of_the_past(text: str, at: int) -> bool:
    """Whether any verb near ``at``, in its own sentence or the next ones, is in the past tense."""
    return any(is_past(word) for word in _words(text[max(0, at - _REACH) : at + _REACH]))


def _clause(text: str, start: int, end: int) -> tuple[str, str]:
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    cut = 0
    for match in _CLAUSE_END.finditer(before):
        cut = match.end()
    stop = _CLAUSE_END.search(after)
    return before[cut:], after[: stop.start()] if stop else after


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def _nearest(words: list[str], *, backwards: bool) -> Tense:
    for at in range(len(words) - 1, -1, -1) if backwards else range(len(words)):
        word = words[at]
        helper = next((each for each in reversed(words[max(0, at - 3) : at]) if each not in _ADVERBS), "")
        if word == "going" and helper in ("was", "were"):
            return Tense.PAST
        if word in _LIES_AHEAD or word in _AHEAD:
            return Tense.PAST if word in _FELT and helper in ("was", "were") else Tense.AHEAD
        if word.endswith("ing") and helper in _AUXILIARY and helper not in ("have", "has", "'ve", "haven't", "hasn't"):
            return Tense.AHEAD
        if word in _SAME and helper not in _TO and helper not in _AUXILIARY:
            return Tense.PAST if helper in _SUBJECTS else Tense.UNCLEAR
        if is_past(word) and helper not in _AUXILIARY:
            return Tense.PAST
        if word in _PRESENT:
            return Tense.PRESENT
    return Tense.SILENT


def is_past(word: str) -> bool:
    """Whether a word (lower case) looks like a verb in the past tense."""
    return word in _IRREGULAR or (len(word) > 3 and word.endswith("ed") and word not in _NOT_PAST and word not in _LIES_AHEAD)
