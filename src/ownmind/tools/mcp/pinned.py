"""What a program is, by the content of its files: one that changed after the person allowed it is asked about again.

Pinned are the words of the command, the files they name, all that stands under ``reads``, and what can be run under ``folder``: code by
its suffix or its mode. The rest of the folder is the program's to write, and changes with its use. Not pinned: the programs of the
system (``/usr``), which its own updates change; they are trusted like the kernel is.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from hashlib import blake2b, file_digest
from pathlib import Path

from ...config import Server
from ...errors import BadInput

_MOST_FILES = 50_000
_MOST_BYTES = 2 << 30
_SYSTEM = ("/usr/", "/bin/", "/sbin/", "/lib")
_CODE = frozenset(
    {".bash", ".bat", ".cjs", ".class", ".cmd", ".cts", ".dll", ".dylib", ".ex", ".exe", ".exs", ".fish", ".go", ".jar", ".jl", ".js",
     ".jsx", ".lua", ".mjs", ".mts", ".node", ".php", ".pl", ".pm", ".ps1", ".pth", ".py", ".pyc", ".pyd", ".r",
     ".rb", ".rs", ".sh", ".so", ".tcl", ".ts", ".tsx", ".wasm", ".zsh"}
)  # fmt: skip
_ALSO = frozenset({"package.json", "pyproject.toml"})  # they say which code runs
_NAMED = 20  # changed files that are told by name

Stamp = tuple[int, int, int, int]
_read: dict[str, tuple[Stamp, str]] = {}  # files already hashed in this process: unchanged by size, times and number


def files(server: Server) -> dict[str, str]:
    """The hash of each file of the program (BLAKE2b, 16 bytes in hex), by its path. Raises BadInput for what cannot be pinned."""
    found, total = dict[str, str](), 0
    for path in _paths(server):
        name = str(path)
        if name in found or name.startswith(_SYSTEM):
            continue
        try:
            found[name], size = _digest(path)
        except OSError as error:
            raise BadInput(f"{server.name}: {path} cannot be read", hint="it may be open, or its permissions may forbid it") from error
        total += size
        if len(found) > _MOST_FILES or total > _MOST_BYTES:
            raise BadInput(f"{server.name} has more files than can be watched", hint="name under reads only its code")
    return found


def pin(server: Server, held: Mapping[str, str]) -> str:
    """One name for a program as it is: its command and all its files."""
    said = "\0".join([*server.command, "", server.folder, "", *server.reads, "", *(f"{path}\0{held[path]}" for path in sorted(held))])
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Which files differ, in words."""
    lines = [
        *(f"changed: {path}" for path in sorted(before.keys() & after.keys()) if before[path] != after[path]),
        *(f"new: {path}" for path in sorted(after.keys() - before.keys())),
        *(f"gone: {path}" for path in sorted(before.keys() - after.keys())),
    ]
    return (*lines[:_NAMED], *([f"and {len(lines) - _NAMED} more"] if len(lines) > _NAMED else []))


def _paths(server: Server) -> Iterator[Path]:
    folder = Path(server.folder).expanduser() if server.folder else None
    for word in server.command:
        for path in (Path(word), *([folder / word] if folder is not None else [])):
            if path.is_absolute() and path.is_file():
                yield path
    for reads in server.reads:
        path = Path(reads).expanduser()
        yield from _under(path) if path.is_dir() else [path]
    if folder is not None and folder.is_dir():
        yield from (path for path in _under(folder) if path.suffix.lower() in _CODE or path.name in _ALSO or _is_executable(path))


def _under(folder: Path) -> Iterator[Path]:
    for inside, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(inside) / name
            if path.is_symlink() or path.is_file():
                yield path


def _digest(path: Path) -> tuple[str, int]:
    """The hash of a file, or of where a link points, and its size."""
    about = path.lstat()
    if stat.S_ISLNK(about.st_mode):
        content = os.fsencode(path.readlink()) + (path.read_bytes() if path.is_file() and about.st_size < _MOST_BYTES else b"")
        return blake2b(content, digest_size=16).hexdigest(), len(content)
    stamp = (about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
    held = _read.get(str(path))
    if held is None or held[0] != stamp:
        with path.open("rb") as stream:
            digest = file_digest(stream, lambda: blake2b(digest_size=16)).hexdigest()
        held = _read[str(path)] = (stamp, digest)
    return held[1], about.st_size


def _is_executable(path: Path) -> bool:
    return not path.is_symlink() and bool(path.stat().st_mode & 0o111)
