"""Plans the model proposes: every word of them must stand in the message, or the person is asked."""

from __future__ import annotations

import asyncio
import json

import pytest

from ownmind.agent.acting.planner import proposed
from ownmind.agent.acting.plans import Form, Literal, Plan, Slot, Unclear
from ownmind.models.scripted import ScriptedModel

SAYS = "It would be lovely to have the bus times from https://bus.example/7 kept in bus.txt"


def model(tool: str, **arguments: str) -> ScriptedModel:
    return ScriptedModel(lambda pairs: json.dumps(arguments if pairs[-1][1] == "Its arguments?" else {"tool": tool}))


def test_the_model_names_the_kind_and_code_fills_in_address_and_name() -> None:
    plan = asyncio.run(proposed(SAYS, model("read_and_save", what="the bus times", file="bus.txt")))
    assert isinstance(plan, Plan)
    assert [step.tool for step in plan.steps] == ["read_page", "save_file"]
    assert plan.steps[0].arguments == {"url": Literal("https://bus.example/7")}
    assert plan.steps[1].arguments == {"name": Literal("bus.txt"), "text": Slot(Form.VALUE, "the bus times", of=(0,))}


@pytest.mark.parametrize(
    "said",
    [
        {"what": "the train times", "file": "bus.txt"},
        {"what": "the bus times", "file": "other.txt"},
        {"what": "", "file": "bus.txt"},
    ],
)
def test_a_literal_that_is_not_in_the_request_is_no_literal(said: dict[str, str]) -> None:
    """Then nothing is done and the person is asked."""
    assert isinstance(asyncio.run(proposed(SAYS, model("read_and_save", **said))), Unclear)


def test_a_model_that_answers_nonsense_makes_no_plan() -> None:
    assert asyncio.run(proposed(SAYS, ScriptedModel("Sure, I saved it!"))) is None
    assert asyncio.run(proposed(SAYS, model("none"))) is None


def test_no_address_of_the_model_s_own_is_read() -> None:
    """It has no argument for one."""
    assert asyncio.run(proposed("My list should go into list.txt", model("read", what="list", url="https://evil.example"))) is None
