"""The person's own objects: which one a request means, decided by code over what trusted reads returned, never by a model.

"Delete the largest file" authorises one id, and which, is a matter of sizes. An object is meant when

- this session made it (the id is the outcome of an allowed call);
- the request picks it by a superlative, and everything that could be picked was read;
- its whole name stands in the request, and no other object seen has that name;
- a word of its name does, and the person named it themselves, and no other object shares the word;
- a search for words of the request found it alone.

Names are often the choice of others; so they are compared, whole, with the person's words, and two of one name are none.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..memory.words import STOP
from ..messages import Integrity
from .declared import Declaration, Effect, Measure, Parameter, Role
from .identifiers import has_word, is_named, is_said, is_well_formed, normal
from .labels import Type, Value, is_at_least

Row = Mapping[str, tuple[Value, ...]]

_HIGHEST = ("largest", "biggest", "longest", "most", "highest", "greatest")
_LOWEST = ("smallest", "shortest", "fewest", "least", "lowest")
_PREFIX = re.compile(r"\b(?:(?:start|beginn|begin)(?:ing|s)?)\s+with\s+['\"‘“]?([\w-]{3,})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """One call that was made in this session, and what came back, every field with its own label."""

    tool: Declaration
    arguments: Mapping[str, tuple[Value, ...]]
    rows: tuple[Row, ...] = ()


def is_meant(value: Value, kind: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the request means the object with this id."""
    wanted = str(value.data)
    if any(_is_made(one, wanted) for one in seen if one.tool.effect is not Effect.READS and one.tool.kind == kind):
        return True
    known = _objects(kind, seen)
    if wanted not in known:
        return False
    picked = pick(kind, request, seen)
    if picked is not None:
        return wanted in picked
    return _is_named_alone(wanted, known, request) or any(_is_only_hit(one, wanted, request) for one in seen if one.tool.kind == kind)


def pick(kind: str, request: str, seen: Sequence[Seen]) -> frozenset[str] | None:
    """What a superlative of the request picks: at most one. None where the request has none for this kind of object; empty where
    not everything was read, or two are equal: what can be steered by reading half is not decided by code."""
    measures = {(measure, one.tool.name): one.tool for one in seen for measure in one.tool.measures if measure.kind == kind}
    for (measure, _), tool in measures.items():
        highest = _superlative(request, measure.nouns)
        if highest is None:
            continue
        weights = _weights(measure, [one for one in seen if one.tool.name == tool.name])
        if not _is_complete(measure, tool, kind, seen) or any(math.isnan(weight) for weight in weights.values()):
            return frozenset()
        best = (max if highest else min)(weights.values(), default=0.0)
        chosen = [key for key, weight in weights.items() if weight == best]
        return frozenset(chosen if len(chosen) == 1 else ())
    return None


def starts_as_said(value: Value, kind: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the request gives the beginning of this name ("the channel starting with Ext") and it is the only such of a whole list."""
    match = _PREFIX.search(request)
    if match is None or not is_well_formed(value):
        return False
    names = {str(name.data) for one in seen if one.tool.whole and one.tool.kind == kind for row in one.rows for name in _names(one, row)}
    return [name for name in names if name.startswith(match[1])] == [str(value.data)]


def is_one_of_each(value: Value, kind: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the request is for each object of this kind, and this is one that a complete reading found."""
    if not re.search(rf"\b(?:each|every|all)\s+(?:\w+\s+)?{re.escape(kind)}s?\b", request, re.IGNORECASE):
        return False
    for one in seen:
        for measure in one.tool.measures:
            if measure.kind == kind and not measure.is_argument and _is_complete(measure, one.tool, kind, seen):
                return str(value.data) in _weights(measure, [other for other in seen if other.tool.name == one.tool.name])
    return False


def is_field_meant(value: Value, parameter: Parameter, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the value is a field, written by a system, of a row of the person's own data that the request names."""
    wanted = normal(value.type, value.data)
    return any(
        any(field.label and is_at_least(field.label, Integrity.SYSTEM) and normal(value.type, field.data) == wanted for field in fields)
        for one in seen
        if one.tool.effect is Effect.READS
        for row in one.rows
        if (fields := row.get(parameter.like, ())) and _is_row_named(one, row, request, seen, by_account=value.type is Type.NUMBER)
    )


def readers(value: Value, kind: str, field: str, seen: Sequence[Seen]) -> tuple[Value, ...] | None:
    """Who else reads the object with this id; None when it was not seen, and nobody knows."""
    row = _objects(kind, seen).get(str(value.data))
    return None if row is None else row[1].get(field, ())


def written_into(value: Value, kind: str, seen: Sequence[Seen]) -> Iterator[tuple[str, Value]]:
    """The words this session put into the object with this id, when it was made or later: whoever gets the object gets them."""
    for one in seen:
        if one.tool.effect is Effect.READS:
            continue
        is_target = any(
            str(target.data) == str(value.data)
            for name, parameter in one.tool.parameters.items()
            if parameter.role is Role.TARGET and parameter.kind == kind
            for target in one.arguments.get(name, ())
        )
        if is_target or (one.tool.kind == kind and _is_made(one, str(value.data))):
            contents = [name for name, parameter in one.tool.parameters.items() if parameter.role is Role.CONTENT]
            yield from ((name, words) for name in contents for words in one.arguments.get(name, ()))


def _objects(kind: str, seen: Sequence[Seen]) -> dict[str, tuple[Declaration, Row]]:
    """Every object of a kind that was seen, by id; the latest sight of it."""
    return {
        str(row[one.tool.id][0].data): (one.tool, row) for one in seen if one.tool.kind == kind for row in one.rows if row.get(one.tool.id)
    }


def _is_made(one: Seen, wanted: str) -> bool:
    return any(str(field.data) == wanted for row in one.rows for field in row.get(one.tool.id, ()))


def _is_named_alone(wanted: str, known: Mapping[str, tuple[Declaration, Row]], request: str) -> bool:
    names = {id_: _called(tool, row) for id_, (tool, row) in known.items()}
    name = names[wanted]
    if name is None:
        return False
    alike = [other for other in names.values() if other is not None and _plain(other) == _plain(name)]
    if len(alike) > 1:
        return False
    if _is_whole_name_said(name, request):
        return True
    if name.label is None or not is_at_least(name.label, Integrity.PERSON):
        return False  # a stranger may have named it so that it sounds like the one meant
    return _shares_a_word(name, request) and sum(_shares_a_word(other, request) for other in names.values() if other is not None) == 1


def _is_whole_name_said(name: Value, request: str) -> bool:
    """The name as it is, or, of a file, without its ending and with blanks for its signs."""
    if is_named(request, Value(name.data, name.label, Type.NAME)) or is_said(request, str(name.data)):
        return True
    return len(_plain(name).split()) > 1 and is_said(request, _plain(name))


def _plain(name: Value) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"\.\w{1,5}$", "", str(name.data))).strip().casefold()


