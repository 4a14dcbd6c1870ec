"""The store's one secret and the ways to it.

A random 32-byte data key is made once per home and never changes; everything else is derived from it (BLAKE2b, RFC 7693) or
wrapped by it. ``keys.json`` holds it wrapped (XChaCha20-Poly1305), once per way of opening:

- passphrase: argon2id (RFC 9106, its second recommended setting: 64 MiB, 3 passes, 4 lanes);
- recovery: a random 160-bit key the person writes down once, as letters or as words (``recovery``);
- keyring: a random key held by the system keychain;
- file: the data key itself, readable in clear. The last resort where there is neither, so that the first start asks nothing.

A home has a passphrase, or else keyring or file; it may have a recovery key beside any of them. ``keys.copy.json`` is the same
file again: losing the keys loses everything, and one truncated file must not. What this does not protect: ``protection`` says.
"""

from __future__ import annotations

import base64
import contextlib
import json
import unicodedata
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.utils import random as random_bytes

from ..errors import BadInput, PassphraseNeeded, StoreDamaged, WrongPassphrase
from ..paths import Paths
from . import files, keychain, recovery

PASSES, MEMORY_KIB, LANES = 3, 64 * 1024, 4
MOST_PASSES, MOST_MEMORY_KIB, MOST_LANES = 16, 1024 * 1024, 16  # a changed file must not make us take all memory

Wrap = dict[str, str | int]  # {"kind": ..., "box": base64} and, for a passphrase, its salt and costs


@dataclass(frozen=True, slots=True)
class Keys:
    """The data key (32 bytes) and what is derived from it. ``home`` names the home: random, not secret."""

    home: str
    data: bytes = field(repr=False)

    @property
    def database(self) -> bytes:
        return self._derived("database")

    @property
    def blobs(self) -> bytes:
        """For the keyed hash that finds a file already kept; each blob's own key is random, in the database."""
        return self._derived("blobs")

    @property
    def tombstones(self) -> bytes:
        """For the keyed hashes (``content_key``) that recognise a forgotten thing without keeping it."""
        return self._derived("tombstones")

    @property
    def backups(self) -> bytes:
        return self._derived("backups")

    def _derived(self, purpose: str) -> bytes:
        return blake2b(b"ownmind", key=self.data, person=purpose.encode().ljust(16, b"\0"), digest_size=32).digest()


@dataclass(frozen=True, slots=True)
class Protection:
    """How a home's key is kept, in words for the person. ``kind``: passphrase, keyring or file."""

    kind: str
    has_recovery: bool
    says: str
    hint: str = ""


def make(paths: Paths, passphrase: str | None) -> Keys:
    """A new home's keys, written before they are given. Asks nothing: without a passphrase the system keychain keeps the key,
    or else a file does."""
    keys = Keys(random_bytes(16).hex(), random_bytes(32))
    _write(paths.keys, keys.home, [_local(keys) if passphrase is None else _by_passphrase(keys, passphrase)])
    return keys


def exist(paths: Paths) -> bool:
    """True when the home has keys (or a remainder of them)."""
    return paths.keys.exists() or _copy(paths.keys).exists()


def unlock(paths: Paths, secret: str | None) -> Keys:
    """The home's keys. ``secret`` is its passphrase or its recovery key; None for a home that has no passphrase.

    Raises PassphraseNeeded, WrongPassphrase, or StoreDamaged when both key files are lost.
    """
    home, wraps = _read(paths.keys)
    return opened(home, wraps, secret)


def opened(home: str, wraps: list[Wrap], secret: str | None) -> Keys:
    """The keys behind ``wraps``: see ``unlock``."""
    by_kind = {str(wrap["kind"]): wrap for wrap in wraps}
    if secret is None:
        return Keys(home, _without_secret(home, by_kind))
    if "recovery" in by_kind and (code := _recovery_bytes(secret)):
        with contextlib.suppress(CryptoError):
            return Keys(home, _unbox(home, by_kind["recovery"], code))
    if "passphrase" not in by_kind:
        raise WrongPassphrase(
            "no passphrase opens this: it was made without one", hint="leave the passphrase out, or give the recovery key"
        )
    try:
        return Keys(home, _unbox(home, by_kind["passphrase"], _stretched(secret, by_kind["passphrase"])))
    except CryptoError:
        typo = (_looks_like_recovery(secret) or recovery.are_words(secret)) and not _recovery_bytes(secret)
        hint = (
            "this looks like a recovery key with a letter wrong"
            if typo
            else "check the keyboard layout and capitals; the recovery key works too"
        )
        raise WrongPassphrase("the passphrase does not fit", hint=hint) from None


