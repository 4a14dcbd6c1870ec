"""What a model makes of a goal's words: the kind, and only parts whose words stand in the message and say it to our own reader."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from zoneinfo import ZoneInfo

from ownmind.agent.aims.filling import Filled, filled
from ownmind.models.scripted import ScriptedModel

SAYS = "One day before the end of June I will play Chopin on that stage, 3 lessons a week"
SUNDAY = datetime(2026, 11, 22, 15, tzinfo=ZoneInfo("Europe/Berlin"))


def model(kind: str, **words: str) -> ScriptedModel:
    parts = {"when": "", "how_often": "", "how_much": "", "who": "", **words}
    return ScriptedModel(lambda pairs: json.dumps(parts if pairs[-1][1] == "Its arguments?" else {"tool": kind}))


def fill(brain: ScriptedModel) -> Filled:
    return asyncio.run(filled(SAYS, brain, SUNDAY))


def test_the_model_names_the_words_and_code_reads_them() -> None:
    """The day and the rhythm are resolved by the reader of statements."""
    found = fill(model("practice", when="before the end of June", how_often="3 lessons a week"))
    assert found.template == "practice"
    assert dict(found.values) == {"deadline": "2027-06-30", "a_week": "3"}


def test_words_that_do_not_stand_there_are_dropped() -> None:
    """A day, a number and a person of the model's own become no part of the goal."""
    found = fill(model("practice", when="by 1 May", how_much="5,000 euros", who="Clara"))
    assert found == Filled("practice")


def test_words_that_say_no_value_are_dropped() -> None:
    """ "That stage" is no day."""
    assert fill(model("practice", when="on that stage", how_often="One day")).values == ()


def test_nonsense_and_none_leave_it_to_the_person() -> None:
    """Then the kind is asked."""
    assert fill(ScriptedModel("Sure!")) == Filled("")
    assert fill(model("none")) == Filled("")
