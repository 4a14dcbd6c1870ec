"""The life of a goal, in a real encrypted home."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from goal_life import ZONE, GoalLife
from ownmind.errors import BadInput, NotFound, OwnmindError
from ownmind.goals.goal import Answer, How, State, StepState
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.records import Appointment


@pytest.fixture
def life(tmp_path: Path) -> Iterator[GoalLife]:
    life = GoalLife(tmp_path / "mind")
    yield life
    life.store.close()


def test_what_is_missing_is_asked_one_thing_at_a_time(life: GoalLife) -> None:
    """A draft asks for one slot; what is needed comes first; what is open is assumed, and shown as such."""
    draft = life.goals.add("run the half marathon", "training")
    assert draft.goal is not None and draft.goal.state is State.DRAFT
    asked = []
    answers = {"target": "21.1 km", "deadline": "12 April", "baseline": "5 km"}
    while draft.question:
        asked.append(draft.slot)
        draft = life.goals.answer(draft.goal.id, draft.slot, answers.get(draft.slot, ""))
        assert draft.goal is not None
    assert asked[:2] == ["deadline", "baseline"]
    goal = life.goals.confirm(draft.goal.id)
    assert goal.state is State.ACTIVE
    assert goal.deadline == date(2027, 4, 12)
    how = {chip.slot: chip.how for chip in goal.chips}
    assert how["target"] is How.SAID  # a half marathon has 21.1 km
    assert how["baseline"] is How.ANSWERED
    assert how["a_week"] is How.ASSUMED
    assert life.goals.steps(goal.id)


def test_every_part_the_person_said_rests_on_words_of_theirs(life: GoalLife) -> None:
    """A chip's span in its item is the very text it was read from."""
    goal = life.habit()
    for chip in life.goals.get(goal).chips:
        if chip.how is not How.ASSUMED:
            text = life.memory.item(chip.item_id).text
            assert chip.span is not None
            assert text[chip.span.start : chip.span.end]


@pytest.mark.parametrize(
    ("slot", "value"), [("deadline", "2020-01-01"), ("deadline", "soon"), ("a_week", "40"), ("colour", "red"), ("minutes", "")]
)
def test_what_cannot_be_is_refused_and_changes_nothing(life: GoalLife, slot: str, value: str) -> None:
    """A day that has passed, words that are no value, a part that is none."""
    goal = life.habit()
    before = life.goals.get(goal)
    if value:
        with pytest.raises(BadInput):
            life.goals.change(goal, slot, value)
        assert life.goals.get(goal) == before


def test_contradictory_limits_are_named(life: GoalLife) -> None:
    """Five times a week with two free days between cannot be: it is said, not planned."""
    goal = life.goals.add("swim", "habit").goal
    assert goal is not None
    life.goals.answer(goal.id, "a_week", "5")
    life.goals.change(goal.id, "rest", "2")
    with pytest.raises(BadInput, match="cannot be"):
        life.goals.confirm(goal.id)


def test_the_same_goal_twice_is_the_one_there_is(life: GoalLife) -> None:
    """Saying it again says so, and offers the existing one."""
    first = life.goals.add("Learn Spanish", "practice").goal
    again = life.goals.add("learn spanish", "practice")
    assert again.is_known and again.goal is not None and first is not None
    assert again.goal.id == first.id
    assert len(life.goals.all()) == 1


@pytest.mark.parametrize("said", ["", "   ", "?!", "x" * 5000])
def test_no_goal_comes_of_nothing(life: GoalLife, said: str) -> None:
    """An empty statement and a huge one are refused, kindly."""
    with pytest.raises(BadInput):
        life.goals.add(said)


def test_another_language_is_kept_and_its_kind_is_asked(life: GoalLife) -> None:
    """What cannot be read is not guessed."""
    draft = life.goals.add("Ich möchte jeden Tag Klavier üben")
    assert draft.goal is not None and "Klavier" in draft.goal.title


def test_who_begins_in_the_evening_has_not_missed_the_morning(life: GoalLife) -> None:
    """A habit of the mornings, begun when today's is over, begins tomorrow; the first plan fits."""
    life.now = life.now.replace(hour=15)
    goal = life.active("meditate every morning for 10 minutes", "habit")
    assert life.goals.get(goal).begins == life.now.date() + timedelta(days=1)
    assert life.goals.plan().fits


