"""Arguments are held against the message, and schemas become what a grammar can hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.models.llama.frames import Json
from ownmind.models.small.arguments import checked, is_made_up, numbers
from ownmind.models.small.signatures import held, signature

TRIP: dict[str, Json] = {
    "type": "object",
    "properties": {
        "to": {"type": "string", "description": "Where it goes."},
        "by": {"type": "string", "enum": ["car", "train"]},
        "people": {"type": "integer"},
        "quiet": {"type": "boolean"},
    },
    "required": ["to"],
}


def test_an_optional_argument_nobody_spoke_of_is_left_out() -> None:
    """Required ones stay as they are."""
    values: dict[str, Json] = {"to": "Rome", "by": "train", "people": 2, "quiet": True}
    assert checked(values, TRIP, "Plan a trip to Rome") == {"to": "Rome"}
    assert checked(values, TRIP, "A quiet trip by train to Rome for two") == values


def test_a_value_is_given_in_the_words_of_the_message() -> None:
    """A sign nobody wrote becomes the word that was; one the parameter asks for stays; with whom something is belongs to it, once."""
    words: dict[str, Json] = {name: {"type": "string"} for name in ("unit", "title", "guest")}
    text: dict[str, Json] = {"type": "object", "properties": words}
    sign: dict[str, Json] = {"type": "string", "description": "C or F."}
    asks: dict[str, Json] = {"type": "object", "properties": {"unit": sign}, "required": ["unit"]}
    assert checked({"unit": "C"}, text, "180 degrees Celsius in words") == {"unit": "Celsius"}
    assert checked({"unit": "C"}, asks, "180 degrees Celsius in words") == {"unit": "C"}
    assert checked({"unit": "mi"}, {**asks, "properties": {"unit": words["unit"]}}, "42 miles or 42 million") == {"unit": "mi"}
    lunch = "Schedule lunch with Farid and Ana for Wednesday"
    assert checked({"title": "lunch"}, text, lunch) == {"title": "lunch with Farid and Ana"}
    assert checked({"title": "lunch", "guest": "Farid"}, text, lunch) == {"title": "lunch", "guest": "Farid"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20 thousand at 4.5%", {20.0, 20000.0, 4.5, 0.045}),
        ("1,250.50 euros", {1250.5}),
        ("three of them", {3.0}),
        ("$2.5 million", {2.5, 2.5e6}),
        ("-5 degrees", {-5.0}),
    ],
)
def test_numbers_are_read_with_their_scales(text: str, found: set[float]) -> None:
    """In digits and words."""
    assert found <= numbers(text)


def test_a_signature_says_what_the_schema_says() -> None:
    """Names, kinds, choices, what may be left out, and what is told of each."""
    shown = signature("trip.plan", "Plans a trip.", TRIP)
    assert shown.startswith('trip.plan(to: string, by?: "car" | "train", people?: integer, quiet?: boolean): Plans a trip.')
    assert "  to: Where it goes." in shown


def test_a_tool_without_arguments_is_given_none() -> None:
    """An empty list of properties is closed; an object nobody described may hold anything."""
    assert held({"type": "object", "properties": {}})["additionalProperties"] is False
    assert held({"type": "object"}) == {"type": "object"}


def test_a_call_for_numbers_nobody_said_is_made_up() -> None:
    """Only where the message has no number and no word of the other values."""
    throw: dict[str, Json] = {"properties": {"speed": {"type": "number"}, "of": {"type": "string"}}, "required": ["speed", "of"]}
    assert is_made_up({"speed": 10, "of": "ball"}, throw, "How far does a stone fly?")
    assert not is_made_up({"speed": 10, "of": "stone"}, throw, "How far does a stone fly?")
    assert not is_made_up({"speed": 36, "of": "ball"}, throw, "How far does it fly at ten metres a second?")


def test_references_are_put_in_place_and_rings_end() -> None:
    """A schema that refers to itself becomes a finite grammar."""
    ring: dict[str, Json] = {"$defs": {"N": {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}}}}, "$ref": "#/$defs/N"}
    assert "$ref" not in json.dumps(held(ring))
    assert held({"$ref": "#/$defs/loop", "$defs": {"loop": {"$ref": "#/$defs/loop"}}}) == {}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda of: (
            st.lists(of, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "properties", "items", "enum", "anyOf", "$ref", "required", "x"]) | st.text(max_size=4),
                of,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_schema_is_taken(value: Json) -> None:
    """What a client sends as a schema may be anything: nothing raises."""
    schema: dict[str, Json] = value if isinstance(value, dict) else {"properties": {"a": value}}
    json.dumps(held(schema))
    signature("f", "", schema)
    checked({"a": 1, "b": {"c": "d"}}, schema, "text")
