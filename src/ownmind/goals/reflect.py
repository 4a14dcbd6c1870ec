"""Looking back: what the person's own words of a week have in common, and what worked, as a suggestion with its evidence and its
uncertainty. Counting and one conjugate prior; no model."""

from __future__ import annotations

from dataclasses import dataclass

from .briefing import Ref


@dataclass(frozen=True, slots=True)
class Reflection:
    """A pattern in the person's own words, with the passages that show it."""

    text: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the next plan could do differently, to take or leave: ``slot`` and ``value`` as `Goals.change` takes them. ``n`` sittings
    show it; ``low`` to ``high`` is the 90 % credible interval of the share done there."""

    goal: str
    slot: str
    value: str
    words: str
    evidence: tuple[Ref, ...]
    n: int
    low: float
    high: float
