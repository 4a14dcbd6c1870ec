"""The values of following through: what is said to a person unasked, and the receipt of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...store.deliveries import Delivery, NudgeKind
from ..goal import Answer


@dataclass(frozen=True, slots=True)
class Nudge:
    """One thing to be said. ``why``: why now. ``stop``: how to have it stop. It holds words of the person: it is shown, never kept."""

    key: str
    kind: NudgeKind
    due: datetime  # in the person's zone
    title: str
    why: str
    stop: str
    subject: str = ""  # the id of what it is about: s12, g3, m5, p7
    about: str = ""  # the matter that a decline silences: the goal of a step (g3), else the subject, briefing or review
    choices: tuple[Answer, ...] = ()  # what may be tapped in answer

    @property
    def rank(self) -> int:
        return self.kind.rank


__all__ = ["Delivery", "Nudge", "NudgeKind"]
