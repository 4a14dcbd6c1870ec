"""Reading a question."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.memory.question import Asks, Expects, proper_names, read

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind", "expects"),
    [
        ("When did Ana move to Porto?", Asks.WHEN, Expects.TIME),
        ("What year did we buy the boat?", Asks.WHEN, Expects.TIME),
        ("How many days passed between the interview and the offer?", Asks.WHEN, Expects.TIME),
        ("Who gave me the blue lamp?", Asks.WHO, Expects.NAME),
        ("Do you remember who fixed the roof?", Asks.WHO, Expects.NAME),
        ("Where did I leave the spare key?", Asks.WHERE, Expects.PLACE),
        ("Which city does Ben's brother live in?", Asks.WHERE, Expects.PLACE),
        ("How many concerts have I been to?", Asks.HOW_MANY, Expects.NUMBER),
        ("How often does Tara swim?", Asks.HOW_MANY, Expects.NUMBER),
        ("How much did the bicycle cost?", Asks.OTHER, Expects.NUMBER),
        ("How long has Elif played the violin?", Asks.OTHER, Expects.TIME),
        ("Which restaurants did she like?", Asks.LIST, Expects.PLACE),
        ("What books has Ben read?", Asks.LIST, Expects.NAME),
        ("List all the places we visited", Asks.LIST, Expects.PLACE),
        ("What kinds of cheese does Hugo make?", Asks.LIST, Expects.ANYTHING),
        ("What is my address now?", Asks.LATEST, Expects.ANYTHING),
        ("What is the most recent version of the plan?", Asks.LATEST, Expects.ANYTHING),
        ("In what order did I visit the three towns?", Asks.ORDER, Expects.ANYTHING),
        ("What came first, the wedding or the move?", Asks.FIRST, Expects.ANYTHING),
        ("In what order did Ana tell of the boiler and the trip to Rome?", Asks.FIRST, Expects.ANYTHING),
        ("In which order did I bring up the different parts of the garden and the shed?", Asks.ORDER, Expects.ANYTHING),
        ("What has happened so far with my climbing?", Asks.SUMMARY, Expects.ANYTHING),
        ("Can you summarise what we said about the garden?", Asks.SUMMARY, Expects.ANYTHING),
        ("How has my Spanish progressed?", Asks.SUMMARY, Expects.ANYTHING),
        ("What is Ana's favourite colour?", Asks.PREFERENCE, Expects.ANYTHING),
        ("Would Ben like a cooking course?", Asks.PREFERENCE, Expects.ANYTHING),
        ("Can you recommend a film for tonight?", Asks.PREFERENCE, Expects.ANYTHING),
        ("Has Clara ever been to Norway?", Asks.YES_NO, Expects.ANYTHING),
        ("Why did Ana leave the choir?", Asks.OTHER, Expects.ANYTHING),
        ("What is he reminded of in everything he does?", Asks.OTHER, Expects.ANYTHING),
        ("What kind of yoga does Ana do?", Asks.OTHER, Expects.ANYTHING),
        ("What is the address?", Asks.OTHER, Expects.ANYTHING),
        ("What would it be like when I am old?", Asks.OTHER, Expects.ANYTHING),
        ("", Asks.OTHER, Expects.ANYTHING),
    ],
)
def test_what_a_question_asks_for(text: str, kind: Asks, expects: Expects) -> None:
    """The kind of answer, and what the text that answers holds."""
    found = read(text, NOW)
    assert (found.kind, found.expects) == (kind, expects)


def test_whom_and_which_time_it_names() -> None:
    """People by the names memory knows, the person themselves, and the stretch of time."""
    found = read("What did Ana tell me about Lake Como last spring?", NOW, names=["Ana", "Ben"])
    assert found.people == ("Ana",) and found.about_me and found.proper == ("Ana", "Lake Como")
    assert found.window is not None and found.window.phrase == "last spring"
    assert not found.about_you and read("What did you recommend for the garden?", NOW).about_you


def test_now_and_then() -> None:
    """Whether it asks how things are, or how they were."""
    assert read("Where does Ana live now?", NOW).wants_latest and not read("Where does Ana live?", NOW).wants_latest
    assert read("Where did Ana used to live?", NOW).wants_past and not read("Where does Ana live now?", NOW).wants_past


def test_a_follow_up_leans_on_the_message_before() -> None:
    """ "And what about him?" takes people, time and words from what was said before; a whole question does not."""
    before = "When did Ben and I go to Lisbon in May 2026?"
    found = read("And what did he buy there?", NOW, names=["Ana", "Ben"], before=before)
    assert found.refers_back and found.people == ("Ben",) and found.terms == ("buy", "ben", "go", "lisbon", "2026")
    assert found.window is not None and found.proper == ("Ben", "Lisbon")
    alone = read("When is Ana's birthday?", NOW, names=["Ana", "Ben"], before=before)
    assert not alone.refers_back and alone.people == ("Ana",) and alone.window is None
    assert not read("And what did he buy there?", NOW).refers_back, "there is nothing before it"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does Ben think of The Lean Startup?", ("Ben", "The Lean Startup")),
        ('When did Jon start reading "the quiet hour"?', ("the quiet hour", "Jon")),
        ("Did Ana's sister fly to New York City?", ("Ana", "New York City")),
        ("Should I use Bootstrap 5 with Flask-Login?", ("Bootstrap 5", "Flask-Login")),
        ("What did I do in May? Mention ONLY two things.", ()),
    ],
)
def test_proper_names(text: str, names: tuple[str, ...]) -> None:
    """Names as English writes them, and what is quoted; not the words a sentence opens with, nor months."""
    assert proper_names(text) == names


@given(st.text(max_size=300), st.text(max_size=100))
def test_anything_can_be_read(text: str, before: str) -> None:
    """Any text has a reading, the same one each time."""
    assert read(text, NOW, names=[before], before=before) == read(text, NOW, names=[before], before=before)
