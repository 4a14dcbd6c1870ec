"""Conversations whose evidence is known, and what is made of them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.bench.conversations import files, of_file, of_life
from ownmind.bench.recall_quality import Scored, summary
from ownmind.errors import BadInput

LONGMEMEVAL = [
    {
        "question_id": "q1",
        "question_type": "single-session-user",
        "question": "What did I name the boat?",
        "question_date": "2023/05/30 (Tue) 23:40",
        "answer": "Marlin",
        "answer_session_ids": ["s2"],
        "haystack_dates": ["2023/05/20 (Sat) 02:21", "2023/05/22 (Mon) 10:00"],
        "haystack_session_ids": ["s1", "s2"],
        "haystack_sessions": [
            [{"role": "user", "content": "How deep is the lake?"}, {"role": "assistant", "content": "Forty metres."}],
            [{"role": "user", "content": "I named the boat Marlin", "has_answer": True}, {"role": "assistant", "content": "Lovely."}],
        ],
    },
    {
        "question_id": "q2_abs",
        "question_type": "multi-session",
        "question": "What did I name the car?",
        "question_date": "2023/05/30 (Tue) 23:40",
        "haystack_dates": ["2023/05/20 (Sat) 02:21"],
        "haystack_session_ids": ["s1"],
        "haystack_sessions": [[{"role": "user", "content": "How deep is the lake?", "has_answer": False}]],
    },
]


def test_longmemeval_is_read_as_published(tmp_path: Path) -> None:
    """Turns of every session with their times, evidence by has_answer, asked on the question's own day; no evidence, no question."""
    path = tmp_path / "longmemeval_s.json"
    path.write_text(json.dumps(LONGMEMEVAL), encoding="utf-8")
    one, unanswerable = of_file(path)
    assert [entry.external_id for entry in one.entries] == ["s1:0", "s1:1", "s2:0", "s2:1"]
    assert one.asked[0].evidence == {"s2:0"} and one.asked[0].category == "single-session-user"
    assert one.now == datetime(2023, 5, 30, 23, 40, tzinfo=UTC) and one.entries[2].at == datetime(2023, 5, 22, 10, tzinfo=UTC)
    assert len({entry.conversation for entry in one.entries}) == 2 and unanswerable.asked == ()


def test_locomo_and_beam_are_read_as_published(tmp_path: Path) -> None:
    """Ids written in several ways are understood; what is not there is left out."""
    turns = [{"dia_id": f"D1:{i}", "speaker": "Ana", "text": f"line {i}"} for i in (1, 2)]
    qa = [{"question": "Which?", "evidence": ["D1:2; D:1:9"], "category": 4}, {"question": "What?", "evidence": [], "category": 5}]
    locomo = [{"sample_id": "c1", "conversation": {"session_1_date_time": "1:56 pm on 8 May, 2023", "session_1": turns}, "qa": qa}]
    beam = [{"turns": [{"id": 7, "t": "March-15-2024", "role": "user", "text": "hello"}], "qs": [{"q": "Hm?", "ev": [7], "kind": "when"}]}]
    for name, content in (("locomo.json.gz", locomo), ("beam.json.gz", beam)):
        (tmp_path / name).write_bytes(gzip.compress(json.dumps(content).encode()))
    (second,), (first,) = of_file(tmp_path / "beam.json.gz"), of_file(tmp_path / "locomo.json.gz")
    assert [asked.evidence for asked in first.asked] == [{"D1:2"}] and [asked.evidence for asked in second.asked] == [{"7"}]
    assert [path.name for path in files(tmp_path)] == ["beam.json.gz", "locomo.json.gz"]


def test_a_file_that_is_no_set_is_refused(tmp_path: Path) -> None:
    """With what to do, instead of a traceback."""
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput):
        list(of_file(tmp_path / "x.json"))
    with pytest.raises(BadInput):
        files([])


def test_the_life_is_a_set_like_the_others() -> None:
    """Every question kept has its evidence among the entries."""
    (one,) = of_life("diary", [5])
    there = {entry.external_id for entry in one.entries}
    assert one.asked and all(asked.evidence and asked.evidence <= there for asked in one.asked)


def test_figures_are_what_they_say() -> None:
    """recall, hit, reciprocal rank and an interval over conversations, by hand."""
    scored = [Scored(0, "a", "when", 2, {"": (0, 12)}), Scored(1, "b", "list", 1, {"": ()})]
    figures = summary(scored)
    assert (figures["recall@10"], figures["recall@20"], figures["hit@10"], figures["mrr"]) == (0.25, 0.5, 0.5, 0.5)
    assert figures["interval"] == {"recall@5": [0.0, 0.5], "recall@10": [0.0, 0.5], "recall@20": [0.0, 1.0]}
