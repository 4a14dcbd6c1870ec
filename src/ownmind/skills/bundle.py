"""A skill's folder as it is kept: its files, read from a folder or an archive of strangers, in one sealed pack with one hash.

Nothing is ever unpacked onto the disk to be read. What would reach outside the folder (.., absolute paths, links, devices), hide (odd
names, two names that are one on another system) or grow (too many, too large, an archive that swells) is refused before it is kept.
"""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

from ..errors import BadInput, StoreDamaged
from . import skill as skill_
from .skill import Skill

MOST_FILES, DEEPEST, LONGEST_PATH = 200, 6, 200
LARGEST_FILE, LARGEST = 2 << 20, 10 << 20  # bytes of one file, of all
_LARGEST_ARCHIVE = 20 << 20
_PASSED_OVER = frozenset((".git", "__pycache__", ".DS_Store", "__MACOSX"))  # made by systems and tools, never part of a skill
_MAGIC = b"ownmind skill 1\n"
_RESERVED = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))))  # Windows


@dataclass(frozen=True, slots=True)
class Bundle:
    """A skill with its files, by path. ``digest``: the SHA-256 of the pack, in hex; another byte anywhere is another one."""

    skill: Skill
    files: Mapping[str, bytes]
    digest: str

    def text(self, path: str) -> str:
        """A file's words. Raises BadInput for what is not there, or no UTF-8."""
        if path not in self.files:
            raise BadInput(f"{self.skill.name} has no file {path[:80]}", hint=f"it has: {', '.join(list(self.files)[:20])}")
        try:
            return self.files[path].decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(f"{path} of {self.skill.name} is no text") from error

    def under(self, folder: str) -> tuple[str, ...]:
        """The paths in a folder, sorted."""
        return tuple(path for path in self.files if path.startswith(f"{folder}/"))


def read(path: Path) -> Bundle:
    """The skill at ``path``: a folder, its SKILL.md, a zip, tar or tar.gz. Raises BadInput in words for what is none, or hostile."""
    path = path.expanduser()
    if path.name == skill_.FILE and path.is_file() and not path.is_symlink():
        path = path.parent
    try:
        if path.is_symlink():
            raise BadInput(f"{path.name} is a link", hint="name the folder itself")
        if path.is_dir():
            return _bundle(_of_folder(path), path.resolve().name)
        if not path.is_file():
            raise BadInput(f"there is no skill at {path}", hint="name a folder with a SKILL.md, a .zip or a .tar.gz")
        if path.stat().st_size > _LARGEST_ARCHIVE:
            raise BadInput(f"{path.name} is larger than {_LARGEST_ARCHIVE >> 20} MB", hint="a skill is small")
        return of_archive(path.read_bytes(), path.name)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror or error}", hint="look at its rights") from error


def of_archive(content: bytes, name: str) -> Bundle:
    """The skill in the bytes of a zip, tar or tar.gz: at its root, or in its one folder. Raises BadInput."""
    try:
        found = _collected(_of_zip(content) if zipfile.is_zipfile(io.BytesIO(content)) else _of_tar(content))
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadInput(f"{name} cannot be read as a zip or tar archive", hint="pack the skill's folder anew") from error
    if skill_.FILE in found:
        return _bundle(found, "")
    tops = {path.partition("/")[0] for path in found}
    if len(tops) != 1 or f"{(top := tops.pop())}/{skill_.FILE}" not in found:
        raise BadInput(f"{name} holds no {skill_.FILE} at its root or in its one folder", hint="one skill an archive: its folder, packed")
    return _bundle({path.removeprefix(f"{top}/"): content for path, content in found.items()}, top)


def pack(bundle: Bundle) -> bytes:
    """The bundle as one text of bytes, the same for the same files."""
    return _packed(bundle.files)


def unpack(content: bytes, digest: str) -> Bundle:
    """The bundle of what `pack` gave. Raises StoreDamaged when it is not what ``digest`` stands for."""
    if sha256(content).hexdigest() != digest or not content.startswith(_MAGIC):
        raise StoreDamaged("a kept skill is not what was approved", hint="remove it and install it anew")
    head, _, rest = content[len(_MAGIC) :].partition(b"\n")
    files, at = {}, 0
    for path, size in json.loads(head):
        files[str(path)] = rest[at : at + int(size)]
        at += int(size)
    return _bundle(files, "")


def write(bundle: Bundle, folder: Path) -> Path:
    """Writes the skill into a fresh ``folder``/name and gives that. Raises BadInput when it is there already."""
    target = folder.expanduser() / bundle.skill.name
    if target.exists() or target.is_symlink():
        raise BadInput(f"{target} is already there", hint="name another folder: nothing is overwritten")
    try:
        for path, content in bundle.files.items():
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror or error}", hint="name a folder you may write to") from error
    return target


# Reading what others wrote


def _of_folder(folder: Path) -> dict[str, bytes]:
    return _collected(_walked(folder, folder))


