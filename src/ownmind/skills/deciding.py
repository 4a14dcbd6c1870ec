"""Which sentences of a text decide something for its reader, and which may be left out of a summary. Pure; no model.

A sentence decides by what it has: a number or a day, a "not", a duty or a permission, a condition, a limit, a decision, somebody to turn
to, an instruction, a danger. The word lists are of English; of six other languages they hold the words that would mislead if they were
missed (not, only, if, must, until). What a list does not know may be left out; nothing is changed.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from ..memory.citing import stems
from . import checks
from .material import Piece

ALL_OF, MOST = 14, 24  # sentences of a text of which everything that decides is kept, and lines of any summary
_OF_MORE = 0.35  # the share that is kept of what goes beyond
_DECIDES = 1.0
_SECTION = 12  # sentences of one where the text has no headings
_HEADING = 9  # words of the longest heading


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences under one heading ("" where there is none), in their order."""

    heading: str
    pieces: tuple[Piece, ...]


def _words() -> dict[str, re.Pattern[str]]:
    listed = tomllib.loads(files(__package__).joinpath("deciding.toml").read_text("utf-8"))
    return {name: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for name, words in listed.items()}


_SAID = _words()
_BINDS = ("limit", "duty", "decision", "money", "danger")
_TIME = re.compile(
    r"\b(?:(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|noon|midnight|tomorrow|tonight|(?:next|last|this|every) (?:day|week|"
    r"weekend|month|year|spring|summer|autumn|winter)|daily|weekly|monthly|yearly|nightly|now|twice)"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_WHO = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Mayor|Judge|President|Director|Chair\w*|Captain|Minister|Sister)\.? [A-ZÀ-Þ]"
    r"|[A-ZÀ-Þ][\w’'-]+, (?:who|our|the|head|chair\w*|director|owner|manager)\b"
    r"|(?i:\b(?:contact|responsible|in charge|on behalf|written by|led by|represented by|chaired by|headed by|treasurer|caretaker|"
    r"chair(?:man|woman|person)?|secretary|author|owner)\b)|\S+@\S+\.\w+|https?://|\bwww\."
)
# An instruction begins with its verb: no article, no pronoun, and what follows is what it is done to.
_BEFORE = re.compile(
    r"(?:[-*•]\s*|\d+[.)]\s*|please\s+|then\s+|next,?\s+|first,?\s+|finally,?\s+|(?:if|when|once|before|after|for|while)\b[^,]{3,60},\s+)?"
    r"(?:(?:do not|don['’]t|never|always)\s+)?",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?P<verb>[A-Za-z]{2,})\s+(?:(?:it|them|him|her|me|us)\b|(?:up|down|out|off|on|in|into|away|back|together)\b"
    r"|(?:the|a|an|your|all|each|every|any|both|this|that|these|those|some|only|about|for|with|until|to|at)\b|\d)",
    re.IGNORECASE,
)
_NO_VERB = frozenset(
    """the a an this that these those it he she they we you i there here what who which when where why how my your his her its our their
    in on at by for from with of to as and or but so yet not no nobody nothing none some many most few all both each every any one two
    is are was were be been has have had do does did will would can could may might must shall should if unless because since until
    after before while during about around over under between among besides also even just only still then now soon later today
    tomorrow yesterday minutes notes thanks dear hello hi up out down off such same other another more less""".split()  # noqa: SIM905  # reads better
)


def sections(pieces: Sequence[Piece]) -> list[Section]:
    """A text by its headings; without headings in pieces of about a dozen sentences."""
    cut: list[tuple[str, list[Piece]]] = []
    for place, piece in enumerate(pieces):
        following = pieces[place + 1].text if place + 1 < len(pieces) else ""
        if is_heading(piece.text, following):
            cut.append((piece.text.strip("#*=_: "), []))
        else:
            if not cut or (not cut[-1][0] and len(cut[-1][1]) >= _SECTION):
                cut.append(("", []))
            cut[-1][1].append(piece)
    return [Section(heading, tuple(held)) for heading, held in cut]


