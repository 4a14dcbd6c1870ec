"""Files and folders the person names.

Hidden files, the folders programs keep for themselves, and links are left out inside a folder (a link may lead out of
it, or round in a circle); what the person names outright is taken whatever it is called. What a file really is decides
the sense that opens it; here only its name is known.
"""

from __future__ import annotations

import mimetypes
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from ..messages import Media, Skipped, Source
from . import Found

# Folders that hold what programs made, not what the person wrote.
JUNK_FOLDERS = frozenset(("node_modules", "__pycache__", "site-packages", "venv", "$RECYCLE.BIN", "System Volume Information", "__MACOSX"))
_JUNK_FILES = frozenset(("thumbs.db", "desktop.ini", "icon\r"))
# Text, but written for programs: taken only when the person names the file itself.
_PROGRAM_SUFFIXES = """
    .py .pyi .ipynb .js .mjs .cjs .ts .jsx .tsx .css .scss .less .vue .java .kt .scala .c .h .cc .cpp .hpp .cs .go .rs .rb .php .pl .lua
    .swift .m .mm .sh .bash .zsh .ps1 .bat .cmd .sql .r .json .json5 .yaml .yml .toml .ini .cfg .conf
    .xml .xsl .xsd .svg .lock .map .log .csv .tsv .diff .patch
"""
_PROGRAM_TEXT = frozenset(_PROGRAM_SUFFIXES.split())
_FOR_PROGRAMS = "data or program text: name the file itself to import it"


def left_out(path: PurePosixPath) -> str:
    """Why a file at ``path``, relative to a folder somebody gave, is not taken from it; "" where it is. As `Folder` has it."""
    *above, name = path.parts or ("",)
    if any(each.startswith(".") for each in path.parts):
        return "hidden: name the file itself to import it"
    if not JUNK_FOLDERS.isdisjoint(above) or name.lower() in _JUNK_FILES:
        return "made by programs for themselves"
    return _FOR_PROGRAMS if path.suffix.lower() in _PROGRAM_TEXT else ""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files among ``paths`` and under them, in the order given and by name inside each folder; each file once."""

    paths: Sequence[Path]

    def fetch(self) -> Iterator[Found]:
        seen: set[tuple[int, int]] = set()
        for path in self.paths:
            yield from _named(Path(os.path.abspath(path)), seen)  # noqa: PTH100  # Path.absolute keeps "..", resolve follows links


def _named(path: Path, seen: set[tuple[int, int]]) -> Iterator[Found]:
    """What a path the person gave holds: a link is followed, a hidden name is taken."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        yield Skipped(shown(path), _why(error))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(path, status, seen)
    else:
        yield from _file(path, status, seen)


def _folder(path: Path, status: os.stat_result, seen: set[tuple[int, int]]) -> Iterator[Found]:
    """Everything under one folder, without recursion, so that depth costs no stack."""
    waiting = [(path, status)]
    while waiting:
        folder, status = waiting.pop()
        if not _is_new(status, seen):
            continue
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Skipped(shown(folder), _why(error))
            continue
        deeper: list[tuple[Path, os.stat_result]] = []
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower() in _JUNK_FILES:
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                yield Skipped(shown(Path(entry.path)), _why(error))
                continue
            if stat.S_ISDIR(status.st_mode):
                if entry.name not in JUNK_FOLDERS:
                    deeper.append((Path(entry.path), status))
            elif stat.S_ISLNK(status.st_mode):
                yield Skipped(shown(Path(entry.path)), "a link: name what it leads to, to import that")
            elif Path(entry.name).suffix.lower() in _PROGRAM_TEXT:
                yield Skipped(shown(Path(entry.path)), _FOR_PROGRAMS)
            else:
                yield from _file(Path(entry.path), status, seen)
        waiting.extend(reversed(deeper))


def _file(path: Path, status: os.stat_result, seen: set[tuple[int, int]]) -> Iterator[Found]:
    if not stat.S_ISREG(status.st_mode):
        yield Skipped(shown(path), "a pipe, socket or device, not a file with text")
    elif _is_new(status, seen):
        yield media(path, status.st_mtime)


def media(path: Path, changed_at: float) -> Media:
    """A file as Media; ``changed_at`` in Unix seconds. The media type is a guess from the name."""
    guess = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    title = shown(Path(path.name))
    return Media(path, guess, Source(reference(path), "document", title, guess), _time(changed_at))


def reference(path: Path) -> str:
    """``file:/home/ana/diary.md``: the same for the same absolute path, and always printable.

    A name with line breaks, or bytes that are no text, is percent-encoded behind ``file://`` (RFC 8089), so that no two
    paths share a reference.
    """
    text = path.as_posix()
    if text.isprintable():  # false for line breaks, and for the surrogates that stand for bytes that are no text
        return f"file:{text}"
    return f"file://{quote(os.fsencode(text))}"


def shown(path: Path) -> str:
    """A path as it may be shown and stored: without line breaks, terminal codes or bytes that are no text."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _is_new(status: os.stat_result, seen: set[tuple[int, int]]) -> bool:
    """Whether this file or folder is met for the first time in this walk (two names given for one thing; hard links)."""
    key = (status.st_dev, status.st_ino)
    if key in seen and status.st_ino:  # Windows' scandir gives no inode
        return False
    seen.add(key)
    return True


def _time(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):  # a clock that was very wrong when the file was written
        return None


def _why(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "there is nothing of that name"
        case PermissionError():
            return "no permission to read it"
        case OSError():
            return f"it cannot be read ({error.strerror or type(error).__name__})"
        case _:
            return "its name cannot be used on this system"
