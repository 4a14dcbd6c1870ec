"""What the person allows, and what the gate may answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .declared import Effect
from .labels import Type


class Verdict(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A value the person vouched for, for one kind of effect. Never a rule: another value needs another yes."""

    type: Type
    normal: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Granted:
    """What the person allows. ``tools``: the rights of whoever calls, None for all; a sub-agent has the `narrowed` ones. ``budget``: the
    most one payment may be, None for whatever the request itself says. ``outside_words``: words that came from outside may go to a
    receiver the person named without being shown first; off by default, and never for links, addresses or secrets in them.
    ``trusted_sources``: the same for words of which every source is one of these (`Label.sources`, compared whole).
    ``destinations``: with their purpose, those that bytes may go to ("*" for any)."""

    endorsed: frozenset[Endorsement] = frozenset()
    tools: frozenset[str] | None = None
    budget: float | None = None
    outside_words: bool = False
    is_present: bool = True
    is_offline: bool = False
    destinations: frozenset[tuple[str, str]] = frozenset()
    trusted_sources: frozenset[str] = frozenset()

    def lets_out(self, sources: Iterable[str]) -> bool:
        """Whether words from outside may go to a named receiver unseen when these are all their sources. Words of no known source
        come from anywhere."""
        return self.outside_words or (bool(whole := frozenset(sources)) and whole <= self.trusted_sources)

    def narrowed(self, other: Granted) -> Granted:
        """What both allow: the rights of a part that works for another."""
        tools = self.tools if other.tools is None else other.tools if self.tools is None else self.tools & other.tools
        budgets = [one.budget for one in (self, other) if one.budget is not None]
        return Granted(
            self.endorsed & other.endorsed,
            tools,
            min(budgets, default=None),
            self.outside_words and other.outside_words,
            self.is_present and other.is_present,
            self.is_offline or other.is_offline,
            self.destinations & other.destinations,
            self._trusted_with(other),
        )

    def _trusted_with(self, other: Granted) -> frozenset[str]:
        """The sources that both trust: who lets all words out trusts every source."""
        if self.outside_words:
            return frozenset() if other.outside_words else other.trusted_sources
        return self.trusted_sources if other.outside_words else self.trusted_sources & other.trusted_sources
