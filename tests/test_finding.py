"""Search across everything: what is found while its words are typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from ownmind.messages import Entry, Integrity, Kind, Label, Source
from served import Served, served


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home with a talk, notes, a document, a goal and a fact."""
    with served(tmp_path_factory.mktemp("find") / "home") as page:
        page.enter()
        page.lines("/api/turn", {"text": "My sister Ana is allergic to peanuts."})
        person, outside = Label(Integrity.PERSON), Label(Integrity.UNTRUSTED)
        document = Source("file:lighthouse.md", "file", "The lighthouse")
        page.house.memory.remember(
            [
                Entry("The keeper of the lighthouse is called Zwirbelwind.", document, outside, Kind.PASSAGE, external_id="p1"),
                Entry("The lighthouse has ninety steps.", document, outside, Kind.PASSAGE, external_id="p2"),
                Entry("Buy oil for the lighthouse lamp", Source("note:1", "note"), person, Kind.NOTE),
                Entry("灯台の階段は九十段です", Source("note:2", "note"), person, Kind.NOTE),
            ],
            now=datetime.now().astimezone(),
        )
        page.house.goals.add("Visit every lighthouse of the coast")
        yield page


def found(running: Served, words: str, each: int = 5) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in running.house.find(words, each)]


def test_every_kind_is_found_and_a_document_once(running: Served) -> None:
    """A goal, a document by its newest passage, a note: by a beginning of their word, in any case."""
    kinds = [kind for kind, _ in found(running, "LIGHTH")]
    assert kinds.count("document") == 1 and kinds.count("goal") == 1 and "memory" in kinds


def test_messages_and_facts_are_found_with_the_place_marked(running: Served) -> None:
    """The marks are where the words stand, also in another form of the word."""
    for one in running.house.find("peanut", 5):
        assert [one.text[mark.start : mark.end] for mark in one.marks] == ["peanuts"], one
    assert {"message", "fact"} <= {one.kind for one in running.house.find("peanut", 5)}


def test_every_word_must_stand_there(running: Served) -> None:
    """Two words of two things find neither; operators of the index are words like any other."""
    assert not found(running, "zwirbelwind peanuts")
    assert not found(running, 'nothing" OR lighthouse')
    assert not found(running, "l") and not found(running, "   ") and not found(running, '"*(')


def test_scripts_without_blanks_are_found(running: Served) -> None:
    """A pair of characters out of a sentence."""
    assert ("memory", "灯台の階段は九十段です") in found(running, "階段")


def test_the_route_says_the_same(running: Served) -> None:
    """With at most so many of each kind."""
    status, said = running.ask("GET", "/api/find?q=lighthouse&k=1")
    assert status == 200 and isinstance(said["found"], list)
    assert [one["kind"] for one in said["found"]].count("document") == 1
    assert running.ask("GET", "/api/find?q=x&k=0")[0] == 400


def test_what_is_withheld_is_not_found(tmp_path: Path) -> None:
    """What may not be used is not shown by a search."""
    with served(tmp_path / "home") as page:
        page.enter()
        entry = Entry("The code word is quillfeather.", Source("note:1", "note"), Label(Integrity.PERSON), Kind.NOTE)
        ids = page.house.memory.remember([entry], now=datetime.now().astimezone())
        assert page.house.find("quillfeather", 5)
        assert page.ask("POST", "/api/withhold", {"ids": ids})[0] == 200
        assert not page.house.find("quillfeather", 5)
