"""The best plan, or the proof that there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.bench.weeks import problems
from ownmind.goals.placing.check import check
from ownmind.goals.placing.schedule import Busy, Days, Past, Problem, Rules, Sitting, Window
from ownmind.goals.placing.solve import parts, solve

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, tzinfo=ZONE)  # a Monday
WEEK = timedelta(days=7)
EVENING = (Window(18 * 60, 20 * 60),)


def sittings(count: int, goal: str = "run", week: int = 0, **more: object) -> list[Sitting]:
    made = [Sitting(f"{goal}{week}.{n}", goal, 60, START + week * WEEK, START + (week + 1) * WEEK, EVENING) for n in range(count)]
    return [replace(one, **more) for one in made]


def problem(its: list[Sitting], *, weeks: int = 1, **more: object) -> Problem:
    return replace(Problem(ZONE, START, START + weeks * WEEK, tuple(its)), **more)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_every_plan_holds(seed: int) -> None:
    """Whatever the week, what the solver gives passes the checker."""
    made = next(problems(seed, 1))
    solved = solve(made)
    assert solved is None or check(made, solved.plan).holds


def test_the_same_problem_gives_the_same_plan() -> None:
    made = next(problems(3, 1))
    assert solve(made) == solve(made)


def test_what_cannot_be_has_no_plan() -> None:
    """Eight times once a day in seven days; four of them with a day of rest between are just possible, five not."""
    assert solve(problem(sittings(8))) is None
    resting = {"run": Rules(rest=1)}
    assert solve(problem(sittings(4), rules=resting)) is not None
    assert solve(problem(sittings(5), rules=resting)) is None


def test_rest_reaches_from_one_week_into_the_next() -> None:
    """Four runs a week with a day of rest fit into any week alone, and never into two in a row."""
    its = [*sittings(4), *sittings(4, week=1)]
    assert solve(problem(its, weeks=2)) is not None
    assert solve(problem(its, weeks=2, rules={"run": Rules(rest=1)})) is None
    fewer = [*sittings(4), *sittings(3, week=1)]
    assert solve(problem(fewer, weeks=2, rules={"run": Rules(rest=1)})) is not None


def test_what_was_done_counts_for_rest_day_and_week() -> None:
    its = sittings(1, latest=START + timedelta(days=1))
    yesterday = Past("run", START - timedelta(hours=5), 60)
    assert solve(problem(its, past=(yesterday,))) is not None
    assert solve(problem(its, past=(yesterday,), rules={"run": Rules(rest=1)})) is None
    today = Past("run", START + timedelta(hours=1), 60)
    assert solve(problem(its, past=(today,))) is None, "once a day"
    other = replace(today, goal="gym", minutes=150)
    assert solve(problem(its, past=(other,))) is None, "180 minutes a day"
    assert solve(problem(sittings(3), past=(today,), rules={"run": Rules(most_a_week=3)})) is None


def test_the_way_and_the_pause_keep_two_sittings_apart() -> None:
    """Two hours of evening hold two sittings of an hour; not with a pause between, nor with a way."""
    two = [*sittings(1, latest=START + timedelta(days=1)), *sittings(1, "gym", latest=START + timedelta(days=1))]
    assert solve(problem(two)) is not None
    assert solve(problem(two, days=Days(pause=15))) is None
    assert solve(problem([two[0], replace(two[1], travel=10)])) is None


def test_what_suits_better_is_chosen_where_it_can_be_had() -> None:
    late = (Window(19 * 60, 20 * 60),)
    solved = solve(problem(sittings(3, best=late)))
    assert solved is not None and {at.start.hour for at in solved.plan.values()} == {19}
    taken = tuple(Busy(START + timedelta(days=n, hours=19), START + timedelta(days=n, hours=20)) for n in range(7))
    assert solve(problem(sittings(3, best=late), busy=taken)) is not None


def test_what_stood_somewhere_stays_there_when_it_can() -> None:
    before = {f"run0.{n}": START + timedelta(days=2 * n, hours=18, minutes=15) for n in range(3)}
    solved = solve(problem(sittings(3), before=before))
    assert solved is not None and {name: at.start for name, at in solved.plan.items()} == before


def test_what_may_wait_waits_only_when_there_is_no_room() -> None:
    waiting = [*sittings(6), *sittings(3, "read", may_wait=True)]
    roomy, tight = solve(problem(waiting)), solve(problem(waiting, days=Days(most_sittings=1)))
    assert roomy is not None and len(roomy.plan) == 9
    assert tight is not None and len(tight.plan) == 7 and check(problem(waiting, days=Days(most_sittings=1)), tight.plan).holds


def test_a_project_of_many_weeks_is_spread_over_them() -> None:
    its = [replace(one, latest=START + 6 * WEEK) for one in sittings(6, "thesis")]
    made = problem(its, weeks=6)
    solved = solve(made)
    assert solved is not None and check(made, solved.plan).holds
    assert len({at.start.isocalendar().week for at in solved.plan.values()}) == 6


def test_a_project_stays_where_it_stood_when_time_has_passed() -> None:
    """The first is done, and the turns of the rest would fall otherwise: they are not moved for that."""
    its = [replace(one, latest=START + 6 * WEEK) for one in sittings(4, "thesis")]
    first = solve(problem(its, weeks=6))
    assert first is not None
    before = {one.id: first.plan[one.id].start for one in its[1:]}
    later = [replace(one, earliest=START + timedelta(days=8)) for one in its[1:]]
    again = solve(problem(later, weeks=6, before=before))
    assert again is not None and {name: at.start for name, at in again.plan.items()} == before


def test_a_project_that_only_fits_at_the_end_still_fits() -> None:
    """Five of six weeks are away: what was to be spread is found its place in the last one."""
    its = [replace(one, latest=START + 6 * WEEK) for one in sittings(6, "thesis")]
    made = problem(its, weeks=6, busy=(Busy(START, START + 5 * WEEK, "away"),))
    solved = solve(made)
    assert solved is not None and check(made, solved.plan).holds


def test_a_quarter_is_cut_where_nothing_couples_its_weeks() -> None:
    its = [one for week in range(13) for one in sittings(2, week=week)]
    assert len(parts(problem(its, weeks=13))) == 13
    across = Sitting("x", "x", 60, START, START + 13 * WEEK)
    assert len(parts(problem([*its, across], weeks=13))) == 1


def test_nothing_to_place_is_a_plan() -> None:
    solved = solve(problem([]))
    assert solved is not None and not solved.plan
