"""The catalogue: everything pinned, nothing vague, and clear words for what is not in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ownmind.config import Config
from ownmind.errors import BadInput
from ownmind.models.shelf import catalogue


def test_every_file_and_every_part_is_pinned() -> None:
    """A sha256 and a size for each file and each wheel, and one named member in it. What has no files yet says where the hub has them."""
    for entry in catalogue.entries():
        assert entry.files or entry.hub
        assert entry.licence and entry.upstream and entry.title and entry.about
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


GOOD = {
    "id": "mine",
    "role": "chat",
    "title": "Mine",
    "about": "A model.",
    "runs_with": "llama.cpp",
    "licence": "MIT",
    "upstream": "ana/mine",
    "files": [{"name": "mine.gguf", "bytes": 5, "sha256": "0" * 64, "hub": {"repo": "ana/mine-GGUF", "file": "q4/mine.gguf"}}],
}


def test_there_is_a_model_for_every_role_and_it_says_whether_anything_runs_it() -> None:
    """Chat to images; what nothing here runs says so, and only chat models of llama.cpp and the two embedders claim to run."""
    known = catalogue.entries()
    assert {entry.kind for entry in known} == set(catalogue.KINDS)
    assert {entry.id for entry in known if entry.runs_with in ("onnx", "e5")} == {"all-minilm-l6-v2-int8", "multilingual-e5-small-q4"}
    assert all(entry.kind == "chat" for entry in known if entry.runs_with == "llama.cpp")
    assert sum(entry.is_chat for entry in known) >= 10


def test_an_update_is_data_and_what_a_person_pinned_stays(tmp_path: Path) -> None:
    """A catalogue in the home adds models and changes them; it does not move a hash that the person's own look at the hub pinned."""
    assert catalogue.entries(tmp_path) == catalogue.entries()
    new = catalogue.parse(json.dumps([GOOD]))
    catalogue.keep(tmp_path, new, catalogue.UPDATE)
    assert catalogue.entry("mine", tmp_path) == new[0] and len(catalogue.entries(tmp_path)) == len(catalogue.entries()) + 1
    pinned = replace(new[0], files=(replace(new[0].files[0], sha256="1" * 64),))
    catalogue.keep(tmp_path, [pinned])
    assert catalogue.entry("mine", tmp_path).files[0].sha256 == "1" * 64
    (tmp_path / catalogue.UPDATE).write_text("{ not json")
    with pytest.raises(BadInput, match="is no catalogue"):
        catalogue.entries(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "../../etc"}, "no id"),
        ({"role": "oracle"}, "no role"),
        ({"runs_with": "bash"}, "nothing here is called"),
        ({"files": []}, "neither files nor a place"),
        ({"files": [{"name": "../x", "bytes": 5, "sha256": "0" * 64}]}, "no file name"),
        ({"files": [{"name": ".hidden", "bytes": 5, "sha256": "0" * 64}]}, "no file name"),
        ({"files": [{"name": "x", "bytes": 5, "sha256": "short"}]}, "no sha256"),
        ({"files": [{"name": "x", "bytes": 1 << 60, "sha256": "0" * 64}]}, "whole number"),
        ({"files": [{"name": "x", "bytes": 5, "sha256": "0" * 64, "hub": {"repo": "a/b", "file": "../../c"}}]}, "no file of the hub"),
        ({"files": [{"name": "x", "bytes": 5, "sha256": "0" * 64, "hub": {"repo": "a/../b", "file": "c"}}]}, "no place on the hub"),
        ({"title": "two\nlines"}, "must be text"),
    ],
)
def test_a_catalogue_from_outside_leads_nowhere_else(change: dict[str, object], words: str) -> None:
    """Names with folders in them, roles and runners there are none of, hashes that are none."""
    with pytest.raises(BadInput, match=words):
        catalogue.parse(json.dumps([{**GOOD, **change}]))
    outside = catalogue.parse(json.dumps([{**GOOD, "files": [{"name": "x", "bytes": 5, "sha256": "0" * 64, "path": "/etc/passwd"}]}]))
    assert outside[0].files[0].path == "", "only what the person added may lie elsewhere"


@pytest.mark.parametrize("wrong", ["{}", "[" * 100_000, '[{"id": "x"}]', '[{"id": "x", "files": [{"name": "a", "bytes": 0}]}]', '["x"]'])
def test_a_catalogue_that_is_not_one_is_refused(wrong: str) -> None:
    """A missing or wrong field is named, not guessed."""
    with pytest.raises(BadInput):
        catalogue.parse(wrong)
    assert catalogue.parse(json.dumps([])) == ()