def test_a_change_can_be_taken_back(life: GoalLife) -> None:
    """Undo brings back the part that was changed, and the state that was left."""
    goal = life.habit()
    life.goals.change(goal, "a_week", "5")
    assert life.goals.get(goal).rhythm.a_week == 5
    life.goals.undo()
    assert life.goals.get(goal).rhythm.a_week == 3
    life.goals.pause(goal)
    assert life.goals.undo().state is State.ACTIVE


def test_a_paused_goal_has_no_open_steps_until_it_goes_on(life: GoalLife) -> None:
    """Nothing is planned of it meanwhile."""
    goal = life.habit()
    life.goals.pause(goal)
    assert not [one for one in life.goals.steps(goal) if one.state is StepState.OPEN]
    life.goals.resume(goal)
    assert [one for one in life.goals.steps(goal) if one.state is StepState.OPEN]


def test_time_that_went_by_is_missed_not_owed(life: GoalLife) -> None:
    """A week without a word: its steps are missed, the next week has no more than any other."""
    goal = life.habit()
    life.now += timedelta(days=7)
    steps = life.goals.steps(goal)
    assert [one.state for one in steps].count(StepState.MISSED) == 3
    monday = datetime(2026, 11, 30, tzinfo=ZONE)
    assert len([one for one in steps if one.earliest == monday]) == 3


def test_unknown_ids_are_said_so(life: GoalLife) -> None:
    """Every method names what is not there."""
    for ask in (life.goals.get, life.goals.progress, life.goals.pause, life.goals.confirm, life.goals.steps):
        with pytest.raises(NotFound):
            ask("g99")
    with pytest.raises(NotFound):
        life.goals.get("x")


def test_a_broken_template_file_stops_no_other(life: GoalLife) -> None:
    """It is shown with its line."""
    (life.store.paths.home / "templates").mkdir()
    (life.store.paths.home / "templates" / "mine.toml").write_text("id = \n")
    shown = life.goals.templates()
    assert [one.wrong for one in shown if one.wrong] == ["mine.toml, line 1: Invalid value"]
    assert {"habit", "training"} <= {one.id for one in shown}


def test_a_plan_places_every_step_and_proves_it(life: GoalLife) -> None:
    """Steps get places within their windows, around what is in the calendar."""
    goal = life.habit()
    week = life.goals.plan()
    assert week.fits and week.proof
    placed = [one for one in life.goals.steps(goal) if one.start is not None]
    assert len(placed) >= 3
    assert all(one.earliest <= one.start and one.end is not None and one.end <= one.latest for one in placed if one.start)


def test_done_is_kept_with_the_words_and_shown_as_evidence(life: GoalLife) -> None:
    """What was said is an item of memory and stands under the progress."""
    goal = life.habit()
    step = life.goals.plan().steps[0]
    life.now = step.end or life.now
    checked = life.goals.check_in(step.id, "done, it felt good")
    assert checked.answer is Answer.DONE and checked.step is not None
    assert checked.step.state is StepState.DONE
    progress = life.goals.progress(goal)
    assert any("it felt good" in one.words for one in progress.evidence)
    assert progress.words
    assert any("it felt good" in item.text for item in life.memory.items())


def test_a_miss_is_planned_anew_at_once_and_says_what_moved_and_why(life: GoalLife) -> None:
    """Within the one check-in the step has another place, or is let go, and it is said why."""
    life.habit()
    step = life.goals.plan().steps[0]
    assert step.end is not None
    life.now = step.end + timedelta(minutes=10)
    checked = life.goals.check_in(step.id, "no, did not get to it")
    assert checked.answer is Answer.NOT_DONE and checked.week is not None
    (moved, *_) = checked.moved
    assert moved.step == step.id and moved.why
    assert moved.now is None or moved.now > life.now


