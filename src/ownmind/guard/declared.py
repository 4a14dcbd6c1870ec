"""What the guard must know of a tool: its effect, and for every parameter what a value there decides.

A tool that is not declared, or a parameter that is not, is refused: a new tool starts with no rights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .labels import Type


class Effect(StrEnum):
    """What a tool does to the world, from harmless to costly. Fetching a page is SENDS, and so is a search that asks a stranger's
    machine: an address or a query can carry anything out. READS is for what is looked up in the person's own house."""

    READS = "reads"
    WRITES = "writes"
    SENDS = "sends"
    SPENDS = "spends"


class Role(StrEnum):
    """What a value decides."""

    AUTHORITY = "authority"  # who receives, which account, which address, what permission, how much: bound, or asked about
    TARGET = "target"  # the person's own object that is changed or destroyed: the one the request means, or asked about
    CONTENT = "content"  # words others will read, or the person keeps
    DETAIL = "detail"  # a value of low capacity without authority: a date, a flag, a number of lines
    QUERY = "query"  # what a read looks for


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``kind``: what sort of object it names ("file", "channel"). ``words``: how a request speaks of it ("title",
    "called"). ``choices``: for a closed list, the words of a request that mean each choice. ``like``: the field of a row of
    the person's own data whose value a request may point at ("the same participants as ...")."""

    role: Role
    type: Type = Type.TEXT
    kind: str = ""
    words: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    like: str = ""
    usual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to pick one object by a superlative: "the largest file", "the channel with the most users". ``group``: the field, or the
    argument of the read, that holds the object; ``weigh``: a number field to compare, else rows are counted."""

    kind: str
    nouns: tuple[str, ...]
    group: str
    weigh: str = ""
    is_argument: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """The fields of a row about money: the two accounts and how much, each written by the bank; ``on``: the day."""

    payer: str
    payee: str
    amount: str
    on: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """Of a read of messages: the argument that says where, the field with who spoke (written by the service), the one with the words."""

    place: str
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the guard knows of one tool.

    Of a tool that acts: ``sends_with`` names parameters whose presence makes it a send (the participants of an event);
    ``readers`` a field of the target's row that lists who else reads it (a shared file). Of one that reads: the ``kind`` of its rows,
    the fields with their ``id`` and ``name``, the ``query`` argument, whether it lists ``whole`` the person's objects of that kind, and
    if so, how many it gives at ``most`` and the argument that sets another ``limit``. What its rows are: a ``transfer`` of money, a
    ``talk``, all mail the person sent, with the field of whom they ``wrote_to``.
    """

    name: str
    effect: Effect
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    says: str = ""  # the effect in words, with {parameter} in it: "send an email to {recipients}"
    sends_with: tuple[str, ...] = ()
    readers: str = ""
    kind: str = ""
    id: str = ""
    called: str = ""
    query: str = ""
    whole: bool = False
    measures: tuple[Measure, ...] = ()
    limit: str = ""
    most: int = 0
    transfer: Transfer | None = None
    talk: Talk | None = None
    wrote_to: str = ""
