"""What the server offers, as a table: a tool is a row with its scopes, its schemas and the function that does it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ...errors import BadInput
from ...guard.clients import Client, Scope
from ...messages import Confidentiality, Label
from ..wire import Json

if TYPE_CHECKING:
    from ...app import House

Schema = dict[str, Json]
Given = Mapping[str, object]
"""The arguments of a call, as its input schema has them."""


class Back(Protocol):
    """The way back to the program while its call is under way."""

    async def progress(self, done: float, message: str = "") -> None:
        """How far it is, where the program asked to be told."""

    async def show(self, message: str, action: str) -> None:
        """Has the program point the person to an approval, where it can; its answer decides nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one tool: whose home, which program, with what."""

    house: House
    client: Client
    given: Given
    back: Back

    def text(self, name: str) -> str:
        value = self.given.get(name, "")
        assert isinstance(value, str), "the schema was checked"
        return value

    def number(self, name: str, default: int) -> int:
        value = self.given.get(name, default)
        assert isinstance(value, int), "the schema was checked"
        return value


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool. ``scopes``: all of them are needed. ``run`` gives the structured answer, of the form ``gives``."""

    name: str
    title: str
    description: str
    scopes: tuple[Scope, ...]
    takes: Schema
    gives: Schema
    run: Callable[[Call], Awaitable[dict[str, Json]]]
    only_reads: bool = True
    more: Mapping[str, bool] = field(default_factory=dict)

    def is_for(self, client: Client) -> bool:
        return set(self.scopes) <= set(client.scopes)


TEXT: Schema = {"type": "string"}


def text(description: str, *, most: int = 500, least: int = 1) -> Schema:
    return {"type": "string", "description": description, "minLength": least, "maxLength": most}


def number(description: str, least: int, most: int) -> Schema:
    return {"type": "integer", "description": description, "minimum": least, "maximum": most}


def takes(needs: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """The schema of arguments; nothing else is taken."""
    return {"type": "object", "properties": dict(properties), "required": list(needs), "additionalProperties": False}


def lists(listed: str, /, **fields: Schema) -> Schema:
    """The schema of an answer that is a list of objects with at least these fields."""
    row: Schema = {"type": "object", "properties": dict(fields), "required": list(fields)}
    return {"type": "object", "properties": {listed: {"type": "array", "items": row}}, "required": [listed]}


def check(offer: Offer, given: Given) -> None:
    """Raises BadInput for arguments that are not those of the schema."""
    properties, needs = offer.takes["properties"], offer.takes["required"]
    assert isinstance(properties, dict), "takes() made it"
    assert isinstance(needs, list), "takes() made it"
    known = ", ".join(properties) or "nothing"
    if unknown := sorted(given.keys() - properties.keys()):
        raise BadInput(f"{offer.name} takes no {unknown[0][:40]!r}", hint=f"it takes: {known}")
    if missing := [name for name in needs if name not in given]:
        raise BadInput(f"{offer.name} needs {missing[0]}", hint=f"it takes: {known}")
    for name, value in given.items():
        if not _fits(value, properties[name]):
            raise BadInput(f"{name} of {offer.name} is not what it takes", hint=json.dumps(properties[name]))


def _fits(value: object, schema: Json) -> bool:
    match schema:
        case {"type": "string", "minLength": int(least), "maxLength": int(most), **more}:
            pattern = more.get("pattern")
            is_text = isinstance(value, str) and least <= len(value.strip()) and len(value) <= most
            return is_text and (not isinstance(pattern, str) or re.search(pattern, str(value)) is not None)
        case {"type": "integer", "minimum": int(least), "maximum": int(most)}:
            return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        case {"type": "boolean"}:
            return isinstance(value, bool)
    raise TypeError(f"{schema} is no schema of an argument here")


def may_go(label: Label) -> bool:
    """Whether a program is given what has this label: whatever it does with it then is out of our hands."""
    return label.confidentiality is not Confidentiality.SECRET
