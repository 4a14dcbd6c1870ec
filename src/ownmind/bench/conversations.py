"""Conversations with questions whose evidence is known, from the files of published sets and from the generated life.

``locomo*.json.gz`` (LoCoMo, Maharana et al. 2024): an item is a turn, evidence is turn ids. ``beam*.json.gz`` (BEAM): an item is a
message. ``longmemeval*.json`` (LongMemEval, Wu et al. 2024): an item is a turn of many short sessions, every question has sessions of
its own, evidence is turns marked ``has_answer``. Questions without evidence are left out, as are evidence ids that are not there.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dateutil import parser

from ..errors import BadInput
from ..messages import Entry, Integrity, Kind, Label, Source
from . import life

_LABEL = Label(Integrity.UNTRUSTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, the ids of its evidence, the category its author gave it, and the message a follow-up leans on."""

    text: str
    evidence: frozenset[str]
    category: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Entries with their external ids, what is asked about them, and when."""

    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]
    now: datetime


def files(given: Path | Sequence[Path]) -> list[Path]:
    """The files of these paths; of a folder all that may be a set. Raises BadInput when there is none."""
    paths = [given] if isinstance(given, Path) else list(given)
    found = [file for path in paths for file in (sorted(path.glob("*.json*")) if path.is_dir() else [path])]
    if not found:
        raise BadInput("there is no .json or .json.gz file there", hint="--data FOLDER with locomo_dev.json.gz and beam_dev.json.gz")
    return found


def of_file(path: Path) -> Iterator[Conversation]:
    """The conversations in one file of any of the sets."""
    try:
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found = json.loads(text)
    except (OSError, EOFError, ValueError) as error:
        raise BadInput(f"cannot read {path.name}: {error}", hint="give the set's file as it was published") from error
    for number, one in enumerate(found):
        if "haystack_sessions" in one:
            yield _longmemeval(one)
        else:
            yield _locomo(one) if "conversation" in one else _beam(one, f"beam{number}")


def of_life(style: life.Style, seeds: Sequence[int]) -> Iterator[Conversation]:
    """Generated lives, asked the day after their last entry."""
    for seed in seeds:
        lived = life.generate(seed, style=style)
        asked = tuple(Asked(one.text, one.evidence, one.kind, one.before) for one in lived.questions if one.evidence)
        yield Conversation(lived.entries, asked, _day_after(lived.entries))


def locomo_turns(conversation: dict[str, object]) -> Iterator[tuple[str, datetime, str, str, str]]:
    """Id, time, speaker, text and session of each turn in order; a photo's caption is part of the text."""
    sessions = sorted((key for key in conversation if re.fullmatch(r"session_\d+", key)), key=lambda key: int(key.split("_")[1]))
    for session in sessions:
        at = parser.parse(str(conversation[f"{session}_date_time"])).replace(tzinfo=UTC)
        turns = conversation[session]
        assert isinstance(turns, list)
        for turn in turns:
            caption = f" [photo: {turn['blip_caption']}]" if turn.get("blip_caption") else ""
            yield turn["dia_id"], at, turn["speaker"], turn["text"] + caption, session


def _locomo(one: dict[str, object]) -> Conversation:
    name, conversation, questions = str(one["sample_id"]), one["conversation"], one["qa"]
    assert isinstance(conversation, dict) and isinstance(questions, list)
    entries = tuple(_entry(name, *turn[:4]) for turn in locomo_turns(conversation))
    there = {entry.external_id for entry in entries}
    asked = []
    for question in questions:
        # Some are written "D8:6; D9:17" or "D:11:26".
        ids = {f"D{a}:{b}" for text in question["evidence"] for a, b in re.findall(r"D:?(\d+):(\d+)", text)} & there
        if ids:
            asked.append(Asked(question["question"], frozenset(ids), str(question["category"])))
    return Conversation(entries, tuple(asked), _day_after(entries))


def _beam(one: dict[str, object], name: str) -> Conversation:
    turns, questions = one["turns"], one["qs"]
    assert isinstance(turns, list) and isinstance(questions, list)
    entries = tuple(_entry(name, str(t["id"]), parser.parse(t["t"]).replace(tzinfo=UTC), t["role"], t["text"]) for t in turns)
    asked = tuple(Asked(q["q"], frozenset(map(str, q["ev"])), q["kind"]) for q in questions if q["ev"])
    return Conversation(entries, asked, _day_after(entries))


def _longmemeval(one: dict[str, object]) -> Conversation:
    names, dates, sessions = one["haystack_session_ids"], one["haystack_dates"], one["haystack_sessions"]
    assert isinstance(names, list) and isinstance(dates, list) and isinstance(sessions, list)
    entries, evidence = [], set()
    for name, date, turns in zip(names, dates, sessions, strict=True):
        for place, turn in enumerate(turns):
            entries.append(_entry(str(name), f"{name}:{place}", _moment(date), turn["role"], turn["content"]))
            if turn.get("has_answer"):
                evidence.add(f"{name}:{place}")
    asked = (Asked(str(one["question"]), frozenset(evidence), str(one["question_type"])),) if evidence else ()
    return Conversation(tuple(entries), asked, _moment(one["question_date"]))


def _moment(written: object) -> datetime:
    """LongMemEval writes "2023/05/30 (Tue) 23:40"."""
    return parser.parse(re.sub(r"\(\w+\)", " ", str(written))).replace(tzinfo=UTC)


def _entry(name: str, external_id: str, at: datetime, speaker: str, text: str) -> Entry:
    return Entry(text, Source(f"transcript:{name}", "transcript"), _LABEL, Kind.TURN, at, speaker, name, external_id)


def _day_after(entries: Sequence[Entry]) -> datetime:
    return max(entry.at for entry in entries if entry.at is not None) + timedelta(days=1)
