"""A conversation with tool calls in it as exchanges: what was said, what the tools gave, what was answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic_ai import ModelMessage, ModelRequest
from pydantic_ai.messages import (
    RetryFeedbackPart,
    RetryPromptPart,
    SystemPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters

from ...errors import BadInput

_EARLIER = 4  # exchanges a message may lean on
_SAID = 240  # characters of each of them
_INSTRUCTED = 1600  # characters of the client's own instructions: they may name rooms, devices, the date
_RESULT = 3000  # characters of one result


@dataclass
class Exchange:
    """A message, and what came of it. ``results`` are lines; those of calls that are to be made again stand in ``failed``."""

    message: str = ""
    system: list[str] = field(default_factory=list)
    instructions: str | None = None
    results: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    called: bool = False
    reply: str = ""


def exchanges(messages: Sequence[ModelMessage]) -> list[Exchange]:
    """The exchanges of a conversation, oldest first. Raises BadInput for what a small model cannot read (images, sound)."""
    talk: list[Exchange] = []
    system: list[str] = []
    arguments: dict[str, str] = {}
    for message in messages:
        if isinstance(message, ModelRequest):
            for part in message.parts:
                match part:
                    case SystemPromptPart(content=text):
                        system.append(text)
                    case UserPromptPart():
                        if talk and not talk[-1].reply and not talk[-1].called:
                            talk[-1].message += f"\n{_text(part)}"  # two messages in a row
                        else:
                            talk.append(Exchange(_text(part), system))
                            system = []
                    case ToolReturnPart():
                        _take(part, talk, arguments)
                    case RetryPromptPart() | RetryFeedbackPart():
                        _last(talk).failed.append(str(part.content)[:_SAID])
            if talk and message.instructions:
                talk[-1].instructions = message.instructions
            continue
        for answer in message.parts:
            match answer:
                case TextPart(content=text):
                    _last(talk).reply += text
                case ToolCallPart():
                    exchange = _last(talk)
                    exchange.called, exchange.reply = True, ""  # what it said before calling is no answer
                    arguments[answer.tool_call_id] = f"{answer.tool_name}({_arguments(answer)})"
    if system and talk:
        talk[-1].system = [*talk[-1].system, *system]
    return talk


def said_before(talk: Sequence[Exchange], asked: ModelRequestParameters) -> str:
    """What the last message may lean on: the client's instructions, the exchanges before, and what a call was refused for. Shortened."""
    instructions = [part.content for part in asked.instruction_parts or ()]
    if not instructions:
        instructions = [one for one in (talk[-1].instructions,) if one]
    told = "\n".join([*instructions, *(text for exchange in talk for text in exchange.system)])
    lines = [told if len(told) <= _INSTRUCTED else f"{told[: _INSTRUCTED // 2]} […] {told[-_INSTRUCTED // 2 :]}"] if told.strip() else []
    for exchange in talk[-_EARLIER - 1 : -1]:
        lines += [f"Person: {exchange.message[:_SAID]}", f"Answer: {exchange.reply[:_SAID]}"]
    return "\n".join([*lines, *(f"Refused: {why}" for why in talk[-1].failed)])


def _take(part: ToolReturnPart, talk: list[Exchange], arguments: dict[str, str]) -> None:
    exchange = _last(talk)
    exchange.called = True
    line = f"{arguments.get(part.tool_call_id, part.tool_name)}: {' '.join(part.model_response_str().split())[:_RESULT]}"
    (exchange.failed if part.outcome == "retried" else exchange.results).append(line)


def _last(talk: list[Exchange]) -> Exchange:
    if not talk:
        talk.append(Exchange())
    return talk[-1]


def _arguments(call: ToolCallPart) -> str:
    try:
        values = call.args_as_dict()
    except (ValueError, AssertionError):
        return "…"
    return ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


def _text(part: UserPromptPart) -> str:
    if isinstance(part.content, str):
        return part.content
    if all(isinstance(one, str) for one in part.content):
        return "\n".join(str(one) for one in part.content)
    raise BadInput("the starter brain reads text only, not images or sound", hint="choose another brain for this")
