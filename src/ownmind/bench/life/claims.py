"""Statements about people who are only talked about, some made twice in ways that cannot both be true.

What does not change (a birthday, a birthplace) contradicts itself whenever two values were given; where an acquaintance lives or
works, only when two people say differently within days of each other: nobody knows who is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from . import when
from .phrasing import expand, stock, words
from .values import Conflict
from .world import World, pool

_SAY = Callable[[int, str, when.Phrase | None], str]  # who of the world's people, the text, the date in it; gives the entry's id


@dataclass
class _Claim:
    """Something to be said of ``name`` in some sessions: session number to value."""

    name: str
    predicate: str
    sessions: dict[int, str]
    entries: list[str]


class Claims:
    """What is to be said of others, and in which session."""

    def __init__(self, world: World, starts: Sequence[datetime]) -> None:
        self._world, rng = world, world.rng
        self._claims: list[_Claim] = []
        names = iter(world.strangers(14))
        n = len(starts)
        for predicate in ("birthday", "birthday", "born", "born"):
            values = self._values(predicate)
            twice = rng.random() < 0.7 and n > 3
            sessions = sorted(rng.sample(range(1, n + 1), 2 if twice else 1))
            self._claims.append(_Claim(next(names), predicate, dict(zip(sessions, values, strict=False)), []))
        near = [at for at in range(1, n) if (starts[at] - starts[at - 1]).days < 20]
        for predicate in ("lives in", "works at"):
            if len(world.people) > 1 and near:
                at = rng.choice(near)
                self._claims.append(_Claim(next(names), predicate, dict(zip((at, at + 1), self._values(predicate), strict=True)), []))

    def say(self, session: int, at: datetime, say: _SAY) -> None:
        """Says what is due in this session; the two of a disagreement are said by two people where there are two."""
        rng = self._world.rng
        for claim in self._claims:
            value = claim.sessions.get(session)
            if value is None:
                continue
            who = (len(claim.entries) + len(claim.name)) % len(self._world.people)
            slots = {"name": claim.name, "value": value, "city": value, "date": value, "verb": _VERBS.get(claim.predicate, "")}
            section = "hearsay" if claim.predicate in _VERBS else claim.predicate
            text = expand(rng, cast("list[str]", stock("talk")["lasting"][section]), slots)
            phrase = when.yearly(_day(value, at)) if claim.predicate == "birthday" else None
            claim.entries.append(say(who, text, phrase))

    def conflicts(self) -> tuple[Conflict, ...]:
        """The claims that were made in two ways."""
        return tuple(
            Conflict(claim.name, claim.predicate, tuple(claim.sessions.values()), frozenset(claim.entries))
            for claim in self._claims
            if len(claim.entries) > 1
        )

    def _values(self, predicate: str) -> list[str]:
        rng = self._world.rng
        if predicate == "birthday":
            return [f"{day} {month}" for day, month in zip(rng.sample(range(1, 29), 2), rng.sample(when.MONTHS, 2), strict=True)]
        return rng.sample(words("places", "cities") if predicate in ("born", "lives in") else pool("places.employers"), 2)


_VERBS = {"lives in": "lives in", "works at": "works at"}


def _day(value: str, at: datetime) -> datetime:
    day, month = value.split()
    return when.midnight(at).replace(month=when.MONTHS.index(month) + 1, day=int(day))