def _walked(folder: Path, root: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.name in _PASSED_OVER:
            continue
        path = Path(entry.path)
        inside = path.relative_to(root).as_posix()
        if entry.is_symlink():
            raise BadInput(f"{_short(inside)} is a link", hint="a skill holds its own files only")
        if entry.is_dir(follow_symlinks=False):
            if inside.count("/") >= DEEPEST:
                raise _deep(inside)
            yield from _walked(path, root)
        elif entry.is_file(follow_symlinks=False):
            fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(fd, "rb") as file:
                yield inside, entry.stat(follow_symlinks=False).st_size, file
        else:
            raise BadInput(f"{_short(inside)} is no ordinary file", hint="a skill holds plain files only")


def _of_zip(content: bytes) -> Iterator[tuple[str, int, IO[bytes]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if len(archive.infolist()) > 2 * MOST_FILES:
            raise _many()
        for one in archive.infolist():
            mode = one.external_attr >> 16
            if one.is_dir() or _is_passed_over(one.filename):
                _check_path(one.filename.rstrip("/"))
                continue
            if stat.S_ISLNK(mode) or (stat.S_IFMT(mode) not in (0, stat.S_IFREG)):
                raise BadInput(f"{_short(one.filename)} is a link or no ordinary file", hint="a skill holds plain files only")
            if one.flag_bits & 1:
                raise BadInput("that archive needs a password", hint="pack it without one")
            with archive.open(one) as file:
                yield one.filename, one.file_size, file


def _of_tar(content: bytes) -> Iterator[tuple[str, int, IO[bytes]]]:
    # Unzipped to a bound before tarfile sees it: a header of a long name may claim gigabytes, and tarfile reads it whole.
    plain = _unzipped(content) if content.startswith(b"\x1f\x8b") else content
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
        for number, one in enumerate(archive):
            if number > 2 * MOST_FILES:
                raise _many()
            if one.isdir() or _is_passed_over(one.name):
                _check_path(one.name.rstrip("/"))
                continue
            if not one.isreg() or one.issparse():
                raise BadInput(f"{_short(one.name)} is a link or no ordinary file", hint="a skill holds plain files only")
            file = archive.extractfile(one)
            assert file is not None, "a regular file has content"
            yield one.name, one.size, file


def _unzipped(content: bytes) -> bytes:
    most = LARGEST + (2 << 20)  # of files, and of the headers between them
    reading = zlib.decompressobj(wbits=31)
    plain = reading.decompress(content, most)
    if reading.unconsumed_tail:
        raise BadInput(f"that archive swells to more than {most >> 20} MB", hint="a skill is small")
    return plain


def _collected(entries: Iterable[tuple[str, int, IO[bytes]]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    seen: set[str] = set()
    for written, size, file in entries:
        path = _check_path(written)
        if size > LARGEST_FILE:
            raise _large(path)
        content = file.read(LARGEST_FILE + 1)
        total += len(content)
        if len(content) > LARGEST_FILE or total > LARGEST:
            raise _large(path)
        folded = unicodedata.normalize("NFKC", path).casefold()
        if folded in seen:
            raise BadInput(f"{_short(path)} is there twice, as some systems see it", hint="give files names that differ in more than case")
        seen.add(folded)
        files[path] = content
        if len(files) > MOST_FILES:
            raise _many()
    return files


def _is_passed_over(path: str) -> bool:
    return any(part in _PASSED_OVER for part in path.split("/"))


def _check_path(written: str) -> str:
    """A path inside the folder, in one form. Raises BadInput for one that leads out of it or hides."""
    path = unicodedata.normalize("NFC", written.removeprefix("./"))
    parts = path.split("/")
    if path in ("", "."):
        return path
    if path.startswith("/") or "\\" in path or ":" in path or ".." in parts or "" in parts or "." in parts:
        raise BadInput(f"{_short(written)} would lie outside the skill's folder", hint="this archive is hostile, or badly made")
    if len(path) > LONGEST_PATH or len(parts) > DEEPEST + 1:
        raise _deep(path)
    for part in parts:
        is_odd = any(not letter.isprintable() for letter in part) or part != part.strip() or part.endswith(".")
        if is_odd or PurePosixPath(part).stem.casefold() in _RESERVED:
            raise BadInput(f"{_short(written)} is no name for a file everywhere", hint="use plain letters, digits, hyphens and points")
    return path


def _bundle(files: Mapping[str, bytes], folder: str) -> Bundle:
    if skill_.FILE not in files:
        raise BadInput(f"there is no {skill_.FILE} in it", hint="a skill is a folder with a SKILL.md")
    try:
        text = files[skill_.FILE].decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"its {skill_.FILE} is not UTF-8", hint="save it as UTF-8") from error
    ordered = dict(sorted(files.items()))
    return Bundle(skill_.parse(text, folder), ordered, sha256(_packed(ordered)).hexdigest())


def _packed(files: Mapping[str, bytes]) -> bytes:
    ordered = sorted(files.items())
    head = json.dumps([[path, len(content)] for path, content in ordered], ensure_ascii=False).encode("utf-8")
    return b"".join((_MAGIC, head, b"\n", *(content for _, content in ordered)))


def _short(path: str) -> str:
    return "“" + "".join(letter if letter.isprintable() else "�" for letter in path)[:80] + "”"


def _large(path: str) -> BadInput:
    return BadInput(f"{_short(path)} is more than a skill may hold", hint=f"{LARGEST_FILE >> 20} MB a file, {LARGEST >> 20} MB in all")


def _many() -> BadInput:
    return BadInput(f"there are more than {MOST_FILES} files in it", hint="a skill is small")


def _deep(path: str) -> BadInput:
    return BadInput(f"{_short(path)} lies too deep", hint=f"{DEEPEST} folders, {LONGEST_PATH} characters at most")
