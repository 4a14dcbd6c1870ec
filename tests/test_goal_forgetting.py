"""Goals are memory: what is forgotten of their words is gone from them too."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from goal_life import GoalLife
from ownmind.errors import BadInput, NotFound
from ownmind.goals.goal import StepState
from ownmind.messages import Target
from store_fixtures import number


@pytest.fixture
def life(tmp_path: Path) -> Iterator[GoalLife]:
    life = GoalLife(tmp_path / "mind")
    yield life
    life.store.close()


TABLES = ("goals", "goal_chips", "goal_steps", "goal_evidence", "goal_changes", "goal_items")


def count(life: GoalLife, table: str) -> int:
    with life.store.db.read() as cx:
        return number(cx, f"SELECT count(*) FROM {table}")


def test_a_goal_goes_with_the_words_it_was_said_with(life: GoalLife) -> None:
    """Forgetting the statement takes the goal, its parts, steps, evidence and what could be taken back; the plan says so before."""
    goal = life.active("learn Zulu for the Drakensberg hike", "practice", a_week="3", minutes="20")
    life.goals.check_in(life.goals.plan().steps[0].id, "done, clicks are hard")
    plan = life.memory.plan_forget("Drakensberg")
    assert plan.counts["goals"] == 1
    receipt = life.memory.forget(plan)
    assert receipt.verified and receipt.removed["goals"] == 1
    with pytest.raises(NotFound):
        life.goals.get(goal)
    assert {table: count(life, table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert life.memory.verify("Drakensberg").is_gone


def test_forgetting_a_person_takes_the_goal_about_them(life: GoalLife) -> None:
    """ "Be a better friend to Thaddeus" goes with everything about Thaddeus, and no page of the file says the name."""
    life.active("be a better friend to Thaddeus", "relationship", person="Thaddeus", every="14")
    kept = life.habit()
    receipt = life.memory.forget(life.memory.plan_forget(Target(person="Thaddeus")))
    assert receipt.verified
    assert [one.id for one in life.goals.all()] == [kept]
    assert life.memory.verify("Thaddeus").is_gone


def test_a_part_said_later_is_found_and_goes_alone(life: GoalLife) -> None:
    """A why that names somebody is forgotten with them; the goal stays, without it, and cannot be brought back by undo."""
    goal = life.habit()
    life.goals.change(goal, "why", "because Thaddeus dared me")
    life.goals.change(goal, "a_week", "4")
    assert life.memory.forget(life.memory.plan_forget(Target(person="Thaddeus"))).verified
    assert life.goals.get(goal).why == ""
    assert life.goals.get(goal).rhythm.a_week == 4
    with pytest.raises(NotFound):
        life.goals.undo()
    assert life.memory.verify("Thaddeus").is_gone


def test_a_forgotten_stage_leaves_its_name_nowhere(life: GoalLife) -> None:
    """The names of steps are made of the stages' words: they go too, also those of steps that were done."""
    goal = life.active("finish the thesis", "project", deadline="2027-02-28", milestones="Interview Thaddeus (2 h); Write it up (4 h)")
    step = life.goals.plan().steps[0]
    assert "Thaddeus" in step.title
    life.goals.check_in(step.id, "done")
    assert life.memory.forget(life.memory.plan_forget("Thaddeus")).verified
    assert life.memory.verify("Thaddeus").is_gone
    steps = life.goals.steps(goal)
    assert all("Thaddeus" not in one.title for one in steps)
    assert [one.title for one in steps if one.state is StepState.DONE] == ["A step"]
    assert "Thaddeus" not in life.goals.progress(goal).words


def test_cutting_words_out_of_the_statement_cuts_them_out_of_the_goal(life: GoalLife) -> None:
    """Redacting leaves the goal with what is left of its words, and of its parts those that were read from the rest."""
    goal = life.active("call Thaddeus about the boat every two weeks", "relationship", person="Thaddeus", every="14")
    life.goals.plan()
    for item in [item for item in life.memory.items() if "Thaddeus" in item.text]:
        with contextlib.suppress(BadInput):  # nothing else stands in it: then it is forgotten whole
            assert life.memory.redact(item.id, "Thaddeus").verified
    assert life.memory.verify("Thaddeus").is_gone
    left = life.goals.get(goal)
    assert "boat" in left.title and "Thaddeus" not in left.title
    assert left.person == ""
    assert left.rhythm.every == 14
    assert all("Thaddeus" not in one.title for one in life.goals.steps(goal))


def test_evidence_goes_with_what_was_said(life: GoalLife) -> None:
    """The step stays done: that it was done is no words. What was said of it is gone."""
    goal = life.habit()
    step = life.goals.plan().steps[0]
    life.goals.check_in(step.id, "done, together with Thaddeus")
    assert life.memory.forget(life.memory.plan_forget("Thaddeus")).verified
    assert all("Thaddeus" not in one.words for one in life.goals.progress(goal).evidence)
    again = next(one for one in life.goals.steps(goal) if one.id == step.id)
    assert again.state is StepState.DONE and again.note == ""


def test_parts_read_from_the_rest_of_a_statement_stay_and_still_point_at_their_words(life: GoalLife) -> None:
    """ "Save 3,000 euros with Thaddeus by 1 June": without the name the amount and the day are still there, each at its place."""
    goal = life.active("save 3,000 euros with Thaddeus by 1 June 2027", "saving", baseline="0")
    before = {chip.slot: chip.value for chip in life.goals.get(goal).chips if chip.slot in ("target", "deadline")}
    assert len(before) == 2
    assert life.memory.redact(life.goals.get(goal).item_id, "Thaddeus").verified
    left = life.goals.get(goal)
    assert {chip.slot: chip.value for chip in left.chips if chip.slot in before} == before
    text = life.memory.item(left.item_id).text
    for chip in left.chips:
        if chip.span is not None and chip.item_id == left.item_id:
            assert text[chip.span.start : chip.span.end] in ("3,000 euros", "3,000", "by 1 June 2027", "1 June 2027"), chip
    assert life.memory.redact(left.item_id, "1 June 2027").verified
    assert life.goals.get(goal).deadline is None
