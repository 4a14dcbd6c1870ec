"""Which tool a message asks for, on a model too small for native tool calls.

Two short questions, each held by a JSON schema: which tool ("none" is one of them), then that tool's arguments. With eight
examples the starter brain names the tool right 15 times of 15 and gives 11 of 12 arguments right; through the native
template none of 12 calls could even be parsed. Times, amounts and units in the arguments stay words here: code parses them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..llama.frames import Json
from ..llama.worker import Slot

if TYPE_CHECKING:
    from pydantic_ai import ModelMessage, ModelResponse
    from pydantic_ai.models import Model

NONE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """A tool to choose from. ``arguments`` is a JSON schema object; its property names are what the model fills in."""

    name: str
    description: str
    arguments: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it should be routed to."""

    message: str
    tool: str
    arguments: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Routed:
    """The tool (``"none"`` when no tool fits) and its arguments as the schema has them."""

    tool: str
    arguments: Mapping[str, Json] = field(default_factory=dict)


async def route(message: str, *, choices: Sequence[Choice], examples: Sequence[Example], model: Model) -> Routed:
    """The tool ``message`` asks for. "none" when the model's answer cannot be read, so that nothing happens by mistake.

    Give eight examples, "none" among them; their order and wording belong to the cached prefix, so keep them still.
    """
    by_name = {choice.name: choice for choice in choices}
    assert NONE not in by_name, "none is always a choice"
    told = _shown(choices, examples)
    told.append(("user", message))
    named = await asked(told, _one_of([*by_name, NONE]), model)
    tool = named.get("tool") if named is not None else NONE
    if not isinstance(tool, str) or tool not in by_name:
        return Routed(NONE)
    schema = by_name[tool].arguments
    if not schema.get("properties"):
        return Routed(tool)
    # The second question goes on from the first, so that only a few tokens are new: the prefix stays in the cache.
    told.extend((("assistant", _json({"tool": tool})), ("user", _ASK)))
    arguments = await asked(told, dict(schema), model)
    return Routed(tool, arguments) if arguments is not None else Routed(NONE)


_ASK = "Its arguments?"


def _shown(choices: Sequence[Choice], examples: Sequence[Example]) -> list[tuple[str, str]]:
    """The stable beginning: what the tools are, and every example as the exchange it should become."""
    lines = [f"- {choice.name}: {choice.description}" for choice in choices]
    system = ["Choose the tool the message asks for, then give its arguments in the message's own words.", *lines]
    told = [("system", "\n".join([*system, f"- {NONE}: anything else, talk and questions included"]))]
    for example in examples:
        told += [("user", example.message), ("assistant", _json({"tool": example.tool}))]
        if example.arguments:
            told += [("user", _ASK), ("assistant", _json(example.arguments))]
    return told


def _one_of(names: Sequence[str]) -> dict[str, Json]:
    return {"type": "object", "properties": {"tool": {"enum": list(names)}}, "required": ["tool"], "additionalProperties": False}


def _json(values: Mapping[str, Json]) -> str:
    """Compact, as the grammar makes the model write it."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


async def asked(told: Sequence[tuple[str, str]], schema: dict[str, Json], model: Model) -> dict[str, Json] | None:
    """The model's JSON object under ``schema``; None when it is none (cut off by its length, or a model that ignores schemas)."""
    return read_object(await replied(told, schema, model))


async def replied(told: Sequence[tuple[str, str]], schema: dict[str, Json], model: Model, *, most: int = 160) -> ModelResponse:
    """The model's reply to (role, text) pairs, held to ``schema`` and to ``most`` tokens. Temperature 0, the router's own slot."""
    from pydantic_ai import ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition

    from ..llama.embedded import EmbeddedSettings

    messages: list[ModelMessage] = []
    for role, text in told:
        match role:
            case "assistant":
                messages.append(ModelResponse(parts=[TextPart(text)]))
            case "system":
                messages.append(ModelRequest(parts=[SystemPromptPart(text)]))
            case _:
                messages.append(ModelRequest(parts=[UserPromptPart(text)]))
    parameters = ModelRequestParameters(output_mode="native", output_object=OutputObjectDefinition(json_schema=schema))
    return await model.request(messages, EmbeddedSettings(temperature=0.0, max_tokens=most, slot=Slot.ROUTER), parameters)


def read_object(reply: ModelResponse) -> dict[str, Json] | None:
    """The JSON object a reply is; None when it is none."""
    try:
        values: Json = json.loads(reply.text or "")
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
