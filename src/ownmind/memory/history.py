"""What was true when, and what cannot both be true: read off facts, pure.

Facts come as the store gives them (``Memory.facts(everything=True)``): settled, each with when it held as far as its claims say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..messages import Fact
from .facts import holds_at
from .predicates import object_key, predicate_key, slot_of, subject_key


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts about one thing that cannot all hold at once, the one the person vouches for first, then the latest said."""

    subject: str
    predicate: str
    facts: tuple[Fact, ...]  # two or more, each with another value


def value_at(found: Iterable[Fact], subject: str, predicate: str, at: datetime) -> Fact | None:
    """The fact that gives this predicate's value at ``at``: the best vouched for, then the one that began last. None: nobody said.

    "the person" and "you", "employer" and "works at" are the same here.
    """
    wanted = subject_key(subject), predicate_key(predicate)
    holding = [fact for fact in found if (subject_key(fact.subject), predicate_key(fact.predicate)) == wanted and holds_at(fact, at)]
    return max(holding, key=_weight, default=None)


def chain(found: Iterable[Fact], subject: str, predicate: str) -> list[Fact]:
    """Every value this predicate has had, in order of time, what began nobody knows when first; what never held is left out."""
    wanted = subject_key(subject), predicate_key(predicate)
    mine = [fact for fact in found if (subject_key(fact.subject), predicate_key(fact.predicate)) == wanted and not fact.wrong]
    return sorted(mine, key=lambda fact: (_since(fact), fact.valid_to.timestamp() if fact.valid_to else float("inf")))


def in_order(found: Iterable[Fact]) -> list[Fact]:
    """``found`` by subject and by what it is about, each thing's values in order of time."""
    return sorted(found, key=lambda fact: (subject_key(fact.subject), predicate_key(fact.predicate), _since(fact), fact.learned_at))


def conflicts(found: Iterable[Fact], now: datetime) -> tuple[Conflict, ...]:
    """What holds at ``now`` in two ways, and what was said against something the person kept, by subject and predicate.

    Two values of one slot stand side by side only where no rule of time or voice decides (store/settling.py).
    """
    slots: dict[tuple[str, str], list[Fact]] = {}
    facts = [fact for fact in found if not fact.wrong]
    for fact in facts:
        slots.setdefault(slot_of(fact), []).append(fact)
    groups = (_disagreeing(held, now) for _, held in sorted(slots.items()))
    return tuple(Conflict(group[0].subject, group[0].predicate, group) for group in groups if len(group) > 1)


def in_conflict(found: Sequence[Conflict]) -> set[str]:
    """The ids of all facts that are part of a conflict."""
    return {fact.id for conflict in found for fact in conflict.facts}


def _disagreeing(held: Sequence[Fact], now: datetime) -> tuple[Fact, ...]:
    """One fact for each value that holds or is said against a kept one, the weightiest first."""
    kept = {fact.id: _since(fact) for fact in held if fact.kept}
    standing = [fact for fact in held if _is_held(fact, now) or fact.kept]
    against = [fact for fact in held if kept.get(fact.superseded_by or "", _since(fact)) < _since(fact)]
    values: dict[tuple[str, str], Fact] = {}
    for fact in sorted([*standing, *against], key=_weight, reverse=True):
        values.setdefault((predicate_key(fact.predicate), object_key(fact.object)), fact)
    return tuple(values.values())


def _is_held(fact: Fact, now: datetime) -> bool:
    """Whether it holds now: a claim about a time to come is no contradiction yet."""
    return holds_at(fact, max(now, fact.learned_at)) and (fact.valid_to is None or fact.valid_to > now)


def _weight(fact: Fact) -> tuple[bool, bool, bool, float, datetime]:
    return fact.kept, fact.label.integrity.is_vouched, fact.stated, _since(fact), fact.learned_at


def _since(fact: Fact) -> float:
    return fact.valid_from.timestamp() if fact.valid_from else float("-inf")
