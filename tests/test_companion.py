"""The Python face: what README and docs/python.md promise a script."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind import Companion
from ownmind.config import Config
from ownmind.errors import BadInput, HomeInUse, NotFound, WrongPassphrase
from ownmind.messages import Done, Event, Heard, Words
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel

WHEN = datetime(2026, 5, 3, 12, tzinfo=UTC)
OFFLINE = Config(fetch=False, learn=False)


def _scripted() -> ScriptedModel:
    return ScriptedModel(lambda messages: "Nothing with peanuts in it.")


@pytest.fixture
def mind() -> Iterator[Companion]:
    with Companion.temporary(brain=_scripted(), embedder=HashEmbedder(), config=OFFLINE) as mind:
        yield mind


def test_an_id_is_given_for_what_can_be_recalled(mind: Companion) -> None:
    """remember gives an id, and recall gives the item as it was remembered."""
    name = mind.remember("Ana is allergic to peanuts", at=WHEN, speaker="Ben", source="note:3")
    (found, *_) = mind.recall("peanuts", k=10, now=WHEN)
    assert (found.id, found.text, found.source, found.at, found.speaker) == (name, "Ana is allergic to peanuts", "note:3", WHEN, "Ben")
    assert isinstance(found.score, float)


def test_remembering_twice_adds_nothing(mind: Companion) -> None:
    """The same words from the same source are one memory."""
    rows = [{"text": f"line {n}", "at": WHEN, "speaker": "Ben", "source": "chat:7"} for n in range(5)]
    first = mind.remember_many(rows, conversation="c1")
    assert len(set(first)) == 5
    assert mind.remember_many(rows, conversation="c1") == first


def test_ids_come_in_the_order_of_the_rows(mind: Companion) -> None:
    """The n-th id names the n-th row."""
    ids = mind.remember_many([{"text": f"row number {n}"} for n in range(300)])
    assert [mind.item(name).text for name in ids] == [f"row number {n}" for n in range(300)]


@pytest.mark.parametrize(
    "row",
    [{"text": ""}, {"text": "  "}, {}, {"text": 7}, {"text": "x", "when": "now"}, {"text": "x", "at": "soon"}, {"text": "x", "at": 12}],
)
def test_a_bad_row_is_refused_and_nothing_is_written(mind: Companion, row: dict[str, object]) -> None:
    """All rows are checked before any is written."""
    with pytest.raises(BadInput, match="row 1"):
        mind.remember_many([{"text": "good"}, row])
    assert mind.recall("good") == []


def test_naive_times_are_local_and_text_times_are_iso(mind: Companion) -> None:
    """Three ways to say when."""
    naive = mind.remember("naive", at=datetime(2026, 1, 2, 3, 4))
    text = mind.remember("text", at="2026-01-02T03:04+05:00")
    assert mind.item(naive).at == datetime(2026, 1, 2, 3, 4).astimezone()
    assert mind.item(text).at == datetime.fromisoformat("2026-01-02T03:04+05:00")


def test_a_reply_says_where_it_knows_from(mind: Companion) -> None:
    """say gives text, sources, what was learnt, and timings in seconds."""
    name = mind.remember("Ana is allergic to peanuts", at=WHEN, speaker="Ben", source="note:3")
    reply = mind.say("What should I not cook for Ana?", now=WHEN)
    assert "peanuts" in reply.text
    assert [(cited.item_id, cited.source) for cited in reply.sources] == [(name, "note:3")]
    assert reply.sources[0].quote in "Ana is allergic to peanuts"
    assert reply.timings.total >= reply.timings.recall >= 0
    assert reply.known


def test_say_and_stream_are_one_loop(mind: Companion) -> None:
    """stream gives Heard, the words of the reply, then Done with the same text say gives."""
    mind.remember("Ana is allergic to peanuts", speaker="Ben", source="note:3")

    async def events() -> list[Event]:
        return [event async for event in mind.stream("What should I not cook for Ana?", conversation="a", now=WHEN)]

    heard, *words, done = asyncio.run(events())
    assert isinstance(heard, Heard)
    assert isinstance(done, Done)
    assert words and all(isinstance(event, Words) for event in words)
    assert "".join(event.text for event in words if isinstance(event, Words)).strip() == done.reply.text.strip()
    assert mind.say("What should I not cook for Ana?", conversation="b", now=WHEN).text == done.reply.text


def test_facts_carry_their_source_and_times(mind: Companion) -> None:
    """A plain statement is a fact at once, with the words it rests on."""
    mind.remember("Ana is allergic to peanuts", at=WHEN, speaker="Ben", source="note:3")
    (fact,) = mind.facts(about="Ana", at=WHEN)
    assert (fact.stated, fact.source, fact.quote) == (True, "note:3", "Ana is allergic to peanuts")
    assert fact.valid_to is None


def test_forgetting_gives_a_receipt_and_leaves_nothing(mind: Companion) -> None:
    """What was forgotten is in no answer, no fact, and does not come back."""
    name = mind.remember("Ana is allergic to peanuts", speaker="Ben", source="note:3")
    assert mind.plan_forget(name).counts["items"] == 1
    assert mind.item(name).text
    receipt = mind.forget(name)
    assert receipt.verified and receipt.removed["items"] == 1
    assert mind.recall("peanuts") == [] and mind.facts(about="Ana") == []
    assert mind.remember("Ana is allergic to peanuts", speaker="Ben", source="note:3") == ""
    with pytest.raises(NotFound):
        mind.item(name)


def test_a_lasting_mind_is_there_when_opened_again(tmp_path: Path) -> None:
    """close() and open() give the same mind; the wrong passphrase does not."""
    home = tmp_path / "mind"
    mind = Companion.open(home, passphrase="open sesame", brain=_scripted(), embedder=HashEmbedder(), config=OFFLINE)
    name = mind.remember("The key is under the third stone", source="note:1")
    mind.close()
    mind.close()
    with pytest.raises(WrongPassphrase):
        Companion.open(home, passphrase="open barley", config=OFFLINE)
    with Companion.open(home, passphrase="open sesame", brain=_scripted(), embedder=HashEmbedder(), config=OFFLINE) as again:
        assert again.item(name).text == "The key is under the third stone"


def test_a_second_opening_of_one_home_says_who_has_it(tmp_path: Path) -> None:
    """Two processes cannot hold one home; nor can one process twice."""
    with (
        Companion.open(tmp_path / "mind", brain=_scripted(), embedder=HashEmbedder(), config=OFFLINE),
        pytest.raises(HomeInUse) as refused,
    ):
        Companion.open(tmp_path / "mind", config=OFFLINE)
    assert refused.value.hint


def test_a_temporary_mind_leaves_nothing_behind() -> None:
    """The folder is gone after the with statement, also when an error ended it."""
    with pytest.raises(RuntimeError), Companion.temporary(brain=_scripted(), embedder=HashEmbedder(), config=OFFLINE) as mind:
        home = mind.house.paths.home
        assert home.exists()
        raise RuntimeError
    assert not home.exists()


def test_a_conversation_can_be_read_again_with_its_sources(mind: Companion) -> None:
    """messages() shows what was said, and what each reply rested on."""
    mind.remember("Ana is allergic to peanuts", speaker="Ben", source="note:3")
    reply = mind.say("What should I not cook for Ana?", conversation="dinner", now=WHEN)
    asked, answered = mind.messages("dinner")
    assert (asked["role"], answered["role"]) == ("person", "companion")
    assert answered["text"] == reply.text and answered["sources"]
    assert [held["id"] for held in mind.conversations()] == ["dinner"]


def test_without_a_brain_memory_answers_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No model on the machine and none to be fetched: the reply is built from memory and says so."""
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path))
    with Companion.temporary(embedder=HashEmbedder(), config=Config(fetch=False)) as mind:
        mind.remember("Ana is allergic to peanuts", speaker="Ben", source="note:3")
        reply = mind.say("What is Ana allergic to?", now=WHEN)
        assert "peanuts" in reply.text and reply.sources and reply.brain == ""


def test_say_from_within_an_event_loop_does_not_block_on_itself(mind: Companion) -> None:
    """The sync face has a loop of its own, so a notebook may call it."""

    async def inside() -> str:
        return mind.say("Hello there").text

    assert asyncio.run(inside())


def test_a_script_that_forgets_to_close_still_ends(tmp_path: Path) -> None:
    """An open mind does not keep the interpreter alive, with or without an error."""
    script = """
from ownmind import Companion
from ownmind.config import Config
mind = Companion.temporary(config=Config(fetch=False))
mind.remember("something")
raise SystemExit(3)
"""
    alone = os.environ | {"OWNMIND_CACHE": str(tmp_path)}  # no model to wake
    assert subprocess.run([sys.executable, "-c", script], timeout=60, env=alone).returncode == 3


def test_starting_brings_neither_the_agent_library_nor_any_protocols() -> None:
    """They take seconds of processor to import: who only opens the page waits for none of them."""
    script = (
        "import sys, ownmind.channels.cli.running, ownmind.channels.web.server\n"
        "print(sorted({'pydantic_ai', 'mcp', 'openai', 'anthropic', 'ortools', 'pandas', 'xllamacpp', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120).stdout.strip() == "[]"
