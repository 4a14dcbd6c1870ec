"""Tools as a small model reads them best, and as a grammar holds it to them.

A client's JSON schema of a tool is some 150 tokens; its signature, in the form of the code the model was trained on, is 50, and a
small model copies fewer schema words into its answer. What the model may write is held by a grammar made of the same schema: only
what a grammar can hold is kept of it (types, properties, enums, items, unions, references), the rest is for whoever checks the call.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..llama.frames import Json

Schema: TypeAlias = "Mapping[str, Json]"

_TOLD = 180  # characters of a tool's or parameter's description that are shown
_DEEP = 6  # levels of a nested schema; what lies deeper is any JSON
_KEPT = ("minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength")


def signature(name: str, description: str, schema: Schema) -> str:
    """``name(a: integer, unit?: "C" | "F")`` with what it does, and a line for each parameter that says something about itself."""
    root = schema
    properties, required = members(schema), _required(schema)
    parameters = [f"{one}{'' if one in required else '?'}: {_type(of, root, 2)}" for one, of in properties.items()]
    lines = [f"{name}({', '.join(parameters)}): {_short(description)}"]
    lines += [
        f"  {one}: {_short(said)}" for one, of in properties.items() if isinstance(said := of.get("description"), str) and said.strip()
    ]
    return "\n".join(lines)


def members(schema: Schema) -> dict[str, Schema]:
    """The properties of an object schema, by name."""
    found = schema.get("properties")
    return {name: of for name, of in found.items() if isinstance(of, dict)} if isinstance(found, dict) else {}


def is_required(name: str, schema: Schema) -> bool:
    return name in _required(schema)


def held(schema: Schema, root: Schema | None = None, *, deep: int = 0) -> dict[str, Json]:
    """``schema`` as the grammar takes it: references put in place, unknown words left out, objects closed."""
    root = schema if root is None else root
    schema = resolved(schema, root)
    if deep > _DEEP:
        return {}
    if "const" in schema:
        return {"const": schema["const"]}
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return {"enum": schema["enum"]}
    for union in ("anyOf", "oneOf"):
        if isinstance(several := schema.get(union), list) and (each := [one for one in several if isinstance(one, dict)]):
            return {"anyOf": [held(one, root, deep=deep + 1) for one in each]}
    if isinstance(several := schema.get("allOf"), list) and len(several) == 1 and isinstance(several[0], dict):
        return held(several[0], root, deep=deep + 1)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return {"anyOf": [held({**schema, "type": one}, root, deep=deep + 1) for one in kinds]}
    bounds = {name: schema[name] for name in _KEPT if isinstance(schema.get(name), int | float)}
    match kinds:
        case "object":
            # "properties": {} says that there are none; without a word of them an object may hold anything
            return _object(schema, root, deep) if "properties" in schema and not schema.get("additionalProperties") else {"type": "object"}
        case "array":
            items = schema.get("items")
            return {"type": "array", **bounds, "items": held(items, root, deep=deep + 1) if isinstance(items, dict) else {"type": "string"}}
        case "string" | "integer" | "number" | "boolean" | "null":
            return {"type": kinds, **bounds}
        case _:
            return _object(schema, root, deep) if members(schema) else {}


def _object(schema: Schema, root: Schema, deep: int) -> dict[str, Json]:
    properties: dict[str, Json] = {name: held(of, root, deep=deep + 1) for name, of in members(schema).items()}
    required: list[Json] = [name for name in _required(schema) if name in properties]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema a reference stands for; itself where it is none, and any JSON where it leads nowhere."""
    for _ in range(8):  # a chain longer than this, or a ring, is given up
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        found: Json = dict(root)
        for step in reference.removeprefix("#").strip("/").split("/"):
            found = found.get(step) if isinstance(found, dict) and step else found
        if not isinstance(found, dict):
            return {}
        schema = found
    return {}


def _required(schema: Schema) -> Sequence[str]:
    names = schema.get("required")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _type(schema: Schema, root: Schema, deep: int) -> str:
    schema = resolved(schema, root)
    if isinstance(several := schema.get("enum"), list) and several:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in several[:12])
    for union in ("anyOf", "oneOf"):
        if isinstance(several := schema.get(union), list):
            return " | ".join(dict.fromkeys(_type(one, root, deep - 1) for one in several if isinstance(one, dict))) or "any"
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(map(str, kind))
    if kind == "array":
        items = schema.get("items")
        return f"[{_type(items, root, deep - 1)}]" if isinstance(items, dict) and deep > 0 else "array"
    if kind == "object" and deep > 0 and (properties := members(schema)):
        required = _required(schema)
        inner = ", ".join(f"{name}{'' if name in required else '?'}: {_type(of, root, deep - 1)}" for name, of in properties.items())
        return f"{{{inner}}}"
    return str(kind or "any")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _TOLD else plain[:_TOLD].rsplit(" ", 1)[0] + " …"
