"""What programs lend and what models do with it, for the tests of every API that programs speak."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from pydantic_ai.models.function import DeltaToolCall, FunctionModel

LIGHT = {
    "type": "function",
    "function": {
        "name": "light",
        "description": "Switch a light on or off",
        "parameters": {"type": "object", "properties": {"room": {"type": "string"}, "on": {"type": "boolean"}}, "required": ["room", "on"]},
    },
}


def calling(*calls: tuple[str, dict[str, object]], then: str = "Done.") -> FunctionModel:
    """A model that calls these tools, and speaks once their results are there."""

    async def stream(messages: Any, info: Any) -> AsyncIterator[Any]:
        returned = any(part.part_kind == "tool-return" for message in messages for part in message.parts)
        if info.function_tools and not returned:
            for number, (name, arguments) in enumerate(calls):
                text = json.dumps(arguments)
                yield {number: DeltaToolCall(name, text[:4], tool_call_id=f"call_{number}")}
                yield {number: DeltaToolCall(None, text[4:], tool_call_id=f"call_{number}")}
        else:
            yield then

    return FunctionModel(stream_function=stream)