def test_not_this_week_leaves_the_week_out_and_owes_nothing(life: GoalLife) -> None:
    """The open steps of the week are left out, the next week is as any."""
    goal = life.habit()
    step = life.goals.plan().steps[0]
    checked = life.goals.check_in(step.id, "not this week")
    assert checked.answer is Answer.NOT_THIS_WEEK
    monday = datetime(2026, 11, 30, tzinfo=ZONE)
    steps = life.goals.steps(goal)
    assert all(one.state is StepState.SKIPPED for one in steps if one.earliest < monday)
    assert len([one for one in steps if one.earliest == monday and one.state is StepState.OPEN]) == 3


def test_what_was_done_of_the_measure_counts_not_what_was_planned(life: GoalLife) -> None:
    """ "Ran 4 km" of a longer one: the next week builds on four."""
    draft = life.goals.add("run the half marathon", "training")
    assert draft.goal is not None
    for slot, value in (("target", "21.1 km"), ("deadline", "12 April"), ("baseline", "6 km")):
        life.goals.answer(draft.goal.id, slot, value)
    goal = life.goals.confirm(draft.goal.id).id
    longest = next(one for one in life.goals.steps(goal) if one.title.startswith("Long"))
    life.goals.check_in(longest.id, "ran 4 km")
    life.now += timedelta(days=7)
    following = [one for one in life.goals.steps(goal) if one.earliest == datetime(2026, 11, 30, tzinfo=ZONE)]
    assert max(one.amount or 0 for one in following) == pytest.approx(4.4)
    assert life.goals.progress(goal).share is not None


def test_where_a_measure_stands_is_believed(life: GoalLife) -> None:
    """ "I'm at 1,200 now" is the measure; what is left is spread over the months that are left."""
    draft = life.goals.add("save for a bicycle", "saving")
    assert draft.goal is not None
    for slot, value in (("target", "€3,000"), ("deadline", "2027-05-31"), ("baseline", "0")):
        life.goals.answer(draft.goal.id, slot, value)
    goal = life.goals.confirm(draft.goal.id).id
    assert sum(one.amount or 0 for one in life.goals.steps(goal)[:1]) == pytest.approx(429)
    life.goals.check_in(goal, "I'm at 1,200 now")
    progress = life.goals.progress(goal)
    assert progress.share == pytest.approx(0.4)
    assert "€1,200 of €3,000" in progress.words
    assert life.goals.steps(goal)[0].amount == pytest.approx(258)


def test_more_may_be_said_of_a_step_that_is_done(life: GoalLife) -> None:
    """How it went hangs on the step as the person's words; the step counts once, and undo takes one saying back after the other."""
    goal = life.habit()
    step = life.goals.plan().steps[0]
    life.now = step.end or life.now
    life.goals.check_in(step.id, "done")
    before = life.goals.progress(goal)
    life.goals.check_in(step.id, "done, it was hard")
    after = life.goals.progress(goal)
    assert (after.share, len(after.evidence)) == (before.share, len(before.evidence))
    assert next(one.note for one in life.goals.steps() if one.id == step.id) == "done, it was hard"
    assert [item.text for item in life.memory.items() if item.text == "done, it was hard"]
    life.goals.undo()
    assert next(one.state for one in life.goals.steps() if one.id == step.id) is StepState.DONE
    life.goals.undo()
    assert next(one.state for one in life.goals.steps() if one.id == step.id) is StepState.OPEN


def test_a_check_in_can_be_taken_back(life: GoalLife) -> None:
    """The step is open again, and the evidence is gone."""
    goal = life.habit()
    step = life.goals.plan().steps[0]
    life.goals.check_in(step.id, "done")
    life.goals.undo()
    assert {one.state for one in life.goals.steps(goal)} == {StepState.OPEN}
    assert not life.goals.progress(goal).evidence


def test_words_that_are_no_answer_are_asked_again_and_change_nothing(life: GoalLife) -> None:
    """Nothing is guessed."""
    goal = life.habit()
    step = life.goals.plan().steps[0]
    before = life.goals.steps(goal)
    checked = life.goals.check_in(step.id, "purple")
    assert checked.answer is None and checked.question
    assert life.goals.steps(goal) == before


def test_said_twice_counts_once(life: GoalLife) -> None:
    """A second "done" adds nothing."""
    goal = life.habit()
    step = life.goals.plan().steps[0]
    life.goals.check_in(step.id, "done")
    life.goals.check_in(step.id, "done")
    assert len(life.goals.progress(goal).evidence) == 1


