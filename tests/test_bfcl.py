"""The checker of function calls: right answers pass, and each kind of wrong one fails; the bench goes on where it was cut."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from ownmind.bench import bfcl
from ownmind.bench.bfcl_check import Allowed, Function, Made, wrong
from ownmind.errors import BadInput
from ownmind.models.llama.frames import Json

FUNCTIONS: list[Function] = [
    {
        "name": "trip.plan",
        "description": "Plans a trip.",
        "parameters": {
            "type": "dict",
            "properties": {
                "to": {"type": "string", "description": ""},
                "days": {"type": "integer", "description": ""},
                "budget": {"type": "float", "description": ""},
                "by": {"type": "array", "items": {"type": "string"}, "description": ""},
                "room": {"type": "dict", "description": "", "properties": {}},
                "people": {"type": "array", "items": {"type": "dict"}, "description": ""},
                "quiet": {"type": "boolean", "description": ""},
            },
            "required": ["to", "days"],
        },
    },
    {
        "name": "weather",
        "description": "",
        "parameters": {"type": "dict", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
]
ALLOWED: list[Allowed] = [
    {
        "trip.plan": {
            "to": ["Rome", "Roma"], "days": [3], "budget": [500.0, ""], "by": [["train", "bus"], ""],
            "room": [{"beds": [2], "view": ["sea", ""]}, ""], "people": [[{"name": ["Ana"]}, {"name": ["Ben"]}], ""], "quiet": [True, ""],
        }
    }
]  # fmt: skip


def _with(**values: Json) -> list[Made]:
    return [("trip.plan", {"to": "Rome", "days": 3, **values})]


@pytest.mark.parametrize(
    "made",
    [
        _with(),
        _with(to="roma"),
        _with(to="R-o.m,a"),
        _with(budget=500),
        _with(budget=500.0),
        _with(by=["Train", "bus"]),
        _with(room={"beds": 2}),
        _with(room={"beds": 2, "view": "Sea"}),
        _with(people=[{"name": "ana"}, {"name": "Ben"}]),
        _with(quiet=True),
    ],
)
def test_right_calls_pass(made: list[Made]) -> None:
    """Other spellings that the data allows, whole numbers for floats, and optional parameters left out."""
    assert wrong(made, ALLOWED, FUNCTIONS) == ""


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ([], "0 calls for 1"),
        ([*_with(), *_with()], "2 calls for 1"),
        ([("weather", {"city": "Rome"})], "not trip.plan"),
        ([("trip.plan", {"to": "Rome"})], "days is missing"),
        (_with(hotel="Ritz"), "not asked for"),
        (_with(to="Paris"), "is not right"),
        (_with(days="3"), "is no integer"),
        (_with(days=3.0), "is no integer"),
        (_with(days=True), "is no integer"),
        (_with(budget="500"), "is no float"),
        (_with(budget=400), "is not right"),
        (_with(by=["bus", "train"]), "is not right"),
        (_with(by=["train", 2]), "is not right"),
        (_with(by="train"), "is no array"),
        (_with(room={"beds": 3}), "is not right"),
        (_with(room={}), "is not right"),
        (_with(room={"beds": 2, "pool": True}), "is not right"),
        (_with(people=[{"name": "Ana"}]), "is not right"),
        (_with(people=[{"name": "Ben"}, {"name": "Ana"}]), "is not right"),
        (_with(quiet=False), "is not right"),
    ],
)
def test_each_kind_of_wrong_fails(made: list[Made], why: str) -> None:
    """And says why."""
    assert why in wrong(made, ALLOWED, FUNCTIONS)


def test_a_parameter_that_may_not_be_left_out_is_missed() -> None:
    """The declaration says optional, the answer says it is needed."""
    needed: list[Allowed] = [{"trip.plan": {"to": ["Rome"], "days": [3], "quiet": [True]}}]
    assert "quiet is left out" in wrong(_with(), needed, FUNCTIONS)


def test_a_list_holds_what_was_declared() -> None:
    """A number among texts."""
    needed: list[Allowed] = [{"trip.plan": {"to": ["Rome"], "days": [3], "by": [["train", "bus"]]}}]
    assert "holds other things" in wrong(_with(by=["train", 2]), needed, FUNCTIONS)


def test_several_calls_in_any_order() -> None:
    """Each once; a wrong one among them fails all."""
    both: list[Allowed] = [{"weather": {"city": ["Rome"]}}, {"weather": {"city": ["Oslo"]}}]
    assert wrong([("weather", {"city": "Oslo"}), ("weather", {"city": "Rome"})], both, FUNCTIONS) == ""
    assert wrong([("weather", {"city": "Oslo"}), ("weather", {"city": "Oslo"})], both, FUNCTIONS)


def test_no_call_is_right_where_no_function_fits() -> None:
    """Irrelevance: any call at all is wrong."""
    assert wrong([], [], FUNCTIONS) == "" and wrong([("weather", {"city": "Rome"})], [], FUNCTIONS)


def test_the_halves_of_the_data_share_no_item(tmp_path: Path) -> None:
    """Read from a wheel as it comes; what is tuned on is never what is reported."""
    lines = [{"id": f"irrelevance_{n}", "question": [[{"role": "user", "content": "Hm?"}]], "function": FUNCTIONS} for n in range(9)]
    with zipfile.ZipFile(tmp_path / "x.whl", "w") as wheel:
        wheel.writestr("bfcl_eval/data/BFCL_v4_irrelevance.json", "\n".join(map(json.dumps, lines)))
    dev, held = ({item["id"] for item in bfcl._drawn(tmp_path / "x.whl", "irrelevance", half, 9, 1)} for half in bfcl.HALVES)
    assert len(dev) == 5 and len(held) == 4 and not dev & held
    with pytest.raises(BadInput, match="simple_python"):
        bfcl.items(tmp_path / "x.whl", "simple")


def test_the_kindest_reading_finds_calls_in_text() -> None:
    """A call in a fence is read as one; an object that is no call is not."""
    text = 'Sure:\n```json\n{"name": "weather", "arguments": {"city": "Rome"}}\n```\nand {"city": "x"} {'
    assert list(bfcl._calls_in(text, FUNCTIONS)) == [("weather", {"city": "Rome"})]