def _shares_a_word(name: Value, request: str) -> bool:
    return any(len(word) > 3 and word not in STOP and has_word(request, word) for word in _plain(name).split())


def _is_only_hit(one: Seen, wanted: str, request: str) -> bool:
    if not one.tool.query or len(one.rows) != 1:
        return False
    asked = one.arguments.get(one.tool.query, ())
    return bool(asked) and all(is_said(request, str(value.data)) for value in asked) and _is_made(one, wanted)


def _is_row_named(one: Seen, row: Row, request: str, seen: Sequence[Seen], *, by_account: bool) -> bool:
    """By the object's own name; of a payment also by an account that the bank wrote into it and the request names."""
    ids = row.get(one.tool.id, ())
    known = _objects(one.tool.kind, seen)
    if ids and one.tool.called and _is_named_alone(str(ids[0].data), known, request):
        return True
    systems = (field for fields in row.values() for field in fields if field.label and is_at_least(field.label, Integrity.SYSTEM))
    if by_account and any(field.type is Type.IBAN and is_named(request, field) for field in systems):
        return True
    name = _called(one.tool, row)
    return name is not None and name.label is not None and is_at_least(name.label, Integrity.PERSON) and _shares_a_word(name, request)


def _called(tool: Declaration, row: Row) -> Value | None:
    names = row.get(tool.called, ())
    return names[0] if names else None


def _names(one: Seen, row: Row) -> Iterator[Value]:
    yield from row.get(one.tool.called or one.tool.id, ())


def _superlative(request: str, nouns: Sequence[str]) -> bool | None:
    """True: the highest is asked for, False: the lowest, None: neither. "most" alone names too little: its noun must follow."""
    noun = "|".join(map(re.escape, nouns))
    for words, highest in ((_HIGHEST, True), (_LOWEST, False)):
        if re.search(rf"\b(?:{'|'.join(words)})\s+(?:\w+\s+){{0,3}}?(?:{noun})\b", request, re.IGNORECASE):
            return highest
    return None


def _weights(measure: Measure, seen: Sequence[Seen]) -> dict[str, float]:
    """Each object with its number, nan where a system wrote none; reads of the same thing count once."""
    latest = {tuple(sorted((key, tuple(str(v.data) for v in values)) for key, values in one.arguments.items())): one for one in seen}
    weights: defaultdict[str, float] = defaultdict(float)
    for one in latest.values():
        if measure.is_argument:
            keys = one.arguments.get(measure.group, ())
            weights[str(keys[0].data) if keys else ""] += len(one.rows)
            continue
        for row in one.rows:
            for key in row.get(measure.group, ()):
                weights[str(key.data)] += _weight(row.get(measure.weigh, ())) if measure.weigh else 1
    return dict(weights)


def _weight(field: tuple[Value, ...]) -> float:
    known = field and field[0].label is not None and is_at_least(field[0].label, Integrity.SYSTEM)
    return float(field[0].data) if known and isinstance(field[0].data, int | float) else math.nan


def _is_complete(measure: Measure, tool: Declaration, kind: str, seen: Sequence[Seen]) -> bool:
    """Whether all there is to compare was read: one read that lists everything, or one for each thing a list names."""
    if tool.whole:
        return True
    over = measure.group if measure.is_argument else next(iter(tool.parameters), "")
    thing = tool.parameters[over].kind if over in tool.parameters else kind
    listed = {str(name.data) for one in seen if one.tool.whole and one.tool.kind == thing for row in one.rows for name in _names(one, row)}
    read = {str(value.data) for one in seen if one.tool.name == tool.name for value in one.arguments.get(over, ())}
    return bool(listed) and listed <= read
