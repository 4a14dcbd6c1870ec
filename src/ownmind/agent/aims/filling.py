"""What the starter brain makes of a goal's words that code finds unclear: its kind, and which words say when, how often, how much.

The model gives words, never values: each must stand in the message, and what it means is read by the same code that reads statements
(a number stands there, a day resolves from words that stand there); what does not is dropped. It has read nothing but the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic_ai import models

from ...goals.saying.statement import read
from ...memory.words import contains_words
from ...models.llama.frames import Json
from ...models.small.router import Choice, Example, route

LONGEST = 600  # characters of a statement the model is shown


@dataclass(frozen=True, slots=True)
class Filled:
    """``template`` "" when the model found none. ``values``: (slot, value as `slots` writes it), each read from words of the statement."""

    template: str
    values: tuple[tuple[str, str], ...] = ()


_WORDS: dict[str, Json] = {"type": "string", "maxLength": 80}
_PARTS: dict[str, Json] = dict.fromkeys(("when", "how_often", "how_much", "who"), _WORDS)
_SCHEMA: dict[str, Json] = {"type": "object", "properties": _PARTS, "required": [*_PARTS], "additionalProperties": False}
_CHOICES = tuple(
    Choice(name, about, _SCHEMA)
    for name, about in (
        ("habit", "a habit: something done again and again, or given up"),
        ("project", "something to be finished: a text, a room, a business, a tax return"),
        ("training", "sport: to run, swim, lift or ride a distance or an amount"),
        ("practice", "a skill that grows: a language, an instrument, a game, a craft"),
        ("saving", "money: to save it or pay debts"),
        ("reading", "books to read"),
        ("study", "an exam to pass"),
        ("event", "a day to prepare: a party, a trip, a talk, a move"),
        ("relationship", "a person to be closer to, to call or to see"),
        ("free", "a goal of no other kind, or too vague to tell"),
    )
)
_NOTHING: dict[str, Json] = {"when": "", "how_often": "", "how_much": "", "who": ""}
_EXAMPLES = (
    Example("I'd like my evenings to be less about my phone", "habit", _NOTHING),
    Example("my Portuguese should be good enough for Lisbon by June, 3 lessons a week", "practice",
            {"when": "by June", "how_often": "3 lessons a week", "how_much": "", "who": ""}),
    Example("It would be great to have 2000 euros on the side before Easter", "saving",
            {"when": "before Easter", "how_often": "", "how_much": "2000 euros", "who": ""}),
    Example("The garage has to be empty by the end of May", "project",
            {"when": "by the end of May", "how_often": "", "how_much": "", "who": ""}),
    Example("I hardly ever talk to my brother any more and I want that to change", "relationship",
            {"when": "", "how_often": "", "how_much": "", "who": "my brother"}),
    Example("I dream of standing on the summit in August, 1800 metres up", "training",
            {"when": "in August", "how_often": "", "how_much": "1800 metres", "who": ""}),
    Example("I just want to be happier", "free", _NOTHING),
    Example("What a lovely day it was at the lake", "none"),
)  # fmt: skip
# What each kind of words may become, by the reader of statements.
_READ_AS: dict[str, tuple[str, ...]] = {
    "when": ("deadline", "begins"),
    "how_often": ("a_week", "every", "minutes", "windows"),
    "how_much": ("target", "baseline", "money", "minutes"),
    "who": ("person",),
}


async def filled(statement: str, model: models.Model, said_at: datetime) -> Filled:
    """The kind of goal ``statement`` says, by the model, and what else its words say, by code. ``said_at`` aware, in the person's zone."""
    said = statement.strip()[:LONGEST]
    routed = await route(said, choices=_CHOICES, examples=_EXAMPLES, model=model)
    if routed.tool not in {choice.name for choice in _CHOICES}:
        return Filled("")
    values: list[tuple[str, str]] = []
    for name, slots in _READ_AS.items():
        words = str(routed.arguments.get(name, "")).strip()
        if words and contains_words(said, words):
            values += _read(words, slots, routed.tool, said_at)
    return Filled(routed.tool, tuple(dict(reversed(values)).items()))


def _read(words: str, slots: Sequence[str], template: str, said_at: datetime) -> list[tuple[str, str]]:
    """What ``words`` say for these slots, by code alone."""
    if slots == ("person",):
        return [("person", words)]
    assert said_at.tzinfo is not None, "a moment says its zone"
    lead = {"saving": "save", "reading": "read", "training": "run"}.get(template, "do it")
    stated = read(f"{lead} {words}", said_at, said_at.tzinfo)
    return [(chip.slot, chip.value) for chip in stated.chips if chip.slot in slots]
