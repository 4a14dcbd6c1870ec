"""Long conversations: what was promised and told stays, nothing is lost, and what is forgotten is in no prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from ownmind.agent import talks
from ownmind.agent.compaction import Keeps, block, lines
from ownmind.agent.context import SMALL, Talk, budget, is_too_long, prompt, read_in_parts
from ownmind.agent.turn import Parts, turn
from ownmind.bench import stage
from ownmind.memory.memory import Memory
from ownmind.messages import Done, Kind, Reply
from ownmind.models.brain import Brain
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.models.tokens import tokens
from ownmind.store.conversations import Said
from ownmind.store.opening import Store

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@dataclass
class Mind:
    """A memory and a scripted model to talk to."""

    memory: Memory
    store: Store
    model: ScriptedModel = field(default_factory=lambda: ScriptedModel("All right."))

    def say(self, text: str, answer: str = "All right.", conversation: str = "c1") -> Reply:
        self.model = ScriptedModel(answer)
        parts = Parts(self.memory, Brain.of(self.model), self.store.conversations, self.store.settings)

        async def collect() -> Reply:
            events = turn(text, parts=parts, conversation=conversation, now=NOW)
            (reply,) = [event.reply async for event in events if isinstance(event, Done)]
            return reply

        return asyncio.run(collect())

    @property
    def shown(self) -> str:
        """What the model was sent last."""
        return "\n".join(text for _, text in self.model.calls[-1])

    def restart(self) -> None:
        """Forgets what only the process knows."""
        talks.talks(self.memory).clear()

    def chatter(self, first: int, last: int) -> None:
        for number in range(first, last):
            self.say(f"The weather in the garden was mild on walk number {number}", f"That sounds like a pleasant walk, number {number}.")


@pytest.fixture
def mind() -> Iterator[Mind]:
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        yield Mind(memory, store)


def test_what_was_promised_in_turn_five_is_there_in_turn_two_hundred(mind: Mind) -> None:
    """A promise of either side, a decision and an open question outlive what was said since, each as a line of the prompt."""
    mind.chatter(0, 4)
    mind.say("I promise I will bring the blue kayak back to Yusuf", "Good. I will keep the receipt number with it.")
    mind.say("Let's meet at the boathouse, not at the station", "The boathouse it is.")
    mind.chatter(6, 206)
    assert "I promise I will bring the blue kayak back to Yusuf" in mind.shown
    assert "I will keep the receipt number" in mind.shown
    assert "Let's meet at the boathouse" in mind.shown
    assert "walk number 205" in mind.shown
    assert "walk number 20\n" not in mind.shown, "old small talk gave way"
    assert sum(tokens(text) for _, text in mind.model.calls[-1]) <= SMALL.prompt
    said = mind.store.conversations.messages("c1")
    assert len(said) == 412, "nothing anybody said is lost"


def test_what_was_said_long_ago_is_found_when_the_message_leans_on_it(mind: Mind) -> None:
    """The companion's own words left the prompt; asked for them, they are shown again, as what was said here."""
    reply = mind.say("Any idea for the boiler?", "Bleed the radiators first, then call the plumber about the boiler valve.")
    mind.chatter(0, 60)
    assert "radiators" not in mind.shown
    answer = mind.say("What did you say about the boiler before?", "I said to bleed the radiators first, then call the plumber.")
    assert 'I (Ownmind) said here (22 November 2026): "Bleed the radiators first' in mind.shown
    assert answer.known
    assert reply.id in [one.item_id for one in answer.sources]


def test_a_conversation_goes_on_after_a_restart(mind: Mind) -> None:
    """Its last turns and its block come back from the store."""
    mind.say("I promise I will bring the blue kayak back to Yusuf", "Good.")
    mind.chatter(0, 60)
    mind.restart()
    mind.say("And how was the last one?", "Mild.")
    assert "I promise I will bring the blue kayak back to Yusuf" in mind.shown
    assert "That sounds like a pleasant walk, number 59." in mind.shown
    assert "pleasant walk, number 5." not in mind.shown