def change_passphrase(paths: Paths, keys: Keys, new: str | None) -> None:
    """Wraps the data key anew; nothing else is rewritten, and the old passphrase opens nothing any more (save older backups).
    None takes the passphrase away."""
    home, wraps = _read(paths.keys)
    assert home == keys.home, "keys of another home"
    kept = [wrap for wrap in wraps if wrap["kind"] == "recovery"]
    _write(paths.keys, home, [_local(keys) if new is None else _by_passphrase(keys, new), *kept])
    if new is not None and any(wrap["kind"] == "keyring" for wrap in wraps):
        keychain.drop(home)


def new_recovery_key(paths: Paths, keys: Keys) -> str:
    """A recovery key to be shown once and written down; an older one opens nothing any more (save older backups)."""
    text, wrap = recovery_wrap(keys)
    keep_recovery(paths, keys, wrap)
    return text


def keep_recovery(paths: Paths, keys: Keys, wrap: Wrap) -> None:
    """Puts a recovery key that ``recovery_wrap`` made in the place of an older one."""
    home, wraps = _read(paths.keys)
    assert home == keys.home, "keys of another home"
    _write(paths.keys, home, [*(old for old in wraps if old["kind"] != "recovery"), wrap])


def words_of(text: str) -> tuple[str, ...]:
    """The fifteen words of a recovery key given as letters: they open the same."""
    return recovery.to_words(base64.b32decode(_folded(text))[: recovery.BYTES])


def fits(paths: Paths, secret: str) -> bool:
    """Whether ``secret`` opens this home, as its passphrase or its recovery key. As slow as opening it."""
    try:
        unlock(paths, secret)
    except WrongPassphrase:
        return False
    return True


def protection(paths: Paths) -> Protection:
    """How this home's key is kept and what that does not protect against: for ``doctor``."""
    _, wraps = _read(paths.keys)
    kinds = {str(wrap["kind"]) for wrap in wraps}
    recovery = "recovery" in kinds
    without = "" if recovery else "make a recovery key and write it down: "
    if "passphrase" in kinds:
        lost = "" if recovery else without + "without one a forgotten passphrase loses everything"
        return Protection(
            "passphrase", recovery, "the key is wrapped by your passphrase; nobody opens the store without it (while it is closed)", lost
        )
    if "keyring" in kinds:
        lost = "" if recovery else without + "without one the store cannot be opened on another machine"
        return Protection("keyring", recovery, "the key is in the system keychain; programs running as you can ask for it", lost)
    return Protection(
        "file",
        recovery,
        "the key lies in keys.json, readable by you alone; it does not protect against someone who can read your files: "
        "a thief of an unencrypted disk, another administrator, a backup program that copies this folder",
        "set a passphrase",
    )


def portable(paths: Paths) -> list[Wrap]:
    """The wraps that may travel with a backup: those that hold no secret in clear and open on any machine."""
    return [wrap for wrap in _read(paths.keys)[1] if wrap["kind"] in ("passphrase", "recovery")]


def passphrase_wrap(keys: Keys, passphrase: str) -> Wrap:
    return _by_passphrase(keys, passphrase)


def recovery_wrap(keys: Keys) -> tuple[str, Wrap]:
    """A new recovery key as a person writes it down (8 groups of 5), and the data key wrapped by it."""
    code = random_bytes(20)
    text = base64.b32encode(code + _checksum(code)).decode()
    return "-".join(text[i : i + 5] for i in range(0, 40, 5)), _box(keys, {"kind": "recovery"}, _from_code(code))


def write_restored(paths: Paths, keys: Keys, wraps: list[Wrap]) -> None:
    """Writes the keys of a restored home: a passphrase the backup had goes on; without one the home gets a
    local key again, so that it opens without a question as before."""
    local = [] if any(wrap["kind"] == "passphrase" for wrap in wraps) else [_local(keys)]
    _write(paths.keys, keys.home, [*local, *wraps])


def _without_secret(home: str, by_kind: dict[str, Wrap]) -> bytes:
    if "file" in by_kind:
        return base64.b64decode(str(by_kind["file"]["box"]))
    if "keyring" in by_kind:
        kept = keychain.fetch(home)
        if kept is None:
            raise PassphraseNeeded(
                "the key is in the system keychain, which does not answer",
                hint="log in to the desktop and unlock it, or give the recovery key",
            )
        try:
            return _unbox(home, by_kind["keyring"], kept)
        except CryptoError as error:
            raise StoreDamaged("the system keychain holds another key", hint="give the recovery key, or restore a backup") from error
    raise PassphraseNeeded("this home is protected by a passphrase", hint="type it, or set OWNMIND_PASSPHRASE")


def _local(keys: Keys) -> Wrap:
    secret = random_bytes(32)
    if keychain.keep(keys.home, secret):
        return _box(keys, {"kind": "keyring"}, secret)
    return {"kind": "file", "box": base64.b64encode(keys.data).decode()}


