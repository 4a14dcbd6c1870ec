"""What time and answers change in the steps of a goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ownmind.goals.goal import Answer, Goal, Rhythm, State, Step, StepState
from ownmind.goals.living.replan import carried, effect, merge, squeezed
from ownmind.goals.placing.schedule import Rules
from ownmind.goals.templates import Rule

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)


def step(name: str, *, day: int = 0, days: int = 7, at: int | None = None) -> Step:
    """A step of the week from ``day`` on; ``at``: the hour it is planned for on its first day."""
    first = MONDAY + timedelta(days=day)
    start = None if at is None else first.replace(hour=at)
    end = None if start is None else start + timedelta(minutes=30)
    return Step(name, "g1", f"Step {name}", 30, int(name[1:]), first, first + timedelta(days=days), key=f"k{name}", start=start, end=end)


def goal(rest: int = 0, most_a_day: int = 1) -> Goal:
    return Goal("g1", "a goal", "habit", State.ACTIVE, MONDAY, rhythm=Rhythm(rules=Rules(rest, most_a_day)))


def test_a_step_whose_time_is_over_is_missed_and_one_no_longer_needed_goes() -> None:
    """What is decided stays; what is still wanted keeps its place."""
    over, gone, kept = step("s1", day=-7), step("s2", day=7), step("s3", at=18)
    was_done = replace(step("s4", day=-7), state=StepState.DONE)
    merged = merge([over, gone, kept, was_done], [replace(kept, id="", start=None, end=None), step("s5", day=7)], MONDAY, Rule.SITTINGS)
    assert [(one.id, one.state) for one in merged.changed] == [("s1", StepState.MISSED)]
    assert [one.id for one in merged.removed] == ["s2"]
    assert [one.key for one in merged.added] == ["ks5"]
    assert merged.moved[0].why


def test_a_place_that_no_longer_suits_is_given_up_and_one_agreed_to_is_kept() -> None:
    """A window that moved takes the place away; a pinned step keeps it, its length and its end."""
    one = step("s1", at=18)
    later = replace(one, id="", earliest=MONDAY + timedelta(days=2), start=None, end=None)
    assert merge([one], [later], MONDAY, Rule.SITTINGS).changed[0].start is None
    pinned = replace(one, pinned=True, minutes=20)
    assert merge([pinned], [replace(later, minutes=30)], MONDAY, Rule.SITTINGS).changed[0].start == one.start


def test_what_was_put_off_until_tomorrow_stays_put_off() -> None:
    """Working the steps out anew does not bring it back to today."""
    one = step("s1", at=9)
    (again,) = effect(one, (), Answer.NOT_DONE, MONDAY.replace(hour=10), ZONE, Rule.SITTINGS).changed
    assert again.earliest == MONDAY + timedelta(days=1)
    fresh = replace(one, id="", start=None, end=None)
    assert merge([again], [fresh], MONDAY.replace(hour=11), Rule.SITTINGS).changed == ()


@pytest.mark.parametrize(("rest", "most_a_day", "room"), [(0, 1, 2), (1, 1, 1), (0, 3, 5)])
def test_what_the_days_that_are_left_cannot_hold_is_let_go(rest: int, most_a_day: int, room: int) -> None:
    """On Saturday noon of five sittings as many stay as two days may hold; of a training the last ones, the long one among them."""
    saturday = MONDAY + timedelta(days=5, hours=12)
    open_ones = [step(f"s{n}") for n in range(5)]
    let_go = squeezed(goal(rest, most_a_day), open_ones, saturday, ZONE, Rule.TRAINING).changed
    assert len(let_go) == 5 - room
    assert all(one.state is StepState.MISSED for one in let_go)
    if let_go:
        assert {one.id for one in let_go} == {f"s{n}" for n in range(5 - room)}


def test_late_in_the_evening_today_holds_nothing_more() -> None:
    """Half an hour before the evening's end is too late for half an hour and a bit."""
    sunday = MONDAY + timedelta(days=6, hours=21, minutes=45)
    assert len(squeezed(goal(), [step("s1")], sunday, ZONE, Rule.SITTINGS).changed) == 1
    assert not squeezed(goal(), [step("s1")], sunday - timedelta(hours=2), ZONE, Rule.SITTINGS).changed


@pytest.mark.parametrize("rule", Rule)
def test_not_done_on_the_last_day_is_owed_only_where_it_can_be(rule: Rule) -> None:
    """A task or a call is still to be done; a habit is let go. Either way it is said."""
    one = step("s1", day=0, days=1, at=9)
    found = effect(one, (), Answer.NOT_DONE, MONDAY.replace(hour=20), ZONE, rule)
    stays = rule in (Rule.TASKS, Rule.CONTACT, Rule.SPACED, Rule.SAVING)
    assert found.changed[0].state is (StepState.OPEN if stays else StepState.MISSED)
    assert found.is_miss and found.words
    assert carried(rule)


def test_done_late_counts_when_it_was_to_be_done() -> None:
    """Told the next morning, it was done by the end of its time."""
    one = step("s1", at=9)
    (then,) = effect(one, (), Answer.DONE, MONDAY + timedelta(days=1, hours=8), ZONE, Rule.SITTINGS).changed
    assert then.done_at == one.end


def test_half_of_what_was_said_is_what_was_said() -> None:
    """ "Half, 4 km": four kilometres count."""
    one = replace(step("s1"), amount=10)
    (half,) = effect(one, (), Answer.HALF, MONDAY, ZONE, Rule.TRAINING, amount=4).changed
    assert half.state is StepState.HALF and half.amount == 8
