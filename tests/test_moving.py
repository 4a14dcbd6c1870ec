"""A step where the person wants it: the real store, solver and checker decide, and only what holds is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from goal_life import ZONE, GoalLife
from ownmind.bench import moves
from ownmind.errors import BadInput, NotFound
from ownmind.goals.goal import Move, Step, StepState
from ownmind.records import Appointment

TUESDAY = datetime(2026, 11, 24, tzinfo=ZONE)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[GoalLife]:
    life = GoalLife(tmp_path / "mind")
    yield life
    life.store.close()


def at(clock: int, minutes: int = 0, *, days: int = 0) -> datetime:
    """So many days after Tuesday, at this clock time."""
    return TUESDAY + timedelta(days=days, hours=clock, minutes=minutes)


def put(life: GoalLife, step: str, when: datetime) -> Move:
    """What came of putting it there."""
    return life.goals.move(step, when.date(), f"{when:%H:%M}")


def placed(life: GoalLife) -> list[Step]:
    """The open steps that have a place, the soonest first."""
    return sorted((one for one in life.goals.steps() if one.start and one.state is StepState.OPEN), key=lambda one: str(one.start))


def starts(life: GoalLife) -> list[datetime]:
    return [one.start for one in placed(life) if one.start]


def test_a_step_that_fits_stands_where_it_was_put_and_stays_there(life: GoalLife) -> None:
    """It is kept, pinned, and planning anew leaves it alone."""
    life.habit("meditate", "3")
    life.goals.plan()
    step = placed(life)[-1]
    assert step.start is not None
    wanted = step.start.replace(hour=18, minute=30)
    moved = put(life, step.id, wanted)
    assert moved.fits and moved.start == wanted and "nothing else moved" in moved.words
    assert moved.week is not None and moved.week.proof
    for _ in range(2):
        life.goals.plan()
        [there] = [one for one in placed(life) if one.id == moved.step]
        assert there.start == wanted and there.pinned


def test_of_steps_that_are_alike_the_one_whose_turn_it_is_takes_the_place(life: GoalLife) -> None:
    """The last of three put before the first leaves the other two where they stand: nobody can tell them apart."""
    life.habit("meditate", "3")
    life.goals.plan()
    first, second, last = placed(life)
    assert first.start is not None and second.start is not None and first.start.date() > life.now.date()
    wanted = datetime(2026, 11, 23, 18, tzinfo=ZONE)
    moved = put(life, last.id, wanted)
    assert moved.fits, moved.words
    assert starts(life) == [wanted, first.start, second.start]
    assert moved.moved == ()


def test_what_makes_room_is_said(life: GoalLife) -> None:
    """Two goals want one hour: the one that was put there stays, the other moves, and the answer names it and why."""
    life.active("meditate", "habit", a_week="1")
    other = life.active("draw", "habit", a_week="1")
    life.goals.plan()
    its = {one.goal: one for one in placed(life)}
    drawn = its.pop(other)
    [mine] = its.values()
    assert drawn.start is not None
    moved = put(life, mine.id, drawn.start)
    assert moved.fits, moved.words
    [made_room] = moved.moved
    assert made_room.step == drawn.id and made_room.was == drawn.start and made_room.now != drawn.start and made_room.why
    assert "1 other step moved" in moved.words


def test_what_meets_the_calendar_is_refused_with_the_nearest_time_that_fits(life: GoalLife) -> None:
    """Nothing changes; the sentence names what is in the way, and the time it names does fit."""
    life.appointments.append(Appointment("a", at(18), at(20), "Dentist"))
    life.habit("meditate", "3")
    life.goals.plan()
    before = life.goals.steps()
    step = next(one for one in placed(life) if one.start)
    refused = put(life, step.id, at(19))
    assert not refused.fits and "Dentist" in refused.words and refused.week is None
    assert life.goals.steps() == before
    assert refused.nearest is not None
    minutes = step.minutes
    assert refused.nearest in (at(18) - timedelta(minutes=-(-minutes // 15) * 15), at(20))
    assert put(life, step.id, refused.nearest).fits


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (datetime(2026, 11, 23, 8, tzinfo=ZONE), "gone by"),
        (datetime(2026, 11, 20, 18, tzinfo=ZONE), "gone by"),
        (datetime(2, 1, 1, 18, tzinfo=ZONE), "gone by"),
        (at(3), "sleep"),
        (at(10), "work"),
        (at(18, days=9), "by"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_plain_words(life: GoalLife, when: datetime, says: str) -> None:
    """Past, asleep, at work, after its week: said in one sentence, with a time that fits."""
    life.habit("meditate", "2")
    life.goals.plan()
    before = life.goals.steps()
    refused = put(life, placed(life)[0].id, when)
    assert not refused.fits and says in refused.words and refused.words.count(". ") <= 1
    assert refused.nearest is not None and refused.nearest > life.now
    assert life.goals.steps() == before


def test_hours_the_person_said_hold_and_hours_that_were_assumed_yield(life: GoalLife) -> None:
    """What a template thought usual is not the person's word against their own hand."""
    said = life.active("draw", "habit", a_week="1", windows="18:00-20:00")
    life.goals.plan()
    [step] = placed(life)
    assert step.goal == said
    assert "hours given" in put(life, step.id, at(20, 30)).words
    life.goals.change(said, "windows", "")
    life.goals.plan()
    assert put(life, placed(life)[0].id, at(20, 30)).fits


