"""The built-in skills hold what they promise whatever the model says: a model that lies, here, changes no number, no name and no "not"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ownmind.bench import skills as bench
from ownmind.channels.python import Companion
from ownmind.config import Config
from ownmind.errors import BadInput
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.skills import checks, shipped
from ownmind.skills.made.minutes import is_promise
from ownmind.skills.made.quiz import gap, is_right
from ownmind.skills.made.translate import wrong

LEASE = (
    "The rent of the flat is 780 euros a month, and it has to be paid on the third working day. Pets are, as in every house of ours, "
    "not allowed "
    "without the written consent of the owner. Either side may end the contract with three months of notice, in writing and by post."
)
ALLERGENS = {"nuts": {"de": "nuss|nüss"}, "milk": {"de": "milch"}, "sunday": {"de": "sonntag"}}


@pytest.fixture
def liar(tmp_path: Path) -> Iterator[tuple[Companion, ScriptedModel]]:
    model = ScriptedModel("")
    offline = Config(fetch=False, learn=False)
    with Companion.open(tmp_path / "mind", brain=model, embedder=HashEmbedder(), config=offline) as mind:
        yield mind, model


def test_a_summary_keeps_the_facts_of_a_model_that_does_not(liar: tuple[Companion, ScriptedModel]) -> None:
    """Another number, a lost "not": the document's own sentence stands instead. A faithful short sentence is taken."""
    mind, model = liar
    model.script = lambda pairs: (
        "1. The rent is 900 euros a month, paid on the third working day.\n2. Pets are allowed without consent.\n"
        "3. Either side may end the contract with three months of notice in writing."
    )
    said = mind.skills.run("summarise-document", "Summarise this", LEASE).text
    assert "780 euros" in said and "900" not in said
    assert "not allowed" in said and "Pets are allowed" not in said


def test_a_draft_says_what_was_asked_and_nothing_else(liar: tuple[Companion, ScriptedModel]) -> None:
    """Greeting and sign-off are the person's own; what the model adds (a day, an hour, an excuse with a name) is not taken."""
    mind, model = liar
    mind.remember("Hi Ben, can you bring the drill back this weekend? Cheers, Lea")
    model.script = lambda pairs: "I'll be 45 minutes late because Martha kept me until Tuesday."
    said = mind.skills.run("draft-message", "Draft a message to Ben saying that I will be 20 minutes late").text
    assert said.startswith("Hi Ben,") and "Cheers, Lea" in said and "20 minutes late" in said
    assert "45" not in said and "Martha" not in said


@pytest.mark.parametrize(
    "line", ["At least she is in a better place.", "God has a plan.", "Time heals all wounds.", "She loved you, Maria, for 40 years."]
)
def test_a_condolence_never_says_what_hurts(line: str, liar: tuple[Companion, ScriptedModel]) -> None:
    mind, model = liar
    model.script = lambda pairs: line
    said = mind.skills.run("kind-note", "Write a condolence note to Mr Berg on the death of his wife").text
    assert line not in said and "your wife" in said and "Mr Berg" in said


@pytest.mark.parametrize(
    ("source", "said", "why"),
    [
        ("Bring 12 chairs.", "Bringen Sie 20 Stühle mit.", "12 is gone"),
        ("Do not open the door.", "Öffnen Sie die Tür.", "was lost"),
        ("Open the door.", "Öffnen Sie die Tür nicht.", "was added"),
        ("Please call Dr Weber now.", "Bitte rufen Sie den Arzt an.", "Weber"),
        ("He is allergic to nuts.", "Er ist allergisch gegen Kartoffeln.", "nuts is not there"),
        ("He is allergic to milk and nuts.", "Er ist allergisch gegen Milch.", "nuts is not there"),
        ("No bus on Sunday.", "Kein Bus morgen.", "sunday is not there"),
        ("Come at 3 pm.", "Kommen Sie um 3 Uhr.", "morning or afternoon"),
        ("The door is blue today.", "The door is blue today.", "not translated"),
    ],
)
def test_a_translation_that_fails_says_so(source: str, said: str, why: str) -> None:
    assert any(why in one for one in wrong(source, said, "de", ALLERGENS))


def test_a_faithful_translation_passes() -> None:
    assert not wrong("Come at 3 pm on 12 May, not later.", "Kommen Sie am 12. Mai um 15 Uhr, nicht später.", "de", ALLERGENS)
    assert not wrong("Tom is allergic to nuts.", "Tom ist allergisch gegen Nüsse.", "de", ALLERGENS)


def test_no_dish_breaks_a_rule(liar: tuple[Companion, ScriptedModel]) -> None:
    """Over two weeks of dishes: none with what the person must not eat, under any of its names; rules that are not understood are said."""
    mind, model = liar
    mind.remember("I am allergic to peanuts, and I am lactose intolerant.")
    mind.remember("I am allergic to fish.")
    plan = mind.skills.run("meal-plan", "Make a meal plan for 14 days")
    dishes = [line.lower() for line in plan.text.splitlines() if line.startswith("Day ")]
    assert len(dishes) >= 10
    for word in ("peanut", "satay", "salmon", "cod,", "mackerel", "feta", "parmesan", "butter,", "cream"):
        assert not any(word in dish for dish in dishes), word
    assert len(plan.sources) >= 2 and not model.calls


