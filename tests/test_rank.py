"""Weighing candidates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from candidates import candidates, chain
from ownmind.memory.rank import WEIGHTS, rank
from ownmind.memory.signals import SIGNALS, Floats


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
    score = rank(candidates(np.array([[1, 1], [0, 0], [0, 0], [0, 0]]), **chain(4, (0, 1)))).score
    assert score[1] > score[2] and score[1] > score[3]


def test_long_messages_stand_alone() -> None:
    """Beyond 200 words a neighbour adds nothing."""
    counts = np.array([[1, 1], [0, 0], [0, 0]])
    score = rank(candidates(counts, lengths=np.full(3, 400), **chain(3, (0, 1)))).score
    assert score[1] == score[2]


@pytest.mark.parametrize(("name", "values"), [("by_named", [0, 1]), ("by_person", [0, 1]), ("by_other", [0, 1]), ("days_off", [40, 0])])
def test_speaker_time_and_person_break_ties(name: str, values: list[float]) -> None:
    """Of equal items the one said by who is named, when it is asked about, by the person, is first."""
    score = rank(candidates(np.ones((2, 1)), **{name: values})).score
    assert score[1] > score[0]


@given(arrays(np.float32, (6, 3), elements=st.integers(0, 4).map(float)), st.permutations(range(6)))
def test_order_of_candidates_does_not_matter(counts: Floats, order: list[int]) -> None:
    """Shuffled candidates get the same scores."""
    straight = rank(candidates(counts)).score
    shuffled = rank(candidates(counts[order], sessions=np.arange(6)[order])).score
    assert np.allclose(straight[order], shuffled, atol=1e-4)


@given(arrays(np.float32, (5, 2), elements=st.integers(0, 9).map(float)))
def test_shares_add_up_to_the_score(counts: Floats) -> None:
    """Each signal's share is shown, and together they are the score; measures stay in their bounds."""
    ranked = rank(candidates(counts))
    assert np.allclose(sum(ranked.shares.values()), ranked.score, atol=1e-4)
    assert ((ranked.coverage >= 0) & (ranked.coverage <= 1.001)).all()


def test_every_weight_is_of_a_signal() -> None:
    """A weight no signal answers to would be silently lost."""
    assert WEIGHTS.keys() <= SIGNALS.keys()
