"""Goals and people in conversation, end to end with a real store; the model only speaks where code has nothing to say."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ownmind.agent.turn import Parts, turn
from ownmind.app import House, open_house
from ownmind.config import Config
from ownmind.goals.book import Goals
from ownmind.goals.goal import State, StepState
from ownmind.messages import Done, Entry, Integrity, Kind, Label, Reply, Source
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import find

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=BERLIN)
MODEL = "The model speaks."


@dataclass
class Talk:
    """A conversation in a house whose clock we set."""

    house: House
    now: datetime

    @property
    def goals(self) -> Goals:
        return self.house.goals

    def say(self, text: str, conversation: str = "c1") -> Reply:
        house = self.house
        parts = Parts(
            house.memory, house.brain, house.store.conversations, house.store.settings,
            goals=house.goals, people=house.people, today=house.today,
        )  # fmt: skip

        async def collect() -> Reply:
            events = [event async for event in turn(text, parts=parts, conversation=conversation, now=self.now)]
            assert isinstance(events[-1], Done), events
            return events[-1].reply

        return asyncio.run(collect())

    def planned(self) -> None:
        """A half marathon, said, answered and planned."""
        for line in ("I want to run the half marathon on 12 April", "5 km", "3 times a week, in the evenings", "yes, plan it"):
            self.say(line)


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    held: list[Talk] = []
    monkeypatch.setattr("ownmind.app.clock.present", lambda: held[0].now if held else SUNDAY)
    brain = ScriptedModel(MODEL)
    house = open_house(find(tmp_path), Config(fetch=False, learn=False), brain=brain, embedder=HashEmbedder(), throwaway=True)
    house.today.set("zone", "Europe/Berlin")
    held.append(Talk(house, SUNDAY))
    yield held[0]
    asyncio.run(house.close())


def test_a_goal_said_in_chat_is_drafted_and_asked_for_one_thing(talk: Talk) -> None:
    """The reply names the goal, rests on the message, and asks one question; nothing is planned yet."""
    reply = talk.say("I want to run the half marathon on 12 April")
    (goal,) = talk.goals.all()
    assert reply.goals == (goal.id,)
    assert goal.state is State.DRAFT
    assert "12 April 2027" in reply.text
    assert reply.text.count("?") == 1
    assert [one.item_id for one in reply.sources] == [goal.item_id]
    assert not reply.brain


def test_answers_fill_the_draft_and_a_yes_plans_it(talk: Talk) -> None:
    """Every part said is kept, also two in one answer; after the yes the week stands in the reply."""
    talk.say("I want to run the half marathon on 12 April")
    talk.say("5 km")
    asked = talk.say("3 times a week, in the evenings")
    assert "yes" in asked.text
    planned = talk.say("yes, plan it")
    (goal,) = talk.goals.all()
    assert goal.state is State.ACTIVE
    assert (goal.rhythm.a_week, goal.measure and goal.measure.baseline) == (3, 5.0)
    assert "18:00" in planned.text
    assert planned.goals == (goal.id,)


def test_what_is_put_right_before_the_yes_is_taken(talk: Talk) -> None:
    """ "no", then "make it 4 times a week", changes the draft."""
    talk.say("I want to run the half marathon on 12 April")
    talk.say("5 km")
    talk.say("3 times a week, in the evenings")
    assert "different" in talk.say("no").text
    talk.say("make it 4 times a week")
    assert talk.goals.all()[0].rhythm.a_week == 4


def test_a_planned_goal_is_put_right_in_a_few_words(talk: Talk) -> None:
    """ "Make it twice a week" changes the goal that was spoken of and its plan; what names no part of it is the model's to answer."""
    talk.planned()
    talk.say("what's next?")
    reply = talk.say("make it twice a week")
    assert [goal.rhythm.a_week for goal in talk.goals.all()] == [2] and reply.goals and MODEL not in reply.text
    assert talk.say("make it a great day").text == MODEL
    assert "cannot be" in talk.say("make it 9 times a week").text and talk.goals.all()[0].rhythm.a_week == 2


