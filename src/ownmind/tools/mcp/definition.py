"""What a server says a tool is, read into what a person can be shown and a call be bound to; and what changed in it.

A tool takes texts, numbers, truths, lists of them, and objects that say plainly what is in them: those are shown as the JSON they are.
What cannot be shown so is no tool. What a server claims of a tool (`readOnlyHint` and its like) is shown as its claim and decides
nothing: the protocol's own schema says that clients must not trust it ("Tool annotations", modelcontextprotocol.io).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from ...errors import BadInput
from ...guard.declared import Declaration, Effect, Parameter, Role
from ...guard.labels import Type

_PARAMETERS = 24
_DEEPEST = 4  # objects in objects
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_PARAMETER = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)
_TYPES = {"string": Type.TEXT, "number": Type.NUMBER, "integer": Type.NUMBER, "boolean": Type.BOOL}
_JSON = {"string": str, "number": (int, float), "integer": int, "boolean": bool}
_CLAIMS = {
    ("readOnlyHint", True): "it only reads",
    ("readOnlyHint", False): "it changes something",
    ("destructiveHint", True): "it may destroy something",
    ("destructiveHint", False): "it destroys nothing",
    ("openWorldHint", True): "it reaches beyond itself",
    ("openWorldHint", False): "it reaches nothing else",
}
_LINES = 200  # of a difference

Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool as its server defines it. ``definition``: its JSON in one form; ``lists``: parameters that take several values;
    ``objects``: parameters given as the JSON of an object, with the object's schema."""

    server: str
    name: str
    definition: str
    parameters: Mapping[str, Type]
    lists: frozenset[str] = frozenset()
    objects: Mapping[str, Schema] = field(default_factory=dict)
    title: str = ""
    description: str = ""
    claims: tuple[str, ...] = ()  # what the server says of it, in words; nothing rests on it

    @property
    def seal(self) -> str:
        """Names this very definition: another word in it is another tool."""
        return blake2b(self.definition.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def deed(self) -> str:
        return f"mcp_{self.server}_{re.sub(r'[^A-Za-z0-9_]', '_', self.name)}"


def tool(server: str, definition: str) -> Tool:
    """A tool from its definition. Raises BadInput for one that cannot be shown to a person or bound to a request."""
    try:
        said = json.loads(definition)
    except (ValueError, RecursionError):
        said = None
    name = said.get("name") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadInput(f"{server} offers a tool without a plain name")
    schema = said.get("inputSchema")
    properties = schema.get("properties", {}) if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(properties, dict) or len(properties) > _PARAMETERS:
        raise BadInput(f"{name} of {server} does not say plainly what it takes")
    named = schema.get("$defs")
    shared: Schema = named if isinstance(named, dict) else {}
    kinds, lists, objects = dict[str, Type](), set[str](), dict[str, Schema]()
    for parameter, told in properties.items():
        inner = _resolved(told, shared)
        if inner.get("type") == "array":
            lists.add(parameter)
            inner = _resolved(inner.get("items"), shared)
        whole = _object(inner, shared, _DEEPEST) if inner.get("type") == "object" else None
        kind = inner.get("type")
        if not _PARAMETER.fullmatch(parameter) or (whole is None and (not isinstance(kind, str) or kind not in _TYPES)):
            raise BadInput(f"{name} of {server} takes more than texts, numbers, truths, lists of them and plain objects")
        if whole is not None:
            objects[parameter] = whole
        kinds[parameter] = Type.TEXT if whole is not None else _TYPES[str(kind)]
    described, title = (_text(said.get(key)) for key in ("description", "title"))
    return Tool(server, name, definition, kinds, frozenset(lists), objects, title, described, _claims(said.get("annotations")))


def declared(one: Tool, effect: Effect = Effect.SENDS) -> Declaration:
    """What the guard knows of it: a send, of which every text and number decides something; or what the person lowered it to. What only
    reads is given what it looks for."""
    takes = ", ".join(f"{name} {{{name}}}" for name in one.parameters)
    says = f"have {one.server} do “{one.name}”" + (f" with {takes}" if takes else "")
    role = Role.QUERY if effect is Effect.READS else Role.AUTHORITY
    parameters = {name: Parameter(role, kind) for name, kind in one.parameters.items()}
    return Declaration(one.deed, effect, parameters, says=says)


def given(one: Tool, arguments: Mapping[str, list[str | int | float | bool]]) -> dict[str, object]:
    """The arguments of a call as the server takes them. Raises BadInput for the JSON of an object that is not the one described."""
    plain: dict[str, object] = {}
    for name, values in arguments.items():
        read = [_read(name, value, one.objects[name]) if name in one.objects else value for value in values]
        if read:
            plain[name] = read if name in one.lists else read[0]
    return plain


def difference(old: str, new: str) -> str:
    """What differs between two definitions, line by line: ``-`` as it was, ``+`` as it is."""
    before, after = (json.dumps(json.loads(one), indent=1, sort_keys=True, ensure_ascii=False).splitlines() for one in (old, new))
    lines = [line for line in difflib.unified_diff(before, after, n=0, lineterm="") if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join([*lines[:_LINES], *([f"and {len(lines) - _LINES} lines more"] if len(lines) > _LINES else [])])


def _resolved(told: object, shared: Schema) -> Schema:
    """The schema of one parameter, with a reference followed and "or nothing" left out: what may be missing is not given."""
    inner = told if isinstance(told, dict) else {}
    for _ in range(_DEEPEST):
        where, ways, kinds = inner.get("$ref"), inner.get("anyOf"), inner.get("type")
        if isinstance(where, str) and where.startswith("#/$defs/"):
            found = shared.get(where.removeprefix("#/$defs/"))
            inner = found if isinstance(found, dict) else {}
        elif isinstance(ways, list) and len(some := [one for one in ways if one != {"type": "null"}]) == 1 and isinstance(some[0], dict):
            inner = some[0]
        elif isinstance(kinds, list) and len(named := [one for one in kinds if one != "null"]) == 1:
            inner = {**inner, "type": named[0]}
        else:
            break
    return inner


def _object(schema: Schema, shared: Schema, deep: int) -> Schema | None:
    """The schema of an object with every reference followed; None for one that does not say plainly what is in it."""
    properties = schema.get("properties")
    if not deep or not isinstance(properties, dict) or not 0 < len(properties) <= _PARAMETERS:
        return None
    plain: dict[str, Schema] = {}
    for name, told in properties.items():
        inner = _resolved(told, shared)
        is_list = inner.get("type") == "array"
        inner = _resolved(inner.get("items"), shared) if is_list else inner
        one: Schema | None = {"type": inner.get("type")} if inner.get("type") in _TYPES else None
        if inner.get("type") == "object":
            one = _object(inner, shared, deep - 1)
        if one is None or not _PARAMETER.fullmatch(name):
            return None
        plain[name] = {"type": "array", "items": one} if is_list else one
    needs = schema.get("required")
    return {"type": "object", "properties": plain, "required": needs if isinstance(needs, list) else []}


def _read(name: str, value: object, schema: Schema) -> object:
    try:
        said = json.loads(str(value))
    except (ValueError, RecursionError):
        said = None
    if not _fits(said, schema):
        raise BadInput(f"{name} is not the object the tool takes", hint=f"as JSON: {json.dumps(schema)[:500]}")
    return said


def _fits(said: object, schema: Schema) -> bool:
    kind, properties, items = schema.get("type"), schema.get("properties"), schema.get("items")
    if kind == "object" and isinstance(properties, dict):
        needs = schema.get("required")
        return (
            isinstance(said, dict)
            and said.keys() <= properties.keys()
            and all(one in said for one in (needs if isinstance(needs, list) else []))
            and all(_fits(inner, properties[name]) for name, inner in said.items())
        )
    if kind == "array" and isinstance(items, dict):
        return isinstance(said, list) and all(_fits(inner, items) for inner in said)
    if isinstance(said, bool):
        return kind == "boolean"
    return isinstance(said, _JSON[str(kind)])  # type: ignore[arg-type]  # a type, or two of them


def _claims(said: object) -> tuple[str, ...]:
    told = said if isinstance(said, dict) else {}
    return tuple(words for (key, value), words in _CLAIMS.items() if told.get(key) is value)


def _text(said: object) -> str:
    return said[:2000] if isinstance(said, str) else ""
