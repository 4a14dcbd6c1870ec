"""Questions of several parts on generated lives: how often code alone gathers the right value, order, number or set.

Per kind: ``right``, ``wrong`` and ``silent`` add up to one; ``sure`` is how often code would have answered by itself, ``sure_right`` how
often that was right. For lists, ``recall`` and ``precision`` are of the items gathered against the evidence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from ..memory.collect import Collected, collect
from ..memory.memory import Memory
from ..memory.words import contains_words
from ..models.embedder import Embedder
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
