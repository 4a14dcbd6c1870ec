"""Templates: data files a person can read and add to."""

from __future__ import annotations

from pathlib import Path

import pytest

from ownmind.goals.slots import SLOTS
from ownmind.goals.templates import Rule, cued, load, meant

OWN = """id = "tea"
title = "Tea"
about = "a cup of tea"
rule = "sittings"
step = "Tea: {title}"

[usual]
minutes = "10 min"

[[ask]]
slot = "a_week"
question = "How often?"
needed = true
"""


def test_every_kind_is_there_and_says_whose_it_is() -> None:
    """Nine kinds and one for exams; what claims expertise names its source, and what touches health or money says what it is not."""
    loaded = load()
    assert not loaded.problems
    assert {"habit", "project", "training", "practice", "saving", "reading", "event", "relationship", "free"} <= set(loaded.templates)
    assert {one.rule for one in loaded.templates.values()} == set(Rule)
    for name in ("training", "practice", "reading", "habit", "study"):
        assert loaded.templates[name].source
    assert "not medical advice" in loaded.templates["training"].says
    assert "no financial advice" in loaded.templates["saving"].says


def test_a_person_adds_a_template_and_replaces_ours(tmp_path: Path) -> None:
    """A file in the home's folder counts, also in place of one of ours."""
    (tmp_path / "tea.toml").write_text(OWN)
    (tmp_path / "habit.toml").write_text(OWN.replace('"tea"', '"habit"'))
    loaded = load(tmp_path)
    assert loaded.templates["tea"].is_own
    assert loaded.templates["habit"].title == "Tea"
    assert not loaded.problems


@pytest.mark.parametrize(
    ("was", "wrong", "line"),
    [
        ('rule = "sittings"', 'rule = "magic"', 4),
        ('rule = "sittings"', "rule = sittings", 4),
        ('minutes = "10 min"', 'minutes = "ten lightyears"', 8),
        ('minutes = "10 min"', "minutes = 10", 8),
        ('slot = "a_week"', 'slot = "colour"', 11),
        ('question = "How often?"', "", 11),
        ("needed = true", 'needed = "yes"', 13),
        ("{title}", "{secret}", 5),
        ('about = "a cup of tea"', 'color = "green"', 3),
        ('id = "tea"', 'id = "A TEA"', 1),
    ],
)
def test_a_broken_file_names_its_line_and_stops_no_other(tmp_path: Path, was: str, wrong: str, line: int) -> None:
    """The file, the line and what is wrong; every other template is still there."""
    (tmp_path / "bad.toml").write_text(OWN.replace(was, wrong))
    (tmp_path / "good.toml").write_text(OWN)
    loaded = load(tmp_path)
    (problem,) = loaded.problems
    assert (problem.file, problem.line) == ("bad.toml", line), str(problem)
    assert "tea" in loaded.templates


def test_bytes_that_are_no_text_are_said_so(tmp_path: Path) -> None:
    """A file that is no UTF-8, and one too large, are named."""
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b.toml").write_text("#" * 70_000)
    assert [one.file for one in load(tmp_path).problems] == ["a.toml", "b.toml"]


def test_the_example_of_the_page_is_a_template(tmp_path: Path) -> None:
    """What docs/goals.md shows can be put into the folder as it stands, and names every slot and rule."""
    page = (Path(__file__).parent.parent / "docs" / "goals.md").read_text(encoding="utf-8")
    (tmp_path / "choir.toml").write_text(page.partition("```toml\n")[2].partition("```")[0])
    loaded = load(tmp_path)
    assert not loaded.problems, [str(one) for one in loaded.problems]
    assert loaded.templates["choir"].is_own
    assert cued("Sing well at the christmas concert", loaded.templates) == "choir"
    assert meant("Sing at the Christmas Concert", loaded.templates["choir"]) == (("place", "St Mary's", 12, 29),)
    assert all(f"`{rule}`" in page for rule in Rule)
    assert " ".join(SLOTS) in page