def test_the_order_of_a_goals_steps_holds(life: GoalLife) -> None:
    """A longer run is not put before the shorter one it builds on."""
    life.active("run the half marathon", "training", deadline="2027-04-12", baseline="5 km", a_week="3")
    life.goals.plan()
    first, *_, last = placed(life)
    assert first.start is not None and first.title != last.title
    refused = put(life, last.id, first.start)
    assert not refused.fits and refused.words


def test_a_move_is_taken_back(life: GoalLife) -> None:
    """Undo brings back every step that the move touched, and the pin goes."""
    life.active("meditate", "habit", a_week="1")
    life.active("draw", "habit", a_week="1")
    life.goals.plan()
    before = {one.id: one.start for one in placed(life)}
    mine, other = placed(life)
    assert other.start is not None
    assert put(life, mine.id, other.start).fits
    assert {one.id: one.start for one in placed(life)} != before
    life.goals.undo()
    assert {one.id: one.start for one in placed(life)} == before
    assert not any(one.pinned for one in placed(life))


def test_a_pin_is_let_go(life: GoalLife) -> None:
    """From then on the plan may choose its time again, and that can be taken back too."""
    life.habit("meditate", "2")
    life.goals.plan()
    moved = put(life, placed(life)[-1].id, at(19, 15, days=2))
    assert moved.fits, moved.words
    life.goals.unpin(moved.step)
    assert not any(one.pinned for one in placed(life))
    life.goals.undo()
    assert [one.id for one in placed(life) if one.pinned] == [moved.step]


def test_what_is_done_unknown_or_going_on_is_not_moved(life: GoalLife) -> None:
    """Each says so as an error, and nothing changes."""
    goal = life.habit("meditate", "3")
    life.goals.plan()
    first, second, _ = placed(life)
    life.goals.check_in(first.id, "done")
    with pytest.raises(BadInput, match="done"):
        put(life, first.id, at(18))
    with pytest.raises(NotFound):
        put(life, "s999", at(18))
    with pytest.raises(BadInput, match="weeks at most"):
        put(life, second.id, at(18, days=400))
    assert second.start is not None
    life.now = second.start
    with pytest.raises(BadInput, match="going on"):
        put(life, second.id, at(18, days=4))
    life.goals.pause(goal)
    with pytest.raises((BadInput, NotFound)):
        put(life, second.id, at(18, days=4))


def test_moves_at_once_are_done_one_after_the_other(life: GoalLife) -> None:
    """Two hands at two steps and one place: one gets it, and the week still holds."""
    goals = [life.active(words, "habit", a_week="1") for words in ("meditate", "draw")]
    life.goals.plan()
    steps = {one.goal: one.id for one in placed(life)}
    told: list[Move] = []
    hands = [threading.Thread(target=lambda goal=goal: told.append(put(life, steps[goal], at(19)))) for goal in goals]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(one.fits for one in told) == [False, True]
    assert starts(life).count(at(19)) == 1
    assert life.goals.plan().fits


def test_a_pinned_step_gives_way_to_what_came_into_the_calendar(life: GoalLife) -> None:
    """The plan does not break on a pin: the step moves, and it is said why."""
    life.habit("meditate", "2")
    life.goals.plan()
    moved = put(life, placed(life)[-1].id, at(19, days=1))
    assert moved.fits
    life.appointments.append(Appointment("a", at(18, days=1), at(21, days=1), "Concert"))
    week = life.goals.plan()
    assert week.fits
    assert "Concert" in next(one.why for one in week.moved if one.step == moved.step)


def test_a_judge_that_shares_nothing_finds_no_fault_in_random_wishes() -> None:
    """``ownmind bench moves`` in small: granted wishes break no rule and are taken back whole, refused ones change nothing and offer the
    nearest time; granting everything would break what the judge sees."""
    found = moves.run(n=2, moves=6, seed=3)
    figures, control = found["figures"], found["control"]
    assert isinstance(figures, dict) and isinstance(control, dict)
    assert figures["faults"] == 0, figures["which"]
    assert figures["wishes"] >= 6 and control["broken"] > 0


def test_a_time_between_two_quarters_is_taken_to_the_nearer_one(life: GoalLife) -> None:
    life.habit("meditate", "1")
    life.goals.plan()
    moved = put(life, placed(life)[0].id, at(18, 11))
    assert moved.fits and moved.start == at(18, 15)


def test_a_week_is_drawn_with_what_takes_its_time(life: GoalLife) -> None:
    """Steps of each day, appointments to the minute, work and waking hours; over midnight cut in two; whole days named."""
    life.appointments += [
        Appointment("a", at(18), at(19, 30), "Dentist"),
        Appointment("b", at(23), at(1, days=1), "Party"),
        Appointment("c", at(0, days=2), at(0, days=3), "Ana's birthday", whole_day=True),
    ]
    life.habit("meditate", "3")
    life.goals.plan()
    shown = life.goals.week()
    assert [one.day for one in shown.days] == [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
    tuesday, wednesday, thursday = shown.days[1:4]
    assert [(one.start, one.end, one.what) for one in tuesday.taken] == [(1080, 1170, "Dentist"), (1380, 1440, "Party")]
    assert [(one.start, one.end) for one in wednesday.taken] == [(0, 60)]
    assert thursday.whole == ("Ana's birthday",) and not thursday.taken
    assert [(one.start, one.end) for one in tuesday.awake] == [(420, 1320)] and tuesday.work and not shown.days[6].work
    assert [step.id for day in shown.days for step in day.steps] == [one.id for one in placed(life)]
    assert life.goals.week(date(2026, 12, 3)).days[0].day == date(2026, 11, 30)
