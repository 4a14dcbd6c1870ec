"""What a skill asks for, read by code out of its frontmatter and its files, as a list a person can decide on.

The names of ``allowed-tools`` are many: ours, and those of other companions ("Read", "WebFetch"), which are taken for the nearest thing
there is here. What is not there is listed as not given. Network: none, but for pages by their address through the gate, each asked about.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..guard.declared import Declaration
from .bundle import Bundle
from .skill import FILE

SCRIPT = "ownmind-script"  # key of metadata: the Python file that a run of the skill runs


class Sort(StrEnum):
    """What kind of thing is asked for, from harmless to refused."""

    READS = "reads"  # a part of the person's memory
    ACTS = "acts"  # a deed: each use goes through the gate
    RUNS = "runs"  # its own Python, in an interpreter that has nothing
    PROGRAM = "program"  # another program: never run
    UNKNOWN = "unknown"  # nothing here is called that


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a skill asks for. ``name``: as code knows it; ``says``: for the person; ``given``: whether approval gives it."""

    sort: Sort
    name: str
    says: str
    given: bool


READS: Mapping[str, str] = {
    "recall": "search everything you remember here for what your request is about",
    "documents": "read documents you gave",
    "facts": "read what was learnt about you and others",
    "own_words": "read messages and letters you wrote, for how you write",
    "people": "read the cards of people, and what was promised",
    "goals": "read your goals and their steps",
    "calendar": "read your calendar",
}
_ELSEWHERE: Mapping[str, str] = {  # names that other companions use
    "read": "documents", "grep": "recall", "glob": "documents", "search": "recall", "memory": "recall", "notes": "recall",
    "webfetch": "read_page", "web_fetch": "read_page", "fetch": "read_page", "write": "save_file", "edit": "save_file",
}  # fmt: skip
_PROGRAMS = frozenset(("bash", "shell", "sh", "zsh", "powershell", "python", "node", "exec", "terminal"))
_TEXTS = frozenset((".md", ".txt", ".json", ".csv", ".yaml", ".yml", ".toml", ".html", ".svg"))


def asks(bundle: Bundle, deeds: Mapping[str, Declaration]) -> tuple[Asked, ...]:
    """All the skill asks for, each once, in order of weight. ``deeds``: what may be done here at all."""
    found = [_tool(one, deeds) for one in bundle.skill.allowed_tools]
    for path in bundle.under("scripts"):
        suffix = path[path.rfind(".") :].lower()
        if suffix == ".py":
            says = f"run {path}, its own Python: without files, network or programs, with no more than what is on this list"
            found.append(Asked(Sort.RUNS, path, says, True))
        elif suffix not in _TEXTS:
            found.append(Asked(Sort.PROGRAM, path, f"{path} is a program and is never run", False))
    kinds = list(Sort)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (kinds.index(one.sort), one.name)))


def granted(asked: Iterable[Asked]) -> frozenset[str]:
    """Names of what approval gives."""
    return frozenset(one.name for one in asked if one.given)


def _tool(written: str, deeds: Mapping[str, Declaration]) -> Asked:
    plain = written.partition("(")[0].strip()
    name = _ELSEWHERE.get(plain.lower(), plain.lower().replace("-", "_"))
    if name in READS:
        return Asked(Sort.READS, name, READS[name], True)
    if name in deeds:
        said = re.sub(r"\{(\w+)\}", lambda hole: hole[1].replace("_", " "), deeds[name].says or name.replace("_", " "))
        return Asked(Sort.ACTS, name, f"{said}; what your request does not itself ask for waits for your yes", True)
    if plain.lower() in _PROGRAMS:
        return Asked(Sort.PROGRAM, plain, f"{written[:80]}: programs are never run", False)
    return Asked(Sort.UNKNOWN, plain[:80], f"{written[:80]}: there is no such thing here, so it is not given", False)


# What an update changes


@dataclass(frozen=True, slots=True)
class Change:
    """How a new version differs from the approved one. ``more``, ``less``: what it asks for and did not, and the other way round;
    ``text``: a unified diff of its words; ``files``: paths with "added", "removed" or "changed"."""

    more: tuple[Asked, ...]
    less: tuple[Asked, ...]
    text: str
    files: tuple[tuple[str, str], ...]


_LONGEST_DIFF = 60_000  # characters


def change(old: Bundle, new: Bundle, deeds: Mapping[str, Declaration]) -> Change:
    """What approving ``new`` in the place of ``old`` would change."""
    before, after = asks(old, deeds), asks(new, deeds)
    files, lines = [], []
    for path in sorted({*old.files, *new.files}):
        was, now = old.files.get(path), new.files.get(path)
        if was == now:
            continue
        files.append((path, "added" if was is None else "removed" if now is None else "changed"))
        lines += _diff(path, was, now)
    return Change(
        tuple(one for one in after if one not in before), tuple(one for one in before if one not in after),
        "\n".join(lines)[:_LONGEST_DIFF], tuple(files),
    )  # fmt: skip


def _diff(path: str, was: bytes | None, now: bytes | None) -> list[str]:
    try:
        old, new = ((one or b"").decode("utf-8").splitlines() for one in (was, now))
    except UnicodeDecodeError:
        return [f"{path}: not text"]
    return list(difflib.unified_diff(old, new, f"approved/{path}", f"new/{path}", lineterm="", n=2 if path == FILE else 1))
