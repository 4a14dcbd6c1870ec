"""A summary leaves out what decides nothing, and nothing else: twelve texts of different kinds, written before the code; half of them
were not looked at while it was made."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TypedDict

import pytest

from ownmind.skills.deciding import MOST, chosen, is_heading, is_instruction, sections, weight
from ownmind.skills.material import Piece, sentences


class Text(TypedDict):
    """``facts``: of each, ways to say it: words that stand in one line together."""

    kind: str
    split: str
    text: str
    facts: list[list[list[str]]]


TEXTS: list[Text] = json.loads(Path(__file__).with_name("summaries.json").read_text("utf-8"))


def kept(text: str) -> list[str]:
    return [piece.text for one in chosen(sections([Piece(line) for line in sentences(text)])) for piece in one.pieces]


def missed(one: Text) -> list[str]:
    lines = [line.lower() for line in kept(one["text"])]
    return [
        str(ways)
        for ways in one["facts"]
        if not any(all(re.search(rf"(?<!\w){re.escape(word.lower())}", line) for word in words) for words in ways for line in lines)
    ]


@pytest.mark.parametrize("one", TEXTS, ids=[one["kind"] for one in TEXTS])
def test_what_decides_is_kept(one: Text) -> None:
    """All of a short text's facts; of a long report at least nine of ten, and less than three quarters of it."""
    lost = missed(one)
    assert len(lost) <= (0.1 * len(one["facts"]) if "report" in one["kind"] else 0), lost
    assert sum(map(len, kept(one["text"]))) < (0.75 if "report" in one["kind"] else 1.0) * len(one["text"])


@pytest.mark.parametrize(
    "line",
    [
        "Many guests enjoy the view over the valley.",
        "We thank you for your patience.",
        "There was cake afterwards.",
        "Any questions, just ask me.",
        "Some found the seats rather hard.",
    ],
)
def test_what_decides_nothing_may_go(line: str) -> None:
    assert weight(line) < 1


@pytest.mark.parametrize(
    "line",
    [
        "Dogs are not allowed.",
        "Hunde sind hier verboten.",
        "Ne pas ouvrir la porte.",
        "Non è permesso fumare.",
        "Bring warm clothes with you.",
        "If it rains, the walk takes place in the hall.",
        "The board decided to sell the house.",
        "Ask Mrs Berg for the key.",
        "Only members get in.",
        "Keep the lid on the pot.",
    ],
)
def test_what_binds_is_seen(line: str) -> None:
    """Prohibitions in several languages, conditions, decisions, instructions."""
    assert weight(line) >= 1


def test_a_long_text_has_lines_of_every_part() -> None:
    """Forty parts of numbers would fill any summary: no more lines than a summary has, from the first part and from the last."""
    text = "\n".join(
        f"Part {name}\nIt costs {n} euros until May {n}.\nIn {name} it may not exceed {n}00."
        for n, name in enumerate("ABCDEFGHIJKLMNOP", 1)
    )
    lines = kept(text)
    assert len(lines) <= MOST and any(" 1 euros" in line for line in lines) and any("1600" in line or " 16 " in line for line in lines)


def test_headings_are_told_from_sentences_and_lists() -> None:
    assert is_heading("# Costs", "") and is_heading("Costs", "The trial cost 9 euros.")
    assert (
        not is_heading("The trial cost 9 euros.", "It ended.")
        and not is_heading("- milk", "Buy it.")
        and not is_heading("200 g flour", "Mix.")
    )


def test_an_instruction_begins_with_its_verb() -> None:
    assert is_instruction("Knead the dough.") and is_instruction("If it blinks, pull the plug.") and is_instruction("Please leave a note.")
    assert not is_instruction("The dough rises.") and not is_instruction("Dogs run in the park.")


def test_a_text_that_decides_nothing_is_still_summed_up() -> None:
    assert kept("Clouds drift along. Sheep graze on green slopes. Somewhere bells ring.")
    assert kept("") == []


def test_a_line_that_was_only_wrapped_is_one_sentence() -> None:
    """Mail and PDF break lines at their width."""
    text = "The meeting of the housing association takes place\non 4 May at seven o'clock.\n- bring a chair\n- bring a pen"
    assert sentences(text)[0].endswith("o'clock.") and len(sentences(text)) == 3
