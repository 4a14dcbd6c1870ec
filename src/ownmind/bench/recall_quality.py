"""How much of the evidence is among the first 5, 10 and 20 items recalled. No model call but the embedding.

``--data`` is a folder with, or the path of, either file: ``locomo*.json.gz`` (LoCoMo, Maharana et al. 2024: an item is a turn, the
evidence is turn ids) or ``beam*.json.gz`` (BEAM: an item is a message). Every conversation is a store of its own. A question's
figure is the share of its evidence found; questions without evidence are left out, as are evidence ids that are not in the data.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from dateutil import parser

from ..errors import BadInput
from ..memory.rank import WEIGHTS
from ..messages import Entry, Integrity, Kind, Label, Source
from ..models.embedder import Embedder
from . import result, stage

_AT = (5, 10, 20)
_LABEL = Label(Integrity.UNTRUSTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, the ids of its evidence, and the category its author gave it."""

    text: str
    evidence: frozenset[str]
    category: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Entries with their external ids, and what is asked about them."""

    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]


def run(*, data: Path | Sequence[Path] | None = None, n: int = 0, **_: object) -> dict[str, object]:
    """recall@5, @10, @20 of each set and of each category in it. ``n``: only that many questions of a conversation; 0 is all."""
    if data is None:
        raise BadInput("recall-quality needs data", hint="--data FOLDER with locomo_dev.json.gz and beam_dev.json.gz")
    embedder = stage.embedder()
    figures: dict[str, object] = {}
    asked = 0
    for path in files([data] if isinstance(data, Path) else list(data)):
        scores = [score for conversation in conversations(path) for score in _scores(conversation, embedder, n)]
        asked += len(scores)
        figures[path.name.split(".")[0]] = _summary(scores)
    return result("recall-quality", figures, n=asked, seed=None, settings=dict(WEIGHTS))


def conversations(path: Path) -> Iterator[Conversation]:
    """The conversations in one file of either set."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"cannot read {path.name}: {error}", hint="give the set's .json.gz file as it was published") from error
    for number, one in enumerate(found):
        yield _locomo(one) if "conversation" in one else _beam(one, f"beam{number}")


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
    return Conversation(entries, tuple(asked))


def _beam(one: dict[str, object], name: str) -> Conversation:
    turns, questions = one["turns"], one["qs"]
    assert isinstance(turns, list) and isinstance(questions, list)
    entries = tuple(_entry(name, str(t["id"]), parser.parse(t["t"]).replace(tzinfo=UTC), t["role"], t["text"]) for t in turns)
    asked = tuple(Asked(q["q"], frozenset(map(str, q["ev"])), q["kind"]) for q in questions if q["ev"])
    return Conversation(entries, asked)


def _entry(name: str, external_id: str, at: datetime, speaker: str, text: str) -> Entry:
    return Entry(text, Source(f"transcript:{name}", "transcript"), _LABEL, Kind.TURN, at, speaker, name, external_id)


def _scores(conversation: Conversation, embedder: Embedder, n: int) -> Iterator[tuple[str, list[float]]]:
    """Category and recall at 5, 10 and 20 of each question, asked the day after the last turn."""
    now = max(entry.at or stage.BEGAN for entry in conversation.entries) + timedelta(days=1)
    with stage.memory(embedder, now) as (memory, _store):
        names = dict(
            zip(memory.remember(conversation.entries, now=now), (entry.external_id for entry in conversation.entries), strict=True)
        )
        for asked in conversation.asked[: n or None]:
            found = [names[one.id] for one in memory.recall(asked.text, k=max(_AT), now=now)]
            yield asked.category, [len(asked.evidence & set(found[:at])) / len(asked.evidence) for at in _AT]


def _summary(scores: Sequence[tuple[str, list[float]]]) -> dict[str, object]:
    by_category: dict[str, list[list[float]]] = defaultdict(list)
    for category, score in scores:
        by_category[category].append(score)
    return {
        **_means([score for _, score in scores]),
        "questions": len(scores),
        "categories": {category: {**_means(of), "questions": len(of)} for category, of in sorted(by_category.items())},
    }


def _means(scores: Sequence[list[float]]) -> dict[str, float]:
    return {f"recall@{at}": round(float(mean), 4) for at, mean in zip(_AT, np.mean(scores, axis=0), strict=True)} if scores else {}


def files(given: Sequence[Path]) -> list[Path]:
    """The sets' files among paths and in folders."""
    found = [file for path in given for file in (sorted(path.glob("*.json.gz")) if path.is_dir() else [path])]
    if not found:
        raise BadInput("there is no .json.gz file there", hint="--data FOLDER with locomo_dev.json.gz and beam_dev.json.gz")
    return found
