"""Steps by rule: what is to be done next, reckoned from what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.goals.goal import Chip, Goal, How, State, Step, StepState
from ownmind.goals.slots import filled
from ownmind.goals.templates import load, progressions
from ownmind.goals.templates.expand import expand

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 23)  # a Monday
TEMPLATES = load().templates


def goal(template: str, title: str = "a goal", **parts: str) -> Goal:
    chips = [Chip(slot, value, How.ASSUMED) for slot, value in TEMPLATES[template].usual.items() if slot not in parts]
    chips += [Chip(slot, value, How.SAID) for slot, value in parts.items()]
    return filled(Goal("g1", title, template, State.ACTIVE, datetime(2026, 11, 23, 8, tzinfo=ZONE)), chips)


def steps(of: Goal, until: date, history: Sequence[Step] = (), today: date = TODAY, reached: float | None = None) -> tuple[Step, ...]:
    return expand(of, TEMPLATES[of.template], history, today, ZONE, until, reached=reached)


def _done(one: Step) -> Step:
    return replace(one, state=StepState.DONE, done_at=one.latest - timedelta(hours=3))


def lived(of: Goal, weeks: int, *, is_done: bool = True) -> tuple[Step, ...]:
    """The steps of so many weeks, week after week, each done at the end of its week (or missed)."""
    history: tuple[Step, ...] = ()
    for n in range(weeks):
        monday = TODAY + timedelta(days=7 * n)
        fresh = steps(of, monday + timedelta(days=7), history, monday)
        state = StepState.DONE if is_done else StepState.MISSED
        history += tuple(
            replace(one, id=f"s{one.key}", state=state, done_at=one.latest - timedelta(hours=3) if is_done else None) for one in fresh
        )
    return history


@settings(max_examples=60, deadline=None)
@given(baseline=st.integers(1, 20), target=st.integers(5, 50), weeks=st.integers(3, 40), a_week=st.integers(1, 5))
def test_a_training_never_grows_by_more_than_a_tenth(baseline: int, target: int, weeks: int, a_week: int) -> None:
    """Neither its longest nor the whole of a week, from one week to any before it; and the last weeks hold less."""
    day = TODAY + timedelta(days=7 * weeks - 1)
    training = goal("training", target=f"{target} km", baseline=f"{baseline} km", deadline=str(day), a_week=str(a_week), rest="0")
    by_week: defaultdict[date, list[float]] = defaultdict(list)
    for one in steps(training, TODAY + timedelta(days=7 * weeks + 1)):
        if one.key != "day":
            by_week[one.earliest.date()].append(one.amount or 0)
    longest, most = float(baseline), 0.0
    for monday in sorted(by_week)[:-2]:
        assert max(by_week[monday]) <= longest * 1.1 + 1e-6
        if most:
            assert sum(by_week[monday]) <= most * 1.1 + 0.1 * a_week
        longest, most = max(longest, *by_week[monday]), max(most, sum(by_week[monday]))
    if len(by_week) > 3:
        assert sum(by_week[max(by_week)]) < most


def test_a_training_builds_on_what_was_done() -> None:
    """Weeks that were missed are not made up: after four of them it begins where it was."""
    training = goal("training", target="21.1 km", baseline="6 km", deadline="2027-05-30")
    kept = steps(training, TODAY + timedelta(days=35), lived(training, 4), TODAY + timedelta(days=28))
    missed = steps(training, TODAY + timedelta(days=35), lived(training, 4, is_done=False), TODAY + timedelta(days=28))
    assert max(one.amount or 0 for one in kept) > 7
    assert max(one.amount or 0 for one in missed) == pytest.approx(6)


def test_every_fourth_week_is_lighter_and_the_day_itself_is_a_step() -> None:
    """As the template says."""
    training = goal("training", target="21.1 km", baseline="5 km", deadline="2027-04-11")
    found = steps(training, date(2027, 4, 12))
    longest = {}
    for one in found:
        longest[one.earliest.date()] = max(longest.get(one.earliest.date(), 0), one.amount or 0)
    mondays = sorted(day for day in longest if day.weekday() == 0)
    assert longest[mondays[3]] < longest[mondays[2]]
    day = found[-1]
    assert (day.amount, day.earliest.date()) == (21.1, date(2027, 4, 11))


@given(whole=st.integers(1, 1_000_000), pieces=st.integers(1, 60), growing=st.booleans())
def test_what_is_put_aside_adds_up_to_the_target(whole: int, pieces: int, growing: bool) -> None:
    """To the hundredth, equal or growing, and never a negative part."""
    parts = progressions.parts(whole / 100, pieces, growing=growing)
    assert sum(round(100 * part) for part in parts) == whole
    assert all(part >= 0 for part in parts)


def test_a_month_without_saving_is_spread_over_the_others() -> None:
    """Nothing is lost, and nothing is asked twice."""
    saving = goal("saving", target="€1,200", baseline="0", deadline="2027-05-31")
    first = steps(saving, date(2027, 6, 1))
    assert sum(one.amount or 0 for one in first) == 1200
    missed = replace(first[0], state=StepState.MISSED)
    later = steps(saving, date(2027, 6, 1), [missed], date(2026, 12, 1))
    assert sum(one.amount or 0 for one in later) == 1200
    assert later[0].amount is not None and first[0].amount is not None
    assert later[0].amount > first[0].amount


def test_pages_are_spread_over_the_days_that_are_left() -> None:
    """Behind, each sitting has more of them; and they end with the book."""
    book = goal("reading", target="300 pages", deadline="2026-12-20", a_week="5")
    found = steps(book, date(2026, 12, 21))
    assert sum(one.amount or 0 for one in found) == 300
    behind = steps(book, date(2026, 12, 21), today=date(2026, 12, 7), reached=20)
    assert sum(one.amount or 0 for one in behind) == 280
    assert (behind[0].amount or 0) > (found[0].amount or 0)


def test_stages_come_in_their_order_and_missed_work_comes_back() -> None:
    """A sitting that was missed does not make the work less."""
    project = goal("project", deadline="2027-01-31", milestones="Outline (3 h); Draft (6 h)")
    whole = steps(project, date(2027, 2, 1))
    assert [one.milestone for one in whole] == ["Outline"] * 3 + ["Draft"] * 6
    after = steps(project, date(2027, 2, 1), lived(project, 1, is_done=False), date(2026, 11, 30))
    assert [one.milestone for one in after] == ["Outline"] * 3 + ["Draft"] * 6


def test_tasks_are_ready_before_the_day_and_long_ones_are_cut() -> None:
    """Each ends by its day; five hours are three sittings."""
    party = goal("event", deadline="2026-12-20", milestones="Invite (1 h) by 2026-11-30; Buy (5 h); Cook (2 h)")
    found = steps(party, date(2026, 12, 21))
    assert [one.title for one in found] == ["Invite", "Buy (1 of 3)", "Buy (2 of 3)", "Buy (3 of 3)", "Cook"]
    assert found[0].latest.date() == date(2026, 12, 1)
    assert all(one.latest.date() <= date(2026, 12, 20) for one in found)


def test_what_was_learnt_is_looked_at_again_after_growing_pauses() -> None:
    """1, 3, 7, 16 days after it was really learnt, and not after the day."""
    exam = goal("study", deadline="2026-12-31", milestones="Signs; Right of way")
    first = next(one for one in steps(exam, date(2027, 1, 1)) if one.title == "Learn: Signs")
    learnt = replace(first, state=StepState.DONE, done_at=datetime(2026, 11, 25, 20, tzinfo=ZONE))
    again = [one for one in steps(exam, date(2027, 1, 1), [learnt], date(2026, 11, 26)) if one.title == "Look again: Signs"]
    assert [(one.earliest.date() - date(2026, 11, 25)).days for one in again] == [1, 3, 7, 16, 35]
    assert all(one.latest.date() <= date(2027, 1, 1) for one in again)


def test_somebody_is_got_in_touch_with_again_after_so_many_days() -> None:
    """From the last time, however late it was; and what is overdue is due now, not lost."""
    friend = goal("relationship", person="Tom", every="14")
    done = [replace(one, state=StepState.DONE, done_at=datetime(2026, 12, 1, 19, tzinfo=ZONE)) for one in steps(friend, date(2026, 12, 1))]
    following = steps(friend, date(2027, 1, 1), done, date(2026, 12, 2))[0]
    assert following.earliest.date() <= date(2026, 12, 15) < following.latest.date()
    overdue = steps(friend, date(2027, 2, 1), done, date(2027, 1, 20))[0]
    assert overdue.earliest.date() == date(2027, 1, 20)


@settings(max_examples=80, deadline=None)
@given(
    template=st.sampled_from(sorted(TEMPLATES)),
    day=st.integers(0, 500),
    deadline=st.one_of(st.none(), st.integers(0, 400)),
    a_week=st.integers(1, 7),
    parts=st.sampled_from([{}, {"milestones": "A (2 h); B; C by 2027-01-15"}, {"target": "100 km", "baseline": "3 km"}, {"every": "9"}]),
)  # fmt: skip
def test_whatever_the_goal_its_steps_are_sound(template: str, day: int, deadline: int | None, a_week: int, parts: dict[str, str]) -> None:
    """Keys are unique, windows are not empty and lie between today's week and the deadline, a day has its real hours, and working it out
    twice gives the same."""
    today = TODAY + timedelta(days=day)
    end = {} if deadline is None else {"deadline": str(TODAY + timedelta(days=deadline))}
    one = goal(template, a_week=str(a_week), **parts, **end)
    found = steps(one, today + timedelta(days=28), today=today)
    assert found == steps(one, today + timedelta(days=28), today=today)
    assert len({step.key for step in found}) == len(found)
    for step in found:
        assert step.earliest < step.latest
        assert step.latest > datetime(today.year, today.month, today.day, tzinfo=ZONE)
        assert 0 < step.minutes <= 16 * 60 and 0 <= step.shortest <= step.minutes
        if deadline is not None:
            assert step.latest.date() <= TODAY + timedelta(days=deadline + 1)
    after = steps(one, today + timedelta(days=28), [replace(step, state=StepState.DONE, done_at=step.latest) for step in found], today)
    assert not {step.key for step in after} & {step.key for step in found}
