"""Whom the person writes to: an address by the name they say, from mail they sent themselves.

An address book that a mail program fills with whoever wrote is a stranger's list: anybody can be "Sarah Baker" in it. So the book is not
asked. An address is meant when the request says its owner's first and last name, its local part is that name, the person has sent mail
there themselves, and of all the addresses they ever sent mail to no other has that name. What stays: somebody who called themselves so
and was answered once, with nobody else of that name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .declared import Effect
from .identifiers import normal
from .labels import Type, Value
from .seen import Seen, by_system, is_full

_PART = re.compile(r"[a-z]{2,}")


def is_correspondent(value: Value, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the request names the owner of this address, and the person wrote to no other of that name. All mail they sent must
    have been read."""
    reads = [one for one in seen if one.tool.wrote_to and one.tool.effect is Effect.READS]
    if not any(is_full(one) for one in reads):
        return False
    written_to = {normal(Type.EMAIL, to.data) for one in reads for row in one.rows for to in by_system(row, one.tool.wrote_to)}
    wanted = normal(Type.EMAIL, value.data)
    name = _name(wanted)
    return bool(name) and _is_full_name_said(name, request) and [one for one in written_to if _name(one) == name] == [wanted]


def _name(address: str) -> tuple[str, ...]:
    """("sarah", "baker") of sarah.baker@...; () where it is not a first and a last name and nothing else."""
    parts = tuple(re.split(r"[._-]", address.split("@")[0]))
    return parts if len(parts) > 1 and all(_PART.fullmatch(part) for part in parts) else ()


def _is_full_name_said(name: Sequence[str], request: str) -> bool:
    """Whether the words of the name stand in the request in a row, each with a capital."""
    said = re.finditer(r"(?<![\w@.-])" + r"\s+".join(map(re.escape, name)) + r"(?![\w@-])", request, re.IGNORECASE)
    return any(all(word[0].isupper() for word in match[0].split()) for match in said)
