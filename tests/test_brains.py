"""The checks of what a chat model is good for: right answers pass, each kind of wrong one fails, and a cut run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ownmind.bench import brains
from ownmind.bench.brains.checks import CHECKS, is_valid
from ownmind.bench.brains.shapes import Row
from ownmind.models.llama.frames import Json

PLAN = ["Run 3 km on Tuesday", "Run 5 km on Saturday", "Run every other day", "Run a half marathon in a park"]
TEXT = "The mill was built in 1887 and has stood empty for nine years. Forty flats are planned there."
JUDGED: list[tuple[str, Row, Json, Json]] = [
    ("facts", {"message": "My aunt Ida keeps bees.", "facts": [["Ida", "bees"]]}, ["Ida keeps bees"], ["Ida keeps goats"]),
    ("facts", {"message": "My aunt Ida keeps bees.", "facts": [["Ida", "bees"]]}, ["Ida keeps bees"], ["Ida keeps bees", "Ida has 3 cows"]),
    ("facts", {"message": "What a day!", "facts": []}, [], ["You had a day"]),
    (
        "tools",
        {"message": "Text Ida hello", "tool": "send", "arguments": {"to": ["Ida"], "text": ["hello"]}},
        {"tool": "send", "arguments": {"to": "Ida", "text": "Hello!"}},
        {"tool": "send", "arguments": {"to": "Ida", "text": "bye"}},
    ),
    ("tools", {"message": "Hi", "tool": "none", "arguments": {}}, {"tool": "none", "arguments": {}}, {"tool": "send", "arguments": {}}),
    ("answers", {"answer": ["7729"]}, "It is 7729.", "I don't know that yet."),
    ("answers", {"answer": ["Monday"]}, "On Mondays.", "On Tuesdays."),
    ("unknown", {}, "I don't know that yet.", "She is seven."),
    ("unknown", {}, "The notes do not mention that.", "He notes the time."),
    ("plans", {"goal": "Run a half marathon"}, PLAN, ["Set a goal", "Track your progress", "Run 5 km", "Celebrate your achievements"]),
    ("plans", {"goal": "Run a half marathon"}, PLAN, PLAN[:3]),
    ("plans", {"goal": "Run a half marathon"}, PLAN, ["Buy shoes", "Ask a friend", "Eat well", "Sleep long"]),
    ("plans", {"goal": "Run a half marathon", "template": "training"}, "training", "habit"),
    ("translations", {"has": [["apotheke"]]}, "Wo ist die nächste Apotheke?", "Wo ist der Bahnhof?"),
    (
        "json",
        {"schema": {"type": "object", "properties": {"age": {"type": "integer"}}}, "values": {"age": 4}},
        {"age": 4},
        {"age": "4"},
    ),
]


@pytest.mark.parametrize(("task", "row", "good", "bad"), JUDGED)
def test_right_passes_and_wrong_fails(task: str, row: Row, good: Json, bad: Json) -> None:
    """No check passes everything."""
    assert CHECKS[task](row, good)["right"] == 1 and CHECKS[task](row, bad)["right"] == 0


def test_a_summary_counts_what_it_keeps_and_what_it_copies() -> None:
    """A copy keeps everything, and shows as one."""
    row: Row = {"text": TEXT, "facts": [["1887"], ["Forty", "40"]]}
    own = CHECKS["summaries"](row, "40 flats come into a mill of 1887.")
    assert own["right"] == 1 and own["copied"] == 0
    copy = CHECKS["summaries"](row, TEXT)
    assert copy["copied"] == 1 and copy["length"] == 1
    assert CHECKS["summaries"](row, "A mill.")["right"] == 0


@pytest.mark.parametrize("value", [{}, {"n": 1, "m": 2}, {"n": True}, {"n": "1"}, [], None])
def test_what_breaks_a_schema_is_not_valid(value: Json) -> None:
    """Missing and extra names, and wrong types."""
    schema: dict[str, Json] = {"type": "object", "properties": {"n": {"type": "integer"}}}
    assert not is_valid(value, schema) and is_valid({"n": 1}, schema)


def test_the_items_are_what_they_are_said_to_be() -> None:
    """Two hundred of our own; every answer that notes should give stands in them, every unknown one has notes; halves of the same size."""
    tasks = {task: brains.rows(task) for task in CHECKS}
    assert sum(map(len, tasks.values())) >= 200
    for row in tasks["answers"]:
        notes, allowed = str(row["notes"]).lower(), row["answer"]
        assert isinstance(allowed, list) and any(str(word).lower() in notes for word in allowed), row["question"]
    for row in tasks["json"]:
        schema = row["schema"]
        assert isinstance(schema, dict) and is_valid(row["values"], schema), row["message"]
    for row in tasks["summaries"]:
        assert CHECKS["summaries"](row, row["text"])["right"] == 1, row["text"]


def test_what_was_asked_is_not_asked_again(tmp_path: Path) -> None:
    """A run whose every line is there needs no model."""
    out = tmp_path / "lines.jsonl"
    lines = [
        {"brain": "none.gguf", "task": "plans", "shape": shape, "at": at, "said": "", "marks": {"right": at % 4 == 1}, "seconds": 1.0}
        for at in range(len(brains.rows("plans")))
        for shape in brains.SHAPES
    ]
    out.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    found = brains.run(only=["plans", "held", "ours"], brain="none.gguf", out=out)
    assert found["figures"] == {"plans none.gguf ours": {"n": 11, "right": 6, "share": 0.545, "seconds_p50": 1.0}}
