"""What is known can be looked through: narrowed, counted, paged, told why, with what it was before. Real encrypted store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home
from documents import pdf
from ownmind import Companion
from ownmind.errors import BadInput, NotFound
from ownmind.memory.facts import Candidate
from ownmind.memory.memories import Page
from ownmind.memory.topics import topic
from ownmind.messages import Integrity, Span
from ownmind.models.scripted import ScriptedModel


@pytest.fixture
def mind() -> Iterator[Companion]:
    with Companion.temporary(brain=ScriptedModel("Good.")) as mind:
        yield mind


@pytest.fixture
def told(mind: Companion) -> Companion:
    mind.say("I'm vegetarian. I like figs. My sister Ana is allergic to peanuts.")
    mind.remember("I live in Lyon.", source="note:home", at=datetime(2024, 3, 1, tzinfo=UTC))
    mind.remember("I live in Porto.", source="note:home", at=datetime(2026, 5, 1, tzinfo=UTC))
    return mind


def guessed(mind: Companion, said: str, object_: str) -> str:
    """A fact as a model proposes them, and code stores them; its id."""
    memory = mind._house.memory
    item = memory.item(mind.remember(said, source="note:guess"))
    candidate = Candidate("you", "collects", object_, f"You collect {object_}", item.text, Span(0, len(item.text)), confidence=0.7)
    return memory.store_facts(item, [candidate], datetime.now(UTC))[0].id


def texts(page: Page) -> list[str]:
    return [one.fact.text for one in page.memories]


def test_memories_are_narrowed_by_person_topic_source_time_and_words(told: Companion) -> None:
    """Each alone and together; whatever the case of the words, in the sentence or in the words it rests on."""
    memories = told.memories
    assert texts(memories.all()) == [
        "You live in Porto",
        "Ana is allergic to peanuts",
        "Ana is your sister",
        "You like figs",
        "You are vegetarian",
    ]
    assert texts(memories.all(about="ana")) == ["Ana is allergic to peanuts", "Ana is your sister"]
    assert texts(memories.all(topic="food")) == ["Ana is allergic to peanuts", "You are vegetarian"]
    assert texts(memories.all(about="me", topic="food")) == ["You are vegetarian"]
    assert texts(memories.all(source="note:home", state="all")) == ["You live in Porto", "You live in Lyon"]
    assert len(memories.all(source="conversation:").memories) == 4
    assert texts(memories.all(words="PEANUT allerg")) == ["Ana is allergic to peanuts"]
    assert texts(memories.all(words="my sister")) == ["Ana is allergic to peanuts", "Ana is your sister"]
    today = datetime.now(UTC).date()
    assert len(memories.all(since=today - timedelta(days=1), until=today + timedelta(days=1)).memories) == 5
    assert not memories.all(until=date(2020, 1, 1)).memories
    with pytest.raises(BadInput, match="narrowed"):
        memories.all(state="maybe")


def test_words_are_found_in_any_script_and_mean_nothing_special(mind: Companion) -> None:
    """Capitals of other alphabets are found by small letters; a percent sign, a star and a bracket are themselves."""
    for said in ("I like Ökobrot.", "I like 納豆.", "I like 50% off."):
        mind.remember(said)
    find = mind.memories.all
    assert [texts(find(words=words)) for words in ("ökobrot", "納豆", "50%")] == [
        ["You like Ökobrot"],
        ["You like 納豆"],
        ["You like 50% off"],
    ]
    assert [texts(find(words=words)) for words in ("a%", "*", "[a-z]", "_", "!")] == [[]] * 5


def test_pages_go_on_where_the_one_before_ended(mind: Companion) -> None:
    """Every memory once, the last learnt first, also when something is learnt in between."""
    for n in range(7):
        mind.remember(f"I like number{n}.")
    first = mind.memories.all(limit=3)
    mind.remember("I like number7.")
    second = mind.memories.all(cursor=first.next, limit=3)
    third = mind.memories.all(cursor=second.next, limit=3)
    assert texts(first) + texts(second) + texts(third) == [f"You like number{n}" for n in reversed(range(7))]
    assert third.next == ""
    with pytest.raises(NotFound):
        mind.memories.all(cursor="everything")


def test_what_is_said_twice_is_one_memory_of_two_places(told: Companion) -> None:
    """Counted once in every choice, and each place is a reason."""
    told.remember("I'm vegetarian.", source="note:two")
    [one] = [one for one in told.memories.all().memories if one.fact.text == "You are vegetarian"]
    assert one.places == 2 and len(told.memories.all(about="you").memories) == 3
    assert {each.key: each.count for each in told.memories.choices().people} == {"you": 3, "ana": 2}
    assert told.memories.why(one.fact.id).readings[0].fact.source == "note:two"


def test_every_choice_says_how_many_it_leaves(told: Companion) -> None:
    """Whatever is chosen, the number beside a choice is the number of memories that choosing it shows."""
    guessed(told, "Stamps again.", "stamps")
    for given in ({}, {"about": "ana"}, {"topic": "food"}, {"words": "you"}, {"state": "all", "source": "note:home"}):
        choices = told.memories.choices(**given)  # type: ignore[arg-type]  # texts by name
        assert choices.total == len(told.memories.all(**given).memories)  # type: ignore[arg-type]
        for name, those in (("about", choices.people), ("topic", choices.topics), ("source", choices.sources), ("state", choices.states)):
            for one in those:
                shown = told.memories.all(**{**given, name: one.key}).memories  # type: ignore[arg-type]
                assert one.count == len(shown), (given, name, one)
    nothing = told.memories.choices(words="nobody said this")
    assert nothing.total == 0 and not nothing.people and {one.count for one in nothing.states} == {0}
    assert [one.key for one in told.memories.choices().times] == ["today", "week", "month", "year"]


def test_a_guess_is_a_guess_until_it_is_confirmed(told: Companion) -> None:
    """What a model read is one and a rule's reading is none; the person's word ends it, and how it was read is then not made up."""
    fact = guessed(told, "Stamps again.", "stamps")
    assert texts(told.memories.all(state="guess")) == ["You collect stamps"]
    why = told.memories.why(fact)
    assert why.memory.is_guess and [each.how for each in why.readings] == ["model"]
    told.keep(fact)
    why = told.memories.why(fact)
    assert not why.memory.is_guess and why.memory.fact.kept and [each.how for each in why.readings] == [""]
    assert told.memories.all(state="guess").memories == () and texts(told.memories.all(state="kept")) == ["You collect stamps"]
    undone = told.memories.unkeep(fact)
    assert undone.is_guess and not undone.fact.kept and undone.fact.label.integrity is Integrity.PERSON
    assert [each.how for each in told.memories.why(fact).readings] == ["model"]
    [rule] = [one for one in told.memories.all().memories if one.fact.text == "You like figs"]
    assert [each.how for each in told.memories.why(rule.fact.id).readings] == ["rule"]


def test_why_shows_what_it_was_before_and_what_stands_in_its_place(told: Companion) -> None:
    """The old value with its end and the new one, from either of them; a corrected one never was."""
    [lyon] = told.memories.all(state="past").memories
    assert (lyon.fact.text, lyon.state, lyon.instead) == ("You live in Lyon", "past", "You live in Porto")
    assert lyon.fact.valid_to is not None and lyon.fact.valid_to.date() == date(2026, 5, 1)
    assert [(one.fact.text, one.state) for one in told.memories.why(lyon.fact.id).history] == [
        ("You live in Lyon", "past"),
        ("You live in Porto", "now"),
    ]
    [figs] = told.memories.all(words="figs").memories
    dates = told.fix(figs.fact.id, "You like dates")
    [wrong] = told.memories.all(state="wrong").memories
    assert (wrong.fact.text, wrong.instead) == ("You like figs", "You like dates")
    why = told.memories.why(dates.id)
    assert {one.fact.text: one.state for one in why.history} == {"You like figs": "wrong", "You like dates": "now"}
    assert [each.how for each in why.readings] == ["correction"]
    with pytest.raises(BadInput, match="as you wrote it"):
        told.memories.unkeep(dates.id)
    with pytest.raises(NotFound):
        told.memories.why("f9999")


def test_what_cannot_both_be_true_is_told_of_each(mind: Companion) -> None:
    """Two birthdays stand side by side, and each says the other is against it."""
    mind.remember("My birthday is on 3 May.", source="note:a")
    mind.remember("My birthday is on 4 May.", source="note:b")
    whys = [mind.memories.why(one.fact.id) for one in mind.memories.all().memories]
    assert [why.against for why in whys] == [(whys[1].memory.fact.text,), (whys[0].memory.fact.text,)]


def test_what_is_forgotten_or_withheld_is_in_no_page_choice_or_timeline(told: Companion) -> None:
    """And what a forgotten value had superseded holds again."""
    [porto] = told.memories.all(words="Porto").memories
    told.forget(porto.fact.id)
    assert texts(told.memories.all(topic="home")) == ["You live in Lyon"]
    told.withhold([told.memories.all(topic="home").memories[0].fact.item_id])
    assert told.memories.all(topic="home", state="all").memories == ()
    assert "home" not in [one.key for one in told.memories.choices(state="all").topics]


def test_the_timeline_goes_from_now_both_ways(mind: Companion, tmp_path: Path) -> None:
    """What words date, in order and page by page, narrowed by words; each with its sentence and grain."""
    said = datetime(2026, 5, 6, 12, tzinfo=UTC)
    mind.remember("We met in March 2019 in the harbour bar. It rained.", at=said)
    mind.remember("Ana marries on 12 June 2091.", at=said)
    mind.import_paths([pdf(tmp_path / "lease.pdf", ["The lease began on 1 February 2020."])])
    back = mind.memories.timeline()
    assert [(event.text, event.precision) for event in back.events] == [
        ("The lease began on 1 February 2020.", "day"), ("We met in March 2019 in the harbour bar.", "month"),
    ]  # fmt: skip
    assert [event.text for event in mind.memories.timeline(ahead=True).events] == ["Ana marries on 12 June 2091."]
    assert [event.start.year for event in mind.memories.timeline(words="harbour").events] == [2019]
    first = mind.memories.timeline(limit=1)
    assert [event.start.year for event in mind.memories.timeline(cursor=first.next).events] == [2019]
    with pytest.raises(BadInput):
        mind.memories.timeline(cursor="yesterday")


def test_every_predicate_has_a_topic() -> None:
    """One a table names, one by its beginning, and one nobody thought of."""
    assert [topic(head) for head in ("lives in", "favourite colour", "date of the wedding", "is allergic to cats and")] == [
        "home",
        "tastes",
        "dates",
        "other",
    ]


def test_the_command_looks_through_memories_and_says_why(tmp_path: Path) -> None:
    """In words; what is not there is said, and a missing id names an example."""
    home = quiet_home(tmp_path)
    assert ownmind(home, "remember", "I like figs.").returncode == 0
    assert "You like figs" in ownmind(home, "memories", "--topic", "tastes").stdout
    assert "read by a rule" in ownmind(home, "memories", "why", "f1").stdout
    assert "Nothing is known that fits" in ownmind(home, "memories", "--about", "Zed").stdout
    assert "tastes" in ownmind(home, "memories", "choices").stdout
    failed = ownmind(home, "memories", "why")
    assert failed.returncode == 2 and "why f7" in failed.stderr
