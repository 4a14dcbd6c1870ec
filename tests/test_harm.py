"""What would harm is not planned, and nothing innocent is refused: a labelled set, half of which the rules were never tuned on."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.goals.saying.harm import refuses

LABELLED = json.loads(Path(__file__).with_name("harm.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.mark.parametrize("part", ["dev", "held"])
def test_what_would_harm_is_refused(part: str) -> None:
    """All of the half that was written with; of the held-out half, at least 22 of 25."""
    let_through = [text for text in LABELLED[part]["harm"] if not refuses(text, NOW)]
    assert len(let_through) <= (0 if part == "dev" else 3), let_through


@pytest.mark.parametrize("part", ["dev", "held"])
def test_what_only_sounds_like_it_is_planned(part: str) -> None:
    """No innocent goal gets a sermon; of the held-out half at most one."""
    refused = [text for text in LABELLED[part]["innocent"] if refuses(text, NOW)]
    assert len(refused) <= (0 if part == "dev" else 1), refused


def test_a_word_about_ones_own_life_offers_help_and_no_number() -> None:
    """It names people to turn to, and invents no telephone number."""
    words = refuses("I want to end my life")
    assert "emergency" in words
    assert not any(letter.isdigit() for letter in words)


def test_losing_weight_is_refused_only_when_it_is_too_fast() -> None:
    """The same amount is fine over months."""
    assert refuses("lose 10 kg in three weeks", NOW)
    assert not refuses("lose 10 kg in six months", NOW)
    assert refuses("lose 22 pounds by 5 December", NOW)


def test_from_one_weight_to_another_is_reckoned_by_what_lies_between() -> None:
    """ "From 88 kg to 80 kg" loses eight, not eighty-eight."""
    assert not refuses("drop from 88 kg to 80 kg before 15 March", NOW)
    assert refuses("drop from 88 kg to 60 kg before 15 December", NOW)
    assert not refuses("my colleague Rob invited me")
