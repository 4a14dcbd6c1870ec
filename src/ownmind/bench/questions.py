"""Questions with their answers, and whether memory can hold them at all: of LoCoMo, of BEAM and of generated lives.

Unanswerable are LoCoMo's category 5 (mostly questions whose person was swapped for the other), BEAM's "abstention" and a life's
"unknown". ``--data`` is a folder with, or the path of, ``locomo*.json.gz`` or ``beam*.json.gz``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dateutil import parser

from ..errors import BadInput
from ..messages import Entry, Integrity, Kind, Label, Source
from . import life
from .conversations import locomo_turns

_LABEL = Label(Integrity.UNTRUSTED)
_LOCOMO = {1: "multi-hop", 2: "when", 3: "open-domain", 4: "single-hop", 5: "unanswerable"}


@dataclass(frozen=True, slots=True)
class Put:
    """One question. ``answer`` is "" when there is none; ``before``: the message a follow-up leans on."""

    text: str
    kind: str
    answer: str
    answerable: bool
    before: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One memory's worth of entries and what is asked of it, at ``now``."""

    name: str
    entries: tuple[Entry, ...]
    put: tuple[Put, ...]
    now: datetime


def from_files(data: Path | Sequence[Path]) -> Iterator[tuple[str, Told]]:
    """The set each conversation is of, and the conversation. Raises BadInput for what is no such file."""
    given = [data] if isinstance(data, Path) else list(data)
    paths = [file for path in given for file in (sorted(path.glob("*.json.gz")) if path.is_dir() else [path])]
    if not paths:
        raise BadInput("there is no .json.gz file there", hint="--data FOLDER with locomo_dev.json.gz and beam_dev.json.gz")
    for path in paths:
        try:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                found = json.load(file)
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise BadInput(f"cannot read {path.name}: {error}", hint="give the set's .json.gz file as it was published") from error
        for number, one in enumerate(found):
            yield path.name.split(".")[0], _locomo(one) if "conversation" in one else _beam(one, f"beam{number}")


def lives(seeds: Sequence[int], styles: Sequence[life.Style] = ("friends", "assistant", "diary")) -> Iterator[tuple[str, Told]]:
    """The generated lives of these seeds, each style as a set of its own."""
    for style in styles:
        for seed in seeds:
            made = life.generate(seed, style=style)
            put = tuple(Put(one.text, one.kind, one.answer, one.answerable, one.before) for one in made.questions)
            yield f"life_{style}", Told(f"{style}{seed}", made.entries, put, _after(made.entries))


def _locomo(one: dict[str, object]) -> Told:
    name, conversation, questions = str(one["sample_id"]), one["conversation"], one["qa"]
    assert isinstance(conversation, dict) and isinstance(questions, list)
    entries = tuple(_entry(name, *turn[:4]) for turn in locomo_turns(conversation))
    put = tuple(Put(q["question"], _LOCOMO[q["category"]], str(q.get("answer", "")), q["category"] != 5) for q in questions)
    return Told(name, entries, put, _after(entries))


def _beam(one: dict[str, object], name: str) -> Told:
    turns, questions = one["turns"], one["qs"]
    assert isinstance(turns, list) and isinstance(questions, list)
    entries = tuple(_entry(name, str(t["id"]), parser.parse(t["t"]).replace(tzinfo=UTC), t["role"], t["text"]) for t in turns)
    put = tuple(Put(q["q"], q["kind"], str(q.get("answer") or ""), q["kind"] != "abstention") for q in questions)
    return Told(name, entries, put, _after(entries))


def _entry(name: str, external_id: str, at: datetime, speaker: str, text: str) -> Entry:
    return Entry(text, Source(f"transcript:{name}", "transcript"), _LABEL, Kind.TURN, at, speaker, name, external_id)


def _after(entries: Sequence[Entry]) -> datetime:
    return max((entry.at for entry in entries if entry.at), default=datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(days=1)
