"""What a program asks of a model, whichever of the APIs it speaks: messages, tools, the form of the answer, how it is to be sampled.

This is the wall where JSON is parsed: past it there are only these values. What is not known is ignored, as these APIs do; what is known
and wrong, or cannot be done here, is refused with the field's name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .errors import Unsupported

Role = Literal["system", "user", "assistant", "tool"]
Object = Mapping[str, object]

MOST_MESSAGES = 2000
MOST_TOOLS = 128
MOST_TEXT = 1 << 20  # characters of one message
MOST_TOKENS = 1 << 20  # that may be asked for
_SCHEMA_DEPTH = 32
JSON_SCHEMA: Object = {"type": "object"}
_NO_EARS = "This Ownmind reads text alone: no pictures, sound or files yet."


@dataclass(frozen=True, slots=True)
class Call:
    """A tool the model wants called. ``arguments`` is JSON text, as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    text: str
    calls: tuple[Call, ...] = ()  # of the assistant
    call_id: str = ""  # of a tool's result: the call it answers


@dataclass(frozen=True, slots=True)
class Tool:
    """A function of the program itself; ``schema`` of its arguments."""

    name: str
    description: str
    schema: Object


@dataclass(frozen=True, slots=True)
class Sampling:
    """None: the model's own choice."""

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. ``choice``: auto, none, required, or the name of the one tool to be called after a colon (":lights")."""

    model: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    choice: str = "auto"
    parallel: bool = True
    schema: Object | None = None  # the answer is a JSON value of this schema
    sampling: Sampling = Sampling()
    stream: bool = False
    with_usage: bool = False


# Reading JSON values, each named as the caller names it


def text_at(held: Object, key: str, default: str | None = None, *, most: int = MOST_TEXT) -> str:
    value = held.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or len(value) > most:
        raise Unsupported(f"{key} must be text of at most {most} characters", param=key)
    return value


def flag_at(held: Object, key: str, *, default: bool = False) -> bool:
    value = held.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Unsupported(f"{key} must be true or false", param=key)
    return value


def whole_at(held: Object, key: str, least: int, most: int) -> int | None:
    value = held.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Unsupported(f"{key} must be a whole number from {least} to {most}", param=key)
    return value


def number_at(held: Object, key: str, least: float, most: float) -> float | None:
    value = held.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise Unsupported(f"{key} must be a number from {least:g} to {most:g}", param=key)
    return float(value)


def list_at(held: Object, key: str, most: int) -> Sequence[object]:
    value = held.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > most:
        raise Unsupported(f"{key} must be a list of at most {most}", param=key)
    return value


def object_of(value: object, key: str) -> Object:
    if not isinstance(value, dict):
        raise Unsupported(f"{key} must be an object", param=key)
    return value


def words_of(content: object, key: str, kinds: frozenset[str]) -> str:
    """The text of a message's content: text, or a list of parts of which each is text of one of ``kinds``."""
    if content is None:
        return ""
    if isinstance(content, str):
        return bounded(content, key)
    if not isinstance(content, list):
        raise Unsupported(f"{key} must be text or a list of parts", param=key)
    pieces = []
    for number, each in enumerate(content):
        part = object_of(each, f"{key}[{number}]")
        if part.get("type") not in kinds:
            raise Unsupported(_NO_EARS, param=f"{key}[{number}].type", hint="Send text")
        pieces.append(text_at(part, "refusal" if part.get("type") == "refusal" else "text"))
    return bounded("\n".join(pieces), key)


def bounded(text: str, key: str) -> str:
    if len(text) > MOST_TEXT:
        raise Unsupported(f"{key} is longer than {MOST_TEXT} characters", param=key, code="string_above_max_length")
    return text


def stops_at(held: Object, key: str, most: int = 4) -> tuple[str, ...]:
    value = held.get(key)
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or len(found) > most or not all(isinstance(one, str) and 0 < len(one) <= 200 for one in found):
        raise Unsupported(f"{key} must be at most {most} short texts", param=key)
    return tuple(str(one) for one in found)


def schema_of(value: object, key: str) -> Object:
    """A JSON schema, as far as it is looked at here: an object, not absurdly deep."""
    schema = object_of(value, key)
    if _depth(schema) > _SCHEMA_DEPTH:
        raise Unsupported(f"{key} is nested more than {_SCHEMA_DEPTH} deep", param=key)
    return schema


def form_of(value: object, key: str, schema_in: str = "") -> Object | None:
    """The schema that an answer is held to by its form (text, json_object, json_schema); None where it is free. ``schema_in``: the member
    that holds the schema, where it does not stand in the form itself."""
    if value is None:
        return None
    held = object_of(value, key)
    match held.get("type"):
        case "text":
            return None
        case "json_object":
            return JSON_SCHEMA
        case "json_schema":
            where = f"{key}.{schema_in}" if schema_in else key
            inner = object_of(held.get(schema_in), where) if schema_in else held
            return schema_of(inner.get("schema", JSON_SCHEMA), f"{where}.schema")
    raise Unsupported(f"{key} must be text, json_object or json_schema", param=f"{key}.type")


def tool_of(function: Object, key: str) -> Tool:
    name = text_at(function, "name", most=128)
    if not name or not all(letter.isalnum() or letter in "_-." for letter in name):
        raise Unsupported("the name of a function has letters, digits, _ and -", param=f"{key}.name")
    parameters = function.get("parameters") or function.get("input_schema") or {"type": "object", "properties": {}}
    return Tool(name, text_at(function, "description", "", most=20_000), schema_of(parameters, f"{key}.parameters"))


def arguments_of(value: object, key: str) -> str:
    """The arguments of a call as JSON text of an object."""
    text = value if isinstance(value, str) else json.dumps(value)
    try:
        read = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise Unsupported(f"{key} must be JSON", param=key) from error
    if not isinstance(read, dict):
        raise Unsupported(f"{key} must be a JSON object", param=key)
    return text or "{}"


def _depth(value: object) -> int:
    deepest, level = 0, [value]
    while level and deepest <= _SCHEMA_DEPTH:
        deepest += 1
        inner = [one.values() if isinstance(one, dict) else one if isinstance(one, list) else () for one in level]
        level = [each for held in inner for each in held]
    return deepest
