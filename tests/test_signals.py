"""What each signal is for."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from candidates import candidates, chain
from ownmind.memory import signals
from ownmind.memory.candidates import candidates as gathered
from ownmind.memory.question import read
from ownmind.memory.signals import Floats, neighbours, sessions
from ownmind.store.items import Heading

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
ONE, TWO = np.eye(8, dtype=np.float32)[:2]


def told(question: str, *said: tuple[str, str], terms: list[str] | None = None, at: list[float] | None = None) -> signals.Candidates:
    """Candidates from what was said, read as recall reads them; one thread, a minute apart unless ``at`` says otherwise."""
    found = [Heading(i + 1, text, who, at[i] if at else 60.0 * i, "turn", "untrusted", 1, i) for i, (who, text) in enumerate(said)]
    reading = read(question, NOW, names={who for who, _ in said})
    words = terms or list(reading.terms)
    return gathered(found, reading, words, [1] * len(words), 100, vectors=None, question=None)


def test_words_want_them_all_and_in_little_text() -> None:
    """Both terms before one; of equals the shorter."""
    found = signals.words(candidates(np.array([[1, 1], [1, 1], [1, 0]]), lengths=[10, 40, 10]))
    assert found[0] > found[1] > found[2]


def test_window_lifts_what_stands_beside_the_words() -> None:
    """A short neighbour of the words is lifted, a long one is not."""
    counts = np.array([[1, 1], [0, 0], [0, 0], [0, 0]])
    assert signals.window(candidates(counts, **chain(4, (0, 1))))[1] > signals.window(candidates(counts))[1]
    assert signals.window(candidates(counts, lengths=np.full(4, 300), **chain(4, (0, 1))))[1] == 0


def test_session_lifts_a_talk_that_is_about_it() -> None:
    """An item of the session that speaks of both terms is before one of a session that speaks of none."""
    found = signals.session(candidates(np.array([[1, 0], [0, 1], [0, 0], [0, 0]]), sessions=np.array([0, 0, 0, 1])))
    assert found[2] > found[3]


def test_coverage_counts_each_word_once() -> None:
    """Two terms once are more than one term five times."""
    found = signals.coverage(candidates(np.array([[5, 0], [1, 1]])))
    assert found[1] > found[0]


def test_names_in_common_count_by_rarity() -> None:
    """Of the names the question says the rare one counts most; other words do not count."""
    found = signals.names(candidates(np.eye(3), proper=np.array([1, 1, 0], np.float32), frequencies=np.array([300, 2, 2], np.float32)))
    assert found[1] > found[0] > found[2] == 0


def test_phrase_wants_words_together() -> None:
    """ "Support group" is not a group that needs support."""
    c = told(
        "Which support group did Ana join?", ("Ana", "I joined a support group"), ("Ana", "That group has no financial or other support")
    )
    found = signals.phrase(c)
    assert found[0] > found[1]


def test_meaning_and_its_window() -> None:
    """The closer vector is first, and lifts its short neighbour."""
    vectors = np.stack([ONE, TWO, TWO])
    c = candidates(np.zeros((3, 1)), vectors=vectors, question=ONE, **chain(3, (0, 1)))
    assert signals.meaning(c)[0] > signals.meaning(c)[1] == signals.meaning(c)[2]
    assert signals.window_meaning(c)[1] > signals.window_meaning(c)[2]


def test_feedback_finds_more_of_what_looked_best() -> None:
    """What is like the best candidates is lifted though it shares nothing with the question itself."""
    counts = np.array([[1, 1]] * 5 + [[0, 0], [0, 0]])
    vectors = np.stack([ONE] * 5 + [ONE, TWO])
    found = signals.feedback(candidates(counts, vectors=vectors))
    assert found[5] > found[6]


def test_beside_lifts_the_neighbour_of_what_looks_good() -> None:
    """Evidence comes in runs."""
    found = signals.beside(candidates(np.array([[1, 1], [0, 0], [0, 0]]), **chain(3, (0, 1))))
    assert found[1] > 0 == found[2]


def test_reply_is_the_answer_to_the_same_question() -> None:
    """After a turn that asks what is asked now comes the answer; after a statement it does not."""
    counts = np.array([[1, 1], [0, 0], [1, 1], [0, 0]])
    found = signals.reply(candidates(counts, asks=[1, 0, 0, 0], **chain(4, (0, 1), (2, 3))))
    assert found[1] > 0 == found[3]


def test_who_said_it() -> None:
    """The one who is named, the person for "I", the other side for "you"; and telling of oneself."""
    c = told("What did Ana buy?", ("Ana", "I bought a lamp"), ("Ana", "That lamp is nice"), ("Ben", "I bought a lamp"))
    assert signals.speaker(c).tolist() == [1, 1, 0] and signals.told(c).tolist() == [1, 0, 0]
    assert signals.mine(told("What did I buy?", ("user", "A lamp"), ("assistant", "A lamp"))).tolist() == [1, 0]
    c = told("What did you recommend to me?", ("user", "A lamp?"), ("assistant", "A lamp"))
    assert signals.yours(c).tolist() == [0, 1] and signals.mine(c).tolist() == [0, 0]


def test_date_wants_the_time_or_soon_after() -> None:
    """In the window, a day after, long before; nothing when no time is named."""
    at = [datetime(2026, 5, day, tzinfo=UTC).timestamp() for day in (10, 1)] + [datetime(2025, 1, 1, tzinfo=UTC).timestamp()]
    said = [("Ana", "We planted the tulips")] * 3
    found = signals.date(told("What did we plant on 9 May 2026?", *said, at=at))
    assert found[0] > found[1] > found[2]
    assert not signals.date(told("What did we plant?", *said, at=at)).any()


@pytest.mark.parametrize(("direction", "order"), [(1, [2, 1, 0]), (-1, [0, 1, 2])])
def test_recency_only_where_it_is_asked_for(direction: float, order: list[int]) -> None:
    """The latest for "now", the earliest for "before", nothing otherwise; an unknown time is in the middle."""
    times = np.array([1.0, 2.0, 3.0])
    assert np.argsort(-signals.recency(candidates(np.zeros((3, 1)), times=times, direction=direction))).tolist() == order
    assert not signals.recency(candidates(np.zeros((3, 1)), times=times)).any()


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("When did Ana leave?", "She left two weeks ago", "She left in a hurry"),
        ("How many cats has Ana?", "She has 3 cats now", "She loves cats"),
        ("Who fixed the roof?", "It was Ben, thank God", "It was fixed quickly"),
        ("Where did Ana study?", "She studied in Porto", "She studied hard"),
    ],
)
def test_expected_holds_what_is_asked_for(question: str, holds: str, lacks: str) -> None:
    """A time for "when", a number for "how many", a name for "who", a place for "where"."""
    assert signals.expected(told(question, ("", lacks), ("", holds))).tolist() == [0, 1]


def test_asks_and_brief() -> None:
    """A question has what is asked, not what is answered; and next to no words say next to nothing."""
    c = told("Where is the key?", ("", "Where is the key?"), ("", "Thanks!"), ("", " ".join(["word"] * 20)))
    assert signals.asks(c).tolist() == [1, 0, 0]
    brief = signals.brief(c)
    assert brief[1] > brief[0] > brief[2] == 0


@pytest.mark.parametrize("name", signals.SIGNALS)
def test_every_signal_takes_any_candidates(name: str) -> None:
    """One number a candidate, finite, for none, one, and ones that hold nothing."""
    blanks: list[Floats] = [np.zeros((0, 0)), np.zeros((0, 2)), np.zeros((1, 0)), np.ones((3, 2))]
    for counts in blanks:
        found = signals.SIGNALS[name](candidates(counts))
        assert found.shape == (len(counts),) and np.isfinite(found).all()


def test_a_long_silence_begins_a_new_session() -> None:
    """Six hours part two sessions of one thread, and neighbours do not reach across."""
    threads, positions = np.array([1, 1, 1, 2]), np.array([0, 1, 2, 3])
    numbers = sessions(threads, positions, np.array([0.0, 60.0, 60.0 + 7 * 3600, 0.0]))
    assert numbers[0] == numbers[1] != numbers[2] != numbers[3]
    before, after = neighbours(threads, positions, numbers)
    assert before.tolist() == [-1, 0, -1, -1] and after.tolist() == [1, -1, -1, -1]
