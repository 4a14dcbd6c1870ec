"""A talk that branches: an edited message, a reply asked for anew, and what of it is shown, believed, forgotten and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.agent import talks
from ownmind.agent.turn import Parts, turn
from ownmind.bench import stage
from ownmind.memory.export import export
from ownmind.memory.memory import Memory
from ownmind.messages import Done, Entry, Failed, Integrity, Kind, Label, Source
from ownmind.models.brain import Brain
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.store.opening import Store

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@dataclass
class Mind:
    """A memory and a scripted model to talk to, which says how often it was asked."""

    memory: Memory
    store: Store
    model: ScriptedModel
    minutes: int = 0

    def say(self, text: str, instead_of: str = "", brain: ScriptedModel | None = None) -> tuple[str, str]:
        """The ids of the message and of its reply; the words of what failed in place of the second."""
        self.minutes += 1
        parts = Parts(self.memory, Brain.of(brain or self.model), self.store.conversations, self.store.settings)

        async def collect() -> tuple[str, str]:
            now = NOW + timedelta(minutes=self.minutes)
            events = [each async for each in turn(text, parts=parts, conversation="c1", now=now, instead_of=instead_of)]
            last = events[-1]
            assert isinstance(last, Done | Failed)
            return getattr(events[0], "item_id", ""), last.reply.id if isinstance(last, Done) else last.message

        return asyncio.run(collect())

    @property
    def texts(self) -> list[str]:
        """The branch gone on with."""
        return [said.text for said in self.store.conversations.messages("c1")]

    @property
    def shown(self) -> str:
        """What the model was sent last."""
        return "\n".join(text for _, text in self.model.calls[-1])

    def believed(self) -> list[str]:
        return [fact.text for fact in self.memory.facts(at=NOW + timedelta(days=1))]


@pytest.fixture
def mind() -> Iterator[Mind]:
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        model = ScriptedModel(lambda pairs: f"Answer {len(model.calls)}.")
        yield Mind(memory, store, model)


def test_an_edited_message_takes_its_own_branch_and_the_old_one_stays(mind: Mind) -> None:
    """What was said after the old words is on their branch, one step away, and nothing of it is lost."""
    mind.say("Good morning")
    old, _ = mind.say("Let us talk about kayaks")
    mind.say("Which ones are stable?")
    before = mind.texts
    new, _ = mind.say("Let us talk about canoes", instead_of=old)
    assert mind.texts[0] == "Good morning" and mind.texts[2] == "Let us talk about canoes" and len(mind.texts) == 4
    (edited,) = [said for said in mind.store.conversations.messages("c1") if said.versions]
    assert edited.id == new and edited.versions == (old, new)
    mind.store.conversations.go_on_with(old)
    assert mind.texts == before
    mind.say("And cheap?")
    assert mind.texts[: len(before)] == before and "And cheap?" in mind.texts, "it is gone on with from there"
    mind.store.conversations.go_on_with(new)
    assert "And cheap?" not in mind.texts


def test_a_reply_can_be_given_anew(mind: Mind) -> None:
    """The same message, a second answer beside the first; the message is there once."""
    message, first = mind.say("Tell me about rain")
    again, second = mind.say("", instead_of=first)
    assert again == message and second != first
    said = mind.store.conversations.messages("c1")
    assert [one.id for one in said] == [message, second] and said[1].versions == (first, second)
    mind.store.conversations.go_on_with(first)
    assert [one.id for one in mind.store.conversations.messages("c1")] == [message, first]
    mind.say("", instead_of=first)
    assert len(mind.store.conversations.messages("c1")[1].versions) == 3


def test_the_first_message_can_be_edited(mind: Mind) -> None:
    """A talk may begin in two ways."""
    first, _ = mind.say("Helo there")
    mind.say("How was the night?")
    second, _ = mind.say("Hello there", instead_of=first)
    assert mind.texts[0] == "Hello there" and len(mind.texts) == 2
    assert mind.store.conversations.messages("c1")[0].versions == (first, second)


def test_the_model_sees_the_branch_it_is_on_and_no_other(mind: Mind) -> None:
    """Edited, gone back, gone on, after a restart too: no turn of another branch is in what the model is sent."""
    mind.say("I walked along the harbour with Mira")
    old, _ = mind.say("Let us plan the trip to Bergen")
    mind.say("We take the night train then")
    new, _ = mind.say("Let us plan the trip to Lisbon", instead_of=old)
    assert "Bergen" not in mind.shown and "night train" not in mind.shown and "harbour" in mind.shown
    for restart in (False, True):
        for item, there, elsewhere in ((old, "night train", "Lisbon"), (new, "Lisbon", "night train")):
            mind.store.conversations.go_on_with(item)
            talks.leave_branch(mind.memory, mind.store.settings, None, "c1")
            if restart:
                talks.talks(mind.memory).clear()
            mind.say("All right so far")
            assert there in mind.shown and elsewhere not in mind.shown


def test_what_was_learnt_only_from_the_edited_words_holds_no_more(mind: Mind) -> None:
    """The corrected value takes the place of the old one; what the new words say again stays; the record keeps both."""
    old, _ = mind.say("My dentist is Dr Lee. My sister Ana is allergic to peanuts.")
    assert "Your dentist is Dr Lee" in mind.believed()
    mind.say("My dentist is Dr Lim. My sister Ana is allergic to peanuts.", instead_of=old)
    believed = mind.believed()
    assert "Your dentist is Dr Lim" in believed and "Your dentist is Dr Lee" not in believed
    assert sum("allergic to peanuts" in text for text in believed) == 1
    (lee,) = [fact for fact in mind.memory.facts(everything=True) if "Dr Lee" in fact.text]
    assert lee.wrong and lee.superseded_by is not None
    assert mind.memory.item(old).text.startswith("My dentist is Dr Lee"), "what was said is remembered"
    mind.say("Who is my dentist?")
    assert "Lim" in mind.shown and "Lee" not in mind.shown


def test_what_was_said_elsewhere_too_or_kept_is_not_taken_back_by_an_edit(mind: Mind) -> None:
    """An edit corrects its own words, not others."""
    mind.say("My dentist is Dr Lee.")
    old, _ = mind.say("My dentist is Dr Lee. I live in Lyon.")
    (lyon,) = [fact for fact in mind.memory.facts() if "Lyon" in fact.text]
    mind.memory.keep(lyon.id)
    mind.say("Never mind.", instead_of=old)
    assert {"Your dentist is Dr Lee", "You live in Lyon"} <= set(mind.believed())


def test_nothing_is_learnt_in_the_background_from_words_that_were_edited(mind: Mind) -> None:
    """A model that reads the old message after the edit teaches nothing."""
    from ownmind.memory import rules

    old, _ = mind.say("My dentist is Dr Lee.")
    mind.say("My dentist is Dr Lim.", instead_of=old)
    item = mind.memory.item(old)
    assert rules.candidates(item) and mind.memory.store_facts(item, rules.candidates(item), NOW) == []


def test_an_edit_whose_answer_fails_is_kept_like_any_message(mind: Mind) -> None:
    """The brain dies: the edited message is there, on its branch, and the old branch is one step away."""
    old, reply = mind.say("Tell me of otters")
    broken = ScriptedModel(fails=RuntimeError("no"))
    _, said = mind.say("Tell me of beavers", instead_of=old, brain=broken)
    assert "kept" in said and mind.texts == ["Tell me of beavers"]
    mind.store.conversations.go_on_with(old)
    assert len(mind.texts) == 2
    _, said = mind.say("", instead_of=reply, brain=broken)
    assert "kept" in said and len(mind.texts) == 2, "the reply before stays where no other came"


def test_what_stands_nowhere_cannot_be_edited(mind: Mind) -> None:
    """An id of nothing, of a note, of another talk: said in words, and nothing is written."""
    mind.say("Good morning")
    note = mind.memory.remember([Entry("A note", Source("note:1", "note"), Label(Integrity.PERSON), Kind.NOTE)], now=NOW)[0]
    for id in ("i999", note, "what"):
        assert "i999" in mind.say("Hello", instead_of=id)[1] or "not" in mind.say("Hello", instead_of=id)[1]
    assert len(mind.texts) == 2


def test_forgetting_closes_the_talk_up(mind: Mind) -> None:
    """What followed the forgotten words follows what stood before them; every reply to them goes, on every branch."""
    mind.say("Good morning")
    old, first = mind.say("My locker number is 4411")
    _, again = mind.say("", instead_of=first)
    mind.say("What a day")
    mind.say("My locker number is 4412", instead_of=old)
    mind.store.conversations.go_on_with(again)
    receipt = mind.memory.forget(mind.memory.plan_forget(old))
    assert receipt.verified and {old, first, again} <= set(receipt.items)
    mind.store.conversations.go_on_with(mind.store.conversations.messages("c1")[0].id)
    assert all("4411" not in text for text in mind.texts)
    seen = set(mind.texts)
    for version in {name for said in mind.store.conversations.messages("c1") for name in said.versions}:
        mind.store.conversations.go_on_with(version)
        seen |= set(mind.texts)
    assert {"Good morning", "What a day", "My locker number is 4412"} <= seen, "nothing else became unreachable"


def test_an_export_says_how_a_talk_branches(mind: Mind, tmp_path: Path) -> None:
    """Every version is in it, each with what it was said after and in place of what."""
    old, _ = mind.say("My dentist is Dr Lee.")
    new, _ = mind.say("My dentist is Dr Lim.", instead_of=old)
    folder = export(mind.store, tmp_path / "out", now=NOW).folder
    lines = (folder / "items.jsonl").read_text()
    assert "Dr Lee" in lines and "Dr Lim" in lines and f'"instead_of": "{old}"' in lines and f'"id": "{new}"' in lines


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["say", "edit", "again", "go", "forget"]), st.integers(0, 50)), min_size=1, max_size=14))
def test_whatever_is_done_to_a_talk_everything_in_it_can_be_reached(done: list[tuple[str, int]]) -> None:
    """Said, edited, answered anew, gone back, forgotten, in any order: each message is on a branch the arrows lead to, in one order."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        mind = Mind(memory, store, ScriptedModel("So it is."))
        mind.say("The beginning of it")
        for number, (what, which) in enumerate(done):
            said = store.conversations.messages("c1")
            if not said:
                break
            one = said[which % len(said)]
            match what:
                case "say":
                    mind.say(f"Thing {number}")
                case "edit" if one.kind is Kind.MESSAGE:
                    mind.say(f"Thing {number}", instead_of=one.id)
                case "again" if one.kind is Kind.REPLY:
                    mind.say("", instead_of=one.id)
                case "go":
                    store.conversations.go_on_with((one.versions or (one.id,))[which % max(1, len(one.versions))])
                    talks.talks(memory).clear()
                case "forget":
                    memory.forget(memory.plan_forget(one.id))
        with store.db.read() as cx:
            held = {f"i{row}" for (row,) in cx.execute("SELECT i.id FROM items i JOIN conversations c ON c.id = i.conversation_id")}
        reached: set[str] = set()
        waiting = {one.id for one in store.conversations.messages("c1")}
        while waiting:
            store.conversations.go_on_with(waiting.pop())
            branch = store.conversations.messages("c1")
            assert [one.id for one in branch] == sorted({one.id for one in branch}, key=lambda id: int(id[1:]))
            reached |= {one.id for one in branch}
            waiting |= {name for one in branch for name in one.versions} - reached
        assert reached == held
