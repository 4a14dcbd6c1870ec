"""The catalogue: everything pinned, nothing vague, and clear words for what is not in it."""

from __future__ import annotations

import json
import re

import pytest

from ownmind.config import Config
from ownmind.errors import BadInput
from ownmind.models import catalogue


def test_every_file_and_every_part_is_pinned() -> None:
    """A sha256 and a size for each file and each wheel, and one named member in it."""
    for entry in catalogue.entries():
        assert entry.files and entry.licence and entry.upstream and entry.title and entry.about
        for file in entry.files:
            assert re.fullmatch(r"[0-9a-f]{64}", file.sha256) and file.bytes > 0 and "/" not in file.name
            assert file.parts or file.hub
            for part in file.parts:
                assert re.fullmatch(r"[0-9a-f]{64}", part.sha256) and part.bytes > 0
                assert part.wheel.endswith(".whl") and part.wheel.startswith(part.package.replace("-", "_"))
                assert part.member and not part.member.startswith(("/", "..")) and not part.member.endswith(".py")


def test_parts_come_in_the_order_of_their_numbers() -> None:
    """part 2 before part 10: they are put one after the other as listed."""
    for entry in catalogue.entries():
        for file in entry.files:
            numbers = [int(found[1]) for part in file.parts if (found := re.search(r"part(\d+)\.bin$", part.member))]
            assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) in (0, len(file.parts))


def test_the_defaults_of_the_settings_are_there() -> None:
    """The starter set can be looked up, and something here runs it."""
    assert catalogue.entry(Config().brain).runs_with == "llama.cpp"
    assert catalogue.entry(Config().embedder).runs_with == "onnx"
    assert {file.name for file in catalogue.entry(Config().embedder).files} == {"model.onnx", "tokenizer.json"}
    assert len({entry.id for entry in catalogue.entries()}) == len(catalogue.entries())


def test_an_unknown_model_lists_the_known_ones() -> None:
    """A typo gets a suggestion."""
    with pytest.raises(BadInput) as caught:
        catalogue.entry("all-minilm-l6-v2-int4")
    assert "did you mean 'all-minilm-l6-v2-int8'?" in caught.value.hint and "smollm2-135m-instruct-q4_1" in caught.value.hint


@pytest.mark.parametrize("wrong", ["{}", '[{"id": "x"}]', '[{"id": "x", "files": [{"name": "a", "bytes": 0}]}]', '["x"]'])
def test_a_catalogue_that_is_not_one_is_refused(wrong: str) -> None:
    """A missing or wrong field is named, not guessed."""
    with pytest.raises(BadInput):
        catalogue.parse(wrong)
    assert catalogue.parse(json.dumps([])) == ()
