"""Whether anything remembered can be read from the disk: 500 secrets go in by every way there is, then every byte is searched.

Searched while it runs and after it stopped: the home, the temporary folder and what was logged, for each secret as UTF-8,
UTF-16 and base64. A zero proves nothing alone, so the control writes the same secrets unencrypted (a text file and an SQLite
database) and the same search must find them all. Compressed or otherwise encoded copies would not be found.
"""

from __future__ import annotations

import base64
import json
import random
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ..channels.attach import Attached
from ..paths import find
from . import result
from .start import quiet_home, serving

WAYS = 4  # remembered, imported from a transcript, imported from a document, said in a conversation
SAID = 20  # the last way takes a whole turn each


def run(*, n: int = 500, seed: int = 7, **_: object) -> dict[str, object]:
    """Counts of secrets found. ``found_running`` and ``found_stopped`` must be 0, ``control`` must be ``n``."""
    secrets = _secrets(n, seed)
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        home, temporary, outside = quiet_home(folder / "home"), folder / "tmp", folder / "outside"
        temporary.mkdir(mode=0o700)
        outside.mkdir()
        with serving(home, folder=temporary) as _serving, Attached(find(home).socket) as mind:
            told = _tell(mind, secrets, outside)
            recalled = sum(any(secret in found.text for found in mind.recall(_sentence(secret), k=3)) for secret in secrets[::10])
            running = found_in((home, temporary), secrets)
        stopped = found_in((home, temporary), secrets)
        searched = sum(path.stat().st_size for path in _files((home, temporary)))
        control = found_in((_plain(folder / "control", secrets),), secrets)
    figures: dict[str, object] = {
        "remembered": told,
        "recalled_of_every_tenth": recalled,
        "found_running": len(running),
        "found_stopped": len(stopped),
        "bytes_searched": searched,
    }
    return result("canaries", figures, n=n, seed=seed, control=len(control))


def found_in(folders: Iterable[Path], secrets: list[str]) -> set[str]:
    """The secrets whose bytes stand in any file below ``folders``."""
    looked_for = [(secret, form) for secret in secrets for form in _forms(secret)]
    found: set[str] = set()
    for path in _files(folders):
        content = path.read_bytes()
        found |= {secret for secret, form in looked_for if form in content}
    return found


def _secrets(n: int, seed: int) -> list[str]:
    """``n`` words of 24 letters that stand nowhere else and share no beginning: an index keeps shared beginnings once."""
    chance = random.Random(seed)
    return ["".join(chance.choices("bcdfghjklmnpqrstvwxz", k=24)) for _ in range(n)]


def _sentence(secret: str) -> str:
    return f"The word for the cellar door is {secret}."


def _tell(mind: Attached, secrets: list[str], outside: Path) -> int:
    """How many secrets were acknowledged, told by all ways. ``outside`` holds the files to import: they are not searched."""
    said, rest = secrets[:SAID], secrets[SAID:]
    third = len(rest) // (WAYS - 1)
    remembered = mind.remember_many([{"text": _sentence(secret), "speaker": "Ben"} for secret in rest[:third]])
    turns = [
        {"id": f"t{number}", "at": "2026-05-01T10:00:00+00:00", "speaker": "Ana", "text": _sentence(secret)}
        for number, secret in enumerate(rest[third : 2 * third])
    ]
    transcript, document = outside / "chat.jsonl", outside / "cellar.md"
    transcript.write_text("".join(json.dumps(turn) + "\n" for turn in turns), encoding="utf-8")
    document.write_text("\n\n".join(_sentence(secret) for secret in rest[2 * third :]), encoding="utf-8")
    mind.import_paths([transcript, document])
    for secret in said:
        mind.say(f"Please remember this: {_sentence(secret)}")
    return sum(map(bool, remembered)) + len(turns) + len(rest[2 * third :]) + len(said)


def _forms(secret: str) -> Iterable[bytes]:
    """The bytes the end of a secret may stand as: an index that keeps shared beginnings once still keeps the end."""
    end = secret[-16:].encode()
    yield end
    yield end.decode().encode("utf-16-le")
    for offset in range(3):  # base64 depends on the position modulo 3; only characters that nothing beside it changes are taken
        yield base64.b64encode(b" " * offset + end)[-(-offset * 8 // 6) : (offset + len(end)) * 8 // 6]


def _files(folders: Iterable[Path]) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def _plain(folder: Path, secrets: list[str]) -> Path:
    """A folder that leaks: half the secrets in a text file, half in an SQLite database without encryption."""
    folder.mkdir()
    half = len(secrets) // 2
    (folder / "notes.txt").write_text("\n".join(map(_sentence, secrets[:half])), encoding="utf-8")
    with sqlite3.connect(folder / "plain.db") as db:
        db.execute("CREATE TABLE t(text)")
        db.executemany("INSERT INTO t VALUES (?)", [(_sentence(secret),) for secret in secrets[half:]])
    db.close()
    return folder
