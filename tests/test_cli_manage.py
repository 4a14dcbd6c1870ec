"""Bringing in, looking after, taking away: the commands on real files, right and wrong ones, and the docs' own examples."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import signal
import tomllib
from pathlib import Path

import pytest

from commandline import QUIET, ownmind, quiet_home, told
from ownmind.channels.cli import run
from ownmind.config import Config, parse
from ownmind.models.shelf import fetch
from ownmind.paths import find
from terminal import terminal

DOCS = Path(__file__).parent.parent / "docs"
TURN = {"id": "t1", "at": "2026-05-01T10:00:00+02:00", "speaker": "Ben", "text": "Ana is allergic to peanuts"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return quiet_home(tmp_path)


@pytest.fixture
def material(tmp_path: Path) -> Path:
    """A folder to import: a note, and a transcript whose second line is no turn."""
    folder = tmp_path / "material"
    folder.mkdir()
    (folder / "cellar.md").write_text("# Cellar\n\nThe key hangs behind the door.\n")
    (folder / "chat.jsonl").write_text(
        json.dumps(TURN) + "\nnot json\n" + json.dumps({**TURN, "id": "t3", "text": "She likes pears"}) + "\n"
    )
    return folder


def test_an_import_lists_what_it_skipped_and_keeps_the_rest(home: Path, material: Path) -> None:
    """The bad line by its number, everything else imported, exit code 1; a second import adds nothing."""
    first = told(home, "import", str(material), code=1)
    assert first["items"] == 3
    assert "2" in str(first["skipped"][0]["where"])  # type: ignore[index]
    again = ownmind(home, "import", str(material))
    assert again.returncode == 0 and "Remembered 0 items" in again.stdout
    assert "behind the door" in ownmind(home, "recall", "where is the key?").stdout


def test_an_import_of_nothing_imports_nothing(home: Path, material: Path) -> None:
    """One wrong path among right ones: said before anything was read."""
    assert ownmind(home, "import").returncode == 2
    done = ownmind(home, "import", str(material), str(material / "missing.md"))
    assert done.returncode == 2 and "missing.md" in done.stderr
    assert not (home / "mind.db").exists()


def test_forgetting_several_things_needs_a_yes(home: Path, material: Path) -> None:
    """A script without --yes removes nothing; with it the receipt is verified and recall finds nothing."""
    told(home, "import", str(material), code=1)
    target = told(home, "recall", "peanuts")["found"][0]["item"]["source"]["ref"]  # type: ignore[index]
    plan = told(home, "forget", target, "--dry-run")
    assert len(plan["items"]) == 2  # type: ignore[arg-type]
    refused = ownmind(home, "forget", target)
    assert refused.returncode == 2 and "--yes" in refused.stderr
    receipt = told(home, "forget", target, "--yes")
    assert receipt["verified"] is True
    assert "peanuts" not in ownmind(home, "recall", "peanuts").stdout
    assert ownmind(home, "forget", target).returncode == 2  # there is no such thing any more


def test_a_fact_of_several_in_one_message_can_go_by_its_words(home: Path) -> None:
    """At a terminal the smaller deed is told and can be said; the rest of the message stays."""
    ownmind(home, "remember", "I live in Porto and I am allergic to peanuts")
    fact = next(fact["id"] for fact in told(home, "facts")["facts"] if "peanuts" in fact["text"])  # type: ignore[index,union-attr]
    with terminal(home, "forget", fact) as screen:
        screen.until("Less would do", "leaves", "[y/N/words]")
        screen.type("words\n")
        screen.until("A scan found no trace")
    assert "I live in Porto and […]" in ownmind(home, "recall", "where do I live").stdout
    assert "peanuts" not in ownmind(home, "recall", "peanuts").stdout


def test_a_backup_comes_back_with_its_recovery_key(home: Path, tmp_path: Path) -> None:
    """A home without a passphrase is given a recovery key once; a damaged backup and a wrong key change nothing."""
    ownmind(home, "remember", "Ana is allergic to peanuts")
    file = tmp_path / "mind.ownmind-backup"
    key = str(told(home, "backup", str(file))["recovery_key"])
    assert re.fullmatch(r"[A-Z2-7]{5}(-[A-Z2-7]{5}){7}", key)
    assert b"peanuts" not in file.read_bytes()
    new = tmp_path / "new"
    assert ownmind(new, "restore", str(file)).returncode == 2  # nobody to ask
    assert ownmind(new, "restore", str(file), OWNMIND_PASSPHRASE="wrong horse").returncode == 2
    assert ownmind(home, "restore", str(file), OWNMIND_PASSPHRASE=key).returncode == 2  # never over what is there
    damaged = tmp_path / "damaged"
    content = bytearray(file.read_bytes())
    content[-500] ^= 0xFF
    damaged.write_bytes(content)
    assert ownmind(new, "restore", str(damaged), OWNMIND_PASSPHRASE=key).returncode == 4
    assert not new.exists()
    assert ownmind(new, "restore", str(file), OWNMIND_PASSPHRASE=key).returncode == 0
    assert "peanuts" in ownmind(new, "recall", "peanuts").stdout


def test_an_export_says_that_it_is_not_encrypted(home: Path, tmp_path: Path) -> None:
    """Everything in open formats, and nobody should believe otherwise."""
    ownmind(home, "remember", "Ana is allergic to peanuts")
    done = ownmind(home, "export", str(tmp_path / "out"))
    assert done.returncode == 0 and "not encrypted" in done.stderr
    assert any("peanuts" in path.read_text() for path in (tmp_path / "out").rglob("*.jsonl"))


def test_the_passphrase_can_be_set_changed_and_removed(home: Path) -> None:
    """Each takes effect at once; an empty one is refused; the recovery key opens when it is forgotten."""
    first, second = "correct horse battery", "staple paper lamp"
    ownmind(home, "remember", "Ana is allergic to peanuts")
    assert ownmind(home, "passphrase", "set", OWNMIND_NEW_PASSPHRASE="").returncode == 2
    assert ownmind(home, "passphrase", "set", OWNMIND_NEW_PASSPHRASE=first).returncode == 0
    assert ownmind(home, "recall", "peanuts").returncode == 2
    assert ownmind(home, "passphrase", "change", OWNMIND_PASSPHRASE=first, OWNMIND_NEW_PASSPHRASE=second).returncode == 0
    assert ownmind(home, "recall", "peanuts", OWNMIND_PASSPHRASE=first).returncode == 2
    key = str(told(home, "recovery", OWNMIND_PASSPHRASE=second)["recovery_key"])
    assert ownmind(home, "recall", "peanuts", OWNMIND_PASSPHRASE=key).returncode == 0
    assert ownmind(home, "passphrase", "remove", OWNMIND_PASSPHRASE=second).returncode == 0
    assert ownmind(home, "recall", "peanuts").returncode == 0


def test_a_wrong_model_file_is_refused(home: Path, tmp_path: Path) -> None:
    """models fetch --from takes the pinned bytes and no others."""
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + bytes(1000))
    done = ownmind(home, "models", "fetch", "smollm2-135m-instruct-q4_1", "--from", str(tmp_path / "model.gguf"))
    assert done.returncode == 4 and "hint: " in done.stderr
    unknown = ownmind(home, "models", "fetch", "smollm3")
    assert unknown.returncode == 2 and "smollm2" in unknown.stderr


def test_a_model_is_chosen_once_it_is_here(home: Path) -> None:
    """models use checks the bytes, then changes one line of the settings and nothing else; what is no model or is not run is refused."""
    config = home / "config.toml"
    config.write_text("# mine\n" + QUIET + 'embedder = "all-minilm-l6-v2-int8"  # English\n')
    here = str(find().models / "multilingual-e5-small-q4")
    fetch.ensure("multilingual-e5-small-q4", paths=find())
    done = ownmind(home, "models", "use", "multilingual-e5-small-q4", "--from", here)
    assert done.returncode == 0 and "next start" in done.stdout, done.stderr
    assert config.read_text() == "# mine\n" + QUIET + 'embedder = "multilingual-e5-small-q4"\n'
    listed = told(home, "models", "list")["models"]
    assert isinstance(listed, list)
    assert [row["id"] for row in listed if row["in_use"] and row["here"]] == ["multilingual-e5-small-q4"]
    before = config.read_text()
    for wrong in (("use",), ("use", "smollm3"), ("use", "all-minilm-l6-v2-int8", "smollm2-135m-instruct-q4_1")):
        assert ownmind(home, "models", *wrong).returncode == 2
    assert config.read_text() == before


def test_benches_are_listed_and_an_unknown_one_names_them(home: Path) -> None:
    """Nothing is measured by a typo."""
    assert {"start", "size", "canaries", "recall-speed"} <= set(ownmind(home, "bench").stdout.split())
    done = ownmind(home, "bench", "strat")
    assert done.returncode == 2 and "start" in done.stderr


def test_every_example_in_the_docs_runs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/cli.md, top to bottom, in an empty folder with something to import. In this process: starting 20 takes half a minute."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "cellar.md").write_text("The key hangs behind the door.\n")
    (tmp_path / "chat.jsonl").write_text(json.dumps(TURN) + "\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OWNMIND_HOME", str(home))
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    before = signal.getsignal(signal.SIGTERM)
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / "cli.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line]
    assert len(lines) > 15
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "ownmind" and run(words) == 0, (line, capsys.readouterr())
    signal.signal(signal.SIGTERM, before)


def test_the_settings_page_shows_every_setting_and_its_default() -> None:
    """docs/config.md is the defaults, in full."""
    shown, example = re.findall(r"```toml\n(.*?)```", (DOCS / "config.md").read_text(encoding="utf-8"), re.DOTALL)
    values = tomllib.loads(shown)
    assert set(values) == {field.name for field in dataclasses.fields(Config)}
    assert parse(values) == Config()
    named = parse(tomllib.loads(example))  # an example of what stands in place of the empty lists
    assert set(tomllib.loads(example)["provider"][0]) == {field.name for field in dataclasses.fields(named.provider[0])}
    assert set(tomllib.loads(example)["route"][0]) == {field.name for field in dataclasses.fields(named.route[0])}
