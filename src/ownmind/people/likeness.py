"""How far two names agree: which parts, how, and whether they speak against each other. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from .names import Fit, Name, fit, nicknames, root

_LESS = {Fit.SAME: 0.0, Fit.NICK: 0.7, Fit.SLIP: 1.5, Fit.INITIAL: 0.3}  # what is less sure than the same word
_OTHER_FAMILY = -3.5  # one given name, two family names: mostly two people, sometimes one who married
_OTHER_GIVEN = -9.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """``agree``: pairs of parts with how they agree; ``against``: log-odds against, of the parts that do not."""

    agree: tuple[tuple[str, str, Fit], ...]
    against: float
    words: str

    def weight(self, rarity: Callable[[str], float]) -> float:
        """Log-odds that it is one name, where ``rarity`` gives those of a part (or a root, or an initial) by how few bear it."""
        total = self.against
        for one, other, how in self.agree:
            key = one if how is Fit.SAME else root(one) if how is Fit.NICK else min(one, other, key=len)[0] if how is Fit.INITIAL else one
            total += max(rarity(key) - _LESS[how], 0.1)
        return total


@lru_cache(maxsize=1 << 16)
def likeness(one: Name, other: Name) -> Likeness | None:
    """How they agree; None when in nothing."""
    if not one.parts or not other.parts:
        return None
    agree, left, right = _aligned(one.parts, other.parts)
    if not agree or all(how is Fit.INITIAL for _, _, how in agree):
        return None
    against = 0.0
    if left and right:
        against = _OTHER_FAMILY if one.parts[0] not in left and other.parts[0] not in right else _OTHER_GIVEN
    said, meant = " ".join(one.parts).title(), " ".join(other.parts).title()
    return Likeness(tuple(agree), against, f"both are called {said}" if said == meant else f"{said} and {meant} may be one name")


@lru_cache(maxsize=1 << 16)
def contradicts(one: Name | None, other: Name | None) -> bool:
    """Whether two names cannot be one person's: two given names, that is. Another family name may come by marrying; a single word that
    is no given name we know ("Mum", "Plumber") says nothing."""
    if one is None or other is None or one == other or not one.parts or not other.parts:
        return False
    if any(len(name.parts) == 1 and name.parts[0] not in nicknames() for name in (one, other)):
        return False
    agree, left, right = _aligned(one.parts, other.parts)
    if not left or not right:
        return not agree
    return one.parts[0] in left or other.parts[0] in right


def _aligned(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[tuple[str, str, Fit]], list[str], list[str]]:
    """Parts of the two that agree, the best first, and what is left of each."""
    rated = sorted(
        ((how, -abs(x - y), x, y) for x, a in enumerate(one) for y, b in enumerate(other) if (how := fit(a, b)) is not Fit.NONE),
        reverse=True,
    )
    mine: set[int] = set()
    theirs: set[int] = set()
    agree: list[tuple[str, str, Fit]] = []
    for how, _, x, y in rated:
        if x not in mine and y not in theirs:
            mine.add(x)
            theirs.add(y)
            agree.append((one[x], other[y], how))
    return agree, [part for x, part in enumerate(one) if x not in mine], [part for y, part in enumerate(other) if y not in theirs]
