"""What may give way when a plan does not fit, how dear each is, and how much of it gave way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

LATER_BY = 14  # days a deadline may move in an offer
LATER_TOO = 3  # days it may move when other things give way too


class Slack(StrEnum):
    """What may give way, and how dear that is (`COSTS`)."""

    HOURS = "hours"  # a sitting outside the hours given for it, still in waking, free time
    LONGER_DAY = "longer_day"  # days that hold more minutes
    MORE_A_DAY = "more_a_day"  # days that hold more sittings
    LESS_REST = "less_rest"  # fewer free days between two sittings of a goal
    SHORTER = "shorter"  # the sittings of a goal cut to their shortest
    LATER = "later"  # the end of a goal moved
    FEWER = "fewer"  # a sitting left out


# By the unit each is counted in: sitting, quarter of an hour, sitting, day, quarter of an hour of one sitting, day, sitting.
COSTS: Mapping[Slack, int] = {
    Slack.HOURS: 4, Slack.LONGER_DAY: 2, Slack.MORE_A_DAY: 5, Slack.LESS_REST: 5, Slack.SHORTER: 2, Slack.LATER: 3, Slack.FEWER: 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """How much gave way, by the sitting's id where a sitting gave way."""

    outside: frozenset[str] = frozenset()  # sittings outside their hours
    longer: Mapping[date, int] = field(default_factory=dict)  # minutes more on a day
    more: Mapping[date, int] = field(default_factory=dict)  # sittings more on a day
    less_rest: Mapping[str, int] = field(default_factory=dict)  # days less, by goal
    shorter: frozenset[str] = frozenset()
    later: Mapping[str, int] = field(default_factory=dict)  # days
    left_out: frozenset[str] = frozenset()
