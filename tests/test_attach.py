"""A command asks the Ownmind that already has the home open: the same answers, the same errors, one store."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import ownmind
from ownmind.channels.attach import Attached, Face
from ownmind.channels.python import Companion
from ownmind.channels.rooms import ROOMS
from ownmind.errors import BadInput, HomeInUse, NotFound, PersonMustAct, TryAgainLater
from ownmind.messages import Done, Event, Heard, Progress, Words
from ownmind.models.scripted import ScriptedModel
from served import Served, served


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "mind", ScriptedModel("Ana must avoid peanuts."), on_socket=True) as there:
        yield there


@pytest.fixture
def mind(there: Served) -> Iterator[Attached]:
    with Attached(there.house.paths.socket) as mind:
        yield mind


def test_both_faces_offer_the_same() -> None:
    """Whatever a command may ask, the companion itself and an attached one both have, with the same parameters."""
    names = [name for name in vars(Face) if not name.startswith("_")]
    rooms = {name for name in names if isinstance(getattr(Face, name), property)}
    assert rooms == {room.name for room in ROOMS}
    assert all(isinstance(getattr(face, name), property) for name in rooms for face in (Companion, Attached))
    for name in [name for name in names if name not in rooms]:
        wanted = list(inspect.signature(getattr(Face, name)).parameters)
        for face in (Companion, Attached):
            offered = inspect.signature(getattr(face, name)).parameters
            assert [each for each in wanted if each not in offered] == [], (face.__name__, name)


def test_what_is_remembered_here_is_recalled_there(mind: Attached, there: Served) -> None:
    """One store, two ways in; times and speakers survive the wire."""
    [id] = mind.remember_many(
        [{"text": "Ana is allergic to peanuts", "at": "2026-05-01T10:00:00+02:00", "speaker": "Ben", "source": "note:3"}]
    )
    [found] = mind.recall("peanuts", k=1)
    assert found.id == id and found.item == there.house.memory.item(id)
    assert found.speaker == "Ben" and found.source == "note:3" and found.at is not None


def test_a_turn_streams_and_ends_with_the_reply(mind: Attached) -> None:
    """Heard, words, done: the same events as without the socket."""
    mind.remember_many([{"text": "Ana is allergic to peanuts", "speaker": "Ben"}])
    events = _turn(mind, "What must Ana avoid?")
    assert isinstance(events[0], Heard) and isinstance(events[-1], Done)
    said = "".join(event.text for event in events if isinstance(event, Words))
    assert said.strip() == events[-1].reply.text and events[-1].reply.conversation == events[0].conversation


def test_a_timeline_is_the_same_from_there(mind: Attached, there: Served) -> None:
    """What happened when, in order, with the times as they are over there."""
    mind.remember_many([{"text": "The exam was on 3 May 2025."}, {"text": "We met on 1 April 2025."}])
    found = mind.timeline(start="2025-01-01", end="2026-01-01")
    assert [event.text for event in found] == ["We met on 1 April 2025.", "The exam was on 3 May 2025."]
    assert found == mind.timeline("", "2025-01-01") == there.house.memory.timeline()


def test_facts_are_kept_and_fixed_through_it(mind: Attached, there: Served) -> None:
    """What a person says about a fact holds over there."""
    mind.say("I am vegetarian.")
    [fact] = mind.facts()
    assert mind.keep(fact.id).kept
    fixed = mind.fix(fact.id, "You are vegan")
    assert fixed.text == "You are vegan" and fixed in there.house.memory.facts()


def test_forgetting_takes_what_was_shown(mind: Attached, there: Served) -> None:
    """A plan that no longer fits removes nothing; the one that fits gives a verified receipt."""
    mind.remember_many([{"text": "The cellar code is 4711", "source": "note:1"}])
    plan = mind.plan_forget("note:1")
    mind.remember_many([{"text": "The attic code is 1147", "source": "note:1"}])
    with pytest.raises(PersonMustAct):
        mind.forget(plan)
    assert len(mind.recall("code")) == 2
    receipt = mind.forget(mind.plan_forget("note:1"))
    assert receipt.verified and len(receipt.items) == 2
    assert mind.recall("code") == []


def test_an_import_reports_progress(mind: Attached, tmp_path: Path) -> None:
    """Files are read by the running one; this one hears how far it is."""
    (tmp_path / "notes.md").write_text("# Cellar\n\nThe key hangs behind the door.\n")
    steps: list[Progress] = []
    done = mind.import_paths([tmp_path / "notes.md"], on_progress=steps.append)
    assert done.items >= 1 and steps
    assert mind.import_paths([tmp_path / "notes.md"]).items == 0


def test_errors_are_the_same_errors(mind: Attached) -> None:
    """The class, the words and the hint cross the socket."""
    with pytest.raises(NotFound):
        mind.keep("f999")
    with pytest.raises(BadInput) as refused:
        mind.recall("  ")
    assert refused.value.message and refused.value.exit_code == 2


def test_a_running_one_that_goes_away_is_try_again_later(tmp_path: Path) -> None:
    """Nothing hangs and nothing is a bug when the other process ends."""
    with served(tmp_path / "mind", on_socket=True) as there:
        mind = Attached(there.house.paths.socket)
    with mind, pytest.raises(TryAgainLater):
        mind.status()


def test_a_socket_nobody_answers_is_home_in_use(tmp_path: Path) -> None:
    """A dead socket is no companion."""
    with pytest.raises(HomeInUse):
        Attached(tmp_path / "ownmind.sock")


def test_commands_attach_and_say_so(there: Served, tmp_path: Path) -> None:
    """Every way of asking works alike while it runs, and stderr says who was asked."""
    home = there.house.paths.home
    told = ownmind(home, "remember", "Ana is allergic to peanuts", "--speaker", "Ben")
    assert told.returncode == 0 and "already running" in told.stderr
    assert "peanuts" in ownmind(home, "recall", "peanuts").stdout
    chat = ownmind(home, "chat", "-m", "What must Ana avoid?", "--json")
    last = json.loads(chat.stdout.splitlines()[-1])
    assert last["type"] == "done" and {"text", "sources", "learned", "timings", "known", "conversation", "brain"} <= set(last)
    assert json.loads(ownmind(home, "status", "--json").stdout)["brain"]["state"] == "ready"
    backed = json.loads(ownmind(home, "backup", str(tmp_path / "b.ownmind-backup"), "--json").stdout)
    assert Path(backed["path"]).is_file()
    forgotten = ownmind(home, "forget", "i1", "--json")
    assert forgotten.returncode == 0 and json.loads(forgotten.stdout)["verified"] is True


def _turn(mind: Attached, text: str) -> list[Event]:
    async def listen() -> list[Event]:
        return [event async for event in mind.stream(text)]

    return asyncio.run(listen())
