"""Which steps want a place in a span of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ownmind.goals.goal import Goal, Rhythm, State, Step, StepState
from ownmind.goals.placing.schedule import Days, Window
from ownmind.goals.placing.wants import cannot, wants

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 8, tzinfo=ZONE)
END = datetime(2026, 3, 9, tzinfo=ZONE)
GOAL = Goal("g1", "run", "habit", State.ACTIVE, NOW)


def step(number: int, **more: object) -> Step:
    return replace(Step(f"s{number}", "g1", f"run {number}", 45, number, NOW, END), **more)


def must(its: list[Step]) -> dict[str, bool]:
    return {one.id: not one.may_wait for one in wants([GOAL], its, Days(), NOW, END, ZONE).sittings}


def test_what_must_be_done_before_the_end_is_asked_for_and_all_that_comes_before_it() -> None:
    later = END + timedelta(days=60)
    assert must([step(0, latest=later), step(1), step(2, latest=later)]) == {"s0": True, "s1": True, "s2": False}


def test_what_may_be_done_later_is_asked_for_by_the_share_of_its_time() -> None:
    """Ten steps in ten weeks: one in this week; what begins after it, none."""
    its = [step(n, earliest=END - timedelta(weeks=1), latest=END + timedelta(weeks=9)) for n in range(10)]
    assert must(its) == {"s0": False}
    assert must([step(0, earliest=END, latest=END + timedelta(days=9))]) == {}


def test_what_is_done_missed_or_skipped_is_not_asked_for() -> None:
    assert must([step(n, state=state) for n, state in enumerate(StepState)]) == {"s0": True}


def test_what_stands_after_the_span_keeps_its_place() -> None:
    assert must([step(0, latest=END + timedelta(days=1), start=END + timedelta(hours=9), end=END + timedelta(hours=10))]) == {}


def test_hours_that_touch_are_one_stretch_also_over_midnight() -> None:
    """From 22:00 to midnight and from midnight to one: an hour and a half has a place; a night owl's hours are given as two."""
    owl = (Window(22 * 60, 24 * 60), Window(0, 60))
    assert cannot(step(0, minutes=150), Rhythm(windows=owl), Days(owl), NOW, ZONE) == ""
    assert "none of the hours" in cannot(step(0, minutes=200), Rhythm(windows=owl), Days(owl), NOW, ZONE)


def test_what_lasts_no_time_or_more_than_a_day_is_said() -> None:
    for minutes in (0, -5, 2000):
        assert "between a minute and a day" in cannot(step(0, minutes=minutes), Rhythm(), Days(), NOW, ZONE)


def test_a_deadline_at_midnight_is_said_as_the_day_before() -> None:
    assert cannot(step(0, latest=datetime(2026, 3, 2, tzinfo=ZONE)), Rhythm(), Days(), NOW, ZONE).startswith(
        "“run 0” was to be done by Sun 1 Mar"
    )


def test_where_nobody_gave_hours_daytime_suits_better() -> None:
    """A wish, no rule: the person's own hours go before it."""
    [free] = wants([GOAL], [step(0)], Days(), NOW, END, ZONE).sittings
    assert free.best and not free.windows
    evenings = (Window(18 * 60, 21 * 60),)
    [given] = wants([replace(GOAL, rhythm=Rhythm(windows=evenings))], [step(0)], Days(), NOW, END, ZONE).sittings
    assert given.windows == evenings and not given.best
