"""Whether memory holds the answer, from who said what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ownmind.bench import stage
from ownmind.memory.facets import facet
from ownmind.memory.holds import judge, passages, signals, told_of_another
from ownmind.messages import Entry, Integrity, Item, Kind, Label, Recalled, Source

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TALK = (
    ("Ben", "I ran a charity race on Saturday and came fourth!"),
    ("Ana", "Congratulations on your race! I mostly stayed at home with a book."),
    ("Ben", "How often do you go to the library with the kids?"),
    ("Ana", "Three times a week."),
    ("Ben", "My sister Clara gave a workshop on pottery in Porto in May."),
    ("Ana", "I adopted a cat last year, he is called Pepper."),
)


def found(question: str = "", talk: tuple[tuple[str, str], ...] = TALK) -> list[Recalled]:
    """Every turn as recall would give it: as near as it shares words with the question."""
    asked = set(question.lower().strip("?").split())
    items = [
        Item(f"i{n}", text, Source("transcript:talk"), Label(Integrity.UNTRUSTED), Kind.TURN, NOW, speaker, "talk", n, NOW)
        for n, (speaker, text) in enumerate(talk)
    ]
    return [Recalled(item, 1.0, {"cosine": 0.3 + 0.1 * len(asked & set(item.text.lower().strip(".!?").split()))}) for item in items]


@pytest.mark.parametrize(
    ("held", "swapped"),
    [
        ("What place did Ben come in the charity race?", "What place did Ana come in the charity race?"),
        ("How often does Ana go to the library with the kids?", "How often does Ben go to the library with the kids?"),
        ("What is the name of the cat Ana adopted?", "What is the name of the cat Ben adopted?"),
    ],
)
def test_what_one_told_is_not_held_of_another(held: str, swapped: str) -> None:
    """The same words asked of the wrong person are far less probable, and the answer says whose they are."""
    right, wrong = judge(held, found(held), NOW), judge(swapped, found(swapped), NOW)
    assert right.probability > 0.5 > wrong.probability
    assert wrong.elsewhere and wrong.about != right.about and wrong.against


def test_a_short_reply_takes_its_meaning_from_the_question_before_it() -> None:
    """ "Three times a week" is about the library only beside what was asked."""
    question = "How often does Ana go to the library?"
    reply = found(question)[3:4]
    alone, beside = judge(question, reply, NOW), judge(question, reply, NOW, around=[one.item for one in found()[2:3]])
    assert beside.probability > alone.probability


def test_a_name_that_stands_nowhere_counts_against() -> None:
    """Another place than the one that was told of."""
    there, elsewhere = "Did Ben's sister give a workshop in Porto?", "Did Ben's sister give a workshop in Lisbon?"
    assert signals(elsewhere, found(elsewhere), NOW).strange > signals(there, found(there), NOW).strange
    assert any("Lisbon" in reason for reason in judge(elsewhere, found(elsewhere), NOW).against)


def test_that_a_thing_was_mentioned_does_not_tell_its_contents() -> None:
    """A workshop is known; what was taught in it is not."""
    assert signals("What techniques did the pottery workshop teach?", found(), NOW).untold == 1
    assert signals("When was the pottery workshop?", found(), NOW).untold == 0


def test_of_several_together_nobody_is_the_wrong_one() -> None:
    """ "Both" asks of each: whose a sentence is says nothing then."""
    assert signals("What do Ana and Ben both like?", found(), NOW).margin == 0


def test_nothing_found_is_not_held() -> None:
    """An empty memory holds no answer, and says why."""
    holding = judge("Where is my bike?", [], NOW)
    assert holding.probability == 0 and holding.against


@pytest.mark.parametrize("question", ["", "?", "🦊🦊", "昨日は何をした？", "a" * 5000, "What did \x00 do?"])
def test_any_question_gets_a_probability(question: str) -> None:
    """Odd input is judged like any other."""
    assert 0 <= judge(question, found(), NOW).probability <= 1


def test_what_was_said_around_an_item_is_found() -> None:
    """The turn before and the turn after, in the same conversation and no other."""
    with stage.memory(None, NOW) as (memory, _store):
        entries = [
            Entry(text, Source("transcript:t"), Label(Integrity.UNTRUSTED), Kind.TURN, NOW, speaker, talk, f"{talk}{n}")
            for talk in ("one", "two")
            for n, (speaker, text) in enumerate(TALK)
        ]
        names = memory.remember(entries, now=NOW)
        near = memory.around([Recalled(memory.item(names[2]), 1.0)])
        assert [item.id for item in near] == [names[1], names[3]]


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Who went to Crete with Ana?", "My cousin came along", "We swam a lot"),
        ("How much did the tent cost?", "It was 80 euros", "It is a light one"),
        ("What colour is the kayak?", "Bright orange!", "I love it"),
        ("How many cats does Ana have?", "Two by now", "They sleep all day"),
        ("When does the bakery open on Sundays?", "It opens at nine", "They bake bread then"),
        ("When does the pool close?", "It is open from eight to seven", "It has two to three lanes for children"),
        ("How did Ben feel after the race?", "Exhausted, frankly", "It ended at the town hall"),
    ],
)
def test_an_answer_holds_what_its_question_asks_for(question: str, answer: str, other: str) -> None:
    """A who needs a person, a price a sum; any words may answer a plain what."""
    wanted = facet(question)
    assert wanted is not None and wanted.answer.search(answer) and not wanted.answer.search(other)
    assert facet("What did Ana cook?") is None


def test_whose_the_words_of_an_answer_are() -> None:
    """ "Fourth" is Ben's: it answers a question about him and none about Ana. Words nobody said are nobody's."""
    question = "What place did {} come in the charity race?"
    assert told_of_another(question.format("Ana"), "She came fourth.", passages(found(question)), NOW)
    assert not told_of_another(question.format("Ben"), "He came fourth.", passages(found(question)), NOW)
    assert not told_of_another(question.format("Ana"), "She won gold.", passages(found(question)), NOW)


def test_who_did_a_thing_is_answered_by_whoever_says_i() -> None:
    """ "I bring the stove", said by Ingrid, is an answer to "who brings the stove?", and none to who brings another thing."""
    talk = (("Ingrid", "I bring the stove"), ("you", "The tent is in the shed"))
    held, other = (judge(question, found(question, talk), NOW) for question in ("Who brings the stove?", "Who brings the lamp?"))
    assert held.probability > 0.5 > other.probability


def test_the_thing_whose_side_is_asked_for_is_not_the_side() -> None:
    """ "How much did the tyres cost?" asks for a sum of the tyres: the car's insurance has one and says nothing of them."""
    asked = facet("How much did the tyres cost?")
    assert asked is not None and asked.asked == {"how", "much", "cost"}
    talk = (("you", "The winter tyres are in the garage"),)
    costs = (("you", "The winter tyres cost 412 euros"),)
    question = "How much did the tyres cost?"
    assert judge(question, found(question, costs), NOW).probability > 0.5 > judge(question, found(question, talk), NOW).probability


