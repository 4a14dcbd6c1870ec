"""What a person answers a check-in with is read only where it is plain."""

import pytest

from ownmind.goals.goal import Answer
from ownmind.goals.saying.answers import Answered, read

PLAIN = [
    ("done", Answer.DONE), ("Done!", Answer.DONE), ("yes", Answer.DONE), ("yep, all done", Answer.DONE), ("did it", Answer.DONE),
    ("I did it this morning", Answer.DONE), ("finished", Answer.DONE), ("I've done it", Answer.DONE), ("just got it done", Answer.DONE),
    ("✅", Answer.DONE), ("managed it, was hard though", Answer.DONE), ("I did", Answer.DONE), ("done and dusted", Answer.DONE),
    ("did half", Answer.HALF), ("half", Answer.HALF), ("I only did half of it", Answer.HALF), ("partly", Answer.HALF),
    ("started but not finished", Answer.HALF), ("yes, but only half", Answer.HALF), ("halfway", Answer.HALF), ("almost", Answer.HALF),
    ("some of it", Answer.HALF), ("I did a bit", Answer.HALF),
    ("no", Answer.NOT_DONE), ("nope, was ill", Answer.NOT_DONE), ("didn't happen", Answer.NOT_DONE), ("I forgot", Answer.NOT_DONE),
    ("not today", Answer.NOT_DONE), ("sorry, was too tired", Answer.NOT_DONE), ("I couldn't make it", Answer.NOT_DONE),
    ("missed it", Answer.NOT_DONE), ("I haven't", Answer.NOT_DONE),
    ("not this week", Answer.NOT_THIS_WEEK), ("skip it this week", Answer.NOT_THIS_WEEK), ("I can't this week", Answer.NOT_THIS_WEEK),
    ("skip this one", Answer.NOT_THIS_WEEK), ("no, not this week", Answer.NOT_THIS_WEEK),
    ("later", Answer.LATER), ("ask me later", Answer.LATER), ("not yet", Answer.LATER), ("in an hour", Answer.LATER),
    ("tomorrow instead", Answer.LATER), ("I'll do it tonight", Answer.LATER), ("remind me this evening", Answer.LATER),
    ("not now", Answer.LATER),
]  # fmt: skip
UNCLEAR = [
    "", "hm", "what was it again?", "the weather was lovely", "Tom says hello", "maybe", "I don't know", "how is my half marathon going?",
    "1,200 or 1,300", "ok", "what did I promise Tom?", "no problem, what is next?", "can you move it?",
]  # fmt: skip


@pytest.mark.parametrize(("words", "answer"), PLAIN)
def test_plain_words_are_understood(words: str, answer: Answer) -> None:
    """Each says what it says."""
    assert read(words).answer is answer


@pytest.mark.parametrize("words", UNCLEAR)
def test_anything_else_is_asked(words: str) -> None:
    """Nothing is guessed from words that do not say it."""
    assert read(words).answer is None


def test_a_number_is_what_was_done_or_where_it_stands() -> None:
    """ "ran 6 km" adds to the measure, "I'm at 1,200 now" is the measure."""
    assert read("ran 6 km") == Answered(Answer.VALUE, 6.0, "km", is_level=False, note="ran 6 km")
    at = read("I'm at 1,200 now")
    assert (at.answer, at.value, at.is_level) == (Answer.VALUE, 1200.0, True)
    assert (read("saved 250 euros").value, read("saved 250 euros").unit) == (250.0, "euros")
    assert read("€300").value == 300.0
    assert read("I weigh 79 kg now").is_level
    assert read("up to 14 books so far").is_level


def test_done_keeps_its_number_and_a_miss_its_reason() -> None:
    """What stands beside the answer is not lost."""
    done = read("done, ran 6 km in the rain")
    assert (done.answer, done.value, done.unit) == (Answer.DONE, 6.0, "km")
    assert read("nope, was ill").note == "was ill"
    assert read("tomorrow instead").tomorrow
    assert not read("later").tomorrow
