"""The rule that says who answers what: pure, read from top to bottom, and nothing goes anywhere without a line that says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.agent.remote.rules import LOCAL, LONG, Asking, Rule, Task, When, asking, choose, in_words, route_of, rules_of, task_of
from ownmind.config import Route
from ownmind.errors import BadInput

NAMES = ["work", "far"]
_ROUTES = st.builds(
    Route,
    task=st.sampled_from(["everything", *map(str, Task)]),
    to=st.sampled_from([LOCAL, *NAMES]),
    when=st.sampled_from(["", *map(str, When)]),
    model=st.sampled_from(["", "big-one"]),
)
_ASKED = st.builds(Asking, task=st.sampled_from(Task), is_long=st.booleans(), personal=st.booleans(), secret=st.just(value=False))


@given(st.text(max_size=500), st.booleans())
def test_without_a_rule_nothing_is_ever_remote(text: str, personal: bool) -> None:
    """Whatever is said; and a rule that only says local is as none."""
    asked = asking(text, personal=personal)
    assert choose((), asked) is None
    assert choose(rules_of([Route(to=LOCAL)], NAMES), asked) is None


@given(st.lists(_ROUTES, max_size=5), _ASKED)
def test_what_is_secret_never_goes(routes: list[Route], asked: Asking) -> None:
    assert choose(rules_of(routes, NAMES), Asking(asked.task, asked.is_long, asked.personal, secret=True)) is None


@given(st.lists(_ROUTES, max_size=5), _ASKED)
def test_the_first_line_that_fits_is_taken(routes: list[Route], asked: Asking) -> None:
    """As a person reads it; a line is the same written down and read again."""
    rules = rules_of([route_of(in_words(route)) for route in routes], NAMES)
    assert [rule.line for rule in rules] == [in_words(route) for route in routes]

    def fits(rule: Rule) -> bool:
        conditions = {"long": asked.is_long, "short": not asked.is_long, "private": asked.personal, "general": not asked.personal, "": True}
        return rule.task in ("everything", asked.task) and conditions[rule.when]

    first = next((rule for rule in rules if fits(rule)), None)
    assert choose(rules, asked) == (None if first is None or first.to == LOCAL else first)


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Write a python function that reverses a list", Task.CODE),
        ("Why does this crash?\n```\nx = 1\n```", Task.CODE),
        ("Could you translate this into French: good morning", Task.TRANSLATE),
        ("How do you say thank you in Finnish?", Task.TRANSLATE),
        ("Please summarise the text below", Task.SUMMARISE),
        ("Give me the key points of this letter: ...", Task.SUMMARISE),
        ("Plan a weekend in Lisbon", Task.PLAN),
        ("Make me a study plan for the exam", Task.PLAN),
        ("Can you draft a reply to my landlord?", Task.WRITE),
        ("Rewrite this more politely: no.", Task.WRITE),
        ("Why is the sky blue?", Task.EXPLAIN),
        ("Explain compound interest", Task.EXPLAIN),
        ("I had a long day.", Task.TALK),
        ("good morning", Task.TALK),
        ("", Task.TALK),
    ],
)
def test_a_task_is_told_by_words(text: str, task: Task) -> None:
    assert task_of(text, personal=False) is task


def test_a_question_about_the_person_is_what_is_remembered() -> None:
    assert task_of("When is my dentist's appointment?", personal=True) is Task.REMEMBERED
    assert task_of("Write a poem about my sister", personal=True) is Task.WRITE


def test_long_begins_at_a_length() -> None:
    assert asking("a" * LONG, personal=False).whens == {When.LONG, When.GENERAL}
    assert asking("a" * (LONG - 1), personal=True).whens == {When.SHORT, When.PRIVATE}


@pytest.mark.parametrize("line", ["", "write", "write far", "to far", "write to", "write to far when long", "write to far with"])
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        route_of(line)


@pytest.mark.parametrize("route", [Route("cook", "far"), Route("write", "nobody"), Route("write", "far", "later")])
def test_a_line_that_names_what_is_not_there_is_refused(route: Route) -> None:
    with pytest.raises(BadInput):
        rules_of([route], NAMES)
