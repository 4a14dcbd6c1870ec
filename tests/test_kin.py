"""Who "my sister" is: names and roles that plain statements link, in facts, recall, timelines and forgetting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ownmind.bench import stage
from ownmind.memory import kin
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Fact, Integrity, Kind, Label, Source, Target

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(memory: Memory, *texts: str) -> None:
    """The person's own notes, one after another."""
    for text in texts:
        memory.remember([Entry(text, Source("note:test", "note"), Label(Integrity.PERSON), Kind.NOTE)], now=NOW)


def relations(memory: Memory) -> list[Fact]:
    return [fact for fact in memory.facts() if fact.predicate == "relation"]


@pytest.mark.parametrize(
    "texts",
    [
        ("My sister is allergic to peanuts.", "Ana works at the harbour office.", "Ana is my sister."),
        ("Ana is my sister.", "My sister is allergic to peanuts.", "Ana works at the harbour office."),
        ("My sister's name is Ana.", "Ana works at the harbour office.", "My sister is allergic to peanuts."),
    ],
)
def test_a_name_and_a_role_are_one_whichever_was_said_first(texts: tuple[str, ...]) -> None:
    """Before or after it was said who she is, by either way of calling her."""
    with stage.memory(None, NOW) as (memory, _):
        said(memory, *texts)
        for whom in ("my sister", "Ana", "your sister"):
            told = {fact.text for fact in memory.facts(whom)}
            assert told == {"Your sister is allergic to peanuts", "Ana works at the harbour office", "Ana is your sister"}


def test_nothing_is_linked_that_nobody_said() -> None:
    """The control: without "Ana is my sister" each keeps to itself, and a question or a denial links nothing."""
    with stage.memory(None, NOW) as (memory, _):
        said(memory, "My sister is allergic to peanuts.", "Ana works at the harbour office.", "Is Ana my sister?", "Paul is not my sister.")
        assert [fact.text for fact in memory.facts("Ana")] == ["Ana works at the harbour office"]
        assert [fact.text for fact in memory.facts("my sister")] == ["Your sister is allergic to peanuts"]


def test_of_two_sisters_neither_is_the_sister() -> None:
    """ "My sister" may be both, but what is said of "my sister" is nobody's by name; the younger one is Ana's alone."""
    with stage.memory(None, NOW) as (memory, _):
        said(memory, "Ana is my younger sister.", "Bea is my older sister.", "My sister lives in Porto.")
        known = relations(memory)
        assert kin.called("my sister", known)[:3] == ("my sister", "Ana", "Bea")
        assert kin.called("Ana", known) == ("Ana", "your younger sister")
        assert "Your sister lives in Porto" not in [fact.text for fact in memory.facts("Ana")]


def test_a_role_has_more_than_one_word() -> None:
    """Mum and mother, husband and spouse; a friend is one of many, and an ex-husband is no husband."""
    with stage.memory(None, NOW) as (memory, _):
        said(memory, "My mother is Rita.", "Mum hates cats.", "I'm married to Tom.", "Lea is my friend.", "Max is my ex-husband.")
        known = relations(memory)
        assert "Your mum hates cats" in [fact.text for fact in memory.facts("Rita")]
        assert "Tom" in kin.called("my husband", known) and "Max" not in kin.called("my husband", known)
        assert kin.called("my friend", known)[1:] == kin.called("Lea", known)[1:] == () or "Lea" not in kin.called("my friend", known)


def test_recall_finds_what_was_said_by_the_other_name() -> None:
    """A question for the sister finds what was said of Ana, and the other way round."""
    with stage.memory(None, NOW) as (memory, _):
        said(memory, "Ana is my sister.", "Ana cannot stand thunderstorms.", "My sister drives a tram.", "The boiler was repaired.")
        assert "Ana cannot stand thunderstorms." in [one.text for one in memory.recall("What can my sister not stand?")]
        assert "My sister drives a tram." in [one.text for one in memory.recall("What does Ana drive?")]
        assert kin.spelled_out("What does Ana's boss say to my sister?", relations(memory)) == "What does Ana's boss say to my sister?"


def test_forgetting_a_role_names_who_is_meant() -> None:
    """The dry run for "my sister" says Ana, and counts what is said of either; somebody else's sister stays."""
    with stage.memory(None, NOW) as (memory, _):
        said(memory, "Ana is my sister.", "Ana cannot stand thunderstorms.", "My sister drives a tram.", "The boiler was repaired.")
        theirs = Entry("My sister has the measles", Source("transcript:x", "transcript"), Label(Integrity.UNTRUSTED), Kind.TURN, NOW, "Ben")
        memory.remember([theirs], now=NOW)
        plan = memory.plan_forget(Target(person="my sister"))
        assert "Ana" in plan.people and plan.counts["items"] == plan.counts["about"] == 3
        assert set(plan.ids) == set(memory.plan_forget(Target(person="Ana")).ids)
        assert memory.forget(plan).verified
        assert {item.text for item in memory.items()} == {"The boiler was repaired.", "My sister has the measles"}
