"""Everything remembered, as plain files that need no Ownmind to be read: Markdown for people, JSON Lines for programs.

An export is not encrypted: whoever can read the folder can read the memory; its README says so. It is written beside its
destination under another name and renamed when it is whole, so a folder with the asked-for name is complete.
``items.jsonl`` is a transcript (docs/transcripts.md) with more fields: `ownmind import` reads it back.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from ..errors import BadInput, DiskFull
from ..messages import Fact, Item
from ..store import exports, facts, files
from ..store.opening import Store
from . import goals_file

_PAGE = 1000  # items held at a time


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, and the warning that goes with it."""

    folder: Path
    files: int
    items: int
    facts: int
    warning: str = "This export is not encrypted: whoever can read the folder can read everything in it."


def export(store: Store, folder: Path, *, now: datetime) -> Exported:
    """Writes everything to ``folder``, which must not be there yet. Raises BadInput when it is, DiskFull without leaving half of one."""
    folder = folder.expanduser().absolute()
    if folder.exists() or folder.is_symlink():
        raise BadInput(f"{folder} is already there", hint="name a folder that does not exist: nothing is ever overwritten")
    if not folder.parent.is_dir():
        raise BadInput(f"there is no folder {folder.parent}", hint="make it first, or name another place")
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        fresh.mkdir(mode=0o700)
        exported = _write_all(store, fresh, now)
        files.settle(fresh)
        fresh.rename(folder)
        files.settle(folder.parent)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull("the disk is full; the export was not made", hint="free some space, or name a folder on another disk") from error
        raise BadInput(f"the export cannot be written there ({error.strerror})", hint="name a folder you may write to") from error
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(fresh)
    return Exported(folder, *exported)


def _write_all(store: Store, folder: Path, now: datetime) -> tuple[int, int, int]:
    """Every file; gives the numbers of files, items and facts. One snapshot: what is remembered meanwhile is not half in it."""
    names = _Names()
    with store.db.read() as cx:
        believed = facts.everything(cx)
        with _file(folder / "items.jsonl") as out:
            grown = exports.branches(cx)
            count = _lines(
                out, (_item_fields(item, external_id) | grown.get(item.id, {}) for item, external_id in exports.all_items(cx, _PAGE))
            )
        with _file(folder / "facts.jsonl") as out:
            _lines(out, map(_fact_fields, believed))
        with _file(folder / "facts.md") as out:
            out.writelines(_facts_page(believed))
        written = 3
        if thumbs := list(exports.feedback(cx)):
            with _file(folder / "feedback.jsonl") as out:
                _lines(out, iter(thumbs))
            written += 1
        if aims := list(goals_file.lines(cx)):
            with _file(folder / goals_file.NAME) as out:
                _lines(out, iter(aims))
            with _file(folder / "goals.md") as out:
                out.writelines(goals_file.page(aims))
            written += 2
        for thread in exports.threads(cx):
            kind = "documents" if thread.source_kind == "document" else "conversations" if thread.key else "notes"
            (folder / kind).mkdir(mode=0o700, exist_ok=True)
            with _file(folder / kind / names.fresh(kind, thread.title or thread.key or "notes")) as out:
                out.writelines(_thread_page(thread, exports.items_of(cx, thread, _PAGE)))
            written += 1
    with _file(folder / "README.md") as out:
        out.write(_readme(now, count, len(believed)))
    return written + 1, count, len(believed)


@contextlib.contextmanager
def _file(path: Path) -> Iterator[TextIO]:
    """A new file for the person alone, durable when the block ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="\n") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _lines(out: TextIO, rows: Iterator[dict[str, object]]) -> int:
    count = 0
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _item_fields(item: Item, external_id: str) -> dict[str, object]:
    """The five fields of a transcript's turn first, then what only Ownmind has."""
    return {
        "id": item.id,
        "at": _iso(item.at),
        "speaker": item.speaker,
        "text": item.text,
        "conversation": item.conversation,
        "kind": item.kind.value,
        "source": item.source.ref,
        "title": item.source.title,
        "media_type": item.source.media_type,
        "external_id": external_id,
        "position": item.position,
        "span": [item.span.start, item.span.end] if item.span else None,
        "page": item.page,
        "integrity": item.label.integrity.value,
        "confidentiality": item.label.confidentiality.value,
        "learned_at": _iso(item.learned_at),
    }


