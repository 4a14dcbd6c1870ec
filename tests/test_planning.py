"""A plan out of goals, steps and a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from ownmind.errors import BadInput, NotFound
from ownmind.goals.goal import Goal, Rhythm, State, Step, StepState
from ownmind.goals.placing.schedule import Rules, Window
from ownmind.goals.planning import Planned, apply, plan
from ownmind.goals.preferences import Preferences
from ownmind.records import Appointment

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=ZONE)  # a Monday
SUNDAY = datetime(2026, 3, 9, tzinfo=ZONE)
EVENING = Window(18 * 60, 21 * 60)
CALM = Preferences(zone="Europe/Berlin", work=())


def goal(name: str = "g1", **more: object) -> Goal:
    rhythm = more.pop("rhythm", Rhythm(windows=(EVENING,)))
    assert isinstance(rhythm, Rhythm)
    return replace(Goal(name, f"goal {name}", "habit", State.ACTIVE, NOW, rhythm=rhythm), **more)


def steps(count: int, of: str = "g1", minutes: int = 45, **more: object) -> list[Step]:
    made = [Step(f"{of}s{n}", of, f"step {n} of {of}", minutes, n, NOW, SUNDAY) for n in range(count)]
    return [replace(one, **more) for one in made]


def appointment(day: int, start: int, end: int, title: str = "dentist", **more: object) -> Appointment:
    made = Appointment(f"a{day}.{start}", at(day, start), at(day, end), title)
    return replace(made, **more)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=ZONE) + timedelta(hours=hour)


def week(goals: list[Goal], its: list[Step], calendar: list[Appointment] | None = None, like: Preferences = CALM, **more: int) -> Planned:
    return plan(goals, its, calendar or [], like, NOW, ZONE, **more)


def test_every_step_gets_a_place_in_its_hours_and_the_proof_says_so() -> None:
    """Three runs, three places, each in the evening, each with its line of proof."""
    planned = week([goal()], steps(3))
    assert planned.fits and planned.proof.holds
    assert len(planned.placed) == len(planned.week.steps) == len(planned.week.proof) == 3
    assert all(one.start is not None and 18 <= one.start.astimezone(ZONE).hour < 21 for one in planned.placed)


def test_a_second_plan_of_the_same_calendar_moves_nothing() -> None:
    first = week([goal()], steps(3))
    again = week([goal()], list(first.placed))
    assert again.placed == first.placed and not again.week.moved


def test_a_new_appointment_moves_the_step_it_meets_and_no_other_and_says_why() -> None:
    first = week([goal()], steps(3))
    met = first.placed[1]
    assert met.start and met.end
    new = Appointment("x", met.start, met.end, "choir")
    again = week([goal()], list(first.placed), [new])
    assert [(one.step, one.why) for one in again.week.moved] == [(met.id, "it would meet “choir”")]


def test_a_missed_step_is_placed_again_and_says_that_it_was_missed() -> None:
    late = replace(steps(1)[0], start=NOW - timedelta(hours=12), end=NOW - timedelta(hours=11))
    planned = week([goal()], [late])
    assert planned.fits and planned.week.moved[0].why == "it was missed"


def test_work_is_taken_unless_the_goals_own_hours_lie_in_it() -> None:
    working = replace(CALM, work=(Window(9 * 60, 17 * 60, frozenset(range(7))),))
    broad = goal(rhythm=Rhythm(windows=(Window(8 * 60, 18 * 60),)))
    lunch = goal("g2", rhythm=Rhythm(windows=(Window(12 * 60, 13 * 60),)))
    planned = week([broad, lunch], [*steps(2), *steps(2, "g2", 30)], like=working)
    assert planned.fits
    for one in planned.placed:
        assert one.start is not None
        assert (one.start.hour == 12) if one.goal == "g2" else (one.start.hour in (8, 17))


def test_a_whole_day_takes_its_day_only_when_it_says_so() -> None:
    """A birthday leaves the evening free; a trip that is marked as busy does not. What was not counted is said."""
    monday = steps(1, latest=at(3, 0))
    birthday = appointment(2, 0, 24, "Ana's birthday", whole_day=True)
    planned = week([goal()], monday, [birthday])
    assert planned.fits and any("Ana's birthday" in note for note in planned.week.notes)
    assert not week([goal()], monday, [replace(birthday, title="trip", is_busy=True)]).fits


def test_what_is_marked_free_or_came_from_ownmind_itself_is_not_in_the_way() -> None:
    monday = steps(1, latest=at(3, 0))
    evening = appointment(2, 17, 22)
    assert not week([goal()], monday, [evening]).fits
    assert week([goal()], monday, [replace(evening, is_free=True)]).fits
    assert week([goal()], monday, [replace(evening, goal="g1")]).fits


def test_every_offer_once_taken_gives_a_plan_that_fits_and_stays() -> None:
    """The law of offers: store what `apply` gives, plan again, and everything stands where the offer said."""
    tight = goal(rhythm=Rhythm(windows=(Window(18 * 60, 19 * 60, frozenset({0, 1, 2})),), rules=Rules(rest=1)))
    its = steps(3, minutes=60, shortest=30)
    planned = week([tight], its)
    assert not planned.fits and planned.offers
    for name in planned.offers:
        taken = apply(planned, name)
        assert taken.week.fits
        stored = {one.id: one for one in its} | {one.id: one for one in taken.steps}
        again = week([*taken.goals] or [tight], list(stored.values()))
        assert again.fits and not again.week.moved, planned.offers[name].words


def test_an_offer_that_is_taken_leaves_what_may_wait_where_it_is() -> None:
    """Eight runs do not fit; the thesis, due in ten weeks, keeps its share of this week in the plan that is taken."""
    thesis = steps(20, "g2", 60, latest=NOW + timedelta(weeks=10))
    its = [*steps(8), *thesis]
    planned = week([goal(), goal("g2", rhythm=Rhythm())], its)
    for name in planned.offers or {}:
        taken = apply(planned, name)
        assert sum(one.goal == "g2" for one in taken.week.steps) == 2
        stored = {one.id: one for one in its} | {one.id: one for one in taken.steps}
        assert not week([goal(), goal("g2", rhythm=Rhythm())], list(stored.values())).week.moved


@pytest.mark.parametrize("seed", range(15))
def test_whatever_is_handed_in_gets_an_answer_and_a_plan_that_stays(seed: int) -> None:
    """Goals, steps and calendars drawn at random, contradictions, pins and days of changing clocks included: never an error, and a second
    plan of what the first one gave moves nothing that must be done."""
    goals, its, calendar, like, now = _drawn(Random(seed))
    planned = plan(goals, its, calendar, like, now, ZONE)
    if planned.solved is not None:
        stored = {one.id: one for one in its} | {one.id: one for one in planned.placed}
        again = plan(goals, list(stored.values()), calendar, like, now, ZONE)
        must = {one.id for one in again.problem.sittings if not one.may_wait}
        assert again.solved is not None and not [one for one in again.week.moved if one.step in must]
    for name in planned.offers or {}:
        assert apply(planned, name).week.fits == (not planned.left)


def _drawn(random: Random) -> tuple[list[Goal], list[Step], list[Appointment], Preferences, datetime]:
    day = random.choice([date(2026, 3, 27), date(2026, 10, 23), date(2028, 2, 28), date(2026, 6, 1)])
    now = datetime(day.year, day.month, day.day, random.randrange(24), random.randrange(60), 7, tzinfo=ZONE)
    goals, its = [], []
    for number in range(random.randint(1, 4)):
        windows = tuple(_window(random) for _ in range(random.randint(0, 2)))
        rules = Rules(random.choice([0, 1, 2]), random.choice([1, 2]), random.choice([2, 3, 7]))
        goals.append(goal(f"g{number}", rhythm=Rhythm(windows=windows, travel=random.choice([0, 20]), rules=rules)))
        for one in steps(random.randint(0, 5), f"g{number}", random.choice([5, 20, 45, 90, 240])):
            begins = now + timedelta(days=random.choice([-8, -2, 0, 0, 1]))
            start = at(day.day, 0).replace(year=day.year, month=day.month) + timedelta(minutes=15 * random.randint(-100, 500))
            placed = random.random() < 0.5
            its.append(replace(
                one, earliest=begins, latest=begins + timedelta(days=random.choice([0, 1, 4, 7, 10, 40])), shortest=random.choice([0, 5]),
                state=random.choice([StepState.OPEN] * 5 + list(StepState)), pinned=random.random() < 0.2,
                start=start if placed else None, end=start + timedelta(minutes=one.minutes) if placed else None,
            ))  # fmt: skip
    calendar = []
    for number in range(random.randint(0, 12)):
        start = now + timedelta(minutes=random.randint(-3000, 15000))
        end = start + timedelta(minutes=random.choice([30, 60, 120, 1440]))
        calendar.append(
            Appointment(f"a{number}", start, end, "appointment", whole_day=random.random() < 0.2, is_busy=random.random() < 0.3)
        )
    awake = random.choice([(Window(420, 1320),), (Window(600, 1440), Window(0, 120)), ()])
    like = replace(
        CALM, awake=awake, most_minutes=random.choice([60, 180]), most_sittings=random.choice([1, 4]), pause=random.choice([0, 10])
    )
    return goals, its, calendar, like, now


def _window(random: Random) -> Window:
    start = random.randrange(0, 23 * 60, 30)
    return Window(start, min(24 * 60, start + random.choice([30, 60, 240])), frozenset(random.sample(range(7), random.randint(1, 7))))


def test_an_offer_of_another_plan_is_not_found() -> None:
    with pytest.raises(NotFound):
        apply(week([goal()], steps(1)), "o123")


def test_what_is_past_its_deadline_is_said_and_the_rest_is_planned() -> None:
    over = replace(steps(1, "g2")[0], earliest=NOW - timedelta(days=9), latest=NOW - timedelta(days=2))
    planned = week([goal(), goal("g2")], [*steps(2), over])
    assert not planned.fits and len(planned.placed) == 2
    assert "was to be done by" in planned.week.missing


def test_contradictions_are_named() -> None:
    """Hours outside the waking ones, an end before the beginning, a sitting longer than any of its hours, no waking hours at all."""
    night = goal(rhythm=Rhythm(windows=(Window(60, 180),)))
    assert "you are awake 07:00 to 22:00" in week([night], steps(1)).week.missing
    assert "before it may begin" in week([goal()], steps(1, earliest=at(8, 0), latest=at(5, 0))).week.missing
    assert "none of the hours given for it is that long" in week([goal()], steps(1, minutes=200)).week.missing
    assert "no waking hours are given" in week([goal()], steps(1), like=replace(CALM, awake=())).week.missing


def test_a_week_without_any_free_time_gives_an_answer_and_an_offer() -> None:
    full = [Appointment("all", NOW - timedelta(days=1), NOW + timedelta(days=40), "retreat", is_busy=True)]
    planned = week([goal()], steps(3), full)
    assert not planned.fits and "needs 2.25 h in the week of 2 March, and its hours leave no time" in planned.week.missing
    assert [one.words for one in planned.week.offers] == [("goal g1: not at all instead of 3 times",)]


def test_what_was_done_counts_for_rest_and_for_its_day() -> None:
    """A run done yesterday with a day of rest: not today; two sittings done today of two a day: none more."""
    resting = goal(rhythm=Rhythm(windows=(EVENING,), rules=Rules(rest=1)))
    done = replace(steps(1)[0], id="done", state=StepState.DONE, start=NOW - timedelta(hours=12), done_at=NOW - timedelta(hours=11))
    planned = week([resting], [done, *steps(2)])
    assert planned.fits and min(one.start for one in planned.placed if one.start).date() > NOW.date()
    today = [replace(done, id=f"d{n}", goal="other", done_at=NOW - timedelta(minutes=n)) for n in range(2)]
    assert not week([goal()], [*today, *steps(1, latest=at(3, 0))], like=replace(CALM, most_sittings=2)).fits


def test_a_running_step_stays_and_nothing_is_put_on_it() -> None:
    running = replace(steps(1, minutes=120)[0], start=NOW - timedelta(minutes=30), end=NOW + timedelta(minutes=90))
    free = goal("g2", rhythm=Rhythm())
    planned = week([goal(), free], [running, *steps(1, "g2", latest=NOW + timedelta(hours=4))])
    assert planned.fits and running in planned.week.steps
    assert planned.placed[0].start is not None and running.end is not None and planned.placed[0].start >= running.end


def test_a_far_deadline_takes_its_share_of_this_week_and_the_rest_waits() -> None:
    thesis = steps(20, minutes=90, latest=NOW + timedelta(weeks=10))
    planned = week([goal(rhythm=Rhythm())], thesis)
    assert planned.fits and len(planned.placed) == 2
    full = [Appointment("all", NOW, NOW + timedelta(days=7), "retreat", is_busy=True)]
    waits = week([goal(rhythm=Rhythm())], thesis, full)
    assert waits.fits, "there are nine weeks left"
    assert "“goal g1”: 2 of 2 steps that are its share now have no room and wait for a later week" in waits.week.notes


def test_a_paused_goal_is_not_planned() -> None:
    assert not week([goal(state=State.PAUSED)], steps(2)).placed


def test_five_hundred_goals_get_an_answer() -> None:
    many = [goal(f"g{n}", created_at=NOW + timedelta(minutes=n)) for n in range(500)]
    planned = week(many, [one for its in many for one in steps(3, its.id)])
    assert not planned.fits and any("not planned now" in note for note in planned.week.notes)


def test_twenty_years_of_a_daily_appointment_do_not_matter() -> None:
    start = datetime(2006, 3, 1, 18, tzinfo=UTC)
    years = [Appointment(f"d{n}", start + timedelta(days=n), start + timedelta(days=n, hours=1), "news") for n in range(365 * 40)]
    assert week([goal()], steps(3), years).fits


def test_the_week_in_which_clocks_change_is_planned_by_the_clock() -> None:
    """29 March 2026, 02:00 to 03:00 is not there; the plan still stands in the evening's hours."""
    now = datetime(2026, 3, 28, 12, tzinfo=ZONE)
    its = [replace(one, earliest=now, latest=datetime(2026, 3, 30, tzinfo=ZONE)) for one in steps(2)]
    planned = plan([goal()], its, [], CALM, now, ZONE)
    assert planned.fits and sorted(one.start.date() for one in planned.placed if one.start) == [date(2026, 3, 28), date(2026, 3, 29)]
    assert all(one.start.astimezone(ZONE).hour >= 18 for one in planned.placed if one.start)


def test_a_plan_spans_between_one_week_and_half_a_year() -> None:
    for weeks in (0, 27):
        with pytest.raises(BadInput):
            week([goal()], steps(1), weeks=weeks)
    assert week([goal()], steps(1), weeks=13).fits


def test_an_order_against_the_windows_is_kept_or_waits() -> None:
    """The first may begin only after most of the time of the second is over, and both may wait: no plan puts the second first."""
    first = Step("s1", "g1", "first", 60, 1, datetime(2026, 3, 24, tzinfo=ZONE), datetime(2026, 4, 15, tzinfo=ZONE))
    second = Step("s2", "g1", "second", 30, 2, datetime(2026, 3, 13, tzinfo=ZONE), datetime(2026, 4, 4, tzinfo=ZONE))
    placed = {one.id: one.start for one in week([goal()], [first, second], weeks=4).placed if one.start}
    assert len(placed) < 2 or placed["s1"] < placed["s2"]
