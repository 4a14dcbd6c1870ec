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

import re
from collections.abc import Iterator, Mapping, Sequence

from ..memory.words import STOP
from ..messages import Integrity
from .declared import Declaration, Effect, Parameter, Role
from .identifiers import has_word, is_named, is_said, normal
from .labels import Type, Value, is_at_least
from .picking import pick
from .seen import Row, Seen, by_system, called, is_own


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


def is_field_meant(value: Value, parameter: Parameter, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the value is a field, written by a system, of a row of the person's own data that the request names. Rows about money are
    the business of `payments`."""
    wanted = normal(value.type, value.data)
    return any(
        any(normal(value.type, field.data) == wanted for field in by_system(row, parameter.like)) and _is_row_named(one, row, request, seen)
        for one in seen
        if one.tool.effect is Effect.READS and one.tool.transfer is None
        for row in one.rows
    )


def shares_a_word(name: Value, request: str) -> bool:
    """Whether a word of a name stands in the request: a longer one, and none that any sentence has."""
    return any(len(word) > 3 and word not in STOP and has_word(request, word) for word in _plain(name).split())


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
    names = {id_: called(tool, row) for id_, (tool, row) in known.items()}
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
    return shares_a_word(name, request) and sum(shares_a_word(other, request) for other in names.values() if other is not None) == 1


def _is_whole_name_said(name: Value, request: str) -> bool:
    """The name as it is, or, of a file, without its ending and with blanks for its signs."""
    if is_named(request, Value(name.data, name.label, Type.NAME)) or is_said(request, str(name.data)):
        return True
    return len(_plain(name).split()) > 1 and is_said(request, _plain(name))


def _plain(name: Value) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"\.\w{1,5}$", "", str(name.data))).strip().casefold()


def _is_only_hit(one: Seen, wanted: str, request: str) -> bool:
    if not one.tool.query or len(one.rows) != 1:
        return False
    asked = one.arguments.get(one.tool.query, ())
    return bool(asked) and all(is_said(request, str(value.data)) for value in asked) and _is_made(one, wanted)


def _is_row_named(one: Seen, row: Row, request: str, seen: Sequence[Seen]) -> bool:
    ids, name = row.get(one.tool.id, ()), called(one.tool, row)
    if ids and one.tool.called and _is_named_alone(str(ids[0].data), _objects(one.tool.kind, seen), request):
        return True
    return name is not None and is_own(one.tool, row) and shares_a_word(name, request)
