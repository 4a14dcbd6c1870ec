"""The face of skills over a real encrypted store: what is let in, by whose word, for which bytes, and what it can reach then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ownmind.channels.python import Companion
from ownmind.config import Config
from ownmind.errors import BadInput, NotFound, Refused
from ownmind.messages import ActionState
from ownmind.models.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from test_skill import PLAIN, folder, zipped

SCRIPTED = PLAIN.replace("---\n\n", "metadata:\n  ownmind-script: scripts/run.py\nallowed-tools: {tools}\n---\n\n")


@pytest.fixture
def mind(tmp_path: Path) -> Iterator[Companion]:
    offline = Config(fetch=False, learn=False)
    with Companion.open(tmp_path / "mind", brain=ScriptedModel("Fine."), embedder=HashEmbedder(), config=offline) as held:
        yield held


def install(mind: Companion, at: Path) -> None:
    mind.approve(mind.skills.install(str(at)).id)


def test_nothing_runs_before_the_person_said_yes(mind: Companion, tmp_path: Path) -> None:
    """Installing asks, on a card that says what it may do; until the yes it waits and does not run."""
    made = folder(tmp_path, text=PLAIN.replace("---\n\n", "allowed-tools: recall\n---\n\n"))
    action = mind.skills.install(str(made))
    assert action.state is ActionState.WAITING
    assert any("search everything you remember" in one.value for one in action.arguments)
    assert mind.skills.get("my-skill").state == "waiting"
    with pytest.raises(Refused, match="waits for your yes"):
        mind.skills.run("my-skill", "go")
    mind.approve(action.id)
    assert mind.skills.get("my-skill").state == "active"
    assert mind.skills.run("my-skill", "go").text == "Fine."


def test_the_yes_is_for_these_bytes(mind: Companion, tmp_path: Path) -> None:
    """Files that change after the card was shown change nothing of what is installed."""
    made = folder(tmp_path)
    action = mind.skills.install(str(made))
    (made / "SKILL.md").write_text(PLAIN.replace("Do it", "Do evil"))
    mind.approve(action.id)
    assert "Do it" in mind.skills.get("my-skill").body


def test_a_no_leaves_nothing_behind(mind: Companion, tmp_path: Path) -> None:
    """Neither a row nor the sealed file."""
    action = mind.skills.install(str(folder(tmp_path)))
    mind.decline(action.id)
    assert "my-skill" not in [one.name for one in mind.skills.all()]
    assert not list((tmp_path / "mind" / "blobs").iterdir())


def test_an_update_asks_again_and_can_be_taken_back(mind: Companion, tmp_path: Path) -> None:
    """The old version goes on until the yes; undoing the yes brings it back."""
    install(mind, folder(tmp_path / "a"))
    newer = folder(tmp_path / "b", text=PLAIN.replace("---\n\n", "allowed-tools: recall\n---\n\n"))
    assert [one.name for one in mind.skills.look(str(newer)).change.more] == ["recall"]  # type: ignore[union-attr]  # there is one
    with pytest.raises(BadInput, match="is installed"):
        mind.skills.install(str(newer))
    action = mind.skills.update(str(newer))
    assert [one.name for one in mind.skills.changes("my-skill").more] == ["recall"]
    assert not mind.skills.permissions("my-skill")
    mind.approve(action.id)
    assert [one.name for one in mind.skills.permissions("my-skill")] == ["recall"]
    mind.undo(action.id)
    assert not mind.skills.permissions("my-skill")
    with pytest.raises(BadInput, match="already"):
        mind.skills.update(str(tmp_path / "a" / "my-skill"))


def test_removing_shreds_and_exporting_gives_back(mind: Companion, tmp_path: Path) -> None:
    packed = tmp_path / "s.zip"
    packed.write_bytes(zipped({"SKILL.md": PLAIN.encode(), "assets/a.txt": b"hello"}))
    install(mind, packed)
    out = Path(mind.skills.export("my-skill", str(tmp_path / "out")))
    assert (out / "assets" / "a.txt").read_bytes() == b"hello"
    mind.skills.remove("my-skill")
    assert not list((tmp_path / "mind" / "blobs").iterdir())
    with pytest.raises(NotFound):
        mind.skills.get("my-skill")


def test_a_built_in_name_cannot_be_taken(mind: Companion, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="built-in"):
        mind.skills.install(str(folder(tmp_path, "meal-plan", PLAIN.replace("my-skill", "meal-plan"))))
    with pytest.raises(BadInput, match="cannot be removed"):
        mind.skills.remove("meal-plan")
    assert not mind.skills.enable("meal-plan", False).is_on
    with pytest.raises(Refused, match="switched off"):
        mind.skills.run("meal-plan", "for three days")