def is_heading(line: str, following: str) -> bool:
    """Whether a line names what follows: short, without an end, above a sentence or another heading."""
    if line.startswith("#"):
        return True
    short = len(line.split()) <= _HEADING and not re.search(r"[.!?…,;]$", line)
    return (
        short
        and not re.match(r"[-*•–]|\d+\s?[a-z]|[a-zß-ÿ]", line)
        and (re.search(r"[.!?…:]$", following) is not None or (bool(following) and len(following.split()) <= 3))
    )


def weight(text: str) -> float:
    """How much a sentence decides; from 1 it should not be left out."""
    said = {name for name, words in _SAID.items() if words.search(text)}
    numbers = checks.numbers(text) - ({"1"} if not re.search(r"\b1\b", text) else set())  # "one" is seldom a count
    hard = 1.2 * min(3, len(numbers)) + 1.8 * (checks.negated(text) or "not_abroad" in said)
    soft = 1.0 * bool(_TIME.search(text)) + 0.5 * bool(_WHO.search(text)) + 0.4 * min(3, len(checks.names(text)))
    soft += sum(1.0 for name in _BINDS if name in said) + 1.2 * ("condition" in said) + 1.2 * is_instruction(text)
    idle = 1.5 * len(_SAID["courtesy"].findall(text)) + 1.0 * len(_SAID["idle"].findall(text)) + 1.5 * text.endswith("?")
    return hard + soft - idle - (0.5 if len(text.split()) < 3 else 0.0)


def is_instruction(text: str) -> bool:
    """Whether it tells its reader to do something: it begins with a verb."""
    begins = _BEFORE.match(text)
    assert begins is not None  # every part of it may be absent
    if _SAID["told"].match(text, begins.end()):
        return True
    told = _TOLD.match(text, begins.end())
    return told is not None and told["verb"].lower() not in _NO_VERB and not told["verb"].lower().endswith(("s", "ed", "ing", "ly"))


def chosen(held: Sequence[Section]) -> list[Section]:
    """Of each section what decides something, in the order of the text: all of it where the text is short; of a long one what weighs most,
    each section having its share."""
    of = [(number, place, piece) for number, one in enumerate(held) for place, piece in enumerate(one.pieces)]
    if not of:
        return []
    common: dict[str, int] = {}
    for _, _, piece in of:
        for word in stems(piece.text):
            common[word] = common.get(word, 0) + 1
    topics = {word for word, count in common.items() if count >= 3}
    weights = {(number, place): weight(piece.text) for number, place, piece in of}
    keeping = {key for key, one in weights.items() if one >= _DECIDES}
    opening = of[0][2].text
    if len(opening.split()) <= 16 and not _SAID["courtesy"].search(opening):
        keeping.add((0, 0) if held[0].pieces else next(iter(weights)))
    if not keeping:  # a text that decides nothing is still about something
        keeping = {key for key, _ in sorted(weights.items(), key=lambda one: -one[1])[: max(2, len(of) // 4)]}
    most = min(MOST, ALL_OF + math.ceil(_OF_MORE * max(0, len(of) - ALL_OF)))
    if len(keeping) > most:
        about = {(number, place): 0.1 * min(5, len(stems(piece.text) & topics)) for number, place, piece in of}
        keeping = _fairly({key: weights[key] + about[key] for key in keeping}, most)
    kept = [
        Section(one.heading, tuple(piece for place, piece in enumerate(one.pieces) if (number, place) in keeping))
        for number, one in enumerate(held)
    ]
    return [one for one in kept if one.pieces]


def _fairly(weights: dict[tuple[int, int], float], most: int) -> set[tuple[int, int]]:
    """``most`` of them, the heaviest, where each further one of a section counts less."""
    taken: set[tuple[int, int]] = set()
    count: dict[int, int] = {}
    while len(taken) < most:
        best = max((key for key in weights if key not in taken), key=lambda key: weights[key] / (1 + 0.25 * count.get(key[0], 0)))
        taken.add(best)
        count[best[0]] = count.get(best[0], 0) + 1
    return taken
