"""Questions of several parts on generated lives: how often code alone gathers the right value, order, number or set.

Per kind: ``right``, ``wrong`` and ``silent`` add up to one; ``sure`` is how often code would have answered by itself, ``sure_right`` how
often that was right. For lists, ``recall`` and ``precision`` are of the items gathered against the evidence.

``written`` and ``held`` are small stores of notes by hand, each with what a list or count should hold and with traps (plans, denials,
what others did): the share of exactly right sets, and precision and recall of the things themselves. The rules were mended on
``written``; ``held`` was written after them and looked at once.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import resources

from ..memory.collect import Collected, collect
from ..memory.memory import Memory
from ..memory.words import contains_words
from ..messages import Entry, Integrity, Label, Source
from ..models.embedding.embedder import Embedder
from . import life, result, stage

KINDS = ("latest", "as_of", "contradiction", "order", "count", "list")
K = 30


def run(*, seeds: Sequence[int] = (0, 1, 2), styles: Sequence[life.Style] = ("friends", "diary"), threads: int = 2) -> dict[str, object]:
    """Every question of these kinds on each life, asked the day after it ends."""
    embedder = stage.embedder(threads)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for style in styles:
        for seed in seeds:
            measure(life.generate(seed, style=style), embedder, counts)
    figures: dict[str, object] = {kind: _shares(counts[kind]) for kind in KINDS}
    figures |= {"written": by_hand("gathering.json", embedder), "held": by_hand("gathering_held.json", embedder)}
    n = sum(counts[kind]["n"] for kind in KINDS)
    return result("collect", figures, n=n, seed=seeds[0], settings={"seeds": list(seeds), "styles": list(styles), "k": K})


def measure(lived: life.Life, embedder: Embedder | None, counts: dict[str, Counter[str]]) -> None:
    """Adds the outcomes of one life to ``counts``."""
    end = max(entry.at for entry in lived.entries if entry.at)
    texts = {entry.external_id: entry.text for entry in lived.entries}
    with stage.memory(embedder, end) as (memory, _):
        memory.remember(lived.entries, now=end)
        for asked in lived.questions:
            if asked.kind in KINDS:
                outcome(memory, asked, texts, counts[asked.kind], end)


def by_hand(file: str, embedder: Embedder | None) -> dict[str, float | int]:
    """The sets gathered from the notes of one file against those its author meant, by the things the line names."""
    stores = json.loads(resources.files(__package__).joinpath(f"data/{file}").read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    for one in stores:
        entries = [
            Entry(text, Source(f"note:{at}"), Label(Integrity.PERSON), at=stage.BEGAN + timedelta(days=at))
            for at, text in enumerate(one["said"])
        ]
        now = stage.BEGAN + timedelta(days=len(entries))
        with stage.memory(embedder, now) as (memory, _):
            memory.remember(entries, now=now)
            for question, wanted in one["asked"]:
                line = next(iter(collect(memory, question, memory.recall(question, k=K, now=now), now).lines), "")
                named = [thing for thing in line.rstrip(".").partition(": ")[2].split(", ") if thing]
                hits = sum(any(contains_words(thing, meant) for thing in named) for meant in wanted)
                counts.update(n=1, right=hits == len(wanted) == len(named), hits=hits, named=len(named), meant=len(wanted))
    return {
        "n": counts["n"],
        "right": round(counts["right"] / counts["n"], 3),
        "precision": round(counts["hits"] / max(counts["named"], 1), 3),
        "recall": round(counts["hits"] / counts["meant"], 3),
    }


def outcome(memory: Memory, asked: life.Asked, texts: dict[str, str], counts: Counter[str], now: datetime) -> str:
    """What became of one question: right, wrong or silent."""
    collected = collect(memory, asked.text, memory.recall(asked.text, k=K, now=now), now)
    evidence = {texts[name] for name in asked.evidence if name in texts}
    found = "silent" if not collected.lines else "right" if _is_right(asked, collected, evidence) else "wrong"
    counts["n"] += 1
    counts[found] += 1
    counts["sure"] += collected.sure
    counts["sure_right"] += collected.sure and found == "right"
    gathered = {one.text for one in collected.items}
    if asked.kind == "list" and gathered:
        counts["hits"] += len(gathered & evidence)
        counts["gathered"] += len(gathered)
    counts["evidence"] += len(evidence)
    return found


def _is_right(asked: life.Asked, collected: Collected, evidence: set[str]) -> bool:
    match asked.kind:
        case "latest" | "as_of":
            return contains_words(collected.lines[0], asked.answer)
        case "contradiction":
            return _tells(" ".join(collected.lines), asked.answer)
        case "order":
            return (
                any(contains_words(collected.items[0].text, part) for part in (asked.answer,))
                and {one.text for one in collected.items} == evidence
            )
        case "count":
            return re.search(rf"\b{asked.answer}\b", collected.lines[0]) is not None
        case _:
            return {one.text for one in collected.items} == evidence


def _tells(text: str, answer: str) -> bool:
    """Every value in its order, or of two that contradict each other both; an end without a new value ("nothing") is no value."""
    if " or " in answer:
        return all(contains_words(text, part) for part in answer.split(" or "))
    at = 0
    for part in answer.split(", later "):
        if part == "nothing":
            continue
        at = text.lower().find(part.lower(), at)
        if at < 0:
            return False
    return True


def _shares(counts: Counter[str]) -> dict[str, float | int]:
    n = counts["n"]
    shares: dict[str, float | int] = {"n": n}
    if n:
        shares |= {name: round(counts[name] / n, 3) for name in ("right", "wrong", "silent", "sure")}
        shares["sure_right"] = round(counts["sure_right"] / counts["sure"], 3) if counts["sure"] else 0.0
    if counts["gathered"]:
        shares |= {"recall": round(counts["hits"] / counts["evidence"], 3), "precision": round(counts["hits"] / counts["gathered"], 3)}
    return shares
