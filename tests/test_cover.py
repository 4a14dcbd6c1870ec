"""Choosing a set."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from candidates import candidates
from ownmind.memory.cover import chosen, following, opening, repeating, topical
from ownmind.memory.question import Asks


def test_one_answer_is_ordered_by_score() -> None:
    """Where one item answers, nothing but the score counts."""
    c = candidates(np.ones((3, 1)), sessions=np.zeros(3, np.int64))
    assert chosen(np.array([0.1, 0.9, 0.5], np.float32), c, Asks.WHEN).tolist() == [1, 2, 0]


def test_the_order_of_events_is_spread_over_the_talks() -> None:
    """What opened each of three talks comes before more of the talk that says most about it."""
    c = candidates(np.ones((9, 1)), sessions=np.repeat(np.arange(3), 3), positions=np.arange(9))
    score = np.array([3.0, 3.1, 3.2, 1.0, 0.9, 0.8, 1.0, 0.9, 0.8], np.float32)
    assert {0, 3, 6} <= set(chosen(score, c, Asks.ORDER)[:5].tolist())
    assert set(chosen(score, c, Asks.OTHER)[:3].tolist()) == {0, 1, 2}


def test_what_opens_a_talk_is_the_persons_own_first_message() -> None:
    """Of the person's messages where they are asked about; of all otherwise."""
    own = candidates(np.ones((4, 1)), sessions=np.zeros(4, np.int64), by_person=[0, 1, 0, 1])
    assert np.argsort(-opening(own)).tolist()[:2] == [1, 3] and opening(own)[0] == 0
    assert np.argmax(opening(candidates(np.ones((4, 1)), sessions=np.zeros(4, np.int64)))) == 0


def test_saying_it_again_counts_less_than_saying_it_first() -> None:
    """The second of two alike repeats; the first does not."""
    vectors = np.stack([np.eye(8, dtype=np.float32)[i] for i in (0, 0, 1)])
    found = repeating(candidates(np.ones((3, 1)), vectors=vectors, sessions=np.zeros(3, np.int64)))
    assert found[1] > found[0] and found[1] > found[2]


@given(st.lists(st.floats(-5, 5, width=32), max_size=12), st.sampled_from(Asks))
def test_everything_is_shown_once(scores: list[float], kind: Asks) -> None:
    """Whatever is asked, the order holds every candidate once."""
    n = len(scores)
    c = candidates(np.ones((n, 1)), sessions=np.arange(n) // 3)
    assert sorted(chosen(np.array(scores, np.float32), c, kind).tolist()) == list(range(n))


def test_what_is_followed_is_named_first_in_each_talk() -> None:
    """The first mention in each talk of somebody who comes back counts; the second, and a name of one talk only, do not."""
    named = (frozenset({"Robert"}), frozenset({"Robert"}), frozenset(), frozenset({"Rome"}), frozenset({"Robert"}), *[frozenset[str]()] * 7)
    c = candidates(np.ones((12, 1)), sessions=np.repeat(np.arange(3), 4), named=named)
    found = following(np.linspace(1, 0, 12, dtype=np.float32), c)
    assert np.flatnonzero(found).tolist() == [0, 4]


def test_a_name_that_is_in_everything_follows_nothing() -> None:
    """Where the person lives is named in every talk, whatever the talk is about."""
    c = candidates(np.ones((6, 1)), sessions=np.repeat(np.arange(3), 2), named=(frozenset({"Lisbon"}),) * 6)
    assert not following(np.ones(6, np.float32), c).any()


def test_the_topic_is_learnt_from_every_talk() -> None:
    """One talk says most about it; an item like what the other talk says is still of the topic."""
    axes = np.eye(8, dtype=np.float32)
    vectors = np.stack([axes[i] for i in (0, 0, 0, 0, 1, 1, 2)])
    c = candidates(np.ones((7, 1)), vectors=vectors, sessions=np.array([0, 0, 0, 0, 1, 1, 1]))
    near = topical(np.array([3, 3, 3, 3, 2, 2, -9], np.float32), c)
    assert near[4] > 0.3 > near[6]


def test_a_summary_takes_from_every_talk_what_is_of_the_topic() -> None:
    """Of two items that match the words of the question as well, the one that is like the rest of the topic comes first."""
    axes = np.eye(8, dtype=np.float32)
    c = candidates(np.ones((5, 1)), vectors=np.stack([axes[i] for i in (0, 0, 1, 0, 2)]), sessions=np.array([0, 0, 0, 1, 1]))
    order = chosen(np.array([3, 2, 1, 1, 1], np.float32), c, Asks.SUMMARY).tolist()
    assert order.index(3) < order.index(2) and order.index(3) < order.index(4)
