"""Looking back: patterns in the person's own words with their passages, and suggestions that say how unsure they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ownmind.goals.goal import Chip, Goal, How, Rhythm, State, Step, StepState
from ownmind.goals.hours import windows
from ownmind.goals.telling.reflect import better, interval, reflections, suggestions
from ownmind.messages import Integrity, Item, Kind, Label, Source

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZONE)
GOAL = Goal("g1", "practise the piano", "practice", State.ACTIVE, datetime(2026, 1, 1, tzinfo=UTC))


def said(text: str, days: int) -> Item:
    at = MONDAY + timedelta(days=days)
    return Item(f"i{days}{len(text)}", text, Source("note:1"), Label(Integrity.PERSON), Kind.MESSAGE, at, "", "c1", 0, at)


def test_a_theme_is_what_comes_up_on_several_days_more_than_usual() -> None:
    """Each with the passages, letter for letter; what always comes up is no theme of the week."""
    week = [
        said("The garden needs water. I had soup", 0),
        said("Planted beans in the garden, soup again", 2),
        said("My garden is green. Soup!", 4),
    ]
    before = [said("soup for lunch", -day) for day in range(1, 20)]
    found = reflections(week, before, ZONE)
    assert [one.text for one in found] == ["“garden” came up on Monday, Wednesday and Friday."]
    assert [ref.words for ref in found[0].refs] == [
        "The garden needs water.",
        "Planted beans in the garden, soup again",
        "My garden is green.",
    ]


def test_a_feeling_is_told_in_the_persons_word_with_what_came_up_beside_it() -> None:
    week = [
        said("I feel stressed, the deadline is close", 0),
        said("I'm so stressed about the deadline", 2),
        said("The deadline moved to May", 3),
    ]
    assert [one.text for one in reflections(week, [], ZONE)] == [
        "You said that you felt “stressed” on Monday and Wednesday.",
        "“deadline” came up on Monday, Wednesday and Thursday.",
        "“stressed” and “deadline” came up together on Monday and Wednesday.",
    ]


def test_a_quiet_week_gives_no_reflection() -> None:
    assert reflections([said("Hello", 0), said("I feel tired", 1)], [], ZONE) == ()
    assert reflections([], [], ZONE) == ()


def step(number: int, hour: int, state: StepState, minutes: int = 30) -> Step:
    start = (MONDAY + timedelta(days=number)).replace(hour=hour)
    return Step(f"s{number}.{hour}", "g1", "Practise", minutes, number, start, start, state=state, start=start, end=start)


def steps(morning: tuple[int, int], evening: tuple[int, int]) -> list[Step]:
    """(done, missed) in the mornings and in the evenings."""
    states = [[StepState.DONE] * done + [StepState.MISSED] * missed for done, missed in (morning, evening)]
    return [step(n, hour, state) for hour, its in zip((8, 19), states, strict=True) for n, state in enumerate(its)]


def test_what_worked_becomes_a_suggestion_with_its_numbers() -> None:
    (one,) = suggestions([GOAL], steps((11, 1), (2, 10)), ZONE)
    assert (one.goal, one.slot, one.value, one.n) == ("g1", "best", "06:00-12:00", 12)
    assert windows(one.value)
    assert one.words.startswith("“practise the piano” went better before noon: 11 of 12 done, else 2 of 12.")
    assert 0 < one.low < 11 / 12 < one.high < 1
    assert len(one.evidence) == 24


@pytest.mark.parametrize(("morning", "evening"), [((5, 0), (0, 5)), ((7, 5), (6, 6)), ((12, 0), (0, 0)), ((9, 3), (6, 6))])
def test_nothing_is_claimed_of_few_or_like_numbers(morning: tuple[int, int], evening: tuple[int, int]) -> None:
    assert suggestions([GOAL], steps(morning, evening), ZONE) == ()


def test_what_the_goal_has_already_is_not_suggested() -> None:
    has = replace(GOAL, rhythm=Rhythm(best=windows("06:00-12:00")), chips=(Chip("best", "06:00-12:00", How.SAID),))
    assert suggestions([has], steps((11, 1), (2, 10)), ZONE) == ()


def test_chance_alone_seldom_makes_a_suggestion() -> None:
    """Of 300 people whose mornings and evenings are alike, few are told otherwise (12 sittings on each side, seeded)."""
    import random

    chance = random.Random(3)
    wrong = 0
    for _ in range(300):
        states = [StepState.DONE if chance.random() < 0.6 else StepState.MISSED for _ in range(24)]
        made = [step(n % 12, 8 if n < 12 else 19, state) for n, state in enumerate(states)]
        wrong += bool(suggestions([GOAL], made, ZONE))
    assert wrong <= 0.1 * 300


def test_the_interval_is_that_of_the_beta_distribution() -> None:
    """Against values of scipy.stats.beta: Beta(8, 4) and Beta(1, 1)."""
    assert interval(8, 4) == pytest.approx((0.4356, 0.8649), abs=0.001)
    assert interval(1, 1) == pytest.approx((0.05, 0.95), abs=0.001)
    assert better((8, 4), (8, 4)) == pytest.approx(0.5, abs=1e-9)
    assert better((30, 2), (2, 30)) > 0.999
