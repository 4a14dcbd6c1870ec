"""The life of a goal, in a real encrypted home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ownmind.errors import BadInput, NotFound
from ownmind.goals.book import Goals
from ownmind.goals.goal import How, State, StepState
from ownmind.goals.preferences import Preferences
from ownmind.memory.memory import Memory
from ownmind.records import Appointment
from ownmind.store.opening import Store, open_store
from store_fixtures import paths_at

ZONE = ZoneInfo("Europe/Berlin")


class Life:
    """A home with its goals, and a clock that is put forward by hand."""

    def __init__(self, home: Path) -> None:
        self.now = datetime(2026, 11, 23, 9, tzinfo=ZONE)  # a Monday
        self.appointments: list[Appointment] = []
        self.store: Store = open_store(paths_at(home))
        self.memory = Memory(self.store, None, lambda: self.now)
        self.goals = Goals(
            self.store, self.memory, lambda: self.now, preferences=lambda: Preferences(zone="Europe/Berlin"),
            appointments=lambda start, end: tuple(one for one in self.appointments if one.start < end and start < one.end),
            own=home / "templates",
        )  # fmt: skip

    def habit(self, title: str = "meditate before breakfast", a_week: str = "3") -> str:
        goal = self.goals.add(title, "habit").goal
        assert goal is not None
        self.goals.answer(goal.id, "a_week", a_week)
        return self.goals.confirm(goal.id).id


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    life = Life(tmp_path / "mind")
    yield life
    life.store.close()


def test_what_is_missing_is_asked_one_thing_at_a_time(life: Life) -> None:
    """A draft asks for one slot; what is needed comes first; what is open is assumed, and shown as such."""
    draft = life.goals.add("run the half marathon", "training")
    assert draft.goal is not None and draft.goal.state is State.DRAFT
    asked = []
    answers = {"target": "21.1 km", "deadline": "12 April", "baseline": "5 km"}
    while draft.question:
        asked.append(draft.slot)
        draft = life.goals.answer(draft.goal.id, draft.slot, answers.get(draft.slot, ""))
        assert draft.goal is not None
    assert asked[:3] == ["target", "deadline", "baseline"]
    goal = life.goals.confirm(draft.goal.id)
    assert goal.state is State.ACTIVE
    assert goal.deadline == date(2027, 4, 12)
    how = {chip.slot: chip.how for chip in goal.chips}
    assert how["target"] is How.ANSWERED
    assert how["a_week"] is How.ASSUMED
    assert life.goals.steps(goal.id)


def test_every_part_the_person_said_rests_on_words_of_theirs(life: Life) -> None:
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
def test_what_cannot_be_is_refused_and_changes_nothing(life: Life, slot: str, value: str) -> None:
    """A day that has passed, words that are no value, a part that is none."""
    goal = life.habit()
    before = life.goals.get(goal)
    if value:
        with pytest.raises(BadInput):
            life.goals.change(goal, slot, value)
        assert life.goals.get(goal) == before


def test_contradictory_limits_are_named(life: Life) -> None:
    """Five times a week with two free days between cannot be: it is said, not planned."""
    goal = life.goals.add("swim", "habit").goal
    assert goal is not None
    life.goals.answer(goal.id, "a_week", "5")
    life.goals.change(goal.id, "rest", "2")
    with pytest.raises(BadInput, match="cannot be"):
        life.goals.confirm(goal.id)


def test_the_same_goal_twice_is_the_one_there_is(life: Life) -> None:
    """Saying it again says so, and offers the existing one."""
    first = life.goals.add("Learn Spanish", "practice").goal
    again = life.goals.add("learn spanish", "practice")
    assert again.is_known and again.goal is not None and first is not None
    assert again.goal.id == first.id
    assert len(life.goals.all()) == 1


@pytest.mark.parametrize("said", ["", "   ", "?!", "x" * 5000])
def test_no_goal_comes_of_nothing(life: Life, said: str) -> None:
    """An empty statement and a huge one are refused, kindly."""
    with pytest.raises(BadInput):
        life.goals.add(said)


def test_another_language_is_kept_and_its_kind_is_asked(life: Life) -> None:
    """What cannot be read is not guessed."""
    draft = life.goals.add("Ich möchte jeden Tag Klavier üben")
    assert draft.goal is not None and "Klavier" in draft.goal.title


def test_a_change_can_be_taken_back(life: Life) -> None:
    """Undo brings back the part that was changed, and the state that was left."""
    goal = life.habit()
    life.goals.change(goal, "a_week", "5")
    assert life.goals.get(goal).rhythm.a_week == 5
    life.goals.undo()
    assert life.goals.get(goal).rhythm.a_week == 3
    life.goals.pause(goal)
    assert life.goals.undo().state is State.ACTIVE


def test_a_paused_goal_has_no_open_steps_until_it_goes_on(life: Life) -> None:
    """Nothing is planned of it meanwhile."""
    goal = life.habit()
    life.goals.pause(goal)
    assert not [one for one in life.goals.steps(goal) if one.state is StepState.OPEN]
    life.goals.resume(goal)
    assert [one for one in life.goals.steps(goal) if one.state is StepState.OPEN]


def test_time_that_went_by_is_missed_not_owed(life: Life) -> None:
    """A week without a word: its steps are missed, the next week has no more than any other."""
    goal = life.habit()
    life.now += timedelta(days=7)
    steps = life.goals.steps(goal)
    assert [one.state for one in steps].count(StepState.MISSED) == 3
    monday = datetime(2026, 11, 30, tzinfo=ZONE)
    assert len([one for one in steps if one.earliest == monday]) == 3


def test_unknown_ids_are_said_so(life: Life) -> None:
    """Every method names what is not there."""
    for ask in (life.goals.get, life.goals.progress, life.goals.pause, life.goals.confirm, life.goals.steps):
        with pytest.raises(NotFound):
            ask("g99")
    with pytest.raises(NotFound):
        life.goals.get("x")


def test_a_broken_template_file_stops_no_other(life: Life) -> None:
    """It is shown with its line."""
    (life.store.paths.home / "templates").mkdir()
    (life.store.paths.home / "templates" / "mine.toml").write_text("id = \n")
    shown = life.goals.templates()
    assert [one.wrong for one in shown if one.wrong] == ["mine.toml, line 1: Invalid value"]
    assert {"habit", "training"} <= {one.id for one in shown}
