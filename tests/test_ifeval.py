"""The checkers of verifiable instructions: each kind passes what follows it and fails what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ownmind.bench import ifeval
from ownmind.errors import BadInput
from ownmind.models.llama.frames import Json

ASKED: list[tuple[str, dict[str, Json], str, str]] = [
    ("keywords:existence", {"keywords": ["mom", "Rome"]}, "My MOM saw rome.", "My mom saw Paris."),
    ("keywords:frequency", {"keyword": "sea", "relation": "at least", "frequency": 2}, "The sea. Sea!", "The sea."),
    ("keywords:frequency", {"keyword": "sea", "relation": "less than", "frequency": 2}, "The sea.", "The sea, the sea."),
    ("keywords:forbidden_words", {"forbidden_words": ["rock"]}, "A rocket.", "A Rock!"),
    ("keywords:letter_frequency", {"letter": "q", "let_relation": "less than", "let_frequency": 2}, "A queen.", "A queen quips."),
    ("language:response_language", {"language": "de"}, "Das ist nicht die Stadt, in der ich wohne.", "This is not the town where I live."),
    ("language:response_language", {"language": "hi"}, "यह एक अच्छा दिन है", "It is a good day for all of us."),
    ("length_constraints:number_sentences", {"relation": "at least", "num_sentences": 3}, "One. Two! Three?", "One. Two and three."),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "One.\n***\nTwo.", "One.\n\nTwo."),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "One.\n***\nTwo.\n***", "One.\n***\n***\nTwo."),
    ("length_constraints:number_words", {"relation": "less than", "num_words": 4}, "Only three words.", "These are four words."),
    (
        "length_constraints:nth_paragraph_first_word",
        {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "summary"},
        'One.\n\n"Summary, two.',
        "Summary.\n\nTwo.",
    ),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}, "Dear [name], at [place].", "Dear [name]."),
    ("detectable_content:postscript", {"postscript_marker": "P.S."}, "Bye.\nP. S. Call me.", "Bye. PS call me."),
    ("detectable_content:postscript", {"postscript_marker": "P.P.S"}, "Bye.\nP.P.S. Call me.", "Bye.\nP.S. Call me."),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, "* one\n- two", "* one\n* two\n* three"),
    ("detectable_format:constrained_response", {}, "My answer is maybe.", "Perhaps."),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, "*One* and **two**.", "*One* and ** **."),
    (
        "detectable_format:multiple_sections",
        {"section_spliter": "SECTION", "num_sections": 2},
        "SECTION 1\na\nSECTION 2\nb",
        "SECTION 1\na",
    ),
    ("detectable_format:json_format", {}, '```json\n{"a": 1}\n```', "{a: 1}"),
    ("detectable_format:title", {}, "<<A day>>\nIt rained.", "<< >>\nIt rained."),
    ("combination:two_responses", {}, "One.\n******\nTwo.", "One.\n******\nOne."),
    ("combination:repeat_prompt", {"prompt_to_repeat": "Write a poem."}, "write a poem.\nRoses.", "Roses. Write a poem."),
    ("startend:end_checker", {"end_phrase": "Any questions?"}, 'That is all. "Any questions?"', "Any questions? Bye."),
    (
        "change_case:capital_word_frequency",
        {"capital_relation": "at least", "capital_frequency": 2},
        "VERY GOOD indeed.",
        "VERY good indeed.",
    ),
    ("change_case:english_capital", {}, "THIS IS THE WAY OF THE WORLD.", "THIS IS the way."),
    ("change_case:english_lowercase", {}, "this is the way of the world.", "This is the way."),
    ("punctuation:no_comma", {}, "One and two.", "One, two."),
    ("startend:quotation", {}, ' "All of it." ', '"Not" all of it.'),
]


@pytest.mark.parametrize(("kind", "given", "good", "bad"), ASKED)
def test_each_kind_passes_and_fails(kind: str, given: dict[str, Json], good: str, bad: str) -> None:
    """No checker passes everything."""
    prompt = ifeval.Prompt(1, "Write.", ((kind, given),))
    assert ifeval.followed(good, prompt) == [True] and ifeval.followed(bad, prompt) == [False]
    assert ifeval.followed("  ", prompt) == [False]


def test_every_kind_has_its_test() -> None:
    """All 25 of the paper."""
    assert {kind for kind, _, _, _ in ASKED} == set(ifeval.CHECKS) and len(ifeval.CHECKS) == 25


def test_prompts_are_read_as_they_are_published(tmp_path: Path) -> None:
    """Parameters that are null are none."""
    row = {"key": 7, "prompt": "Hi", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{"num_words": None}]}
    (tmp_path / "input_data.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert ifeval.prompts(tmp_path) == [ifeval.Prompt(7, "Hi", (("punctuation:no_comma", {}),))]
    with pytest.raises(BadInput):
        ifeval.prompts(tmp_path / "nowhere")
