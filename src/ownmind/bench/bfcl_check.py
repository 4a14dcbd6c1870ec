"""Whether calls are the ones an item of the Berkeley Function Calling Leaderboard allows: its AST checker's published rules, for Python.

An item's answer lists calls; each parameter has a list of values that are right, and "" in that list says that it may be left out.
A call is right with the right name, all required parameters, no parameter nobody knows, and values of the declared type that are in
the list (whole numbers pass for floats; texts are compared without case, spaces and ,./-_*^). Several calls may come in any order.
After https://github.com/ShishirPatil/gorilla (berkeley-function-call-leaderboard, Apache-2.0); written anew, no line is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..models.llama.frames import Json

Made: TypeAlias = "tuple[str, Mapping[str, Json]]"
Allowed: TypeAlias = "Mapping[str, Mapping[str, Sequence[Json]]]"  # one call: its name, then the right values of each parameter
Function: TypeAlias = "Mapping[str, Json]"  # name, description, parameters, in the data's own words for types

_TYPES: Mapping[str, type] = {
    "string": str, "integer": int, "float": float, "boolean": bool, "array": list, "tuple": list, "dict": dict, "any": str,
}  # fmt: skip


def wrong(made: Sequence[Made], allowed: Sequence[Allowed], functions: Sequence[Function]) -> str:
    """Why ``made`` is not what is ``allowed``; "" when it is. No call at all is right where none is allowed."""
    if len(made) != len(allowed):
        return f"{len(made)} calls for {len(allowed)}"
    left = list(made)
    for expected in allowed:
        ((name, values),) = expected.items()
        function = next((one for one in functions if one["name"] == name), None)
        if function is None:
            return f"the data knows no {name}"
        why = [_wrong_call(call, name, values, function) for call in left]
        if "" not in why:
            return "; ".join(dict.fromkeys(why))
        del left[why.index("")]
    return ""


def _wrong_call(call: Made, name: str, values: Mapping[str, Sequence[Json]], function: Function) -> str:
    given = call[1]
    if call[0] != name:
        return f"{call[0]} called, not {name}"
    parameters = function["parameters"]
    assert isinstance(parameters, dict), "the data's functions have parameters"
    known, required = parameters.get("properties"), parameters.get("required") or []
    assert isinstance(known, dict) and isinstance(required, list)
    for one in required:
        if one not in given:
            return f"{one} is missing"
    for one, value in given.items():
        of = known.get(one)
        if not isinstance(of, dict) or one not in values:
            return f"{one} is not asked for"
        if why := _wrong_value(value, values[one], of):
            return f"{one}: {why}"
    return next((f"{one} is left out" for one, right in values.items() if one not in given and "" not in right), "")


def _wrong_value(value: Json, right: Sequence[Json], of: Mapping[str, Json]) -> str:
    kind = str(of.get("type"))
    declared = _TYPES[kind]
    items = of.get("items")
    within = _TYPES[str(items.get("type"))] if kind in ("array", "tuple") and isinstance(items, dict) else None
    if kind == "float" and type(value) is int:
        value = float(value)
    meant = next((type(one) for one in right if one != ""), None)  # a name of a variable may stand for a value of any type
    if type(value) is not declared:
        return "" if meant is not None and type(value) is meant and value in right else f"{value!r} is no {kind}"
    if isinstance(value, list) and within is not None and not _has_items(value, right, within):
        return f"{value!r} holds other things than {within.__name__}"
    if meant is not None and meant is not declared:
        return "" if value in right else f"{value!r} is not right"
    return "" if _is_right(value, right, within) else f"{value!r} is not right"


def _has_items(value: list[Json], right: Sequence[Json], within: type) -> bool:
    """Whether each item is of the declared type, or of the type of the right lists' own items."""
    for several in right:
        if not isinstance(several, list):
            return True
        meant = next((type(one) for one in several if one != ""), within)
        if all(type(one) in (within, meant) for one in value):
            return True
    return False


def _is_right(value: Json, right: Sequence[Json], within: type | None) -> bool:
    match value:
        case str():
            return _plain(value) in [_plain(one) for one in right if isinstance(one, str)]
        case dict():
            return any(_is_object(value, one) for one in right if isinstance(one, dict))
        case list() if within is dict:
            return any(_are_objects(value, several) for several in right if isinstance(several, list))
        case list():
            # "" among the right lists stands for the empty one too, as theirs reads it
            return [_plain(one) for one in value] in [[*map(_plain, several)] for several in right if isinstance(several, list | str)]
        case _:
            return value in right


def _are_objects(value: list[Json], right: list[Json]) -> bool:
    return len(value) == len(right) and all(
        isinstance(one, dict) and isinstance(other, dict) and _is_object(one, other) for one, other in zip(value, right, strict=True)
    )


def _is_object(value: Mapping[str, Json], right: Mapping[str, Json]) -> bool:
    """An object whose every key has a list of right values; "" among them says that it may be left out."""
    for key, one in value.items():
        several = right.get(key)
        if not isinstance(several, list) or _plain(one) not in [_plain(other) for other in several]:
            return False
    return all(key in value or (isinstance(several, list) and "" in several) for key, several in right.items())


def _plain(value: Json) -> Json:
    return re.sub(r"[ ,./\-_*^]", "", value).lower().replace("'", '"') if isinstance(value, str) else value
