"""The deeds as tools of a model that calls tools natively: every call goes through the gate, whatever the model was talked into.

The model is told what became of a call, never asked whether it may be made. What it writes into an argument carries the label of all it
has read in this session, because nobody can say which words of it came from where: after one page from outside, its words are that
page's. Authority then comes only from the person's own request, which the gate reads by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.models import Model
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, ToolsetTool
from pydantic_core import SchemaValidator, core_schema

from ...errors import OwnmindError
from ...guard.declared import Declaration, Parameter
from ...guard.gate import Verdict
from ...guard.labels import Type, Value, attributed, join, of_item
from ...messages import Action, Integrity, Item, Label, Recalled
from ...models.small.model import routes_tools
from ...tools.act import Attempt, Session, World

_JSON = {Type.BOOL: "boolean", Type.NUMBER: "number"}
_ARGUMENTS = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()))
_PAGE = 8000  # characters of a page that a model is given when it reads one
_OURS = Label(Integrity.COMPANION)
_OUTSIDE = Label(Integrity.UNTRUSTED)


@dataclass
class GuardedToolset(AbstractToolset[object]):
    """The deeds of ``world`` for one request. ``read``: the labels of what the model was shown besides the request (notes, pages)."""

    world: World
    session: Session
    clock: Callable[[], datetime]
    read: list[Label] = field(default_factory=list)
    page: Callable[[str], Sequence[Item]] = lambda ref: ()  # the words of a source that a tool has brought in
    shown: list[tuple[Recalled, str]] = field(default_factory=list)  # the items of those words, with their text
    actions: list[Action] = field(default_factory=list)  # what was done, or waits, for the reply
    told: list[str] = field(default_factory=list)  # what the model was told by tools
    gave: Label = _OUTSIDE  # of what the last call gave

    @property
    def id(self) -> str | None:
        return "world"

    async def get_tools(self, ctx: RunContext[object]) -> dict[str, ToolsetTool[object]]:
        return {
            name: ToolsetTool(toolset=self, tool_def=definition(declared), max_retries=1, args_validator=_ARGUMENTS)
            for name, declared in self._offered().items()
        }

    async def call_tool(self, name: str, tool_args: dict[str, Any], ctx: RunContext[object], tool: ToolsetTool[object]) -> str:
        return await self.call(name, tool_args)

    def definitions(self) -> list[ToolDefinition]:
        return [definition(declared) for declared in self._offered().values()]

    def _offered(self) -> Mapping[str, Declaration]:
        """The deeds that whoever asks may use at all."""
        tools = self.session.tools
        return {name: declared for name, declared in self.world.declared().items() if tools is None or name in tools}

    async def call(self, name: str, tool_args: Mapping[str, object]) -> str:
        """What became of a call, in words for the model. Never raises for what the gate or the tool refuses."""
        self.gave = _OUTSIDE
        declared = self.world.declared().get(name)
        arguments = labelled(tool_args, declared, join(_OURS, *self.read)) if declared else {}
        try:
            attempt = await asyncio.to_thread(self.world.attempt, name, arguments, self.session, self.clock())
        except OwnmindError as error:
            return f"That did not work: {error.message}. {error.hint}".strip()
        if attempt.action is not None:
            self.actions.append(attempt.action)
        said = await asyncio.to_thread(self._told, attempt)
        self.told.append(said)
        return said

    def _told(self, attempt: Attempt) -> str:
        if attempt.decision.verdict is Verdict.DENY:
            return f"Refused: {' '.join(attempt.decision.reasons)} Do not try it in another way."
        if attempt.result is None:
            words = attempt.action.words if attempt.action else "This"
            if attempt.decision.verdict is Verdict.ASK:
                return f"{words}: this waits for the person's yes, which they give themselves. Tell them that it waits, and go on."
            return attempt.action.outcome if attempt.action else "Nothing came of it."
        labels = [value.label for row in attempt.result.rows for values in row.values() for value in values if value.label]
        self.gave = join(self.gave, *labels)
        self.read += [label for label in labels if label not in self.read]
        shown = [
            f"{name}: {attributed(str(value.data), value.label)}"
            for row in attempt.result.rows
            for name, values in row.items()
            for value in values
            if value.label
        ]
        pages = [self._words(str(value.data)) for row in attempt.result.rows for value in row.get("page", ())]
        return "\n".join([attempt.result.text, *shown, *filter(None, pages)])

    def _words(self, ref: str) -> str:
        """What a page that was just read says, as a quotation."""
        items = self.page(ref)
        self.shown += [(Recalled(item, 0.0), item.text) for item in items]
        return attributed("\n".join(item.text for item in items)[:_PAGE], of_item(items[0])) if items else ""


def takes_tools(model: Model) -> bool:
    """Whether it can call tools by itself. A small model, whose tools are routed, cannot: its plans are made by code and planner."""
    return bool(model.profile.get("supports_tools")) and not routes_tools(model)


def definition(declared: Declaration) -> ToolDefinition:
    """A declaration as the schema a model is shown: every parameter required, nothing else taken."""
    return ToolDefinition(
        name=declared.name,
        description=declared.says.replace("{", "").replace("}", ""),
        parameters_json_schema={
            "type": "object",
            "properties": {name: _schema(parameter) for name, parameter in declared.parameters.items()},
            "required": list(declared.parameters),
            "additionalProperties": False,
        },
    )


def labelled(given: Mapping[str, object], declared: Declaration, label: Label) -> dict[str, tuple[Value, ...]]:
    """A model's arguments as values of the declared types, all with ``label``. A list is several values; what has no plain form becomes
    text, and names that nobody declared stay in, for the gate to refuse."""
    return {
        name: tuple(_value(one, declared.parameters.get(name), label) for one in (each if isinstance(each, list) else [each]))
        for name, each in given.items()
        if each is not None
    }


def _value(given: object, parameter: Parameter | None, label: Label) -> Value:
    kind = parameter.type if parameter else Type.TEXT
    data = given if isinstance(given, str | int | float | bool) else str(given)
    return Value(data, label, kind)


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _JSON.get(parameter.type, "string")}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    return schema
