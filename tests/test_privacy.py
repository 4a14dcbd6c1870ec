"""The key protected, the words confirmed, what is encrypted told truly, and a home wiped: on the real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home, running, told
from ownmind import Companion
from ownmind.config import Config
from ownmind.errors import BadInput, NotFound, PassphraseNeeded, TryAgainLater, WrongPassphrase
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.store import keys
from ownmind.store.kept import NAMES, State
from ownmind.store.tries import Tries

CANARY = "Zwirbelwind lives in Porto"
QUIET = Config(fetch=False, learn=False)


def opened(home: Path, secret: str | None = None) -> Companion:
    brain = ScriptedModel("Yes.")
    return Companion.open(home, passphrase=secret, brain=brain, embedder=HashEmbedder(), config=QUIET, background=False)


@pytest.fixture
def mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Companion]:
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    with opened(tmp_path / "home") as held:
        yield held


# The key


def test_a_passphrase_is_set_changed_and_removed_while_it_is_open(tmp_path: Path) -> None:
    """Nothing is asked of a home that has none; one that has it must hear it first. Each opens, or not, at the next start."""
    home = tmp_path / "home"
    with opened(home) as mind:
        assert mind.privacy.protection().kind == "file" and not mind.privacy.protection().has_keychain
        with pytest.raises(BadInput):
            mind.privacy.protect("  ")
        assert mind.privacy.protect("correct horse").kind == "passphrase"
        with pytest.raises(WrongPassphrase):
            mind.privacy.protect("staple", "wrong")
        assert mind.privacy.protect("staple battery", "correct horse").kind == "passphrase"
    with pytest.raises(PassphraseNeeded):
        opened(home)
    with pytest.raises(WrongPassphrase):
        opened(home, "correct horse")
    with opened(home, "staple battery") as mind:
        with pytest.raises(WrongPassphrase):
            mind.privacy.unprotect()
        assert mind.privacy.unprotect("staple battery").kind == "file"
    opened(home).close()


def test_recovery_words_open_only_once_two_were_said(tmp_path: Path) -> None:
    """Shown words that nobody confirmed change nothing: an older key opens until then, the new one after."""
    home = tmp_path / "home"
    with opened(home) as mind:
        face = mind.privacy
        with pytest.raises(NotFound):
            face.confirm(("a", "b"))
        face.protect("correct horse")
        first = face.recovery("correct horse")
        assert len(first.words) == 15 and len(set(first.asked)) == 2 and not face.protection().has_recovery
        with pytest.raises(BadInput, match=f"word {first.asked[0]} "):
            face.confirm(("nonsense", first.words[first.asked[1] - 1]))
        assert face.confirm(tuple(first.words[n - 1].upper() for n in first.asked)).has_recovery
        second = face.recovery("correct horse")
        assert keys.fits(mind.house.paths, " ".join(first.words)) and not keys.fits(mind.house.paths, " ".join(second.words))
        face.confirm(tuple(second.words[n - 1] for n in second.asked))
    with pytest.raises(WrongPassphrase):
        opened(home, " ".join(first.words))
    opened(home, " ".join(second.words)).close()
    opened(home, second.letters).close()


def test_wrong_tries_are_counted_and_wait(mind: Companion) -> None:
    """Three slips cost nothing; then each must wait longer, also the right one; a right one begins again."""
    mind.privacy.protect("correct horse")
    for n in (1, 2, 3):
        with pytest.raises(WrongPassphrase) as caught:
            mind.privacy.unprotect("wrong")
        assert caught.value.hint.startswith(f"{n} wrong")
    with pytest.raises(TryAgainLater, match="3 wrong tries"):
        mind.privacy.unprotect("correct horse")
    now = [0.0]
    tries = Tries(lambda: now[0])
    waits = [(tries.failed(), tries.wait())[1] for _ in range(12)]
    assert waits[:2] == [0, 0] and waits == sorted(waits) and 60 <= waits[-1] <= 61
    now[0] = 100.0
    assert tries.wait() == 0
    tries.succeeded()
    assert tries.wrong == 0


# Where it is


def test_every_file_is_in_the_table_and_only_what_it_calls_readable_holds_words(mind: Companion, tmp_path: Path) -> None:
    """Written through memory, files, backups and talk; then every file of home and cache is read as a stranger reads it."""
    given = tmp_path / "note.md"
    given.write_text(f"# Note\n\n{CANARY}.")
    mind.remember(CANARY)
    mind.import_paths([given])
    mind.say(f"{CANARY}. Do you know?")
    mind.backup()
    home, cache = mind.house.paths.home, mind.house.paths.cache
    assert {path.name for path in home.iterdir()} <= set(NAMES)
    rows = mind.privacy.encrypted()
    table = {row.where: row for row in rows if row.where}
    for path in [*home.rglob("*"), *cache.rglob("*")]:
        if path.is_file() and b"Zwirbelwind" in path.read_bytes():
            pytest.fail(f"{path.relative_to(home)} holds what was said, in the clear")
    paths = mind.house.paths
    assert table[str(paths.database)].state is State.ENCRYPTED and table[str(paths.database)].is_there
    assert table[str(paths.backups)].state is State.ENCRYPTED and table[str(paths.backups)].is_there
    assert table[str(paths.keys)].state is State.READABLE, "a key in a file is readable, and said to be"
    mind.privacy.protect("correct horse")
    assert {row.where: row for row in mind.privacy.encrypted()}[str(paths.keys)].state is State.ENCRYPTED
    paths.backups.joinpath("made-up.ownmind-backup").write_bytes(b"x" * 257 + b"ustar\0")
    assert {row.where: row for row in mind.privacy.encrypted()}[str(paths.backups)].state is State.READABLE, "it looks, each time"


def test_backups_are_listed_newest_first(mind: Companion) -> None:
    """With when and how large; the first of a home without passphrase gives its recovery key."""
    assert mind.privacy.backups() == ()
    made = mind.privacy.back_up()
    assert made.recovery_key
    (held,) = mind.privacy.backups()
    assert (held.name, held.bytes) == (made.path.name, made.bytes) and held.at.tzinfo


# Offers


def test_an_offer_is_made_once(tmp_path: Path) -> None:
    """Closed stays closed, also after a restart."""
    with opened(tmp_path / "home") as mind:
        assert mind.welcome.offers() == ("card", "ask", "forget", "protect", "import")
        assert "card" not in mind.welcome.done("card")
        mind.welcome.done("import")
        with pytest.raises(BadInput):
            mind.welcome.done("party")
    with opened(tmp_path / "home") as mind:
        assert mind.welcome.offers() == ("ask", "forget", "protect")


# The end


def test_a_wipe_says_first_what_goes_and_removes_nothing(mind: Companion) -> None:
    """Counts of what is there, what it cannot reach, and the words to type; other words change nothing."""
    mind.remember(CANARY)
    mind.backup()
    theirs = mind.house.paths.home / "holiday.jpg"
    theirs.write_bytes(b"jpg")
    plan = mind.privacy.wiping()
    assert plan.phrase == "wipe everything" and plan.files > 3 and any("backups" in each.where for each in plan.goes)
    assert any("holiday.jpg" in each for each in plan.stays)
    for typed in ("", "yes", "wipe"):
        with pytest.raises(BadInput):
            mind.privacy.wipe(typed)
    assert mind.recall("Zwirbelwind")


def test_after_a_wipe_nothing_of_it_is_left_and_nothing_else_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key and backups at once, the rest as it closes; a stranger's file in the folder stays, and so does the folder then."""
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    home = tmp_path / "home"
    with opened(home) as mind:
        mind.remember(CANARY)
        mind.backup()
        (home / "holiday.jpg").write_bytes(b"jpg")
        done = mind.privacy.wipe("Wipe everything ")
        assert done.is_verified and done.keys == 2 and done.backups == 1 and done.by_hand
        assert not keys.exist(mind.house.paths)
    assert [path.name for path in home.iterdir()] == ["holiday.jpg"]
    home_alone = tmp_path / "alone"
    with opened(home_alone) as mind:
        mind.privacy.wipe("wipe everything")
    assert not home_alone.exists()


@pytest.mark.parametrize("runs", [False, True])
def test_the_command_wipes_also_what_another_has_open(tmp_path: Path, runs: bool) -> None:
    """Without the words nothing goes (exit 2); with them the one that serves ends by itself."""
    home = quiet_home(tmp_path)
    ownmind(home, "remember", CANARY)
    plan = told(home, "wipe", "--dry-run")
    assert plan["phrase"] == "wipe everything" and "nothing" not in json.dumps(plan["goes"])
    assert ownmind(home, "wipe").returncode == 2 and (home / "mind.db").exists()
    if runs:
        with running(home) as (process, _):
            assert told(home, "wipe", "--type", "wipe everything")["left"] is False
            assert process.wait(20) == 0
    else:
        assert told(home, "wipe", "--type", "wipe everything")["left"] is False
    assert not home.exists()
