"""Completion in a real bash: what is offered after the first letters."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from commandline import ownmind
from ownmind.channels.cli.commands import COMMANDS


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    done = ownmind(tmp_path_factory.mktemp("home") / "mind", "completion", "bash")
    assert done.returncode == 0, done.stderr
    return done.stdout


def offered(script: str, *words: str) -> set[str]:
    """What bash offers after ``ownmind WORDS``, the last word unfinished."""
    typed = " ".join(f"'{word}'" for word in ("ownmind", *words))
    ask = f"{script}\nCOMP_WORDS=({typed}); COMP_CWORD={len(words)}; _ownmind; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "--norc", "-c", ask], capture_output=True, text=True, check=True)
    return {line.strip() for line in done.stdout.splitlines() if line.strip()}


pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


def test_bash_completes_commands(script: str) -> None:
    """Every command is offered, and letters narrow them."""
    assert set(COMMANDS) <= offered(script, "")
    assert offered(script, "rec") == {"recall", "recovery"}


def test_bash_completes_options_and_choices(script: str) -> None:
    """A command's own options, and words where only certain ones are accepted."""
    assert {"--explain", "--home", "--json"} <= offered(script, "recall", "--")
    assert offered(script, "models", "f") == {"fetch"}


def test_bash_completes_files_where_a_path_goes(script: str, tmp_path: Path) -> None:
    """A path is completed as a path."""
    (tmp_path / "diary.md").touch()
    assert offered(script, "import", f"{tmp_path}/di") == {f"{tmp_path}/diary.md"}


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_a_script(shell: str, tmp_path: Path) -> None:
    """zsh and fish get theirs, in valid syntax where the shell is here to say so."""
    done = ownmind(tmp_path / "mind", "completion", shell)
    assert done.returncode == 0 and "recall" in done.stdout
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=done.stdout, text=True, check=False).returncode == 0


def test_an_unknown_shell_lists_the_known_ones(tmp_path: Path) -> None:
    """Wrong input names what is right."""
    done = ownmind(tmp_path / "mind", "completion", "csh")
    assert done.returncode == 2 and "bash" in done.stderr
