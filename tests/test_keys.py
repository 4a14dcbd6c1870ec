from __future__ import annotations

import base64
import json
import sys
from hashlib import blake2b
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from ownmind.errors import BadInput, PassphraseNeeded, StoreDamaged, WrongPassphrase
from ownmind.paths import Paths
from ownmind.store import keys
from store_fixtures import paths_at


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_at(tmp_path)


def test_a_home_without_passphrase_asks_nothing_and_says_what_that_leaves_open(paths: Paths) -> None:
    made = keys.make(paths, None)
    assert keys.unlock(paths, None) == made
    kept = keys.protection(paths)
    assert kept.kind == "file"
    assert "does not protect" in kept.says
    assert kept.hint == "set a passphrase"


def test_keys_are_for_the_person_alone(paths: Paths) -> None:
    keys.make(paths, None)
    for path in (paths.keys, paths.home / "keys.copy.json"):
        assert path.stat().st_mode & 0o077 == 0


def test_a_passphrase_opens_and_nothing_else_does(paths: Paths) -> None:
    made = keys.make(paths, "blue heron, two lakes")
    assert keys.unlock(paths, "blue heron, two lakes") == made
    with pytest.raises(WrongPassphrase) as wrong:
        keys.unlock(paths, "blue heron, three lakes")
    assert wrong.value.hint
    with pytest.raises(PassphraseNeeded):
        keys.unlock(paths, None)


def test_the_same_letters_typed_another_way_open_too(paths: Paths) -> None:
    """An accent may be typed as one character or as two: keyboards and systems differ."""
    made = keys.make(paths, "caf\u00e9 noir")
    assert keys.unlock(paths, "cafe\u0301 noir") == made


def test_a_passphrase_home_holds_no_secret_in_clear(paths: Paths) -> None:
    """Neither the data key nor the passphrase is in any file, in any usual spelling; a file home is the control."""
    made = keys.make(paths, "blue heron, two lakes")
    text = keys.new_recovery_key(paths, made)
    written = b"".join(path.read_bytes() for path in paths.home.iterdir())
    secrets = {"blue heron, two lakes", text, text.replace("-", ""), *_spellings(made.data)}
    assert [secret for secret in secrets if secret.encode() in written] == []
    other = paths_at(paths.home / "other")
    other.home.mkdir()
    plain = keys.make(other, None)
    assert any(secret.encode() in other.keys.read_bytes() for secret in _spellings(plain.data)), "control: the scan sees a key in clear"


def _spellings(secret: bytes) -> set[str]:
    return {secret.hex(), base64.b64encode(secret).decode(), base64.b32encode(secret).decode()}


def test_the_recovery_key_opens_however_it_is_typed(paths: Paths) -> None:
    made = keys.make(paths, "forgotten one day")
    text = keys.new_recovery_key(paths, made)
    for typed in (
        text,
        text.lower(),
        text.replace("-", ""),
        text.replace("-", " "),
        text.replace("O", "0").replace("I", "1").replace("B", "8"),
    ):
        assert keys.unlock(paths, typed) == made


def test_a_wrong_letter_in_the_recovery_key_is_told_apart(paths: Paths) -> None:
    made = keys.make(paths, "forgotten one day")
    text = keys.new_recovery_key(paths, made)
    wrong = ("A" if text[0] != "A" else "C") + text[1:]
    with pytest.raises(WrongPassphrase) as refused:
        keys.unlock(paths, wrong)
    assert "letter wrong" in refused.value.hint


def test_a_new_recovery_key_ends_the_old_one(paths: Paths) -> None:
    made = keys.make(paths, "x" * 12)
    old = keys.new_recovery_key(paths, made)
    new = keys.new_recovery_key(paths, made)
    assert keys.unlock(paths, new) == made
    with pytest.raises(WrongPassphrase):
        keys.unlock(paths, old)


def test_changing_the_passphrase_keeps_the_store_and_ends_the_old_one(paths: Paths) -> None:
    made = keys.make(paths, "first")
    recovery = keys.new_recovery_key(paths, made)
    keys.change_passphrase(paths, made, "second")
    assert keys.unlock(paths, "second") == made
    assert keys.unlock(paths, recovery) == made
    with pytest.raises(WrongPassphrase):
        keys.unlock(paths, "first")


def test_setting_a_passphrase_takes_the_plain_key_out_of_every_file(paths: Paths) -> None:
    made = keys.make(paths, None)
    keys.change_passphrase(paths, made, "now closed")
    written = b"".join(path.read_bytes() for path in paths.home.iterdir())
    assert [secret for secret in _spellings(made.data) if secret.encode() in written] == []
    with pytest.raises(PassphraseNeeded):
        keys.unlock(paths, None)


def test_taking_the_passphrase_away_opens_without_a_question(paths: Paths) -> None:
    made = keys.make(paths, "first")
    keys.change_passphrase(paths, made, None)
    assert keys.unlock(paths, None) == made


