"""The proof of a plan, as a person reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ownmind.goals.placing.check import check
from ownmind.goals.placing.schedule import Busy, Past, Placed, Problem, Rules, Sitting, Window

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, tzinfo=ZONE)
RUN = Sitting("s1", "run", 45, START, START + timedelta(days=7), (Window(18 * 60, 21 * 60),), title="Easy run")


def at(day: int, hour: int) -> datetime:
    return START + timedelta(days=day - 2, hours=hour)


def test_a_line_says_what_lies_around_a_sitting_and_how_long_its_goal_has_rested() -> None:
    busy = (Busy(at(3, 9), at(3, 17), "work"), Busy(at(3, 20), at(3, 22), "choir"))
    made = Problem(ZONE, START, at(9, 0), (RUN,), {"run": Rules(rest=1)}, busy, past=(Past("run", at(1, 18), 45),))
    proof = check(made, {"s1": Placed(at(3, 18), at(3, 18) + timedelta(minutes=45))})
    assert proof.lines == (
        "Tue 3 Mar 18:00 to 18:45 Easy run: free between “work” and “choir”, in the hours you gave, 1 free day after Sun 1 Mar",
    )


def test_a_way_is_told_and_a_day_with_nothing_else_on_it() -> None:
    made = Problem(ZONE, START, at(9, 0), (replace(RUN, travel=20),))
    proof = check(made, {"s1": Placed(at(3, 18), at(3, 18) + timedelta(minutes=45))})
    assert proof.lines == (
        "Tue 3 Mar 18:00 to 18:45 Easy run: nothing else that day, in the hours you gave, 20 minutes' way before and after",
    )


def test_a_plan_that_does_not_hold_has_no_proof() -> None:
    made = Problem(ZONE, START, at(9, 0), (RUN,))
    assert check(made, {"s1": Placed(at(3, 3), at(3, 4))}).lines == ()