def test_the_kind_is_said_and_can_be_put_right(talk: Talk) -> None:
    """A goal taken for the wrong kind is one sentence away from the right one."""
    assert "(reading)" in talk.say("I want to read 12 books next year").text
    talk.say("no, it's a habit")
    assert talk.goals.all()[0].template == "habit"


def test_never_mind_drops_it_and_other_talk_goes_on_as_before(talk: Talk) -> None:
    """A question about something else is answered as ever, and the draft stays; "never mind" lets it go."""
    talk.say("be a better friend to Tom")
    assert talk.say("I had pasta for lunch").text == MODEL
    assert talk.goals.all()[0].state is State.DRAFT
    talk.say("help me save 3,000 by summer")
    talk.say("never mind")
    assert [goal.state for goal in talk.goals.all()] == [State.DRAFT, State.DROPPED]


def test_a_bare_number_answers_what_was_asked(talk: Talk) -> None:
    """ "I have 500 already" is where the savings stand."""
    talk.say("help me save 3,000 by summer")
    talk.say("I have 500 already")
    measure = talk.goals.all()[0].measure
    assert measure is not None
    assert (measure.baseline, measure.target) == (500.0, 3000.0)


def test_a_check_in_is_taken_after_the_steps_were_shown(talk: Talk) -> None:
    """ "done" after "what's next?" is about the step that was shown."""
    talk.planned()
    talk.now += timedelta(hours=28)
    shown = talk.say("what should I do today?")
    assert shown.goals == ("g1",)
    assert "Done" in talk.say("done").text
    assert [step.state for step in talk.goals.steps()].count(StepState.DONE) == 1


def test_done_means_nothing_where_nothing_was_asked(talk: Talk) -> None:
    """Without a step shown and without a nudge, "done" and "no" are talk."""
    talk.say("hello there")
    assert talk.say("done").goals == ()
    talk.planned()
    talk.say("the soup was too salty", "c2")
    assert talk.say("no", "c2").goals == ()
    assert all(step.state is StepState.OPEN for step in talk.goals.steps())


def test_progress_is_told_with_what_shows_it(talk: Talk) -> None:
    """ "How is my half marathon going?" cites the words of the check-in."""
    talk.planned()
    talk.now += timedelta(hours=28)
    talk.say("what's next?")
    talk.say("done")
    reply = talk.say("how is my half marathon going?")
    assert reply.goals == ("g1",)
    assert len(reply.sources) == 2


def test_a_goal_that_would_harm_gets_a_kind_word_and_no_plan(talk: Talk) -> None:
    """Nothing is kept as a goal."""
    reply = talk.say("I want to starve myself until the wedding")
    assert "not plan" in reply.text
    assert talk.goals.all() == ()
    assert "emergency" in talk.say("I don't want to live any more").text


def test_outside_text_never_makes_a_goal(talk: Talk) -> None:
    """A document that states one is only a document."""
    label = Label(Integrity.UNTRUSTED)
    talk.house.memory.remember(
        [Entry("My goal is to run a marathon on 12 April", Source("file:a.txt"), label, Kind.PASSAGE, talk.now)], now=talk.now
    )
    talk.say("what does the file say?")
    assert talk.goals.all() == ()


def test_the_goals_of_a_reply_stand_under_it_again(talk: Talk) -> None:
    """They are kept beside the reply, and go when the goal is forgotten."""
    reply = talk.say("I want to run the half marathon on 12 April")
    said = talk.house.store.conversations.messages("c1")
    assert [one.goals for one in said] == [(), reply.goals]


@pytest.mark.parametrize(
    "text",
    [
        "I want to know what the weather is like", "I'd like to order a pizza tonight", "help me write an email to my landlord",
        "I need to buy milk tomorrow", "remember that I want to run a marathon", "I wanted to run a marathon last year",
        "Do you think I should learn Spanish?", "Tom wants to save 3,000 by summer", "I want you to be nicer", "read https://example.org",
    ],
)  # fmt: skip
def test_what_is_no_goal_is_not_taken_for_one(talk: Talk, text: str) -> None:
    """Errands, requests, reports and other people's wishes are talk."""
    talk.say(text)
    assert talk.goals.all() == ()


