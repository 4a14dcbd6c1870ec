"""The documentation does not lie: its Python runs, its links lead somewhere, its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.S)


@pytest.mark.brain
@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_every_python_example_runs_as_printed(page: str) -> None:
    """A reader can paste any example, whole, and it works."""
    blocks = _blocks(ROOT / page, "python")
    assert blocks, f"{page} has no example"
    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, timeout=280, cwd=ROOT)
        assert done.returncode == 0, f"{block}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    """No page points at a file that is not there."""
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} points at {target}"


def test_every_room_of_the_map_is_there_and_every_room_is_on_the_map() -> None:
    """ARCHITECTURE.md names each folder of the package, and no folder is missing from it."""
    named = set(re.findall(r"^\| `(\w+)/`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), flags=re.M))
    there = {folder.name for folder in (ROOT / "src/ownmind").iterdir() if folder.is_dir() and (folder / "__init__.py").exists()}
    assert named == there


def test_every_dependency_says_why_it_is_here() -> None:
    """A line of pyproject's dependencies without a reason is a dependency nobody decided on."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", text, flags=re.M | re.S)
    assert listed
    lines = [line for line in listed[1].splitlines() if line.strip().startswith('"')]
    assert len(lines) > 10
    bare = [line for line in lines if "#" not in line]
    assert not bare, bare


def test_nothing_committed_names_a_machine_or_a_lock() -> None:
    """No lock file with hosts, no absolute home folder of whoever wrote it."""
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    assert "uv.lock" not in tracked
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".json", ".js", ".html", ".css", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not re.search(r"(?<![\w.~])/(root|home/(?!ana|me\b|you\b|user\b)\w+)/", text), (
                f"{name} holds a path of somebody's machine"
            )