def test_a_plan_that_does_not_fit_offers_what_would_and_taking_it_makes_it_fit(life: GoalLife) -> None:
    """The hours that are possible are taken: an offer helps, and stays taken when all is worked out anew."""
    goal = life.goals.add("practise the violin", "practice").goal
    assert goal is not None
    life.goals.answer(goal.id, "a_week", "5")
    life.goals.change(goal.id, "windows", "Mo-Fr 18:00-19:00")
    life.goals.confirm(goal.id)
    monday = datetime(2026, 11, 23, tzinfo=ZONE)
    for n in range(3):
        day = monday + timedelta(days=n)
        life.appointments.append(Appointment(f"k{n}", day.replace(hour=17, minute=30), day.replace(hour=20), "Course"))
    week = life.goals.plan()
    assert not week.fits and week.offers
    taken = life.goals.take(week.offers[0].id)
    assert taken.fits
    assert life.goals.plan().fits
    with pytest.raises(NotFound):
        life.goals.take("o0000000000")


def test_a_miss_that_has_no_other_place_is_let_go_and_the_rest_still_fits(life: GoalLife) -> None:
    """The hours of the week are taken: a run that was not done is not squeezed in, and the plan stays one that fits."""
    goal = life.active("swim", "habit", a_week="2", windows="Mo 18:00-19:00; We 18:00-19:00")
    step = life.goals.plan().steps[-1]
    assert step.end is not None
    life.now = step.end + timedelta(minutes=5)
    checked = life.goals.check_in(step.id, "no")
    assert checked.week is not None and checked.week.fits
    assert checked.step is not None and checked.step.state is StepState.MISSED
    assert "let go" in checked.words
    assert life.goals.get(goal).state is State.ACTIVE


def test_doubts_are_said_and_left_to_the_person(life: GoalLife) -> None:
    """Too much growth, too much money, too much work: reckoned by the rule, never refused."""
    draft = life.goals.add("run a marathon", "training")
    assert draft.goal is not None
    life.goals.answer(draft.goal.id, "deadline", "2027-02-14")
    assert any("A later day would help" in one for one in life.goals.answer(draft.goal.id, "baseline", "5 km").remarks)
    saving = life.goals.add("save €3,000 for a boat", "saving")
    assert saving.goal is not None
    life.goals.answer(saving.goal.id, "deadline", "2027-02-28")
    assert any("a month" in one for one in life.goals.answer(saving.goal.id, "money", "100").remarks)
    project = life.goals.add("paint the flat", "project")
    assert project.goal is not None
    life.goals.answer(project.goal.id, "deadline", "2026-12-06")
    assert any("of work" in one for one in life.goals.answer(project.goal.id, "milestones", "Walls (40 h)").remarks)


def test_something_imported_counts_as_evidence_with_its_words(life: GoalLife) -> None:
    """A line of a running log shows where the measure stood; it is quoted, and taken back by undo."""
    goal = life.active("run a half marathon", "training", deadline="2027-04-12", baseline="5 km")
    source = Source("transcript:log.jsonl", "transcript", "log.jsonl")
    entry = Entry("Ran 9 km along the canal", source, Label(Integrity.UNTRUSTED), Kind.TURN, life.now - timedelta(days=2))
    (item,) = life.memory.remember([entry], now=life.now)
    progress = life.goals.attach(goal, item, "9 km")
    assert [(one.kind, one.words, one.value) for one in progress.evidence] == [("imported", "Ran 9 km along the canal", 9)]
    assert "9 km" in progress.words
    with pytest.raises(BadInput):
        life.goals.attach(goal, item, "9 km")
    life.goals.undo()
    assert not life.goals.progress(goal).evidence


@pytest.mark.parametrize("said", ["\ud800 run", "run\x00fast", "🏃 laufen", "<script>alert(1)</script>", "跑步"])
def test_any_text_can_be_a_goal_and_an_answer(life: GoalLife, said: str) -> None:
    """What no store can hold is held as it can be."""
    goal = life.goals.add(said, "habit").goal
    assert goal is not None
    life.goals.answer(goal.id, "a_week", "3")
    life.goals.change(goal.id, "why", said)
    life.goals.confirm(goal.id)
    life.goals.check_in(goal.id, f"done {said}")
    assert life.goals.progress(goal.id).words