def test_a_question_of_a_quiz_never_holds_its_answer(liar: tuple[Companion, ScriptedModel]) -> None:
    """A model that puts the answer into the question is not asked twice: the sentence with its gap is shown."""
    mind, model = liar
    model.script = lambda pairs: "Was the treaty signed in 1648?"
    said = mind.skills.run("quiz-me", "Quiz me on this", "The treaty of Arden was signed in 1648 by both towns.").text
    assert "1648" not in said.partition("Answers")[0] and "1648" in said.partition("Answers")[2]


@pytest.mark.parametrize(
    ("said", "answer", "right"),
    [("1648", "1648", True), ("in 1684", "1648", False), ("780 Euro", "780 euros", True), ("salma idriss", "Salma Idris", True),
     ("Leeds", "Salma Idris", False), ("no idea", "30", False), ("it is 30 or 40 or 50", "30", False)],
)  # fmt: skip
def test_answers_are_checked_strictly_in_numbers_and_kindly_in_spelling(said: str, answer: str, right: bool) -> None:
    assert is_right(said, answer) is right


def test_a_gap_is_a_date_a_number_or_a_name() -> None:
    held = gap("The tenancy of the flat begins on 1 February 2027.")
    assert held is not None and held.answer == "1 February 2027"
    assert gap("What is that?") is None and gap("Nothing of note happened in the garden then.") is None


@pytest.mark.parametrize("said", ["I'll ask the carpenter by Friday.", "Samira will bring the music.", "I am going to write the notes."])
def test_promises_are_found(said: str) -> None:
    assert is_promise(said)


@pytest.mark.parametrize(
    "said", ["Maybe I'll come.", "Will I see you?", "If it rains I will stay.", "It will be cold.", "I won't do that."]
)
def test_what_is_no_promise_is_left_out(said: str) -> None:
    assert not is_promise(said)


def test_an_option_that_breaks_a_rule_is_marked_first(liar: tuple[Companion, ScriptedModel]) -> None:
    mind, _ = liar
    mind.remember("I am allergic to hazelnuts.")
    text = "Café Nuss serves hazelnut cake. Café Linde serves apple cake and costs 5 euros."
    said = mind.skills.run("compare-options", "Compare Café Nuss and Café Linde", text).text
    assert said.startswith("! Café Nuss goes against") and "Café Nuss: not known" in said


def test_without_a_brain_nothing_is_made_up(liar: tuple[Companion, ScriptedModel]) -> None:
    """A model that says nothing: the skill says that it could not, or gives the source's own words."""
    mind, _ = liar
    assert not mind.skills.run("explain", "Explain what inflation is in simple words").known
    assert not mind.skills.run("translate-with-care", "Translate to German: The door is open today.").known
    assert "780" in mind.skills.run("summarise-document", "Summarise this", LEASE).text
    assert not mind.skills.run("summarise-document", "Summarise the yearly report of the moon").known


@pytest.mark.parametrize("name", list(shipped.MADE))
def test_every_skill_has_its_evaluation(name: str) -> None:
    """At least six items, half of them held out, each with a check that an empty answer fails."""
    items = bench.evals(name)
    assert len(items) >= 6 and sum(one["split"] == "held-out" for one in items) >= 3
    for one in items:
        assert bench.wrong("", one, None, True), one["prompt"]


def test_checks_tell_what_is_invented_lost_and_turned() -> None:
    assert checks.invented("She paid 40 euros to Ben.", "She paid 30 euros.") == ["40", "ben"]
    assert not checks.invented("The twelve chairs cost 1200 euros.", "12 chairs cost 1,200 euros.")
    assert checks.lost("She came.", "She came at 9.") == ["9"]
    assert checks.turned("Dogs are allowed.", "Dogs are not allowed.") and not checks.turned("No dogs.", "Dogs aren't allowed.")


def test_a_cut_bench_goes_on_from_its_lines(tmp_path: Path) -> None:
    """What is written is not asked again: a run whose every line is there opens nothing. An unknown skill is said to be."""
    out = tmp_path / "lines.jsonl"
    line = {"brain": "none", "system": "skill", "skill": "weekly-review", "calls": 0, "seconds": 1.0, "text": ""}
    lines = [{**line, "id": one["id"], "split": one["split"], "failed": ["x"] * (one["id"] == 1)} for one in bench.evals("weekly-review")]
    out.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    figures = bench.run(brain="none", only=["weekly-review"], out=out)["figures"]
    assert isinstance(figures, dict) and figures["all"]["passed"] == "5/6" and figures["all"]["held_out"] == "3/3"
    with pytest.raises(BadInput, match="no built-in skill"):
        bench.run(brain="none", only=["weekly-revue"])
