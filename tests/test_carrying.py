"""Requests of several steps: each through the gate, what waits pauses the rest, and the rest follows the yes, also after a restart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ownmind.app import House, open_house
from ownmind.config import Config
from ownmind.messages import ActionState, Integrity, Kind
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from store_fixtures import paths_at
from test_errands import Site, say, site

__all__ = ["site"]

HOURS = "The bakery opens at seven on weekdays and at nine on Sundays."


def answering(pairs: list[tuple[str, str]]) -> str:
    """Chooses the line of the opening hours when it is the reader, and talks otherwise."""
    shown = pairs[-1][1]
    if "[wanted]" not in shown:
        return "It opens at seven."
    return json.dumps({"lines": [" ".join(line.split()[:6]) for line in shown.splitlines() if "opens at" in line]})


def opened(tmp_path: Path) -> House:
    config = Config(fetch=False, learn=False, files=str(tmp_path / "files"))
    return open_house(paths_at(tmp_path / "mind"), config, brain=ScriptedModel(answering), embedder=HashEmbedder())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    held = opened(tmp_path)
    yield held
    asyncio.run(held.close())


def files(house: House) -> dict[str, str]:
    folder = Path(house.config.files)
    return {path.name: path.read_text() for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def last_said(house: House) -> str:
    return house.store.conversations.messages("c1")[-1].text


def test_the_rest_waits_for_the_yes_and_follows_it(house: House, site: Site) -> None:
    """Nothing leaves and nothing is written before; afterwards the file holds the page's own words."""
    reply = say(house, f"Read {site.address}/bakery and save the opening hours as hours.txt")
    (waiting,) = reply.actions
    assert waiting.state is ActionState.WAITING
    assert "After that I go on: save the opening hours as hours.txt" in reply.text
    assert (site.asked, files(house)) == ([], {})
    house.approve(waiting.id)
    assert len(asyncio.run(house.carry_on())) == 1
    assert files(house) == {"hours.txt": HOURS}
    assert "Saved as" in last_said(house)
    assert len(asyncio.run(house.carry_on())) == 0


def test_the_rest_follows_also_after_a_restart(tmp_path: Path, site: Site) -> None:
    before = opened(tmp_path)
    (waiting,) = say(before, f"Read {site.address}/bakery and save the opening hours as hours.txt").actions
    asyncio.run(before.close())
    after = opened(tmp_path)
    after.approve(waiting.id)
    asyncio.run(after.close())
    later = opened(tmp_path)
    asyncio.run(later.carry_on())
    assert files(later) == {"hours.txt": HOURS}
    asyncio.run(later.close())


def test_two_pages_are_asked_for_at_once(house: House, site: Site) -> None:
    """The plan goes on when the last of them is decided."""
    other = site.address.replace("127.0.0.1", "localhost")
    site.pages["/shop"] = (200, {"content-type": "text/plain"}, b"The shop opens at ten.")
    reply = say(house, f"open {site.address}/bakery and {other}/shop and save a summary of both in notes.md")
    assert [one.state for one in reply.actions] == [ActionState.WAITING] * 2
    house.approve(reply.actions[0].id)
    assert len(asyncio.run(house.carry_on())) == 0
    house.approve(reply.actions[1].id)
    assert len(asyncio.run(house.carry_on())) == 1
    assert HOURS in files(house)["notes.md"]
    assert "The shop opens at ten." in files(house)["notes.md"]


def test_a_no_ends_the_plan_and_says_what_was_not_done(house: House, site: Site) -> None:
    (waiting,) = say(house, f"Read {site.address}/bakery and save the opening hours as hours.txt").actions
    house.decline(waiting.id)
    asyncio.run(house.carry_on())
    assert last_said(house).startswith("You said no")
    assert "hours.txt" in last_said(house)
    assert (site.asked, files(house)) == ([], {})


def test_what_is_not_on_the_page_is_asked_about_and_not_made_up(house: House, site: Site) -> None:
    (waiting,) = say(house, f"Read {site.address}/bakery and save the account number as account.txt").actions
    house.approve(waiting.id)
    asyncio.run(house.carry_on())
    assert "I found no account number there" in last_said(house)
    assert files(house) == {}


def test_what_a_page_said_is_remembered_as_the_page_s_words(house: House, site: Site) -> None:
    (waiting,) = say(house, f"Read {site.address}/bakery and remember the opening hours").actions
    house.approve(waiting.id)
    asyncio.run(house.carry_on())
    (note,) = house.memory.items(kinds=[Kind.NOTE])
    assert note.text.startswith("the opening hours (127.0.0.1") and note.text.endswith(f": {HOURS}")
    assert note.label.integrity is Integrity.UNTRUSTED


def test_forgetting_the_message_ends_its_plan(house: House, site: Site) -> None:
    (waiting,) = say(house, f"Read {site.address}/bakery and save the violet hours as hours.txt").actions
    house.memory.forget(house.memory.plan_forget("violet"))
    assert len(asyncio.run(house.carry_on())) == 0
    assert files(house) == {}
    assert house.action(waiting.id).state is ActionState.EXPIRED


def test_a_question_that_is_left_is_answered_after_the_yes(house: House, site: Site) -> None:
    (waiting,) = say(house, f"Read {site.address}/bakery and tell me when the bakery opens on weekdays").actions
    house.approve(waiting.id)
    asyncio.run(house.carry_on())
    assert "It opens at seven." in last_said(house)