def _by_passphrase(keys: Keys, passphrase: str) -> Wrap:
    if not passphrase:
        raise BadInput("the passphrase is empty", hint="leave it out, or choose one")
    wrap: Wrap = {
        "kind": "passphrase",
        "salt": base64.b64encode(random_bytes(16)).decode(),
        "passes": PASSES,
        "memory_kib": MEMORY_KIB,
        "lanes": LANES,
    }
    return _box(keys, wrap, _stretched(passphrase, wrap))


def _stretched(passphrase: str, wrap: Wrap) -> bytes:
    """32 bytes from a passphrase, slowly. Typed characters that look alike count as the same (NFKC)."""
    return hash_secret_raw(
        unicodedata.normalize("NFKC", passphrase).encode(),
        base64.b64decode(str(wrap["salt"])),
        time_cost=int(wrap["passes"]),
        memory_cost=int(wrap["memory_kib"]),
        parallelism=int(wrap["lanes"]),
        hash_len=32,
        type=Type.ID,
    )


def _box(keys: Keys, wrap: Wrap, secret: bytes) -> Wrap:
    nonce = random_bytes(24)
    box = nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(keys.data, _bound(keys.home, wrap), nonce, secret)
    return {**wrap, "box": base64.b64encode(box).decode()}


def _unbox(home: str, wrap: Wrap, secret: bytes) -> bytes:
    box = base64.b64decode(str(wrap["box"]))
    return crypto_aead_xchacha20poly1305_ietf_decrypt(box[24:], _bound(home, wrap), box[:24], secret)


def _bound(home: str, wrap: Wrap) -> bytes:
    """What a box cannot be moved away from: its home and its kind."""
    return f"ownmind {home} {wrap['kind']}".encode()


def _from_code(code: bytes) -> bytes:
    return blake2b(code, person=b"recovery", digest_size=32).digest()


def _checksum(code: bytes) -> bytes:
    return blake2b(code, person=b"checksum", digest_size=5).digest()


def _folded(text: str) -> str:
    """What a person may have written for a recovery key: any case, spaces, 0 for O, 1 for I, 8 for B."""
    return text.upper().replace("-", "").replace(" ", "").translate(str.maketrans("018", "OIB"))


def _looks_like_recovery(text: str) -> bool:
    folded = _folded(text)
    return len(folded) == 40 and all(letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for letter in folded)


def _recovery_bytes(text: str) -> bytes | None:
    """The wrapping key for a recovery key as typed, in letters or words; None when it is none or has a letter wrong."""
    if code := recovery.from_words(text):
        return _from_code(code)
    if not _looks_like_recovery(text):
        return None
    raw = base64.b32decode(_folded(text))
    return _from_code(raw[:20]) if _checksum(raw[:20]) == raw[20:] else None


def _copy(path: Path) -> Path:
    return path.with_name("keys.copy.json")


def _write(path: Path, home: str, wraps: list[Wrap]) -> None:
    body = json.dumps({"version": 1, "home": home, "wraps": wraps}, sort_keys=True)
    text = json.dumps({"body": body, "sum": blake2b(body.encode(), digest_size=16).hexdigest()}).encode()
    files.replace(path, text)
    files.replace(_copy(path), text)


def _read(path: Path) -> tuple[str, list[Wrap]]:
    """The home's id and wraps, from the file or, when that is lost or damaged, from its copy (and the other is made again)."""
    for place, other in ((path, _copy(path)), (_copy(path), path)):
        with contextlib.suppress(OSError, ValueError):
            text = place.read_bytes()
            found = parsed(text)
            with contextlib.suppress(OSError):  # a full disk: the next start mends it
                if not other.exists() or other.read_bytes() != text:
                    files.replace(other, text)
            return found
    raise StoreDamaged(f"the keys in {path} are lost or damaged", hint="put keys.json back from a copy, or `ownmind restore` a backup")


def parsed(text: bytes) -> tuple[str, list[Wrap]]:
    """The home's id and wraps in ``text``. Raises ValueError when it is not a sound key file."""
    try:
        outer = json.loads(text)
        body = str(outer["body"])
        if blake2b(body.encode(), digest_size=16).hexdigest() != outer["sum"]:
            raise ValueError("checksum")
        inner = json.loads(body)
        return str(inner["home"]), [checked(wrap) for wrap in inner["wraps"]]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:  # other JSON than ours; nested a thousand deep
        raise ValueError("not a key file") from error


def checked(wrap: dict[str, object]) -> Wrap:
    """A wrap with the types and bounds we write. Raises ValueError otherwise."""
    sound: Wrap = {key: value for key, value in wrap.items() if isinstance(value, str | int)}
    base64.b64decode(str(sound["box"]), validate=True)
    if sound["kind"] == "passphrase":
        base64.b64decode(str(sound["salt"]), validate=True)
        if not (
            0 < int(sound["passes"]) <= MOST_PASSES
            and 0 < int(sound["memory_kib"]) <= MOST_MEMORY_KIB
            and 0 < int(sound["lanes"]) <= MOST_LANES
        ):
            raise ValueError("costs out of bounds")
    return sound
