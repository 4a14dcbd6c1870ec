"""The check of a model measures what it says, ends in time, can be stopped, and is kept; its own judges are right."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind import paths
from ownmind.messages import Progress
from ownmind.models.brain import Brain
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import checked, fetch, measure
from ownmind.models.shelf.checked import Checked, Score
from ownmind.models.shelf.measure_items import INSTRUCTIONS, ITEMS, KINDS, LANGUAGES, NOTES, TOOLS, UNKNOWN, does_not_know
from ownmind.paths import Paths
from ownmind.store.opening import open_throwaway

SMOL = "smollm2-135m-instruct-q4_1"
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)

# A right and a wrong reply to each task that is judged by its words, in the order of the items.
REPLIES: tuple[tuple[str, str], ...] = (
    ("Hansen serviced it on 3 March.", "Mrs Adeyemi did."),
    ("It is with Mrs Adeyemi.", "Under the mat."),
    ("It moved to 17:15.", "On Tuesday."),
    ("From pier 5.", "It costs 540 euros."),
    ("Marek has it.", "Lena has it."),
    ("540 euros for six nights.", "It is free."),
    ("I don't know that yet.", "It cost 90 euros."),
    ("Your notes don't say.", "Hansen."),
    ("I do not know.", "1234."),
    ("I'm not sure; there is no note of it.", "At 18:40."),
    ("I have no information about that.", "She is 34."),
    ("That isn't something I know. I don't have it.", "Marek does."),
    ("Yellow.", "It is yellow."),
    ("1, 2, 3, 4, 5", "1 2 3 4 5 6"),
    ("GOOD MORNING, NEIGHBOUR!", "Good morning!"),
    ("Apple\nPear\nPlum", "Apple, pear and plum"),
    ("A kettle boils water. OVER", "A kettle boils water."),
    ('```json\n{"city": "Rome"}\n```', "Rome"),
    ("Nach Montag kommt Dienstag.", "Tuesday."),
    ("La nieve es blanca.", "Snow is white."),
    ("Une semaine a sept jours.", "Seven days."),
    ("Il gatto miagola.", "The cat."),
    ("Piekarz piecze chleb.", "A baker bakes."),
    ("一年有十二个月。", "Many months."),
)


def check(brain: Brain | None, *, tasks: int = len(ITEMS), stopped: Callable[[], bool] = lambda: False) -> tuple[Checked, list[Progress]]:
    """What a check found that was stopped after ``tasks`` tasks, or earlier, and what it told on the way."""
    told: list[Progress] = []

    def enough() -> bool:
        return stopped() or bool(told and told[-1].done > tasks)

    path = fetch.ensure(SMOL, paths=paths.find()).path
    made = measure.check(brain, path, id=SMOL, sha256="0" * 64, say=told.append, stopped=enough, now=NOW)
    return asyncio.run(made), told


def test_there_are_enough_tasks_of_each_kind() -> None:
    """At least two dozen, six of each kind, no two alike."""
    assert Counter(item.kind for item in ITEMS) == dict.fromkeys(KINDS, 6) and len({item.ask for item in ITEMS}) == len(ITEMS) >= 24


def test_every_judge_knows_a_right_reply_from_a_wrong_one() -> None:
    """Each task's check passes a good reply and fails a bad one; those about what is not known fail every right answer of the others."""
    spoken = [item for kind in (NOTES, UNKNOWN, INSTRUCTIONS, LANGUAGES) for item in ITEMS if item.kind == kind]
    assert len(spoken) == len(REPLIES)
    for item, (right, wrong) in zip(spoken, REPLIES, strict=True):
        assert item.right(right), (item.ask, right)
        assert not item.right(wrong), (item.ask, wrong)
        assert not item.right("")
    assert not any(does_not_know(right) for right, _ in REPLIES[:6])
    assert all(item.tool == "" or item.holds for item in ITEMS if item.kind == TOOLS)


@pytest.mark.model
def test_a_real_model_is_measured_in_the_time_it_is_given() -> None:
    """The 135M for five tasks, one of each kind: speeds, memory, scores; it says how far it got and what came of it."""
    found, told = check(None, tasks=5)
    assert found.seconds < 130 and found.id == SMOL and found.at == NOW
    assert found.speed > 0 and found.prompt_speed > 0 and found.first_word > 0 and found.memory > 50 << 20
    assert [score.name for score in found.scores] == list(KINDS)
    assert "tokens/s" in found.words and told[0].total == len(ITEMS)
    done = sum(score.of for score in found.scores)
    assert done == 5 and found.note == f"stopped: {done} of {len(ITEMS)} tasks were done" and all(score.of == 1 for score in found.scores)


@pytest.mark.model
def test_it_can_be_stopped() -> None:
    """At once, with what it has."""
    found, _ = check(None, stopped=lambda: True)
    assert "stopped" in found.note and sum(score.of for score in found.scores) == 0 and found.seconds < 30


def test_a_model_that_answers_alike_is_right_where_that_is_right() -> None:
    """Not knowing, to everything: full marks for not knowing, none from notes, and the tool it was not to call counts."""
    found, told = check(Brain.of(ScriptedModel("I don't know that yet."), id=SMOL))
    by_name = {score.name: score for score in found.scores}
    assert by_name[UNKNOWN] == Score(UNKNOWN, 6, 6) and by_name[NOTES] == Score(NOTES, 0, 6)
    assert by_name[TOOLS] == Score(TOOLS, 1, 6) and by_name[INSTRUCTIONS].right == 0 and found.note == ""
    assert told[-1].done == len(ITEMS)


def test_what_was_found_is_kept_with_its_date_and_hash(tmp_path: Path) -> None:
    """The last one of each model, over a restart; what cannot be read is as if it were not."""
    with open_throwaway(Paths(tmp_path / "home", tmp_path / "cache")) as store:
        one = Checked(SMOL, NOW, "ab" * 32, 100.5, 20.25, 0.5, 1 << 30, (Score(TOOLS, 5, 6),), 61.5)
        checked.keep(store.settings, one)
        checked.keep(store.settings, Checked("other", NOW, "", 0, 0, 0, 0, (), 1, "stopped"))
        checked.keep(store.settings, one)
        assert checked.kept(store.settings) == {SMOL: one, "other": checked.kept(store.settings)["other"]}
        assert one.words == "20 tokens/s, tools 5 of 6"
        for nonsense in ("{", "[5]", '[{"id": "x"}]'):
            store.settings.set("models.checked", nonsense)
            assert checked.kept(store.settings) == {}
