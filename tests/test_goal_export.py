"""Goals leave with an export, and come back with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from goal_life import GoalLife
from ownmind.goals.goal import State
from ownmind.memory.export import export
from ownmind.memory.importing import import_paths


@pytest.fixture
def life(tmp_path: Path) -> Iterator[GoalLife]:
    life = GoalLife(tmp_path / "mind")
    yield life
    life.store.close()


def lived(life: GoalLife) -> str:
    """A goal with parts, steps that were done and missed, and what was said of them."""
    goal = life.active("finish the thesis", "project", deadline="2027-02-28", milestones="Outline (4 h); Draft (10 h)")
    life.goals.change(goal, "why", "I promised it to myself")
    life.goals.check_in(life.goals.plan().steps[0].id, "done, two pages more than I thought")
    life.goals.check_in(life.goals.plan().steps[0].id, "not this week")
    return goal


def test_export_wipe_import_gives_the_same_goals_back(life: GoalLife, tmp_path: Path) -> None:
    """Goals, parts, steps and evidence are what they were; only the items they hang on have other ids."""
    goal = lived(life)
    export(life.store, tmp_path / "out", now=life.now)
    other = GoalLife(tmp_path / "other")
    try:
        done = import_paths(other.memory, other.store, [tmp_path / "out" / "items.jsonl", tmp_path / "out" / "goals.jsonl"], now=life.now)
        assert not done.skipped
        was, now = life.goals.get(goal), other.goals.get(goal)
        bare = [replace(one, item_id="", chips=tuple(replace(chip, item_id="") for chip in one.chips)) for one in (was, now)]
        assert bare[0] == bare[1]
        assert life.goals.steps(goal) == other.goals.steps(goal)
        first, second = life.goals.progress(goal), other.goals.progress(goal)
        assert (first.words, first.share, first.points) == (second.words, second.share, second.points)
        assert [one.words for one in first.evidence] == [one.words for one in second.evidence]
        for chip in now.chips:
            if chip.span is not None:
                text = other.memory.item(chip.item_id).text
                assert text[chip.span.start : chip.span.end].strip()
        again = import_paths(other.memory, other.store, [tmp_path / "out"], now=life.now)
        assert len(other.goals.all()) == 1, again
    finally:
        other.store.close()


def test_what_comes_back_can_be_forgotten(life: GoalLife, tmp_path: Path) -> None:
    """The goal hangs on the words that came with it."""
    lived(life)
    export(life.store, tmp_path / "out", now=life.now)
    other = GoalLife(tmp_path / "other")
    try:
        import_paths(other.memory, other.store, [tmp_path / "out" / "items.jsonl", tmp_path / "out" / "goals.jsonl"], now=life.now)
        plan = other.memory.plan_forget("thesis")
        assert plan.counts["goals"] == 1
        assert other.memory.forget(plan).verified
        assert not other.goals.all()
    finally:
        other.store.close()


def test_people_can_read_their_goals(life: GoalLife, tmp_path: Path) -> None:
    """The page says what is wanted, why, what was done and what was said."""
    lived(life)
    export(life.store, tmp_path / "out", now=life.now)
    page = (tmp_path / "out" / "goals.md").read_text()
    for words in ("finish the thesis", "I promised it to myself", "Outline", "### Done", "two pages more than I thought"):
        assert words in page


BAD = [
    "not json",
    "[]",
    '{"id": "g1"}',
    '{"id": "g1", "title": 5, "item": "i1"}',
    '{"id": "g1", "title": "x", "state": "evil", "item": "i1", "created_at": "2026-01-01T00:00:00+00:00"}',
    '{"id": "g1", "title": "x", "state": "active", "item": "i1", "created_at": "soon"}',
    '{"id": "g1", "title": "x", "state": "active", "item": "i1", "created_at": "2026-01-01T00:00:00+00:00", "steps": [{"minutes": 0}]}',
    '{"id": "g1", "title": "x", "state": "active", "item": "i1", "created_at": "2026-01-01T00:00:00+00:00", "parts": 7}',
    "[" * 100_000,
]


def test_bad_lines_are_reported_and_the_rest_is_read(life: GoalLife, tmp_path: Path) -> None:
    """By number, with the reason; half of a goal is never written."""
    lived(life)
    export(life.store, tmp_path / "out", now=life.now)
    good = (tmp_path / "out" / "goals.jsonl").read_text()
    (tmp_path / "out" / "goals.jsonl").write_text("\n".join([*BAD, good]))
    other = GoalLife(tmp_path / "other")
    try:
        done = import_paths(other.memory, other.store, [tmp_path / "out" / "items.jsonl", tmp_path / "out" / "goals.jsonl"], now=life.now)
        assert len(done.skipped) == len(BAD)
        assert [one.title for one in other.goals.all()] == ["finish the thesis"]
    finally:
        other.store.close()


def test_goals_of_nobodys_words_are_not_taken(life: GoalLife, tmp_path: Path) -> None:
    """Without the items they were said in there is nothing to hang them on: the file is then a file like any other."""
    lived(life)
    export(life.store, tmp_path / "out", now=life.now)
    other = GoalLife(tmp_path / "other")
    try:
        import_paths(other.memory, other.store, [tmp_path / "out" / "goals.jsonl"], now=life.now)
        assert not other.goals.all((State.ACTIVE, State.DRAFT))
    finally:
        other.store.close()


def test_an_export_without_goals_has_no_file_of_them(life: GoalLife, tmp_path: Path) -> None:
    """Nothing is written of what there is not."""
    life.memory.counts()
    export(life.store, tmp_path / "out", now=life.now)
    assert not (tmp_path / "out" / "goals.jsonl").exists()
    assert all(json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text().splitlines())
