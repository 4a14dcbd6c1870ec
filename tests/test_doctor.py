"""What doctor finds, on homes that are sound and homes that are not."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commandline import QUIET, ownmind, quiet_home, running, told
from ownmind.channels.doctor import inside
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.paths import Paths
from ownmind.store.opening import open_throwaway

PASSPHRASE = "correct horse battery"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = quiet_home(tmp_path)
    assert ownmind(home, "remember", "Ana is allergic to peanuts", OWNMIND_PASSPHRASE=PASSPHRASE).returncode == 0
    return home


def found(home: Path, *words: str, code: int = 0, **more: str) -> dict[str, dict[str, str]]:
    """Doctor's checks by name."""
    checks = told(home, "doctor", *words, code=code, **{"OWNMIND_PASSPHRASE": PASSPHRASE, **more})["checks"]
    assert isinstance(checks, list)
    return {check["name"]: check for check in checks}


def test_a_sound_home_passes_every_check(home: Path) -> None:
    """Nothing fails, and what is looked at is named."""
    checks = found(home)
    assert {"python", "system", "settings", "permissions", "disk", "clock", "models", "store", "keys"} <= set(checks)
    assert {check["verdict"] for check in checks.values()} <= {"ok", "warn"}
    assert checks["store"]["verdict"] == "ok"


def test_what_is_not_ok_says_what_to_do(home: Path) -> None:
    """Every warning and failure has a hint, in words as in JSON."""
    for check in found(home).values():
        assert check["verdict"] == "ok" or check["hint"], check
    shown = ownmind(home, "doctor", OWNMIND_PASSPHRASE=PASSPHRASE).stdout
    assert "warn  models" in shown and "→ `ownmind models fetch`" in shown


def test_a_damaged_page_is_a_failure(home: Path) -> None:
    """Exit code 1, the store named, every other check still made."""
    database = home / "mind.db"
    content = bytearray(database.read_bytes())
    content[-2000] ^= 0xFF
    database.write_bytes(content)
    checks = found(home, code=1)
    assert checks["store"]["verdict"] == "fail" and "restore" in checks["store"]["hint"]
    assert checks["disk"]["verdict"] in ("ok", "warn")


def test_a_wrong_passphrase_is_a_finding(home: Path) -> None:
    """Doctor does not stop at a store it cannot open."""
    checks = found(home, code=1, OWNMIND_PASSPHRASE="wrong horse")
    assert checks["store"]["verdict"] == "fail" and checks["python"]["verdict"] == "ok"


def test_an_unreadable_setting_is_a_failure(home: Path) -> None:
    """A typo in config.toml is found, with the known keys."""
    (home / "config.toml").write_text(QUIET + "brian = 'x'\n")
    checks = found(home, code=1)
    assert checks["settings"]["verdict"] == "fail" and "brain" in checks["settings"]["hint"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX thing")
def test_a_home_open_to_others_is_a_warning(home: Path) -> None:
    """It says which, and the command that closes it."""
    (home / "mind.db").chmod(0o644)
    check = found(home)["permissions"]
    assert check["verdict"] == "warn" and "mind.db" in check["detail"] and "chmod" in check["hint"]


def test_a_clock_that_went_back_is_a_warning(home: Path) -> None:
    """Files from the future mean that the clock is wrong now."""
    later = time.time() + 3600
    os.utime(home / "keys.json", (later, later))
    assert found(home)["clock"]["verdict"] == "warn"


def test_how_the_key_is_kept_is_said_plainly(tmp_path: Path) -> None:
    """Without a passphrase or a keychain the key lies in a file, and doctor does not call that safe."""
    home = quiet_home(tmp_path)
    ownmind(home, "remember", "Ana is allergic to peanuts")
    checks = told(home, "doctor")["checks"]
    assert isinstance(checks, list)
    keys = next(check for check in checks if check["name"] == "keys")
    assert keys["verdict"] == "warn" and "keys.json" in keys["detail"] and "passphrase" in keys["hint"]


def test_a_damaged_model_is_found_by_verify(home: Path) -> None:
    """Right size and wrong bytes: only reading them tells."""
    (home / "config.toml").write_text(QUIET + 'brain = "smollm2-135m-instruct-q4_1"\n')
    folder = home.parent / "cache" / "models" / "all-minilm-l6-v2-int8"
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"not a model")
    done = told(home, "models", "verify", code=1)
    assert done["ok"] is False
    assert (folder / "model.onnx").read_bytes() == b"not a model"  # looked at, not touched


def test_a_running_ownmind_is_asked(home: Path) -> None:
    """Doctor works while it runs, through it."""
    with running(home, OWNMIND_PASSPHRASE=PASSPHRASE):
        checks = found(home)
        assert checks["store"]["verdict"] == "ok" and "brain" in checks


def test_no_home_is_no_failure(tmp_path: Path) -> None:
    """Before the first start there is nothing to fail, and nothing is made."""
    checks = told(tmp_path / "nowhere", "doctor")["checks"]
    assert isinstance(checks, list) and any(check["name"] == "store" and check["verdict"] == "warn" for check in checks)
    assert not (tmp_path / "nowhere").exists()


def test_notes_in_other_languages_call_for_the_embedder_that_reads_them(tmp_path: Path) -> None:
    """A few German notes under the English embedder are a warning that names the other; one is not."""
    notes = ("Ich habe das Rad in den Keller gestellt.", "Wir fahren im Mai nach Rom und nicht weg.", "Der Arzt ist am Montag nicht da.",
             "Die Katze von Eva ist alt.", "Das Brot ist von dem Bäcker an der Ecke.")  # fmt: skip
    with open_throwaway(Paths(tmp_path / "home", tmp_path / "cache")) as store:
        memory = Memory(store, None, lambda: datetime(2026, 11, 22, tzinfo=UTC))
        entries = [Entry(note, Source(f"note:{n}"), Label(Integrity.PERSON)) for n, note in enumerate(notes)]
        memory.remember(entries[:1], now=datetime(2026, 11, 22, tzinfo=UTC))
        assert {check.name: check.verdict for check in inside(store)}["languages"] == "ok"
        memory.remember(entries[1:], now=datetime(2026, 11, 22, tzinfo=UTC))
        check = next(check for check in inside(store) if check.name == "languages")
        assert check.verdict == "warn" and "ownmind models use multilingual" in check.hint