def test_questions_about_people_are_answered_from_what_was_said(talk: Talk, tmp_path: Path) -> None:
    """What to ask, what was promised, whose birthday: each with the sentence it stands in, and no more trusted than it is."""
    heard = [
        ("Tom", "My knee hurts since the match, I see the doctor on Friday"), ("", "I promised Tom to send him the photos by Friday"),
    ]  # fmt: skip
    for number, (who, text) in enumerate(heard):
        label, kind = (Label(Integrity.UNTRUSTED), Kind.TURN) if who else (Label(Integrity.PERSON), Kind.NOTE)
        at = SUNDAY - timedelta(days=9)
        entry = Entry(text, Source("transcript:chat", "transcript", "chat"), label, kind, at, who, "chat", external_id=str(number))
        talk.house.memory.remember([entry], now=at)
    card = tmp_path / "tom.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Tom Baker\nBDAY:1990-03-03\nEND:VCARD\n", encoding="utf-8")
    talk.house.import_paths([card])
    asyncio.run(_read_promises(talk.house))
    ask = talk.say("what should I ask Tom about?")
    assert "knee" in ask.text
    assert ask.sources
    assert ask.label.integrity is Integrity.UNTRUSTED
    promised = talk.say("what did I promise Tom?")
    assert "photos" in promised.text
    assert promised.sources[0].text == heard[1][1]
    assert "3 March 2027" in talk.say("whose birthday is next?").text


async def _read_promises(house: House) -> None:
    for job in house.runner.jobs:
        while job.name == "promises" and job.pending():
            await job.step(5.0)


def test_questions_about_nobody_known_go_on_as_before(talk: Talk) -> None:
    """Where goals and people hold nothing, memory and the model answer."""
    for text in ("what should I ask Tom about?", "what did I promise Tom?", "whose birthday is next?", "what's next?"):
        assert talk.say(text).goals == ()


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Hi, I'm Ana, vegetarian, training for a half marathon on 12 April", "train for a half marathon on 12 April"),
        ("I have been saving up for a new bike since May.", "save up for a new bike since May"),
        ("Lately I'm learning Spanish, and it is fun", "learn Spanish"),
    ],
)
def test_help_me_reach_it_takes_up_what_was_told_in_passing(talk: Talk, told: str, title: str) -> None:
    """An aim that was only mentioned becomes a draft once help is asked for, in its own words and with the message it stands in as its
    source; asked again, it is the same goal."""
    talk.say(told)
    assert talk.goals.all() == ()
    reply = talk.say("Help me reach it")
    (goal,) = talk.goals.all()
    assert goal.title == title and reply.goals == (goal.id,) and goal.state is State.DRAFT
    assert told in [source.text for source in reply.sources]
    talk.say("Help me to get there, please")
    assert len(talk.goals.all()) == 1


def test_help_me_reach_it_remembers_the_aim_of_another_talk(talk: Talk) -> None:
    """In a new conversation it is what was learnt last; where nothing was, the person is asked, and nothing is made up."""
    reply = talk.say("Help me reach my goal")
    assert talk.goals.all() == () and "What is it that you want to reach?" in reply.text
    talk.say("I'm training for a half marathon on 12 April", "c2")
    talk.say("Help me reach it", "c3")
    assert [goal.title for goal in talk.goals.all()] == ["train for a half marathon on 12 April"]


@pytest.mark.parametrize("said", ["Help me write a letter to my landlord", "Help me with this sentence: it rains", "Can you help me?"])
def test_other_help_is_no_goal(talk: Talk, said: str) -> None:
    """Help with something that is said is a request like any other."""
    talk.say("I'm training for a half marathon on 12 April")
    talk.say(said)
    assert talk.goals.all() == ()