def _fact_fields(fact: Fact) -> dict[str, object]:
    return {
        "id": fact.id,
        "text": fact.text,
        "subject": fact.subject,
        "predicate": fact.predicate,
        "object": fact.object,
        "kind": fact.kind.value,
        "stated": fact.stated,
        "confidence": fact.confidence,
        "item": fact.item_id,
        "quote": fact.quote,
        "span": [fact.span.start, fact.span.end],
        "source": fact.source,
        "integrity": fact.label.integrity.value,
        "confidentiality": fact.label.confidentiality.value,
        "learned_at": _iso(fact.learned_at),
        "valid_from": _iso(fact.valid_from),
        "valid_to": _iso(fact.valid_to),
        "superseded_by": fact.superseded_by,
        "kept": fact.kept,
    }


def _thread_page(thread: exports.Thread, found: Iterator[Item]) -> Iterator[str]:
    """One conversation or document as Markdown: what was said is quoted line by line, so that nothing in it can pose as ours."""
    yield f"# {_one_line(thread.title or thread.key or 'Notes')}\n"
    source = ""
    for item in found:
        if item.source.ref != source:
            source = item.source.ref
            yield f"\nSource: {_one_line(source)}\n"
        details = [_said_at(item.at), f"page {item.page}" if item.page else "", item.id]
        yield f"\n**{_one_line(item.speaker) or '-'}** ({', '.join(filter(None, details))})\n\n{_quoted(item.text)}\n"


def _facts_page(believed: list[Fact]) -> Iterator[str]:
    yield "# Facts\n\nEach with the words it rests on. Crossed out: no longer held.\n"
    subject = None
    for fact in sorted(believed, key=lambda fact: (fact.subject.casefold(), int(fact.id[1:]))):
        if fact.subject.casefold() != subject:
            subject = fact.subject.casefold()
            yield f"\n## {_one_line(fact.subject)}\n\n"
        text = _one_line(fact.text)
        text = text if fact.superseded_by is None and fact.valid_to is None else f"~~{text}~~"
        since = f", since {_said_at(fact.valid_from)}" if fact.valid_from else ""
        until = f", until {_said_at(fact.valid_to)}" if fact.valid_to else ""
        how = "confirmed" if fact.kept else "stated" if fact.stated else "inferred"
        yield f"- {text} ({fact.id}, {how}{since}{until})\n  > {_one_line(fact.quote)}\n  ({_one_line(fact.source)}, {fact.item_id})\n"


def _readme(now: datetime, item_count: int, fact_count: int) -> str:
    return f"""# An export of Ownmind

Made {_said_at(now)}: {item_count} items, {fact_count} facts.

**This export is not encrypted.** Whoever can read this folder can read everything in it. Delete it when you no longer need it;
what you forget in Ownmind from now on stays in this copy.

- `conversations/`, `documents/`, `notes/`: one Markdown file each, with times, speakers and sources
- `facts.md`: what is believed, with the words each fact rests on
- `goals.md`: goals with their parts, steps and what was said of them, where there are any
- `items.jsonl`, `facts.jsonl`, `goals.jsonl`: the same for programs, one JSON object a line, in UTF-8
- `feedback.jsonl`: what you thought of replies, where you said so, by the ids of replies and of your words

`ownmind import items.jsonl goals.jsonl` reads the items back, as a transcript, and the goals with them.
"""


class _Names:
    """File names that say what is in the file, are safe on every system, and never meet twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fresh(self, kind: str, title: str) -> str:
        plain = re.sub(r"[^\w.-]+", "-", title.casefold()).strip("-._")[:60] or "untitled"
        if re.fullmatch(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", plain):  # names Windows keeps for itself
            plain = f"{plain}_"
        name, number = f"{plain}.md", 1
        while f"{kind}/{name}" in self._taken:
            number += 1
            name = f"{plain}-{number}.md"
        self._taken.add(f"{kind}/{name}")
        return name


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _said_at(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M %z").strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines()) + "\n"
