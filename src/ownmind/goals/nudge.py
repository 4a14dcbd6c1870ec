"""The values of following through: what is said to a person unasked, and the receipt of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .goal import Answer


class NudgeKind(StrEnum):
    """What a nudge is about, in the order in which they go before each other when a day has too many."""

    CATCH_UP = "catch_up"  # one summary of what went by while this machine slept
    BRIEFING = "briefing"
    REVIEW = "review"
    CHECK_IN = "check_in"
    PROMISE = "promise"
    STEP = "step"
    BIRTHDAY = "birthday"
    MISS = "miss"  # a step went by, and what was planned anew
    WAITING = "waiting"
    RECONNECT = "reconnect"

    @property
    def rank(self) -> int:
        """0 goes first."""
        return list(NudgeKind).index(self)


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


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a nudge: a receipt. It holds no words of the person. ``begun`` is written before it is
    shown; a row that has it and no ``delivered`` was being shown when the process ended: it may have been seen (``unsure``), and is not
    shown again."""

    key: str
    kind: NudgeKind
    subject: str
    about: str
    due: datetime
    begun: datetime | None = None
    day: date | None = None  # the local day it counts for
    delivered: datetime | None = None
    channel: str = ""  # page, terminal, desktop, mail; several with ", " between
    seen: datetime | None = None
    answered: datetime | None = None
    answer: str = ""  # an Answer
    missed: datetime | None = None
    reason: str = ""  # why it was missed
    lapsed: datetime | None = None  # when no answer had come in time, and the plan was made anew
    declined_until: datetime | None = None

    @property
    def unsure(self) -> bool:
        return self.begun is not None and self.delivered is None