ACTS = ("add", "answer", "confirm", "plan", "check", "check", "time", "undo", "pause", "resume", "drop", "take", "busy")
PARTS = {
    "target": ("21.1 km", "3000 euros"), "deadline": ("2027-04-12", "in 3 weeks"), "baseline": ("5 km", "0"), "a_week": ("3", "7"),
    "windows": ("", "Mo-Fr 18:00-21:00"), "milestones": ("A (2 h); B; C by 2027-01-02", ""), "person": ("Tom",), "every": ("7", "30"),
    "minutes": ("30 min",), "template": ("habit", "training", "study"), "rest": ("1", "3"), "why": ("because I can",),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_done_in_whatever_order_nothing_breaks(life: GoalLife, seed: int) -> None:
    """Random acts over weeks of a life: each is done or refused in words, a plan that fits keeps to its windows, progress has words."""
    chance = random.Random(seed)
    said = ("run the half marathon on 12 April", "be a better friend to Tom", "save 3,000 by summer", "finish my thesis", "learn Spanish")
    for number in range(40):
        goals = [one.id for one in life.goals.all()] or ["g1"]
        steps = [one.id for one in life.goals.steps()] or ["s1"]
        goal, slot = chance.choice(goals), chance.choice(sorted(PARTS))
        with contextlib.suppress(OwnmindError):
            match chance.choice(ACTS):
                case "add":
                    life.goals.add(chance.choice(said), chance.choice(["", "habit"]))
                case "answer":
                    life.goals.answer(goal, slot, chance.choice(PARTS[slot]))
                case "plan":
                    week = life.goals.plan(chance.choice([1, 2]))
                    assert not week.fits or all(one.pinned or (one.start and one.end and one.end <= one.latest) for one in week.steps)
                case "check":
                    life.goals.check_in(chance.choice([goal, *steps]), chance.choice(["done", "half", "no", "not this week", "ran 4 km"]))
                case "time":
                    life.now += timedelta(hours=chance.choice([3, 13, 70, 24 * 8, 24 * 40]))
                case "undo":
                    life.goals.undo()
                case "take":
                    if offers := life.goals.plan().offers:
                        life.goals.take(offers[0].id)
                case "busy":
                    start = life.now + timedelta(hours=chance.randint(1, 90))
                    life.appointments.append(Appointment(f"k{number}", start, start + timedelta(hours=3), "busy"))
                case act:
                    getattr(life.goals, act)(goal)
        for one in life.goals.all():
            if one.template:
                assert life.goals.progress(one.id).words


def test_what_is_done_beside_the_plan_counts_too(life: GoalLife) -> None:
    """No step is open, and pages were read: they are added to those there were."""
    goal = life.active("read a long book", "reading", target="100 pages", deadline="2026-12-20")
    life.now += timedelta(days=40)
    assert all(one.state is StepState.MISSED for one in life.goals.steps(goal))
    life.goals.check_in(goal, "read 30 pages")
    life.now += timedelta(hours=1)
    life.goals.check_in(goal, "read 20 pages")
    assert life.goals.progress(goal).share == pytest.approx(0.5)


def test_a_plan_that_fits_the_week_says_what_it_will_not_do_by_the_day(life: GoalLife) -> None:
    """Thirty-two hours of work do not become sixteen by fitting: said with the plan, and less of it once some is done."""
    life.active("Finish my thesis by 18 December", "project", milestones="Outline (4 h); Draft (20 h); Revise (8 h)", a_week="4")
    week = life.goals.plan()
    assert week.fits and any("32 h of work" in note for note in week.notes)
    first = next(step for step in week.steps if step.start is not None)
    life.now = first.end or life.now
    life.goals.check_in(first.id, "done")
    assert any("What is left is 31 h" in note for note in life.goals.plan().notes)
    life.active("Paint the shed by 18 December", "project", milestones="Paint (2 h)", a_week="4")
    assert not any("Paint" in note for note in life.goals.plan().notes)
