"""Whether a question in one language finds the note in another: the English embedder beside the multilingual one.

60 notes in English, written for this bench, and a question to each. Sixteen of the questions were translated into thirteen languages
and are asked of the English notes; eight of the notes were translated as well, and are asked for in English with the other 52 beside
them (and these 52 with the eight beside them). The whole of recall runs, words and meaning, over an encrypted store. recall@k is the
share of questions whose note is among the first k.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources

import numpy as np

from ..messages import Entry, Integrity, Label, Source
from ..models.embedding.e5 import E5Embedder
from ..models.embedding.embedder import Embedder, TextKind, embedder_ids
from . import result, stage

_AT = (1, 5)
_LABEL = Label(Integrity.PERSON)


@dataclass(frozen=True, slots=True)
class _Notes:
    """``asked[language][n]`` asks for ``notes[n]``; ``translated[language][n]`` says ``notes[n]`` in that language."""

    notes: tuple[str, ...]
    english: tuple[str, ...]
    asked: dict[str, tuple[str, ...]]
    translated: dict[str, tuple[str, ...]]


def run(**_: object) -> dict[str, object]:
    """recall@1 and @5 by embedder, direction and language; and what embedding costs."""
    data = _read()
    figures: dict[str, object] = {}
    for model in embedder_ids():
        embedder = stage.embedder(model=model)
        figures[model] = {**_directions(data, embedder), **_cost(data, embedder)}
    asked = len(data.english) + sum(map(len, data.asked.values())) + sum(map(len, data.translated.values()))
    return result("languages", figures, n=asked, seed=None, languages=sorted(data.asked))


def means(embedder: E5Embedder) -> dict[str, list[float]]:
    """The mean raw vectors that ``models/embedding/e5_means.json`` keeps: of a note and of a question in each of 58 languages, none of
    which is used here."""
    rows = json.loads(resources.files(__package__).joinpath("data/fifty_languages.json").read_text(encoding="utf-8"))
    texts: dict[TextKind, list[str]] = {"query": [row[2] for row in rows], "passage": [row[1] for row in rows]}
    return {kind: [round(float(x), 5) for x in embedder.raw(of, kind=kind).mean(axis=0)] for kind, of in texts.items()}


def _read() -> _Notes:
    raw = json.loads(resources.files(__package__).joinpath("data/cross_language.json").read_text(encoding="utf-8"))
    return _Notes(
        notes=tuple(note for note, _ in raw["notes"]),
        english=tuple(question for _, question in raw["notes"]),
        asked={language: tuple(questions) for language, questions in raw["questions"].items()},
        translated={language: tuple(notes) for language, notes in raw["translated"].items()},
    )


def _directions(data: _Notes, embedder: Embedder) -> dict[str, object]:
    own = _ranks(data.notes, {"en": data.english}, embedder)
    into = _ranks(data.notes, data.asked, embedder)
    out: dict[str, list[int]] = {}
    beside: list[int] = []
    for language, notes in data.translated.items():
        mixed = (*notes, *data.notes[len(notes) :])
        ranks = _ranks(mixed, {language: data.english}, embedder)[language]
        out[language], beside = ranks[: len(notes)], beside + ranks[len(notes) :]
    return {
        "english_to_english": _share(own["en"]),
        "english_to_english_beside_others": _share(beside),
        "any_to_english": _by_language(into),
        "english_to_any": _by_language(out),
    }


def _ranks(notes: Sequence[str], asked: dict[str, tuple[str, ...]], embedder: Embedder) -> dict[str, list[int]]:
    """The place of the right note (1 is first; 0: not among the first five) for each question, by language."""
    entries = [Entry(note, Source(f"note:{n}"), _LABEL, at=stage.BEGAN + timedelta(days=n)) for n, note in enumerate(notes)]
    now = stage.BEGAN + timedelta(days=len(notes) + 1)
    with stage.memory(embedder, now) as (memory, _store):
        names = memory.remember(entries, now=now)
        ranks: dict[str, list[int]] = {}
        for language, questions in asked.items():
            for n, question in enumerate(questions):
                found = [one.id for one in memory.recall(question, k=max(_AT), now=now)]
                ranks.setdefault(language, []).append(found.index(names[n]) + 1 if names[n] in found else 0)
        return ranks


def _by_language(ranks: dict[str, list[int]]) -> dict[str, object]:
    everything = [rank for of in ranks.values() for rank in of]
    return {**_share(everything), "languages": {language: _share(of) for language, of in ranks.items()}}


def _share(ranks: Sequence[int]) -> dict[str, float]:
    found = {f"recall@{at}": round(sum(0 < rank <= at for rank in ranks) / len(ranks), 3) for at in _AT}
    return {**found, "questions": len(ranks)}


def _cost(data: _Notes, embedder: Embedder) -> dict[str, float]:
    """Milliseconds for one question, and notes a second."""
    took = [_seconds(embedder, [question], "query") for question in data.english]
    seconds = min(_seconds(embedder, texts, "passage") for texts in _thrice(data.notes))
    return {"question_ms": round(1000 * float(np.median(took)), 1), "notes_per_second": round(len(data.notes) / seconds, 1)}


def _thrice(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts with another beginning each time: nothing that was remembered of the last ones helps."""
    yield from ([f"{number} {text}" for text in texts] for number in range(3))


def _seconds(embedder: Embedder, texts: list[str], kind: TextKind) -> float:
    began = time.perf_counter()
    embedder.embed(texts, kind=kind)
    return time.perf_counter() - began
