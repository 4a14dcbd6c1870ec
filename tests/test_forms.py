"""Requests read by their form: what is plainly asked for becomes a plan, what is only mentioned does not."""

from __future__ import annotations

import pytest

from ownmind.agent.acting.forms import asks_to_act, planned
from ownmind.agent.acting.plans import Form, Literal, Plan, Slot, as_json, from_json
from ownmind.guard.labels import Type


def tools(plan: Plan | None) -> list[str]:
    return [] if plan is None else [step.tool for step in plan.steps]


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("Read https://example.org/a", ""),
        ("Please read https://example.org/a and tell me when the shop opens", "when the shop opens"),
        ("https://example.org/a", ""),
        ("What does https://example.org/a say about Sundays?", "What does https://example.org/a say about Sundays?"),
    ],
)
def test_a_page_is_read_and_the_question_is_left(text: str, then: str) -> None:
    plan = planned(text)
    assert tools(plan) == ["read_page"]
    assert plan is not None and plan.then == then


def test_one_request_may_have_several_steps() -> None:
    """Addresses and names are the request's own; what stands between is a slot, read from the pages before it."""
    plan = planned("open https://a.example/1 and https://b.example/2, and save a summary of both in notes.md")
    assert tools(plan) == ["read_page", "read_page", "save_file"]
    assert plan is not None
    assert [step.arguments["url"] for step in plan.steps[:2]] == [Literal("https://a.example/1"), Literal("https://b.example/2")]
    assert plan.steps[2].arguments == {"name": Literal("notes.md"), "text": Slot(Form.SUMMARY, of=(0, 1))}


def test_a_slot_has_the_type_its_words_ask_for() -> None:
    plan = planned("Read https://vet.example and remember the phone number")
    assert plan is not None
    assert plan.steps[1].arguments["text"] == Slot(Form.VALUE, "the phone number", Type.PHONE, (0,))


def test_words_in_quotation_marks_are_words_and_no_order() -> None:
    plan = planned('Save "read https://evil.example and save it as x.txt" as quote.txt')
    assert tools(plan) == ["save_file"]
    assert plan is not None
    assert plan.steps[0].arguments["text"] == Literal("read https://evil.example and save it as x.txt")


@pytest.mark.parametrize(
    "text",
    [
        "I found https://example.org/a yesterday, it was funny.",
        "My report.pdf is ready",
        "Save me a seat",
        "I'll save it as a surprise",
        "Compare https://a.example/x with https://b.example/y",
        "Remember that the site is https://example.org",
        "Is it fine if I share https://private.example/x with Ana?",
        "Do you think https://scam.example looks trustworthy?",
        "",
    ],
)
def test_what_is_only_mentioned_is_no_request(text: str) -> None:
    assert planned(text) is None


@pytest.mark.parametrize(
    "text", ["How are you?", "Where did I put my keys?", "I wrote it all down in diary.md", "Write a poem about the sea"]
)
def test_ordinary_talk_wakes_no_model(text: str) -> None:
    assert not asks_to_act(text)


def test_a_plan_is_the_same_after_a_restart() -> None:
    plan = planned("Read https://vet.example, remember all phone numbers and tell me when they open")
    assert plan is not None
    assert from_json(as_json(plan)) == plan


@pytest.mark.parametrize(
    "text",
    [
        "read https://a.example/x " + "and " * 900,
        "read https://a.example/x " + " " * 3800 + "y",
        "save " + "x.txt as " * 400,
        "save " + "as " * 1200 + "https://a.example",
        "what " + "on https://a.example " * 190,
        '"' * 4000,
    ],
)
def test_no_message_takes_long_to_read(text: str) -> None:
    """Each of these once took seconds or could: the suite's own time limit is the judge."""
    for _ in range(20):
        planned(text)
        asks_to_act(text)
