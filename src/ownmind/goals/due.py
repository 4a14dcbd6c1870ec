"""What is to be said to a person now, what waits and until when, and what went by: a pure function of what is planned, what was already
said, the clock and their wishes.

A ``Nudge`` has a key that is the same whenever it is worked out anew (``check:s12:2026-11-22``): the row of its ``Delivery`` is what makes
it happen once, whatever crashes, sleeps or travels in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
    """What became of a nudge: a receipt. It holds no words of the person. A row with neither ``delivered`` nor ``missed`` was being shown
    when the process ended: it may have been seen, and is not sent again (``unsure``)."""

    key: str
    kind: NudgeKind
    subject: str
    about: str
    due: datetime
    delivered: datetime | None = None
    channel: str = ""  # page, terminal, desktop, mail; several with ", " between
    seen: datetime | None = None
    answered: datetime | None = None
    answer: str = ""  # an Answer
    missed: datetime | None = None
    reason: str = ""  # why it was missed or held
    declined_until: datetime | None = None
    unsure: bool = False  # begun before a crash; it may have been shown
