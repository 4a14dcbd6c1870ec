"""What moved and why: the first plain reason there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ownmind.goals.goal import Step
from ownmind.goals.placing.moved import moved
from ownmind.goals.placing.schedule import Busy, Placed, Problem, Sitting, Window

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, 8, tzinfo=ZONE)
END = START + timedelta(days=7)
EVENING = (Window(18 * 60, 21 * 60),)
SIX = datetime(2026, 3, 3, 18, tzinfo=ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def step(name: str, start: datetime) -> Step:
    return Step(name, "g", name, 60, 0, START, END, start=start, end=start + HOUR)


def sitting(name: str, goal: str = "g") -> Sitting:
    return Sitting(name, goal, 60, START, END, EVENING, title=name)


@pytest.mark.parametrize(
    ("was", "busy", "others", "why"),
    [
        (START - DAY, (), {}, "it was missed"),
        (SIX, (Busy(SIX, SIX + HOUR, "choir"),), {}, "it would meet “choir”"),
        (SIX - 3 * HOUR, (), {}, "its place is no longer in the hours or days given for it"),
        (SIX, (), {"read": SIX}, "it made room for “read”"),
        (SIX, (), {"read": SIX + 2 * HOUR}, "so that everything fits"),
    ],
)
def test_each_move_has_the_first_reason_there_is(was: datetime, busy: tuple[Busy, ...], others: dict[str, datetime], why: str) -> None:
    made = Problem(ZONE, START, END, (sitting("run"), *(sitting(name, name) for name in others)), busy=busy)
    plan = {name: Placed(at, at + HOUR) for name, at in {"run": SIX + DAY, **others}.items()}
    before = {"run": step("run", was), **{name: step(name, at) for name, at in others.items()}}
    assert [(one.step, one.why) for one in moved(made, before, plan, START)] == [("run", why)]


def test_what_follows_another_says_so() -> None:
    made = Problem(ZONE, START, END, (sitting("first"), sitting("second")), busy=(Busy(SIX, SIX + HOUR, "choir"),))
    plan = {"first": Placed(SIX + DAY, SIX + DAY + HOUR), "second": Placed(SIX + 2 * DAY, SIX + 2 * DAY + HOUR)}
    before = {"first": step("first", SIX), "second": step("second", SIX + 2 * HOUR)}
    assert [one.why for one in moved(made, before, plan, START)] == [
        "it would meet “choir”", "it keeps its order and rest beside “first”, which moved",
    ]  # fmt: skip


def test_what_stays_and_what_had_no_place_is_no_move() -> None:
    made = Problem(ZONE, START, END, (sitting("run"),))
    plan = {"run": Placed(SIX, SIX + HOUR)}
    assert moved(made, {"run": step("run", SIX)}, plan, START) == ()
    assert moved(made, {"run": Step("run", "g", "run", 60, 0, START, END)}, plan, START) == ()
