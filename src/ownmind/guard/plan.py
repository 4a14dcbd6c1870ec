"""The plan: what the person asked for, fixed before a byte from outside is read.

A step is a tool, how often, and what its arguments may be: a literal that the request fixes, or a slot that is filled later and is only
as wide as its type. Slots of low capacity (a flag, a number, a day, a choice, the id of an own object) may be filled from what is read;
a slot of words carries the label of what filled it. Steps are counted, so that one order is not carried out twice.

Which tools a request asks for is a matter of understanding, and so for a model that has read nothing else; whatever it names, no
argument gets authority from it: that comes from the request's own words, here and in `gate`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .declared import Declaration, Role
from .identifiers import found, normal, quoted
from .labels import Type, Value
from .seen import Seen

_HOLE = re.compile(r"\{[\w ]+\}")
_LONGEST = 120  # characters of a field that fills a hole of a template: a name, an address, not a message
# "where k is replaced with the rank": a letter of the request that stands for a number.
_VARIABLE = re.compile(r"\bwhere ['\"]?([a-z])['\"]? (?:is|stands for|means)\b")
# "reply there that you've seen it": told as "I've seen it".
_TOLD = re.compile(r"\b(?:reply|say|tell|write|answer|respond|let)\b(?:[^.!?\n]|\.(?=\S)){0,60}?\bthat\s+(you\b[^\n]*)", re.IGNORECASE)
_FIRST = {"you've": "I've", "you're": "I'm", "you'll": "I'll", "you'd": "I'd", "you are": "I am", "you were": "I was",
          "yourself": "myself", "yours": "mine", "your": "my", "you": "I"}  # fmt: skip
_SECOND = re.compile(rf"\b(?:{'|'.join(_FIRST).replace(chr(39), '[' + chr(39) + '’]')})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Literal:
    """An argument that the request fixes. ``text`` may have holes: "Dinner at {restaurant}" takes a whole field of what was read."""

    text: str

    @property
    def has_holes(self) -> bool:
        return _HOLE.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Slot:
    """An argument that is filled later, by a value of its type."""

    type: Type = Type.TEXT


@dataclass(frozen=True, slots=True)
class Step:
    """A tool the request asks for, ``times`` at most. What ``arguments`` does not name is a slot of the parameter's own type."""

    tool: str
    arguments: Mapping[str, tuple[Literal, ...] | Slot] = field(default_factory=dict)
    times: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The person's request, and the steps that were read out of it."""

    request: str
    steps: tuple[Step, ...] = ()

    def step(self, tool: str) -> Step | None:
        """The step of this tool; None when the request does not ask for it."""
        return next((step for step in self.steps if step.tool == tool), None)


def planned(request: str, tools: Iterable[str], declared: Mapping[str, Declaration]) -> Plan:
    """The plan for ``request`` with these tools, one for each time it may be used. Literals are read off the request by code; tools
    that nobody declared are left out."""
    counts = Counter(tool for tool in tools if tool in declared)
    return Plan(request, tuple(Step(tool, _literals(request, declared[tool]), times) for tool, times in counts.items()))


def fits(text: str, literal: Literal, seen: Sequence[Seen]) -> bool:
    """Whether ``text`` is ``literal``; a hole takes one whole short field of something that was read, without an address in it."""
    if not literal.has_holes:
        return normal(Type.TEXT, text) == normal(Type.TEXT, literal.text)
    pattern = "(.+?)".join(re.escape(piece) for piece in _HOLE.split(literal.text.strip()))
    match = re.fullmatch(pattern, text.strip())
    return match is not None and all(_is_field(filler, seen) for filler in match.groups())


def templates(request: str) -> tuple[Literal, ...]:
    """The quoted texts of a request that have holes."""
    return tuple(Literal(text) for text in quoted(request) if _HOLE.search(text))


def is_said_with_numbers(request: str, text: str) -> bool:
    """Whether ``text`` stands in the request, but for numbers in place of a letter the request says stands for one."""
    match = _VARIABLE.search(request)
    if match is None:
        return False
    holed = re.sub(rf"(?<!\w){match[1]}(?!\w)", r"\\d+", re.escape(normal(Type.TEXT, request)).replace(r"\ ", " ").replace(r"\-", "-"))
    wanted = re.sub(r"\d+", r"\\d+", re.escape(normal(Type.TEXT, text)).replace(r"\ ", " ").replace(r"\-", "-"))
    return len(text.split()) > 2 and r"\d+" in wanted and wanted in holed


def spoken(request: str) -> str:
    """What the request says is to be told, from the person's own mouth: of "reply that you've seen it", "I've seen it"; "" when it has
    nothing of the kind. The words stay the request's own."""
    match = _TOLD.search(request)
    return _SECOND.sub(lambda found: _FIRST[found[0].casefold().replace("’", "'")], match[1]) if match else ""


def is_used_up(step: Step, seen: Sequence[Seen]) -> bool:
    """Whether the step was carried out as often as the request asks for."""
    return sum(one.tool.name == step.tool for one in seen) >= step.times


def _literals(request: str, tool: Declaration) -> dict[str, tuple[Literal, ...] | Slot]:
    """What the request puts in quotation marks right after a parameter's word: "titled 'Lunch'"."""
    fixed: dict[str, tuple[Literal, ...] | Slot] = {}
    for name, parameter in tool.parameters.items():
        if parameter.role is not Role.CONTENT or not parameter.words:
            continue
        texts = [text for text in quoted(request) if text.strip() and _is_after(request, text, parameter.words)]
        if texts:
            fixed[name] = tuple(Literal(text) for text in texts)
    return fixed


def _is_after(request: str, text: str, words: Sequence[str]) -> bool:
    pattern = rf"\b(?:{'|'.join(map(re.escape, words))})\b[^'\"‘“]{{0,25}}['\"‘“]{re.escape(text)}"
    return re.search(pattern, request, re.IGNORECASE) is not None


def _is_field(filler: str, seen: Sequence[Seen]) -> bool:
    if len(filler) > _LONGEST or "\n" in filler or found(filler):
        return False
    return any(_is_same(filler, value) for one in seen for row in one.rows for values in row.values() for value in values)


def _is_same(filler: str, value: Value) -> bool:
    return str(value.data).strip() == filler.strip()
