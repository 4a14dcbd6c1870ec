"""Weighing candidates."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ownmind.memory.rank import Candidates, Floats, Weights, neighbours, rank, sessions


def candidates(counts: Floats, lengths: Floats | None = None, **other: object) -> Candidates:
    """Candidates that differ only in what is given; without vectors, neighbours or names."""
    n, t = counts.shape
    blank: dict[str, object] = {
        "counts": counts.astype(np.float32),
        "lengths": np.full(n, 10, np.float32) if lengths is None else lengths.astype(np.float32),
        "frequencies": np.full(t, 5, np.float32),
        "total": 1000,
        "vectors": np.zeros((n, 8), np.float32),
        "question": np.zeros(8, np.float32),
        "before": np.full(n, -1, np.int64),
        "after": np.full(n, -1, np.int64),
        "sessions": np.arange(n),
        "by_named": np.zeros(n, np.float32),
        "by_person": np.zeros(n, np.float32),
        "days_off": np.full(n, np.nan, np.float32),
        "asks": np.zeros(n, np.float32),
    }
    return Candidates(**{**blank, **other})  # type: ignore[arg-type]  # names and types are those of Candidates


def test_more_of_the_question_is_better() -> None:
    """The item that holds both terms is before the one that holds one, before the one that holds none."""
    score = rank(candidates(np.array([[0, 0], [1, 0], [1, 1]]))).score
    assert score[2] > score[1] > score[0]


def test_a_rare_term_counts_more() -> None:
    """A term in 3 of 1,000 items says more than one in 400."""
    score = rank(candidates(np.array([[1, 0], [0, 1], [0, 0]]), frequencies=np.array([400, 3], np.float32))).score
    assert score[1] > score[0]


def test_a_short_answer_is_found_by_the_question_before_it() -> None:
    """ "Yes, two weeks ago!" shares no word with what is asked; the turn before it does."""
    counts = np.array([[1, 1], [0, 0], [0, 0], [0, 0]])
    chained = candidates(counts, before=np.array([-1, 0, -1, -1]), after=np.array([1, -1, -1, -1]))
    score = rank(chained).score
    assert score[1] > score[2] and score[1] > score[3]


def test_long_messages_stand_alone() -> None:
    """Beyond 200 words a neighbour adds nothing."""
    counts, long = np.array([[1, 1], [0, 0], [0, 0]]), np.full(3, 400)
    score = rank(candidates(counts, long, before=np.array([-1, 0, -1]), after=np.array([1, -1, -1]), sessions=np.array([0, 1, 2]))).score
    assert score[1] == score[2]


def test_speaker_time_and_person_break_ties() -> None:
    """Of equal items the one said by who is named, when it is asked about, by the person, is first."""
    counts = np.ones((2, 1))
    for name, values in (("by_named", [0, 1]), ("by_person", [0, 1]), ("days_off", [40, 0])):
        score = rank(candidates(counts, **{name: np.array(values, np.float32)})).score
        assert score[1] > score[0], name


@given(arrays(np.float32, (6, 3), elements=st.integers(0, 4).map(float)), st.permutations(range(6)))
def test_order_of_candidates_does_not_matter(counts: Floats, order: list[int]) -> None:
    """Shuffled candidates get the same scores."""
    straight = rank(candidates(counts)).score
    shuffled = rank(candidates(counts[order], sessions=np.arange(6)[order])).score
    assert np.allclose(straight[order], shuffled, atol=1e-4)


@given(arrays(np.float32, (5, 2), elements=st.integers(0, 9).map(float)))
def test_shares_add_up_to_the_score(counts: Floats) -> None:
    """Each signal's share is shown, and together they are the score; measures stay in their bounds."""
    ranked = rank(candidates(counts), Weights())
    assert np.allclose(sum(ranked.shares.values()), ranked.score, atol=1e-4)
    assert ((ranked.coverage >= 0) & (ranked.coverage <= 1.001)).all()


def test_a_long_silence_begins_a_new_session() -> None:
    """Six hours part two sessions of one thread, and neighbours do not reach across."""
    threads, positions = np.array([1, 1, 1, 2]), np.array([0, 1, 2, 3])
    numbers = sessions(threads, positions, np.array([0.0, 60.0, 60.0 + 7 * 3600, 0.0]))
    assert numbers[0] == numbers[1] != numbers[2] != numbers[3]
    before, after = neighbours(threads, positions, numbers)
    assert before.tolist() == [-1, 0, -1, -1] and after.tolist() == [1, -1, -1, -1]
