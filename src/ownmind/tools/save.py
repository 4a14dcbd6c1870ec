"""Save words as a file the person can open elsewhere: in one folder of theirs, never over another file, and taken back on request.

The file is as readable as any other of theirs: it leaves the encrypted store, which is why the card says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from ..errors import BadInput, DiskFull, Refused
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type
from .act import Arguments, Deed, Result

NAME = "save_file"
_LONGEST = 1 << 20  # characters of one file
_MOST_ALIKE = 99  # "list (99).txt"
_SUFFIXES = (".txt", ".md", ".csv", ".ics", ".json")  # words, never anything a double click would run

DECLARED = Declaration(
    NAME,
    Effect.WRITES,
    {
        "name": Parameter(Role.AUTHORITY, Type.NAME, words=("as", "called", "named", "file")),
        "text": Parameter(Role.CONTENT, Type.TEXT, words=("saying", "text", "words")),
    },
    says="save {text} as the file {name} in your Ownmind folder, where other programs can read it",
)


def deed(folder: Path) -> Deed:
    """Saving into ``folder``, which is made when it is first needed."""
    return Deed(DECLARED, _saver(folder), _remover(folder), lambda arguments: str(folder))


def _saver(folder: Path) -> Callable[[Arguments, datetime], Result]:
    def save(arguments: Arguments, now: datetime) -> Result:
        text = "\n".join(str(one.data) for one in arguments.get("text", ()))
        name = "".join(str(one.data) for one in arguments.get("name", ()))
        if not text.strip() or len(text) > _LONGEST:
            raise BadInput("there are no words to save" if not text.strip() else f"that is more than {_LONGEST:,} characters")
        content = text.encode("utf-8", "replace")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = _write(folder, _safe(name), content)
        except OSError as error:
            raise DiskFull(
                f"cannot write into {folder}: {error.strerror or error}", hint="free some space, or look at its rights"
            ) from error
        kept = json.dumps({"name": path.name, "hash": blake2b(content, digest_size=16).hexdigest()})
        return Result(f"Saved as {path}", undo=kept)

    return save


def _remover(folder: Path) -> Callable[[str], str]:
    def remove(kept: str) -> str:
        was = json.loads(kept)
        path = folder / str(was["name"])
        try:
            if blake2b(path.read_bytes(), digest_size=16).hexdigest() != was["hash"]:
                raise Refused(f"{path.name} was changed since", hint="remove it yourself if you no longer want it")
            path.unlink()
        except FileNotFoundError:
            return f"{path.name} was gone already."
        except OSError as error:
            raise Refused(f"{path.name} cannot be removed: {error.strerror or error}") from error
        return f"{path.name} is removed again."

    return remove


def _write(folder: Path, name: str, content: bytes) -> Path:
    """A new file for the person alone, durable when this returns; with a number when the name is taken."""
    stem, suffix = Path(name).stem, Path(name).suffix
    for count in range(_MOST_ALIKE):
        path = folder / (name if not count else f"{stem} ({count + 1}){suffix}")
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except FileExistsError:
            continue
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise BadInput(f"there are {_MOST_ALIKE} files called {name} already", hint="give it another name")


def _safe(name: str) -> str:
    """A file name made of ``name``: one part, printable, not hidden, with an ending that only opens."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join("_" if each in '<>:"|?*' else each for each in last if each.isprintable()).strip(" .")
    path = Path(kept or "untitled")
    return f"{path.stem[:100]}{path.suffix}" if path.suffix.lower() in _SUFFIXES else f"{kept[:100] or 'untitled'}.txt"