def test_a_passphrase_for_a_home_that_has_none_is_refused(paths: Paths) -> None:
    """Accepting it would let a person believe the home is protected."""
    keys.make(paths, None)
    with pytest.raises(WrongPassphrase, match="without"):
        keys.unlock(paths, "anything")


def test_an_empty_passphrase_is_refused(paths: Paths) -> None:
    with pytest.raises(BadInput):
        keys.make(paths, "")
    assert not keys.exist(paths)


@pytest.mark.parametrize("damage", ["lost", "empty", "cut", "flipped", "not json", "a list", "nested", "other wraps"])
@pytest.mark.parametrize("which", ["keys.json", "keys.copy.json"])
def test_one_damaged_key_file_is_mended_from_the_other(paths: Paths, which: str, damage: str) -> None:
    made = keys.make(paths, "pass")
    _damage(paths.home / which, damage)
    assert keys.unlock(paths, "pass") == made
    assert paths.keys.read_bytes() == (paths.home / "keys.copy.json").read_bytes()


@pytest.mark.parametrize("damage", ["lost", "empty", "cut", "flipped", "not json", "a list", "nested", "other wraps"])
def test_both_key_files_damaged_is_said_and_not_mistaken_for_a_wrong_passphrase(paths: Paths, damage: str) -> None:
    keys.make(paths, "pass")
    for name in ("keys.json", "keys.copy.json"):
        _damage(paths.home / name, damage)
    with pytest.raises(StoreDamaged) as damaged:
        keys.unlock(paths, "pass")
    assert "backup" in damaged.value.hint


def _damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    match how:
        case "lost":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "flipped":
            middle = len(content) // 2
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "not json":
            path.write_bytes(b"\x00\xff" * 50)
        case "nested":
            path.write_bytes(b"[" * 100_000)
        case "other wraps":  # sound by its sum, and not ours
            body = '{"home": "ab", "wraps": ["x"]}'
            path.write_text(json.dumps({"body": body, "sum": blake2b(body.encode(), digest_size=16).hexdigest()}))
        case _:
            path.write_bytes(b"[]")


def test_costs_out_of_bounds_are_refused_before_any_memory_is_taken(paths: Paths) -> None:
    """A changed file with a right checksum asking for a terabyte of memory is damaged, not obeyed."""
    keys.make(paths, "pass")
    body = json.loads(json.loads(paths.keys.read_text())["body"])
    body["wraps"][0]["memory_kib"] = 1 << 30
    text = json.dumps(body, sort_keys=True)
    from hashlib import blake2b

    with pytest.raises(ValueError, match="bounds"):
        keys.parsed(json.dumps({"body": text, "sum": blake2b(text.encode(), digest_size=16).hexdigest()}).encode())


def test_each_purpose_has_its_own_key(paths: Paths) -> None:
    made = keys.make(paths, None)
    derived = {made.database, made.blobs, made.tombstones, made.backups, made.data}
    assert len(derived) == 5
    assert all(len(key) == 32 for key in derived)
    assert made.data.hex() not in repr(made)


class Shelf(KeyringBackend):
    """A keychain that lives in memory: the library's own interface, without a desktop."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        return None if self.is_locked else self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[(service, username)]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    before, shelf = keyring.get_keyring(), Shelf()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "a desktop session")
    keyring.set_keyring(shelf)
    yield shelf
    keyring.set_keyring(before)


def test_where_there_is_a_keychain_it_keeps_the_key(paths: Paths, shelf: Shelf) -> None:
    made = keys.make(paths, None)
    assert keys.protection(paths).kind == "keyring"
    assert keys.unlock(paths, None) == made
    written = paths.keys.read_bytes() + "".join(shelf.kept.values()).encode()
    assert [secret for secret in _spellings(made.data) if secret.encode() in written] == [], "neither half alone holds the key"


def test_a_keychain_that_does_not_answer_is_said_and_the_recovery_key_still_opens(paths: Paths, shelf: Shelf) -> None:
    made = keys.make(paths, None)
    recovery = keys.new_recovery_key(paths, made)
    shelf.is_locked = True
    with pytest.raises(PassphraseNeeded) as needed:
        keys.unlock(paths, None)
    assert "recovery" in needed.value.hint
    assert keys.unlock(paths, recovery) == made


def test_setting_a_passphrase_takes_the_key_out_of_the_keychain(paths: Paths, shelf: Shelf) -> None:
    made = keys.make(paths, None)
    assert shelf.kept
    keys.change_passphrase(paths, made, "closed")
    assert not shelf.kept
    assert keys.unlock(paths, "closed") == made


def test_a_passphrase_home_never_asks_the_keychain(paths: Paths, shelf: Shelf) -> None:
    keys.make(paths, "mine")
    keys.unlock(paths, "mine")
    assert not shelf.kept
    assert shelf.asked == 0


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="those systems always have a keychain")
def test_without_a_desktop_session_no_keychain_is_waited_for(paths: Paths, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    keys.make(paths, None)
    assert shelf.asked == 0
    assert keys.protection(paths).kind == "file"
    assert not shelf.kept
