"""Every text of a request to a remote model, one after the other: the one list of what can reach it.

A text says what it is by ``marked`` (its label, and the item it came from); what is not marked counts as the person's own words in a
message, as ours in an order, as outside text in a tool's result. A kind of message that has no texts here is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse
from pydantic_ai.messages import (
    ModelRequestPart,
    ModelResponsePart,
    RetryPromptPart,
    SystemPromptPart,
    TextContent,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from ...errors import BadInput, Refused
from ...guard.labels import NEUTRAL
from ...guard.preview import Part
from ...messages import Integrity, Label
from ...models.elsewhere.wires import Json, text_of

_ORDER, _PERSON, _OURS, _OUTSIDE = NEUTRAL, Label(Integrity.PERSON), Label(Integrity.COMPANION), Label(Integrity.UNTRUSTED)
MARK = "mark"  # where a reply's mark is among its metadata

Each = Callable[[Sequence[Part]], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a stretch of a message is: shown to the person, never sent."""

    label: Label
    what: str  # "your words", "a note of 3 May"
    item_id: str = ""


def marked(text: str, label: Label, what: str, item_id: str = "") -> TextContent:
    return TextContent(text, metadata=Mark(label, what, item_id))


def through(
    messages: Sequence[ModelMessage], parameters: ModelRequestParameters, each: Each
) -> tuple[list[ModelMessage], ModelRequestParameters]:
    """The request with ``each`` of its texts in place of the text: the one list of what can reach a remote model. Asked twice it calls
    ``each`` in the same order."""
    said: list[ModelMessage] = []
    for message in messages:
        if isinstance(message, ModelRequest):
            order = None if message.instructions is None else each([Part(message.instructions, _ORDER, "how Ownmind speaks")])
            said.append(ModelRequest([_asked(part, each) for part in message.parts], instructions=order))
        else:
            said.append(ModelResponse(_answered(message, each)))
    instructions = [
        replace(one, content=each([Part(one.content, _ORDER, "how Ownmind speaks")])) for one in parameters.instruction_parts or ()
    ]
    output = parameters.output_object
    if output is not None:
        schema = _schema(output.json_schema, "the form of the answer", each)
        output = replace(output, json_schema=schema, description=None, name=None)
    return said, replace(
        parameters,
        function_tools=[_tool(tool, each) for tool in parameters.function_tools],
        output_tools=[_tool(tool, each) for tool in parameters.output_tools],
        native_tools=[],
        instruction_parts=instructions or None,
        output_object=output,
    )  # fmt: skip


def _asked(part: ModelRequestPart, each: Each) -> ModelRequestPart:
    match part:
        case SystemPromptPart(content=text):
            return SystemPromptPart(each([Part(text, _ORDER, "how Ownmind speaks")]))
        case UserPromptPart():
            return UserPromptPart(each(_parts(part)))
        case ToolReturnPart():
            label = part.metadata if isinstance(part.metadata, Label) else _OUTSIDE

            def leaf(text: str) -> str:
                return each([Part(text, label, f"what “{part.tool_name}” gave")])

            content = part.content if isinstance(part.content, str) else as_json(part.model_response_str())
            return ToolReturnPart(part.tool_name, leaves(content, leaf, numbers=True), part.tool_call_id)
        case RetryPromptPart():
            words = each([Part(part.model_response(), _OUTSIDE, "what was wrong with a call")])
            if part.tool_name is None:
                return UserPromptPart(words)
            return ToolReturnPart(part.tool_name, words, part.tool_call_id)
    raise BadInput(f"a remote model is sent text only, not {type(part).__name__}", hint="choose another brain for this")


def _parts(part: UserPromptPart) -> list[Part]:
    if isinstance(part.content, str):
        return [Part(part.content, _PERSON, "your words")]
    text_of(part)  # refuses what is no text
    found = []
    for one in part.content:
        mark = one.metadata if isinstance(one, TextContent) and isinstance(one.metadata, Mark) else Mark(_PERSON, "your words")
        text = one.content if isinstance(one, TextContent) else str(one)
        found.append(Part(text, mark.label, mark.what, mark.item_id))
    return found


def _answered(message: ModelResponse, each: Each) -> list[ModelResponsePart]:
    held = (message.metadata or {}).get(MARK)
    mark = held if isinstance(held, Mark) else Mark(_OURS, "an earlier answer")
    parts: list[ModelResponsePart] = []
    for part in message.parts:
        match part:
            case TextPart(content=text):
                parts.append(TextPart(each([Part(text, mark.label, mark.what, mark.item_id)])))
            case ToolCallPart():
                arguments = leaves(as_json(part.args_as_json_str()), lambda text: each([Part(text, _OURS, "a call it made")]))
                name = each([Part(part.tool_name, _OURS, "a call it made")])
                words, signed = json.dumps(arguments, ensure_ascii=False), part.provider_details
                parts.append(ToolCallPart(name, words, part.tool_call_id, provider_name=part.provider_name, provider_details=signed))
            case ThinkingPart(signature=str()):
                parts.append(part)  # its own words, as they came from behind the veil: signed, so not one letter of them may differ
            case _:
                continue
    return parts


def _tool(tool: ToolDefinition, each: Each) -> ToolDefinition:
    name, words = (each([Part(text, _ORDER, "a tool it may ask for")]) for text in (tool.name, tool.description or ""))
    schema = _schema(tool.parameters_json_schema, f"the arguments of “{tool.name}”", each)
    return ToolDefinition(name=name, description=words, parameters_json_schema=schema)


def _schema(schema: Mapping[str, object], what: str, each: Each) -> dict[str, object]:
    """A schema is declared in code and holds nothing of the person's; it is shown and sent as one text all the same."""
    sent = as_json(each([Part(json.dumps(schema, ensure_ascii=False), _ORDER, what)]))
    if not isinstance(sent, dict):
        raise Refused(f"{what} cannot be sent as they stand", hint="leave that tool out")
    return dict(sent)


def leaves(value: Json, each: Callable[[str], str], *, numbers: bool = False) -> Json:
    """``value`` with each of its texts, keys too, in place of the text; with ``numbers`` those as texts as well, for a number may be an
    account's. Never of JSON as one text: after a line break it reads ``\\nAna``, and there is no name."""
    match value:
        case str():
            return each(value)
        case bool() | None:
            return value
        case int() | float():
            return each(str(value)) if numbers else value
        case list():
            return [leaves(one, each, numbers=numbers) for one in value]
        case dict():
            return {each(key): leaves(one, each, numbers=numbers) for key, one in value.items()}


def as_json(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text
    return value
