"""A plan: what a message asks to be done, fixed from the person's own words before a byte from outside is read.

One to a few steps. An argument is a literal, which stands in the request (checked by code, whoever proposed it), or a slot: what is to be
put there, in the person's words, its type, and the steps before it that it is read from. So a page can fill a slot with its own
words, and never choose a tool, a name, an address or another step.

    Read https://example.org/a and save the opening hours as hours.txt
    -> read_page(url="https://example.org/a"), save_file(name="hours.txt", text=<text: "the opening hours", of step 0>)
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum

from ...guard.labels import Type

SAY = ""  # the tool of a step that only tells the person


class Form(StrEnum):
    """How a slot is filled."""

    VALUE = "value"  # the words, or the typed value, that ``what`` names
    SUMMARY = "summary"  # the sentences that say the most
    WHOLE = "whole"  # all of it
    REPLY = "reply"  # the companion's last words in this conversation
    ANSWER = "answer"  # what the companion answers when asked for ``what``
    RESULT = "result"  # the address of a search result, by its number


@dataclass(frozen=True, slots=True)
class Literal:
    """An argument that stands in the request."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """An argument that is filled later. ``of``: the steps whose pages it is read from, by number."""

    form: Form
    what: str = ""
    type: Type = Type.TEXT
    of: tuple[int, ...] = ()
    several: bool = False  # every value of its type, not one


@dataclass(frozen=True, slots=True)
class Step:
    """A tool to be used; "" says something to the person."""

    tool: str
    arguments: dict[str, Literal | Slot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in their order. ``then``: the question that is left to answer when they are done; "" for none."""

    steps: tuple[Step, ...]
    then: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It asks for something to be done, and no plan could be made of it. ``why`` says so to the person, and what to say instead."""

    why: str


def as_json(plan: Plan) -> str:
    """The plan as text, to be kept until it can go on."""
    steps = [{"tool": step.tool, "arguments": {name: _plain(value) for name, value in step.arguments.items()}} for step in plan.steps]
    return json.dumps({"steps": steps, "then": plan.then}, ensure_ascii=False)


def from_json(text: str) -> Plan:
    """The plan that `as_json` wrote."""
    kept = json.loads(text)
    steps = [Step(each["tool"], {name: _read(value) for name, value in each["arguments"].items()}) for each in kept["steps"]]
    return Plan(tuple(steps), kept["then"])


def _plain(value: Literal | Slot) -> list[object]:
    if isinstance(value, Literal):
        return [value.text]
    return [value.form.value, value.what, value.type.value, list(value.of), value.several]


def _read(kept: list[object]) -> Literal | Slot:
    match kept:
        case [str(text)]:
            return Literal(text)
        case [str(form), str(what), str(kind), list(of), bool(several)]:
            return Slot(Form(form), what, Type(kind), tuple(int(number) for number in of), several)
        case _:
            raise ValueError("no argument of a plan")
