"""Why a plan does not fit, and what is missing, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ownmind.goals.placing.conflict import conflict
from ownmind.goals.placing.lacks import missing
from ownmind.goals.placing.schedule import Busy, Days, Problem, Rules, Sitting, Window

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, tzinfo=ZONE)
END = START + timedelta(days=7)


def sittings(count: int, goal: str = "run", minutes: int = 60) -> list[Sitting]:
    return [Sitting(f"{goal} {n}", goal, minutes, START, END, (Window(18 * 60, 20 * 60),)) for n in range(count)]


def problem(its: list[Sitting], **more: object) -> Problem:
    return replace(Problem(ZONE, START, END, tuple(its), names={"run": "half marathon"}), **more)


def test_the_demands_that_contradict_each_other_are_named_and_no_others() -> None:
    """Five runs and a day of rest between: reading once a week has nothing to do with it."""
    made = problem([*sittings(5), *sittings(1, "read")], rules={"run": Rules(rest=1)})
    assert set(conflict(made)) == {"half marathon: 5 times, 5 h in all", "half marathon: 1 free day between two"}


def test_what_fits_has_no_conflict() -> None:
    assert conflict(problem(sittings(2))) == ()


def test_limits_of_the_day_are_named_where_they_are_in_the_way() -> None:
    made = problem([*sittings(7), *sittings(1, "read")], days=Days(most_sittings=1))
    assert "at most 1 sittings a day" in conflict(made)


def test_a_goal_with_too_few_hours_is_told_how_many_it_has() -> None:
    """Needs 7 hours, has an hour and a half on each of three evenings."""
    busy = [Busy(START + timedelta(days=n, hours=18), START + timedelta(days=n, hours=18, minutes=30)) for n in range(3)]
    busy.append(Busy(START + timedelta(days=3), END, "away"))
    said = missing(problem(sittings(7), busy=tuple(busy)))
    assert said == "half marathon needs 7 h in the week of 2 March, and its hours leave 4.5 h"


def test_all_goals_together_are_told_what_their_days_hold() -> None:
    made = problem([*sittings(5), *sittings(5, "read")], days=Days(most_minutes=60))
    assert missing(made) == "all goals together need 10 h in the week of 2 March, and your days have 7 h for them"


def test_time_enough_in_the_wrong_places_is_not_called_missing() -> None:
    assert missing(problem(sittings(5), rules={"run": Rules(rest=1)})) == ""
