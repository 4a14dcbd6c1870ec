"""The benches of answers and of abstention: what they count."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from ownmind.bench import answers
from ownmind.bench.abstention import auroc
from ownmind.bench.answers import says
from ownmind.bench.questions import from_files, lives
from ownmind.errors import BadInput


def test_auroc_is_the_chance_to_rank_right() -> None:
    """1 when all is above, a half by chance and for ties, 0 when all is below."""
    high, low = np.array([0.8, 0.9]), np.array([0.1, 0.2, 0.3])
    assert (auroc(high, low), auroc(low, high), auroc(low, low)) == (1.0, 0.0, 0.5)


@pytest.mark.parametrize(
    ("reply", "answer", "share"),
    [
        ("Caroline went there on 7 May 2023.", "7 May 2023", 1.0),
        ("They have two cats and a dog.", "2 cats and a dog", 1.0),
        ("She likes painting.", "She paints", 1.0),
        ("She has three.", "four", 0.0),
        ("They hiked.", "hiking and swimming", 0.5),
        ("I don't know that yet.", "Porto", 0.0),
    ],
)
def test_a_reply_is_right_when_it_says_the_answer(reply: str, answer: str, share: float) -> None:
    """Numbers as words, other forms and order do not matter; what is not said does."""
    assert says(reply, answer) == share


def test_both_sets_are_read_with_what_cannot_be_answered(tmp_path: Path) -> None:
    """Category 5 and "abstention" are the unanswerable ones."""
    turn = {"dia_id": "D1:1", "speaker": "Ana", "text": "I adopted a cat."}
    conversation = {"session_1_date_time": "1:56 pm on 8 May, 2023", "session_1": [turn]}
    qa = [{"question": "Who adopted a cat?", "answer": "Ana", "category": 4, "evidence": []}]
    qa += [{"question": "Did Ben?", "adversarial_answer": "no", "category": 5, "evidence": []}]
    beam = {"turns": [{"id": 0, "role": "user", "t": "March-15-2024", "text": "Hi"}], "qs": [{"q": "Why?", "kind": "abstention", "ev": []}]}
    for name, found in (("locomo_x", [{"sample_id": "a", "conversation": conversation, "qa": qa}]), ("beam_x", [beam])):
        with gzip.open(tmp_path / f"{name}.json.gz", "wt", encoding="utf-8") as file:
            json.dump(found, file)
    read = {name: [one.answerable for one in told.put] for name, told in from_files(tmp_path)}
    assert read == {"beam_x": [False], "locomo_x": [True, False]}


def test_a_life_asks_what_it_never_told() -> None:
    """Every generated life has questions of both sorts."""
    ((_, told),) = lives([3], ["friends"])
    assert {one.answerable for one in told.put} == {True, False}


def test_without_data_the_bench_says_what_it_needs() -> None:
    """A hint, not a traceback."""
    with pytest.raises(BadInput, match="data"):
        answers.run()