def test_a_part_of_a_name_is_not_answered_by_another_part() -> None:
    """A landlord called Peeters has a first name nobody told; Jan Peeters told both."""
    question = "What is my landlord's first name?"
    one, both = ((("you", f"My landlord is called {name}"),) for name in ("Peeters", "Jan Peeters"))
    assert judge(question, found(question, both), NOW).probability - judge(question, found(question, one), NOW).probability > 0.2


def test_a_little_word_names_nobody() -> None:
    """ "The" is no short form of Theo: a question about the band is not about him."""
    talk = (("Theo", "My cousin Ada sings soprano"), ("you", "The band practises in Theo's cellar"))
    assert judge("Where does the band practise?", found("Where does the band practise?", talk), NOW).about == ""


def test_who_somebody_is_was_told_where_a_sentence_says_it() -> None:
    """However little else the question says; a name that was only mentioned is not told."""
    told, mentioned = (("you", "Lena is my daughter's best friend"),), (("Lena", "See you on Friday"), ("you", "Fine"))
    question = "Who is Lena?"
    assert judge(question, found(question, told), NOW).probability > 0.8 > judge(question, found(question, mentioned), NOW).probability


def test_whoever_plays_one_thing_does_not_play_another() -> None:
    """What a "who" did something with must have been told of."""
    talk = (("you", "My brother Emil plays the trombone"),)
    held, other = (judge(question, found(question, talk), NOW) for question in ("Who plays the trombone?", "Who plays the drums?"))
    assert held.probability > 0.5 > other.probability


def test_another_of_its_kind_is_not_the_one() -> None:
    """A tetanus shot is no flu shot, apple trees are no plum trees; a shot of no sort may be the one that is asked for."""
    for question, other, same, plain in (
        ("When was my last flu shot?", "My last tetanus shot was in 2020.", "My last flu shot was in 2020.", "My last shot was in 2020."),
        ("How many plum trees do I have?", "I have three apple trees.", "I have three plum trees.", "I have three trees."),
    ):
        chances = [judge(question, found(question, (("you", text),)), NOW).probability for text in (same, plain, other)]
        assert chances[0] >= chances[1] > 0.5 and chances[1] > chances[2] + 0.1


def test_how_a_thing_is_counted_is_no_sort_of_it_and_one_that_was_told_is_no_other() -> None:
    """An average time is not another kind than a response time, nor a web project another than the project that was told as one."""
    for question, *told in (
        ("What is the average response time of the dashboard?", "The slow response time of the dashboard is 250 ms."),
        ("Which framework does my web project use?", "My first project uses the framework Flask.", "I build web pages at night."),
    ):
        passed = found(question, tuple(("you", text) for text in told))
        assert judge(question, passed, NOW).probability > 0.5


def test_a_document_may_be_about_the_person_and_a_letter_in_it_is_its_writers() -> None:
    """ "My lease" is the lease that was read, though nobody says "I" in it; whoever does says it of themselves."""
    asked = "How long is the notice period of my lease?"
    mine = Item("i1", "Hi, I'm Ana.", Source("conversation:c"), Label(Integrity.PERSON), Kind.MESSAGE, NOW, "", "c", 0, NOW)

    def judged(text: str) -> float:
        lease = Item("i2", text, Source("file:lease.pdf"), Label(Integrity.UNTRUSTED), Kind.PASSAGE, NOW, "", "file:lease.pdf", 0, NOW)
        near = [Recalled(lease, 1.0, {"cosine": 0.7}), Recalled(mine, 0.5, {"cosine": 0.1})]
        assert told_of_another(asked, "three months", passages(near), NOW) == ("I" in text.split())
        return judge(asked, near, NOW).probability

    assert judged("The notice period of this lease is three months, to the end of a quarter.") > 0.5
    assert judged("I have a notice period of three months in the lease of mine.") < 0.5
