"""``ownmind models``: a list a person can choose from, a file of their own, plain errors; alone and beside a running Ownmind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ggufs import TINY, header, written
from ownmind.channels.cli import run
from ownmind.models.scripted import ScriptedModel
from served import Served, served

WHOLE = header(TINY, [("token_embd.weight", (64, 4), 1, 0)]) + bytes(64 + 512)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A running Ownmind with an empty cache; the commands ask it over its socket."""
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    with served(tmp_path / "mind", ScriptedModel("Good."), on_socket=True) as there:
        yield there


def test_a_running_ownmind_is_asked(there: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The list, the machine, a file of one's own added, listed and taken off again; what does not go is exit code 2 with a hint."""

    def ask(*words: str) -> tuple[int, str, str]:
        code = run(["models", *words, "--home", str(there.house.paths.home)])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, _ = ask()
    assert code == 0 and "To be had" in out and "nothing here runs it yet" in out and "Apache-2.0" in out
    assert json.loads(ask("--kind", "image", "--json")[1])["models"][0]["role"] == "image"
    assert "memory" in ask("machine")[1] and json.loads(ask("machine", "--json")[1])["cores"] >= 1
    mine = written(tmp_path / "tiny.gguf", WHOLE)
    code, out, _ = ask("add", str(mine))
    assert code == 0 and "stays where it is" in out and "ownmind models use tiny" in out
    assert [one["id"] for one in json.loads(ask("--json")[1])["models"] if one["here"]] == ["tiny"]
    assert "verify" not in ask("verify")[2] and ask("verify", "tiny")[0] == 0
    for wrong in (("use", "qwen2.5-coder-0.5b-instruct-q4_k_m"), ("add", "a b c"), ("remove", "gpt-9"), ("use",), ("servers", "nonsense")):
        code, _, err = ask(*wrong)
        assert code == 2 and "hint: " in err, wrong
    code, _, err = ask("use", "tiny")
    assert code == 3 and "tiny cannot be used" in err, "llama.cpp does not take it: said, and nothing changed"
    assert ask("remove", "tiny")[1].startswith("Tiny is no longer listed") and mine.exists()
    assert "Nothing was checked" in ask("checked")[1]