def test_forgetting_takes_a_line_out(mind: Mind) -> None:
    """What was forgotten stands in no line, before and after a restart."""
    mind.say("I promise I will bring the blue kayak back to Yusuf", "Good.")
    mind.chatter(0, 40)
    assert "kayak" in mind.shown
    mind.memory.forget(mind.memory.plan_forget("blue kayak"))
    mind.say("And how was the last one?", "Mild.")
    assert "kayak" not in mind.shown


def test_between_compactions_the_prompt_only_grows(mind: Mind) -> None:
    """Each prompt begins with all of the one before it but its last page, or a compaction came between: so the model's cache holds."""
    kept = 0
    before: list[tuple[str, str]] = []
    for number in range(40):
        mind.say(f"The weather in the garden was mild on walk number {number}", f"A pleasant walk, number {number}.")
        now = mind.model.calls[-1]
        kept += now[: len(before)] == before
        before = now
    assert kept >= 26, "a compaction costs once, not every turn"


def test_every_line_names_the_item_it_is_from() -> None:
    """A block is made by code: each line is found in the words of its item."""
    said = [
        Said("i1", Kind.MESSAGE, "", "I'll send Ana the slides tomorrow. It rained.", NOW),
        Said("i2", Kind.REPLY, "Ownmind", "I will remember the slides. Nice.", NOW),
        Said("i3", Kind.MESSAGE, "", "Who is the landlord of the cabin?", NOW),
        Said("i4", Kind.REPLY, "Ownmind", "I don't know that yet.", NOW, known=False),
        Said("i5", Kind.MESSAGE, "", "We decided on the green tiles. Our guide was Marek.", NOW),
    ]
    kept = lines(said, lambda name: [])
    assert [(line.item_id, line.keeps) for line in kept] == [
        ("i1", Keeps.PROMISE), ("i2", Keeps.PROMISE), ("i3", Keeps.OPEN), ("i5", Keeps.DECISION), ("i5", Keeps.NAMED),
    ]  # fmt: skip
    words = {one.id: one.text for one in said}
    assert all(line.text.split('"')[1] in words[line.item_id] for line in kept)
    assert [line.keeps for line in block(kept, 34)] == [Keeps.PROMISE, Keeps.PROMISE]
    assert block(kept, 0) == ()
    assert block([*kept, *kept], 1000) == block(kept, 1000), "no line twice"


def test_a_larger_model_is_shown_more() -> None:
    """The true window decides, for models that can use it; a small model keeps its short page whatever its window."""
    large = budget(32_000, is_large=True)
    assert large.notes > 3 * SMALL.notes
    assert large.talk > 5 * SMALL.talk
    assert large.prompt <= 16_000
    assert budget(128_000, is_large=False) == budget(4_096, is_large=True) == budget(None, is_large=True) == SMALL
    talk = Talk(budget=large)
    for number in range(60):
        talk.add(f"page {number} " + "word " * 40, "Yes.")
    roomy, tight = prompt(talk, "page"), prompt(replace(talk, turns=list(talk.turns), ids=list(talk.ids), budget=SMALL), "page")
    assert len(roomy) > 2 * len(tight)


def test_a_long_message_is_read_in_parts_and_that_is_said(mind: Mind) -> None:
    """Beginning, end, and what between them has to do with these; the person is told, and all of it is kept."""
    filler = "The meeting went on about chairs and carpets for a while. " * 60
    text = f"Please summarise what this says about the harbour lease. {filler}The harbour lease ends in May 2031. {filler}That was all."
    reply = mind.say(text, "It ends in May 2031.")
    assert "The harbour lease ends in May 2031" in mind.shown
    assert "[…]" in mind.shown
    assert "longer than I can read at once" in reply.text
    assert mind.memory.items(kinds=[Kind.MESSAGE])[0].text == text
    assert "longer than I can read" not in mind.say("What about the chairs?", "They went on about them.").text
    assert read_in_parts("short", 300) == "short"
    assert not is_too_long("short", 300)
    assert len(read_in_parts(text, 300)) <= 1.2 * 300 * 3.6
